"""What stands around every page: menu, content note, support, which answers are shown."""

from collections.abc import Sequence
from functools import cache

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from fovdata import published, settings, wording
from fovdata.dashboard import explaining, filters
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures.explanations import Explanation
from fovdata.figures.release import Release
from fovdata.markup import plain
from fovdata.registry import Registry
from fovdata.responses import SYNTHETIC
from fovdata.selection import LABELS

SYNTHETIC_MARK = "Syntetiska svar"
CONTENT_NOTE = "Sidan handlar om våld och sexuella kränkningar."

SHUT = "Tjänsten kräver inloggning och startas bara så här: streamlit run app.py"


def menu_and_filters(release: Release, registry: Registry) -> None:
    """What is in the sidebar."""
    _menu()
    filters.draw(release, registry)


@st.fragment
def _menu() -> None:
    """Links, each with the choice, as far as its page can follow it.

    A part of its own, so that they do not turn pale and back while what follows a choice is drawn.
    """
    for page in PAGES:
        if not page.aside:
            st.page_link(_target(page), query_params=filters.chosen(page))


@cache
def _target(page: Page) -> StreamlitPage:
    """What a link leads to, for every visitor; what runs is each visitor's own."""
    return st.Page(page.path, title=page.title, url_path=page.url, default=not page.url)


def top(release: Release) -> None:
    """Above every page: what it is about and whether the answers are real."""
    mark = f":orange-badge[{SYNTHETIC_MARK}] " if release.data == SYNTHETIC else ""
    st.caption(f"{mark}{CONTENT_NOTE}")


def bottom() -> None:
    """Below every page: where there is help, with the words and for those who cannot use it."""
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(support(), width="stretch")
        for page in PAGES:
            if page.aside:
                st.page_link(_target(page), width="content")


def support() -> str:
    """Whom to call, as Markdown."""
    (line,), (emergency,) = published.support("stödlinje"), published.support("nödnummer")
    return f"{line.name} **{line.phone}** · Vid fara: **{emergency.phone}**"


def unknown(dimensions: Sequence[str]) -> None:
    """The address named something that does not exist: the figures are not of that."""
    names = wording.enumerated([LABELS[dimension].lower() for dimension in dimensions])
    st.warning(f"Länken anger ett värde som inte finns ({names}). Det är inte med i urvalet.")


def not_shown(page: Page, reason: str, explanation: Explanation) -> None:
    """Instead of a page that cannot show what is chosen: why, at length too, and a way on."""
    st.title(page.title)
    if not filters.chosen(page):
        too_few()
        return
    st.info(f"{reason}. Ta bort ett val i taget, eller alla.")
    st.markdown(explaining.in_full(explanation))
    st.button("Visa alla svar", on_click=filters.clear)


def too_few() -> None:
    """Where a release has too few answers for a page's own splits."""
    st.info(
        "Resten av sidan visas inte: svaren i utgåvan är ännu för få för att delas upp så. "
        "Fler svar öppnar den."
    )


def about(release: Release) -> None:
    """The foot of the sidebar: which release is shown, and the way out for who has signed in."""
    kind = SYNTHETIC_MARK if release.data == SYNTHETIC else "Verkliga svar"
    with st.sidebar:
        st.caption(f"Utgåva {release.number} · {wording.day(release.date)} · {kind}")
        if settings.sign_in():
            st.button("Logga ut", on_click=st.logout, width="stretch")


def chosen(words: str) -> None:
    """The selection in words above the charts, with a button that clears it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(words)}**")
        st.button(
            "Visa alla svar",
            key="clear-in-words",
            on_click=filters.clear,
            type="tertiary",
            disabled=not filters.selection().chosen,
        )
