"""The call that a card names gives the figures that its table shows."""

import io
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from pages_under_test import ADDRESSES, Visit, ask, visit
from streamlit.testing.v1.element_tree import Block

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.api.parameters import ROOT
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.registry import Registry
from fovdata.rules import Status
from fovdata.selection import DIMENSIONS, Selection

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, HANDING_IN, *_ = PAGES

CALL = re.compile(r"Siffrorna som data: \[`(.*?)`\]\((.*?)\) · \[JSON-stat\]\((.*?)\)")
QUESTIONS = {question.short: question.code for question in form.QUESTIONS}
COUNTRY, ADJUSTED = "Hela landet", "Justerat för kön"
LABELS = {
    **{category.code: category.label for category in (*form.GENDERS, *form.AGE_BANDS)},
    **{"first": "Första gången", "repeat": "Andra gången eller fler"},
}
"""What a table calls the groups of a call."""
PARTS = {
    "women": form.WOMEN.label,
    "men": form.MEN.label,
    "yes": "Har bevittnat våld",
    "no": "Har inte bevittnat våld",
    "adjusted": ADJUSTED,
}
"""What a table calls the parts of a call's rows."""
COMPARISONS = ("difference", "ratio")
"""Parts that have no name in a table."""
FIGURES = {
    "share": {
        "share": "andel_ja_procent",
        "low": "lägst_95",
        "high": "högst_95",
        "limit": "gräns_procent",
        "n": "antal_svar_ca",
    },
    "points": {"points": "skillnad_procentenheter", "low": "lägst_95", "high": "högst_95"},
    "ratio": {"ratio": "kvot", "low": "kvot_lägst_95", "high": "kvot_högst_95"},
}
"""What each kind of figure is made of: in an answer of the API, and in a card's file."""

Key = tuple[str, str, frozenset[str]]
"""A kind of figure, a question, and the names of the group and the part that it is of."""
Figure = tuple[object, ...]

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
every_address = pytest.mark.parametrize("address", ADDRESSES)


def call_of(card: Block) -> str:
    """The call that a card names; empty if none."""
    found = [CALL.fullmatch(text.value) for text in card.markdown]
    calls = [match for match in found if match]
    if not calls:
        return ""
    (match,) = calls
    named, link, json_stat = match.groups()
    assert named == link
    assert json_stat in (f"{link}?format=json-stat", f"{link}&format=json-stat")
    return named


@cache
def asked(releases: Path, call: str) -> Any:
    """What the API answers to a call, as JSON."""
    address = urlsplit(call)
    assert address.netloc == ""
    path = address.path.removeprefix(f"{ROOT}/")
    answer = ask(releases, path, **parse_qs(address.query))
    assert answer.is_success
    return answer.json()


def table_of(seen: Visit, card: str) -> list[dict[str, Any]]:
    """A card's file, row by row; what is empty is None."""
    (file,) = [file for file in seen.files if file.name == f"fov-{card}.csv"]
    text = file.content.decode("utf-8-sig")
    rows = pd.read_csv(io.StringIO(text), sep=";", decimal=",").to_dict("records")
    return [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in rows]


def of_call(answer: Mapping[str, Any]) -> dict[Key, Figure]:
    """Every figure of an answer."""
    found: dict[Key, Figure] = {}
    for row in answer["rows"]:
        group = {LABELS[code] for code in row["group"].values()}
        parts = {name: one for name, one in row.items() if name in PARTS or name in COMPARISONS}
        for part, figure in (parts or {"": row}).items():
            (kind,) = (kind for kind in FIGURES if kind in figure)
            names = frozenset(group | ({PARTS[part]} if part in PARTS else set()))
            status = wording.STATUS_WORDS[Status(figure["status"])]
            found[kind, row["question"], names] = (status, *(figure[v] for v in FIGURES[kind]))
    return found


def of_table(rows: list[dict[str, Any]], selection: str) -> dict[Key, Figure]:
    """Every figure of a card's file; ``selection`` is the name of what the call is of."""
    found: dict[Key, Figure] = {}
    for row in rows:
        (kind,) = (kind for kind, columns in FIGURES.items() if columns[kind] in row)
        question = QUESTIONS[row["Fråga"]] if "Fråga" in row else form.QUESTIONS[0].code
        groups = {row[column] for column in ("Kön", "Ålder", "Grupp") if column in row}
        names = frozenset(groups - {selection})
        found[kind, question, names] = (
            row["status"],
            *(row[column] for column in FIGURES[kind].values()),
        )
    return found


