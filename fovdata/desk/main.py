"""The desk's main script: runs before every page, at every change."""

import streamlit as st

from fovdata.batches import StoreFault
from fovdata.desk import entrance, frame, state
from fovdata.desk.navigation import DESK, READ, REGISTER, TASKS
from fovdata.figures.release import ReleaseUnreadable
from fovdata.intake.places import PlaceFault
from fovdata.intake.reading import FileFault
from fovdata.keys import KeyFault
from fovdata.markup import plain
from fovdata.registry import TableError

st.set_page_config(page_title=DESK, layout="wide")
try:
    place = entrance.opened()
    pages = {
        task: st.Page(task.path, title=task.title, url_path=task.url, default=not task.url)
        for task in TASKS
    }
    shown = st.navigation(list(pages.values()), position="hidden")
    st.set_page_config(page_title=f"{shown.title} · {DESK}", layout="wide")
    with st.sidebar:
        frame.menu(pages, entrance.account())
    frame.top(place)
    if shown is not pages[READ]:
        state.forget_file()  # Streamlit forgets what was uploaded when it is not drawn
    if shown is not pages[REGISTER]:
        state.leave_form()
    shown.run()
    frame.bottom(place)
except (
    FileFault,
    KeyFault,
    PlaceFault,
    ReleaseUnreadable,
    StoreFault,
    TableError,
) as fault:
    st.error(plain(str(fault)))
except Exception as error:  # or Streamlit would log its text, which may hold somebody's answer
    frame.failed(error)
