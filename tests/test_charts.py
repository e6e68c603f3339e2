"""What a card claims in its title, what it draws where little can be shown, and its colours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from itertools import combinations, product
from typing import Any

import pytest

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import (
    differences,
    dots,
    exposure,
    gender,
    hundred,
    lanes,
    ratios,
    respondents,
    theme,
    times,
)
from fovdata.charts.dots import Mark, Series
from fovdata.charts.exhibit import Exhibit
from fovdata.charts.lanes import Row
from fovdata.charts.theme import DARK, LIGHT, Theme
from fovdata.figures.estimates import Difference, Estimate, Ratio
from fovdata.figures.shares import Share, WomenAndMen
from fovdata.figures.together import Adjusted, Witnessed
from fovdata.registry import Registry
from fovdata.rules import RULES, Status
from fovdata.selection import Selection

HIDDEN = Estimate(Status.HIDDEN)
UNDER = Estimate(Status.CODED, 30, limit="<30")
NOT_COMPARED = Difference(Status.HIDDEN)
NO_RATIO = Ratio(Status.HIDDEN)
TWICE = Ratio(Status.SHOWN, 2.0, 1.6, 2.5)
HIGHER, LOWER = Difference(Status.SHOWN, 20, 10, 30), Difference(Status.SHOWN, -20, -30, -10)
UNCERTAIN = Difference(Status.SHOWN, 2, -8, 12)


def shown(share: int, low: int | None = None, high: int | None = None, n: int = 100) -> Estimate:
    """A share whose interval is five points to either side, unless said."""
    ends = (share - 5 if low is None else low, share + 5 if high is None else high)
    return Estimate(Status.SHOWN, n, share, *ends)


def by_question(*estimates: Estimate, **group: str) -> list[Share]:
    questions = form.QUESTIONS[: len(estimates)]
    return [Share(q.code, group, one) for q, one in zip(questions, estimates, strict=True)]


def women_and_men(*found: Difference) -> list[WomenAndMen]:
    """Rows whose shares are shown where they can be compared; else women's alone."""
    return [
        WomenAndMen(q.code, shown(50), shown(30) if row.points is not None else HIDDEN, row)
        for q, row in zip(form.QUESTIONS[: len(found)], found, strict=True)
    ]


@pytest.mark.parametrize(
    ("found", "title"),
    [
        ([HIGHER, HIGHER], "Kvinnor svarar oftare Ja än män på alla två frågor"),
        ([HIGHER, UNCERTAIN, LOWER], "Kvinnor svarar oftare Ja än män på en av tre frågor, män"),
        ([LOWER, UNCERTAIN], "Män svarar oftare Ja än kvinnor på en av två frågor"),
        ([HIGHER, UNCERTAIN, NOT_COMPARED], "på en av två frågor som går att jämföra"),
        ([HIGHER, NOT_COMPARED], "på den enda fråga som går att jämföra"),
        ([UNCERTAIN, UNCERTAIN], "Ingen säker skillnad mellan kvinnor och män"),
        ([UNCERTAIN, NOT_COMPARED], "kvinnor och män på de frågor som går att jämföra"),
        ([NOT_COMPARED, NOT_COMPARED], "För få svar för att jämföra kvinnor och män"),
    ],
)
def test_women_and_men_are_said_to_differ_of_what_can_be_compared(
    found: Sequence[Difference], title: str
) -> None:
    assert title in gender.dumbbells(women_and_men(*found), LIGHT).title


@pytest.mark.parametrize(
    ("found", "title"),
    [
        ([HIGHER, UNCERTAIN, LOWER], "är säker för två av tre frågor"),
        ([HIGHER, NOT_COMPARED, UNCERTAIN], "är säker för en av två frågor som går att jämföra"),
        ([UNCERTAIN], "Ingen säker skillnad"),
        ([NOT_COMPARED], "För få svar för att jämföra kvinnor och män"),
    ],
)
def test_a_difference_is_certain_for_some_of_what_can_be_compared(
    found: Sequence[Difference], title: str
) -> None:
    exhibit = gender.difference(women_and_men(*found), LIGHT)
    assert title in exhibit.title
    assert exhibit.empty == (found == [NOT_COMPARED])
    assert exhibit.reason == "Visas inte: en skillnad kräver att båda andelarna visas"


def test_a_title_names_the_selection() -> None:
    found = women_and_men(NOT_COMPARED)
    title = "Skaraborg: för få svar för att jämföra kvinnor och män"
    assert gender.dumbbells(found, LIGHT, selection="Skaraborg").title == title


