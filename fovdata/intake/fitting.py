"""Synthetic answers that hit given shares: a joint distribution is fitted, then drawn with care.

First iterative proportional fitting bends a distribution of the 128 ways to answer Ja or Nej, in
which kinds of violence go together, until it has every wanted share. Then answers are drawn from
it, and drawn again one person at a time whenever that brings the drawn shares nearer. Draws come
from the fitted distribution only, so the answers stay as varied as chance makes them.

Only arithmetic that is the same on every machine decides: no exponentials, no linear algebra
library, and whole numbers where a draw is accepted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from fovdata import questionnaire as form

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NO, YES, BLANK = range(3)
WAYS = np.array(list(product((NO, YES, BLANK), repeat=len(form.QUESTIONS))))
"""Every way to fill in the form, a row of seven answers each."""

ANY, ANY_OF_WHOLE = "any", "any of whole"
"""Ja to at least one question, among all forms and among those without a blank."""
COLUMNS = (*(question.code for question in form.QUESTIONS), ANY, ANY_OF_WHOLE)

BLANK_PER_MILLE = 15
"""So many forms of a thousand leave a given question blank."""

_IS_WHOLE = (WAYS != BLANK).all(axis=1)
_ANSWERED = np.column_stack([WAYS != BLANK, np.ones(len(WAYS), bool), _IS_WHOLE])
_ANY_YES = (WAYS == YES).any(axis=1)
_SAID_YES = np.column_stack([WAYS == YES, _ANY_YES, _ANY_YES & _IS_WHOLE])
_WHOLE = np.flatnonzero(_IS_WHOLE)
"""The ways without a blank, by which the distribution is fitted."""

_TOGETHER = {
    ("q1", "q2"): 5.0,
    ("q1", "q3"): 2.5,
    ("q1", "q4"): 4.0,
    ("q2", "q3"): 2.5,
    ("q2", "q4"): 2.5,
    ("q3", "q4"): 5.0,
    ("q4", "q5"): 1.75,
    ("q1", "q5"): 1.5,
    ("q5", "q6"): 1.5,
    ("q6", "q7"): 1.5,
    ("q2", "q7"): 1.5,
}
"""Invented odds ratios that the fitting starts from, those with question 7 the weakest."""

_SWEEPS = 150
_ROUNDS = 80


@dataclass(frozen=True)
class Target:
    """A wanted share of Ja to ``question``, in whole per cent, among the answers of ``strata``.

    ``given`` narrows to those who answered question 6 with YES or with NO.
    """

    question: str
    per_cent: int
    strata: tuple[int, ...]
    given: int | None = None

    def ways(self) -> tuple[Bools, Bools]:
        """Which of WAYS count for the share, and which of them are a Ja."""
        column = COLUMNS.index(self.question)
        counted = _ANSWERED[:, column]
        if self.given is not None:
            counted = counted & (WAYS[:, COLUMNS.index(form.WITNESSED.code)] == self.given)
        return counted, counted & _SAID_YES[:, column]


@dataclass(frozen=True)
class Fitted:
    """Expected answers, an array of strata × ways without a blank."""

    expected: Floats

    def per_mille(self, strata: Sequence[int]) -> Ints:
        """The expected share of Ja in these strata together, for each of COLUMNS."""
        persons = self.expected[list(strata)].sum(axis=0)
        yes = (persons[:, None] * _SAID_YES[_WHOLE]).sum(axis=0)
        return np.rint(1000 * yes / persons.sum()).astype(np.int64)


def fit(sizes: Sequence[int], targets: Sequence[Target]) -> Fitted:
    """Expected answers of strata with ``sizes`` persons that together have every wanted share."""
    way = np.ones(len(_WHOLE))
    for (one, other), odds in _TOGETHER.items():
        both = _SAID_YES[_WHOLE, COLUMNS.index(one)] & _SAID_YES[_WHOLE, COLUMNS.index(other)]
        way[both] *= odds
    persons = np.array(sizes, float)[:, None]
    expected = persons * way / way.sum()
    cells = []
    for target in targets:
        of = np.zeros((len(sizes), 1), bool)
        of[list(target.strata)] = True
        counted, yes = (ways[_WHOLE] for ways in target.ways())
        cells.append((of & yes, of & counted & ~yes, target.per_cent / 100))
    for _ in range(_SWEEPS):
        for yes, no, share in cells:
            said_yes, said_no = expected[yes].sum(), expected[no].sum()
            expected[yes] *= share * (said_yes + said_no) / said_yes
            expected[no] *= (1 - share) * (said_yes + said_no) / said_no
        expected *= persons / np.maximum(expected.sum(axis=1, keepdims=True), 1e-9)
    return Fitted(expected)


@dataclass(frozen=True)
class Band:
    """How far a group's count of Ja may lie from what is expected, for each of COLUMNS."""

    per_mille: Ints
    slack: Ints
    """In thousandths of a person."""


