"""The slides' master in the product's look: its colours, its type, where title and footer stand.

It is made of python-pptx's template, whose placeholders are placed anew for a wide screen.
"""

from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from fovdata.export import office
from fovdata.export.office import LANGUAGE, THEME, Box

TITLE = Box(16, 11, 254, 25)
BODY = Box(16, 40, 306, 126)
FOOT = Box(16, 169, 280, 15)
NUMBER = Box(306, 169, 16, 15)
MARK = Box(278, 11.5, 44, 9.5)
TITLE_SIZE, TEXT_SIZE, SMALLEST = 32, 28, 16
"""Points; nothing on a slide is smaller."""
CLOSE = 0.9
"""A title's lines, by the distance of those of a text."""

_NAME = "FOV"
_COLOURS = (
    ("dk1", "text"),
    ("lt1", "surface"),
    ("dk2", "muted"),
    ("lt2", "grid"),
    ("accent1", "federation"),
    ("accent2", "women"),
    ("accent3", "men"),
    ("accent4", "witnessed_yes"),
    ("accent5", "region"),
    ("accent6", "country"),
    ("hlink", "lower"),
    ("folHlink", "women"),
)
"""Office's name of a colour, and the theme's."""
_LAYOUTS = {"Title and Content": "Rubrik och text", "Title Only": "Rubrik och bild"}
"""The template's layouts that are used, and what they are called here."""
_PROMPTS = {
    "Click to edit Master title style": "Rubrik",
    "Click to edit Master text styles": "Text",
    "Second level": "Nivå två",
    "Third level": "Nivå tre",
    "Fourth level": "Nivå fyra",
    "Fifth level": "Nivå fem",
}
_PLACES = {
    PP_PLACEHOLDER.TITLE: TITLE,
    PP_PLACEHOLDER.BODY: BODY,
    PP_PLACEHOLDER.FOOTER: FOOT,
    PP_PLACEHOLDER.SLIDE_NUMBER: NUMBER,
}
_UNUSED = (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)
"""Of the template's package: a picture of it, and which program made it in which format."""


def opened() -> Any:
    """A presentation without slides; its layouts are one for text and one for what is drawn."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    del deck.element.find(qn("p:sldSz")).attrib["type"]  # it says 4:3
    master = deck.slide_master
    for layout in [*deck.slide_layouts]:
        if layout.name in _LAYOUTS:
            layout._element.cSld.set("name", _LAYOUTS[layout.name])
        else:
            deck.slide_layouts.remove(layout)
    for sheet in (master, *deck.slide_layouts):
        _translate(sheet)
    for element in (deck.element, master._element, *(one._element for one in deck.slide_layouts)):
        for one in element.iter():
            if one.get("lang"):
                one.set("lang", LANGUAGE)
    for one in master.placeholders:
        office.place(one, _PLACES[one.placeholder_format.type])
        _set(one)
    _styles(master._element.find(qn("p:txStyles")))
    _colours(master)
    _lighten(deck.part)
    return deck


def layout_of(deck: Any, *, text: bool) -> Any:
    """The layout for text, or that for what is drawn."""
    return deck.slide_layouts.get_by_name(_LAYOUTS["Title and Content" if text else "Title Only"])


def _translate(sheet: Any) -> None:
    """Swedish prompts, and no place for a date."""
    for one in [*sheet.placeholders]:
        if one.placeholder_format.type == PP_PLACEHOLDER.DATE:
            one._element.getparent().remove(one._element)
            continue
        for run in one._element.iter(qn("a:t")):
            run.text = _PROMPTS.get(run.text, run.text)


def _set(placeholder: Any) -> None:
    """A placeholder's margins, and how it stands in its place."""
    frame = placeholder.text_frame
    for side in ("left", "right", "top", "bottom"):
        setattr(frame, f"margin_{side}", 0)
    kind = placeholder.placeholder_format.type
    foot = kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM if foot else MSO_ANCHOR.TOP
    for style in placeholder._element.iter(qn("a:lvl1pPr")):
        style.set("algn", "l" if kind == PP_PLACEHOLDER.FOOTER else "r")
        look = style.find(qn("a:defRPr"))
        look.set("sz", str(Pt(SMALLEST).centipoints))
        (colour,) = look.iter(qn("a:schemeClr"))
        colour.set("val", "tx2")
        colour.remove(colour[0])  # a tint


def _styles(styles: Any) -> None:
    """Titles bold and to the left, text without bullets."""
    title = styles.find(f"{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    close = etree.Element(qn("a:lnSpc"))
    etree.SubElement(close, qn("a:spcPct")).set("val", str(round(CLOSE * 100_000)))
    title.insert(0, close)
    look = title.find(qn("a:defRPr"))
    look.set("sz", str(Pt(TITLE_SIZE).centipoints))
    look.set("b", "1")
    text = styles.find(f"{qn('p:bodyStyle')}/{qn('a:lvl1pPr')}")
    text.set("marL", "0")
    text.set("indent", "0")
    for bullet in ("a:buFont", "a:buChar"):
        text.remove(text.find(qn(bullet)))
    text.insert(1, etree.Element(qn("a:buNone")))
    text.find(qn("a:defRPr")).set("sz", str(Pt(TEXT_SIZE).centipoints))


def _colours(master: Any) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", _NAME)
    for scheme in ("a:clrScheme", "a:fontScheme"):
        next(theme.iter(qn(scheme))).set("name", _NAME)
    colours = next(theme.iter(qn("a:clrScheme")))
    for name, field in _COLOURS:
        one = colours.find(qn(f"a:{name}"))
        for old in [*one]:
            one.remove(old)
        etree.SubElement(one, qn("a:srgbClr")).set("val", str(office.rgb(getattr(THEME, field))))
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _lighten(part: Any) -> None:
    """Without what the template's own maker left in it."""
    for owner, kinds in (
        (part.package, _UNUSED),
        (part, (RELATIONSHIP_TYPE.PRINTER_SETTINGS,)),
    ):
        for key, one in [*owner._rels.items()]:
            if one.reltype in kinds:
                owner._rels.pop(key)
