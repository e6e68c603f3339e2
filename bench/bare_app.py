"""What ``bench.bare`` replays with: bare Streamlit, the charts of a recording, one filter."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st


@dataclass(frozen=True)
class Deck:
    """A deck as it was recorded, in the shape of pydeck's."""

    json: str
    _tooltip: Any

    def to_json(self) -> str:
        """What is sent."""
        return self.json


@st.cache_resource
def recording() -> dict[str, list[dict[str, Any]]]:
    """The charts by choice, ready to be drawn."""
    read = json.loads(Path("recording.json").read_text(encoding="utf-8"))
    for chart in (chart for charts in read.values() for chart in charts):
        if chart["kind"] == "vega":
            chart["data"] = frame(base64.b64decode(chart["data"]))
        else:
            chart["data"] = Deck(chart["deck"], chart["tooltip"])
    return read


def frame(data: bytes) -> pd.DataFrame:
    """The frame of a chart, as it was sent."""
    return pa.ipc.open_stream(data).read_pandas()


choices = recording()
chosen = st.multiselect("Urval", [*choices])
for chart in choices[chosen[-1] if chosen else next(iter(choices))]:
    size = {"width": chart["width"], "height": chart["height"]}
    if chart["kind"] == "vega":
        st.vega_lite_chart(chart["data"], chart["spec"], theme=None, **size)
    else:
        st.pydeck_chart(chart["data"], **size)
