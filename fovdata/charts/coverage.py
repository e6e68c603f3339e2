"""Coverage without a map: equal squares, and each region's municipalities beside its answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from fovdata import wording
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Exhibit, Table, plain_table
from fovdata.charts.theme import Theme
from fovdata.figures.coverage import MunicipalityCoverage, RegionCoverage
from fovdata.registry import Region

NOT_JOINED, JOINED, SHOWN = "Inte med", "Med i uppdraget", "Med, och svar kan visas"
_FIFTHS = ("1–20 %", "21–40 %", "41–60 %", "61–80 %", "81–100 %")
SQUARES_A_ROW = 17
_STEP = 19
"""A square and the gap beside it, in pixels."""
_ROW_HEIGHT = 46


@dataclass(frozen=True)
class MapView:
    """What a map shows: a step of the theme's blue for each municipality, 0 being not joined.

    ``legend`` names each step's colour; ``faded`` are the codes outside the reader's selection;
    ``of_answers`` says that it rests on answers and not on the registry alone.
    """

    title: str
    alternative: str
    steps: Mapping[str, int]
    legend: tuple[tuple[str, str], ...]
    faded: frozenset[str]
    note: str
    table: Table
    of_answers: bool = False


def joined_map(
    found: Sequence[MunicipalityCoverage], theme: Theme, regions: Sequence[str] = ()
) -> MapView:
    """Which municipalities take part."""
    joined = sum(one.joined for one in found)
    title = f"{joined} av {len(found)} kommuner är med i uppdraget"
    return MapView(
        title,
        f"Karta över Sveriges kommuner. {title}. Samma uppgifter finns i tabellen.",
        {one.municipality.code: 4 * one.joined for one in found},
        ((NOT_JOINED, theme.not_joined), (JOINED, theme.coverage[3])),
        _outside(found, regions),
        "Ring: kommunen står i två förbund.",
        _table(found, {"Med": lambda one: "ja" if one.joined else "nej"}),
    )


def answers_map(
    found: Sequence[MunicipalityCoverage], theme: Theme, regions: Sequence[str] = ()
) -> MapView:
    """For which municipalities' federations answers can be shown."""
    shown = sum(one.answers_shown for one in found)
    title = f"För {shown} av {len(found)} kommuner finns ett förbund vars svar kan visas"
    return MapView(
        title,
        f"Karta över Sveriges kommuner. {title}. Samma uppgifter finns i tabellen.",
        {one.municipality.code: 2 * (one.joined + one.answers_shown) for one in found},
        (
            (NOT_JOINED, theme.not_joined),
            ("Med, men svaren är för få att visa", theme.coverage[1]),
            (SHOWN, theme.coverage[3]),
        ),
        _outside(found, regions),
        "Svaren säger inget om ort: en kommun visas som det av dess förbund som har flest svar.",
        _table(found, {"Svar kan visas": lambda one: "ja" if one.answers_shown else "nej"}),
        of_answers=True,
    )


