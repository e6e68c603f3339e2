"""Servers that are measured: the dashboard as a service runs it, and bare Streamlit apps."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import memory
from fovdata import registry, settings
from fovdata.release import building

AS_A_SERVICE = {"FOV_LOG": "json", "MALLOC_ARENA_MAX": "2"}
"""What deploy/fov.env says."""
START = 60
"""Seconds that a server may take to start."""


@dataclass(frozen=True)
class Server:
    """A server on this machine: its ``host`` with port, and its process."""

    host: str
    process: int

    @property
    def memory(self) -> float:
        """MB resident."""
        return memory(process=self.process)


@dataclass(frozen=True)
class Demo:
    """What all chapters look at: a folder with a release of the demo answers, and its server."""

    releases: Path
    server: Server


@contextlib.contextmanager
def demo() -> Iterator[Demo]:
    """The demo, served."""
    with released() as releases, dashboard(releases) as server:
        yield Demo(releases, server)


@contextlib.contextmanager
def dashboard(releases: Path, **variables: str) -> Iterator[Server]:
    """The dashboard on the newest release in a folder."""
    variables = {**AS_A_SERVICE, "FOV_RELEASE": str(releases), **variables}
    with streamlit("app.py", settings.ROOT, **variables) as server:
        yield server


@contextlib.contextmanager
def streamlit(script: str, folder: Path, *options: str, **variables: str) -> Iterator[Server]:
    """A Streamlit app in a folder, whose own ``.streamlit/config.toml`` is in force."""
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    command += [*options, "--server.port"]
    with running(command, "/_stcore/health", folder, **variables) as server:
        yield server


@contextlib.contextmanager
def running(
    command: Sequence[str], health: str, folder: Path = settings.ROOT, **variables: str
) -> Iterator[Server]:
    """Start a server whose command ends with its port; wait until the path ``health`` answers."""
    port = _free_port()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=folder,
            env={**os.environ, **variables},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _answers(f"http://localhost:{port}{health}", process):
                said.seek(0)
                raise SystemExit(f"The server did not start.\n{said.read().decode()}")
            yield Server(f"localhost:{port}", process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextlib.contextmanager
def released(answers: Path = settings.DEMO) -> Iterator[Path]:
    """A folder with a release of some answers."""
    with tempfile.TemporaryDirectory() as made:
        releases = Path(made) / "releases"
        building.build(answers, releases, Path(made) / "ledger", registry.load())
        yield releases


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(address):
            return True
        time.sleep(0.02)
    return False
