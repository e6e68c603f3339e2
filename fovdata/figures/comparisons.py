"""A federation beside the rest of its region and of the country, and which differences are real.

The rest is the whole minus the federation, by protected counts. Where the federation's own share
is not shown, a rest would tell of it: there stand the whole region and the whole country.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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
    standardised_beside,
)
from fovdata.figures.intervals import Apart
from fovdata.figures.release import NOBODY, Counts, NotOffered, Release, kept
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


@kept
def compared(
    release: Release, genders: tuple[str, ...] = (), adjusted: bool = False
) -> Sequence[Comparison]:
    """Every federation and question, federation by federation. Raises NotOffered.

    Women or men alone are not tried, so that all verdicts are of one family. ``adjusted`` has
    shares that are standardised to the country's women and men, and a family of their own.
    """
    family = _family(release, genders, adjusted)
    return tuple(
        one
        for federation in release.categories["federation"]
        for one in _compared(release, family, federation)
    )


@kept
def of_federation(
    release: Release, federation: str, genders: tuple[str, ...] = ()
) -> Sequence[Comparison]:
    """One federation's questions, tried among all others'. Raises NotOffered."""
    all_of_them = compared(release, genders) if genders else compared(release)
    return tuple(one for one in all_of_them if one.federation == federation)


def others_in_region(release: Release, federation: str) -> Sequence[str]:
    """The other federations of a federation's region."""
    region = release.region_of[federation]
    return [slug for slug in release.federations_in((region,)) if slug != federation]


def how_spread(release: Release, question: str) -> Spread:
    """How much the federations differ in a question. Raises NotOffered."""
    groups = _family(release, (), False).groups
    cells = [
        cell
        for federation in release.categories["federation"]
        for cell, _ in groups.federation(federation, question)
        if are_shown([(cell, 1.0)], release.rules)
    ]
    if len(cells) < 2:
        return Spread(len(cells))
    return Spread(len(cells), *spread(cells, release.rules))


_Of = tuple[str, str]
"""A region or a federation, and a question."""


@dataclass(frozen=True)
class _Groups:
    """The cells of everybody by question, and of each region and federation."""

    nobody: Strata
    country: Mapping[str, Strata]
    regions: Mapping[_Of, Strata]
    federations: Mapping[_Of, Strata]

    def region(self, code: str, question: str) -> Strata:
        """A region's cells for a question."""
        return self.regions.get((code, question), self.nobody)

    def federation(self, slug: str, question: str) -> Strata:
        """A federation's cells for a question."""
        return self.federations.get((slug, question), self.nobody)


@dataclass(frozen=True)
class _Family:
    """All federations and questions, to be tried together.

    ``rest`` are the cells of the rest of the country, and ``tried`` what the verdicts are tried
    on, where a federation's own share is shown. A funnel has the ``country`` in its middle; there
    is none of the adjusted.
    """

    groups: _Groups
    rest: Mapping[_Of, Strata]
    tried: Mapping[_Of, Sequence[Apart]]
    verdicts: Mapping[_Of, Verdict]
    country: Mapping[str, Estimate]


@kept
def _family(release: Release, genders: tuple[str, ...], adjusted: bool) -> _Family:
    groups, rules = _groups(release, genders, adjusted), release.rules
    rest = {
        (federation, question.code): _minus(groups.country[question.code], own)
        for federation in release.categories["federation"]
        for question in form.QUESTIONS
        if are_shown(own := groups.federation(federation, question.code), rules)
    }
    tried = {of: apart(groups.federation(*of), others, rules) for of, others in rest.items()}
    funnel = not genders and not adjusted
    return _Family(
        groups,
        rest,
        tried,
        {} if genders else _verdicts(tried),
        {code: standardised(own, rules) for code, own in groups.country.items() if funnel},
    )


