"""After a choice in a filter a page is as if it had been opened by the address that it has then."""

import io
import time
from collections.abc import Callable, Sequence
from itertools import zip_longest

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from browser.test_federation import search
from browser.test_frame import choose, filter_of, shows

Open = Callable[..., Page]
Use = Callable[[Page], None]

PATIENCE = 15
"""Seconds that a busy machine may take to draw two pages."""

READ = """() => {
  const part = (name) => document.querySelector(`[data-testid=${name}]`);
  const of = (name, selector, what) => [...part(name).querySelectorAll(selector)].map(what);
  return ["stSidebarUserContent", "stMain"].map((name) => ({
    words: part(name).innerText.split("\\n").filter((line) => line.trim()),
    links: of(name, "a", (link) => link.getAttribute("href")),
    labels: of(name, "[aria-label]", (one) => one.ariaLabel),
    closed: of(name, "button, input", (one) => one.disabled),
  }));
}"""
"""What a reader meets: the words, where the links lead, what is said of charts, what is closed."""


def region(name: str) -> Use:
    return lambda page: choose(page, "Region", f"Region {name}")


def federation(name: str) -> Use:
    return lambda page: choose(page, "Förbund", name)


def one_federation(name: str) -> Use:
    return lambda page: search(page, name, name)


def whose(name: str) -> Use:
    return lambda page: page.get_by_test_id("stButtonGroup").get_by_text(name).click()


def without(label: str) -> Use:
    """Take away what was chosen last in a filter."""
    return lambda page: filter_of(page, label).get_by_role("combobox").press("Backspace")


def press(name: str) -> Use:
    return lambda page: page.get_by_role("button", name=name).first.click()


WAYS: Sequence[tuple[str, str, Sequence[tuple[Use, str]]]] = [
    (
        "kon",
        "Kön",
        [
            (region("Stockholm"), "?region=01"),
            (region("Värmland"), "?region=01&region=17"),
            (press("Visa alla svar"), ""),
            (federation("Falun"), "?federation=falun"),
            (press("Rensa urvalet"), ""),
        ],
    ),
    (
        "utsatthet",
        "Utsatthet",
        [
            (federation("Skaraborg"), "?federation=skaraborg"),
            (without("Förbund"), ""),
            (federation("Halland"), "?federation=halland"),
            (federation("Falun"), "?federation=halland&federation=falun"),
            (press("Rensa urvalet"), ""),
            (federation("Falun"), "?federation=falun"),
        ],
    ),
    (
        "forbund",
        "Förbund",
        [
            (one_federation("Halland"), "?federation=halland"),
            (whose("Kvinnor"), "?federation=halland&gender=kvinna"),
            (one_federation("Falun"), "?federation=falun&gender=kvinna"),
            (whose("Alla"), "?federation=falun"),
        ],
    ),
]


@pytest.mark.parametrize(("url", "heading", "way"), WAYS, ids=[url for url, *_ in WAYS])
def test_parts_drawn_anew_give_the_page_that_its_address_gives(
    url: str, heading: str, way: Sequence[tuple[Use, str]], server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/{url}")
    for use, query in way:
        use(page)
        page.mouse.move(0, 0)
        shows(page, heading, query)
        opened = open_page(page.url)
        expect(opened.get_by_label("Show data").last).to_be_attached()
        until = time.monotonic() + PATIENCE
        while (found := page.evaluate(READ)) != (whole := opened.evaluate(READ)):
            assert time.monotonic() < until, [
                (name, [*zip_longest(one[name], other[name])])
                for one, other in zip(found, whole, strict=True)
                for name in one
                if one[name] != other[name]
            ]
            page.wait_for_timeout(200)
        opened.context.close()


def test_the_workbook_is_about_what_is_chosen_now(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon")
    choose(page, "Region", "Region Värmland")
    expect(page.get_by_text("Region Värmland, ca")).to_have_count(3)  # the choice, two cards
    with page.expect_download() as download:
        page.get_by_role("button", name="Tabellerna (Excel)").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    sheets = {
        sheet.title: " ".join(str(cell) for row in sheet.values for cell in row if cell)
        for sheet in book
    }
    about_the_region = [name for name, text in sheets.items() if "i Region Värmland" in text]
    assert about_the_region == ["Om", "Tabell 1", "Tabell 2"]
    assert len(sheets) == 5


def test_back_is_as_quick_as_the_reader(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/utsatthet?region=17")
    for _ in range(3):
        press("Rensa urvalet")(page)
        shows(page, "Utsatthet", "")
        page.go_back()
        shows(page, "Utsatthet", "?region=17")
        expect(filter_of(page, "Region")).to_contain_text("Region Värmland")
