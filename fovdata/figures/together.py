"""Questions that are counted together: witnessed violence against exposure, kinds and pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from fovdata import measures
from fovdata import questionnaire as form
from fovdata.figures.estimates import Cell, Difference, Estimate, difference, estimate
from fovdata.figures.release import NOBODY, Counts, NotOffered, Release
from fovdata.rules import Rules, Status
from fovdata.selection import Selection

_HIDDEN = Estimate(Status.HIDDEN)


@dataclass(frozen=True)
class Witnessed:
    """Share Ja to ``question`` among those with Ja, and with Nej, to question 6.

    ``gender`` is None for everybody. ``difference`` is Ja minus Nej.
    """

    question: str
    gender: str | None
    yes: Estimate
    no: Estimate
    difference: Difference


@dataclass(frozen=True)
class Kinds:
    """Share with exactly ``count`` of the four kinds of violence by someone close."""

    count: int
    gender: str | None
    estimate: Estimate


@dataclass(frozen=True)
class AnyExperience:
    """Share with Ja to at least one of questions 1 to ``last``."""

    last: int
    gender: str | None
    estimate: Estimate


@dataclass(frozen=True)
class Pair:
    """Share with Ja to ``other`` among those with Ja to ``given``; whole country."""

    given: str
    other: str
    estimate: Estimate


def witnessed(
    release: Release, selection: Selection, by_gender: bool = False
) -> Sequence[Witnessed]:
    """Question 6 × each other question, at most one filter or the split. Raises NotOffered.

    With the split, women's and men's rows follow each other.
    """
    return [
        _witnessed(counts, question, gender, release.rules)
        for gender, counts in _by_gender(release, selection, by_gender)
        for question in measures.ASSOCIATED
    ]


def kinds(release: Release, by_gender: bool = False) -> Sequence[Kinds]:
    """How many of the four kinds a person has met: 0 to 4, whole country."""
    return [
        Kinds(
            count,
            gender,
            estimate(
                Cell.of(counts, measures.answered_all(measures.KINDS_SET), measures.kinds(count)),
                release.rules,
            ),
        )
        for gender, counts in _by_gender(release, Selection(), by_gender)
        for count in measures.KINDS_MET
    ]


def any_experience(release: Release, by_gender: bool = False) -> Sequence[AnyExperience]:
    """Ja to at least one of questions 1–4, 1–5 and 1–7, whole country."""
    return [
        AnyExperience(
            len(questions),
            gender,
            estimate(
                Cell.of(counts, measures.answered_all(several), measures.yes_any(several)),
                release.rules,
            ),
        )
        for gender, counts in _by_gender(release, Selection(), by_gender)
        for several, questions in measures.SEVERAL.items()
    ]


def pairs(release: Release) -> Sequence[Pair]:
    """Which kinds of violence go together: each kind among those who met another."""
    (counts,) = release.counts(Selection()).values()
    rules = release.rules
    found = []
    for first, second in measures.PAIRS:
        n_label, y_first, y_second, both = measures.together(first, second)
        n = counts.values.get(n_label, 0)
        for given, y_given, other in ((first, y_first, second), (second, y_second, first)):
            cell = Cell.of(counts, y_given, both)
            shown = n >= rules.association and rules.show <= cell.n <= n - rules.show
            found.append(Pair(given, other, estimate(cell, rules) if shown else _HIDDEN))
    return found


def _witnessed(counts: Counts, question: str, gender: str | None, rules: Rules) -> Witnessed:
    n, y6, yk, j = (
        counts.values.get(label, 0) for label in measures.together(form.WITNESSED.code, question)
    )
    yes = Cell(y6, j, counts.draws)
    no = Cell(n - y6, yk - j, 2 * counts.draws)
    if n < rules.association or min(yes.n, no.n) < rules.show:
        return Witnessed(question, gender, _HIDDEN, _HIDDEN, Difference(Status.HIDDEN))
    # y6 and j stand in both rows, so their errors go opposite ways.
    shared = (1 + yes.y / yes.n * no.y / no.n) / (yes.n * no.n)
    return Witnessed(
        question,
        gender,
        estimate(yes, rules),
        estimate(no, rules),
        difference(yes, no, rules, 2 * counts.draws * rules.sigma**2 * shared),
    )


def _by_gender(
    release: Release, selection: Selection, by_gender: bool
) -> Sequence[tuple[str | None, Counts]]:
    """The selection's counts, whole or for women and men."""
    if len(selection.chosen) + by_gender > 1:
        raise NotOffered  # two questions together allow one filter, however large the groups
    if not by_gender:
        return [(None, release.counts(selection).get((), NOBODY))]
    counts = release.counts(selection, ("gender",))
    return [(gender.code, counts.get((gender.code,), NOBODY)) for gender in (form.WOMEN, form.MEN)]
