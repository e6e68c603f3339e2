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
from fovdata.registry import Federation, Group, Region, Registry

NOT_JOINED, JOINED, SHOWN = "Inte med", "Med i uppdraget", "Med, och svar kan visas"
_UNBROKEN = "\N{WORD JOINER}–\N{WORD JOINER}{}\N{NO-BREAK SPACE}%"
_FIFTHS = tuple(f"{low}{_UNBROKEN.format(low + 19)}" for low in range(1, 100, 20))
CERTAINTY = {"stated": "enligt källan", "inferred": "härlett ur källorna", "unknown": "okänt"}
"""How sure a federation's year of joining is, in words."""
SQUARES_A_ROW = 17
_STEP = 19
"""A square and the gap beside it, in pixels."""
_ROW_HEIGHT = 46


@dataclass(frozen=True)
class Scope:
    """When and where a map or a list speaks of: up to ``group``, in ``regions`` or in all."""

    registry: Registry
    group: Group
    regions: tuple[str, ...] = ()

    @property
    def until(self) -> str:
        """ "till och med pilotförbunden 2019"; empty when all groups have joined."""
        if self.group == self.registry.groups[-1]:
            return ""
        name, _, when = self.group.label.partition(", ")
        name = name.replace("Pilotförbund", "pilotförbunden").replace("Grupp", "grupp")
        return f"till och med {name}" + (f" ({when})" if when else "")

    @property
    def where(self) -> tuple[Region, ...]:
        """The regions spoken of."""
        known = self.registry.regions
        return tuple(one for one in known if not self.regions or one.code in self.regions)

    def within(self, found: Iterable[MunicipalityCoverage]) -> list[MunicipalityCoverage]:
        """The municipalities spoken of."""
        codes = {region.code for region in self.where}
        return [one for one in found if one.municipality.region in codes]

    def joined(self, found: Sequence[MunicipalityCoverage], ending: str = "") -> str:
        """How many municipalities take part, or did then: "Region Värmland: 9 av 16 …"."""
        count = f"{sum(one.joined for one in found)} av {len(found)} kommuner"
        return self.titled(
            f"{self.until} var {count} med" if self.until else f"{count} är med{ending}"
        )

    def titled(self, said: str) -> str:
        """A title that begins with the regions spoken of, if not all."""
        if self.regions:
            return f"{wording.enumerated([one.name for one in self.where])}: {said}"
        return said[0].upper() + said[1:]

    def stamped(self, row: Mapping[str, object]) -> Mapping[str, object]:
        """A table's row that says of when it is, if not of today."""
        return {**row, "När": self.until} if self.until else row

    def group_of(self, federation: Federation) -> str:
        """A federation's group without its year: "Pilotförbund", "Grupp 2"."""
        labels = {group.code: group.label for group in self.registry.groups}
        name = labels[federation.group].partition(",")[0]
        return name.removesuffix(f" {federation.year_joined}")


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


def joined_map(found: Sequence[MunicipalityCoverage], scope: Scope, theme: Theme) -> MapView:
    """Which municipalities take part."""
    title = scope.joined(scope.within(found), " i uppdraget" if not scope.regions else "")
    return MapView(
        title,
        f"Karta över Sveriges kommuner. {title}. Samma uppgifter finns i tabellen.",
        {one.municipality.code: 4 * one.joined for one in found},
        ((NOT_JOINED, theme.not_joined), (JOINED, theme.coverage[3])),
        _outside(found, scope),
        "Ring: kommunen står i två förbund i dag.",
        _table(found, scope, {"Med": lambda one: "ja" if one.joined else "nej"}),
    )


def answers_map(found: Sequence[MunicipalityCoverage], scope: Scope, theme: Theme) -> MapView:
    """For which municipalities' federations answers can be shown."""
    inside = scope.within(found)
    joined, shown = sum(one.joined for one in inside), sum(one.answers_shown for one in inside)
    title = scope.titled(
        f"av de {joined} kommuner som var med {scope.until} har {shown} ett förbund vars svar "
        "kan visas i dag"
        if scope.until
        else f"för {shown} av {len(inside)} kommuner finns ett förbund vars svar kan visas"
    )
    return MapView(
        title,
        f"Karta över Sveriges kommuner. {title}. Samma uppgifter finns i tabellen.",
        {one.municipality.code: 2 * (one.joined + one.answers_shown) for one in found},
        (
            (NOT_JOINED, theme.not_joined),
            ("Med, men svaren är för få att visa", theme.coverage[1]),
            (SHOWN, theme.coverage[3]),
        ),
        _outside(found, scope),
        "Svaren säger inget om ort: en kommun visas som det av dess förbund som har flest svar. "
        "Ring: kommunen står i två förbund i dag.",
        _table(found, scope, {"Svar kan visas": lambda one: "ja" if one.answers_shown else "nej"}),
        of_answers=True,
    )


