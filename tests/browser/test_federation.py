"""The page Förbund as a chief uses it: search, compare, hand the board a page."""

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from .test_frame import menu

Open = Callable[..., Page]


def search(page: Page, words: str, name: str) -> None:
    """Choose a federation by typing a part of its name."""
    page.get_by_role("combobox", name="Välj förbund").click()
    page.keyboard.type(words)
    page.get_by_role("option", name=name, exact=True).click()


def test_a_chief_goes_from_the_front_page_to_a_page_for_the_board(
    server: str, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(server, accept_downloads=True)
    menu(page, "Förbund").click()
    search(page, "upplands", "Sollentuna - Upplands Väsby - Sigtuna")
    expect(page).to_have_url(re.compile(r"/forbund\?federation=[a-z-]*upplands-vasby[a-z-]*$"))
    heading = page.get_by_role("heading", level=2, name="Sollentuna - Upplands Väsby - Sigtuna")
    expect(heading).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Läget på en sida (PDF)").click()
    file = tmp_path / "laget.pdf"
    download.value.save_as(file)
    with pypdfium2.PdfDocument(file) as document:
        assert len(document) == 1
        text = document[0].get_textpage().get_text_bounded()
    assert "Sollentuna - Upplands Väsby - Sigtuna" in " ".join(text.split())


def test_women_and_men_are_compared_apart_and_stand_in_the_address(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/forbund?federation=skaraborg")
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart).to_be_visible()
    page.get_by_role("radio", name="Kvinnor").click()
    expect(page).to_have_url(re.compile(r"federation=skaraborg&gender=kvinna$"))
    expect(page.get_by_role("heading", name="Skaraborg, kvinnor")).to_be_visible()
    page.get_by_role("radio", name="Alla").click()
    expect(page).to_have_url(re.compile(r"/forbund\?federation=skaraborg$"))


def test_a_deep_link_opens_its_federation_and_back_returns(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/forbund?federation=gavleborg")
    expect(page.get_by_role("heading", level=2).first).to_have_text("Gävleborg")
    menu(page, "Kön").click()
    expect(page).to_have_url(re.compile(r"/kon\?federation=gavleborg$"))
    page.go_back()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Gävleborg")
    expect(page).to_have_url(re.compile(r"/forbund\?federation=gavleborg$"))
