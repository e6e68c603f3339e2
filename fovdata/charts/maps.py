"""The map of Sweden's municipalities: borders by address, colours as a row of digits."""

import sys
from collections.abc import Collection, Mapping
from typing import Any

import pydeck

from fovdata.charts.theme import Theme
from fovdata.geography import Borders

# Every deck looks five times for Jupyter's widget, which would take most of the time of making it.
sys.modules.setdefault("pydeck.widget", None)  # type: ignore[arg-type]

LAYER = "municipalities"
HEIGHT = 720
"""Pixels: Sweden fits into it at the zoom of WHOLE, also on a phone's width."""
WHOLE = "Hela landet"
PLACES = {
    WHOLE: {"latitude": 62.97, "longitude": 17.5, "zoom": 3.95},
    "Norr": {"latitude": 66.0, "longitude": 18.6, "zoom": 4.9},
    "Mitt": {"latitude": 60.6, "longitude": 15.9, "zoom": 5.2},
    "Syd": {"latitude": 57.3, "longitude": 14.6, "zoom": 5.6},
}
"""What the map can be asked to show, with the middle and the zoom of each."""
_SHIFT = 1e-6


def coverage_map(
    borders: Borders,
    steps: Mapping[str, int],
    faded: Collection[str],
    theme: Theme,
    place: str | None = WHOLE,
) -> pydeck.Deck:
    """Each municipality in the colour of its step: code → 0 (not joined, also if left out) to 5.

    ``faded`` municipalities are paler; those in several federations carry a ring. A click selects
    (see ``clicked``). Only rows of digits change from one colouring to the next, some 3 kB a
    rerun: the browser keeps the borders, and the view until ``place`` changes. No place is the
    whole country too, a hair's breadth away, so that to let go of a place also moves the map back.

    The wheel scrolls the page and does not zoom; a double click, the keyboard and two fingers do.
    """
    step = "".join(str(steps.get(code, 0)) for code in borders.codes)
    is_faded = "".join(str(int(code in faded)) for code in borders.codes)
    strong, pale = fills(theme)
    # The parentheses are for deck.gl's parser: it knows no index on a bare literal.
    fill = f"({[strong, pale]})[('{is_faded}')[properties.row]][('{step}')[properties.row]]"
    layer = pydeck.Layer(
        "GeoJsonLayer",
        borders.address,
        id=LAYER,
        pickable=True,
        auto_highlight=True,
        highlight_color=[*_rgb(theme.text), 70],
        get_line_color=_rgb(theme.outline),
        get_line_width=0.6,
        line_width_units="'pixels'",
        get_point_radius=4,
        point_radius_units="'pixels'",
        # Colours of the parts, not of the layer: Streamlit fades a layer when one is selected.
        _sub_layer_props={
            "polygons-fill": {
                "getFillColor": f"@@={fill}",
                "updateTriggers": {"getFillColor": fill},
            },
            "points-circle": {
                "getFillColor": _rgb(theme.surface),
                "getLineColor": _rgb(theme.text),
                "getLineWidth": 1.5,
            },
        },
    )
    return pydeck.Deck(
        [layer],
        views=[pydeck.View("MapView", {"scrollZoom": False, "dragRotate": False})],
        initial_view_state=view(place),
        map_provider=None,  # the only setting that asks no other host for tiles
        tooltip={
            "html": "<strong>{name}</strong>, {region}<br>{federations}",
            "style": {
                "backgroundColor": theme.surface,
                "color": theme.text,
                "border": f"1px solid {theme.outline}",
                "fontFamily": "inherit",
                # In the corner where there is sea and Norway: at the mouse the map's edge cuts it.
                "transform": "none",
                "maxWidth": "10rem",
            },
        },
    )


def fills(theme: Theme) -> tuple[list[list[int]], list[list[int]]]:
    """The colour of each step from 0 to 5, as red, green and blue; and the same paler."""
    strong = [_rgb(colour) for colour in (theme.not_joined, *theme.coverage)]
    return strong, [_between(colour, _rgb(theme.surface)) for colour in strong]


def view(place: str | None) -> pydeck.ViewState:
    """Where the map looks: at one of PLACES, or at the whole country if at none."""
    where = PLACES[place or WHOLE]
    shift = 0 if place else _SHIFT
    moved = {name: value + shift for name, value in where.items()}
    return pydeck.ViewState(**moved, minZoom=3.2, maxZoom=9)


def clicked(state: Mapping[str, Any]) -> str | None:
    """The code of the municipality that the reader has clicked, of st.pydeck_chart's answer."""
    selected = state["selection"]["objects"].get(LAYER)
    return selected[0]["properties"]["code"] if selected else None


def _rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour.removeprefix("#")))


def _between(colour: list[int], background: list[int]) -> list[int]:
    """A colour two thirds of the way to the background."""
    return [(one + 2 * other) // 3 for one, other in zip(colour, background, strict=True)]
