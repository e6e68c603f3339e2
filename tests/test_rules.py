"""Show, code or hide: the decisions at their thresholds, and which tables are offered."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fovdata.figures.release import Release
from fovdata.rules import RULES, Rules, Status
from fovdata.selection import DIMENSIONS

SHOWN, CODED, HIDDEN = Status.SHOWN, Status.CODED, Status.HIDDEN

DEMO = {"period": 4, "region": 17, "federation": 40, "gender": 2, "age": 5, "authority": 4}
"""The number of categories that the demo's answers are spread over."""

OFFERED = (
    (),
    ("period",),
    ("region",),
    ("federation",),
    ("gender",),
    ("age",),
    ("authority",),
    ("period", "region"),
    ("period", "gender"),
    ("period", "age"),
    ("period", "authority"),
    ("region", "gender"),
    ("region", "age"),
    ("region", "authority"),
    ("federation", "gender"),
    ("gender", "age"),
    ("gender", "authority"),
    ("age", "authority"),
)


def test_the_parameters_are_those_that_were_simulated() -> None:
    assert Rules() == RULES == Rules(2.0, 8, 20, 5, 25, 100, 100, 10)


@pytest.mark.parametrize(
    ("n", "yes", "status"),
    [
        (0, 0, HIDDEN),
        (-3, 0, HIDDEN),
        (19, 10, HIDDEN),
        (20, 10, SHOWN),
        (21, 10, SHOWN),
        (50, 4, CODED),
        (50, 5, SHOWN),
        (50, 6, SHOWN),
        (50, 46, CODED),
        (50, 45, SHOWN),
        (50, 44, SHOWN),
        (19, 4, HIDDEN),
        (19, 19, HIDDEN),
        (20, 4, CODED),
        (20, 16, CODED),
        (20, 5, SHOWN),
        (20, 15, SHOWN),
        (50, -8, CODED),
        (50, 58, CODED),
    ],
)
def test_a_cell_is_shown_coded_or_hidden(n: int, yes: int, status: Status) -> None:
    assert RULES.status(n, yes) is status


@given(st.integers(-8, 5000), st.integers(-8, 5008))
def test_no_is_treated_as_yes_is(n: int, yes: int) -> None:
    assert RULES.status(n, yes) is RULES.status(n, n - yes)


@pytest.mark.parametrize(
    ("n", "limit"),
    [(20, 40), (22, 40), (23, 35), (32, 25), (33, 25), (40, 20), (41, 20), (160, 5), (5000, 5)],
)
def test_the_limit_is_the_largest_noise_in_per_cent_rounded_up(n: int, limit: int) -> None:
    assert RULES.limit(n) == limit


@given(st.integers(RULES.show, 100_000))
def test_the_limit_is_a_multiple_of_5_that_noise_alone_cannot_pass(n: int) -> None:
    limit = RULES.limit(n)
    assert limit % 5 == 0
    assert 5 <= limit <= 40
    assert limit >= 100 * RULES.bound / n > limit - 5


def test_18_tables_are_offered_for_the_demo_and_federations_by_the_latest_year(
    release: Release,
) -> None:
    assert tuple(release.tables) == (*OFFERED, ("federation", "latest"))
    assert RULES.offered(2200, DEMO) == OFFERED
    assert {d: len(codes) for d, codes in release.categories.items()} == DEMO


def test_every_other_combination_is_refused(release: Release) -> None:
    for count in range(len(DIMENSIONS) + 1):
        for dimensions in combinations(DIMENSIONS, count):
            # A federation lies within its region: with the region it is the federation alone.
            alone = tuple(d for d in dimensions if d != "region" or "federation" not in dimensions)
            assert RULES.offers(dimensions, 2200, DEMO) == (alone in OFFERED)
            by_latest_year = alone == ("period", "federation")
            assert release.offers(dimensions) == (alone in OFFERED or by_latest_year)


def test_the_order_of_dimensions_does_not_matter(release: Release) -> None:
    assert release.offers(("gender", "region"))
    assert not release.offers(("authority", "federation"))


@pytest.mark.parametrize(("total", "offered"), [(1999, False), (2000, True), (2001, True)])
def test_federations_by_the_latest_year_open_like_other_tables(total: int, offered: bool) -> None:
    assert RULES.offers_latest(total, federations=40) is offered  # 80 × 25


@pytest.mark.parametrize(
    ("dimensions", "total", "offered"),
    [
        (("gender",), 49, False),  # 2 categories × 25 answers
        (("gender",), 50, True),
        (("gender",), 51, True),
        (("gender", "age"), 249, False),  # 10 × 25
        (("gender", "age"), 250, True),
        (("federation", "region"), 999, False),  # 40 × 25, whatever the regions
        (("federation", "region"), 1000, True),
        (("gender", "age", "authority"), 3999, False),  # 40 × 100
        (("gender", "age", "authority"), 4000, True),
        (("federation", "region", "gender"), 2000, True),  # two dimensions in truth: 80 × 25
        (("period", "gender", "age", "authority"), 10**9, False),
    ],
)
def test_a_table_is_offered_from_its_mean_cell_on(
    dimensions: tuple[str, ...], total: int, offered: bool
) -> None:
    assert RULES.offers(dimensions, total, DEMO) is offered


def test_three_dimensions_are_not_offered_for_the_demo() -> None:
    assert not [table for table in RULES.offered(2200, DEMO) if len(table) > 2]
