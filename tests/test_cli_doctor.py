"""The doctor: each thing that it looks at is broken once, and it says so and what to do."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path

import pytest
from servers import free_port, write_accounts, write_sign_in
from streamlit import config
from typer.testing import CliRunner

from fovdata import settings
from fovdata.__main__ import app
from fovdata.commands import doctor
from fovdata.commands.checkup import Verdict, contents, machine, streamlit_variable
from fovdata.commands.checkup.configuration import MUST_BE, SAFE_SIDE, VARIABLES
from fovdata.dashboard.typefaces import TYPEFACES
from fovdata.export import images

Examine = Callable[[], "Examined"]


class Examined:
    """What the doctor said, and how it ended."""

    def __init__(self, output: str, code: int) -> None:
        self.rows, self.code = json.loads(output), code

    def of(self, check: str, verdict: Verdict) -> str:
        """All that it says of a check under a verdict."""
        return "\n".join(
            f"{row['what']} {row['mend']}"
            for row in self.rows
            if (row["check"], row["verdict"]) == (check, verdict)
        )

    def faults(self, check: str) -> str:
        assert self.code == 1
        return self.of(check, Verdict.FAULT)

    def remarks(self, check: str) -> str:
        return self.of(check, Verdict.REMARK)

    def well(self, check: str) -> str:
        return self.of(check, Verdict.GOOD)


@pytest.fixture(autouse=True)
def healthy(monkeypatch: pytest.MonkeyPatch, releases: Path) -> None:
    """A machine with a release, nothing else set, and a port that is free."""
    for name in (*VARIABLES, *map(streamlit_variable, MUST_BE)):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FOV_RELEASE", str(releases))
    monkeypatch.setattr(machine, "_free", lambda: 4000)
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", str(free_port()))


@pytest.fixture
def examine() -> Examine:
    def run() -> Examined:
        result = CliRunner().invoke(app, ["doctor", "--json"])
        assert "Traceback" not in result.output
        return Examined(result.stdout, result.exit_code)

    return run


@pytest.fixture
def own(releases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the releases that a test may spoil."""
    folder = tmp_path / "utgåvor"
    shutil.copytree(releases, folder)
    monkeypatch.setenv("FOV_RELEASE", str(folder))
    return folder


def test_all_is_well_where_all_is_there(examine: Examine) -> None:
    found = examine()
    assert found.code == 0
    assert {row["verdict"] for row in found.rows} == {Verdict.GOOD}
    assert {row["check"] for row in found.rows} == set(doctor.CHECKS)
    assert "Utgåva 1 från" in found.well("utgåva")
    assert "hel, syntetiska svar" in found.well("utgåva")


def test_it_says_the_same_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOV_RELEASE", "/finns/inte")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "fel         utgåva: Det finns ingen utgåva i FOV_RELEASE." in result.output
    assert "            Utan en hel utgåva visar servern ingenting." in result.output
    assert "bra         typsnitt: Typsnittet finns" in result.output
    assert result.output.endswith("2 fel, 1 anmärkning.\n")


def test_a_release_that_is_not_there(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path))
    found = examine()
    assert "python -m fovdata release" in found.faults("utgåva")
    assert "ingen utgåva att jämföra med" in found.remarks("klocka")


def test_a_release_that_is_damaged(examine: Examine, own: Path) -> None:
    counts = own / "1" / "counts.parquet"
    counts.write_bytes(counts.read_bytes()[:-1])
    found = examine()
    assert "Utgåva 1 i FOV_RELEASE är inte hel: counts.parquet" in found.faults("utgåva")


def test_a_release_that_is_passed_over(examine: Examine, own: Path) -> None:
    (own / "2").mkdir()
    found = examine()
    assert found.code == 0
    assert "Den nyaste utgåvan visas inte. Utgåva 2 i FOV_RELEASE" in found.remarks("utgåva")
    assert "Utgåva 1 från" in found.well("utgåva")


def test_a_release_under_weaker_rules(examine: Examine, own: Path) -> None:
    _rewrite(own, lambda said: said["rules"].update(show=3))
    assert "svagare röjanderegler" in examine().faults("utgåva")


def test_a_release_that_is_old(examine: Examine, own: Path) -> None:
    _rewrite(own, lambda said: said.update(date=str(date.today() - timedelta(contents.OLD + 1))))
    assert "dagar gammal" in examine().remarks("utgåva")


def test_a_clock_that_is_slow(examine: Examine, own: Path) -> None:
    _rewrite(own, lambda said: said.update(date=str(date.today() + timedelta(3))))
    assert "Ställ klockan" in examine().faults("klocka")


