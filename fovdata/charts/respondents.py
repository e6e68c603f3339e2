"""Who answered: a federation's respondents by gender, age and authority, beside others'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.charts.exhibit import Exhibit, Table, Withheld, kept
from fovdata.charts.theme import Theme
from fovdata.figures.respondents import Part
from fovdata.selection import BACKGROUND, LABELS

NOTE = (
    "Andel av alla som har svarat, räknad på de avrundade antalen; siffrorna till höger står i "
    "samma ordning som färgerna. Det tredje svaret på frågan om "
    "kön, övriga åldrar och formulär utan myndighet är med i det hela, så delarna behöver inte bli "
    "hundra."
)
_ROW = 38
_HEAD = 34
_APART = 14
"""Pixels of space above a dimension that is not the first."""
_NAME, _DOT = 0, 17
"""Pixels from the top of a row to its name and to its dots."""


@dataclass(frozen=True)
class Divided:
    """One group's respondents by dimension; a dimension that is not offered is left out."""

    series: Series
    parts: Mapping[str, Sequence[Part]]


@kept
def who_answered(groups: Sequence[Divided], theme: Theme) -> Exhibit:
    """The dimensions below each other, a dot a group on each category's row.

    The federation is the first of the groups.
    """
    drawn: list[Mapping[str, Any]] = []
    rows: list[tuple[str, str, str, Part]] = []
    height = 0
    for dimension, categories in BACKGROUND.items():
        offered = [group for group in groups if dimension in group.parts]
        if not offered:
            continue
        height += _APART if height else 0
        drawn.append({"kind": "head", "y": height, "text": _head(dimension, offered, groups)})
        height += _HEAD
        names = {category.code: category.label for category in categories}
        for category in dict.fromkeys(p.category for g in offered for p in g.parts[dimension]):
            drawn.append({"kind": "label", "y": height + _NAME, "text": names[category]})
            parts = [
                (group.series, part)
                for group in offered
                for part in group.parts[dimension]
                if part.category == category
            ]
            rows += [(dimension, names[category], series.name, part) for series, part in parts]
            drawn.append({"kind": "values", "y": height + _NAME, "text": _values(parts)})
            drawn += [_dot(part, series, height + _DOT) for series, part in parts if part.percent]
            height += _ROW
    columns = ["kind", "y", "text", "series", "percent", "tip"]
    title = _finding(groups)
    told = " ".join(f"{name}, {series}: {_said(part)}." for _, name, series, part in rows)
    lanes = tuple(group.series for group in groups)
    return Exhibit(
        title,
        f"{title}. {told}",
        specification(height, lanes, theme),
        exhibits.drawn(drawn, columns, ("percent",)),
        _table(rows),
        alone=True,
    )


def _head(dimension: str, offered: Sequence[Divided], groups: Sequence[Divided]) -> str:
    if groups[0] in offered:
        return LABELS[dimension]
    return f"{LABELS[dimension]} (delas inte upp för ett förbund)"


def _values(parts: Sequence[tuple[Series, Part]]) -> str:
    """The groups' values in their order: "53 · 58 · 61 %"."""
    values = [wording.HIDDEN if one.percent is None else str(one.percent) for _, one in parts]
    return f"{' · '.join(values)}\N{NO-BREAK SPACE}%"


def _dot(part: Part, series: Series, y: int) -> Mapping[str, Any]:
    return {
        "kind": "dot",
        "y": y,
        "series": series.name,
        "percent": part.percent,
        "tip": f"{series.name}: {_said(part)}, {wording.about(part.n)}",
    }


def _finding(groups: Sequence[Divided]) -> str:
    name = groups[0].series.name
    women = [
        next((p for p in group.parts.get("gender", ()) if p.category == form.WOMEN.code), None)
        for group in (groups[0], groups[-1])
    ]
    own, whole = (one.percent if one else None for one in women)
    if own is None or whole is None:
        return f"{name}: för få svar att dela upp"
    return (
        f"{name}: {wording.percent(own)} av dem som svarat är kvinnor, i hela landet "
        f"{wording.percent(whole)}"
    )


def _said(part: Part) -> str:
    return wording.TOO_FEW if part.percent is None else wording.percent(part.percent)


def _table(rows: Sequence[tuple[str, str, str, Part]]) -> Table:
    return Table(
        [
            {
                "Indelning": LABELS[dimension],
                "Svarande": name,
                "Grupp": series,
                "Andel av de svarande": wording.HIDDEN
                if part.percent is None
                else wording.percent(part.percent),
                "Antal svar": wording.HIDDEN if part.n is None else f"ca {wording.number(part.n)}",
            }
            for dimension, name, series, part in rows
        ],
        [
            {
                "Indelning": LABELS[dimension],
                "Svarande": name,
                "Grupp": series,
                "andel_av_svarande_procent": part.percent,
                "antal_svar_ca": part.n,
                "status": "visas" if part.n is not None else "visas inte",
            }
            for dimension, name, series, part in rows
        ],
        dict.fromkeys(("andel_av_svarande_procent", "antal_svar_ca"), "Int64"),
        tuple(Withheld((name, series)) for _, name, series, part in rows if part.n is None),
    )


def specification(height: int, lanes: Sequence[Series], theme: Theme) -> Mapping[str, Any]:
    """The chart for a height in pixels."""
    made = _specification(height, tuple(one.colour for one in lanes), theme)
    return themes.named(made, [one.name for one in lanes])


@lru_cache(maxsize=32)
def _specification(height: int, colours: tuple[str, ...], theme: Theme) -> Mapping[str, Any]:
    """The chart with its lanes' colours for their names, so that all federations share it."""
    scale = alt.Scale(domain=[height - 10, -12], nice=False, zero=False)
    share = alt.Scale(domain=[0, 100], nice=False)
    base = alt.Chart().encode(y=alt.Y("y:Q", scale=scale, axis=None))
    x = alt.X(
        "percent:Q",
        scale=share,
        axis=themes.per_cent(),
    )
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=list(colours), range=[getattr(theme, one) for one in colours]),
        legend=alt.Legend(columns=1),
    )

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    def words(kind: str, **mark: Any) -> alt.Chart:
        return only(kind).mark_text(align="left", **mark).encode(x=alt.value(0), text="text:N")

    layers = alt.layer(
        words("head", fontSize=14, fontWeight=600),
        words("label"),
        only("label")
        .mark_rule(yOffset=_DOT - _NAME, color=theme.grid)
        .encode(x=alt.value(0), x2=alt.value("width")),
        only("dot")
        .mark_circle(size=120, opacity=1)
        .encode(x=x, color=colour, tooltip=alt.Tooltip("tip:N", title=" ")),
        only("values")
        .mark_text(align="right", color=theme.muted)
        .encode(x=alt.value("width"), text="text:N"),
    ).properties(width="container", height=height)
    return themes.specification(layers, theme)
