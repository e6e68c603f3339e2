"""Shares of Ja: by question, for a selection, whole or split into groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from fovdata import measures
from fovdata import questionnaire as form
from fovdata.figures.estimates import Cell, Difference, Estimate, answers, beside, estimate
from fovdata.figures.release import NOBODY, Counts, Release, kept
from fovdata.selection import EARLIER, LATEST, Selection


@dataclass(frozen=True)
class Share:
    """Those who answered Ja, of those who answered the question, in one group.

    ``group`` holds a category code for each dimension of the split.
    """

    question: str
    group: Mapping[str, str]
    estimate: Estimate


@dataclass(frozen=True)
class Answers:
    """Respondents of one group to the nearest 5; None where the group is too small to show."""

    group: Mapping[str, str]
    n: int | None


@dataclass(frozen=True)
class WomenAndMen:
    """One question's shares for women and men, and women minus men."""

    question: str
    women: Estimate
    men: Estimate
    difference: Difference


@kept
def shares(release: Release, selection: Selection, by: tuple[str, ...] = ()) -> Sequence[Share]:
    """Every question's share in every group, hidden groups included. Raises NotOffered."""
    return tuple(
        Share(question.code, group, estimate(_cell(counts, question.code), release.rules))
        for group, counts in _groups(release, selection, by)
        for question in form.QUESTIONS
    )


@kept
def number_of_answers(
    release: Release, selection: Selection, by: tuple[str, ...] = ()
) -> Sequence[Answers]:
    """How many answered, in every group, hidden groups included. Raises NotOffered."""
    return tuple(
        Answers(group, answers(counts, release.rules))
        for group, counts in _groups(release, selection, by)
    )


def federation_with_most_answers(release: Release) -> str:
    """Its slug. Raises NotOffered."""
    found = number_of_answers(release, Selection(), ("federation",))
    return max(found, key=lambda one: one.n or 0).group["federation"]


@kept
def women_and_men(release: Release, selection: Selection) -> Sequence[WomenAndMen]:
    """Every question by gender, with the difference. Raises NotOffered."""
    counts = release.counts(selection, ("gender",))
    women, men = (counts.get((gender.code,), NOBODY) for gender in (form.WOMEN, form.MEN))
    return tuple(
        WomenAndMen(
            question.code,
            *beside(_cell(women, question.code), _cell(men, question.code), release.rules),
        )
        for question in form.QUESTIONS
    )


@kept
def first_and_repeat(release: Release) -> Sequence[Share]:
    """First-time against repeat forms, whole country; the group's key is ``forms``."""
    forms = {"first": release.counts(Selection())[()], "repeat": release.repeat_forms()}
    return tuple(
        Share(question.code, {"forms": name}, estimate(_cell(counts, question.code), release.rules))
        for name, counts in forms.items()
        for question in form.QUESTIONS
    )


@kept
def latest_and_earlier(release: Release, federation: str) -> Sequence[Share]:
    """A federation's latest closed year beside all years before it; the group's key is ``years``.

    All hidden where the answers are too few, or of too few years, for federations to be divided.
    """
    *earlier, latest = release.categories["period"]

    def of_years(*years: str) -> Counts:
        selection = Selection(federation=(federation,), period=years)
        return release.counts(selection).get((), NOBODY) if release.compares_years else NOBODY

    return tuple(
        Share(question.code, {"years": name}, estimate(_cell(counts, question.code), release.rules))
        for name, counts in ((LATEST, of_years(latest)), (EARLIER, of_years(*earlier)))
        for question in form.QUESTIONS
    )


def categories(release: Release, selection: Selection, dimension: str) -> Sequence[str]:
    """The categories of a dimension that a split of the selection shows, in order."""
    codes = [*release.categories[dimension]]
    if dimension == "federation" and selection.region:
        within = release.federations_in(selection.region)
        codes = [code for code in codes if code in within]
    chosen = getattr(selection, dimension)
    return [code for code in codes if not chosen or code in chosen]


def _groups(
    release: Release, selection: Selection, by: Sequence[str]
) -> Sequence[tuple[Mapping[str, str], Counts]]:
    counts = release.counts(selection, by)
    shown = [categories(release, selection, dimension) for dimension in by]
    third = form.OTHER_GENDER.code
    whole_country = selection.chosen.keys() <= {"gender"}
    if tuple(by) == ("gender",) and whole_country and third in (selection.gender or (third,)):
        shown[0] = [*shown[0], third]
    return [
        (dict(zip(by, codes, strict=True)), counts.get(codes, NOBODY)) for codes in product(*shown)
    ]


def _cell(counts: Counts, question: str) -> Cell:
    return Cell.of(counts, measures.answered(question), measures.yes(question))
