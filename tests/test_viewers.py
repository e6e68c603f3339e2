"""The measuring viewer does what a reader does, and sees when something fails."""

import asyncio
import re
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from leaking import Row, altered
from servers import dashboard
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.viewers import FAILED, Run, Viewer
from fovdata import measures


async def choices(host: str, page: str, *chosen: str) -> tuple[list[Run], list[str]]:
    """Open a page and choose in its filter of regions; the runs, and the address after each."""
    async with Viewer(host, page) as viewer:
        runs, addresses = [await viewer.arrive()], [viewer.query]
        for one in chosen:
            runs.append(await viewer.choose("-region", [one] if one else []))
            addresses.append(viewer.query)
        return runs, addresses


def test_a_change_changes_the_page(releases: Path, tmp_path: Path) -> None:
    with dashboard(releases, tmp_path / "logg") as (host, _):
        chosen = ("Region Värmland", "Region Gävleborg", "")
        runs, addresses = asyncio.run(choices(host, "kon", *chosen))
    assert addresses == ["", "region=17", "region=21", ""]
    assert not any(run.error for run in runs)
    assert len({run.size for run in runs}) > 1
    assert all(0 < run.seconds < 30 for run in runs)


async def changes(host: str, page: str, times: int) -> list[str]:
    async with Viewer(host, page) as viewer:
        await viewer.arrive()
        errors = []
        for _ in range(times):
            errors.append((await viewer.change()).error)
        return errors


def test_a_viewer_goes_on_changing(releases: Path, tmp_path: Path) -> None:
    with dashboard(releases, tmp_path / "logg") as (host, _):
        assert asyncio.run(changes(host, "utsatthet", 8)) == [""] * 8


@dataclass
class Counting(Viewer):
    """A viewer who counts what has been drawn, by kind, and the runs."""

    drawn: Counter[str] = field(default_factory=Counter)

    def _read(self, message: ForwardMsg, kind: str | None) -> str:
        element = message.delta.new_element.WhichOneof("type") if kind == "delta" else None
        self.drawn[element or str(kind)] += 1
        return super()._read(message, kind)


async def drawn_after(host: str, *chosen: str) -> list[Counter[str]]:
    """What the page kon draws when it is opened and after each choice of a region."""
    found = []
    async with Counting(host, "kon") as viewer:
        await viewer.arrive()
        found.append(viewer.drawn)
        for one in chosen:
            viewer.drawn = Counter()
            await viewer.choose("-region", [one] if one else [])
            found.append(viewer.drawn)
    return found


def test_a_choice_draws_what_follows_it_and_nothing_else(releases: Path, tmp_path: Path) -> None:
    with dashboard(releases, tmp_path / "logg") as (host, _):
        opened, first, other, none = asyncio.run(
            drawn_after(host, "Region Värmland", "Region Gävleborg", "")
        )
    assert opened["vega_lite_chart"] == 4
    for run in (first, other, none):
        assert run["page_link"] == opened["page_link"] - 2
        assert run["vega_lite_chart"] == 2
        assert run["multiselect"] + run["html"] - 2 == opened["multiselect"] == 5
        assert run["new_session"] == 1, "one run for one choice"


def test_a_new_release_is_drawn_on_the_whole_page(releases: Path, tmp_path: Path) -> None:
    served = tmp_path / "utgåvor"
    shutil.copytree(releases, served)

    async def seen() -> int:
        async with Counting(host, "kon") as viewer:
            await viewer.arrive()
            later(served)
            viewer.drawn = Counter()
            await viewer.choose("-region", ["Region Värmland"])
            return viewer.drawn["vega_lite_chart"]

    with dashboard(served, tmp_path / "logg") as (host, _):
        assert asyncio.run(seen()) == 4


def later(releases: Path) -> None:
    """Put a second release beside the first: the same, of another number."""
    shutil.copytree(releases / "1", releases / "2")
    metadata = releases / "2" / "release.json"
    metadata.write_text(re.sub(r'("number": )1\b', r"\g<1>2", metadata.read_text("utf-8")), "utf-8")


def test_a_page_that_fails_is_seen(releases: Path, tmp_path: Path) -> None:
    def gap(rows: list[Row]) -> list[Row]:
        return [
            row for row in rows if (row["dimensions"], row["label"]) != ("gender", measures.ALL)
        ]

    folder = altered(releases, tmp_path / "utgåvor", gap)
    with dashboard(folder, tmp_path / "logg") as (host, _):
        runs, _ = asyncio.run(choices(host, "kon"))
        assert runs[0].error == FAILED
        with pytest.raises(IndexError):
            asyncio.run(changes(host, "metod", 1))  # nothing to choose there
