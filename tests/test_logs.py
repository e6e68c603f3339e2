"""A line of a service's log: JSON that holds what stands in a program, and nothing that it met."""

import ast
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from fovdata import settings
from fovdata.dashboard.logs import Lines

SECRET = "hemligt-värde"


class Kept(logging.Handler):
    """Keeps every record as its line, as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Lines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def last(self) -> dict[str, Any]:
        assert SECRET not in self.lines[-1]
        assert "\n" not in self.lines[-1]
        return dict(json.loads(self.lines[-1]))


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    loggers = [logging.getLogger(name) for name in ("library", "fovdata")]
    for logger in loggers:
        logger.addHandler(handler)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)


def test_a_library_s_line_is_its_template_without_what_was_put_in(kept: Kept) -> None:
    logging.getLogger("library").warning("Rejected origin=%s", SECRET)
    assert kept.last["message"] == "Rejected origin=%s"
    assert (kept.last["level"], kept.last["logger"]) == ("WARNING", "library")
    assert kept.last["at"].startswith("test_logs:")
    assert kept.last["time"].endswith("+00:00")


@pytest.mark.parametrize("value", [SECRET, ValueError(SECRET), 17])
def test_what_a_library_composes_is_not_kept(kept: Kept, value: object) -> None:
    logging.getLogger("library").error(f"Cannot use {value}")
    assert kept.last["message"] == ""
    logging.getLogger("library").error(value)
    assert kept.last["message"] == ""
    assert kept.last["at"].startswith("test_logs:")


def test_an_exception_is_its_types_and_its_way(kept: Kept) -> None:
    try:
        try:
            os.environ[SECRET]
        except KeyError:
            raise ValueError(SECRET)  # noqa: B904
    except ValueError:
        logging.getLogger("fovdata.api").exception("A request failed")
    last = kept.last
    assert last["message"] == "A request failed"
    assert [one["type"] for one in last["exceptions"]] == ["ValueError", "KeyError"]
    (way,) = last["exceptions"][0]["way"]
    assert way.startswith("tests/test_logs.py:")
    assert way.endswith("test_an_exception_is_its_types_and_its_way")


def test_an_exception_in_a_library_says_where_it_was_raised(kept: Kept) -> None:
    try:
        json.loads(SECRET)
    except json.JSONDecodeError as error:
        logging.getLogger("library").error("No JSON", exc_info=error)
    (found,) = kept.last["exceptions"]
    assert found["raised"].startswith("decoder.py:")
    assert [way.split(":")[0] for way in found["way"]] == ["tests/test_logs.py"]


def test_a_thread_that_ends_and_a_warning_are_lines_too() -> None:
    program = f"""
import threading, warnings
from streamlit import logger
from fovdata.dashboard import logs
logs.set_up()
warnings.warn("{SECRET}")
logger.get_logger("made.later").warning("Discarding %s", "{SECRET}")
thread = threading.Thread(target=int, args=["{SECRET}"])
thread.start()
thread.join()
int("{SECRET}")
"""
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.ROOT,
        env={**os.environ, "FOV_LOG": "json"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not said.stdout
    assert SECRET not in said.stderr
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [(line["logger"], line["message"]) for line in lines] == [
        ("fovdata", "The dashboard starts"),
        ("py.warnings", ""),
        ("made.later", "Discarding %s"),
        ("fovdata", "A thread ended"),
        ("fovdata", "A thread ended"),
    ]
    assert lines[-1]["exceptions"][0]["type"] == "ValueError"


def test_this_program_s_own_lines_hold_no_values_but_these() -> None:
    said: dict[str, int] = {}
    for path in (settings.ROOT / "fovdata").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
                and ast.unparse(node.func.value).startswith(("logging.", "_log"))
            ):
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"
                said[str(node.args[0].value)] = len(node.args) - 1
    assert said == {
        "A page failed": 0,
        "A request failed": 0,
        "A thread ended": 0,
        "The dashboard starts": 0,
        # The type of an exception; a message of signing_in, which names files and options.
        "A sign-in did not come through: %s": 1,
        "Nobody is let in: %s": 1,
        "The sign-in's provider does not answer: %s": 1,
        "%s is passed over: %s": 2,
        "%s at\n%s": 2,  # the desk's: the type of an exception, and its way
    }
