"""Many viewers for a long time: does it stay quick, whole, and in its memory? Writes docs/soak.md.

Run by `make soak`; MINUTES and VIEWERS say how long and how many.
"""

import argparse
import asyncio
import datetime
import os
import platform
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit

from bench.servers import Server, dashboard, released
from bench.viewers import Run, Viewer
from fovdata import settings

PAGES = ("kon", "tackning", "utsatthet", "forbund", "jamfor")
"""Those with something to choose."""
PAUSE = 10
"""Seconds that a viewer looks, on average, before the next change."""
VISIT = 20
"""Changes after which a viewer leaves, and another arrives on the next page."""
FLAT = 0.03
"""Growth over what is measured, as a part of the memory, that still is called flat."""
HEAD = "| minute | arrivals | changes | p50, ms | p95, ms | slowest, ms | errors | memory, MB |"


@dataclass
class Seen:
    """What viewers have met since it was last told."""

    arrivals: int = 0
    changes: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def note(self, run: Run, arrival: bool) -> None:
        """Count a run."""
        if arrival:
            self.arrivals += 1
        else:
            self.changes.append(run.seconds)
        if run.error:
            self.errors[run.error] += 1


async def _views(host: str, first: int, seen: list[Seen], pause: float) -> None:
    """One viewer after another, each on the page after the last one's, for ever."""
    chance = random.Random(first)
    await asyncio.sleep(pause * chance.random())
    number = first
    while True:
        try:
            async with Viewer(host, PAGES[number % len(PAGES)], chance) as viewer:
                seen[-1].note(await viewer.arrive(), True)
                for _ in range(VISIT):
                    await asyncio.sleep(pause * (0.5 + chance.random()))
                    seen[-1].note(await viewer.change(), False)
        except Exception as error:  # what is counted is that it went wrong, and how
            seen[-1].errors[type(error).__name__] += 1
            await asyncio.sleep(pause)
        number += 1


async def _soak(server: Server, viewers: int, minutes: int, pause: float) -> Sequence[str]:
    """Let them look, a line a minute; returns the lines and what is said of them."""
    seen, samples = [Seen()], []
    tasks = [asyncio.create_task(_views(server.host, one, seen, pause)) for one in range(viewers)]
    lines, whole = [HEAD, "|---" * HEAD.count(" | ") + "|---|"], Seen()
    started = time.monotonic()
    for minute in range(1, minutes + 1):
        while (now := time.monotonic() - started) < 60 * minute:
            samples.append((now / 60, server.memory))
            await asyncio.sleep(2)
        told = seen[-1]
        seen.append(Seen())
        whole.arrivals += told.arrivals
        whole.changes += told.changes
        whole.errors += told.errors
        lines.append(_row(str(minute), told, samples[-1][1]))
        print(lines[-1], flush=True)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return [*lines, _row("all", whole, samples[-1][1]), "", *_said(whole, samples, minutes)]


def _row(name: str, seen: Seen, memory: float) -> str:
    at = np.percentile(seen.changes, (50, 95, 100)) * 1000 if seen.changes else (0, 0, 0)
    times = " | ".join(f"{one:.0f}" for one in at)
    errors = seen.errors.total()
    return f"| {name} | {seen.arrivals} | {len(seen.changes)} | {times} | {errors} | {memory:.0f} |"


def _said(whole: Seen, samples: Sequence[tuple[float, float]], minutes: int) -> Iterator[str]:
    """Whether memory is flat after the first third, and which errors there were."""
    after = np.array([one for one in samples if one[0] >= minutes / 3])
    slope, _ = np.polyfit(after[:, 0], after[:, 1], 1)
    thirds = [float(np.median(part[:, 1])) for part in np.array_split(np.array(samples), 3)]
    middle, grown = float(np.median(after[:, 1])), slope * (after[-1, 0] - after[0, 0])
    flat = "flat" if grown < FLAT * middle else "not flat"
    yield (
        f"After the first third the memory is **{flat}**: {middle:.0f} MB in the middle, "
        f"{slope * 60:+.1f} MB an hour by a straight line, {grown:+.1f} MB in those "
        f"{after[-1, 0] - after[0, 0]:.0f} minutes (flat is less than {FLAT:.0%} more). Medians of "
        f"the three thirds: {', '.join(f'{one:.0f}' for one in thirds)} MB."
    )
    kinds = ", ".join(f"{name}: {times}" for name, times in whole.errors.most_common())
    yield ""
    yield f"Errors: {kinds or 'none'}."


def main() -> None:
    """Soak as the command line says, and write the page."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=int, default=30)
    asked.add_argument("--viewers", type=int, default=50)
    asked.add_argument("--pause", type=float, default=PAUSE)
    given = asked.parse_args()
    with released() as releases, dashboard(releases) as server:
        lines = asyncio.run(_soak(server, given.viewers, given.minutes, given.pause))
    print("\n".join(lines[-3:]))
    text = (
        "# Soak\n\n"
        f"Made by `make soak MINUTES={given.minutes} VIEWERS={given.viewers}` on "
        f"{datetime.date.today().isoformat()}, Python {platform.python_version()}, Streamlit "
        f"{streamlit.__version__}, {os.cpu_count()} cores, which the viewers and whatever else ran "
        "there shared with the server.\n\n"
        "A server of its own, and viewers over the real protocol: each opens a page, changes one "
        f"of its filters about every {given.pause:g} seconds, and after {VISIT} changes makes room "
        f"for another viewer, on the next of the pages {', '.join(PAGES)}. A change takes from the "
        "choice until the end of the run has arrived, what follows it drawn anew; a browser keeps "
        "what has not changed, and draws besides. Memory is the server's resident memory.\n\n"
    )
    (settings.ROOT / "docs" / "soak.md").write_text(
        text + "\n".join(lines) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
