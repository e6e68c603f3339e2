"""The statistics without noise are what others have published, case by case."""

import json
from pathlib import Path
from statistics import NormalDist
from typing import Any

import pytest

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
    assert {case["method"] for case in CASES} == tested
    assert all(case["source"].startswith("https://") for case in CASES)


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
