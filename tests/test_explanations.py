"""What is not shown says which rule keeps it back and what would show it, and nothing more."""

import re
from pathlib import Path

import pytest
from conftest import MakeRelease
from pages_under_test import ADDRESSES, Visit, filters, visit
from streamlit.testing.v1 import AppTest

from fovdata import wording
from fovdata.charts import dots
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Exhibit, estimates_table
from fovdata.charts.theme import LIGHT
from fovdata.dashboard import explaining
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures import explanations
from fovdata.figures.estimates import Cell, Estimate, estimate
from fovdata.figures.release import NotOffered, Release
from fovdata.rules import RULES, Status
from fovdata.selection import Selection

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, HANDING_IN, *_ = PAGES

FALUN = Selection(federation=("falun",))
TWO_AGES = Selection(age=("25-34", "35-44"))
HIDDEN = Estimate(Status.HIDDEN)

every_address = pytest.mark.parametrize("address", ADDRESSES)
page_of_answers = pytest.mark.parametrize("page", [GENDER, EXPOSURE], ids=lambda page: page.file)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("selection", [Selection(), FALUN, TWO_AGES])
def test_a_hidden_value_says_the_same_however_few_have_answered(selection: Selection) -> None:
    none, some, almost = (
        estimate(Cell(n, y, len(selection.age) or 1), RULES)
        for n, y in ((0, 0), (7, 3), (RULES.show - 1, 9))
    )
    assert none == some == almost == HIDDEN
    said = explanations.hidden(RULES, selection)
    assert said.why.startswith("Visas inte: färre än 20 svar")


def test_a_sum_is_hidden_for_one_of_two_reasons_and_does_not_say_which() -> None:
    few = estimate(Cell(RULES.show - 1, 9, draws=2), RULES)
    says_nothing = estimate(Cell(RULES.show, RULES.code - 1, draws=2), RULES)
    assert few == says_nothing == HIDDEN
    assert "en gräns för hela summan" in explanations.hidden(RULES, TWO_AGES).why
    assert "en gräns" not in explanations.hidden(RULES, FALUN).why


@pytest.mark.parametrize(
    ("y", "few", "from_the_top"), [(2, "svarat Ja", False), (38, "svarat Nej", True)]
)
def test_a_limit_says_whose_answers_are_few_and_where_it_comes_from(
    y: int, few: str, from_the_top: bool
) -> None:
    limit = estimate(Cell(40, y, draws=1), RULES).limit
    assert limit
    why = plain(explanations.coded(limit, RULES, FALUN).why)
    assert f"färre än 5 har {few}" in why
    assert ("100 % minus det största bruset" in why) == from_the_top
    assert "det största bruset (8, mer där flera antal räknas ihop)" in why


@pytest.mark.parametrize(
    ("selection", "way"),
    [
        (Selection(), "Fler svar i en kommande utgåva."),
        (FALUN, "Välj flera förbund tillsammans, hela regionen eller inget filter, eller vänta på"),
        (
            Selection(gender=("kvinna",)),
            "Välj båda könen eller inget filter, eller vänta på fler svar",
        ),
        (Selection(gender=("annat",)), "Fler svar i en kommande utgåva."),
    ],
)
def test_what_would_show_a_value_is_a_larger_group_or_more_answers(
    selection: Selection, way: str
) -> None:
    assert explanations.hidden(RULES, selection).opens.startswith(way)


def test_two_questions_together_do_not_send_a_reader_to_sums_that_are_hidden_too() -> None:
    reason = explanations.two_questions(RULES)
    assert "är flera valda: minst 100 i vart och ett" in reason
    way = "Välj hela regionen eller inget filter, eller vänta på fler svar"
    assert explanations.hidden(RULES, FALUN, reason).opens.startswith(way)
    way = "Välj inget filter, eller vänta på fler svar"
    assert explanations.hidden(RULES, TWO_AGES, reason).opens.startswith(way)


def test_the_third_answer_says_that_it_is_shown_for_the_whole_country_only() -> None:
    why = explanations.hidden(RULES, Selection(gender=("annat",))).why
    assert "bara för hela landet" in why


@pytest.mark.parametrize(
    ("filtered", "split", "groups", "opens"),
    [
        (("federation", "age"), (), "Förbund × ålder blir 200 grupper", "ca 5 000 svar"),
        (("federation", "period"), (), "År × förbund blir 160 grupper", "ca 4 000 svar"),
        (("region", "age"), ("gender",), "Region × kön × ålder blir 170 grupper", "ca 17 000 svar"),
        # A federation lies within its region.
        (
            ("region", "federation", "age"),
            ("gender",),
            "Förbund × kön × ålder blir 400",
            "ca 40 000",
        ),
    ],
)
def test_a_combination_says_from_how_many_answers_it_opens(
    filtered: tuple[str, ...], split: tuple[str, ...], groups: str, opens: str, release: Release
) -> None:
    said = explanations.combination(release, filtered, split, at_once=1)
    assert plain(said.why).startswith(groups)
    assert f"öppnas vid {opens}" in plain(said.opens)
    assert "i dag är det ca 2 200 svar" in plain(said.opens)


