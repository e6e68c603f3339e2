"""Show it to a hall."""

import streamlit as st

from fovdata.dashboard import filters, presenting, show, views
from fovdata.presentation import story

view = views.view()
st.title("Presentation")
st.markdown(
    "En berättelse för en sal, en tanke i taget. Välj förbund, scener och ordning; visa den här, "
    "eller ta med den som fil: filens siffror är de i den här utgåvan och ändras inte mer."
)
choices, shown = st.columns([2, 3], gap="large")
with choices:
    usual = story.usual_federation(view.release)
    federation = filters.ask_federation(usual, view.release, view.registry)
    st.header("Scener", anchor=False)
    codes = presenting.choose_scenes()
with shown:
    address = presenting.link(federation, codes)
    with st.container(border=True):
        st.iframe(address, height=340, alt="Presentationen")
    presenting.taking_away(view, federation, codes)
    presenting.remarks(view, federation)
    st.markdown("**Länk till just den här presentationen**")
    st.code(f"{presenting.base()}{address}", language=None, wrap_lines=True)

keys, before = st.columns(2, gap="large")
with keys:
    st.header("Tangenter", anchor=False)
    show.table(presenting.KEYS)
    st.markdown(
        "En fjärrkontroll för bilder fungerar: den trycker på Page Up, Page Down och punkt. "
        "Pilarna gäller också här på sidan, så länge inget fält är valt."
    )
with before:
    st.header("Fem minuter före", anchor=False)
    st.markdown(presenting.BEFORE)
show.standing_note()
