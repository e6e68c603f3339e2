"""What every slide is made with: text, tables and outlines set by millimetres, and plain files.

The typeface is the template's Calibri, which Office brings: a reader who edits a slide has no
other, and other programs have one of the same widths.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Any
from xml.sax.saxutils import quoteattr

import xlsxwriter
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Mm, Pt

from fovdata.charts import theme as themes
from fovdata.export.report import FORM

THEME = themes.LIGHT
LANGUAGE = "sv-SE"
POINT = 25.4 / 72
"""Millimetres of a typographic point."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The only time in the file: a ZIP file knows none before it."""
_LETTER = 0.45
"""A letter's mean width by its height, a little more than Calibri's."""
_LEADING = 1.2
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""Office's table style "No Style, No Grid"."""


@dataclass(frozen=True)
class Box:
    """A place on a slide, in millimetres from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """Where it ends downwards."""
        return self.top + self.height

    @property
    def measures(self) -> tuple[Any, Any, Any, Any]:
        """Left, top, width and height as Office is told them."""
        return Mm(self.left), Mm(self.top), Mm(self.width), Mm(self.height)


Run = tuple[str, float, str, bool]
"""Text, its size in points, its colour and whether it is bold."""


def run(text: str, size: float, colour: str = THEME.text, bold: bool = False) -> Run:
    """A text of one look."""
    return text, size, colour, bold


def rgb(code: str) -> RGBColor:
    """A colour of the theme, "#C7570C", as Office is told it."""
    return RGBColor.from_string(code.lstrip("#"))


def wide(text: str, size: float) -> float:
    """Millimetres of a text in a line, rather a little more: only what sets it knows."""
    return len(text) * _LETTER * size * POINT


def high(text: str, size: float, width: float) -> float:
    """Millimetres that a text needs downwards where lines are ``width`` wide."""
    lines = ceil(wide(text, size) / width) or 1
    return lines * size * _LEADING * POINT


def text(slide: Any, box: Box, paragraphs: Sequence[Sequence[Run]], **how: Any) -> Any:
    """A text box, written as ``write`` is told; returns its shape."""
    shape = slide.shapes.add_textbox(*box.measures)
    write(shape.text_frame, paragraphs, **how)
    return shape


def write(
    frame: Any,
    paragraphs: Sequence[Sequence[Run]],
    *,
    align: Any = PP_ALIGN.LEFT,
    bullet: str = "",
    hanging: float = 0,
    after: float = 0,
) -> None:
    """Fill a frame, without margins.

    ``hanging`` is how far later lines are indented, ``after`` the space after a paragraph: mm.
    """
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for side in ("left", "right", "top", "bottom"):
        setattr(frame, f"margin_{side}", 0)
    for i, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.alignment = align
        if after:
            paragraph.space_after = Pt(after / POINT)
        if hanging:
            _indent(paragraph, hanging)
        if bullet:
            _bullet(paragraph, bullet)
        for words, size, colour, bold in runs:
            added = paragraph.add_run()
            added.text = words
            added.font.size, added.font.bold = Pt(size), bold
            added.font.color.rgb = rgb(colour)
            added.font.language_id = MSO_LANGUAGE_ID.SWEDISH


def _indent(paragraph: Any, hanging: float) -> None:
    about = paragraph._p.get_or_add_pPr()
    about.set("marL", str(Mm(hanging)))
    about.set("indent", str(-Mm(hanging)))


def _bullet(paragraph: Any, character: str) -> None:
    """A real one, under which later lines are indented."""
    about = paragraph._p.get_or_add_pPr()
    colour = etree.SubElement(etree.SubElement(about, qn("a:buClr")), qn("a:srgbClr"))
    colour.set("val", THEME.federation.lstrip("#"))
    etree.SubElement(about, qn("a:buChar")).set("char", character)


def place(shape: Any, box: Box) -> None:
    """Move a shape that is there."""
    shape.left, shape.top, shape.width, shape.height = map(Emu, box.measures)


def mark(slide: Any, box: Box, words: str, size: float) -> None:
    """A badge: that the answers are synthetic."""
    shape = text(
        slide, box, [[run(words, size, THEME.federation, bold=True)]], align=PP_ALIGN.CENTER
    )
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    shape.line.color.rgb, shape.line.width = rgb(THEME.federation), Pt(1)


def rule(slide: Any, left: float, top: float, width: float) -> None:
    """A thin line across."""
    line = slide.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, Mm(left), Mm(top), Mm(left + width), Mm(top)
    )
    line.line.color.rgb, line.line.width = rgb(THEME.outline), Pt(0.75)
    line._element.remove(line._element.find(qn("p:style")))  # it would cast a shadow


@dataclass(frozen=True)
class Outline:
    """A shape of closed rings, whose corners are in ``unit`` millimetres from ``origin``.

    Its line is ``width`` points wide.
    """

    name: str
    rings: Sequence[Sequence[tuple[int, int]]]
    origin: tuple[float, float]
    unit: float
    fill: str
    line: str
    width: float


def group(slide: Any, name: str, outlines: Sequence[Outline], told: str) -> None:
    """Draw outlines as shapes to edit, in one group; ``told`` says what they show."""
    made = slide.shapes.add_group_shape()
    made.name = name
    first = made.shape_id + 1
    for number, one in enumerate(outlines, first):
        made._element.append(parse_xml(_shape(one, number)))
    made._element.recalculate_extents()
    describe(made, told)


def _shape(one: Outline, number: int) -> str:
    """An outline as Office writes it; python-pptx builds hundreds of them slowly."""
    corners = [corner for ring in one.rings for corner in ring]
    left, top = (min(corner[axis] for corner in corners) for axis in (0, 1))
    width = max(x for x, _ in corners) - left
    height = max(y for _, y in corners) - top
    unit = one.unit * Mm(1)
    x, y = (Mm(start) + round(at * unit) for start, at in zip(one.origin, (left, top), strict=True))
    path = "".join(
        f"<a:moveTo>{points[0]}</a:moveTo>"
        + "".join(f"<a:lnTo>{point}</a:lnTo>" for point in points[1:])
        + "<a:close/>"
        for ring in one.rings
        if (points := [f'<a:pt x="{x - left}" y="{y - top}"/>' for x, y in ring])
    )
    fill, line = (
        f'<a:solidFill><a:srgbClr val="{rgb(colour)}"/></a:solidFill>'
        for colour in (one.fill, one.line)
    )
    return (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name={quoteattr(one.name)}/>'
        f'<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/>'
        f'<a:ext cx="{round(width * unit)}" cy="{round(height * unit)}"/></a:xfrm><a:custGeom>'
        '<a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
        f'<a:path w="{width}" h="{height}">{path}</a:path></a:pathLst></a:custGeom>'
        f'{fill}<a:ln w="{Pt(one.width)}">{line}</a:ln></p:spPr></p:sp>'
    )


def table(slide: Any, box: Box, rows: int, widths: Sequence[float], told: str) -> Any:
    """A table without the template's bands and colours, its rows of one height."""
    frame = slide.shapes.add_table(rows, len(widths), *box.measures)
    describe(frame, told)
    made = frame.table
    made.first_row = made.horz_banding = False
    style = made._tbl.tblPr.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = _NO_STYLE
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    for row in made.rows:
        row.height = Mm(box.height / rows)
    return made


