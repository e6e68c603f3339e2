"""The answers as frozen values, each with the description of itself that the formats read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from fovdata import tables
from fovdata.figures.estimates import Difference, Estimate, Ratio

MEANINGS = {
    "status": "shown: visas; coded: bara en gräns visas; hidden: visas inte",
    "n": "antal svar, till närmaste fem",
    "share": "andel Ja, procent",
    "points": "procentenheter",
    "ratio": "kvot",
    "low": "95 % intervall, undre gräns",
    "high": "95 % intervall, övre gräns",
    "limit": "den gräns i procent som andelen ligger under (<) eller över (>)",
    "limit_below": "andelen är mindre än, procent",
    "limit_above": "andelen är större än, procent",
    "p": "p-värde för om kvinnors och mäns samband skiljer sig",
}
"""What each value of a figure is, in Swedish; the two limits are what JSON-stat says as numbers."""

Value = str | int | float | bool | None


@dataclass(frozen=True)
class AdjustedRatio(Ratio):
    """A ratio adjusted for gender; ``p`` of the test whether women's and men's differ."""

    p: float | None = None


@dataclass(frozen=True)
class Part:
    """One of a row's figures: its name, what it is in Swedish, and the type that holds it.

    ``everywhere`` is False for one that only some selections have.
    """

    name: str
    label: str
    kind: type[Estimate | Difference | Ratio]
    everywhere: bool = True


@dataclass(frozen=True)
class Fact:
    """Something that a row says in words besides its figures: its name, what it is, its codes.

    ``always`` is False for one that may be null.
    """

    name: str
    label: str
    codes: tuple[str, ...]
    always: bool = True


@dataclass(frozen=True)
class Row:
    """A question's figures in one group.

    ``group`` holds a category code for each dimension of the split, ``figures`` the parts by
    name, ``facts`` the codes by the facts' names. A part without a name is the row's only one.
    """

    question: str
    group: Mapping[str, str]
    figures: Mapping[str, Estimate | Difference | Ratio]
    facts: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """Figures of a selection, which is said in Swedish words; ``n_total`` its answers."""

    parts: Sequence[Part]
    selection: str
    data: str
    release: int
    updated: date
    n_total: int | None
    rows: Sequence[Row]
    facts: Sequence[Fact] = ()


@dataclass(frozen=True)
class Column:
    """A column of a table: ``type`` as JSON Schema calls it, ``codes`` if they are declared."""

    name: str
    label: str
    description: str
    type: str
    required: bool = True
    codes: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table of the registry or of published figures."""

    name: str
    label: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Value]]


@dataclass(frozen=True)
class Tables:
    """Several tables. ``single`` names one whose JSON is its only row, ``csv`` the one that CSV
    holds; without it, CSV holds every value of all of them, a row each.
    """

    label: str
    tables: Sequence[Table]
    single: str = ""
    csv: str = ""
    updated: date | None = None


@dataclass(frozen=True)
class Health:
    """That a release is served, and of which kind of answers."""

    status: str
    release: int
    data: str


Answer = Figures | Tables | Health


def declared(table: str, *names: str) -> Table:
    """A table as the data package declares it, without rows; of its columns those named, or all."""
    resource = _resources()[table]
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    columns = tuple(_column(fields[name]) for name in names or fields)
    return Table(table, resource["title"], columns, ())


def _column(field: Mapping[str, Any]) -> Column:
    constraints = field.get("constraints", {})
    return Column(
        field["name"],
        field["title"],
        field["description"],
        "string" if field["type"] == "date" else field["type"],  # a day is text in JSON
        constraints.get("required", False),
        tuple(constraints.get("enum", ())),
    )


@cache
def _resources() -> Mapping[str, Mapping[str, Any]]:
    package = json.loads((tables.DATA / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}
