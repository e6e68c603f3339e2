"""Where are we, and where not?"""

import streamlit as st

from fovdata import api, published
from fovdata.charts import coverage as charts
from fovdata.charts import regions as by_region
from fovdata.dashboard import elements, municipalities, show, views
from fovdata.figures import coverage
from fovdata.selection import Selection

LAYERS = ("Med i uppdraget", "Svar kan visas", "Andel av regionen")

country = views.country()
st.title("Täckning")
st.markdown("Var ställs frågorna, och var inte?")


def selected(view: views.View) -> None:
    """What follows the filter: all of the page."""
    registry, regions = view.registry, view.selection.region
    sources = [published.source("S-REP")]
    call = api.address("coverage", Selection())
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
    elements.key_figures(municipalities.key_figures(totals, scope))
    municipalities.published_beside_registry(group, totals)

    found = coverage.municipalities(view.release, registry, group.code)
    covered = coverage.regions(view.release, registry, group.code)
    now = coverage.regions(view.release, registry)
    with st.container(horizontal=True):
        left, right = st.container(width=440), st.container(width=440)
    with right:
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
    with left:  # last, for a map takes longest to draw, and the charts would wait for it
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
            LAYERS[0]: lambda: charts.joined_map(found, scope, view.theme),
            LAYERS[1]: lambda: charts.answers_map(found, scope, view.theme),
            LAYERS[2]: lambda: charts.regions_map(found, covered, scope, view.theme),
        }[layer]()
        clicked = municipalities.map_card(map_view, view, scope, sources, call)
    with search:
        municipalities.search_card(found, view, scope, clicked)


views.followed(selected, country)
show.standing_note()
