"""A federation beside the rest of its region and of the country, and which differences are real.

The rest is the whole minus the federation, by protected counts. Where the federation's own share
is not shown, a rest would tell of it: there stand the whole region and the whole country.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from fovdata import measures
from fovdata import questionnaire as form
from fovdata.figures import intervals
from fovdata.figures.estimates import (
    Cell,
    Difference,
    Estimate,
    Strata,
    answers,
    apart,
    are_shown,
    spread,
    standardised,
    standardised_difference,
)
from fovdata.figures.intervals import Apart
from fovdata.figures.release import NOBODY, Counts, NotOffered, Release
from fovdata.rules import Rules, Status
from fovdata.selection import Selection


class Verdict(StrEnum):
    """What may be said of a federation's share beside that of the rest of the country."""

    HIGHER = "higher"
    LOWER = "lower"
    NO_CERTAIN_DIFFERENCE = "no_certain_difference"


class Beside(StrEnum):
    """What of region and country stands beside a federation: the rest of them, or the whole."""

    REST = "rest"
    WHOLE = "whole"


class Limit(StrEnum):
    """The limits of a funnel, by the per cent of like groups that lie within them."""

    INNER = "95"
    OUTER = "99.8"


Z_OF = {Limit.INNER: intervals.Z95, Limit.OUTER: intervals.Z998}

FALSE_DISCOVERIES = 0.05
"""At most this part of the verdicts "higher" and "lower" is expected to be wrong."""
LEAST_EXPECTED = 5
"""A difference is tried where so many Ja, and so many Nej, are expected of the federation."""


@dataclass(frozen=True)
class Comparison:
    """A federation's share of Ja to one question, beside those of region and country.

    ``region`` is hidden where no other federation is in it. ``difference`` is the federation's
    share minus the rest of the country's; ``verdict`` what may be said of it when all federations
    and questions are tried together, None where it is not tried. ``outside`` is the outermost of
    the funnel's limits that the share, as it is shown, lies beyond.
    """

    question: str
    federation: str
    own: Estimate
    region: Estimate
    country: Estimate
    beside: Beside
    difference: Difference
    verdict: Verdict | None = None
    outside: Limit | None = None


@dataclass(frozen=True)
class Spread:
    """How much more federations differ in one question than chance and noise would make them.

    ``times`` is χ² through its degrees of freedom, to one decimal: about 1 where chance is all
    there is. ``beyond_chance`` is whether chance alone would exceed it less than 5 times in 100.
    ``federations`` is on how many it rests; the other two are None where on fewer than two.
    """

    federations: int
    times: float | None = None
    beyond_chance: bool | None = None


@lru_cache(maxsize=16)
def compared(
    release: Release, genders: tuple[str, ...] = (), adjusted: bool = False
) -> Sequence[Comparison]:
    """Every federation and question, federation by federation. Raises NotOffered.

    Kept, for one federation's verdicts need all others'.

    Women or men alone are not tried, so that all verdicts are of one family. ``adjusted`` has
    shares that are standardised to the country's women and men, and a family of their own.
    """
    groups = _groups(release, genders, adjusted)
    found = [
        _compared(groups, federation, question.code, release.rules)
        for federation in release.categories["federation"]
        for question in form.QUESTIONS
    ]
    if genders:
        return tuple(one for one, _ in found)
    verdicts = _verdicts([strata for _, strata in found])
    return tuple(
        replace(
            one,
            verdict=verdict,
            outside=None if adjusted else _outside(groups, one, release.rules),
        )
        for (one, _), verdict in zip(found, verdicts, strict=True)
    )


def of_federation(
    release: Release, federation: str, genders: tuple[str, ...] = ()
) -> Sequence[Comparison]:
    """One federation's questions, tried among all others'. Raises NotOffered."""
    return [one for one in compared(release, genders) if one.federation == federation]


def others_in_region(release: Release, federation: str) -> Sequence[str]:
    """The other federations of a federation's region."""
    region = release.region_of[federation]
    return [slug for slug in release.federations_in((region,)) if slug != federation]


def how_spread(release: Release, question: str) -> Spread:
    """How much the federations differ in a question. Raises NotOffered."""
    groups = _groups(release)
    cells = [
        cell
        for federation in release.categories["federation"]
        for cell, _ in groups.strata(groups.federations, federation, question)
        if are_shown([(cell, 1.0)], release.rules)
    ]
    if len(cells) < 2:
        return Spread(len(cells))
    return Spread(len(cells), *spread(cells, release.rules))


_Counts = Sequence[tuple[Counts, float]]
"""A group's counts in each stratum, with the stratum's weight."""


@dataclass(frozen=True)
class _Groups:
    """The counts of everybody, of each region and of each federation, stratum by stratum."""

    release: Release
    weights: Sequence[float]
    country: Mapping[str, Sequence[Counts]]
    regions: Mapping[str, Sequence[Counts]]
    federations: Mapping[str, Sequence[Counts]]

    def strata(self, of: Mapping[str, Sequence[Counts]], code: str, question: str) -> Strata:
        """A group's cells for a question."""
        n, yes = measures.answered(question), measures.yes(question)
        counts = of.get(code, [NOBODY] * len(self.weights))
        return [
            (Cell.of(one, n, yes), weight) for one, weight in zip(counts, self.weights, strict=True)
        ]


