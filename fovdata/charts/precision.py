"""How many answers are needed: the margin of a share by the number of answers behind it."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

import altair as alt

from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Exhibit, kept, plain_table
from fovdata.charts.theme import Theme
from fovdata.figures import precision
from fovdata.rules import Rules

LEAST, MOST, USUAL = 5, 25, 10
"""Percentage points to choose from."""
NOTE = (
    "Gäller en skillnad för sig: en andel på 50 % måste ligga så långt från landets för att dess "
    "95 % intervall inte ska nå dit; andra andelar kräver något färre svar. **För orden högre och "
    "lägre, där alla förbund och frågor prövas på en gång, behövs betydligt fler.**"
)
_STEPS = (20, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500)
"""Numbers of answers that the table has."""
_MOST = _STEPS[-1]
_CLOSE = 3
"""Percentage points within which the words of two marks would overlap."""
_EDGE = 330
"""From so many answers there is no room for words to the right."""


@kept
def margins(n: int | None, points: int, rules: Rules, theme: Theme) -> Exhibit:
    """The margin that ``n`` answers leave, and the answers that ``points`` of it take.

    ``n`` is None where there are too few answers to show.
    """
    needed = precision.answers_for(points, rules)
    title = f"För {points} procentenheter behövs {wording.about(needed)}"
    if n is not None:
        margin = precision.margin(n, rules)
        title = (
            f"Med {wording.about(n)} kan ni se skillnader på omkring {margin} procentenheter; "
            f"för {points} behövs {wording.about(needed)}"
        )
    steps = sorted({*_STEPS, needed})
    table = [(step, precision.margin(step, rules)) for step in steps]
    drawn: list[Mapping[str, Any]] = [
        {"kind": "curve", "answers": step, "margin": precision.exact_margin(step, rules)}
        for step in range(rules.show, _MOST + 1, 5)
    ]
    marked = [("wanted", needed, f"{points} procentenheter: {wording.about(needed)}")]
    if n is not None:
        marked.append(("own", n, f"Ni: {wording.about(n)}"))
    heights = [precision.exact_margin(min(one[1], _MOST), rules) for one in marked]
    close = len(marked) > 1 and abs(heights[0] - heights[1]) < _CLOSE
    leftmost = min(marked, key=lambda one: one[1])
    for one, height in zip(marked, heights, strict=True):
        kind, answers, text = one
        # The curve falls: words stand above it to the right, or below it to the left where there
        # is no room; of two that are close, one a line further away.
        right = answers <= _EDGE
        side = "above" if right else "below"
        if close and (one is leftmost) == right:
            side = "high" if right else "low"
        drawn.append(
            {
                "kind": kind,
                "answers": min(answers, _MOST),
                "margin": height,
                "text": text,
                "side": side,
            }
        )
    return Exhibit(
        title,
        f"{title}. " + _told(table),
        specification(theme),
        exhibits.drawn(drawn, ["kind", "answers", "margin", "text", "side"]),
        plain_table(
            [
                {"Antal svar, minst": step, "Skillnad som syns, procentenheter": margin}
                for step, margin in table
            ]
        ),
        alone=True,
    )


def _told(table: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{step} svar: {margin} procentenheter." for step, margin in table)


@cache
def specification(theme: Theme) -> Mapping[str, Any]:
    """The chart, the same for everybody."""
    x = alt.X(
        "answers:Q",
        scale=alt.Scale(domain=[0, _MOST], nice=False),
        axis=alt.Axis(title="Antal svar", tickCount=5, labelFlush=True),
    )
    y = alt.Y(
        "margin:Q",
        scale=alt.Scale(domain=[0, 30], nice=False),
        axis=alt.Axis(title=None, tickCount=4, grid=True, labelExpr="'±' + datum.value"),
    )
    base = alt.Chart().encode(x=x, y=y)

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    marks = (("wanted", theme.country), ("own", theme.federation))
    sides: Sequence[tuple[str, Literal["left", "right"], int, int]] = (
        ("high", "left", 8, -30),
        ("above", "left", 8, -13),
        ("below", "right", 0, 18),
        ("low", "right", 0, 34),
    )
    layers = alt.layer(
        only("curve").mark_line(color=theme.region, strokeWidth=2.5),
        *(only(kind).mark_circle(size=150, opacity=1, color=colour) for kind, colour in marks),
        *(
            base.transform_filter(f"datum.side === '{side}'")
            .mark_text(align=align, dx=dx, dy=dy, fontWeight=600)
            .encode(text="text:N")
            for side, align, dx, dy in sides
        ),
    ).properties(width="container", height=260)
    return themes.specification(layers, theme)
