"""A viewer of a page as the server sees one: Streamlit's own protocol, without a browser.

    python -m bench.viewers HOST:PORT kon 20

opens the page, changes a filter twenty times and says how long each change took.
"""

import asyncio
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 30
"""Seconds after which a run has failed."""
FAILED = "Något gick fel på sidan"
CHOOSERS = ("multiselect", "selectbox")
CHARTS = ("vega_lite_chart", "deck_gl_json_chart")
ENDED_WELL = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass(frozen=True)
class Run:
    """A run of a page's script: seconds until its end was here, bytes, and what went wrong.

    ``charts`` is the seconds until the last of its charts was here, 0 if it drew none.
    """

    seconds: float
    size: int
    error: str = ""
    charts: float = 0


@dataclass
class Chooser:
    """A filter that stands open on the page: what can be chosen, what is, and what that runs."""

    label: str
    several: bool
    options: Sequence[str]
    chosen: list[str]
    fragment: str


@dataclass
class Viewer:
    """Somebody who looks at one page and changes its filters; leaves at the end of the block."""

    host: str
    page: str
    chance: random.Random = field(default_factory=random.Random)
    query: str = ""
    _choosers: dict[str, Chooser] = field(default_factory=dict)
    _hash: str = ""

    async def __aenter__(self) -> Self:
        self._socket: ClientConnection = await connect(
            f"ws://{self.host}/_stcore/stream",
            origin=Origin(f"http://{self.host}"),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            close_timeout=1,  # a flooded server does not say good-bye
        )
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        await self._socket.close()

    async def arrive(self) -> Run:
        """The first run of the page, with the choices that ``query`` names."""
        message = BackMsg()
        message.rerun_script.page_name = self.page
        message.rerun_script.query_string = self.query
        return await self._run(message)

    async def change(self) -> Run:
        """Choose something else in one of the page's filters, or nothing; run the page anew."""
        name, chooser = self.chance.choice([*self._choosers.items()])
        others = [[one] for one in chooser.options if [one] != chooser.chosen]
        clear = chooser.several and chooser.chosen and self.chance.random() < 1 / 3
        return await self.choose(name, [] if clear else self.chance.choice(others))

    async def choose(self, name: str, chosen: list[str], whole_page: bool = False) -> Run:
        """Choose in the filter whose id ends with ``name``: runs its fragment, if it has one."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self._hash
        message.rerun_script.query_string = self.query
        message.rerun_script.fragment_id = "" if whole_page else self.chooser(name).fragment
        for widget, chooser in self._choosers.items():
            state = message.rerun_script.widget_states.widgets.add(id=widget)
            now = chosen if widget.endswith(name) else chooser.chosen
            if chooser.several:
                state.string_array_value.data.extend(now)
            elif now:
                state.string_value = now[0]
        return await self._run(message)

    def chooser(self, name: str) -> Chooser:
        """The filter whose id ends with ``name``. Raises StopIteration if none does."""
        return next(one for widget, one in self._choosers.items() if widget.endswith(name))

    async def _run(self, asked: BackMsg) -> Run:
        started, size, error, charts = time.perf_counter(), 0, "", 0.0
        await self._socket.send(asked.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while True:
                received = await self._socket.recv(decode=False)
                size += len(received)
                message = ForwardMsg.FromString(received)
                kind = message.WhichOneof("type")
                if message.delta.new_element.WhichOneof("type") in CHARTS:
                    charts = time.perf_counter() - started
                if kind == "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    if message.script_finished not in ENDED_WELL:
                        error = error or "the run did not end well"
                    return Run(time.perf_counter() - started, size, error, charts)
                error = error or self._read(message, kind)

    def _read(self, message: ForwardMsg, kind: str | None) -> str:
        """Remember what the page offers; returns what has gone wrong, if something has."""
        if kind == "new_session":
            parts = message.metadata.run.fragment_ids
            self._choosers = {
                name: one
                for name, one in self._choosers.items()
                if parts and one.fragment not in parts
            }
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            element = message.delta.new_element
            what = element.WhichOneof("type")
            if what in CHOOSERS:
                widget = element.multiselect if what == CHOOSERS[0] else element.selectbox
                self._offer(widget, message.delta.fragment_id)
            elif what == "exception":
                return f"exception: {element.exception.type}"
            elif what == "alert" and FAILED in element.alert.body:
                return FAILED
        elif kind == "page_not_found":
            return "no such page"
        return ""

    def _offer(self, widget, fragment: str) -> None:  # type: ignore[no-untyped-def]  # of either kind
        options = [*widget.options]
        self._choosers.pop(widget.id, None)
        if widget.disabled or len(options) < 2:
            return
        several = hasattr(widget, "raw_values")
        if several:
            chosen = [*(widget.raw_values if widget.set_value else ())]
        else:
            first = options[widget.default] if widget.HasField("default") else ""
            chosen = [widget.raw_value if widget.set_value else first]
        self._choosers[widget.id] = Chooser(widget.label, several, options, chosen, fragment)


async def _look(host: str, page: str, changes: int) -> None:
    async with Viewer(host, page) as viewer:
        print("opened", await viewer.arrive())
        for _ in range(changes):
            print(await viewer.change(), viewer.query)


if __name__ == "__main__":
    asyncio.run(_look(sys.argv[1], sys.argv[2], int(sys.argv[3])))
