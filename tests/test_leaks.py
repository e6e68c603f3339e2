"""Everything that leaves is decoded, on every page and in every API answer: nothing leaks.

What may leave is said in rules.py: nothing of a group under 20 answers, a limit where few
answered Ja or Nej, whole per cent elsewhere, and numbers of answers to the nearest five.
"""

import base64
import gzip
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import WriteAnswers
from pages_under_test import ADDRESSES, Chart, Use, Visit, ask, visit
from streamlit.testing.v1 import AppTest

from fovdata import geography, measures, settings, wording
from fovdata import questionnaire as form
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures.release import Release
from fovdata.registry import GROUPS, Registry
from fovdata.release import building, keys
from fovdata.release.keys import SYNTHETIC_KEY
from fovdata.selection import DIMENSIONS, EARLIER, LATEST

START, COVERAGE, GENDER, EXPOSURE, METHOD = PAGES

SHOW = 20
"""Written out, so that a lower threshold in the rules is noticed here."""


def slide(group: int, app: AppTest) -> None:
    app.select_slider(key="grupp").set_value(GROUPS[group])


def show_layer(layer: str, app: AppTest) -> None:
    app.segmented_control[0].set_value(layer)


def choose(question: str, app: AppTest) -> None:
    app.selectbox(key="aldersfraga").select(question)


def choose_hundred(question: str, app: AppTest) -> None:
    app.selectbox(key="hundrafraga").select(question)


VISITS: list[tuple[Page, str, Use | None]] = [
    *((page, address, None) for page in PAGES for address in ADDRESSES),
    *((COVERAGE, "no filter", partial(slide, group)) for group in range(3)),
    (COVERAGE, "no filter", partial(show_layer, "Svar kan visas")),
    (COVERAGE, "a region", partial(show_layer, "Andel av regionen")),
    *((GENDER, "no filter", partial(choose, question.code)) for question in form.QUESTIONS),
    *(
        (EXPOSURE, address, partial(choose_hundred, question))
        for question in measures.ASSOCIATED
        for address in ("no filter", "a federation over 100")
    ),
]
"""Every page under every address, and everything else that a reader can set."""

everywhere = pytest.mark.parametrize(
    ("page", "address", "use"),
    VISITS,
    ids=[f"{page.file}-{address}-{getattr(use, 'args', '')}" for page, address, use in VISITS],
)

NUMBER_OF_ANSWERS = re.compile(r"(\d[\d\N{NO-BREAK SPACE}]*)\s+svar\b")
ABOUT = re.compile(r"\bca\s(\d[\d\N{NO-BREAK SPACE}]*)")
SHARE = re.compile(r"([1-9]\d?)\s%")
LIMIT = re.compile(r"(under|över)\s(\d+)\s%")
HIDDEN = re.compile(r"(\.\. )?för få svar( för en jämförelse)?")

PLACES = {"kind", "y", "value_y", "text", "series", "given", "other"}
"""The columns of a chart that may stand in a row without a value."""
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
}
"""Those that say whom a row is about, or hold what the registry or NNS has published."""


DECIMALS = {"kvot": 1, "kvot_lägst_95": 1, "kvot_högst_95": 1, "p_kvinnor_män": 2}
"""The columns of a file that are no whole numbers, by how many decimals they may have."""


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def is_about_right(n: int) -> bool:
    """Whether a number of answers is rounded and of a group that may be shown."""
    return n % 5 == 0 and n >= SHOW


