"""The API's description of itself: it says what the code declares, and it is true."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import schemathesis
from pages_under_test import ask
from schemathesis import engine
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.schemas import BaseSchema
from starlette.applications import Starlette

from fovdata import api
from fovdata import questionnaire as form
from fovdata.figures.release import Release
from fovdata.selection import DIMENSIONS
from fovdata.settings import ROOT

ADDRESS = "/api/v1/openapi.json"
CONFIGURED = {
    "seed": 1,
    "generation": {"max-examples": 25},
    # Which filters may stand together the description cannot say: the release decides it.
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "422"]}},
}


@pytest.fixture(scope="module")
def described(releases: Path) -> Iterator[BaseSchema]:
    """The API as its own description says it is."""
    config = SchemathesisConfig.from_dict(CONFIGURED)
    with mock.patch.dict(os.environ, FOV_RELEASE=str(releases)):
        app = Starlette(routes=api.ROUTES)
        yield schemathesis.openapi.from_asgi(ADDRESS, app, config=config)


def parameters(releases: Path, path: str) -> Mapping[str, Mapping[str, Any]]:
    """The schemas of a path's parameters."""
    operation = ask(releases, "openapi.json").json()["paths"][f"/{path}"]["get"]
    return {one["name"]: one["schema"] for one in operation["parameters"]}


def test_no_request_is_answered_otherwise_than_described(
    described: BaseSchema, releases: Path
) -> None:
    seen, wrong = set(), []
    for event in engine.from_schema(described).execute():
        assert not isinstance(event, FatalError | NonFatalError), event
        if isinstance(event, ScenarioFinished):
            found = event.recorder
            seen |= {
                (found.cases[identity].value.path, one.response.status_code)
                for identity, one in found.interactions.items()
                if one.response
            }
            wrong += [
                f"{found.cases[identity].value.as_curl_command()}: {check.failure_info.failure}"
                for identity, checks in found.checks.items()
                for check in checks
                if check.failure_info
            ]
    assert not wrong, "\n".join(wrong)
    paths = ask(releases, "openapi.json").json()["paths"]
    assert seen >= {(path, status) for path in paths for status in (200, 405, 422)}
    assert {status for _, status in seen} == {200, 405, 422}


@pytest.mark.parametrize("output", ["json", "csv", "json-stat"])
def test_every_offered_split_fits_the_description(
    output: str, described: BaseSchema, release: Release, releases: Path
) -> None:
    splits = [table for table in release.tables if set(table) <= set(DIMENSIONS)]
    calls = [("shares", {"by": list(split)}) for split in splits]
    calls += [("shares", {"by": ["forms"]}), ("association", {"by": ["gender"]})]
    calls += [(path, {}) for path in ("association", "women-and-men", "coverage", "published")]
    calls += [("association", {"region": ["17"]}), ("women-and-men", {"federation": ["falun"]})]
    for path, asked in calls:
        answer = ask(releases, path, format=output, **asked)
        assert answer.status_code == 200
        described[f"/{path}"]["GET"].validate_response(answer)


def test_the_description_knows_that_a_hidden_row_has_no_number(
    described: BaseSchema, releases: Path
) -> None:
    answer = ask(releases, "shares", federation="falun")
    body = answer.json()
    assert body["rows"][0]["status"] == "hidden"
    body["rows"][0]["n"] = 15
    answer._content = json.dumps(body).encode()
    with pytest.raises((Failure, FailureGroup)):
        described["/shares"]["GET"].validate_response(answer)


def test_the_parameters_are_those_of_the_code(releases: Path, release: Release) -> None:
    shares = parameters(releases, "shares")
    assert list(shares) == ["by", *DIMENSIONS, "format"]
    assert shares["region"]["items"]["enum"] == list(release.categories["region"])
    assert shares["gender"]["items"]["enum"] == [gender.code for gender in form.GENDERS]
    assert shares["age"]["items"]["enum"] == [band.code for band in form.AGE_BANDS]
    assert shares["format"]["enum"] == ["json", "csv", "json-stat"]
    assert list(parameters(releases, "association")) == list(shares)
    assert parameters(releases, "association")["by"]["enum"] == ["none", "gender"]
    assert parameters(releases, "health")["format"]["enum"] == ["json"]


@pytest.mark.parametrize("path", ["shares", "association", "women-and-men", "coverage"])
def test_every_code_that_is_described_is_known(path: str, releases: Path) -> None:
    for name, schema in parameters(releases, path).items():
        for code in schema.get("items", schema)["enum"]:
            answer = ask(releases, path, **{name: code})
            if answer.status_code != 200:
                assert answer.json()["error"] == "combination_not_offered"


def test_a_parameter_may_stand_as_often_as_is_described(releases: Path) -> None:
    for name, schema in parameters(releases, "shares").items():
        most = schema.get("maxItems", 1)
        code = schema.get("items", schema)["enum"][-1]
        for times, refused in ((most, False), (most + 1, True)):
            answer = ask(releases, "shares", **{name: [code] * times})
            assert ("repeated_parameter" in answer.text) is refused


def test_every_path_that_answers_is_described(releases: Path) -> None:
    (mount,) = api.ROUTES
    answering = {route.path for route in mount.routes}  # type: ignore[attr-defined]
    assert answering - {"/openapi.json"} == set(ask(releases, "openapi.json").json()["paths"])


def test_the_readme_names_every_path_and_no_other(releases: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {path.rstrip("?") for path in re.findall(r"`/api/v1(/[a-z.-]+)", readme)}
    paths = ask(releases, "openapi.json").json()["paths"]
    assert named == {*paths, "/openapi.json"}


def test_without_a_release_the_description_cannot_say_which_codes_there_are(
    tmp_path: Path,
) -> None:
    assert ask(tmp_path, "openapi.json").status_code == 503
