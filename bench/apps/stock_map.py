"""A map of the recorded borders as pydeck's manual makes one: all of it sent at every run."""

import json
import random
from pathlib import Path

import pydeck
import streamlit as st

from bench import bare

found = bare.recording()
chance = random.Random(bare.ask(found))
borders = json.loads(Path("static/borders.geojson").read_text(encoding="utf-8"))
for municipality in borders["features"]:
    municipality["properties"]["fill"] = [chance.randrange(256) for _ in range(3)]
layer = pydeck.Layer("GeoJsonLayer", borders, get_fill_color="properties.fill", pickable=True)
view = pydeck.ViewState(latitude=62.97, longitude=17.5, zoom=3.95)
st.pydeck_chart(pydeck.Deck([layer], initial_view_state=view, map_provider=None), height=720)
