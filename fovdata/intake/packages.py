"""What the library leaves out of a workbook that is a ZIP archive (XLSX, ODS): read from its parts.

Errors in formulas, formulas without the value they had, merged cells of ODS, and comments. Old
workbooks (XLS) are no archives, and this is not known of them. It runs within the child process of
``workbooks``. Rows count from 1, as a spreadsheet shows them; sheets and positions from 0.
"""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import PurePosixPath
from xml.etree import ElementTree

Spot = tuple[int, str, int, int, int, int]
"""Sheet, kind, first row and position, last row and position."""
MERGED, UNSAVED, COMMENTED = "merged", "unsaved", "commented"
"""Merged cells; a formula without the value it had; that there are comments, wherever."""

_BOOK, _CONTENT = "xl/workbook.xml", "content.xml"
"""The part that tells an XLSX, and the one that tells an ODS and holds all of it."""


class ErrorsInside(Exception):
    """An ODS has cells with errors; which, its repeated rows make hard to tell."""


@dataclass(frozen=True)
class Cells:
    """Cells of a sheet that the library reads as empty though they are not.

    ``errors`` is row → position → text; ``unsaved`` are formulas without a value.
    """

    errors: Mapping[int, Mapping[int, str]]
    unsaved: frozenset[tuple[int, int]]


class Package:
    """The parts of a workbook; one that is no archive has none."""

    def __init__(self, content: bytes) -> None:
        file = io.BytesIO(content)
        self._archive = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
        self._parts = self._archive.namelist() if self._archive else []

    def cells(self, sheet: int) -> Cells:
        """What stands in an XLSX's sheet. Raises ErrorsInside if an ODS has any.

        An answer that is lost is worse than a file that is.
        """
        errors: defaultdict[int, dict[int, str]] = defaultdict(dict)
        unsaved = set()
        if _CONTENT in self._parts:
            if any(b'value-type="error"' in block for block in self._blocks(_CONTENT)):
                raise ErrorsInside
        elif _BOOK in self._parts:
            for block in self._blocks(self._sheet(sheet)):
                # Nearly no sheet has any, and looking at every cell takes long.
                if not (_ERROR.search(block) or _NO_VALUE.search(block)):
                    continue
                for cell in _CELL.split(block)[1:]:
                    start, _, rest = cell.partition(b">")
                    name, end = _NAME.search(start), _END_OF_CELL.search(rest)
                    if not (name and end) or start.endswith(b"/"):
                        continue
                    value, at = _VALUE.search(rest, 0, end.start()), _place(name[1])
                    if _ERROR.search(start):
                        if value:
                            errors[at[0]][at[1]] = value[1].decode(errors="replace")
                    elif _FORMULA.search(rest, 0, end.start()) and not (
                        value and (value[1] or _STRING.search(start))
                    ):
                        unsaved.add(at)
        return Cells(errors, frozenset(unsaved))

    def spots(self) -> Iterator[Spot]:
        """Merged cells and formulas without a value of an ODS, and whether there are comments."""
        if _CONTENT not in self._parts:
            if any(self._comment_parts()):
                yield -1, COMMENTED, 0, 0, 0, 0
            return
        if not any(map(_ods_odd, self._blocks(_CONTENT))):
            return
        for sheet, row, at, cell in self._ods_cells():
            high, wide = (int(cell.get(f"{_TABLE}number-{of}-spanned", 1)) for of in _SIDES)
            if high > 1 or wide > 1:
                yield sheet, MERGED, row, at, row + high - 1, at + wide - 1
            if cell.get(f"{_TABLE}formula") and not cell.get(f"{_OFFICE}value-type"):
                yield sheet, UNSAVED, row, at, row, at
            if cell.find(f"{_OFFICE}annotation") is not None:
                yield sheet, COMMENTED, row, at, row, at

    def comments(self) -> Iterator[tuple[int, int, int, str]]:
        """Sheet (-1 if it is not known), row, position and text of every comment."""
        if _CONTENT in self._parts:
            for sheet, row, at, cell in self._ods_cells():
                for note in cell.iter(f"{_OFFICE}annotation"):
                    lines = ("".join(line.itertext()) for line in note.iter(f"{_TEXT}p"))
                    yield sheet, row, at, "\n".join(lines)
            return
        if _BOOK not in self._parts:
            return
        of_sheet = self._comments_of_sheets()
        for part in self._comment_parts():
            for element in self._elements(part):
                if _local(element) in ("comment", "threadedComment"):
                    row, at = _place(element.get("ref", "A1").encode())
                    said = (one.text or "" for one in element.iter() if _local(one) in _SAID)
                    yield of_sheet.get(part, -1), row, at, "".join(said)
                    element.clear()

    def _sheet(self, number: int) -> str:
        """The part with an XLSX's sheet."""
        assert self._archive
        (link,) = _LINK.findall(_SHEET.findall(self._archive.read(_BOOK))[number])
        return self._linked(_BOOK)[link.decode()]

    def _linked(self, part: str) -> Mapping[str, str]:
        """Id → part, of those that a part refers to."""
        path = PurePosixPath("/", part)
        links = str(path.parent / "_rels" / f"{path.name}.rels")[1:]
        if links not in self._parts:
            return {}
        assert self._archive
        found = {}
        for tag in _PART.findall(self._archive.read(links)):
            about = dict(re.findall(rb"""\b(Id|Target)=["']([^"']*)""", tag))
            steps: list[str] = []
            for step in (path.parent / about[b"Target"].decode()).parts[1:]:
                steps = steps[:-1] if step == ".." else [*steps, step]
            found[about[b"Id"].decode()] = "/".join(steps)
        return found

    def _comment_parts(self) -> Iterator[str]:
        """The comments of an XLSX, those of old and those in threads."""
        return (part for part in self._parts if re.search("comment[^/]*[.]xml$", part, re.I))

    def _comments_of_sheets(self) -> Mapping[str, int]:
        assert self._archive
        sheets = range(len(_SHEET.findall(self._archive.read(_BOOK))))
        return {part: one for one in sheets for part in self._linked(self._sheet(one)).values()}

    def _blocks(self, part: str) -> Iterator[bytes]:
        """A part of the archive, unpacked bit by bit; every cell stands whole in one of them."""
        assert self._archive
        with self._archive.open(part) as xml:
            rest = b""
            while block := xml.read(1 << 20):
                yield rest + block
                rest = block[-_LONGEST_CELL:]

    def _elements(self, part: str) -> Iterator[ElementTree.Element]:
        """A part's elements, each when it is whole."""
        assert self._archive
        with self._archive.open(part) as xml:
            for _, element in ElementTree.iterparse(xml):
                yield element

    def _ods_cells(self) -> Iterator[tuple[int, int, int, ElementTree.Element]]:
        """Sheet, row, position and element of every cell; of repeated ones the first."""
        assert self._archive
        sheet, row, at = -1, 1, 0
        with self._archive.open(_CONTENT) as xml:
            for event, element in ElementTree.iterparse(xml, ("start", "end")):
                if event == "start":
                    if element.tag == f"{_TABLE}table":
                        sheet, row, at = sheet + 1, 1, 0
                elif element.tag in _ODS_CELLS:
                    yield sheet, row, at, element
                    at += int(element.get(f"{_TABLE}number-columns-repeated", 1))
                    element.clear()
                elif element.tag == f"{_TABLE}table-row":
                    row, at = row + int(element.get(f"{_TABLE}number-rows-repeated", 1)), 0
                    element.clear()


