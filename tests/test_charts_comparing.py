"""The funnel and the rug: what they claim, what they draw of what is hidden, and in which order."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from test_charts import both_themes, contrast

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import funnel, rug
from fovdata.charts.exhibit import Exhibit
from fovdata.charts.rug import Order
from fovdata.charts.theme import LIGHT, Theme
from fovdata.figures import comparisons
from fovdata.figures.comparisons import Beside, Comparison, Limit, Spread, Verdict
from fovdata.figures.estimates import Difference, Estimate
from fovdata.figures.shares import Answers
from fovdata.registry import Registry
from fovdata.rules import RULES, Status

HIDDEN = Estimate(Status.HIDDEN)
UNDER = Estimate(Status.CODED, 40, limit="<20")
NOT_COMPARED = Difference(Status.HIDDEN)
COUNTRY = Estimate(Status.SHOWN, 2000, 44, 42, 46)
LONGEST = "sollentuna-upplands-vasby-sigtuna"
SLUGS = ("borlange", "halland", "skaraborg", "uppsala-lan", "vasteras", "alv-och-kust", LONGEST)


def shown(share: int, n: int = 100) -> Estimate:
    return Estimate(Status.SHOWN, n, share, max(share - 8, 0), min(share + 8, 100))


def one(
    federation: str,
    own: Estimate,
    verdict: Verdict | None = None,
    outside: Limit | None = None,
    question: str = "q1",
) -> Comparison:
    """A federation's answers to a question; its difference is shown where its share is."""
    points = None if own.share is None else own.share - 44
    apart = NOT_COMPARED
    if points is not None:
        apart = Difference(Status.SHOWN, points, points - 9, points + 9)
    beside = Beside.WHOLE if points is None else Beside.REST
    return Comparison(question, federation, own, HIDDEN, COUNTRY, beside, apart, verdict, outside)


def outside(share: int, n: int) -> Limit | None:
    """The outermost limit that a share lies beyond."""
    return max(
        (
            limit
            for limit in Limit
            if not (ends := comparisons.limits(44, n, limit, RULES))[0] <= share <= ends[1]
        ),
        key=list(Limit).index,
        default=None,
    )


def funnel_of(*found: Comparison, registry: Registry, country: Estimate = COUNTRY) -> Exhibit:
    return funnel.exhibit(found, country, RULES, registry, LIGHT)


def points(*of: tuple[int, int]) -> list[Comparison]:
    """Federations with a share and a number of answers each, where the funnel puts them."""
    return [
        one(slug, shown(share, n), outside=outside(share, n))
        for slug, (share, n) in zip(SLUGS, of, strict=False)
    ]


def rows(exhibit: Exhibit, *kinds: str) -> list[dict[str, Any]]:
    """The rows of a chart's data of some kinds, without what is empty."""
    records = exhibit.data.to_pylist()
    return [
        {str(name): value for name, value in row.items() if value == value and value is not None}
        for row in records
        if row["kind"] in kinds
    ]


OUT, IN = Limit.OUTER, Limit.INNER


@pytest.mark.parametrize(
    ("found", "title"),
    [
        ([(70, OUT), (75, OUT), (20, OUT)], "två förbund ligger över trattens yttre gräns och ett"),
        ([(70, OUT), (44, None)], "ett förbund ligger över trattens yttre gräns"),
        ([(10, OUT), (12, OUT), (58, IN)], "två förbund ligger under trattens yttre gräns"),
        ([(58, IN), (44, None)], "inget förbund ligger utanför trattens yttre gräns, ett utanför"),
        ([(45, None), (44, None)], "alla två förbund ligger inom tratten"),
        ([(45, None), (44, None), (None, None)], "alla två förbund vars andel visas ligger inom"),
        ([(45, None), (None, None)], "det enda förbund vars andel visas ligger inom tratten"),
        ([(None, None)], "för få svar för att jämföra förbund"),
    ],
)
def test_the_funnel_s_title_counts_the_federations_outside(
    found: Sequence[tuple[int | None, Limit | None]], title: str, registry: Registry
) -> None:
    compared = [
        one(slug, HIDDEN if share is None else shown(share), outside=limit)
        for slug, (share, limit) in zip(SLUGS, found, strict=False)
    ]
    assert f"Psykiskt våld: {title}" in funnel_of(*compared, registry=registry).title


