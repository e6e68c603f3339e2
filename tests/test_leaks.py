"""Everything that a page sends is decoded, under every address: nothing leaks.

What may leave is said in rules.py: nothing of a group under 20 answers, a limit where few
answered Ja or Nej, whole per cent elsewhere, and numbers of answers to the nearest five.
"""

import gzip
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import WriteAnswers
from leaking import (
    SHOW,
    Protected,
    has_decimals,
    holds_an_answer_or_the_key,
    is_about_right,
)
from pages_under_test import ADDRESSES, Chart, Use, Visit, follows, small_print, visit
from streamlit.testing.v1 import AppTest

from fovdata import geography, keys, measures, wording
from fovdata import questionnaire as form
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures.release import Release
from fovdata.registry import GROUPS, Registry
from fovdata.release import building
from fovdata.rules import STANDING_NOTE

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, HANDING_IN, *_ = PAGES


def slide(group: int, app: AppTest) -> None:
    app.select_slider(key="grupp").set_value(GROUPS[group])


def show_layer(layer: str, app: AppTest) -> None:
    app.segmented_control[0].set_value(layer)


def choose(question: str, app: AppTest) -> None:
    app.selectbox(key="aldersfraga").select(question)


def choose_hundred(question: str, app: AppTest) -> None:
    app.selectbox(key="fraga").select(question)


def slide_to_five(app: AppTest) -> None:
    app.slider(key="procentenheter").set_value(5)


def choose_women(app: AppTest) -> None:
    app.segmented_control(key="one-gender").set_value("kvinna")


def choose_funnel(question: str, app: AppTest) -> None:
    app.selectbox(key="tratten").select(question)


def order_by(order: str, app: AppTest) -> None:
    app.segmented_control(key="ordning").set_value(order)


def adjust(app: AppTest) -> None:
    app.toggle(key="hansyn").set_value(True)


VISITS: list[tuple[Page, str, Use | None]] = [
    *((page, address, None) for page in PAGES for address in ADDRESSES if follows(page, address)),
    *((COVERAGE, "no filter", partial(slide, group)) for group in range(3)),
    (COVERAGE, "no filter", partial(show_layer, "Svar kan visas")),
    (COVERAGE, "a region", partial(show_layer, "Andel av regionen")),
    *((GENDER, "no filter", partial(choose, question.code)) for question in form.QUESTIONS),
    (FEDERATION, "no filter", slide_to_five),
    (FEDERATION, "a federation over 100", choose_women),
    *(
        (COMPARED, "no filter", partial(choose_funnel, question.code))
        for question in form.QUESTIONS
    ),
    (COMPARED, "no filter", adjust),
    *((COMPARED, "no filter", partial(order_by, one)) for one in ("Region", "Antal svar")),
    *(
        (EXPOSURE, address, partial(choose_hundred, question))
        for question in measures.ASSOCIATED
        for address in ("no filter", "a federation over 100")
    ),
]
"""Every page under every address that it follows, and everything else that a reader can set."""

NUMBER_OF_ANSWERS = re.compile(r"(\d[\d\N{NO-BREAK SPACE}]*)\s+svar\b")
ABOUT = re.compile(r"\bca\s(\d[\d\N{NO-BREAK SPACE}]*)")
SHARE = re.compile(r"([1-9]\d?)\s%")
LIMIT = re.compile(r"(under|över)\s(\d+)\s%")
HIDDEN = re.compile(r"\.\.|(\.\. )?för få svar( för en jämförelse)?")
SHORT_LIMIT = re.compile(r"[<>]\d*[05]")

