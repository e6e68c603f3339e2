"""Every page by axe, in both themes and three widths: nothing serious, nothing off the side."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from fovdata.dashboard import navigation

Open = Callable[..., Page]

ADDRESSES = [
    *(f"/{page.url}" for page in navigation.PAGES),
    "/forbund?federation=falun",
    "/utsatthet?region=17",
    "/presentation?scen=4",
    "/presentation?scen=7",
    "/presentation?scen=9&federation=sofint",
]
"""All pages, some of what they hide, and the stage's three kinds of pictures."""
WIDTHS = (1440, 1024, 390)
SERIOUS = ("serious", "critical")


def violations(page: Page) -> list[str]:
    """What axe finds that is serious or critical, with where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_serious_and_nothing_stands_off_the_side(
    address: str, theme: str, server: str, open_page: Open
) -> None:
    page = open_page(f"{server}{address}", color_scheme=theme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        settled(page)
        assert violations(page) == [], (address, theme, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_opens(theme: str, server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon?region=17", color_scheme=theme)
    settled(page)
    page.get_by_role("tab", name="Tabell").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Varför visas inte allt?").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Region").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    assert violations(page) == []


def settled(page: Page) -> None:
    """Wait until what the page draws is there."""
    page.wait_for_function("!document.querySelector('[data-stale=true], [data-testid=stSkeleton]')")
    page.wait_for_timeout(300)
