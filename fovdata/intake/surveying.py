"""The first pass through a sheet: where its head is, what it holds, and that it can be read."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from fovdata.intake import columns, texts
from fovdata.intake.columns import Column, FileFault, Head, Row
from fovdata.intake.confined import Limits

HEAD_WITHIN = 40
"""The head is looked for among so many of the first rows that have content."""
OUTER = " \t\r\n\v\f\u00a0\u2007\u202f\u200b\u200c\u200d\u2060\ufeff"
"""Taken away around a cell: whitespace, and what nobody can see."""


@dataclass(frozen=True)
class Source:
    """Where a sheet's rows come from: CSV, whose rows may begin with their own number."""

    opened: texts.Opened
    delimiter: str
    numbered: bool


@dataclass(frozen=True)
class Sheet:
    """A workbook's sheet, counted from 0; a text file is one without a name."""

    number: int = 0
    name: str | None = None
    shown: bool = True

    @property
    def place(self) -> str:
        """blad 2 (dolt): a sheet's name may be somebody's, and is not repeated."""
        return f"blad {self.number + 1}{'' if self.shown else ' (dolt)'}"


@dataclass(frozen=True)
class Survey:
    """What the first pass saw of a sheet.

    ``top`` is all cells down to the head; ``rows`` counts those with content under it, ``last`` is
    the last of them; ``width`` is that of the widest row, ``filled`` the positions with content.
    """

    source: Source
    sheet: Sheet
    head: Head | None
    top: tuple[tuple[int, int, str], ...]
    rows: int
    last: int
    width: int
    filled: frozenset[int]

    @property
    def forms(self) -> bool:
        """Whether there are any: a federation alone was prepared for forms that never came."""
        prepared = self.head.claims.get("federation", ()) if self.head else ()
        return bool(self.head and self.filled - {column.position for column in prepared})

    @property
    def rank(self) -> tuple[bool, bool, bool, int, int]:
        """Forms, then any head, then what is shown, then the most fields and rows."""
        fields = len(self.head.claims) if self.head else 0
        return self.forms, bool(self.head), self.sheet.shown, fields, self.rows


def survey(source: Source, sheet: Sheet, records: Iterator[Row], limits: Limits) -> Survey:
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
    first = list(islice(going, HEAD_WITHIN))
    head = columns.found(first)
    last = under = head.row if head else 0
    top = tuple(
        (row, at, text)
        for row, cells in first
        for at, cell in enumerate(cells)
        if row <= under and (text := cell.strip(OUTER))
    )
    rows, seen = 0, 0
    empty: list[int] = []
    for row, cells in chain((one for one in first if one[0] > under), going):
        rows, last = rows + 1, row
        if len(cells) > seen:
            empty += range(seen, len(cells))
            seen = len(cells)
        if empty:
            empty = [at for at in empty if at >= len(cells) or not cells[at].strip(OUTER)]
        if head and rows > limits.rows:
            raise FileFault(
                f"Filen har fler än {limits.rows} rader med svar. Dela upp den i flera."
            )
        if time.monotonic() > until:
            raise FileFault(f"Filen tar mer än {limits.seconds} sekunder att läsa. Dela upp den.")
    if head and width > columns.WIDEST:
        raise FileFault(
            f"Rad {widest} går ända till {Column(width - 1, '').place}. Högst {columns.WIDEST} "
            "kolumner kan läsas. Ta bort det som ligger till höger om svaren, också tomma kolumner."
        )
    content = frozenset(range(seen)) - frozenset(empty)
    return Survey(source, sheet, head, top, rows, last, width, content)
