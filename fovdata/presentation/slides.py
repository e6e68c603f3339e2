"""The story as slides to edit: text as text, charts with their numbers, maps and figures as shapes.

Everything keeps within the slide and apart from everything else, whatever the scenes say: type
grows smaller where there is more to say, and never smaller than a hall can read.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import cos, pi, sin
from typing import Any

import segno
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Mm, Pt

from fovdata import geography, wording
from fovdata.charts import hundred
from fovdata.charts.coverage import NOT_JOINED
from fovdata.charts.dots import Series
from fovdata.export import office, slide_chart
from fovdata.export.office import THEME, Box, Outline, high, rgb, run, wide
from fovdata.export.slide_chart import Look
from fovdata.figures.estimates import Estimate
from fovdata.presentation import master
from fovdata.presentation.master import BODY, CLOSE, MARK, SMALLEST, TITLE, TITLE_SIZE
from fovdata.presentation.scene import (
    Body,
    Deck,
    GrowthMap,
    Hundreds,
    Milestones,
    Points,
    Shares,
    Support,
)
from fovdata.rules import Status

_TITLE_SIZES = range(TITLE_SIZE, 21, -2)
_TEXT_SIZES = range(32, SMALLEST - 1, -2)
_TYPE = "+mn-lt"
"""The theme's typeface for text: LibreOffice finds it in no footer that leaves it out."""
_READ = 270
"""Millimetres of a line that an eye finds its way back from."""
_BETWEEN = 0.4
"""From one sentence to the next: the part of a letter's height."""
_AIR = 6.0
"""Millimetres that sentences leave above the foot."""
_GUTTER = 10.0

_LOOK = Look(
    names=74,
    shares=33,
    words=60,
    lane=4.8,
    axis=9,
    name=18,
    share=16,
    word=18,
    number=16,
    dot=9,
    line=3.5,
    inside=0.07,
)
"""Of seven questions in three lanes; fewer are set larger."""
_ROW = 32.0
"""Millimetres of the highest row."""
_LANE = 10.5
"""Millimetres from one lane to the next at most."""
_HIGH = 15.0
"""Millimetres of a row that holds what _LOOK says."""
_CLOSE, _FAR = 1.1, 1.25
"""From one lane's share to the next, by their type's height: at least where there is room."""
_ABREAST = 20.0
"""Millimetres of a share beside others."""
_LEGEND = 11.0
_NAMES = 112.0
"""Millimetres of the rows' names where nothing is said to the right."""
_AXIS = "Andel Ja, 95 % intervall"

_COLUMNS = 20
_HUNDRED = 100
_PERSON: Sequence[Sequence[tuple[int, int]]] = (
    [
        (50 + round(23 * cos(angle * pi / 12)), 23 + round(23 * sin(angle * pi / 12)))
        for angle in range(24)
    ],
    [
        *((8, 57), (20, 52), (80, 52), (92, 57), (97, 69), (97, 124), (82, 124), (82, 200)),
        *((55, 200), (55, 134), (45, 134), (45, 200), (18, 200), (18, 124), (3, 124), (3, 69)),
    ],
)
"""A head and a body, as in the pages' figures: corners, in hundredths of a person's width."""
_TALL = 2
"""A person's height by its width."""

_MAP_COLUMNS = (9.0, 75.0, 56.0, 48.0, 46.0)
"""Millimetres: a step's colour, its name and its figures."""
_SO_FAR = "Sammanlagt, när gruppen var med"
_CODE = 110.0
"""Millimetres of the square that leads to the dashboard, with what is white around it."""


def document(deck: Deck) -> bytes:
    """The presentation as PPTX, a slide a scene. The same deck gives the same bytes."""
    made = master.opened()
    for number, scene in enumerate(deck.scenes, 1):
        layout = master.layout_of(made, text=isinstance(scene.body, Points | Support))
        slide = made.slides.add_slide(layout)
        _title(slide, scene.title)
        if scene.mark:
            office.mark(slide, MARK, scene.mark, SMALLEST)
        _BODIES[type(scene.body)](slide, scene.body, scene.alternative, deck.day)
        _foot(slide, scene.source, number)
        office.notes(slide, scene.notes)
    return office.saved(made, deck.title, deck.release, deck.day)


