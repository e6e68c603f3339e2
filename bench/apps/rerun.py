"""One filter and what is chosen in it, in words: the least that a change can show."""

import streamlit as st

from bench import bare

chosen = bare.ask(bare.recording())
with st.container(key="drawn"):  # which the clock watches as if it were a chart
    st.text(f"Valt: {chosen}")
