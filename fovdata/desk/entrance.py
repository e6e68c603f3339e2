"""Who may come in: one person at her own machine, or those who sign in and are on the list.

Whatever is not declared to be open is closed: the application shows nothing unless `serving` has
said in FOV_DESK how it was started, and what it said is held against where the server listens.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import streamlit as st

from fovdata import signing_in
from fovdata.desk.navigation import DESK
from fovdata.intake import places
from fovdata.intake.places import Place
from fovdata.markup import plain
from fovdata.settings import ROOT
from fovdata.signing_in import AT_MOST, SignInFault, is_local

MODE = "FOV_DESK"
"""Set by `serving`: how the desk was started, a Mode."""
PRACTICE = "FOV_DESK_PRACTICE"
"""Set by `serving`: "1" where what is read in is practice."""
ACCOUNTS = "FOV_DESK_ACCOUNTS"
"""A file of e-mail addresses, one a line: who may come in when the desk is a service."""
SIGN_IN = "FOV_DESK_SIGN_IN"
"""A file of Streamlit's secrets with the section [auth]; else .streamlit/secrets.toml."""

CLOSED = (
    f"{DESK} är stängd. Den öppnas med kommandot python -m fovdata intake serve, som ser efter "
    "vem som kan nå den."
)


class Mode(StrEnum):
    """How the desk is open."""

    OWN_MACHINE = "own-machine"
    SERVICE = "service"


def mode() -> Mode | None:
    """How the desk was started; None where nobody has said so, and then it is closed."""
    said = os.environ.get(MODE)
    return Mode(said) if said in {str(one) for one in Mode} else None


def sign_in_file() -> Path:
    """The file that says how one signs in."""
    return Path(os.environ.get(SIGN_IN) or ROOT / ".streamlit" / "secrets.toml")


def accounts() -> frozenset[str]:
    """Who may come in, in lower case; never nobody. Raises SignInFault."""
    named = os.environ.get(ACCOUNTS)
    return signing_in.accounts(Path(named) if named else None, ACCOUNTS)


def signed_in(claims: Mapping[str, object], now: datetime) -> bool:
    """Whether somebody has signed in, and not too long ago."""
    issued = claims.get("iat")
    if claims.get("is_logged_in") is not True or not isinstance(issued, int | float):
        return False
    return now - datetime.fromtimestamp(issued, UTC) < AT_MOST


def is_allowed(claims: Mapping[str, object], allowed: frozenset[str]) -> bool:
    """Whether an account is on the list, under an address that is not said to be unverified."""
    return signing_in.address(claims) in allowed


def opened() -> Place:
    """Where answers go, for somebody who may be here; whoever may not gets no further.

    Asked anew at every run, by the main script and by every page. Raises PlaceFault and KeyFault.
    """
    now = mode()
    if now is Mode.SERVICE:
        _signed_in()
    elif now is None or not is_local(st.get_option("server.address")):
        st.error(CLOSED)
        st.stop()
    return places.practice() if os.environ.get(PRACTICE) == "1" else places.real()


def account() -> str | None:
    """Whom the frame says is signed in; None at one's own machine."""
    return str(st.user.get("email")) if mode() is Mode.SERVICE else None


def _signed_in() -> None:
    """Go no further than signing in, or than hearing that the account may not come in."""
    claims = st.user.to_dict()
    if not signed_in(claims, datetime.now(UTC)):
        st.title("Logga in")
        st.markdown(f"{DESK} är till för dem som läser in svar på formuläret Frågor om våld.")
        st.button("Logga in", on_click=st.login, type="primary")
        st.stop()
    try:
        allowed = accounts()
    except SignInFault as fault:
        st.error(plain(str(fault)))
        st.stop()
    if not is_allowed(claims, allowed):
        st.title("Kontot får inte komma in")
        st.markdown(
            f"Du är inloggad som **{plain(str(claims.get('email', 'okänd')))}**, som inte finns "
            "bland dem som får läsa in svar. Fråga den som sköter mottagningen, eller logga in "
            "med ett annat konto."
        )
        st.button("Logga ut", on_click=st.logout, type="primary")
        st.stop()
