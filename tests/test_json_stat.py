"""JSON-stat 2.0 read back by a library that others use, and set against the JSON answer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import MakeRelease
from pages_under_test import ask
from pyjstat import pyjstat  # type: ignore[import-untyped]

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.api import parameters
from fovdata.figures.release import Release
from fovdata.rules import STANDING_NOTE
from fovdata.selection import LABELS

# pyjstat's way of reading calls a function of its own that it calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")

Asked = Mapping[str, str | Sequence[str]]

FIGURES: Mapping[str, tuple[str, Asked]] = {
    "the country": ("shares", {}),
    "a region": ("shares", {"region": "17"}),
    "federations, hidden ones among them": ("shares", {"by": "federation"}),
    "regions by gender": ("shares", {"by": ["region", "gender"]}),
    "gender by age": ("shares", {"by": ["gender", "age"]}),
    "years of a region": ("shares", {"by": "period", "region": "17"}),
    "the third gender answer too": ("shares", {"by": "gender"}),
    "first and repeat forms": ("shares", {"by": "forms"}),
    "women and men of a region": ("women-and-men", {"region": "17"}),
    "question 6, the country": ("association", {}),
    "question 6, women and men": ("association", {"by": "gender"}),
    "question 6, a region with few answers": ("association", {"region": "17"}),
}

DATASET = {
    *("version", "class", "label", "source", "updated", "note", "extension"),
    *("id", "size", "role", "dimension", "value", "status"),
}
"""The properties of a dataset that JSON-stat's own schema knows and that are used here."""

asked = pytest.mark.parametrize(("path", "filters"), FIGURES.values(), ids=list(FIGURES))


def cells(dataset: Any, column: str = "value") -> Mapping[tuple[str, ...], Any]:
    """A dataset as pyjstat reads it: the categories' codes → the value, None where missing."""
    read = pyjstat.Dataset.read(json.dumps(dataset))
    frame = read.write("dataframe", naming="id", value=column).astype(object)
    frame = frame.where(frame.notna(), None)
    *dimensions, values = (frame[name] for name in frame)
    assert [one.name for one in dimensions] == dataset["id"]
    return dict(zip(zip(*dimensions, strict=True), values, strict=True))


