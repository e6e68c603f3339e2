"""The same questions at two times: first and repeat forms, a federation's years."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fovdata import wording
from fovdata.charts import differences, dots
from fovdata.charts.dots import Mark, Series
from fovdata.charts.exhibit import Exhibit, above, kept
from fovdata.charts.theme import Theme
from fovdata.figures.shares import Share
from fovdata.selection import EARLIER, LATEST

FORMS_NOTE = (
    "Alla andra kort räknar unika personer: formulär som fyllts i för första gången. "
    "Jämförelsen säger inget om förändring hos någon enskild."
)
YEARS_NOTE = (
    "Förbundets senaste år bredvid alla år före det tillsammans; enstaka år blir för små grupper. "
    "Det är olika personer som har svarat."
)


@kept
def first_and_repeat(found: Sequence[Share], theme: Theme) -> Exhibit:
    """First-time forms beside repeat forms, whole country."""
    names = {"first": "Första gången", "repeat": "Andra gången eller fler"}
    apart, compared = _apart(found, names)
    title = "För få upprepade formulär för att jämföra med de första"
    if apart:
        title = f"Första och upprepade formulär skiljer sig säkert åt på {apart}"
    elif compared:
        title = (
            "Ingen tydlig skillnad mellan första och upprepade formulär; "
            f"intervallen går omlott på {compared}"
        )
    repeat = [one.estimate.n for one in found if one.group["forms"] == "repeat"]
    answers = [n for n in repeat if n is not None]  # fewer where a question is blank
    return replace(
        _exhibit(title, found, names, ("country", "region"), theme),
        beside=wording.about(max(answers, default=None), "upprepade formulär"),
    )


@kept
def latest_and_earlier(
    found: Sequence[Share], years: Sequence[str], theme: Theme, federation: str, reason: str = ""
) -> Exhibit:
    """A federation's latest closed year beside all years before it.

    ``years`` are those of the release, the latest last; ``federation`` is its name and ``reason``
    why nothing can be shown, where the size of its groups is not why.
    """
    *earlier, latest = years
    before = wording.years(earlier) if earlier else "tidigare år"
    names = {LATEST: latest, EARLIER: before}
    apart, compared = _apart(found, names)
    title = f"{federation}: för få svar för att jämföra {latest} med {before}"
    if any(one.group["years"] == LATEST and one.estimate.share for one in found):
        title = f"{federation}: för få svar från {before} för att jämföra med {latest}"
    if apart:
        title = f"{federation}: {latest} skiljer sig säkert från {before} på {apart}"
    elif compared:
        title = (
            f"{federation}: ingen tydlig skillnad mellan {latest} och {before}; "
            f"intervallen går omlott på {compared}"
        )
    exhibit = _exhibit(title, found, names, ("federation", "outline"), theme)
    return replace(exhibit, reason=reason, alone=True)


def _apart(found: Sequence[Share], names: Mapping[str, str]) -> tuple[str, str]:
    """On how many questions the two do not meet, and on how many they are compared, in words.

    Empty where on none.
    """
    one, other = ([s.estimate for s in found if name in s.group.values()] for name in names)
    pairs = [pair for pair in zip(one, other, strict=True) if all(e.share for e in pair)]
    apart = sum(above(*pair) or above(*pair[::-1]) for pair in pairs)

    def said(count: int) -> str:
        return differences.counted(count, len(pairs), len(one)) if count else ""

    return said(apart), said(len(pairs))


def _exhibit(
    title: str,
    found: Sequence[Share],
    names: Mapping[str, str],
    colours: tuple[str, str],
    theme: Theme,
) -> Exhibit:
    series = tuple(
        Series(name, colour) for name, colour in zip(names.values(), colours, strict=True)
    )

    def of_time(share: Share) -> str:
        (time,) = share.group.values()
        return names[time]

    marks = [Mark(wording.question(one.question), of_time(one), one.estimate) for one in found]
    return dots.exhibit(title, marks, series, theme, "Fråga")
