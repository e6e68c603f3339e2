"""How many answers are needed: what can be seen with so many, and how many it takes to see more.

For a share of 50 per cent, whose interval is the widest, so that no question needs more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from fovdata import questionnaire as form
from fovdata.figures import intervals, respondents
from fovdata.figures.release import Release
from fovdata.rules import Rules
from fovdata.selection import Selection

_SHARE = 0.5
_STEP = 5


def margin(answers: int, rules: Rules) -> int:
    """The percentage points to either side of a share that ``answers`` leave unsure: whole.

    About so far from the country's, whose own margin is small, must a share be to be told from it.
    """
    return ceil(_margin(answers, rules))


def exact_margin(answers: int, rules: Rules) -> float:
    """The same to one decimal, for a curve: it follows from the rules alone."""
    return round(_margin(answers, rules), 1)


def _margin(answers: int, rules: Rules) -> float:
    return 100 * intervals.half_width(answers, _SHARE, rules.sigma**2)


def answers_for(points: int, rules: Rules) -> int:
    """The number of answers with a margin of at most ``points``, upwards to a multiple of 5."""
    return _upwards(intervals.answers_for(points / 100, _SHARE, rules.sigma**2))


@dataclass(frozen=True)
class Opening:
    """From about how many answers of a federation something more is shown, and what."""

    answers: int
    what: str


def openings(release: Release) -> Sequence[Opening]:
    """What a federation's answers open as they come, the first first."""
    rules = release.rules
    steps = [
        Opening(
            rules.show,
            "andelen Ja på varje fråga bredvid region och land, med omkring "
            f"{margin(rules.show, rules)} procentenheters osäkerhet åt vardera hållet",
        ),
        Opening(
            rules.association,
            f"{form.WITNESSED.short.lower()} (fråga {form.WITNESSED.number}) mot var och en av de "
            "andra frågorna",
        ),
    ]
    genders = respondents.divided(release, Selection(), "gender") or ()
    if least := min((part.percent for part in genders if part.percent), default=0):
        answers = _upwards(100 * rules.show / least)
        steps.append(
            Opening(
                answers,
                "kvinnor och män var för sig, om de är fördelade som i hela landet "
                f"(minst {rules.show} av vardera)",
            )
        )
    return sorted(steps, key=lambda step: step.answers)


def _upwards(answers: float) -> int:
    """To a multiple of 5, as all numbers of answers are said."""
    return _STEP * ceil(answers / _STEP)
