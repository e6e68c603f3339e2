"""The bare pages that the bench compares with draw what the dashboard's pages draw."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from bench import bare
from bench.redrawing import FILTERS
from bench.servers import Server, dashboard

CHOICES = 3


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    with dashboard(releases) as started:
        yield started


@pytest.fixture(scope="module")
def recording(server: Server) -> bare.Recording:
    return bare.recorded(server, "kon", FILTERS["kon"], CHOICES)


async def drawn(server: Server, options: Sequence[str]) -> Mapping[str, Sequence[bare.Chart]]:
    """The charts of a bare app for each choice, as its server sends them."""
    found = {}
    async with bare.Recorder(server.host, "") as viewer:
        await viewer.arrive()
        for option in options:
            run = await viewer.choose(bare.FILTER, [option] if option else [])
            assert not run.error
            found[option] = [*viewer.drawn.values()]
    return found


def test_a_page_is_recorded_for_choices_that_look_different(recording: bare.Recording) -> None:
    assert (recording.label, recording.several, recording.number) == ("Region", True, 4)
    nothing, *chosen = recording.options
    assert nothing == ""
    assert len(chosen) == CHOICES - 1
    first = [recording.charts[option][0].table for option in recording.options]
    assert not any(one.equals(other) for one, other in pairwise(first))


def test_every_filter_that_is_measured_can_be_recorded(server: Server) -> None:
    for page, name in FILTERS.items():
        assert len(bare.recorded(server, page, name, CHOICES).options) == CHOICES


def test_a_recording_is_the_same_when_it_is_read_again(
    recording: bare.Recording, tmp_path: Path
) -> None:
    recording.save(tmp_path / "kept.json")
    assert bare.Recording.load(tmp_path / "kept.json") == recording


def test_the_whole_page_without_a_program_has_the_same_charts(recording: bare.Recording) -> None:
    with bare.app(recording, bare.WHOLE) as app:
        assert asyncio.run(drawn(app, recording.options)) == recording.charts


def test_a_bare_page_draws_the_same_rows(recording: bare.Recording) -> None:
    with bare.app(recording) as app:
        found = asyncio.run(drawn(app, recording.options))
    for option, charts in recording.charts.items():
        rows = [chart.table.num_rows for chart in charts]
        assert [chart.table.num_rows for chart in found[option]] == rows


def test_altair_objects_are_as_many_charts(recording: bare.Recording) -> None:
    with bare.app(recording, bare.OBJECTS) as app:
        found = asyncio.run(drawn(app, recording.options))
    assert {len(charts) for charts in found.values()} == {recording.number}


def test_a_map_is_recorded_with_its_borders(server: Server) -> None:
    recording = bare.recorded(server, "tackning", FILTERS["tackning"], CHOICES)
    maps = [one for one in recording.charts[""] if one.is_map]
    assert len(maps) == 1
    assert recording.borders.count('"Polygon"') + recording.borders.count('"MultiPolygon"') >= 290
    with bare.app(recording, bare.STOCK_MAP) as app:
        asyncio.run(drawn_map(app, recording.options))


async def drawn_map(server: Server, options: Sequence[str]) -> None:
    async with bare.Viewer(server.host, "") as viewer:
        await viewer.arrive()
        for option in options:
            run = await viewer.choose(bare.FILTER, [option] if option else [])
            assert not run.error
            assert run.size > len("properties") * 290
