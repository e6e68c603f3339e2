"""The shared filters: drawn once for all pages, kept from page to page and in the address.

The only module that reads st.session_state. The address carries codes (/tackning?region=17), as
the API does; Streamlit's own binding of a widget to the address writes the Swedish label instead.
"""

from collections.abc import Collection, Mapping, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.dashboard import elements, explaining
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures import explanations
from fovdata.figures.explanations import Explanation
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.rules import NOT_OFFERED
from fovdata.selection import DIMENSIONS, LABELS, Selection, labels

ONE_AT_A_TIME = "Den här sidan följer ett filter i taget"

_ALL = "Alla"
_PAGE, _UNKNOWN = "page", "unknown"
_ONE_FEDERATION, _ONE_GENDER = "one-federation", "one-gender"


def selection() -> Selection:
    """What the reader has chosen, as far as the page that is shown can follow it."""
    return Selection(**chosen(_page()))


def _page() -> Page:
    (page,) = (page for page in PAGES if page.url == st.session_state[_PAGE])
    return page


def chosen(page: Page) -> Mapping[str, tuple[str, ...]]:
    """The chosen codes by dimension, of the dimensions that a page can follow."""
    return {
        dimension: tuple(codes[:1] if page.asks else codes)
        for dimension in page.filters
        if (codes := st.session_state.get(dimension))
    }


def ask_federation(usual: str, release: Release, registry: Registry) -> str:
    """Draw the choice of a federation; returns its slug, ``usual`` until one is chosen."""
    names = labels("federation", registry)
    now, *more = st.session_state.get("federation") or [usual]
    if more:
        st.caption("Sidan visar ett förbund i taget: det första av dem som är valda.")
    st.session_state[_ONE_FEDERATION] = now
    return str(
        st.selectbox(
            "Välj förbund",
            sorted(
                release.categories["federation"],
                key=lambda slug: wording.alphabetical(names.get(slug, slug)),
            ),
            format_func=lambda slug: names.get(slug, slug),
            key=_ONE_FEDERATION,
            on_change=_choose_one,
            args=("federation", _ONE_FEDERATION),
            filter_mode="contains",
            width=420,
        )
    )


def ask_gender(release: Release) -> tuple[str, ...]:
    """Draw the choice of everybody, women or men; returns the codes, none for everybody.

    Closed where federations are not offered by gender.
    """
    offered = release.offers(("federation", "gender"))
    names = {"": "Alla", form.WOMEN.code: form.WOMEN.label, form.MEN.code: form.MEN.label}
    (now,) = st.session_state.get("gender", [])[:1] or [""]
    st.session_state[_ONE_GENDER] = now
    gender = st.segmented_control(
        "Vilkas svar",
        [*names],
        format_func=names.__getitem__,
        key=_ONE_GENDER,
        on_change=_choose_one,
        args=("gender", _ONE_GENDER),
        required=True,
        disabled=not offered,
        help=None if offered else NOT_OFFERED,
    )
    return (gender,) if gender else ()


def _choose_one(dimension: str, widget: str) -> None:
    code = st.session_state[widget]
    st.session_state[dimension] = [code] if code else []


def clear() -> None:
    """Choose nothing, on every page."""
    for dimension in DIMENSIONS:
        st.session_state[dimension] = []


def changes_whole_page(release: Release) -> bool:
    """Whether the choice changes more than the part of the page that follows the filters."""
    page = _page()
    return bool(st.session_state[_UNKNOWN] or why_not(page, release, chosen(page)))


def follow_address(page: Page, release: Release) -> Sequence[str]:
    """Choose what the address says, where the reader came by an address.

    That is at the first run, on another page and after "back" or "forward"; else the reader has
    used a filter and the address still is the old one. Codes that do not exist are passed over;
    returns the dimensions that had any.
    """
    st.session_state[_UNKNOWN] = ()
    context = get_script_run_ctx()
    by_history = context is not None and context.is_history_navigation
    if st.session_state.get(_PAGE) == page.url and not by_history:
        return ()
    st.session_state[_PAGE] = page.url
    asked = {dimension: st.query_params.get_all(dimension) for dimension in page.filters}
    for dimension, codes in asked.items():
        known = release.categories[dimension]
        st.session_state[dimension] = [code for code in known if code in codes]
    unknown = [d for d, codes in asked.items() if not set(codes) <= set(release.categories[d])]
    st.session_state[_UNKNOWN] = unknown  # which the page says until it is drawn anew as a whole
    return unknown


def draw(release: Release, registry: Registry) -> None:
    """The page's filters, unless it asks itself, and the address that says the same."""
    page = _page()
    if not page.asks:
        _draw(page, release, registry)
    _write_address(chosen(page))


def _draw(page: Page, release: Release, registry: Registry) -> None:
    if page.followed:
        # Streamlit tells the browser what this run has set, and no more: what was set by a run
        # that was cut short is set again.
        for dimension in page.filters:
            st.session_state[dimension] = st.session_state.get(dimension, [])
    now = chosen(page)
    closed = {
        dimension: reason
        for dimension in page.filters
        if dimension not in now and (reason := why_not(page, release, (*now, dimension)))
    }
    for dimension in page.filters:
        if dimension in closed:
            elements.closed_filter(LABELS[dimension], _ALL, closed[dimension])
            continue
        known = labels(dimension, registry)
        names = {code: known.get(code, code) for code in release.categories[dimension]}
        st.multiselect(
            LABELS[dimension],
            [*names],
            format_func=names.__getitem__,
            key=dimension,
            placeholder=_ALL,
            filter_mode="contains",
            select_all=False,
            persist_state="session",
        )
    for reason in dict.fromkeys(closed.values()):
        st.caption(f"Grå filter: {reason[0].lower()}{reason[1:]}.")
    if closed:
        grey: dict[Explanation, list[str]] = {}
        for dimension in closed:
            why = explanation(page, release, (*now, dimension))
            grey.setdefault(why, []).append(LABELS[dimension])
        explaining.popover(
            "Varför är filtren grå?", {", ".join(names): why for why, names in grey.items()}
        )
    if page.filters:
        st.button("Rensa urvalet", on_click=clear, disabled=not now, width="stretch")


def why_not(page: Page, release: Release, filtered: Collection[str]) -> str | None:
    """Why the page cannot follow filters in these dimensions together; None if it can."""
    if not release.offers((*filtered, *page.split)):
        return NOT_OFFERED
    return ONE_AT_A_TIME if len(filtered) > page.at_once else None


def explanation(page: Page, release: Release, filtered: Sequence[str]) -> Explanation:
    """Why the page cannot follow filters in these dimensions together, and what would help."""
    if release.offers((*filtered, *page.split)):
        return explanations.one_at_a_time()
    return explanations.combination(release, filtered, page.split, page.at_once)


def _write_address(now: Mapping[str, tuple[str, ...]]) -> None:
    for dimension in DIMENSIONS:
        codes = list(now.get(dimension, ()))
        if codes == st.query_params.get_all(dimension):
            continue
        if codes:
            st.query_params[dimension] = codes
        else:
            del st.query_params[dimension]
