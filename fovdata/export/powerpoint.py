"""The report as an editable slide of one A4: text as text, the chart a chart with its numbers.

The typeface is the one that Office brings: a reader who edits the slide has no other.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from lxml import etree
from pptx import Presentation
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Mm, Pt

from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.charts.lanes import Row
from fovdata.export.report import HEADING, OPENS, SUPPORT, WITNESSED_HEAD, Report
from fovdata.figures.comparisons import Verdict
from fovdata.figures.estimates import Estimate

_THEME = themes.LIGHT
_LEFT, _WIDTH = 16, 178
"""Millimetres from the page's edge, and of its text."""
_LABELS, _VERDICTS = 46, 52
"""Millimetres of the questions' names to the chart's left, and of the words to its right."""
_AXIS = 7
"""Millimetres below the chart's last row for its numbers."""
_INSIDE = 0.04
"""The part of the chart's width left free on either side, for the axis's first and last number."""
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
    _title(slide, report)
    _key_figures(slide, report)
    top = 69.0
    _text(slide, top, 30, [[_run(one, 11)] for one in report.sentences], bullet="–")
    top += 10.5 * len(report.sentences)
    if report.missing:
        _heading(slide, top, OPENS)
        _text(slide, top + 6, 16, [[_run(one, 9)] for one in report.missing], bullet="•")
        top += 9 + 5 * len(report.missing)
    _heading(slide, top, report.questions_heading)
    _text(slide, top + 6, 6, [_legend(report.questions[0])])
    top += 13
    bottom = 236.0
    row = (bottom - _AXIS - top) / len(report.questions)
    _questions(slide, report, top, row)
    _chart(slide, report, top, row)
    _witnessed(slide, report, bottom + 1)
    _text(
        slide,
        274,
        18,
        [
            [_run(report.method, 7.5, _THEME.muted)],
            [_run(f"{report.source} {SUPPORT}", 7.5, _THEME.muted)],
        ],
    )
    notes = slide.notes_slide.notes_text_frame
    notes.text = "\n".join((report.title, *report.sentences, report.method, report.source))
    _properties(deck, report)
    made = io.BytesIO()
    deck.save(made)
    return _undated(made.getvalue())


Run = tuple[str, float, str, bool]
"""Text, its size in points, its colour and whether it is bold."""


def _run(text: str, size: float, colour: str = _THEME.text, bold: bool = False) -> Run:
    return text, size, colour, bold


def _title(slide: Any, report: Report) -> None:
    title = slide.shapes.title
    _place(title, 19, 13)
    _write(title.text_frame, [[_run(report.name, 26, bold=True)]])
    _text(slide, 12, 6, [[_run(f"{HEADING} · Frågor om våld (FOV)", 10, _THEME.muted)]])
    if report.mark:
        _text(
            slide, 12, 6, [[_run(report.mark, 10, _THEME.higher, bold=True)]], align=PP_ALIGN.RIGHT
        )
    _text(slide, 32, 10, [[_run(report.place, 9.5, _THEME.muted)]])


def _key_figures(slide: Any, report: Report) -> None:
    width = _WIDTH / len(report.key_figures)
    for i, one in enumerate(report.key_figures):
        box = slide.shapes.add_textbox(Mm(_LEFT + i * width), Mm(44), Mm(width - 3), Mm(28))
        _write(
            box.text_frame,
            [
                [_run(one.label, 9.5, _THEME.muted)],
                [_run(one.value, 17, bold=True)],
                [_run(one.note, 8.5, _THEME.muted)],
            ],
        )


def _legend(row: Row) -> list[Run]:
    runs = []
    for series, _ in row.lanes:
        runs.append(_run("● ", 9.5, getattr(_THEME, series.colour)))
        runs.append(_run(f"{series.name}    ", 9.5))
    return runs


def _questions(slide: Any, report: Report, top: float, height: float) -> None:
    """A table: each question's name, the place of the chart, its shares and what is said."""
    frame = slide.shapes.add_table(
        len(report.questions), 3, Mm(_LEFT), Mm(top), Mm(_WIDTH), Mm(height * len(report.questions))
    )
    _describe(frame, report.alternative)
    table = frame.table
    _plain(frame)
    for column, width in zip(
        table.columns, (_LABELS, _WIDTH - _LABELS - _VERDICTS, _VERDICTS), strict=True
    ):
        column.width = Mm(width)
    colours = {Verdict.HIGHER: _THEME.higher, Verdict.LOWER: _THEME.lower}
    for row, of_row in zip(report.questions, table.rows, strict=True):
        of_row.height = Mm(height)
        name, _, words = of_row.cells
        _cell(name, [[_run(row.name, 10, bold=True)]])
        colour = colours.get(row.verdict, _THEME.muted) if row.verdict else _THEME.muted
        said = row.said[:1].upper() + row.said[1:]
        _cell(words, [_shares(row), [_run(said, 8.5, colour, row.verdict in colours)]])


def _shares(row: Row) -> list[Run]:
    """The lanes' shares in their order and colours."""
    runs: list[Run] = []
    for series, estimate in row.lanes:
        runs += [_run("  ", 10)] if runs else []
        runs.append(_run(estimate.said, 10, getattr(_THEME, series.colour), bold=True))
    return runs


