"""How many readers a server serves: sessions over the real protocol, each changing a filter."""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench import bare, redrawing
from bench.report import Chapter, Goal, table
from bench.servers import Server, dashboard, released
from bench.viewers import PATIENCE, Viewer

PAGE, FILTER = "kon", redrawing.FILTERS["kon"]
CROWDS = (1, 10, 50, 100)
EVERY = 2
"""Seconds from one change of a viewer to the next, whatever the last took."""
SECONDS = 60
AT_ONCE = 10
"""Viewers up to whom ours and the bare page are looked at at the same time: both have time left."""
UNTIL_FLOODED = 8
"""Seconds for the app that cannot keep up, where each change waits longer than the one before, and
for the one that shows what is Streamlit's."""
FLOODING = 30
"""Viewers of the app that cannot keep up: with more it only takes longer."""
OURS, WHOLE = "ours", "our page, ready-made"
READY, OBJECTS = "bare, ready-made", "Altair objects, default settings"


@dataclass
class Seen:
    """What a crowd has met: seconds of each change, errors; the server's MB before and after."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    before: float = 0
    after: float = 0

    def at(self, percentile: float) -> float:
        """Milliseconds."""
        return float(np.percentile(self.seconds, percentile)) * 1000


def chapter() -> Chapter:
    """Measure all crowds."""
    found: dict[tuple[str, int], Seen] = {}
    most = CROWDS[-1]
    with released() as releases:
        with dashboard(releases) as server:
            recording = bare.recorded(server, PAGE, FILTER)
        options = recording.options
        for viewers in CROWDS:
            with dashboard(releases) as ours, bare.app(recording) as limit:
                both = (ours, PAGE, FILTER), (limit, "", bare.FILTER)
                turns = [both] if viewers <= AT_ONCE else [[one] for one in both]
                seen = [one for turn in turns for one in _watched(turn, options, viewers)]
                found[OURS, viewers], found[READY, viewers] = seen
        with bare.app(recording, bare.WHOLE) as whole:
            alone = (whole, "", bare.FILTER)
            (found[WHOLE, most],) = _watched([alone], options, most, UNTIL_FLOODED)
        with bare.app(recording, bare.OBJECTS, config="") as stock:
            flooded = (stock, "", bare.FILTER)
            (found[OBJECTS, FLOODING],) = _watched([flooded], options, FLOODING, UNTIL_FLOODED)
    of_ours, of_bare, of_whole = (found[name, most] for name in (OURS, READY, WHOLE))
    of_stock = found[OBJECTS, FLOODING]
    against, faster = of_ours.at(95) / of_bare.at(95), of_stock.at(95) / of_ours.at(95)
    each = (of_ours.after - of_ours.before) / most
    errors = sum(seen.errors for (name, _), seen in found.items() if name == OURS)
    what = f"g. {most} viewers, a change every {EVERY} s each"
    return Chapter(
        "Many readers",
        f"Sessions over Streamlit's own protocol, without browsers, on the page {PAGE}: each "
        f"changes the filter every {EVERY} s for {SECONDS} s ({UNTIL_FLOODED} s in the last two "
        "rows; where Altair objects are made it cannot keep up: the longer, and the more viewers, "
        "the slower, so that what it is compared with below is more than its due). A change "
        "takes from the choice until the end of its run has arrived. The bare pages show the same "
        "charts: ready-made and with the collection after every run out of the way, and as Altair "
        "objects made at every run with Streamlit's default settings. “Our page, ready-made” is a "
        "bare app that sends the very messages that draw our page, kept from before. The viewers "
        f"share the machine with the server; crowds of up to {AT_ONCE} look at both at the same "
        "time. Memory is what the server has grown by, for each session.",
        table(
            ("server", "viewers", "changes", "p50, ms", "p95, ms", "errors", "MB each"),
            [
                (
                    name,
                    viewers,
                    len(seen.seconds),
                    f"{seen.at(50):.0f}",
                    f"{seen.at(95):.0f}",
                    seen.errors,
                    f"{(seen.after - seen.before) / viewers:.1f}",
                )
                for (name, viewers), seen in found.items()
            ],
        ),
        [
            Goal(
                f"{what}: p95",
                "≤ 1.5 × the bare page",
                f"{against:.2f}",
                against <= 1.5,
                f"ours takes {of_ours.at(50):.0f} ms in the median, the bare page "
                f"{of_bare.at(50):.0f}; all elements of the page, sent ready-made, take "
                f"{of_whole.at(50):.0f} ms and {of_whole.at(95):.0f} at the 95th percentile: the "
                "rest goes to Streamlit's functions, which are called for each element anew, and "
                "to the page's figures (see there), all on one core"
                if against > 1.5
                else "",
            ),
            Goal(f"{what}: errors", "none", str(errors), not errors),
            Goal(f"{what}: memory", "≤ 6 MB a session", f"{each:.1f} MB", each <= 6),
            Goal(
                f"{what}: against Altair objects on default settings",
                "≥ 50 × faster",
                f"at least {faster:.0f} ×",
                faster >= 50,
                f"of its {FLOODING} viewers' {len(of_stock.seconds)} changes, {of_stock.errors} "
                f"were not answered within {PATIENCE} s and count as that" * bool(of_stock.errors),
            ),
        ],
    )


Asked = tuple[Server, str, str]
"""A server, the address of a page, and how the id of its filter ends."""


def _watched(
    asked: Sequence[Asked], options: Sequence[str], viewers: int, seconds: float = SECONDS
) -> Sequence[Seen]:
    """What so many viewers of each page meet, all pages at the same time."""

    async def together() -> Sequence[Seen]:
        return await asyncio.gather(*(_crowd(*one, options, viewers, seconds) for one in asked))

    found = asyncio.run(together())
    for (_, page, _), seen in zip(asked, found, strict=True):
        print(page or "bare", viewers, f"{seen.at(50):.0f} {seen.at(95):.0f} ms", flush=True)
    return found


async def _crowd(
    server: Server, page: str, name: str, options: Sequence[str], viewers: int, seconds: float
) -> Seen:
    """Let them arrive one after another, and then change the filter all at their own times."""
    seen = Seen()
    async with Viewer(server.host, page) as first:  # what the first one pays is not measured
        await first.arrive()
    seen.before = server.memory
    async with contextlib.AsyncExitStack() as all_of_them:
        crowd = []
        for number in range(viewers):
            viewer = Viewer(server.host, page, random.Random(number))
            crowd.append(await all_of_them.enter_async_context(viewer))
            await viewer.arrive()
        until = asyncio.get_running_loop().time() + seconds
        await asyncio.gather(*(_views(one, name, options, until, seen) for one in crowd))
        seen.after = server.memory
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
        except Exception:  # what is counted is that it went wrong, and how long that took
            seen.seconds.append(clock() - asked)
            seen.errors += 1
            return
        seen.seconds.append(run.seconds)
        seen.errors += bool(run.error)
        due += EVERY
