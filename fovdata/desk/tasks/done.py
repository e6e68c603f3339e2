"""What has been read in, and a way to take it back."""

import streamlit as st

from fovdata import batches, registry
from fovdata.desk import entrance, trace

place = entrance.opened()
members = registry.load()
st.title("Inläst")
found = batches.listed(place.folder)
if found:
    trace.table(trace.entries(found), members)
    trace.withdrawing(found, place, members)
else:
    st.info("Ingenting är inläst ännu. Läs in en fil, eller registrera formulär för hand.")
