"""What can be told of single answers from what was seen: certainty, evidence, guesses."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import comb, log

import numpy as np

from fovdata.rules import Rules
from intruder.observing import Seen
from intruder.people import COUNTED, QUESTIONS, Booleans, Numbers, People

STRONG = log(19)
"""The logarithm of a likelihood ratio that lifts 50 to 95 per cent."""

_GROUPS = {
    "federation": 0.025,
    "gender": 0.02,
    "age": 0.003,
    "authority": 0.003,
    "period": 0.004,
    "region": 0.003,
}
"""How much of an answer's variance lies between the groups of a dimension, about."""


@dataclass(frozen=True)
class Learned:
    """What the intruder thinks of every answer, persons × 7.

    ``evidence`` is the logarithm of the likelihood ratio Ja : Nej about the person's own answer,
    infinite where it is certain; ``group`` the share of Ja expected of somebody with the person's
    background; ``posterior`` the logarithm of the odds that the two make together.
    """

    evidence: Numbers
    group: Numbers

    @property
    def posterior(self) -> Numbers:
        share = np.clip(self.group, 0.02, 0.98)
        return np.log(share / (1 - share)) + self.evidence


def learned(people: People, seen: Seen, rules: Rules, at_once: bool = False) -> Learned:
    """Everything that the counts say of every answer.

    An answer is a share of its groups and a rest of its own. All are taken to be normal, which the
    noise is (its likelihood is, within its bound) and sums of answers nearly are; what is certain
    is found by the bound instead. ``at_once`` lets all seven questions say something of each:
    stronger and slower than one question with the counts that it is part of.
    """
    evidence, group = np.zeros(people.said.shape), np.zeros(people.said.shape)
    model = _Model.of(people)
    inverse = model.inverse(seen) if at_once else None
    for question in range(len(QUESTIONS)):
        about = [place for place, one in enumerate(COUNTED) if question in one.needs]
        some = seen if at_once else seen.only(np.isin(seen.counted, about))
        found = model.inverse(some) if inverse is None else inverse
        evidence[:, question], group[:, question] = model.about(question, some, found)
    evidence += by_unchanged_noise(people, seen, rules)
    known = certain(people, seen)
    return Learned(np.where(known == 0, evidence, np.copysign(np.inf, known)), group)


@dataclass(frozen=True)
class _Model:
    """Means and covariances of COUNTED for a person; ``between`` is what shares of Ja explain."""

    people: People
    mean: Numbers
    covariance: Numbers
    between: Numbers

    @classmethod
    def of(cls, people: People) -> "_Model":
        holds = np.stack([one.holds for one in COUNTED])
        expected = holds @ people.patterns
        covariance = (holds * people.patterns) @ holds.T - np.outer(expected, expected)
        covariance += 1e-9 * np.eye(len(expected))
        singles = covariance[:, : len(QUESTIONS)]
        between = singles @ np.linalg.inv(singles[: len(QUESTIONS)]) @ singles.T
        return cls(people, _shares(people), covariance, between)

    def inverse(self, seen: Seen) -> Numbers:
        """The inverse of the covariance of everything seen."""
        f, members = seen.counted, seen.members.astype(np.float32)
        common = np.zeros((len(f), len(f)))
        for dimension, part in _GROUPS.items():
            sizes = members @ self._groups(dimension)
            common += part * (sizes @ sizes.T)
        total = np.diag(seen.variance) + self.between[np.ix_(f, f)] * common
        total += self.covariance[np.ix_(f, f)] * (members @ members.T)
        return np.linalg.inv(total)

    def about(self, question: int, seen: Seen, inverse: Numbers) -> tuple[Numbers, Numbers]:
        """Evidence of everybody's own answer to a question, and the share of their groups."""
        f, members = seen.counted, seen.members.astype(np.float32)
        surprise = inverse @ (seen.value - members.sum(axis=1) * self.mean[f])
        share = np.full(len(self.people), self.mean[question])
        weighed = (self.between[question, f] * surprise).astype(np.float32)
        for dimension, part in _GROUPS.items():
            groups = self._groups(dimension)
            share += part * (groups @ ((members @ groups).T @ weighed))
        # The person's own rest: what all counts say of it, beside what was known before.
        own = members.T * self.covariance[question, f].astype(np.float32)
        before = self.covariance[question, question]
        after = before - np.einsum("io,io->i", own @ inverse.astype(np.float32), own)
        after = np.maximum(after, 1e-6 * before)
        precision = 1 / after - 1 / before
        return (own @ surprise) / after - precision * (0.5 - share), share

    def _groups(self, dimension: str) -> Numbers:
        group = np.unique(self.people.backgrounds[dimension], return_inverse=True)[1]
        return np.eye(group.max() + 1, dtype=np.float32)[group]


def _shares(people: People) -> Numbers:
    """What the country's share of each of COUNTED is, as the product says it within its noise."""
    return people.truth.sum(axis=0) / people.answering.sum(axis=0)


def certain(people: People, seen: Seen) -> Numbers:
    """Persons × 7: 1 for a certain Ja, -1 for a certain Nej, 0 for what is not certain.

    Every count bounds a sum, and so does the difference of two when one's people are among the
    other's; what is settled sharpens the next bound until nothing more follows.
    """
    known = np.zeros(people.said.shape, int)
    for question in range(len(QUESTIONS)):
        sums = [
            (np.flatnonzero(members), low, high)
            for members, low, high in _bounds(seen.only(seen.counted == question))
        ]
        low, high = np.zeros(len(people), int), np.ones(len(people), int)
        news = True
        while news:
            news = False
            for who, least, most in sums:
                sure, possible = low[who].sum(), high[who].sum()
                if sure == possible:
                    continue
                if most <= sure:
                    high[who], news = low[who], True
                elif least >= possible:
                    low[who], news = high[who], True
        known[:, question] = np.where(low == high, 2 * low - 1, 0)
    return known * people.answered


