"""What is written into a release: protected counts and what they cover, and nothing else."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import WriteAnswers
from leaking import Protected, holds_an_answer_or_the_key
from typer.testing import CliRunner

from fovdata import keys, measures, responses
from fovdata import questionnaire as form
from fovdata.__main__ import app
from fovdata.registry import Registry
from fovdata.release import building
from fovdata.rules import RULES
from fovdata.selection import DIMENSIONS, EARLIER, LATEST

LABELS = {
    *measures.SINGLE,
    *(one for pair in measures.ASSOCIATIONS + measures.PAIRS for one in measures.together(*pair)),
    *measures.SEVERAL_TOGETHER,
}

PEOPLE = """
times federation gender age_band q1
  150 halland    kvinna 25-34    ja
  120 skaraborg  man    35-44    nej
   60 skaraborg  kvinna 35-44    ja
"""
NINE_MORE = """
times federation gender age_band q1
    9 halland    man    55-64    ja
"""


def test_the_metadata_say_what_a_release_covers_and_count_nobody_but_everybody(
    releases: Path,
) -> None:
    said = json.loads((releases / "1" / "release.json").read_text(encoding="utf-8"))
    assert {file.name for file in releases.rglob("*")} == {"1", "counts.parquet", "release.json"}
    assert said.keys() == {
        *("format", "number", "date", "data", "total", "rules"),
        *("categories", "region_of", "tables", "counts_sha256"),
    }
    assert said["total"] == Protected.of(releases).count({}, measures.ALL)
    assert said["rules"] == asdict(RULES)
    for names in (*said["categories"].values(), said["region_of"].values(), *said["tables"]):
        assert all(isinstance(name, str) for name in names)


def test_the_table_of_counts_holds_codes_and_labels_that_are_declared(
    releases: Path, registry: Registry
) -> None:
    file = releases / "1" / "counts.parquet"
    counts = pd.read_parquet(file)
    known: Mapping[str, set[str]] = {
        "period": {"2019", "2020", "2021", "2022"},
        "region": {region.code for region in registry.regions if region.joined},
        "federation": {federation.slug for federation in registry.federations},
        "gender": {gender.code for gender in form.GENDERS},
        "age": {band.code for band in form.AGE_BANDS},
        "authority": {authority.code for authority in form.AUTHORITIES},
        LATEST: {LATEST, EARLIER},
        "fill_count": {count.code for count in form.FILL_COUNTS} - {form.FIRST_TIME.code},
        "label": LABELS,
    }
    assert {*counts.columns} == {*known, "dimensions", "value"}
    for column, codes in known.items():
        assert {*counts[column].dropna()} <= codes
    about = pq.read_metadata(file)
    assert {*(about.metadata or {})} <= {b"ARROW:schema"}
    assert pq.read_schema(file).metadata is None
    assert about.created_by.startswith("parquet-cpp-arrow version ")


def test_no_answer_and_no_key_is_in_a_release(releases: Path) -> None:
    for file in (releases / "1").iterdir():
        assert not holds_an_answer_or_the_key(file.read_bytes().decode("latin-1"))
    counts = pd.read_parquet(releases / "1" / "counts.parquet")
    assert not any(holds_an_answer_or_the_key(str(one)) for one in counts.to_numpy().flat)


def test_the_order_of_the_rows_does_not_follow_the_counts(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    answers = write_answers(PEOPLE, data=responses.REAL)
    found = []
    for name in ("en", "annan"):
        key, folder = tmp_path / f"{name} nyckel", tmp_path / name
        keys.make(key, tmp_path / "utgåvor")
        building.build(answers, folder, tmp_path / f"{name} liggare", registry, key)
        found.append(pd.read_parquet(folder / "1" / "counts.parquet"))
    one, other = found
    assert one.drop(columns="value").equals(other.drop(columns="value"))
    assert not one["value"].equals(other["value"])


def test_answers_that_wait_are_told_to_the_operator_and_leave_no_trace_in_the_release(
    write_answers: WriteAnswers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second release is made twice: with nine new answers that wait, and without."""
    now = str(datetime.date.today().year)
    found, said = [], []
    for name, waits in (("utan", False), ("med", True)):
        monkeypatch.setenv("FOV_RELEASE", str(tmp_path / name))
        monkeypatch.setenv("FOV_LEDGER", str(tmp_path / f"{name} liggare"))
        monkeypatch.delenv("FOV_REGISTRY", raising=False)
        answers = write_answers(PEOPLE)
        monkeypatch.setenv("FOV_RESPONSES", str(answers))
        assert CliRunner().invoke(app, ["release"]).exit_code == 0
        if waits:
            write_answers(NINE_MORE, "nya.parquet")
            write_answers("times\n3", "öppet år.parquet", year=now)
        said.append(CliRunner().invoke(app, ["release"]).stdout)
        found.append({file.name: file.read_bytes() for file in (tmp_path / name / "2").iterdir()})
    without, with_them = said
    assert "Väntar" not in without
    assert "Halland: 9 nya svar, tas in när de är minst 10" in with_them
    assert f"{now}: 3 svar, tas in när året är slut" in with_them
    assert found[0] == found[1]


def test_the_dimensions_are_those_that_a_release_is_divided_by(releases: Path) -> None:
    counts = pd.read_parquet(releases / "1" / "counts.parquet")
    for dimensions, table in counts.groupby("dimensions"):
        filled = {d for d in (*DIMENSIONS, LATEST, "fill_count") if table[d].notna().any()}
        assert filled == {*filter(None, str(dimensions).split(","))}
