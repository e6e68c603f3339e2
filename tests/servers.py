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
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def running(command: Sequence[str], health: str, log: Path, **variables: str) -> Iterator[None]:
    """Start a module as a server, wait until it answers, stop it afterwards."""
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=settings.ROOT,
            env={**os.environ, **variables},
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + START
            while not _answers(health):
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.1)
            yield
        finally:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(address).is_success
    except httpx.TransportError:
        return False


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
