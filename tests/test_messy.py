"""Files as people make them: the same answers from all of them, or the faults written beside."""

import datetime
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from messy import making
from messy.making import FILES

from fovdata import questionnaire as form
from fovdata import responses
from fovdata.intake import places, receiving
from fovdata.intake.checking import Finding
from fovdata.intake.reading import FileFault
from fovdata.registry import Registry

ROWS_NAMED = 10
TODAY = datetime.date(2026, 11, 22)
NAMES = sorted(path.name for path in FILES.iterdir() if not path.name.endswith(".expected.json"))
SLUGS = {
    "Skaraborg": "skaraborg",
    "Finsam Göteborg": "finsam-goteborg",
    "Karlskoga-Degerfors": "karlskoga-degerfors",
    "Örebro - Lekeberg": "orebro-lekeberg",
}
BANDS = {
    **dict.fromkeys((17, 23), "16-24"),
    **dict.fromkeys((29, 31, 34), "25-34"),
    **dict.fromkeys((38, 41), "35-44"),
    **dict.fromkeys((46, 52), "45-54"),
    **dict.fromkeys((58, 64), "55-64"),
}
ANSWERS = {"j": "ja", "n": "nej", "-": "blank"}


def kept() -> pd.DataFrame:
    """What shall be kept of the twelve forms, worked out by hand from what is typed in them."""
    return pd.DataFrame(
        {
            "data": responses.SYNTHETIC,
            "year": row["date"].year,
            "half_year": 1 if row["date"].month <= 6 else 2,
            "federation": SLUGS[row["federation"]],
            "gender": row["gender"],
            "age_band": BANDS[row["age"]],
            "authority": row["authority"],
            "fill_count": row["fill_count"],
            **{question.code: ANSWERS[row[question.code]] for question in form.QUESTIONS},
        }
        for row in making.forms()
    )


def comparable(answers: pd.DataFrame) -> list[tuple[str, ...]]:
    """The answers without their ids, in an order of their own."""
    columns = [column.name for column in responses.COLUMNS if column.name != "response_id"]
    return sorted(map(tuple, answers[columns].astype(str).to_numpy().tolist()))


def received(name: str, registry: Registry, federation: str | None = None) -> receiving.Received:
    source = io.BytesIO((FILES / name).read_bytes())
    place = places.Place(Path("/nonexistent"), b"\x07" * 32, responses.SYNTHETIC)
    return receiving.receive(source, name, place, registry, federation, today=TODAY)


def expected(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((FILES / f"{name}.expected.json").read_text("utf-8"))
    return found


def told(findings: Sequence[Finding]) -> list[tuple[str, str | None, list[int]]]:
    """Kind, heading and rows of every finding."""
    found = (
        (one.kind, one.column and one.column.partition(" (kolumn")[0], [*one.rows])
        for one in findings
    )
    return sorted(found, key=str)


def test_there_are_at_least_forty_files_and_each_says_what_it_should_give() -> None:
    assert len(NAMES) >= 40
    assert all((FILES / f"{name}.expected.json").exists() for name in NAMES)


@pytest.fixture(scope="session")
def ids(registry: Registry) -> set[str]:
    """The ids of the twelve forms, as the plainest file gives them."""
    return set(received("csv-utf8-comma.csv", registry).checked.answers["response_id"])


@pytest.mark.parametrize("name", NAMES)
def test_a_messy_file_gives_the_same_answers_or_the_right_faults(
    name: str, registry: Registry, ids: set[str]
) -> None:
    wanted = expected(name)
    if "refused" in wanted:
        with pytest.raises(FileFault, match=wanted["refused"]):
            received(name, registry)
        return
    found = received(name, registry, wanted.get("federation")).checked
    findings = [
        (kind, column, [*rows][:ROWS_NAMED]) for kind, column, rows in wanted.get("findings", ())
    ]
    assert told(found.findings) == sorted(findings, key=str)
    if wanted.get("same") or wanted.get("answers"):
        assert comparable(found.answers) == comparable(kept())
    if wanted.get("same"):
        assert set(found.answers["response_id"]) == ids


def test_the_files_are_those_that_the_script_makes() -> None:
    # Workbooks carry the time they were made; text files are the same to the byte.
    made = {one.name: one for one in making.made()}
    assert sorted(made) == NAMES
    text = [one for one in made.values() if not one.content.startswith((b"PK", b"\xd0\xcf"))]
    assert [one.name for one in text if (FILES / one.name).read_bytes() != one.content] == []