def regions_map(
    found: Sequence[MunicipalityCoverage],
    covered: Sequence[RegionCoverage],
    scope: Scope,
    theme: Theme,
) -> MapView:
    """Every region shaded by the share of its municipalities that take part."""
    step = {one.region.code: (one.percent + 19) // 20 for one in covered}
    inside = [one for one in covered if one.region in scope.where]
    joined = f"{sum(one.joined > 0 for one in covered)} av {len(covered)} regioner"
    title = (
        scope.joined(scope.within(found))
        if scope.regions
        else scope.titled(
            (f"{scope.until} var {joined} med" if scope.until else f"{joined} är med")
            + f". Tunnast: {_thinnest(covered)}"
        )
    )
    return MapView(
        title,
        f"Karta över regionerna. {title}. "
        + " ".join(f"{one.region.name}: {_joined(one)} kommuner." for one in inside),
        {one.municipality.code: step[one.municipality.region] for one in found},
        ((NOT_JOINED, theme.not_joined), *zip(_FIFTHS, theme.coverage, strict=True)),
        _outside(found, scope),
        "Hela regionen har färg efter andelen av dess kommuner som är med.",
        plain_table(
            [
                scope.stamped(
                    {
                        "Region": one.region.name,
                        "Kommuner med": one.joined,
                        "Kommuner": one.municipalities,
                        "Andel, %": one.percent,
                    }
                )
                for one in inside
            ]
        ),
    )


def _joined(one: RegionCoverage) -> str:
    return f"{one.joined} av {one.municipalities}"


def _share(one: RegionCoverage) -> float:
    return one.joined / one.municipalities


def _thinnest(covered: Sequence[RegionCoverage]) -> str:
    """The two joined regions with the least covered shares."""
    two = sorted((one for one in covered if one.joined), key=_share)[:2]
    counted = (" kommuner", "")
    return " och ".join(
        f"{one.region.name} med {_joined(one)}{what}"
        for one, what in zip(two, counted, strict=False)
    )


def _outside(found: Sequence[MunicipalityCoverage], scope: Scope) -> frozenset[str]:
    codes = {region.code for region in scope.where}
    return frozenset(one.municipality.code for one in found if one.municipality.region not in codes)


def _table(
    found: Sequence[MunicipalityCoverage],
    scope: Scope,
    status: Mapping[str, Callable[[MunicipalityCoverage], str]],
) -> Table:
    """A row for each municipality; what is said of several federations stands in their order."""
    return plain_table(
        [
            scope.stamped(
                {
                    "Kommunkod": one.municipality.code,
                    "Kommun": one.municipality.name,
                    "Region": scope.registry.region(one.municipality.region).name,
                    **{column: of(one) for column, of in status.items()},
                    "Förbund": _each(one, lambda f: f.name),
                    "Grupp": _each(one, scope.group_of),
                    "Anslöt": _each(one, lambda f: str(f.year_joined or "ej publicerat")),
                    "Året är": _each(one, lambda f: CERTAINTY[f.year_certainty]),
                }
            )
            for one in scope.within(found)
        ]
    )


def _each(one: MunicipalityCoverage, said: Callable[[Federation], str]) -> str:
    return wording.enumerated([said(federation) for federation in one.federations])


def _names(found: Iterable[MunicipalityCoverage]) -> str:
    return ", ".join(one.municipality.name for one in found) or "–"


def squares(found: Sequence[MunicipalityCoverage], scope: Scope, theme: Theme) -> Exhibit:
    """A square of the same size for every municipality, region by region."""

    def of(region: Region) -> list[MunicipalityCoverage]:
        return sorted(
            (one for one in found if one.municipality.region == region.code),
            key=lambda one: (not one.joined, one.municipality.name),
        )

    drawn: list[Mapping[str, Any]] = []
    row = 0.0
    for region in scope.where:
        inside = of(region)
        joined = sum(one.joined for one in inside)
        text = f"{region.name} · {joined} av {len(inside)}"
        drawn.append({"kind": "label", "x": -0.4, "y": row, "text": text})
        row += 1.05
        for i, one in enumerate(inside):
            drawn.append(
                {
                    "kind": "joined" if one.joined else "outside",
                    "x": i % SQUARES_A_ROW,
                    "y": row + i // SQUARES_A_ROW,
                    "tip": f"{one.municipality.name}: {_each(one, lambda f: f.name) or 'inte med'}",
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
        pd.DataFrame(drawn, columns=["kind", "x", "y", "text", "tip"]),
        plain_table(
            [
                scope.stamped(
                    {
                        "Region": region.name,
                        "Med": _names(one for one in of(region) if one.joined),
                        "Inte med": _names(one for one in of(region) if not one.joined),
                    }
                )
                for region in scope.where
            ]
        ),
    )


def thin_regions(
    covered: Sequence[RegionCoverage], theme: Theme, highlighted: Sequence[str] = ()
) -> Exhibit:
    """Joined municipalities beside the number of answers: the thinnest region first.

    Those that have not joined stand last.
    """
    found = sorted(covered, key=lambda one: (not one.joined, _share(one)))
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
                "x2": _HALF * _share(one),
                "text": _joined(one),
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
    title = f"Tunnast: {_thinnest(found)}"
    if outside := sum(not one.joined for one in found):
        title += f"; {outside} regioner är inte med" if outside > 1 else "; 1 region är inte med"
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
            f"{one.region.name}: {_joined(one)} kommuner, {_answers(one)}." for one in found
        ),
        _thin_specification(len(found), theme),
        pd.DataFrame(drawn, columns=columns),
        plain_table(rows, whole_numbers=["Antal svar, ca"]),
    )


def joined_without_answers(covered: Sequence[RegionCoverage]) -> str:
    """That to join is not to answer, with the regions whose answers are too few to show."""
    few = [one.region.name for one in covered if one.joined and one.answers is None]
    said = f": för få svar att visa från {wording.enumerated(few)}" if few else ""
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


@cache
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
        base.transform_filter("datum.kind === 'answers'")
        .mark_text(align="left", dx=6)
        .encode(x=alt.X("x2:Q", scale=x_scale, axis=None), text="text:N", opacity=legible),
    ).properties(width="container", height=int((rows + 0.6) * _ROW_HEIGHT))
    return themes.specification(layers, theme)
