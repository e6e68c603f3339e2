"""The intruder's reckoning, held against answers few enough to try every possibility."""

import itertools
from math import exp, log

import numpy as np
import pytest

from fovdata.rules import RULES
from fovdata.selection import DIMENSIONS, LATEST
from intruder import intruder
from intruder.intruder import certain, learned
from intruder.observing import Seen
from intruder.people import People

PERSONS, FEW = 400, 7
CELLS = ([0], [1, 2], [0, 1, 2, 3], [3, 4], [2, 4, 5, 6], [0, 1, 2, 3, 4, 5, 6])
"""Who is counted: cells of one to seven persons."""


@pytest.fixture(scope="module")
def persons() -> People:
    rng = np.random.default_rng(7)
    return People(
        {dimension: np.full(PERSONS, "alla") for dimension in (*DIMENSIONS, LATEST)},
        np.ones((PERSONS, 7), bool),
        [str(place) for place in range(PERSONS)],
        rng.random((PERSONS, 7)) < 0.4,
    )


def seen_of(values: list[int], bound: int) -> Seen:
    """Counts of Ja to question 1 in CELLS, as they were seen."""
    members = np.zeros((len(CELLS), PERSONS), bool)
    for row, cell in zip(members, CELLS, strict=True):
        row[cell] = True
    seen, noise = np.array(values, float), np.full(len(CELLS), RULES.sigma**2)
    return Seen(np.zeros(len(CELLS), int), members, seen, noise, seen - bound, seen + bound)


@pytest.mark.parametrize(
    "values",
    [[0, 1, 2, 1, 2, 3], [3, 2, 5, -1, 0, 4], [-2, 0, 1, 4, 5, 6], [1, -2, -3, -1, 0, -2]],
)
def test_the_evidence_is_what_trying_every_possibility_gives(
    persons: People, values: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intruder, "_GROUPS", {})  # they are all of one group
    share = persons.said[:, 0].mean()
    odds = np.zeros((FEW, 2))
    for answers in itertools.product((0, 1), repeat=FEW):
        weight = np.prod([share if ja else 1 - share for ja in answers])
        for value, cell in zip(values, CELLS, strict=True):
            noise = value - sum(answers[place] for place in cell)
            weight *= exp(-(noise**2) / (2 * RULES.sigma**2))
        odds[np.arange(FEW), answers] += weight
    expected = np.log(odds[:, 1] / odds[:, 0]) - log(share / (1 - share))
    found = learned(persons, seen_of(values, RULES.bound), RULES).evidence[:FEW, 0]
    assert found == pytest.approx(expected, abs=0.3)


def test_exact_counts_of_a_few_settle_what_they_must(persons: People) -> None:
    ja = [1, 0, 0, 1, 1, 1, 0]
    values = [sum(ja[place] for place in cell) for cell in CELLS]
    known = certain(persons, seen_of(values, bound=0))
    assert known[:FEW, 0].tolist() == [1, -1, -1, 1, 1, 0, 0]
    assert not known[FEW:].any()
    assert not known[:, 1:].any()


def test_noise_at_its_bound_settles_an_answer_and_less_does_not(persons: People) -> None:
    values = [RULES.bound + 1, 0, 0, 0, 0, 0]
    assert certain(persons, seen_of(values, RULES.bound))[0, 0] == 1
    values[0] -= 1
    assert not certain(persons, seen_of(values, RULES.bound)).any()
