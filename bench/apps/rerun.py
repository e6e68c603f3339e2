"""One filter and what is chosen in it, as a picture of a word: the least that a change can draw."""

import streamlit as st

from bench import bare

st.html(f'<svg class="marks" height="20"><text y="15">{bare.ask(bare.recording())}</text></svg>')
