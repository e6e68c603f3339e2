"""The command line on releases: which there are, one of them, two beside each other."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import WriteAnswers
from growing import FIRST_DAY, Growing
from typer.testing import CliRunner, Result

from fovdata import questionnaire as form
from fovdata import settings
from fovdata.__main__ import app
from fovdata.figures.release import current
from fovdata.measures import RELEASE_FORMAT
from fovdata.registry import Registry

Fov = Callable[..., Result]

SHOW = 20
"""Written out, so that a lower threshold in the rules is noticed here."""


@pytest.fixture
def growing(tmp_path: Path, registry: Registry, write_answers: WriteAnswers) -> Growing:
    """The demo's answers, to be released, and again with those of a later year."""
    return Growing(tmp_path, registry, write_answers)


@pytest.fixture
def two(growing: Growing) -> Path:
    """A folder with both."""
    growing.first()
    return growing.second()


@pytest.fixture
def fov(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fov:
    """Run a command on releases in a folder of the test's; a fault is never a stack trace."""
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path / "utgåvor"))
    monkeypatch.delenv("FOV_REGISTRY", raising=False)

    def run(*words: object) -> Result:
        result = CliRunner().invoke(app, ["releases", *map(str, words)])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return run


def damage(releases: Path, number: int) -> None:
    counts = releases / str(number) / "counts.parquet"
    counts.write_bytes(counts.read_bytes()[:-1])


def cells(line: str) -> list[str]:
    """A line of a table as its cells."""
    return re.split(r" {2,}", line.strip())


@pytest.mark.usefixtures("two")
def test_the_list_has_a_line_for_each_release(fov: Fov) -> None:
    result = fov("list")
    assert result.exit_code == 0
    header, first, second = map(cells, result.stdout.splitlines())
    assert header == [
        *("Utgåva", "Datum", "Slag", "Antal svar", "År", "Förbund", "Format", "Serveras")
    ]
    assert first[:3] == ["1", "12 januari 2023", "syntetiska"]
    assert second[:3] == ["2", "5 februari 2024", "syntetiska"]
    assert re.fullmatch(r"ca 2 (1|2)\d[05]", first[3])
    assert re.fullmatch(r"ca 2 3\d[05]", second[3])
    assert first[4:] == ["2019–2022", "36 av 40", str(RELEASE_FORMAT), "nej"]
    assert second[4:] == ["2019–2023", "37 av 40", str(RELEASE_FORMAT), "ja"]


def test_a_damaged_release_is_named_under_the_list_and_the_one_before_is_served(
    fov: Fov, two: Path
) -> None:
    damage(two, 2)
    result = fov("list")
    assert result.exit_code == 0
    table, fault = result.stdout.split("\n\n")
    assert [cells(line)[-1] for line in table.splitlines()] == ["Serveras", "ja"]
    assert fault.startswith("Utgåva 2 i FOV_RELEASE är inte hel: counts.parquet saknas eller är")


