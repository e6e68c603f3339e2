"""The marked workbook: the person's own rows with what is wrong in them, to be mended in place.

It is sent in again as it is. Rows keep their numbers, cells their text, and the column that was
added has a heading that the next reading passes over, so that whatever was right keeps its ids.
"""

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from fovdata.intake.findings import PERSONAL, Finding, Mark
from fovdata.intake.personal import TAKEN_OUT
from fovdata.intake.reading import Table
from fovdata.template import ANSWERS, FINDINGS, HEAD, INK, TO_MEND, rules

FAULT, REMARK = "Fel", "Anmärkning"

NOTES = 5_000
"""As many cells get a note: with more the workbook is slow to open. All are coloured."""
IN_MEMORY = 100_000
"""So many forms are marked without a trace on the disk; more come from the command line only."""
LAST_ROW = 1_048_576
"""A sheet has no more rows."""
LONGEST = 32_767
"""A cell holds no more characters, counted as UTF-16 does."""
CUT = " [avkortat: resten får inte plats i rutan]"
_NUMBER = re.compile("0|[1-9][0-9]{0,8}")
"""Is the same text when it has been a number: no nought first, no more figures than are shown."""
_WRONG = "Vad som är fel och vad du gör"
_WIDTH, _NARROW, _WIDE, _BUTTON = 60, 10, 40, 4
"""Widths in figures: of the first column, the least and most of the others, the filter's button."""
_LINE, _TALLEST = 15, 400
"""Heights of a line and the tallest row in points."""
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

    ``name`` is the file's. Cells are text or whole numbers: nothing in them is computed or linked.
    A cell with personal data shows TAKEN_OUT. Rows that a sheet has no room for are left out, a
    text that a cell has no room for is cut, and both are said.
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
    usual = {"font_name": "Calibri", "font_size": 11, "font_color": INK}
    usual |= {"valign": "top", "align": "left"}
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
    table, said = checked.table, _Said.of(checked, columns)
    widths = _widths(table, columns)
    sheet.freeze_panes(table.heading_row, 1)
    notes, last, without_room = NOTES, table.heading_row, 0
    for row, cells in _rows(table):
        if row > LAST_ROW:
            without_room += 1
            continue
        last, is_heading = row, row == table.heading_row
        if is_heading:
            texts = ((cells.get(at, ""), width) for at, width in widths.items())
            sheet.set_row(row - 1, _height(texts))
            sheet.write_string(row - 1, 0, TO_MEND, looks.head)
        elif found := said.of_row.get(row):
            words = [said.in_words(mark) for mark in found]
            height = sum(_height([(line, _WIDTH)]) for line in words)
            sheet.set_row(row - 1, min(height, _TALLEST))
            _write(sheet, row - 1, 0, "\n".join(words), looks.said[_worst(found)])
        for at, here in columns.items():
            found, text = said.of_cell.get((row, at), []), cells.get(at, "")
            if text and (
                any(mark.personal for mark in found)
                or (at in checked.hidden and row > table.heading_row)
            ):
                text = TAKEN_OUT
            usual = looks.head if is_heading else looks.plain
            if text or found or is_heading:
                _write(sheet, row - 1, here, text, looks.marked[_worst(found)] if found else usual)
            if row > table.heading_row:
                widths[at] = max(widths[at], min(len(text) + 1, _WIDE))
            if found and notes:
                notes -= 1
                note = "\n".join(f"{_kind(mark)}: {said.here(mark.message)}" for mark in found)
                sheet.write_comment(row - 1, here, _fitting(note), dict(_NOTE))
    sheet.set_column(0, 0, _WIDTH)
    for at, here in columns.items():
        sheet.set_column(here, here, widths[at], looks.plain)
    _draw_lists(sheet, table, columns)
    sheet.autofilter(table.heading_row - 1, 0, last - 1, max(columns.values()))
    # What must stay text, as 034, is no fault for its figures; a green corner would look like one.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last}"})
    return without_room


def _widths(table: Table, columns: Mapping[int, int]) -> dict[int, int]:
    """How wide each column must be, so that no word of its heading is broken."""
    headings = {at: text for row, at, text in table.head if row == table.heading_row}
    longest = {at: max(map(len, text.split()), default=0) for at, text in headings.items()}
    return {at: min(max(longest.get(at, 0) + _BUTTON, _NARROW), _WIDE) for at in columns}


