"""The fields that paper forms are typed into, made for the keyboard alone.

Enter stores the form and leads to the first field of the next. A form is stored by itself, so that
nothing is lost if the machine stops.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import count

import streamlit as st

from fovdata import batches, keys
from fovdata import questionnaire as forms
from fovdata.batches import About, StoreFault
from fovdata.desk import frame, paper, pile, state, trace
from fovdata.desk.paper import ANSWERS, AUTHORITY, BOXES, DATE, FEDERATION, GENDER, HEAD, Box
from fovdata.desk.pile import Head
from fovdata.desk.state import Doubt, Registered
from fovdata.intake import checking, values
from fovdata.intake.checking import Checked
from fovdata.intake.places import Place
from fovdata.intake.receiving import TYPED
from fovdata.markup import plain
from fovdata.registry import Registry
from fovdata.selection import labels

YES, NO, UNDO = "alt+s", "alt+h", "alt+z"
"""The keys that answer and take back without leaving the fields."""
_WIDTHS = {FEDERATION: 300, DATE: 170, AUTHORITY: 190, ANSWERS: 300}
_HINTS = {FEDERATION: "Skriv början av namnet", DATE: "ÅÅÅÅ-MM-DD"}
_CODES = frozenset(box.code for box in BOXES)
_NOT_STORED = "Formuläret är inte sparat."


def begin(place: Place) -> None:
    """Count what has been registered today, others' forms too. Raises StoreFault."""
    now = state.typing()
    if now.today is None:
        found = batches.listed(place.folder)
        there = {batch.number for batch in found if batch.withdrawn is None}
        last = now.last if now.last and now.last.number in there else None
        state.counted(trace.typed_on(found, date.today()), last)


def head(members: Registry, today: date) -> tuple[str, Head]:
    """Who types, and what the forms of a pile have in common; it stays until it is changed."""
    read, wrong = {}, {}
    with st.container(border=True, key="pile"):
        role = frame.role("Vem registrerar?")
        st.markdown("**Gäller tills du ändrar**")
        with st.container(horizontal=True, gap="small"):
            for box in HEAD:
                with st.container(width=_WIDTHS[box]):
                    typed = _head_field(box, members, today)
                    reading = pile.field(box, typed, members, today)
                    if reading.text:
                        read[box.code] = reading.text
                    elif typed.strip():
                        wrong[box.code] = reading.message
                        _wrong(box, reading.message)
        found = Head(read, wrong)
        st.caption(paper.meanings(AUTHORITY))
        st.markdown(found.asks or f"Nästa formulär: **{plain(found.in_words(members))}**")
    return role, found


def _head_field(box: Box, members: Registry, today: date) -> str:
    """A field of the head. The browser sends what is wrong too, for the server to refuse."""
    return st.text_input(
        box.label,
        key=box.key,
        placeholder=_HINTS.get(box),
        autocomplete="off",
        persist_state="session",
        on_change=_write_out,
        args=(box, members, today),
    )


def _write_out(box: Box, members: Registry, today: date) -> None:
    """Show in the field what it is read as: the whole name, the date with its year."""
    if read := pile.field(box, state.at_hand(box.key), members, today).text:
        state.put(box.key, labels("federation", members)[read] if box is FEDERATION else read)


def _wrong(box: Box, message: str) -> None:
    """What is wrong in a field, under it."""
    with st.container(key=f"wrong-{box.key}"):
        st.caption(f"**{plain(message)}**")