def _title(slide: Any, title: str) -> None:
    size = _fitting(_TITLE_SIZES, [title], TITLE.width, TITLE.height / CLOSE)
    frame = slide.shapes.title.text_frame
    frame.text = title
    _swedish(frame)
    if size != TITLE_SIZE:
        frame.paragraphs[0].runs[0].font.size = Pt(size)


def _foot(slide: Any, source: str, number: int) -> None:
    """The source and the slide's number, in the layout's places."""
    for one in slide.slide_layout.placeholders:
        if one.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            slide.shapes.clone_placeholder(one)
    frames = {one.placeholder_format.type: one.text_frame for one in slide.placeholders}
    foot = frames[PP_PLACEHOLDER.FOOTER]
    office.write(foot, [[run(source, SMALLEST, THEME.muted)]])
    foot.vertical_anchor = MSO_ANCHOR.BOTTOM
    foot.paragraphs[0].runs[0].font.name = _TYPE
    frames[PP_PLACEHOLDER.SLIDE_NUMBER].paragraphs[0]._p.append(
        parse_xml(
            f'<a:fld {nsdecls("a")} id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">'
            f'<a:rPr lang="{office.LANGUAGE}"/><a:t>{number}</a:t></a:fld>'
        )
    )


def _points(slide: Any, body: Points, _told: str, _day: date) -> None:
    """Sentences as large as there is room for; what leads them stands in a column of its own."""
    width = min(BODY.width, _READ)
    lead_in = 22
    above = high(body.lead_in, lead_in, width) + 7 if body.lead_in else 0
    if body.lead_in:
        box = Box(BODY.left, BODY.top, width, above - 7)
        office.text(slide, box, [[run(body.lead_in, lead_in, THEME.muted)]])
    leads = max(len(one.lead) for one in body.points)

    def column(size: float) -> float:
        return wide("m" * (leads + 1), 1.2 * size) if leads else 0

    size = next(
        (
            size
            for size in _TEXT_SIZES
            if sum(high(one.text, size, width - column(size)) for one in body.points)
            + _BETWEEN * size * office.POINT * (len(body.points) - 1)
            <= BODY.height - above - _AIR
        ),
        SMALLEST,
    )
    place = slide.placeholders[1]
    office.place(place, Box(BODY.left, BODY.top + above, width, BODY.height - above))
    office.write(
        place.text_frame,
        [
            [
                *([run(f"{one.lead}\t", size, THEME.federation, bold=True)] if leads else []),
                run(one.text, size),
            ]
            for one in body.points
        ],
        hanging=column(size),
        after=_BETWEEN * size * office.POINT,
    )


def _milestones(slide: Any, body: Milestones, told: str, day: date) -> None:
    """Columns with their numbers above, and below when it was."""
    office.text(slide, replace(BODY, height=_LEGEND), [[run(body.what, 20, THEME.muted)]])
    names = [f"{one.when}\n{one.note}".strip() for one in body.milestones]
    values = [one.value for one in body.milestones]
    data = CategoryChartData(number_format="0")
    data.categories = names
    data.add_series(body.what, values)
    below = Box(BODY.left, BODY.top + _LEGEND, BODY.width, BODY.height - _LEGEND)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *below.measures, data)
    office.describe(frame, told)
    chart = frame.chart
    chart.has_legend = chart.has_title = False
    (plot,) = chart.plots
    plot.gap_width, plot.has_data_labels = 60, True
    labels = plot.data_labels
    labels.position, labels.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
    labels.font.size, labels.font.bold, labels.font.color.rgb = Pt(36), True, rgb(THEME.text)
    (columns,) = plot.series
    columns.format.fill.solid()
    columns.format.fill.fore_color.rgb = rgb(THEME.coverage[3])
    chart.value_axis.visible = chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    chart.value_axis.maximum_scale = max(values) * 1.2  # room for the highest number
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    times = chart.category_axis
    times.major_tick_mark = XL_TICK_MARK.NONE
    times.format.line.color.rgb = rgb(THEME.outline)
    times.tick_labels.font.size = Pt(20)
    times.tick_labels.font.color.rgb = rgb(THEME.text)
    office.mend(chart)
    chart.part.chart_workbook.xlsx_part._blob = office.workbook(
        lambda sheet: _fill(sheet, body.what, names, values), day
    )


def _fill(sheet: Any, what: str, names: Sequence[str], values: Sequence[int]) -> None:
    """Write what the columns' references lead to."""
    sheet.write_string(0, 1, what)
    for row, (name, value) in enumerate(zip(names, values, strict=True), 1):
        sheet.write_string(row, 0, name)
        sheet.write_number(row, 1, value)


