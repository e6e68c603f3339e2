"""How soon a page stands when it is opened, and for how many bytes, against bare Streamlit."""

import asyncio
import base64
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from bench import bare
from bench.browser import chromium, profile, ready
from bench.measuring import Spread, alternately, ratio
from bench.report import Chapter, Goal, table
from bench.servers import Demo, Server
from bench.viewers import Viewer
from fovdata import geography, registry
from fovdata.dashboard.navigation import PAGES

CHARTS = ("", "tackning", "kon", "utsatthet", "forbund", "jamfor")
"""The pages that have any."""
ROUNDS = 2
TIME = 1.25
BYTES = 0.4
BORDERS = 45_000


class Wire:
    """What a page that is still empty will fetch over the network.

    ``requests`` are those that left the browser, ``size`` is their bytes and those of the
    socket's messages, ``borders`` how many times a map's borders were among them.
    """

    def __init__(self, page: Page) -> None:
        self.requests = self.size = self.borders = 0
        self._addresses: dict[str, str] = {}
        protocol = page.context.new_cdp_session(page)
        protocol.send("Network.enable")
        protocol.on("Network.requestWillBeSent", self._asked)
        protocol.on("Network.loadingFinished", self._loaded)
        protocol.on("Network.webSocketFrameReceived", self._received)

    def _asked(self, event: Mapping[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _loaded(self, event: Mapping[str, Any]) -> None:
        if size := int(event["encodedDataLength"]):  # none if the browser has kept it
            self.requests += 1
            self.size += size
            self.borders += "/kommuner-" in self._addresses.get(event["requestId"], "")

    def _received(self, event: Mapping[str, Any]) -> None:
        self.size += len(base64.b64decode(event["response"]["payloadData"]))


@dataclass(frozen=True)
class Opening:
    """A page opened: ms until its charts stood, and what was fetched for that."""

    ms: float
    wire: Wire


Visit = tuple[Opening, Opening]
"""Cold and warm."""


def visit(browser: Browser, server: Server, path: str, charts: int) -> Visit:
    """Open a page in a new profile, then once more in the same."""
    context = profile(browser)
    found = []
    for _ in range(2):
        page = context.new_page()
        wire = Wire(page)
        page.goto(f"http://{server.host}/{path}")
        found.append(Opening(ready(page, charts), wire))
        page.close()
    context.close()
    cold, warm = found
    return cold, warm


@dataclass(frozen=True)
class Found:
    """The visits to a page, and to a bare one with its charts."""

    title: str
    ours: Sequence[Visit]
    bare: Sequence[Visit]

    def times(self, warm: bool) -> Spread:
        """How long ours takes against bare."""
        ours, bare = ([one[warm].ms for one in visits] for visits in (self.ours, self.bare))
        return ratio(ours, bare)

    @property
    def size(self) -> float:
        """The bytes of ours against bare, cold."""
        ours, bare = (median(cold.wire.size for cold, _ in one) for one in (self.ours, self.bare))
        return ours / bare

    def row(self) -> Sequence[str]:
        """A line of the table."""
        cells = [self.title]
        for warm in (False, True):
            for visits in (self.ours, self.bare):
                cells.append(f"{Spread.of([one[warm].ms for one in visits]):.0f}")
            cells.append(f"{self.times(warm):.2f}")
        for visits in (self.ours, self.bare):
            wire = visits[-1][0].wire
            cells.append(f"{wire.size / 1e6:.2f} MB, {wire.requests}")
        return [*cells, f"{self.size:.2f}"]


def chapter(demo: Demo) -> Chapter:
    """Open every page that has charts."""
    recordings = [bare.recorded(demo.server, path) for path in CHARTS]
    with contextlib.ExitStack() as stack:
        others = [stack.enter_context(_stock(recording)) for recording in recordings]
        browser = stack.enter_context(chromium())
        visit(browser, demo.server, "", 0)  # the browser's own first time
        found = [
            _opened(browser, demo.server, *one) for one in zip(others, recordings, strict=True)
        ]
    because = [_because(found, warm, recordings) for warm in (False, True)]
    head = ("", "cold, ms", "bare", "ratio", "warm, ms", "bare", "ratio")
    return Chapter(
        "Opening a page",
        "From asking for a page until nothing more is drawn in its charts, in a new browser "
        "profile (cold) and once more in the same (warm), taking turns with a bare Streamlit page "
        "that draws the same charts, with Streamlit's own settings and nothing else. "
        f"Medians and quartiles of {ROUNDS} rounds. Bytes and requests are those of the "
        "cold opening, the socket's messages included.",
        table(
            (*head, "bytes, requests", "bare", "ratio"),
            [one.row() for one in found],
        ),
        [
            *(_time_goal(found, warm, because[warm]) for warm in (False, True)),
            _borders_goal(next(one for one in found if one.title == "Täckning")),
            _bytes_goal(found),
        ],
    )


@contextlib.contextmanager
def _stock(recording: bare.Recording, script: str = bare.READY) -> Iterator[Server]:
    """A bare app with Streamlit's own settings that somebody has visited before, as ours has."""

    async def visited(server: Server) -> None:
        async with Viewer(server.host, "") as viewer:
            await viewer.arrive()

    with bare.app(recording, script, config="") as server:
        asyncio.run(visited(server))
        yield server


def _opened(browser: Browser, server: Server, other: Server, recording: bare.Recording) -> Found:
    path, charts = recording.page, recording.number
    (title,) = (page.title for page in PAGES if page.url == path)
    found = alternately(
        {
            "ours": partial(visit, browser, server, path, charts),
            "bare": partial(visit, browser, other, "", charts),
        },
        ROUNDS,
        unmeasured=0,
    )
    return Found(title, found["ours"], found["bare"])


def _slowest(found: Sequence[Found], warm: bool) -> Found:
    return max(found, key=lambda one: one.times(warm).median)


def _because(found: Sequence[Found], warm: bool, recordings: Sequence[bare.Recording]) -> str:
    """What the slowest page draws besides its charts, where it is too slow; and what that takes."""
    slowest = _slowest(found, warm)
    if slowest.times(warm).median <= TIME:
        return ""
    recording = recordings[found.index(slowest)]
    with _stock(recording, bare.WHOLE) as elements, chromium() as browser:
        whole = [visit(browser, elements, "", recording.number) for _ in range(ROUNDS)]
    visits = (slowest.ours, slowest.bare, whole)
    ours, limit, drawn = (Spread.of([one[warm].ms for one in of]) for of in visits)
    return (
        f"ours takes {ours:.0f} ms, the bare page {limit:.0f} with its {recording.number} charts; "
        f"ours has {len(recording.messages[''])} elements, which take {drawn:.0f} ms when a bare "
        "app with Streamlit's own settings sends them ready-made, with no program behind them"
    )


def _time_goal(found: Sequence[Found], warm: bool, because: str) -> Goal:
    slowest = _slowest(found, warm)
    return Goal(
        f"b. first open, {'warm' if warm else 'cold'}",
        f"≤ {TIME} × bare, each page",
        f"{slowest.times(warm):.2f} × ({slowest.title})",
        slowest.times(warm).median <= TIME,
        because,
    )


def _borders_goal(coverage: Found) -> Goal:
    size = len(geography.municipalities(registry.load()).compressed)
    cold, warm = coverage.ours[-1]
    times = cold.wire.borders + warm.wire.borders
    often = "once" if times == 1 else f"{times} times"
    return Goal(
        "b. the map's borders",
        f"≤ {BORDERS / 1000:.0f} kB compressed, fetched once",
        f"{size / 1000:.1f} kB, fetched {often} in two openings",
        size <= BORDERS and times == 1,
    )


def _bytes_goal(found: Sequence[Found]) -> Goal:
    largest = max(found, key=lambda one: one.size)
    return Goal(
        "bytes at first open",
        f"≤ {BYTES} × stock Streamlit, each page",
        f"{largest.size:.2f} × ({largest.title})",
        largest.size <= BYTES,
    )