def test_a_release_by_weaker_rules_shows_nothing(fov: Fov, two: Path) -> None:
    file = two / "2" / "release.json"
    metadata = json.loads(file.read_text(encoding="utf-8"))
    metadata["rules"]["show"] = 1
    file.write_text(json.dumps(metadata), encoding="utf-8")
    for words in (["show", 2], ["diff", 1, 2]):
        result = fov(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "svagare röjanderegler" in result.stderr
    assert [cells(line)[0] for line in fov("list").stdout.splitlines()[:2]] == ["Utgåva", "1"]


def test_a_release_is_shown_with_its_facts_and_the_country_s_figures(fov: Fov, two: Path) -> None:
    served, older = fov("show"), fov("show", 1)
    assert served.exit_code == older.exit_code == 0
    assert served.stdout == fov("show", 2).stdout
    title, facts, table, note = older.stdout.split("\n\n")
    assert title == "Utgåva 1, 12 januari 2023"
    said = dict(cells(line)[:2] for line in facts.splitlines() if not line.startswith(" "))
    assert said["Svar"].startswith("syntetiska, ca 2 ")
    assert (said["År"], said["Förbund"]) == ("2019–2022", "36 av 40 visas för sig")
    assert (said["Format"], said["Serveras"]) == (str(RELEASE_FORMAT), "nej")
    assert said["Regler"].startswith("sigma 2, bound 8, show 20, code 5, ")
    assert said["Tabeller"].startswith(f"{len(current(two).tables)}: hela landet, år, region, ")
    assert "Serveras  ja" in served.stdout
    header, *questions = map(cells, table.splitlines())
    assert header == ["Hela landet", "Andel Ja", "95 % intervall", "Antal svar"]
    assert [row[0] for row in questions] == [question.short for question in form.QUESTIONS]
    assert all(re.fullmatch(r"\d\d? %", row[1]) for row in questions)
    assert all(re.fullmatch(r"\d+–\d+ %", row[2]) for row in questions)
    assert note.startswith("Siffrorna är röjandeskyddade")


@pytest.mark.usefixtures("two")
def test_two_releases_stand_beside_each_other(fov: Fov) -> None:
    result = fov("diff")
    assert result.exit_code == 0
    title, country, federations, same, others, note = result.stdout.split("\n\n")
    assert title == "Utgåva 1, 12 januari 2023, och utgåva 2, 5 februari 2024"
    assert country.splitlines()[0].split("  ")[0] == "Hela landet"
    assert len(country.splitlines()) == 2 + len(form.QUESTIONS)
    header, *rows = map(cells, federations.splitlines())
    assert header == ["Förbund, antal svar", "Utgåva 1", "Utgåva 2"]
    assert [row[0] for row in rows] == ["Halland", "Skaraborg", "Falun"]
    assert same == "34 förbund med samma antal i båda."
    (falun,) = [row for row in rows if row[0] == "Falun"]
    assert falun == ["Falun", "..", "ca 35", "visas nu"]
    assert [row for row in rows if row[-1].startswith("visas")] == [falun]
    assert others == "Nya år: 2023"
    assert "Dra dem inte från varandra" in note
    for words in ([1, 2], [2, 1]):
        assert fov("diff", *words).stdout == result.stdout


def test_synthetic_beside_real_answers_are_said_not_to_be_comparable(fov: Fov, two: Path) -> None:
    file = two / "2" / "release.json"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('"synthetic"', '"real"'), encoding="utf-8")
    assert "Utgåva 1 har syntetiska svar och utgåva 2 verkliga: de går inte att jämföra." in (
        fov("diff").stdout
    )


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", 7], "Utgåva 7 finns inte i FOV_RELEASE."),
        (["show", 0], "Utgåva 0 finns inte i FOV_RELEASE."),
        (["diff", 1, 7], "Utgåva 7 finns inte i FOV_RELEASE."),
        (["diff", 1], "Det behövs två olika hela utgåvor att jämföra."),
        (["diff", 2, 2], "Det behövs två olika hela utgåvor att jämföra."),
    ],
)
def test_a_number_that_does_not_do_is_a_sentence_with_a_way_on(
    words: list[object], said: str, fov: Fov
) -> None:
    result = fov(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{said} Se vilka som finns med: python -m fovdata releases list\n"


def test_names_come_from_a_registry_that_is_sound(
    fov: Fov, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_REGISTRY", str(two / "inget register"))
    result = fov("diff")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "federations.csv" in result.stderr


@pytest.mark.parametrize(
    ("years", "said"),
    [
        (["2022"], "2022"),
        (["2021", "2022"], "2021–2022"),
        (["2020", "2022"], "2020 och 2022"),
        (["2019", "2020", "2022"], "2019, 2020 och 2022"),
    ],
)
def test_years_with_a_gap_are_not_a_span(
    years: list[str], said: str, fov: Fov, growing: Growing, write_answers: WriteAnswers
) -> None:
    answers = write_answers("times year\n" + "\n".join(f"40 {year}" for year in years))
    growing.release(answers, FIRST_DAY)
    assert cells(fov("list").stdout.splitlines()[1])[4] == said


def test_one_release_cannot_be_compared(fov: Fov, growing: Growing) -> None:
    growing.first()
    result = fov("diff")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Det behövs två olika hela utgåvor att jämföra.")


def test_a_damaged_release_is_refused_by_number(fov: Fov, two: Path) -> None:
    damage(two, 2)
    for words in (["show", 2], ["diff", 1, 2]):
        result = fov(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Utgåva 2 i FOV_RELEASE är inte hel: ")
    assert "Utgåva 1, 12 januari 2023" in fov("show").stdout


@pytest.mark.parametrize("command", ["list", "show", "diff"])
def test_without_releases_there_is_a_sentence_with_a_way_on(command: str, fov: Fov) -> None:
    result = fov(command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Det finns ingen utgåva i FOV_RELEASE. Gör en med: python -m fovdata release\n"
    )


def test_a_pipe_gets_plain_lines_that_fit(two: Path) -> None:
    for words in (["list"], ["show"], ["diff"]):
        said = subprocess.run(
            [sys.executable, "-m", "fovdata", "releases", *words],
            cwd=settings.ROOT,
            env={"FOV_RELEASE": str(two), "PATH": "", "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=True,
            text=True,
        )
        assert said.stderr == ""
        assert max(map(len, said.stdout.splitlines())) <= 100
        assert not re.search("[\N{NO-BREAK SPACE}\N{ESCAPE}\u2500-\u257f]", said.stdout)


@pytest.mark.usefixtures("two")
def test_no_command_shows_a_number_of_answers_that_is_not_rounded(fov: Fov) -> None:
    for words in (["list"], ["show", 1], ["show", 2], ["diff"]):
        text = fov(*words).stdout
        found = [int(n.replace(" ", "")) for n in re.findall(r"\bca (\d{1,3}(?: \d{3})*)", text)]
        assert len(found) >= 2
        assert all(n % 5 == 0 and n >= SHOW for n in found)
        # Everything else that is a number is a share, a date, a rule or a number of a release.
        assert not re.search(r"[+\N{MINUS SIGN}]\d", text)


def test_the_commands_touch_no_answer(fov: Fov, two: Path) -> None:
    shutil.rmtree(two.parent / "svar")
    shutil.rmtree(two.parent / "liggare")
    assert [fov(command).exit_code for command in ("list", "show", "diff")] == [0, 0, 0]