def test_the_funnel_draws_nothing_of_a_federation_whose_share_is_not_shown(
    registry: Registry,
) -> None:
    exhibit = funnel_of(
        *points((59, 165), (45, 60)),
        one("vasteras", UNDER),
        one("falun", HIDDEN),
        registry=registry,
    )
    drawn = str(exhibit.data.to_pylist())
    assert "Borlänge" in drawn
    assert "Västerås" not in drawn
    assert "Falun" not in drawn
    assert "Falun: för få svar. " in exhibit.alternative
    assert {one.names for one in exhibit.table.withheld} == {("Falun",), ("Västerås",)}


def test_the_funnel_s_note_names_those_that_are_not_in_it(registry: Registry) -> None:
    found = [
        one("vasteras", UNDER),
        one("borlange", UNDER),
        one("samsund", replace(UNDER, limit="<25")),
        one("sydnarke", HIDDEN),
        one("falun", HIDDEN),
        one("halland", shown(40)),
    ]
    note = funnel.note(found, Spread(1), registry).replace("\N{NO-BREAK SPACE}", " ")
    assert "Bara en gräns visas. Under 20 %: Borlänge, Västerås; under 25 %: Samsund." in note
    assert "Visas inte, färre än 20 svar: Falun, Sydnärke." in note
    assert "Halland" not in note
    assert "En hög andel Ja betyder att våld upptäcks" in note


@pytest.mark.parametrize(
    ("spread", "said"),
    [
        (Spread(36, 2.9, True), "är 2,9 gånger den som slump och brus ensamma skulle ge"),
        (Spread(36, 2.9, True), "gränserna är inte vidgade för det"),
        (Spread(36, 1.1, False), "är inte säkert större än den som slump och brus ensamma"),
    ],
)
def test_the_funnel_s_note_says_how_spread_the_federations_are(
    spread: Spread, said: str, registry: Registry
) -> None:
    assert said in funnel.note(points((44, 50)), spread, registry)
    assert "Variationen" not in funnel.note(points((44, 50)), Spread(1), registry)


def test_the_funnel_s_limits_are_those_that_decide_who_is_outside(registry: Registry) -> None:
    exhibit = funnel_of(*points((63, 140), (50, 35)), registry=registry)
    curves = rows(exhibit, "limit")
    assert {row["limit"] for row in curves} == set(Limit)
    for row in curves:
        low, high = comparisons.limits(44, int(row["n"]), Limit(row["limit"]), RULES)
        assert (row["lower"], row["upper"]) == pytest.approx((low, high), abs=0.01)
    assert min(row["n"] for row in curves) <= 35
    assert max(row["n"] for row in curves) >= 140


def test_only_federations_outside_are_named_in_the_funnel_and_all_of_them_on_hover(
    registry: Registry,
) -> None:
    exhibit = funnel_of(*points((63, 140), (24, 135), (50, 40)), registry=registry)
    dots = rows(exhibit, "dot")
    assert [(row["outside"], row.get("text")) for row in dots] == [
        ("above 99.8", "Borlänge"),
        ("below 99.8", "Halland"),
        ("inside", None),
    ]
    assert [row["tip"].split(":")[0] for row in dots] == ["Borlänge", "Halland", "Skaraborg"]
    assert dots[0]["tip"] == "Borlänge: 63\N{NO-BREAK SPACE}% (55–71\N{NO-BREAK SPACE}%), " + (
        "ca\N{NO-BREAK SPACE}140 svar"
    )


def test_names_in_a_crowd_do_not_overlap_and_the_longest_is_broken(registry: Registry) -> None:
    crowd = points(*[(66 + i % 3, 100 + 5 * i) for i in range(len(SLUGS))])
    exhibit = funnel_of(*crowd, registry=registry)
    dots = rows(exhibit, "dot")
    top, ends = axes(exhibit)
    for layout, width in (("narrow", 190), ("wide", 560)):
        boxes = [covers(row, layout, width, top, ends) for row in dots if layout in row]
        assert len(boxes) >= 3
        for box, other in ((a, b) for a in boxes for b in boxes if a is not b):
            assert (
                box[2] <= other[0]
                or other[2] <= box[0]
                or box[3] <= other[1]
                or (other[3] <= box[1])
            )
        assert all(left >= 0 and right <= width for left, _, right, _ in boxes)
    (longest,) = (row for row in dots if row["tip"].startswith("Sollentuna"))
    assert longest["text"] == "Sollentuna -\nUpplands Väsby -\nSigtuna"


