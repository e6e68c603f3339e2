"""Intervals and tests that contain both chance and the disclosure control's noise.

Everything here takes protected counts. ``variance`` is the noise variance of each of the two
counts: σ² for one drawn cell, as many times that as cells were added or subtracted. ``variances``
are those of the four counts of a ``Fourfold``, in its order. Without noise each method is the
published one that it names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import erfc, exp, sqrt
from typing import NamedTuple

Z95 = 1.96
Z998 = 3.09

Four = tuple[float, float, float, float]
NO_NOISE: Four = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Fourfold:
    """Two questions crossed: answered both, Ja to the first, to the second, and to both."""

    n: int
    first: int
    second: int
    both: int

    @property
    def cells(self) -> tuple[int, int, int, int]:
        """Ja to both, to the first alone, to the second alone, to neither."""
        return (
            self.both,
            self.first - self.both,
            self.second - self.both,
            self.n - self.first - self.second + self.both,
        )

    @property
    def rows(self) -> tuple[int, int]:
        """How many answered Ja, and how many Nej, to the first question."""
        return self.first, self.n - self.first


def wilson(y: float, n: float, variance: float = 0.0, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval for y/n at the effective sample size, as fractions.

    n_eff = n / (1 + σ²(1 + p̃²) / (n·p̃(1 − p̃))) with p̃ = (y + 2)/(n + 4). Without noise it is
    Wilson (1927). ``n`` > 0.
    """
    _, low, high = standardised([Stratum(y, n, variance)], z)
    return low, high


class Stratum(NamedTuple):
    """Ja among those who answered in one stratum; the ``weight`` of all strata adds up to 1.

    A tuple, for a page makes hundreds of them.
    """

    y: float
    n: float
    variance: float = 0.0
    weight: float = 1.0


def standardised(strata: Sequence[Stratum], z: float = Z95) -> tuple[float, float, float]:
    """A directly standardised share with its interval, as fractions: (share, low, high).

    The weighted mean of the strata's shares, with Wilson's interval at the number of answers that
    a single share of the same variance would have. Of one stratum it is ``wilson``.
    """
    p, shrunk, uncertainty = 0.0, 0.0, 0.0
    for y, n, variance, weight in strata:
        y = min(max(y, 0), n)  # the noise must not bring a share below none or above all
        p += weight * (y / n)
        of_one = (y + 2) / (n + 4)
        shrunk += weight * of_one
        by_chance = of_one * (1 - of_one) / n
        by_noise = variance * (1 + of_one**2) / n**2
        uncertainty += weight**2 * (by_chance + by_noise)
    effective = shrunk * (1 - shrunk) / uncertainty
    centre = (p + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = z * sqrt(p * (1 - p) / effective + z**2 / (4 * effective**2)) / (1 + z**2 / effective)
    return p, max(centre - half, 0.0), min(centre + half, 1.0)


def newcombe(
    first: tuple[float, float, float],
    second: tuple[float, float, float],
    shared_variance: float = 0.0,
) -> tuple[float, float]:
    """Newcombe's (1998) interval for a difference of two independent shares.

    Each argument is (share, low, high) as fractions; returns (low, high) of first − second.
    ``shared_variance`` is added for what makes the two depend on each other.
    """
    p1, low1, high1 = first
    p2, low2, high2 = second
    shared = Z95**2 * shared_variance
    difference = p1 - p2
    return (
        difference - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2 + shared),
        difference + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2 + shared),
    )


class Apart(NamedTuple):
    """A part of a whole and the rest of it, in one stratum: Ja and answers of each.

    ``variance`` is that of each of the part's counts, ``whole_variance`` of the whole's, from
    which the part's were subtracted to give the rest's. ``weight`` is as a Stratum's.
    """

    y: int
    n: int
    rest_y: int
    rest_n: int
    variance: float = 0.0
    whole_variance: float = 0.0
    weight: float = 1.0

    @property
    def difference(self) -> float:
        """The part's share minus the rest's, weighted."""
        return self.weight * (self.y / self.n - self.rest_y / self.rest_n)

    @property
    def shared_variance(self) -> float:
        """What ``newcombe`` misses, for the part's noise stands in the rest with another sign."""
        p, rest = self.y / self.n, self.rest_y / self.rest_n
        return self.weight**2 * 2 * self.variance * (1 + p * rest) / (self.n * self.rest_n)

    @property
    def pooled(self) -> float:
        """The share of Ja, if that of the part and of the rest are the same."""
        return (self.y + self.rest_y) / (self.n + self.rest_n)

    @property
    def expected(self) -> float:
        """How many Ja, or Nej if they are fewer, the part would have at the pooled share."""
        return self.n * min(self.pooled, 1 - self.pooled)


