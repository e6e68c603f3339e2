"""How many readers a server serves: sessions over the real protocol, each changing a filter."""

import asyncio
import contextlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bench import bare, redrawing
from bench.report import Chapter, Goal, table
from bench.servers import Demo, Server, dashboard
from bench.viewers import PATIENCE, Run, Viewer
from fovdata.dashboard.views import DRAWN_AT_ONCE

PAGE, FILTER = "kon", redrawing.FILTERS["kon"]
TOGETHER = ((1, 10), (50,))
"""Crowds that look at all servers at the same time: they leave them time."""
MOST = 100
"""The crowd that looks at one server at a time."""
EVERY = 2
"""Seconds from one change of a viewer to the next, whatever the last took."""
SECONDS = 60
UNTIL_FLOODED = 8
"""Seconds for the app that cannot keep up, where each change waits longer than the one before, and
for the one that shows what is Streamlit's where ours is too slow."""
FLOODING = 6
"""Viewers of the app that cannot keep up: with more it only takes longer."""
AGAINST = 1.5
"""Times what the bare page takes that ours may take, at the 95th percentile."""
OURS, WHOLE = "ours", "our page, ready-made"
READY, OBJECTS = "bare, ready-made", "Altair objects, default settings"


@dataclass
class Seen:
    """What a crowd has met: each change's run; the server's MB before and after."""

    runs: list[Run] = field(default_factory=list)
    before: float = 0
    after: float = 0

    @property
    def errors(self) -> int:
        """How many changes went wrong."""
        return sum(bool(run.error) for run in self.runs)

    def at(self, percentile: float) -> float:
        """Milliseconds until a run's end is here."""
        return 1000 * float(np.percentile([run.seconds for run in self.runs], percentile))

    def charts_at(self, percentile: float) -> float:
        """Milliseconds until its charts are here."""
        return 1000 * float(np.percentile([run.charts for run in self.runs], percentile))


@dataclass(frozen=True)
class Crowd:
    """So many viewers of a server's page, who change the filter whose id ends with ``name``."""

    size: int
    server: Server
    page: str = ""
    name: str = bare.FILTER
    seconds: float = SECONDS


Who = tuple[str, int]
"""What a crowd looks at, and how large it is."""