def cell(of_table: Any, paragraphs: Sequence[Sequence[Run]]) -> None:
    """Fill a cell, in the middle of its height."""
    write(of_table.text_frame, paragraphs)
    of_table.margin_left = of_table.margin_right = 0
    of_table.margin_top = of_table.margin_bottom = 0
    of_table.vertical_anchor = MSO_ANCHOR.MIDDLE
    of_table.fill.background()


def underline(of_table: Any) -> None:
    """A thin line below every row but the last."""
    for row in [*of_table.rows][:-1]:
        for one in row.cells:
            line = etree.Element(qn("a:lnB"))
            line.set("w", str(Pt(0.5)))
            fill = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"))
            fill.set("val", THEME.grid.lstrip("#"))
            one._tc.get_or_add_tcPr().insert(0, line)


def describe(shape: Any, told: str) -> None:
    """The alternative text of a chart, a table, a picture or a group."""
    shape._element._nvXxPr.cNvPr.set("descr", told)


def mend(chart: Any) -> None:
    """Make a chart that is done Swedish, its axes numbered as the format asks: not below zero."""
    for one in chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        one.set("val", one.get("val").lstrip("-"))
    for one in chart._chartSpace.iter(qn("a:defRPr"), qn("a:endParaRPr")):
        one.set("lang", LANGUAGE)


def notes(slide: Any, paragraphs: Sequence[str]) -> None:
    """What the speaker reads."""
    frame = slide.notes_slide.notes_text_frame
    frame.text = "\n".join(paragraphs)
    for paragraph in frame.paragraphs:
        for one in paragraph.runs:
            one.font.language_id = MSO_LANGUAGE_ID.SWEDISH


def workbook(fill: Callable[[Any], None], day: date) -> bytes:
    """A chart's numbers where PowerPoint edits them; ``fill`` writes its only sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime.combine(day, datetime.min.time())})
        fill(book.add_worksheet("Sheet1"))
    return file.getvalue()


def saved(deck: Any, title: str, subject: str, day: date) -> bytes:
    """The file, with nobody's name in it. The same slides of one ``day`` give the same bytes."""
    about = deck.core_properties
    about.title, about.subject, about.language = title, subject, LANGUAGE
    about.author = about.last_modified_by = FORM
    about.keywords = about.comments = about.category = ""
    about.revision = 1
    about.created = about.modified = datetime.combine(day, datetime.min.time())
    made = io.BytesIO()
    deck.save(made)
    return _undated(made.getvalue())


def _undated(file: bytes) -> bytes:
    """The same ZIP file without the moment it was made."""
    undated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as made, zipfile.ZipFile(undated, "w") as out:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, made.read(name))
    return undated.getvalue()
