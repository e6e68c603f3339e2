"""The frame of every page: address, menu, filters, map, the quick way out."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from fovdata.charts.theme import DARK, LIGHT, Theme
from fovdata.dashboard.filters import ONE_AT_A_TIME
from fovdata.dashboard.navigation import PAGES
from fovdata.rules import NOT_OFFERED

Open = Callable[..., Page]

PHONE = {"width": 390, "height": 800}


def filter_of(page: Page, label: str) -> Locator:
    """The multiselect with a label."""
    return page.get_by_test_id("stMultiSelect").filter(has_text=re.compile(f"^{label}"))


def choose(page: Page, label: str, option: str) -> None:
    """Choose by the keyboard: a long list does not hold all options, and scrolls under a click."""
    filter_of(page, label).get_by_role("combobox").press_sequentially(option)
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def shows(page: Page, heading: str, query: str) -> None:
    """The page has this heading and this query in its address."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page).to_have_url(re.compile(f"/[a-z]*{re.escape(query)}$"))


def menu(page: Page, title: str) -> Locator:
    """A link in the menu."""
    return page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True)


def test_a_deep_link_on_a_cold_server_shows_its_page_with_filter_and_menu(
    cold_server: str, open_page: Open
) -> None:
    page = open_page(f"{cold_server}/tackning?region=17")

    shows(page, "Täckning", "?region=17")
    expect(filter_of(page, "Region")).to_contain_text("Region Värmland")
    expect(page.get_by_test_id("stSidebar").get_by_role("link")).to_have_text(
        [one.title for one in PAGES if not one.aside]
    )


