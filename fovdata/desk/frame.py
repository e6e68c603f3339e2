"""What stands around every page: menu, practice or not, who it is, where answers lie."""

import logging
import traceback
from collections.abc import Callable, Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from fovdata.batches import ROLES
from fovdata.desk import state
from fovdata.desk.navigation import DESK, Task
from fovdata.intake.places import Place
from fovdata.markup import plain

PRACTICE_MARK = "Övning – svaren märks som syntetiska"
REAL_MARK = "Verkliga svar"

_log = logging.getLogger(__name__)


def menu(pages: Mapping[Task, StreamlitPage], account: str | None) -> None:
    """Links to all pages; who is signed in, and the way out."""
    st.markdown(f"**{DESK}**  \nFrågor om våld")
    for target in pages.values():
        st.page_link(target)
    if account:
        st.divider()
        st.caption(f"Inloggad som {plain(account)}")
        st.button("Logga ut", on_click=st.logout, width="stretch")


def top(place: Place) -> None:
    """Above every page: whether it is practice."""
    if place.practice:
        st.badge(PRACTICE_MARK, color="orange")
    else:
        st.badge(REAL_MARK, color="blue")


def role(question: str) -> str:
    """Who it is, as asked; whoever it was last time is chosen beforehand."""
    key = f"role-{question}"
    state.begin_with(key, state.role())
    chosen: str = st.radio(
        question, [*ROLES], format_func=lambda code: ROLES[code], horizontal=True, key=key
    )
    state.note_role(chosen)
    return chosen


def bottom(place: Place) -> None:
    """Below every page: where answers lie and what becomes of files."""
    st.divider()
    where = "Övningens svar" if place.practice else "Svaren"
    apart = "; de blandas aldrig med verkliga svar" if place.practice else ""
    st.caption(f"{where} ligger i {plain(str(place.folder))}{apart}.")


def failed(error: Exception) -> bool:
    """Instead of the framework's English words when something fails that nobody foresaw.

    The log says where, and never what: an error's own text may hold a value from somebody's form.
    """
    _log.error("%s at\n%s", type(error).__name__, "".join(_places(error)))
    st.error(
        "Något gick fel. Ingenting mer än det som står under Inläst har sparats. Ladda om sidan "
        "och försök igen."
    )
    return True


def guarded(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """The same, but failing without a word: what makes a file runs where `failed` does not see."""

    def made() -> bytes:
        try:
            return make()
        except Exception as error:
            _log.error("%s at\n%s", type(error).__name__, "".join(_places(error)))
        raise RuntimeError("The file could not be made")

    return made


def _places(error: Exception) -> list[str]:
    """Where an error came from: file, line and function, no source and no values."""
    return [
        f"  {one.filename}:{one.lineno} {one.name}\n"
        for one in traceback.extract_tb(error.__traceback__)
    ]