@pytest.mark.parametrize(
    ("selection", "name"),
    [
        (Selection(), ""),
        (Selection(region=("17",)), "Region Värmland"),
        (Selection(federation=("falun",), period=("2022",)), "2022 och Falun"),
        (Selection(period=("2020", "2021", "2022")), "Urvalet"),
    ],
)
def test_a_selection_has_a_short_name(selection: Selection, name: str, registry: Registry) -> None:
    assert selection.short(registry) == name


def test_counts_up_to_twelve_stand_in_words() -> None:
    assert [wording.in_words(count) for count in (1, 12, 13)] == ["en", "tolv", "13"]


def ages(women: Sequence[Estimate], men: Sequence[Estimate]) -> list[Share]:
    return [
        Share("q1", {"gender": code, "age": band.code}, estimate)
        for code, estimates in ((form.WOMEN.code, women), (form.MEN.code, men))
        for band, estimate in zip(form.AGE_BANDS, estimates, strict=True)
    ]


def test_women_are_said_to_be_higher_in_all_ages_only_if_no_interval_meets_the_men_s() -> None:
    higher = [shown(50)] * 5
    claim = "Psykiskt våld: kvinnor svarar oftare Ja än män i alla åldrar"
    assert gender.by_age(ages(higher, [shown(30)] * 5), "q1", LIGHT).title == claim
    for one in (shown(45, high=46), HIDDEN):
        some = [shown(30)] * 4 + [one]
        assert gender.by_age(ages(higher, some), "q1", LIGHT).title == "Psykiskt våld efter ålder"


def test_a_question_is_called_the_most_common_only_if_its_interval_stands_above_all_others() -> (
    None
):
    def title(*estimates: Estimate) -> str:
        return exposure.questions(by_question(*estimates), LIGHT).title

    assert title(shown(44), shown(30)) == "Psykiskt våld är vanligast, 44\u00a0% har svarat Ja"
    neutral = "44\u00a0% har svarat Ja på frågan om psykiskt våld"
    assert title(shown(44), shown(36)) == neutral
    assert title(shown(44), shown(30), HIDDEN) == neutral


def test_a_selection_stands_beside_the_country_by_its_name() -> None:
    country, own = by_question(shown(44), shown(30)), by_question(shown(60), HIDDEN)
    exhibit = exposure.questions(country, LIGHT, own, "Skaraborg")
    assert set(exhibit.data.to_pandas()["series"].dropna()) == {"Skaraborg", "Hela landet"}
    assert exhibit.title == "Skaraborg: 60\u00a0% har svarat Ja på frågan om psykiskt våld"
    assert "Skaraborg: för få svar" in set(exhibit.data.to_pandas()["text"].dropna())


def test_a_selection_that_is_hidden_whole_leaves_the_country_alone() -> None:
    country, own = by_question(shown(44), shown(30)), by_question(HIDDEN, HIDDEN)
    exhibit = exposure.questions(country, LIGHT, own, "Falun")
    assert exhibit.title == "Falun: för få svar att visa; här är hela landet"
    assert set(exhibit.data.to_pandas()["series"].dropna()) == {"Hela landet"}
    assert "för få svar" not in exhibit.alternative.removeprefix(exhibit.title)
    assert "Grupp" not in exhibit.table.shown


def witnessed(*found: Difference) -> list[Witnessed]:
    return [
        Witnessed(q.code, None, shown(60), shown(30), row, TWICE)
        if row.points is not None
        else Witnessed(q.code, None, HIDDEN, HIDDEN, row, NO_RATIO)
        for q, row in zip(form.QUESTIONS[: len(found)], found, strict=True)
    ]


@pytest.mark.parametrize(
    ("found", "title"),
    [
        ([HIGHER, HIGHER], "svarar oftare Ja på alla två övriga frågor"),
        ([HIGHER, UNCERTAIN, NOT_COMPARED], "en av två övriga frågor som går att jämföra"),
        ([LOWER, UNCERTAIN], "svarar mer sällan Ja på en av två övriga frågor"),
        ([UNCERTAIN], "Inget säkert samband"),
        ([NOT_COMPARED], "För få svar för att ställa frågorna mot varandra"),
    ],
)
def test_an_association_is_said_of_what_can_be_compared(
    found: Sequence[Difference], title: str
) -> None:
    exhibit = exposure.witnessed(witnessed(*found), LIGHT, RULES)
    assert title in exhibit.title
    assert exhibit.empty == (found == [NOT_COMPARED])
    assert "minst 100 som har svarat på båda, och minst 20 i varje grupp" in exhibit.reason


