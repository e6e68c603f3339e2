"""How long a click takes until four charts are drawn anew: our page, and other frameworks."""

import asyncio
import contextlib
import itertools
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from bench import servers
from bench.browser import chromium, profile, ready, redrawn
from bench.measuring import Spread, alternately, ratio
from bench.peers import superset
from bench.peers.recording import CHARTS, PAGE, record
from bench.report import Chapter, Goal, table
from fovdata import settings

PYTHON = settings.ROOT / ".venv-peers" / "bin" / "python"
"""What `make bench` installs the other frameworks for."""
MADE = settings.ROOT / ".venv-peers" / ".made"
REGIONS = ("Region Stockholm", "Region Uppsala", "Region Östergötland", "Region Jönköping")
"""What is chosen in turn: the first in the list, which are in sight without scrolling."""
TIMES = 8
UNMEASURED = 1


@dataclass(frozen=True)
class Framework:
    """How a reader uses the filter of an app: selectors of what is clicked.

    ``emptied`` is where there is a button for it, else Backspace empties the field; ``applied`` is
    the button that makes a choice count, where there is one, and its click is what is timed then.
    """

    name: str
    field: str
    option: str = 'role=option[name="{}"]'
    emptied: str = ""
    applied: str = ""

    def choose(self, page: Page, region: str) -> float:
        """Choose a region where nothing is chosen: ms from the click until all is drawn.

        Nothing is chosen again afterwards.
        """
        page.bring_to_front()
        page.locator(self.field).click()
        option = page.locator(self.option.format(region)).first
        option.hover()
        took = self._change(page, option.click)
        page.keyboard.press("Escape")
        if self.emptied:
            self._change(page, page.locator(self.emptied).click)
        else:
            page.locator(self.field).click()
            self._change(page, lambda: page.keyboard.press("Backspace"))
            page.keyboard.press("Escape")
        return took

    def _change(self, page: Page, change: Callable[[], object]) -> float:
        if not self.applied:
            return redrawn(page, change)
        change()
        page.keyboard.press("Escape")
        return redrawn(page, page.locator(self.applied).click)


OURS = Framework("our page", '[data-testid="stMultiSelect"]:has-text("Region") >> role=combobox')
BARE = Framework("bare Streamlit", OURS.field)
PEERS = {
    "dash": Framework("Dash", "#region", emptied=".dash-dropdown-clear"),
    "panel": Framework("Panel", ".choices__input--cloned", emptied=".choices__button"),
    "shiny": Framework(
        "Shiny", ".selectize-input", '.option[data-value="{}"]', emptied=".selectize-input .remove"
    ),
}
"""Package → how its app, bench.peers.in_<package>, is used."""
SUPERSET = Framework(
    "Superset",
    "#NATIVE_FILTER-region",
    '.ant-select-item-option[title="{}"]',
    emptied=".ant-select-clear",
    applied='role=button[name="Apply filters"]',
)

HOW = (
    f"The page /{PAGE} and its four charts, recorded from our own server and drawn from the same "
    "specifications and data by one app of each framework, with the same filter beside them and "
    "nothing else: no titles, tables, notes, files, links or addresses, which our page has and has "
    "to keep. Two of the charts follow the filter; the other apps send and draw only those anew, "
    "and none of theirs can be asked what it does not show. In Chromium a region is "
    "clicked in the open list, and milliseconds pass from the press until the last thing is drawn "
    f"in any chart; {TIMES} changes each, taking turns, after {UNMEASURED} unmeasured ones, "
    "medians with quartiles. Dash draws with dash-vega-components (its callbacks served by "
    "waitress), Panel with its Vega pane, Shiny with Altair's widget, each on canvas or in SVG as "
    "it does by itself. Bare Streamlit has our settings and ready-made specifications. "
    "No app may ask another host for anything, or the measurement ends."
)


