"""Coverage without a map: equal squares, and each region's municipalities beside its answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

import altair as alt

from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.coverage import Scope, each_federation, joined_of_all, thinnest
from fovdata.charts.exhibit import Exhibit, Withheld, kept, plain_table
from fovdata.charts.theme import Theme
from fovdata.figures.coverage import MunicipalityCoverage, RegionCoverage
from fovdata.markup import plain

SQUARES_A_ROW = 17
_STEP = 19
"""A square and the gap beside it, in pixels."""
_ROW_HEIGHT = 46


@kept
def squares(found: Sequence[MunicipalityCoverage], scope: Scope, theme: Theme) -> Exhibit:
    """A square of the same size for every municipality, region by region."""

    of: dict[str, list[MunicipalityCoverage]] = {region.code: [] for region in scope.where}
    for one in sorted(found, key=lambda one: (not one.joined, one.municipality.name)):
        of.setdefault(one.municipality.region, []).append(one)

    drawn: list[Mapping[str, Any]] = []
    row = 0.0
    for region in scope.where:
        inside = of[region.code]
        joined = sum(one.joined for one in inside)
        text = f"{region.name} · {joined} av {len(inside)}"
        drawn.append({"kind": "label", "x": -0.4, "y": row, "text": text})
        row += 1.05
        for i, one in enumerate(inside):
            names = each_federation(one, lambda federation: federation.name)
            drawn.append(
                {
                    "kind": "joined" if one.joined else "outside",
                    "x": i % SQUARES_A_ROW,
                    "y": row + i // SQUARES_A_ROW,
                    "tip": f"{one.municipality.name}: {names or 'inte med'}",
                }
            )
        row += (len(inside) - 1) // SQUARES_A_ROW + 1.2
    title = scope.joined(scope.within(found))
    if not scope.regions:
        title = f"Region för region: {title[0].lower()}{title[1:]}"
    return Exhibit(
        title,
        f"{title}. En lika stor ruta för varje kommun, region för region. "
        + " ".join(f"{row['text']}." for row in drawn if row["kind"] == "label"),
        _squares_specification(row, theme),
        exhibits.drawn(drawn, ["kind", "x", "y", "text", "tip"]),
        plain_table(
            [
                scope.stamped(
                    {
                        "Region": region.name,
                        "Med": _names(one for one in of[region.code] if one.joined),
                        "Inte med": _names(one for one in of[region.code] if not one.joined),
                    }
                )
                for region in scope.where
            ]
        ),
    )


@kept
def thin_regions(
    covered: Sequence[RegionCoverage], theme: Theme, highlighted: Sequence[str] = ()
) -> Exhibit:
    """Joined municipalities beside the number of answers: the thinnest region first.

    Those that have not joined stand last.
    """
    found = sorted(covered, key=lambda one: (not one.joined, one.share))
    largest = max((one.answers or 0 for one in found), default=0) or 1
    drawn: list[Mapping[str, Any]] = [
        {"kind": "head", "x": x, "y": -0.85, "text": text}
        for x, text in ((0.0, "Kommuner som är med"), (_SECOND, "Svar"))
    ]
    for i, one in enumerate(found):
        strong = not highlighted or one.region.code in highlighted
        drawn.append({"kind": "label", "y": i - 0.26, "text": one.region.name, "strong": strong})
        drawn.append(
            {
                "kind": "coverage",
                "y": i + 0.14,
                "x": 0.0,
                "x2": _HALF * one.share,
                "text": joined_of_all(one),
                "strong": strong,
            }
        )
        drawn.append(
            {
                "kind": "answers",
                "y": i + 0.14,
                "x": _SECOND,
                "x2": _SECOND + _HALF * (one.answers or 0) / largest,
                "text": _answers(one),
                "strong": strong,
            }
        )
    title = f"Tunnast: {thinnest(found)}"
    if outside := sum(not one.joined for one in found):
        title += f"; {wording.in_words(outside)} region{'er' if outside > 1 else ''} är inte med"
    rows = [
        {
            "Region": one.region.name,
            "Kommuner med": one.joined,
            "Kommuner": one.municipalities,
            "Andel kommuner, %": one.percent,
            "Antal svar, ca": one.answers,
            "Status": "visas" if one.answers is not None else "visas inte",
        }
        for one in found
    ]
    columns = ["kind", "x", "x2", "y", "text", "strong"]
    return Exhibit(
        title,
        f"{title}. "
        + " ".join(
            f"{one.region.name}: {joined_of_all(one)} kommuner, {_answers(one)}." for one in found
        ),
        _thin_specification(len(found), theme),
        exhibits.drawn(drawn, columns),
        replace(
            plain_table(rows, whole_numbers=["Antal svar, ca"]),
            withheld=tuple(
                Withheld((one.region.name,)) for one in found if one.joined and one.answers is None
            ),
        ),
    )


def joined_without_answers(covered: Sequence[RegionCoverage]) -> str:
    """That to join is not to answer, with the regions whose answers are too few to show."""
    few = [one.region.name for one in covered if one.joined and one.answers is None]
    said = f": för få svar att visa från {plain(wording.enumerated(few))}" if few else ""
    return (
        f"Att vara med är inte att svara{said}. En region räknas som med när en enda kommun är det."
    )


def _answers(one: RegionCoverage) -> str:
    if not one.joined:
        return "inte med"
    return wording.about(one.answers) if one.answers else f"{wording.HIDDEN} för få svar"


_HALF, _SECOND = 28.0, 48.0
"""The length of a full bar and where the second column of bars begins, on a 0–100 axis.