def p_apart(strata: Sequence[Apart]) -> float:
    """The two-sided p-value that a part's share, standardised if of several strata, is the rest's.

    The z test of two proportions with pooled variance, and the noise of both in it.
    """
    variance = 0.0
    for one in strata:
        both = 1 / one.n + 1 / one.rest_n
        by_chance = one.pooled * (1 - one.pooled) * both
        by_noise = (1 + one.pooled**2) * (
            one.variance * both**2 + one.whole_variance / one.rest_n**2
        )
        variance += one.weight**2 * (by_chance + by_noise)
    return erfc(abs(sum(one.difference for one in strata)) / sqrt(2 * variance))


def benjamini_hochberg(p: Sequence[float]) -> Sequence[float]:
    """Benjamini and Hochberg's (1995) p-values of a family of tests, in the order given.

    Of those below 0.05, about 5 in 100 are expected to be false.
    """
    corrected = [0.0] * len(p)
    least = 1.0
    falling = sorted(range(len(p)), key=lambda i: p[i], reverse=True)
    for rank, i in zip(range(len(p), 0, -1), falling, strict=True):
        least = corrected[i] = min(least, p[i] * len(p) / rank)
    return corrected


def funnel(share: float, n: float, variance: float = 0.0, z: float = Z95) -> tuple[float, float]:
    """Between which shares a group of ``n`` answers lies that is like all others, as fractions.

    P ± z√(P(1 − P)/n + σ²(1 + P²)/n²), Spiegelhalter's (2005) limits with the noise in them.
    """
    half = z * sqrt(share * (1 - share) / n + variance * (1 + share**2) / n**2)
    return max(share - half, 0.0), min(share + half, 1.0)


def spread(groups: Sequence[tuple[int, int]], variance: float = 0.0) -> float:
    """The χ² statistic that groups, each (Ja, answers), have the same share, with the noise in it.

    Without noise it is Pearson's. There must be Ja and Nej among the answers.
    """
    share = sum(y for y, _ in groups) / sum(n for _, n in groups)
    return sum(
        (y - n * share) ** 2 / (n * share * (1 - share) + variance * (1 + share**2))
        for y, n in groups
    )


def most_by_chance(degrees: int) -> float:
    """The χ² statistic that chance exceeds 5 times in 100 (Wilson and Hilferty 1931)."""
    part = 2 / (9 * degrees)
    return degrees * (1 - part + 1.645 * sqrt(part)) ** 3


def half_width(n: int, share: float, variance: float = 0.0) -> float:
    """Half of the width of the interval of a share, as a fraction."""
    low, high = wilson(share * n, n, variance)
    return (high - low) / 2


def answers_for(width: float, share: float, variance: float = 0.0) -> int:
    """The least number of answers whose interval is at most ``width`` to either side.

    By halving: the interval only narrows as answers come. ``width`` is a fraction above 0.
    """
    few, enough = 1, 2
    while half_width(enough, share, variance) > width:
        few, enough = enough, 2 * enough
    while enough - few > 1:
        middle = (few + enough) // 2
        if half_width(middle, share, variance) > width:
            few = middle
        else:
            enough = middle
    return enough


def shared_variance(table: Fourfold, variances: Four) -> float:
    """What ``newcombe`` misses for the two rows of a table, for first and both stand in each.

    Minus twice the covariance that the noise gives the shares Ja to the second question.
    """
    both, _, second, _ = table.cells
    yes, no = table.rows
    _, first_variance, _, both_variance = variances
    return 2 * (both_variance + both / yes * second / no * first_variance) / (yes * no)