def numbers(row: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """The numbers of a row in JSON with their names in the dataset, and their status."""
    parts = {"": row} if "status" in row else {n: v for n, v in row.items() if isinstance(v, dict)}
    for part, figure in parts.items():
        if part == "group":
            continue
        prefix = f"{part}_" if part else ""
        for name, value in figure.items():
            if name == "limit":
                sign, of = (value[0], int(value[1:])) if value else ("", None)
                yield f"{prefix}limit_below", of if sign == "<" else None, figure["status"]
                yield f"{prefix}limit_above", of if sign == ">" else None, figure["status"]
            elif name not in ("question", "group", "status"):
                yield f"{prefix}{name}", value, figure["status"]


@asked
def test_a_dataset_holds_the_same_values_as_the_json(
    path: str, filters: Asked, releases: Path
) -> None:
    answer = ask(releases, path, **filters).json()
    dataset = ask(releases, path, format="json-stat", **filters).json()
    found = {
        (*row["group"].values(), row["question"], name): (value, status)
        for row in answer["rows"]
        for name, value, status in numbers(row)
    }
    values, statuses = cells(dataset), cells(dataset, "status")
    assert {cell: (values[cell], statuses[cell]) for cell in values} == found


@asked
def test_a_dataset_is_in_the_form_of_the_standard(
    path: str, filters: Asked, releases: Path
) -> None:
    answer = ask(releases, path, format="json-stat", **filters)
    assert answer.headers["content-type"] == "application/json"
    dataset = answer.json()
    assert set(dataset) == DATASET
    assert (dataset["version"], dataset["class"]) == ("2.0", "dataset")
    assert list(dataset["dimension"]) == dataset["id"]
    size = 1
    for name, length in zip(dataset["id"], dataset["size"], strict=True):
        category = dataset["dimension"][name]["category"]
        assert len(category["index"]) == length
        assert list(category["label"]) == category["index"]
        size *= length
    assert len(dataset["value"]) == len(dataset["status"]) == size
    assert set(dataset["status"]) <= {"shown", "coded", "hidden"}


@asked
def test_nothing_hidden_has_a_number_and_every_number_of_answers_is_a_multiple_of_5(
    path: str, filters: Asked, releases: Path
) -> None:
    dataset = ask(releases, path, format="json-stat", **filters).json()
    statuses = cells(dataset, "status")
    for (*_, measure), value in cells(dataset).items():
        if measure == "n" or measure.endswith("_n"):
            assert value is None or value % 5 == 0
    for cell, value in cells(dataset).items():
        assert statuses[cell] != "hidden" or value is None


def test_the_cases_hold_all_three_statuses(releases: Path) -> None:
    dataset = ask(releases, "shares", format="json-stat", by="federation").json()
    assert set(dataset["status"]) == {"shown", "coded", "hidden"}


def test_a_coded_limit_is_a_number_below_or_above(
    make_release: MakeRelease, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = make_release("""
        times  q1   q2
        2      ja   nej
        40     nej  ja
        2      nej  ja
    """)
    monkeypatch.setattr(parameters, "current", lambda _: release)
    dataset = ask(tmp_path, "shares", format="json-stat").json()
    found = cells(dataset)
    assert (found["q1", "limit_below"], found["q1", "limit_above"]) == (20, None)
    assert (found["q2", "limit_below"], found["q2", "limit_above"]) == (None, 80)
    assert found["q1", "share"] is None


def test_a_dataset_says_itself_in_swedish(releases: Path) -> None:
    dataset = ask(releases, "shares", format="json-stat", by="gender", region="17").json()
    assert dataset["label"] == "Alla svarande i Region Värmland"
    assert dataset["note"] == [STANDING_NOTE]
    assert "syntetiska svar" in dataset["source"]
    assert dataset["extension"]["data"] == "synthetic"
    assert dataset["extension"]["release"] == 1
    gender, question = dataset["dimension"]["gender"], dataset["dimension"]["question"]
    assert gender["label"] == LABELS["gender"]
    assert gender["category"]["label"] == {"kvinna": "Kvinnor", "man": "Män"}
    assert question["category"]["label"]["q6"] == wording.question("q6")
    assert question["category"]["note"]["q6"] == [form.BY_CODE["q6"].wording]
    assert dataset["dimension"]["measure"]["category"]["label"]["share"] == "andel Ja, procent"


@pytest.mark.parametrize(
    ("by", "role", "name"),
    [("period", "time", "period"), ("region", "geo", "region"), ("none", "metric", "measure")],
)
def test_time_place_and_measure_have_their_roles(
    by: str, role: str, name: str, releases: Path
) -> None:
    dataset = ask(releases, "shares", format="json-stat", by=by).json()
    assert dataset["role"][role] == [name]


def test_a_dataset_is_of_the_day_of_its_release(release: Release, releases: Path) -> None:
    for path in ("shares", "association", "coverage"):
        dataset = ask(releases, path, format="json-stat").json()
        assert dataset["updated"] == release.date.isoformat()


@pytest.mark.parametrize("path", ["coverage", "published"])
def test_a_collection_holds_every_table_with_the_same_values_as_the_json(
    path: str, releases: Path
) -> None:
    tables = ask(releases, path).json()
    collection = ask(releases, path, format="json-stat").json()
    assert (collection["version"], collection["class"]) == ("2.0", "collection")
    items = collection["link"]["item"]
    assert [item["extension"]["table"] for item in items] == list(tables)
    for item, rows in zip(items, tables.values(), strict=True):
        assert {"version", "status"}.isdisjoint(item)
        assert item["class"] == "dataset"
        assert cells(item | {"version": "2.0"}) == {
            (str(number), field): value
            for number, row in enumerate(rows if isinstance(rows, list) else [rows], 1)
            for field, value in row.items()
        }


def test_a_table_s_columns_are_named_as_the_data_package_names_them(releases: Path) -> None:
    growth, *_ = ask(releases, "published", format="json-stat").json()["link"]["item"]
    assert growth["label"] == "Uppdragets tillväxt"
    assert growth["dimension"]["field"]["category"]["label"]["when"] == "När"
