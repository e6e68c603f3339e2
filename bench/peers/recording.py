"""Our page's charts as its server sends them, written down for the other frameworks to draw."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.viewers import Viewer

PAGE = "kon"
FILTER = "-region"
CHARTS = 4
"""How many charts the page has, if none is too small to be shown."""

Chart = dict[str, Any]
"""Vega-Lite with its data in it."""


@dataclass
class Recorder(Viewer):
    """A viewer that keeps the charts of the last run, by their places on the page."""

    kept: dict[tuple[int, ...], Chart] = field(default_factory=dict)

    def _read(self, message: ForwardMsg, kind: str | None) -> str:
        if kind == "new_session":
            self.kept = {}
        elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "vega_lite_chart":
            sent = message.delta.new_element.vega_lite_chart
            rows = pa.ipc.open_stream(sent.data.data).read_all().to_pylist()
            chart = {**_unasked(json.loads(sent.spec)), "data": {"values": rows}}
            self.kept[(*message.metadata.delta_path,)] = chart
        return super()._read(message, kind)

    @property
    def charts(self) -> Sequence[Chart]:
        """The charts from the top of the page to its foot."""
        return [self.kept[place] for place in sorted(self.kept)]

    @property
    def options(self) -> Sequence[str]:
        """What the filter offers."""
        return next(c.options for name, c in self._choosers.items() if name.endswith(FILTER))


def _unasked(part: Any) -> Any:
    """A specification that no click asks anything of: Panel 1.9 cannot exchange one that does."""
    if isinstance(part, list):
        return [_unasked(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _unasked(value)
        for key, value in part.items()
        if key != "params" and not (key == "condition" and "param" in value)
    }


async def record(host: str, regions: Sequence[str], file: Path) -> None:
    """Write the filter's options, and the charts for no region and for each of some.

    Fails where a chart is missing, for its answers are too few.
    """
    async with Recorder(host, PAGE) as viewer:
        await viewer.arrive()
        found = {"": viewer.charts}
        for region in regions:
            await viewer.choose(FILTER, [region])
            found[region] = viewer.charts
        recorded = {"options": [*viewer.options], "charts": found}
    for region, charts in found.items():
        assert len(charts) == CHARTS, f"{region or 'no region'}: {len(charts)} charts"
    file.write_text(json.dumps(recorded, allow_nan=False, ensure_ascii=False), encoding="utf-8")
