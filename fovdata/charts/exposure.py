"""Who has been exposed to what, and what goes together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import altair as alt

from fovdata import published as nns
from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import differences, dots
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.dots import Mark, Series
from fovdata.charts.exhibit import Exhibit, above, estimates_table, kept, named, said
from fovdata.charts.gender import MEN, WOMEN
from fovdata.charts.theme import Theme
from fovdata.figures import explanations
from fovdata.figures.estimates import Difference, Estimate
from fovdata.figures.shares import Share
from fovdata.figures.together import AnyExperience, Kinds, Pair, Witnessed
from fovdata.rules import Rules, Status

_COUNTRY = Series("Hela landet", "country")
YES = Series("Har bevittnat våld", "witnessed_yes")
NO = Series("Har inte bevittnat våld", "witnessed_no")
_GENDERS = {form.WOMEN.code: WOMEN, form.MEN.code: MEN, None: _COUNTRY}
QUESTIONS_NOTE = "Andelen Ja på varje fråga, hela livet hittills."
WITNESSED_LEAD = (
    "De som svarat Ja på fråga 6 jämförs med dem som svarat Nej. Det är ett **samband**, "
    "inte orsak: svaren är minnen, och andra skillnader i uppväxten kan ligga bakom båda."
)
DIFFERENCE_NOTE = (
    "De som bevittnat våld minus de som inte gjort det. Ring: intervallet rymmer noll, så "
    "skillnaden kan vara slump. Skillnaden räknas på oavrundade tal och kan avvika med en enhet."
)
ANY_NOTE = (
    "Av dem som svarat på alla frågor i raden. :gray-badge[Publicerad] av NNS: 70–90 % "
    "i varje förbund svarar Ja på minst en fråga."
)
KINDS_NOTE = (
    "Fråga 1–4: psykiskt, fysiskt och sexuellt våld och sexuella kränkningar av närstående."
)
SEVERAL = {
    4: "Våld av närstående (fråga 1–4)",
    5: "Våld av någon (fråga 1–5)",
    7: "Någon fråga (1–7, också egen våldsutövning)",
}
"""What at least one Ja is to, by the last of the questions that count."""
_KINDS = ("Inget slag", "Ett slag", "Två slag", "Tre slag", "Alla fyra slagen")


@kept
def questions(
    country: Sequence[Share], theme: Theme, selected: Sequence[Share] = (), selection: str = ""
) -> Exhibit:
    """All seven questions for the country, and for a selection beside it if there is one.

    ``selection`` is its short name. If all of it is hidden, the country stands alone.
    """
    seen = [one for one in selected if one.estimate.status is not Status.HIDDEN]
    drawn = [(_COUNTRY, country)]
    if seen:
        drawn.insert(0, (Series(selection, "federation"), selected))
    marks = [
        Mark(wording.question(one.question), series.name, one.estimate)
        for series, shares in drawn
        for one in shares
    ]
    title = named(selection, _highest(selected if seen else country))
    if selected and not seen:
        title = named(selection, "För få svar att visa; här är hela landet")
    exhibit = dots.exhibit(title, marks, tuple(series for series, _ in drawn), theme, "Fråga")
    return replace(exhibit, beside="bredvid: hela landet") if seen else exhibit


def _highest(found: Sequence[Share]) -> str:
    """The highest share, called so only where its interval stands above all others."""
    shown = [one for one in found if one.estimate.share is not None]
    if not shown:
        return "Andelen Ja på varje fråga"
    first = max(shown, key=lambda one: one.estimate.share or 0)
    alone = len(shown) == len(found) and all(
        above(first.estimate, one.estimate) for one in shown if one is not first
    )
    name, share = wording.question(first.question), first.estimate.said
    if alone:
        return f"{name} är vanligast, {share} har svarat Ja"
    return f"{share} har svarat Ja på frågan om {name.lower()}"


@kept
def witnessed(
    found: Sequence[Witnessed],
    theme: Theme,
    rules: Rules,
    published: Sequence[nns.Association] = (),
    selection: str = "",
) -> Exhibit:
    """Share Ja among those with Ja, and with Nej, to question 6; published points beside.

    ``selection`` is its short name; empty for the whole country.
    """
    series = (YES, NO)
    own = [
        Mark(wording.question(one.question), name, estimate)
        for one in found
        for name, estimate in ((YES.name, one.yes), (NO.name, one.no))
    ]
    printed = [
        Mark(
            wording.question(one.question),
            (YES if one.witnessed == form.YES else NO).name,
            Estimate(Status.SHOWN, share=one.share),
            published=2022,
        )
        for one in published
    ]
    who = {form.WOMEN.code: "Kvinnor", form.MEN.code: "Män", None: "De"}[found[0].gender]
    title = named(selection, _association(who, [one.difference for one in found]))
    exhibit = dots.exhibit(title, own, series, theme, "Fråga")
    return replace(
        exhibit, data=dots.data([*own, *printed], series), reason=explanations.two_questions(rules)
    )


def witnessed_note(rules: Rules) -> str:
    """How the shares are to be read, and what stands beside them."""
    return (
        f"Visas när minst {rules.association} har svarat på båda frågorna. "
        ":gray-badge[Publicerad] av NNS, romb: hela landet, 1 260 formulär våren 2022; "
        "talen ser ut att vara avrundade till tiotal."
    )


@kept
def difference(
    found: Sequence[Witnessed], theme: Theme, rules: Rules, selection: str = ""
) -> Exhibit:
    """Those with Ja to question 6 minus those with Nej, in percentage points."""
    rows = [(wording.question(one.question), one.difference) for one in found]
    compared = [row for _, row in rows]
    certain = differences.higher(compared) + differences.lower(compared)
    title = _association("De", compared)
    if certain:
        some = differences.counted(
            certain, differences.compared(compared), len(rows), "övriga frågor"
        )
        title = f"Skillnaden mot dem som inte bevittnat våld är säker för {some}"
    title = named(selection, title)
    told = " ".join(f"{label}: {differences.told(row)}." for label, row in rows)
    return Exhibit(
        title,
        f"{title}. De som bevittnat våld minus de som inte gjort det. {told}",
        differences.specification(
            len(rows),
            differences.bound(rows),
            ("mer sällan", "oftare"),
            theme,
        ),
        differences.data(rows),
        differences.table([({"Fråga": label}, row) for label, row in rows]),
        reason=explanations.two_questions_apart(rules),
    )


def _association(who: str, found: Sequence[Difference]) -> str:
    compared = differences.compared(found)
    if not compared:
        return "För få svar för att ställa frågorna mot varandra"
    for often, count in (
        ("oftare", differences.higher(found)),
        ("mer sällan", differences.lower(found)),
    ):
        if count:
            many = differences.counted(count, compared, len(found), "övriga frågor")
            return f"{who} som bevittnat våld under uppväxten svarar {often} Ja på {many}"
    return "Inget säkert samband med bevittnat våld under uppväxten"


@kept
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
    exhibit = dots.exhibit(title, marks, series, theme, "Antal slag av våld")
    return replace(exhibit, by_gender=None not in {one.gender for one in found})


@kept
def any_experience(found: Sequence[AnyExperience], theme: Theme) -> Exhibit:
    """At least one Ja, to questions 1–4, 1–5 and 1–7."""
    marks = [Mark(SEVERAL[one.last], _GENDERS[one.gender].name, one.estimate) for one in found]
    widest = [one for one in found if one.last == max(SEVERAL) and one.estimate.share is not None]
    title = "Minst ett Ja"
    if widest:
        said = [
            f"{one.estimate.said} av "
            + {None: "alla", form.WOMEN.code: "kvinnorna", form.MEN.code: "männen"}[one.gender]
            for one in widest
        ]
        title = f"{wording.enumerated(said)} har svarat Ja på minst en fråga"
    exhibit = dots.exhibit(title, marks, _series(found), theme, "Minst ett Ja på")
    return replace(exhibit, by_gender=None not in {one.gender for one in found})


@kept
def pairs(found: Sequence[Pair], theme: Theme, rules: Rules) -> Exhibit:
    """Of those with Ja to one kind of violence, the share with Ja to another."""
    shown = [one for one in found if one.estimate.share is not None]
    title = "Vilka slag av våld som går ihop"
    if shown:
        most = max(shown, key=lambda one: one.estimate.share or 0)
        title = (
            f"Av dem som mött {wording.question(most.given).lower()} har "
            f"{most.estimate.said} mött {wording.question(most.other).lower()}"
        )
    kinds = [wording.question(question.code) for question in form.KINDS]
    rows = [(wording.question(one.given), wording.question(one.other), one) for one in found]
    labels = {given: f"Av dem som svarat Ja till {given.lower()}" for given in kinds}
    drawn = exhibits.drawn(
        [
            *({"kind": "label", "given": given, "text": labels[given]} for given in kinds),
            *(
                {
                    "kind": "share" if one.estimate.share is not None else "hidden",
                    "given": given,
                    "other": other,
                    "share": one.estimate.share,
                    "text": said(one.estimate),
                }
                for given, other, one in rows
            ),
        ],
        ("kind", "given", "text", "other", "share"),
        ("share",),
    )
    told = " ".join(
        f"{labels[given]}: "
        + ", ".join(f"{other.lower()} {said(one.estimate)}" for g, other, one in rows if g == given)
        + "."
        for given in kinds
    )
    table = estimates_table(
        [
            ({"Av dem som svarat Ja till": given, "har svarat Ja till": other}, one.estimate)
            for given, other, one in rows
        ]
    )
    return Exhibit(
        title,
        f"{title}. {told}",
        _pairs_specification(theme),
        drawn,
        table,
        reason=explanations.two_questions(rules),
    )


@cache
def _pairs_specification(theme: Theme) -> Mapping[str, Any]:
    order = [question.short for question in form.KINDS]
    # Each row's label stands above its cells: a phone has no room for a column of labels.
    y = alt.Y(
        "given:N",
        sort=order,
        scale=alt.Scale(paddingInner=0.42, paddingOuter=0.3),
        axis=None,
    )
    base = alt.Chart().encode(y=y)
    cells = base.transform_filter("datum.kind !== 'label'").encode(
        x=alt.X(
            "other:N",
            sort=order,
            axis=alt.Axis(
                orient="top",
                title="… har också svarat Ja till",
                labelAngle=0,
                labelExpr="split(datum.label, ' ')",
                labelFontSize=12,
                labelPadding=24,  # room for the second line, which grows downwards
            ),
        )
    )
    layers = alt.layer(
        base.transform_filter("datum.kind === 'label'")
        .mark_text(align="left", fontSize=14, fontWeight=600, dy=-35)
        .encode(x=alt.value(0), text="text:N"),
        cells.mark_rect(cornerRadius=3, stroke=theme.surface, strokeWidth=3).encode(
            color=alt.condition(
                "datum.kind === 'share'",
                alt.Color(
                    "share:Q",
                    # The first three: on them the text's colour can be read.
                    scale=alt.Scale(domain=[0, 100], range=list(theme.coverage[:3])),
                    legend=None,
                ),
                alt.value(theme.surface),
            )
        ),
        cells.mark_text(fontSize=15, fontWeight=600).encode(text="text:N"),
    ).properties(width="container", height=350)
    return themes.specification(layers, theme)


def _series(found: Sequence[Kinds] | Sequence[AnyExperience]) -> tuple[Series, ...]:
    return tuple(dict.fromkeys(_GENDERS[one.gender] for one in found))