_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_LINK = re.compile(rb"""\w:id=["']([^"']*)""")
_PART = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_LONGEST_CELL = 20_000
_CELL = re.compile(rb"<(?:\w+:)?c\s")
_END_OF_CELL = re.compile(rb"</(?:\w+:)?c>")
_NAME = re.compile(rb"""\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")
_ERROR = re.compile(rb"""\bt=["']e["']""")
_STRING = re.compile(rb"""\bt=["']str["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_NO_VALUE = re.compile(rb"</(?:\w+:)?f>\s*</|<(?:\w+:)?f\s[^<>]*/>\s*</|<(?:\w+:)?v(?:\s*/>|></)")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>([^<]*)<)")
_SAID = frozenset(("t", "text"))

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT = (f"{{{_ODF}{of}:1.0}}" for of in ("table", "office", "text"))
_ODS_CELLS = frozenset((f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"))
_SIDES = ("rows", "columns")
_ODS_MORE = re.compile(rb"""annotation\b|-spanned=["'](?!1["'])""")
_ODS_FORMULA = re.compile(rb"""<[^<>]*\bformula=(?:"[^"]*"|'[^']*')[^<>]*>""")


def _ods_odd(block: bytes) -> bool:
    """Whether a bit of an ODS has anything for which all of its cells must be gone through."""
    formulas = _ODS_FORMULA.findall(block)
    return bool(_ODS_MORE.search(block)) or any(b"value-type=" not in one for one in formulas)


def _place(name: bytes) -> tuple[int, int]:
    """Row and position of a cell that is called as in "AB12"."""
    letters = name.rstrip(b"0123456789")
    position = reduce(lambda sum_, letter: 26 * sum_ + letter - 64, letters, 0) - 1
    return int(name[len(letters) :]), position


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]
