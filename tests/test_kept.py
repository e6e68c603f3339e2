"""What all who ask the same are answered with is made once."""

from dataclasses import replace
from pathlib import Path

import pytest
from pages_under_test import MAIN, run
from streamlit.testing.v1 import AppTest

from fovdata import registry
from fovdata.charts import (
    coverage,
    differences,
    dots,
    exposure,
    funnel,
    gender,
    lanes,
    ratios,
    respondents,
)
from fovdata.charts.theme import DARK, LIGHT
from fovdata.dashboard.navigation import PAGES
from fovdata.figures import comparisons, shares
from fovdata.figures import coverage as figures_of_coverage
from fovdata.figures.release import Release
from fovdata.registry import Group
from fovdata.selection import Selection

WHOLE = Selection()
DRAWN_BY = (differences, dots, funnel, lanes, ratios, respondents)
"""What makes the data that charts of answers draw."""


def test_the_same_figures_are_one_exhibit(release: Release) -> None:
    found = shares.women_and_men(release, WHOLE)
    once = gender.dumbbells(found, LIGHT, selection="Region Värmland")
    assert gender.dumbbells(found, LIGHT, selection="Region Värmland") is once
    assert gender.dumbbells([*found], LIGHT, selection="Region Värmland") is once
    for other in (
        gender.dumbbells(found, DARK, selection="Region Värmland"),
        gender.dumbbells(found, LIGHT, selection="Region Gotland"),
        gender.dumbbells(found[1:], LIGHT, selection="Region Värmland"),
        gender.dumbbells(found, LIGHT),
    ):
        assert other is not once


def test_other_figures_are_another_exhibit_however_alike(release: Release) -> None:
    found = shares.shares(release, WHOLE)
    again = [replace(one) for one in found]
    first, second = exposure.questions(found, LIGHT), exposure.questions(again, LIGHT)
    assert first is not second
    assert first == replace(second, data=first.data, table=first.table)


def test_the_same_place_and_time_is_one_map(release: Release) -> None:
    members = registry.load()
    last = members.groups[-1]
    found = figures_of_coverage.municipalities(release, members, last.code)

    def made(group: Group = last, regions: tuple[str, ...] = ()) -> coverage.MapView:
        return coverage.answers_map(found, coverage.Scope(members, group, regions), LIGHT)

    assert made() is made()
    assert made(members.groups[0]) is not made()
    assert made(regions=("17",)) is not made()


def test_each_question_has_its_own_funnel(release: Release) -> None:
    compared, everybody = comparisons.compared(release), shares.shares(release, WHOLE)
    titles = {
        funnel.exhibit(
            [one for one in compared if one.question == whole.question],
            whole.estimate,
            release.rules,
            registry.load(),
            LIGHT,
        ).title
        for whole in everybody
    }
    assert len(titles) == len(everybody)


@pytest.mark.parametrize("url", ["kon", "utsatthet", "forbund", "jamfor"])
def test_who_comes_later_is_drawn_for_without_figuring(
    url: str, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = (one for one in PAGES if one.url == url)

    def visit(federation: str) -> AppTest:
        app = AppTest.from_file(MAIN, default_timeout=30).switch_page(str(shown.path))
        app.query_params["federation"] = federation
        return run(app, releases)

    first = visit("falun")
    for module in DRAWN_BY:
        for name in ("data", "_data"):
            monkeypatch.setattr(module, name, None, raising=False)
    later = visit("falun")
    assert not later.exception
    assert [one.value for one in later.header] == [one.value for one in first.header]
    if "federation" in shown.filters:
        assert visit("halland").exception, "what nobody has asked for is figured"
