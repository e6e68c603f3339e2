"""The limit of every page: a bare Streamlit page with as many charts, the page's own, ready-made.

What a page of the dashboard draws is recorded over the real protocol, for each of some choices in
one filter. Bare apps draw the same again behind a filter of the same kind, and nothing else.
"""

import asyncio
import contextlib
import gzip
import json
import shutil
import tempfile
import urllib.request
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pydeck
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.servers import Server, streamlit
from bench.viewers import Viewer
from fovdata import settings

APPS = Path(__file__).parent / "apps"
READY, OBJECTS, WHOLE = "ready.py", "objects.py", "whole.py"
"""The bare apps: with ready-made charts, with Altair objects made at every run, and with every
element of the recorded page, ready-made."""
STOCK_MAP, RERUN = "stock_map.py", "rerun.py"
"""With a map as pydeck makes one, and with nothing but the filter and a word."""
_FILE = "recording.json"
FILTER = "-filter"
"""How the id of a bare app's filter ends."""

QUIETLY = """
[server]
address = "localhost"
fileWatcherType = "none"
enableStaticServing = true
[browser]
gatherUsageStats = false
[client]
toolbarMode = "minimal"
"""
"""Settings without which a bare app would ask other hosts."""
NO_COLLECTION = "[runner]\npostScriptGC = false\n"


@dataclass(frozen=True)
class Chart:
    """A chart as it was sent: Vega-Lite with its data as Arrow, or deck.gl's JSON without."""

    spec: str
    arrow: str = ""

    @property
    def is_map(self) -> bool:
        """Whether deck.gl draws it."""
        return not self.arrow

    @cached_property
    def table(self) -> pa.Table:
        """The drawn rows."""
        return pa.ipc.open_stream(b64decode(self.arrow)).read_all()

    @cached_property
    def data(self) -> pd.DataFrame:
        """The drawn rows, as programs have them."""
        return self.table.to_pandas()

    @cached_property
    def vega_lite(self) -> dict[str, Any]:
        """The specification without data."""
        return dict(json.loads(self.spec))


@dataclass(frozen=True)
class Recording:
    """A page's charts for each of the choices in the filter ``label``, by what is chosen."""

    page: str
    label: str
    several: bool
    options: Sequence[str]
    charts: Mapping[str, Sequence[Chart]]
    borders: str = ""
    """The GeoJSON that its maps draw, of which their specifications have the address only."""
    messages: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Everything that was sent to draw the page as a whole, in base64."""
    drawn_anew: int = 0
    """So many elements a choice draws: all of the page's, or those of a part that follows it."""

    @property
    def number(self) -> int:
        """How many charts the page has."""
        return len(self.charts[self.options[0]])

    def save(self, file: Path) -> None:
        """Write it as JSON."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what ``save`` has written."""
        read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        charts = read.pop("charts").items()
        return cls(**read, charts={name: [Chart(**one) for one in drawn] for name, drawn in charts})


@dataclass
class Recorder(Viewer):
    """A viewer who keeps the charts of the last run, by where they stand on the page."""

    drawn: dict[tuple[int, ...], Chart] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    elements: int = 0
    borders: str = ""

    def _map(self, spec: str) -> Chart:
        (layer,) = json.loads(spec)["layers"]
        if not self.borders:
            with urllib.request.urlopen(f"http://{self.host}{layer['data']}") as answer:
                self.borders = gzip.decompress(answer.read()).decode()
        return Chart(spec.replace(layer["data"], "/app/static/borders.geojson"))

    def _read(self, message: ForwardMsg, kind: str | None) -> str:
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self.drawn, self.messages = {}, []
        elif kind == "delta":
            self.elements += 1
            element = message.delta.new_element
            place = tuple(message.metadata.delta_path)
            if element.HasField("vega_lite_chart"):
                arrow = b64encode(element.vega_lite_chart.data.data).decode()
                self.drawn[place] = Chart(element.vega_lite_chart.spec, arrow)
            elif element.HasField("deck_gl_json_chart"):
                self.drawn[place] = self._map(element.deck_gl_json_chart.json)
                element.deck_gl_json_chart.json = self.drawn[place].spec
            self.messages.append(b64encode(message.SerializeToString()).decode())
        return super()._read(message, kind)


@cache
def recorded(server: Server, page: str, name: str = "", choices: int = 6) -> Recording:
    """The page's charts for so many choices in the filter whose id ends with ``name``.

    Choices that hide a chart, or that look like another, are passed over. A filter of several has
    "" among them: nothing chosen. Without a name there is no filter. It is recorded once.
    """
    return asyncio.run(_recorded(server.host, page, name, choices))


async def _recorded(host: str, page: str, name: str, choices: int) -> Recording:
    async with Recorder(host, page) as viewer:
        await viewer.arrive()
        if not name:
            alone, sent = {"": [*viewer.drawn.values()]}, {"": viewer.messages}
            return Recording(page, "", False, [""], alone, viewer.borders, sent)
        chooser = viewer.chooser(name)
        charts: dict[str, Sequence[Chart]] = {}
        messages: dict[str, Sequence[str]] = {}
        drawn_anew = 0
        for option in [*[""] * chooser.several, *chooser.options]:
            chosen, viewer.elements = [option] if option else [], 0
            followed = await viewer.choose(name, chosen)
            drawn_anew = max(drawn_anew, viewer.elements)
            whole = await viewer.choose(name, chosen, whole_page=True)
            if error := followed.error or whole.error:
                raise SystemExit(f"{page}, {option}: {error}")
            drawn = [*viewer.drawn.values()]
            first = next(iter(charts.values()), drawn)
            if len(drawn) == len(first) and drawn not in charts.values():
                charts[option], messages[option] = drawn, [*viewer.messages]
            if len(charts) == choices:
                break
        label, several, options = chooser.label, chooser.several, [*charts]
        return Recording(
            page, label, several, options, charts, viewer.borders, messages, drawn_anew
        )


@contextlib.contextmanager
def app(found: Recording, script: str = READY, config: str = NO_COLLECTION) -> Iterator[Server]:
    """A bare app of bench/apps that shows a recording, with settings of its own."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "config.toml").write_text(QUIETLY + config, encoding="utf-8")
        shutil.copy(APPS / script, folder)
        found.save(folder / _FILE)
        if borders := found.borders:
            (folder / "static").mkdir()
            (folder / "static" / "borders.geojson").write_text(borders, encoding="utf-8")
        with streamlit(script, folder, PYTHONPATH=str(settings.ROOT)) as server:
            yield server


@cache
def recording() -> Recording:
    """What the app that runs here shows."""
    return Recording.load(Path(_FILE))


def ask(found: Recording) -> str:
    """Draw the filter; what is chosen."""
    chosen: list[str] = []
    if found.several:
        chosen = st.multiselect(found.label, found.options[1:], key="filter")
    elif found.label:
        chosen = [str(st.selectbox(found.label, found.options, key="filter"))]
    return chosen[0] if chosen else found.options[0]


class ReadyMap(pydeck.Deck):
    """A map whose JSON is there."""

    def __init__(self, chart: Chart) -> None:
        super().__init__(map_provider=None)
        self._ready = chart.spec

    def to_json(self) -> str:
        """The JSON as it was recorded."""
        return self._ready
