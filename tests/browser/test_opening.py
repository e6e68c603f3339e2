"""What a browser fetches when it opens a page for the first time."""

import re
from collections.abc import Callable, Iterable

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect
from playwright.sync_api import Page as Tab

from fovdata import settings
from fovdata.dashboard.bundles import BUNDLES
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.dashboard.typefaces import FONT, TYPEFACES

SCRIPT = re.compile(r"/static/js/([\w.-]+)\.[\w-]+\.js$")
PROGRAM = (settings.ROOT / "fovdata").rglob("*.py")
LATER = {"webgl-device"}
"""What a map asks for itself once it knows what the browser can draw with."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_a_page_names_ahead_just_the_scripts_that_it_is_drawn_with(
    page: Page, server: str, browser: Browser
) -> None:
    context = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    protocol = context.new_cdp_session(tab)
    protocol.send("Profiler.enable")
    protocol.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": False})
    tab.goto(f"{server}/{page.url}")
    named = names(httpx.get(f"{server}/{page.url}").text.split('"'))
    ran: set[str] = set()
    for _ in range(30):
        tab.wait_for_timeout(500)
        ran |= names(
            script["url"]
            for script in protocol.send("Profiler.takePreciseCoverage")["result"]
            if any(part["count"] for one in script["functions"] for part in one["ranges"])
        )
        # What stands last on every page is there, and so is what draws it all.
        if named <= ran and tab.get_by_test_id("stPageLink").count() >= len(PAGES):
            break
    context.close()
    assert named - ran == set()
    assert ran - named <= LATER


def names(addresses: Iterable[str]) -> set[str]:
    """What scripts are called, but for their hashes."""
    return {found[1] for one in addresses if (found := SCRIPT.search(one))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_no_typeface_is_fetched_besides_our_own(page: Page, server: str, browser: Browser) -> None:
    context = browser.new_context(locale="sv-SE")
    tab = context.new_page()
    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url.removeprefix(server)))
    tab.goto(f"{server}/{page.url}")
    expect(tab.get_by_test_id("stPageLink").nth(len(PAGES) - 1)).to_be_visible()
    tab.wait_for_load_state("networkidle")
    context.close()
    typefaces = [one for one in fetched if one.endswith(".woff2")]
    assert typefaces[0] == FONT
    written = {one.split("/")[-1].split(".")[0] for one in typefaces if one not in TYPEFACES}
    assert not written & {"SourceSansVF-Upright", "MaterialSymbols-Rounded"}


def test_every_icon_that_can_be_shown_is_cut_out(
    server: str, open_page: Callable[..., Tab]
) -> None:
    named = {
        icon
        for file in (*BUNDLES.values(), *settings.ROOT.glob("pages/*.py"), *PROGRAM)
        for icon in re.findall(r":material/(\w+):", file.read_text(encoding="utf-8"))
    }
    widths = open_page(f"{server}/ordlista").evaluate(
        """async names => {
          await document.fonts.load("24px 'Material Symbols Rounded'")
          const pen = document.createElement("canvas").getContext("2d")
          pen.font = "24px 'Material Symbols Rounded'"
          return Object.fromEntries(names.map(name => [name, pen.measureText(name).width]))
        }""",
        sorted(named),
    )
    # Letters that are put together to an icon are as wide as one letter.
    assert {name for name, width in widths.items() if round(width) != 24} == {"star_filled"}
    assert len(named) > 50


def test_the_filters_keep_their_place_while_scripts_arrive(server: str, browser: Browser) -> None:
    context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 720})
    tab = context.new_page()
    held: list[Route] = []
    tab.route(re.compile(r"/(PageLink|Multiselect)\."), lambda route: held.append(route))
    tab.goto(f"{server}/kon", wait_until="commit")
    sidebar = tab.get_by_test_id("stSidebar")
    places = sidebar.locator("[class*=st-key-]")
    clear = sidebar.get_by_role("button", name="Rensa urvalet")
    expect(clear).to_be_visible()
    expect(places.get_by_test_id("stSkeleton")).to_have_count(5)
    before = [one.bounding_box() for one in (*places.all(), clear)]
    for route in held:
        route.continue_()
    expect(places.get_by_test_id("stMultiSelect")).to_have_count(5)
    expect(sidebar.get_by_test_id("stSkeleton")).to_have_count(0)
    assert [one.bounding_box() for one in (*places.all(), clear)] == before
    context.close()
