"""The coverage page's map and its search for a municipality."""

from collections.abc import Sequence

import streamlit as st

from fovdata import geography, published
from fovdata.charts import maps
from fovdata.charts.coverage import MapView
from fovdata.dashboard import show
from fovdata.dashboard.show import View
from fovdata.figures import coverage
from fovdata.figures.coverage import MunicipalityCoverage
from fovdata.published import Source
from fovdata.registry import Federation, Totals

HEIGHT = 860


def map_card(map_view: MapView, view: View, sources: Sequence[Source]) -> str | None:
    """A card with a map; returns the code of the municipality that the reader has clicked."""
    legend = " · ".join(
        f':color[■]{{foreground="{colour}"}} {name}' for name, colour in map_view.legend
    )
    deck = maps.coverage_map(
        geography.municipalities(view.registry), map_view.steps, map_view.faded, view.theme
    )
    line = f"{show.source_line(sources)}. Gränser: SCB"
    if map_view.of_answers:
        line += f" · Svar: {show.release_line(view.release)}"
    state = show.card(
        "karta",
        map_view.title,
        f"{legend}  \n{map_view.note}",
        lambda: st.pydeck_chart(
            deck, height=HEIGHT, on_select="rerun", key="karta", alt=map_view.alternative
        ),
        map_view.table,
        line,
        view if map_view.of_answers else None,
    )
    return maps.clicked(state)


def search_card(found: Sequence[MunicipalityCoverage], view: View, clicked: str | None) -> None:
    """Search a municipality, or click one on the map: its federations, group, year and source."""
    by_code = {one.municipality.code: one for one in found}
    with st.container(border=True, key="card-kommun"):
        st.subheader("Sök en kommun", anchor=False)
        searched = st.selectbox(
            "Kommun",
            sorted(by_code, key=lambda code: by_code[code].municipality.name),
            index=None,
            format_func=lambda code: by_code[code].municipality.name,
            placeholder="Skriv ett namn, eller klicka på kartan",
            label_visibility="collapsed",
            filter_mode="prefix",
            key="kommun",
        )
        codes = dict.fromkeys(code for code in (searched, clicked) if code)
        for code in codes:
            _municipality(by_code[code], view)
        if not codes:
            st.caption("Visar kommunens förbund, grupp, år och källa.")


def published_beside_registry(totals: Totals) -> str:
    """Why the registry has fewer federations at the end of 2021 than was published then."""
    then = next(one for one in published.growth() if one.date.year == 2021)
    return (
        f"{then.when.capitalize()} publicerades {then.federations} förbund. Registret har "
        f"{totals.federations} i pilotgruppen, grupp 2 och grupp 3: förbund har lämnat eller gått "
        f"samman sedan dess, och ingen källa säger vilka. ({published.source(then.source).short})"
    )


def _municipality(one: MunicipalityCoverage, view: View) -> None:
    region = view.registry.region(one.municipality.region).name
    st.markdown(f"**{one.municipality.name}**, {region}")
    if not one.federations:
        st.markdown("Inte med i uppdraget.")
        return
    groups = {group.code: group.label for group in view.registry.groups}
    answering = coverage.federations_with_answers(view.release)
    for federation in one.federations:
        answers = "svar kan visas" if federation.slug in answering else "för få svar att visa"
        st.markdown(
            f"- {federation.name}: {groups[federation.group]}, {_year(federation)}, {answers}"
        )
    cited = {source.id: source.short for source in published.sources()}
    sources = dict.fromkeys(cited.get(f.source, f.source) for f in one.federations)
    st.caption(f"Källa: {', '.join(sources)}. {show.kind_of_answers(view)}.")


def _year(federation: Federation) -> str:
    """The year of joining and how sure it is."""
    if federation.year_joined is None:
        return "året är inte publicerat"
    certainty = {"stated": "enligt källan", "inferred": "härlett ur källorna"}
    return f"{federation.year_joined} {certainty[federation.year_certainty]}"
