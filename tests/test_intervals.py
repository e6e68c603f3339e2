"""Intervals: equal to what others have published, and wide enough for the noise."""

import json
from math import exp
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from fovdata.figures import intervals
from fovdata.rules import RULES

CASES = json.loads((Path(__file__).parent / "stat_cases.json").read_text(encoding="utf-8"))["cases"]
VARIANCE = RULES.sigma**2
ROUNDING = 1e-12


def cases(method: str) -> list[Any]:
    chosen = [case for case in CASES if case["method"] == method]
    return [pytest.param(case, id=case["id"]) for case in chosen]


def z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def with_wilson(y: int, n: int, z: float) -> tuple[float, float, float]:
    return y / n, *intervals.wilson(y, n, z=z)


def test_every_case_is_used() -> None:
    assert {case["method"] for case in CASES} == {"wilson", "newcombe_diff"}
    assert all(case["source"].startswith("https://") for case in CASES)


@pytest.mark.parametrize("case", cases("wilson"))
def test_wilson_is_what_others_have_published(case: dict[str, Any]) -> None:
    given, expected = case["inputs"], case["expected"]
    found = intervals.wilson(given["x"], given["n"], z=z(given["conf"]))
    assert found == pytest.approx((expected["lower"], expected["upper"]), abs=case["abs_tol"])


@pytest.mark.parametrize("case", cases("newcombe_diff"))
def test_newcombe_is_what_others_have_published(case: dict[str, Any]) -> None:
    given, expected = case["inputs"], case["expected"]
    first, second = (with_wilson(given[f"x{i}"], given[f"n{i}"], z(given["conf"])) for i in (1, 2))
    found = (first[0] - second[0], *intervals.newcombe(first, second))
    wanted = (expected["estimate"], expected["lower"], expected["upper"])
    assert found == pytest.approx(wanted, abs=case["abs_tol"])


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