def cards_with_a_call(seen: Visit) -> Iterator[tuple[str, str]]:
    for name, card in seen.cards.items():
        if call := call_of(card):
            yield name, call


@every_address
@every_page
def test_a_card_of_answers_and_its_call_give_the_same_figures(
    page: Page, address: str, releases: Path, registry: Registry
) -> None:
    seen = visit(releases, page, address)
    for card, call in cards_with_a_call(seen):
        answer = asked(releases, call)
        if "rows" not in answer or card in ("jamforelse", "tratt", "matta"):
            continue  # see the tests of the registry, of what is published and of comparisons
        found, rows = of_call(answer), table_of(seen, card)
        hidden = {status for status, *_ in found.values()} == {wording.STATUS_WORDS[Status.HIDDEN]}
        if card == "fragor" and hidden:
            assert "Grupp" not in rows[0], "the country stands there instead"
            continue
        selection = of_whom(call, registry)
        own = [row for row in rows if not stands_beside(row, selection)]
        shown = of_table(own, selection)
        assert len(shown) == len(own) > 0
        assert shown == {key: found[key] for key in shown}, card


def of_whom(call: str, registry: Registry) -> str:
    """What a table calls the selection of a call."""
    asked_for = parse_qs(urlsplit(call).query)
    codes = {d: tuple(codes) for d, codes in asked_for.items() if d in DIMENSIONS}
    return Selection(**codes).short(registry) or COUNTRY


def stands_beside(row: Mapping[str, Any], selection: str) -> bool:
    """Whether a row is not of the selection, but stands beside it."""
    if "kvot" in row:
        return row["Grupp"] != selection and (selection, row["Grupp"]) != (COUNTRY, ADJUSTED)
    return row.get("Grupp") == COUNTRY != selection


def test_the_call_of_every_card_is_offered(releases: Path) -> None:
    named = {
        page.file: {name for name, _ in cards_with_a_call(visit(releases, page, "no filter"))}
        for page in PAGES
    }
    assert named["oversikt.py"] == {"kvinnor-och-man", "tillvaxt", "publicerade-svar"}
    assert named["tackning.py"] == {"karta", "rutor", "tathet"}
    assert named["kon.py"] == {"kon", "skillnad", "alder", "tredje-svaret"}


@pytest.mark.parametrize(
    ("address", "call"),
    [
        ("no filter", "/api/v1/women-and-men"),
        ("a region", "/api/v1/women-and-men?region=17"),
        ("several years", "/api/v1/women-and-men?period=2021&period=2022"),
    ],
)
def test_a_call_has_the_filters_of_its_card_and_no_more(
    address: str, call: str, releases: Path
) -> None:
    cards = visit(releases, GENDER, address).cards
    assert call_of(cards["kon"]) == call
    assert call_of(cards["alder"]) == "/api/v1/shares?by=gender&by=age", "of the whole country"


def test_regions_answers_are_those_of_the_call(releases: Path) -> None:
    seen = visit(releases, COVERAGE, "no filter")
    answer = asked(releases, call_of(seen.cards["tathet"]))
    shown = {row["Region"]: row["Antal svar, ca"] for row in table_of(seen, "tathet")}
    assert shown == {region["name"]: region["answers"] for region in answer["regions"]}


def test_the_map_shows_the_municipalities_of_the_call(releases: Path) -> None:
    seen = visit(releases, COVERAGE, "no filter")
    answer = asked(releases, call_of(seen.cards["karta"]))
    joined = {f"{row['Kommunkod']:04}" for row in table_of(seen, "karta") if row["Med"] == "ja"}
    assert joined == {one["municipality"] for one in answer["memberships"]}


def test_what_is_published_stands_in_the_call(releases: Path) -> None:
    seen = visit(releases, START, "no filter")
    answer = asked(releases, call_of(seen.cards["tillvaxt"]))
    shown = [row["Samordningsförbund"] for row in table_of(seen, "tillvaxt")]
    assert shown == [row["federations"] for row in answer["growth"]]