def _map(slide: Any, body: GrowthMap, told: str, _day: date) -> None:
    """The country, coloured by when a municipality joined, and what each step came to."""
    sheet = geography.outlines()
    # Those who were first are darkest.
    colours = dict(enumerate(reversed(THEME.coverage[-len(body.steps) :]), 1))
    municipalities = [
        Outline(
            f"Kommun {code}",
            rings,
            (BODY.left, BODY.top),
            BODY.height / sheet.height,
            colours.get(body.joined.get(code, 0), THEME.not_joined),
            THEME.surface,
            0.25,
        )
        for code, rings in sheet.rings.items()
    ]
    office.group(slide, "Kommuner", municipalities, told)
    width = sum(_MAP_COLUMNS)
    place = Box(BODY.left + BODY.width - width, BODY.top, width, BODY.height)
    table = office.table(
        slide, place, len(body.steps) + 2, _MAP_COLUMNS, "Kartans färger, och vad varje steg gav."
    )
    table.first_row = True
    heads = [what for _, what in body.steps[0].figures]
    for cell, head in zip([*table.rows[0].cells][1:], (_SO_FAR, *heads), strict=True):
        office.cell(cell, [[run(head, SMALLEST, THEME.muted)]])
        cell.vertical_anchor = MSO_ANCHOR.BOTTOM
        cell.margin_bottom = Mm(2)
    for row, one in zip([*table.rows][1:-1], body.steps, strict=True):
        _, name, *figures = row.cells
        office.cell(name, [[run(one.name, 20, bold=True)]])
        for cell, (value, _) in zip(figures, one.figures, strict=True):
            office.cell(cell, [[run(value, 32, bold=True)]])
    office.cell(table.rows[len(body.steps) + 1].cells[1], [[run(NOT_JOINED, 20)]])
    for i, filled in enumerate((None, *colours.values(), THEME.not_joined)):
        swatch = table.cell(i, 0)
        office.cell(swatch, [])
        if filled:
            swatch.fill.solid()
            swatch.fill.fore_color.rgb = rgb(filled)
        for cell in table.rows[i].cells:
            cell.margin_left = Mm(5)
    office.underline(table)


def _shares(slide: Any, body: Shares, told: str, day: date) -> None:
    """Dots in lanes, with names, shares and words beside; larger where rows are few."""
    row = min((BODY.height - _LEGEND - _LOOK.axis) / len(body.rows), _ROW)
    look = _look(row, len(body.lanes), said=any(one.said for one in body.rows))
    words = look.words if body.apart else 0
    legend = slide_chart.legend(body.lanes, 20)
    size = _fitting(range(20, 15, -1), ["".join(one for one, *_ in legend)], BODY.width - words, 9)
    left, right = BODY.left, BODY.left + BODY.width - words
    above = [(Box(left, BODY.top, right - left, _LEGEND), slide_chart.legend(body.lanes, size))]
    if body.apart:
        place = Box(right, BODY.top, words, _LEGEND)
        above.append((place, [run(body.apart, SMALLEST, THEME.muted)]))
    for place, runs in above:
        office.text(slide, place, [runs]).text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    box = Box(BODY.left, BODY.top + _LEGEND, BODY.width, row * len(body.rows) + look.axis)
    slide_chart.add(slide, body.rows, box, look, told, day)
    below = Box(BODY.left, box.bottom - look.axis + 1, look.names, look.axis - 1)
    office.text(slide, below, [[run(_AXIS, SMALLEST, THEME.muted)]])


def _look(row: float, lanes: int, said: bool) -> Look:
    """As large as a row of so many millimetres lets it be; ``said`` is whether words stand."""
    lane = min((row - 0.6) / lanes, _LANE)
    larger = min(lane / _LOOK.lane, row / _HIGH)
    name = min(int(_LOOK.name * larger), 24)
    share = min(int(lane / office.POINT / _CLOSE), name + 4)
    abreast = share < SMALLEST
    if abreast:
        share = name
    return replace(
        _LOOK,
        names=_LOOK.names if said else _NAMES,
        words=_LOOK.words if said else 0,
        shares=lanes * _ABREAST if abreast else _LOOK.shares,
        lane=min(lane, _FAR * share * office.POINT),
        name=name,
        share=share,
        word=min(int(_LOOK.word * larger), 20),
        dot=min(round(_LOOK.dot * larger), 10),
        line=min(_LOOK.line * larger, 4),
        abreast=abreast,
    )


