"""The report as an editable slide of one A4: text as text, the chart a chart with its numbers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pptx import Presentation
from pptx.util import Mm

from fovdata import wording
from fovdata.export import office, slide_chart
from fovdata.export.office import THEME, Box, Run, high, run
from fovdata.export.report import FORM, HEADING, OPENS, WITNESSED_HEAD, Report, support
from fovdata.export.slide_chart import Look

_LEFT, _WIDTH, _BOTTOM = 16.0, 178.0, 286.0
"""Millimetres: from the page's left edge, of its text, and to where its text ends."""
_FIGURES = 4
"""Columns of the key figures."""
_GUTTER = 5.0
_LOOK = Look(
    names=36,
    shares=18,
    words=35,
    lane=3.9,
    axis=7,
    name=10,
    share=9.5,
    word=8.5,
    number=9,
    dot=5,
    line=2,
    inside=0.05,
)
"""Of the chart; the lanes stand further apart where there is room."""
_LANE = 0.25
"""From one lane to the next: the part of a row's height, at least."""
_HEADING = 11.5
_TABLE_ROW = 5.2
_MARK = 68.0
_TITLE = 26
_LONGEST = 44
"""Letters of a name that stand in one line at that size."""
_TITLE_ONLY = 5
"""The default template's layout that has a title and nothing else."""


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
    office.notes(
        slide,
        (
            report.title,
            report.place,
            *report.sentences,
            report.method,
            report.source,
            report.citation,
        ),
    )
    return office.saved(deck, report.title, report.source, report.day)


def _head(slide: Any, report: Report) -> float:
    """Everything above the key figures; returns where it ends, as all that follow."""
    size = max(_TITLE * min(1, _LONGEST / len(report.name)), 14)
    top, height = 19.0, high(report.name, size, _WIDTH)
    title = slide.shapes.title
    office.place(title, Box(_LEFT, top, _WIDTH, height))
    office.write(title.text_frame, [[run(report.name, size, bold=True)]])
    _text(slide, 12, 6, [[run(f"{HEADING} · {FORM}", 10, THEME.muted)]])
    if report.mark:
        office.mark(slide, Box(_LEFT + _WIDTH - _MARK, 11.3, _MARK, 6), report.mark, 10)
    top += height + 1
    height = high(report.place, 9.5, _WIDTH)
    _text(slide, top, height, [[run(report.place, 9.5, THEME.muted)]])
    office.rule(slide, _LEFT, top + height + 2, _WIDTH)
    return top + height + 4


def _key_figures(slide: Any, report: Report, top: float) -> float:
    width = (_WIDTH + _GUTTER) / _FIGURES
    note = max(high(one.note, 8.5, width - _GUTTER) for one in report.key_figures)
    height = high("", 9.5, width) + high("", 17, width) + note
    for i, one in enumerate(report.key_figures):
        text = [
            [run(one.label, 9.5, THEME.muted)],
            [run(one.value, 17, bold=True)],
            [run(one.note, 8.5, THEME.muted)],
        ]
        _text(slide, top, height, text, left=_LEFT + i * width, width=width - _GUTTER)
    return top + height + 3


def _sentences(slide: Any, report: Report, top: float) -> float:
    height = sum(high(one, 11, _WIDTH - 4) + 1 for one in report.sentences)
    _text(
        slide,
        top,
        height,
        [[run(one, 11)] for one in report.sentences],
        bullet="–",
        hanging=4,
        after=1,
    )
    return top + height + 3


def _missing(slide: Any, report: Report, top: float) -> float:
    top += _heading(slide, top, OPENS)
    width = (_WIDTH + _GUTTER) / len(report.missing)
    height = high("", 10, width) + max(high(one.what, 9, width - _GUTTER) for one in report.missing)
    for i, one in enumerate(report.missing):
        text = [[run(wording.about(one.answers), 10, bold=True)], [run(one.what, 9)]]
        _text(slide, top, height, text, left=_LEFT + i * width, width=width - _GUTTER)
    return top + height + 4


def _questions(slide: Any, report: Report, top: float, bottom: float) -> None:
    """The chart with names, shares and words beside its rows, and its legend above."""
    top += _heading(slide, top, report.questions_heading)
    legend = slide_chart.legend(report.lanes, 9.5)
    height = high("".join(text for text, *_ in legend), 9.5, _WIDTH)
    _text(slide, top, height, [legend])
    top += height + 3
    row = (bottom - _LOOK.axis - top) / len(report.questions)
    look = replace(_LOOK, lane=max(_LANE * row, _LOOK.lane))
    box = Box(_LEFT, top, _WIDTH, bottom - top)
    slide_chart.add(slide, report.questions, box, look, report.alternative, report.day)


def _witnessed(slide: Any, report: Report, bottom: float) -> float:
    """Question 6 against the kinds of violence, down to ``bottom``; returns where it begins."""
    rows = len(report.witnessed) + 1
    table_top = bottom - rows * _TABLE_ROW
    heading, note = report.witnessed_heading, report.witnessed_note
    below = high(note, 9, _WIDTH) + 0.5 if note else 0
    top = table_top - high(heading, _HEADING, _WIDTH) - 1.5 - below
    _heading(slide, top, heading)
    if note:
        _text(slide, table_top - below, below, [[run(note, 9, THEME.muted)]])
    columns = len(WITNESSED_HEAD)
    box = Box(_LEFT, table_top, _WIDTH, rows * _TABLE_ROW)
    table = office.table(slide, box, rows, columns * [_WIDTH / columns], heading)
    table.first_row = True
    for cell, head in zip(table.rows[0].cells, WITNESSED_HEAD, strict=True):
        office.cell(cell, [[run(head, 9, THEME.muted)]])
    for row, kind in zip([*table.rows][1:], report.witnessed, strict=True):
        name, *values = row.cells
        office.cell(name, [[run(kind.name, 9.5)]])
        for cell, (value, interval) in zip(values, kind.cells, strict=True):
            runs = [run(value, 9.5, bold=True)]
            if interval:
                runs.append(run(f"  ({interval})", 9, THEME.muted))
            office.cell(cell, [runs])
    office.underline(table)
    return top


def _foot(slide: Any, report: Report) -> float:
    """Method, source and support at the page's end; returns where they begin."""
    left = 0.62 * _WIDTH
    right = _WIDTH - left - _GUTTER
    texts = [[report.method], [report.source, report.citation, support()]]
    heights = [
        sum(high(one, 7.5, width) for one in column)
        for column, width in zip(texts, (left, right), strict=True)
    ]
    top = _BOTTOM - max(heights)
    office.rule(slide, _LEFT, top - 2, _WIDTH)
    paragraphs = [[[run(one, 7.5, THEME.muted)] for one in column] for column in texts]
    paragraphs[1][-1] = [run(support(), 7.5, bold=True)]
    _text(slide, top, heights[0], paragraphs[0], width=left)
    _text(slide, top, heights[1], paragraphs[1], left=_LEFT + left + _GUTTER, width=right)
    return top - 2


def _heading(slide: Any, top: float, text: str) -> float:
    """A heading; returns how much of the page it takes."""
    height = high(text, _HEADING, _WIDTH)
    _text(slide, top, height, [[run(text, _HEADING, bold=True)]])
    return height + 1


def _text(
    slide: Any,
    top: float,
    height: float,
    paragraphs: Sequence[Sequence[Run]],
    *,
    left: float = _LEFT,
    width: float = _WIDTH,
    **how: Any,
) -> None:
    office.text(slide, Box(left, top, width, height), paragraphs, **how)
