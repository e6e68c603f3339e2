"""A contact person's file, whatever made it, as one table of text.

Text files in any usual encoding and with any usual delimiter, and workbooks; which it is, the
content says and never the name. A file is gone through twice: once to find the head and to see that
all of it can be read, and again, in chunks, by whoever asks for its rows. Never is it in memory as
a whole, and nothing of it is written anywhere.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice, takewhile
from types import MappingProxyType
from typing import BinaryIO

import pandas as pd

from fovdata import questionnaire as form
from fovdata import template, wording
from fovdata.intake import columns, confined, packages, surveying, texts, workbooks
from fovdata.intake.columns import Column, FileFault, Row
from fovdata.intake.confined import Limits
from fovdata.intake.surveying import HEAD_WITHIN, OUTER, Sheet, Source, Survey

COMMAND_LINE = Limits(bytes=500_000_000, rows=2_000_000, seconds=180, memory=4_000_000_000)
DESK = Limits(bytes=20_000_000, rows=100_000, seconds=30, memory=1_000_000_000)

Elsewhere = tuple[str, int | None, int | None, str]
"""Where in the file, in Swedish and without anybody's words; row and position; what stands there.
"""


@dataclass(frozen=True)
class Table:
    """The rows of a file under its head, as text, and where the form's fields stand.

    ``sheet`` is None for text files; ``heading_row`` is counted as a spreadsheet shows it, and of
    two heading rows it is the lower. ``fields`` has the fields found, in the form's order,
    ``ignored`` the other columns with content, ``head`` the row, position and whole text of every
    cell down to the heading row. ``other_sheets`` have content and are not read; the product's
    own are not among them. ``assumed`` are fields found by a question's number alone, whose heading
    goes on in other words than the form's.
    """

    sheet: str | None
    heading_row: int
    fields: Mapping[str, Column]
    ignored: tuple[Column, ...]
    head: tuple[tuple[int, int, str], ...]
    other_sheets: tuple[str, ...]
    passes: Callable[[int], Iterator[pd.DataFrame]]
    """Number of rows → a new pass through the file; what ``chunks`` calls."""
    assumed: tuple[tuple[str, Column], ...] = ()
    elsewhere: Callable[[], Iterator[Elsewhere]] = field(default=lambda: iter(()))
    """Every text that is neither in the rows nor in the head: the sheets' names, the cells of other
    sheets, and comments, those of XLS excepted. A file's properties, such as its author, headers
    and footers, and drawings are not among them; nothing of all this is kept. Raises FileFault."""

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
    row = {column.position: values[code].strip(OUTER) for code, column in fields.items()}
    frame = pd.DataFrame([row], index=[2], dtype="str")
    return Table(None, 1, MappingProxyType(fields), (), (), (), lambda _: iter([frame]))


def read(
    source: BinaryIO | bytes,
    name: str,  # noqa: ARG001 - it may name somebody, and is no part of any message
    limits: Limits = COMMAND_LINE,
) -> Table:
    """The table in a file, named ``name``, that is open for reading bytes and can be sought in.

    The file must stay open for as long as its chunks are asked for. Raises FileFault if it is no
    table, has no head that names the form's fields, is damaged, or exceeds the limits.
    """
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        size = file.seek(0, io.SEEK_END)
        if not size:
            raise FileFault("Filen är tom.")
        if size > limits.bytes:
            raise FileFault(
                f"Filen är större än {limits.bytes // 1_000_000} MB, som är det mesta som tas "
                "emot. Dela upp den i flera."
            )
        file.seek(0)
        return (_workbook if file.read(8).startswith(_WORKBOOKS) else _text)(file, limits)
    except OSError as fault:
        raise FileFault(
            "Filen går inte att läsa. Spara den som en vanlig fil på en disk som går att nå, och "
            "försök igen."
        ) from fault


_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How XLSX and ODS (ZIP archives) and XLS (OLE) begin."""
_NO_HEAD = (
    "I filen finns ingen rubrikrad som känns igen. Rubrikerna ska vara formulärets: "
    + ", ".join(field.label for field in form.FIELDS)
    + f", Fråga 1 till Fråga {len(form.QUESTIONS)}. Utgå från mallen: den finns på sidan Lämna in "
    "svar och fås med python -m fovdata intake template FIL."
)
_LONG_CELL = (
    "En cell i arbetsboken rymmer mer text än vad som kan läsas. Ta bort texten och försök igen."
)
_SWALLOWED = (
    'Rad {} rymmer flera rader: ett citattecken (") öppnas där och stängs först längre ned. Ta '
    "bort båda citattecknen, eller spara svaren som arbetsbok (.xlsx)."
)
_UNREADABLE: Mapping[str, str] = MappingProxyType(
    {
        packages.MERGED: "Bland svaren finns sammanslagna celler: {}. Bara den första av dem har "
        "ett värde. Dela upp cellerna, fyll i varje ruta och försök igen.",
        packages.UNSAVED: "Bland svaren finns formler utan sparat värde: {}. Öppna arbetsboken i "
        "Excel eller LibreOffice, spara den och försök igen.",
    }
)
"""Cells that would be read as empty though they are not → what the person is told."""
_NAMED = 3
"""As many of them are named."""
_CHANGED = "Filen gick inte att läsa en andra gång. Har den ändrats? Försök igen."


