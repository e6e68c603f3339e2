"""Shares in lanes as a native chart: dots with intervals, with its numbers to edit.

Beside it stands a table with what the rows are called and what they say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lxml import etree
from pptx.chart.data import XyChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.oxml.ns import qn
from pptx.util import Pt

from fovdata.charts.dots import Series
from fovdata.charts.exhibit import said
from fovdata.charts.lanes import Row
from fovdata.export import office
from fovdata.export.office import POINT, THEME, Box, Run, rgb, run
from fovdata.export.report import FROM_THE_TOP
from fovdata.figures.comparisons import Verdict
from fovdata.figures.estimates import Estimate


@dataclass(frozen=True)
class Look:
    """How large everything is.

    Millimetres are the columns' widths (``names`` left of the chart, ``shares`` and ``words``
    right of it), from one lane to the next (``lane``), and below the last row for the axis's
    numbers (``axis``). Points are the type's (``name``, ``share``, ``word``, ``number``), the dots'
    and the lines'. ``inside`` is the part of the chart's width left free on either side, for the
    axis's first and last number. ``abreast`` sets a row's shares beside each other, where lanes are
    closer than type: otherwise each stands as high up as its lane.
    """

    names: float
    shares: float
    words: float
    lane: float
    axis: float
    name: float
    share: float
    word: float
    number: float
    dot: int
    line: float
    inside: float
    abreast: bool = False


def legend(lanes: Sequence[Series], size: float) -> list[Run]:
    """Whose dots stand where; ``size`` is in points."""
    runs = [run(f"{FROM_THE_TOP}   ", size, THEME.muted)] if len(lanes) > 1 else []
    for series in lanes:
        runs.append(run("● ", size, getattr(THEME, series.colour)))
        runs.append(run(f"{series.name}    ", size))
    return runs


def add(slide: Any, rows: Sequence[Row], box: Box, look: Look, told: str, day: date) -> None:
    """Draw rows in a box, above whose lower edge the axis's numbers stand.

    ``told`` says what the chart shows; ``day`` is that of its workbook.
    """
    row = (box.height - look.axis) / len(rows)
    beside = box.width - look.names - look.shares - look.words
    _beside(slide, rows, Box(box.left, box.top, box.width, row * len(rows)), look)
    place = Box(box.left + look.names, box.top, beside, box.height)
    office.describe(_chart(slide, rows, place, look, day), told)


def _beside(slide: Any, rows: Sequence[Row], box: Box, look: Look) -> None:
    """A table: each row's name, the place of the chart, its shares and what is said."""
    columns = len(rows[0].lanes) if look.abreast else 1
    shares = [look.shares / columns] * columns
    beside = box.width - look.names - look.shares - look.words
    widths = [width for width in (look.names, beside, *shares, look.words) if width]
    told = "Frågornas namn, andelar och skillnader; samma som diagrammet visar."
    table = office.table(slide, box, len(rows), widths, told)
    for row, of_row in zip(rows, table.rows, strict=True):
        name, place, *cells = of_row.cells
        office.cell(name, [[run(row.name, look.name, bold=True)]])
        office.cell(place, [])
        lanes = [[one] for one in _shares(row, look.share)]
        filled = [[one] for one in lanes] if look.abreast else [lanes]
        for cell, one in zip(cells[:columns], filled, strict=True):
            office.cell(cell, one)
        if not look.abreast:
            for paragraph in cells[0].text_frame.paragraphs:
                paragraph.line_spacing = Pt(round(look.lane / POINT, 1))
        for cell in cells[columns:]:
            office.cell(cell, _words(row, look.word))
    office.underline(table)


def _shares(row: Row, size: float) -> list[Run]:
    """The lanes' shares in their order and colours."""
    return [
        run(said(estimate), size, getattr(THEME, series.colour), bold=True)
        for series, estimate in row.lanes
    ]


