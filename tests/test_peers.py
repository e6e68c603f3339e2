"""What other frameworks are given to draw is what our page shows."""

import asyncio
import json
from pathlib import Path

import pytest
from servers import dashboard

from bench.peers.comparing import REGIONS
from bench.peers.recording import CHARTS, record


@pytest.fixture(scope="module")
def recorded(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict]]:
    made = tmp_path_factory.mktemp("inspelat")
    with dashboard(releases, made / "logg") as (host, _):
        asyncio.run(record(host, REGIONS, made / "charts.json"))
    found = json.loads((made / "charts.json").read_text(encoding="utf-8"))
    assert set(REGIONS) < set(found["options"])
    return found["charts"]


def test_every_choice_has_four_charts_with_their_data(recorded: dict[str, list[dict]]) -> None:
    assert set(recorded) == {"", *REGIONS}
    for charts in recorded.values():
        assert len(charts) == CHARTS
        assert all({"label", "dot"} <= {row["kind"] for row in c["data"]["values"]} for c in charts)


def test_the_first_two_follow_the_filter_and_the_others_do_not(
    recorded: dict[str, list[dict]],
) -> None:
    for place in range(CHARTS):
        different = {json.dumps(charts[place]) for charts in recorded.values()}
        assert len(different) == (len(recorded) if place < 2 else 1)


def test_nothing_recorded_asks_for_a_click(recorded: dict[str, list[dict]]) -> None:
    assert '"param' not in json.dumps(recorded)