@pytest.mark.parametrize(
    ("found", "title"),
    [
        ([HIGHER, HIGHER], "är säker för alla två övriga frågor"),
        ([LOWER, UNCERTAIN, NOT_COMPARED], "en av två övriga frågor som går att jämföra"),
        ([UNCERTAIN], "Inget säkert samband"),
        ([NOT_COMPARED], "För få svar för att ställa frågorna mot varandra"),
    ],
)
def test_the_difference_of_those_who_witnessed_is_certain_for_some(
    found: Sequence[Difference], title: str
) -> None:
    exhibit = exposure.difference(witnessed(*found), LIGHT, RULES)
    assert title in exhibit.title
    assert exhibit.empty == (found == [NOT_COMPARED])
    assert len(exhibit.table.withheld) == found.count(NOT_COMPARED)
    assert "att båda andelarna visas, inte bara som gräns" in exhibit.reason


HALF = Ratio(Status.SHOWN, 0.5, 0.3, 0.8)
THRICE = Ratio(Status.SHOWN, 3.0, 2.0, 4.5)
NEARLY = Ratio(Status.SHOWN, 1.4, 1.0, 1.8)


def adjusted(*found: Ratio, p: float | None = 0.5) -> list[Adjusted]:
    return [
        Adjusted(q.code, one, one, p)
        for q, one in zip(form.QUESTIONS[: len(found)], found, strict=True)
    ]


def with_ratios(*found: Ratio) -> list[Witnessed]:
    rows = witnessed(*[NOT_COMPARED] * len(found))
    return [replace(row, ratio=one) for row, one in zip(rows, found, strict=True)]


def ratio_card(country: Sequence[Ratio], own: Sequence[Ratio] = (), selection: str = "") -> Exhibit:
    of_gender = with_ratios(*country)
    found = with_ratios(*own)
    return ratios.witnessed(
        adjusted(*country), of_gender, of_gender, LIGHT, RULES, found, selection
    )


@pytest.mark.parametrize(
    ("found", "title"),
    [
        (
            [TWICE, TWICE],
            "Också inom samma kön svarar de som bevittnat våld Ja 2,0 gånger så ofta på ",
        ),
        ([TWICE, THRICE], "Ja 2,0–3,0 gånger så ofta på alla två övriga frågor"),
        ([TWICE, NEARLY, NO_RATIO], "en av två övriga frågor som går att jämföra"),
        ([HALF, NEARLY], "bevittnat våld Ja 0,5 gånger så ofta på en av två övriga frågor"),
        ([NEARLY], "Inget säkert samband inom samma kön"),
        ([NO_RATIO], "Hur många gånger så ofta"),
    ],
)
def test_a_ratio_is_called_higher_only_if_its_interval_leaves_1_out(
    found: Sequence[Ratio], title: str
) -> None:
    exhibit = ratio_card(found)
    assert title in exhibit.title
    assert exhibit.empty == (found == [NO_RATIO])


def test_a_selection_s_ratio_is_what_the_title_speaks_of() -> None:
    exhibit = ratio_card([TWICE, TWICE], [NEARLY, TWICE], "Skaraborg")
    title = (
        "Skaraborg: de som bevittnat våld svarar Ja 2,0 gånger så ofta på en av två övriga frågor"
    )
    assert exhibit.title == title
    assert next(iter(exhibit.data.to_pandas()["series"].dropna())) == "Skaraborg"
    assert exhibit.beside == "bredvid: hela landet"


def test_a_selection_without_any_ratio_leaves_the_country_alone() -> None:
    exhibit = ratio_card([TWICE], [NO_RATIO], "Falun")
    assert exhibit.title == "Falun: för få svar för att jämföra; här är hela landet"
    assert "Falun" not in set(exhibit.data.to_pandas()["series"])
    assert not exhibit.table.withheld


def test_women_who_are_chosen_are_not_drawn_twice() -> None:
    exhibit = ratio_card([TWICE], [TWICE], "Kvinnor")
    assert exhibit.table.shown["Grupp"].tolist() == [
        *("Hela landet", "Justerat för kön", "Kvinnor", "Män")
    ]


