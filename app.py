"""The door: streamlit run app.py."""

from pathlib import Path

import streamlit as st

from fovdata.dashboard import logs
from fovdata.dashboard.server import HANDLERS, MIDDLEWARE, ROUTES, door, page_failed
from fovdata.dashboard.warming import warmed

MAIN = Path(__file__).resolve().parent / "fovdata" / "dashboard" / "main.py"

logs.set_up()
app = st.App(
    MAIN,
    routes=ROUTES,
    middleware=[*MIDDLEWARE, *door()],
    lifespan=warmed,
    exception_handlers=HANDLERS,
    on_script_error=page_failed,
)
