"""What one person has at hand while the desk is open; gone when the browser's tab is closed.

The only module of the desk that reads st.session_state. A file that is read lies here, in memory,
until it is added, taken away or another page is opened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from fovdata.batches import ROLES, Batch, Comparison
from fovdata.desk.paper import FEDERATION
from fovdata.intake.receiving import Received

_UPLOAD, _RECEIVED, _RECEIPT = "upload", "received", "receipt"
_TYPING, _GIVEN_BACK, _ROLE = "typing", "given-back", "role"

NOWHERE = "nowhere"
"""The focus that leaves the keyboard where it is."""


@dataclass(frozen=True)
class Receipt:
    """What a file became: its batch, None if nothing was new, and how it had compared before.

    ``removed`` is how many earlier answers went for good, those that were corrected aside.
    """

    batch: Batch | None
    comparison: Comparison
    removed: int


@dataclass(frozen=True)
class Registered:
    """A form that was typed and stored: its batch, who typed it and how, what it says in words."""

    number: int
    role: str
    typed: Mapping[str, str]
    words: str


@dataclass(frozen=True)
class Doubt:
    """A form, as typed and as that is written, of which the same is there already; by whom."""

    typed: Mapping[str, str]
    written: Mapping[str, str]
    role: str


@dataclass(frozen=True)
class Typing:
    """How far somebody has come in a pile of paper forms.

    ``sent`` is a form that Enter was pressed in, by code, until it is stored or given back.
    ``today`` is how many forms have been registered today, None until it is counted. ``faults``
    are what is wrong in the fields at hand, by code, and ``refused`` is what else keeps the form
    from being stored; ``undone`` is the form that they hold, if it was stored and taken back.
    ``again`` are forms of which the same is there already, and nobody has yet said whether it is
    one more. ``turn`` counts what has happened, and ``focus`` is the box to go on in.
    """

    sent: Mapping[str, str] = field(default_factory=dict)
    today: int | None = None
    last: Registered | None = None
    undone: Registered | None = None
    faults: Mapping[str, str] = field(default_factory=dict)
    refused: str = ""
    again: tuple[Doubt, ...] = ()
    focus: str = FEDERATION.key
    turn: int = 0


def upload_key() -> str:
    """The key of the upload: a new one takes the file away."""
    return f"file-{st.session_state.get(_UPLOAD, 0)}"


def forget_file() -> None:
    """Keep nothing of what was read from a file that is gone."""
    st.session_state.pop(_RECEIVED, None)


def drop_file() -> None:
    """Take the file away: what was uploaded, and what was read from it."""
    forget_file()
    st.session_state[_UPLOAD] = st.session_state.get(_UPLOAD, 0) + 1


def received(version: tuple[object, ...], receive: Callable[[], Received]) -> Received:
    """What was read from the file, read once for each ``version`` of what was chosen."""
    kept = st.session_state.get(_RECEIVED)
    if kept is None or kept[0] != version:
        kept = st.session_state[_RECEIVED] = (version, receive())
    found: Received = kept[1]
    return found


def added(done: Receipt) -> None:
    """The file is added: a receipt takes its place."""
    drop_file()
    st.session_state[_RECEIPT] = done


def receipt() -> Receipt | None:
    """What the last file became; None where none was added."""
    found: Receipt | None = st.session_state.get(_RECEIPT)
    return found


def next_file() -> None:
    """Put the receipt away."""
    st.session_state.pop(_RECEIPT, None)


def typing() -> Typing:
    """How far somebody has come with a pile of paper forms."""
    found: Typing = st.session_state.get(_TYPING, Typing())
    return found


def go_on(focus: str = NOWHERE, **changes: object) -> None:
    """Note what has happened to the form at hand, and where to go on if the browser must be told.

    It is not told when all is well: somebody types the next form already.
    """
    now = typing()
    anew: dict[str, object] = {
        "sent": {},
        "faults": {},
        "refused": "",
        "undone": None,
        "focus": focus,
    }
    changed = anew | changes | {"turn": now.turn + 1}
    st.session_state[_TYPING] = replace(now, **changed)  # type: ignore[arg-type]


def send(form: Mapping[str, str]) -> None:
    """Note that Enter was pressed: what the browser says next may stop the run that it began."""
    st.session_state[_TYPING] = replace(typing(), sent=form)


def take() -> None:
    """The form that was sent is dealt with from here on: no other run does it too."""
    st.session_state[_TYPING] = replace(typing(), sent={})


def counted(today: int, last: Registered | None) -> None:
    """Note how many forms had been registered today when somebody began or came back."""
    st.session_state[_TYPING] = replace(typing(), today=today, last=last)


def leave_form() -> None:
    """Somebody is on another page: the fields are gone, and on the way back the pile comes first.

    What has been registered is counted anew then, for it may have been taken away meanwhile.
    """
    if _TYPING in st.session_state:
        go_on(FEDERATION.key, today=None)


def role() -> str:
    """Who was last said to read in, register or take away."""
    found: str = st.session_state.get(_ROLE, next(iter(ROLES)))
    return found


def note_role(role: str) -> None:
    """Note who it is, for the next time that it is asked."""
    st.session_state[_ROLE] = role


def begin_with(key: str, value: str) -> None:
    """What a field holds, by key, when it is drawn for the first time."""
    st.session_state.setdefault(key, value)


def put(key: str, value: str) -> None:
    """Write into a field, by key, before it is drawn again."""
    st.session_state[key] = value


def at_hand(key: str) -> str:
    """What stands in a field, by key."""
    found: str = st.session_state.get(key, "")
    return found


def field_key(name: str) -> str:
    """The key of one of the form's fields: a new one each time that something is given back.

    The browser leaves a field that it has emptied as it is, whatever the server says of it.
    """
    return f"{name}-{st.session_state.get(_GIVEN_BACK, 0)}"


def give_back(fields: Mapping[str, str]) -> None:
    """Put values back into the form's fields, by name, when they are drawn next."""
    st.session_state[_GIVEN_BACK] = st.session_state.get(_GIVEN_BACK, 0) + 1
    for name, value in fields.items():
        st.session_state[field_key(name)] = value