def test_a_chosen_filter_stands_in_the_address_as_its_code(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/tackning")
    choose(page, "Region", "Region Värmland")
    shows(page, "Täckning", "?region=17")


def test_codes_that_do_not_exist_are_passed_over(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/tackning?region=17&region=99&region=Halland")
    shows(page, "Täckning", "?region=17")


def test_a_filter_survives_a_page_that_does_not_draw_it(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/tackning?region=17")
    menu(page, "Metod och data").click()
    shows(page, "Metod och data", "")
    expect(page.get_by_test_id("stMultiSelect")).to_have_count(0)
    menu(page, "Utsatthet").click()
    shows(page, "Utsatthet", "?region=17")
    expect(filter_of(page, "Region")).to_contain_text("Region Värmland")


def test_back_returns_to_the_page_and_the_filter_before(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/tackning?region=17")
    menu(page, "Utsatthet").click()
    shows(page, "Utsatthet", "?region=17")
    page.get_by_role("button", name="Rensa urvalet").click()
    shows(page, "Utsatthet", "")

    page.go_back()
    shows(page, "Utsatthet", "?region=17")
    expect(filter_of(page, "Region")).to_contain_text("Region Värmland")
    page.go_back()
    shows(page, "Täckning", "?region=17")
    page.go_forward()
    shows(page, "Utsatthet", "?region=17")


def test_a_filter_that_would_make_groups_too_small_is_closed_and_says_why(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/kon?region=17")
    expect(filter_of(page, "Region").get_by_role("combobox")).to_be_enabled()
    expect(page.get_by_role("textbox", name="Ålder")).to_be_disabled()
    expect(page.get_by_text("Grå filter").first).to_contain_text(NOT_OFFERED[1:])
    expect(page.get_by_title(NOT_OFFERED).filter(has_text="Ålder")).to_be_visible()

    page.get_by_role("button", name="Rensa urvalet").click()
    expect(filter_of(page, "Ålder").get_by_role("combobox")).to_be_enabled()
    expect(page.get_by_role("textbox", name="Ålder")).to_have_count(0)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("federation=halland&age=25-34", NOT_OFFERED),
        ("region=17&age=25-34", ONE_AT_A_TIME),
    ],
)
def test_a_combination_that_is_not_shown_says_why_and_a_way_on(
    query: str, reason: str, server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/utsatthet?{query}")
    expect(page.get_by_test_id("stAlert")).to_contain_text(reason)
    expect(filter_of(page, "Ålder").get_by_role("combobox")).to_be_enabled()
    page.get_by_role("button", name="Visa alla svar").click()
    shows(page, "Utsatthet", "")
    expect(page.get_by_text(reason)).to_have_count(0)


def test_an_address_that_leads_nowhere_says_so_in_swedish(server: str, browser: Browser) -> None:
    page = browser.new_page()
    answer = page.goto(f"{server}/finns-inte")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    page.get_by_role("link", name="Täckning").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Täckning")
    page.close()


def test_a_page_says_what_it_is_about_and_where_there_is_help(server: str, open_page: Open) -> None:
    page = open_page(server)
    expect(page.get_by_text("Sidan handlar om våld och sexuella kränkningar.")).to_be_visible()
    expect(page.get_by_text("Kvinnofridslinjen 020-50 50 50 · Vid fara: 112")).to_be_visible()
    expect(page.get_by_text("Syntetiska svar", exact=True).first).to_be_visible()


@pytest.mark.parametrize("way", ["click", "key"])
def test_one_leaves_quickly_and_back_does_not_return(
    way: str, server: str, open_page: Open, foreign: list[str]
) -> None:
    page = open_page(server)
    page.goto(f"{server}/kon")
    leave = page.get_by_role("link", name="Lämna sidan snabbt")
    expect(leave).to_be_visible()
    assert foreign == []

    page.context.route("https://www.smhi.se/**", lambda route: route.fulfill(body="Vackert"))
    if way == "click":
        leave.click()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    expect(page.get_by_text("Vackert")).to_be_visible()
    page.go_back()
    expect(page).not_to_have_url(re.compile("/kon"))
    assert {address.split("?")[0] for address in foreign} == {"https://www.smhi.se/"}
    foreign.clear()


def test_one_leaves_quickly_from_an_address_that_leads_nowhere(
    server: str, browser: Browser
) -> None:
    with browser.new_context() as context:
        context.route("https://www.smhi.se/**", lambda route: route.fulfill(body="Vackert"))
        page = context.new_page()
        page.goto(f"{server}/finns-inte")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sidan finns inte")
        for _ in range(3):
            page.keyboard.press("Escape")
        expect(page.get_by_text("Vackert")).to_be_visible()


def test_one_escape_closes_a_list_and_slow_ones_do_not_leave(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon")
    page.get_by_role("combobox", name="Region").click()
    expect(page.get_by_role("listbox")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Escape")
        page.wait_for_timeout(1100)
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page).to_have_url(re.compile("/kon$"))


def test_the_document_stays_swedish(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon")
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page).to_have_title("Kön · Frågor om våld")
    menu(page, "Täckning").click()
    expect(page).to_have_title("Täckning · Frågor om våld")


def test_on_a_phone_the_menu_opens_is_whole_and_gives_way(server: str, open_page: Open) -> None:
    page = open_page(server, viewport=PHONE)
    expect(menu(page, "Kön")).not_to_be_in_viewport()
    page.get_by_test_id("stExpandSidebarButton").click()
    for one in (one for one in PAGES if not one.aside):
        expect(menu(page, one.title)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Lämna sidan snabbt")).to_be_in_viewport(ratio=1)
    menu(page, "Kön").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kön")
    expect(menu(page, "Kön")).not_to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def the_map(page: Page) -> Locator:
    """The map's canvas, scrolled to."""
    canvas = page.get_by_test_id("stDeckGlJsonChart").locator("canvas").first
    canvas.scroll_into_view_if_needed()
    return canvas


def places(canvas: Locator) -> dict[tuple[int, ...], tuple[int, int]]:
    """Each colour of the drawn map with a place that lies well within it."""
    picture = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB")
    width, height = picture.size
    pixels = list(zip(*[iter(picture.tobytes())] * 3, strict=True))
    return {
        pixels[y * width + x]: (x, y)
        for x in range(2, width - 2, 3)
        for y in range(2, height - 2, 3)
        if len({pixels[(y + j) * width + x + i] for i in (-2, 0, 2) for j in (-2, 0, 2)}) == 1
    }


def rgb(colour: str) -> tuple[int, ...]:
    """#rrggbb as three numbers."""
    return tuple(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_map_is_drawn_and_can_be_asked(theme: Theme, server: str, open_page: Open) -> None:
    page = open_page(
        f"{server}/tackning",
        color_scheme=theme.name,
        viewport={"width": 1280, "height": 1000},
    )
    canvas = the_map(page)
    joined = rgb(theme.coverage[3])
    expect_colours(page, canvas, {joined, rgb(theme.not_joined)})

    x, y = places(canvas)[joined]
    canvas.hover(position={"x": x, "y": y})
    tooltip = page.locator(".deck-tooltip")
    expect(tooltip).to_contain_text(re.compile("Pilotförbund|Grupp"))
    name = tooltip.inner_text().split(",")[0]
    click_until(page, page.locator(".st-key-card-kommun").get_by_text(name))


def test_the_wheel_scrolls_the_page_past_the_map(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/tackning", viewport={"width": 1366, "height": 1000})
    canvas = the_map(page)
    expect_colours(page, canvas, {rgb(LIGHT.coverage[3])})
    before = canvas.bounding_box()
    assert before
    canvas.hover(position={"x": 200, "y": 300})
    page.mouse.wheel(0, 150)
    page.wait_for_function(
        "y => document.querySelector('[data-testid=stDeckGlJsonChart] canvas')"
        ".getBoundingClientRect().y < y",
        arg=before["y"] - 100,
    )


def test_the_map_can_be_zoomed_and_shows_the_whole_country_again(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/tackning", viewport={"width": 1366, "height": 1000})
    joined = rgb(LIGHT.coverage[3])
    expect_colours(page, the_map(page), {joined})
    whole = drawn_in(the_map(page), joined)
    canvas = the_map(page)
    canvas.locator("xpath=ancestor-or-self::*[@tabindex='0'][1]").focus()
    page.keyboard.press("Equal")
    page.wait_for_timeout(1500)
    assert drawn_in(canvas, joined) > 1.2 * whole
    page.get_by_role("radio", name="Hela landet").click()
    for _ in range(50):
        if abs(drawn_in(the_map(page), joined) - whole) < 0.02 * whole:
            return
        page.wait_for_timeout(100)
    pytest.fail("the map does not show the whole country again")


def test_on_a_phone_the_whole_country_is_seen_and_the_search_stands_above(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/tackning", viewport={"width": 390, "height": 1000})
    canvas = the_map(page)
    expect_colours(page, canvas, {rgb(LIGHT.coverage[3])})
    picture = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB")
    background = Image.new("RGB", picture.size, rgb(LIGHT.surface))
    box = ImageChops.difference(picture, background).getbbox()
    assert box
    left, top, right, bottom = box
    assert left > 2
    assert right < picture.width - 2
    assert top > 2
    assert bottom < picture.height - 2
    search = page.locator(".st-key-card-kommun").bounding_box()
    drawn = page.locator(".st-key-card-karta").bounding_box()
    assert search
    assert drawn
    assert search["y"] < drawn["y"]


def drawn_in(canvas: Locator, colour: tuple[int, ...]) -> int:
    """How many pixels of the map have a colour."""
    picture = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB")
    return list(zip(*[iter(picture.tobytes())] * 3, strict=True)).count(colour)


def click_until(page: Page, wanted: Locator) -> None:
    """Click where the mouse is until the map has noticed.

    deck.gl passes over a click that takes longer than 250 ms. Drawing without a graphics card can
    make it so: the browser's clock stands still meanwhile.
    """
    for _ in range(10):
        page.evaluate("window.clock ??= Date.now; const now = clock(); Date.now = () => now")
        page.mouse.down()
        page.mouse.up()
        page.evaluate("Date.now = clock")
        try:
            wanted.first.wait_for(timeout=2_000)
        except PlaywrightTimeout:
            continue
        return
    pytest.fail("no click on the map was noticed")


def test_another_colouring_fetches_no_borders_again(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/tackning", viewport={"width": 1280, "height": 1000})
    canvas = the_map(page)
    strong, pale = rgb(LIGHT.coverage[3]), (186, 208, 228)
    expect_colours(page, canvas, {strong})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page, "Region", "Region Värmland")
    expect_colours(page, the_map(page), {strong, pale})
    assert [address for address in asked if "/geo/" in address] == []


def expect_colours(page: Page, canvas: Locator, wanted: set[tuple[int, ...]]) -> None:
    """Wait until the map shows these colours."""
    for _ in range(50):
        if wanted <= places(canvas).keys():
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the map does not show {wanted - places(canvas).keys()}")
