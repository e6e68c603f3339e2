"""A contact person's file, whatever made it, as one table of text.

Text files in any usual encoding and with any usual delimiter, and workbooks; which it is, the
content says and never the name. A file is gone through twice: once to find the head and to see that
all of it can be read, and again, in chunks, by whoever asks for its rows. Never is it in memory as
a whole, and nothing of it is written anywhere.
"""

import csv
import io
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice, takewhile
from types import MappingProxyType
from typing import BinaryIO

import pandas as pd

from fovdata import questionnaire as form
from fovdata.intake import columns, confined, texts, workbooks
from fovdata.intake.columns import Column, FileFault, Head, Row
from fovdata.intake.confined import Limits

COMMAND_LINE = Limits(bytes=500_000_000, rows=2_000_000, seconds=180, memory=4_000_000_000)
DESK = Limits(bytes=20_000_000, rows=100_000, seconds=30, memory=1_000_000_000)

_HEAD_WITHIN = 40
"""The head is looked for among so many of the first rows that have content."""
_OUTER = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\u200c\u200d\u2060\ufeff"
"""Taken away around a cell: whitespace, and what nobody can see."""


@dataclass(frozen=True)
class Table:
    """The rows of a file under its head, as text, and where the form's fields stand.

    ``sheet`` is None for text files; ``heading_row`` is counted as a spreadsheet shows it, and of
    two heading rows it is the lower. ``fields`` has the fields found, in the form's order,
    ``ignored`` the other columns with content, ``head`` the row, position and text of every cell
    down to the heading row. ``other_sheets`` are not read.
    """

    sheet: str | None
    heading_row: int
    fields: Mapping[str, Column]
    ignored: tuple[Column, ...]
    head: tuple[tuple[int, int, str], ...]
    other_sheets: tuple[str, ...]
    passes: Callable[[int], Iterator[pd.DataFrame]]
    """Number of rows → a new pass through the file; what ``chunks`` calls."""

    def chunks(self, rows: int = 50_000) -> Iterator[pd.DataFrame]:
        """The rows under the head, at most ``rows`` of them at a time; empty rows are left out.

        The index is the row's number as a spreadsheet shows it, the columns are the positions
        0, 1, … of all the file's columns. Every cell is text without outer whitespace, "" if it is
        empty. May be called again, when the pass before has ended. Raises FileFault if the file
        cannot be read as before.
        """
        return self.passes(rows)


def typed(values: Mapping[str, str]) -> Table:
    """One form that is typed in, as a table of one row: field → what is written there."""
    labels = {field.code: field.label for field in form.FIELDS}
    fields = {
        code: Column(position, labels.get(code) or f"Fråga {form.BY_CODE[code].number}")
        for position, code in enumerate(code for code in columns.CODES if code in values)
    }
    row = {column.position: values[code].strip(_OUTER) for code, column in fields.items()}
    frame = pd.DataFrame([row], index=[2], dtype="str")
    return Table(None, 1, MappingProxyType(fields), (), (), (), lambda _: iter([frame]))


def read(source: BinaryIO | bytes, name: str, limits: Limits = COMMAND_LINE) -> Table:
    """The table in a file, named ``name``, that is open for reading bytes and can be sought in.

    The file must stay open for as long as its chunks are asked for. Raises FileFault if it is no
    table, has no head that names the form's fields, is damaged, or exceeds the limits.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    size = file.seek(0, io.SEEK_END)
    if not size:
        raise FileFault("Filen är tom.")
    if size > limits.bytes:
        raise FileFault(
            f"Filen är större än {limits.bytes // 1_000_000} MB, som är det mesta som tas emot. "
            "Dela upp den i flera."
        )
    file.seek(0)
    surveys = (
        _sheets(file, limits) if file.read(8).startswith(_WORKBOOKS) else [_text(file, limits)]
    )
    best = max(surveys, key=lambda survey: survey.rank)
    if not best.head:
        raise FileFault(_NO_HEAD.format(name=name))
    return _table(
        best, tuple(one.sheet for one in surveys if one is not best and one.sheet and one.rows)
    )


_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How XLSX and ODS (ZIP archives) and XLS (OLE) begin."""
_NO_HEAD = (
    "I {name} finns ingen rubrikrad som känns igen. Rubrikerna ska vara formulärets: "
    + ", ".join(field.label for field in form.FIELDS)
    + f", Fråga 1 till Fråga {len(form.QUESTIONS)}. Utgå från mallen: den finns på sidan Lämna in "
    "svar och fås med python -m fovdata intake template FIL."
)
_LONG_CELL = (
    "En cell i arbetsboken rymmer mer text än vad som kan läsas. Ta bort texten och försök igen."
)
_CHANGED = "Filen gick inte att läsa en andra gång. Har den ändrats? Försök igen."


@dataclass(frozen=True)
class _Rows:
    """Where a sheet's rows come from: CSV, whose rows may begin with their own number."""

    opened: texts.Opened
    delimiter: str
    numbered: bool


