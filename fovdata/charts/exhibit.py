"""What stands in a card: a title that says what is seen, a chart, its table, its alternative."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from fovdata import wording
from fovdata.figures.estimates import Estimate
from fovdata.rules import Status


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

    ``withheld`` are the values that neither has.
    """

    shown: pd.DataFrame
    file: pd.DataFrame
    withheld: tuple[Withheld, ...] = ()


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
    data: pd.DataFrame
    table: Table
    by_gender: bool = False
    beside: str = ""
    reason: str = ""
    alone: bool = False

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw but labels and hidden values."""
        return set(self.data["kind"]) <= {"label", "hidden", "published", "span"}

    @property
    def hides(self) -> bool:
        """Whether some value is hidden."""
        return "hidden" in set(self.data["kind"])

    def withheld_at(self, place: Mapping[str, Any]) -> Sequence[Withheld]:
        """What is withheld where the reader has clicked: in that row, or that cell, of the chart.

        ``place`` has the clicked mark's height in the chart, or the names that it goes by.
        """
        names = {value for value in place.values() if isinstance(value, str)}
        for height in (place[at] for at in ("y", "value_y") if at in place):
            above = self.data[(self.data["kind"] == "label") & (self.data["y"] <= height)]
            names.add(above["text"].iloc[-1])
        return [one for one in self.table.withheld if names <= set(one.names)]


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
        shown=pd.DataFrame(
            [
                {
                    **names,
                    "Andel Ja": estimate.said,
                    "95 % intervall": estimate.interval,
                    "Antal svar": _answers(estimate),
                }
                for names, estimate in rows
            ]
        ),
        file=pd.DataFrame(
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
            ]
        ).astype(dict.fromkeys(_WHOLE_NUMBERS, "Int64") if rows else {}),
        withheld=tuple(
            Withheld(tuple(names.values()), said(estimate), estimate.limit)
            for names, estimate in rows
            if estimate.status is not Status.SHOWN
        ),
    )


def plain_table(rows: Sequence[Mapping[str, object]], whole_numbers: Sequence[str] = ()) -> Table:
    """A table that reads the same on the page and in a file; what is not known is empty."""
    file = pd.DataFrame(list(rows)).astype(dict.fromkeys(whole_numbers, "Int64"))
    shown = file.astype(object).where(file.notna(), "–")
    return Table(shown.astype(str), file)


_WHOLE_NUMBERS = ("andel_ja_procent", "lägst_95", "högst_95", "antal_svar_ca")


def _answers(estimate: Estimate) -> str:
    if estimate.status is Status.HIDDEN or estimate.n is None:
        return wording.HIDDEN
    return f"ca {wording.number(estimate.n)}"
