"""What is published of growth and of answers: points, each with its source, no line between."""

import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt

from fovdata import published, wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Exhibit, Table, kept, plain_table
from fovdata.charts.theme import Theme
from fovdata.published import Answers, Growth

_ROWS = (
    ("municipalities", "Kommuner", 3.0),
    ("federations", "Samordningsförbund", 1.4),
    ("regions", "Regioner", 1.0),
)
"""What is counted, its label and how many rows of the chart it is given: most to the largest."""
_GAP = 0.95
_ROW_HEIGHT = 62
_ANSWERS_ROW = 92
_PHONE = 44
"""Characters of a line that a phone has room for."""


@kept
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
        exhibits.drawn(drawn, columns),
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


@kept
def answers(found: Sequence[Answers], theme: Theme) -> Exhibit:
    """How many answers have been published: a row each, for each counts something else."""
    title = "Hur många svar NNS har publicerat"
    most = max(one.answers for one in found)
    drawn: list[Mapping[str, Any]] = []
    said = []
    for i, one in enumerate(found):
        counts = one.counts + (f", från {one.regions} regioner" if one.regions else "")
        when = one.when[0].upper() + one.when[1:]
        number = wording.number(one.answers)
        drawn.append({"kind": "label", "y": i + 0.14, "text": when})
        wrapped = "\n".join(textwrap.wrap(counts, _PHONE))
        drawn.append({"kind": "counts", "y": i + 0.26, "text": wrapped})
        drawn.append(
            {
                "kind": "point",
                "y": i + 0.78,
                "number": _FULL * one.answers / most,
                "text": number,
                "tip": f"{when}: {number} {counts} ({published.source(one.source).short})",
            }
        )
        said.append(f"{when}: {number} {counts}.")
    return Exhibit(
        title,
        f"{title}. {' '.join(said)}",
        _answers_specification(len(found), theme),
        exhibits.drawn(drawn, ["kind", "y", "number", "text", "tip"]),
        answers_table(found),
    )


def answers_table(found: Sequence[Answers]) -> Table:
    """The published numbers of answers, each with what it counts and its source."""
    table = plain_table(
        [
            {
                "När": one.when,
                "Antal": one.answers,
                "Räknar": one.counts,
                "Regioner": one.regions,
                "Källa": published.source(one.source).citation,
            }
            for one in found
        ],
        whole_numbers=["Antal", "Regioner"],
    )
    numbers = [{"Antal": wording.number(one.answers)} for one in found]
    return table.beside(numbers, [{}] * len(numbers))


_FULL = 82.0
"""Where the largest number of answers stands, on a 0–100 axis: the rest is for its text."""


@cache
def _answers_specification(rows: int, theme: Theme) -> Mapping[str, Any]:
    y = alt.Y("y:Q", scale=alt.Scale(domain=[rows, -0.1], nice=False, zero=False), axis=None)
    x_scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("number:Q", scale=x_scale, axis=None)

    def only(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.kind === '{kind}'").encode(y=y)

    points = only("point").encode(x=x, tooltip=alt.Tooltip("tip:N", title=" "))
    layers = alt.layer(
        only("label")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), text="text:N"),
        only("counts")
        .mark_text(align="left", baseline="top", color=theme.muted, lineBreak="\n")
        .encode(x=alt.value(0), text="text:N"),
        points.mark_rule(strokeWidth=10, opacity=0.25, color=theme.region).encode(
            x2=alt.X2Datum(0)
        ),
        points.mark_circle(size=120, opacity=1, color=theme.region),
        points.mark_text(align="left", dx=12, fontWeight=600).encode(text="text:N"),
    ).properties(width="container", height=int((rows + 0.1) * _ANSWERS_ROW))
    return themes.specification(layers, theme)


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
