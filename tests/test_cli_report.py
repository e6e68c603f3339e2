"""python -m fovdata report: the pages for boards as files."""

import re
import shutil
from pathlib import Path

import pytest
from conftest import WriteAnswers
from typer.testing import CliRunner, Result

from fovdata import settings
from fovdata.__main__ import app
from fovdata.export import pdf
from fovdata.registry import Registry
from fovdata.release import building


@pytest.fixture(autouse=True)
def served(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(releases))


def command(*words: str) -> Result:
    return CliRunner().invoke(app, ["report", *words])


def test_a_federation_is_named_by_its_slug_or_its_name(tmp_path: Path) -> None:
    files = [tmp_path / "en.pdf", tmp_path / "tva.pdf"]
    for name, file in zip(("sodra-vanern", "södra VÄNERN"), files, strict=True):
        done = command(name, "--out", str(file))
        assert done.exit_code == 0, done.stderr
        assert str(file) in done.stdout.replace("\n", "")
    assert files[0].read_bytes() == files[1].read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["en.pdf", "tva.pdf"]


def test_the_file_s_name_decides_its_kind(tmp_path: Path) -> None:
    for name, beginning in (("landet.pdf", b"%PDF"), ("landet.PPTX", b"PK")):
        assert command("--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).read_bytes().startswith(beginning)


def test_all_writes_a_page_a_federation_and_the_country_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # That each is a page is tested with the reports; here are the files.
    monkeypatch.setattr(pdf, "document", lambda report: report.name.encode())
    folder = tmp_path / "ny" / "mapp"
    done = command("--all", "--out", str(folder))
    assert done.exit_code == 0, done.stderr
    files = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert len(files) == 41
    assert files["landet.pdf"] == "Hela landet"
    assert files["skelleftea-norsjo.pdf"] == "Skellefteå-Norsjö"
    assert "41 sidor" in done.stdout


FAULTS = [
    (["skaraborgg", "--out", "a.pdf"], 1, "Menas skaraborg?"),
    (["sigtuna", "--out", "a.pdf"], 1, "Menas sollentuna-upplands-vasby-sigtuna?"),
    (["örebro", "--out", "a.pdf"], 1, "Menas orebro-lekeberg?"),
    (["Atlantis", "--out", "a.pdf"], 1, "finns inte i utgåvan. Alla beteckningar står i"),
    (["", "--out", "a.pdf"], 1, "finns inte i utgåvan"),
    (["skaraborg", "--out", "a.doc"], 2, ".pdf eller .pptx, inte a.doc"),
    (["skaraborg", "--out", "a"], 2, ".pdf eller .pptx, inte a"),
    (["skaraborg", "--all", "--out", "a"], 2, "antingen ett förbund eller --all"),
    (["--all", "--out", "a.pdf"], 2, "Med --all är --out en mapp"),
    (["skaraborg", "--out", "finns/inte/a.pdf"], 1, "kunde inte skrivas"),
    (["--all", "--out", "fil"], 1, "går inte att använda som mapp"),
]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fil").write_text("något")
    return tmp_path


@pytest.mark.parametrize(("words", "code", "said"), FAULTS)
def test_what_cannot_be_done_is_said_in_swedish_and_nothing_is_written(
    words: list[str], code: int, said: str, elsewhere: Path
) -> None:
    done = command(*words)
    assert done.exit_code == code
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert [path.name for path in elsewhere.iterdir()] == ["fil"]


def test_without_a_release_there_is_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path))
    done = command("skaraborg", "--out", str(tmp_path / "a.pdf"))
    assert done.exit_code == 1
    assert "python -m fovdata release" in done.stderr


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "a.pdf"
    file.write_text("förra sidan", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", full)
    done = command("skaraborg", "--out", str(file))
    assert done.exit_code == 1
    assert "kunde inte skrivas" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
    assert file.read_text(encoding="utf-8") == "förra sidan"


@pytest.mark.parametrize("words", [["halland", "--out", "a.pdf"], ["--all", "--out", "ny"]])
def test_a_release_and_a_registry_that_disagree_are_named(
    words: list[str], elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = elsewhere / "register"
    shutil.copytree(settings.registry(), registry)
    for name in ("federations.csv", "memberships.csv"):
        lines = (registry / name).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not re.search(r"\bfalun\b", line)]
        (registry / name).write_text("".join(kept), encoding="utf-8")
    monkeypatch.setenv("FOV_REGISTRY", str(registry))
    done = command(*words)
    assert done.exit_code == 1
    assert "förbund som inte finns i registret: falun." in done.stderr
    assert sorted(path.name for path in elsewhere.iterdir()) == ["fil", "register"]


def test_few_answers_are_not_divided_by_federation(
    elsewhere: Path,
    write_answers: WriteAnswers,
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = write_answers("times federation\n20 halland\n20 skaraborg")
    releases = elsewhere / "utgåvor"
    building.build(answers, releases, elsewhere / "liggare", registry)
    monkeypatch.setenv("FOV_RELEASE", str(releases))
    done = command("halland", "--out", "a.pdf")
    assert done.exit_code == 1
    assert "ännu för få för att delas upp på förbund" in done.stderr
    assert not (elsewhere / "a.pdf").exists()
