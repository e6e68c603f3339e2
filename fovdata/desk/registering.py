"""The fields that paper forms are typed into, made for the keyboard alone.

Enter stores the form and leads to the first field of the next. A form is stored by itself, so that
nothing is lost if the machine stops.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count

import streamlit as st

from fovdata import batches
from fovdata.batches import ROLES, About
from fovdata.desk import frame, paper, state, trace
from fovdata.desk.paper import ANSWERS, AUTHORITY, BOXES, DATE, GENDER, Box
from fovdata.desk.state import Doubt, Registered
from fovdata.intake import checking, values
from fovdata.intake.checking import Checked
from fovdata.intake.places import Place
from fovdata.intake.receiving import TYPED
from fovdata.registry import Registry
from fovdata.selection import labels

FEDERATION = "pile-federation"
YES, NO = "alt+s", "alt+h"
"""The keys that answer without leaving the fields."""
_WIDE = {ANSWERS.code: 300}


def begin(place: Place) -> None:
    """Count once what has been registered today, others' forms too. Raises StoreFault."""
    if state.typing().today is None:
        state.counted(trace.typed_on(batches.listed(place.folder), date.today()))


def pile(members: Registry, today: date) -> Mapping[str, str] | None:
    """What the forms of a pile have in common, with what it is read as; None until it is whole."""
    names = labels("federation", members)
    with st.container(border=True, key="pile"):
        st.markdown("**Gäller tills du ändrar**")
        with st.container(horizontal=True, gap="small"):
            role = st.selectbox(
                "Vem registrerar", [*ROLES], format_func=lambda code: ROLES[code], width=250
            )
            federation = st.selectbox(
                "Förbund",
                sorted(names, key=lambda slug: names[slug]),
                index=None,
                format_func=lambda slug: names[slug],
                key=FEDERATION,
                placeholder="Skriv början av namnet",
                width=240,
            )
            when = _field(DATE, 130, placeholder="2022-05-14")
            authority = _field(AUTHORITY, 180)
        read = values.readers(members, today)["date"](when)
        if when:
            st.caption(_date_in_words(read.text) or frame.plain(read.message))
    if not (federation and read.text and authority):
        return None
    return {"role": role, "federation": federation, "date": when, "authority": authority}


def _date_in_words(text: str) -> str:
    if not text:
        return ""
    year, month, *_ = text.split("-")
    half = "första" if int(month) <= 6 else "andra"
    return f"{text}: sparas som {half} halvåret {year}"


def _field(box: Box, width: int, placeholder: str | None = None) -> str:
    return st.text_input(
        box.label,
        key=box.key,
        width=width,
        placeholder=placeholder,
        validate=(box.pattern, box.wrong),
        autocomplete="off",
    )


def fields() -> Mapping[str, str] | None:
    """One form's fields; what was typed when Enter has been pressed, else None."""
    state.take_back()
    with st.form("form", clear_on_submit=True):
        with st.container(horizontal=True, gap="small"):
            typed = {box.code: _field(box, _WIDE.get(box.code, 150)) for box in BOXES}
        for message in state.typing().faults:
            st.error(message)
        stored = st.form_submit_button("Spara (Enter)", type="primary")
    return typed if stored else None


def register(
    pile: Mapping[str, str] | None, typed: Mapping[str, str], place: Place, members: Registry
) -> None:
    """Store a form that was typed, or give it back with what is wrong in it. Raises StoreFault."""
    if pile is None:
        _return(typed, {DATE.code: "Fyll först i förbund, datum och myndighet här ovanför."})
        return
    all_typed = {**pile, **typed}
    wrong = paper.faults(all_typed)
    if not wrong:
        wrong = _store(Doubt(paper.as_written(all_typed), pile["role"]), place, members)
    if wrong:
        _return(typed, wrong)


def _store(form: Doubt, place: Place, members: Registry, sure: bool = False) -> Mapping[str, str]:
    """Store a form as a batch of its own, or note that the same is there; its faults by field.

    With ``sure`` it is stored however many of the same are there.
    """
    today = date.today()
    written, now = form.written, state.typing()
    batch = None
    for same in count(start=1) if sure else [0]:
        checked = checking.check_form(written, members, place.secret, place.data, today, same)
        if checked.blocked:
            return _by_field(checked)
        about = About(form.role, TYPED, "", checked.remarks, datetime.now(UTC))
        if batch := batches.add(place.folder, checked.answers, about):
            break
    if batch is None:
        state.go_on(again=(*now.again, form))
        return {}
    words = paper.in_words(written, _day(written["date"], members), members)
    if remarks := " ".join(finding.message for finding in checked.findings):
        words = f"{words}  \n*Anmärkning: {frame.plain(remarks)}*"
    last = Registered(batch.number, form.role, words)
    state.go_on(last=last, today=(now.today or 0) + 1)
    return {}


def _day(written: str, members: Registry) -> date | None:
    """The day, where it is written with one."""
    read = values.readers(members, date.today())["date"](written).text
    return date.fromisoformat(read) if read.count("-") == 2 else None


def _by_field(checked: Checked) -> Mapping[str, str]:
    """What stops a form, by the field it stands in."""
    codes = {column.name: code for code, column in checked.table.fields.items()}
    names = {box.code: box.label.partition(":")[0] for box in (DATE, AUTHORITY, *BOXES)}
    found = {}
    for finding in checked.findings:
        if finding.blocking:
            code = codes.get(finding.column or "", "")
            found[code] = f"{names[code]}: {finding.message}" if code in names else finding.message
    return found


def _return(typed: Mapping[str, str], wrong: Mapping[str, str]) -> None:
    """Give the form back as it was typed, with what is wrong, and lead to the first fault."""
    state.give_back({box.key: typed[box.code] for box in BOXES})
    keys = [box.key for box in (DATE, AUTHORITY, *BOXES) if box.code in wrong]
    faults = tuple(frame.plain(message) for message in wrong.values())
    state.go_on(keys[0] if keys else GENDER.key, faults=faults)
    st.rerun()


def ask_again(place: Place, members: Registry) -> None:
    """Whether a form shall be stored once more: two people can answer alike.

    Whoever types on is not stopped: nothing is stored until the question has been answered.
    """
    now = state.typing()
    if not now.again:
        return
    form = now.again[0]
    words = paper.in_words(form.written, _day(form.written["date"], members), members)
    with st.container(border=True):
        st.warning(f"**Samma formulär finns redan**, och det här är inte sparat:  \n{words}")
        with st.container(horizontal=True):
            yes = st.button("Spara det också", type="primary", shortcut=YES)
            no = st.button("Hoppa över det", shortcut=NO)
    if yes or no:
        state.go_on(again=now.again[1:])
        if yes:
            _store(form, place, members, sure=True)
        state.go_on(GENDER.key)
        st.rerun()


def last(place: Place) -> None:
    """How many are registered today, and the last one in words, with a way to undo it.

    The box's name tells the browser where to go on. Raises StoreFault.
    """
    now = state.typing()
    with st.container(border=True, key=f"focus-{now.turn}-{now.focus}"):
        st.markdown(f"Registrerade i dag: **{now.today}**{now.undone and f' · {now.undone}'}")
        if now.last is None:
            return
        st.markdown(f"Senast, nummer {now.last.number}: {now.last.words}")
        if st.button("Ångra det senaste", icon=":material/undo:"):
            batches.withdraw(place.folder, now.last.number, now.last.role, datetime.now(UTC))
            undone = f"Nummer {now.last.number} är ångrat"
            state.go_on(GENDER.key, last=None, today=(now.today or 1) - 1, undone=undone)
            st.rerun()