PLACES = {"kind", "y", "value_y", "text", "series", "given", "other", "question"}
"""The columns of a chart that may stand in a row without a value."""
OF_THE_RULES = {"Antal svar, minst", "Skillnad som syns, procentenheter"}
"""The columns of a table that follows from the rules alone, whatever was answered."""
ANSWERS = {
    "Andel Ja",
    "95 % intervall",
    "Antal svar",
    "Skillnad, procentenheter",
    "Säker skillnad",
    "Kvot",
    "p, kvinnor och män",
    "Antal svar, ca",
    "Status",
    "Mot övriga landet",
    "Utfall",
    "Andel av de svarande",
    "Tratten",
    *OF_THE_RULES,
}
"""The columns of a shown table that speak of answers."""
NAMES = {
    "Fråga",
    "Kön",
    "Ålder",
    "Grupp",
    "Antal slag av våld",
    "Minst ett Ja på",
    "Av dem som svarat Ja till",
    "har svarat Ja till",
    "Region",
    "Kommuner med",
    "Kommuner",
    "Andel kommuner, %",
    "Publicerad 2021, %",
    "Publicerad 2022, %",
    "Indelning",
    "Svarande",
    "Förbund",
    "tratten",
}
"""Those that say whom a row is about, or hold what the registry or NNS has published."""


VALUES = (
    "andel_ja_procent",
    "skillnad_procentenheter",
    "andel_av_svarande_procent",
    "övriga_landet_procent",
)
INTERVALS = ("lägst_95", "högst_95", "skillnad_lägst_95", "skillnad_högst_95")
"""The columns of a file that are whole numbers of answers' figures."""

DECIMALS = {"kvot": 1, "kvot_lägst_95": 1, "kvot_högst_95": 1, "p_kvinnor_män": 2}
"""The columns of a file that are no whole numbers, by how many decimals they may have."""


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


@dataclass(frozen=True)
class Sent:
    """A visit, with everything that was sent decoded once for all rules."""

    seen: Visit
    texts: Sequence[str]
    charts: Sequence[Chart]
    registry: Registry

    @property
    def cards(self) -> Iterator[Any]:
        """The cards of answers."""
        for card in self.seen.cards.values():
            if "Källa: formuläret FOV" in small_print(card).line:
                yield card


def every_number_of_answers_is_a_multiple_of_five_from_20_up(sent: Sent) -> None:
    for text in sent.texts:
        for said in (*NUMBER_OF_ANSWERS.findall(text), *ABOUT.findall(text)):
            assert is_about_right(number(said)), text


def a_chart_sends_no_column_that_it_does_not_draw(sent: Sent) -> None:
    for chart in sent.charts:
        # Whether a row is hidden also decides if there is a chart at all.
        assert set(chart.data.columns) == set(fields(chart.specification)) | {"kind"}
        assert not {"data", "datasets"} & chart.specification.keys()


def fields(specification: object) -> Iterator[str]:
    """The columns that a Vega-Lite specification reads: drawn, filtered by, or in a tooltip."""
    if isinstance(specification, list):
        for part in specification:
            yield from fields(part)
    if not isinstance(specification, dict):
        return
    for name, part in specification.items():
        if name == "field":
            yield part
        elif name in ("filter", "test"):
            yield from re.findall(r"datum\.(\w+)", part)
        else:
            yield from fields(part)


def what_is_hidden_or_given_as_a_limit_has_no_value_in_a_chart(sent: Sent) -> None:
    for chart in sent.charts:
        for row in rows(chart):
            if row["kind"] in ("hidden", "coded"):
                assert row.keys() <= PLACES
                said = str(row["text"]).rsplit(": ", 1)[-1]
                assert any(one.fullmatch(said) for one in (HIDDEN, LIMIT, SHORT_LIMIT))
            elif row["kind"] == "answers" and HIDDEN.match(str(row["text"])):
                assert row["x"] == row["x2"]


def a_chart_holds_whole_per_cent_and_never_0_or_100(sent: Sent) -> None:
    for chart in sent.charts:
        for row in rows(chart):
            for column in row.keys() & {"share", "low", "high", "points", "percent"}:
                assert float(row[column]).is_integer()
            if row["kind"] in ("dot", "share") and "share" in row:
                assert 1 <= row["share"] <= 99


