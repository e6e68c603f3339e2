"""A federation's file is read, checked, looked at, and added."""

import streamlit as st

from fovdata import registry
from fovdata.desk import adding, comparing, entrance, filing, state

place = entrance.opened()
members = registry.load()
st.title("Läs in en fil")
if receipt := state.receipt():
    adding.receipt(receipt, place)
elif upload := filing.chosen(members):
    received = filing.received(upload, place, members)
    wanted = not received.blocked and adding.said(received, place)
    filing.findings(received)
    if wanted:
        filing.contents(received, members)
        comparing.card(received.checked.answers, members)
        adding.adding(received, place)
    adding.removing(main=not wanted and not received.blocked)