def test_a_hidden_ratio_is_said_in_words_and_has_no_value() -> None:
    exhibit = ratio_card([TWICE, NO_RATIO])
    hidden = exhibit.data.to_pandas().query("kind == 'hidden'")
    assert hidden["text"].tolist() == ["för få svar"] * 4
    assert hidden[["ratio", "ratio_low", "ratio_high", "certain", "tip"]].isna().all(axis=None)
    file = exhibit.table.file.set_index("status").loc["visas inte"]
    assert file[["kvot", "kvot_lägst_95", "kvot_högst_95"]].isna().all(axis=None)
    assert [one.names[0] for one in exhibit.table.withheld] == ["Fysiskt våld"] * 4


def test_the_axis_of_ratios_holds_every_interval_between_powers_of_two() -> None:
    wide = Ratio(Status.SHOWN, 9.2, 2.8, 30.4)
    assert ratios.bounds([]) == ratios.bounds([NO_RATIO, TWICE]) == (0.5, 4)
    assert ratios.bounds([TWICE, wide]) == (0.5, 32)
    assert ratios.bounds([HALF]) == (0.25, 4)


@pytest.mark.parametrize(
    ("p", "said", "in_table"),
    [
        (0.5, "Inget säkert tecken på att kvinnors och mäns samband skiljer sig åt", "0,50"),
        (0.05, "Inget säkert tecken", "0,05"),
        (0.04, "samband säkert åt för psykiskt våld och fysiskt våld (test av odds", "0,04"),
        (0.0, "Mätt som oddskvoter skiljer sig", "under 0,01"),
        (None, "går inte att pröva: för få svar", ""),
    ],
)
def test_genders_are_said_to_differ_only_if_the_test_says_so(
    p: float | None, said: str, in_table: str
) -> None:
    found = adjusted(TWICE, TWICE, p=p)
    assert said in ratios.note(found)
    rows = with_ratios(TWICE, TWICE)
    table = ratios.witnessed(found, rows, rows, LIGHT, RULES).table.shown
    assert table["p, kvinnor och män"].tolist() == ["", in_table, "", ""] * 2


def test_where_odds_ratios_differ_the_ratios_of_the_chart_are_not_said_to() -> None:
    # Women's shares are 80 and 40 per cent, men's 40 and 20: both ratios are 2,0, and the odds
    # ratios 6 and 2,7.
    warning = "Kvoterna i diagrammet är av andelar och kan ändå vara lika."
    assert ratios.note(adjusted(TWICE, p=0.0)).endswith(warning)
    assert warning not in ratios.note(adjusted(TWICE, p=0.5))


def hundred_of(yes: Estimate, no: Estimate, row: Difference = HIGHER) -> Exhibit:
    return hundred.witnessed(Witnessed("q1", None, yes, no, row, NO_RATIO), LIGHT, RULES)


def figures(exhibit: Exhibit) -> dict[str, tuple[int, int]]:
    """By panel, how many figures there are, and how many of them are filled."""
    drawn = exhibit.data.to_pandas().query("kind == 'figure'")
    return {
        str(series): (len(group), int(group["filled"].sum()))
        for series, group in drawn.groupby("series")
    }


def test_of_a_hundred_figures_so_many_are_filled_as_answered_ja() -> None:
    exhibit = hundred_of(shown(66), shown(29))
    assert figures(exhibit) == {
        "Har bevittnat våld": (100, 66),
        "Har inte bevittnat våld": (100, 29),
    }
    assert exhibit.title == (
        "Av 100 som bevittnat våld har 66 svarat Ja på frågan om psykiskt våld, "
        "av 100 som inte gjort det 29"
    )
    places = exhibit.data.to_pandas().query("kind == 'figure'")[["x", "y"]]
    assert len(places.drop_duplicates()) == 200


def test_the_difference_and_the_ratio_stand_in_words_as_far_as_they_are_shown() -> None:
    both = Witnessed("q1", None, shown(66), shown(29), HIGHER, TWICE)
    assert hundred.note(both).endswith(
        "Skillnaden är +20 procentenheter (+10 till +30) och de som bevittnat våld svarar Ja "
        "2,0 gånger så ofta (1,6–2,5)."
    )
    assert hundred.note(replace(both, ratio=NO_RATIO)).endswith("(+10 till +30).")
    nothing = replace(both, difference=NOT_COMPARED, ratio=NO_RATIO)
    assert hundred.note(nothing).strip().endswith("hur osäkra talen är.")


def test_a_difference_that_may_be_chance_is_not_told_as_one() -> None:
    assert hundred_of(shown(31), shown(29), UNCERTAIN).title.endswith("skillnaden är inte säker")


