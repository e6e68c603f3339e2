"""The page Jämför: every mark and sentence on it is what the API's comparison says."""

import io
from collections import Counter
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pages_under_test import VERDICTS, Visit, ask, charts, visit
from streamlit.testing.v1 import AppTest

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.dashboard.navigation import PAGES
from fovdata.registry import Registry

(PAGE,) = (page for page in PAGES if page.url == "jamfor")
QUESTIONS = {question.code: question.short for question in form.QUESTIONS}


@cache
def compared(releases: Path, adjust: str = "none") -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = ask(releases, "comparison", adjust=adjust).json()["rows"]
    return rows


def choose_funnel(question: str, app: AppTest) -> None:
    app.selectbox(key="tratten").select(question)


def adjust(app: AppTest) -> None:
    app.toggle(key="hansyn").set_value(True)


def order_by(order: str, app: AppTest) -> None:
    app.segmented_control(key="ordning").set_value(order)


def file_of(seen: Visit, card: str) -> pd.DataFrame:
    (file,) = [file for file in seen.files if file.name == f"fov-{card}.csv"]
    return pd.read_csv(io.BytesIO(file.content), sep=";", decimal=",")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_funnel_s_points_are_those_of_the_api(
    question: str, releases: Path, registry: Registry
) -> None:
    card = visit(releases, PAGE, "no filter", partial(choose_funnel, question)).cards["tratt"]
    (chart,) = charts(card)
    dots = chart.data[chart.data["kind"] == "dot"]
    found = {
        (int(row["n"]), int(row["share"]), row["tip"].split(":")[0], row["outside"] != "inside")
        for row in dots.to_dict("records")
    }
    rows = [row for row in compared(releases) if row["question"] == question]
    names = {row["group"]["federation"]: row for row in rows}
    assert found == {
        (
            row["federation"]["n"],
            row["federation"]["share"],
            registry.federation(slug).name,
            row["outside"] is not None,
        )
        for slug, row in names.items()
        if row["federation"]["status"] == "shown"
    }
    note = " ".join(text.value for text in card.markdown)
    for slug, row in names.items():
        if row["federation"]["status"] != "shown":
            assert registry.federation(slug).name in note, "what has no point stands in words"


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_funnel_s_title_counts_those_outside(question: str, releases: Path) -> None:
    seen = visit(releases, PAGE, "no filter", partial(choose_funnel, question))
    title = seen.cards["tratt"].header[0].value
    rows = [row for row in compared(releases) if row["question"] == question]
    (country,) = {
        row["share"]
        for row in ask(releases, "shares").json()["rows"]
        if row["question"] == question
    }
    outer = Counter(
        "över" if row["federation"]["share"] > country else "under"
        for row in rows
        if row["outside"] == "99.8"
    )
    assert title.startswith(QUESTIONS[question])
    for where in ("över", "under"):
        number = wording.in_words(outer[where]).replace("en", "ett")
        assert (number in title) or not outer[where]
        if sum(outer.values()):
            assert (where in title) == bool(outer[where])


@pytest.mark.parametrize("use", [None, adjust], ids=["as they are", "adjusted"])
def test_the_rug_s_cells_are_those_of_the_api(use: Any, releases: Path, registry: Registry) -> None:
    seen = visit(releases, PAGE, "no filter", use)
    rows = compared(releases, "gender" if use else "none")
    (chart,) = charts(seen.cards["matta"])
    cells = chart.data[chart.data["kind"].isin(["share", "hidden", "coded"])]
    names = dict(chart.data[chart.data["kind"] == "label"][["y", "text"]].to_numpy())
    codes = {short: code for code, short in QUESTIONS.items()}
    drawn = {(names[cell["y"]], codes[cell["question"]]): cell for cell in cells.to_dict("records")}
    assert len(drawn) == len(rows) == 40 * 7
    for row in rows:
        cell = drawn[registry.federation(row["group"]["federation"]).name, row["question"]]
        own = row["federation"]
        assert (
            cell["kind"] == {"shown": "share", "coded": "coded", "hidden": "hidden"}[own["status"]]
        )
        if own["status"] == "shown":
            assert cell["share"] == own["share"]
            assert cell["verdict"] == VERDICTS[row["verdict"]]
        elif own["status"] == "coded":
            assert cell["text"] == own["limit"]


@pytest.mark.parametrize("use", [None, adjust], ids=["as they are", "adjusted"])
def test_the_rug_s_title_and_file_are_those_of_the_api(
    use: Any, releases: Path, registry: Registry
) -> None:
    seen = visit(releases, PAGE, "no filter", use)
    rows = compared(releases, "gender" if use else "none")
    certain = {row["group"]["federation"] for row in rows if row["verdict"] in ("higher", "lower")}
    title = seen.cards["matta"].header[0].value
    assert f"{wording.in_words(len(certain))} av " in title.lower()
    found = {
        (row["Förbund"], row["Fråga"]): (
            row["utfall"],
            None if pd.isna(row["skillnad_procentenheter"]) else row["skillnad_procentenheter"],
        )
        for row in file_of(seen, "matta").to_dict("records")
    }
    assert found == {
        (registry.federation(row["group"]["federation"]).name, QUESTIONS[row["question"]]): (
            VERDICTS[row["verdict"]],
            row["difference"]["points"],
        )
        for row in rows
    }


@pytest.mark.parametrize("order", ["Namn", "Region", "Antal svar"])
def test_an_order_tells_nothing_of_hidden_federations(order: str, releases: Path) -> None:
    (chart,) = charts(visit(releases, PAGE, "no filter", partial(order_by, order)).cards["matta"])
    labels = chart.data[chart.data["kind"] == "label"]
    names, answers = list(labels["text"]), list(labels["answers"])
    if order == "Namn":
        assert names == sorted(names, key=wording.alphabetical)
    if order == "Antal svar":
        digits = ["".join(filter(str.isdigit, said)) for said in answers]
        sizes = [0 if "färre" in said else int(n) for said, n in zip(answers, digits, strict=True)]
        assert sizes == sorted(sizes, reverse=True)
        for size in set(sizes):
            alike = [name for name, its in zip(names, sizes, strict=True) if its == size]
            assert alike == sorted(alike, key=wording.alphabetical)
