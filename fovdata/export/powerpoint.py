"""The report as an editable slide of one A4: text as text, the chart a chart with its numbers.

The typeface is the template's Calibri, which Office brings: a reader who edits the slide has no
other, and other programs have one of the same widths.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import MSO_CONNECTOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Mm, Pt

from fovdata import wording
from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.charts.exhibit import said
from fovdata.charts.lanes import Row
from fovdata.export import slide_chart
from fovdata.export.report import (
    FORM,
    FROM_THE_TOP,
    HEADING,
    OPENS,
    WITNESSED_HEAD,
    Report,
    support,
)
from fovdata.export.slide_chart import AXIS, Place, rgb
from fovdata.figures.comparisons import Verdict

_THEME = themes.LIGHT
_LEFT, _WIDTH, _BOTTOM = 16.0, 178.0, 286.0
"""Millimetres: from the page's left edge, of its text, and to where its text ends."""
_FIGURES = 4
"""Columns of the key figures."""
_GUTTER = 5.0
_LABELS, _SHARES, _WORDS = 36.0, 18.0, 35.0
"""Millimetres of the questions' names to the chart's left, and of shares and words to its right."""
_LANE, _NEAREST = 0.25, 3.9
"""From one lane to the next: the part of a row's height, and millimetres at least."""
_HEADING = 11.5
_TABLE_ROW = 5.2
_MARK = 68.0
_TITLE = 26
_LONGEST = 44
"""Letters of a name that stand in one line at that size."""
_LETTER = 0.45
"""A letter's mean width by its height, a little more than Calibri's."""
_LEADING = 1.2
_POINT = 25.4 / 72
"""Millimetres of a typographic point."""
_SWEDISH = MSO_LANGUAGE_ID.SWEDISH
_TITLE_ONLY = 5
"""The default template's layout that has a title and nothing else."""
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The only time in the file: a ZIP file knows none before it."""


def document(report: Report) -> bytes:
    """The page as PPTX. The same report gives the same bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Mm(210), Mm(297)
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    top = _head(slide, report)
    top = _key_figures(slide, report, top)
    top = _sentences(slide, report, top)
    if report.missing:
        top = _missing(slide, report, top)
    foot = _foot(slide, report)
    bottom = _witnessed(slide, report, foot - 4)
    _questions(slide, report, top, bottom - 4)
    notes = slide.notes_slide.notes_text_frame
    notes.text = "\n".join(
        (
            report.title,
            report.place,
            *report.sentences,
            report.method,
            report.source,
            report.citation,
        )
    )
    _properties(deck, report)
    made = io.BytesIO()
    deck.save(made)
    return _undated(made.getvalue())


Run = tuple[str, float, str, bool]
"""Text, its size in points, its colour and whether it is bold."""


def _run(text: str, size: float, colour: str = _THEME.text, bold: bool = False) -> Run:
    return text, size, colour, bold


def _head(slide: Any, report: Report) -> float:
    """Everything above the key figures; returns where it ends, as all that follow."""
    size = max(_TITLE * min(1, _LONGEST / len(report.name)), 14)
    top, height = 19.0, _high(report.name, size, _WIDTH)
    title = slide.shapes.title
    _place(title, _LEFT, top, _WIDTH, height)
    _write(title.text_frame, [[_run(report.name, size, bold=True)]])
    _text(slide, 12, 6, [[_run(f"{HEADING} · {FORM}", 10, _THEME.muted)]])
    if report.mark:
        _mark(slide, report.mark)
    top += height + 1
    height = _high(report.place, 9.5, _WIDTH)
    _text(slide, top, height, [[_run(report.place, 9.5, _THEME.muted)]])
    _rule(slide, top + height + 2)
    return top + height + 4


def _mark(slide: Any, text: str) -> None:
    box = slide.shapes.add_textbox(Mm(_LEFT + _WIDTH - _MARK), Mm(11.3), Mm(_MARK), Mm(6))
    _write(box.text_frame, [[_run(text, 10, _THEME.federation, bold=True)]], PP_ALIGN.CENTER)
    box.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    box.line.color.rgb, box.line.width = rgb(_THEME.federation), Pt(1)


def _key_figures(slide: Any, report: Report, top: float) -> float:
    width = (_WIDTH + _GUTTER) / _FIGURES
    note = max(_high(one.note, 8.5, width - _GUTTER) for one in report.key_figures)
    height = _high("", 9.5, width) + _high("", 17, width) + note
    for i, one in enumerate(report.key_figures):
        text = [
            [_run(one.label, 9.5, _THEME.muted)],
            [_run(one.value, 17, bold=True)],
            [_run(one.note, 8.5, _THEME.muted)],
        ]
        _text(slide, top, height, text, left=_LEFT + i * width, width=width - _GUTTER)
    return top + height + 3


def _sentences(slide: Any, report: Report, top: float) -> float:
    height = sum(_high(one, 11, _WIDTH - 4) + 1 for one in report.sentences)
    _text(slide, top, height, [[_run(one, 11)] for one in report.sentences], bullet="–")
    return top + height + 3