def test_a_limit_has_words_and_no_figures() -> None:
    exhibit = hundred_of(shown(66), UNDER, NOT_COMPARED)
    assert figures(exhibit) == {"Har bevittnat våld": (100, 66)}
    (words,) = exhibit.data.to_pandas().query("kind == 'coded'").to_dict("records")
    assert words["text"] == "under 30\u00a0%"
    assert exhibit.title.endswith("av 100 som inte gjort det under 30")
    assert "under 30, inga figurer" in exhibit.alternative


def test_a_hidden_side_has_no_figures_and_two_hidden_sides_no_chart() -> None:
    exhibit = hundred_of(shown(66), HIDDEN, NOT_COMPARED)
    assert figures(exhibit) == {"Har bevittnat våld": (100, 66)}
    assert exhibit.hides
    assert not exhibit.empty
    nothing = hundred_of(HIDDEN, HIDDEN, NOT_COMPARED)
    assert figures(nothing) == {}
    assert nothing.empty
    assert nothing.title == "För få svar på frågan om psykiskt våld för att räkna på hundra"


def test_first_and_repeat_forms_differ_only_where_their_intervals_do_not_meet() -> None:
    def title(*repeat: Estimate) -> str:
        first = by_question(*[shown(40)] * len(repeat), forms="first")
        return times.first_and_repeat([*first, *by_question(*repeat, forms="repeat")], LIGHT).title

    assert title(shown(42), shown(50)).endswith("intervallen går omlott på alla två frågor")
    assert title(shown(42), shown(60)).endswith("skiljer sig säkert åt på en av två frågor")
    assert title(HIDDEN, HIDDEN).startswith("För få upprepade formulär")


def test_a_latest_year_differs_only_where_its_interval_does_not_meet_the_earlier() -> None:
    def title(*earlier: Estimate, years: tuple[str, ...] = ("2020", "2021", "2022")) -> str:
        latest = by_question(*[shown(40)] * len(earlier), years="latest")
        before = by_question(*earlier, years="earlier")
        return times.latest_and_earlier([*latest, *before], years, LIGHT, "Halland").title

    assert title(shown(42), shown(43)) == (
        "Halland: ingen tydlig skillnad mellan 2022 och 2020–2021; "
        "intervallen går omlott på alla två frågor"
    )
    assert title(shown(42), shown(60)) == (
        "Halland: 2022 skiljer sig säkert från 2020–2021 på en av två frågor"
    )
    assert title(HIDDEN, years=("2022",)) == (
        "Halland: för få svar från tidigare år för att jämföra med 2022"
    )


WOMEN, MEN = Series("Kvinnor", "women"), Series("Män", "men")


def drawn(women: Estimate, men: Estimate) -> list[dict[str, object]]:
    marks = [Mark("Psykiskt våld", "Kvinnor", women), Mark("Psykiskt våld", "Män", men)]
    return dots.data(marks, (WOMEN, MEN)).to_pylist()


def test_a_limit_is_drawn_in_words_and_is_not_empty() -> None:
    (words,) = [row for row in drawn(UNDER, shown(30)) if row["kind"] == "coded"]
    assert words["text"] == "Kvinnor: under 30\u00a0%"
    coded = Share("q1", {"gender": form.OTHER_GENDER.code}, UNDER)
    hidden = Share("q1", {"gender": form.OTHER_GENDER.code}, HIDDEN)
    assert not gender.third_answer([coded], LIGHT).empty
    assert gender.third_answer([hidden], LIGHT).empty


def test_words_never_stand_on_the_line_of_a_mark_or_a_value() -> None:
    for women, men in ((shown(65), HIDDEN), (UNDER, shown(50)), (UNDER, HIDDEN), (HIDDEN, HIDDEN)):
        rows = drawn(women, men)
        words = [row["value_y"] for row in rows if row["kind"] in ("hidden", "coded")]
        dots_and_values = [row[y] for row in rows if row["kind"] == "dot" for y in ("y", "value_y")]
        for word, other in (*product(words, dots_and_values), *combinations(words, 2)):
            assert abs(float(str(word)) - float(str(other))) * dots.ROW_HEIGHT > 13
        assert all(float(str(word)) < 0.5 for word in words), "the next row begins there"


def test_when_all_of_a_row_is_hidden_it_is_said_once() -> None:
    assert [row["text"] for row in drawn(HIDDEN, HIDDEN)] == ["Psykiskt våld", "för få svar"]


