"""Seconds and memory, measured side by side: a part of ours, and the bare limit of the same run."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from fovdata import settings

_Name = TypeVar("_Name")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Spread:
    """Values by their median and quartiles; formats as "1.20 (1.14–1.31)"."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of at least one value."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        return cls(*statistics.quantiles(values, n=4, method="inclusive"))

    def __format__(self, how: str) -> str:
        """All three, each as ``how`` says."""
        return f"{self.median:{how}} ({self.low:{how}}–{self.high:{how}})"


def ratio(ours: Sequence[float], bare: Sequence[float]) -> Spread:
    """The spread of ours against the bare limit, each pair measured one right after the other."""
    return Spread.of([one / other for one, other in zip(ours, bare, strict=True)])


def alternately(
    parts: Mapping[_Name, Callable[[], _Found]], times: int, unmeasured: int = 1
) -> Mapping[_Name, list[_Found]]:
    """What each part returns, so many times, taking turns: what disturbs one disturbs the other.

    The first ``unmeasured`` rounds are left out.
    """
    found: dict[_Name, list[_Found]] = {name: [] for name in parts}
    for _ in range(unmeasured + times):
        for name, part in parts.items():
            found[name].append(part())
    return {name: values[unmeasured:] for name, values in found.items()}


def measured(module: str, what: str, argument: Path, runs: int = 3) -> tuple[list[float], float]:
    """Seconds, and peak memory in MB, of a part of a module in ``runs`` processes of its own.

    See ``measure``.
    """
    command = [sys.executable, "-m", module, what, str(argument)]
    seconds, memory = [], []
    for _ in range(runs):
        said = subprocess.run(
            command, cwd=settings.ROOT, capture_output=True, text=True, check=True
        )
        one, peak = map(float, said.stdout.split())
        seconds.append(one)
        memory.append(peak)
    return seconds, max(memory)


def measure(parts: Mapping[str, Callable[[Path], object]]) -> None:
    """Run the part that the command line names on the path that it names; print what it took."""
    _, what, argument = sys.argv
    started = time.perf_counter()
    parts[what](Path(argument))
    seconds = time.perf_counter() - started
    print(seconds, memory("VmHWM"))


def yardstick() -> float:
    """Seconds of ten million additions in Python: how fast the machine is just now."""
    started, total = time.perf_counter(), 0
    for number in range(10_000_000):
        total += number
    return time.perf_counter() - started


def memory(which: str = "VmRSS", process: int | str = "self") -> float:
    """MB that a process has: resident, or at its peak (VmHWM).

    The peak is the process's own: what getrusage says begins with its parent's.
    """
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition(f"{which}:")[2].split()[0]) / 1024