def _rewrite(releases: Path, change: Callable[[dict], object]) -> None:
    file = releases / "1" / "release.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    change(said)
    file.write_text(json.dumps(said), encoding="utf-8")


def test_a_registry_with_a_fault(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(settings.ROOT / "data" / "registry", tmp_path / "register")
    monkeypatch.setenv("FOV_REGISTRY", str(tmp_path / "register"))
    (tmp_path / "register" / "regions.csv").unlink()
    assert "python -m fovdata registry check" in examine().faults("register")


def test_a_registry_that_is_not_the_release_s(examine: Examine, own: Path) -> None:
    def rename(said: dict) -> None:
        said["categories"]["federation"].append("nyland")
        said["region_of"]["nyland"] = "17"

    _rewrite(own, rename)
    assert "förbund som inte finns i registret: nyland" in examine().faults("register")


@pytest.mark.parametrize("font", contents.FONTS)
def test_a_font_that_is_missing_or_damaged(
    font: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in contents.FONTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"" if name == font else contents.FONTS[name])
    monkeypatch.setattr(contents.settings, "ROOT", tmp_path)
    found = "\n".join(one.what for one in contents.fonts() if one.verdict is Verdict.FAULT)
    assert found == f"Typsnitt saknas eller är skadade: {font}."
    (tmp_path / font).unlink()
    assert [one.verdict for one in contents.fonts()] == [Verdict.FAULT]


def test_the_fonts_are_those_that_are_served_and_drawn_with() -> None:
    files = (*TYPEFACES.values(), *images.FONTS.glob("*.otf"))
    assert set(contents.FONTS) == {str(file.relative_to(settings.ROOT)) for file in files}


def test_too_little_memory(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_free", lambda: machine.NEEDED - 1)
    assert f"{machine.NEEDED - 1} MB minne är lediga; det behövs 1024" in examine().faults("minne")


def test_memory_that_cannot_be_seen(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_free", lambda: None)
    assert "går inte att se här" in examine().remarks("minne")


def test_a_container_s_limit_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"meminfo": "MemTotal: 9 kB\nMemAvailable: 2048000 kB\n", "max": "max", "current": "0"}
    for name, text in said.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(machine, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "_LIMITS", (tmp_path / "max", tmp_path / "current"))
    assert _free() == 2000
    (tmp_path / "max").write_text(str(300 * 2**20))
    (tmp_path / "current").write_text(str(100 * 2**20))
    assert _free() == 200
    (tmp_path / "meminfo").write_text("")
    assert _free() is None


def test_a_library_outside_its_range(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        metadata, "version", lambda name: "9.0.1" if name == "duckdb" else _version(name)
    )
    assert "duckdb<3,>=2.0 (här: 9.0.1)" in examine().faults("program")
    assert "--require-hashes" in examine().faults("program")


def test_a_library_that_is_missing(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "typst":
            raise metadata.PackageNotFoundError
        return _version(name)

    monkeypatch.setattr(metadata, "version", version)
    assert "typst<0.16,>=0.15 (här: saknas)" in examine().faults("program")


_version = metadata.version
_free = machine._free


def test_an_old_python(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "PYTHON", (4, 0))
    assert "3.11 eller nyare" in examine().faults("program")


@pytest.mark.parametrize("name", SAFE_SIDE)
def test_what_points_at_the_safe_side(
    name: str, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, str(Path(__file__)) if name == "FOV_KEY" else "/tmp")
    found = examine()
    assert found.code == 0
    assert found.remarks("säkra sidan").startswith(f"{name} är satt. På en publik webbserver")


@pytest.mark.parametrize("name", [n for n in VARIABLES if n != "FOV_ADDRESS"])
def test_a_variable_that_points_at_nothing(
    name: str, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "/finns/inte")
    assert f"{name} ska vara {VARIABLES[name][1]}, men är /finns/inte" in examine().faults(
        "variabler"
    )


def test_variables_that_are_empty_unset_or_misspelt(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, own: Path
) -> None:
    monkeypatch.delenv("FOV_RELEASE")
    monkeypatch.setenv("FOV_RELEASES", str(own))
    monkeypatch.setenv("FOV_LOG", "")
    said = examine().remarks("variabler")
    assert "FOV_RELEASES finns inte och gör ingenting. Menas FOV_RELEASE?" in said
    assert "FOV_RELEASE är inte satt: utgåvor läses i" in said
    assert "FOV_LOG är satt men tom" in said


def test_every_variable_of_the_program_is_known() -> None:
    readme = (settings.ROOT / "README.md").read_text(encoding="utf-8")
    listed = {line.split("`")[1] for line in readme.splitlines() if line.startswith("| `FOV_")}
    assert set(VARIABLES) == listed


@pytest.mark.parametrize(
    "said", ["fov.example/?a=1", "ftp://fov.example", "https://?", "https://a:b"]
)
def test_an_address_that_is_none(
    said: str, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_ADDRESS", said)
    found = examine()
    assert "FOV_ADDRESS är ingen webbadress. Skriv den som i webbläsaren" in found.faults("adress")
    assert "FOV_ADDRESS ska vara en webbadress" in found.faults("variabler")


def test_an_address_without_encryption(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOV_ADDRESS", "http://fov.example")
    assert "utan kryptering" in examine().remarks("adress")
    monkeypatch.setenv("FOV_ADDRESS", "fov.example")
    assert "Läsarna hänvisas till https://fov.example." in examine().well("adress")


@pytest.mark.parametrize("option", MUST_BE)
def test_an_option_of_the_server_that_is_otherwise(
    option: str, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"none": "full", "true": "false", "false": "true"}[str(MUST_BE[option][0]).lower()]
    monkeypatch.setenv(streamlit_variable(option), wrong)
    said = examine().faults("inställningar")
    assert f"{option} är inte" in said
    assert streamlit_variable(option) in said


def test_a_configuration_that_says_nothing_or_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / ".streamlit" / "config.toml"
    monkeypatch.setattr("fovdata.commands.checkup.settings.ROOT", tmp_path)
    checks = doctor.CHECKS["inställningar"]
    assert ".streamlit/config.toml saknas" in "".join(one.what for one in checks())
    file.parent.mkdir()
    file.write_text("")
    wrong = [one.what.split()[0] for one in checks() if one.verdict is Verdict.FAULT]
    assert wrong == ["client.showErrorDetails", "browser.gatherUsageStats", "runner.postScriptGC"]


def test_sign_in_by_half_and_whole(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "öppna för alla" in examine().well("inloggning")
    accounts, said = tmp_path / "konton.txt", tmp_path / "inloggning.toml"
    write_accounts(accounts, "anna@forbund.example", "@nns.example")
    monkeypatch.setenv("FOV_ACCOUNTS", str(accounts))
    assert "inte FOV_SIGN_IN" in examine().faults("inloggning")
    monkeypatch.setenv("FOV_SIGN_IN", str(said))
    assert "går inte att läsa" in examine().faults("inloggning")
    write_sign_in(said, 8501, 8502, "s" * 32)
    assert "2 konton eller domäner får komma in" in examine().well("inloggning")
    write_accounts(accounts, "*")
    assert "alla får komma in" in examine().well("inloggning")
    monkeypatch.delenv("FOV_ACCOUNTS")
    assert "ange i FOV_ACCOUNTS en fil" in examine().faults("inloggning")


@pytest.mark.parametrize("option", MUST_BE)
def test_what_streamlit_makes_of_silence_is_known(option: str) -> None:
    assert config._config_options_template[option].default_val == MUST_BE[option][1]


@pytest.mark.parametrize("option", [*MUST_BE, "server.port", "server.address"])
def test_streamlit_listens_to_the_variables_that_are_looked_at(option: str) -> None:
    assert config._config_options_template[option].env_var == streamlit_variable(option)


@contextmanager
def answering(status: int, said: bytes) -> Iterator[int]:
    """Something that listens on a port and answers every question so."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("localhost", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    ("status", "said", "verdict", "words"),
    [
        (200, b'{"status": "ok", "release": "7"}', Verdict.GOOD, "med utgåva 7"),
        (503, b'{"error": "unavailable"}', Verdict.FAULT, "inte har något att visa"),
        (200, b"Hej", Verdict.FAULT, "Avsluta det som använder porten"),
        (404, b"[]", Verdict.FAULT, "ingen instrumentpanel svarar där"),
    ],
)
def test_a_port_that_is_taken(
    status: int,
    said: bytes,
    verdict: Verdict,
    words: str,
    examine: Examine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(status, said) as taken:
        monkeypatch.setenv("STREAMLIT_SERVER_PORT", str(taken))
        assert words in examine().of("port", verdict)


@pytest.mark.parametrize(
    ("said", "words"), [("99999", "Port 99999 finns inte"), ("fem", "går inte att läsa ut")]
)
def test_a_port_that_does_not_exist(
    said: str, words: str, examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_PORT", said)
    assert words in examine().faults("port")
