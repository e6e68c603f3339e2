"""The page that compares federations: the funnel's names, the rug's order, a phone and a screen."""

from collections.abc import Callable, Sequence
from itertools import combinations

import pytest
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
Box = tuple[float, float, float, float]

NAMES = """chart => [...chart.querySelectorAll("svg text")]
    .filter(text => text.style.fontWeight === "600" || text.getAttribute("font-weight") === "600")
    .filter(text => text.getBoundingClientRect().width > 1)
    .map(text => {
        const box = text.getBoundingClientRect();
        return [text.textContent, box.left, box.top, box.right, box.bottom];
    })"""
"""What is written in bold in a chart, with where it stands."""

STAND = """(chart, texts) => {
    const drawn = [...chart.querySelectorAll("svg text")];
    return texts.map(text => {
        const box = drawn.find(one => one.textContent === text).getBoundingClientRect();
        return [box.left, box.top, box.right, box.bottom];
    });
}"""
"""Where each text stands in a chart for the first time."""


def chart(page: Page, card: str) -> Locator:
    return page.locator(f".st-key-card-{card}").get_by_test_id("stVegaLiteChart")


def ask(page: Page, question: str) -> None:
    page.get_by_role("combobox", name="Fråga i tratten").click()
    page.get_by_role("option", name=question).click()


def named(found: Locator) -> dict[str, Box]:
    """The names in the funnel; each is drawn twice in one place, for its halo."""
    return {name: tuple(box) for name, *box in found.evaluate(NAMES)}


@pytest.mark.parametrize("width", [1440, 360])
def test_the_funnel_follows_the_question_and_its_names_do_not_overlap(
    width: int, server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/jamfor", viewport={"width": width, "height": 900})
    funnel = chart(page, "tratt")
    for question in ("Sexuellt våld", "Bevittnat våld under uppväxten", "Psykiskt våld"):
        ask(page, question)
        heading = page.get_by_role("heading", name=f"{question}: två förbund ligger över")
        expect(heading).to_be_visible()
        expect(funnel.get_by_text("Skaraborg").first).to_be_visible()
        expect(funnel.get_by_text("99,8").first).to_be_visible()
        found = named(funnel)
        assert len(found) >= 4
        for (_, one), (_, other) in combinations(found.items(), 2):
            assert apart(one, other), (question, found)
        frame = funnel.bounding_box()
        assert frame
        for name, (left, _, right, _) in found.items():
            assert left >= frame["x"], name
            assert right <= frame["x"] + frame["width"], name


def apart(one: Box, other: Box) -> bool:
    """Whether two rectangles do not overlap."""
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def stand(rug: Locator, texts: Sequence[str]) -> dict[str, Box]:
    """Where texts stand for the first time, all at one moment: charts above may still be drawn."""
    found = rug.evaluate(STAND, list(texts))
    return {text: tuple(box) for text, box in zip(texts, found, strict=True)}


def from_the_top(rug: Locator, names: Sequence[str]) -> Sequence[str]:
    """Names of federations in the order in which they stand."""
    boxes = stand(rug, names)
    return sorted(names, key=lambda name: boxes[name][1])


@pytest.mark.parametrize("width", [1440, 390])
def test_the_rug_can_be_ordered_and_take_account_of_gender(
    width: int, server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/jamfor", viewport={"width": width, "height": 900})
    rug = chart(page, "matta")
    some = ("Skaraborg", "Falun", "Halland", "Örebro - Lekeberg")
    expect(rug.get_by_text("Skaraborg", exact=True)).to_be_visible()
    assert from_the_top(rug, some) == ["Falun", "Halland", "Skaraborg", "Örebro - Lekeberg"]

    page.get_by_role("radio", name="Antal svar").click()
    expect(rug.get_by_text("Västra Götalandsregionen")).to_have_count(0)
    page.wait_for_function(
        """() => {
            const texts = [...document.querySelectorAll(".st-key-card-matta svg text")];
            const at = name => texts.find(one => one.textContent === name);
            const top = name => at(name)?.getBoundingClientRect().top;
            return top("Skaraborg") < top("Halland") && top("Halland") < top("Falun");
        }"""
    )
    assert from_the_top(rug, some) == ["Skaraborg", "Halland", "Örebro - Lekeberg", "Falun"]

    page.get_by_role("radio", name="Region").click()
    expect(rug.get_by_text("Västra Götalandsregionen")).to_be_visible()
    region = ("Region Halland", "Halland", "Västra Götalandsregionen", "Skaraborg")
    assert from_the_top(rug, region) == list(region)

    page.get_by_text("Hänsyn till kön", exact=True).click()
    expect(page.get_by_role("heading", name="Med hänsyn till kön")).to_be_visible()
    expect(page.locator(".st-key-card-matta")).to_contain_text("direkt standardisering")


@pytest.mark.parametrize(("width", "beside"), [(1440, True), (390, False)])
def test_a_federation_s_name_stands_beside_its_cells_or_above_them(
    width: int, beside: bool, server: str, open_page: Open
) -> None:
    page = open_page(f"{server}/jamfor", viewport={"width": width, "height": 900})
    rug = chart(page, "matta")
    head = "Psykiskt våld" if beside else "1  Psykiskt våld"
    expect(rug.get_by_text(head, exact=True)).to_be_visible()
    boxes = stand(rug, ["Falun", ".."])
    _, top, right, bottom = boxes["Falun"]
    cell_left, cell_top, _, cell_bottom = boxes[".."]
    on_one_line = abs(top + bottom - cell_top - cell_bottom) / 2 < 8
    assert on_one_line == beside
    assert right < cell_left or bottom <= cell_top

    rug.get_by_text("..", exact=True).first.click()
    explained = page.locator(".st-key-card-matta").get_by_role("status")
    expect(explained).to_contain_text("För få svar: Falun (Psykiskt våld)")
