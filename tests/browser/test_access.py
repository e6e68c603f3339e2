"""Every page by axe, in both themes, three widths and enlarged; by the keyboard alone; on paper.

What was walked is counted and printed at the end.
"""

from collections import Counter
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Tell
from pages_under_test import pages_of
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
THEMES = ("light", "dark")
WIDTHS = (1440, 1024, 390)
ENLARGED = ((320, 800), (640, 450))
"""Pixels: what a screen of 1280 is when it is enlarged four times (WCAG 1.4.10), and twice."""
SERIOUS = ("serious", "critical")


def violations(page: Page) -> list[str]:
    """What axe finds that is serious or critical, with where; what opens, once it has opened."""
    page.wait_for_function("!document.getAnimations().some(one => one.playState === 'running')")
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_axe_finds_nothing_serious_and_nothing_stands_off_the_side(
    address: str, server: str, open_page: Open, foreign: list[str], tell: Tell
) -> None:
    page = open_page(f"{server}{address}", color_scheme=THEMES[0])
    messages: list[str] = []
    walked: Counter[str] = Counter()
    page.on("console", lambda message: messages.append(message.type))
    page.on("request", lambda one: walked.update({"requests": urlsplit(one.url).scheme == "http"}))
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]  # of two literals
        if theme != THEMES[0]:
            seen_at(page, *ENLARGED[0])
            page.reload()
            page.get_by_role("heading", level=1).wait_for()
            for size in ENLARGED:
                seen_at(page, *size)
        for width in WIDTHS:
            seen_at(page, width, 900)
            found = violations(page)
            walked.update({"pages × themes × widths": 1, "serious or critical": len(found)})
            assert found == [], (address, theme, width)
    errors = messages.count("error")
    walked.update({"console errors": errors, "requests to other hosts": len(foreign)})
    tell("every page, both themes, three widths", walked)
    assert not errors


def seen_at(page: Page, width: int, height: int) -> None:
    """Look at a page in a window of so many pixels: nothing stands off its side.

    The menu slides in where a window grows, and the charts take their new width after it.
    """
    page.set_viewport_size({"width": width, "height": height})
    settled(page)
    page.wait_for_function(
        """() => [document.documentElement, ...document.querySelectorAll("[data-testid=stMain]")]
        .every(box => box.scrollWidth <= box.clientWidth)"""
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_opens(theme: str, server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon?region=17", color_scheme=theme)
    settled(page)
    page.get_by_text("Tabell och filer").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Varför visas inte allt?").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Region").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    assert violations(page) == []


def test_the_keyboard_reaches_a_filter_and_a_file_and_comes_back(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/kon")
    settled(page)
    on_the_way = [walk(page, "Tab")]
    assert on_the_way == ["Lämna sidan snabbt"]
    while on_the_way[-1] != "Region" and len(on_the_way) < LONGEST_WAY:
        on_the_way.append(walk(page, "Tab"))
    assert {"Till innehållet", "Översikt", "Täckning", "År"} <= set(on_the_way)
    page.keyboard.type("Värm")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Alla svarande i Region Värmland").first).to_be_visible()
    page.keyboard.press("Escape")
    settled(page)
    while on_the_way[-1] != "Tabell och filer" and len(on_the_way) < LONGEST_WAY:
        on_the_way.append(walk(page, "Tab"))
    page.keyboard.press("Space")
    expect(page.get_by_test_id("stTable")).to_be_visible()  # it comes after the files, above them
    expect(page.get_by_role("button", name="CSV")).to_be_visible()
    while not on_the_way[-1].endswith("CSV") and len(on_the_way) < LONGEST_WAY:
        on_the_way.append(walk(page, "Tab"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "fov-kon.csv"
    back = [walk(page, "Shift+Tab") for _ in range(len(on_the_way))]
    assert {"Tabell och filer", "Region", "Översikt", "Lämna sidan snabbt"} <= {*back}


LONGEST_WAY = 60
"""Stops from the address field to a card's file."""


def walk(page: Page, key: str) -> str:
    """Go on by a key; what is there, which must be in sight and look as if one were there."""
    page.keyboard.press(key)
    at: dict[str, object] = page.evaluate(
        """() => {
        const at = document.activeElement
        if (at === document.body) return { name: "", seen: true, marked: true }
        const box = at.getBoundingClientRect()
        const marked = [at, at.parentElement, at.parentElement.parentElement].some(one => {
            const style = getComputedStyle(one)
            return style.outlineStyle !== "none" || style.boxShadow !== "none"
                || one.dataset.baseweb === "select" || parseFloat(style.borderTopWidth) > 0
        })
        return {
            name: (at.ariaLabel || at.innerText || "").trim().split("\\n").pop(),
            seen: box.bottom > 0 && box.top < innerHeight && box.right > 0,
            marked,
        }
    }"""
    )
    assert at["seen"], at
    assert at["marked"], at
    return str(at["name"])


def test_nothing_moves_for_whoever_wants_no_motion(server: str, open_page: Open) -> None:
    running = "document.getAnimations().filter(one => one.playState === 'running').length"
    page = open_page(f"{server}/kon", reduced_motion="reduce")
    settled(page)
    page.get_by_role("combobox", name="Region").click()
    assert page.evaluate(running) == 0
    page.get_by_role("option", name="Region Värmland").hover()  # the list scrolls it into sight
    page.get_by_role("option", name="Region Värmland").click()
    assert page.evaluate(running) == 0
    page.goto(f"{server}/presentation?scen=3")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(running) == 0


def test_a_question_mark_explains_the_words_of_a_card(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon")
    mark = page.locator(".st-key-card-kon").get_by_role("button", name="Förklaring").first
    mark.focus()
    expect(page.get_by_role("tooltip")).to_contain_text("Andel Ja. Antalet som svarat Ja")


def test_the_framework_s_own_words_are_swedish(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon?region=17")
    settled(page)
    for name in ("Ta bort Region Värmland", "Rensa", "Förklaring"):
        expect(page.get_by_role("button", name=name, exact=True).first).to_be_attached()
    box = page.get_by_role("combobox", name="Region")
    box.click()
    box.fill("xyz")
    expect(page.get_by_text("Inga träffar")).to_be_visible()


def test_a_page_is_printed_whole_and_without_what_one_presses(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon", viewport={"width": 1024, "height": 700})
    settled(page)
    sheets = pages_of(page.pdf(format="A4"))
    printed = "".join(sheets)
    assert 2 <= len(sheets) <= 5
    for words in ("Syntetiska svar", "män oftare på en", "Egen våldsutövning", "020-50 50 50"):
        assert words in printed
    for words in ("Lämna sidan snabbt", "Täckning", "CSV", "Kopiera länk", "Tabell"):
        assert words not in printed


def settled(page: Page) -> None:
    """Wait until what the page draws is there."""
    page.wait_for_function(
        """() => {
            const menu = document.querySelector("[data-testid=stSidebar]");
            return (!menu || menu.querySelector("a"))
                && !document.querySelector("[data-stale=true], [data-testid=stSkeleton]");
        }"""
    )
    page.wait_for_timeout(300)
