"""A file's own figures beside the country's: through the same gate, and nobody else's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from fovdata import questionnaire as form
from fovdata.charts import dots
from fovdata.charts.dots import Mark, Series
from fovdata.charts.exhibit import Exhibit
from fovdata.charts.theme import Theme
from fovdata.figures import shares
from fovdata.figures.estimates import Cell, Estimate, estimate
from fovdata.figures.release import NotOffered, Release
from fovdata.registry import Registry
from fovdata.rules import RULES, Status
from fovdata.selection import Selection

OWN, COUNTRY = "Egen fil", "Hela landet"
_UNPROTECTED = replace(RULES, sigma=0.0)
"""The file's counts carry no noise: whoever has the file can count them. The rest holds."""


def own(answers: pd.DataFrame) -> Mapping[str, Estimate]:
    """Every question's share of Ja among the file's first-time forms, by its code.

    ``answers`` has the columns of ``responses``.
    """
    first = answers[_first(answers)]
    found = {}
    for question in form.QUESTIONS:
        counts = first[question.code].value_counts()
        yes, no = (int(counts.get(code, 0)) for code in (form.YES, form.NO))
        found[question.code] = estimate(Cell(yes + no, yes, 1), _UNPROTECTED)
    return found


def first_time(answers: pd.DataFrame) -> int:
    """How many of the file's forms its shares rest on."""
    return int(_first(answers).sum())


def _first(answers: pd.DataFrame) -> "pd.Series[bool]":
    return answers["fill_count"] == form.FIRST_TIME.code


@dataclass(frozen=True)
class Beside:
    """A file beside somebody larger: the country, or its region. ``name`` is theirs."""

    name: str
    exhibit: Exhibit


def exhibits(
    answers: pd.DataFrame, release: Release, members: Registry, theme: Theme
) -> Sequence[Beside]:
    """The file beside the country, and beside its region where that is one and is shown.

    None where the file has too few answers for any share.
    """
    found = own(answers)
    if all(one.status is Status.HIDDEN for one in found.values()):
        return ()
    others = {Series(COUNTRY, "country"): _released(release, Selection())}
    federations = answers["federation"].unique()
    if len(federations) == 1:
        region = members.region(members.federation(federations[0]).region)
        shown = _released(release, Selection(region=(region.code,)))
        if any(one.status is not Status.HIDDEN for one in shown.values()):
            others[Series(region.name, "region")] = shown
    return [
        Beside(series.name, _exhibit(found, series, theirs, theme))
        for series, theirs in others.items()
    ]


def limits(found: Sequence[Beside]) -> str:
    """What the limits mean that stand in the charts instead of shares; empty if none does."""
    said = {v.said: v.limit for one in found for v in one.exhibit.table.withheld if v.limit}
    return " ".join(
        f"”{words.capitalize()}”: så få svarade {'Ja' if limit[0] == '<' else 'Nej'} att den "
        "exakta siffran inte visas."
        for words, limit in sorted(said.items())
    )


def _exhibit(
    found: Mapping[str, Estimate], other: Series, theirs: Mapping[str, Estimate], theme: Theme
) -> Exhibit:
    both = {Series(OWN, "federation"): found, other: theirs}
    marks = [
        Mark(f"{question.number}. {question.short}", series.name, shares[question.code])
        for question in form.QUESTIONS
        for series, shares in both.items()
    ]
    title = f"Andel Ja: egen fil och {other.name}"
    return dots.exhibit(title, marks, tuple(both), theme, "Fråga")


def _released(release: Release, selection: Selection) -> Mapping[str, Estimate]:
    try:
        return {one.question: one.estimate for one in shares.shares(release, selection)}
    except NotOffered:
        return {}
