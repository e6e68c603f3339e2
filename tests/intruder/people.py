"""Whom the intruder knows: everybody's background, and which questions each one answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from fovdata import measures
from fovdata import questionnaire as form
from fovdata.registry import Registry
from fovdata.selection import EARLIER, LATEST

Booleans = np.ndarray
Numbers = np.ndarray
Codes = Mapping[str, str]
"""Whom a cell is about: category code by dimension."""

QUESTIONS = tuple(question.code for question in form.QUESTIONS)
_PATTERNS = (np.arange(2 ** len(QUESTIONS))[:, None] >> np.arange(len(QUESTIONS)) & 1).astype(bool)


@dataclass(frozen=True)
class Counted:
    """What a count of Ja counts: those of the people who answered ``needs`` that ``holds`` for.

    ``holds`` has a value for each of the 128 ways to answer the form, 1 if such a person counts.
    """

    label: str
    needs: tuple[int, ...]
    holds: Numbers


def _counted() -> Iterator[Counted]:
    def of(label: str, codes: Sequence[str], holds: Booleans) -> Counted:
        return Counted(label, tuple(map(QUESTIONS.index, codes)), holds.astype(float))

    ja = dict(zip(QUESTIONS, _PATTERNS.T, strict=True))
    for code in QUESTIONS:
        yield of(measures.yes(code), [code], ja[code])
    for first, second in (*measures.ASSOCIATIONS, *measures.PAIRS):
        *_, both = measures.together(first, second)
        yield of(both, [first, second], ja[first] & ja[second])
    for several, questions in measures.SEVERAL.items():
        codes = [question.code for question in questions]
        met = np.sum([ja[code] for code in codes], axis=0)
        yield of(measures.yes_any(several), codes, met > 0)
        if several == measures.KINDS_SET:
            for kinds in measures.KINDS_MET:
                yield of(measures.kinds(kinds), codes, met == kinds)


COUNTED = tuple(_counted())
"""Every count that depends on what somebody answered, the seven questions' own first."""


@dataclass(frozen=True)
class People:
    """The persons (first-time forms), one place each in every array.

    ``backgrounds`` gives everybody's category code by dimension, ``answered`` (persons × 7)
    whether a question was answered, ``ids`` the record's id. ``said`` (persons × 7) is the truth,
    True for Ja: nothing of it but ``patterns`` may reach the intruder.
    """

    backgrounds: Mapping[str, np.ndarray]
    answered: Booleans
    ids: Sequence[str]
    said: Booleans

    def __len__(self) -> int:
        return len(self.ids)

    def within(self, codes: Codes) -> Booleans:
        """Which persons a cell is about."""
        inside = np.ones(len(self), bool)
        for dimension, code in codes.items():
            inside &= self.backgrounds[dimension] == code
        return inside

    @cached_property
    def patterns(self) -> Numbers:
        """How common each way to answer the whole form is in the country.

        The intruder is given this, which is more than the product says.
        """
        whole = self.said[self.answered.all(axis=1)]
        return np.bincount(whole @ (1 << np.arange(len(QUESTIONS))), minlength=128) / len(whole)

    @cached_property
    def answering(self) -> Booleans:
        """Persons × COUNTED: who answered what the count needs."""
        return np.stack([self.answered[:, one.needs].all(axis=1) for one in COUNTED], axis=1)

    @cached_property
    def truth(self) -> Numbers:
        """Persons × COUNTED: who is counted."""
        own = self.said @ (1 << np.arange(len(QUESTIONS)))
        return np.stack([one.holds[own] for one in COUNTED], axis=1) * self.answering

    def counted_otherwise(self, question: int) -> Numbers:
        """Persons × COUNTED: who would be counted had they answered the question otherwise."""
        said = self.said.copy()
        said[:, question] = ~said[:, question] & self.answered[:, question]
        own = said @ (1 << np.arange(len(QUESTIONS)))
        return np.stack([one.holds[own] for one in COUNTED], axis=1) * self.answering


def people(table: pa.Table, registry: Registry) -> People:
    """The persons behind a table of answers."""
    frame = table.to_pandas()
    frame = frame[frame["fill_count"] == form.FIRST_TIME.code].reset_index(drop=True)
    regions = {federation.slug: federation.region for federation in registry.federations}
    columns = {
        "period": frame["year"].astype(str),
        "region": frame["federation"].map(regions),
        "federation": frame["federation"],
        "gender": frame["gender"],
        "age": frame["age_band"],
        "authority": frame["authority"],
        LATEST: np.where(frame["year"] == frame["year"].max(), LATEST, EARLIER),
    }
    answers = frame[list(QUESTIONS)].to_numpy()
    return People(
        {dimension: np.array(codes, str) for dimension, codes in columns.items()},
        answers != form.BLANK,
        frame["response_id"].tolist(),
        answers == form.YES,
    )