def test_where_there_is_not_room_for_all_names_the_outermost_have_theirs(
    registry: Registry,
) -> None:
    # All in one place; by name those between the limits come first.
    crowd = points((66, 40), (64, 40), (74, 40), (75, 45), (68, 35), (65, 45), (66, 45))
    dots = rows(funnel_of(*crowd, registry=registry), "dot")
    assert sum("narrow" in row for row in dots) < len(crowd)
    assert all("narrow" in row for row in dots if row["outside"] == f"above {Limit.OUTER}")


def axes(exhibit: Exhibit) -> tuple[int, tuple[int, int]]:
    """Where the axis of shares ends, and those of the axis of answers."""
    scales = [
        encoding[axis]["scale"]["domain"]
        for axis in ("y", "x")
        for layer in exhibit.specification["layer"]
        if layer["mark"]["type"] == "point" and (encoding := layer["encoding"])
    ]
    return scales[0][1], tuple(scales[-1])


def covers(
    row: Mapping[str, Any], layout: str, width: int, top: int, ends: tuple[int, int]
) -> tuple[float, float, float, float]:
    """What a name covers, as the chart's own expressions place it: left, top, right, bottom."""
    horizontal, vertical = row[layout].split()
    lines = row["text"].split("\n")
    wide, high = 6.4 * max(map(len, lines)), 15 * len(lines)
    x = (row["n"] - ends[0]) / (ends[1] - ends[0]) * width
    y = (1 - row["share"] / top) * 430
    shift = 10 if vertical == "middle" else -6
    left = {"left": x - shift - wide, "right": x + shift, "centre": x - wide / 2}[horizontal]
    above = {"middle": y - high / 2, "above": y - 6 - high, "below": y + 6}[vertical]
    return left, above, left + wide, above + high


def test_where_names_stand_does_not_depend_on_the_order_of_the_federations(
    registry: Registry,
) -> None:
    crowd = points(*[(66 + i % 3, 100 + 5 * i) for i in range(len(SLUGS))])
    first = funnel_of(*crowd, registry=registry).data
    Random(1).shuffle(crowd)
    assert funnel_of(*crowd, registry=registry).data.equals(first)


@pytest.mark.parametrize("share", [2, 10, 44, 70, 97])
@pytest.mark.parametrize("n", [20, 60, 2000])
def test_the_names_of_the_funnel_s_lines_do_not_overlap(
    share: int, n: int, registry: Registry
) -> None:
    country = Estimate(Status.SHOWN, 2000, share, share - 1, share + 1)
    exhibit = funnel_of(one("halland", shown(share, n)), registry=registry, country=country)
    top, _ = axes(exhibit)
    names = rows(exhibit, "country-name", "limit-name")
    assert [row["text"].replace("\N{NO-BREAK SPACE}", " ").split("\n")[-1] for row in names] == [
        f"{share} %",
        "95 %",
        "99,8 %",
    ]
    ends = sorted(
        (430 * row["upper"] / top - half, 430 * row["upper"] / top + half)
        for row in names
        for half in [15 * len(row["text"].split("\n")) / 2]
    )
    assert all(below[1] <= above[0] + 1 for below, above in pairwise(ends))
    assert ends[-1][1] <= 430 + 23


def test_a_shorter_axis_of_shares_says_so(registry: Registry) -> None:
    def titles(*found: Comparison, share: int) -> list[str]:
        country = Estimate(Status.SHOWN, 2000, share, share - 1, share + 1)
        exhibit = funnel_of(*found, registry=registry, country=country)
        return [layer["mark"].get("text", "") for layer in exhibit.specification["layer"]]

    assert "Andel Ja" in titles(one("halland", shown(60, 25)), share=44)
    shorter = f"Andel Ja; axeln slutar vid {wording.percent(25)}"
    assert shorter in titles(one("halland", shown(9, 150)), share=10)


@pytest.mark.parametrize(
    ("own", "reason"),
    [(HIDDEN, ""), (UNDER, "Inget förbunds andel visas, bara gränser")],
)
def test_a_funnel_without_a_share_is_a_sentence(
    own: Estimate, reason: str, registry: Registry
) -> None:
    exhibit = funnel_of(one("halland", own), one("falun", HIDDEN), registry=registry)
    assert exhibit.empty
    assert exhibit.reason == reason
    assert not exhibit.data.num_rows
    assert list(exhibit.table.shown["Tratten"]) == [wording.HIDDEN] * 2


