"""What a page is made from, and the part of it that follows the filters."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import streamlit as st

from fovdata import registry as registries
from fovdata import settings
from fovdata.charts import theme as themes
from fovdata.charts.theme import Theme
from fovdata.dashboard import filters
from fovdata.export.workbook import Sheet
from fovdata.figures.release import NotOffered, Release, current
from fovdata.registry import Registry
from fovdata.selection import Selection


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
    """The part of a page that follows the filters: they run it alone, with a view of its own.

    Raises NotOffered as the figures do that it asks for.
    """
    if fault := _followed(draw, page):
        raise fault


@st.fragment(key=filters.FOLLOWED)
def _followed(draw: Callable[[View], object], page: View) -> NotOffered | None:
    part = replace(_view(filters.selection(), page.sections), parts=page.parts)
    try:
        draw(part)
    except NotOffered as fault:  # which a fragment would take for an error
        filters.draw_whole_page()
        return fault
    page.parts[:-1] = [part]  # now that it has all its cards: the workbook is never of half a page
    return None
