"""The files that a service is run with: systemd's, the container's, and what both are told."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from servers import free_port

from fovdata import settings
from fovdata.commands.checkup.configuration import SAFE_SIDE, VARIABLES

DEPLOY = settings.ROOT / "deploy"
UNIT = (DEPLOY / "fov.service").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
ENVIRONMENT = dict(
    line.split("=", 1)
    for line in (DEPLOY / "fov.env").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
)
EXPOSURE = 1.5
"""Of 10, as `systemd-analyze security` counts it: below 2 is "safe" with it."""


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with a Python that is there."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed: it alone says what it makes of a unit")
    file = tmp_path / "fov.service"
    file.write_text(UNIT.replace("/opt/fov/.venv/bin/python", sys.executable), encoding="utf-8")
    return file


def analyzed(*words: object) -> str:
    command = ["systemd-analyze", *map(str, words)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_systemd_understands_every_line_of_the_unit(unit: Path) -> None:
    assert analyzed("verify", unit) == ""
    unit.write_text(UNIT.replace("ProtectHome=", "ProtectHomes="), encoding="utf-8")
    assert (
        "ProtectHomes"
        in subprocess.run(
            ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
        ).stderr
    )


def test_the_unit_may_do_little(unit: Path) -> None:
    said = analyzed("security", "--offline=yes", "--no-pager", unit)
    exposure = re.search(r"Overall exposure level for fov\.service: ([0-9.]+)", said)
    assert exposure
    assert float(exposure[1]) <= EXPOSURE


def test_neither_unit_nor_environment_leads_to_the_safe_side() -> None:
    assert not set(ENVIRONMENT) & set(SAFE_SIDE)
    assert f"UnsetEnvironment={' '.join(SAFE_SIDE)}\n" in UNIT
    assert {name for name in ENVIRONMENT if name.startswith("FOV_")} <= set(VARIABLES)
    assert ENVIRONMENT["FOV_LOG"] == "json"


def test_the_container_has_the_open_side_alone_and_runs_as_nobody() -> None:
    taken = set(re.findall(r"source/(\S+)", CONTAINER))
    assert all((settings.ROOT / name).exists() for name in taken)
    assert "data" not in taken
    assert not any(name.startswith("data/demo") for name in taken)
    left = set(re.findall(r"fovdata/(\S+)", CONTAINER))
    assert left == {"keys.py", "batches", "intake", "release", "desk"}
    assert "--require-hashes" in CONTAINER
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", CONTAINER, re.MULTILINE)
    assert "/api/v1/health" in CONTAINER.partition("HEALTHCHECK")[2]


def test_the_program_is_well_as_the_container_has_it(releases: Path, tmp_path: Path) -> None:
    for name in set(re.findall(r"source/(\S+)", CONTAINER)):
        source, copy = settings.ROOT / name, tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy(source, copy)
    for name in re.findall(r"fovdata/(\S+)", CONTAINER):
        path = tmp_path / "fovdata" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    result = subprocess.run(
        [sys.executable, "-m", "fovdata", "doctor"],
        cwd=tmp_path,
        env={
            **{name: value for name, value in os.environ.items() if name not in VARIABLES},
            **ENVIRONMENT,
            "FOV_RELEASE": str(releases),
            "STREAMLIT_SERVER_PORT": str(free_port()),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.endswith("Inget fel, 0 anmärkningar.\n"), result.stdout + result.stderr
