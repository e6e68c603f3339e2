"""Our page's charts as its server sends them, written down for the other frameworks to draw."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.bare import Recorder

PAGE = "kon"
FILTER = "-region"
CHARTS = 4
"""How many charts the page has, if none is too small to be shown."""

Chart = dict[str, Any]
"""Vega-Lite with its data in it."""


def _charts(viewer: Recorder) -> Sequence[Chart]:
    """The charts of the last run, from the top of the page to its foot."""
    return [
        {**_unasked(one.vega_lite), "data": {"values": one.table.to_pylist()}}
        for one in viewer.drawn.values()
    ]


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
        found = {"": _charts(viewer)}
        for region in regions:
            await viewer.choose(FILTER, [region])
            found[region] = _charts(viewer)
        recorded = {"options": [*viewer.chooser(FILTER).options], "charts": found}
    for region, charts in found.items():
        assert len(charts) == CHARTS, f"{region or 'no region'}: {len(charts)} charts"
    file.write_text(json.dumps(recorded, allow_nan=False, ensure_ascii=False), encoding="utf-8")
