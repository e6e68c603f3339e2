"""The commission's growth as published: points, each with its source and no line through them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from fovdata import published, wording
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Exhibit, plain_table
from fovdata.charts.theme import Theme
from fovdata.published import Growth

_ROWS = (
    ("municipalities", "Kommuner", 3.0),
    ("federations", "Samordningsförbund", 1.4),
    ("regions", "Regioner", 1.0),
)
"""What is counted, its label and how many rows of the chart it is given: most to the largest."""
_GAP = 0.95
_ROW_HEIGHT = 62


def growth(found: Sequence[Growth], theme: Theme) -> Exhibit:
    """Federations, regions and municipalities in the commission, 2019–2022."""
    first, last = found[0], found[-1]
    title = f"Från {first.federations} till {last.federations} samordningsförbund på drygt tre år"
    drawn: list[Mapping[str, Any]] = []
    top = 0.0
    for field, label, height in _ROWS:
        base = top + _GAP + height
        values = [(one, value) for one in found if (value := getattr(one, field)) is not None]
        largest = max(value for _, value in values)
        drawn.append({"kind": "label", "y": top + 0.32, "text": label})
        for one, value in values:
            drawn.append(
                {
                    "kind": "point",
                    "date": one.date.isoformat(),
                    "y": base - height * value / largest + 0.25,
                    "base": base,
                    "text": wording.number(value),
                    "tip": f"{label}, {one.when}: {value} ({published.source(one.source).short})",
                }
            )
        top = base + 0.1
    said = " ".join(
        f"{one.when}: "
        + ", ".join(
            f"{getattr(one, field)} {label.lower()}"
            for field, label, _ in _ROWS
            if getattr(one, field) is not None
        )
        + "."
        for one in found
    )
    columns = ["kind", "date", "y", "base", "text", "tip"]
    return Exhibit(
        title,
        f"{title}. {said[0].upper()}{said[1:]}",
        _specification(top, theme),
        pd.DataFrame(drawn, columns=columns),
        plain_table(
            [
                {
                    "När": one.when,
                    **{label: getattr(one, field) for field, label, _ in reversed(_ROWS)},
                    "Källa": published.source(one.source).citation,
                }
                for one in found
            ],
            whole_numbers=[label for _, label, _ in _ROWS],
        ),
    )


@cache
def _specification(height: float, theme: Theme) -> Mapping[str, Any]:
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None)
    x = alt.X(
        "date:T",
        scale=alt.Scale(domain=["2019-05-01", "2023-03-31"], nice=False),
        axis=alt.Axis(
            title=None, format="%Y", tickCount={"interval": "year", "step": 1}, grid=False
        ),
    )
    points = (
        alt.Chart()
        .transform_filter("datum.kind === 'point'")
        .encode(x=x, y=y, tooltip=alt.Tooltip("tip:N", title=" "))
    )
    layers = alt.layer(
        alt.Chart()
        .transform_filter("datum.kind === 'label'")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), y=y, text="text:N"),
        points.mark_rule(strokeWidth=10, opacity=0.25, color=theme.region).encode(y2="base:Q"),
        points.mark_circle(size=120, opacity=1, color=theme.region),
        points.mark_text(dy=-14, fontWeight=600).encode(text="text:N"),
    ).properties(width="container", height=int(height * _ROW_HEIGHT))
    return themes.specification(layers, theme)