def chapter(demo: servers.Demo) -> Chapter:
    """Measure our page, bare Streamlit and every framework that is installed."""
    with ExitStack() as stack:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "charts.json"
        asyncio.run(record(demo.server.host, REGIONS, file))
        addresses = {
            OURS: f"http://{demo.server.host}/{PAGE}",
            **{app: stack.enter_context(served) for app, served in _apps(file)},
        }
        browser = stack.enter_context(chromium())
        pages = {app: stack.enter_context(_opened(browser, at)) for app, at in addresses.items()}
        took = alternately(
            {
                app: partial(_next, app, page, itertools.cycle(REGIONS))
                for app, page in pages.items()
            },
            TIMES,
            UNMEASURED,
        )
    return _said(took)


def _apps(charts: Path) -> Iterator[tuple[Framework, contextlib.AbstractContextManager[str]]]:
    """The other apps and where each is served."""
    yield BARE, _streamlit(charts)
    if MADE.exists():
        for package, app in PEERS.items():
            yield app, _peer(package, charts)
    if superset.MADE.exists():
        yield SUPERSET, superset.served(charts)


@contextlib.contextmanager
def _streamlit(charts: Path) -> Iterator[str]:
    script = "bench/peers/in_streamlit.py"
    with servers.streamlit(script, settings.ROOT, FOV_CHARTS=str(charts)) as server:
        yield f"http://{server.host}"


@contextlib.contextmanager
def _peer(package: str, charts: Path) -> Iterator[str]:
    command = [str(PYTHON), "-m", f"bench.peers.in_{package}"]
    with servers.running(command, "/", FOV_CHARTS=str(charts)) as server:
        yield f"http://{server.host}"


@contextlib.contextmanager
def _opened(browser: Browser, address: str) -> Iterator[Page]:
    """The page with its charts drawn; fails at the end if it has asked another host."""
    page = profile(browser).new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    if superset.PATH in address:
        superset.sign_in(page, address)
    page.goto(address)
    ready(page, CHARTS)
    yield page
    foreign = hosts - {"", urlsplit(address).netloc, superset.TELEMETRY}
    assert not foreign, f"{address} has asked {foreign}"


def _next(app: Framework, page: Page, regions: Iterator[str]) -> float:
    return app.choose(page, next(regions))


def _said(took: Mapping[Framework, Sequence[float]]) -> Chapter:
    rows, goals = [], []
    for app in (OURS, BARE, *PEERS.values(), SUPERSET):
        if app not in took:
            continue
        against = ratio(took[OURS], took[app])
        named = f"{app.name}{_version(app)}"
        rows.append((named, f"{Spread.of(took[app]):.0f}", f"{against:.2f}"))
        print(*rows[-1], flush=True)
    for app in (*PEERS.values(), *([SUPERSET] if SUPERSET in took else ())):
        goals.append(_goal(app, took))
    return Chapter(
        "The same four charts in other frameworks",
        f"{HOW}\n\n{superset.HOW if SUPERSET in took else superset.MISSING}",
        table(("", "click → redrawn, ms", "ours / this"), rows),
        goals,
    )


def _goal(app: Framework, took: Mapping[Framework, Sequence[float]]) -> Goal:
    what, goal = f"h. Four charts redrawn, our page against {app.name}", "ratio < 1"
    if app not in took:
        return Goal(what, goal, "not measured", False, "it could not be installed (no network?)")
    found = ratio(took[OURS], took[app])
    bare = ratio(took[BARE], took[app])
    because = f"bare Streamlit with the same charts takes {bare.median:.2f} × as long as it"
    return Goal(what, goal, f"{found:.2f}", found.median < 1, "" if found.median < 1 else because)


def _version(app: Framework) -> str:
    for package, peer in PEERS.items():
        if peer is app:
            asked = f"import importlib.metadata as m; print(m.version({package!r}))"
            said = subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True, check=True)
            return f" {said.stdout.strip()}"
    return ""
