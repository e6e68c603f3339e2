"""How do our forms get here?"""

from functools import partial
from pathlib import Path

import streamlit as st

from fovdata import template
from fovdata.dashboard import handing_in, show, views
from fovdata.rules import RULES

view = views.view()
names = {one.slug: one.name for one in template.federations(view.registry)}
st.title("Lämna in svar")
st.markdown("Så blir ett förbunds pappersformulär till siffror här.")
st.info(handing_in.NO_UPLOAD)

st.header("Så går det till", anchor="sa-gar-det-till")
st.markdown(handing_in.way(RULES))
st.markdown(handing_in.afterwards())

st.header("Mallen", anchor="mallen")
st.markdown(handing_in.sheets())
with st.container(horizontal=True, vertical_alignment="bottom"):
    federation = st.selectbox(
        "Förbund",
        [None, *names],
        format_func=lambda slug: names.get(slug, "Alla förbund"),
        key="mallens-forbund",
        width=320,
    )
    st.download_button(
        "Ladda ner mallen",
        partial(template.workbook, view.registry, federation),
        template.file_name(federation),
        template.MIME,
        on_click="ignore",
        type="primary",
        icon=":material/download:",
    )

st.header("Det här får aldrig stå i filen", anchor="aldrig")
st.markdown(handing_in.never())

st.header("Det här sparas, och det här kastas", anchor="sparas")
show.table(handing_in.kept())
st.markdown(handing_in.why())

st.header("När svaren syns", anchor="nar-svaren-syns")
st.markdown(handing_in.shown(RULES))
st.page_link(
    Path(__file__).with_name("metod.py"),
    label="Hur svaren skyddas: Metod och data",
    icon=":material/arrow_forward:",
)
