"""The four charts in bare Streamlit, from ready-made specifications and data."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from bench.peers import charts


@st.cache_resource
def frames() -> Mapping[str, Sequence[tuple[pd.DataFrame, dict[str, Any]]]]:
    """What is chosen → each chart's data and its specification."""
    return {
        region: [
            (pd.DataFrame(chart["data"]["values"]), {k: v for k, v in chart.items() if k != "data"})
            for chart in recorded
        ]
        for region, recorded in charts.RECORDED.items()
    }


st.set_page_config(layout="wide")
chosen = st.sidebar.multiselect("Region", charts.OPTIONS)
for place, (data, specification) in enumerate(frames()[chosen[0] if chosen else ""]):
    st.vega_lite_chart(data, specification, theme=None, key=f"chart-{place}")
