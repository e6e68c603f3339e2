"""A chart as a vector picture, drawn here and not in a browser."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import vl_convert

FONTS = Path(__file__).parent / "fonts"
"""The product's typeface as files: what draws outside a browser reads no web fonts."""
FONT = "Source Sans 3"

AXIS = 21
"""Pixels of the numbers below a chart."""

_VEGA_LITE = "6.4"


def svg(specification: Mapping[str, Any], data: pd.DataFrame, width: int, height: int) -> str:
    """A chart as SVG, so many pixels wide and high without a margin, its text as text in FONT.

    It has no legend: where it is set, words do that. What is drawn is moved apart or together to
    its height, but text stays as large.
    """
    _register_fonts()
    whole = _whole(specification, data, width, height - AXIS)
    return str(vl_convert.vegalite_to_svg(whole, vl_version=_VEGA_LITE))


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _whole(
    specification: Mapping[str, Any], data: pd.DataFrame, width: int, height: int
) -> dict[str, Any]:
    """The specification with its data, a size, and the typeface by its name alone."""
    config = specification["config"]
    font = {"font": f"'{FONT}'"}
    return {
        **specification,
        # The size is known: to fit one would lay everything out twice.
        "autosize": "pad",
        "width": width,
        "height": height,
        "config": {
            **config,
            **font,
            "text": {**config["text"], **font},
            "legend": {"disable": True},
            "padding": 0,
        },
        "data": {"values": json.loads(data.to_json(orient="records"))},
    }
