"""Where in a file the form's fields stand: columns are found by their headings.

What a heading names, ``headings`` tells. Order does not matter. A head may take two rows, as when
cells are merged above or beside the questions' numbers, or a row under them says how to answer.
A column for each answer, as Fråga 1 Ja and Fråga 1 Nej, is never read: it is a fault.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.intake.headings import OPTION, STRONG, WEAK, Headings, key

CODES = tuple(part.code for part in (*form.FIELDS, *form.QUESTIONS))
"""Every field of the form, in its order."""
LONGEST_HEADING = 60
WIDEST = 250
"""So many columns can be read. What stands further out is a slip, or made to harm."""
_SEVERAL = 4
"""So many bare numbers beside each other are the questions'; fewer are something else."""
_SPLIT = 3
"""So many questions with an empty column after each have, it seems, a column for each answer."""
_LEAST_FIELDS, _LEAST_QUESTIONS, _LEAST_LOWER = 4, 2, 3

Row = tuple[int, Sequence[str]]
"""A row's number as a spreadsheet shows it, and its cells."""


class FileFault(Exception):
    """A file cannot be read at all. Its text says in Swedish what is wrong and what to do."""


@dataclass(frozen=True)
class Column:
    """A column of somebody's file: ``position`` counts from 0, ``heading`` is the file's own."""

    position: int
    heading: str

    @property
    def name(self) -> str:
        """Kön (kolumn C): how every message names the column."""
        return f"{self.heading} ({self.place})" if self.heading else self.place

    @property
    def place(self) -> str:
        """kolumn C: for where the heading has not been looked through for personal data."""
        return f"kolumn {self.letters}"

    @property
    def letters(self) -> str:
        """AB: what a spreadsheet calls the column."""
        letters, rest = "", self.position + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return letters


@dataclass(frozen=True)
class Head:
    """The row that names the columns, or the lower of two that do so together.

    ``headings`` has every column that has one; ``claims`` the columns that could be a field's.
    ``assumed`` are the fields whose number the heading has, with other words than the form's.
    ``options`` are columns that hold no question, but one of its answers.
    """

    row: int
    headings: Mapping[int, str]
    claims: Mapping[str, tuple[Column, ...]]
    assumed: frozenset[str]
    options: tuple[Column, ...]

    def fields(self, content: Set[int] = frozenset()) -> Mapping[str, Column]:
        """Field → its column. ``content`` is the positions with anything under the head.

        Raises FileFault where two columns could be the same field's, or where a question seems to
        have a column for each of its answers.
        """
        if apart := [*self.options, *self._split(content)]:
            raise FileFault(one_column_each(apart))
        for code, columns in self.claims.items():
            if len(columns) > 1:
                places = wording.enumerated([column.letters for column in columns])
                raise FileFault(
                    f"Flera kolumner kan vara {in_words(code)}: kolumn {places}. "
                    "Ta bort den som inte ska läsas in, eller ge den en annan rubrik."
                )
        return MappingProxyType({code: self.claims[code][0] for code in CODES if code in self})

    def _split(self, content: Set[int]) -> Sequence[Column]:
        """Questions before a column without a heading, as when Nej and Ja have one each."""
        widest = max(self.headings)
        beside = [
            column
            for code in form.BY_CODE
            for column in self.claims.get(code, ())
            if column.position + 1 not in self.headings
        ]
        within = [one for one in beside if one.position < widest]
        filled = [one for one in beside if one.position + 1 in content]
        if not (set(filled) & set(within) or len(within) >= _SPLIT):
            return ()
        return [one for one in beside if one in within or one in filled]

    def __contains__(self, code: str) -> bool:
        return code in self.claims


def in_words(code: str) -> str:
    """A field in the form's own words: "Kön", "fråga 1, Psykiskt våld"."""
    if question := form.BY_CODE.get(code):
        return f"fråga {question.number}, {question.short}"
    return next(one.label for one in form.FIELDS if one.code == code)


def one_column_each(columns: Sequence[Column]) -> str:
    """What is said of a file with a column for each answer; ``columns`` are where it shows."""
    places = wording.enumerated([column.letters for column in columns])
    return (
        f"Det ser ut att finnas en kolumn per svarsalternativ: se kolumn {places}. Slå ihop varje "
        "frågas kolumner till en enda, med Ja och Nej i rutorna och frågans nummer som rubrik, "
        "och ta bort de andra."
    )


def found(rows: Sequence[Row]) -> Head | None:
    """The head among a file's first rows: the row, or two together, with the most fields.

    None if none has at least four of them, two of which are questions.
    """
    reader = Headings()
    heads = [(_head(row, cells, reader), False) for row, cells in rows]
    for (_, upper), (row, lower), (above, _), (alone, _) in zip(
        rows, rows[1:], heads, heads[1:], strict=False
    ):
        answers = bool(above.claims) and _names_answers(lower)
        if len(alone.claims) >= _LEAST_LOWER or answers:
            wide = max(len(upper), len(lower))
            pairs = zip(
                *(list(one) + [""] * (wide - len(one)) for one in (upper, lower)), strict=True
            )
            cells = [a if answers and a.strip() else b if b.strip() else a for a, b in pairs]
            heads.append((_head(row, cells, reader), answers))
    # Of two with as many fields it is the upper, or the one that includes how to answer.
    best, _ = max(heads, key=lambda one: (len(one[0].claims), one[1]), default=(None, False))
    if best is None or len(best.claims) < _LEAST_FIELDS:
        return None
    return best if len(best.claims.keys() & form.BY_CODE.keys()) >= _LEAST_QUESTIONS else None


def _names_answers(cells: Sequence[str]) -> bool:
    """Whether a row under the headings says how to answer, as "Ja/Nej", and nothing else."""
    said = [key(cell) for cell in cells if cell.strip()]
    return len(said) >= _LEAST_QUESTIONS and set(said) <= _HOW_TO_ANSWER


_HOW_TO_ANSWER = frozenset(("ja nej", "nej ja", "ja eller nej", "j n", "ja 1 nej 0", "1 ja 0 nej"))


def _head(row: int, cells: Sequence[str], reader: Headings) -> Head:
    headings = {
        position: collapsed[:LONGEST_HEADING]
        for position, cell in enumerate(cells)
        if (collapsed := " ".join(cell.split()))
    }
    claims: dict[str, dict[int, list[Column]]] = {}
    numbers = [(at, said) for at, said in _short(cells) if re.fullmatch("[1-7]", said)]
    if len(numbers) >= _SEVERAL and all(one[1] < next_[1] for one, next_ in pairwise(numbers)):
        for position, number in numbers:
            strengths = claims.setdefault(f"q{number}", {})
            strengths.setdefault(STRONG, []).append(Column(position, headings[position]))
    for position, cell in enumerate(cells[:WIDEST]):
        if claim := reader.claim(cell):
            strengths = claims.setdefault(claim[0], {})
            strengths.setdefault(claim[1], []).append(Column(position, headings[position]))
    return Head(
        row,
        MappingProxyType(headings),
        MappingProxyType({code: tuple(of[max(of)]) for code, of in claims.items()}),
        frozenset(code for code, of in claims.items() if max(of) == WEAK),
        tuple(column for of in claims.values() for column in of.get(OPTION, ())),
    )


def _short(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    return ((at, key(cell)) for at, cell in enumerate(cells[:WIDEST]) if len(cell) < 10)
