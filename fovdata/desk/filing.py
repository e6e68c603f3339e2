"""A file on the desk: it is chosen and read; its faults, and what it holds."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from fovdata import questionnaire as form
from fovdata import template, wording
from fovdata.charts.exhibit import plain_table
from fovdata.desk import frame, state
from fovdata.intake import marking, reading, receiving
from fovdata.intake.checking import Checked, Finding
from fovdata.intake.findings import PERSONAL
from fovdata.intake.places import Place
from fovdata.intake.receiving import Received
from fovdata.markup import plain
from fovdata.registry import Registry
from fovdata.selection import labels

KINDS = "CSV, XLSX, XLS eller ODS"
NOT_READ = "not_read"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TALL = 14
"""From this many rows a table scrolls."""


def chosen(members: Registry) -> UploadedFile | None:
    """Where the file is chosen; without one, what there is to choose and the template."""
    limit = reading.DESK.bytes // 1_000_000
    upload = st.file_uploader(
        f"Välj filen med svar: {KINDS}, högst {limit} MB",  # any other is refused by the reader
        key=state.upload_key(),
    )
    if upload is None:
        state.forget_file()
        st.markdown(
            "Varje rad är ett formulär. Ingenting läses in förrän du har sett vad som händer och "
            "sagt ja. Filen sparas inte, bara de anonymiserade svaren."
        )
        st.download_button(
            "Ladda ner mallen",
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

    with st.spinner("Läser filen …"):
        found = state.received((upload.file_id, None), receive)
    if "federation" in found.checked.table.fields:
        # Asked anew at every run: somebody else may have added answers meanwhile.
        return receiving.compared_anew(found, place)
    names = labels("federation", members)
    federation = st.selectbox(
        "Filen säger inte vilket förbund svaren kommer från. Välj förbundet:",
        sorted(names, key=lambda slug: names[slug]),
        index=None,
        format_func=lambda slug: names[slug],
        placeholder="Välj förbund",
        width=480,
    )
    with st.spinner("Läser filen …"):
        found = state.received((upload.file_id, federation), partial(receive, federation))
    return receiving.compared_anew(found, place)


def findings(one: Received) -> None:
    """What is wrong, what is merely remarked on, and what is not read at all."""
    checked = one.checked
    faults, remarks = _of(checked, blocking=True), _of(checked, blocking=False)
    if faults:
        st.error(
            f"{wording.number(checked.rows)} formulär. {wording.number(len(faults))} fel måste "
            "rättas innan filen kan läsas in."
        )
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
        st.caption(f"Kolumner som inte läses: {plain(wording.enumerated(passed_over))}.")
    if checked.table.other_sheets:
        sheets = plain(wording.enumerated(checked.table.other_sheets))
        st.caption(f"Blad som inte läses: {sheets}.")


def _plural(some: Sequence[object], one: str, more: str) -> str:
    return one if len(some) == 1 else f"{one}{more}"


def _of(checked: Checked, blocking: bool) -> Sequence[Finding]:
    """Faults, or remarks; the columns that are not read are named by themselves."""
    found = [finding for finding in checked.findings if finding.blocking is blocking]
    return [finding for finding in found if finding.kind != NOT_READ]


def _marked(one: Received, kind: Literal["primary", "tertiary"]) -> None:
    st.download_button(
        f"Ladda ner filen med {'felen' if kind == 'primary' else 'anmärkningarna'} utmärkta",
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
            "Var": _unbroken(plain(_where(finding))),
            "Står nu": standing(finding),
            "Vad som är fel och vad du gör": plain(finding.message),
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


def standing(finding: Finding) -> str:
    """What stands in the cell; a dash where the fault is not in one cell's text."""
    if finding.kind == PERSONAL:
        return "visas inte"
    if finding.value is None:
        return "–"
    return _unbroken(plain(finding.value)) or "tomt"


def _unbroken(text: str) -> str:
    """Text whose dates and columns' letters are not broken where a table is narrow."""
    text = re.sub(r"(?<=\d)-(?=\d)", "\N{NON-BREAKING HYPHEN}", text)
    return text.replace("(kolumn ", "(kolumn\N{NO-BREAK SPACE}")


def _table(rows: Sequence[Mapping[str, object]]) -> None:
    height: int | Literal["content"] = 480 if len(rows) > _TALL else "content"
    st.table(plain_table(rows).shown, hide_index=True, border="horizontal", height=height)


def contents(one: Received, members: Registry) -> None:
    """What of the forms would be kept, and how the forms are spread."""
    kept, spread = st.columns(2, gap="large")
    with kept:
        st.subheader("Det här sparas", anchor=False)
        fields = [{"På formuläret": f.label, "Sparas": f.kept or "ingenting"} for f in form.FIELDS]
        first, *_, last = [question.number for question in form.QUESTIONS]
        yes, no, blank = (answer.label for answer in form.ANSWERS)
        answers = f"{yes}, {no} eller {blank.lower()}"
        _table([*fields, {"På formuläret": f"Fråga {first}–{last}", "Sparas": answers}])
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
    return {plain(name): found[code] for code, name in names.items() if found[code]}
