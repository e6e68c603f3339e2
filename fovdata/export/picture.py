"""A card as a picture that stands by itself: its title, its mark, its chart and its line.

Always light, whatever the reader's theme. The chart comes as SVG; what is around it is set here.
"""

import base64
import textwrap
from dataclasses import dataclass

from lxml import etree
from lxml.builder import ElementMaker

from fovdata.charts.theme import LIGHT
from fovdata.export import images
from fovdata.settings import ROOT

WIDTH = 720
"""Pixels of a picture whose chart has no width of its own."""
_MARGIN = 24
CHART = WIDTH - 2 * _MARGIN
"""Pixels of its chart."""
SCALE = 2
"""Pixels of a PNG for one of the picture, so that it is sharp in print too."""
_NARROWEST = 320
"""Pixels of the words at least, however narrow the chart is."""
_GAP = 12
_FONT = ROOT / "fovdata" / "dashboard" / "fonts" / "source-sans-3-5.3.0.woff2"

_SVG = "http://www.w3.org/2000/svg"
E = ElementMaker(namespace=_SVG, nsmap={None: _SVG})
"""Makes elements of SVG, whose texts need no escaping."""


@dataclass(frozen=True)
class Picture:
    """What a picture holds: a card's words, and its ``chart`` as SVG. No ``mark``, no badge.

    ``alternative`` says what the chart shows to who does not see it; ``note`` how it is read.
    """

    title: str
    alternative: str
    mark: str
    chart: str
    note: str
    line: str


@dataclass(frozen=True)
class _Type:
    """How words are set: pixels of a letter, of a line, and of a letter's width at most on average.

    The widths are somewhat more than the typeface's: a line that is too long would be cut off.
    """

    size: int
    leading: int
    letter: float
    weight: int
    colour: str


_TITLE = _Type(20, 26, 9.6, 600, LIGHT.text)
_NOTE = _Type(13, 18, 6.1, 400, LIGHT.text)
_LINE = _Type(12, 17, 5.7, 400, LIGHT.muted)
_MARK = _Type(13, 24, 6.8, 600, LIGHT.text)


def svg(picture: Picture) -> str:
    """The picture as SVG with its typeface in it. The same picture gives the same text."""
    chart = etree.fromstring(picture.chart)
    inner = max(float(chart.get("width")), _NARROWEST)
    root = E.svg(
        E.title(picture.title),
        E.desc(picture.alternative),
        E.style(_face()),
        E.rect(width="100%", height="100%", fill=LIGHT.surface),
        {"role": "img", "lang": "sv", "font-family": f"'{images.FONT}', sans-serif"},
    )
    height = float(_MARGIN)
    for part, its_height in (
        _words(picture.title, _TITLE, inner),
        *([_badge(picture.mark)] if picture.mark else []),
        (chart, float(chart.get("height"))),
        *([_words(picture.note, _NOTE, inner)] if picture.note else []),
        _words(picture.line, _LINE, inner),
    ):
        root.append(E.g(part, transform=f"translate({_MARGIN} {height:g})"))
        height += its_height + _GAP
    width, height = inner + 2 * _MARGIN, height - _GAP + _MARGIN
    for name, value in (("width", width), ("height", height)):
        root.set(name, f"{value:g}")
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def png(picture: Picture) -> bytes:
    """The picture as PNG, SCALE times as large."""
    return images.png(svg(picture), SCALE)


def _words(text: str, how: _Type, width: float) -> tuple[etree._Element, float]:
    """Words in as many lines as they need, and the height of these."""
    lines = textwrap.wrap(text, int(width / how.letter), break_on_hyphens=False)
    set_ = E.text(
        *(
            E.tspan(f"{line} ", x="0", y=f"{n * how.leading + how.size}")
            for n, line in enumerate(lines)
        ),
        _style(how),
    )
    return set_, len(lines) * how.leading


def _badge(mark: str) -> tuple[etree._Element, float]:
    """A mark within an orange outline."""
    width = len(mark) * _MARK.letter + 2 * 8
    frame = {"width": f"{width:g}", "height": str(_MARK.leading), "rx": "6"}
    middle = {"x": f"{width / 2:g}", "y": "16.5", "text-anchor": "middle"}
    badge = E.g(
        E.rect({**frame, "fill": "none", "stroke": LIGHT.federation}),
        E.text(mark, {**middle, **_style(_MARK)}),
    )
    return badge, _MARK.leading


def _style(how: _Type) -> dict[str, str]:
    return {"font-size": str(how.size), "font-weight": str(how.weight), "fill": how.colour}


def _face() -> str:
    """The typeface within the file, so that it looks the same on every machine."""
    font = base64.b64encode(_FONT.read_bytes()).decode()
    return (
        f"@font-face{{font-family:'{images.FONT}';font-weight:200 900;"
        f"src:url(data:font/woff2;base64,{font}) format('woff2')}}"
    )