PEOPLE = """
times age_band authority
   30 25-34    fk
   30 35-44    af
"""


def test_a_combination_opens_at_the_number_that_is_said(make_release: MakeRelease) -> None:
    # 5 ages and 4 authorities are 20 groups, of 25 each.
    release = make_release(PEOPLE, mean_cell_2=25)
    assert not release.offers(("age", "authority"))
    said = explanations.combination(release, ("age", "authority"), (), at_once=2)
    assert "öppnas vid ca 500 svar" in plain(said.opens)
    sizes = {d: len(codes) for d, codes in release.categories.items()}
    assert release.rules.offers(("age", "authority"), 500, sizes)
    assert not release.rules.offers(("age", "authority"), 499, sizes)


THREE_YEARS = """
times year federation
   40 2022 halland
   30 2021 halland
   10 2020 falun
"""
"""80 answers: with 40 federations, 1 in each of 80 groups and less than 1 in each of 120."""


def test_a_federation_s_year_opens_first_as_the_latest_and_all_before_it(
    make_release: MakeRelease,
) -> None:
    release = make_release(THREE_YEARS, mean_cell_2=2)
    said = explanations.combination(release, ("federation", "period"), (), at_once=2)
    assert plain(said.why).startswith("År × förbund blir 120 grupper")
    assert "öppnas vid ca 240 svar" in plain(said.opens)
    assert "åren före tillsammans, öppnas redan vid ca 160 svar" in plain(said.opens)
    assert "ca 160 svar i hela landet, i dag är det ca 80" in plain(
        explanations.latest_year(release)
    )
    other = explanations.combination(release, ("age", "authority"), (), at_once=2)
    assert "Senaste året" not in other.opens


@pytest.mark.parametrize("years", [1, 2])
def test_two_years_or_one_open_at_once(years: int, make_release: MakeRelease) -> None:
    text = "\n".join(THREE_YEARS.splitlines()[: 2 + years])
    said = explanations.combination(
        make_release(text, mean_cell_2=25), ("federation", "period"), (), at_once=2
    )
    assert "Senaste året" not in said.opens


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (THREE_YEARS, False),
        (f"{THREE_YEARS}40 2022 falun", False),
        ("times year federation\n40 2022 halland", True),
    ],
    ids=["the latest year and all before it", "every year", "one year, which is offered"],
)
def test_a_hidden_latest_year_has_its_reason_only_where_it_is_not_offered(
    text: str, hidden: bool, make_release: MakeRelease
) -> None:
    release = make_release(text)
    assert release.offers(("period", "federation"))
    reason = explanations.latest_year(release)
    assert bool(reason) == hidden
    assert not reason or "öppnas när svaren är från flera år" in reason


def test_who_is_sent_to_the_api_is_told_which_of_a_federation_s_years_are_there(
    make_release: MakeRelease,
) -> None:
    release = make_release(THREE_YEARS)
    assert release.latest_only
    assert "bara förbundens senaste år och alla tidigare år" in explanations.one_at_a_time().opens
    assert release.counts(Selection(federation=("halland",), period=("2022",)))
    assert release.counts(Selection(federation=("halland",), period=("2020", "2021")))
    with pytest.raises(NotOffered):
        release.counts(Selection(federation=("halland",), period=("2021",)))


def test_more_than_three_splits_never_open(release: Release) -> None:
    said = explanations.combination(release, ("age", "authority", "period"), ("gender",), 1)
    assert "aldrig" in said.why
    assert "öppnas" not in said.opens


def exhibit() -> Exhibit:
    """Three rows of women and men, drawn as dots."""
    series = (dots.Series("Kvinnor", "women"), dots.Series("Män", "men"))
    found = {
        "Psykiskt våld": (Estimate(Status.SHOWN, 40, 52, 40, 60), HIDDEN),
        "Fysiskt våld": (Estimate(Status.CODED, 40, limit="<20"), HIDDEN),
        "Sexuellt våld": (HIDDEN, HIDDEN),
    }
    marks = [
        dots.Mark(row, one.name, its)
        for row, both in found.items()
        for one, its in zip(series, both, strict=True)
    ]
    return Exhibit(
        "",
        "",
        dots.specification(3, series, LIGHT),
        dots.data(marks, series),
        estimates_table([({"Fråga": m.row, "Kön": m.series}, m.estimate) for m in marks]),
    )


