"""The desk is started: on one's own machine, or as a service for those who sign in."""

import os
import socket
import sys
from typing import NoReturn

from fovdata import settings, signing_in
from fovdata.desk import entrance
from fovdata.desk.entrance import Mode
from fovdata.desk.navigation import DESK
from fovdata.intake import reading
from fovdata.signing_in import SignInFault

ADDRESS = "FOV_DESK_ADDRESS"
"""Where the server listens; any other than this machine's own makes it a service."""

_APP = "fovdata/desk/app.py"
_MEBIBYTE = 2**20


class ServeFault(Exception):
    """The desk cannot be opened as asked; says in Swedish what is missing."""


def serve(port: int, practice: bool, service: bool) -> NoReturn:
    """Open the desk in place of this process. Raises ServeFault where it may not be opened.

    The server stops as any command does: Ctrl+C, or a signal.
    """
    address = os.environ.get(ADDRESS) or "localhost"
    mode = Mode.SERVICE if service or not signing_in.is_local(address) else Mode.OWN_MACHINE
    _check(mode, address, port)
    kind = "övning" if practice else "verkliga svar"
    print(f"{DESK} ({kind}): http://{address}:{port}  Avsluta med Ctrl+C.", flush=True)
    environment = {
        **os.environ,
        entrance.MODE: mode,
        entrance.PRACTICE: "1" if practice else "",
    }
    os.chdir(settings.ROOT)  # where .streamlit/config.toml is, and the package
    os.execve(sys.executable, _command(address, port, mode), environment)


def _check(mode: Mode, address: str, port: int) -> None:
    if mode is Mode.SERVICE:
        try:
            signing_in.provider(entrance.sign_in_file(), entrance.SIGN_IN)
            entrance.accounts()
        except SignInFault as fault:
            raise ServeFault(
                f"{DESK} kan inte öppnas för andra än dig vid din egen dator. {fault}"
            ) from None
    if address.startswith("unix://"):
        raise ServeFault(f"{ADDRESS} ska vara ett namn eller en IP-adress.")
    try:
        with socket.create_server((address, port), reuse_port=False):
            pass
    except (OSError, OverflowError):
        raise ServeFault(
            f"Porten {port} på {address} är upptagen eller får inte användas. Ange en annan med "
            "--port."
        ) from None


def _command(address: str, port: int, mode: Mode) -> list[str]:
    options = {
        "server.address": address,
        "server.port": port,
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "server.maxUploadSize": -(-reading.DESK.bytes // _MEBIBYTE),  # rounded up
        "server.enableXsrfProtection": "true",
        "server.enableCORS": "true",
        "server.enableStaticServing": "false",
        "server.enableAgentApi": "false",
        "browser.gatherUsageStats": "false",
        "client.showErrorDetails": "none",
        "logger.hideWelcomeMessage": "true",
        "client.toolbarMode": "minimal",
    }
    if mode is Mode.SERVICE:
        options["secrets.files"] = str(entrance.sign_in_file().resolve())
    command = [sys.executable, "-m", "streamlit", "run", _APP]
    for name, value in options.items():
        command += [f"--{name}", str(value)]
    return command
