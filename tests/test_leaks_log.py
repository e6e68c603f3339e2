"""What the server writes to its log, and sends when it fails: nothing of anybody's answers.

The log is read by others than the release is, and kept longer: it says what went wrong and where,
never what a reader had chosen. Streamlit's server keeps no list of addresses either.
"""

import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from leaking import Row, altered, answers, calls, holds_an_answer_or_the_key
from pages_under_test import MAIN, run
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from fovdata import measures, settings
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.figures.release import Release

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, HANDING_IN = PAGES

CHOSEN = ("sofint", "55-64", "kvinna", "hemligt-värde", "hemligt-namn")
"""What readers choose or type, in words that no line of the program has on its own."""

UNREADABLE = "Utgåva 2 i FOV_RELEASE är inte hel: counts.parquet saknas eller är ändrad."
SAID = re.compile(
    r"  You can now view your Streamlit app in your browser\.|  URL: http://localhost:\d+"
    r"|  Stopping\.\.\.|A page failed|A request failed|Exception in ASGI application"
    r"|/.*/[12] is passed over: Utgåva [12] i FOV_RELEASE är inte hel: [a-zåäö. ]+\. "
    r"Hämta utgåvan på nytt eller gör en ny med: python -m fovdata release|KeyError: 'n\|all'|"
)
"""Every line of the log that is no part of a traceback."""
TRACE = re.compile(r"Traceback \(most recent call last\):|  .*")
BOX = re.compile("[─ ].*")
"""Streamlit draws a traceback of its own: the program's lines, no values."""
COLOUR = re.compile("\N{ESCAPE}\\[[0-9;]*m")


@pytest.fixture
def failing(releases: Path, tmp_path: Path) -> Path:
    """A release that fails where gender and age are asked for, and after it a damaged one."""

    def gap(rows: list[Row]) -> list[Row]:
        return [
            row for row in rows if (row["dimensions"], row["label"]) != ("gender,age", measures.ALL)
        ]

    folder = altered(releases, tmp_path / "utgåvor", gap)
    damaged = folder / "2"
    damaged.mkdir()
    for file in (folder / "1").iterdir():
        (damaged / file.name).write_bytes(file.read_bytes()[:-1] + b"}")
    return folder


@contextmanager
def running(releases: Path, log: Path) -> Iterator[str]:
    """Start the dashboard as `make run` does, on a free port, with all that it says in ``log``."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=settings.ROOT,
            env={**os.environ, "FOV_RELEASE": str(releases)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        until = time.monotonic() + 30
        while not started(f"http://localhost:{port}"):
            assert process.poll() is None, "the server stopped while it started"
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)
        yield f"localhost:{port}"
    finally:
        process.kill()
        process.wait()


def started(address: str) -> bool:
    try:
        return httpx.get(f"{address}/_stcore/health").is_success
    except httpx.TransportError:
        return False


def opened(address: str, page: Page, **chosen: str) -> str:
    """Everything that the server sends to a browser which opens a page, as one text."""
    asked = BackMsg()
    asked.rerun_script.page_name = page.url
    asked.rerun_script.query_string = urlencode(chosen)
    sent: list[str] = []
    where = f"ws://{address}/_stcore/stream"
    with connect(where, subprotocols=[Subprotocol("streamlit")], max_size=None) as browser:
        browser.send(asked.SerializeToString())
        while True:
            message = ForwardMsg.FromString(browser.recv(timeout=30))
            # Letters beyond ASCII are written as the bytes of UTF-8, in octal.
            octal = repr(message).encode().decode("unicode_escape")
            sent.append(octal.encode("latin-1").decode(errors="replace"))
            if message.WhichOneof("type") == "script_finished":
                return "\n".join(sent)


def test_neither_the_log_nor_a_failure_says_what_was_chosen_or_who_answered(
    failing: Path, tmp_path: Path
) -> None:
    log = tmp_path / "logg"
    with running(failing, log) as address:
        api = f"http://{address}/api/v1"
        for chosen in ({"federation": "sofint"}, {"age": "hemligt-värde"}):
            drawn = opened(address, EXPOSURE, **chosen)
            assert "Utgåva 1" in drawn
            assert "Något gick fel" not in drawn
        page = opened(address, GENDER, age="55-64")
        assert httpx.get(f"{api}/shares", params={"federation": "sofint"}).is_success
        request = httpx.get(f"{api}/women-and-men", params={"age": "55-64"})
        refused = httpx.get(f"{api}/shares", params={"gender": "hemligt-värde"})
        unknown = httpx.get(f"http://{address}/hemligt-namn", params={"gender": "kvinna"})
        posted = httpx.post(f"{api}/shares", params={"gender": "kvinna"})
        measured = httpx.get(f"http://{address}/_stcore/metrics")
        (failing / "1" / "release.json").unlink()
        unreadable = httpx.get(f"{api}/shares", params={"federation": "sofint"})
        unreadable_page = opened(address, EXPOSURE, federation="sofint")
    assert page.count("Något gick fel på sidan") == 1
    assert request.json() == {
        "error": "failed",
        "message": "Något gick fel. Försök igen senare.",
    }
    assert (refused.status_code, unknown.status_code, posted.status_code) == (422, 404, 405)
    assert unreadable.status_code == 503
    assert unreadable.json()["message"].startswith(UNREADABLE)
    for failure in (page, request.text, unreadable.text, unreadable_page):
        assert "Traceback" not in failure
        assert measures.ALL not in failure
        assert str(failing) not in failure
    for answer in (refused.text, unknown.text, posted.text, measured.text):
        assert not any(word in answer for word in CHOSEN if word != "kvinna")
    said = COLOUR.sub("", log.read_text(encoding="utf-8"))
    # How many times does not matter here: which errors they are is asked below.
    assert "A page failed" in said
    assert "A request failed" in said
    assert not any(word in said for word in CHOSEN)
    assert not holds_an_answer_or_the_key(said)
    unforeseen = [
        line
        for line in said.splitlines()
        if not any(known.fullmatch(line) for known in (SAID, TRACE, BOX))
    ]
    assert not unforeseen


def test_what_goes_well_is_not_logged_at_all(
    releases: Path, release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for _ in answers(releases, [*calls(release)][::29], "json", "csv"):
            pass
        for page in (COVERAGE, GENDER, EXPOSURE):
            app = AppTest.from_file(MAIN, default_timeout=30).switch_page(str(page.path))
            app.query_params.update({"region": ["17"], "colour": ["hemligt-värde"]})
            run(app, releases)
    assert not of_the_program(caplog)
    assert not any("hemligt-värde" in record.getMessage() for record in caplog.records)


def of_the_program(caplog: pytest.LogCaptureFixture) -> Sequence[logging.LogRecord]:
    return [record for record in caplog.records if record.name.startswith("fovdata")]
