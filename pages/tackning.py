"""Where are we, and where not?"""

import streamlit as st

from fovdata import api, published
from fovdata.charts import coverage as charts
from fovdata.charts import regions as by_region
from fovdata.dashboard import municipalities, show, views
from fovdata.figures import coverage
from fovdata.selection import Selection

LAYERS = ("Med i uppdraget", "Svar kan visas", "Andel av regionen")

view = views.view()
registry, regions = view.registry, view.selection.region
sources = [published.source("S-REP")]
call = api.address("coverage", Selection())
st.title("Täckning")
st.markdown("Var ställs frågorna, och var inte?")

group = st.select_slider(
    "Med till och med",
    registry.groups,
    registry.groups[-1],
    format_func=lambda group: group.label,
    key="grupp",
    bind="query-params",
    help="Flyttar bara anslutningen. Svaren är de som finns i utgåvan.",
)
scope = charts.Scope(registry, group, regions)
totals = registry.totals(group.code)
with st.container(horizontal=True):
    for figure in municipalities.key_figures(totals, scope):
        show.key_figure(*figure)
if group.code == "3":
    st.info(municipalities.published_beside_registry(totals))

found = coverage.municipalities(registry, view.release, group.code)
covered = coverage.regions(registry, view.release, group.code)
now = coverage.regions(registry, view.release)
row = st.container(horizontal=True)
with row, st.container(width=440):
    search = st.container()
    layer = st.segmented_control(
        "Kartan visar",
        LAYERS,
        default=LAYERS[0],
        required=True,
        key="lager",
        bind="query-params",
        wrap=True,
    )
    map_view = {
        LAYERS[0]: charts.joined_map(found, scope, view.theme),
        LAYERS[1]: charts.answers_map(found, scope, view.theme),
        LAYERS[2]: charts.regions_map(found, covered, scope, view.theme),
    }[layer]
    clicked = municipalities.map_card(map_view, view, scope, sources, call)
with search:
    municipalities.search_card(found, view, scope, clicked)
with row, st.container(width=440):
    show.source_card(
        "rutor",
        by_region.squares(found, scope, view.theme),
        sources,
        "En lika stor ruta för varje kommun, så att de vidsträckta inte väger tyngre.",
        call,
    )
show.answers_card(
    "tathet",
    by_region.thin_regions(now, view.theme, regions),
    view,
    note=by_region.joined_without_answers(now),
    call=call,
)
show.standing_note()
