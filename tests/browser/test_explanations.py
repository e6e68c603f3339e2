"""What is not shown explains itself: at a click, by the keyboard, and beside a grey filter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]

FEW = "Visas inte: färre än 20 svar"


def card(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-card-{name}")


def why(page: Page, name: str) -> Locator:
    """The button of a card that says why not everything is shown."""
    return card(page, name).get_by_role("button", name="Varför visas inte allt?")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_click_on_a_hidden_value_of_a_chart_explains_it(
    width: int, server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/kon?federation=sofint", viewport={"width": width, "height": 900})
    chart = card(page, "kon").get_by_test_id("stVegaLiteChart")
    explanation = card(page, "kon").get_by_role("status")
    expect(explanation).to_have_count(0)

    chart.get_by_text("Män: för få svar").nth(1).click()
    expect(explanation).to_contain_text("För få svar: Fysiskt våld (Män)")
    expect(explanation).to_contain_text(FEW)
    expect(explanation).to_contain_text("flera förbund tillsammans")

    chart.get_by_text(re.compile("^Kvinnor: under")).click()
    expect(explanation).to_contain_text(re.compile("Under .*: Egen våldsutövning"))
    expect(explanation).to_contain_text("Bara en gräns: färre än 5 har svarat Ja")

    chart.get_by_text("Psykiskt våld").click(force=True)  # elsewhere in the chart
    expect(explanation).to_have_count(0)


def test_a_click_on_a_hidden_difference_or_number_of_answers_explains_it(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/kon?federation=halland")
    differences = card(page, "skillnad")
    differences.locator("svg").get_by_text("för få svar för en jämförelse").first.click()
    expect(differences.get_by_role("status")).to_contain_text("båda andelarna visas")

    page.goto(f"{server}/tackning")
    regions = card(page, "tathet")
    regions.locator("svg").get_by_text(".. för få svar").click()
    expect(regions.get_by_role("status")).to_contain_text("För få svar: Region Kalmar län")


def test_the_keyboard_opens_and_closes_the_explanations_of_a_card(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/kon?federation=sofint")
    button = why(page, "kon")
    expect(button).to_have_attribute("aria-expanded", "false")
    drawn = card(page, "kon").get_by_test_id("stVegaLiteChart").locator("svg").first
    expect(drawn).to_be_visible()  # before the chart there is no button of its own
    page.get_by_role("button", name="Visa alla svar").focus()
    page.keyboard.press("Tab")
    expect(
        page.locator(".st-key-card-kon").get_by_role("button", name="Förklaring")
    ).to_be_focused()
    page.keyboard.press("Tab")  # the chart's own button
    page.keyboard.press("Tab")
    expect(
        page.locator(".st-key-card-kon").get_by_role("link", name="Kopiera länk")
    ).to_be_focused()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()

    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    said = page.get_by_test_id("stPopoverBody")
    expect(said).to_contain_text("För få svar: Psykiskt våld (Män)")
    expect(said).to_contain_text(FEW)
    expect(said).to_contain_text("Under")

    page.keyboard.press("Escape")
    expect(said).to_have_count(0)
    expect(button).to_be_focused()


def test_a_hidden_card_and_a_hidden_selection_explain_themselves(
    server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/kon?region=08")
    why(page, "kon").click()
    said = page.get_by_test_id("stPopoverBody")
    expect(said).to_contain_text("Visas inte: färre än 20 svar")
    page.keyboard.press("Escape")
    expect(said).to_have_count(0)
    page = open_page(f"{server}/utsatthet?region=08")
    together = "minst 100 som har svarat på båda, och minst 20 i varje grupp"
    expect(page.get_by_text(together).first).to_be_visible()
    said = page.get_by_test_id("stPopoverBody")
    page.get_by_role("button", name="Varför visas inte svaren?").click()
    expect(said).to_contain_text("Alla svarande i Region Kalmar län")


def test_a_card_that_shows_everything_has_nothing_to_explain(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon")
    expect(card(page, "kon").get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(why(page, "kon")).to_have_count(0)


def test_grey_filters_say_what_would_open_them(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/utsatthet?federation=halland")
    button = page.get_by_role("button", name="Varför är filtren grå?")
    button.focus()
    page.keyboard.press("Enter")
    said = page.get_by_test_id("stPopoverBody")
    expect(said).to_contain_text("Förbund × ålder blir 200 grupper")
    expect(said).to_contain_text(re.compile(r"öppnas vid ca\s5\s000 svar"))
    page.keyboard.press("Escape")
    expect(said).to_have_count(0)
    expect(button).to_be_focused()

    page.get_by_role("button", name="Rensa urvalet").click()
    expect(button).to_have_count(0)


def test_one_still_leaves_in_one_click_while_an_explanation_is_open(
    server: str, open_page: Open, foreign: list[str]
) -> None:
    page = open_page(f"{server}/kon?federation=sofint")
    page.context.route("https://www.smhi.se/**", lambda route: route.fulfill(body="Vackert"))
    why(page, "kon").click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    page.get_by_role("link", name="Lämna sidan snabbt").click()
    expect(page.get_by_text("Vackert")).to_be_visible()
    foreign.clear()


def test_the_call_beside_a_table_opens_the_same_figures(server: str, open_page: Open) -> None:
    page = open_page(f"{server}/kon?region=17")
    gender = card(page, "kon")
    gender.get_by_text("Tabell och filer").click()
    call = gender.get_by_role("link", name="/api/v1/women-and-men?region=17")
    with page.context.expect_page() as opened:
        call.click()
    expect(opened.value).to_have_url(f"{server}/api/v1/women-and-men?region=17")
    answer = page.request.get(opened.value.url).json()
    first = answer["rows"][0]["women"]["share"]
    expect(gender.get_by_test_id("stTable")).to_contain_text(f"{first}\N{NO-BREAK SPACE}%")
