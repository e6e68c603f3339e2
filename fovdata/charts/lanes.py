"""Shares in lanes: a question's groups below each other, with what is said of their difference.

A question's lanes stand under its name and its words, so that the chart reads on a phone; in
print, where the width is known, the words stand beside the name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pyarrow as pa

from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.charts.exhibit import said
from fovdata.charts.theme import Theme
from fovdata.figures.comparisons import Verdict
from fovdata.figures.estimates import Estimate
from fovdata.rules import Status

_LANE = 17
"""Pixels from one lane to the next."""
_LINE = 19
"""Pixels of a line of text above the lanes."""
_GAP = 15
"""Pixels between two questions."""
_PRINTED_GAP = {1: 28, 2: 18, 3: 8}
"""The same in print, by the number of lanes."""
_FULL = 82
"""Per cent above which a value has no room to the right of its interval."""


@dataclass(frozen=True)
class Row:
    """A question: its lanes from the top down, and what is said of their difference, if anything.

    ``verdict`` is None where the difference is not tried. ``whole`` says that what stands beside
    the first lane are whole groups, not the rest of them.
    """

    name: str
    lanes: Sequence[tuple[Series, Estimate]]
    said: str = ""
    verdict: Verdict | None = None
    whole: bool = False

    @property
    def told(self) -> str:
        """The question in a sentence."""
        shares = ", ".join(f"{series.name} {said(estimate)}" for series, estimate in self.lanes)
        return f"{self.name}: {shares}{f'; {self.said}' if self.said else ''}."


def specification(rows: Sequence[Row], printed: bool, theme: Theme) -> Mapping[str, Any]:
    """The chart for these rows."""
    lanes = [series for series, _ in rows[0].lanes]
    colours = tuple(series.colour for series in lanes)
    made = _specification(len(rows), colours, printed, _in_one_line(rows, printed), theme)
    names = [series.name for series in lanes]
    return themes.named(made, names)


def data(rows: Sequence[Row], printed: bool) -> pa.Table:
    """The drawn columns. Heights are pixels from the top."""
    one_line = _in_one_line(rows, printed)
    height, above = _height(len(rows[0].lanes), one_line, printed), _above(one_line)
    drawn: list[Mapping[str, Any]] = []
    for i, row in enumerate(rows):
        top = i * height
        drawn.append({"kind": "label", "y": top, "text": row.name})
        if row.said:
            drawn.append(
                {
                    "kind": "verdict",
                    "y": top if printed else top + _LINE,
                    "text": row.said[0].upper() + row.said[1:],
                    "verdict": row.verdict or "none",
                }
            )
        for lane, (series, estimate) in enumerate(row.lanes):
            drawn.append(_lane(series, estimate, top + above + lane * _LANE, row.whole))
    columns = ["kind", "y", "value_y", "text", "series", "share", "low", "high", "side"]
    numbers = ("share", "low", "high", "y", "value_y")
    return exhibits.drawn(drawn, [*columns, "verdict", "tip"], numbers)


def _lane(series: Series, estimate: Estimate, y: int, whole: bool) -> Mapping[str, Any]:
    if estimate.share is None:
        kind = "coded" if estimate.status is Status.CODED else "hidden"
        text = f"{series.name}: {said(estimate)}"
        return {"kind": kind, "value_y": y, "text": text, "series": series.name}
    name = series.name
    if whole:
        name = name.replace("Övriga landet", "Hela landet").replace("Övriga i ", "Hela ")
    return {
        "kind": "dot",
        "y": y,
        "series": series.name,
        "share": estimate.share,
        "low": estimate.low,
        "high": estimate.high,
        "text": estimate.said,
        "side": "left" if (estimate.high or 0) > _FULL else "right",
        "tip": f"{name}: {estimate.said} ({estimate.interval}), {wording.about(estimate.n)}",
    }


def _in_one_line(rows: Sequence[Row], printed: bool) -> bool:
    return printed or not any(row.said for row in rows)


def _above(one_line: bool) -> int:
    """Pixels from a question's name to its first lane; a verdict may need a line of its own."""
    return _LINE if one_line else 2 * _LINE


def _height(lanes: int, one_line: bool, printed: bool) -> int:
    """Pixels of a question."""
    return _above(one_line) + lanes * _LANE + (_PRINTED_GAP[lanes] if printed else _GAP)


@lru_cache(maxsize=32)
def _specification(
    rows: int, colours: tuple[str, ...], printed: bool, one_line: bool, theme: Theme
) -> Mapping[str, Any]:
    """The chart with the lanes' colours for their names, so that all federations share it."""
    height = rows * _height(len(colours), one_line, printed)
    scale = alt.Scale(domain=[height - _GAP // 2, -_LINE // 2], nice=False, zero=False)
    share = alt.Scale(domain=[0, 100], nice=False)
    y = alt.Y("y:Q", scale=scale, axis=None)
    x = alt.X(
        "share:Q",
        scale=share,
        axis=themes.per_cent(),
    )
    of_lane = alt.Scale(domain=[*colours], range=[getattr(theme, one) for one in colours])
    # In print the page itself says whose lane is whose.
    legend = None if printed else alt.Legend(columns=1)
    colour = alt.Color("series:N", scale=of_lane, legend=legend)
    base = alt.Chart().encode(y=y)
    tip = alt.Tooltip("tip:N", title=" ")

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    def value(side: str) -> alt.Chart:
        at = "low:Q" if side == "left" else "high:Q"
        align, shift = ("right", -7) if side == "left" else ("left", 7)
        return (
            only("dot")
            .transform_filter(f"datum.side === '{side}'")
            .mark_text(align=align, dx=shift, fontWeight=600)  # type: ignore[arg-type]
            .encode(x=alt.X(at, scale=share), text="text:N")
        )

    def verdict(test: str, colour: str, weight: int) -> alt.Chart:
        return (
            only("verdict")
            .transform_filter(f"datum.verdict {test}")
            .mark_text(align="right" if printed else "left", fontWeight=weight, color=colour)  # type: ignore[arg-type]
            .encode(x=alt.value("width") if printed else alt.value(0), text="text:N")
        )

    certain = (Verdict.HIGHER, theme.higher), (Verdict.LOWER, theme.lower)
    neither = " && ".join(f"datum.verdict !== '{one}'" for one, _ in certain)
    layers = alt.layer(
        only("label")
        .transform_filter("datum.y > 0")
        .mark_rule(yOffset=-_LINE + 4, color=theme.grid)
        .encode(x=alt.value(0), x2=alt.value("width")),
        only("label")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), text="text:N"),
        *(verdict(f"=== '{one}'", its_colour, 600) for one, its_colour in certain),
        verdict(neither.removeprefix("datum.verdict "), theme.muted, 400),
        only("dot")
        .mark_rule(strokeWidth=3, strokeCap="round")
        .encode(x=alt.X("low:Q", scale=share), x2="high:Q", color=colour, tooltip=tip),
        only("dot").mark_circle(size=110, opacity=1).encode(x=x, color=colour, tooltip=tip),
        value("left"),
        value("right"),
        alt.Chart()
        .transform_filter("datum.kind === 'hidden' || datum.kind === 'coded'")
        .mark_text(align="left", color=theme.muted, fontStyle="italic")
        .encode(
            x=alt.value(0),
            y=alt.Y("value_y:Q", scale=scale),
            text="text:N",
            detail="series:N",
        )
        .properties(name=themes.WITHHELD),
    ).properties(width="container", height=height)
    return themes.specification(layers, theme)
