"""An answer as JSON-stat 2.0 (https://json-stat.org/full/): a dataset, or a collection of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from fovdata import questionnaire as form
from fovdata import registry
from fovdata.api.answers import MEANINGS, Fact, Figures, Part, Row, Table, Tables, Value
from fovdata.api.parameters import FORMS
from fovdata.figures.estimates import Estimate
from fovdata.responses import SYNTHETIC
from fovdata.rules import STANDING_NOTE
from fovdata.selection import LABELS, labels

_LIMITS = {"<": "limit_below", ">": "limit_above"}
_FORMS = {"first": form.FIRST_TIME.label, "repeat": "Andra gången eller fler"}
_ROLES = {"time": ("period",), "geo": ("region", "federation"), "metric": ("measure", "field")}

Dimensions = Mapping[str, Mapping[str, Any]]


def as_json_stat(answer: Figures | Tables) -> Mapping[str, Any]:
    """The figures as a dataset, the tables as a collection that holds a dataset each."""
    if isinstance(answer, Figures):
        return {"version": "2.0", **_figures(answer)}
    stamp = {"updated": answer.updated.isoformat()} if answer.updated else {}
    return {
        "version": "2.0",
        "class": "collection",
        "label": answer.label,
        **stamp,
        "link": {"item": [{**_table(table), **stamp} for table in answer.tables]},
    }


def _figures(answer: Figures) -> Mapping[str, Any]:
    """Dimensions: those of the split, the question, and what is measured."""
    parts = [part for part in answer.parts if part.name in answer.rows[0].figures]
    measures = {
        **{fact.name: fact.label for fact in answer.facts},
        **{name: label for part in parts for name, label in _named(part).items()},
    }
    cells = [
        cell for row in answer.rows for cell in (*_facts(row, answer.facts), *_cells(row, parts))
    ]
    kind = "syntetiska" if answer.data == SYNTHETIC else "verkliga"
    questions = dict.fromkeys(row.question for row in answer.rows)
    dimensions = {
        **{name: _group(name, answer.rows) for name in answer.rows[0].group},
        "question": _dimension(
            "Fråga",
            {code: form.BY_CODE[code].short for code in questions},
            {code: [form.BY_CODE[code].wording] for code in questions},
        ),
        "measure": _dimension("Mått", measures),
    }
    return {
        **_dataset(answer.selection, dimensions, [value for value, _ in cells]),
        "status": [status for _, status in cells],
        "source": f"Frågor om våld (FOV), {kind} svar",
        "updated": answer.updated.isoformat(),
        "note": [STANDING_NOTE],
        "extension": {
            "data": answer.data,
            "release": answer.release,
            "n_total": answer.n_total,
        },
    }


def _table(table: Table) -> Mapping[str, Any]:
    """Dimensions: the row, numbered from 1, and the column."""
    dimensions = {
        "row": _dimension("Rad", {str(i): str(i) for i in range(1, len(table.rows) + 1)}),
        "field": _dimension("Kolumn", {column.name: column.label for column in table.columns}),
    }
    # JSON-stat knows numbers, texts and nothing.
    values = [
        int(value) if isinstance(value, bool) else value
        for row in table.rows
        for value in row.values()
    ]
    extension = {"extension": {"table": table.name}}
    return {**_dataset(table.label, dimensions, values), **extension}


def _dataset(label: str, dimensions: Dimensions, values: Sequence[Value]) -> Mapping[str, Any]:
    roles = {role: [name for name in names if name in dimensions] for role, names in _ROLES.items()}
    return {
        "class": "dataset",
        "label": label,
        "id": [*dimensions],
        "size": [len(one["category"]["index"]) for one in dimensions.values()],
        "role": {role: names for role, names in roles.items() if names},
        "dimension": dimensions,
        "value": values,
    }


def _dimension(
    label: str, categories: Mapping[str, str], notes: Mapping[str, Sequence[str]] | None = None
) -> Mapping[str, Any]:
    more = {"note": notes} if notes else {}
    return {"label": label, "category": {"index": [*categories], "label": categories, **more}}


def _group(name: str, rows: Sequence[Row]) -> Mapping[str, Any]:
    names = _FORMS if name == FORMS else labels(name, registry.load())
    codes = dict.fromkeys(row.group[name] for row in rows)
    label = "Formulär" if name == FORMS else LABELS[name]
    return _dimension(label, {code: names.get(code, code) for code in codes})


def _measures(part: Part) -> Sequence[str]:
    """The names of a part's numbers."""
    names = [field.name for field in fields(part.kind) if field.name not in ("status", "limit")]
    return [*names, *_LIMITS.values()] if part.kind is Estimate else names


def _named(part: Part) -> Mapping[str, str]:
    """What each number of a part is called in the dataset, and its label."""
    if not part.name:
        return {name: MEANINGS[name] for name in _measures(part)}
    return {f"{part.name}_{name}": f"{part.label}: {MEANINGS[name]}" for name in _measures(part)}


def _facts(row: Row, facts: Sequence[Fact]) -> Iterator[tuple[Value, str]]:
    """Every fact of a row, with the status of the row's first figure."""
    status = next(iter(row.figures.values())).status
    for fact in facts:
        yield row.facts[fact.name], status


def _cells(row: Row, parts: Sequence[Part]) -> Iterator[tuple[Value, str]]:
    """Every number of a row with the status of the figure that it is part of."""
    for part in parts:
        figure = row.figures[part.name]
        numbers = dict(vars(figure))
        if limit := numbers.get("limit"):
            numbers[_LIMITS[limit[0]]] = int(limit[1:])
        for name in _measures(part):
            yield numbers.get(name), figure.status
