"""Paper forms are typed, one after the other, with the keyboard alone."""

from datetime import date

import streamlit as st

from fovdata import registry
from fovdata.desk import entrance, registering

place = entrance.opened()
members = registry.load()
st.title("Registrera formulär")
st.markdown(
    "Skriv en bokstav för varje kryss och gå vidare med Tabb. **Enter** sparar, och nästa formulär "
    "kan börja. Skriv **-** där ingenting är ikryssat. **Alt + Z** ångrar det senaste."
)
registering.begin(place)
role, head = registering.head(members, date.today())
typed = registering.fields()
if typed:
    registering.register(role, head, typed, place, members)
registering.ask_again(place, members)
registering.last(place)