def risk_ratio(
    strata: Sequence[Fourfold], variances: Four = NO_NOISE, z: float = Z95
) -> tuple[float, float, float]:
    """The share Ja to the second question with Ja, through that with Nej, to the first.

    Of several strata Mantel and Haenszel's with Greenland and Robins's (1985) interval, of one
    Katz's (1978), which is the same. The noise enters by its gradient on the log scale. Returns
    (ratio, low, high). No cell may be empty.
    """
    over = sum(t.both * (t.n - t.first) / t.n for t in strata)
    under = sum((t.second - t.both) * t.first / t.n for t in strata)
    chance = sum(
        t.second * t.first * (t.n - t.first) / t.n**2 - t.both * (t.second - t.both) / t.n
        for t in strata
    ) / (over * under)
    noise = sum(_variance(_of_log_ratio(t, over, under), variances) for t in strata)
    half = z * sqrt(chance + noise)
    return over / under, over / under * exp(-half), over / under * exp(half)


def _of_log_ratio(t: Fourfold, over: float, under: float) -> Iterator[float]:
    """The gradient of ``risk_ratio``'s logarithm over the four counts of one stratum."""
    second = t.second - t.both
    of_over = (t.both * t.first / t.n**2, -t.both / t.n, 0.0, 1 - t.first / t.n)
    of_under = (-second * t.first / t.n**2, second / t.n, t.first / t.n, -t.first / t.n)
    return (a / over - b / under for a, b in zip(of_over, of_under, strict=True))


def breslow_day(strata: Sequence[Fourfold], variances: Four = NO_NOISE) -> float:
    """Breslow and Day's statistic, with Tarone's correction, that strata's odds ratios are equal.

    χ² with one degree of freedom less than there are strata. The noise makes each stratum's log
    odds ratio less certain, and so weigh less. No cell may be empty.
    """
    # Own lines: statsmodels divides by zero where the pooled odds ratio is 1, knows no noise, and
    # would add half a second and 65 MB to the start of the server.
    pooled = sum(t.cells[0] * t.cells[3] / t.n for t in strata) / sum(
        t.cells[1] * t.cells[2] / t.n for t in strata
    )
    apart, weights = [], []
    for t in strata:
        product = pooled * t.first * t.second
        linear = t.n - t.first - t.second + pooled * (t.first + t.second)
        expected = 2 * product / (linear + sqrt(linear**2 + 4 * (1 - pooled) * product))
        chance = sum(
            1 / cell
            for cell in (
                expected,
                t.first - expected,
                t.second - expected,
                t.n - t.first - t.second + expected,
            )
        )
        apart.append((t.both - expected) * chance)
        weights.append(1 / (chance + _variance(_of_log_odds_ratio(t), variances)))
    weighted = [weight * one for weight, one in zip(weights, apart, strict=True)]
    return sum(w * a for w, a in zip(weighted, apart, strict=True)) - sum(weighted) ** 2 / sum(
        weights
    )


def _of_log_odds_ratio(t: Fourfold) -> tuple[float, ...]:
    """The gradient of a table's log odds ratio over its four counts."""
    both, first, second, neither = (1 / cell for cell in t.cells)
    return neither, -first - neither, -second - neither, both + first + second + neither


def p_of_two(statistic: float) -> float:
    """The p-value of a χ² statistic with one degree of freedom: of two strata."""
    return erfc(sqrt(max(statistic, 0.0) / 2))


def holm(p: Sequence[float]) -> Sequence[float]:
    """Holm's (1979) p-values of a family of tests, in the order given.

    Where none of the family's hypotheses is false, one below 0.05 comes 5 times in 100 families.
    """
    order = sorted(range(len(p)), key=lambda i: p[i])
    corrected = [0.0] * len(p)
    least = 0.0
    for rank, i in enumerate(order):
        least = corrected[i] = max(least, min((len(p) - rank) * p[i], 1.0))
    return corrected


def _variance(gradient: Iterator[float] | Sequence[float], variances: Four) -> float:
    return sum(part**2 * variance for part, variance in zip(gradient, variances, strict=True))
