"""What the intruder found out, held against the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fovdata import measures
from fovdata.rules import Rules
from intruder.intruder import STRONG, Learned
from intruder.observing import Row
from intruder.people import QUESTIONS, Booleans, Numbers, People

LIMIT_STRONG = 15
"""So many answers in 15 000 may meet evidence of 19 : 1 by chance."""
LIMIT_ADVANTAGE = 0.05
"""So much oftener than by the best group may a guess be right."""


@dataclass(frozen=True)
class Found:
    """Single answers that the intruder has found, of ``answers`` in all.

    ``certain`` ones are not guesses; ``strong`` ones, the certain among them, have a likelihood
    ratio of 19 or more for Ja or for Nej, and ``right`` of these are as it says. ``advantage`` is
    how much oftener the intruder guesses right than somebody who guesses that everybody answered
    as most in the group did, in the table of groups that is best for the question; ``plain`` is
    the same with the whole country as the group.
    """

    answers: int
    certain: int
    strong: int
    right: int
    advantage: float
    plain: float

    def within_the_limits(self, releases: int = 1) -> bool:
        """Whether nobody has been given away, by so many releases that were compared.

        Each has noise of its own, and with it strong evidence by chance of its own.
        """
        strong = max(self.answers, 15_000) * LIMIT_STRONG / 15_000
        return (
            self.certain == 0
            and self.strong <= releases * strong
            and self.advantage < LIMIT_ADVANTAGE
        )


def found(people: People, learned: Learned, rows: Sequence[Row], rules: Rules) -> Found:
    """Hold what was learned against the truth; ``rows`` are the release's, for the group guess."""
    asked = people.answered
    strong = (np.abs(learned.evidence) >= STRONG) & asked
    right = ((learned.posterior > 0) == people.said)[asked].mean()
    guesses = _group_guesses(people, rows, rules)
    country = _right(people, guesses[()])
    best = np.max([_right(people, guess) for guess in guesses.values()], axis=0)
    weights = asked.sum(axis=0) / asked.sum()
    return Found(
        int(asked.sum()),
        int((np.isinf(learned.evidence) & asked).sum()),
        int(strong.sum()),
        int(((learned.evidence > 0) == people.said)[strong].sum()),
        float(right - best @ weights),
        float(right - country @ weights),
    )


def _right(people: People, guess: Booleans) -> Numbers:
    asked = people.answered
    return ((guess == people.said) & asked).sum(axis=0) / asked.sum(axis=0)


def _group_guesses(
    people: People, rows: Sequence[Row], rules: Rules
) -> Mapping[tuple[str, ...], Booleans]:
    """By table: whether most in the person's group said Ja; in the country, where it is hidden."""
    cells: dict[tuple[tuple[str, str], ...], dict[str, int]] = {}
    dimensions = [name for name in measures.COUNTS_COLUMNS if name in people.backgrounds]
    for row in rows:
        if row["fill_count"] is None:
            place = tuple((d, str(row[d])) for d in dimensions if row[d] is not None)
            cells.setdefault(place, {})[str(row["label"])] = int(str(row["value"]))
    country = [_most(cells[()], code) for code in QUESTIONS]
    guesses: dict[tuple[str, ...], Booleans] = {}
    for place, counts in cells.items():
        table = tuple(dimension for dimension, _ in place)
        guess = guesses.setdefault(table, np.tile(country, (len(people), 1)))
        inside = people.within(dict(place))
        for question, code in enumerate(QUESTIONS):
            if counts[measures.answered(code)] >= rules.show:
                guess[inside, question] = _most(counts, code)
    return guesses


def _most(counts: Mapping[str, int], code: str) -> bool:
    return 2 * counts[measures.yes(code)] > counts[measures.answered(code)]
