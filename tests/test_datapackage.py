"""data/datapackage.json is true of the files and agrees with what the code declares."""

import json
from typing import Any

import pytest
from frictionless import Package

from fovdata import questionnaire as form
from fovdata import responses
from fovdata.intake.demo import PLANTED
from fovdata.tables import DATA

DESCRIPTOR = DATA / "datapackage.json"
RESOURCES: dict[str, dict[str, Any]] = {
    resource["name"]: resource
    for resource in json.loads(DESCRIPTOR.read_text(encoding="utf-8"))["resources"]
}


def fields(resource: str) -> dict[str, dict[str, Any]]:
    return {field["name"]: field for field in RESOURCES[resource]["schema"]["fields"]}


def codes(resource: str, field: str) -> list[str]:
    found: list[str] = fields(resource)[field]["constraints"]["enum"]
    return found


def test_frictionless_finds_every_table_valid() -> None:
    report = Package(str(DESCRIPTOR)).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "message"]) == []
    assert report.stats["tasks"] == len(RESOURCES)


def test_every_data_file_is_described_and_every_described_file_is_there() -> None:
    files = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    assert files - {DESCRIPTOR.name} == {resource["path"] for resource in RESOURCES.values()}


def test_everything_described_has_a_title_and_a_description() -> None:
    for resource in RESOURCES.values():
        for described in (resource, *resource["schema"]["fields"]):
            assert described["title"], described["name"]
            assert described["description"].endswith("."), described["name"]


def test_every_row_of_published_figures_refers_to_its_source() -> None:
    published = {
        name
        for name, resource in RESOURCES.items()
        if resource["path"].startswith("published/") and name != "sources"
    }
    to_source = {
        name
        for name, resource in RESOURCES.items()
        for foreign in resource["schema"].get("foreignKeys", [])
        if foreign["reference"] == {"resource": "sources", "fields": ["id"]}
    }
    assert to_source == published


@pytest.mark.parametrize(
    ("resource", "field", "expected"),
    [
        ("shares", "question", [question.code for question in form.KINDS]),
        ("association", "question", [question.code for question in form.KINDS]),
        ("references", "question", [question.code for question in form.QUESTIONS]),
        ("shares", "gender", [form.WOMEN.code, form.MEN.code]),
        ("association", "witnessed", [form.YES, form.NO]),
        ("any_experience", "measure", ["any", form.WITNESSED.code]),
    ],
)
def test_codes_are_those_of_the_form(resource: str, field: str, expected: list[str]) -> None:
    assert codes(resource, field) == expected


def test_the_demo_answers_are_described_as_answers_are_declared() -> None:
    types = {"VARCHAR": "string", "SMALLINT": "integer", "TINYINT": "integer"}
    declared = {
        column.name: {
            "type": types[column.type],
            "required": True,
            "unique": column.unique or None,
            "enum": list(column.values) or None,
            "minimum": column.minimum,
            "maximum": column.maximum,
            "pattern": column.pattern,
        }
        for column in responses.COLUMNS
    }
    constraints = ("required", "unique", "enum", "minimum", "maximum", "pattern")
    described = {
        name: {"type": field["type"]} | {c: field["constraints"].get(c) for c in constraints}
        for name, field in fields("demo-answers").items()
    }
    assert described == declared


def test_the_demo_answers_say_which_federations_differ_on_purpose() -> None:
    ways = {"higher": "högre", "lower": "lägre"}
    said = " ".join(
        f"{' och '.join(slug for slug in PLANTED if PLANTED[slug] == way)} ligger {swedish}"
        for way, swedish in ways.items()
    )
    description = RESOURCES["demo-answers"]["description"].replace(",", "")
    assert said in description
