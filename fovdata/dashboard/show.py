"""How an exhibit stands on a page: a card with title, chart or table, its line, its file."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd
import streamlit as st

from fovdata import questionnaire as form
from fovdata import settings, tables, wording
from fovdata.charts import theme as themes
from fovdata.charts.exhibit import Exhibit, Table, Withheld, plain_table
from fovdata.dashboard import elements, explaining, frame, glossary, pictures
from fovdata.dashboard.pictures import Drawn
from fovdata.dashboard.turns import in_turn
from fovdata.dashboard.views import View
from fovdata.export.workbook import Sheet
from fovdata.figures import explanations, shares
from fovdata.figures.explanations import Explanation
from fovdata.figures.release import Release
from fovdata.markup import no_formula, no_formulas, plain
from fovdata.published import Source
from fovdata.responses import SYNTHETIC
from fovdata.rules import RULES, STANDING_NOTE
from fovdata.selection import Selection

_Answer = TypeVar("_Answer")

TABLE = "tabell-"
"""What the key of the switch that opens a card's table begins with; the card's name follows."""
_CHART = "Diagram, i ord direkt efter"
_LONG = 60
"""From this many rows a table scrolls within its card."""


def answers_card(
    name: str,
    exhibit: Exhibit,
    view: View,
    selection: Selection | None = None,
    note: str = "",
    forms: str = "första gången",
    call: str = "",
) -> None:
    """A card of answers. ``selection`` is what the card follows: the whole country if left out.

    ``forms`` says which of a person's forms are counted, ``call`` is the API's that gives the same
    figures (see ``api.address``), if there is one.
    """
    followed = selection or Selection()
    line = " · ".join(
        (
            f"{followed.words(view.registry)}, {_answers(exhibit, view, followed)}",
            f"Källa: formuläret FOV, {forms}",
            release_line(view.release).capitalize(),
        )
    )
    follows = followed == view.selection
    if view.is_beside or (view.selection.chosen and not follows):
        note = f"**Gäller hela landet.** {note}"
    reason = exhibit.reason or wording.why_hidden(view.release.rules)
    instead = ""
    if exhibit.empty:
        way_on = "Fler svar i en kommande utgåva öppnar kortet."
        if view.selection.chosen and follows and not exhibit.alone:
            way_on = "Tryck på Visa alla svar ovanför korten, eller välj ett större urval."
        instead = f"{reason}. {way_on}"
    larger = Selection() if exhibit.alone else followed
    withheld = partial(
        explaining.of_values, exhibit=exhibit, rules=view.release.rules, selection=larger
    )
    card(
        name,
        exhibit.title,
        note,
        lambda: _chart(name, exhibit, instead, withheld),
        exhibit.table,
        line,
        view,
        withheld(exhibit.table.withheld),
        call,
        None if instead else pictures.of_exhibit(exhibit),
    )


def _answers(exhibit: Exhibit, view: View, followed: Selection) -> str:
    """On how many answers, and whose, a card rests."""
    if exhibit.by_gender:
        found = shares.number_of_answers(view.release, followed, ("gender",))
        n = {one.group["gender"]: one.n for one in found}
        named = ((form.WOMEN.code, "kvinnor"), (form.MEN.code, "män"))
        return ", ".join(wording.about(n[gender], who) for gender, who in named)
    (whole,) = shares.number_of_answers(view.release, followed)
    return f"{wording.about(whole.n)}{exhibit.beside and f'; {exhibit.beside}'}"


@st.fragment
@in_turn
def of_question(
    label: str,
    key: str,
    card: Callable[[str], object],
    asked: Collection[str] = form.BY_CODE.keys(),
) -> None:
    """A choice of a question, and the card that follows it: to choose runs them, not the page."""
    card(
        st.selectbox(
            label,
            [*asked],
            format_func=wording.question,
            key=key,
            bind="query-params",
            width=420,
        )
    )


def too_few_together(view: View) -> None:
    """Above cards of two questions together that show the country instead of the selection."""
    st.info(
        f"{explanations.two_questions(view.release.rules)}. {plain(view.name)} når inte dit, så "
        "de här korten visar hela landet."
    )


def selection_line(view: View) -> None:
    """The selection in words, with its number of answers and a way back to everybody."""
    (whole,) = shares.number_of_answers(view.release, view.selection)
    words = view.selection.words(view.registry)
    frame.chosen(f"{words}, {wording.about(whole.n)}")
    if whole.n is None:
        why = explanations.hidden(view.release.rules, view.selection)
        explaining.popover("Varför visas inte svaren?", {words: why})
    else:
        st.empty()


def table(rows: Sequence[Mapping[str, object]]) -> None:
    """A table of text outside a card."""
    st.table(_cells(plain_table(rows).shown), hide_index=True, border="horizontal")


def _cells(shown: pd.DataFrame) -> pd.DataFrame:
    """A table whose heads and cells are read as Markdown, saying just what they say."""
    return shown.rename(columns=plain).map(lambda cell: plain(str(cell)))


def registry_files() -> None:
    """The registry's tables and the published figures, as they are but for formulas."""
    with st.container(horizontal=True):
        for label, path in _files().items():
            st.download_button(
                label,
                no_formulas(path.read_bytes()),
                path.name,
                "text/csv",
                on_click="ignore",
                key=path.stem,
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
    st.info(f"{what} {release_line(release).capitalize()}.")


def source_card(
    name: str, exhibit: Exhibit, sources: Sequence[Source], note: str = "", call: str = ""
) -> None:
    """A card of the registry or of published figures; ``call`` is the API's that gives them."""
    card(
        name,
        exhibit.title,
        note,
        lambda: _chart(name, exhibit),
        exhibit.table,
        source_line(sources),
        call=call,
        drawn=pictures.of_exhibit(exhibit),
    )


def release_line(release: Release) -> str:
    """Which release, and of which day."""
    return f"utgåva {release.number}, {wording.day(release.date)}"


def source_line(sources: Sequence[Source]) -> str:
    """Where a card's figures come from."""
    return f"Källa: {'; '.join(source.citation for source in sources)}"


@st.fragment
@in_turn
def card(
    name: str,
    title: str,
    note: str,
    figure: Callable[[], _Answer],
    table: Table,
    line: str,
    answers: View | None = None,
    withheld: Mapping[str, Explanation] | None = None,
    call: str = "",
    drawn: Drawn | None = None,
) -> _Answer:
    """Title, note, figure or table, and the line with the files; returns what the figure answers.

    What is asked of it runs the card alone, not the page.
    ``answers`` is the view whose answers the card shows, so that it carries their mark;
    ``withheld`` explains what the card does not show, ``call`` is the API's for the same, and
    ``drawn`` what its picture holds, if there is anything to draw.
    """
    kind = kind_of_answers(answers) if answers else "Register och publicerade uppgifter"
    if answers:
        answers.shown[name] = Sheet(title, line, kind, table)
    with st.container(border=True, key=f"card-{name}"):
        heading = st.subheader if answers and answers.sections else st.header
        rules = answers.release.rules if answers else RULES
        heading(plain(title), anchor=False, help=glossary.of_card(name, rules))
        # A chart whose place in the page changes is made anew: so there is always a note, and what
        # there is not always stands below.
        st.markdown(note) if note else st.empty()
        answer = figure()
        mark = kind if kind == frame.SYNTHETIC_MARK else ""
        elements.small_print(name, mark, line, drawn.alternative if drawn else "")
        if withheld:
            explaining.popover("Varför visas inte allt?", withheld)
        _files_of(name, title, note, table, line, kind, mark, call, drawn)
    return answer


def _files_of(
    name: str,
    title: str,
    note: str,
    table: Table,
    line: str,
    kind: str,
    mark: str,
    call: str,
    drawn: Drawn | None,
) -> None:
    """The table and the files, which are sent when they are asked for.

    They weigh more than all else on a page.
    """
    if not st.toggle("Tabell och filer", key=f"{TABLE}{name}"):
        return
    if len(table.shown) > _LONG:
        st.dataframe(table.shown, hide_index=True, height=420, alt=title)
    else:
        st.table(_cells(table.shown), hide_index=True, border="horizontal")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            "CSV",
            data=lambda: csv_file(table, line, kind),
            file_name=f"fov-{name}.csv",
            mime="text/csv",
            key=f"csv-{name}",
            help="Ladda ner tabellen som fil",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        if drawn:
            pictures.buttons(name, title, note, mark, drawn, line)
        if call:
            st.markdown(_call(call), width="content")


def _call(call: str) -> str:
    """Where programs get the same figures; as CSV they stand in the card's own file."""
    json_stat = f"{call}{'&' if '?' in call else '?'}format=json-stat"
    return f"Siffrorna som data: [`{call}`]({call}) · [JSON-stat]({json_stat})"


_Explained = Callable[[Sequence[Withheld]], Mapping[str, Explanation]]


def _chart(
    name: str, exhibit: Exhibit, instead: str = "", explained: _Explained | None = None
) -> None:
    """The chart, or what to say instead; what is withheld can be asked about with a click."""
    if instead:
        st.info(instead)
    elif explained and "params" in exhibit.specification:
        _chart_to_ask(name, exhibit, explained)
    else:
        _vega_chart(name, exhibit)


def _chart_to_ask(name: str, exhibit: Exhibit, explained: _Explained) -> None:
    """A chart that explains what it does not show, after a click.

    Below the chart and not in a dialog: a dialog would shut off the quick way out.
    """
    answer = _vega_chart(name, exhibit, on_select="rerun")
    clicked = answer["selection"][themes.ASKED]
    if withheld := [one for place in clicked for one in exhibit.withheld_at(place)]:
        st.info(explaining.said(explained(withheld)))


def _vega_chart(
    name: str, exhibit: Exhibit, on_select: Literal["ignore", "rerun"] = "ignore"
) -> Any:
    """The chart. If its own text changed it would be made anew; with other data it is not."""
    wide = exhibit.specification["width"] == "container"
    return st.vega_lite_chart(
        exhibit.data,
        dict(exhibit.specification),
        width="stretch" if wide else "content",
        theme=None,
        key=f"chart-{name}",
        on_select=on_select,
        alt=_CHART,
    )


def csv_file(table: Table, line: str, kind: str) -> bytes:
    """A card's table as a file that Swedish spreadsheets open.

    Each row carries the card's line and what kind of data it is.
    """
    stamped = table.file.assign(om=line, data=kind).rename(columns=no_formula)
    stamped = stamped.map(lambda cell: no_formula(cell) if isinstance(cell, str) else cell)
    return stamped.to_csv(sep=";", decimal=",", index=False, lineterminator="\r\n").encode(
        "utf-8-sig"
    )


def standing_note() -> None:
    """The sentence that stands under every page of answers."""
    st.caption(STANDING_NOTE)
