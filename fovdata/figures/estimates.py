"""The gate: protected counts in, what may be said of them out.

Every share, difference, ratio, p-value and number of answers that leaves the product is made
here, rounded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from fovdata import measures, wording
from fovdata.figures import intervals
from fovdata.figures.intervals import Apart, Four, Fourfold, Stratum
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


Strata = Sequence[tuple[Cell, float]]
"""A group's cells, one for each stratum, with weights that add up to 1."""


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


@dataclass(frozen=True)
class Ratio:
    """One share divided by another, with its 95 % interval, each to one decimal.

    HIDDEN, with nothing in it, unless the fourfold table that it is of, or each of them, is large
    enough in all four cells, in both rows and as a whole.
    """

    status: Status
    ratio: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def said(self) -> str:
        """The ratio in Swedish: "2,3 gånger", or ".."."""
        return wording.HIDDEN if self.ratio is None else f"{_decimal(self.ratio)} gånger"

    @property
    def interval(self) -> str:
        """The 95 % interval in Swedish: "1,9–2,8"; empty if there is none."""
        if self.low is None or self.high is None:
            return ""
        return f"{_decimal(self.low)}–{_decimal(self.high)}"

    @property
    def certain(self) -> bool:
        """Whether the interval leaves 1, no difference, out."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high


def estimate(cell: Cell, rules: Rules) -> Estimate:
    """Show, code or hide a share."""
    status = _status(cell, rules)
    if status is Status.HIDDEN:
        return Estimate(status)
    n = number_of_answers(cell.n, rules)
    if status is Status.CODED:
        limit = rules.limit(cell.n, cell.draws)
        return Estimate(status, n, limit=f"<{limit}" if cell.y < rules.code else f">{100 - limit}")
    return _shown(n, _interval([(cell, 1.0)], rules))


def standardised(strata: Strata, rules: Rules) -> Estimate:
    """A share standardised over strata: hidden unless every stratum's is shown.

    Of one stratum it is that of its cell.
    """
    if len(strata) == 1:
        return estimate(strata[0][0], rules)
    if not are_shown(strata, rules):
        return Estimate(Status.HIDDEN)
    return _shown(_answers(strata, rules), _interval(strata, rules))


def _shown(n: int | None, found: tuple[float, float, float]) -> Estimate:
    share, low, high = [_whole(100 * part) for part in found]
    share = min(max(share, 1), 99)  # rounding, too, must never say nobody or everybody
    return Estimate(Status.SHOWN, n, share, min(low, share), max(high, share))


def are_shown(strata: Strata, rules: Rules) -> bool:
    """Whether the share of every stratum is shown."""
    return all(_status(cell, rules) is Status.SHOWN for cell, _ in strata)


def beside(
    first: Cell, second: Cell, rules: Rules, shared_variance: float = 0.0
) -> tuple[Estimate, Estimate, Difference]:
    """Two shares of different people, and their difference.

    ``shared_variance`` is the noise variance that the two shares' own intervals miss because
    some counts stand in both, as fractions squared.
    """
    return standardised_beside([(first, 1.0)], [(second, 1.0)], rules, shared_variance)


def standardised_beside(
    first: Strata, second: Strata, rules: Rules, shared_variance: float = 0.0
) -> tuple[Estimate, Estimate, Difference]:
    """The same of two standardised shares."""
    if not (are_shown(first, rules) and are_shown(second, rules)):
        hidden = Difference(Status.HIDDEN)
        return standardised(first, rules), standardised(second, rules), hidden
    one, other = _interval(first, rules), _interval(second, rules)
    points = (one[0] - other[0], *intervals.newcombe(one, other, shared_variance))
    return (
        _shown(_answers(first, rules), one),
        _shown(_answers(second, rules), other),
        Difference(Status.SHOWN, *[_whole(100 * part) for part in points]),
    )


def apart(part: Strata, rest: Strata, rules: Rules) -> Sequence[Apart]:
    """A part beside the rest of the whole, stratum by stratum, for the tests of ``intervals``.

    The rest's counts are the whole's minus the part's. Empty unless both shares are shown.
    """
    if not (are_shown(part, rules) and are_shown(rest, rules)):
        return ()
    return [
        Apart(
            one.y,
            one.n,
            other.y,
            other.n,
            one.draws * rules.sigma**2,
            (other.draws - one.draws) * rules.sigma**2,
            weight,
        )
        for (one, weight), (other, _) in zip(part, rest, strict=True)
    ]


def spread(cells: Sequence[Cell], rules: Rules) -> tuple[float, bool]:
    """χ² that two shares or more are the same, through its degrees of freedom, to one decimal.

    And whether it is more than chance would make it 95 times in 100. For cells of one draw.
    """
    found = intervals.spread([(cell.y, cell.n) for cell in cells], rules.sigma**2)
    degrees = len(cells) - 1
    return _whole(10 * found / degrees) / 10, found > intervals.most_by_chance(degrees)


def ratio(tables: Sequence[Fourfold], variances: Four, rules: Rules) -> Ratio:
    """The risk ratio of one fourfold table, or of several the ratio adjusted for what parts them.

    ``variances`` are the noise variances of each table's four counts.
    """
    if not all(_may_be_compared(table, rules) for table in tables):
        return Ratio(Status.HIDDEN)
    found = intervals.risk_ratio(tables, variances)
    # Rounding must never say none, and a logarithmic axis has no 0.
    return Ratio(Status.SHOWN, *(max(_whole(10 * part), 1) / 10 for part in found))


def p_values(
    compared: Sequence[Sequence[Fourfold]], variances: Four, rules: Rules
) -> Sequence[float | None]:
    """For each pair of fourfold tables, whether their associations (odds ratios) differ.

    p-values of the test of Breslow, Day and Tarone to two decimals, corrected after Holm for all
    that are asked at once; None where a ratio would be hidden.
    """
    found: list[float | None] = [None] * len(compared)
    asked = [
        i
        for i, tables in enumerate(compared)
        if all(_may_be_compared(table, rules) for table in tables)
    ]
    raw = [intervals.p_of_two(intervals.breslow_day(compared[i], variances)) for i in asked]
    for i, p in zip(asked, intervals.holm(raw), strict=True):
        found[i] = _whole(100 * p) / 100
    return found


def _may_be_compared(table: Fourfold, rules: Rules) -> bool:
    return (
        table.n >= rules.association
        and min(table.rows) >= rules.show
        and min(table.cells) >= rules.code
    )


def number_of_answers(n: int, rules: Rules) -> int | None:
    """A protected count to the nearest 5, or nothing below the threshold."""
    return 5 * _whole(n / 5) if n >= rules.show else None


def answers(counts: Counts, rules: Rules) -> int | None:
    """Respondents of a group, blanks included, to the nearest 5."""
    return number_of_answers(counts.values.get(measures.ALL, 0), rules)


def _answers(strata: Strata, rules: Rules) -> int | None:
    return number_of_answers(sum([cell.n for cell, _ in strata]), rules)


def _status(cell: Cell, rules: Rules) -> Status:
    return rules.status(cell.n, cell.y, cell.draws)


def _interval(strata: Strata, rules: Rules) -> tuple[float, float, float]:
    return intervals.standardised(
        [Stratum(cell.y, cell.n, cell.draws * rules.sigma**2, weight) for cell, weight in strata]
    )


def _whole(value: float) -> int:
    """To the nearest whole number, halves upwards: Python's round() would go to even numbers."""
    return floor(value + 0.5)


def _decimal(value: float) -> str:
    """2.0 → "2,0": a ratio keeps its decimal, so that one reads how exact it is."""
    return f"{value:.1f}".replace(".", ",")
