"""Bare Streamlit pages with the charts of ours: recorded over the real protocol, then replayed."""

import asyncio
import base64
import contextlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.servers import Server, streamlit
from bench.viewers import Viewer

SCRIPT = Path(__file__).parent / "bare_app.py"
CONFIG = """
[server]
address = "localhost"
# For the borders of a map, which a browser fetches once from here too.
enableStaticServing = true
[browser]
gatherUsageStats = false
"""
"""All else is as Streamlit comes. Without an address it would ask another host for its own."""
RECORDING = "recording.json"
BORDERS = "/geo/"
BARE_BORDERS = "/app/static/"


def recorded(server: Server, page: str, folder: Path, choices: Sequence[str] = ("",)) -> Path:
    """Write down the charts of a page in a folder of their own: once for each of ``choices``.

    A choice is what stands in the page's address after the "?"; returns the file. What a map
    draws from an address is kept beside it.
    """
    charts = [asyncio.run(_charts(server.host, page, choice)) for choice in choices]
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dict(zip(choices, charts, strict=True)))
    for name in set(re.findall(rf"{BORDERS}([\w.-]+)", text)):
        (folder / "static").mkdir(exist_ok=True)
        borders = httpx.get(f"http://{server.host}{BORDERS}{name}").raise_for_status()
        (folder / "static" / name).write_bytes(borders.content)
    file = folder / RECORDING
    file.write_text(text.replace(BORDERS, BARE_BORDERS), encoding="utf-8")
    return file


def charts(recording: Path) -> int:
    """How many charts the page has before anything is chosen."""
    return len(next(iter(json.loads(recording.read_text(encoding="utf-8")).values())))


@contextlib.contextmanager
def app(recording: Path) -> Iterator[Server]:
    """A bare app with a recording's charts behind one filter, whose options are the choices."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "bare"
        shutil.copytree(recording.parent, folder)
        shutil.copy(SCRIPT, folder / "app.py")
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "config.toml").write_text(CONFIG, encoding="utf-8")
        with streamlit("app.py", folder) as server:
            yield server


@dataclass
class _Recorder(Viewer):
    """A viewer who keeps the charts, each as the arguments that a bare app draws it with."""

    charts: list[dict[str, Any]] = field(default_factory=list)

    def _read(self, message: ForwardMsg, kind: str | None) -> str:
        if kind == "delta":
            element = message.delta.new_element
            what = element.WhichOneof("type")
            if what == "vega_lite_chart":
                self.charts.append(_vega(element))
            elif what == "deck_gl_json_chart":
                self.charts.append(_deck(element))
        return super()._read(message, kind)


async def _charts(host: str, page: str, choice: str) -> Sequence[dict[str, Any]]:
    async with _Recorder(host, page, query=choice) as viewer:
        if error := (await viewer.arrive()).error:
            raise SystemExit(f"/{page}?{choice}: {error}")
        return viewer.charts


def _vega(element: Element) -> dict[str, Any]:
    chart = element.vega_lite_chart
    assert not chart.datasets, "a chart of several data sets is not replayed"
    return {
        "kind": "vega",
        "data": base64.b64encode(chart.data.data).decode("ascii"),
        "spec": json.loads(chart.spec),
        **_size(element),
    }


def _deck(element: Element) -> dict[str, Any]:
    chart = element.deck_gl_json_chart
    tooltip = json.loads(chart.tooltip) if chart.tooltip else None
    return {"kind": "deck", "deck": chart.json, "tooltip": tooltip, **_size(element)}


def _size(element: Element) -> dict[str, Any]:
    width, height = element.width_config, element.height_config
    return {
        "width": width.pixel_width or ("stretch" if width.use_stretch else "content"),
        "height": height.pixel_height or ("stretch" if height.use_stretch else "content"),
    }
