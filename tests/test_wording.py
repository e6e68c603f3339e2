"""Swedish text: numbers, shares, intervals and what stands for a hidden value."""

from datetime import date

import pytest

from fovdata import wording
from fovdata.figures.estimates import Difference, Estimate
from fovdata.rules import Rules, Status

SHOWN = Estimate(Status.SHOWN, 85, 52, 42, 63)
UNDER = Estimate(Status.CODED, 30, limit="<30")
OVER = Estimate(Status.CODED, 30, limit=">70")
HIDDEN = Estimate(Status.HIDDEN)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (999, "999"), (1260, "1\u00a0260"), (-3, "−3"), (10**6, "1 000 000")],
)
def test_a_number_has_swedish_thousands_and_a_true_minus(value: int, text: str) -> None:
    assert wording.number(value) == text.replace(" ", "\u00a0")


def test_per_cent_keeps_its_sign_on_the_line() -> None:
    assert wording.percent(52) == "52\u00a0%"


def test_a_date_is_written_in_full() -> None:
    assert wording.day(date(2023, 2, 14)) == "14 februari 2023"


def test_a_number_of_answers_is_about_or_fewer() -> None:
    assert wording.about(85) == "ca\u00a085 svar"
    assert wording.about(2200) == "ca\u00a02\u00a0200 svar"
    assert wording.about(None) == "färre än 20 svar"


def test_a_share_is_said_as_the_rule_lets_it() -> None:
    assert SHOWN.said == "52\u00a0%"
    assert UNDER.said == "under 30\u00a0%"
    assert OVER.said == "över 70\u00a0%"
    assert HIDDEN.said == ".."


def test_only_a_shown_share_has_an_interval() -> None:
    assert SHOWN.interval == "42–63\u00a0%"
    assert [one.interval for one in (UNDER, OVER, HIDDEN)] == ["", "", ""]


def test_an_interval_from_zero_is_an_interval() -> None:
    assert Estimate(Status.SHOWN, 50, 5, 0, 12).interval == "0–12\u00a0%"


def test_a_difference_carries_its_sign() -> None:
    assert Difference(Status.SHOWN, 12, -3, 27).said == "+12"
    assert Difference(Status.SHOWN, 0, -3, 3).said == "0"
    assert Difference(Status.SHOWN, -3, -9, 3).said == "−3"
    assert Difference(Status.HIDDEN).said == ".."
    assert Difference(Status.SHOWN, 12, -3, 27).interval == "−3 till +27"
    assert Difference(Status.SHOWN, 3, 0, 6).interval == "0 till +6"
    assert Difference(Status.HIDDEN).interval == ""


def test_the_threshold_is_read_from_the_rules() -> None:
    assert wording.why_hidden(Rules()) == "Visas inte: färre än 20 svar"
    assert wording.why_hidden(Rules(show=30)) == "Visas inte: färre än 30 svar"


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")],
)
def test_names_are_enumerated(names: list[str], text: str) -> None:
    assert wording.enumerated(names) == text


def test_every_status_has_its_words() -> None:
    assert wording.STATUS_WORDS.keys() == set(Status)


def test_a_question_has_its_short_name() -> None:
    assert wording.question("q6") == "Bevittnat våld under uppväxten"