def _missing(slide: Any, report: Report, top: float) -> float:
    top += _heading(slide, top, OPENS)
    width = (_WIDTH + _GUTTER) / len(report.missing)
    height = _high("", 10, width) + max(
        _high(one.what, 9, width - _GUTTER) for one in report.missing
    )
    for i, one in enumerate(report.missing):
        text = [[_run(wording.about(one.answers), 10, bold=True)], [_run(one.what, 9)]]
        _text(slide, top, height, text, left=_LEFT + i * width, width=width - _GUTTER)
    return top + height + 4


def _questions(slide: Any, report: Report, top: float, bottom: float) -> None:
    """The chart with names, shares and words beside its rows, and its legend above."""
    top += _heading(slide, top, report.questions_heading)
    legend = _legend(report.lanes)
    height = _high("".join(text for text, *_ in legend), 9.5, _WIDTH)
    _text(slide, top, height, [legend])
    top += height + 3
    row = (bottom - AXIS - top) / len(report.questions)
    lane = max(_LANE, _NEAREST / row)
    _beside(slide, report, top, row, lane)
    beside = _WIDTH - _LABELS - _SHARES - _WORDS
    chart = slide_chart.add(slide, report, Place(_LEFT + _LABELS, top, beside, row, lane))
    _describe(chart, report.alternative)


def _legend(lanes: Sequence[Series]) -> list[Run]:
    runs = [_run(f"{FROM_THE_TOP}   ", 9.5, _THEME.muted)] if len(lanes) > 1 else []
    for series in lanes:
        runs.append(_run("● ", 9.5, getattr(_THEME, series.colour)))
        runs.append(_run(f"{series.name}    ", 9.5))
    return runs


def _beside(slide: Any, report: Report, top: float, height: float, lane: float) -> None:
    """A table: each question's name, the place of the chart, its shares and what is said."""
    rows = len(report.questions)
    frame = slide.shapes.add_table(rows, 4, Mm(_LEFT), Mm(top), Mm(_WIDTH), Mm(height * rows))
    _describe(frame, "Frågornas namn, andelar och skillnader; samma som diagrammet visar.")
    table = frame.table
    _plain(table)
    widths = (_LABELS, _WIDTH - _LABELS - _SHARES - _WORDS, _SHARES, _WORDS)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for number, (row, of_row) in enumerate(zip(report.questions, table.rows, strict=True), 1):
        of_row.height = Mm(height)
        name, place, shares, words = of_row.cells
        _cell(name, [[_run(row.name, 10, bold=True)]])
        _cell(place, [])
        _cell(shares, [[one] for one in _shares(row)])
        for paragraph in shares.text_frame.paragraphs:
            paragraph.line_spacing = Pt(round(lane * height / _POINT, 1))
        _cell(words, _words(row))
        if number < rows:
            for cell in of_row.cells:
                _underline(cell)


def _shares(row: Row) -> list[Run]:
    """The lanes' shares in their order and colours, each as high up as its lane."""
    return [
        _run(said(estimate), 9.5, getattr(_THEME, series.colour), bold=True)
        for series, estimate in row.lanes
    ]


def _words(row: Row) -> list[list[Run]]:
    """What is said of the difference, and its number in a line of its own."""
    colours = {Verdict.HIGHER: _THEME.higher, Verdict.LOWER: _THEME.lower}
    colour = colours.get(row.verdict, _THEME.muted) if row.verdict else _THEME.muted
    words, colon, number = (row.said[:1].upper() + row.said[1:]).partition(": ")
    return [
        [_run(text, 8.5, colour, row.verdict in colours)]
        for text in (words + colon.strip(), number)
        if text
    ]


def _witnessed(slide: Any, report: Report, bottom: float) -> float:
    """Question 6 against the kinds of violence, down to ``bottom``; returns where it begins."""
    rows = len(report.witnessed) + 1
    table_top = bottom - rows * _TABLE_ROW
    heading, note = report.witnessed_heading, report.witnessed_note
    below = _high(note, 9, _WIDTH) + 0.5 if note else 0
    top = table_top - _high(heading, _HEADING, _WIDTH) - 1.5 - below
    _heading(slide, top, heading)
    if note:
        _text(slide, table_top - below, below, [[_run(note, 9, _THEME.muted)]])
    frame = slide.shapes.add_table(
        rows, len(WITNESSED_HEAD), Mm(_LEFT), Mm(table_top), Mm(_WIDTH), Mm(rows * _TABLE_ROW)
    )
    _describe(frame, report.witnessed_heading)
    _plain(frame.table)
    frame.table.first_row = True
    for cell, head in zip(frame.table.rows[0].cells, WITNESSED_HEAD, strict=True):
        _cell(cell, [[_run(head, 9, _THEME.muted)]])
    for row, kind in zip([*frame.table.rows][1:], report.witnessed, strict=True):
        name, *values = row.cells
        _cell(name, [[_run(kind.name, 9.5)]])
        for cell, (value, interval) in zip(values, kind.cells, strict=True):
            runs = [_run(value, 9.5, bold=True)]
            if interval:
                runs.append(_run(f"  ({interval})", 9, _THEME.muted))
            _cell(cell, [runs])
    for number, row in enumerate(frame.table.rows, 1):
        row.height = Mm(_TABLE_ROW)
        for cell in row.cells:
            if number < rows:
                _underline(cell)
    return top


