"""How an exhibit stands on a page: a card with title, chart or table, its line, its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from fovdata import geography, published, settings, tables, wording
from fovdata import registry as registries
from fovdata.charts import maps
from fovdata.charts import theme as themes
from fovdata.charts.coverage import MapView
from fovdata.charts.exhibit import Exhibit, plain_table
from fovdata.charts.theme import Theme
from fovdata.dashboard import filters, frame
from fovdata.figures import shares
from fovdata.figures.coverage import MunicipalityCoverage
from fovdata.figures.release import Release, current
from fovdata.published import Source
from fovdata.registry import Federation, Registry, Totals
from fovdata.responses import SYNTHETIC
from fovdata.rules import RULES, STANDING_NOTE, Rules
from fovdata.selection import Selection

_LONG = 60
"""From this many rows a table scrolls within its card."""


@dataclass(frozen=True)
class View:
    """What a page is made from: the release and registry served, the reader's choices."""

    release: Release
    registry: Registry
    selection: Selection
    theme: Theme


def view() -> View:
    """The view of the page that is being drawn."""
    dark = st.context.theme.type == "dark"
    return View(
        current(settings.releases()),
        registries.load(),
        filters.selection(),
        themes.DARK if dark else themes.LIGHT,
    )


def answers_card(
    name: str, exhibit: Exhibit, view: View, selection: Selection | None = None, note: str = ""
) -> None:
    """A card of answers. ``selection`` is what the card follows: the whole country if left out."""
    followed = selection or Selection()
    (whole,) = shares.number_of_answers(view.release, followed)
    line = " · ".join(
        (
            f"{followed.words(view.registry)}, {wording.about(whole.n)}",
            "Källa: formuläret FOV, första gången",
            f"Utgåva {view.release.number}, {wording.day(view.release.date)}",
        )
    )
    mark = frame.SYNTHETIC_MARK if view.release.data == SYNTHETIC else ""
    whole_country = view.selection.chosen and followed != view.selection
    if whole_country:
        note = f"**Gäller hela landet.** {note}"
    _card(name, exhibit, line, mark, note, view.release.rules)


def selection_line(view: View) -> None:
    """The selection in words, with its number of answers and a way back to everybody."""
    (whole,) = shares.number_of_answers(view.release, view.selection)
    frame.chosen(f"{view.selection.words(view.registry)}, {wording.about(whole.n)}")


def table(rows: Sequence[Mapping[str, object]]) -> None:
    """A table of text outside a card."""
    st.table(plain_table(rows).shown, hide_index=True, border="horizontal")


def registry_files() -> None:
    """The registry's tables and the published figures, as they are."""
    with st.container(horizontal=True):
        for label, path in _files().items():
            st.download_button(
                label, path.read_bytes(), path.name, "text/csv", on_click="ignore", key=path.stem
            )


def _files() -> Mapping[str, Path]:
    registry, printed = settings.registry(), tables.DATA / "published"
    return {
        "Förbund": registry / "federations.csv",
        "Medlemskap": registry / "memberships.csv",
        "Kommuner": registry / "municipalities.csv",
        "Regioner": registry / "regions.csv",
        "Publicerade andelar": printed / "shares.csv",
        "Publicerad tillväxt": printed / "growth.csv",
    }


def key_figure(label: str, value: str, line: str) -> None:
    """A large number with what it counts, as of when and from where."""
    with st.container(border=True, width=228, height="stretch"):
        st.metric(label, value)
        st.caption(line)


def kind_of_answers(view: View) -> str:
    """Whether the answers are real, in two words."""
    return frame.SYNTHETIC_MARK if view.release.data == SYNTHETIC else "Verkliga svar"


def loaded(view: View) -> None:
    """Which answers are shown, in which release."""
    release = view.release
    what = (
        "**Svaren är syntetiska**: påhittade av ett program så att de liknar det som NNS har "
        "publicerat. Ingen verklig person finns bland dem."
        if release.data == SYNTHETIC
        else "Svaren är verkliga och röjandeskyddade."
    )
    st.info(f"{what} Utgåva {release.number}, {wording.day(release.date)}.")


