"""Where in a file the form's fields stand: columns are found by their headings.

Known are the form's own words, obvious short forms and the questions' wording, also when case,
punctuation or a letter differs or the end is cut off. Order does not matter. A head may take two
rows, as when cells are merged above or beside the questions' numbers.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from types import MappingProxyType

from fovdata import questionnaire as form

CODES = tuple(part.code for part in (*form.FIELDS, *form.QUESTIONS))
"""Every field of the form, in its order."""
LONGEST_HEADING = 60
WIDEST = 250
"""So many columns can be read. What stands further out is a slip, or made to harm."""
_SEVERAL = 4
"""So many bare numbers beside each other are the questions'; fewer are something else."""
_LEAST_FIELDS, _LEAST_QUESTIONS, _LEAST_LOWER = 4, 2, 3
_STRONG, _WEAK = 2, 1

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
        letters, rest = "", self.position + 1
        while rest:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{self.heading} (kolumn {letters})" if self.heading else f"kolumn {letters}"


@dataclass(frozen=True)
class Head:
    """The row that names the columns, or the lower of two that do so together.

    ``headings`` has every column that has one; ``claims`` the columns that could be a field's.
    """

    row: int
    headings: Mapping[int, str]
    claims: Mapping[str, tuple[Column, ...]]

    def fields(self) -> Mapping[str, Column]:
        """Field → its column. Raises FileFault where two columns could be the same field's."""
        for columns in self.claims.values():
            if len(columns) > 1:
                names = " och ".join(column.name for column in columns)
                raise FileFault(
                    f"Flera kolumner kan vara samma fält i formuläret: {names}. "
                    "Ta bort den som inte ska läsas in, eller ge den en annan rubrik."
                )
        return MappingProxyType({code: self.claims[code][0] for code in CODES if code in self})

    def __contains__(self, code: str) -> bool:
        return code in self.claims


def found(rows: Sequence[Row]) -> Head | None:
    """The head among a file's first rows: the row, or two together, with the most fields.

    None if none has at least four of them, two of which are questions.
    """
    heads = [_head(row, cells) for row, cells in rows]
    for (_, upper), (row, lower), alone in zip(rows, rows[1:], heads[1:], strict=False):
        if len(alone.claims) >= _LEAST_LOWER:
            wide = max(len(upper), len(lower))
            above, below = (list(cells) + [""] * (wide - len(cells)) for cells in (upper, lower))
            heads.append(
                _head(row, [b if b.strip() else a for a, b in zip(above, below, strict=True)])
            )
    best = max(heads, key=lambda head: len(head.claims), default=None)
    if best is None or len(best.claims) < _LEAST_FIELDS:
        return None
    return best if len(best.claims.keys() & form.BY_CODE.keys()) >= _LEAST_QUESTIONS else None


def _head(row: int, cells: Sequence[str]) -> Head:
    headings = {
        position: collapsed[:LONGEST_HEADING]
        for position, cell in enumerate(cells)
        if (collapsed := " ".join(cell.split()))
    }
    claims: dict[str, dict[int, list[Column]]] = {}
    numbers = [(at, key) for at, key in _keys(cells) if re.fullmatch("[1-7]", key)]
    if len(numbers) >= _SEVERAL and all(one[1] < next_[1] for one, next_ in pairwise(numbers)):
        for position, number in numbers:
            strengths = claims.setdefault(f"q{number}", {})
            strengths.setdefault(_STRONG, []).append(Column(position, headings[position]))
    for position, cell in enumerate(cells[:WIDEST]):
        if claim := _claim(cell):
            strengths = claims.setdefault(claim[0], {})
            strengths.setdefault(claim[1], []).append(Column(position, headings[position]))
    strongest = {code: tuple(of[max(of)]) for code, of in claims.items()}
    return Head(row, MappingProxyType(headings), MappingProxyType(strongest))


def _keys(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    return ((at, _key(cell)) for at, cell in enumerate(cells[:WIDEST]) if len(cell) < 10)


def _key(text: str) -> str:
    """Words and numbers only, without case and accents: "Fråga 1:" → "fraga 1"."""
    return " ".join(re.findall("[a-z0-9]+", _plain(text)))


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace("\u00ad", "")).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))


def _claim(cell: str) -> tuple[str, int] | None:
    """The field that a heading names, and how surely; bare numbers aside."""
    cell = cell[:1000]
    # What is written after the field's name may be how to fill it in: "Kön (kvinna/man)".
    key, short = _key(cell), _key(cell.partition("(")[0])
    if numbered := _NUMBERED.match(key):
        word, number, rest = numbered.groups()
        code = f"q{number}"
        if similar := _question(rest):
            return (code, _STRONG) if similar == code else None
        if not word or rest[:1].isdigit():
            return None
        return code, _STRONG if not rest or short == f"{word} {number}" else _WEAK
    for text in (key, short, _key(cell.partition(":")[0])):
        if named := _NAMES.get(text) or _question(text):
            return named, _STRONG
    return None


_NUMBERED = re.compile(r"(fragan nr|fraga nr|fragan|fraga|fr|f|q|)\s*([1-7])\b\s*(.*)")

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date": ("Ifyllt datum", "Datum för ifyllande", "Datum ifyllt", "Ifyllnadsdatum"),
        "place": ("Plats",),
        "gender": ("Ditt kön",),
        "age": ("Din ålder", "Ålder år", "Ålder i år", "Födelseår", "Född år"),
        "fill_count": (
            "Antal gånger",
            "Gånger",
            "Gång",
            "Vilken gång",
            "Antal ifyllda",
            "Antal gånger ifyllt",
            "Ifyllt antal gånger",
            "Besökaren har fyllt i",
            "Besökaren har fyllt i formuläret",
        ),
        "federation": ("Samordningsförbundet", "Förbund", "Förbundet", "Förbundets namn"),
        "authority": ("Myndigheten", "Myndigheter"),
        "activity": ("Insats", "Aktivitet", "Verksamhet/insats", "Insats/verksamhet"),
    }
)
"""What a field is called besides its label on the form."""
_NAMES = MappingProxyType(
    {
        _key(name): field.code
        for field in form.FIELDS
        for name in (field.label, field.code, *_OTHER_NAMES[field.code])
    }
)
_TEXTS = tuple(
    (question.code, _key(text))
    for question in form.QUESTIONS
    for text in (question.wording, question.short)
)
_SHORTEST, _ALIKE, _APART = 7, 0.9, 0.05


def _question(key: str) -> str | None:
    """The question whose wording or short name a text is, begins, or is all but for letters.

    None if it is too short to tell, or could be two.
    """
    if len(key) < _SHORTEST:
        return None
    if begun := {code for code, text in _TEXTS if text.startswith(key)}:
        return begun.pop() if len(begun) == 1 else None
    words = set(key.split())
    likeness = dict.fromkeys(form.BY_CODE, 0.0)
    for code, text in _TEXTS:
        for whole in (text, text[: len(key)]):
            if 2 * len(words & set(whole.split())) >= len(words):
                alike = SequenceMatcher(None, key, whole, autojunk=False).ratio()
                likeness[code] = max(likeness[code], alike)
    second, best = sorted(likeness.values())[-2:]
    if best < _ALIKE or best - second < _APART:
        return None
    return max(likeness, key=likeness.__getitem__)
