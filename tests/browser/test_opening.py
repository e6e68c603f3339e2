"""What a browser fetches when it opens a page for the first time."""

import re
from collections.abc import Iterable

import httpx
import pytest
from playwright.sync_api import Browser, expect

from fovdata.dashboard.document import FONT
from fovdata.dashboard.navigation import PAGES, Page

SCRIPT = re.compile(r"/static/js/([\w.-]+)\.[\w-]+\.js$")
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
    # What stands last on every page, and then whatever is still on its way.
    expect(tab.get_by_test_id("stPageLink").nth(len(PAGES) - 1)).to_be_visible()
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(1000)  # what has come is yet to run
    ran = names(
        script["url"]
        for script in protocol.send("Profiler.takePreciseCoverage")["result"]
        if any(part["count"] for function in script["functions"] for part in function["ranges"])
    )
    context.close()
    named = names(httpx.get(f"{server}/{page.url}").text.split('"'))
    assert named - ran == set()
    assert ran - named <= LATER


def names(addresses: Iterable[str]) -> set[str]:
    """What scripts are called, but for their hashes."""
    return {found[1] for one in addresses if (found := SCRIPT.search(one))}


def test_no_typeface_is_fetched_besides_our_own_and_the_one_of_icons(
    server: str, browser: Browser
) -> None:
    context = browser.new_context(locale="sv-SE")
    tab = context.new_page()
    fetched: list[str] = []
    tab.on("request", lambda request: fetched.append(request.url.removeprefix(server)))
    tab.goto(f"{server}/kon")
    expect(tab.get_by_role("heading", level=1)).to_be_visible()
    tab.wait_for_load_state("networkidle")
    context.close()
    ours, *others = [one for one in fetched if one.endswith(".woff2")]
    assert ours == FONT
    assert [one.split("/")[-1].split(".")[0] for one in others] == ["MaterialSymbols-Rounded"]
