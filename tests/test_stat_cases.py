"""The statistics without noise are what others have published, case by case."""

import json
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest
from scipy.stats import chi2

from fovdata.figures import intervals
from fovdata.figures.intervals import Fourfold

CASES = json.loads((Path(__file__).parent / "stat_cases.json").read_text(encoding="utf-8"))["cases"]

Case = dict[str, Any]


def cases(method: str) -> list[Any]:
    chosen = [case for case in CASES if case["method"] == method]
    return [pytest.param(case, id=case["id"]) for case in chosen]


def z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def strata(case: Case) -> list[Fourfold]:
    """The case's tables: a row with Ja and one with Nej to the first, columns by the second."""
    return [Fourfold(a + b + c + d, a + b, a + c, a) for (a, b), (c, d) in case["inputs"]["tables"]]


def check(case: Case, *names: str, found: tuple[float, ...]) -> None:
    wanted = [case["expected"][name] for name in names]
    assert found == pytest.approx(wanted, abs=case["abs_tol"])


def test_every_case_is_used_and_has_a_source() -> None:
    tested = {"wilson", "newcombe_diff", "katz_log_rr", "mh_rr", "breslow_day"}
    tested |= {"funnel_limits_proportion", "chi2_k_proportions", "bh_fdr", "bh_rejections"}
    assert {case["method"] for case in CASES} == tested
    assert all("https://" in case["source"] for case in CASES)


@pytest.mark.parametrize("case", cases("wilson"))
def test_wilson(case: Case) -> None:
    given = case["inputs"]
    found = intervals.wilson(given["x"], given["n"], z=z(given["conf"]))
    check(case, "lower", "upper", found=found)


@pytest.mark.parametrize("case", cases("newcombe_diff"))
def test_newcombe(case: Case) -> None:
    given = case["inputs"]
    first, second = (
        (x / n, *intervals.wilson(x, n, z=z(given["conf"])))
        for x, n in ((given["x1"], given["n1"]), (given["x2"], given["n2"]))
    )
    found = (first[0] - second[0], *intervals.newcombe(first, second))
    check(case, "estimate", "lower", "upper", found=found)


@pytest.mark.parametrize("case", cases("katz_log_rr"))
def test_katz(case: Case) -> None:
    x1, n1, x2, n2 = (case["inputs"][name] for name in ("x1", "n1", "x2", "n2"))
    table = Fourfold(n1 + n2, n1, x1 + x2, x1)
    found = intervals.risk_ratio([table], z=z(case["inputs"]["conf"]))
    check(case, "estimate", "lower", "upper", found=found)


@pytest.mark.parametrize("case", cases("mh_rr"))
def test_mantel_haenszel_with_greenland_and_robins(case: Case) -> None:
    found = intervals.risk_ratio(strata(case), z=z(case["inputs"]["conf"]))
    check(case, "estimate", "lower", "upper", found=found)


@pytest.mark.parametrize("case", cases("breslow_day"))
def test_breslow_day(case: Case) -> None:
    # The case without Tarone's correction differs from one with it by less than its tolerance.
    statistic = intervals.breslow_day(strata(case))
    check(case, "statistic", found=(statistic,))
    if len(strata(case)) == 2:
        check(case, "p", found=(intervals.p_of_two(statistic),))


@pytest.mark.parametrize("case", cases("funnel_limits_proportion"))
def test_funnel_limits(case: Case) -> None:
    given = case["inputs"]
    found = [
        given["per"] * end
        for confidence in (0.95, 0.998)
        for end in intervals.funnel(given["average"], given["n"], z=z(confidence))
    ]
    check(case, "lower95", "upper95", "lower998", "upper998", found=tuple(found))


@pytest.mark.parametrize("case", cases("chi2_k_proportions"))
def test_spread_is_pearson_s_statistic(case: Case) -> None:
    given = case["inputs"]
    statistic = intervals.spread([*zip(given["x"], given["n"], strict=True)])
    check(case, "statistic", "p", found=(statistic, chi2.sf(statistic, len(given["x"]) - 1)))


@pytest.mark.parametrize("case", cases("bh_fdr"))
def test_benjamini_hochberg(case: Case) -> None:
    found = intervals.benjamini_hochberg(case["inputs"]["p"])
    assert found == pytest.approx(case["expected"]["adjusted"], abs=case["abs_tol"])


@pytest.mark.parametrize("case", cases("bh_rejections"))
def test_benjamini_hochberg_rejects(case: Case) -> None:
    given = case["inputs"]
    found = intervals.benjamini_hochberg(given["p"])
    assert sum(p <= given["alpha"] for p in found) == case["expected"]["rejected"]