def _hundreds(slide: Any, body: Hundreds, _told: str, _day: date) -> None:
    """Each side's hundred, with its words above."""
    width = (BODY.width - _GUTTER * (len(body.sides) - 1)) / len(body.sides)
    for i, (series, estimate) in enumerate(body.sides):
        _side(
            slide,
            replace(BODY, left=BODY.left + i * (width + _GUTTER), width=width),
            series,
            estimate,
        )


def _side(slide: Any, box: Box, series: Series, estimate: Estimate) -> None:
    """A side: its name, its number in large type and its figures; words only if it has no share."""
    colour = getattr(THEME, series.colour)
    said = [[run(series.name, 24, bold=True)]]
    if estimate.share is not None:
        said.append([run(f"{estimate.share} av {_HUNDRED}", 54, colour, bold=True)])
        said.append([run(f"intervall {estimate.low}–{estimate.high}", 20, THEME.muted)])
    elif estimate.status is Status.CODED:
        said.append([run(estimate.said, 54, colour, bold=True)])
    else:
        said.append([run(wording.TOO_FEW, 28, THEME.muted)])
    above = sum(high("", runs[0][1], box.width) for runs in said)
    office.text(slide, replace(box, height=above), said)
    if estimate.share is None:
        return
    rows = _HUNDRED // _COLUMNS
    below = box.height - above - 5
    across, down = box.width / _COLUMNS, below / rows
    unit = min(0.84 * across, 0.88 * down / _TALL) / _HUNDRED
    people = []
    for i in range(_HUNDRED):
        column, row = divmod(i, rows)
        at = (box.left + column * across, box.top + above + 5 + row * down)
        is_yes = i < estimate.share
        fill, line = (colour, colour) if is_yes else (THEME.surface, THEME.outline)
        people.append(Outline(f"Person {i + 1}", _PERSON, at, unit, fill, line, 1))
    office.group(slide, series.name, people, f"{series.name}: {hundred.told(estimate)}.")


def _support(slide: Any, body: Support, _told: str, _day: date) -> None:
    """Where help is to be had, and the square that leads to the dashboard."""
    left, quiet = BODY.left + BODY.width - _CODE, _quiet(body.address)
    place = slide.placeholders[1]
    top = BODY.top + quiet
    office.place(place, Box(BODY.left, top, left - BODY.left, BODY.bottom - top))
    office.write(
        place.text_frame,
        [
            paragraph
            for one in body.points
            for paragraph in ([run(one.lead, 36, bold=True)], [run(one.text, 28)])
        ],
    )
    for paragraph in place.text_frame.paragraphs[1::2]:
        paragraph.space_after = Pt(30)
    code = io.BytesIO()
    _code(body.address).save(code, kind="png", scale=12)
    picture = slide.shapes.add_picture(code, Mm(left), Mm(BODY.top), Mm(_CODE), Mm(_CODE))
    picture.name = "QR-kod"
    office.describe(picture, f"QR-kod till {body.address}")
    below = Box(left + quiet, BODY.top + _CODE, _CODE - quiet, BODY.height - _CODE)
    size = _fitting(range(22, SMALLEST - 1, -1), [body.address], below.width, 9)
    office.text(slide, below, [[run(body.address, size, bold=True)]])


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")


def _quiet(address: str) -> float:
    """Millimetres around the code that have to be white."""
    code = _code(address)
    return _CODE * code.default_border_size / code.symbol_size()[0]


def _fitting(sizes: Sequence[int], texts: Sequence[str], width: float, height: float) -> int:
    """The first size in which the texts stand below each other in so many millimetres."""
    return next(
        (size for size in sizes if sum(high(one, size, width) for one in texts) <= height),
        sizes[-1],
    )


def _swedish(frame: Any) -> None:
    for paragraph in frame.paragraphs:
        for one in paragraph.runs:
            one._r.get_or_add_rPr().set("lang", office.LANGUAGE)


_BODIES: Mapping[type[Body], Callable[[Any, Any, str, date], None]] = {
    Points: _points,
    Milestones: _milestones,
    GrowthMap: _map,
    Shares: _shares,
    Hundreds: _hundreds,
    Support: _support,
}
