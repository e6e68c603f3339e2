"""What a federation's answers say, or the whole country's, in three sentences made of figures."""

from collections.abc import Sequence

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.figures import comparisons, coverage, precision, shares, together
from fovdata.figures.comparisons import Comparison, Verdict
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.rules import Status
from fovdata.selection import Selection

_WAYS = {Verdict.HIGHER: "högre", Verdict.LOWER: "lägre"}


def of_federation(release: Release, federation: str, registry: Registry) -> Sequence[str]:
    """How many answered, what differs from the rest of the country, and question 6."""
    selection = Selection(federation=(federation,))
    found = comparisons.of_federation(release, federation)
    name = registry.federation(federation).name
    (own,) = shares.number_of_answers(release, selection)
    (whole,) = shares.number_of_answers(release, Selection())
    n = comparisons.answers_shown(found, own.n)
    years = wording.years(release.categories["period"])
    if n is None:
        answered = (
            f"{name} har färre än {release.rules.show} svar {years}, så förbundets egna andelar "
            f"visas inte; i hela landet har {wording.about(whole.n, 'personer')} svarat."
        )
    else:
        answered = (
            f"{name} har {wording.about(n)} {years}, av {wording.about(whole.n)} i hela landet."
        )
    return answered, differing(found, n, release), _witnessed(release, selection, name)


def of_country(release: Release, registry: Registry) -> Sequence[str]:
    """How many answered, how women's and men's answers differ, and question 6."""
    (whole,) = shares.number_of_answers(release, Selection())
    years = wording.years(release.categories["period"])
    shown = len(coverage.federations_with_answers(release))
    return (
        f"{wording.about(whole.n, 'personer').capitalize()} har svarat {years}; "
        f"{shown} av {len(registry.taking_part)} förbund har så många svar att de visas för sig.",
        _women_and_men(release),
        _witnessed(release, Selection(), ""),
    )


def differing(found: Sequence[Comparison], n: int | None, release: Release) -> str:
    """On which questions a federation differs from the rest of the country beyond doubt.

    ``n`` is its number of answers as it is shown.
    """
    if n is None:
        least = precision.openings(release)[0].answers
        return f"Från {wording.about(least)} går det att jämföra förbundet med andra."
    tried = sum(one.verdict is not None for one in found)
    if not tried:
        return "Ingen fråga går ännu att pröva mot övriga landet: svaren är för få."
    asked = "frågor" if tried == len(found) else "frågor som går att pröva"
    parts = []
    for verdict, way in _WAYS.items():
        certain = [one for one in found if one.verdict is verdict]
        if certain:
            most = max(certain, key=lambda one: abs(one.difference.points or 0))
            largest = "störst är skillnaden för" if len(certain) > 1 else "nämligen"
            parts.append(
                f"{way} än i övriga landet på {wording.in_words(len(certain))} av "
                f"{wording.in_words(tried)} {asked}, {largest} "
                f"{wording.question(most.question).lower()} "
                f"({most.own.said} mot {most.country.said})"
            )
    if parts:
        return f"Andelen Ja är {', och '.join(parts)}."
    none = "På ingen fråga" if tried == len(found) else "På ingen fråga som går att pröva"
    return (
        f"{none} skiljer sig andelen Ja säkert från övriga landets; med så många svar är en andel "
        f"osäker på omkring {precision.margin(n, release.rules)} procentenheter åt vardera hållet."
    )


def _women_and_men(release: Release) -> str:
    found = shares.women_and_men(release, Selection())
    higher = [one for one in found if one.difference.certain and (one.difference.points or 0) > 0]
    if not higher:
        return "På ingen fråga svarar kvinnor säkert oftare Ja än män."
    most = max(higher, key=lambda one: one.difference.points or 0)
    return (
        f"Kvinnor svarar oftare Ja än män på {wording.in_words(len(higher))} av "
        f"{wording.in_words(len(found))} frågor, störst är skillnaden för "
        f"{wording.question(most.question).lower()} ({most.women.said} mot {most.men.said})."
    )


def _witnessed(release: Release, selection: Selection, name: str) -> str:
    followed, found = together.witnessed_where_shown(release, selection)
    shown = [one for one in found if one.yes.status is one.no.status is Status.SHOWN]
    where = f"I {name}" if followed.chosen else "I hela landet"
    if not shown:
        return (
            f"{where} är svaren ännu för få för att ställa {form.WITNESSED.short.lower()} mot de "
            "andra frågorna."
        )
    one = shown[0]
    return (
        f"{where} har {one.yes.said} av dem som bevittnat våld under uppväxten själva utsatts för "
        f"{wording.question(one.question).lower()}, mot {one.no.said} av de andra; det är ett "
        "samband, ingen orsak."
    )