_COUNTRY = ""


def _groups(release: Release, genders: Sequence[str] = (), adjusted: bool = False) -> _Groups:
    selection = Selection(gender=tuple(genders))
    strata = [one.code for one in (form.WOMEN, form.MEN)] if adjusted else [None]

    def of(*by: str) -> Mapping[str, Sequence[Counts]]:
        split = (*by, "gender") if adjusted else by
        counts = release.counts(selection, split)
        codes = {key[0] if by else _COUNTRY for key in counts}
        return {
            code: [
                counts.get((*((code,) if by else ()), *((one,) if one else ())), NOBODY)
                for one in strata
            ]
            for code in codes
        }

    country = of()
    weights = _weights(country[_COUNTRY], release.rules) if adjusted else [1.0]
    return _Groups(release, weights, country, of("region"), of("federation"))


def _weights(strata: Sequence[Counts], rules: Rules) -> Sequence[float]:
    """The strata's parts of all answers, by the rounded numbers: they say no more than those do."""
    found = [answers(counts, rules) for counts in strata]
    if None in found:
        raise NotOffered
    return [(n or 0) / sum(n or 0 for n in found) for n in found]


def _compared(
    groups: _Groups, federation: str, question: str, rules: Rules
) -> tuple[Comparison, Sequence[Apart]]:
    """A comparison without its verdict, and what the verdict is tried on: nothing if it is not."""
    release = groups.release
    own = groups.strata(groups.federations, federation, question)
    country = groups.strata(groups.country, _COUNTRY, question)
    region = groups.strata(groups.regions, release.region_of[federation], question)
    shown = are_shown(own, rules)
    rest = _minus(country, own)
    others = others_in_region(release, federation)
    if not others:
        region = [(Cell(0, 0, 0), weight) for weight in groups.weights]
    elif shown and len(others) == 1:
        # The same people, so the same figure: subtracting would give them a second one.
        region = groups.strata(groups.federations, others[0], question)
    elif shown:
        region = _minus(region, own)
    tried = apart(own, rest, rules)
    return Comparison(
        question,
        federation,
        standardised(own, rules),
        standardised(region, rules),
        standardised(rest if shown else country, rules),
        Beside.REST if shown else Beside.WHOLE,
        standardised_difference(own, rest, rules, sum(one.shared_variance for one in tried)),
    ), tried


def _minus(whole: Strata, part: Strata) -> Strata:
    return [
        (Cell(one.n - other.n, one.y - other.y, one.draws + other.draws), weight)
        for (one, weight), (other, _) in zip(whole, part, strict=True)
    ]


def _verdicts(family: Sequence[Sequence[Apart]]) -> Sequence[Verdict | None]:
    tried = [
        i
        for i, strata in enumerate(family)
        if strata and min(one.expected for one in strata) >= LEAST_EXPECTED
    ]
    corrected = intervals.benjamini_hochberg([intervals.p_apart(family[i]) for i in tried])
    verdicts: list[Verdict | None] = [None] * len(family)
    for i, p in zip(tried, corrected, strict=True):
        verdicts[i] = Verdict.NO_CERTAIN_DIFFERENCE
        if p < FALSE_DISCOVERIES:
            above = sum(one.difference for one in family[i]) > 0
            verdicts[i] = Verdict.HIGHER if above else Verdict.LOWER
    return verdicts


def _outside(groups: _Groups, one: Comparison, rules: Rules) -> Limit | None:
    """Of what is shown, rounded: so that who sees the chart sees why."""
    country = standardised(groups.strata(groups.country, _COUNTRY, one.question), rules)
    if one.own.share is None or one.own.n is None or country.share is None:
        return None
    beyond = None
    for limit in Limit:
        low, high = limits(country.share, one.own.n, limit, rules)
        if not low <= one.own.share <= high:
            beyond = limit
    return beyond


def limits(share: int, n: int, limit: Limit, rules: Rules) -> tuple[float, float]:
    """Between which shares the funnel holds ``n`` answers, around a ``share``; all in per cent."""
    low, high = intervals.funnel(share / 100, n, rules.sigma**2, Z_OF[limit])
    return 100 * low, 100 * high


def is_hidden(found: Sequence[Comparison]) -> bool:
    """Whether no share of a federation's own is shown, nor a limit of it."""
    return all(one.own.status is Status.HIDDEN for one in found)


def answers_shown(found: Sequence[Comparison], n: int | None) -> int | None:
    """A federation's number of answers beside its shares: None where none of them is shown.

    ``n`` is that of all its respondents. Near the threshold its noise and the questions' may fall
    to either side; what is shown decides.
    """
    if is_hidden(found):
        return None
    return n if n is not None else max(one.own.n or 0 for one in found)