def _workbook(file: BinaryIO, limits: Limits) -> Table:
    opened = partial(confined.opened, file, limits)
    with opened(workbooks.ALL) as text:
        records = csv.reader(text)
        try:
            surveys = []
            for number, name, shown in list(_until(workbooks.END, records)):
                rows = ((int(row[0]), row[1:]) for row in _until(workbooks.END, records))
                source = Source(partial(opened, workbooks.ROWS, int(number)), ",", True)
                sheet = Sheet(int(number), name, shown == "True")
                surveys.append(surveying.survey(source, sheet, rows, limits))
            chosen = _chosen(surveys)
            table = _table(chosen)
            commented = _commented(chosen, table.fields, _until(workbooks.END, records))
        except csv.Error as fault:
            raise FileFault(_LONG_CELL) from fault
    others = [one for one in surveys if one is not chosen and (one.rows or one.top)]
    names = [one.sheet.name or "" for one in others]
    return replace(
        table,
        other_sheets=tuple(name for name in names if name not in template.OWN_SHEETS),
        elsewhere=partial(
            _elsewhere,
            tuple(one.sheet for one in surveys),
            partial(opened, workbooks.ELSEWHERE, chosen.sheet.number)
            if others or commented
            else None,
        ),
    )


def _chosen(surveys: Sequence[Survey]) -> Survey:
    """The sheet with the answers. Raises FileFault if none has a head, or several have answers."""
    answers = [one.sheet.place for one in surveys if one.forms]
    if len(answers) > 1:
        raise FileFault(
            f"Formulär finns i flera blad: {wording.enumerated(answers)}, räknat från vänster. "
            "Samla alla i ett blad och ta bort de andra, också dolda, eller spara varje blad som "
            "en egen fil."
        )
    best = max(surveys, key=lambda one: one.rank, default=None)
    if best is None or not best.head:
        raise FileFault(_NO_HEAD)
    return best


def _commented(
    survey: Survey, fields: Mapping[str, Column], spots: Iterator[Sequence[str]]
) -> bool:
    """Whether there are comments in a workbook, as ``packages.Spot`` tells in text.

    Raises FileFault where answers share merged cells, or are formulas without their value.
    """
    assert survey.head
    commented, head = False, survey.head.row
    found: dict[str, list[str]] = {kind: [] for kind in _UNREADABLE}
    for sheet, kind, *corners in spots:
        top, left, bottom, right = map(int, corners)
        if kind == packages.COMMENTED:
            commented = True
        elif int(sheet) == survey.sheet.number and top <= survey.last:
            within = [one for one in fields.values() if left <= one.position <= right]
            asked = [fields.get(code) for code in form.BY_CODE]
            if top <= head <= bottom and left < right and within and within[0] in asked:
                raise FileFault(columns.one_column_each(within))
            if top > head and within and len(found[kind]) <= _NAMED:
                rows = f"rad {top}–{bottom}" if top < bottom else f"rad {top}"
                first = min(within, key=lambda one: one.position)
                found[kind].append(f"{rows} i {first.place}")
    for kind, places in found.items():
        if places:
            more = ["på fler ställen"] if len(places) > _NAMED else []
            named = wording.enumerated([*places[:_NAMED], *more])
            raise FileFault(_UNREADABLE[kind].format(named))
    return commented


def _elsewhere(sheets: Sequence[Sheet], opened: texts.Opened | None) -> Iterator[Elsewhere]:
    for sheet in sheets:
        yield f"namnet på {sheet.place}", None, None, sheet.name or ""
    if opened is None:
        return
    places = {sheet.number: sheet.place for sheet in sheets}
    with opened() as text:
        try:
            for number, kind, row, at, said in csv.reader(text):
                place = places.get(int(number), "arbetsboken")
                where = f"en kommentar i {place}" if kind == workbooks.COMMENT else place
                yield where, int(row), int(at), said.strip(OUTER)
        except csv.Error as fault:
            raise FileFault(_LONG_CELL) from fault


def _text(file: BinaryIO, limits: Limits) -> Table:
    opened, delimiters = texts.opened(file)
    source = max((Source(opened, one, False) for one in delimiters), key=_fields_found)
    swallowed: list[int] = []
    with source.opened() as text:
        records = texts.records(text, source.delimiter, swallowed)
        survey = surveying.survey(source, Sheet(), records, limits)
    if not survey.head:
        raise FileFault(_NO_HEAD)
    if rows := [row for row in swallowed if row > survey.head.row]:
        raise FileFault(_SWALLOWED.format(rows[0]))
    return _table(survey)


def _fields_found(source: Source) -> int:
    """How many of the form's fields a delimiter brings out."""
    first: list[Row] = []
    with source.opened() as text, suppress(FileFault):
        filled = (row for row in texts.records(text, source.delimiter) if any(row[1]))
        first.extend(islice(filled, HEAD_WITHIN))
    head = columns.found(first)
    return len(head.claims) if head else 0


def _table(survey: Survey) -> Table:
    head = survey.head
    assert head
    fields = head.fields(survey.filled)
    taken = {column.position for column in fields.values()}
    ignored = tuple(
        Column(at, head.headings.get(at, ""))
        for at in sorted(survey.filled | head.headings.keys())
        if at not in taken
    )
    return Table(
        survey.sheet.name,
        head.row,
        fields,
        ignored,
        survey.top,
        (),
        partial(_pass, survey.source, head.row, survey.width),
        tuple((code, column) for code, column in fields.items() if code in head.assumed),
    )


def _pass(source: Source, heading_row: int, width: int, rows: int) -> Iterator[pd.DataFrame]:
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
                frame = frame[frame.index > heading_row].apply(lambda cells: cells.str.strip(OUTER))
                if len(frame := frame[(frame != "").any(axis=1)]):
                    yield frame
        except (ValueError, OSError) as fault:
            raise FileFault(_CHANGED) from fault


def _until(end: str, records: Iterator[list[str]]) -> Iterator[list[str]]:
    return takewhile(lambda record: record[0] != end, records)