def test_a_click_finds_what_is_withheld_where_it_was() -> None:
    drawn = exhibit()
    (param,) = drawn.specification["params"]
    assert param["name"] == themes.ASKED
    texts = drawn.data.to_pandas().query("kind in ('hidden', 'coded')")
    found = {}
    for _, mark in texts.iterrows():
        place = {field: mark[field] for field in param["select"]["fields"]}
        found[mark["value_y"]] = [one.names for one in drawn.withheld_at(place)]
    assert [*found.values()] == [
        [("Psykiskt våld", "Män")],
        [("Fysiskt våld", "Kvinnor")],
        [("Fysiskt våld", "Män")],
        [("Sexuellt våld", "Kvinnor"), ("Sexuellt våld", "Män")],
    ]


def test_values_with_the_same_explanation_stand_together() -> None:
    drawn = exhibit()
    said = explaining.of_values(drawn.table.withheld, drawn, RULES, Selection())
    assert [plain(what) for what in said] == [
        "För få svar: Psykiskt våld (Män), Fysiskt våld (Män), Sexuellt våld (Kvinnor, Män)",
        "Under 20 %: Fysiskt våld (Kvinnor)",
    ]


def explained(seen: Visit, card: str) -> str:
    """What the button of a card says; empty if there is none."""
    return "\n".join(
        text.value for text in seen.cards[card].markdown if "Så kan det visas" in text.value
    )


@every_address
@page_of_answers
def test_every_card_explains_what_its_table_does_not_show(
    page: Page, address: str, releases: Path
) -> None:
    seen = visit(releases, page, address)
    for name, card in seen.cards.items():
        cells = [str(cell) for table in card.table for cell in table.value.to_numpy().flat]
        withheld = [c for c in cells if c == wording.HIDDEN or re.match("(under|över) ", c)]
        assert bool(explained(seen, name)) == bool(withheld), name


@every_address
@page_of_answers
def test_every_grey_filter_is_explained(page: Page, address: str, releases: Path) -> None:
    app = visit(releases, page, address).app
    grey = [drawn.label for drawn in filters(app) if drawn.closed]
    said = "\n".join(text.value for text in app.sidebar.markdown)
    named = ", ".join(re.findall(r"^\*\*(.*)\*\*  $", said, re.MULTILINE))
    assert sorted(named.split(", ")) == sorted(grey or [""])


@pytest.mark.parametrize(
    ("page", "address", "said"),
    [
        (EXPOSURE, "two filters", "delar redan upp svaren"),
        (EXPOSURE, "a federation in its region", "delar redan upp svaren"),
        (GENDER, "two filters", "öppnas vid ca"),
    ],
)
def test_two_filters_are_explained_instead_of_the_page(
    page: Page, address: str, said: str, releases: Path
) -> None:
    app = visit(releases, page, address).app
    (explained,) = [t.value for t in app.main.markdown if "Så kan det visas" in t.value]
    assert said in plain(explained)


def test_a_grey_filter_is_explained_together_with_what_is_chosen(releases: Path) -> None:
    app = visit(releases, EXPOSURE, "a federation over 100").app
    said = "\n".join(plain(text.value) for text in app.sidebar.markdown)
    assert "**Ålder**  \nFörbund × ålder blir 200 grupper" in said
    assert ", Kön**  \nSidan följer ett filter i taget" in said


def test_a_selection_under_20_says_why_above_the_cards(releases: Path) -> None:
    for address in ("a federation under 20", "no filter"):
        seen = visit(releases, EXPOSURE, address)
        said = [text.value for text in seen.app.main.markdown]
        found = any(text.startswith("**Alla svarande i Falun**  \nVisas inte:") for text in said)
        assert found == (address == "a federation under 20")


def search_falun(app: AppTest) -> None:
    app.selectbox(key="kommun").select("2080")


def test_a_municipality_without_answers_to_show_says_why(releases: Path) -> None:
    said = explained(visit(releases, COVERAGE, "no filter", search_falun), "kommun")
    assert "**Falun**" in said
    assert "färre än 20 svar från förbundet, eller inga alls" in said


def test_a_region_with_too_few_answers_says_why(releases: Path) -> None:
    said = explained(visit(releases, COVERAGE, "no filter"), "tathet")
    assert "För få svar: Region Kalmar län" in said


def show_where_answers_are(app: AppTest) -> None:
    app.segmented_control(key="lager").set_value("Svar kan visas")


def test_the_map_of_answers_explains_its_paler_municipalities(releases: Path) -> None:
    assert not explained(visit(releases, COVERAGE, "no filter"), "karta")
    seen = visit(releases, COVERAGE, "no filter", show_where_answers_are)
    assert "Med, men svaren är för få att visa" in explained(seen, "karta")
