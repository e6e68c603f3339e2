"""An answer as JSON and as CSV."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from fovdata.api.answers import Answer, Figures, Health, Row, Tables, Value
from fovdata.markup import no_formula
from fovdata.rules import STANDING_NOTE


def as_json(answer: Answer) -> Mapping[str, Any]:
    """The answer as values that JSON can hold."""
    if isinstance(answer, Health):
        return vars(answer)
    if isinstance(answer, Tables):
        return {
            table.name: table.rows[0] if table.name == answer.single else table.rows
            for table in answer.tables
        }
    return {
        "selection": answer.selection,
        "data": answer.data,
        "release": answer.release,
        "note": STANDING_NOTE,
        "n_total": answer.n_total,
        "rows": [
            {"question": row.question, "group": row.group, **row.facts, **_nested(row)}
            for row in answer.rows
        ],
    }


def as_csv(answer: Figures | Tables) -> str:
    """The answer as a table; a status says why a value is empty. No text starts a formula."""
    rows = [*_rows(answer)]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=[*rows[0]])
    writer.writeheader()
    for row in rows:
        texts = {name: no_formula(one) for name, one in row.items() if isinstance(one, str)}
        writer.writerow({**row, **texts})
    return text.getvalue()


def flat(row: Row) -> Mapping[str, Value]:
    """The figures of a row by name: "share", or "yes_share" where the row has several parts."""
    return {
        f"{part}_{name}" if part else name: value
        for part, figure in row.figures.items()
        for name, value in vars(figure).items()
    }


def _nested(row: Row) -> Mapping[str, Any]:
    (first, figure), *_ = row.figures.items()
    if not first:
        return vars(figure)
    return {part: vars(figure) for part, figure in row.figures.items()}


def _rows(answer: Figures | Tables) -> Iterator[Mapping[str, Value]]:
    if isinstance(answer, Figures):
        stamp: Mapping[str, Value] = {"data": answer.data, "release": answer.release}
        for row in answer.rows:
            yield {"question": row.question, **row.group, **row.facts, **flat(row), **stamp}
    elif answer.csv:
        (table,) = (one for one in answer.tables if one.name == answer.csv)
        yield from table.rows
    else:
        for table in answer.tables:
            for number, one in enumerate(table.rows, 1):
                for field, value in one.items():
                    yield {"table": table.name, "row": number, "field": field, "value": value}
