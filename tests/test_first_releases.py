"""The first releases of real answers are small: every page has something to say all the same."""

from pathlib import Path

import pytest
from conftest import WriteAnswers
from pages_under_test import ask, visit

from fovdata.dashboard.navigation import PAGES, Page
from fovdata.registry import Registry
from fovdata.release import building

SIZES = (30, 60, 400)
"""Answers: only the total is offered; some dimensions; all but federations and their pairs."""


@pytest.fixture(params=SIZES)
def small(
    request: pytest.FixtureRequest, write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> Path:
    """A folder with a release of so many answers, half of them Ja, women and men alike."""
    quarter = request.param // 4
    answers = write_answers(
        "times gender q1  q6\n"
        f"{quarter} kvinna ja  ja\n"
        f"{quarter} kvinna nej nej\n"
        f"{quarter} man    ja  nej\n"
        f"{quarter} man    nej ja"
    )
    folder = tmp_path / "utgåvor"
    building.build(answers, folder, tmp_path / "liggare", registry)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_a_page_says_what_it_can_and_why_the_rest_is_not_there(page: Page, small: Path) -> None:
    seen = visit(small, page, "no filter")
    assert not seen.app.exception
    assert not seen.app.error
    assert [title.value for title in seen.app.title] != []
    if page.title in ("Täckning", "Metod och data", "Lämna in svar"):
        assert not any("ännu för få" in info.value for info in seen.app.info)


def test_coverage_is_the_registry_and_needs_no_answers(small: Path) -> None:
    answer = ask(small, "coverage")
    assert answer.status_code == 200
    assert answer.json()["totals"]["federations"] == 40
    assert {row["status"] for row in answer.json()["federations"]} == {"joined"}
