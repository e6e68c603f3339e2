"""A file on the desk: its faults, what it holds, what adding it would do, its receipt."""

import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fovdata import batches, template, wording
from fovdata import questionnaire as form
from fovdata.batches import ROLES, Batch, Comparison
from fovdata.charts.exhibit import plain_table
from fovdata.desk import frame, state
from fovdata.intake import marking, printed, reading, receiving
from fovdata.intake.checking import Checked, Finding
from fovdata.intake.findings import PERSONAL
from fovdata.intake.places import Place
from fovdata.intake.receiving import Received
from fovdata.registry import Registry
from fovdata.rules import RULES
from fovdata.selection import labels

KINDS = ("csv", "xlsx", "xls", "ods")
NOT_READ = "not_read"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TALL = 14
"""From this many rows a table scrolls."""


def chosen(members: Registry) -> UploadedFile | None:
    """Where the file is chosen; without one, what there is to choose and the template."""
    limit = reading.DESK.bytes // 1_000_000
    upload = st.file_uploader(
        f"Välj filen med svar: CSV, XLSX, XLS eller ODS, högst {limit} MB",
        KINDS,
        key=state.upload_key(),
    )
    if upload is None:
        state.forget_file()
        st.markdown(
            "Varje rad är ett formulär. Filen läses i minnet och sparas inte. Ingenting läses in "
            "förrän du har sett vad som händer och sagt ja."
        )
        st.download_button(
            "Hämta mallen",
            frame.guarded(partial(template.workbook, members)),
            template.file_name(),
            XLSX,
            on_click="ignore",
            icon=":material/download:",
        )
    return upload


def received(upload: UploadedFile, place: Place, members: Registry) -> Received:
    """What the file holds; asks whose forms they are where the file does not say.

    Raises FileFault and StoreFault.
    """

    def receive(federation: str | None = None) -> Received:
        return receiving.receive(
            io.BytesIO(upload.getvalue()),
            upload.name,
            place,
            members,
            federation,
            reading.DESK,
        )

    with st.spinner("Läser och kontrollerar filen …"):
        found = state.received((upload.file_id, None), receive)
    if "federation" in found.checked.table.fields:
        return found
    names = labels("federation", members)
    federation = st.selectbox(
        "Filen säger inte vilket förbund svaren kommer från. Välj förbundet:",
        sorted(names, key=lambda slug: names[slug]),
        index=None,
        format_func=lambda slug: names[slug],
        placeholder="Välj förbund",
        width=480,
    )
    return state.received((upload.file_id, federation), partial(receive, federation))


def verdict(checked: Checked) -> str:
    """The check's result in a sentence or two."""
    faults = len(_of(checked, blocking=True))
    forms = f"{wording.number(checked.rows)} formulär"
    if faults:
        return f"{forms}. {wording.number(faults)} fel måste rättas innan filen kan läsas in."
    return f"{forms}. Inga fel."


def result(one: Received) -> None:
    """What is wrong, what is merely remarked on, and what is not read at all."""
    checked = one.checked
    faults, remarks = _of(checked, blocking=True), _of(checked, blocking=False)
    (st.error if faults else st.success)(verdict(checked))
    if faults:
        _table(_rows(faults))
        _marked(one, "primary")
        st.markdown(
            "Där står dina egna rader, med felen utmärkta på sina platser. Rätta dem i den filen "
            "eller i din egen och välj filen på nytt. Ingenting har lästs in."
        )
    if remarks:
        how_many = f"{wording.number(len(remarks))} {_plural(remarks, 'anmärkning', 'ar')}"
        with st.expander(f"{how_many}, som inte hindrar", expanded=not faults):
            _table(_rows(remarks))
            if not faults:
                _marked(one, "tertiary")
    if passed_over := [column.name for column in checked.table.ignored]:
        st.caption(f"Kolumner som inte läses: {frame.plain(wording.enumerated(passed_over))}.")
    if checked.table.other_sheets:
        sheets = frame.plain(wording.enumerated(checked.table.other_sheets))
        st.caption(f"Blad som inte läses: {sheets}.")


def _plural(some: Sequence[object], one: str, more: str) -> str:
    return one if len(some) == 1 else f"{one}{more}"


def _of(checked: Checked, blocking: bool) -> Sequence[Finding]:
    """Faults, or remarks; the columns that are not read are named by themselves."""
    found = [finding for finding in checked.findings if finding.blocking is blocking]
    return [finding for finding in found if finding.kind != NOT_READ]


def _marked(one: Received, kind: Literal["primary", "tertiary"]) -> None:
    st.download_button(
        "Ladda ner filen med felen utmärkta" if kind == "primary" else "Ladda ner med märken",
        frame.guarded(partial(marking.marked, one.checked, one.name)),
        f"{Path(one.name).stem}-att-rätta.xlsx",
        XLSX,
        on_click="ignore",
        type=kind,
        icon=":material/download:",
    )


def _rows(findings: Sequence[Finding]) -> Sequence[Mapping[str, str]]:
    return [
        {
            "Var": frame.plain(_where(finding)),
            "Står nu": "visas inte" if finding.kind == PERSONAL else _value(finding),
            "Vad som är fel och vad du gör": frame.plain(finding.message),
        }
        for finding in findings
    ]


