"""The card that sets a file beside the newest release."""

import pandas as pd
import streamlit as st

from fovdata import settings, wording
from fovdata.charts import theme as themes
from fovdata.desk import beside
from fovdata.figures.release import ReleaseUnreadable, current
from fovdata.markup import plain
from fovdata.registry import Registry
from fovdata.responses import SYNTHETIC
from fovdata.rules import RULES


def card(answers: pd.DataFrame, members: Registry) -> None:
    """The file's own figures beside the country's, or why there are none."""
    with st.container(border=True, key="beside"):
        st.subheader("Filen bredvid hela landet", anchor=False)
        try:
            release = current(settings.releases())
        except ReleaseUnreadable as fault:
            st.markdown(f"Det finns ingen utgåva att jämföra med. {plain(str(fault))}")
            return
        theme = themes.DARK if st.context.theme.type == "dark" else themes.LIGHT
        found = beside.exhibits(answers, release, members, theme)
        if not found:
            st.markdown(
                f"Filen har färre än {RULES.show} förstagångsformulär med svar. Andelarna skulle "
                "säga mer om slumpen än om gruppen, och visas inte."
            )
            return
        st.markdown(
            "Ser något oväntat ut, till exempel nästan bara Ja? Då kan kolumner ha bytt plats, "
            "eller Ja och Nej ha förväxlats. Bara du ser det här."
        )
        for one, tab in zip(found, st.tabs([one.name for one in found]), strict=True):
            with tab:
                _drawn(one)
        kind = ", syntetiska svar" if release.data == SYNTHETIC else ""
        first = wording.number(beside.first_time(answers))
        st.caption(
            f"{beside.OWN}: filens {first} förstagångsformulär. {beside.COUNTRY}: utgåva "
            f"{release.number}, {wording.day(release.date)}{kind}. Streck: 95 % intervall. "
            f"Färre än {RULES.show} svar visas inte. {beside.limits(found)}"
        )


def _drawn(one: beside.Beside) -> None:
    """The chart, and the same as a table."""
    exhibit = one.exhibit
    st.vega_lite_chart(
        exhibit.data,
        dict(exhibit.specification),
        width="stretch",
        theme=None,
        key=f"beside-{one.name}",
        alt=exhibit.alternative,
    )
    with st.expander("Som tabell"):
        st.table(exhibit.table.shown, hide_index=True, border="horizontal")
