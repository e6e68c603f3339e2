"""The same with Altair objects that are made at every run, as tutorials show it."""

import altair as alt
import streamlit as st

from bench import bare

found = bare.recording()
st.set_page_config(layout="wide")
st.title(found.page)
for number, chart in enumerate(found.charts[bare.ask(found)]):
    if chart.is_map:
        st.pydeck_chart(bare.ReadyMap(chart), height=720, key=f"chart-{number}")
    else:
        drawn = alt.Chart.from_dict({**chart.vega_lite, "data": {"name": "rows"}})
        drawn.data = chart.data
        st.altair_chart(drawn, theme=None, key=f"chart-{number}")
