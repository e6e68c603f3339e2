"""The main script: runs before every page, for every visitor, at every change."""

import streamlit as st

from fovdata import registry, settings
from fovdata.dashboard import filters, frame
from fovdata.dashboard.navigation import PAGES, SITE
from fovdata.dashboard.turns import in_turn
from fovdata.figures.release import NotOffered, ReleaseUnreadable, current
from fovdata.markup import plain


@in_turn
def main() -> None:
    """Draw the page that is asked for, and what stands around it."""
    if settings.shut():
        st.error(frame.SHUT)
        st.stop()
    pages = {
        page: st.Page(page.path, title=page.title, url_path=page.url, default=not page.url)
        for page in PAGES
    }
    shown = st.navigation(list(pages.values()), position="hidden")
    page = next(page for page, target in pages.items() if target is shown)
    st.set_page_config(page_title=f"{page.title} · {SITE}", layout="wide")

    try:
        release = current(settings.releases())
        members = registry.load()
    except (ReleaseUnreadable, registry.TableError) as fault:
        st.error(plain(str(fault)))
        st.stop()

    unknown = filters.follow_address(page, release)
    chosen = tuple(filters.chosen(page))
    reason = filters.why_not(page, release, chosen)
    st.sidebar.markdown(f"**{SITE}**")
    if reason or not page.followed:
        # A container, as for a part that is followed: else two menus would show on the way there.
        with st.sidebar.container():
            frame.menu_and_filters(release, members)
    frame.top(release)
    if unknown:
        frame.unknown(unknown)
    try:
        if reason:
            frame.not_shown(page, reason, filters.explanation(page, release, chosen))
        else:
            shown.run()
    except NotOffered:  # a release with too few answers for the page's own splits
        frame.too_few()
    frame.about(release)
    frame.bottom()


main()