@dataclass(frozen=True)
class _Survey:
    """What the first pass saw of a sheet; ``rows`` counts those with content under the head."""

    source: _Rows
    sheet: str | None
    shown: bool
    head: Head | None
    top: tuple[tuple[int, int, str], ...]
    rows: int
    width: int
    filled: frozenset[int]

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The most fields, then what is shown before what is hidden, then the most rows."""
        return len(self.head.claims) if self.head else 0, self.shown, self.rows


def _sheets(file: BinaryIO, limits: Limits) -> list[_Survey]:
    opened = partial(confined.opened, file, limits)
    with opened() as text:
        records = csv.reader(text)
        surveys = []
        try:
            for number, name, shown in list(_until(workbooks.END, records)):
                rows = ((int(row[0]), row[1:]) for row in _until(workbooks.END, records))
                source = _Rows(partial(opened, int(number)), ",", True)
                surveys.append(_survey(source, name, shown == "True", rows, limits))
        except csv.Error as fault:
            raise FileFault(_LONG_CELL) from fault
    return surveys


def _text(file: BinaryIO, limits: Limits) -> _Survey:
    opened, delimiters = texts.opened(file)
    source = max((_Rows(opened, one, False) for one in delimiters), key=_fields_found)
    with source.opened() as text:
        return _survey(source, None, True, texts.records(text, source.delimiter), limits)


def _fields_found(source: _Rows) -> int:
    """How many of the form's fields a delimiter brings out."""
    first: list[Row] = []
    with source.opened() as text, suppress(FileFault):
        filled = (row for row in texts.records(text, source.delimiter) if any(row[1]))
        first.extend(islice(filled, _HEAD_WITHIN))
    head = columns.found(first)
    return len(head.claims) if head else 0


def _survey(
    source: _Rows, sheet: str | None, shown: bool, records: Iterator[Row], limits: Limits
) -> _Survey:
    """Go through all rows: what is found, and that it can be read and is within the limits."""
    until = time.monotonic() + limits.seconds
    width = widest = 0

    def filled() -> Iterator[Row]:
        nonlocal width, widest
        for row, cells in records:
            if len(cells) > width:
                width, widest = len(cells), row
            if any(cells):
                yield row, cells

    going = filled()
    first = list(islice(going, _HEAD_WITHIN))
    head = columns.found(first)
    last = head.row if head else 0
    top = tuple(
        (row, at, text)
        for row, cells in first
        for at, cell in enumerate(cells)
        if row <= last and (text := cell.strip(_OUTER))
    )
    rows, seen = 0, 0
    empty: list[int] = []
    for _, cells in chain((one for one in first if one[0] > last), going):
        rows += 1
        if len(cells) > seen:
            empty += range(seen, len(cells))
            seen = len(cells)
        if empty:
            empty = [at for at in empty if at >= len(cells) or not cells[at].strip(_OUTER)]
        if head and rows > limits.rows:
            raise FileFault(
                f"Filen har fler än {limits.rows} rader med svar. Dela upp den i flera."
            )
        if time.monotonic() > until:
            raise FileFault(f"Filen tar mer än {limits.seconds} sekunder att läsa. Dela upp den.")
    if head and width > columns.WIDEST:
        raise FileFault(
            f"Rad {widest} går ända till {Column(width - 1, '').name}. Högst {columns.WIDEST} "
            "kolumner kan läsas. Ta bort det som ligger till höger om svaren, också tomma kolumner."
        )
    content = frozenset(range(seen)) - frozenset(empty)
    return _Survey(source, sheet, shown, head, top, rows, width, content)


def _table(survey: _Survey, other_sheets: tuple[str, ...]) -> Table:
    head = survey.head
    assert head
    fields = head.fields()
    taken = {column.position for column in fields.values()}
    ignored = tuple(
        Column(at, head.headings.get(at, ""))
        for at in sorted(survey.filled | head.headings.keys())
        if at not in taken
    )
    passes = partial(_pass, survey.source, head.row, survey.width)
    return Table(survey.sheet, head.row, fields, ignored, survey.top, other_sheets, passes)


def _pass(source: _Rows, heading_row: int, width: int, rows: int) -> Iterator[pd.DataFrame]:
    # The first pass has gone through the same text with Python's strict reader, which says what
    # is wrong and where; pandas's reader is as many times faster as makes a second pass cheap.
    names = range(-1 if source.numbered else 0, width)
    with source.opened() as text:
        try:
            for frame in pd.read_csv(
                text,
                sep=source.delimiter,
                header=None,
                names=names,
                index_col=False,
                dtype="str",
                na_filter=False,
                skip_blank_lines=False,
                chunksize=rows,
            ):
                if source.numbered:
                    frame.index = pd.Index(frame.pop(-1).to_numpy(int))
                else:
                    frame.index += 1
                frame = frame[frame.index > heading_row].apply(
                    lambda cells: cells.str.strip(_OUTER)
                )
                if len(frame := frame[(frame != "").any(axis=1)]):
                    yield frame
        except (ValueError, OSError) as fault:
            raise FileFault(_CHANGED) from fault


def _until(end: str, records: Iterator[list[str]]) -> Iterator[list[str]]:
    return takewhile(lambda record: record[0] != end, records)
