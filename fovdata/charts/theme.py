"""The product's colours, type and Swedish number format: in light and in dark.

Contrast against the surface is at least 3:1 for marks and 4.5:1 for text, in both. Not so grid,
``not_joined`` and ``coverage``, which fill areas that words or outlines tell apart; text stands on
the first three of ``coverage`` at 4.5:1. Series' colours are for marks: text beside is ``text``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

FONT = "Source Sans, Source Sans 3, Source Sans Pro, sans-serif"
_TEXT = 13
"""Pixels of a text in a chart."""

WITHHELD = "withheld"
"""The name of a chart's layer of what stands instead of values that are hidden or limits only."""
ASKED = "asked"
"""The name of what a click in that layer selects: the mark's x, y and detail, by field."""


@dataclass(frozen=True)
class Theme:
    """Colours by what they mean."""

    name: str
    text: str
    muted: str
    grid: str
    surface: str
    women: str
    men: str
    country: str
    region: str
    federation: str
    witnessed_yes: str
    witnessed_no: str
    higher: str
    lower: str
    no_difference: str
    coverage: tuple[str, str, str, str, str]
    """One blue in five steps, the least first."""
    not_joined: str
    outline: str

    @property
    def colours(self) -> tuple[str, ...]:
        """Every colour, in the same order in every theme."""
        named = [value for name, value in vars(self).items() if name != "name"]
        return tuple(
            one for value in named for one in ([value] if isinstance(value, str) else value)
        )


LIGHT = Theme(
    name="light",
    text="#1F2933",
    muted="#5A6472",
    grid="#E3E6EA",
    surface="#FFFFFF",
    women="#7A3E9D",
    men="#0F8B8D",
    country="#3D4451",
    region="#5B7DB1",
    federation="#C7570C",
    witnessed_yes="#1F4E79",
    witnessed_no="#7790A8",
    higher="#C7570C",
    lower="#2B6CB0",
    no_difference="#838C98",
    coverage=("#CFE0F1", "#9DC1E4", "#629CD0", "#3072AE", "#134A7C"),
    not_joined="#E6E8EB",
    outline="#8A939F",
)

DARK = Theme(
    name="dark",
    text="#E8EBEF",
    muted="#A7B0BC",
    grid="#323944",
    surface="#14181E",
    women="#C08BE0",
    men="#3FBFC1",
    country="#C4CAD4",
    region="#8FAEDD",
    federation="#F0843A",
    witnessed_yes="#A9CDF0",
    witnessed_no="#66788C",
    higher="#F0843A",
    lower="#6BA6E6",
    no_difference="#79828E",
    coverage=("#1F3A57", "#27578A", "#2F6DAB", "#5C9DDB", "#9CC7F2"),
    not_joined="#2B313A",
    outline="#79828F",
)

_IN_LIGHT = dict(zip(DARK.colours, LIGHT.colours, strict=True))
"""No colour of DARK stands for two of LIGHT's."""

_NUMBERS = {
    "decimal": ",",
    "thousands": "\N{NO-BREAK SPACE}",
    "grouping": [3],
    "currency": ["", " kr"],
    "percent": "\N{NO-BREAK SPACE}%",
    "minus": "\N{MINUS SIGN}",
}


def in_light(drawn: str) -> str:
    """What is drawn in either theme, as text (a specification's JSON, a colour), in LIGHT."""
    return re.sub("#[0-9A-F]{6}", lambda found: _IN_LIGHT.get(found[0], found[0]), drawn)


def per_cent() -> alt.Axis:
    """The axis of shares, from 0 to 100 %."""
    return alt.Axis(
        values=[0, 25, 50, 75, 100],
        labelExpr="datum.value + '\N{NO-BREAK SPACE}%'",
        title=None,
        labelFlush=True,
        grid=True,
    )


def named(specification: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    """A specification with these names for its series' colours, in their order.

    So that one that is kept serves every selection, whatever it is called: all but what holds the
    names is shared.
    """
    return {**specification, "layer": [_named(layer, names) for layer in specification["layer"]]}


def _named(layer: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    encoding = {
        channel: _coloured(how, names) if channel in ("color", "stroke", "fill") else how
        for channel, how in layer["encoding"].items()
    }
    return {**layer, "encoding": encoding}


def _coloured(how: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    if how.get("field") == "series":
        return {**how, "scale": {**how["scale"], "domain": [*names]}}
    if "condition" in how:
        return {**how, "condition": _coloured(how["condition"], names)}
    return how


def specification(chart: alt.TopLevelMixin, theme: Theme) -> Mapping[str, Any]:
    """A chart's Vega-Lite specification in the product's look, its data left out.

    A layer that is named WITHHELD can be clicked: its mark grows, and ASKED holds where it stands.
    """
    axis = {
        "aria": False,
        "labelColor": theme.text,
        "titleColor": theme.muted,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "domain": False,
        "ticks": False,
        "gridColor": theme.grid,
        "labelPadding": 8,
    }
    spec = chart.to_dict(validate=False)
    spec.pop("datasets", None)
    for view in (spec, *spec.get("layer", ())):
        view.pop("data", None)
    for layer in spec.get("layer", ()):
        if layer.get("name") == WITHHELD:
            layer["mark"] |= {"cursor": "pointer", "tooltip": "Tryck: under diagrammet står varför"}
            larger = {"param": ASKED, "empty": False, "value": _TEXT + 2}
            layer["encoding"]["size"] = {"condition": larger, "value": _TEXT}
            place = [layer["encoding"].get(at, {}) for at in ("x", "y", "detail")]
            clicked = {"type": "point", "fields": [at["field"] for at in place if "field" in at]}
            spec["params"] = [{"name": ASKED, "select": clicked, "views": [WITHHELD]}]
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["config"] = {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        # Read out one by one, marks, axes and legends would drown the chart's alternative.
        "mark": {"aria": False},
        "axis": axis,
        "axisY": {"labelLimit": 260, "grid": False},
        "axisX": {"titlePadding": 10},
        "legend": {
            "aria": False,
            "labelLimit": 320,
            "labelColor": theme.text,
            "titleColor": theme.muted,
            "labelFontSize": 13,
            "orient": "top",
            "title": None,
            "symbolType": "circle",
            "symbolSize": 110,
            "symbolOpacity": 1,
            "symbolStrokeWidth": 0,
            "padding": 0,
        },
        "header": {
            "labelColor": theme.text,
            "labelFontSize": 14,
            "labelFontWeight": 600,
            "titleColor": theme.muted,
        },
        "text": {"color": theme.text, "fontSize": _TEXT, "font": FONT},
        "locale": {"number": _NUMBERS},
    }
    return spec
