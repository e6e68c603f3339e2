"""A federation's file is read, checked, looked at, and added."""

from datetime import date

import streamlit as st

from fovdata import registry
from fovdata.desk import comparing, entrance, filing, state

place = entrance.opened()
members = registry.load()
st.title("Läs in en fil")
if receipt := state.receipt():
    filing.receipt(*receipt, date.today())
elif upload := filing.chosen(members):
    received = filing.received(upload, place, members)
    filing.result(received)
    if not received.blocked:
        filing.contents(received, members)
        comparing.card(received.checked.answers, members)
        filing.adding(received, place)
    st.button("Ta bort filen", on_click=state.drop_file, type="tertiary")