def regions_map(
    found: Sequence[MunicipalityCoverage],
    covered: Sequence[RegionCoverage],
    theme: Theme,
    regions: Sequence[str] = (),
) -> MapView:
    """Every region shaded by the share of its municipalities that take part."""
    step = {one.region.code: (one.percent + 19) // 20 for one in covered}
    few = [one for one in covered if one.joined and one.percent <= 20]
    joined = sum(one.joined > 0 for one in covered)
    title = f"{joined} av {len(covered)} regioner är med, men {len(few)} av dem med högst en av fem"
    said = " ".join(
        f"{one.region.name}: {one.joined} av {one.municipalities} kommuner." for one in covered
    )
    return MapView(
        f"{title} kommuner",
        f"Karta över regionerna. {said}",
        {one.municipality.code: step[one.municipality.region] for one in found},
        ((NOT_JOINED, theme.not_joined), *zip(_FIFTHS, theme.coverage, strict=True)),
        _outside(found, regions),
        "Hela regionen har färg efter andelen av dess kommuner som är med.",
        plain_table(
            [
                {
                    "Region": one.region.name,
                    "Kommuner med": one.joined,
                    "Kommuner": one.municipalities,
                    "Andel, %": one.percent,
                }
                for one in covered
            ]
        ),
    )


def _outside(found: Sequence[MunicipalityCoverage], regions: Sequence[str]) -> frozenset[str]:
    return frozenset(
        one.municipality.code for one in found if regions and one.municipality.region not in regions
    )


def _table(
    found: Sequence[MunicipalityCoverage],
    status: Mapping[str, Callable[[MunicipalityCoverage], str]],
) -> Table:
    return plain_table(
        [
            {
                "Kommunkod": one.municipality.code,
                "Kommun": one.municipality.name,
                **{column: of(one) for column, of in status.items()},
                "Förbund": wording.enumerated([f.name for f in one.federations]),
            }
            for one in found
        ]
    )


def _names(found: Iterable[MunicipalityCoverage]) -> str:
    return ", ".join(one.municipality.name for one in found) or "–"


def squares(
    found: Sequence[MunicipalityCoverage], regions: Sequence[Region], theme: Theme
) -> Exhibit:
    """A square of the same size for every municipality, region by region."""

    def within(region: Region) -> list[MunicipalityCoverage]:
        return sorted(
            (one for one in found if one.municipality.region == region.code),
            key=lambda one: (not one.joined, one.municipality.name),
        )

    drawn: list[Mapping[str, Any]] = []
    row = 0.0
    for region in regions:
        inside = within(region)
        joined = sum(one.joined for one in inside)
        text = f"{region.name} · {joined} av {len(inside)}"
        drawn.append({"kind": "label", "x": -0.4, "y": row, "text": text})
        row += 1.05
        for i, one in enumerate(inside):
            names = wording.enumerated([federation.name for federation in one.federations])
            drawn.append(
                {
                    "kind": "joined" if one.joined else "outside",
                    "x": i % SQUARES_A_ROW,
                    "y": row + i // SQUARES_A_ROW,
                    "tip": f"{one.municipality.name}: {names or 'inte med'}",
                }
            )
        row += (len(inside) - 1) // SQUARES_A_ROW + 1.2
    joined = sum(one.joined for one in found)
    title = f"Region för region: {joined} av {len(found)} kommuner är med"
    return Exhibit(
        title,
        f"{title}. En lika stor ruta för varje kommun, region för region. "
        + " ".join(f"{row['text']}." for row in drawn if row["kind"] == "label"),
        _squares_specification(row, theme),
        pd.DataFrame(drawn, columns=["kind", "x", "y", "text", "tip"]),
        plain_table(
            [
                {
                    "Region": region.name,
                    "Med": _names(one for one in within(region) if one.joined),
                    "Inte med": _names(one for one in within(region) if not one.joined),
                }
                for region in regions
            ]
        ),
    )


def thin_regions(
    found: Sequence[RegionCoverage], theme: Theme, highlighted: Sequence[str] = ()
) -> Exhibit:
    """Joined municipalities beside the number of answers, region by region."""
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
                "x2": _HALF * one.joined / one.municipalities,
                "text": f"{one.joined} av {one.municipalities}",
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
    few = [one for one in found if one.joined and one.answers is None]
    title = "Så täta är regionerna: kommuner som är med, och svar"
    if few:
        names = wording.enumerated([one.region.name for one in few])
        title = f"Med i uppdraget men för få svar att visa: {names}"
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
            f"{one.region.name}: {one.joined} av {one.municipalities} kommuner, {_answers(one)}."
            for one in found
        ),
        _thin_specification(len(found), theme),
        pd.DataFrame(drawn, columns=columns),
        plain_table(rows, whole_numbers=["Antal svar, ca"]),
    )


def _answers(one: RegionCoverage) -> str:
    if not one.joined:
        return "inte med"
    return wording.about(one.answers) if one.answers else f"{wording.HIDDEN} för få svar"


_HALF, _SECOND = 34.0, 54.0
"""The length of a full bar and where the second column of bars begins, on a 0–100 axis."""


@cache
def _squares_specification(rows: float, theme: Theme) -> Mapping[str, Any]:
    x = alt.X("x:Q", scale=alt.Scale(domain=[-0.5, SQUARES_A_ROW - 0.5], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[rows, -0.7], nice=False), axis=None)
    base = alt.Chart().encode(x=x, y=y)
    square = base.transform_filter("datum.kind !== 'label'").mark_square(
        size=(_STEP - 3) ** 2, opacity=1
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

    def bars(kind: str, colour: str) -> list[alt.Chart]:
        of_kind = base.transform_filter(f"datum.kind === '{kind}'")
        return [
            of_kind.mark_rule(strokeWidth=14, color=colour).encode(
                x=alt.X("x:Q", scale=x_scale, axis=None), x2="x2:Q", opacity=strength
            ),
            of_kind.mark_text(align="left", dx=6).encode(
                x=alt.X("x2:Q", scale=x_scale, axis=None), text="text:N", opacity=strength
            ),
        ]

    layers = alt.layer(
        base.transform_filter("datum.kind === 'head'")
        .mark_text(align="left", color=theme.muted)
        .encode(x=alt.X("x:Q", scale=x_scale, axis=None), text="text:N"),
        base.transform_filter("datum.kind === 'label'")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), text="text:N", opacity=strength),
        *bars("coverage", theme.coverage[3]),
        *bars("answers", theme.country),
    ).properties(width="container", height=int((rows + 0.6) * _ROW_HEIGHT))
    return themes.specification(layers, theme)
