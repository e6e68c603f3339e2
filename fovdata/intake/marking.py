"""The marked workbook: the person's own rows with what is wrong in them, to be mended in place.

It is sent in again as it is. Rows keep their numbers, cells their text, and the column that was
added has a heading that the next reading passes over, so that whatever was right keeps its ids.
"""

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from math import ceil
from tempfile import TemporaryDirectory
from types import MappingProxyType

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fovdata import wording
from fovdata.intake.checking import Checked
from fovdata.intake.findings import Finding, Mark
from fovdata.intake.personal import TAKEN_OUT
from fovdata.intake.reading import Table
from fovdata.template import ANSWERS, HEAD, INK

TO_MEND = "Att rätta"
"""The heading of the first column, which says what is wrong in the row."""
FINDINGS = "Fel och anmärkningar"
"""The sheet of everything that was found."""
FAULT, REMARK = "Fel", "Anmärkning"

NOTES = 5_000
"""As many cells get a note: with more the workbook is slow to open. All are coloured."""
IN_MEMORY = 100_000
"""So many forms are marked without a trace on the disk; more come from the command line only."""
LAST_ROW = 1_048_576
"""A sheet has no more rows."""
_WRONG = "Vad som är fel och vad du gör"
_WIDTH, _NARROW, _LINE, _TALLEST = 60, 16, 15, 400
"""Widths of the first column and the others in figures; heights of a line and a row in points."""
_COLOURS: Mapping[str, str] = MappingProxyType({FAULT: "#F8C4AC", REMARK: "#FFF0B3"})
_NOTE: Mapping[str, object] = MappingProxyType(
    {"author": "", "x_scale": 2, "y_scale": 1.2, "font_size": 10}
)


@dataclass(frozen=True)
class _Looks:
    """How cells look: by the worst that is said of them, a heading, and all the others."""

    marked: Mapping[str, Format]
    said: Mapping[str, Format]
    head: Format
    plain: Format


def marked(checked: Checked, name: str) -> bytes:
    """The rows of a checked file as an XLSX file with every fault and remark at its place.

    ``name`` is the file's. All cells are text: nothing in them is computed or linked. A cell with
    personal data shows TAKEN_OUT. Rows that a sheet has no room for are left out, and it says so.
    """
    content = io.BytesIO()
    # The rows of a very large file do not fit in memory. What is put aside goes with its folder.
    with TemporaryDirectory() if checked.rows > IN_MEMORY else nullcontext() as folder:
        options = {"constant_memory": True, "tmpdir": folder} if folder else {"in_memory": True}
        with xlsxwriter.Workbook(content, options) as book:
            looks = _looks(book)
            answers, findings = book.add_worksheet(ANSWERS), book.add_worksheet(FINDINGS)
            columns = _columns(checked.table)
            without_room = _draw_rows(answers, checked, columns, looks)
            _draw_findings(findings, checked, name, columns, without_room, looks)
    return content.getvalue()


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    usual = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}
    head = {"bold": True, "font_color": "#FFFFFF", "bg_color": HEAD, "text_wrap": True}
    return _Looks(
        {kind: book.add_format(usual | {"bg_color": c}) for kind, c in _COLOURS.items()},
        {
            kind: book.add_format(usual | {"bg_color": c, "text_wrap": True})
            for kind, c in {**_COLOURS, "": "#FFFFFF"}.items()
        },
        book.add_format(usual | head),
        book.add_format(usual),
    )


def _columns(table: Table) -> Mapping[int, int]:
    """Where each of the file's columns stands here: after the first, and without an earlier one."""
    earlier = {column.position for column in table.ignored if column.heading == TO_MEND}
    there = {column.position for column in (*table.fields.values(), *table.ignored)}
    there |= {position for _, position, _ in table.head}
    return {at: here for here, at in enumerate(sorted(there - earlier), 1)}


def _draw_rows(
    sheet: Worksheet, checked: Checked, columns: Mapping[int, int], looks: _Looks
) -> int:
    """Write the file's head and rows where they stood; returns how many rows had no room."""
    table, said = checked.table, _Said.of(checked)
    sheet.set_column(0, 0, _WIDTH)
    sheet.set_column(1, max(columns.values()), _NARROW, looks.plain)
    sheet.freeze_panes(table.heading_row, 1)
    notes, last, without_room = NOTES, table.heading_row, 0
    for row, cells in _rows(table):
        if row > LAST_ROW:
            without_room += 1
            continue
        last, is_heading = row, row == table.heading_row
        if is_heading:
            sheet.set_row(row - 1, _height((text, _NARROW) for text in cells.values()))
            sheet.write_string(row - 1, 0, TO_MEND, looks.head)
        elif found := said.of_row.get(row):
            words = [said.in_words(mark) for mark in found]
            height = sum(_height([(line, _WIDTH)]) for line in words)
            sheet.set_row(row - 1, min(height, _TALLEST))
            sheet.write_string(row - 1, 0, "\n".join(words), looks.said[_worst(found)])
        for at, here in columns.items():
            found, text = said.of_cell.get((row, at), []), cells.get(at, "")
            if text and (
                any(mark.personal for mark in found)
                or (at in checked.hidden and row > table.heading_row)
            ):
                text = TAKEN_OUT
            look = looks.marked[_worst(found)] if found else looks.head if is_heading else None
            if text:
                sheet.write_string(row - 1, here, text, look)
            elif look:
                sheet.write_blank(row - 1, here, None, look)
            if found and notes:
                notes -= 1
                note = "\n".join(f"{_kind(mark)}: {mark.message}" for mark in found)
                sheet.write_comment(row - 1, here, note, dict(_NOTE))
    sheet.autofilter(table.heading_row - 1, 0, last - 1, max(columns.values()))
    # Ages and counts are text here, as everything is; a green corner would look like a fault.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last}"})
    return without_room


