"""The command line: what it makes, what it says, and that a fault is a sentence."""

import json
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import WriteAnswers
from typer.testing import CliRunner, Result

from fovdata import settings
from fovdata.__main__ import app

Fov = Callable[..., Result]

PEOPLE = """
gender  times  q1
kvinna  30     ja
man     20     nej
"""


@pytest.fixture
def fov(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fov:
    """Run a command with releases in a folder of the test's; a fault is never a stack trace."""
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path / "utgåvor"))
    monkeypatch.setenv("FOV_LEDGER", str(tmp_path / "liggare"))
    for variable in ("FOV_RESPONSES", "FOV_REGISTRY", "FOV_KEY"):
        monkeypatch.delenv(variable, raising=False)

    def run(*words: object, **variables: object) -> Result:
        environment = {name: str(value) for name, value in variables.items()}
        result = CliRunner().invoke(app, [str(word) for word in words], env=environment)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return run


def test_demo_writes_the_synthetic_answers(fov: Fov, tmp_path: Path) -> None:
    result = fov("demo", tmp_path / "ny" / "mapp")
    file = tmp_path / "ny" / "mapp" / "answers.parquet"
    assert result.exit_code == 0
    committed = pq.read_table(settings.ROOT / "data" / "demo" / "answers.parquet")
    assert pq.read_table(file).equals(committed)
    assert f"Skrev {file}: syntetiska svar" in result.output


def test_demo_says_where_it_cannot_write(fov: Fov, tmp_path: Path) -> None:
    (tmp_path / "fil").touch()
    result = fov("demo", tmp_path / "fil")
    assert result.exit_code == 1
    assert result.stderr.startswith("Demosvaren kunde inte skrivas i ")
    assert result.stderr.endswith("att du får skriva i den och att disken har plats.\n")


def test_release_writes_the_next_number(fov: Fov, tmp_path: Path) -> None:
    for number in ("1", "2"):
        result = fov("release")
        folder = tmp_path / "utgåvor" / number
        assert result.exit_code == 0
        assert result.output.splitlines()[-1] == f"Utgåvan är skriven: {folder}"
        assert json.loads((folder / "release.json").read_text())["number"] == int(number)
        assert sorted(file.name for file in folder.iterdir()) == ["counts.parquet", "release.json"]


def nothing_written(folder: Path) -> bool:
    return not folder.exists() or not list(folder.iterdir())


def test_release_without_answers_says_so_and_writes_nothing(fov: Fov, tmp_path: Path) -> None:
    result = fov("release", FOV_RESPONSES=tmp_path / "tom")
    assert result.exit_code == 1
    assert "Inga svar i" in result.stderr
    assert nothing_written(tmp_path / "utgåvor")


def test_release_of_faulty_answers_names_file_row_and_column_and_writes_nothing(
    fov: Fov, write_answers: WriteAnswers, tmp_path: Path
) -> None:
    folder = write_answers(PEOPLE + "kvinna  1  kanske\n", "våren.parquet")
    (folder / "hösten.parquet").write_text("inte Parquet")
    result = fov("release", FOV_RESPONSES=folder)
    assert result.exit_code == 1
    assert "hösten.parquet" in result.stderr
    assert "våren.parquet, rad 51, kolumn q1: ”kanske”" in result.stderr
    assert nothing_written(tmp_path / "utgåvor")


def test_real_answers_need_the_key(fov: Fov, write_answers: WriteAnswers, tmp_path: Path) -> None:
    folder = write_answers(PEOPLE, data="real")
    refused = fov("release", FOV_RESPONSES=folder)
    assert refused.exit_code == 1
    assert "python -m fovdata key" in refused.stderr
    assert nothing_written(tmp_path / "utgåvor")

    assert fov("key", tmp_path / "nyckel").exit_code == 0
    made = fov("release", FOV_RESPONSES=folder, FOV_KEY=tmp_path / "nyckel")
    assert made.exit_code == 0
    written = (tmp_path / "utgåvor" / "1" / "release.json").read_text()
    assert json.loads(written)["data"] == "real"
    assert (tmp_path / "nyckel").read_bytes().hex() not in written + made.output


def test_a_key_that_others_can_read_is_refused(
    fov: Fov, write_answers: WriteAnswers, tmp_path: Path
) -> None:
    fov("key", tmp_path / "nyckel")
    (tmp_path / "nyckel").chmod(0o644)
    folder = write_answers(PEOPLE, data="real")
    result = fov("release", FOV_RESPONSES=folder, FOV_KEY=tmp_path / "nyckel")
    assert result.exit_code == 1
    assert "chmod 600" in result.stderr
    assert nothing_written(tmp_path / "utgåvor")