@pytest.mark.parametrize(
    ("women", "men", "sides"),
    [
        (40, 20, ("centre", "centre")),
        (40, 35, ("right", "left")),
        (40, 40, ("left", "right")),
        (1, 2, ("edge", "beyond")),
        (3, 13, ("edge", "right")),
        (1, 50, ("edge", "centre")),
        (98, 50, ("left", "centre")),
    ],
)
def test_values_stand_clear_of_each_other_and_within_the_chart(
    women: int, men: int, sides: tuple[str, str]
) -> None:
    rows = [row for row in drawn(shown(women), shown(men)) if row["kind"] == "dot"]
    assert tuple(row["side"] for row in rows) == sides


def test_the_axis_of_differences_speaks_of_shares() -> None:
    specification = gender.difference(women_and_men(HIGHER), LIGHT).specification
    title = ["← högre bland män · högre bland kvinnor →", "procentenheter"]
    assert str(title) in str(specification)


def test_a_hidden_difference_is_said_in_words() -> None:
    rows = differences.data([("Psykiskt våld", NOT_COMPARED)])
    assert rows["text"].to_pylist() == ["Psykiskt våld", "för få svar för en jämförelse"]


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of WCAG 2, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


TEXT = {"text", "muted"}
SURFACES = {"surface", "grid", "not_joined", "coverage"}

both_themes = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=lambda colours: colours.name)


@both_themes
def test_every_colour_can_be_told_from_the_surface(colours: Theme) -> None:
    names = {field.name for field in fields(Theme)} - {"name", *SURFACES}
    for name in names:
        needed = 4.5 if name in TEXT else 3
        assert contrast(getattr(colours, name), colours.surface) >= needed, name


@both_themes
def test_text_can_be_read_on_the_first_three_steps_of_blue(colours: Theme) -> None:
    for blue in colours.coverage[:3]:
        assert contrast(colours.text, blue) >= 4.5


@both_themes
def test_who_has_witnessed_and_who_has_not_differ_in_lightness(colours: Theme) -> None:
    assert contrast(colours.witnessed_yes, colours.witnessed_no) >= 2.5


@both_themes
def test_a_chart_s_parts_are_not_read_out_one_by_one(colours: Theme) -> None:
    config = dots.specification(1, (WOMEN, MEN), colours)["config"]
    assert [config[part]["aria"] for part in ("mark", "axis", "legend")] == [False] * 3


def test_no_text_of_a_chart_stands_in_a_series_colour() -> None:
    for specification in (
        dots.specification(1, (WOMEN, MEN), LIGHT),
        differences.specification(1, 30, ("", ""), LIGHT),
        ratio_card([TWICE]).specification,
        hundred_of(shown(66), shown(29)).specification,
    ):
        for layer in specification["layer"]:
            if layer["mark"]["type"] == "text":
                # A withheld value's words darken while they are asked about, within the text's own.
                colour = layer["encoding"].get("color", {"value": LIGHT.text})
                ends = [colour, colour.get("condition", colour)]
                assert {end["value"] for end in ends} <= {LIGHT.text, LIGHT.muted}
                assert layer["mark"].get("color", LIGHT.text) in (LIGHT.text, LIGHT.muted)


def test_the_theme_s_text_is_the_default_of_a_chart() -> None:
    config = dots.specification(1, (WOMEN,), DARK)["config"]
    assert config["text"]["color"] == DARK.text
    assert theme.FONT in config["font"]


@pytest.mark.parametrize(
    "specification",
    [
        partial(dots.specification, 7),
        partial(respondents.specification, 500),
        lambda series, theme: ratios.specification(6, series, (0.5, 4.0), theme),
        lambda series, theme: lanes.specification(
            [Row("Psykiskt våld", [(one, HIDDEN) for one in series])], False, theme
        ),
    ],
    ids=["dots", "respondents", "ratios", "lanes"],
)
def test_a_specification_is_kept_once_whatever_the_selection_is_called(
    specification: Callable[[tuple[Series, ...], Theme], Mapping[str, Any]],
) -> None:
    country = Series("Hela landet", "country")
    first, second = (
        specification((Series(name, "federation"), country), LIGHT) for name in ("Falun", "Halland")
    )
    assert first["config"] is second["config"]
    for name, one in (("Falun", first), ("Halland", second)):
        assert str([name, "Hela landet"]) in str(one)
        assert str(["federation", "country"]) not in str(one)