@dataclass(frozen=True)
class _Said:
    """A file's marks, by row and by cell, and what its columns may be called."""

    of_row: Mapping[int, Sequence[Mark]]
    of_cell: Mapping[tuple[int, int], Sequence[Mark]]
    names: Mapping[int, str]

    @classmethod
    def of(cls, checked: Checked) -> "_Said":
        """Those of a checked file, faults first. A heading with personal data is not repeated."""
        table = checked.table
        of_row: dict[int, list[Mark]] = defaultdict(list)
        of_cell: dict[tuple[int, int], list[Mark]] = defaultdict(list)
        for mark in sorted(checked.marks, key=lambda mark: not mark.blocking):
            of_row[mark.row].append(mark)
            if mark.position is not None:
                of_cell[mark.row, mark.position].append(mark)
        private = {m.position for m in checked.marks if m.personal and m.row <= table.heading_row}
        columns = (*table.fields.values(), *table.ignored)
        names = {one.position: one.heading for one in columns if one.position not in private}
        return cls(of_row, of_cell, names)

    def in_words(self, mark: Mark) -> str:
        """What stands beside the row: 'Fel: Kön. Värdet är okänt. Skriv …'."""
        name = "" if mark.position is None else self.names.get(mark.position, "")
        return f"{_kind(mark)}: {f'{name}. ' if name else ''}{mark.message}"


def _rows(table: Table) -> Iterator[tuple[int, Mapping[int, str]]]:
    """Every line of the file from its titles on: its number, and its cells by position."""
    head: dict[int, dict[int, str]] = {table.heading_row: {}}
    for row, position, text in table.head:
        head.setdefault(row, {})[position] = text
    yield from sorted(head.items())
    for chunk in table.chunks():
        for row, cells in zip(chunk.index, chunk.itertuples(index=False, name=None), strict=True):
            yield int(row), dict(enumerate(cells))


def _kind(found: Mark | Finding) -> str:
    return FAULT if found.blocking else REMARK


def _worst(found: Sequence[Mark]) -> str:
    return FAULT if any(mark.blocking for mark in found) else REMARK


def _draw_findings(
    sheet: Worksheet,
    checked: Checked,
    name: str,
    columns: Mapping[int, int],
    without_room: int,
    looks: _Looks,
) -> None:
    """Everything that was found, a line each; columns are named by where they stand here."""
    names = {
        one.name: replace(one, position=columns[one.position]).name
        for column in (*checked.table.fields.values(), *checked.table.ignored)
        for one in (column, replace(column, heading=""))  # a name in a heading is not repeated
        if one.position in columns
    }
    widths = (13, 26, 38, 30, 90)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    lines = [f"{FINDINGS} i {name}", f"Rätta i bladet {ANSWERS} och läs in den här filen igen."]
    if without_room:
        lines.append(f"{wording.number(without_room)} rader får inte plats i arbetsboken.")
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    top = len(lines) + 1
    for at, heading in enumerate(("Slag", "Rader", "Kolumn", "Skrivet", _WRONG)):
        sheet.write_string(top, at, heading, looks.head)
    for row, finding in enumerate(checked.findings, top + 1):
        column = names.get(finding.column or "", finding.column or "")
        texts = (
            *(_kind(finding), _row_numbers(finding), column),
            *(finding.value or "", finding.message),
        )
        sheet.set_row(row, _height(zip(texts, widths, strict=True)))
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text, looks.said["" if at else text])
    sheet.autofilter(top, 0, top + len(checked.findings), 4)
    sheet.freeze_panes(top + 1, 0)


def _height(texts: Iterable[tuple[str, int]]) -> int:
    """Points that a row needs for its texts in columns so wide: letters are narrower than figures.

    Not every program that opens the file works it out by itself.
    """
    return _LINE * max((ceil(len(text) / (1.1 * width)) for text, width in texts), default=1)


def _row_numbers(finding: Finding) -> str:
    more = [f"{wording.number(finding.more)} till"] if finding.more else []
    return wording.enumerated([*map(str, finding.rows), *more])
