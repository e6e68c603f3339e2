"""The public server needs, and has, neither answers nor key nor the code that handles them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect
from servers import START

from fovdata import settings
from fovdata.dashboard.navigation import PAGES

from .conftest import served

SAFE = ("keys.py", "intake", "batches", "release", "desk", "commands", "__main__.py")
"""What of the package stays on the safe side."""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as a public server has it: no safe side, no demo answers, no way to a key."""
    root = tmp_path / "server"
    for name in ("app.py", "pages", "fovdata", "data", ".streamlit"):
        source = settings.ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        root.mkdir(exist_ok=True)
        copy(source, root / name)
    for name in SAFE:
        path = root / "fovdata" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(root / "data" / "demo")
    for variable in ("FOV_RESPONSES", "FOV_LEDGER", "FOV_KEY"):
        monkeypatch.setenv(variable, str(tmp_path / "finns inte"))
    return root


def test_every_page_and_the_api_work_without_the_safe_side(
    installed: Path, releases: Path, open_page: Callable[..., Page]
) -> None:
    assert not list(installed.rglob("answers.parquet"))
    with served(releases, installed) as address:
        # The first answer waits for what a server makes as it starts; the machine may be busy.
        with httpx.Client(base_url=f"{address}/api/v1", timeout=START) as api:
            assert api.get("health").json()["data"] == "synthetic"
            assert api.get("shares?by=gender").json()["rows"]
        for page in PAGES:
            tab = open_page(f"{address}/{page.url}")
            expect(tab.get_by_text("Utgåva 1").first).to_be_visible()
            expect(tab.get_by_text("Något gick fel")).to_have_count(0)
            tab.close()