def test_the_funnel_s_table_says_where_each_federation_lies(registry: Registry) -> None:
    exhibit = funnel_of(*points((63, 140), (61, 50), (24, 135), (44, 40)), registry=registry)
    assert dict(
        zip(exhibit.table.shown["Förbund"], exhibit.table.shown["Tratten"], strict=True)
    ) == {
        "Borlänge": "över den yttre gränsen",
        "Halland": "över den inre gränsen",
        "Skaraborg": "under den yttre gränsen",
        "Uppsala län": "inom gränserna",
    }
    assert list(exhibit.table.file["andel_ja_procent"]) == [63, 61, 24, 44]


def everything(
    of: Mapping[str, Estimate], verdicts: Mapping[tuple[str, str], Verdict] | None = None
) -> list[Comparison]:
    """Federations with the same share of all seven questions; not tried where no verdict stands."""
    verdicts = verdicts or {}
    return [
        one(slug, own, verdicts.get((slug, question.code)), question=question.code)
        for slug, own in of.items()
        for question in form.QUESTIONS
    ]


def sizes(of: Mapping[str, int | None]) -> list[Answers]:
    return [Answers({"federation": slug}, n) for slug, n in of.items()]


def rug_of(
    found: Sequence[Comparison],
    registry: Registry,
    order: Order = Order.NAME,
    n: Mapping[str, int | None] | None = None,
    adjusted: bool = False,
    theme: Theme = LIGHT,
) -> Exhibit:
    federations = dict.fromkeys(one.federation for one in found)
    return rug.exhibit(
        found, sizes(n or dict.fromkeys(federations, 100)), order, registry, theme, adjusted
    )


def names(exhibit: Exhibit) -> list[str]:
    return [str(row["text"]) for row in rows(exhibit, "label")]


NEITHER = Verdict.NO_CERTAIN_DIFFERENCE


@pytest.mark.parametrize(
    ("verdicts", "title"),
    [
        ({}, "För få svar för att jämföra förbund"),
        (
            {("halland", "q1"): NEITHER, ("vasteras", "q1"): NEITHER},
            "Inget förbund skiljer sig säkert från övriga landet",
        ),
        (
            {("halland", "q1"): Verdict.LOWER, ("vasteras", "q1"): NEITHER},
            "Ett av två förbund skiljer sig säkert från övriga landet på minst en fråga",
        ),
        (
            {("halland", "q1"): Verdict.LOWER, ("vasteras", "q2"): Verdict.HIGHER},
            "Två av två förbund skiljer sig säkert",
        ),
    ],
)
def test_the_rug_s_title_counts_federations_among_those_that_are_tried(
    verdicts: Mapping[tuple[str, str], Verdict], title: str, registry: Registry
) -> None:
    found = everything({"halland": shown(26), "vasteras": shown(56), "falun": HIDDEN}, verdicts)
    assert title in rug_of(found, registry).title
    adjusted = rug_of(found, registry, adjusted=True)
    assert adjusted.title.startswith(f"Med hänsyn till kön: {title[0].lower()}")
    assert adjusted.by_gender


def test_the_rug_has_a_cell_for_every_federation_and_question(registry: Registry) -> None:
    verdicts = {("halland", "q1"): Verdict.LOWER, ("halland", "q2"): NEITHER}
    of = {"halland": shown(26), "vasteras": UNDER, "falun": HIDDEN}
    exhibit = rug_of(everything(of, verdicts), registry)
    cells = rows(exhibit, "share", "coded", "hidden")
    assert len(cells) == 3 * len(form.QUESTIONS)
    assert [row["verdict"] for row in cells if row["kind"] == "share"] == [
        "lägre",
        "ingen säker skillnad",
        *["prövas inte"] * 5,
    ]
    assert {row["text"] for row in cells if row["kind"] == "coded"} == {"<20"}
    assert {row["text"] for row in cells if row["kind"] == "hidden"} == {wording.HIDDEN}


def test_a_cell_that_shows_no_share_has_nothing_but_its_place_and_words(
    registry: Registry,
) -> None:
    exhibit = rug_of(everything({"vasteras": UNDER, "falun": HIDDEN}), registry)
    for row in rows(exhibit, "coded", "hidden"):
        assert row.keys() == {"kind", "y", "question", "text"}