def _chart(slide: Any, report: Report, top: float, height: float) -> None:
    """Dots with intervals, as an XY chart whose rows stand beside the table's."""
    lanes = [series for series, _ in report.questions[0].lanes]
    drawn = [(series, [*_points(report.questions, lane)]) for lane, series in enumerate(lanes)]
    drawn = [(series, points) for series, points in drawn if points]
    plotted = [_interval(*one) for one in drawn] + [_dots(*one) for one in drawn]
    data = XyChartData(number_format="0")
    for one in plotted:
        its_data = data.add_series(one.name)
        for x, y, _ in one.cells:
            its_data.add_data_point(x, y)
    rows = len(report.questions)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER,
        Mm(_LEFT + _LABELS),
        Mm(top),
        Mm(_WIDTH - _LABELS - _VERDICTS),
        Mm(height * rows + _AXIS),
        data,
    )
    _describe(frame, report.alternative)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    _axes(chart, rows)
    _layout(chart, height * rows / (height * rows + _AXIS))
    for one, series in zip(plotted, chart.plots[0].series, strict=True):
        _draw(series, one)
    chart.part.chart_workbook.xlsx_part._blob = _workbook(chart, plotted, report)


Point = tuple[float, Estimate, str]
"""Height in the chart, share and question."""


def _points(rows: Sequence[Row], lane: int) -> Iterator[Point]:
    for i, row in enumerate(rows):
        _, estimate = row.lanes[lane]
        if estimate.share is not None:
            offset = (lane - (len(row.lanes) - 1) / 2) * 0.25
            yield len(rows) - i - 0.5 - offset, estimate, row.name


@dataclass(frozen=True)
class _Plotted:
    """A series of the chart: its cells (x, y, question), None where its line has a gap."""

    name: str
    colour: str
    is_line: bool
    cells: Sequence[tuple[int | None, float | None, str]]


def _dots(series: Series, points: Sequence[Point]) -> _Plotted:
    cells = [(estimate.share, y, question) for y, estimate, question in points]
    return _Plotted(series.name, getattr(_THEME, series.colour), False, cells)


def _interval(series: Series, points: Sequence[Point]) -> _Plotted:
    """Lines with gaps, for not every program draws error bars."""
    cells = [
        cell
        for y, estimate, question in points
        for cell in (
            (estimate.low, y, question),
            (estimate.high, y, question),
            (None, None, ""),
        )
    ]
    name = f"{series.name}, 95 % intervall"
    return _Plotted(name, getattr(_THEME, series.colour), True, cells)


def _axes(chart: Any, rows: int) -> None:
    shares, heights = chart.category_axis, chart.value_axis
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0, 100, 25
    shares.tick_labels.number_format, shares.tick_labels.number_format_is_linked = '0" %"', False
    shares.tick_labels.font.size = Pt(9)
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
        series.format.line.width = Pt(2.25)
        series.marker.style = XL_MARKER_STYLE.NONE
    else:
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 8
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


def _witnessed(slide: Any, report: Report, top: float) -> None:
    _heading(slide, top, report.witnessed_heading)
    rows = len(report.witnessed) + 1
    frame = slide.shapes.add_table(rows, 4, Mm(_LEFT), Mm(top + 6.5), Mm(_WIDTH), Mm(5 * rows))
    _describe(frame, report.witnessed_heading)
    _plain(frame)
    for cell, head in zip(frame.table.rows[0].cells, WITNESSED_HEAD, strict=True):
        _cell(cell, [[_run(head, 8.5, _THEME.muted)]])
    for row, texts in zip([*frame.table.rows][1:], report.witnessed, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            _cell(cell, [[_run(text, 9.5)]])
    for row in frame.table.rows:
        row.height = Mm(5)


def _heading(slide: Any, top: float, text: str) -> None:
    _text(slide, top, 7, [[_run(text, 11.5, bold=True)]])


def _text(
    slide: Any,
    top: float,
    height: float,
    paragraphs: Sequence[Sequence[Run]],
    bullet: str = "",
    align: Any = PP_ALIGN.LEFT,
) -> None:
    box = slide.shapes.add_textbox(Mm(_LEFT), Mm(top), Mm(_WIDTH), Mm(height))
    if bullet:
        paragraphs = [[_run(f"{bullet} ", one[0][1], _THEME.muted), *one] for one in paragraphs]
    _write(box.text_frame, paragraphs, align)


def _place(shape: Any, top: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (
        Emu(Mm(one)) for one in (_LEFT, top, _WIDTH, height)
    )


def _write(frame: Any, paragraphs: Sequence[Sequence[Run]], align: Any = PP_ALIGN.LEFT) -> None:
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for side in ("left", "right", "top", "bottom"):
        setattr(frame, f"margin_{side}", 0)
    for i, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        paragraph.alignment = align
        for text, size, colour, bold in runs:
            run = paragraph.add_run()
            run.text = text
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = _colour(colour)
            run.font.language_id = _SWEDISH


def _cell(cell: Any, paragraphs: Sequence[Sequence[Run]]) -> None:
    _write(cell.text_frame, paragraphs)
    cell.margin_left = cell.margin_right = cell.margin_top = cell.margin_bottom = 0
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.background()


def _plain(frame: Any) -> None:
    """A table without the template's bands and colours."""
    table = frame.table
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
    about.author = about.last_modified_by = "Frågor om våld (FOV)"
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
