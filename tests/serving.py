"""A server as it is run, for tests that ask it from outside."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from fovdata import settings
from fovdata.dashboard.navigation import Page

QUIET = {"STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE": "true"}


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(
    releases: Path, log: Path, **environment: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the dashboard as `make run` does, on a free port, with all that it says in ``log``.

    Gives its host and port, and its process, which is stopped afterwards.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=settings.ROOT,
            env={**os.environ, **QUIET, "FOV_RELEASE": str(releases), **environment},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 30
        while not started(f"http://localhost:{port}"):
            assert process.poll() is None, "the server stopped while it started"
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        yield f"localhost:{port}", process
    finally:
        process.kill()
        process.wait()


@contextmanager
def running(releases: Path, log: Path, **environment: str) -> Iterator[str]:
    """The same, of which only the address matters."""
    with serving(releases, log, **environment) as (address, _):
        yield address


def started(address: str) -> bool:
    try:
        return httpx.get(f"{address}/_stcore/health").is_success
    except httpx.TransportError:
        return False


def opened(address: str, page: Page, **chosen: str) -> str:
    """Everything that the server sends to a browser which opens a page, as one text."""
    where = f"ws://{address}/_stcore/stream"
    with connect(where, subprotocols=[Subprotocol("streamlit")], max_size=None) as browser:
        return drawn(browser, page, **chosen)


def drawn(browser: ClientConnection, page: Page, **chosen: str) -> str:
    """The same over a socket that is open."""
    asked = BackMsg()
    asked.rerun_script.page_name = page.url
    asked.rerun_script.query_string = urlencode(chosen)
    browser.send(asked.SerializeToString())
    sent: list[str] = []
    while True:
        message = ForwardMsg.FromString(browser.recv(timeout=30))
        # Letters beyond ASCII are written as the bytes of UTF-8, in octal.
        octal = repr(message).encode().decode("unicode_escape")
        sent.append(octal.encode("latin-1").decode(errors="replace"))
        if message.WhichOneof("type") == "script_finished":
            return "\n".join(sent)
