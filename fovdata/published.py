"""Figures that have been published, each with its source: constants, never recomputed.

Each is a point of its own. They count different things and do not make one series.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from fovdata import tables as _tables
from fovdata import wording


@dataclass(frozen=True)
class Source:
    """What a figure rests on. ``date`` is a year, a month or a day, as precisely as known."""

    id: str
    title: str
    publisher: str
    date: str | None
    web: str | None

    @property
    def short(self) -> str:
        """Who and when: "NNS, 14 februari 2023"."""
        return self.publisher + self._when

    @property
    def citation(self) -> str:
        """Who, what and when: "Finsam: Nyhet …, 24 november 2021 (finsam.se)"."""
        who = "" if self.title.startswith(self.publisher) else f"{self.publisher}: "
        where = f" ({self.web})" if self.web else ""
        return f"{who}{self.title}{self._when}{where}"

    @property
    def _when(self) -> str:
        if self.date is None:
            return ""
        known = self.date.count("-")  # a year, a month of it, or a day
        if known == 0:
            return f", {self.date}"
        if known == 1:
            return f", {wording.month(date.fromisoformat(f'{self.date}-01'))}"
        return f", {wording.day(date.fromisoformat(self.date))}"


@dataclass(frozen=True)
class Growth:
    """How far the commission had come, in numbers; None where not published.

    ``date`` is for order and axes; ``precision`` (day, month, season) says how much of it is
    known, and ``when`` says it in words.
    """

    when: str
    date: date
    precision: str
    federations: int
    regions: int | None
    municipalities: int | None
    source: str


@dataclass(frozen=True)
class Answers:
    """A number of answers. ``counts`` says what is counted, ``regions`` from how many regions."""

    answers: int
    counts: str
    when: str
    regions: int | None
    source: str


@dataclass(frozen=True)
class Share:
    """The share who answered Ja, in per cent; ``n`` counts women and men together."""

    question: str
    gender: str
    year: int
    share: int
    n: int
    source: str


@dataclass(frozen=True)
class Association:
    """The share of Ja, in per cent, among those who answered ``witnessed`` to question 6.

    ``n`` counts both answers to question 6 together.
    """

    witnessed: str
    question: str
    share: int
    n: int
    when: str
    source: str


@dataclass(frozen=True)
class Experience:
    """A published range in per cent, ``low`` equal to ``high`` for a single figure.

    ``measure`` is "any", Ja to at least one question, or "q6", Ja to question 6.
    """

    measure: str
    low: int
    high: int
    area: str
    when: str | None
    n: int | None
    source: str


@dataclass(frozen=True)
class Reference:
    """Another survey's figure, in per cent: shown only with definition and comparability.

    ``women`` and ``men`` are numbers to draw, the texts what was published. ``question`` is the
    nearest question of the form, if any; ``comparability`` is low or medium.
    """

    id: str
    reference: str
    population: str | None
    definition: str
    women: float
    men: float | None
    women_text: str
    men_text: str | None
    comparability: str
    question: str | None
    note: str | None
    source: str


@dataclass(frozen=True)
class Support:
    """Public help: ``kind`` is stödlinje, nödnummer or resurscentrum."""

    kind: str
    name: str
    phone: str | None
    web: str | None
    area: str
    status: str
    source: str | None


@cache
def sources() -> tuple[Source, ...]:
    """Every source, in the order of the table."""
    return tuple(Source(**row) for row in _rows("sources"))


def source(identity: str) -> Source:
    """The source with this id; KeyError if there is none."""
    return {source.id: source for source in sources()}[identity]


@cache
def growth() -> tuple[Growth, ...]:
    """How the commission grew, oldest first."""
    return tuple(sorted((Growth(**row) for row in _rows("growth")), key=lambda row: row.date))


@cache
def answers() -> tuple[Answers, ...]:
    """How many answers have been received, as published."""
    return tuple(Answers(**row) for row in _rows("answers"))


def shares(gender: str | None = None, year: int | None = None) -> tuple[Share, ...]:
    """Who answered Ja to questions 1–4: of one gender and one year's measurement, or all."""
    return tuple(
        row
        for row in _shares()
        if (gender is None or row.gender == gender) and (year is None or row.year == year)
    )


def association(witnessed: str | None = None) -> tuple[Association, ...]:
    """Own exposure among those who did or did not witness violence while growing up."""
    return tuple(row for row in _association() if witnessed is None or row.witnessed == witnessed)


def experience(measure: str) -> tuple[Experience, ...]:
    """How many answer Ja to something ("any") or to question 6 ("q6"): one row a source."""
    return tuple(row for row in _experience() if row.measure == measure)


def references(question: str | None = None) -> tuple[Reference, ...]:
    """What other surveys say, near one question or all of them."""
    return tuple(row for row in _references() if question is None or row.question == question)


def support(kind: str | None = None) -> tuple[Support, ...]:
    """Where help is to be had, of one kind or all."""
    return tuple(row for row in _support() if kind is None or row.kind == kind)


TABLES = (
    "growth",
    "answers",
    "shares",
    "association",
    "any_experience",
    "references",
    "support",
    "sources",
)


def tables() -> Mapping[str, tuple[Mapping[str, str | int | float | None], ...]]:
    """Every published table by name: its rows as values that JSON can hold, days as text."""
    return {
        name: tuple(
            {
                column: value.isoformat() if isinstance(value, date) else value
                for column, value in row.items()
            }
            for row in _rows(name)
        )
        for name in TABLES
    }


@cache
def _shares() -> tuple[Share, ...]:
    return tuple(Share(**row) for row in _rows("shares"))


@cache
def _association() -> tuple[Association, ...]:
    return tuple(Association(**row) for row in _rows("association"))


@cache
def _experience() -> tuple[Experience, ...]:
    return tuple(Experience(**row) for row in _rows("any_experience"))


@cache
def _references() -> tuple[Reference, ...]:
    return tuple(Reference(**row) for row in _rows("references"))


@cache
def _support() -> tuple[Support, ...]:
    return tuple(Support(**row) for row in _rows("support"))


@cache
def _rows(name: str) -> tuple[dict[str, Any], ...]:
    return _tables.records(name)
