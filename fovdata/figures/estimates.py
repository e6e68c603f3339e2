"""The gate: protected counts in, what may be said of them out.

Every share, difference and number of answers that leaves the product is made here, rounded.
"""

from dataclasses import dataclass
from math import floor

from fovdata import measures, wording
from fovdata.figures import intervals
from fovdata.figures.release import Counts
from fovdata.rules import Rules, Status


@dataclass(frozen=True)
class Cell:
    """Protected counts of those who answered (``n``) and of Ja (``y``), both still exact.

    ``draws`` is the number of noise draws in each.
    """

    n: int
    y: int
    draws: int

    @classmethod
    def of(cls, counts: Counts, n_label: str, y_label: str) -> "Cell":
        """The cell of two labels; a label that was not released counts nobody."""
        return cls(counts.values.get(n_label, 0), counts.values.get(y_label, 0), counts.draws)


@dataclass(frozen=True)
class Estimate:
    """A share that may be shown. Per cent and interval are whole, ``n`` a multiple of 5.

    SHOWN has n, share, low and high; CODED has n and limit ("<25" or ">75"); HIDDEN nothing.
    """

    status: Status
    n: int | None = None
    share: int | None = None
    low: int | None = None
    high: int | None = None
    limit: str | None = None

    @property
    def said(self) -> str:
        """The share in Swedish: "52 %", "under 25 %" or ".."."""
        if self.share is not None:
            return wording.percent(self.share)
        if self.limit is not None:
            under_or_over = "under" if self.limit[0] == "<" else "över"
            return f"{under_or_over} {wording.percent(int(self.limit[1:]))}"
        return wording.HIDDEN

    @property
    def interval(self) -> str:
        """The 95 % interval in Swedish: "47–57 %"; empty if there is none."""
        if self.low is None or self.high is None:
            return ""
        return f"{wording.number(self.low)}–{wording.percent(self.high)}"


@dataclass(frozen=True)
class Difference:
    """One share minus another in whole percentage points, with its 95 % interval.

    HIDDEN, with nothing in it, unless both shares are shown.
    """

    status: Status
    points: int | None = None
    low: int | None = None
    high: int | None = None

    @property
    def said(self) -> str:
        """The difference in percentage points in Swedish: "+12", or ".."."""
        return wording.HIDDEN if self.points is None else wording.signed(self.points)

    @property
    def interval(self) -> str:
        """The 95 % interval in Swedish: "−3 till +12"; empty if there is none."""
        if self.low is None or self.high is None:
            return ""
        return f"{wording.signed(self.low)} till {wording.signed(self.high)}"

    @property
    def certain(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def estimate(cell: Cell, rules: Rules) -> Estimate:
    """Show, code or hide a share."""
    status = _status(cell, rules)
    if status is Status.HIDDEN:
        return Estimate(status)
    n = number_of_answers(cell.n, rules)
    if status is Status.CODED:
        limit = rules.limit(cell.n, cell.draws)
        return Estimate(status, n, limit=f"<{limit}" if cell.y < rules.code else f">{100 - limit}")
    share, low, high = (_whole(100 * part) for part in _interval(cell, rules))
    share = min(max(share, 1), 99)  # rounding, too, must never say nobody or everybody
    return Estimate(status, n, share, min(low, share), max(high, share))


def difference(first: Cell, second: Cell, rules: Rules, shared_variance: float = 0.0) -> Difference:
    """The difference of two shares of different people.

    ``shared_variance`` is the noise variance that the two shares' own intervals miss because
    some counts stand in both, as fractions squared.
    """
    if {_status(cell, rules) for cell in (first, second)} != {Status.SHOWN}:
        return Difference(Status.HIDDEN)
    one, other = _interval(first, rules), _interval(second, rules)
    points = (one[0] - other[0], *intervals.newcombe(one, other, shared_variance))
    return Difference(Status.SHOWN, *(_whole(100 * part) for part in points))


def number_of_answers(n: int, rules: Rules) -> int | None:
    """A protected count to the nearest 5, or nothing below the threshold."""
    return 5 * _whole(n / 5) if n >= rules.show else None


def answers(counts: Counts, rules: Rules) -> int | None:
    """Respondents of a group, blanks included, to the nearest 5."""
    return number_of_answers(counts.values.get(measures.ALL, 0), rules)


def _status(cell: Cell, rules: Rules) -> Status:
    return rules.status(cell.n, cell.y, cell.draws)


def _interval(cell: Cell, rules: Rules) -> tuple[float, float, float]:
    share = min(max(cell.y / cell.n, 0.0), 1.0)
    return share, *intervals.wilson(cell.y, cell.n, cell.draws * rules.sigma**2)


def _whole(value: float) -> int:
    """To the nearest whole number, halves upwards: Python's round() would go to even numbers."""
    return floor(value + 0.5)
