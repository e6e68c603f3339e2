"""The page Förbund: every sentence and mark on it is what the API's comparison says."""

import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pages_under_test import (
    MAIN,
    VERDICTS,
    Visit,
    ask,
    charts,
    key_figures,
    open_tables,
    run,
    visit,
)
from streamlit.testing.v1 import AppTest

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.dashboard.navigation import PAGES
from fovdata.figures import precision, shares
from fovdata.figures.release import Release
from fovdata.intake.demo import SHOWCASE
from fovdata.selection import Selection

(PAGE,) = (page for page in PAGES if page.url == "forbund")
CODES = {question.short: question.code for question in form.QUESTIONS}
FEDERATIONS = (
    "skaraborg",
    "halland",
    "skelleftea-norsjo",
    "jamtlands-lan",
    "falun",
    "kalmar-lan",
    "stockholms-stad",
    "orebro-lekeberg",
)
"""Higher, lower and alone, with a coded question, alone, hidden, hidden and alone, and usual."""


def opened(releases: Path, federation: str = "", gender: str = "") -> Visit:
    """The page as somebody sees it who comes by an address, and may go on to use."""
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.switch_page(str(PAGE.path))
    if federation:
        app.query_params["federation"] = [federation]
    if gender:
        app.query_params["gender"] = [gender]
    open_tables(app)
    return Visit(PAGE, {}, run(app, releases), ())


def compared(releases: Path, federation: str, **more: str) -> list[Mapping[str, Any]]:
    answer = ask(releases, "comparison", federation=federation, **more)
    assert answer.is_success
    rows: list[Mapping[str, Any]] = answer.json()["rows"]
    return rows


def interval(figure: Mapping[str, Any]) -> str:
    return f"{wording.signed(figure['low'])} till {wording.signed(figure['high'])}"


@pytest.mark.parametrize("gender", ["", "kvinna"])
@pytest.mark.parametrize("federation", FEDERATIONS)
def test_every_mark_of_the_chart_is_what_the_api_says(
    federation: str, gender: str, releases: Path
) -> None:
    card = opened(releases, federation, gender).cards["jamforelse"]
    (chart,) = charts(card)
    lanes = chart.data["series"].dropna().unique()
    drawn = chart.data[chart.data["kind"] == "dot"]
    labels = chart.data[chart.data["kind"] == "label"].reset_index(drop=True)
    rows = compared(releases, federation, **({"gender": gender} if gender else {}))
    assert list(labels["text"]) == [form.BY_CODE[row["question"]].short for row in rows]
    tops = [*labels["y"], float("inf")]
    for row, top, end in zip(rows, tops[:-1], tops[1:], strict=True):
        dots = drawn[(drawn["y"] >= top) & (drawn["y"] < end)]
        said = [
            (part["share"], part["low"], part["high"])
            for part in (row["federation"], row["region"], row["country"])
            if part["status"] == "shown"
        ]
        assert [tuple(map(int, one)) for one in dots[["share", "low", "high"]].to_numpy()] == said
        assert len(said) <= len(lanes) + 1
        words = chart.data[
            (chart.data["kind"] == "verdict") & (chart.data["y"].between(top, end - 1))
        ]
        if row["difference"]["status"] == "hidden":
            assert words.empty
            continue
        (text,) = words["text"]
        apart = f"{wording.signed(row['difference']['points'])} ({interval(row['difference'])})"
        assert apart in text
        if row["verdict"] is None:
            assert not re.search("högre|lägre|säker", text.lower())
        else:
            assert text.lower().startswith(VERDICTS[row["verdict"]])


@pytest.mark.parametrize("federation", FEDERATIONS)
def test_title_key_figures_and_sentences_count_the_verdicts_of_the_api(
    federation: str, releases: Path
) -> None:
    seen = opened(releases, federation)
    rows = compared(releases, federation)
    tried = [row["verdict"] for row in rows if row["verdict"]]
    count = {verdict: tried.count(verdict) for verdict in ("higher", "lower")}
    figures = key_figures(seen.app)
    title = seen.cards["jamforelse"].subheader[0].value
    sentences = seen.app.main.markdown[1].value
    if not tried:
        assert set(figures) == {"Svar"}
        assert "för få svar att visa" in title
        assert "högre" not in sentences
        return
    differing = {"Högre än landet": count["higher"], "Lägre än landet": count["lower"]}
    if not any(count.values()):
        differing = {"Säker skillnad": 0}
    for label, number in differing.items():
        assert figures.pop(label) == f"{number} av {len(tried)}"
    assert set(figures) == {"Svar"}
    for verdict, number in count.items():
        said = f"{VERDICTS[verdict]} på {wording.in_words(number)}"
        assert (f"{said} av" in title or f"{said} frågor" in title) == (number > 0)
        in_words = f"{VERDICTS[verdict]} än i övriga landet på {wording.in_words(number)} av "
        assert (in_words in sentences) == (number > 0)
    assert ("ingen säker skillnad" in title) == (not any(count.values()))


