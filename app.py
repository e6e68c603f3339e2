"""The door: streamlit run app.py."""

from pathlib import Path

import streamlit as st

from fovdata.dashboard.frame import failed
from fovdata.dashboard.server import MIDDLEWARE, ROUTES, door

MAIN = Path(__file__).resolve().parent / "fovdata" / "dashboard" / "main.py"

app = st.App(MAIN, routes=ROUTES, middleware=[*MIDDLEWARE, *door()], on_script_error=failed)
