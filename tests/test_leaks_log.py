"""What the server writes to its log, and sends when it fails: nothing of anybody's answers.

The log is read by others than the release is, and kept longer: it says what went wrong and where,
never what a reader had chosen. Streamlit's server keeps no list of addresses either.
"""

import json
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from leaking import Row, altered, answers, calls, holds_an_answer_or_the_key
from pages_under_test import MAIN, run
from servers import dashboard
from sockets import opened
from streamlit.testing.v1 import AppTest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from fovdata import measures
from fovdata.dashboard.navigation import PAGES
from fovdata.figures.release import Release

START, COVERAGE, GENDER, EXPOSURE, FEDERATION, COMPARED, PRESENTED, METHOD, HANDING_IN, *_ = PAGES

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


def test_neither_the_log_nor_a_failure_says_what_was_chosen_or_who_answered(
    failing: Path, tmp_path: Path
) -> None:
    log = tmp_path / "logg"
    with dashboard(failing, log) as (address, _):
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


STANDS_IN_A_PROGRAM = (
    "The dashboard starts",
    "A page failed",
    "A request failed",
    "Uncaught app execution",
    "Error deserializing back message",
    "Exception in ASGI application\n",
)


def until_closed(browser: ClientConnection) -> None:
    """Wait until the server has closed a socket."""
    with suppress(ConnectionClosed):
        while True:
            browser.recv(timeout=30)


def test_the_log_of_a_service_is_json_with_nothing_that_anybody_chose(
    failing: Path, tmp_path: Path
) -> None:
    log = tmp_path / "logg"
    with dashboard(failing, log, FOV_LOG="json") as (address, _):
        opened(address, GENDER, age="55-64")
        opened(address, EXPOSURE, age="hemligt-värde")
        for path in ("shares?gender=hemligt-värde", "women-and-men?age=55-64", "hemligt-namn"):
            httpx.get(f"http://{address}/api/v1/{path}", headers={"Cookie": "hemligt-namn=1"})
        for sent in (b"\xff hemligt-namn", "hemligt-namn"):
            with connect(f"ws://{address}/_stcore/stream?x=hemligt-namn") as browser:
                browser.send(sent)
                until_closed(browser)
        with pytest.raises(InvalidStatus):
            connect(f"ws://{address}/_stcore/stream", origin=Origin("https://hemligt-namn"))
    said = log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in said.splitlines()]
    assert {line["message"].split(" is passed over: ")[0] for line in lines} == {
        *STANDS_IN_A_PROGRAM,
        str(failing / "2"),
    }
    assert all({"time", "level", "logger", "message", "at"} <= set(line) for line in lines)
    assert not any(word in said for word in (*CHOSEN, "127.0.0.1", measures.ALL))
    assert not holds_an_answer_or_the_key(said)
    (page,) = (line for line in lines if line["message"] == "A page failed")
    (error,) = page["exceptions"]
    assert error["type"] == "KeyError"
    assert error["raised"].startswith("release.py:")
    assert [way.split(":")[0] for way in error["way"]][:3] == [
        "fovdata/dashboard/views.py",
        "fovdata/dashboard/turns.py",
        "fovdata/dashboard/views.py",
    ]


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
