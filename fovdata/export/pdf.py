"""The report as a PDF of one A4: tagged, searchable, its charts vectors."""

import json
from functools import cache
from pathlib import Path

import typst

from fovdata.charts import lanes
from fovdata.charts import theme as themes
from fovdata.export import images
from fovdata.export.report import HEADING, OPENS, SUPPORT, WITNESSED_HEAD, Report

_TEMPLATE = Path(__file__).with_name("report.typ")
_WIDTH = 760
"""Pixels of the chart, which the template sets as wide as the page's text."""


def document(report: Report) -> bytes:
    """The page as PDF/UA-1. The same report gives the same bytes.

    What the report says reaches the typesetter as data, never as markup.
    """
    content = {
        "heading": HEADING,
        "title": report.title,
        "name": report.name,
        "place": report.place,
        "mark": report.mark,
        "figures": [vars(one) for one in report.key_figures],
        "sentences": [*report.sentences],
        "questions": report.questions_heading,
        "alternative": report.alternative,
        "missing": [*report.missing],
        "witnessed": report.witnessed_heading,
        "head": WITNESSED_HEAD,
        "rows": [*report.witnessed],
        "opens": OPENS,
        "method": report.method,
        "source": report.source,
        "support": SUPPORT,
        "colours": {
            name: getattr(themes.LIGHT, name) for name in ("text", "muted", "grid", "federation")
        },
        "font": images.FONT,
    }
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={
            "report": json.dumps(content, ensure_ascii=False),
            "chart": _chart(report),
        },
        pdf_standards=["ua-1"],
        timestamp=_midnight(report),
    )


@cache
def _fonts() -> typst.Fonts:
    """The product's own and no others, so that the page is the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(images.FONTS)],
    )


def _chart(report: Report) -> str:
    specification = lanes.specification(report.questions, printed=True, theme=themes.LIGHT)
    return images.svg(specification, lanes.data(report.questions, printed=True), _WIDTH)


def _midnight(report: Report) -> int:
    """The release's day, in seconds since 1970: when the page was typeset is nobody's concern."""
    return (report.day.toordinal() - 719163) * 86400
