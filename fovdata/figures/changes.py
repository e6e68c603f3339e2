"""What changed between two releases: the protected figures of each, beside each other.

A difference of two releases' counts is never computed, nor is one of two rounded figures. What
entered between them may be a handful of people, and subtracting is what somebody does who wants
to know what those answered. Each figure has passed the gate in its own release, and is what
anybody could read there.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, TypeVar

from fovdata import responses, wording
from fovdata.figures import release as reading
from fovdata.figures import shares as share_figures
from fovdata.figures.estimates import Estimate
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.selection import Selection, labels

_T = TypeVar("_T", bound=Hashable)

KINDS = {responses.SYNTHETIC: "syntetiska", responses.REAL: "verkliga"}
"""What kind of answers a release is made of, in Swedish."""

FIRST = "Det här är den första utgåvan."

_NAMED = 3
"""So many federations a sentence names; more are counted."""


@dataclass(frozen=True)
class Change(Generic[_T]):
    """The same thing in the older and in the newer release."""

    before: _T
    after: _T


@dataclass(frozen=True)
class Turnover(Generic[_T]):
    """What the newer release has that the older lacks, and the other way round."""

    new: Sequence[_T]
    gone: Sequence[_T]


def answers(before: Release, after: Release) -> Change[int | None]:
    """How many answered in the whole country, each to the nearest 5."""
    return Change(_answers(before), _answers(after))


def shares(before: Release, after: Release) -> Mapping[str, Change[Estimate]]:
    """The whole country's share of Ja, by question."""
    then, now = (
        {one.question: one.estimate for one in share_figures.shares(release, Selection())}
        for release in (before, after)
    )
    return {question: Change(then[question], now[question]) for question in now}


def federations(before: Release, after: Release) -> Mapping[str, Change[int | None]]:
    """Answers to the nearest 5, by federation; None where they are too few to show.

    Federations that show in neither release are left out.
    """
    then, now = _federations(before), _federations(after)
    slugs = dict.fromkeys((*after.categories["federation"], *before.categories["federation"]))
    return {
        slug: Change(then.get(slug), now.get(slug)) for slug in slugs if slug in then or slug in now
    }


def years(before: Release, after: Release) -> Turnover[str]:
    """Years of answers."""
    return _turnover(before.categories["period"], after.categories["period"])


def tables(before: Release, after: Release) -> Turnover[tuple[str, ...]]:
    """Combinations of dimensions that are offered."""
    return _turnover(before.tables, after.tables)


def rules(before: Release, after: Release) -> Mapping[str, Change[float]]:
    """The disclosure rules' parameters that are not the same, by name."""
    then, now = asdict(before.rules), asdict(after.rules)
    return {name: Change(then[name], now[name]) for name in now if then[name] != now[name]}


def comparable(before: Release, after: Release) -> bool:
    """Whether both are made of the same kind of answers."""
    return before.data == after.data


def since_last(release: Release, releases: Path, registry: Registry) -> str:
    """What a release brought, in a sentence, as far as the folder it lies in can tell."""
    if release.number == 1:
        return FIRST
    if older := reading.before(release, releases):
        return said(older, release, registry)
    return "Vad som är nytt sedan förra utgåvan går inte att säga: den finns inte att läsa här."


def said(before: Release, after: Release, registry: Registry) -> str:
    """The changes in a sentence: "Sedan utgåva 1, …: från ca 85 till ca 105 svar"."""
    older = f"utgåva {before.number}, {wording.day(before.date)}"
    if not comparable(before, after):
        return (
            f"Den här utgåvan går inte att jämföra med {older}: den gjordes av "
            f"{KINDS[before.data]} svar."
        )
    *first, last = [
        _answers_said(answers(before, after)),
        *_years_said(years(before, after)),
        *_federations_said(federations(before, after), registry),
        *(["röjandereglerna är ändrade"] if rules(before, after) else []),
    ]
    return f"Sedan {older}: {', '.join(first)}{', och ' if first else ''}{last}."


def _answers_said(change: Change[int | None]) -> str:
    if change.before == change.after:
        return f"fortfarande {wording.about(change.after)}"
    return f"från {wording.about(change.before, '').rstrip()} till {wording.about(change.after)}"


def _years_said(change: Turnover[str]) -> Sequence[str]:
    said = []
    for found, one, several in (
        (change.new, "är nytt", "är nya"),
        (change.gone, "är inte längre med", "är inte längre med"),
    ):
        if len(found) == 1:
            said.append(f"år {found[0]} {one}")
        elif found:
            said.append(f"åren {wording.enumerated(found)} {several}")
    return said


def _federations_said(
    change: Mapping[str, Change[int | None]], registry: Registry
) -> Sequence[str]:
    names = labels("federation", registry)
    shown = [names.get(slug, slug) for slug, n in change.items() if n.before is None]
    hidden = [names.get(slug, slug) for slug, n in change.items() if n.after is None]
    return [
        f"{_named(found)} visas {when} för sig"
        for found, when in ((shown, "nu"), (hidden, "inte längre"))
        if found
    ]


def _named(federations: Sequence[str]) -> str:
    if len(federations) > _NAMED:
        return f"{wording.in_words(len(federations))} förbund"
    return wording.enumerated(federations)


def _turnover(before: Sequence[_T], after: Sequence[_T]) -> Turnover[_T]:
    return Turnover(
        [one for one in after if one not in before], [one for one in before if one not in after]
    )


def _answers(release: Release) -> int | None:
    (whole,) = share_figures.number_of_answers(release, Selection())
    return whole.n


def _federations(release: Release) -> Mapping[str, int]:
    """Answers of the federations that show."""
    if not release.offers(("federation",)):
        return {}
    found = share_figures.number_of_answers(release, Selection(), ("federation",))
    return {one.group["federation"]: one.n for one in found if one.n is not None}