def _words(row: Row, size: float) -> list[list[Run]]:
    """What is said of the difference, and its number in a line of its own."""
    colours = {Verdict.HIGHER: THEME.higher, Verdict.LOWER: THEME.lower}
    colour = colours.get(row.verdict, THEME.muted) if row.verdict else THEME.muted
    words, colon, number = (row.said[:1].upper() + row.said[1:]).partition(": ")
    return [
        [run(text, size, colour, row.verdict in colours)]
        for text in (words + colon.strip(), number)
        if text
    ]


def _chart(slide: Any, rows: Sequence[Row], box: Box, look: Look, day: date) -> Any:
    """The chart itself; returns its frame."""
    lanes = [series for series, _ in rows[0].lanes]
    middle, lane = (len(lanes) - 1) / 2, look.lane * len(rows) / (box.height - look.axis)
    drawn = [
        (
            series,
            [
                (row.lanes[i][1], len(rows) - number - 0.5 - (i - middle) * lane, row.name)
                for number, row in enumerate(rows)
            ],
        )
        for i, series in enumerate(lanes)
    ]
    shown = [one for one in drawn if any(share.share is not None for share, _, _ in one[1])]
    plotted = [make(*one) for make in (_interval, _dots) for one in shown]
    data = XyChartData(number_format="0")
    for one in plotted:
        its_data = data.add_series(one.name)
        for x, y, _ in one.cells:
            its_data.add_data_point(x, y)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box.measures, data)
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    _axes(chart, len(rows), look)
    _layout(chart, (box.height - look.axis) / box.height, look.inside)
    for one, series in zip(plotted, chart.plots[0].series, strict=True):
        _draw(series, one, look)
    office.mend(chart)
    chart.part.chart_workbook.xlsx_part._blob = office.workbook(
        lambda sheet: _fill(sheet, chart, plotted), day
    )
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
    return _Plotted(series.name, getattr(THEME, series.colour), False, cells)


def _interval(series: Series, shares: Sequence[Share]) -> _Plotted:
    """Lines with gaps between, for not every program draws error bars of two lengths."""
    cells = [
        _point(x, y, question) for one, y, question in shares for x in (one.low, one.high, None)
    ]
    return _Plotted(f"{series.name}, 95 % intervall", getattr(THEME, series.colour), True, cells)


def _point(x: int | None, y: float, question: str) -> Cell:
    return x, None if x is None else y, question


def _axes(chart: Any, rows: int, look: Look) -> None:
    shares, heights = chart.category_axis, chart.value_axis
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0, 100, 25
    shares.tick_labels.number_format, shares.tick_labels.number_format_is_linked = '0" %"', False
    shares.tick_labels.font.size = Pt(look.number)
    shares.tick_labels.font.color.rgb = rgb(THEME.muted)
    shares.has_major_gridlines = True
    for line in (shares.major_gridlines.format.line, shares.format.line):
        line.color.rgb = rgb(THEME.grid)
    heights.minimum_scale, heights.maximum_scale = 0, rows
    heights.has_major_gridlines = False
    heights.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    heights.format.line.fill.background()
    heights.visible = False


def _layout(chart: Any, height: float, inside: float) -> None:
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
        ("x", inside),
        ("y", 0),
        ("w", 1 - 2 * inside),
        ("h", f"{height:.4f}"),
    ):
        etree.SubElement(manual, qn(f"c:{name}")).set("val", str(value))


def _draw(series: Any, one: _Plotted, look: Look) -> None:
    series.smooth = False
    if one.is_line:
        series.format.line.color.rgb = rgb(one.colour)
        series.format.line.width = Pt(look.line)
        series.marker.style = XL_MARKER_STYLE.NONE
    else:
        series.format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, look.dot
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = rgb(one.colour)
        series.marker.format.line.fill.background()
    gaps = {str(i) for i, (x, _, _) in enumerate(one.cells) if x is None}
    for point in [*series._element.iter(qn("c:pt"))]:
        if point.get("idx") in gaps and point.getparent().tag == qn("c:numCache"):
            point.getparent().remove(point)


def _fill(sheet: Any, chart: Any, plotted: Sequence[_Plotted]) -> None:
    """Write the chart's numbers, with the questions beside."""
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
