"""The report as a PDF of one A4: tagged, searchable, its charts vectors."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

from fovdata import wording
from fovdata.charts import lanes
from fovdata.charts import theme as themes
from fovdata.export import images
from fovdata.export.report import (
    FORM,
    FROM_THE_TOP,
    HEADING,
    OPENS,
    WITNESSED_HEAD,
    Report,
    support,
)

_TEMPLATE = Path(__file__).with_name("report.typ")
_WIDTH = 760
"""Pixels of the chart, which the template sets as wide as the page's text."""
_LEAST = {1: 44, 2: 52, 3: 66}
"""Pixels of a question at least, by its number of lanes: less, and words would touch."""
_MOST = 1.15
"""How much higher than as it is designed the chart may be, to fill its page."""
_THEME = themes.LIGHT


def document(report: Report) -> bytes:
    """The page as PDF/UA-1. The same report gives the same bytes.

    What the report says reaches the typesetter as data, never as markup.
    """
    page = {"report": json.dumps(_content(report), ensure_ascii=False)}
    template, fonts = _TEMPLATE.read_bytes(), _fonts()
    room = typst.query(
        template, "<room>", field="value", one=True, font_paths=fonts, sys_inputs=page
    )
    return typst.compile(
        template,
        format="pdf",
        font_paths=fonts,
        sys_inputs={**page, "chart": _chart(report, _WIDTH * json.loads(room))},
        pdf_standards=["ua-1"],
        timestamp=_midnight(report),
    )


def _content(report: Report) -> Mapping[str, Any]:
    """What the template sets, in the order of reading."""
    return {
        "heading": f"{HEADING} · {FORM}",
        "title": report.title,
        "author": FORM,
        "name": report.name,
        "place": report.place,
        "mark": report.mark,
        "figures": [vars(one) for one in report.key_figures],
        "sentences": [*report.sentences],
        "opens": OPENS,
        "missing": [
            {"answers": wording.about(one.answers), "what": one.what} for one in report.missing
        ],
        "questions": report.questions_heading,
        "order": FROM_THE_TOP if len(report.lanes) > 1 else "",
        "lanes": [
            {"name": one.name, "colour": getattr(_THEME, one.colour)} for one in report.lanes
        ],
        "alternative": report.alternative,
        "witnessed": report.witnessed_heading,
        "note": report.witnessed_note,
        "head": WITNESSED_HEAD,
        "rows": [{"name": one.name, "cells": [*one.cells]} for one in report.witnessed],
        "method": report.method,
        "source": report.source,
        "citation": report.citation,
        "support": support(),
        "colours": {
            name: getattr(_THEME, name)
            for name in ("text", "muted", "grid", "outline", "federation")
        },
        "font": images.FONT,
    }


@cache
def _fonts() -> typst.Fonts:
    """The product's own and no others, so that the page is the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(images.FONTS)],
    )


def _chart(report: Report, room: float) -> str:
    """The questions as SVG, as high as there is room for, within what is good to look at."""
    specification = lanes.specification(report.questions, printed=True, theme=_THEME)
    least = len(report.questions) * _LEAST[len(report.lanes)]
    most = _MOST * specification["height"]
    height = images.AXIS + int(min(max(room - images.AXIS, least), most))
    return images.svg(specification, lanes.data(report.questions, printed=True), _WIDTH, height)


def _midnight(report: Report) -> int:
    """The release's day, in seconds since 1970: when the page was typeset is nobody's concern."""
    return (report.day.toordinal() - 719163) * 86400
