"""What one person has at hand while the desk is open; gone when the browser's tab is closed.

The only module of the desk that reads st.session_state. A file that is read lies here, in memory,
until it is added, taken away or another page is opened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from fovdata.batches import Batch
from fovdata.intake.receiving import Received

_UPLOAD, _RECEIVED, _RECEIPT = "upload", "received", "receipt"
_TYPING, _GIVEN_BACK = "typing", "given-back"

NOWHERE = "nowhere"
"""The focus that leaves the keyboard where it is."""


@dataclass(frozen=True)
class Registered:
    """A form that was typed and stored: its batch, who typed it, what it says in words."""

    number: int
    role: str
    words: str


@dataclass(frozen=True)
class Doubt:
    """A form, as written, of which the same is there already, and who typed it."""

    written: Mapping[str, str]
    role: str


@dataclass(frozen=True)
class Typing:
    """How far somebody has come in a pile of paper forms.

    ``today`` is how many forms have been registered today, None until it is known. ``faults`` are
    what is wrong in the form at hand; ``again`` are forms of which the same is there already, and
    nobody has yet said whether it is one more. ``turn`` counts what has happened, and ``focus`` is
    the box to go on in.
    """

    today: int | None = None
    last: Registered | None = None
    undone: str = ""
    faults: tuple[str, ...] = ()
    again: tuple[Doubt, ...] = ()
    focus: str = "pile-federation"
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


def added(received: Received, batch: Batch | None) -> None:
    """The file is added: a receipt takes its place."""
    years = sorted(int(year) for year in received.checked.answers["year"].unique())
    drop_file()
    st.session_state[_RECEIPT] = (batch, years)


def receipt() -> tuple[Batch | None, list[int]] | None:
    """What the last file became, and the years of its forms; None where none was added."""
    found: tuple[Batch | None, list[int]] | None = st.session_state.get(_RECEIPT)
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
    changed = {"faults": (), "undone": "", "focus": focus, "turn": now.turn + 1} | changes
    st.session_state[_TYPING] = replace(now, **changed)  # type: ignore[arg-type]


def counted(today: int) -> None:
    """Note how many forms had been registered today when somebody began."""
    st.session_state[_TYPING] = replace(typing(), today=today)


def give_back(fields: Mapping[str, str]) -> None:
    """Put values back into fields, by key, when they are drawn next."""
    st.session_state[_GIVEN_BACK] = fields


def take_back() -> None:
    """Before the fields are drawn: they hold what was given back, if anything."""
    for key, value in st.session_state.pop(_GIVEN_BACK, {}).items():
        st.session_state[key] = value
