"""Servers that a test starts: programs on this machine, a provider to sign in with among them."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from fovdata import settings

START = 30
"""Seconds that a server may take to start."""

ANNA = {"sub": "anna", "email": "anna@forbund.example", "email_verified": True}
EVA = {"sub": "eva", "email": "eva@annan.example", "email_verified": True}


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], health: str, log: Path, root: Path = settings.ROOT, **variables: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a module as a server, wait until it answers, stop it afterwards.

    ``root`` is where the program lies, and ``log`` gets all that it says.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=root,
            env={**os.environ, **variables},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + START
        while not answers(health):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def answers(address: str) -> bool:
    """Whether a server at an address is well."""
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


@contextmanager
def dashboard(
    releases: Path, log: Path, root: Path = settings.ROOT, **variables: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the dashboard as `make run` does, on a free port: its host and port, its process."""
    port = free_port()
    host = f"localhost:{port}"
    command = ("streamlit", "run", "app.py", "--server.port", str(port))
    said = {"STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true", "FOV_RELEASE": str(releases)}
    health = f"http://{host}/_stcore/health"
    with running(command, health, log, root, **{**said, **variables}) as process:
        yield host, process


@contextmanager
def provider(port: int, log: Path, *people: Mapping[str, object]) -> Iterator[None]:
    """A provider of sign-ins on this machine, which knows these people."""
    claims = [part for person in people for part in ("--user-claims", json.dumps(person))]
    command = ("oidc_provider_mock", "-p", str(port), *claims)
    with running(command, metadata(port), log):
        yield


def metadata(port: int) -> str:
    """Where the provider at a port says how one signs in with it."""
    return f"http://localhost:{port}/.well-known/openid-configuration"


def write_sign_in(file: Path, server: int, provider: int, secret: str) -> None:
    """Write how one signs in to a server, by their ports; ``secret`` signs its cookie."""
    file.write_text(
        f"""[auth]
        redirect_uri = "http://localhost:{server}/oauth2callback"
        cookie_secret = "{secret}"
        client_id = "mottagningen"
        client_secret = "hemlig"
        server_metadata_url = "{metadata(provider)}"
        """
    )


def write_accounts(file: Path, *accounts: str) -> None:
    """Write who may come in, at one stroke."""
    new = file.with_suffix(".ny")
    new.write_text("\n".join(accounts) + "\n", encoding="utf-8")
    new.chmod(0o600)
    new.replace(file)