def _groups(release: Release, genders: Sequence[str], adjusted: bool) -> _Groups:
    selection = Selection(gender=tuple(genders))
    strata = [one.code for one in (form.WOMEN, form.MEN)] if adjusted else [None]

    def of(*by: str) -> Mapping[str, Sequence[Counts]]:
        counts = release.counts(selection, (*by, "gender") if adjusted else by)
        codes = dict.fromkeys(key[0] if by else _COUNTRY for key in counts)
        return {
            code: [
                counts.get((*((code,) if by else ()), *((one,) if one else ())), NOBODY)
                for one in strata
            ]
            for code in codes
        }

    country = of()[_COUNTRY]
    weights = _weights(country, release.rules) if adjusted else [1.0]

    def cells(counts: Sequence[Counts], question: str) -> Strata:
        n, yes = measures.answered(question), measures.yes(question)
        return [(Cell.of(one, n, yes), weight) for one, weight in zip(counts, weights, strict=True)]

    def each(by: str) -> Mapping[_Of, Strata]:
        return {
            (code, question.code): cells(counts, question.code)
            for code, counts in of(by).items()
            for question in form.QUESTIONS
        }

    return _Groups(
        [(Cell(0, 0, 0), weight) for weight in weights],
        {question.code: cells(country, question.code) for question in form.QUESTIONS},
        each("region"),
        each("federation"),
    )


_COUNTRY = ""


def _weights(strata: Sequence[Counts], rules: Rules) -> Sequence[float]:
    """The strata's parts of all answers, by the rounded numbers: they say no more than those do."""
    found = [answers(counts, rules) for counts in strata]
    if None in found:
        raise NotOffered
    return [(n or 0) / sum(n or 0 for n in found) for n in found]


def _compared(release: Release, family: _Family, federation: str) -> Iterator[Comparison]:
    groups, rules = family.groups, release.rules
    others = others_in_region(release, federation)
    for question in form.QUESTIONS:
        of = (federation, question.code)
        own, region = groups.federation(*of), groups.nobody
        rest, tried = family.rest.get(of), family.tried.get(of, ())
        if rest and len(others) == 1:
            # The same people, so the same figure: subtracting would give them a second one.
            region = groups.federation(others[0], question.code)
        elif others:
            region = groups.region(release.region_of[federation], question.code)
            region = _minus(region, own) if rest else region
        shared = sum(one.shared_variance for one in tried)
        share, country, difference = standardised_beside(
            own, rest or groups.country[question.code], rules, shared
        )
        yield Comparison(
            question.code,
            federation,
            share,
            standardised(region, rules),
            country,
            Beside.REST if rest else Beside.WHOLE,
            difference,
            family.verdicts.get(of),
            _outside(share, family.country.get(question.code), rules),
        )


def _minus(whole: Strata, part: Strata) -> Strata:
    return [
        (Cell(one.n - other.n, one.y - other.y, one.draws + other.draws), weight)
        for (one, weight), (other, _) in zip(whole, part, strict=True)
    ]


def _verdicts(family: Mapping[_Of, Sequence[Apart]]) -> Mapping[_Of, Verdict]:
    tried = {
        of: strata
        for of, strata in family.items()
        if strata and min(one.expected for one in strata) >= LEAST_EXPECTED
    }
    corrected = intervals.benjamini_hochberg([intervals.p_apart(one) for one in tried.values()])
    verdicts = {}
    for (of, strata), p in zip(tried.items(), corrected, strict=True):
        verdicts[of] = Verdict.NO_CERTAIN_DIFFERENCE
        if p < FALSE_DISCOVERIES:
            above = sum(one.difference for one in strata) > 0
            verdicts[of] = Verdict.HIGHER if above else Verdict.LOWER
    return verdicts


def _outside(own: Estimate, country: Estimate | None, rules: Rules) -> Limit | None:
    """Of what is shown, rounded: so that who sees the chart sees why."""
    if country is None or own.share is None or own.n is None or country.share is None:
        return None
    beyond = None
    for limit in Limit:
        low, high = limits(country.share, own.n, limit, rules)
        if not low <= own.share <= high:
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
