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

_VEGA_LITE = "6.4"


def svg(specification: Mapping[str, Any], data: pd.DataFrame, width: int) -> str:
    """A chart as SVG, ``width`` pixels wide, its text as text in FONT."""
    _register_fonts()
    whole = _whole(specification, data, width)
    return str(vl_convert.vegalite_to_svg(whole, vl_version=_VEGA_LITE))


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _whole(specification: Mapping[str, Any], data: pd.DataFrame, width: int) -> dict[str, Any]:
    """The specification with its data, a width, and the typeface by its name alone."""
    config = specification["config"]
    font = {"font": f"'{FONT}'"}
    return {
        **specification,
        "width": width,
        "config": {**config, **font, "text": {**config["text"], **font}},
        "data": {"values": json.loads(data.to_json(orient="records"))},
    }
