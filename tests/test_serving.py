"""A server as a service runs it: is it well, does it stop, and whom does it let in."""

import shutil
import signal
import time
from pathlib import Path

import httpx
import pytest
from servers import dashboard
from sockets import opened
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from fovdata.dashboard.navigation import PAGES

STREAMLIT = [Subprotocol("streamlit")]


def test_a_load_balancer_hears_whether_there_is_something_to_show(
    releases: Path, tmp_path: Path
) -> None:
    shutil.copytree(releases, tmp_path / "utgåvor")
    with (
        dashboard(tmp_path / "utgåvor", tmp_path / "logg") as (address, _),
        httpx.Client(base_url=f"http://{address}") as browser,
    ):
        well = browser.get("/api/v1/health")
        assert (well.status_code, well.json()["status"]) == (200, "ok")
        assert well.headers["cache-control"] == "no-cache"
        shutil.rmtree(tmp_path / "utgåvor" / "1")
        assert browser.get("/api/v1/health").status_code == 503
        # That the process lives is another question, for what starts it anew.
        assert browser.get("/_stcore/health").status_code == 200
        shutil.copytree(releases / "1", tmp_path / "utgåvor" / "1")
        assert browser.get("/api/v1/health").status_code == 200


def test_a_server_that_is_told_to_stop_closes_its_sockets_and_ends(
    releases: Path, tmp_path: Path
) -> None:
    with dashboard(releases, tmp_path / "logg", FOV_LOG="json") as (address, process):
        opened(address, PAGES[0])
        with connect(f"ws://{address}/_stcore/stream", subprotocols=STREAMLIT) as browser:
            started = time.monotonic()
            process.terminate()
            with pytest.raises(ConnectionClosedError):
                _ = [*browser]
            assert browser.close_code == 1012  # the service starts anew: browsers come back
        # uvicorn has shut down in order and then ends by the signal, as a shell expects; systemd
        # counts that as success.
        assert process.wait(timeout=10) == -signal.SIGTERM
        assert time.monotonic() - started < 5
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://{address}/")
    assert "ERROR" not in (tmp_path / "logg").read_text()


def test_only_a_page_of_the_same_host_opens_a_socket(releases: Path, tmp_path: Path) -> None:
    with dashboard(releases, tmp_path / "logg") as (address, _):
        where = f"ws://{address}/_stcore/stream"
        with connect(where, subprotocols=STREAMLIT, origin=Origin(f"http://{address}")) as own:
            assert own.subprotocol == "streamlit"
        for origin in ("https://annan.example", "http://localhost", "null", f"http://{address}0"):
            started = time.monotonic()
            with pytest.raises(InvalidStatus) as refused:
                connect(where, subprotocols=STREAMLIT, origin=Origin(origin))
            assert refused.value.response.status_code == 403
            # Streamlit would have asked another host for this machine's address first.
            assert time.monotonic() - started < 1
    # And it would have written down who asked.
    assert not (tmp_path / "logg").read_text()