def fields() -> Mapping[str, str]:
    """One form's fields; what was typed when Enter has been pressed, else nothing."""
    now = state.typing()
    with st.form("form", clear_on_submit=True):
        with st.container(horizontal=True, gap="small"):
            for box in BOXES:
                with st.container(width=_WIDTHS.get(box, 150)):
                    st.text_input(
                        box.label,
                        key=state.field_key(box.key),
                        validate=(box.pattern, box.wrong),
                        autocomplete="off",
                    )
                    if box.code in now.faults:
                        _wrong(box, now.faults[box.code])
        # After the fields: what comes and goes before them would draw them anew as one types.
        st.caption(paper.meanings(GENDER, ANSWERS))
        if now.undone:
            st.info(
                f"Nummer {now.undone.number} är ångrat. Rätta här och tryck Enter. Det var:  \n"
                f"{now.undone.words}"
            )
        if now.refused:
            st.error(now.refused)
        st.form_submit_button("Spara (Enter)", type="primary", on_click=_send)
    return now.sent


def _send() -> None:
    state.send({box.code: state.at_hand(state.field_key(box.key)) for box in BOXES})


def register(
    role: str, head: Head, typed: Mapping[str, str], place: Place, members: Registry
) -> None:
    """Store a form that was typed, or give it back with what is wrong in it."""
    if head.asks:
        _return(typed, {}, f"{head.asks} {_NOT_STORED}", head.first)
        return
    wrong = paper.faults(typed)
    if not wrong:
        written = paper.as_written({**head.read, **typed})
        try:
            wrong = _store(Doubt(typed, written, role), place, members)
        except StoreFault as fault:
            _return(typed, {}, f"{plain(str(fault))} {_NOT_STORED}")
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
        key = keys.fingerprint(place.secret)
        about = About(form.role, TYPED, "", checked.remarks, datetime.now(UTC), key)
        state.take()
        # One form is never a newer version of the file that it stands in.
        if batch := batches.add(place.folder, checked.answers, about, "keep"):
            break
    if batch is None:
        state.go_on(again=(*now.again, form))
        return {}
    words = paper.in_words(written, _day(written["date"], members), members)
    if remarks := " ".join(finding.message for finding in checked.findings):
        words = f"{words}  \n*Anmärkning: {plain(remarks)}*"
    last = Registered(batch.number, form.role, form.typed, words)
    state.go_on(last=last, today=(now.today or 0) + 1)
    return {}


def _day(written: str, members: Registry) -> date | None:
    """The day, where it is written with one."""
    read = values.readers(members, date.today())["date"](written).text
    return date.fromisoformat(read) if read.count("-") == 2 else None


def _by_field(checked: Checked) -> Mapping[str, str]:
    """What stops a form, by the field it was typed in; under no field's code what is in none."""
    codes = {column.name: code for code, column in checked.table.fields.items()}
    found = {}
    for finding in checked.findings:
        if finding.blocking:
            code = codes.get(finding.column or "", "")
            code = ANSWERS.code if code in forms.BY_CODE else code
            found[code if code in _CODES else ""] = finding.message
    return found


def _return(
    typed: Mapping[str, str], wrong: Mapping[str, str], refused: str = "", focus: Box | None = None
) -> None:
    """Give the form back as it was typed, with what is wrong, and lead to the first fault."""
    state.give_back({box.key: typed[box.code] for box in BOXES})
    in_fields = [box for box in BOXES if box.code in wrong]
    elsewhere = [message for code, message in wrong.items() if code not in _CODES]
    if elsewhere:
        refused = f"{plain(' '.join(elsewhere))} {_NOT_STORED}"
    focus = focus or next(iter(in_fields), GENDER)
    state.go_on(focus.key, faults=wrong, refused=refused)
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
        st.markdown(f"Registrerade i dag: **{now.today}**")
        if now.last is None:
            return
        st.markdown(f"Senast, nummer {now.last.number}: {now.last.words}")
        if st.button("Ångra det senaste", icon=":material/undo:", shortcut=UNDO):
            _undo(now.last, place)


def _undo(last: Registered, place: Place) -> None:
    """Take a form out of the store and give it back to be mended."""
    batches.withdraw(place.folder, last.number, last.role, datetime.now(UTC))
    state.give_back({box.key: last.typed[box.code] for box in BOXES})
    state.go_on(GENDER.key, last=None, today=(state.typing().today or 1) - 1, undone=last)
    st.rerun()
