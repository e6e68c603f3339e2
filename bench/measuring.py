"""Seconds and memory of a part, run again and again in processes of their own."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from fovdata import settings

RUNS = 3


def measured(module: str, what: str, argument: Path) -> tuple[float, float]:
    """Median seconds and peak memory in MB of a part of a module (see ``measure``)."""
    command = [sys.executable, "-m", module, what, str(argument)]
    found = []
    for _ in range(RUNS):
        said = subprocess.run(
            command, cwd=settings.ROOT, capture_output=True, text=True, check=True
        )
        seconds, memory = map(float, said.stdout.split())
        found.append((seconds, memory))
    seconds = sorted(one for one, _ in found)[RUNS // 2]
    return seconds, max(memory for _, memory in found)


def measure(parts: Mapping[str, Callable[[Path], object]]) -> None:
    """Run the part that the command line names on the path that it names; print what it took."""
    _, what, argument = sys.argv
    started = time.perf_counter()
    parts[what](Path(argument))
    seconds = time.perf_counter() - started
    print(seconds, _peak())


def _peak() -> float:
    """The process's own peak memory in MB: what getrusage says begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