def _bounds(seen: Seen) -> Iterator[tuple[Booleans, float, float]]:
    yield from zip(seen.members, seen.low, seen.high, strict=True)
    for part, whole in _nested(seen, most=60):
        rest = seen.members[whole] & ~seen.members[part]
        yield rest, seen.low[whole] - seen.high[part], seen.high[whole] - seen.low[part]


def _nested(seen: Seen, most: int) -> Iterator[tuple[int, int]]:
    """Pairs of counts of the same where one's people are all the other's but a few."""
    members = seen.members.astype(np.float32)
    sizes = members.sum(axis=1)
    same = seen.counted[:, None] == seen.counted
    inside = same & (members @ members.T == sizes[:, None])
    more = sizes - sizes[:, None]
    yield from zip(*np.nonzero(inside & (more > 0) & (more <= most)), strict=True)


def by_unchanged_noise(people: People, seen: Seen, rules: Rules, most: int = 12) -> Numbers:
    """Evidence, persons × 7, if the noise is keyed by those who said Ja; else 0 for everybody.

    ``rules`` are those that the noise is drawn by.

    With that textbook key a Nej more leaves the noise as it was. Two counts whose people differ
    by a few are then equal when those few all said Nej; far more often than chance, if that is
    the key. If it is, two that differ by one person and are not equal give that person's Ja away.
    """
    values = np.arange(-rules.bound, rules.bound + 1)
    weights = np.exp(-(values**2) / (2 * rules.sigma**2))
    apart = np.convolve(weights, weights) / weights.sum() ** 2

    def chance(difference: float, others: int, ja: int, share: float, least: int = 0) -> float:
        """Of a difference with new noise, ``ja`` known Ja and as many others, some at least."""
        return sum(
            comb(others, k) * share**k * (1 - share) ** (others - k) * apart[round(at)]
            for k in range(least, others + 1)
            if 0 <= (at := difference - ja - k + 2 * rules.bound) < len(apart)
        )

    shares = _shares(people)
    evidence, textbook = np.zeros(people.said.shape), 0.0
    for part, whole in _nested(seen, most):
        question = seen.counted[whole]
        if question >= len(QUESTIONS):
            continue
        few = np.flatnonzero(seen.members[whole] & ~seen.members[part])
        share, others = float(shares[question]), len(few) - 1
        difference = seen.value[whole] - seen.value[part]
        if abs(difference) > 2 * rules.bound:
            continue
        unchanged = float(difference == 0)
        keyed = (1 - share) ** len(few) * unchanged + chance(difference, len(few), 0, share, 1)
        textbook += log(max(keyed, 1e-9) / max(chance(difference, len(few), 0, share), 1e-9))
        nej = (1 - share) ** others * unchanged + chance(difference, others, 0, share, 1)
        ja = chance(difference, others, 1, share)
        evidence[few, question] += log(max(ja, 1e-300)) - (log(nej) if nej else -np.inf)
    return evidence if textbook > log(1000) else np.zeros(evidence.shape)


def right_when_all_others_are_known(people: People, seen: Seen) -> Numbers:
    """For each question, how often the last answer is guessed right by one who knows all others.

    Ja and Nej weigh the same. The person's own answers to the other questions are known as well.
    """
    noise = seen.value - (seen.members * people.truth[:, seen.counted].T).sum(axis=1)
    right = []
    for question in range(len(QUESTIONS)):
        change = people.counted_otherwise(question) - people.truth
        other = noise[:, None] - change[:, seen.counted].T * seen.members
        odds = ((other**2 - (noise**2)[:, None]) / (2 * seen.variance[:, None])).sum(axis=0)
        odds[(np.abs(other) > seen.residual[:, None] + 1e-9).any(axis=0)] = np.inf
        guessed = (odds > 0) + 0.5 * (odds == 0)
        asked, said = people.answered[:, question], people.said[:, question]
        right.append((guessed[asked & said].mean() + guessed[asked & ~said].mean()) / 2)
    return np.array(right)


def right_when_the_federation_is_known(people: People, seen: Seen) -> Numbers:
    """The same of one who knows all other answers of the person's federation, and no others."""
    model = _Model.of(people)
    federation = people.backgrounds["federation"]
    guessed = np.zeros(people.said.shape)
    for one in np.unique(federation):
        here: Booleans = np.asarray(federation == one)
        some = seen.only(seen.members @ here)
        members, f = some.members[:, here], some.counted
        inverse = model.inverse(replace(some, members=some.members & ~here))
        known = (members * people.truth[here][:, f].T).sum(axis=1)
        elsewhere = (some.members & ~here).sum(axis=1) * model.mean[f]
        surprise = some.value - known - elsewhere
        for question in range(len(QUESTIONS)):
            change = people.counted_otherwise(question)[here] - people.truth[here]
            change = change[:, f].T * members
            odds = 0.5 * np.einsum("oi,oi->i", change, inverse @ change)
            guessed[here, question] = odds - surprise @ inverse @ change > 0
    ja = people.answered & people.said
    nej = people.answered & ~people.said
    return sum((guessed * who).sum(axis=0) / who.sum(axis=0) for who in (ja, nej)) / 2