def _draw_lists(sheet: Worksheet, table: Table, columns: Mapping[int, int]) -> None:
    """Give the template's columns back what chooses and checks; a file of one's own has none."""
    given = rules()
    here = {column.heading: columns[column.position] for column in table.fields.values()}
    if given.keys() <= here.keys():
        for heading, rule in given.items():
            at = here[heading]
            sheet.data_validation(table.heading_row, at, LAST_ROW - 1, at, dict(rule))


def _write(sheet: Worksheet, row: int, at: int, text: str, look: Format) -> None:
    """Write a cell that is read as this text and never computes or links."""
    if not text:
        sheet.write_blank(row, at, None, look)
    elif _NUMBER.fullmatch(text):
        sheet.write_number(row, at, int(text), look)
    else:
        sheet.write_string(row, at, _fitting(text), look)


def _fitting(text: str) -> str:
    """A text, or as much of it as a cell has room for and a word that there was more."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - len(CUT))].decode("utf-16-le", "ignore") + CUT


@dataclass(frozen=True)
class _Said:
    """A file's marks, by row and by cell, and what its columns may be called.

    ``here`` takes a text and names the columns in it by where they stand in this workbook.
    """

    of_row: Mapping[int, Sequence[Mark]]
    of_cell: Mapping[tuple[int, int], Sequence[Mark]]
    names: Mapping[int, str]
    here: Callable[[str], str]

    @classmethod
    def of(cls, checked: Checked, columns: Mapping[int, int]) -> "_Said":
        """Those of a checked file, faults first. A heading with personal data is not repeated."""
        table = checked.table
        of_row: dict[int, list[Mark]] = defaultdict(list)
        of_cell: dict[tuple[int, int], list[Mark]] = defaultdict(list)
        for mark in sorted(checked.marks, key=lambda mark: not mark.blocking):
            of_row[mark.row].append(mark)
            if mark.position is not None:
                of_cell[mark.row, mark.position].append(mark)
        private = {m.position for m in checked.marks if m.personal and m.row <= table.heading_row}
        there = (*table.fields.values(), *table.ignored)
        names = {one.position: one.heading for one in there if one.position not in private}
        return cls(of_row, of_cell, names, _here(table, columns))

    def in_words(self, mark: Mark) -> str:
        """What stands beside the row: 'Fel: Kön. Värdet är okänt. Skriv …'."""
        name = "" if mark.position is None else self.names.get(mark.position, "")
        return f"{_kind(mark)}: {f'{name}. ' if name else ''}{self.here(mark.message)}"


def _here(table: Table, columns: Mapping[int, int]) -> Callable[[str], str]:
    """Text → the same text with columns' names as they are in this workbook.

    "Kön (kolumn B)" → "Kön (kolumn C)", for the first column has been added.
    """
    names = {
        one.name: replace(one, position=columns[one.position]).name
        for column in (*table.fields.values(), *table.ignored)
        for one in (column, replace(column, heading=""))  # a name in a heading is not repeated
        if one.position in columns
    }
    longest_first = sorted(names, key=len, reverse=True)
    any_name = re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return lambda text: any_name.sub(lambda found: names[found[0]], text)


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
    here = _here(checked.table, columns)
    widths = (13, 26, 46, 30, 90)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    whose = "filen" if checked.name_hidden else name
    lines = [f"{FINDINGS} i {whose}", f"Rätta i bladet {ANSWERS} och läs in den här filen igen."]
    if without_room:
        lines.append(f"{wording.number(without_room)} rader får inte plats i arbetsboken.")
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    top = len(lines) + 1
    for at, heading in enumerate(("Slag", "Rader", "Kolumn", "Skrivet", _WRONG)):
        sheet.write_string(top, at, heading, looks.head)
    for row, finding in enumerate(checked.findings, top + 1):
        # Outside the rows somebody is pointed at where they are in the person's own file.
        message = finding.message if finding.kind == PERSONAL else here(finding.message)
        texts = (
            *(_kind(finding), _row_numbers(finding), here(finding.column or "")),
            *(finding.value or "", message),
        )
        sheet.set_row(row, _height(zip(texts, widths, strict=True)))
        for at, text in enumerate(texts):
            sheet.write_string(row, at, _fitting(text), looks.said["" if at else text])
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
