"""The report's native chart: dots with intervals, in lanes, with its numbers to edit."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from lxml import etree
from pptx.chart.data import XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml.ns import qn
from pptx.util import Mm, Pt

from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.export.report import Report
from fovdata.figures.estimates import Estimate

AXIS = 7.0
"""Millimetres below the last row for the axis's numbers."""

_THEME = themes.LIGHT
_INSIDE = 0.05
"""The part of the chart's width left free on either side, for the axis's first and last number."""


@dataclass(frozen=True)
class Place:
    """Where the chart stands on the slide, in millimetres, and how high each of its rows is.

    The numbers of its axis stand below the last row. ``lane`` is the part of a row's height from
    one lane to the next.
    """

    left: float
    top: float
    width: float
    row: float
    lane: float


def add(slide: Any, report: Report, place: Place) -> Any:
    """Draw the report's questions on a slide; returns the chart's frame."""
    rows, middle = len(report.questions), (len(report.lanes) - 1) / 2
    drawn = [
        (
            series,
            [
                (row.lanes[i][1], rows - number - 0.5 - (i - middle) * place.lane, row.name)
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
    whole = place.row * rows + AXIS
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER,
        Mm(place.left),
        Mm(place.top),
        Mm(place.width),
        Mm(whole),
        data,
    )
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    _axes(chart, rows)
    _layout(chart, (whole - AXIS) / whole)
    for one, series in zip(plotted, chart.plots[0].series, strict=True):
        _draw(series, one)
    chart.part.chart_workbook.xlsx_part._blob = _workbook(chart, plotted, report)
    return frame


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
    shares.tick_labels.font.color.rgb = rgb(_THEME.muted)
    shares.has_major_gridlines = True
    for line in (shares.major_gridlines.format.line, shares.format.line):
        line.color.rgb = rgb(_THEME.grid)
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
        series.format.line.color.rgb = rgb(one.colour)
        series.format.line.width = Pt(2)
        series.marker.style = XL_MARKER_STYLE.NONE
    else:
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb(one.colour)
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


def rgb(code: str) -> RGBColor:
    """A colour of the theme, "#C7570C", as Office is told it."""
    return RGBColor.from_string(code.lstrip("#"))