def _foot(slide: Any, report: Report) -> float:
    """Method, source and support at the page's end; returns where they begin."""
    left = 0.62 * _WIDTH
    right = _WIDTH - left - _GUTTER
    texts = [[report.method], [report.source, report.citation, support()]]
    heights = [
        sum(_high(one, 7.5, width) for one in column)
        for column, width in zip(texts, (left, right), strict=True)
    ]
    top = _BOTTOM - max(heights)
    _rule(slide, top - 2)
    paragraphs = [[[_run(one, 7.5, _THEME.muted)] for one in column] for column in texts]
    paragraphs[1][-1] = [_run(support(), 7.5, bold=True)]
    _text(slide, top, heights[0], paragraphs[0], width=left)
    _text(slide, top, heights[1], paragraphs[1], left=_LEFT + left + _GUTTER, width=right)
    return top - 2


def _high(text: str, size: float, width: float) -> float:
    """Millimetres that a text needs, rather a little more: only a program that sets it knows."""
    lines = ceil(len(text) * _LETTER * size * _POINT / width) or 1
    return lines * size * _LEADING * _POINT


def _heading(slide: Any, top: float, text: str) -> float:
    """A heading; returns how much of the page it takes."""
    height = _high(text, _HEADING, _WIDTH)
    _text(slide, top, height, [[_run(text, _HEADING, bold=True)]])
    return height + 1


def _text(
    slide: Any,
    top: float,
    height: float,
    paragraphs: Sequence[Sequence[Run]],
    *,
    bullet: str = "",
    left: float = _LEFT,
    width: float = _WIDTH,
) -> None:
    box = slide.shapes.add_textbox(Mm(left), Mm(top), Mm(width), Mm(height))
    _write(box.text_frame, paragraphs, bullet=bullet)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (
        Emu(Mm(one)) for one in (left, top, width, height)
    )


def _rule(slide: Any, top: float) -> None:
    line = slide.shapes.add_connector(
        MSO_CONNECTOR.STRAIGHT, Mm(_LEFT), Mm(top), Mm(_LEFT + _WIDTH), Mm(top)
    )
    line.line.color.rgb, line.line.width = rgb(_THEME.outline), Pt(0.75)
    line._element.remove(line._element.find(qn("p:style")))  # it would cast a shadow


def _write(
    frame: Any,
    paragraphs: Sequence[Sequence[Run]],
    align: Any = PP_ALIGN.LEFT,
    bullet: str = "",
) -> None:
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for side in ("left", "right", "top", "bottom"):
        setattr(frame, f"margin_{side}", 0)
    for i, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.alignment = align
        if bullet:
            paragraph.space_after = Pt(1 / _POINT)
            _bullet(paragraph, bullet)
        for text, size, colour, bold in runs:
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = rgb(colour)
            run.font.language_id = _SWEDISH


def _bullet(paragraph: Any, character: str) -> None:
    """A real one, under which later lines are indented."""
    about = paragraph._p.get_or_add_pPr()
    about.set("marL", str(Mm(4)))
    about.set("indent", str(-Mm(4)))
    colour = etree.SubElement(etree.SubElement(about, qn("a:buClr")), qn("a:srgbClr"))
    colour.set("val", _THEME.federation.lstrip("#"))
    etree.SubElement(about, qn("a:buChar")).set("char", character)


def _cell(cell: Any, paragraphs: Sequence[Sequence[Run]]) -> None:
    _write(cell.text_frame, paragraphs)
    cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.background()


def _underline(cell: Any) -> None:
    """A thin line below a cell."""
    about = cell._tc.get_or_add_tcPr()
    line = etree.Element(qn("a:lnB"))
    line.set("w", str(Pt(0.5)))
    fill = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", _THEME.grid.lstrip("#"))
    about.insert(0, line)


def _plain(table: Any) -> None:
    """A table without the template's bands and colours."""
    table.first_row = table.horz_banding = False
    style = table._tbl.tblPr.find(qn("a:tableStyleId"))
    if style is not None:
        style.text = _NO_STYLE


_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""Office's table style "No Style, No Grid"."""


def _describe(frame: Any, text: str) -> None:
    frame._element.nvGraphicFramePr.cNvPr.set("descr", text)


def _properties(deck: Any, report: Report) -> None:
    about, day = deck.core_properties, datetime.combine(report.day, datetime.min.time())
    about.title, about.subject, about.language = report.title, report.source, "sv-SE"
    about.author = about.last_modified_by = FORM
    about.created = about.modified = day
    about.keywords = about.comments = about.category = ""
    about.revision = 1


def _undated(file: bytes) -> bytes:
    """The same ZIP file without the moment it was made."""
    undated = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as made, zipfile.ZipFile(undated, "w") as out:
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, made.read(name))
    return undated.getvalue()
