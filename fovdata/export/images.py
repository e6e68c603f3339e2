"""A chart as a vector picture, drawn here and not in a browser."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import vl_convert

from fovdata.charts import theme as themes

FONTS = Path(__file__).parent / "fonts"
"""The product's typeface as files: what draws outside a browser reads no web fonts."""
FONT = "Source Sans 3"
_MEASURED = "SourceSans3-Regular"
"""The same by the name under which the renderer measures it: it takes no family with a digit."""

AXIS = 21
"""Pixels of the numbers below a chart."""

_VEGA_LITE = "6.4"
_BARE = {"legend": {"disable": True}, "padding": 0}


def svg(specification: Mapping[str, Any], data: pa.Table, width: int, height: int) -> str:
    """A chart as SVG, so many pixels wide and high without a margin, its text as text in FONT.

    It has no legend: where it is set, words do that. What is drawn is moved apart or together to
    its height, but text stays as large.
    """
    # The size is known: to fit one would lay everything out twice.
    size = {"autosize": "pad", "width": width, "height": height - AXIS}
    return _drawn({**specification, **size}, data, _BARE)


def whole_svg(specification: Mapping[str, Any], data: pa.Table, width: int) -> str:
    """A chart as SVG, as a page in light shows it: with legend and margin, as high as designed.

    It is as wide as is asked for, but for a chart that has a width of its own.
    """
    light = json.loads(themes.in_light(json.dumps(specification)))
    size = {"width": width} if specification["width"] == "container" else {}
    return _drawn({**light, **size}, data, {})


def png(svg: str, scale: int) -> bytes:
    """An SVG with text in FONT as a PNG, so many pixels for one of its own."""
    _register_fonts()
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(FONTS))


def _drawn(specification: Mapping[str, Any], data: pa.Table, settings: Mapping[str, Any]) -> str:
    """The specification drawn with its data, settings of its own, and the typeface by its name."""
    _register_fonts()
    config = specification["config"]
    font = {"font": _MEASURED}
    whole = {
        **specification,
        "config": {**config, **font, "text": {**config["text"], **font}, **settings},
        "data": {"values": data.to_pylist()},
    }
    drawn = str(vl_convert.vegalite_to_svg(whole, vl_version=_VEGA_LITE))
    return drawn.replace(f'"{_MEASURED}"', f"\"'{FONT}'\"")