def chapter(demo: Demo) -> Chapter:
    """Measure all crowds."""
    found: dict[Who, Seen] = {}
    recording = bare.recorded(demo.server, PAGE, FILTER)
    options = recording.options
    for sizes in (*TOGETHER, (MOST,)):
        crowds: dict[Who, Crowd] = {}
        with contextlib.ExitStack() as stack:
            for size in sizes:
                ours = stack.enter_context(dashboard(demo.releases))
                crowds[OURS, size] = Crowd(size, ours, PAGE, FILTER)
                crowds[READY, size] = Crowd(size, stack.enter_context(bare.app(recording)))
            turns = [crowds] if MOST not in sizes else [{who: one} for who, one in crowds.items()]
            for turn in turns:
                found |= _watched(turn, options)
    of_ours, of_bare = found[OURS, MOST], found[READY, MOST]
    against = of_ours.at(95) / of_bare.at(95)
    because = ""
    if against > AGAINST:
        with bare.app(recording, bare.WHOLE) as whole:
            found |= _watched({(WHOLE, MOST): Crowd(MOST, whole, seconds=UNTIL_FLOODED)}, options)
        of_whole = found[WHOLE, MOST]
        because = (
            f"ours takes {of_ours.at(50):.0f} ms in the median, the bare page "
            f"{of_bare.at(50):.0f}; {1000 * DRAWN_AT_ONCE:.0f} of ours are waited on purpose, so "
            "that browsers draw the charts before the menu and the filters: until the charts are "
            f"there it is {of_ours.charts_at(95):.0f} ms at the 95th percentile, "
            f"{of_ours.charts_at(95) / of_bare.charts_at(95):.2f} × the bare page. All elements of "
            f"the page, sent ready-made at once, take {of_whole.at(50):.0f} ms and "
            f"{of_whole.at(95):.0f} at the 95th percentile"
        )
    with bare.app(recording, bare.OBJECTS, config="") as stock:
        flood = Crowd(FLOODING, stock, seconds=UNTIL_FLOODED)
        found |= _watched({(OBJECTS, FLOODING): flood}, options)
    of_stock = found[OBJECTS, FLOODING]
    faster = of_stock.at(95) / of_ours.at(95)
    each = (of_ours.after - of_ours.before) / MOST
    errors = sum(seen.errors for (name, _), seen in found.items() if name == OURS)
    times = ("p50, ms", "p95, ms", "charts, p50", "charts, p95")
    what = f"g. {MOST} viewers, a change every {EVERY} s each"
    return Chapter(
        "Many readers",
        f"Sessions over Streamlit's own protocol, without browsers, on the page {PAGE}: each "
        f"changes the filter every {EVERY} s for {SECONDS} s. Where Altair objects are made it is "
        f"{UNTIL_FLOODED} s, for the server cannot keep up: the longer, and the more viewers, the "
        "slower, so that what it is compared with below is more than its due. A change takes from "
        "the choice until the end of its run has arrived, or the last of its charts. The bare "
        "pages show the same charts: ready-made and with the collection after every run out of "
        "the way, and as Altair objects made at every run with Streamlit's default settings. “Our "
        "page, ready-made” is a bare app that sends the very messages that draw our page, kept "
        f"from before; it is looked at, for {UNTIL_FLOODED} s, where ours is too slow. The viewers "
        "share the machine with the server. Crowds of 1 and 10 look at theirs at the same time, "
        f"and so do the two of 50; those of {MOST} one after the other. Memory is what the server "
        "has grown by, for each session.",
        table(
            ("server", "viewers", "changes", *times, "errors", "MB each"),
            [
                (
                    name,
                    viewers,
                    len(seen.runs),
                    *(f"{at(part):.0f}" for at in (seen.at, seen.charts_at) for part in (50, 95)),
                    seen.errors,
                    f"{(seen.after - seen.before) / viewers:.1f}",
                )
                for (name, viewers), seen in found.items()
            ],
        ),
        [
            Goal(
                f"{what}: p95",
                f"≤ {AGAINST} × the bare page",
                f"{against:.2f}",
                against <= AGAINST,
                because,
            ),
            Goal(f"{what}: errors", "none", str(errors), not errors),
            Goal(f"{what}: memory", "≤ 6 MB a session", f"{each:.1f} MB", each <= 6),
            Goal(
                f"{what}: against Altair objects on default settings",
                "≥ 50 × faster",
                f"at least {faster:.0f} ×",
                faster >= 50,
                f"its {FLOODING} viewers waited {of_stock.at(95):.0f} ms (no longer than "
                f"{PATIENCE} s are waited); {MOST} viewers waited {of_ours.at(95):.0f} ms for ours "
                f"and {of_bare.at(95):.0f} for the bare page"
                if faster < 50
                else "",
            ),
        ],
    )


def _watched(crowds: Mapping[Who, Crowd], options: Sequence[str]) -> Mapping[Who, Seen]:
    """What these crowds meet, all at the same time."""

    async def together() -> Sequence[Seen]:
        return await asyncio.gather(*(_seen(crowd, options) for crowd in crowds.values()))

    found = dict(zip(crowds, asyncio.run(together()), strict=True))
    for (name, size), seen in found.items():
        print(name, size, f"{seen.at(50):.0f} {seen.at(95):.0f} ms", flush=True)
    return found


async def _seen(crowd: Crowd, options: Sequence[str]) -> Seen:
    """Let them arrive one after another, and then change the filter all at their own times."""
    seen = Seen()
    async with Viewer(crowd.server.host, crowd.page) as first:
        await first.arrive()  # what the first one pays is not measured
    seen.before = crowd.server.memory
    async with contextlib.AsyncExitStack() as all_of_them:
        viewers = []
        for number in range(crowd.size):
            viewer = Viewer(crowd.server.host, crowd.page, random.Random(number))
            viewers.append(await all_of_them.enter_async_context(viewer))
            await viewer.arrive()
        until = asyncio.get_running_loop().time() + crowd.seconds
        await asyncio.gather(*(_views(one, crowd.name, options, until, seen) for one in viewers))
        seen.after = crowd.server.memory
    return seen


async def _views(
    viewer: Viewer, name: str, options: Sequence[str], until: float, seen: Seen
) -> None:
    clock = asyncio.get_running_loop().time
    due = clock() + EVERY * viewer.chance.random()
    while due < until:
        await asyncio.sleep(max(0, due - clock()))
        option, asked = viewer.chance.choice(options), clock()
        try:
            run = await viewer.choose(name, [option] if option else [])
        except Exception as error:  # that it went wrong is counted, and how long that took
            took = clock() - asked
            seen.runs.append(Run(took, 0, repr(error), took))
            return
        seen.runs.append(run)
        due += EVERY
