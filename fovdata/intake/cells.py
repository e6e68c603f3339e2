"""Cells as typed and as read: one, and a column of them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reading:
    """A cell as read. ``kind`` and ``message`` say what there is to remark, if anything.

    ``text`` is a category's code; a date as 2022-05-14 or 2022-05; an age in years, or the year of
    birth; a federation's slug; free text in small letters. Empty where nothing could be read.
    """

    text: str
    kind: str = ""
    message: str = ""


Reader = Callable[[str], Reading]


def visible(text: str) -> str:
    """A text as it looks: one kind of spaces, dashes and figures, and nothing that is not seen."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(
            str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
            for sign in text
            if unicodedata.category(sign) != "Cf"
        )
        text = re.sub(r"[‐‑‒–—―−]", "-", text)
    return " ".join(text.split())


def plain(text: str) -> str:
    """A cell without what does not matter: case, kinds of spaces and dashes, dots at the end."""
    text = re.sub(r"\s*/\s*", "/", visible(text).casefold())
    return text.strip('"”“ ').rstrip(".,;:! ") or text.strip('"”“.,;:! ')


def whole(text: str) -> str:
    """ "34,0" → "34": spreadsheets and exports add a decimal to whole numbers."""
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)


@dataclass(frozen=True)
class Cells:
    """A column of many rows: its texts, and for each row the place of its own among them."""

    texts: Sequence[str]
    places: Ints

    def holds(self, text: str) -> Bools:
        """The rows with this text."""
        return np.array([one == text for one in self.texts])[self.places]

    def where(self, marked: Sequence[object]) -> Iterator[tuple[int, Ints]]:
        """For each text that is marked, its place and the rows that have it."""
        wanted = np.array([bool(mark) for mark in marked])
        rows = np.flatnonzero(wanted[self.places])
        rows = rows[np.argsort(self.places[rows], kind="stable")]
        places = self.places[rows]
        ends = np.flatnonzero(np.diff(places, append=-1)) + 1
        for start, end in pairwise((0, *ends.tolist())):
            yield int(places[start]), rows[start:end]

    def only(self, rows: Bools) -> "Cells":
        """The column for some of the rows, without the texts that none of them has."""
        if rows.all():
            return self
        used, places = np.unique(self.places[rows], return_inverse=True)
        return Cells([self.texts[place] for place in used.tolist()], places)


def different(column: pd.Series) -> Cells:
    """A column of texts by its different texts."""
    places, texts = pd.factorize(column)
    return Cells(list(texts), places)


def filled(columns: Iterable[Cells]) -> Bools:
    """The rows that have something in at least one of the columns."""
    return np.logical_or.reduce([~column.holds("") for column in columns])
