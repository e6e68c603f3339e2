"""A card taken away: as a picture, and as a link to just this view of it."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


@pytest.mark.parametrize("form", ["PNG", "SVG"])
def test_a_card_is_handed_out_as_a_picture(form: str, server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon?region=17", color_scheme="dark", accept_downloads=True)
    card = page.locator(".st-key-card-kon")
    card.get_by_test_id("stVegaLiteChart").hover()
    expect(card.get_by_role("button", name="Hela skärmen")).to_be_visible()
    for own in ("Download as", "Show data"):
        expect(card.get_by_label(own).first).to_be_hidden()
    card.get_by_text("Tabell och filer").click()
    with page.expect_download() as download:
        card.get_by_role("button", name=form, exact=True).click()
    file = download.value.path().read_bytes()
    assert download.value.suggested_filename == f"fov-kon.{form.lower()}"
    if form == "PNG":
        with Image.open(io.BytesIO(file)) as image:
            assert image.width == 1440
            assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
        return
    # The file by itself, in a browser: in the product's type, and as wide as it says.
    page.set_content(file.decode())
    expect(page.locator("svg text").first).to_contain_text("Region Värmland")
    assert page.evaluate("document.fonts.check('16px \"Source Sans 3\"')")
    texts, edge = page.locator("svg text"), page.locator("svg").first.bounding_box()
    assert edge
    for box in texts.evaluate_all("all => all.map(one => one.getBoundingClientRect().toJSON())"):
        assert edge["x"] <= box["left"]
        assert box["right"] <= edge["x"] + edge["width"]


def test_a_copied_link_leads_to_the_same_view_of_the_card(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/jamfor", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("combobox", name="Fråga i tratten").click()
    page.get_by_role("option", name="Egen våldsutövning").click()
    page.get_by_role("radio", name="Antal svar").click()
    expect(page).to_have_url(re.compile("ordning=Antal"))
    page.locator(".st-key-card-matta").get_by_role("link", name="Kopiera länk").click()
    expect(page.locator("#copied")).to_have_text("Länken är kopierad")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert link.endswith("#matta")
    expect(page.locator("#copied")).to_be_empty()

    again = open_page(link)
    expect(again.get_by_role("radio", name="Antal svar")).to_be_checked()
    funnel = again.locator(".st-key-card-tratt").get_by_role("heading")
    expect(funnel).to_contain_text("Egen våldsutövning")
    expect(again.locator(".st-key-card-matta").get_by_role("heading")).to_be_in_viewport()
    expect(funnel).not_to_be_in_viewport()


def test_without_a_clipboard_the_link_stands_in_the_address(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon?region=17")
    page.evaluate("delete Navigator.prototype.clipboard")
    page.locator(".st-key-card-skillnad").get_by_role("link", name="Kopiera länk").click()
    expect(page.locator("#copied")).to_have_text("Länken står i adressfältet")
    expect(page).to_have_url(re.compile(r"/kon\?region=17#skillnad$"))


def test_what_a_page_does_not_know_in_its_address_is_passed_over(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/tackning?lager=<b>&grupp=9&utsnitt=Syd&region=17")
    expect(page.get_by_role("radio", name="Med i uppdraget")).to_be_checked()
    expect(page.get_by_role("radio", name="Syd")).to_be_checked()
    expect(page).to_have_url(re.compile(r"/tackning\?utsnitt=Syd&region=17$"))
