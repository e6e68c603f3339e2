"""The stage: a presentation as one HTML document that needs no server and asks no host.

Its type is the style sheet's and its charts are drawn into it, so that one rule keeps everything
on a scene large enough for the last row, and a phone reflows it; what may load is named in the
document itself.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from fovdata import geography
from fovdata.charts import hundred
from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.charts.exhibit import said
from fovdata.charts.lanes import Row
from fovdata.charts.theme import Theme
from fovdata.presentation.scene import Deck, Scene
from fovdata.settings import ROOT

_HERE = Path(__file__).parent
_FONT = ROOT / "fovdata" / "dashboard" / "fonts" / "source-sans-3-5.3.0.woff2"
_SERIES = (
    *("women", "men", "country", "region", "federation"),
    *("witnessed_yes", "witnessed_no", "higher", "lower"),
)
"""The theme's colours that marks on a scene have."""


def document(deck: Deck) -> str:
    """The presentation. The same deck gives the same document."""
    page, bodies = _templates()

    def drawn(scene: Scene) -> Markup:
        macro = getattr(bodies.module, type(scene.body).__name__)
        return Markup(macro(scene, scene.body))

    script = Markup((_HERE / "stage.js").read_text(encoding="utf-8"))
    return page.render(deck=deck, drawn=drawn, style=_style(), script=script)


@cache
def _templates() -> tuple[Template, Template]:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals |= {
        "person": hundred.PERSON,
        "outlines": geography.outlines(),
        "path": _path,
        "values": _values,
        "words": said,
        "lane_of": _lane_of,
        "hash_of": _hash_of,
        "qr": _qr,
    }
    return environment.get_template("stage.html"), environment.get_template("bodies.html")


@cache
def _style() -> Markup:
    template = Environment().from_string((_HERE / "stage.css").read_text(encoding="utf-8"))
    return Markup(
        template.render(
            font=base64.b64encode(_FONT.read_bytes()).decode(),
            light=themes.LIGHT,
            dark=themes.DARK,
            colours_of=_colours,
            series=_SERIES,
        )
    )


def _colours(theme: Theme) -> Iterator[tuple[str, str]]:
    for field in fields(theme):
        value = getattr(theme, field.name)
        if isinstance(value, tuple):
            yield from ((f"{field.name}-{i}", colour) for i, colour in enumerate(value))
        elif value.startswith("#"):
            yield field.name, value


def _hash_of(text: str) -> str:
    """What names a style or a script that may run, in a content security policy."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _path(rings: Sequence[Sequence[tuple[int, int]]]) -> str:
    """Rings of corners as an SVG path, each corner from the one before."""
    parts = []
    for ring in rings:
        (x, y), *rest = ring
        parts.append(f"M{x} {y}l")
        for to_x, to_y in rest:
            parts.append(f"{to_x - x} {to_y - y} ")
            x, y = to_x, to_y
        parts.append("z")
    return "".join(parts)


def _lane_of(row: Row, series: Series) -> float:
    """The middle of a series' lane within a row, in lanes."""
    return [one for one, _ in row.lanes].index(series) + 0.5


def _values(row: Row) -> str:
    """The first lane's share against the last's: "52 % mot 30 %"."""
    first, *others = (said(estimate) for _, estimate in row.lanes)
    return f"{first} mot {others[-1]}" if others else first


def _qr(address: str) -> Markup:
    """The address as a QR code, drawn here."""
    code = segno.make(address, error="m", micro=False)
    return Markup(
        code.svg_inline(omitsize=True, border=3, light="#fff", title=f"QR-kod: {address}")
    )