def _where(finding: Finding) -> str:
    """ "Rad 12, 15 och 3 till, Kön (kolumn C)"."""
    rows = [str(row) for row in finding.rows]
    if finding.more:
        rows.append(f"{wording.number(finding.more)} till")
    parts = [f"Rad {wording.enumerated(rows)}" if rows else "", finding.column or ""]
    return ", ".join(part for part in parts if part) or "Hela filen"


def _value(finding: Finding) -> str:
    return frame.plain(finding.value) if finding.value else "tomt"


def _table(rows: Sequence[Mapping[str, object]]) -> None:
    height: int | Literal["content"] = 480 if len(rows) > _TALL else "content"
    st.table(plain_table(rows).shown, hide_index=True, border="horizontal", height=height)


def contents(one: Received, members: Registry) -> None:
    """What of the forms would be kept, and how the forms are spread."""
    kept, spread = st.columns(2, gap="large")
    with kept:
        st.subheader("Det här sparas", anchor=False)
        fields = [{"På formuläret": f.label, "Sparas": f.kept or "ingenting"} for f in form.FIELDS]
        _table([*fields, {"På formuläret": "De sju frågorna", "Sparas": "Ja, Nej eller tomt"}])
    with spread:
        st.subheader("Formulären i filen", anchor=False)
        _table(spread_of(one.checked, members))


def spread_of(checked: Checked, members: Registry) -> Sequence[Mapping[str, str]]:
    """How many forms there are of each federation, half-year and gender."""
    answers = checked.answers
    names = labels("federation", members)
    genders = {category.code: category.form for category in form.GENDERS}
    halves = Counter(zip(answers["year"], answers["half_year"], strict=True))
    counted = {
        "Förbund": _in_order(names, answers["federation"]),
        "Halvår": {
            f"{year}, {'första' if half == 1 else 'andra'} halvåret": forms
            for (year, half), forms in sorted(halves.items())
        },
        "Kön": _in_order(genders, answers["gender"]),
    }
    return [
        {"Efter": what if not at else "", "Grupp": name, "Formulär": wording.number(forms)}
        for what, groups in counted.items()
        for at, (name, forms) in enumerate(groups.items())
    ]


def _in_order(names: Mapping[str, str], codes: Iterable[str]) -> Mapping[str, int]:
    """How often each code is there, by name in the order of the names."""
    found = Counter(codes)
    return {name: found[code] for code, name in names.items() if found[code]}


def adding(one: Received, place: Place) -> None:
    """What adding the file would do, who adds it, and the button that does. Raises StoreFault."""
    # Asked anew at every run: somebody else may have added answers meanwhile.
    comparison = batches.compared(place.folder, one.checked.answers, one.source)
    st.subheader("Läs in", anchor=False)
    st.markdown(f"**{comparison.words}.** {_meaning(comparison)}")
    if not comparison.new and not comparison.changed and not comparison.asks:
        st.info("Allt i filen är redan inläst. Det finns inget att läsa in.")
        return
    missing = _missing(comparison) if comparison.asks else None
    role = st.radio(
        "Vem läser in?", [*ROLES], format_func=lambda code: ROLES[code], horizontal=True
    )
    ready = not comparison.asks or missing is not None
    if st.button(f"Läs in {_to_add(comparison)}", type="primary", disabled=not ready):
        batch = receiving.add(one, place, role, missing)
        state.added(one, batch)
        st.rerun()


def _to_add(comparison: Comparison) -> str:
    forms = comparison.new + comparison.changed
    return f"{wording.number(forms)} formulär" if forms else "filen"


def _meaning(comparison: Comparison) -> str:
    if comparison.source_known is not None:
        return f"Samma fil är redan inläst, som nummer {comparison.source_known}."
    if comparison.changed:
        return "Filen är en nyare version av en som är inläst: de ändrade ersätter de gamla."
    if comparison.known:
        return "De som redan är inlästa räknas inte två gånger."
    return ""


def _missing(comparison: Comparison) -> Literal["replace", "keep"] | None:
    st.warning(printed.question(comparison))
    said: Mapping[Literal["replace", "keep"], str] = {
        "replace": "Filen gäller: de gamla svaren som inte finns i den tas bort",
        "keep": "Filen är bara en del: de gamla svaren ligger kvar",
    }
    return st.radio(
        "Vad ska hända med dem?", [*said], index=None, format_func=lambda code: said[code]
    )


def receipt(batch: Batch | None, years: Sequence[int], today: date) -> None:
    """What the file became, and what happens next."""
    if batch is None:
        st.info("Ingenting ändrades: allt i filen var redan inläst.")
    else:
        st.success(
            f"Inläst som **nummer {batch.number}**: {wording.number(batch.answers)} formulär. "
            "Filen är borttagen härifrån."
        )
        st.markdown(f"**Vad händer nu?** {what_next(years, today)}")
    st.button("Läs in en fil till", on_click=state.next_file, type="primary")


def what_next(years: Sequence[int], today: date) -> str:
    """When answers of these years enter the figures."""
    open_years = [str(year) for year in years if year >= today.year]
    waiting = (
        f"Svar från {wording.enumerated(open_years)} väntar tills året är slut. "
        if open_years
        else ""
    )
    return (
        "Svaren kommer med i siffrorna när NNS gör nästa utgåva, om förbundet då har minst "
        f"{wording.in_words(RULES.batch)} nya svar; annars väntar de på fler. {waiting}"
        "Ta bort din egen fil när du inte behöver den längre."
    )
