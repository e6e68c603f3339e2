"""What do the words mean?"""

import streamlit as st

from fovdata.dashboard import glossary, views

view = views.view()
st.title("Ordlista")
st.markdown(
    "Orden som siffrorna beskrivs med, i vanlig svenska. De som ett kort använder står också "
    "bakom frågetecknet vid kortets rubrik."
)
st.markdown(glossary.in_full(view.release.rules))
