"""Shares as dots with intervals, a row for each thing compared: the product's main chart.

Rows are placed by number and carry their label above the dots, so that the chart reads at any
width: a phone has no room for a column of labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import altair as alt
import pyarrow as pa

from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Exhibit, estimates_table, said
from fovdata.charts.theme import Theme
from fovdata.figures.estimates import Estimate
from fovdata.rules import Status

ROW_HEIGHT = 88
_LABEL, _TRACK, _VALUE, _LINE = -0.33, 0.0, 0.2, 0.165
"""Where label, dots and values stand within a row, and how far below a next line, in rows."""
_APART = 0.12
"""How far apart two series' intervals stand within a row, in rows."""
_PUBLISHED = -0.13
"""How far above its series' interval a published figure stands, in rows."""
_CLOSE = 12
"""Percentage points within which two values would overlap and are set to either side."""
_EDGE = 10
"""Per cent below which a value has no room to the left of its dot."""
_ABOVE = 15
"""Pixels from a row's label up to the line that parts it from the row before."""
_SIDES: Mapping[str, tuple[Literal["left", "center", "right"], int]] = {
    "centre": ("center", 0),
    "left": ("right", -4),
    "right": ("left", 4),
    "edge": ("left", -4),
    "beyond": ("left", 24),
}
"""Side of its dot that a value is written on → alignment and shift in pixels."""


@dataclass(frozen=True)
class Mark:
    """One series' value in one row. ``published`` is the year of a figure that was printed."""

    row: str
    series: str
    estimate: Estimate
    published: int | None = None


@dataclass(frozen=True)
class Series:
    """A series' name and the field of the theme that holds its colour."""

    name: str
    colour: str


def exhibit(
    title: str, marks: Sequence[Mark], series: tuple[Series, ...], theme: Theme, row: str
) -> Exhibit:
    """The chart with its table and alternative; ``row`` is what the table calls its rows."""
    names = list(dict.fromkeys(mark.row for mark in marks))
    alternative = " ".join(f"{m.row}, {m.series}: {said(m.estimate)}." for m in marks)
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
        specification(len(names), series, theme),
        data(marks, series),
        table,
    )


def data(marks: Sequence[Mark], series: Sequence[Series]) -> pa.Table:
    """The drawn columns: one row a label, a dot, a published point or a hidden value."""
    rows = list(dict.fromkeys(mark.row for mark in marks))
    names = [one.name for one in series]
    drawn: list[Mapping[str, Any]] = [
        {"kind": "label", "y": i + _LABEL, "text": row} for i, row in enumerate(rows)
    ]
    for i, row in enumerate(rows):
        of_row = [mark for mark in marks if mark.row == row]
        drawn += _drawn(of_row, i, names)
    columns = [
        "kind",
        "y",
        "value_y",
        "text",
        "series",
        "share",
        "low",
        "high",
        "side",
        "year",
        "tip",
    ]
    return exhibits.drawn(drawn, columns, ("share", "low", "high", "value_y"))