def a_point_of_the_funnel_stands_at_a_rounded_number_of_answers(sent: Sent) -> None:
    for chart in sent.charts:
        for row in rows(chart):
            if row["kind"] == "dot" and "n" in row:
                assert is_about_right(int(row["n"]))


def a_chart_holds_ratios_to_one_decimal_and_1_to_99_figures_of_a_hundred(sent: Sent) -> None:
    for chart in sent.charts:
        figures: Counter[str] = Counter()
        for row in rows(chart):
            for column in row.keys() & {"ratio", "ratio_low", "ratio_high"}:
                assert row["kind"] == "dot"
                assert has_decimals(row[column], 1)
            if row["kind"] == "figure":
                figures[row["series"]] += row["filled"]
        assert all(1 <= filled <= 99 for filled in figures.values())


def bars_are_as_long_as_the_rounded_number_of_answers(sent: Sent) -> None:
    for chart in sent.charts:
        bars = [row for row in rows(chart) if row["kind"] == "answers"]
        shown = [(r["x2"] - r["x"], ABOUT.match(r["text"])) for r in bars]
        lengths = [(length, number(found[1])) for length, found in shown if found]
        for length, n in lengths:
            longest, most = max(lengths)
            assert length / longest == pytest.approx(n / most)


def rows(chart: Chart) -> Iterator[dict[str, Any]]:
    """The rows of a chart's data, without what is empty."""
    for row in chart.data.to_dict("records"):
        yield {str(name): value for name, value in row.items() if not pd.isna(value)}


def a_table_of_answers_shows_codes_or_hides(sent: Sent) -> None:
    for card in sent.cards:
        for table in card.table:
            assert set(table.value.columns) <= ANSWERS | NAMES
            for row in table.value.to_dict("records"):
                if "Andel Ja" in row:
                    check_estimate(row["Andel Ja"], row["95 % intervall"], row["Antal svar"])
                if "Skillnad, procentenheter" in row:
                    hidden = row["Skillnad, procentenheter"] == wording.HIDDEN
                    assert hidden == (row["95 % intervall"] == "")
                    assert hidden == (row["Säker skillnad"] == wording.HIDDEN)
                if "Andel av de svarande" in row:
                    hidden = row["Andel av de svarande"] == wording.HIDDEN
                    assert hidden == (row["Antal svar"] == wording.HIDDEN)
                if "Kvot" in row:
                    check_ratio(row["Kvot"], row["95 % intervall"], row["p, kvinnor och män"])


def check_estimate(share: str, interval: str, n: str) -> None:
    if share == wording.HIDDEN:
        assert (interval, n) == ("", wording.HIDDEN)
        return
    assert is_about_right(number(n))
    if limit := LIMIT.fullmatch(share):
        assert int(limit[2]) % 5 == 0
        assert interval == ""
    else:
        assert SHARE.fullmatch(share)
        assert re.fullmatch(r"\d+–\d+\s%", interval)


def check_ratio(ratio: str, interval: str, p: str) -> None:
    assert re.fullmatch(r"|\d,\d\d|under 0,01", p)
    if ratio == wording.HIDDEN:
        assert (interval, p) == ("", "")
        return
    assert re.fullmatch(r"\d+,\d gånger", ratio)
    assert re.fullmatch(r"\d+,\d–\d+,\d", interval)


