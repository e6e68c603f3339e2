"""What the environment and .streamlit/config.toml say."""

import os
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from fovdata import settings, signing_in
from fovdata.commands.checkup import (
    Finding,
    fault,
    good,
    remark,
    streamlit_option,
    streamlit_variable,
)
from fovdata.signing_in import SignInFault

SAFE_SIDE = ("FOV_KEY", "FOV_RESPONSES", "FOV_LEDGER")
"""What belongs to the machine where releases are made, and never to a public web server."""

MUST_BE = {
    "server.enableXsrfProtection": (True, True, "andra webbplatser kan annars skicka frågor hit"),
    "server.enableCORS": (True, True, "andra webbplatser kan annars läsa härifrån"),
    "client.showErrorDetails": ("none", "full", "felmeddelanden visar annars programmets insida"),
    "browser.gatherUsageStats": (False, True, "läsarens webbläsare frågar annars en annan värd"),
    "runner.postScriptGC": (False, True, "varje ändring av ett filter tar annars längre tid"),
}
"""Option → what it must be, what Streamlit makes of it when nobody says, and why."""


def _is_folder(said: str) -> bool:
    return os.access(said, os.R_OK | os.X_OK) and Path(said).is_dir()


def _is_file(said: str) -> bool:
    return os.access(said, os.R_OK) and Path(said).is_file()


def _can_be_folder(said: str) -> bool:
    """Whether it is a folder or can be made: these the programs make themselves."""
    return _is_folder(said) or (not Path(said).exists() and _is_folder(str(Path(said).parent)))


_FOLDER, _FILE = "en mapp som går att läsa", "en fil som går att läsa"
VARIABLES: dict[str, tuple[Callable[[str], bool], str]] = {
    "FOV_RELEASE": (_is_folder, _FOLDER),
    "FOV_REGISTRY": (_is_folder, _FOLDER),
    "FOV_RESPONSES": (_can_be_folder, "en mapp, eller en plats där den kan göras"),
    "FOV_PRACTICE": (_can_be_folder, "en mapp, eller en plats där den kan göras"),
    "FOV_LEDGER": (_can_be_folder, "en mapp, eller en plats där den kan göras"),
    "FOV_KEY": (_is_file, _FILE),
    "FOV_DESK_ACCOUNTS": (_is_file, _FILE),
    "FOV_DESK_SIGN_IN": (_is_file, _FILE),
    "FOV_DESK_ADDRESS": (lambda said: "/" not in said, "ett namn eller en IP-adress"),
    "FOV_SIGN_IN": (_is_file, _FILE),
    "FOV_ACCOUNTS": (_is_file, _FILE),
    "FOV_ADDRESS": (lambda _: bool(_web_address()), "en webbadress, https://namn"),
    "FOV_LOG": (lambda said: said in ("json", "text"), "json eller text"),
}
"""Variable → whether it can be used as it is set, and what it should be."""


def variables() -> Iterator[Finding]:
    """Every FOV_* variable that is set: that it is known, and that it points at something."""
    found = {name: value for name, value in sorted(os.environ.items()) if name.startswith("FOV_")}
    for name, value in found.items():
        if name not in VARIABLES:
            near = get_close_matches(name, VARIABLES, 1)
            meant = f"Menas {near[0]}? " if near else ""
            yield remark(f"{name} finns inte och gör ingenting.", f"{meant}Rätta eller ta bort.")
            continue
        usable, wanted = VARIABLES[name]
        if not value:
            yield remark(f"{name} är satt men tom: det förvalda gäller.", "Fyll i eller ta bort.")
        elif usable(value):
            yield good(f"{name} är {wanted}.")
        else:
            yield fault(f"{name} ska vara {wanted}, men är {value}.", f"Sätt {name} rätt.")
    if "FOV_RELEASE" not in found:
        yield remark(
            f"FOV_RELEASE är inte satt: utgåvor läses i {settings.releases()}.",
            "Sätt FOV_RELEASE till mappen med utgåvor om de ligger någon annanstans.",
        )


def safe_side() -> Iterator[Finding]:
    """That nothing here points at answers, key or ledger."""
    there = [name for name in SAFE_SIDE if os.environ.get(name)]
    if there:
        yield remark(
            f"{', '.join(there)} är satt.",
            "På en publik webbserver ska svar, nyckel och liggare varken finnas eller pekas ut: ta "
            "bort det. På den betrodda datorn ska det vara så här.",
        )
    else:
        yield good("Ingenting pekar på svar, nyckel eller liggare.")


def sign_in() -> Iterator[Finding]:
    """Who may see the dashboard: everybody, or those on a list who sign in."""
    file, accounts = settings.sign_in(), settings.accounts()
    if not file and not accounts:
        yield good("Sidorna är öppna för alla: ingen inloggning är vald.")
        return
    try:
        if not file:
            raise SignInFault("FOV_ACCOUNTS är satt, men inte FOV_SIGN_IN.")
        signing_in.provider(file, "FOV_SIGN_IN")
        allowed = signing_in.accounts(accounts, "FOV_ACCOUNTS")
    except SignInFault as missing:
        yield fault(f"Inloggningen är vald till hälften. {missing}", "Servern startar inte så här.")
        return
    whom = "alla" if signing_in.EVERYBODY in allowed else f"{len(allowed)} konton eller domäner"
    yield good(f"Man loggar in för att se sidorna; {whom} får komma in.")


def streamlit() -> Iterator[Finding]:
    """The options of the web server that must not be otherwise."""
    try:
        said = {
            option: streamlit_option(option, usual) for option, (_, usual, _) in MUST_BE.items()
        }
    except (OSError, ValueError):
        yield fault(
            ".streamlit/config.toml saknas eller är inte TOML.",
            "Hämta filen på nytt ur programmet, och starta servern i programmets mapp.",
        )
        return
    for option, (wanted, _, why) in MUST_BE.items():
        must = str(wanted).lower()
        if str(said[option]).lower() == must:
            yield good(f"{option} är {must}.")
        else:
            variable = streamlit_variable(option)
            where = variable if variable in os.environ else ".streamlit/config.toml"
            yield fault(f"{option} är inte {must}: {why}.", f"Sätt det till {must} i {where}.")


def address() -> Iterator[Finding]:
    """FOV_ADDRESS: that links and the QR code lead somewhere, under cover of TLS."""
    said = settings.address()
    found = _web_address()
    if not said:
        yield good("FOV_ADDRESS är inte satt: länkar leder till den adress som läsaren kom till.")
    elif not found:
        yield fault("FOV_ADDRESS är ingen webbadress.", "Skriv den som i webbläsaren: https://namn")
    elif found.scheme == "http" and not _is_local(str(found.hostname)):
        yield remark(
            f"Läsarna hänvisas till {said}, utan kryptering.",
            "Sätt upp https (deploy/nginx.conf) och skriv https:// i FOV_ADDRESS.",
        )
    else:
        yield good(f"Läsarna hänvisas till {said}.")


def _web_address() -> SplitResult | None:
    """FOV_ADDRESS in its parts; None where it is no web address."""
    said = settings.address()
    try:
        found = urlsplit(said)
        well_formed = (
            found.scheme in ("http", "https")
            and found.hostname is not None
            and (found.port is None or found.port > 0)
            and not (found.query or found.fragment or found.username or " " in said)
        )
    except ValueError:
        return None
    return found if well_formed else None


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