def _drawn(marks: Sequence[Mark], row: int, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    own = [mark for mark in marks if not mark.published]
    shares = [mark.estimate.share for mark in own if mark.estimate.share is not None]
    if len(shares) > 1:
        yield {"kind": "span", "y": row + _TRACK, "low": min(shares), "high": max(shares)}
    for mark in marks:
        if mark.estimate.share is None:
            continue
        offset = _APART * (names.index(mark.series) - (len(names) - 1) / 2)
        y = row + _TRACK + offset
        placed = {
            "series": mark.series,
            "share": mark.estimate.share,
            "tip": _tip(mark),
        }
        if mark.published:
            year = str(mark.published)
            yield {**placed, "kind": "published", "y": y + _PUBLISHED, "year": year}
        else:
            yield {
                **placed,
                "kind": "dot",
                "y": y,
                "value_y": row + _VALUE,
                "low": mark.estimate.low,
                "high": mark.estimate.high,
                "text": mark.estimate.said,
                "side": _side(mark, own),
            }
    # Below the line where a shown value stands, if any: free whatever the value is.
    first = row + _VALUE + (_LINE if shares else 0)
    for i, in_words in enumerate(_in_words(own)):
        yield {**in_words, "value_y": first + _LINE * i}


def _in_words(own: Sequence[Mark]) -> Iterator[Mapping[str, Any]]:
    """What is hidden or known as a limit only, each by its series unless it is the whole row."""
    if all(mark.estimate.status is Status.HIDDEN for mark in own):
        yield {"kind": "hidden", "text": wording.TOO_FEW}
        return
    for mark in own:
        if mark.estimate.share is None:
            kind = "coded" if mark.estimate.status is Status.CODED else "hidden"
            text = f"{mark.series}: {said(mark.estimate)}"
            yield {"kind": kind, "text": text, "series": mark.series}


def _side(mark: Mark, own: Sequence[Mark]) -> str:
    """The side of its dot that a value is written on: clear of the other's value, on the chart."""
    share = mark.estimate.share or 0
    others = [other.estimate.share for other in own if other is not mark]
    other = next((one for one in others if one is not None and abs(one - share) < _CLOSE), None)
    if other is None:
        return "edge" if share < 4 else "left" if share > 96 else "centre"
    lower = share < other or (share == other and mark is own[0])
    if min(share, other) >= _EDGE:
        return "left" if lower else "right"
    return "edge" if lower else "beyond" if share - other < 6 else "right"


def _tip(mark: Mark) -> str:
    estimate = mark.estimate
    text = f"{mark.series}: {estimate.said}"
    if mark.published:
        return f"{text} (publicerad {mark.published})"
    return f"{text} ({estimate.interval}), {wording.about(estimate.n)}"


def specification(rows: int, series: Sequence[Series], theme: Theme) -> Mapping[str, Any]:
    """The chart for a number of rows."""
    made = _specification(rows, tuple(one.colour for one in series), theme)
    return themes.named(made, [one.name for one in series])


@lru_cache(maxsize=64)
def _specification(rows: int, colours: tuple[str, ...], theme: Theme) -> Mapping[str, Any]:
    """The chart with its series' colours for their names; the same for every selection."""
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=themes.per_cent(),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[rows - 0.5, -0.5], nice=False, zero=False), axis=None)
    value_y = alt.Y("value_y:Q", scale=alt.Scale(domain=[rows - 0.5, -0.5], nice=False, zero=False))
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(
            domain=list(colours),
            range=[getattr(theme, one) for one in colours],
        ),
        legend=alt.Legend() if len(colours) > 1 else None,
    )
    base = alt.Chart().encode(y=y)

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    def value(side: str) -> alt.Chart:
        align, shift = _SIDES[side]
        return (
            alt.Chart()
            .transform_filter(f"datum.kind === 'dot' && datum.side === '{side}'")
            .mark_text(align=align, dx=shift, fontWeight=600)
            .encode(x=x, y=value_y, text="text:N")
        )

    tip = alt.Tooltip("tip:N", title=" ")
    layers = alt.layer(
        only("label")
        .transform_filter("datum.y > 0")
        .mark_rule(yOffset=-_ABOVE, color=theme.grid)
        .encode(x=alt.value(0), x2=alt.value("width")),
        only("label")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), text="text:N"),
        only("span")
        .mark_rule(strokeWidth=1.5, color=theme.outline)
        .encode(x=alt.X("low:Q").scale(domain=[0, 100]), x2="high:Q"),
        only("dot")
        .mark_rule(strokeWidth=3, strokeCap="round")
        .encode(x=alt.X("low:Q").scale(domain=[0, 100]), x2="high:Q", color=colour, tooltip=tip),
        only("published")
        .mark_point(size=70, strokeWidth=1.6, filled=False)
        .encode(
            x=x,
            color=colour,
            shape=alt.Shape("year:N", legend=None).scale(
                domain=["2022", "2021"], range=["diamond", "triangle-up"]
            ),
            tooltip=tip,
        ),
        only("dot").mark_circle(size=130, opacity=1).encode(x=x, color=colour, tooltip=tip),
        *map(value, _SIDES),
        alt.Chart()
        .transform_filter("datum.kind === 'hidden' || datum.kind === 'coded'")
        .mark_text(align="right", color=theme.muted, fontStyle="italic")
        .encode(x=alt.value("width"), y=value_y, text="text:N", detail="series:N")
        .properties(name=themes.WITHHELD),
    ).properties(width="container", height=rows * ROW_HEIGHT)
    return themes.specification(layers, theme)