def a_file_holds_no_number_where_its_status_says_that_none_is_shown(sent: Sent) -> None:
    for file in sent.seen.files:
        text = "\n".join(file.texts)
        if not file.name.endswith(".csv") or "Källa: formuläret FOV" not in text:
            continue
        table = pd.read_csv(io.StringIO(text), sep=";", decimal=",")
        if set(table.columns) >= OF_THE_RULES:
            continue
        table = table.rename(columns={"Antal svar, ca": "antal_svar_ca", "Status": "status"})
        value = [c for c in VALUES if c in table]
        interval = [c for c in INTERVALS if c in table]
        limit = [c for c in ("gräns_procent",) if c in table]
        n = [c for c in ("antal_svar_ca",) if c in table]
        decimals = [c for c in DECIMALS if c in table]
        unknown = set(table.columns) - NAMES - {*value, *interval, *limit, *n, *decimals}
        assert unknown - {"utfall"} == {"status", "om", "data"}
        assert set(table["data"]) == {"Syntetiska svar"}
        for status, group in table.groupby("status"):
            filled = {str(name) for name in group if group[name].notna().any()}
            empty = {
                "visas": limit,
                "visas som gräns": [*value, *interval],
                "visas inte": [*value, *interval, *limit, *n, *decimals],
            }[str(status)]
            assert not filled & set(empty)
        for column in n:
            assert all(is_about_right(int(answers)) for answers in table[column].dropna())
        for column in (*value, *interval):
            assert all(float(share).is_integer() for share in table[column].dropna())
        for column in decimals:
            assert all(has_decimals(one, DECIMALS[column]) for one in table[column].dropna())
        if "andel_ja_procent" in table:
            assert table["andel_ja_procent"].dropna().between(1, 99).all()


def as_number(cell: object) -> object:
    """A cell's number however its file writes it, or its text."""
    try:
        return float(str(cell).replace(",", "."))
    except ValueError:
        return cell


def a_workbook_holds_what_the_cards_files_hold_and_dots_where_they_hide(sent: Sent) -> None:
    files = {file.name: file for file in sent.seen.files}
    for name, file in files.items():
        if not name.endswith(".xlsx") or "mall" in name:
            continue
        about, *sheets = pd.read_excel(
            io.BytesIO(file.content), sheet_name=None, header=None, engine="calamine"
        ).values()
        assert "Syntetiska svar" in about.to_string()
        assert STANDING_NOTE in about.to_string()
        cards = [sent.seen.cards[key] for key in sent.seen.cards if f"fov-{key}.csv" in files]
        names = [key for key in sent.seen.cards if f"fov-{key}.csv" in files]
        assert len(sheets) == len(cards)
        for key, sheet in zip(names, sheets, strict=True):
            text = files[f"fov-{key}.csv"].content.decode("utf-8-sig")
            table = pd.read_csv(io.StringIO(text), sep=";", decimal=",", dtype=object)
            table = table.drop(columns=["om", "data"])
            body = sheet.iloc[4:, : len(table.columns)]
            assert sheet.iat[1, 0].startswith("Syntetiska svar · ")
            for row, its_row in zip(body.to_numpy(), table.to_numpy(), strict=True):
                for cell, value in zip(row, its_row, strict=True):
                    if pd.isna(value):
                        assert pd.isna(cell) or cell == wording.HIDDEN
                    else:
                        assert as_number(cell) == as_number(value)


def no_answer_and_no_key_is_sent(sent: Sent) -> None:
    for text in sent.texts:
        assert not holds_an_answer_or_the_key(text)


def the_map_sends_steps_and_names_but_nothing_of_answers(sent: Sent) -> None:
    borders = geography.municipalities(sent.registry)
    for node in sent.seen.app.get("deck_gl_json_chart"):
        deck = json.loads(node.proto.json)
        (layer,) = deck["layers"]
        assert layer["data"] == borders.address
        fill = layer["_subLayerProps"]["polygons-fill"]["getFillColor"]
        digits = re.findall(r"\('(.*?)'\)", fill)
        assert len(digits) == 2, "who is paler, and which step"
        assert re.fullmatch("[01]{290}", digits[0])
        assert re.fullmatch("[0-5]{290}", digits[1])
        assert "svar" not in json.dumps(deck)


def questions_stand_in_the_order_of_the_form_whatever_was_answered(sent: Sent) -> None:
    order = [question.short for question in form.QUESTIONS]
    for card in sent.cards:
        for table in card.table:
            if "Fråga" in table.value:
                found = list(dict.fromkeys(table.value["Fråga"]))
                assert found == [short for short in order if short in found]


