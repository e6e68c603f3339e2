"""Who has been exposed to what, and what goes together."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from fovdata import published as nns
from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import dots
from fovdata.charts import theme as themes
from fovdata.charts.dots import Mark, Series
from fovdata.charts.exhibit import Exhibit, estimates_table
from fovdata.charts.gender import MEN, WOMEN
from fovdata.charts.theme import Theme
from fovdata.figures.estimates import Estimate
from fovdata.figures.shares import Share
from fovdata.figures.together import AnyExperience, Kinds, Pair, Witnessed
from fovdata.rules import Status

_SELECTION = Series("Urvalet", "federation")
_COUNTRY = Series("Hela landet", "country")
_YES = Series("Har bevittnat våld", "witnessed_yes")
_NO = Series("Har inte bevittnat våld", "witnessed_no")
_GENDERS = {form.WOMEN.code: WOMEN, form.MEN.code: MEN, None: _COUNTRY}
_KINDS = ("Inget slag", "Ett slag", "Två slag", "Tre slag", "Alla fyra slagen")


def questions(country: Sequence[Share], theme: Theme, selected: Sequence[Share] = ()) -> Exhibit:
    """All seven questions for the country, and for a selection beside it if there is one."""
    series = (_SELECTION, _COUNTRY) if selected else (_COUNTRY,)
    marks = [
        Mark(wording.question(one.question), name, one.estimate)
        for name, shares in ((_SELECTION.name, selected), (_COUNTRY.name, country))
        for one in shares
    ]
    shown = [one for one in (selected or country) if one.estimate.share is not None]
    title = "För få svar i urvalet för att visa någon fråga"
    if shown:
        most = max(shown, key=lambda one: one.estimate.share or 0)
        title = (
            f"{wording.question(most.question)} är vanligast: {most.estimate.said} har svarat Ja"
        )
    return _exhibit(title, marks, series, theme, "Fråga")


def witnessed(
    found: Sequence[Witnessed], theme: Theme, published: Sequence[nns.Association] = ()
) -> Exhibit:
    """Share Ja among those with Ja, and with Nej, to question 6; published points beside."""
    series = (_YES, _NO)
    own = [
        Mark(wording.question(one.question), name, estimate)
        for one in found
        for name, estimate in ((_YES.name, one.yes), (_NO.name, one.no))
    ]
    printed = [
        Mark(
            wording.question(one.question),
            (_YES if one.witnessed == form.YES else _NO).name,
            Estimate(Status.SHOWN, share=one.share),
            published=2022,
        )
        for one in published
    ]
    certain = sum(one.difference.certain and (one.difference.points or 0) > 0 for one in found)
    if all(one.difference.points is None for one in found):
        title = "För få svar i urvalet för att ställa frågorna mot varandra"
    elif not certain:
        title = "Inget säkert samband med bevittnat våld under uppväxten i urvalet"
    else:
        many = "alla" if certain == len(found) else f"{certain} av {len(found)}"
        who = {form.WOMEN.code: "Kvinnor", form.MEN.code: "Män", None: "De"}[found[0].gender]
        title = f"{who} som bevittnat våld under uppväxten svarar oftare Ja på {many} andra frågor"
    exhibit = _exhibit(title, own, series, theme, "Fråga")
    return Exhibit(
        exhibit.title,
        exhibit.alternative,
        exhibit.specification,
        dots.data([*own, *printed], series),
        exhibit.table,
    )


def kinds(found: Sequence[Kinds], theme: Theme) -> Exhibit:
    """How many of the four kinds of violence by someone close a person has met."""
    series = _series(found)
    marks = [Mark(_KINDS[one.count], _GENDERS[one.gender].name, one.estimate) for one in found]
    several = [
        one
        for one in found
        if one.gender in (None, form.WOMEN.code) and one.count == len(_KINDS) - 1
    ]
    title = "Hur många slag av våld en person har mött"
    if several and several[0].estimate.share is not None:
        who = "kvinnorna" if several[0].gender else "de svarande"
        title = f"{several[0].estimate.said} av {who} har mött alla fyra slagen av våld"
    return _exhibit(title, marks, series, theme, "Antal slag av våld")


def any_experience(found: Sequence[AnyExperience], theme: Theme) -> Exhibit:
    """At least one Ja, to questions 1–4, 1–5 and 1–7."""
    rows = {4: "Våld av närstående (fråga 1–4)", 5: "Våld av någon (fråga 1–5)", 7: "Någon fråga"}
    marks = [Mark(rows[one.last], _GENDERS[one.gender].name, one.estimate) for one in found]
    widest = [one for one in found if one.last == max(rows) and one.estimate.share is not None]
    title = "Minst ett Ja"
    if widest:
        said = [
            f"{one.estimate.said} av "
            + {None: "alla", form.WOMEN.code: "kvinnorna", form.MEN.code: "männen"}[one.gender]
            for one in widest
        ]
        title = f"{wording.enumerated(said)} har svarat Ja på minst en fråga"
    return _exhibit(title, marks, _series(found), theme, "Minst ett Ja på")


def first_and_repeat(found: Sequence[Share], theme: Theme) -> Exhibit:
    """First-time forms beside repeat forms, whole country."""
    names = {"first": "Första gången", "repeat": "Andra gången eller fler"}
    series = (Series(names["first"], "country"), Series(names["repeat"], "region"))
    marks = [
        Mark(wording.question(one.question), names[one.group["forms"]], one.estimate)
        for one in found
    ]
    return _exhibit("Första formuläret jämfört med upprepade", marks, series, theme, "Fråga")


def pairs(found: Sequence[Pair], theme: Theme) -> Exhibit:
    """Of those with Ja to one kind of violence, the share with Ja to another."""
    shown = [one for one in found if one.estimate.share is not None]
    title = "Vilka slag av våld som går ihop"
    if shown:
        most = max(shown, key=lambda one: one.estimate.share or 0)
        title = (
            f"Av dem som mött {wording.question(most.given).lower()} har "
            f"{most.estimate.said} mött {wording.question(most.other).lower()}"
        )
    frame = pd.DataFrame(
        [
            {
                "kind": "share" if one.estimate.share is not None else "hidden",
                "given": wording.question(one.given),
                "other": wording.question(one.other),
                "share": one.estimate.share,
                "text": one.estimate.said,
            }
            for one in found
        ]
    ).astype({"share": "Float64"})
    rows = [
        (
            {
                "Av dem som svarat Ja till": wording.question(one.given),
                "har svarat Ja till": wording.question(one.other),
            },
            one.estimate,
        )
        for one in found
    ]
    said = " ".join(
        f"Av dem som mött {wording.question(one.given).lower()} har {one.estimate.said} "
        f"mött {wording.question(one.other).lower()}."
        for one in found
    )
    return Exhibit(
        title, f"{title}. {said}", _pairs_specification(theme), frame, estimates_table(rows)
    )


@cache
def _pairs_specification(theme: Theme) -> Mapping[str, Any]:
    order = [question.short for question in form.KINDS]
    two_lines = "split(datum.label, ' ')"
    base = alt.Chart().encode(
        x=alt.X(
            "other:N",
            sort=order,
            axis=alt.Axis(
                orient="top",
                title="… har också svarat Ja till",
                labelAngle=0,
                labelExpr=two_lines,
                labelPadding=24,  # room for the second line, which grows downwards
            ),
        ),
        y=alt.Y(
            "given:N",
            sort=order,
            axis=alt.Axis(title="Av dem som svarat Ja till …", labelExpr=two_lines),
        ),
    )
    blues = list(theme.coverage)
    layers = alt.layer(
        base.mark_rect(cornerRadius=3, stroke=theme.surface, strokeWidth=3).encode(
            color=alt.Color("share:Q", scale=alt.Scale(domain=[0, 100], range=blues), legend=None)
        ),
        base.mark_text(fontSize=15, fontWeight=600).encode(
            text="text:N",
            color=alt.condition(
                "datum.share > 55",  # from here the surface's colour reads better on the blue
                alt.value(theme.surface),
                alt.value(theme.text),
            ),
        ),
    ).properties(width="container", height=300)
    return themes.specification(layers, theme)


def _series(found: Sequence[Kinds] | Sequence[AnyExperience]) -> tuple[Series, ...]:
    return tuple(dict.fromkeys(_GENDERS[one.gender] for one in found))


def _exhibit(
    title: str, marks: Sequence[Mark], series: tuple[Series, ...], theme: Theme, row: str
) -> Exhibit:
    names = list(dict.fromkeys(mark.row for mark in marks))
    alternative = " ".join(f"{m.row}, {m.series}: {m.estimate.said}." for m in marks)
    table = estimates_table(
        [
            ({row: mark.row} | ({"Grupp": mark.series} if len(series) > 1 else {}), mark.estimate)
            for name in names
            for mark in marks
            if mark.row == name
        ]
    )
    return Exhibit(
        title,
        f"{title}. {alternative}",
        dots.specification(len(names), series, theme),
        dots.data(marks, series),
        table,
    )
