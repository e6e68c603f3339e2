"""The report as an editable slide of one A4: text as text, the chart a chart with its numbers.

The typeface is the template's Calibri, which Office brings: a reader who edits the slide has no
other, and other programs have one of the same widths.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

import xlsxwriter
from lxml import etree
from pptx import Presentation
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
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
from fovdata.export.report import (
    FORM,
    FROM_THE_TOP,
    HEADING,
    OPENS,
    WITNESSED_HEAD,
    Report,
    support,
)
from fovdata.figures.comparisons import Verdict
from fovdata.figures.estimates import Estimate

_THEME = themes.LIGHT
_LEFT, _WIDTH, _BOTTOM = 16.0, 178.0, 286.0
"""Millimetres: from the page's left edge, of its text, and to where its text ends."""
_FIGURES = 4
"""Columns of the key figures."""
_GUTTER = 5.0
_LABELS, _SHARES, _WORDS = 36.0, 18.0, 35.0
"""Millimetres of the questions' names to the chart's left, and of shares and words to its right."""
_AXIS = 7.0
"""Millimetres below the chart's last row for its numbers."""
_INSIDE = 0.05
"""The part of the chart's width left free on either side, for the axis's first and last number."""
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
    box.line.color.rgb, box.line.width = _colour(_THEME.federation), Pt(1)


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
    row = (bottom - _AXIS - top) / len(report.questions)
    lane = max(_LANE, _NEAREST / row)
    _beside(slide, report, top, row, lane)
    _chart(slide, report, top, row, lane)


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


def _chart(slide: Any, report: Report, top: float, height: float, lane: float) -> None:
    """Dots with intervals, as an XY chart whose rows stand beside the table's."""
    rows, middle = len(report.questions), (len(report.lanes) - 1) / 2
    drawn = [
        (
            series,
            [
                (row.lanes[i][1], rows - number - 0.5 - (i - middle) * lane, row.name)
                for number, row in enumerate(report.questions)
            ],
        )
        for i, series in enumerate(report.lanes)
    ]
    shown = [one for one in drawn if any(share.share is not None for share, _, _ in one[1])]
    plotted = [make(*one) for make in (_interval, _dots) for one in shown]
    data = XyChartData(number_format="0")
    for one in plotted:
        its_data = data.add_series(one.name)
        for x, y, _ in one.cells:
            its_data.add_data_point(x, y)
    whole = height * rows + _AXIS
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER,
        Mm(_LEFT + _LABELS),
        Mm(top),
        Mm(_WIDTH - _LABELS - _SHARES - _WORDS),
        Mm(whole),
        data,
    )
    _describe(frame, report.alternative)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    _axes(chart, rows)
    _layout(chart, (whole - _AXIS) / whole)
    for one, series in zip(plotted, chart.plots[0].series, strict=True):
        _draw(series, one)
    chart.part.chart_workbook.xlsx_part._blob = _workbook(chart, plotted, report)


Share = tuple[Estimate, float, str]
"""A share, its height in the chart, whose rows are 1 high each, and the question."""
Cell = tuple[int | None, float | None, str]
"""x, y and the question; without x and y where the series has a gap."""


@dataclass(frozen=True)
class _Plotted:
    """A series of the chart.

    All of a kind have as many cells, with a gap where a value is not shown: LibreOffice leaves
    out a first series that is shorter than the others.
    """

    name: str
    colour: str
    is_line: bool
    cells: Sequence[Cell]


def _dots(series: Series, shares: Sequence[Share]) -> _Plotted:
    cells = [_point(one.share, y, question) for one, y, question in shares]
    return _Plotted(series.name, getattr(_THEME, series.colour), False, cells)


def _interval(series: Series, shares: Sequence[Share]) -> _Plotted:
    """Lines with gaps between, for not every program draws error bars of two lengths."""
    cells = [
        _point(x, y, question) for one, y, question in shares for x in (one.low, one.high, None)
    ]
    return _Plotted(f"{series.name}, 95 % intervall", getattr(_THEME, series.colour), True, cells)


def _point(x: int | None, y: float, question: str) -> Cell:
    return x, None if x is None else y, question


def _axes(chart: Any, rows: int) -> None:
    shares, heights = chart.category_axis, chart.value_axis
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0, 100, 25
    shares.tick_labels.number_format, shares.tick_labels.number_format_is_linked = '0" %"', False
    shares.tick_labels.font.size = Pt(9)
    shares.tick_labels.font.color.rgb = _colour(_THEME.muted)
    shares.has_major_gridlines = True
    for line in (shares.major_gridlines.format.line, shares.format.line):
        line.color.rgb = _colour(_THEME.grid)
    heights.minimum_scale, heights.maximum_scale = 0, rows
    heights.has_major_gridlines = False
    heights.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    heights.format.line.fill.background()
    heights.visible = False


def _layout(chart: Any, height: float) -> None:
    """The plot's place in its frame, so that its rows stand beside the table's."""
    area = chart._chartSpace.chart.plotArea
    for layout in area.findall(qn("c:layout")):
        area.remove(layout)
    layout = etree.SubElement(area, qn("c:layout"))
    area.insert(0, layout)
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for name, value in (
        ("layoutTarget", "inner"),
        ("xMode", "edge"),
        ("yMode", "edge"),
        ("x", _INSIDE),
        ("y", 0),
        ("w", 1 - 2 * _INSIDE),
        ("h", f"{height:.4f}"),
    ):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", str(value))


def _draw(series: Any, one: _Plotted) -> None:
    series.smooth = False
    if one.is_line:
        series.format.line.color.rgb = _colour(one.colour)
        series.format.line.width = Pt(2)
        series.marker.style = XL_MARKER_STYLE.NONE
    else:
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = _colour(one.colour)
        series.marker.format.line.fill.background()
    gaps = {str(i) for i, (x, _, _) in enumerate(one.cells) if x is None}
    for point in [*series._element.iter(qn("c:pt"))]:
        if point.get("idx") in gaps and point.getparent().tag == qn("c:numCache"):
            point.getparent().remove(point)


def _workbook(chart: Any, plotted: Sequence[_Plotted], report: Report) -> bytes:
    """The chart's numbers where PowerPoint edits them, with the questions beside."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime.combine(report.day, datetime.min.time())})
        sheet = book.add_worksheet("Sheet1")
        for one, series in zip(plotted, chart.plots[0].series, strict=True):
            cells = series._element.find(f"{qn('c:xVal')}//{qn('c:f')}").text
            first = int(cells.split("$")[2].rstrip(":")) - 1
            for column, head in enumerate(("Andel Ja, %", one.name, "Fråga")):
                sheet.write_string(first - 1, column, head)
            for row, (x, y, question) in enumerate(one.cells, first):
                if x is not None and y is not None:
                    sheet.write_number(row, 0, x)
                    sheet.write_number(row, 1, y)
                    sheet.write_string(row, 2, question)
    return file.getvalue()


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
    line.line.color.rgb, line.line.width = _colour(_THEME.outline), Pt(0.75)
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
            run.font.color.rgb = _colour(colour)
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


def _colour(code: str) -> RGBColor:
    return RGBColor.from_string(code.lstrip("#"))


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