RULES: tuple[Callable[[Sent], None], ...] = (
    every_number_of_answers_is_a_multiple_of_five_from_20_up,
    a_chart_sends_no_column_that_it_does_not_draw,
    what_is_hidden_or_given_as_a_limit_has_no_value_in_a_chart,
    a_chart_holds_whole_per_cent_and_never_0_or_100,
    a_point_of_the_funnel_stands_at_a_rounded_number_of_answers,
    a_chart_holds_ratios_to_one_decimal_and_1_to_99_figures_of_a_hundred,
    bars_are_as_long_as_the_rounded_number_of_answers,
    a_table_of_answers_shows_codes_or_hides,
    a_file_holds_no_number_where_its_status_says_that_none_is_shown,
    a_workbook_holds_what_the_cards_files_hold_and_dots_where_they_hide,
    no_answer_and_no_key_is_sent,
    the_map_sends_steps_and_names_but_nothing_of_answers,
    questions_stand_in_the_order_of_the_form_whatever_was_answered,
)
"""What holds of everything that is sent: one that is broken is named where the test fails."""


@pytest.mark.parametrize(
    ("page", "address", "use"),
    VISITS,
    ids=[f"{page.file}-{address}-{getattr(use, 'args', '')}" for page, address, use in VISITS],
)
def test_nothing_leaks_from_a_page_and_its_files(
    page: Page, address: str, use: Use | None, releases: Path, registry: Registry
) -> None:
    seen = visit(releases, page, address, use)
    sent = Sent(seen, [*seen.texts], seen.charts, registry)
    for rule in RULES:
        rule(sent)


def test_the_borders_of_the_map_hold_names_but_nothing_of_answers(registry: Registry) -> None:
    borders = json.loads(gzip.decompress(geography.municipalities(registry).compressed))
    for feature in borders["features"]:
        assert feature.keys() == {"type", "properties", "geometry"}
        assert feature["properties"].keys() == {"code", "name", "region", "federations", "row"}


PEOPLE = """
times gender age_band q1
   70 kvinna 25-34    ja
   70 kvinna 35-44    nej
   70 man    25-34    nej
   70 man    35-44    ja
"""


def test_files_of_real_answers_say_that_they_are_real(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    key, real = tmp_path / "nyckel", tmp_path / "utgåvor"
    keys.make(key, tmp_path / "utgåvor")
    answers = write_answers(PEOPLE, data="real")
    building.build(answers, real, tmp_path / "liggare", registry, key)
    seen = visit(real, GENDER, "no filter")
    assert not seen.app.exception
    assert {"fov-kon.csv", "fov-skillnad.csv"} <= {file.name for file in seen.files}
    for file in (file for file in seen.files if file.name.endswith(".csv")):
        table = pd.read_csv(io.BytesIO(file.content), sep=";")
        assert set(table["data"]) == {"Verkliga svar"}
    assert not any("Syntetiska svar" in text for text in seen.texts)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_hides_what_the_release_says_is_under_20(
    address: str, releases: Path, release: Release
) -> None:
    """Kön splits by gender: each cell is the sum of the protected cells that were chosen."""
    seen, counts = visit(releases, GENDER, address), Protected.of(releases)
    chosen = [
        [(dimension, code) for code in seen.address[dimension] if code in known]
        for dimension, known in release.categories.items()
        if dimension in GENDER.filters and dimension in seen.address
    ]
    chosen = [cells for cells in chosen if cells]
    if len(chosen) > 1:
        assert not seen.cards
        return
    codes = {question.short: question.code for question in form.QUESTIONS}
    genders = {gender.label: gender.code for gender in form.GENDERS}
    for row in seen.cards["kon"].table[0].value.to_dict("records"):
        gender, label = ("gender", genders[row["Kön"]]), f"n|{codes[row['Fråga']]}"
        groups = [{gender, *cells} for cells in itertools.product(*chosen)]
        n = sum(counts.count(dict(group), label) for group in groups)
        assert (row["Andel Ja"] == wording.HIDDEN) == (n < SHOW)
