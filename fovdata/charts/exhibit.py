"""What stands in a card: a title that says what is seen, a chart, its table, its alternative."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, wraps
from operator import is_
from typing import Any, ParamSpec, TypeVar

import pandas as pd
import pyarrow as pa

from fovdata import wording
from fovdata.figures.estimates import Estimate
from fovdata.rules import Status

_Asked = ParamSpec("_Asked")
_Made = TypeVar("_Made")

Rows = Sequence[Mapping[str, Any]]
"""Rows of a table: values by column, the same columns in each."""


@dataclass(frozen=True)
class Withheld:
    """A value that is not shown: hidden, or a share known as a ``limit`` only ("<25").

    ``names`` are those of its row in the table, the first being its row's in the chart; ``said``
    is what stands in its place in the chart.
    """

    names: tuple[str, ...]
    said: str = wording.TOO_FEW
    limit: str | None = None


@dataclass(frozen=True)
class Table:
    """The same rows twice: as a reader sees them, and as a file with numbers and a status.

    ``types`` are pandas' for the file's columns of numbers, ``withheld`` the values that neither
    has. Data frames are made when they are asked for: most cards' files never are.
    """

    shown_rows: Rows
    file_rows: Rows
    types: Mapping[str, str] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()

    @cached_property
    def shown(self) -> pd.DataFrame:
        """What a reader sees."""
        return pd.DataFrame(list(self.shown_rows))

    @cached_property
    def file(self) -> pd.DataFrame:
        """What a file holds."""
        return pd.DataFrame(list(self.file_rows)).astype(self.types if self.file_rows else {})

    def beside(self, shown: Rows, file: Rows, types: Mapping[str, str] | None = None) -> "Table":
        """The table with further columns, row by row."""
        return Table(
            [{**row, **more} for row, more in zip(self.shown_rows, shown, strict=True)],
            [{**row, **more} for row, more in zip(self.file_rows, file, strict=True)],
            {**self.types, **(types or {})},
            self.withheld,
        )


@dataclass(frozen=True)
class Exhibit:
    """A chart ready to be shown, presented or saved.

    ``specification`` is Vega-Lite without data and shared by every reader: never changed.
    ``data`` holds the drawn columns and no others, for everything in it reaches the browser.
    ``by_gender`` says that it rests on women's and men's answers only, ``beside`` what it shows
    beside the selection's, ``reason`` why it is empty, where each group's size is not why, and
    ``alone`` that no larger selection has such a card.
    """

    title: str
    alternative: str
    specification: Mapping[str, Any]
    data: pa.Table
    table: Table
    by_gender: bool = False
    beside: str = ""
    reason: str = ""
    alone: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw but labels and hidden values."""
        return self._kinds <= {"label", "hidden", "published", "span"}

    @property
    def hides(self) -> bool:
        """Whether some value is hidden."""
        return "hidden" in self._kinds

    @property
    def _kinds(self) -> set[str]:
        return set(self.data["kind"].to_pylist())

    def withheld_at(self, place: Mapping[str, Any]) -> Sequence[Withheld]:
        """What is withheld where the reader has clicked: in that row, or that cell, of the chart.

        ``place`` has the clicked mark's height in the chart, or the names that it goes by.
        """
        names = {value for value in place.values() if isinstance(value, str)}
        for height in (place[at] for at in ("y", "value_y") if at in place):
            rows = self.data.select(["kind", "y", "text"]).to_pylist()
            *_, row = (row for row in rows if row["kind"] == "label" and row["y"] <= height)
            names.add(row["text"])
        return [one for one in self.table.withheld if names <= set(one.names)]


def kept(make: Callable[_Asked, _Made]) -> Callable[_Asked, _Made]:
    """What is drawn or said of figures, made once, for all who choose the same: never changed.

    Figures that a release keeps are the same objects each time (``figures.release.kept``): by that
    they are known, since to compare what is in them takes as long as to draw it. What is kept holds
    what it was made of, so that nothing else can be taken for that.
    """

    @lru_cache(maxsize=KEPT)
    def made(args: tuple[object, ...], names: tuple[str, ...]) -> _Made:
        values = [one.figures if isinstance(one, _Same) else one for one in args]
        first = len(values) - len(names)
        anyhow: Callable[..., _Made] = make
        return anyhow(*values[:first], **dict(zip(names, values[first:], strict=True)))

    @wraps(make)
    def drawn(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Made:
        return made(tuple(map(_known_by, (*args, *kwargs.values()))), tuple(kwargs))

    return drawn


KEPT = 64
"""So many of a kind are kept."""


@dataclass(frozen=True, eq=False)
class _Same:
    """Figures that are like others only where each is the same object."""

    figures: tuple[object, ...]

    def __hash__(self) -> int:
        return hash(tuple(map(id, self.figures)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Same)
            and len(self.figures) == len(other.figures)
            and all(map(is_, self.figures, other.figures))
        )


def _known_by(value: object) -> object:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _Same(tuple(value))
    return value


def drawn(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], numbers: Collection[str] = ()
) -> pa.Table:
    """What a chart draws, as it travels to the browser; a value that a row lacks is missing.

    ``numbers`` are columns of numbers also where all of them are whole or missing.
    """
    return pa.table(
        {
            column: pa.array(
                [row.get(column) for row in rows], pa.float64() if column in numbers else None
            )
            for column in columns
        }
    )


def said(estimate: Estimate) -> str:
    """A share as charts and sentences say it."""
    return wording.TOO_FEW if estimate.status is Status.HIDDEN else estimate.said


def above(one: Estimate, other: Estimate) -> bool:
    """Whether a share is higher than another beyond doubt: their intervals do not meet."""
    return one.low is not None and other.high is not None and one.low > other.high


def named(selection: str, finding: str) -> str:
    """A title that says of whom it is true, unless it is the whole country."""
    return f"{selection}: {finding[0].lower()}{finding[1:]}" if selection else finding


def estimates_table(rows: Sequence[tuple[Mapping[str, str], Estimate]]) -> Table:
    """A table of shares; each row's mapping names it, column by column."""
    return Table(
        [
            {
                **names,
                "Andel Ja": estimate.said,
                "95 % intervall": estimate.interval,
                "Antal svar": _answers(estimate),
            }
            for names, estimate in rows
        ],
        [
            {
                **names,
                "andel_ja_procent": estimate.share,
                "lägst_95": estimate.low,
                "högst_95": estimate.high,
                "gräns_procent": estimate.limit,
                "antal_svar_ca": estimate.n,
                "status": wording.STATUS_WORDS[estimate.status],
            }
            for names, estimate in rows
        ],
        _WHOLE_NUMBERS,
        tuple(
            Withheld(tuple(names.values()), said(estimate), estimate.limit)
            for names, estimate in rows
            if estimate.status is not Status.SHOWN
        ),
    )


def plain_table(rows: Sequence[Mapping[str, object]], whole_numbers: Sequence[str] = ()) -> Table:
    """A table that reads the same on the page and in a file; what is not known is empty."""
    return Table(
        [
            {column: "–" if value is None else str(value) for column, value in row.items()}
            for row in rows
        ],
        rows,
        dict.fromkeys(whole_numbers, "Int64"),
    )


_WHOLE_NUMBERS = dict.fromkeys(
    ("andel_ja_procent", "lägst_95", "högst_95", "antal_svar_ca"), "Int64"
)


def _answers(estimate: Estimate) -> str:
    if estimate.status is Status.HIDDEN or estimate.n is None:
        return wording.HIDDEN
    return f"ca {wording.number(estimate.n)}"