def published_beside_registry(totals: Totals) -> str:
    """Why the registry has fewer federations at the end of 2021 than was published then."""
    then = next(one for one in published.growth() if one.date.year == 2021)
    return (
        f"{then.when.capitalize()} publicerades {then.federations} förbund. Registret har "
        f"{totals.federations} i pilotgruppen, grupp 2 och grupp 3: förbund har lämnat eller gått "
        f"samman sedan dess, och ingen källa säger vilka. ({published.source(then.source).short})"
    )


def source_card(name: str, exhibit: Exhibit, sources: Sequence[Source], note: str = "") -> None:
    """A card of the registry or of published figures."""
    line = f"Källa: {wording.enumerated([source.citation for source in sources])}"
    _card(name, exhibit, line, "", note, RULES)


def _card(name: str, exhibit: Exhibit, line: str, mark: str, note: str, rules: Rules) -> None:
    with st.container(border=True, key=f"card-{name}"):
        st.subheader(exhibit.title, anchor=False)
        if note:
            st.markdown(note)
        chart, table = st.tabs(["Diagram", "Tabell"])
        with chart:
            if exhibit.empty:
                st.info(f"{wording.why_hidden(rules)} i varje grupp. Välj ett större urval.")
            else:
                wide = exhibit.specification["width"] == "container"
                st.vega_lite_chart(
                    exhibit.data,
                    dict(exhibit.specification),
                    width="stretch" if wide else "content",
                    theme=None,
                    key=f"chart-{name}",
                    alt=exhibit.alternative,
                )
        with table:
            shown = exhibit.table.shown
            if len(shown) > _LONG:
                st.dataframe(shown, hide_index=True, height=420, alt=exhibit.title)
            else:
                st.table(shown, hide_index=True, border="horizontal")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if mark:
                st.badge(mark, color="orange")
            st.caption(line, width="stretch")
            st.download_button(
                "CSV",
                data=lambda: csv_file(exhibit, line, mark),
                file_name=f"fov-{name}.csv",
                mime="text/csv",
                key=f"csv-{name}",
                help="Ladda ner tabellen som fil",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def map_card(name: str, map_view: MapView, view: View, sources: Sequence[Source]) -> str | None:
    """A card with a map; returns the code of the municipality that the reader has clicked."""
    with st.container(border=True, key=f"card-{name}"):
        st.subheader(map_view.title, anchor=False)
        st.markdown(
            " · ".join(
                f':color[■]{{foreground="{colour}"}} {name}' for name, colour in map_view.legend
            )
        )
        state = st.pydeck_chart(
            maps.coverage_map(
                geography.municipalities(view.registry),
                map_view.steps,
                map_view.faded,
                view.theme,
            ),
            height=860,
            on_select="rerun",
            key=name,
            alt=map_view.alternative,
        )
        st.caption(
            f"{map_view.note} Källa: "
            f"{wording.enumerated([source.citation for source in sources])}. Gränser: SCB. "
            "Tabellen finns i kortet Region för region."
        )
    return maps.clicked(state)


def municipality_card(
    found: Sequence[MunicipalityCoverage], view: View, clicked: str | None
) -> None:
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
        code = searched or clicked
        if code is None:
            st.caption("Visar kommunens förbund, grupp, år och källa.")
            return
        one = by_code[code]
        region = view.registry.region(one.municipality.region).name
        st.markdown(f"**{one.municipality.name}** ({region})")
        for federation in one.federations:
            group = next(g for g in view.registry.groups if g.code == federation.group)
            shown = "svar kan visas" if one.answers_shown else "för få svar att visa"
            st.markdown(f"- {federation.name}: {group.label}, {_year(federation)}")
        if one.federations:
            st.caption(f"Källa: {published.source('S-REP').short}. Förbundets svar: {shown}.")
        else:
            st.markdown("Inte med i uppdraget.")


def _year(federation: Federation) -> str:
    """The year of joining and how sure it is."""
    if federation.year_joined is None:
        return "året är inte publicerat"
    certainty = {"stated": "enligt källan", "inferred": "härlett ur källorna"}
    return f"{federation.year_joined} {certainty[federation.year_certainty]}"


def csv_file(exhibit: Exhibit, line: str, mark: str) -> bytes:
    """The card's table as a file that Swedish spreadsheets open, each row with its line."""
    stamped = exhibit.table.file.assign(om=line, data=mark or "Publicerade uppgifter")
    return stamped.to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n").encode(
        "utf-8-sig"
    )


def standing_note() -> None:
    """The sentence that stands under every page of answers."""
    st.caption(STANDING_NOTE)
