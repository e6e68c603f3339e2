"""Where are we, and where not?"""

import streamlit as st

from fovdata import published
from fovdata.charts import coverage as charts
from fovdata.dashboard import municipalities, show
from fovdata.figures import coverage

LAYERS = ("Med i uppdraget", "Svar kan visas", "Andel av regionen")

view = show.view()
registry, regions = view.registry, view.selection.region
sources = [published.source("S-REP")]
st.title("Täckning")
st.markdown("Var ställs frågorna, och var inte?")

group = st.select_slider(
    "Med till och med",
    registry.groups,
    registry.groups[-1],
    format_func=lambda group: group.label,
    key="grupp",
    help="Flyttar bara anslutningen. Svaren är de som finns i utgåvan.",
)
totals = registry.totals(group.code)
figures = (
    ("Samordningsförbund", f"{totals.federations} av över 80", published.source("S-SUVS").short),
    (
        "Kommuner",
        f"{totals.municipalities} av {len(registry.municipalities)}",
        f"{totals.memberships} medlemskap",
    ),
    ("Regioner", f"{totals.regions} av {len(registry.regions)}", "minst en kommun är med"),
)
with st.container(horizontal=True):
    for figure in figures:
        show.key_figure(*figure)
if group.code == "3":
    st.info(municipalities.published_beside_registry(totals))

found = coverage.municipalities(registry, view.release, group.code)
covered = coverage.regions(registry, view.release, group.code)
row = st.container(horizontal=True)
with row, st.container(width=472):
    layer = st.segmented_control(
        "Kartan visar", LAYERS, default=LAYERS[0], required=True, key="lager", wrap=True
    )
    map_view = {
        LAYERS[0]: charts.joined_map(found, view.theme, regions),
        LAYERS[1]: charts.answers_map(found, view.theme, regions),
        LAYERS[2]: charts.regions_map(found, covered, view.theme, regions),
    }[layer]
    clicked = municipalities.map_card(map_view, view, sources)
with row, st.container(width=472):
    municipalities.search_card(found, view, clicked)
    show.source_card(
        "rutor",
        charts.squares(
            [one for one in found if not regions or one.municipality.region in regions],
            [one for one in registry.regions if not regions or one.code in regions],
            view.theme,
        ),
        sources,
        "En lika stor ruta för varje kommun, så att de vidsträckta inte väger tyngre.",
    )
show.answers_card(
    "tathet",
    charts.thin_regions(coverage.regions(registry, view.release), view.theme, regions),
    view,
    note="Att vara med är inte att svara. En region räknas som med när en enda kommun är det.",
)
show.standing_note()