What is left after either is for text: on a phone 80 pixels.
"""


@lru_cache(maxsize=64)
def _squares_specification(rows: float, theme: Theme) -> Mapping[str, Any]:
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.5, SQUARES_A_ROW - 0.5], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[rows, -0.7], nice=False), axis=None)
    base = alt.Chart().encode(x=x, y=y)
    square = base.transform_filter("datum.kind !== 'label'").mark_square(
        size=(_STEP - 4) ** 2, opacity=1, stroke=theme.outline, strokeWidth=1
    )
    layers = alt.layer(
        base.transform_filter("datum.kind === 'label'")
        .mark_text(align="left", fontWeight=600, dy=2)
        .encode(text="text:N"),
        square.encode(
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(
                    domain=["joined", "outside"], range=[theme.coverage[3], theme.not_joined]
                ),
                legend=alt.Legend(
                    labelExpr="datum.label === 'joined' ? 'Med i uppdraget' : 'Inte med'",
                    symbolType="square",
                    symbolStrokeColor=theme.outline,
                    symbolStrokeWidth=1,
                ),
            ),
            tooltip=alt.Tooltip("tip:N", title=" "),
        ),
    ).properties(width=SQUARES_A_ROW * _STEP, height=int((rows + 0.7) * _STEP))
    return themes.specification(layers, theme)


@cache
def _thin_specification(rows: int, theme: Theme) -> Mapping[str, Any]:
    x_scale = alt.Scale(domain=[0, 100], nice=False)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[rows - 0.5, -1.1], nice=False), axis=None)
    base = alt.Chart().encode(y=y)
    strength = alt.condition("datum.strong", alt.value(1), alt.value(0.35))
    legible = alt.condition("datum.strong", alt.value(1), alt.value(0.75))

    def bar(kind: str, colour: str) -> alt.Chart:
        return (
            base.transform_filter(f"datum.kind === '{kind}'")
            .mark_rule(strokeWidth=14, color=colour)
            .encode(x=alt.X("x:Q", scale=x_scale, axis=None), x2="x2:Q", opacity=strength)
        )

    def answers(beginning: str) -> alt.Chart:
        return (
            base.transform_filter("datum.kind === 'answers'")
            .transform_filter(f"slice(datum.text, 0, {len(wording.HIDDEN)}) {beginning}")
            .mark_text(align="left", dx=6)
            .encode(x=alt.X("x2:Q", scale=x_scale, axis=None), text="text:N", opacity=legible)
        )

    coverage = base.transform_filter("datum.kind === 'coverage'")
    whole = alt.XDatum(_HALF, scale=x_scale, axis=None)
    layers = alt.layer(
        base.transform_filter("datum.kind === 'head'")
        .mark_text(align="left", color=theme.muted)
        .encode(x=alt.X("x:Q", scale=x_scale, axis=None), text="text:N"),
        base.transform_filter("datum.kind === 'label'")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), text="text:N", opacity=legible),
        coverage.mark_rule(strokeWidth=14, color=theme.grid).encode(x=whole, x2=alt.X2Datum(0)),
        bar("coverage", theme.coverage[3]),
        coverage.mark_text(align="left", dx=6).encode(x=whole, text="text:N", opacity=legible),
        bar("answers", theme.country),
        answers(f"!== '{wording.HIDDEN}'"),
        answers(f"=== '{wording.HIDDEN}'").properties(name=themes.WITHHELD),
    ).properties(width="container", height=int((rows + 0.6) * _ROW_HEIGHT))
    return themes.specification(layers, theme)


def _names(found: Iterable[MunicipalityCoverage]) -> str:
    return ", ".join(one.municipality.name for one in found) or "–"
