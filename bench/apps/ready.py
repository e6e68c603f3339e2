"""One filter and a page's charts, ready-made: the least that Streamlit needs to show them."""

import streamlit as st

from bench import bare

found = bare.recording()
st.set_page_config(layout="wide")
st.title(found.page)
for number, chart in enumerate(found.charts[bare.ask(found)]):
    if chart.is_map:
        st.pydeck_chart(bare.ReadyMap(chart), height=720, key=f"chart-{number}")
    else:
        st.vega_lite_chart(chart.data, chart.vega_lite, theme=None, key=f"chart-{number}")
