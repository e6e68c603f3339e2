"""What a reader takes away: a page for a board as PDF or PowerPoint, and the tables as Excel."""

from functools import partial

import streamlit as st

from fovdata.dashboard.views import View
from fovdata.export.workbook import MIME, workbook
from fovdata.registry import Federation

_FORMS = (
    ("PDF", "pdf", "application/pdf", ":material/picture_as_pdf:"),
    (
        "PowerPoint",
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ":material/slideshow:",
    ),
)
"""What it is called, how its name ends, its type and its sign."""


def report(view: View, federation: Federation | None = None, tables: bool = True) -> None:
    """ "Läget på en sida" of a federation, or of the country, beside the page's own ``tables``."""
    slug = federation.slug if federation else None
    what = "Läget på en sida" if federation else "Hela landet på en sida"
    with st.container(horizontal=True):
        for name, ending, mime, icon in _FORMS:
            st.download_button(
                f"{what} ({name})",
                partial(_report, view, slug, ending),
                f"fov-laget-{slug or 'landet'}.{ending}",
                mime,
                key=f"laget-{ending}",
                on_click="ignore",
                type="primary" if ending == "pdf" else "secondary",
                icon=icon,
            )
        if tables:
            name = f"Förbund {federation.name}" if federation else "Hela landet"
            workbook_button(view, name, slug or "landet")


def _report(view: View, slug: str | None, ending: str) -> bytes:
    # Imported when somebody asks: the typesetter is no part of the server's start.
    from fovdata.export import pdf, powerpoint, report

    found = report.of(view.release, view.registry, slug)
    return pdf.document(found) if ending == "pdf" else powerpoint.document(found)


def workbook_button(view: View, page: str, code: str) -> None:
    """The page's tables as one file named by ``code``, made when it is asked for."""
    st.download_button(
        "Tabellerna (Excel)",
        partial(_workbook, view, page),
        f"fov-{code}.xlsx",
        MIME,
        key="workbook",
        help="Sidans alla tabeller i en arbetsbok",
        on_click="ignore",
        icon=":material/table_view:",
    )


def _workbook(view: View, page: str) -> bytes:
    parts = view.parts or [view]
    words = (parts[0] if view.is_beside else view).selection.words(view.registry)
    sheets = [sheet for part in parts for sheet in part.shown.values()]
    return workbook(page, words, view.release, sheets)
