"""Shares as dots with intervals, a row for each thing compared: the product's main chart.

Rows are placed by number and carry their label above the dots, so that the chart reads at any
width: a phone has no room for a column of labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt
import pandas as pd

from fovdata import wording
from fovdata.charts import theme as themes
from fovdata.charts.theme import Theme
from fovdata.figures.estimates import Estimate
from fovdata.rules import Status

ROW_HEIGHT = 74
_LABEL, _TRACK, _VALUE = -0.34, 0.06, 0.34
"""Where label, dots and values stand within a row, in rows."""
_APART = 0.13
"""How far apart two series' intervals stand within a row, in rows."""
_PUBLISHED = -0.15
"""How far above its series' interval a published figure stands, in rows."""
_CLOSE = 9
"""Percentage points within which two values would overlap and are set to either side."""


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


def data(marks: Sequence[Mark], series: Sequence[Series]) -> pd.DataFrame:
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
    frame = pd.DataFrame(drawn, columns=columns)
    return frame.astype(dict.fromkeys(("share", "low", "high", "value_y"), "Float64"))


def _drawn(marks: Sequence[Mark], row: int, names: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    own = [mark for mark in marks if not mark.published]
    hidden = 0
    ends = [mark.estimate.share for mark in own if mark.estimate.share is not None]
    if len(ends) > 1:
        yield {"kind": "span", "y": row + _TRACK, "low": min(ends), "high": max(ends)}
    for mark in marks:
        offset = _APART * (names.index(mark.series) - (len(names) - 1) / 2)
        place: dict[str, Any] = {"y": row + _TRACK + offset, "series": mark.series}
        estimate = mark.estimate
        if mark.published:
            yield {
                **place,
                "kind": "published",
                "year": str(mark.published),
                "y": place["y"] + _PUBLISHED,
                "share": estimate.share,
                "tip": _tip(mark),
            }
        elif estimate.status is Status.SHOWN:
            yield {
                **place,
                "kind": "dot",
                "value_y": row + _VALUE,
                "share": estimate.share,
                "low": estimate.low,
                "high": estimate.high,
                "text": wording.percent(estimate.share or 0),
                "side": _side(mark, own),
                "tip": _tip(mark),
            }
        else:
            said = (
                estimate.said
                if estimate.status is Status.CODED
                else f"{wording.HIDDEN} för få svar"
            )
            yield {
                **place,
                "kind": "hidden",
                "value_y": row + _TRACK + 0.26 * hidden,
                "text": f"{mark.series}: {said}",
            }
            hidden += 1


def _side(mark: Mark, own: Sequence[Mark]) -> str:
    """To which side of its dot a value is written, so that close values do not overlap."""
    others = [
        other.estimate.share
        for other in own
        if other is not mark and other.estimate.share is not None
    ]
    share = mark.estimate.share or 0
    near = [other for other in others if abs(other - share) < _CLOSE]
    if not near:
        return "centre"
    above = share > near[0] or (share == near[0] and mark is own[-1])
    return "right" if above else "left"


def _tip(mark: Mark) -> str:
    estimate = mark.estimate
    said = f"{mark.series}: {estimate.said}"
    if mark.published:
        return f"{said} (publicerad {mark.published})"
    return f"{said} ({estimate.interval}), {wording.about(estimate.n)}"


@cache
def specification(rows: int, series: tuple[Series, ...], theme: Theme) -> Mapping[str, Any]:
    """The chart for a number of rows; the same for every selection."""
    x = alt.X(
        "share:Q",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(
            values=[0, 25, 50, 75, 100],
            labelExpr="datum.value + '\N{NO-BREAK SPACE}%'",
            title=None,
            labelFlush=True,
            grid=True,
        ),
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[rows - 0.5, -0.5], nice=False, zero=False), axis=None)
    value_y = alt.Y("value_y:Q", scale=alt.Scale(domain=[rows - 0.5, -0.5], nice=False, zero=False))
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(
            domain=[one.name for one in series],
            range=[getattr(theme, one.colour) for one in series],
        ),
        legend=alt.Legend() if len(series) > 1 else None,
    )
    base = alt.Chart().encode(y=y)

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    def value(side: str, align: Literal["left", "center", "right"], shift: int) -> alt.Chart:
        return (
            alt.Chart()
            .transform_filter(f"datum.kind === 'dot' && datum.side === '{side}'")
            .mark_text(align=align, dx=shift, fontWeight=600)
            .encode(x=x, y=value_y, text="text:N", color=colour)
        )

    tip = alt.Tooltip("tip:N", title=" ")
    layers = alt.layer(
        only("label")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), text="text:N"),
        only("span")
        .mark_rule(strokeWidth=1.5, color=theme.outline)
        .encode(x=alt.X("low:Q").scale(domain=[0, 100]), x2="high:Q"),
        only("dot")
        .mark_rule(strokeWidth=7, strokeCap="round", opacity=0.32)
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
        value("centre", "center", 0),
        value("left", "right", 1),
        value("right", "left", -1),
        alt.Chart()
        .transform_filter("datum.kind === 'hidden'")
        .mark_text(align="right", color=theme.muted, fontStyle="italic")
        .encode(x=alt.value("width"), y=value_y, text="text:N"),
    ).properties(width="container", height=rows * ROW_HEIGHT)
    return themes.specification(layers, theme)