def test_a_click_in_a_cell_that_shows_no_share_finds_what_is_withheld(registry: Registry) -> None:
    found = everything({"halland": shown(26), "vasteras": UNDER, "falun": HIDDEN})
    exhibit = rug_of(found, registry, Order.REGION)
    for row in rows(exhibit, "coded", "hidden"):
        (withheld,) = exhibit.withheld_at({"y": row["y"], "question": row["question"]})
        assert withheld.names[1] == row["question"]
        assert withheld.limit == ("<20" if row["kind"] == "coded" else None)
    places = {(row["y"], row["question"]) for row in rows(exhibit, "coded", "hidden")}
    found_at = {
        exhibit.withheld_at({"y": y, "question": question})[0].names for y, question in places
    }
    assert len(found_at) == len(exhibit.table.withheld) == 2 * len(form.QUESTIONS)


def test_federations_stand_in_the_order_of_the_swedish_alphabet(registry: Registry) -> None:
    of = [
        "ostra-varmland",
        "alv-och-kust",
        "orebro-lekeberg",
        "vast",
        "vasteras",
        "falun",
        "sofint",
        "samsund",
    ]
    assert names(rug_of(everything(dict.fromkeys(of, shown(44))), registry)) == [
        "Falun",
        "Samsund",
        "SOFINT",
        "Väst",
        "Västerås",
        "Älv och Kust",
        "Örebro - Lekeberg",
        "Östra Värmland",
    ]
    assert sorted("ÖÄÅZ", key=wording.alphabetical) == ["Z", "Å", "Ä", "Ö"]


def test_the_order_of_sizes_is_of_rounded_numbers_and_tells_nothing_of_hidden_ones(
    registry: Registry,
) -> None:
    found = everything(dict.fromkeys(("vasteras", "halland", "samsund", "vast"), shown(44)))
    hidden = everything(dict.fromkeys(("sydnarke", "falun", "kalmar-lan"), HIDDEN))
    n = {"vasteras": 40, "halland": 160, "samsund": 40, "vast": 55}
    for others in (hidden, list(reversed(hidden))):
        exhibit = rug_of(
            [*others, *found], registry, Order.ANSWERS, {**n, **dict.fromkeys(hidden_slugs(others))}
        )
        assert names(exhibit) == [
            *("Halland", "Väst", "Samsund", "Västerås"),
            *("Falun", "Kalmar län", "Sydnärke"),
        ]


def hidden_slugs(found: Sequence[Comparison]) -> Iterator[str]:
    return (one.federation for one in found)


def test_with_the_order_of_regions_federations_stand_under_theirs(registry: Registry) -> None:
    found = everything(
        dict.fromkeys(("vast", "falun", "skaraborg", "borlange", "halland"), shown(44))
    )
    drawn = rows(rug_of(found, registry, Order.REGION), "head", "label")
    assert [row["text"] for row in drawn] == [
        *("Region Halland", "Halland"),
        *("Västra Götalandsregionen", "Skaraborg", "Väst"),
        *("Region Dalarna", "Borlänge", "Falun"),
    ]
    heights = [row["y"] for row in drawn]
    assert heights == sorted(heights)


@pytest.mark.parametrize("order", Order)
def test_the_questions_numbers_are_repeated_so_that_they_are_seen_on_a_phone(
    order: Order, registry: Registry
) -> None:
    found = everything({one.slug: shown(44) for one in registry.federations})
    exhibit = rug_of(found, registry, order)
    numbers = sorted({row["y"] for row in rows(exhibit, "number")})
    assert numbers[0] == 0
    assert len(numbers) >= 3
    cells = [row["y"] for row in rows(exhibit, "label")]
    assert len(set(cells)) == len(registry.federations)
    for height in numbers[1:]:
        before = max(cell for cell in cells if cell < height)
        assert before + 1.5 < height, "room of their own below the row before"


@pytest.mark.parametrize("adjusted", [False, True])
def test_a_rug_without_a_share_is_a_sentence(adjusted: bool, registry: Registry) -> None:
    exhibit = rug_of(everything({"halland": HIDDEN, "falun": HIDDEN}), registry, adjusted=adjusted)
    assert exhibit.empty
    assert bool(exhibit.reason) == adjusted
    assert not rug_of(everything({"halland": shown(44)}), registry).empty


def test_the_rug_s_note_says_what_it_adjusts_for_and_how_many_can_be_compared() -> None:
    found = everything({"halland": shown(44), "falun": HIDDEN, "vast": HIDDEN}, {})
    note = rug.note(found, adjusted=True)
    assert "direkt standardisering" in note
    assert "; ett av tre förbund når dit på minst en fråga" in note
    assert "standardisering" not in rug.note(found)
    assert f"högst {wording.percent(5)} av de färgade rutorna" in note