@pytest.mark.parametrize("federation", ["skaraborg", "skelleftea-norsjo", "falun"])
def test_the_table_is_what_the_api_says(federation: str, releases: Path) -> None:
    seen = opened(releases, federation)
    (table,) = seen.cards["jamforelse"].table
    rows = {row["question"]: row for row in compared(releases, federation)}
    for short, group in table.value.groupby("Fråga"):
        row = rows[CODES[str(short)]]
        parts = [
            row[part]
            for part in ("federation", "region", "country")
            if part != "federation" or row["federation"]["status"] != "hidden"
        ]
        said = {part["share"] for part in parts if part["share"] is not None}
        found = {int(s.split()[0]) for s in group["Andel Ja"] if re.match(r"\d", s)}
        assert found == said
        if "Utfall" in group:
            assert [one for one in group["Utfall"] if one] == [VERDICTS[row["verdict"]]]


def test_the_showcase_stands_there_until_a_federation_is_chosen(releases: Path) -> None:
    seen = opened(releases)
    box = seen.app.selectbox(key="one-federation")
    assert box.value == SHOWCASE
    assert any("flest svar" in caption.value for caption in seen.app.caption)
    assert "federation" not in seen.app.query_params
    app = box.select("gavleborg")
    run(seen.app, releases)
    assert app.value == "gavleborg"
    assert seen.app.query_params["federation"] in ("gavleborg", ["gavleborg"])
    assert not any("flest svar" in caption.value for caption in seen.app.caption)


def test_a_federation_chosen_here_is_the_filter_of_the_other_pages(releases: Path) -> None:
    app = opened(releases, "halland").app
    (link,) = [one for one in app.sidebar.page_link if one.proto.label == "Kön"]
    assert link.proto.query_string == "federation=halland"


def test_a_hidden_federation_gets_region_country_and_what_opens(
    releases: Path, release: Release
) -> None:
    seen = opened(releases, "falun")
    (said,) = [one.value for one in seen.app.info]
    assert "färre än 20 svar" in said
    (chart,) = charts(seen.cards["jamforelse"])
    assert set(chart.data["series"].dropna()) == {"Region Dalarna", "Hela landet"}
    assert "kvinnor-och-man-har" not in seen.cards
    lists = "\n".join(one.value for one in seen.app.main.markdown)
    for step in precision.openings(release):
        assert f"{wording.about(step.answers).capitalize()}**: {step.what}" in lists
    assert "redan öppet" not in lists


def test_the_slider_says_how_many_answers_a_difference_takes(
    releases: Path, release: Release
) -> None:
    seen = opened(releases, "sofint")
    (own,) = shares.number_of_answers(release, Selection(federation=("sofint",)))
    assert own.n is not None
    for points in (10, 5):
        seen.app.slider(key="procentenheter").set_value(points)
        run(seen.app, releases)
        title = seen.cards["precision"].subheader[0].value
        needed = precision.answers_for(points, release.rules)
        margin = precision.margin(own.n, release.rules)
        assert title == (
            f"Med {wording.about(own.n)} kan ni se skillnader på omkring {margin} "
            f"procentenheter; för {points} behövs {wording.about(needed)}"
        )


def test_who_answered_is_divided_as_far_as_the_rules_offer(releases: Path) -> None:
    seen = opened(releases, "skaraborg")
    (table,) = seen.cards["svarande"].table
    groups = table.value.groupby("Indelning")["Grupp"].unique()
    assert list(groups["Kön"]) == ["Skaraborg", "Västra Götalandsregionen", "Hela landet"]
    assert list(groups["Ålder"]) == ["Västra Götalandsregionen", "Hela landet"]


def test_the_tables_can_be_taken_away_as_a_workbook(releases: Path) -> None:
    seen = visit(releases, PAGE, "a federation over 100")
    (file,) = [file for file in seen.files if file.name.endswith(".xlsx")]
    book = pd.read_excel(io.BytesIO(file.content), sheet_name=None, header=3, engine="calamine")
    about = pd.read_excel(io.BytesIO(file.content), sheet_name="Om", header=None, engine="calamine")
    assert "Alla svarande i Skaraborg" in about.to_string()
    assert len(book) == 1 + len(seen.cards)
    first = book["Tabell 1"]
    assert pd.api.types.is_numeric_dtype(first["Andel ja procent"])
    assert set(first["Utfall"].dropna()) == {"högre", "ingen säker skillnad"}


def test_the_chart_says_whose_dots_are_whose(releases: Path) -> None:
    (chart,) = charts(opened(releases, "skaraborg").cards["jamforelse"])
    coloured = [
        layer["encoding"]["color"]
        for layer in chart.specification["layer"]
        if layer["encoding"].get("color", {}).get("field") == "series"
    ]
    assert len(coloured) == 2
    for colour in coloured:  # one without would take the legend away from both
        assert colour["legend"]
        assert colour["scale"]["domain"][0] == "Skaraborg"


def test_two_federations_in_the_address_are_the_first_and_it_is_said(releases: Path) -> None:
    app = AppTest.from_file(MAIN, default_timeout=30)
    app.switch_page(str(PAGE.path))
    app.query_params["federation"] = ["halland", "gavleborg"]
    run(app, releases)
    shown = app.selectbox(key="one-federation").value
    assert shown in ("halland", "gavleborg")
    assert any("ett förbund i taget" in caption.value for caption in app.caption)


def test_alone_in_its_region_a_federation_is_divided_once(releases: Path) -> None:
    (table,) = opened(releases, "halland").cards["svarande"].table
    groups = table.value.groupby("Indelning")["Grupp"].unique()
    assert list(groups["Kön"]) == ["Halland", "Hela landet"]
    assert list(groups["Ålder"]) == ["Region Halland", "Hela landet"]
