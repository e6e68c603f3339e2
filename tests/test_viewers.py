"""The measuring viewer does what a reader does, and sees when something fails."""

import asyncio
from pathlib import Path

import pytest
from leaking import Row, altered
from servers import dashboard

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
