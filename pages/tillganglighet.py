"""Can everybody use it?"""

import streamlit as st

from fovdata.dashboard import accessibility, show

st.title("Tillgänglighet")
st.markdown(accessibility.BUILT_FOR)

st.header("Vad som är prövat", anchor="provat")
show.table(accessibility.TRIED)

st.header("Vad som brister", anchor="brister")
st.markdown(
    "Det som brister kommer av ramverket som sidorna är byggda med (Streamlit, Vega-Lite, deck.gl)."
)
show.table(accessibility.SHORT)

st.header("Granskning", anchor="granskning")
st.markdown(
    "Ingen utomstående har granskat tillgängligheten ännu. Hittar du något som inte går att "
    "använda, säg det till den som du har fått adressen av."
)
