"""The map of Sweden's municipalities as SVG, for a picture: no tiles, no other host, no browser."""

from collections.abc import Collection, Iterator

from lxml import etree

from fovdata import geography
from fovdata.charts import maps
from fovdata.charts import theme as themes
from fovdata.charts.coverage import MapView
from fovdata.charts.theme import LIGHT
from fovdata.export.picture import CHART, E
from fovdata.geography import Rings

_HEIGHT = 900
"""Pixels of the country."""
_ROW = 24
"""Pixels of a row of the legend, which stands where there is sea and Norway."""
_LETTER = 13


def svg(shown: MapView, in_several: Collection[str]) -> str:
    """The map in light and in the whole country, with its legend as swatches with words.

    A ring stands in the municipalities that are ``in_several`` federations.
    """
    sheet = geography.outlines()
    scale = _HEIGHT / sheet.height
    root = E.svg(
        E.g(*_legend(shown)),
        E.g(
            *_areas(shown, sheet.rings),
            *(_ring(sheet.middle(code), 4 / scale) for code in in_several),
            {
                "transform": f"translate({CHART - sheet.width * scale - 1:.1f} 1) scale({scale})",
                "stroke": LIGHT.outline,
                "stroke-width": f"{0.6 / scale:.2f}",
                "stroke-linejoin": "round",
            },
        ),
        width=str(CHART),
        height=str(_HEIGHT + 2),
    )
    return str(etree.tostring(root, encoding="unicode"))


def _areas(shown: MapView, rings: Rings) -> Iterator[etree._Element]:
    strong, pale = maps.fills(LIGHT)
    for code, of_code in rings.items():
        fills = pale if code in shown.faded else strong
        red, green, blue = fills[shown.steps.get(code, 0)]
        path = "".join(f"M{'L'.join(f'{x} {y}' for x, y in ring)}Z" for ring in of_code)
        yield E.path(d=path, fill=f"#{red:02X}{green:02X}{blue:02X}")


def _legend(shown: MapView) -> Iterator[etree._Element]:
    for n, (name, colour) in enumerate(shown.legend):
        square = {"x": "1", "y": f"{n * _ROW + 1}", "width": "14", "height": "14"}
        yield E.rect({**square, "fill": themes.in_light(colour), "stroke": LIGHT.outline})
        place = {"x": "24", "y": f"{n * _ROW + 12.5:g}", "fill": LIGHT.text}
        yield E.text(name, {**place, "font-size": str(_LETTER)})


def _ring(middle: tuple[float, float], radius: float) -> etree._Element:
    x, y = middle
    outline = {"fill": LIGHT.surface, "stroke": LIGHT.text, "stroke-width": f"{radius / 3:.2f}"}
    return E.circle({"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": f"{radius:.1f}", **outline})
