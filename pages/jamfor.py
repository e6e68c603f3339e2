"""Which differences between federations are more than chance?"""

import streamlit as st

from fovdata import api
from fovdata import questionnaire as form
from fovdata.charts import funnel, rug
from fovdata.dashboard import show, taking_away, views
from fovdata.figures import comparisons, shares
from fovdata.selection import Selection

view = views.view()
release, registry, whole = view.release, view.registry, Selection()
st.title("Jämför")
st.markdown("Vilka skillnader mellan förbunden är mer än slump?")

asked = [*form.BY_CODE]
found, of_country = comparisons.compared(release), shares.shares(release, whole)
show.of_question(
    "Fråga i tratten",
    "tratten",
    lambda question: show.answers_card(
        "tratt",
        funnel.exhibit(
            [one for one in found if one.question == question],
            of_country[asked.index(question)].estimate,
            release.rules,
            registry,
            view.theme,
        ),
        view,
        note=funnel.note(
            [one for one in found if one.question == question],
            comparisons.how_spread(release, question),
            registry,
        ),
        call=api.address("comparison", whole),
    ),
)

with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    order = st.segmented_control(
        "Förbunden i ordning efter",
        [*rug.Order],
        default=rug.Order.NAME,
        key="ordning",
        bind="query-params",
        required=True,
    )
    offered = release.offers(("federation", "gender"))
    adjusted = (
        st.toggle("Hänsyn till kön", key="hansyn", bind="query-params", disabled=not offered)
        and offered
    )
compared = comparisons.compared(release, adjusted=True) if adjusted else found
sizes = shares.number_of_answers(release, whole, ("federation",))
show.answers_card(
    "matta",
    rug.exhibit(compared, sizes, rug.Order(order), registry, view.theme, adjusted),
    view,
    note=rug.note(compared, adjusted),
    call=api.address("comparison", whole, adjust="gender" if adjusted else "none"),
)
taking_away.workbook_button(view, "Jämför", "jamfor")
show.standing_note()
