"""Intervals and tests: equal to the library's without noise, and wide enough for the noise."""

from collections.abc import Callable, Sequence
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from scipy.stats import chi2, norm
from statsmodels.stats.contingency_tables import StratifiedTable, Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from fovdata.figures import intervals
from fovdata.figures.intervals import Apart, Four, Fourfold, Stratum
from fovdata.rules import RULES

VARIANCE = RULES.sigma**2
ROUNDING = 1e-12


def z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def with_wilson(y: int, n: int, z: float) -> tuple[float, float, float]:
    return y / n, *intervals.wilson(y, n, z=z)


counts = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_wilson_without_noise_is_the_library_s(count: tuple[int, int]) -> None:
    y, n = count
    library = proportion_confint(y, n, method="wilson")
    assert intervals.wilson(y, n, z=z(0.95)) == pytest.approx(library, abs=1e-12)


@given(counts, counts)
def test_newcombe_without_noise_is_the_library_s(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found = intervals.newcombe(with_wilson(*one, z(0.95)), with_wilson(*other, z(0.95)))
    library = confint_proportions_2indep(*one, *other, compare="diff", method="newcomb")
    assert found == pytest.approx(library, abs=1e-9)


@given(counts, st.integers(1, 40))
def test_more_noise_makes_a_wider_interval_around_the_share(
    count: tuple[int, int], draws: int
) -> None:
    y, n = count
    widths = []
    for variance in (0, VARIANCE * draws, VARIANCE * (draws + 1)):
        low, high = intervals.wilson(y, n, variance)
        assert 0 <= low <= y / n + ROUNDING
        assert y / n - ROUNDING <= high <= 1
        widths.append(high - low)
    assert widths[0] < widths[1] < widths[2]


@pytest.mark.parametrize("y", [-8, -1, 58, 60])
def test_noise_outside_the_counts_is_clipped(y: int) -> None:
    nearest = min(max(y, 0), 50)
    assert intervals.wilson(y, 50, VARIANCE) == intervals.wilson(nearest, 50, VARIANCE)


def test_the_noise_is_worth_a_known_number_of_answers() -> None:
    # n = 50, Ja 25: p̃ = 1/2, so n_eff = 50 / (1 + 4·1.25 / 12.5) = 50 / 1.4 and y_eff = n_eff/2.
    library = proportion_confint(25 / 1.4, 50 / 1.4, method="wilson")
    assert intervals.wilson(25, 50, 4.0, z=z(0.95)) == pytest.approx(library, abs=1e-12)


@pytest.mark.parametrize("n", [60, 100, 200])
@pytest.mark.parametrize("p", [0.15, 0.3, 0.5, 0.7, 0.85])
def test_95_of_100_intervals_contain_the_true_share(n: int, p: float) -> None:
    covered = coverage(n, p, VARIANCE)
    assert 0.93 <= covered <= 0.97
    assert covered > coverage(n, p, 0) + 0.005  # without the noise in it the interval is too short


def coverage(n: int, p: float, variance: float, times: int = 4000) -> float:
    """How often the interval of a noised cell of n answers contains p, with a fixed seed."""
    rng = np.random.default_rng(20230214)
    values = np.arange(-RULES.bound, RULES.bound + 1)
    weights = np.array([exp(-(v**2) / (2 * RULES.sigma**2)) for v in values])
    noise = rng.choice(values, (2, times), p=weights / weights.sum())
    found = zip(
        (rng.binomial(n, p, times) + noise[0]).tolist(), (n + noise[1]).tolist(), strict=True
    )
    inside = [
        low <= p <= high for y, m in found for low, high in [intervals.wilson(y, m, variance)]
    ]
    return sum(inside) / times


cells = st.lists(st.integers(RULES.code, 900), min_size=4, max_size=4)


def crossed(cells: Sequence[int]) -> Fourfold:
    """The table of: Ja to both, to the first alone, to the second alone, to neither."""
    both, first, second, _ = cells
    return Fourfold(sum(cells), both + first, both + second, both)


def square(cells: Sequence[int]) -> np.ndarray:
    return np.array(cells).reshape(2, 2)


@given(cells)
def test_a_fourfold_table_gives_its_cells_and_rows_back(found: list[int]) -> None:
    table = crossed(found)
    assert table.cells == tuple(found)
    assert table.rows == (found[0] + found[1], found[2] + found[3])


@given(cells)
def test_a_risk_ratio_without_noise_is_the_library_s(found: list[int]) -> None:
    library = Table2x2(square(found))
    wanted = (library.riskratio, *library.riskratio_confint())
    assert intervals.risk_ratio([crossed(found)], z=z(0.95)) == pytest.approx(wanted, rel=1e-9)


@given(cells, cells)
def test_an_adjusted_ratio_without_noise_is_the_library_s(one: list[int], other: list[int]) -> None:
    library = StratifiedTable([square(one), square(other)])
    ratio, low, high = intervals.risk_ratio([crossed(one), crossed(other)])
    assert ratio == pytest.approx(library.riskratio_pooled)
    assert low < ratio < high


def test_a_ratio_s_interval_does_not_care_which_of_two_like_strata_is_first() -> None:
    # Two halves with the same shares are the whole: adjustment changes nothing.
    half, whole = crossed([30, 20, 15, 35]), crossed([60, 40, 30, 70])
    assert intervals.risk_ratio([half, half]) == pytest.approx(intervals.risk_ratio([whole]))


@given(cells, cells)
def test_breslow_day_without_noise_is_the_library_s(one: list[int], other: list[int]) -> None:
    # There the library would divide by zero.
    assume(StratifiedTable([square(one), square(other)]).oddsratio_pooled != 1)
    library = StratifiedTable([square(one), square(other)]).test_equal_odds(adjust=True)
    statistic = intervals.breslow_day([crossed(one), crossed(other)])
    assert statistic == pytest.approx(library.statistic, rel=1e-6, abs=1e-6)
    assert intervals.p_of_two(statistic) == pytest.approx(library.pvalue, abs=1e-4)


def test_breslow_day_can_do_without_any_association() -> None:
    evens = crossed([20, 20, 20, 20])
    assert intervals.breslow_day([evens, evens]) == 0
    assert intervals.p_of_two(0) == 1
    opposite = crossed([30, 10, 10, 30]), crossed([10, 30, 30, 10])  # together they say nothing
    assert intervals.p_of_two(intervals.breslow_day(opposite)) < 0.001


@effort(max_examples=10)
@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_is_the_library_s(p: list[float]) -> None:
    wanted = multipletests(p, method="holm")[1] if p else []
    assert intervals.holm(p) == pytest.approx(wanted)


SAME: Four = (VARIANCE, VARIANCE, VARIANCE, VARIANCE)
UNEVEN: Four = (1.0, 8.0, 3.0, 5.0)
"""Noise variances of which no two are the same, so that none can stand in for another."""


def noise_variance(of: Callable[[Fourfold], float], table: Fourfold, variances: Four) -> float:
    """The delta method for a table's four counts."""
    counts = (table.n, table.first, table.second, table.both)
    return by_delta(lambda *moved: of(Fourfold(*moved)), counts, variances)


def by_delta(
    of: Callable[..., float], counts: Sequence[float], variances: Sequence[float]
) -> float:
    """The delta method with the slopes taken numerically, each count moved by itself."""
    step = 1e-5
    total = 0.0
    for i, variance in enumerate(variances):
        up, down = (
            of(*(c + way * step * (k == i) for k, c in enumerate(counts))) for way in (1, -1)
        )
        total += variance * ((up - down) / (2 * step)) ** 2
    return total


@given(cells, cells)
def test_the_noise_of_each_of_the_four_counts_widens_a_ratio(
    one: list[int], other: list[int]
) -> None:
    strata = [crossed(one), crossed(other)]

    def spread(variances: Four, *tables: Fourfold) -> float:
        _, low, high = intervals.risk_ratio(tables, variances, z=1)
        return (log(high / low) / 2) ** 2

    alone = noise_variance(lambda t: log(intervals.risk_ratio([t])[0]), strata[0], UNEVEN)
    added = spread(UNEVEN, strata[0]) - spread(intervals.NO_NOISE, strata[0])
    assert added == pytest.approx(alone, rel=1e-4)

    a, b = strata
    both = noise_variance(lambda t: log(intervals.risk_ratio([t, b])[0]), a, UNEVEN)
    both += noise_variance(lambda t: log(intervals.risk_ratio([a, t])[0]), b, UNEVEN)
    added = spread(UNEVEN, *strata) - spread(intervals.NO_NOISE, *strata)
    assert added == pytest.approx(both, rel=1e-4)


@given(cells)
def test_what_two_rows_share_is_what_their_own_noise_leaves_out(found: list[int]) -> None:
    table = crossed(found)

    def yes(t: Fourfold) -> float:
        return t.both / t.first

    def no(t: Fourfold) -> float:
        return (t.second - t.both) / (t.n - t.first)

    whole = noise_variance(lambda t: yes(t) - no(t), table, UNEVEN)
    apart = noise_variance(yes, table, UNEVEN) + noise_variance(no, table, UNEVEN)
    assert intervals.shared_variance(table, UNEVEN) == pytest.approx(whole - apart, abs=1e-6)


def test_the_noise_makes_two_associations_differ_less_surely() -> None:
    # With both odds ratios 1, as they are together, each cell would be 20: chance is 4/20 in each.
    strata = crossed([30, 10, 10, 30]), crossed([10, 30, 30, 10])
    assert intervals.breslow_day(strata) == pytest.approx(20**2 / (2 * 20 / 4))
    noise = sum(noise_variance(log_odds_ratio, one, UNEVEN) for one in strata)
    shrunk = intervals.breslow_day(strata) * 0.4 / (0.4 + noise)
    assert intervals.breslow_day(strata, UNEVEN) == pytest.approx(shrunk)


def log_odds_ratio(t: Fourfold) -> float:
    both, first, second, neither = t.cells
    return log(both * neither / (first * second))


@pytest.mark.parametrize(
    ("n", "exposed", "p_yes", "p_no"), [(200, 0.4, 0.5, 0.3), (400, 0.5, 0.2, 0.1)]
)
def test_95_of_100_intervals_contain_the_true_ratio(
    n: int, exposed: float, p_yes: float, p_no: float
) -> None:
    covered = ratio_coverage(n, exposed, p_yes, p_no, SAME)
    assert 0.93 <= covered <= 0.975
    assert covered > ratio_coverage(n, exposed, p_yes, p_no, intervals.NO_NOISE) + 0.01


def ratio_coverage(
    n: int, exposed: float, p_yes: float, p_no: float, variances: Four, times: int = 4000
) -> float:
    """How often the interval of a noised table contains the ratio, of those that may be shown."""
    rng = np.random.default_rng(20230214)
    values = np.arange(-RULES.bound, RULES.bound + 1)
    weights = np.array([exp(-(v**2) / (2 * RULES.sigma**2)) for v in values])
    yes = rng.binomial(n, exposed, times)
    both = rng.binomial(yes, p_yes)
    second = both + rng.binomial(n - yes, p_no)
    counts = np.array([np.full(times, n), yes, second, both])
    noised = counts + rng.choice(values, counts.shape, p=weights / weights.sum())
    tables = [Fourfold(*column) for column in noised.T.tolist()]
    shown = [t for t in tables if min(t.cells) >= RULES.code and min(t.rows) >= RULES.show]
    assert len(shown) > 0.9 * times
    found = [intervals.risk_ratio([t], variances) for t in shown]
    return sum(low <= p_yes / p_no <= high for _, low, high in found) / len(shown)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg_is_the_library_s(p: list[float]) -> None:
    _, library, _, _ = multipletests(p, method="fdr_bh")
    assert intervals.benjamini_hochberg(p) == pytest.approx(library.tolist(), abs=1e-12)


@given(counts, st.floats(0, 40))
def test_standardised_of_one_stratum_is_wilson_s(count: tuple[int, int], variance: float) -> None:
    y, n = count
    share, *ends = intervals.standardised([Stratum(y, n, variance)])
    assert share == y / n
    assert tuple(ends) == intervals.wilson(y, n, variance)


@given(counts, counts, st.floats(0.05, 0.95), st.floats(0.1, 40))
def test_a_standardised_share_lies_between_its_strata_s_and_noise_widens_its_interval(
    one: tuple[int, int], other: tuple[int, int], weight: float, variance: float
) -> None:
    weights = (weight, 1 - weight)
    found = []
    for noise in (0.0, variance):
        strata = [Stratum(y, n, noise, w) for (y, n), w in zip((one, other), weights, strict=True)]
        found.append(intervals.standardised(strata))
    shares = sorted(y / n for y, n in (one, other))
    for share, low, high in found:
        assert shares[0] - ROUNDING <= share <= shares[1] + ROUNDING
        assert 0 <= low <= share + ROUNDING
        assert share - ROUNDING <= high <= 1
    assert found[0][2] - found[0][1] < found[1][2] - found[1][1]


def test_a_standardised_share_is_the_weighted_mean_of_its_strata_s() -> None:
    # Women 30 of 60, men 10 of 40; of the country 3 of 4 are women: 0.75·0.5 + 0.25·0.25.
    share, _, _ = intervals.standardised([Stratum(30, 60, 4, 0.75), Stratum(10, 40, 4, 0.25)])
    assert share == pytest.approx(0.4375)


def test_a_standardised_share_of_many_answers_has_the_interval_of_the_delta_method() -> None:
    # The noise is as large as chance, and weights and shares are such that none can stand in for
    # another: 0.8·0.5 + 0.2·0.1.
    variance = 10_000.0
    strata = [Stratum(20_000, 40_000, variance, 0.8), Stratum(1000, 10_000, variance, 0.2)]
    share, low, high = intervals.standardised(strata)
    assert share == pytest.approx(0.42)
    uncertain = by_delta(
        lambda y, n, other_y, other_n: 0.8 * y / n + 0.2 * other_y / other_n,
        (20_000, 40_000, 1000, 10_000),
        [variance] * 4,
    )
    uncertain += 0.8**2 * 0.5 * 0.5 / 40_000 + 0.2**2 * 0.1 * 0.9 / 10_000
    assert high - low == pytest.approx(2 * 1.96 * sqrt(uncertain), rel=0.005)


@given(counts, counts)
def test_the_test_without_noise_is_the_z_test_of_the_library(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    (y, n), (rest_y, rest_n) = one, other
    assume(0 < y + rest_y < n + rest_n)
    _, library = proportions_ztest([y, rest_y], [n, rest_n])
    assert intervals.p_apart([Apart(y, n, rest_y, rest_n)]) == pytest.approx(library, abs=1e-9)


@given(counts, counts, st.floats(0.1, 40))
def test_noise_makes_a_difference_less_certain(
    one: tuple[int, int], other: tuple[int, int], variance: float
) -> None:
    assume(0 < one[0] + other[0] < one[1] + other[1])
    quiet, noised = (
        intervals.p_apart([Apart(*one, *other, noise, noise)]) for noise in (0.0, variance)
    )
    assert noised >= quiet


def test_the_noise_of_a_part_and_of_its_rest_is_that_of_the_counts_they_are_made_of() -> None:
    """Draws of the part's and of the whole's noise give the variance that the test reckons with."""
    rng = np.random.default_rng(20221231)
    y, n, rest_y, rest_n = 40, 100, 300, 800
    part_y, part_n, whole_y, whole_n = rng.normal(0, 2, (4, 400_000))
    difference = (y + part_y) / (n + part_n) - (rest_y + whole_y - part_y) / (
        rest_n + whole_n - part_n
    )
    one = Apart(y, n, rest_y, rest_n, VARIANCE, VARIANCE)
    p, rest = y / n, rest_y / rest_n
    apart = VARIANCE * (1 + p**2) / n**2 + 2 * VARIANCE * (1 + rest**2) / rest_n**2
    assert np.var(difference) == pytest.approx(apart + one.shared_variance, rel=0.02)
    assert np.var(difference) > 1.1 * apart, "the shared part is no trifle"


def minus_the_rest(y: float, n: float, whole_y: float, whole_n: float) -> float:
    """A part's share minus that of the rest, whose counts are the whole's minus the part's."""
    return y / n - (whole_y - y) / (whole_n - n)


WITH_NOISE = (
    Apart(40, 100, 300, 900, 3.0, 8.0, 0.7),
    Apart(20, 80, 500, 700, 5.0, 1.0, 0.3),
)
"""Two strata in which no count, noise or weight is another's."""


@pytest.mark.parametrize("one", WITH_NOISE)
def test_what_a_part_and_its_rest_share_is_what_their_own_noise_leaves_out(one: Apart) -> None:
    counts = (one.y, one.n, one.y + one.rest_y, one.n + one.rest_n)
    noise = (one.variance, one.variance, one.whole_variance, one.whole_variance)
    together = by_delta(minus_the_rest, counts, noise)
    own = by_delta(lambda y, n: y / n, counts[:2], noise[:2])
    rest = by_delta(
        lambda y, n: y / n, (one.rest_y, one.rest_n), [one.variance + one.whole_variance] * 2
    )
    missed = one.weight**2 * (together - own - rest)
    assert one.shared_variance == pytest.approx(missed, rel=1e-4)


def test_newcombe_with_what_they_share_has_the_width_of_the_delta_method() -> None:
    # So many answers that Newcombe's interval is symmetric, and noise that is larger than chance.
    y, n, rest_y, rest_n, variance = 4000, 10_000, 21_000, 60_000, 40_000.0
    one = Apart(y, n, rest_y, rest_n, variance, variance)
    own, rest = (
        (y / n, *intervals.wilson(y, n, noise))
        for y, n, noise in ((y, n, variance), (rest_y, rest_n, 2 * variance))
    )
    low, high = intervals.newcombe(own, rest, one.shared_variance)
    chance = 0.4 * 0.6 / n + 0.35 * 0.65 / rest_n
    noise = by_delta(minus_the_rest, (y, n, y + rest_y, n + rest_n), [variance] * 4)
    assert high - low == pytest.approx(2 * 1.96 * sqrt(chance + noise), rel=0.01)
    without, within = intervals.newcombe(own, rest)
    assert within - without < 0.95 * (high - low), "what they share is no trifle"


@pytest.mark.parametrize("strata", [WITH_NOISE[:1], WITH_NOISE[1:], WITH_NOISE])
def test_the_test_weighs_chance_and_noise_of_every_stratum_if_part_and_rest_are_alike(
    strata: Sequence[Apart],
) -> None:
    apart, variance = 0.0, 0.0
    for one in strata:
        n, whole = one.n, one.n + one.rest_n
        apart += one.weight * (one.y / n - one.rest_y / one.rest_n)
        p = (one.y + one.rest_y) / whole
        noise = (one.variance, one.variance, one.whole_variance, one.whole_variance)
        variance += one.weight**2 * (
            p * (1 - p) / n
            + p * (1 - p) / one.rest_n
            + by_delta(minus_the_rest, (n * p, n, whole * p, whole), noise)
        )
    assert intervals.p_apart(strata) == pytest.approx(2 * norm.sf(abs(apart) / sqrt(variance)))


@pytest.mark.parametrize("degrees", [1, 2, 5, 17, 35, 39])
def test_the_most_that_chance_makes_is_nearly_chi_square_s(degrees: int) -> None:
    assert intervals.most_by_chance(degrees) == pytest.approx(chi2.ppf(0.95, degrees), rel=0.03)


@given(st.floats(0.03, 0.4), st.floats(0.1, 0.9))
def test_the_answers_for_a_margin_are_the_fewest(width: float, share: float) -> None:
    n = intervals.answers_for(width, share, VARIANCE)
    assert intervals.half_width(n, share, VARIANCE) <= width
    assert n == 2 or intervals.half_width(n - 1, share, VARIANCE) > width


def test_the_funnel_holds_the_noise_and_stays_between_none_and_all() -> None:
    low, high = intervals.funnel(0.5, 20)
    lower, higher = intervals.funnel(0.5, 20, VARIANCE)
    assert lower < low < high < higher
    # P = 1/2, n = 20: the variance is 1/80 by chance and 4·1.25/400 by noise, the same again.
    assert higher - 0.5 == pytest.approx((high - 0.5) * 2**0.5)
    assert intervals.funnel(0.02, 20, VARIANCE)[0] == 0
    assert intervals.funnel(0.98, 20, VARIANCE)[1] == 1


def test_noise_makes_a_spread_smaller() -> None:
    groups = [(10, 40), (25, 50), (12, 60)]
    assert intervals.spread(groups, VARIANCE) < intervals.spread(groups)
    assert intervals.spread([(20, 40), (25, 50)]) == 0
    # Together 100 of 200, each 10 from the 50 expected: twice 10² / (100/4 + 4·1.25).
    assert intervals.spread([(40, 100), (60, 100)], VARIANCE) == pytest.approx(2 * 100 / 30)
