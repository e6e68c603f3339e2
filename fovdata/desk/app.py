"""The desk's door: python -m fovdata intake serve."""

from pathlib import Path

import streamlit as st

from fovdata.desk.frame import failed
from fovdata.desk.server import MIDDLEWARE, ROUTES

MAIN = Path(__file__).resolve().parent / "main.py"

app = st.App(MAIN, routes=ROUTES, middleware=MIDDLEWARE, on_script_error=failed)
