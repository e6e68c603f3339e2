"""Differences in percentage points, as dots with intervals around zero."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pyarrow as pa

from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Table, Withheld
from fovdata.charts.theme import Theme
from fovdata.figures.estimates import Difference, Ratio
from fovdata.rules import Status

ROW_HEIGHT = 62
_LABEL, _DOT = -0.32, 0.16
_ABOVE = 12
"""Pixels from a row's label up to the line that parts it from the row before."""


def data(rows: Sequence[tuple[str, Difference]]) -> pa.Table:
    """The drawn columns; a hidden difference is a row of text."""
    drawn: list[Mapping[str, Any]] = []
    for i, (label, difference) in enumerate(rows):
        drawn.append({"kind": "label", "y": i + _LABEL, "text": label})
        if difference.points is None:
            text = f"{wording.TOO_FEW} för en jämförelse"
            drawn.append({"kind": "hidden", "y": i + _DOT, "text": text})
            continue
        drawn.append(
            {
                "kind": "dot",
                "y": i + _DOT,
                "text": difference.said,
                "points": difference.points,
                "low": difference.low,
                "high": difference.high,
                "certain": difference.certain,
                "tip": f"{label}: {told(difference)}",
            }
        )
    columns = ["kind", "y", "text", "points", "low", "high", "certain", "tip"]
    return exhibits.drawn(drawn, columns, ("points", "low", "high"))


def counted(some: int, compared: int, asked: int, what: str = "frågor") -> str:
    """Some of the questions that can be compared, in words: "fem av sju frågor"."""
    which = what if compared == asked else f"{what} som går att jämföra"
    if some == compared == 1:
        return "den enda fråga som går att jämföra"
    if some == compared:
        return f"alla {wording.in_words(some)} {which}"
    return f"{wording.in_words(some)} av {wording.in_words(compared)} {which}"


def compared(found: Sequence[Difference]) -> int:
    """How many differences are shown."""
    return sum(one.points is not None for one in found)


def higher(found: Sequence[Difference]) -> int:
    """How many differences are certain and above zero."""
    return sum(one.certain and (one.points or 0) > 0 for one in found)


def lower(found: Sequence[Difference]) -> int:
    """How many differences are certain and below zero."""
    return sum(one.certain and (one.points or 0) < 0 for one in found)


def bound(rows: Sequence[tuple[str, Difference]]) -> int:
    """The axis's end: a multiple of ten that holds every interval."""
    ends = [abs(end) for _, d in rows for end in (d.low, d.high) if end is not None]
    return 10 * -(-max(ends, default=30) // 10)


@lru_cache(maxsize=64)
def specification(rows: int, limit: int, ends: tuple[str, str], theme: Theme) -> Mapping[str, Any]:
    """The chart for a number of rows; ``ends`` says what left and right of zero mean."""
    domain = [-limit, limit]
    y = alt.Y("y:Q", scale=alt.Scale(domain=[rows - 0.5, -0.5], nice=False), axis=None)
    colour = alt.condition(
        "datum.certain", alt.value(theme.country), alt.value(theme.no_difference)
    )
    fill = alt.condition("datum.certain", alt.value(theme.country), alt.value(theme.surface))
    tip = alt.Tooltip("tip:N", title=" ")
    base = alt.Chart().encode(y=y)
    # Two lines: a title that is wider than a phone would squeeze the chart.
    title = [f"← {ends[0]} · {ends[1]} →", "procentenheter"]

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    layers = alt.layer(
        only("label")
        .transform_filter("datum.y > 0")
        .mark_rule(yOffset=-_ABOVE, color=theme.grid)
        .encode(x=alt.value(0), x2=alt.value("width")),
        alt.Chart().mark_rule(color=theme.outline, strokeWidth=1.5).encode(x=alt.datum(0)),
        only("label")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.datum(-limit), text="text:N"),
        only("hidden")
        .mark_text(align="left", fontStyle="italic", color=theme.muted)
        .encode(x=alt.datum(-limit), text="text:N")
        .properties(name=themes.WITHHELD),
        only("dot")
        .mark_rule(strokeWidth=3, strokeCap="round")
        .encode(x=alt.X("low:Q"), x2="high:Q", color=colour, tooltip=tip),
        only("dot")
        .mark_point(size=110, strokeWidth=2, opacity=1)
        .encode(
            x=alt.X(
                "points:Q",
                scale=alt.Scale(domain=domain, nice=False),
                axis=alt.Axis(
                    title=title,
                    labelExpr="(datum.value > 0 ? '+' : '') + format(datum.value, 'd')",
                    tickCount=5,
                    labelFlush=True,
                    grid=True,
                ),
            ),
            stroke=colour,
            fill=fill,
            tooltip=tip,
        ),
        only("dot").mark_text(dy=-14, fontWeight=600).encode(x="points:Q", text="text:N"),
    ).properties(width="container", height=rows * ROW_HEIGHT)
    return themes.specification(layers, theme)


def table(rows: Sequence[tuple[Mapping[str, str], Difference]]) -> Table:
    """Differences as a table; each row's mapping names it."""
    return Table(
        [
            {
                **names,
                "Skillnad, procentenheter": row.said,
                "95 % intervall": row.interval,
                "Säker skillnad": certain(row),
            }
            for names, row in rows
        ],
        [
            {
                **names,
                "skillnad_procentenheter": row.points,
                "lägst_95": row.low,
                "högst_95": row.high,
                "status": wording.STATUS_WORDS[row.status],
            }
            for names, row in rows
        ],
        dict.fromkeys(("skillnad_procentenheter", "lägst_95", "högst_95"), "Int64"),
        tuple(Withheld(tuple(names.values())) for names, row in rows if row.points is None),
    )


def certain(found: Difference | Ratio) -> str:
    """Whether a comparison is more than chance, as a table says it."""
    if found.status is Status.HIDDEN:
        return wording.HIDDEN
    return "ja" if found.certain else "nej"


def told(found: Difference) -> str:
    """A difference with its interval, as a text alternative says it."""
    if found.points is None:
        return wording.TOO_FEW
    return f"{found.said} procentenheter ({found.interval})"
