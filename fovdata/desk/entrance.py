"""Who may come in: one person at her own machine, or those who sign in and are on the list.

Whatever is not declared to be open is closed: the application shows nothing unless `serving` has
said in FOV_DESK how it was started, and what it said is held against where the server listens.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from fovdata.desk.navigation import DESK
from fovdata.intake import places
from fovdata.intake.places import Place
from fovdata.markup import plain
from fovdata.settings import ROOT

MODE = "FOV_DESK"
"""Set by `serving`: how the desk was started, a Mode."""
PRACTICE = "FOV_DESK_PRACTICE"
"""Set by `serving`: "1" where what is read in is practice."""
ACCOUNTS = "FOV_DESK_ACCOUNTS"
"""A file of e-mail addresses, one a line: who may come in when the desk is a service."""
SIGN_IN = "FOV_DESK_SIGN_IN"
"""A file of Streamlit's secrets with the section [auth]; else .streamlit/secrets.toml."""

AT_MOST = timedelta(hours=12)
"""How long a sign-in is good for; Streamlit's own cookie lasts for a month."""
LOCAL = ("localhost", "127.0.0.1", "::1")
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
"""What signing in takes, as Streamlit calls it in [auth]."""
COOKIE_SECRET = 32
"""Characters that the secret of the sign-in cookie has at least."""

CLOSED = (
    f"{DESK} är stängd. Den öppnas med kommandot python -m fovdata intake serve, som ser efter "
    "vem som kan nå den."
)


class Mode(StrEnum):
    """How the desk is open."""

    OWN_MACHINE = "own-machine"
    SERVICE = "service"


class EntranceFault(Exception):
    """Signing in cannot work; says in Swedish what is missing."""


def mode() -> Mode | None:
    """How the desk was started; None where nobody has said so, and then it is closed."""
    said = os.environ.get(MODE)
    return Mode(said) if said in {str(one) for one in Mode} else None


def is_local(host: str | None) -> bool:
    """Whether a name or an address is this machine's own."""
    if host in LOCAL:
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def sign_in_file() -> Path:
    """The file that says how one signs in."""
    return Path(os.environ.get(SIGN_IN) or ROOT / ".streamlit" / "secrets.toml")


def check_sign_in(file: Path) -> None:
    """Raise EntranceFault unless the file has all that signing in takes."""
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8")).get("auth", {})
    except OSError:
        raise EntranceFault(
            f"Inloggningens inställningar saknas: {file} går inte att läsa. Skriv dem där, under "
            f"[auth], eller ange en annan fil i {SIGN_IN}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise EntranceFault(f"{file} är inte skriven som TOML. Rätta filen.") from None
    if missing := [name for name in NEEDED if not str(settings.get(name, "")).strip()]:
        raise EntranceFault(f"I {file}, under [auth], saknas: {', '.join(missing)}.")
    if len(settings["cookie_secret"]) < COOKIE_SECRET:
        raise EntranceFault(
            f"cookie_secret i {file} är för kort. Den ska vara slumpad och minst "
            f"{COOKIE_SECRET} tecken."
        )
    address = urlsplit(settings["redirect_uri"])
    if address.scheme != "https" and not is_local(address.hostname):
        raise EntranceFault(
            f"redirect_uri i {file} ska börja med https: annars går inloggningen att avlyssna."
        )


def accounts() -> frozenset[str]:
    """Who may come in, in lower case; never nobody. Raises EntranceFault."""
    named = os.environ.get(ACCOUNTS)
    if not named:
        raise EntranceFault(
            f"Ingen får komma in: ange i {ACCOUNTS} en fil med de e-postadresser som får, en på "
            "varje rad."
        )
    file = Path(named)
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        shared = file.stat().st_mode & 0o022
    except (OSError, UnicodeDecodeError):
        raise EntranceFault(
            f"{file} går inte att läsa. Den ska ha de e-postadresser som får komma in, en på varje "
            "rad."
        ) from None
    if shared:
        raise EntranceFault(f"{file} kan ändras av andra. Kör: chmod go-w {file}")
    found = frozenset(line.strip().casefold() for line in lines if "@" in line)
    if not found:
        raise EntranceFault(f"{file} är tom: skriv de e-postadresser som får komma in.")
    return found


def signed_in(claims: Mapping[str, object], now: datetime) -> bool:
    """Whether somebody has signed in, and not too long ago."""
    issued = claims.get("iat")
    if claims.get("is_logged_in") is not True or not isinstance(issued, int | float):
        return False
    return now - datetime.fromtimestamp(issued, UTC) < AT_MOST


def is_allowed(claims: Mapping[str, object], allowed: frozenset[str]) -> bool:
    """Whether an account is on the list, under an address that is not said to be unverified."""
    email = claims.get("email")
    verified = claims.get("email_verified", True) in (True, "true", "True")
    return isinstance(email, str) and email.strip().casefold() in allowed and verified


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
    except EntranceFault as fault:
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
