"""Workbooks (XLSX, XLS, ODS) to rows of text: the child process that ``confined`` starts.

Run as ``python -m fovdata.intake.workbooks SECONDS MEMORY [SHEET]`` with a workbook on standard
input. Standard output becomes CSV in UTF-8, a row of the sheet each: the row's number as a
spreadsheet shows it, then its cells from column A on; rows without content are left out. SHEET
counts from 0. Without it a list of sheets (number, name, whether it is shown) comes first, ended by
a row END, then the rows of each, likewise ended. What is wrong, the exit code says.

It sets its own limits before it looks at the workbook, and imports no more than it needs, so that
it starts at once.
"""

import csv
import io
import re
import resource
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import reduce
from pathlib import PurePosixPath

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

END = "end"
"""First cell of the row that ends the list of sheets, and each sheet."""
DAMAGED, LOCKED, FOREIGN, LARGE, ERRORS = 3, 4, 5, 6, 7
"""Exit codes."""


def _child(seconds: int, memory: int, sheet: int | None) -> int:
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
        _write(content, sheet)
    except MemoryError:
        return LARGE
    except _ErrorsInside:
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


def _write(content: bytes, only: int | None) -> None:
    with io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="") as output:
        writer = csv.writer(output)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            (number, about.name, about.visible == SheetVisibleEnum.Visible)
            for number, about in enumerate(book.sheets_metadata)
            if about.typ == SheetTypeEnum.WorkSheet
        ]
        if only is None:
            writer.writerows([*sheets, [END]])
        for number in [sheet[0] for sheet in sheets] if only is None else [only]:
            sheet = book.get_sheet_by_index(number)
            left = [""] * (sheet.start[1] if sheet.start else 0)
            errors = _errors(content, number)
            for row, values in enumerate(sheet.iter_rows(), 1):
                if values.count("") == len(values) and row not in errors:
                    continue
                cells = left + [_text(value) for value in values]
                for position, error in errors.get(row, {}).items():
                    cells[position] = error
                while not cells[-1]:
                    cells.pop()
                writer.writerow([row, *cells])
            if only is None:
                writer.writerow([END])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value if value.isprintable() else value.translate(_CONTROLS)
    if isinstance(value, bool):
        return "Sant" if value else "Falskt"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)  # dates in ISO's way; the library gives midnight as the date alone


_CONTROLS = {code: " " for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"}


def _errors(content: bytes, sheet: int) -> Mapping[int, Mapping[int, str]]:
    """Row → position → text of an XLSX sheet's error cells, which the library reads as empty.

    Raises _ErrorsInside if an ODS has any: an answer that is lost is worse than a file that is.
    """
    errors: defaultdict[int, dict[int, str]] = defaultdict(dict)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return errors
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        if "content.xml" in book.namelist():
            if any(b'value-type="error"' in block for block in _blocks(book, "content.xml")):
                raise _ErrorsInside
        elif "xl/workbook.xml" in book.namelist():
            (link,) = _LINK.findall(_SHEET.findall(book.read("xl/workbook.xml"))[sheet])
            tags = _PART.findall(book.read("xl/_rels/workbook.xml.rels"))
            target = dict(_part(tag) for tag in tags)[link]
            for block in _blocks(book, str(PurePosixPath("/xl", target))[1:]):
                # Nearly no sheet has any, and looking at every cell takes long.
                found = _ERROR.findall(block) if _ANY_ERROR.search(block) else []
                for letters, row, text in found:
                    position = reduce(lambda sum_, one: 26 * sum_ + one - 64, letters, 0) - 1
                    errors[int(row)][position] = text.decode(errors="replace")
    return errors


def _blocks(book: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part of the archive, unpacked bit by bit; every cell stands whole in one of them."""
    with book.open(part) as xml:
        rest = b""
        while block := xml.read(1 << 20):
            yield rest + block
            rest = block[-_LONGEST_CELL:]


class _ErrorsInside(Exception):
    """An ODS has cells with errors; which, its repeated rows make hard to tell."""


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_LINK = re.compile(rb"""\w:id=["']([^"']*)""")
_PART = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_LONGEST_CELL = 20_000
_ANY_ERROR = re.compile(rb"""\bt=["']e["']""")
_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^>]*\bt=["']e["'])[^>]*\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*>"""
    rb"""(?:(?!</?(?:\w+:)?c[\s>]).){0,9000}?<(?:\w+:)?v>([^<]{1,20})<""",
    re.DOTALL,
)


def _part(relationship: bytes) -> tuple[bytes, str]:
    found = dict(re.findall(rb"""\b(Id|Target)=["']([^"']*)""", relationship))
    return found[b"Id"], found[b"Target"].decode()


if __name__ == "__main__":
    seconds_, memory_, *sheet_ = (int(argument) for argument in sys.argv[1:])
    sys.exit(_child(seconds_, memory_, sheet_[0] if sheet_ else None))