def draw(
    fitted: Fitted,
    targets: Sequence[Target],
    bands: Sequence[Band],
    stratum: Ints,
    group: Ints,
    rng: np.random.Generator,
) -> Ints:
    """A row of WAYS for each person, who has a ``stratum`` and a ``group`` (index of ``bands``)."""
    persons = len(stratum)
    ways = _draw_ways(fitted, stratum, rng)
    who = (rng.random(_ROUNDS * persons) * persons).astype(np.int64)
    tried = _draw_ways(fitted, stratum[who], rng)

    # Thousandths of a person by which an answer lifts a share above its target.
    lifts = _lifts(targets, len(fitted.expected))
    off = lifts[stratum, ways].sum(axis=0)
    yes, answered = _SAID_YES * 1000, _ANSWERED.astype(np.int64)
    expected = np.array([band.per_mille for band in bands])
    slack = np.array([band.slack for band in bands])
    group_off = np.zeros_like(expected)
    np.add.at(group_off, group, yes[ways] - expected[group] * answered[ways])

    for person, new in zip(who.tolist(), tried.tolist(), strict=True):
        old, here, home = ways[person], stratum[person], group[person]
        if new == old:
            continue
        lift = lifts[here, new] - lifts[here, old]
        worse = (lift * (2 * off + lift)).sum()
        group_lift = yes[new] - yes[old] - expected[home] * (answered[new] - answered[old])
        before = np.maximum(np.abs(group_off[home]) - slack[home], 0)
        after = np.maximum(np.abs(group_off[home] + group_lift) - slack[home], 0)
        if worse + (after * after - before * before).sum() <= 0:
            ways[person] = new
            off += lift
            group_off[home] += group_lift
    return WAYS[ways]


def _draw_ways(fitted: Fitted, stratum: Ints, rng: np.random.Generator) -> Ints:
    """Indices into WAYS, one a person, blanks strewn at random."""
    chance = rng.random(len(stratum))
    whole = np.zeros(len(stratum), np.int64)
    for index, persons in enumerate(fitted.expected):
        here = stratum == index
        if here.any():
            steps = np.cumsum(persons)
            whole[here] = np.searchsorted(steps[:-1] / steps[-1], chance[here], side="right")
    answers = WAYS[_WHOLE[whole]]
    answers[rng.random(answers.shape) < BLANK_PER_MILLE / 1000] = BLANK
    weights = 3 ** np.arange(answers.shape[1])[::-1]
    return (answers * weights).sum(axis=1)


def _lifts(targets: Sequence[Target], strata: int) -> Ints:
    """Strata × WAYS × (targets, then blanks in each question), in thousandths of a person."""
    questions = WAYS.shape[1]
    lifts = np.zeros((strata, len(WAYS), len(targets) + questions), np.int64)
    for index, target in enumerate(targets):
        counted, yes = target.ways()
        lifts[list(target.strata), :, index] = 1000 * yes - 10 * target.per_cent * counted
    lifts[:, :, len(targets) :] = 1000 * (WAYS == BLANK) - BLANK_PER_MILLE
    return lifts
