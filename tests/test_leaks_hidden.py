"""What is hidden moves nothing: a release and its double send the same, to the last byte."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

import pandas as pd
import pytest
from conftest import WriteAnswers
from leaking import altered, answers, calls, double
from pages_under_test import Visit, visit
from typer.testing import CliRunner

from fovdata import measures
from fovdata.__main__ import app
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.release import building

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, HANDING_IN, *_ = PAGES


@pytest.fixture(scope="session")
def twin(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the double of the demo's release."""
    return altered(releases, tmp_path_factory.mktemp("dubbelgångare"), double)


def test_the_double_differs_wherever_the_gate_hides(releases: Path, twin: Path) -> None:
    one, other = (pd.read_parquet(folder / "1" / "counts.parquet") for folder in (releases, twin))
    assert one.drop(columns="value").equals(other.drop(columns="value"))
    moved = one[one["value"] != other["value"]]
    kinds = Counter(moved["label"].str.split("|").str[0])
    assert kinds["n"] > 900, "small groups, and respondents within their five"
    assert kinds["y"] > 900, "Ja of small groups, and few Ja or Nej"


def test_the_api_answers_the_same_whatever_is_hidden(
    releases: Path, twin: Path, release: Release
) -> None:
    asked = [*calls(release)]
    # CSV and JSON-stat say what JSON does; every seventh is asked for whether they follow.
    for part, formats in ((asked, ("json",)), (asked[::7], ("csv", "json-stat"))):
        pairs = zip(answers(releases, part, *formats), answers(twin, part, *formats), strict=True)
        for (call, of_format, one), (_, _, other) in pairs:
            assert one.content == other.content, (call, of_format)
            assert one.headers == other.headers
            assert one.headers.keys() == {"cache-control", "content-length", "content-type"}
            assert int(one.headers["content-length"]) == len(one.content)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        *((page, "no filter") for page in PAGES),
        *((page, "a federation of 34 to 75") for page in (GENDER, EXPOSURE, FEDERATION, PRESENTED)),
        *((page, "a federation under 20") for page in (GENDER, EXPOSURE, FEDERATION, PRESENTED)),
        (COVERAGE, "a region"),
        (GENDER, "a region"),
        (GENDER, "the third gender answer"),
        (EXPOSURE, "a thin year"),
        (GENDER, "two filters"),
    ],
    ids=lambda one: getattr(one, "file", one),
)
def test_a_page_and_its_files_are_the_same_whatever_is_hidden(
    page: Page, address: str, releases: Path, twin: Path
) -> None:
    one, other = (visit(folder, page, address) for folder in (releases, twin))
    for said, its_double in zip(sent(one), sent(other), strict=True):
        assert said == its_double
    for file, again in zip(one.files, other.files, strict=True):
        assert file.name == again.name
        if not file.is_picture:
            assert file.content == again.content


def sent(seen: Visit) -> Iterator[str]:
    """Every text of a page, but for the names under which a server keeps files: they are random."""
    return (text for text in seen.texts if not re.fullmatch("[0-9a-f]{32}", text))


@pytest.mark.parametrize("words", [("list",), ("show",)])
def test_a_command_says_the_same_whatever_is_hidden(
    words: Sequence[str], releases: Path, twin: Path
) -> None:
    said = []
    for folder in (releases, twin):
        with mock.patch.dict(os.environ, FOV_RELEASE=str(folder)):
            said.append(CliRunner().invoke(app, ["releases", *words]).stdout)
    assert said[0] == said[1] != ""


FEW_MEN_WITH_JA = """
times gender q6  q1
   60 kvinna ja  ja
   40 kvinna ja  nej
   30 kvinna nej ja
   60 kvinna nej nej
    8 man    ja  ja
    8 man    ja  nej
   40 man    nej ja
   80 man    nej nej
"""


def test_what_men_and_everybody_show_is_the_same_whatever_a_hidden_row_holds(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    one = tmp_path / "en"
    building.build(write_answers(FEW_MEN_WITH_JA), one, tmp_path / "liggare", registry)
    other = altered(one, tmp_path / "annan", double)
    asked = [("association", parameters) for parameters in ({}, *GENDERS)]
    found = [
        {str(call): response.json() for call, _, response in answers(folder, asked, "json")}
        for folder in (one, other)
    ]
    assert found[0] == found[1]
    everybody, by_gender, _ = found[0].values()
    women, men = by_gender["rows"][0], by_gender["rows"][len(measures.ASSOCIATED)]
    assert {women[part]["status"] for part in ("yes", "no", "difference", "ratio")} == {"shown"}
    assert {men[part]["status"] for part in ("yes", "no", "difference", "ratio")} == {"hidden"}
    assert everybody["rows"][0]["ratio"]["status"] == "shown"
    # Adjusted for gender it would tell the men's.
    hidden = {"status": "hidden", "ratio": None, "low": None, "high": None, "p": None}
    assert everybody["rows"][0]["adjusted"] == hidden
    assert [*sent(visit(one, EXPOSURE, "no filter"))] == [
        *sent(visit(other, EXPOSURE, "no filter"))
    ]


GENDERS: Sequence[Mapping[str, Sequence[str]]] = ({"by": ["gender"]}, {"gender": ["man"]})
