"""How one signs in, and who may: what the dashboard and the intake desk ask of both."""

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

AT_MOST = timedelta(hours=12)
"""How long a sign-in is good for."""
LOCAL = ("localhost", "127.0.0.1", "::1")
CALLBACK = "/oauth2callback"
"""Where the provider sends back whoever has signed in; Streamlit's word for it."""
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
"""What signing in takes, as Streamlit calls it in [auth]."""
COOKIE_SECRET = 32
"""Characters that the secret of the sign-in cookie has at least."""
EVERYBODY = "*"
"""A line in a list of accounts."""


class SignInFault(Exception):
    """Signing in cannot work; says in Swedish what is missing."""


def is_local(host: str | None) -> bool:
    """Whether a name or an address is this machine's own."""
    if host in LOCAL:
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def provider(file: Path, variable: str) -> Mapping[str, str]:
    """What a file's [auth] says of NEEDED; ``variable`` names the file. Raises SignInFault."""
    try:
        auth = tomllib.loads(file.read_text(encoding="utf-8")).get("auth")
    except OSError:
        raise SignInFault(
            f"Inloggningens inställningar saknas: {file} går inte att läsa. Skriv dem där, under "
            f"[auth], eller ange en annan fil i {variable}."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SignInFault(f"{file} är inte skriven som TOML. Rätta filen.") from None
    there = auth if isinstance(auth, dict) else {}
    said = {name: there[name].strip() for name in NEEDED if isinstance(there.get(name), str)}
    if missing := [name for name in NEEDED if not said.get(name)]:
        raise SignInFault(f"I {file}, under [auth], saknas: {', '.join(missing)}.")
    if len(said["cookie_secret"]) < COOKIE_SECRET:
        raise SignInFault(
            f"cookie_secret i {file} är för kort. Den ska vara slumpad och minst "
            f"{COOKIE_SECRET} tecken."
        )
    for name in ("redirect_uri", "server_metadata_url"):
        address = urlsplit(said[name])
        if address.scheme != "https" and not (address.scheme and is_local(address.hostname)):
            raise SignInFault(
                f"{name} i {file} ska börja med https: annars går inloggningen att avlyssna."
            )
    if urlsplit(said["redirect_uri"]).path != CALLBACK:
        raise SignInFault(f"redirect_uri i {file} ska vara tjänstens adress följd av {CALLBACK}.")
    return said


def accounts(file: Path | None, variable: str) -> frozenset[str]:
    """Who may come in, in lower case; never nobody. Raises SignInFault.

    ``variable`` names the file: addresses, one a line. What a whole domain ("@forbund.se") and
    EVERYBODY mean is for the caller to say.
    """
    if not file:
        raise SignInFault(
            f"Ingen får komma in: ange i {variable} en fil med de e-postadresser som får, en på "
            "varje rad."
        )
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        shared = file.stat().st_mode & 0o022
    except (OSError, UnicodeDecodeError):
        raise SignInFault(
            f"{file} går inte att läsa. Den ska ha de e-postadresser som får komma in, en på varje "
            "rad."
        ) from None
    if shared:
        raise SignInFault(f"{file} kan ändras av andra. Kör: chmod go-w {file}")
    said = (line.strip().casefold() for line in lines if not line.lstrip().startswith("#"))
    found = frozenset(line for line in said if "@" in line or line == EVERYBODY)
    if not found:
        raise SignInFault(f"{file} är tom: skriv de e-postadresser som får komma in.")
    return found


def address(claims: Mapping[str, object]) -> str:
    """The address of who has signed in, in lower case; empty if it is said to be unverified."""
    email = claims.get("email")
    verified = claims.get("email_verified", True) in (True, "true", "True")
    return email.strip().casefold() if isinstance(email, str) and verified else ""
