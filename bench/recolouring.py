"""How long the map takes to change its colours, and what is sent for that, against stock ones."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from statistics import median

from bench import bare, redrawing
from bench.browser import chromium
from bench.measuring import Spread, ratio
from bench.report import Chapter, Goal, table
from bench.servers import Demo, Server
from bench.viewers import Viewer

PAGE = "tackning"
OURS, STOCK, RERUN = "our map", "a stock pydeck map", "a stock bare rerun"
TIMES, BYTES = 1, 0.01


def chapter(demo: Demo) -> Chapter:
    """Measure the map alone."""
    whole = bare.recorded(demo.server, PAGE, redrawing.FILTERS[PAGE])
    maps = {name: [one for one in drawn if one.is_map] for name, drawn in whole.charts.items()}
    recording = replace(whole, charts=maps, messages={})
    with ExitStack() as stack:
        servers = {
            OURS: stack.enter_context(bare.app(recording)),
            STOCK: stack.enter_context(bare.app(recording, bare.STOCK_MAP, config="")),
            RERUN: stack.enter_context(bare.app(recording, bare.RERUN, config="")),
        }
        sizes = {
            name: asyncio.run(_bytes(server, recording.options)) for name, server in servers.items()
        }
        took = redrawing.measured(stack.enter_context(chromium()), servers, recording)
    against, part = ratio(took[OURS], took[RERUN]), sizes[OURS] / sizes[STOCK]
    return Chapter(
        "The map is coloured anew",
        "The map of the page Täckning alone, behind a filter: the borders from an address of their "
        "own, which the browser keeps, and in each run the colours; against the same borders in a "
        "map as pydeck's manual makes one, and against a bare page of that filter and one word, "
        "both with Streamlit's own settings. Bytes are all those of a change's messages.",
        table(
            ("", "choice → redrawn, ms", "bytes a change"),
            [(name, f"{Spread.of(took[name]):.0f}", f"{sizes[name]:,.0f}") for name in servers],
        ),
        [
            Goal(
                "map recolour: time",
                f"≤ {TIMES} × a stock bare rerun",
                f"{against:.2f}",
                against.median <= TIMES,
            ),
            Goal(
                "map recolour: bytes",
                f"≤ {BYTES:.0%} of a stock pydeck map's",
                f"{part:.2%}",
                part <= BYTES,
            ),
        ],
    )


async def _bytes(server: Server, options: Sequence[str]) -> float:
    async with Viewer(server.host, "") as viewer:
        await viewer.arrive()
        chosen = [[option] if option else [] for option in options]
        return median([(await viewer.choose(bare.FILTER, one)).size for one in chosen])
