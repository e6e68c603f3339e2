"""The log of a server that runs as a service: JSON, one object a line, and nobody's data.

Lines say when, how grave, which logger, what and where in the program. They never hold an
argument, the text of an exception, an address, a client or a cookie: what a reader chose may stand
in each of those. What the libraries write is kept only as far as it stands in their program word
for word.
"""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import walk_tb
from types import FrameType

from streamlit import config
from streamlit import logger as streamlit_logger

from fovdata import settings

OWN = "fovdata"
"""Loggers of this program: what they write is formatted, and a test reads every call of them."""


def set_up() -> None:
    """Write JSON from here on if FOV_LOG says so; a person at a terminal reads plain text."""
    if not settings.log_is_json():
        return
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.captureWarnings(True)
    # Streamlit gives each logger a handler of its own, those it makes later too.
    streamlit_logger.setup_formatter = _write_at_the_root
    for name in [*logging.root.manager.loggerDict]:
        _write_at_the_root(logging.getLogger(name))
    # Neither who asked for what, nor every socket that opens and closes.
    logging.getLogger("uvicorn.access").propagate = False
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config.set_option("logger.enableRich", False)  # draws tracebacks beside the log
    threading.excepthook = lambda args: _ended(args.exc_value)
    sys.excepthook = lambda _type, error, _trace: _ended(error)
    logging.getLogger(OWN).info("The dashboard starts")


def _write_at_the_root(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True


def _ended(error: BaseException | None) -> None:
    if not isinstance(error, SystemExit):
        logging.getLogger(OWN).critical("A thread ended", exc_info=error)


class Lines(logging.Formatter):
    """A record of the log as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
            "at": f"{record.module}:{record.lineno}",
        }
        if isinstance(record.exc_info, tuple) and record.exc_info[1]:
            line["exceptions"] = [*_exceptions(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False)


def _words(record: logging.LogRecord) -> str:
    """What was logged, if it is this program's; else its template, if it is written down so."""
    if record.name.split(".")[0] == OWN:
        return record.getMessage()
    frame: FrameType | None = sys._getframe()
    while frame and (frame.f_code.co_filename, frame.f_lineno) != (record.pathname, record.lineno):
        frame = frame.f_back
    return record.msg if frame and record.msg in frame.f_code.co_consts else ""


def _exceptions(error: BaseException | None) -> Iterator[dict[str, object]]:
    """The exception and those behind it, each by its type and its way through this program."""
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        frames = [
            (f.f_code.co_filename, line, f.f_code.co_name)
            for f, line in walk_tb(error.__traceback__)
        ]
        own = [
            f"{name}:{line} {function}" for path, line, function in frames if (name := _own(path))
        ]
        last = [f"{Path(path).name}:{line} {function}" for path, line, function in frames[-1:]]
        yield {"type": type(error).__qualname__, "way": own, "raised": "".join(last)}
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _own(path: str) -> str:
    """A file of this program, as it lies in it; empty for a library's."""
    file = Path(path)
    within = file.is_relative_to(settings.ROOT) and "site-packages" not in file.parts
    return str(file.relative_to(settings.ROOT)) if within else ""