@everywhere
def test_every_number_of_answers_is_a_multiple_of_five_from_20_up(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for text in visit(releases, page, address, use).texts:
        for said in (*NUMBER_OF_ANSWERS.findall(text), *ABOUT.findall(text)):
            assert is_about_right(number(said)), text


@everywhere
def test_a_chart_sends_no_column_that_it_does_not_draw(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for chart in visit(releases, page, address, use).charts:
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


@everywhere
def test_what_is_hidden_or_given_as_a_limit_has_no_value_in_a_chart(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for chart in visit(releases, page, address, use).charts:
        for row in rows(chart):
            if row["kind"] in ("hidden", "coded"):
                assert row.keys() <= PLACES
                said = str(row["text"]).rsplit(": ", 1)[-1]
                assert HIDDEN.fullmatch(said) or LIMIT.fullmatch(said)
            elif row["kind"] == "answers" and HIDDEN.match(str(row["text"])):
                assert row["x"] == row["x2"]


@everywhere
def test_a_chart_holds_whole_per_cent_and_never_0_or_100(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for chart in visit(releases, page, address, use).charts:
        for row in rows(chart):
            for column in row.keys() & {"share", "low", "high", "points"}:
                assert float(row[column]).is_integer()
            if row["kind"] in ("dot", "share") and "share" in row:
                assert 1 <= row["share"] <= 99


@everywhere
def test_a_chart_holds_ratios_to_one_decimal_and_1_to_99_figures_of_a_hundred(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for chart in visit(releases, page, address, use).charts:
        figures: Counter[str] = Counter()
        for row in rows(chart):
            for column in row.keys() & {"ratio", "ratio_low", "ratio_high"}:
                assert row["kind"] == "dot"
                assert has_decimals(row[column], 1)
            if row["kind"] == "figure":
                figures[row["series"]] += row["filled"]
        assert all(1 <= filled <= 99 for filled in figures.values())


def has_decimals(value: float, decimals: int) -> bool:
    """Whether a number has been rounded."""
    return bool(value == round(value, decimals))


@everywhere
def test_bars_are_as_long_as_the_rounded_number_of_answers(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for chart in visit(releases, page, address, use).charts:
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


@everywhere
def test_a_table_of_answers_shows_codes_or_hides(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for card in answers(visit(releases, page, address, use)):
        for table in card.table:
            assert set(table.value.columns) <= ANSWERS | NAMES
            for row in table.value.to_dict("records"):
                if "Andel Ja" in row:
                    check_estimate(row["Andel Ja"], row["95 % intervall"], row["Antal svar"])
                if "Skillnad, procentenheter" in row:
                    hidden = row["Skillnad, procentenheter"] == wording.HIDDEN
                    assert hidden == (row["95 % intervall"] == "")
                    assert hidden == (row["Säker skillnad"] == wording.HIDDEN)
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


def answers(seen: Visit) -> Iterator[Any]:
    """The cards of answers."""
    for card in seen.cards.values():
        if any("Källa: formuläret FOV" in caption.value for caption in card.caption):
            yield card


@everywhere
def test_a_file_holds_no_number_where_its_status_says_that_none_is_shown(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    for file in visit(releases, page, address, use).files:
        text = file.content.decode("utf-8-sig")
        if "Källa: formuläret FOV" not in text:
            continue
        table = pd.read_csv(io.StringIO(text), sep=";", decimal=",")
        table = table.rename(columns={"Antal svar, ca": "antal_svar_ca", "Status": "status"})
        value = [c for c in ("andel_ja_procent", "skillnad_procentenheter") if c in table]
        interval = [c for c in ("lägst_95", "högst_95") if c in table]
        limit = [c for c in ("gräns_procent",) if c in table]
        n = [c for c in ("antal_svar_ca",) if c in table]
        decimals = [c for c in DECIMALS if c in table]
        unknown = set(table.columns) - NAMES - {*value, *interval, *limit, *n, *decimals}
        assert unknown == {"status", "om", "data"}
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


@everywhere
def test_no_answer_and_no_key_is_sent(
    page: Page, address: str, use: Use | None, releases: Path, response_ids: frozenset[str]
) -> None:
    key = (SYNTHETIC_KEY.hex(), base64.b64encode(SYNTHETIC_KEY).decode())
    for text in visit(releases, page, address, use).texts:
        assert not response_ids & set(re.findall("[0-9a-f]{32}", text))
        assert not any(written in text for written in key)


@pytest.fixture(scope="session")
def response_ids() -> frozenset[str]:
    answers = pd.read_parquet(settings.ROOT / "data" / "demo" / "answers.parquet")
    return frozenset(answers["response_id"])


@everywhere
def test_the_map_sends_steps_and_names_but_nothing_of_answers(
    page: Page, address: str, use: Use | None, releases: Path, registry: Registry
) -> None:
    borders = geography.municipalities(registry)
    for node in visit(releases, page, address, use).app.get("deck_gl_json_chart"):
        deck = json.loads(node.proto.json)
        (layer,) = deck["layers"]
        assert layer["data"] == borders.address
        fill = layer["_subLayerProps"]["polygons-fill"]["getFillColor"]
        digits = re.findall(r"\('(.*?)'\)", fill)
        assert len(digits) == 2, "who is paler, and which step"
        assert re.fullmatch("[01]{290}", digits[0])
        assert re.fullmatch("[0-5]{290}", digits[1])
        assert "svar" not in json.dumps(deck)


def test_the_borders_of_the_map_hold_names_but_nothing_of_answers(registry: Registry) -> None:
    borders = json.loads(gzip.decompress(geography.municipalities(registry).compressed))
    for feature in borders["features"]:
        assert feature.keys() == {"type", "properties", "geometry"}
        assert feature["properties"].keys() == {"code", "name", "region", "federations", "row"}


@everywhere
def test_questions_stand_in_the_order_of_the_form_whatever_was_answered(
    page: Page, address: str, use: Use | None, releases: Path
) -> None:
    order = [question.short for question in form.QUESTIONS]
    for card in answers(visit(releases, page, address, use)):
        for table in card.table:
            if "Fråga" in table.value:
                found = list(dict.fromkeys(table.value["Fråga"]))
                assert found == [short for short in order if short in found]


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
    keys.make(key)
    answers = write_answers(PEOPLE, data="real")
    building.build(answers, real, tmp_path / "liggare", registry, key)
    seen = visit(real, GENDER, "no filter")
    assert not seen.app.exception
    assert {"fov-kon.csv", "fov-skillnad.csv"} <= {file.name for file in seen.files}
    for file in seen.files:
        table = pd.read_csv(io.BytesIO(file.content), sep=";")
        assert set(table["data"]) == {"Verkliga svar"}
    assert not any("Syntetiska svar" in text for text in seen.texts)


Group = frozenset[tuple[str, str]]
"""Whom a cell is about: dimension and code, as far as it is divided."""
LATEST_YEAR = "2022"
Protected = Mapping[tuple[Group, str], int]


@pytest.fixture(scope="session")
def protected(releases: Path) -> Protected:
    """The release's own counts, unrounded: by group and label."""
    counts = pd.read_parquet(releases / "1" / "counts.parquet")
    first_time = counts[counts["fill_count"].isna() & (counts[LATEST] != EARLIER)]
    # A federation's latest year is asked for by the year.
    of_year = first_time[LATEST].notna()
    first_time = first_time.assign(period=first_time["period"].mask(of_year, LATEST_YEAR))
    return {
        (frozenset((d, row[d]) for d in DIMENSIONS if not pd.isna(row[d])), row["label"]): int(
            row["value"]
        )
        for row in first_time.to_dict("records")
    }


def test_the_api_shows_no_group_under_20_in_any_combination_that_is_offered(
    releases: Path, release: Release, protected: Protected
) -> None:
    hidden = shown = 0
    for by, filters in questions_to_the_api(release):
        answer = ask(releases, "shares", by=by, **filters).json()
        check_n(answer["n_total"], protected.get((frozenset(filters.items()), "n|all"), 0))
        for row in answer["rows"]:
            group = frozenset({**filters, **row["group"]}.items())
            n = protected.get((group, f"n|{row['question']}"), 0)
            check_n(row["n"], n)
            numbers = {k: row[k] for k in ("n", "share", "low", "high", "limit")}
            if n < SHOW:
                hidden += 1
                assert row["status"] == "hidden"
                assert set(numbers.values()) == {None}
            else:
                shown += 1
                assert row["status"] in ("shown", "coded")
                empty = ["limit"] if row["status"] == "shown" else ["share", "low", "high"]
                assert {k for k, value in numbers.items() if value is None} == set(empty)
                assert row["share"] is None or 1 <= row["share"] <= 99
    assert hidden > 500, "there is something to hide"
    assert shown > 2000


def check_n(n: int | None, protected: int) -> None:
    assert (n is None) == (protected < SHOW)
    assert n is None or (is_about_right(n) and abs(n - protected) <= 2)


def questions_to_the_api(release: Release) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every split and every filter by one code that is offered."""
    known = {**release.categories, LATEST: [LATEST_YEAR]}
    for table in release.tables:
        for by in (*table, "none"):
            rest = [d for d in table if d != by]
            if by == LATEST or (len(rest) > 1 and rest != ["federation", LATEST]):
                continue
            codes = (known[d] for d in rest)
            rest = ["period" if d == LATEST else d for d in rest]
            for combination in itertools.product(*codes):
                yield by, dict(zip(rest, combination, strict=True))


def test_a_csv_of_the_api_says_what_its_json_says(releases: Path, release: Release) -> None:
    for by, filters in itertools.islice(questions_to_the_api(release), 0, None, 9):
        answer = ask(releases, "shares", by=by, **filters).json()
        text = ask(releases, "shares", by=by, format="csv", **filters).text
        table = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        for row, expected in zip(table.to_dict("records"), answer["rows"], strict=True):
            assert row == {
                "question": expected["question"],
                **expected["group"],
                **{
                    name: "" if (value := expected[name]) is None else str(value)
                    for name in ("status", "n", "share", "low", "high", "limit")
                },
                "data": "synthetic",
                "release": "1",
            }


@pytest.mark.parametrize(
    "path", ["shares", "women-and-men", "association", "coverage", "published"]
)
@pytest.mark.parametrize("file_format", ["json", "csv", "json-stat"])
def test_the_api_sends_no_answer_and_no_key(path: str, file_format: str, releases: Path) -> None:
    text = ask(releases, path, format=file_format).text
    assert not re.findall("[0-9a-f]{32}", text)
    assert SYNTHETIC_KEY.hex() not in text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_hides_what_the_release_says_is_under_20(
    address: str, releases: Path, release: Release, protected: Protected
) -> None:
    """Kön splits by gender: each cell is the sum of the protected cells that were chosen."""
    seen = visit(releases, GENDER, address)
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
        groups = [frozenset({gender, *cells}) for cells in itertools.product(*chosen)]
        n = sum(protected.get((group, label), 0) for group in groups)
        assert (row["Andel Ja"] == wording.HIDDEN) == (n < SHOW)
