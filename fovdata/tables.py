"""The tables that data/datapackage.json declares: read, typed and checked against it.

The data package is the only declaration of columns, types, constraints and keys. Here they
become checks, and what is wrong becomes faults that say in Swedish what to do.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from fovdata import settings
from fovdata.markup import visible

DATA = settings.ROOT / "data"
_SHOWN = 80
"""As much of a value is repeated with what is wrong with it."""
Value = str | int | float | bool | date | None
_Declared = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """Something wrong in a table.

    ``row`` counts as a spreadsheet does, the header being row 1; without a row the whole file is
    meant, without a column the whole row. ``message`` says in Swedish what is wrong and what to do.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"rad {self.row}")
        if self.column is not None:
            place.append(f"kolumn {self.column}")
        if self.value is not None:
            place.append(f"”{visible(self.value[:_SHOWN])}{'…' * (len(self.value) > _SHOWN)}”")
        return f"{', '.join(place)}: {self.message}"


class TableError(Exception):
    """A table cannot be used. Its text lists every fault, a line each."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def read(name: str, folder: Path | None = None) -> pd.DataFrame:
    """The table ``name`` with typed columns, indexed by the file's row as a spreadsheet counts.

    ``folder`` is read instead of the table's own folder. An empty cell is missing. Raises
    TableError with every fault of the table.
    """
    if found := faults(name, folder):
        raise TableError(found)
    text = _text(name, folder)
    return pd.DataFrame(
        {
            field["name"]: text[field["name"]]
            .map(_TYPES[field["type"]].parse, na_action="ignore")
            .astype(_TYPES[field["type"]].dtype)
            for field in _fields(name)
        }
    )


def records(name: str, folder: Path | None = None) -> tuple[dict[str, Value], ...]:
    """The rows of ``read`` as plain values by column, None where a cell is empty."""
    frame = read(name, folder).astype(object)
    return tuple(
        {str(column): value for column, value in row.items()}
        for row in frame.where(frame.notna(), None).to_dict("records")
    )


def faults(name: str, folder: Path | None = None) -> list[Fault]:
    """Everything that is wrong in the table ``name``, in the order of its rows."""
    try:
        text = _text(name, folder)
    except TableError as error:
        return list(error.faults)
    found = {*_broken_constraints(name, text), *_broken_references(name, text, folder)}
    columns = [field["name"] for field in _fields(name)]
    return sorted(
        found,
        key=lambda fault: (fault.row or 0, columns.index(fault.column) if fault.column else -1),
    )


def file_name(name: str) -> str:
    """The name of the file that holds the table."""
    return Path(_resource(name)["path"]).name


@dataclass(frozen=True)
class _Type:
    """How a type of the data package is written in a file and held in a frame."""

    pattern: str
    parse: Callable[[str], Value]
    dtype: str
    instruction: str


_TYPES = {
    "string": _Type("(?s:.*)", str, "str", ""),
    "integer": _Type("-?[0-9]+", int, "Int64", "Skriv ett heltal, till exempel 2022."),
    "number": _Type(
        r"-?[0-9]+(\.[0-9]+)?", float, "Float64", "Skriv ett tal med punkt, till exempel 15.2."
    ),
    "boolean": _Type("true|false", "true".__eq__, "boolean", "Skriv true eller false."),
    "date": _Type(
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        date.fromisoformat,
        "object",
        "Skriv ett datum som ÅÅÅÅ-MM-DD, till exempel 2022-12-31.",
    ),
}


@cache
def _resources() -> Mapping[str, _Declared]:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in package["resources"]}


def _resource(name: str) -> _Declared:
    return _resources()[name]


def _fields(name: str) -> Sequence[_Declared]:
    fields: Sequence[_Declared] = _resource(name)["schema"]["fields"]
    return fields


def _path(name: str, folder: Path | None) -> Path:
    return DATA / _resource(name)["path"] if folder is None else folder / file_name(name)


def _text(name: str, folder: Path | None) -> pd.DataFrame:
    """The cells as text, None where empty, indexed by the file's row; blank rows are left out.

    Raises TableError when the file is not a table with the declared columns.
    """
    path = _path(name, folder)
    columns = [field["name"] for field in _fields(name)]

    def unusable(message: str, row: int | None = None, value: str | None = None) -> TableError:
        return TableError([Fault(path.name, row, None, value, message)])

    try:
        # A byte order mark, which Excel writes, is not part of the first column's name.
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise unusable("Filen är inte i UTF-8. Spara om den som CSV UTF-8.") from None
    except OSError:
        raise unusable(f"Filen kan inte öppnas. Lägg den i mappen {path.parent.name}.") from None
    try:
        rows = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error:
        raise unusable(
            "Filen är inte en hel CSV-fil. Se efter att varje citattecken har sitt par."
        ) from None
    if not any(rows):
        raise unusable(f"Filen är tom. Första raden ska vara {','.join(columns)}.")
    if rows[0] != columns:
        raise unusable(
            f"Kolumnerna stämmer inte. Första raden ska vara {','.join(columns)}, med komman.",
            row=1,
            value=",".join(rows[0]),
        )
    filled = {number: row for number, row in enumerate(rows[1:], start=2) if any(row)}
    if not filled:
        raise unusable("Filen har inga rader under den första. Fyll i minst en.")
    if uneven := [number for number, row in filled.items() if len(row) != len(columns)]:
        raise TableError(
            [
                Fault(
                    path.name,
                    number,
                    None,
                    None,
                    f"Raden har {len(filled[number])} värden men ska ha {len(columns)}. Sätt ett "
                    "värde som innehåller komma inom citattecken.",
                )
                for number in uneven
            ]
        )
    cells = [[value or None for value in row] for row in filled.values()]
    return pd.DataFrame(cells, index=list(filled), columns=columns, dtype=object)


def _broken_constraints(name: str, text: pd.DataFrame) -> Iterator[Fault]:
    """Faults of single cells and of the primary key."""
    try:
        _schema(name).validate(text, lazy=True)
    except SchemaErrors as errors:
        titles = {field["name"]: field["title"] for field in _fields(name)}
        for case in errors.failure_cases.to_dict("records"):
            row, check = int(case["index"]), case["check"]
            if check == "multiple_fields_uniqueness":
                key = _resource(name)["schema"]["primaryKey"]
                message = f"Samma {' och '.join(titles[column] for column in key)} står högre upp."
                yield Fault(file_name(name), row, None, None, f"{message} Ta bort den ena raden.")
                continue
            column = case["column"]
            if check == "not_nullable":
                message = f"{titles[column]} saknas. Fyll i ett värde."
            elif check == "field_uniqueness":
                message = "Värdet står högre upp också. Rätta det eller ta bort den ena raden."
            else:
                message = check
            yield Fault(file_name(name), row, column, text.loc[row, column], message)


def _schema(name: str) -> pa.DataFrameSchema:
    """The declared constraints as checks of cells that are still text."""
    key = _resource(name)["schema"].get("primaryKey", [])
    return pa.DataFrameSchema(
        {
            field["name"]: pa.Column(
                checks=[
                    pa.Check(holds, element_wise=True, error=message)
                    for holds, message in _checks(field)
                ],
                nullable=not field.get("constraints", {}).get("required", False),
                unique=field.get("constraints", {}).get("unique", False),
                report_duplicates="exclude_first",
            )
            for field in _fields(name)
        },
        # A key of one column is declared unique there.
        unique=key if len(key) > 1 else None,
        report_duplicates="exclude_first",
    )


def _checks(field: _Declared) -> Iterator[tuple[Callable[[str], bool], str]]:
    """What must hold for the text of a cell, each with what to say if it does not."""
    type_ = _TYPES[field["type"]]
    constraints = field.get("constraints", {})

    def parsed(text: str) -> Any:
        """The value, or None if the text is not of the type, which has a check of its own."""
        if not re.fullmatch(type_.pattern, text):
            return None
        try:
            return type_.parse(text)
        except ValueError:
            return None

    yield lambda text: parsed(text) is not None, type_.instruction
    if field["type"] == "string":
        yield from _checks_of_text(constraints)
    if (pattern := constraints.get("pattern")) is not None:
        yield (
            lambda text: re.fullmatch(pattern, text) is not None,
            f"Värdet har fel form. {field['description']}",
        )
    if (allowed := constraints.get("enum")) is not None:
        yield (
            lambda text: (value := parsed(text)) is None or value in allowed,
            f"Värdet är okänt. Skriv ett av: {', '.join(map(str, allowed))}.",
        )
    if (least := constraints.get("minimum")) is not None:
        yield (
            lambda text: (value := parsed(text)) is None or value >= least,
            f"Värdet är för lågt. Det ska vara minst {least}.",
        )
    if (most := constraints.get("maximum")) is not None:
        yield (
            lambda text: (value := parsed(text)) is None or value <= most,
            f"Värdet är för högt. Det ska vara högst {most}.",
        )


def _checks_of_text(constraints: _Declared) -> Iterator[tuple[Callable[[str], bool], str]]:
    """What must hold for all text, which is shown to readers as it stands."""
    yield (
        str.isprintable,
        "Värdet har tecken som inte syns: radbyten, hårda mellanslag, styrtecken eller sådana som "
        "vänder texten. Skriv det på nytt utan dem.",
    )
    yield (
        lambda text: text == text.strip(" "),
        "Värdet börjar eller slutar med mellanslag. Ta bort dem.",
    )
    if (longest := constraints.get("maxLength")) is not None:
        yield (
            lambda text: len(text) <= longest,
            f"Värdet är för långt. Det får ha högst {longest} tecken.",
        )


def _broken_references(name: str, text: pd.DataFrame, folder: Path | None) -> Iterator[Fault]:
    """Faults of the foreign keys, each of one column."""
    for foreign in _resource(name)["schema"].get("foreignKeys", []):
        (column,), (target,) = foreign["fields"], foreign["reference"]["fields"]
        other = foreign["reference"]["resource"]
        try:
            # Tables that refer to one another lie in one folder and are replaced together.
            known = _text(other, folder)[target]
        except TableError as error:
            yield from error.faults
            continue
        for row, value in text[column][text[column].notna() & ~text[column].isin(known)].items():
            yield Fault(
                file_name(name),
                int(str(row)),
                column,
                value,
                f"Värdet finns inte i {file_name(other)}. Rätta det eller lägg till det där.",
            )