def test_an_erasure_warns_and_names_an_unknown_federation(
    fov: Fov, write_answers: WriteAnswers
) -> None:
    folder = write_answers("times federation\n20 hoganas\n40 halland")
    assert fov("release", FOV_RESPONSES=folder).exit_code == 0
    refused = fov("release", "--erase", "hallanda", FOV_RESPONSES=folder)
    assert refused.exit_code == 1
    assert refused.stderr == "Förbundet finns inte i registret: hallanda.\n"

    write_answers("times federation\n20 hoganas\n39 halland")
    made = fov("release", "--erase", "halland", FOV_RESPONSES=folder)
    assert made.exit_code == 0
    assert "Halland: 1 borttagna svar" in made.output
    assert "ta bort de tidigare utgåvorna från servern" in made.output


def test_release_that_cannot_be_written_says_so(fov: Fov, tmp_path: Path) -> None:
    (tmp_path / "fil").touch()
    result = fov("release", FOV_RELEASE=tmp_path / "fil")
    assert result.exit_code == 1
    assert "kunde inte skrivas" in result.stderr
    assert "Se efter att det är mappar" in result.stderr


def test_release_with_a_faulty_registry_lists_the_faults(fov: Fov, tmp_path: Path) -> None:
    result = fov("release", FOV_REGISTRY=tmp_path / "inget register")
    assert result.exit_code == 1
    assert "federations.csv" in result.stderr
    assert nothing_written(tmp_path / "utgåvor")


def test_key_makes_32_random_bytes_for_its_owner_alone(fov: Fov, tmp_path: Path) -> None:
    one, other = tmp_path / "en", tmp_path / "annan"
    assert fov("key", one).exit_code == 0
    assert fov("key", other).exit_code == 0
    assert len(one.read_bytes()) == 32
    assert one.read_bytes() != other.read_bytes()
    assert stat.S_IMODE(one.stat().st_mode) == 0o600


def test_key_never_overwrites(fov: Fov, tmp_path: Path) -> None:
    file = tmp_path / "nyckel"
    fov("key", file)
    before = file.read_bytes()
    result = fov("key", file)
    assert result.exit_code == 1
    assert "finns redan" in result.stderr
    assert file.read_bytes() == before


def test_key_says_where_it_cannot_write(fov: Fov, tmp_path: Path) -> None:
    result = fov("key", tmp_path / "ingen" / "mapp")
    assert result.exit_code == 1
    assert "kunde inte skrivas" in result.stderr


def test_registry_check_finds_the_registry_whole(fov: Fov) -> None:
    result = fov("registry", "check")
    assert (result.exit_code, result.output) == (0, "Registret är helt.\n")


def test_registry_check_says_everything_that_is_wrong(fov: Fov, tmp_path: Path) -> None:
    folder = tmp_path / "register"
    shutil.copytree(settings.ROOT / "data" / "registry", folder)
    federations = folder / "federations.csv"
    text = federations.read_text(encoding="utf-8")
    federations.write_text(text.replace("halland,Halland,13", "Halland!,,99"), encoding="utf-8")
    result = fov("registry", "check", folder)
    assert result.exit_code == 1
    faults = result.stdout.splitlines()
    assert result.stderr == f"{len(faults)} fel i registret.\n"
    assert len([line for line in faults if "federations.csv" in line]) >= 3
    assert fov("registry", "check", FOV_REGISTRY=folder).stdout == result.stdout


def test_registry_check_of_a_missing_folder_names_the_files(fov: Fov, tmp_path: Path) -> None:
    result = fov("registry", "check", tmp_path / "finns inte")
    assert result.exit_code == 1
    assert "memberships.csv" in result.stdout


def test_help_lists_the_commands() -> None:
    command = [sys.executable, "-m", "fovdata", "--help"]
    said = subprocess.run(command, cwd=settings.ROOT, capture_output=True, check=True, text=True)
    assert "python -m fovdata" in said.stdout
    for name in ("demo", "release", "key", "registry"):
        assert name in said.stdout
    assert said.stderr == ""


def test_an_unknown_command_is_a_usage_fault(fov: Fov) -> None:
    assert fov("serve").exit_code == 2
