"""Workbooks (XLSX, XLS, ODS) to rows of text: the child process that ``confined`` starts.

Run as ``python -m fovdata.intake.workbooks SECONDS MEMORY WHAT [SHEET]`` with a workbook on
standard input. Standard output becomes CSV in UTF-8. A sheet's row is the row's number as a
spreadsheet shows it, then its cells from column A on; rows without content are left out. SHEET
counts from 0. What is wrong, the exit code says.

ROWS         the rows of SHEET
ALL          a list of sheets (number, name, whether it is shown), the rows of each, and what may be
             wrong with their cells (``packages.Spot``), each of these ended by a row END
ELSEWHERE    the cells of all sheets but SHEET, and all comments: a row each of sheet (-1 if it is
             not known), kind, row, position, text

It sets its own limits before it looks at the workbook, and imports no more than it needs, so that
it starts at once.
"""

import csv
import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterator

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from fovdata.intake import packages

ROWS, ALL, ELSEWHERE = "rows", "all", "elsewhere"
"""What to write."""
END = "end"
"""First cell of the row that ends a list."""
CELL, COMMENT = "cell", "comment"
"""What a text from elsewhere is."""
DAMAGED, LOCKED, FOREIGN, LARGE, ERRORS = 3, 4, 5, 6, 7
"""Exit codes."""


def _child(seconds: int, memory: int, what: str, sheet: int) -> int:
    """Write the workbook on standard input to standard output; the exit code."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(
            kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
        )
    content = b""
    try:
        content = sys.stdin.buffer.read()
        _write(content, what, sheet)
    except MemoryError:
        return LARGE
    except packages.ErrorsInside:
        return ERRORS
    except BaseException:  # a panic of the library too
        return _reason(content)
    return 0


def _reason(content: bytes) -> int:
    """Why something that looks like a workbook cannot be read; the library seldom tells."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        if _MANIFEST in names and b"encryption-data" in archive.read(_MANIFEST):
            return LOCKED
        return DAMAGED if {"xl/workbook.xml", "content.xml"} & set(names) else FOREIGN
    if "EncryptedPackage".encode("utf-16-le") in content or _FILEPASS.search(content):
        return LOCKED
    foreign = ("WordDocument", "PowerPoint Document")
    return FOREIGN if any(name.encode("utf-16-le") in content for name in foreign) else DAMAGED


_MANIFEST = "META-INF/manifest.xml"
_FILEPASS = re.compile(rb"\x09\x08\x10\0\0\x06\x05\0.{12}(\x86\0\0\0)?\x2f\0", re.DOTALL)
"""XLS: the record that begins a workbook, perhaps write protection, and the one of a password."""


def _write(content: bytes, what: str, chosen: int) -> None:
    with io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="") as output:
        writer = csv.writer(output)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        package = packages.Package(content)
        sheets = [
            (number, about.name, about.visible == SheetVisibleEnum.Visible)
            for number, about in enumerate(book.sheets_metadata)
            if about.typ == SheetTypeEnum.WorkSheet
        ]
        if what == ROWS:
            writer.writerows(_rows(book.get_sheet_by_index(chosen), package.cells(chosen)))
        elif what == ELSEWHERE:
            for number in (number for number, *_ in sheets if number != chosen):
                for row, *cells in _rows(book.get_sheet_by_index(number), package.cells(number)):
                    filled = ((at, cell) for at, cell in enumerate(cells) if cell)
                    writer.writerows((number, CELL, row, at, cell) for at, cell in filled)
            for number, row, at, text in package.comments():
                writer.writerow((number, COMMENT, row, at, _text(text)))
        else:
            writer.writerows([*sheets, [END]])
            spots: list[packages.Spot] = []
            for number, *_ in sheets:
                sheet, odd = book.get_sheet_by_index(number), package.cells(number)
                writer.writerows(_rows(sheet, odd))
                writer.writerow([END])
                spots += ((number, packages.UNSAVED, *cell, *cell) for cell in odd.unsaved)
                for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or ()):
                    spots.append((number, packages.MERGED, top + 1, left, bottom + 1, right))
            writer.writerows([*spots, *package.spots(), [END]])


def _rows(sheet: CalamineSheet, odd: packages.Cells) -> Iterator[list[object]]:
    """A sheet's rows with content: the row's number, then its cells as text."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row, values in enumerate(sheet.iter_rows(), 1):
        if values.count("") == len(values) and row not in odd.errors:
            continue
        cells = left + [_text(value) for value in values]
        for position, error in odd.errors.get(row, {}).items():
            cells[position] = error
        while not cells[-1]:
            cells.pop()
        yield [row, *cells]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value if value.isprintable() else value.translate(_CONTROLS)
    if isinstance(value, bool):
        return "Sant" if value else "Falskt"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)  # dates in ISO's way; the library gives midnight as the date alone


_CONTROLS = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"}


if __name__ == "__main__":
    _seconds, _memory, _what, *_sheet = sys.argv[1:]
    sys.exit(_child(int(_seconds), int(_memory), _what, int(_sheet[0]) if _sheet else -1))
