"""The section on persons and forms, which two pages have."""

import streamlit as st

from fovdata import api
from fovdata.charts import times
from fovdata.dashboard import show
from fovdata.dashboard.views import View
from fovdata.figures import shares
from fovdata.selection import Selection


def first_and_repeat(view: View) -> None:
    """First forms beside those filled in again, for the whole country."""
    st.header("Första och upprepade formulär", anchor=False)
    show.answers_card(
        "ifyllnad",
        times.first_and_repeat(shares.first_and_repeat(view.release), view.theme),
        view,
        forms="första gången och senare gånger",
        note=times.FORMS_NOTE,
        call=api.address("shares", Selection(), "forms"),
    )
