"""Readers are drawn for one at a time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from fovdata.dashboard.turns import in_turn

READERS = 8


def test_nobody_is_drawn_for_while_somebody_else_is() -> None:
    drawing: list[int] = []
    met: list[int] = []
    all_here = threading.Barrier(READERS)

    @in_turn
    def card() -> None:
        met.append(len(drawing))

    @in_turn
    def page(reader: int) -> int:
        drawing.append(reader)
        card()  # within a turn there is no waiting for another
        time.sleep(0.01)
        met.append(len(drawing))
        drawing.remove(reader)
        return reader

    def comes(reader: int) -> int:
        all_here.wait()
        return page(reader)

    with ThreadPoolExecutor(READERS) as readers:
        assert [*readers.map(comes, range(READERS))] == [*range(READERS)]
    assert met == [1] * 2 * READERS


def test_a_page_that_fails_lets_the_next_one_through() -> None:
    @in_turn
    def fails() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        fails()
    with ThreadPoolExecutor(1) as other:
        assert other.submit(in_turn(lambda: "drawn")).result(timeout=10) == "drawn"
