"""One run of a page at a time."""

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")

_TURN = threading.RLock()
"""Held again by what is drawn within a run."""


def in_turn(draw: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """What draws for one reader while nobody else is drawn for.

    Streamlit runs each reader's script in a thread, and Python one thread at a time. Readers who
    take turns have waited for those before them; were all drawn for at once, each would be done
    when the last one is, and what is ready would not be sent meanwhile.
    """

    @wraps(draw)
    def drawn(*args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer:
        with _TURN:
            return draw(*args, **kwargs)

    return drawn
