"""The main script: runs before every page, for every visitor, at every change."""

import streamlit as st

from fovdata import registry, settings
from fovdata.dashboard import filters, frame
from fovdata.dashboard.navigation import PAGES, SITE
from fovdata.figures.release import NotOffered, ReleaseUnreadable, current
from fovdata.markup import plain

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
with st.sidebar:
    frame.menu(pages)
    filters.draw(page, release, members)
    frame.about(release)
frame.top(release)
if unknown:
    frame.unknown(unknown)
try:
    chosen = tuple(filters.chosen(page))
    if reason := filters.why_not(page, release, chosen):
        frame.not_shown(page, reason, filters.explanation(page, release, chosen))
    else:
        shown.run()
except NotOffered:  # a release with too few answers for the page's own splits
    frame.too_few()
frame.bottom(pages)
