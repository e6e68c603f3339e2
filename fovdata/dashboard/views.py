"""What a page is made from, and the part of it that follows the filters."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fovdata import registry as registries
from fovdata import settings
from fovdata.charts import theme as themes
from fovdata.charts.theme import Theme
from fovdata.dashboard import filters, frame
from fovdata.dashboard.turns import in_turn
from fovdata.export.workbook import Sheet
from fovdata.figures.release import NotOffered, Release, ReleaseUnreadable, current
from fovdata.registry import Registry
from fovdata.selection import Selection

DRAWN_AT_ONCE = 0.015
"""Seconds after what is chosen until the menu and the filters follow. What reaches a browser within
10 ms it draws at once, and a chart after what it has to draw by then: charts come first. The server
sends every 5 ms."""


@dataclass(frozen=True)
class View:
    """What a page is made from: the release and registry served, the reader's choices."""

    release: Release
    registry: Registry
    selection: Selection
    theme: Theme
    sections: bool = False
    """Whether the page has sections, so that its cards' headings stand one level lower."""
    shown: dict[str, Sheet] = field(default_factory=dict, compare=False)
    """What its cards of answers have shown so far, by their names: for the page's workbook."""
    parts: list["View"] = field(default_factory=list, compare=False)
    """The views of a page in parts, each of which has them: what is followed, and the rest."""

    @property
    def name(self) -> str:
        """The selection's short name; empty for the whole country."""
        return self.selection.short(self.registry)

    @property
    def is_beside(self) -> bool:
        """Whether it shows the whole country beside what is followed."""
        return bool(self.parts) and self.parts[-1] is self

    @property
    def one_federation(self) -> str | None:
        """The federation, where one and nothing else is chosen."""
        chosen = self.selection.chosen
        codes = chosen.get("federation", ())
        return codes[0] if len(chosen) == len(codes) == 1 else None


def view(sections: bool = False) -> View:
    """The view of the page that is being drawn."""
    return _view(filters.selection(), sections)


def country(sections: bool = False) -> View:
    """The view of what always shows the whole country on a page with a ``followed`` part."""
    whole = _view(Selection(), sections)
    whole.parts.append(whole)
    return whole


def _view(selection: Selection, sections: bool) -> View:
    dark = st.context.theme.type == "dark"
    theme = themes.DARK if dark else themes.LIGHT
    return View(current(settings.releases()), registries.load(), selection, theme, sections)


def followed(draw: Callable[[View], object], page: View) -> None:
    """The filters and the part of a page that follows them: a choice runs them, with a new view.

    The rest of the page stays as it is, unless the choice changes that too. Raises NotOffered as
    the figures do that are asked for.
    """
    if fault := _followed(draw, page):
        raise fault


@st.fragment
def _followed(draw: Callable[[View], object], page: View) -> NotOffered | None:
    part, fault = _draw_part(draw, page)
    if _is_run_alone():
        time.sleep(DRAWN_AT_ONCE)
    _draw_sidebar(part)
    return fault


@in_turn
def _draw_part(draw: Callable[[View], object], page: View) -> tuple[View, NotOffered | None]:
    try:
        part = replace(_view(filters.selection(), page.sections), parts=page.parts)
        if part.release is not page.release or filters.changes_whole_page(part.release):
            _draw_whole_page()
        draw(part)
    except ReleaseUnreadable:
        _draw_whole_page()
        raise
    except NotOffered as fault:  # which a fragment would take for an error
        _draw_whole_page()
        return part, fault
    page.parts[:-1] = [part]  # now that it has all its cards: the workbook is never of half a page
    return part, None


@in_turn
def _draw_sidebar(part: View) -> None:
    with st.sidebar:
        frame.menu_and_filters(part.release, part.registry)


def _draw_whole_page() -> None:
    """Run the page as a whole, where only a part of it is being run."""
    if _is_run_alone():
        st.rerun()


def _is_run_alone() -> bool:
    """Whether what is being run is a part of a page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)
