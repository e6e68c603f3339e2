"""The gate: what leaves it is rounded, and says nothing where the rules say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fovdata.figures.estimates import (
    Cell,
    Difference,
    Estimate,
    Ratio,
    Strata,
    answers,
    apart,
    are_shown,
    beside,
    estimate,
    number_of_answers,
    p_values,
    ratio,
    spread,
    standardised,
    standardised_beside,
)
from fovdata.figures.intervals import NO_NOISE, Four, Fourfold
from fovdata.figures.release import Counts
from fovdata.rules import RULES, Rules, Status

SHOWN, CODED, HIDDEN = Status.SHOWN, Status.CODED, Status.HIDDEN
NOTHING = Estimate(HIDDEN)

BOUND = RULES.bound


@st.composite
def noised(draw: st.DrawFn, most: int = 3000) -> Cell:
    """Any cell that can come about: up to five summed counts, each with noise."""
    draws = draw(st.integers(1, 5))
    n = draw(st.integers(0, most))
    y = draw(st.integers(0, n))
    noise = st.integers(-BOUND * draws, BOUND * draws)
    return Cell(n + draw(noise), y + draw(noise), draws)


def difference(first: Cell, second: Cell, rules: Rules) -> Difference:
    """What stands between two shares."""
    _, _, found = beside(first, second, rules)
    return found


def standardised_difference(
    first: Strata, second: Strata, rules: Rules, shared_variance: float = 0.0
) -> Difference:
    """The same of two standardised shares."""
    _, _, found = standardised_beside(first, second, rules, shared_variance)
    return found


near_thresholds = st.builds(
    Cell,
    st.integers(RULES.show - 1, 60),
    st.integers(-BOUND, RULES.code + 1),
    st.just(1),
)


@pytest.mark.parametrize(
    ("n", "yes", "status", "said"),
    [
        (19, 10, HIDDEN, (None, None, None)),
        (20, 10, SHOWN, (20, 50, None)),
        (21, 10, SHOWN, (20, 48, None)),
        (23, 10, SHOWN, (25, 43, None)),
        (50, 4, CODED, (50, None, "<20")),
        (50, 5, SHOWN, (50, 10, None)),
        (50, 6, SHOWN, (50, 12, None)),
        (50, 46, CODED, (50, None, ">80")),
        (50, 45, SHOWN, (50, 90, None)),
        (50, 44, SHOWN, (50, 88, None)),
        (20, 4, CODED, (20, None, "<40")),
        (20, 16, CODED, (20, None, ">60")),
        (50, 0, CODED, (50, None, "<20")),
        (50, -8, CODED, (50, None, "<20")),
        (50, 50, CODED, (50, None, ">80")),
        (50, 58, CODED, (50, None, ">80")),
        (-8, 3, HIDDEN, (None, None, None)),
        (2200, 5, SHOWN, (2200, 1, None)),
        (2200, 2195, SHOWN, (2200, 99, None)),
    ],
)
def test_a_share_at_the_thresholds(
    n: int, yes: int, status: Status, said: tuple[int | None, int | None, str | None]
) -> None:
    found = estimate(Cell(n, yes, 1), RULES)
    assert (found.status, (found.n, found.share, found.limit)) == (status, said)


@given(st.one_of(noised(), near_thresholds))
def test_a_hidden_share_has_nothing_a_coded_one_no_point_and_n_is_a_multiple_of_5(
    cell: Cell,
) -> None:
    found = estimate(cell, RULES)
    rare = min(cell.y, cell.n - cell.y) < RULES.code
    if cell.n < RULES.show or (rare and RULES.limit(cell.n, cell.draws) > 50):
        assert found == NOTHING
        return
    assert found.n is not None
    assert found.n % 5 == 0
    assert abs(found.n - cell.n) <= 2
    if rare:
        assert found.status is CODED
        assert (found.share, found.low, found.high) == (None, None, None)
        assert found.limit is not None
        assert int(found.limit[1:]) % 5 == 0
        assert found.limit[0] == ("<" if cell.y < RULES.code else ">")
    else:
        assert (found.status, found.limit) == (SHOWN, None)
        assert found.share is not None
        assert found.low is not None
        assert found.high is not None
        assert 1 <= found.share <= 99
        assert 0 <= found.low <= found.share <= found.high <= 100
        assert abs(found.share - 100 * cell.y / cell.n) <= 1


@given(noised(most=300))
def test_nej_is_shown_coded_and_hidden_where_ja_is(cell: Cell) -> None:
    yes = estimate(cell, RULES)
    no = estimate(Cell(cell.n, cell.n - cell.y, cell.draws), RULES)
    assert (yes.status, yes.n) == (no.status, no.n)
    if yes.share is not None and no.share is not None:
        assert yes.share + no.share in (100, 101)  # halves are rounded upwards in both
    if yes.limit is not None and no.limit is not None:
        assert {yes.limit[0], no.limit[0]} == {"<", ">"}
        assert int(yes.limit[1:]) + int(no.limit[1:]) == 100


@given(noised())
def test_more_draws_never_make_an_interval_narrower(cell: Cell) -> None:
    one, more = (estimate(Cell(cell.n, cell.y, draws), RULES) for draws in (1, 9))
    assert one.share == more.share
    if None not in (one.low, one.high, more.low, more.high):
        assert more.low <= one.low  # type: ignore[operator]
        assert more.high >= one.high  # type: ignore[operator]


def test_the_limit_of_a_sum_grows_with_its_draws_until_it_says_nothing() -> None:
    said = [(draws, estimate(Cell(40, 4, draws), RULES).limit) for draws in (1, 2, 4, 9)]
    assert said == [(1, "<20"), (2, "<30"), (4, "<40"), (9, None)]
    assert estimate(Cell(40, 4, 9), RULES) == NOTHING  # "under 60 %" would say nothing


def test_the_rules_are_those_that_are_given() -> None:
    assert estimate(Cell(25, 10, 1), Rules(show=26)) == NOTHING
    assert estimate(Cell(25, 10, 1), Rules(code=11)).status is CODED


@pytest.mark.parametrize(
    ("n", "said"),
    [(-8, None), (0, None), (19, None), (20, 20), (22, 20), (23, 25), (27, 25), (28, 30)],
)
def test_a_number_of_answers_is_to_the_nearest_5(n: int, said: int | None) -> None:
    assert number_of_answers(n, RULES) == said
    assert answers(Counts({"n|all": n}, 1), RULES) == said


def test_a_group_without_answers_is_hidden() -> None:
    assert answers(Counts({}, 0), RULES) is None
    assert estimate(Cell.of(Counts({}, 0), "n|q1", "y|q1"), RULES) == NOTHING


def test_a_cell_is_the_counts_of_its_labels() -> None:
    counts = Counts({"n|q1": 90, "y|q1": 40}, 3)
    assert Cell.of(counts, "n|q1", "y|q1") == Cell(90, 40, 3)
    assert Cell.of(counts, "n|q2", "y|q2") == Cell(0, 0, 3)


def test_a_difference_is_the_first_share_minus_the_second() -> None:
    found = difference(Cell(200, 120, 1), Cell(200, 60, 1), RULES)
    assert (found.status, found.points) == (SHOWN, 30)
    assert found.certain
    turned = difference(Cell(200, 60, 1), Cell(200, 120, 1), RULES)
    assert (turned.points, turned.low, turned.high) == (-30, -(found.high or 0), -(found.low or 0))


@pytest.mark.parametrize(
    "other",
    [Cell(19, 10, 1), Cell(50, 4, 1), Cell(50, 46, 1), Cell(0, 0, 0)],
    ids=["hidden", "few Ja", "few Nej", "nobody"],
)
def test_a_difference_needs_two_shown_shares(other: Cell) -> None:
    shown = Cell(200, 100, 1)
    nothing = Difference(HIDDEN)
    assert difference(shown, other, RULES) == difference(other, shown, RULES) == nothing
    assert not nothing.certain


@given(noised(), noised())
def test_a_difference_lies_within_its_interval_in_whole_points(one: Cell, other: Cell) -> None:
    found = difference(one, other, RULES)
    if found.status is HIDDEN:
        assert found == Difference(HIDDEN)
        return
    assert found.points is not None
    assert found.low is not None
    assert found.high is not None
    assert -100 <= found.low <= found.points <= found.high <= 100


@pytest.mark.parametrize(
    ("low", "high", "certain"),
    [(1, 9, True), (-9, -1, True), (0, 9, False), (-9, 0, False), (-1, 1, False)],
)
def test_a_difference_is_certain_when_its_interval_leaves_zero_out(
    low: int, high: int, certain: bool
) -> None:
    assert Difference(SHOWN, 0, low, high).certain is certain


def test_the_noise_of_both_widens_a_difference() -> None:
    def width(draws: int) -> int:
        found = difference(Cell(60, 30, draws), Cell(60, 20, draws), RULES)
        return (found.high or 0) - (found.low or 0)

    assert width(0) < width(1) < width(3)


def test_what_leaves_is_whole_numbers() -> None:
    found = estimate(Cell(87, 41, 2), RULES)
    assert all(isinstance(v, int) for v in (found.n, found.share, found.low, found.high))
    points = difference(Cell(87, 41, 2), Cell(91, 30, 1), RULES)
    assert all(isinstance(v, int) for v in (points.points, points.low, points.high))


ONE_DRAW: Four = (RULES.sigma**2,) * 4
LARGE = Fourfold(200, 100, 90, 60)
"""Ja to both 60, to the first alone 40, to the second alone 30, to neither 70."""


def test_a_ratio_is_one_share_through_another_to_one_decimal() -> None:
    found = ratio([LARGE], ONE_DRAW, RULES)
    assert (found.status, found.ratio) == (SHOWN, 2.0)
    assert (found.said, found.interval) == ("2,0 gånger", "1,3–3,1")
    assert found.certain
    turned = ratio([Fourfold(200, 100, 90, 30)], ONE_DRAW, RULES)
    assert (turned.said, turned.certain) == ("0,5 gånger", True)


def cells(both: int, first: int, second: int, neither: int) -> Fourfold:
    return Fourfold(both + first + second + neither, both + first, both + second, both)


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(("few", "shown"), [(4, False), (5, True), (6, True), (-3, False)])
def test_a_ratio_needs_each_of_its_four_cells(place: int, few: int, shown: bool) -> None:
    table = cells(*(few if i == place else 60 for i in range(4)))
    assert (ratio([table], ONE_DRAW, RULES) != Ratio(HIDDEN)) is shown


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        (cells(9, 10, 50, 50), False),  # rows of 19 and 100
        (cells(10, 10, 50, 50), True),
        (cells(50, 50, 9, 10), False),
        (cells(50, 50, 10, 10), True),
        (cells(24, 25, 25, 25), False),  # 99 together
        (cells(25, 25, 25, 25), True),
    ],
)
def test_a_ratio_needs_both_rows_and_a_hundred_answers(table: Fourfold, shown: bool) -> None:
    assert (ratio([table], ONE_DRAW, RULES) != Ratio(HIDDEN)) is shown


def test_an_adjusted_ratio_needs_every_one_of_its_tables() -> None:
    few = cells(4, 60, 60, 60)
    assert ratio([LARGE, LARGE], ONE_DRAW, RULES).status is SHOWN
    assert ratio([LARGE, few], ONE_DRAW, RULES) == ratio([few, LARGE], ONE_DRAW, RULES)
    assert ratio([LARGE, few], ONE_DRAW, RULES) == Ratio(HIDDEN)


some = st.integers(-BOUND, 900)


@given(st.builds(cells, some, some, some, some))
def test_a_hidden_ratio_has_nothing_and_a_shown_one_has_one_decimal(table: Fourfold) -> None:
    found = ratio([table], ONE_DRAW, RULES)
    if found.status is HIDDEN:
        assert found == Ratio(HIDDEN)
        assert (found.said, found.interval, found.certain) == ("..", "", False)
        return
    assert found.low is not None
    assert found.ratio is not None
    assert found.high is not None
    assert 0 < found.low <= found.ratio <= found.high
    for value in (found.low, found.ratio, found.high):
        assert value == round(value, 1)


@pytest.mark.parametrize(
    ("low", "high", "certain"),
    [(1.1, 2.0, True), (0.4, 0.9, True), (1.0, 2.0, False), (0.5, 1.0, False), (0.8, 1.3, False)],
)
def test_a_ratio_is_certain_when_its_interval_leaves_1_out(
    low: float, high: float, certain: bool
) -> None:
    assert Ratio(SHOWN, 1.0, low, high).certain is certain


def test_a_p_value_has_two_decimals_and_is_corrected_for_all_that_are_asked() -> None:
    opposite = (cells(30, 20, 20, 30), cells(20, 30, 30, 20))
    same = (LARGE, LARGE)
    few = (LARGE, cells(4, 60, 60, 60))
    (alone,) = p_values([opposite], NO_NOISE, RULES)
    assert alone == 0.0  # log odds ratios of 0.81 and -0.81, each with a variance of 1/6: p 0.005
    assert p_values([opposite, same, same], NO_NOISE, RULES) == [0.01, 1.0, 1.0]
    assert p_values([few, opposite], NO_NOISE, RULES) == [
        None,
        alone,
    ]  # what is hidden is not asked
    (noisy,) = p_values([opposite], (50.0,) * 4, RULES)
    assert noisy is not None
    assert noisy > alone


STRATA = st.lists(st.one_of(noised(), near_thresholds), min_size=2, max_size=2)


@given(STRATA, st.floats(0.05, 0.95))
def test_a_standardised_share_is_shown_where_every_stratum_s_is_and_rounded(
    cells: list[Cell], weight: float
) -> None:
    strata = list(zip(cells, (weight, 1 - weight), strict=True))
    found = standardised(strata, RULES)
    shown = all(estimate(cell, RULES).status is SHOWN for cell in cells)
    assert are_shown(strata, RULES) == shown
    if not shown:
        assert found == NOTHING
        return
    assert found.status is SHOWN
    assert found.share is not None
    assert 1 <= found.share <= 99
    assert found.n is not None
    assert found.n % 5 == 0
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.share <= found.high <= 100
    assert found.limit is None


@pytest.mark.parametrize(
    ("n", "yes", "shown"),
    [
        (19, 10, False),
        (20, 10, True),
        (50, 4, False),
        (50, 5, True),
        (50, 45, True),
        (50, 46, False),
    ],
)
def test_one_stratum_at_the_threshold_decides(n: int, yes: int, shown: bool) -> None:
    strata = [(Cell(n, yes, 1), 0.6), (Cell(200, 100, 1), 0.4)]
    rest = [(Cell(900, 400, 2), 0.6), (Cell(800, 300, 2), 0.4)]
    assert (standardised(strata, RULES).status is SHOWN) == shown
    assert (standardised_difference(strata, rest, RULES).points is not None) == shown
    assert bool(apart(strata, rest, RULES)) == shown
    assert bool(apart(rest, strata, RULES)) == shown


def test_of_one_stratum_a_standardised_share_is_the_cell_s() -> None:
    for cell in (Cell(50, 20, 1), Cell(50, 3, 1), Cell(19, 9, 1)):
        assert standardised([(cell, 1.0)], RULES) == estimate(cell, RULES)


def test_a_part_and_its_rest_carry_the_noise_of_the_counts_they_are_made_of() -> None:
    (one,) = apart([(Cell(50, 20, 1), 1.0)], [(Cell(900, 400, 2), 1.0)], RULES)
    assert (one.y, one.n, one.rest_y, one.rest_n) == (20, 50, 400, 900)
    assert (one.variance, one.whole_variance) == (4.0, 4.0)


def test_every_stratum_keeps_its_weight() -> None:
    part = [(Cell(50, 20, 1), 0.7), (Cell(60, 30, 1), 0.3)]
    rest = [(Cell(900, 400, 2), 0.7), (Cell(800, 300, 2), 0.3)]
    assert [one.weight for one in apart(part, rest, RULES)] == [0.7, 0.3]


@given(STRATA, STRATA, st.floats(0.05, 0.95))
def test_a_standardised_difference_has_whole_points_within_its_interval_or_nothing(
    one: list[Cell], other: list[Cell], weight: float
) -> None:
    weights = (weight, 1 - weight)
    first, second = (list(zip(cells, weights, strict=True)) for cells in (one, other))
    found = standardised_difference(first, second, RULES, 0.001)
    if not all(estimate(cell, RULES).status is SHOWN for cell in (*one, *other)):
        assert found == Difference(HIDDEN)
        return
    assert found.status is SHOWN
    assert isinstance(found.points, int)
    assert isinstance(found.low, int)
    assert isinstance(found.high, int)
    assert -100 <= found.low <= found.points <= found.high <= 100


def test_a_standardised_difference_is_of_the_weighted_shares() -> None:
    # 0.6·0.5 + 0.4·0.25 = 0.4 minus 0.6·0.2 + 0.4·0.1 = 0.16.
    part = [(Cell(100, 50, 1), 0.6), (Cell(200, 50, 1), 0.4)]
    rest = [(Cell(900, 180, 2), 0.6), (Cell(800, 80, 2), 0.4)]
    found = standardised_difference(part, rest, RULES)
    assert found.points == 24
    shared = standardised_difference(part, rest, RULES, 0.01)
    assert (shared.points, shared.certain) == (24, True)
    assert (shared.high or 0) - (shared.low or 0) > (found.high or 0) - (found.low or 0)


def test_a_spread_has_one_decimal_and_says_whether_chance_makes_so_much() -> None:
    # Expected are 75 of each 150; (10² + 10²) / (150/4 + 4·1.25), with one degree of freedom.
    assert spread([Cell(150, 65, 1), Cell(150, 85, 1)], RULES) == (4.7, True)
    # 8² twice / (120/4 + 5) = 3.7, which chance exceeds more often; without the noise it were 4.3.
    assert spread([Cell(120, 52, 1), Cell(120, 68, 1)], RULES) == (3.7, False)


@given(one=noised(), other=noised())
def test_a_share_beside_another_is_what_it_is_alone(one: Cell, other: Cell) -> None:
    first, second, _ = beside(one, other, RULES)
    assert (first, second) == (estimate(one, RULES), estimate(other, RULES))
    halves = [(one, 0.5), (other, 0.5)]
    assert standardised_beside(halves, halves, RULES)[:2] == (standardised(halves, RULES),) * 2
