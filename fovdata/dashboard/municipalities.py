"""The coverage page's map and its search for a municipality."""

from collections.abc import Sequence

import streamlit as st

from fovdata import geography, published, wording
from fovdata.charts import maps
from fovdata.charts.coverage import CERTAINTY, FEW, NOT_JOINED, MapView, Scope
from fovdata.dashboard import explaining, pictures, show
from fovdata.dashboard.views import View
from fovdata.figures import coverage, explanations
from fovdata.figures.coverage import MunicipalityCoverage
from fovdata.markup import plain
from fovdata.published import Source
from fovdata.registry import Federation, Group, Totals
from fovdata.wording import alphabetical


def map_card(
    map_view: MapView, view: View, scope: Scope, sources: Sequence[Source], call: str
) -> str | None:
    """A card with a map; returns the code of the municipality that the reader has clicked.

    ``call`` is the API's that gives the same.
    """
    place = st.segmented_control(
        "Zooma till",
        list(maps.PLACES),
        default=maps.WHOLE,
        key="utsnitt",
        help=_ZOOM,
        bind="query-params",
    )
    borders = geography.municipalities(view.registry)
    note = f"{map_view.note} Gränser: SCB."
    deck = maps.coverage_map(borders, map_view.steps, map_view.faded, view.theme, place)
    line = show.source_line(sources)
    if scope.until:
        line += f" · Läget {scope.until}"
    if map_view.of_answers:
        line += f" · Svar: {show.release_line(view.release)}"
    state = show.card(
        "karta",
        map_view.title,
        f"{_legend(map_view, view)}  \n{note}",
        lambda: st.pydeck_chart(
            # What is clicked stands in another card: the page runs as a whole.
            deck,
            height=maps.HEIGHT,
            on_select=st.rerun,
            key="karta",
            alt=_MAP,
        ),
        map_view.table,
        line,
        view if map_view.of_answers else None,
        {FEW: explanations.federation(view.release.rules)} if map_view.of_answers else None,
        call,
        pictures.of_map(map_view, [one.code for one in view.registry.in_several], note),
    )
    return maps.clicked(state)


_MAP = "Karta, i ord direkt efter"
_ZOOM = (
    "Dubbelklicka eller nyp för att zooma på kartan, dra eller använd pilarna för att flytta den. "
    "Tryck på ett utsnitt för att komma tillbaka."
)
_SPACE = "\N{NO-BREAK SPACE}"


def _legend(map_view: MapView, view: View) -> str:
    """The map's colours and what they mean; the palest has an outline, as on the map."""
    swatches = [
        ("□", view.theme.outline, name) if name == NOT_JOINED else ("■", colour, name)
        for name, colour in map_view.legend
    ]
    return " · ".join(
        f':color[{swatch}]{{foreground="{colour}"}}{_SPACE}{name}'
        for swatch, colour, name in swatches
    )


def search_card(
    found: Sequence[MunicipalityCoverage], view: View, scope: Scope, clicked: str | None
) -> None:
    """Search a municipality, or click one on the map: its federations, group, year and source."""
    by_code = {one.municipality.code: one for one in found}
    with st.container(border=True, key="card-kommun"):
        st.header("Sök en kommun", anchor=False)
        searched = st.selectbox(
            "Kommun",
            sorted(by_code, key=lambda code: alphabetical(by_code[code].municipality.name)),
            index=None,
            format_func=lambda code: by_code[code].municipality.name,
            placeholder="Skriv ett namn, eller klicka på kartan",
            label_visibility="collapsed",
            filter_mode="prefix",
            key="kommun",
            bind="query-params",
        )
        codes = {clicked: " · klickad på kartan", searched: " · sökt"}
        several = clicked and searched and clicked != searched
        for code, how in codes.items():
            if code:
                _municipality(by_code[code], view, scope, how if several else "")
        if not (clicked or searched):
            st.caption("Visar kommunens förbund, grupp, år och källa.")


def key_figures(totals: Totals, scope: Scope) -> tuple[tuple[str, str, str], ...]:
    """How far the commission has come, of how many, each with its as-of and source."""
    registry, of_all = scope.registry, published.source("S-SUVS")
    as_of = f"{scope.until or published.growth()[-1].when} · {published.source('S-REP').short}"
    return (
        (
            "Samordningsförbund",
            wording.number(totals.federations),
            f"av över 80 ({of_all.title}, {of_all.date}) · {as_of}",
        ),
        (
            "Kommuner",
            f"{totals.municipalities} av {len(registry.municipalities)}",
            f"{totals.memberships} medlemskap · {as_of}",
        ),
        (
            "Regioner",
            f"{totals.regions} av {len(registry.regions)}",
            f"minst en kommun är med · {as_of}",
        ),
    )


def published_beside_registry(group: Group, totals: Totals) -> None:
    """Say why the registry has fewer federations at the end of 2021 than was published then.

    Group 3 is who joined last in that year; at the others its place is kept.
    """
    if group.code != "3":
        st.empty()
        return
    then = next(one for one in published.growth() if one.date.year == 2021)
    st.info(
        f"{then.when.capitalize()} publicerades {then.federations} förbund. Registret har "
        f"{totals.federations} i pilotgruppen, grupp 2 och grupp 3: förbund har lämnat eller gått "
        f"samman sedan dess, och ingen källa säger vilka. ({published.source(then.source).short})"
    )


def _municipality(one: MunicipalityCoverage, view: View, scope: Scope, how: str) -> None:
    region = view.registry.region(one.municipality.region).name
    st.markdown(f"**{plain(one.municipality.name)}**, {plain(region)}{how}")
    ever = view.registry.federations_of(one.municipality.code)
    if not ever:
        st.markdown("Inte med i uppdraget.")
        return
    answering = coverage.federations_with_answers(view.release)
    for federation in one.federations:
        answers = "svar kan visas" if federation.slug in answering else "för få svar att visa"
        st.markdown(f"- {plain(federation.name)}: {_joined(federation, scope)} · {answers}")
    if few := [f.name for f in one.federations if f.slug not in answering]:
        why = explanations.federation(view.release.rules)
        explaining.popover("Varför visas inte svaren?", {wording.enumerated(few): why})
    if later := [federation for federation in ever if federation not in one.federations]:
        names = [f"{f.name} ({_joined(f, scope)})" for f in later]
        joined = "" if one.federations else f"Inte med {scope.until}. "
        st.markdown(f"{joined}Anslöt senare till {plain(wording.enumerated(names))}.")
    cited = {source.id: source.short for source in published.sources()}
    sources = dict.fromkeys(cited.get(f.source, f.source) for f in ever)
    st.caption(
        f"Källa för anslutningen: {plain(', '.join(sources))} · Om svar kan visas: "
        f"{show.kind_of_answers(view)}, {show.release_line(view.release)}"
    )


def _joined(federation: Federation, scope: Scope) -> str:
    """A federation's group, the year of joining and how sure it is."""
    group, year = scope.group_of(federation), federation.year_joined
    return (
        f"{group}, {year} {CERTAINTY[federation.year_certainty]}"
        if year
        else (f"{group}, året är inte publicerat")
    )
