"""python -m fovdata intake: what it says, what it stores, and how it ends."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from messy.making import FILES
from typer.testing import CliRunner, Result

from fovdata import keys
from fovdata.__main__ import app

Intake = Callable[..., Result]

WELL, FAULTY, WRONG, UNUSABLE = 0, 1, 2, 3
PLAIN = FILES / "csv-utf8-comma.csv"


@pytest.fixture
def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Intake:
    """Run an intake command on a store for real answers; a fault is never a stack trace."""
    key = tmp_path / "nyckel"
    key.touch(0o600)
    key.write_bytes(bytes(range(32)))
    monkeypatch.setenv("FOV_KEY", str(tmp_path / "nyckel"))
    monkeypatch.setenv("FOV_RESPONSES", str(tmp_path / "svar"))
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path / "utgåvor"))
    monkeypatch.setenv("FOV_PRACTICE", str(tmp_path / "övning"))
    monkeypatch.delenv("FOV_REGISTRY", raising=False)

    def run(*words: object, stdin: str | None = None) -> Result:
        result = CliRunner().invoke(app, ["intake", *map(str, words)], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return run


def test_check_says_what_a_file_would_give_and_stores_nothing(
    intake: Intake, tmp_path: Path
) -> None:
    result = intake("check", PLAIN)
    assert result.exit_code == WELL
    assert "csv-utf8-comma.csv: 12 formulär" in result.output
    assert "12 nya, 0 redan inlästa, 0 ändrade." in result.output
    assert not (tmp_path / "svar").exists()


def test_check_names_all_faults_with_rows_and_ends_with_one(intake: Intake) -> None:
    result = intake("check", FILES / "wrong-three-at-once.csv")
    assert result.exit_code == FAULTY
    assert "Måste rättas innan filen kan läsas in:" in result.output
    for said in ('Rad 3, Kön (kolumn C), "kvina"', "Rad 6, Fråga 3", "Rad 7, Datum"):
        assert said in result.output


def test_personal_data_are_pointed_at_and_never_repeated(intake: Intake, tmp_path: Path) -> None:
    for name, value in (
        ("personal-identity-number.csv", "19880101-1239"),
        ("personal-e-mail.csv", "kontakt@exempel.se"),
        ("personal-name.csv", "Svensson"),
        ("personal-telephone.csv", "174 06 05"),
    ):
        for words in ([], ["--json"]):
            result = intake("check", FILES / name, "--marked", tmp_path, *words)
            assert result.exit_code == FAULTY
            assert "personuppgift" in result.output
            assert value not in result.output
        book = openpyxl.load_workbook(tmp_path / f"{Path(name).stem}-att-rätta.xlsx")
        cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
        assert "[personuppgift]" in cells
        assert not [cell for cell in cells if value in cell]


def test_add_stores_anonymised_answers_once(intake: Intake, tmp_path: Path) -> None:
    first = intake("add", PLAIN, "--role", "nns")
    assert first.exit_code == WELL
    assert "Inläst: nummer 1, 12 svar." in first.output
    (batch,) = (tmp_path / "svar").glob("*.parquet")
    assert pq.read_table(batch).num_rows == 12
    assert stat.S_IMODE(batch.stat().st_mode) == 0o600
    again = intake("add", FILES / "book-native.xlsx")
    assert again.exit_code == WELL
    assert "0 nya, 12 redan inlästa, 0 ändrade." in again.output
    assert "allt i filen är redan inläst" in again.output
    assert [*(tmp_path / "svar").glob("*.parquet")] == [batch]


def test_ten_more_and_one_corrected_are_told_apart(intake: Intake, tmp_path: Path) -> None:
    head, *forms = PLAIN.read_text("utf-8").splitlines()
    intake("add", PLAIN)
    corrected = [forms[0].replace("Kvinna,34", "Kvinna,35"), *forms[1:]]
    more = [form.replace("2021", "2020").replace("2022", "2021") for form in forms[2:12]]
    newer = tmp_path / "nyare.csv"
    newer.write_text("\n".join([head, *corrected, *more]), encoding="utf-8")
    result = intake("add", newer)
    assert result.exit_code == WELL
    assert "10 nya, 11 redan inlästa, 1 ändrad." in result.output
    assert "ersatt av 2" in intake("list").output
    assert "Skaraborg: " in intake("show", 2).output
    listed = json.loads(intake("list", "--json").output)
    assert [batch["answers"] for batch in listed if not batch["withdrawn"]] == [22]


def test_earlier_answers_that_are_missing_are_asked_about(intake: Intake, tmp_path: Path) -> None:
    head, *forms = PLAIN.read_text("utf-8").splitlines()
    intake("add", PLAIN)
    part = tmp_path / "del.csv"
    part.write_text("\n".join([head, *forms[:5]]), encoding="utf-8")
    asked = intake("add", part)
    assert asked.exit_code == FAULTY
    assert "2 svar som har lästs in tidigare finns inte i filen" in asked.output
    assert "allt i filen är redan inläst" in intake("add", part, "--missing", "keep").output
    assert intake("add", part, "--missing", "replace").exit_code == WELL
    listed = json.loads(intake("list", "--json").output)
    # The two of the federations in the file are gone; the five of others were carried along.
    assert sum(batch["answers"] for batch in listed if not batch["withdrawn"]) == 10


def test_the_marked_files_stand_beside_each_other_for_oneself_alone(
    intake: Intake, tmp_path: Path
) -> None:
    faulty = FILES / "wrong-child.csv"
    result = intake("check", faulty, faulty, "--marked", tmp_path / "rätta")
    names = ["wrong-child-att-rätta-2.xlsx", "wrong-child-att-rätta.xlsx"]
    made = sorted((tmp_path / "rätta").iterdir())
    assert [file.name for file in made] == names
    assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}
    assert all(str(file) in result.output for file in made)


def test_what_was_found_is_told_though_the_marked_file_cannot_be_written(
    intake: Intake, tmp_path: Path
) -> None:
    (tmp_path / "fil").touch()
    result = intake("check", PLAIN, FILES / "wrong-child.csv", "--marked", tmp_path / "fil")
    assert result.exit_code == UNUSABLE
    assert "12 nya" in result.output
    assert "Rad 5, Ålder" in result.output
    assert "kunde inte skrivas" in result.output


def test_one_faulty_file_does_not_stop_the_others(intake: Intake) -> None:
    result = intake("add", FILES / "wrong-child.csv", FILES / "refused-pdf.csv", PLAIN)
    assert result.exit_code == FAULTY
    assert "Inläst: nummer 1, 12 svar." in result.output
    assert len(json.loads(intake("list", "--json").output)) == 1


def test_json_has_everything_that_the_words_have(intake: Intake) -> None:
    result = intake("check", FILES / "wrong-child.csv", FILES / "refused-pdf.csv", "--json")
    faulty, refused = json.loads(result.stdout)
    (finding,) = faulty["findings"]
    assert (finding["kind"], finding["blocking"], finding["rows"]) == ("age_impossible", True, [5])
    assert faulty["comparison"] is None
    assert "PDF" in refused["error"]


def test_a_federation_can_be_given_from_outside(intake: Intake) -> None:
    file = FILES / "one-federation.csv"
    assert intake("check", file).exit_code == FAULTY
    assert intake("check", file, "--federation", "skaraborg").exit_code == WELL
    wrong = intake("check", file, "--federation", "skaraborgh")
    assert wrong.exit_code == WRONG
    assert "Förbundet skaraborgh finns inte" in wrong.output
    assert intake("check", file, "--federation", "Skaraborg").exit_code == WELL  # its name


def test_a_name_in_the_file_s_own_name_stops_it_and_is_not_repeated(
    intake: Intake, tmp_path: Path
) -> None:
    named = tmp_path / "Kerstin Svensson 880101-1239.csv"
    named.write_bytes(PLAIN.read_bytes())
    result = intake("check", named, "--marked", tmp_path / "rätta", "--json")
    assert result.exit_code == FAULTY
    assert "personuppgifter" in result.output
    (marked,) = (tmp_path / "rätta").iterdir()
    for said in (
        result.output,
        str(marked),
        str(openpyxl.load_workbook(marked).active["A1"].value),
    ):
        assert "Kerstin" not in said
        assert "880101" not in said


def test_another_key_than_the_store_s_is_refused(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intake("add", PLAIN)
    other = tmp_path / "annan"
    keys.make(other, tmp_path / "utgåvor")
    monkeypatch.setenv("FOV_KEY", str(other))
    for command in ("check", "add"):
        result = intake(command, PLAIN)
        assert result.exit_code == UNUSABLE
        assert "nyckel" in result.output.lower()


def test_a_withdrawn_batch_keeps_its_trace_and_loses_its_answers(
    intake: Intake, tmp_path: Path
) -> None:
    intake("add", PLAIN)
    assert "Ingenting togs bort" in intake("withdraw", 1, stdin="nej\n").output
    assert intake("withdraw", 1, "--yes", "--role", "nns").exit_code == WELL
    assert "borttagen" in intake("show", 1).output
    assert sum(pq.read_table(f).num_rows for f in (tmp_path / "svar").glob("*.parquet")) == 0
    assert "redan borttagna" in intake("withdraw", 1, "--yes").output
    assert intake("show", 7).exit_code == FAULTY


def test_accepted_remarks_are_remembered_in_words(intake: Intake) -> None:
    assert intake("add", FILES / "remark-age-outside.csv").exit_code == WELL
    assert "Godtagen anmärkning: övrig ålder (1)" in intake("show", 1).output


def test_practice_is_marked_synthetic_and_lies_apart(intake: Intake, tmp_path: Path) -> None:
    result = intake("add", PLAIN, "--practice")
    assert "Övning" in result.output
    (batch,) = (tmp_path / "övning").glob("*.parquet")
    assert set(pq.read_table(batch)["data"].to_pylist()) == {"synthetic"}
    assert not (tmp_path / "svar").exists()


def test_real_answers_need_their_folder_and_their_key(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOV_KEY")
    without_key = intake("add", PLAIN)
    assert without_key.exit_code == UNUSABLE
    assert "FOV_KEY" in without_key.output
    monkeypatch.delenv("FOV_RESPONSES")
    without_folder = intake("add", PLAIN)
    assert without_folder.exit_code == UNUSABLE
    assert "FOV_RESPONSES" in without_folder.output
    # Checking needs neither, and says that nothing is compared with real answers.
    assert "Övning" in intake("check", PLAIN).output


def test_the_store_may_not_lie_where_it_would_be_copied_along(
    intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_RESPONSES", str(tmp_path / "utgåvor" / "svar"))
    result = intake("add", PLAIN)
    assert result.exit_code == UNUSABLE
    assert "får inte ligga i" in result.output


def test_the_template_is_written_once_and_reads_back(intake: Intake, tmp_path: Path) -> None:
    file = tmp_path / "mall.xlsx"
    assert intake("template", file).exit_code == WELL
    assert "Svar" in openpyxl.load_workbook(file).sheetnames
    again = intake("template", file)
    assert again.exit_code == FAULTY
    assert "finns redan" in again.output


def test_the_template_is_a_workbook(intake: Intake, tmp_path: Path) -> None:
    assert intake("template", tmp_path / "mall.csv").exit_code == WRONG
    assert not (tmp_path / "mall.csv").exists()


def test_a_file_that_is_not_there_is_named(intake: Intake, tmp_path: Path) -> None:
    assert f"{tmp_path.name}: Det är en mapp." in intake("check", tmp_path).output
    result = intake("check", tmp_path / "borta.csv")
    assert result.exit_code == FAULTY
    assert "borta.csv: Filen går inte att läsa." in result.output


def test_a_store_that_cannot_be_used_is_said_in_words(intake: Intake, tmp_path: Path) -> None:
    (tmp_path / "svar").write_text("en fil", encoding="utf-8")
    result = intake("add", PLAIN)
    assert result.exit_code == UNUSABLE
    assert str(tmp_path / "svar") in result.output


def test_typed_forms_become_protected_figures(intake: Intake, tmp_path: Path) -> None:
    head, *forms = PLAIN.read_text("utf-8").splitlines()
    many = tmp_path / "många.csv"
    many.write_text("\n".join([head, *forms * 30]), encoding="utf-8")
    assert intake("add", many).exit_code == WELL
    fov = CliRunner()
    environment = {"FOV_LEDGER": str(tmp_path / "liggare")}
    made = fov.invoke(app, ["release"], env=environment)
    assert "Finsam Göteborg: 30 nya svar" in made.output  # first-time forms; 60 are repeats
    shown = fov.invoke(app, ["releases", "show"])
    assert "verkliga, ca 300" in shown.output
    assert intake("withdraw", 1, "--yes").exit_code == WELL
    assert fov.invoke(app, ["release"], env=environment).exit_code == FAULTY  # nobody is left
    assert "ca 300" in fov.invoke(app, ["releases", "list"]).output  # the earlier release stands
