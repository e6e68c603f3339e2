"""The map of Sweden's municipalities: borders by address, colours as a row of digits."""

from collections.abc import Collection, Mapping
from typing import Any

import pydeck

from fovdata.charts.theme import Theme
from fovdata.geography import Borders

LAYER = "municipalities"
_SWEDEN = {"latitude": 62.45, "longitude": 16.6, "zoom": 4.25, "minZoom": 3.2, "maxZoom": 9}


def coverage_map(
    borders: Borders, steps: Mapping[str, int], faded: Collection[str], theme: Theme
) -> pydeck.Deck:
    """Each municipality in the colour of its step: code → 0 (not joined, also if left out) to 5.

    ``faded`` municipalities are paler; those in several federations carry a ring. A click selects
    (see ``clicked``). Only rows of digits change from one colouring to the next, some 3 kB a
    rerun: the browser keeps the borders and the view.
    """
    step = "".join(str(steps.get(code, 0)) for code in borders.codes)
    is_faded = "".join(str(int(code in faded)) for code in borders.codes)
    strong = [_rgb(colour) for colour in (theme.not_joined, *theme.coverage)]
    pale = [_between(colour, _rgb(theme.surface)) for colour in strong]
    # The parentheses are for deck.gl's parser: it knows no index on a bare literal.
    fill = f"({[strong, pale]})[('{is_faded}')[properties.row]][('{step}')[properties.row]]"
    layer = pydeck.Layer(
        "GeoJsonLayer",
        borders.address,
        id=LAYER,
        pickable=True,
        auto_highlight=True,
        highlight_color=[*_rgb(theme.text), 70],
        get_line_color=_rgb(theme.surface),
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
        initial_view_state=pydeck.ViewState(**_SWEDEN),
        map_provider=None,  # the only setting that asks no other host for tiles
        tooltip={
            "html": "<strong>{name}</strong>, {region}<br>{federations}",
            "style": {
                "backgroundColor": theme.surface,
                "color": theme.text,
                "border": f"1px solid {theme.outline}",
                "fontFamily": "inherit",
                "maxWidth": "18rem",
            },
        },
    )


def clicked(state: Mapping[str, Any]) -> str | None:
    """The code of the municipality that the reader has clicked, of st.pydeck_chart's answer."""
    selected = state["selection"]["objects"].get(LAYER)
    return selected[0]["properties"]["code"] if selected else None


def _rgb(colour: str) -> list[int]:
    return list(bytes.fromhex(colour.removeprefix("#")))


def _between(colour: list[int], background: list[int]) -> list[int]:
    """A colour two thirds of the way to the background."""
    return [(one + 2 * other) // 3 for one, other in zip(colour, background, strict=True)]
