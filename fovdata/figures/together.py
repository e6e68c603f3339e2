"""Questions that are counted together: witnessed violence against exposure, kinds and pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fovdata import measures
from fovdata import questionnaire as form
from fovdata.figures import intervals
from fovdata.figures.estimates import (
    Cell,
    Difference,
    Estimate,
    Ratio,
    beside,
    estimate,
    p_values,
    ratio,
)
from fovdata.figures.intervals import Four, Fourfold
from fovdata.figures.release import NOBODY, Counts, NotOffered, Release, kept
from fovdata.rules import Rules, Status
from fovdata.selection import Selection

_HIDDEN = Estimate(Status.HIDDEN)
_NO_RATIO = Ratio(Status.HIDDEN)
_DRAWS = (1, 1, 1, 1)
"""How many draws of noise one cell's n, y6, yk and j hold, each. That Ja to one question is made
with two numbers of answers too (see _crossed) adds little, and takes away as much where the rows
are subtracted."""
_LEVEL = 0.05


@dataclass(frozen=True)
class Witnessed:
    """Share Ja to ``question`` among those with Ja, and with Nej, to question 6.

    ``gender`` is None for everybody. ``difference`` is Ja minus Nej, ``ratio`` Ja through Nej.
    """

    question: str
    gender: str | None
    yes: Estimate
    no: Estimate
    difference: Difference
    ratio: Ratio


@dataclass(frozen=True)
class Adjusted:
    """Question 6's risk ratio to ``question``: crude of everybody, and adjusted for gender.

    Adjusted rests on women and men. ``p`` is of the test whether women's and men's odds ratios
    differ, to two decimals and corrected for being one of six; None if a gender has too few.
    """

    question: str
    crude: Ratio
    adjusted: Ratio
    p: float | None

    @property
    def differs(self) -> bool:
        """Whether women's and men's associations differ beyond doubt."""
        return self.p is not None and self.p < _LEVEL


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


@kept
def witnessed(
    release: Release, selection: Selection, by_gender: bool = False
) -> Sequence[Witnessed]:
    """Question 6 × each other question, at most one filter or the split. Raises NotOffered.

    With the split, women's and men's rows follow each other.
    """
    return tuple(
        _witnessed(counts, question, gender, release.rules)
        for gender, counts in _by_gender(release, selection, by_gender)
        for question in measures.ASSOCIATED
    )


def witnessed_where_shown(
    release: Release, selection: Selection
) -> tuple[Selection, Sequence[Witnessed]]:
    """As ``witnessed``, and of whom: of everybody, where all of the selection is hidden."""
    found = witnessed(release, selection)
    if all(one.yes.status is one.no.status is Status.HIDDEN for one in found):
        return Selection(), witnessed(release, Selection())
    return selection, found


@kept
def adjusted(release: Release) -> Sequence[Adjusted]:
    """Question 6 × each other question, before and after adjustment for gender; whole country."""
    everybody = witnessed(release, Selection())
    women, men = (counts for _, counts in _by_gender(release, Selection(), by_gender=True))
    tables = [
        [_crossed(counts, form.WITNESSED.code, one.question) for counts in (women, men)]
        for one in everybody
    ]
    variances = _variances(women, release.rules)  # the men's are the same: both are one cell
    p_values_of = p_values(tables, variances, release.rules)
    return tuple(
        Adjusted(one.question, one.ratio, ratio(strata, variances, release.rules), p)
        for one, strata, p in zip(everybody, tables, p_values_of, strict=True)
    )


@kept
def kinds(release: Release, by_gender: bool = False) -> Sequence[Kinds]:
    """How many of the four kinds a person has met: 0 to 4, whole country."""
    return tuple(
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
    )


@kept
def any_experience(release: Release, by_gender: bool = False) -> Sequence[AnyExperience]:
    """Ja to at least one of questions 1–4, 1–5 and 1–7, whole country."""
    return tuple(
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
    )


@kept
def pairs(release: Release) -> Sequence[Pair]:
    """Which kinds of violence go together: each kind among those who met another."""
    (counts,) = release.counts(Selection()).values()
    rules = release.rules
    found = []
    for first, second in measures.PAIRS:
        crossed = _crossed(counts, first, second)
        turned = replace(crossed, first=crossed.second, second=crossed.first)
        for given, other, table in ((first, second, crossed), (second, first, turned)):
            cell, _ = _rows(table, counts.draws)
            shown = table.n >= rules.association and min(table.rows) >= rules.show
            found.append(Pair(given, other, estimate(cell, rules) if shown else _HIDDEN))
    return tuple(found)


def _witnessed(counts: Counts, question: str, gender: str | None, rules: Rules) -> Witnessed:
    table, variances = _crossed(counts, form.WITNESSED.code, question), _variances(counts, rules)
    if table.n < rules.association or min(table.rows) < rules.show:
        return Witnessed(question, gender, _HIDDEN, _HIDDEN, Difference(Status.HIDDEN), _NO_RATIO)
    yes, no = _rows(table, counts.draws)
    shared = intervals.shared_variance(table, variances)
    return Witnessed(
        question,
        gender,
        *beside(yes, no, rules, shared),
        ratio([table], variances, rules),
    )


def _crossed(counts: Counts, first: str, second: str) -> Fourfold:
    """Two questions on those who answered both; labels that were not released count nobody.

    Each question's share of Ja is that of all who answered it: those who left only the other one
    blank, a few per cent, are taken to be like the rest. Counted apart they would be protected
    less than anybody else.
    """
    n, both = (counts.values.get(label, 0) for label in measures.together(first, second))

    def yes(question: str) -> int:
        answered = counts.values.get(measures.answered(question), 0)
        return round(n * counts.values.get(measures.yes(question), 0) / answered) if answered else 0

    return Fourfold(n, yes(first), yes(second), both)


def _rows(table: Fourfold, draws: int) -> tuple[Cell, Cell]:
    """Share Ja to the second question among those with Ja, and with Nej, to the first.

    A row holds the draws of that of its counts which has more: too wide, never too narrow.
    """
    n, first, second, both = _DRAWS
    return (
        Cell(table.first, table.both, draws * max(first, both)),
        Cell(
            table.n - table.first, table.second - table.both, draws * max(n + first, second + both)
        ),
    )


def _variances(counts: Counts, rules: Rules) -> Four:
    n, first, second, both = (draws * counts.draws * rules.sigma**2 for draws in _DRAWS)
    return n, first, second, both


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