@pytest.mark.parametrize(
    ("own", "verdict", "framed", "limited"),
    [
        (shown(44), None, True, False),
        (shown(44), NEITHER, False, False),
        (UNDER, None, False, True),
        (HIDDEN, None, False, False),
    ],
)
def test_the_rug_s_note_explains_the_marks_that_it_has(
    own: Estimate, verdict: Verdict | None, framed: bool, limited: bool
) -> None:
    note = rug.note([one("halland", own, verdict)])
    assert ("i ram" in note) == framed
    assert ("bara en gräns" in note) == limited


def test_the_rug_s_table_holds_the_rest_only_where_it_is_compared(registry: Registry) -> None:
    verdicts = {("halland", "q1"): Verdict.LOWER}
    of = {"halland": shown(26), "vasteras": UNDER, "falun": HIDDEN}
    table = rug_of(everything(of, verdicts), registry).table
    first = table.shown.groupby("Förbund").first()
    assert list(first["Övriga landet"]) == ["", wording.percent(44), ""]  # Falun, Halland, Västerås
    assert list(first["Skillnad"]) == [wording.HIDDEN, "−18", wording.HIDDEN]
    assert list(first["Utfall"]) == ["prövas inte", "lägre", "prövas inte"]
    by_status = table.file.groupby("status")
    empty = {
        status: {str(name) for name in group if group[name].isna().all()}
        for status, group in by_status
    }
    differences = {"skillnad_procentenheter", "skillnad_lägst_95", "skillnad_högst_95"}
    share = {"andel_ja_procent", "lägst_95", "högst_95", "övriga_landet_procent", *differences}
    assert empty == {
        "visas": {"gräns_procent"},
        "visas som gräns": share,
        "visas inte": {*share, "gräns_procent", "antal_svar_ca"},
    }


def test_the_rug_s_alternative_names_every_federation_and_what_is_certain(
    registry: Registry,
) -> None:
    verdicts = {("halland", "q1"): Verdict.LOWER, ("vast", "q1"): NEITHER}
    of = {"halland": shown(26), "vast": shown(44), "vasteras": UNDER, "falun": HIDDEN}
    said = rug_of(everything(of, verdicts), registry).alternative.replace("\N{NO-BREAK SPACE}", " ")
    assert "Halland: psykiskt våld 26 %, lägre än övriga landet: −18 (−27 till −9)." in said
    assert "Väst: ingen säker skillnad." in said
    assert "Västerås: prövas inte." in said
    assert "Falun: för få svar." in said


def test_specifications_hold_no_data_and_are_shared(registry: Registry) -> None:
    found = everything(dict.fromkeys(SLUGS, shown(44)))
    by_name, by_size = (rug_of(found, registry, order) for order in (Order.NAME, Order.ANSWERS))
    assert by_name.specification is by_size.specification
    first, other = (funnel_of(*points((44, n), (45, 90)), registry=registry) for n in (40, 40))
    assert first.specification is other.specification
    for exhibit in (by_name, first):
        said = json.dumps(exhibit.specification)
        assert '"values": [{' not in said
        assert "Borlänge" not in said


@both_themes
def test_what_is_written_in_a_cell_can_be_read(colours: Theme) -> None:
    (opacity,) = (
        layer["encoding"]["opacity"]["condition"]["value"]
        for layer in rug.specification(3, colours)["layer"]
        if "opacity" in layer["encoding"]
    )
    for filled in (colours.higher, colours.lower):
        seen = mixed(filled, colours.text, opacity)
        assert contrast(colours.surface, seen) >= 4.5
        assert contrast(filled, seen) < 1.15, "the legend's colour, for all that a reader sees"
    for filled in (colours.grid, colours.surface):
        assert contrast(colours.text, filled) >= 4.5


def mixed(one: str, other: str, part: float) -> str:
    """The colour of one with the other behind it."""
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(part * a + (1 - part) * b):02X}" for a, b in pairs)


def test_colours_go_with_a_mark_that_is_seen_without_them(registry: Registry) -> None:
    layers = rug_of(everything({"halland": shown(44)}), registry).specification["layer"]
    shapes = {
        layer["mark"]["shape"]: [one["filter"] for one in layer["transform"]]
        for layer in layers
        if layer["mark"]["type"] == "point"
    }
    assert "datum.verdict === 'högre'" in shapes["triangle-up"]
    assert "datum.verdict === 'lägre'" in shapes["triangle-down"]
