"""Text files: which encoding, which delimiter, and rows that are counted and whole.

Every spreadsheet program writes CSV in a way of its own, and none says in which.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import BinaryIO, TextIO

from fovdata.intake.columns import FileFault, Row

_DELIMITERS = ";,\t"
_LONGEST_LINE = 1_000_000

_KINDS: Mapping[bytes, str] = MappingProxyType(
    {
        b"%PDF": "en PDF",
        b"{\\rtf": "ett RTF-dokument",
        b"<": "en webbsida eller XML-fil",
        b"\x89PNG": "en bild",
        b"\xff\xd8\xff": "en bild",
        b"GIF8": "en bild",
        b"II*\0": "en bild",
        b"MM\0*": "en bild",
        b"\x1f\x8b": "en packad fil",
        b"7z\xbc\xaf": "en packad fil",
        b"Rar!": "en packad fil",
    }
)
_SAVE_AS = (
    "Spara svaren som arbetsbok (.xlsx, .xls eller .ods) eller som CSV i det program som de är "
    "gjorda i."
)

Opened = Callable[[], AbstractContextManager[TextIO]]
"""The text of a file, from its beginning at every call."""


def opened(file: BinaryIO) -> tuple[Opened, str]:
    """How to open a file as text, and the delimiters that it may have.

    Raises FileFault if it is of a kind that holds no table, or is no text as a whole.
    """
    file.seek(0)
    start = file.read(1024)
    for beginning, kind in _KINDS.items():
        if start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(beginning):
            raise FileFault(f"Filen är {kind} och kan inte läsas. {_SAVE_AS}")
    whole = partial(_decoded, file, _encoding(file, start))
    # The first line that Excel writes, and shows to nobody, to say which delimiter it uses.
    with whole() as text:
        named = re.fullmatch('"?sep=([;,|:\t])"?\r?\n?', text.readline(20), re.IGNORECASE)
    return (partial(whole, skip=True), named[1]) if named else (whole, _DELIMITERS)


def records(text: TextIO, delimiter: str, swallowed: list[int] | None = None) -> Iterator[Row]:
    """A text file's rows, counted as a spreadsheet shows them. Raises FileFault at a broken one.

    ``swallowed`` is filled with rows in which other rows seem to have ended up: a cell goes on over
    a line's end and holds delimiters, or makes the row the widest so far.
    """
    row = line = widest = 0
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    try:
        for row, cells in enumerate(reader, 1):
            line += 1
            if reader.line_num != line:
                line = reader.line_num
                if swallowed is not None and len(swallowed) < _SUSPECTS:
                    odd = any(delimiter in cell and _BREAK.search(cell) for cell in cells)
                    if odd or any(cells[widest:]):
                        swallowed.append(row)
            widest = max(widest, len(cells))
            yield row, cells
    except csv.Error as fault:
        raise FileFault(
            f'Rad {row + 1} kan inte läsas. Oftast saknas ett citattecken ("), eller så står det '
            "ett för mycket. Rätta raden, eller spara svaren som arbetsbok (.xlsx)."
        ) from fault


_BREAK = re.compile("[\r\n]")
_SUSPECTS = 100
"""More than there can be rows above the answers."""


def _lines(text: TextIO) -> Iterator[str]:
    for line in iter(partial(text.readline, _LONGEST_LINE), ""):
        if len(line) == _LONGEST_LINE:
            raise FileFault(
                f"Filen har en rad på över en miljon tecken och är ingen tabell. {_SAVE_AS}"
            )
        yield line


@contextmanager
def _decoded(file: BinaryIO, encoding: str, skip: bool = False) -> Iterator[TextIO]:
    """The file as text from its beginning, or from its second line on."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        if skip:
            text.readline()
        yield text
    finally:
        text.detach()  # or the file would be closed along with it


def _encoding(file: BinaryIO, start: bytes) -> str:
    """The encoding in which all of the file is text. Raises FileFault if there is none."""
    halves = [start[0::2].count(0), start[1::2].count(0)]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        guess = "utf-16"
    elif 4 * max(halves) > len(start):  # one half of nearly every letter
        guess = "utf-16-be" if halves[0] > halves[1] else "utf-16-le"
    else:
        guess = "utf-8-sig"
    if _is_text(file, guess):
        return guess
    if guess == "utf-8-sig" and _is_text(file, guess := _eight_bit(file)):
        return guess
    raise FileFault(
        "Filen innehåller annat än text, är skadad eller har en ovanlig teckenkodning. "
        "Spara svaren som arbetsbok (.xlsx) eller som CSV UTF-8."
    )


def _eight_bit(file: BinaryIO) -> str:
    """The encoding in which most bytes are Swedish letters; UTF-8 if it is that, but broken."""
    letters: Counter[str] = Counter()
    for piece in _pieces(file):
        for encoding in ("cp1252", "utf-8", "mac-roman", "cp850"):
            letters[encoding] += sum(piece.count(letter.encode(encoding)) for letter in "åäöÅÄÖ")
    return letters.most_common(1)[0][0]


def _is_text(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in chain(_pieces(file), [b""]):
            text = decoder.decode(piece, final=not piece).encode()
            if len(text.translate(None, _NO_TEXT)) < len(text):
                return False
    except UnicodeDecodeError:
        return False
    return True


_NO_TEXT = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r")
"""Control characters, which no spreadsheet writes."""


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    return iter(partial(file.read, 1 << 20), b"")
