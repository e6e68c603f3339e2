"""The store of answers: what an import does to it, by the ids of the forms."""

import datetime
import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import USUAL

from fovdata import batches, responses, settings
from fovdata.batches import About, Batch, StoreFault

NOON = datetime.datetime(2023, 5, 2, 12, tzinfo=datetime.UTC)

Add = Callable[..., Batch | None]
"""(forms, source="", missing=None, **columns) → the batch that the import makes."""


def form_id(name: object) -> str:
    return hashlib.md5(str(name).encode()).hexdigest()


def answers(forms: str | Sequence[object], **columns: object) -> pd.DataFrame:
    """A form for each name: the same name is the same form, "a b c" are three."""
    names = forms.split() if isinstance(forms, str) else forms
    usual = {**USUAL, "year": 2022, "half_year": 2, **columns}
    rows = [{"response_id": form_id(name), **usual} for name in names]
    return pd.DataFrame(rows, columns=[column.name for column in responses.COLUMNS])


def numbered(first: int, last: int) -> list[object]:
    return list(range(first, last + 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "inlästa"


@pytest.fixture
def add(folder: Path) -> Add:
    """Read forms in, as an import from the file that ``source`` names."""

    def added(
        forms: str | Sequence[object],
        source: str = "",
        missing: Literal["replace", "keep"] | None = None,
        **columns: object,
    ) -> Batch | None:
        about = About("kontaktperson", "file", source, {"age_missing": 2}, NOON)
        return batches.add(folder, answers(forms, **columns), about, missing)

    return added


def counted(folder: Path) -> list[str]:
    """The ids of the answers that count, one for each time that it does."""
    tables = [pq.read_table(path, columns=["response_id"]) for path in batches.current(folder)]
    return sorted(pa.concat_tables(tables)["response_id"].to_pylist() if tables else [])


def ids(forms: str | Sequence[object]) -> list[str]:
    return sorted(form_id(name) for name in (forms.split() if isinstance(forms, str) else forms))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# One import


def test_an_import_is_one_file_with_its_manifest_inside(add: Add, folder: Path) -> None:
    made = add("c a b", source="digest", federation="falun")
    (path,) = folder.iterdir()
    assert path.name == "batch-000001.parquet"
    table = pq.read_table(path)
    assert table.schema.equals(batches.SCHEMA)
    assert table.column_names == [column.name for column in responses.COLUMNS]
    assert table["response_id"].to_pylist() == ids("a b c")  # in an order that says nothing
    assert json.loads(pq.read_schema(path).metadata[b"manifest"])["source"] == "digest"
    assert batches.listed(folder) == (made,)
    assert made == Batch(
        1,
        path,
        "synthetic",
        About("kontaktperson", "file", "digest", {"age_missing": 2}, NOON),
        3,
        {"falun": 3},
    )


def test_folder_and_files_are_for_their_owner(add: Add, folder: Path) -> None:
    add("a b")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    batches.withdraw(folder, 1, "nns", NOON)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_answers_may_come_as_categories_and_small_whole_numbers(folder: Path) -> None:
    as_checked = answers("a b").astype(
        {"federation": "category", "gender": "category", "year": "int16", "half_year": "int8"}
    )
    about = About("nns", "typed", "", {}, NOON)
    made = batches.add(folder, as_checked, about)
    assert made is not None
    assert pq.read_table(made.path).schema.equals(batches.SCHEMA)


def test_a_name_in_the_place_of_a_role_is_not_kept() -> None:
    with pytest.raises(ValueError, match="kontaktperson, nns"):
        About("Anna Andersson", "file", "", {}, NOON)
    with pytest.raises(ValueError, match="kontaktperson, nns"):
        batches.Withdrawal("Anna Andersson", NOON, "withdrawn")


@pytest.mark.parametrize(
    "wrong", [["a" * 32, "a" * 32], ["a" * 30 + "  "], ["a" * 30, "b" * 34], ["å" * 16], [""]]
)
def test_answers_without_ids_of_their_own_never_come_in(folder: Path, wrong: list[str]) -> None:
    table = answers(wrong)
    table["response_id"] = wrong
    with pytest.raises(ValueError, match=r"An id|non-hex|ascii"):
        batches.add(folder, table, About("nns", "file", "", {}, NOON))
    assert not list(folder.iterdir())


def test_no_answers_make_no_batch(add: Add, folder: Path) -> None:
    assert add("") is None
    assert add("a") is not None
    assert add("") is None
    assert len(batches.listed(folder)) == 1


def test_a_folder_that_is_not_there_holds_nothing_and_is_not_made(folder: Path) -> None:
    assert batches.listed(folder) == ()
    assert batches.current(folder) == []
    assert batches.compared(folder, answers("a b")).new == 2
    assert not folder.exists()


# The same forms again


def test_the_same_file_twice_changes_nothing(add: Add, folder: Path) -> None:
    add("a b c", source="digest")
    before = files(folder)
    assert batches.compared(folder, answers("a b c"), "digest").source_known == 1
    assert add("c b a", source="digest") is None
    assert files(folder) == before


def test_a_file_that_has_grown_brings_its_new_forms_only(add: Add, folder: Path) -> None:
    add("a b c")
    assert batches.compared(folder, answers("a b c d e")).words == (
        "2 nya, 3 redan inlästa, 0 ändrade"
    )
    made = add("a b c d e")
    assert made is not None
    assert (made.number, made.answers, made.replaces) == (2, 2, ())
    assert counted(folder) == ids("a b c d e")


TWENTY = numbered(1, 20)


def test_a_newer_version_replaces_the_one_before(add: Add, folder: Path) -> None:
    """Form 1 is corrected, which gives it another id, and 12 more have come."""
    add(TWENTY, source="first")
    newer = ["1, corrected", *numbered(2, 20), *numbered(21, 32)]
    comparison = batches.compared(folder, answers(newer))
    assert comparison.words == "12 nya, 19 redan inlästa, 1 ändrad"
    assert (comparison.missing, comparison.asks, comparison.replaces) == (1, False, (1,))
    made = add(newer, source="second")
    assert made is not None
    assert (made.answers, made.replaces) == (32, (1,))
    assert counted(folder) == ids(newer)


def test_nothing_is_left_of_the_form_before_its_correction(add: Add, folder: Path) -> None:
    add(TWENTY)
    first = batches.listed(folder)[0]
    add(["1, corrected", *numbered(2, 20)])
    assert pq.read_metadata(first.path).num_rows == 0
    assert form_id(1).encode() not in b"".join(files(folder).values())
    gone = batches.Withdrawal("kontaktperson", NOON, "replaced by 2")
    assert batches.listed(folder)[0] == Batch(
        1, first.path, "synthetic", first.about, 20, {"halland": 20}, (), gone
    )


@pytest.mark.parametrize(
    ("kept", "more", "asks"),
    [
        (16, 4, False),  # four fifths of the batch, and as many others as are missing
        (15, 5, True),  # less
        (16, 3, True),  # more are missing than have come: some were taken out
        (20, 0, False),
        (19, 0, True),
    ],
)
def test_what_cannot_be_known_is_asked(
    add: Add, folder: Path, kept: int, more: int, asks: bool
) -> None:
    add(TWENTY)
    forms = [*numbered(1, kept), *numbered(101, 100 + more)]
    comparison = batches.compared(folder, answers(forms))
    assert comparison.asks == asks
    assert comparison.missing == 20 - kept
    assert comparison.changed == (0 if asks else 20 - kept)
    assert comparison.new + comparison.changed == more
    if asks:
        before = files(folder)
        with pytest.raises(StoreFault, match=f"{20 - kept} svar .* Välj .* Inget är ändrat"):
            add(forms)
        assert files(folder) == before


def test_the_file_replaces_what_it_lacks_if_told_to(add: Add, folder: Path) -> None:
    add(TWENTY)
    made = add(numbered(1, 10), missing="replace")
    assert made is not None
    assert (made.answers, made.replaces) == (10, (1,))
    assert counted(folder) == ids(numbered(1, 10))


def test_what_the_file_lacks_is_kept_if_told_to(add: Add, folder: Path) -> None:
    add(TWENTY)
    made = add(numbered(11, 25), missing="keep")
    assert made is not None
    assert (made.answers, made.replaces) == (5, ())
    assert counted(folder) == ids(numbered(1, 25))
    assert add(numbered(1, 3), missing="keep") is None


def test_what_was_kept_is_not_asked_about_again(add: Add, folder: Path) -> None:
    add(TWENTY)
    add(numbered(11, 25), source="digest", missing="keep")
    again = batches.compared(folder, answers(numbered(11, 25)), "digest")
    assert (again.asks, again.replaces, again.source_known) == (False, (), 2)
    assert add(numbered(11, 25), source="digest") is None


def test_a_form_in_a_batch_that_stays_is_not_taken_in_twice(add: Add, folder: Path) -> None:
    """The newer file holds all of batch 2, so that stays; batch 1 lacks the corrected form."""
    add(TWENTY)
    add(numbered(1, 30))
    assert [batch.answers for batch in batches.listed(folder)] == [20, 10]
    newer = ["1, corrected", *numbered(2, 30)]
    made = add(newer)
    assert made is not None
    assert (made.answers, made.replaces) == (20, (1,))
    assert counted(folder) == ids(newer)


def test_a_file_can_replace_two_batches(add: Add, folder: Path) -> None:
    add(TWENTY)
    add(numbered(1, 40))
    newer = [*numbered(2, 39), "1, corrected", "40, corrected"]
    made = add(newer)
    assert made is not None
    assert made.replaces == (1, 2)
    assert counted(folder) == ids(newer)


def test_the_version_before_a_correction_does_not_undo_it_unasked(add: Add, folder: Path) -> None:
    add(TWENTY, source="first")
    newer = ["1, corrected", *numbered(2, 20)]
    add(newer, source="second")
    older = batches.compared(folder, answers(TWENTY), "first")
    assert (older.asks, older.source_known) == (True, 1)
    with pytest.raises(StoreFault, match="Välj"):
        add(TWENTY, source="first")
    assert counted(folder) == ids(newer)


def test_one_form_is_said_in_the_singular() -> None:
    said = batches.Comparison(1, 1, 2, 2, (1,), False, None).words
    assert said == "1 ny, 1 redan inläst, 2 ändrade"


# Withdrawing


def test_a_withdrawn_batch_keeps_its_trace_and_no_answer(add: Add, folder: Path) -> None:
    add(TWENTY, source="digest")
    add("a b")
    gone = batches.withdraw(folder, 1, "nns", NOON)
    assert gone.withdrawn == batches.Withdrawal("nns", NOON, "withdrawn")
    assert (gone.answers, gone.federations) == (20, {"halland": 20})
    assert batches.listed(folder)[0] == gone
    assert counted(folder) == ids("a b")
    left = b"".join(files(folder).values())
    assert not [name for name in TWENTY if form_id(name).encode() in left]
    assert sorted(files(folder)) == ["batch-000001.parquet", "batch-000002.parquet"]


def test_a_withdrawn_file_can_be_read_in_again_under_a_number_of_its_own(
    add: Add, folder: Path
) -> None:
    add("a b", source="digest")
    batches.withdraw(folder, 1, "nns", NOON)
    comparison = batches.compared(folder, answers("a b"), "digest")
    assert (comparison.new, comparison.source_known) == (2, None)
    made = add("a b", source="digest")
    assert made is not None
    assert made.number == 2
    assert counted(folder) == ids("a b")


def test_what_a_batch_replaced_does_not_come_back_when_it_is_withdrawn(
    add: Add, folder: Path
) -> None:
    add(TWENTY)
    add(numbered(1, 40))
    add([*numbered(2, 39), "1, corrected", "40, corrected"])
    batches.withdraw(folder, 3, "kontaktperson", NOON)
    assert counted(folder) == []
    assert [batch.withdrawn and batch.withdrawn.why for batch in batches.listed(folder)] == [
        "replaced by 3",
        "replaced by 3",
        "withdrawn",
    ]


def test_withdrawing_twice_is_withdrawing_once(add: Add, folder: Path) -> None:
    add("a b")
    first = batches.withdraw(folder, 1, "nns", NOON)
    before = files(folder)
    later = NOON + datetime.timedelta(days=1)
    assert batches.withdraw(folder, 1, "kontaktperson", later) == first
    assert files(folder) == before


def test_what_cannot_be_withdrawn_is_said(add: Add, folder: Path) -> None:
    add(TWENTY)
    add(["1, corrected", *numbered(2, 20)])
    with pytest.raises(StoreFault, match="Inläsning 1 är ersatt av inläsning 2"):
        batches.withdraw(folder, 1, "nns", NOON)
    with pytest.raises(StoreFault, match="Inläsning 7 finns inte"):
        batches.withdraw(folder, 7, "nns", NOON)


def test_a_clock_that_was_set_back_changes_no_order(add: Add, folder: Path) -> None:
    add(TWENTY)
    before = datetime.datetime(1999, 1, 1, tzinfo=datetime.UTC)
    newer = answers(["1, corrected", *numbered(2, 20)])
    made = batches.add(folder, newer, About("nns", "file", "", {}, before))
    assert made is not None
    assert made.number == 2
    assert counted(folder) == ids(["1, corrected", *numbered(2, 20)])


# Another's death


def test_half_a_replacement_counts_nobody_twice_and_is_finished(add: Add, folder: Path) -> None:
    """The process died after its batch was there, before the one that it replaces was emptied."""
    add(TWENTY)
    full = (folder / "batch-000001.parquet").read_bytes()
    newer = ["1, corrected", *numbered(2, 20)]
    add(newer)
    whole = batches.listed(folder)
    emptied = (folder / "batch-000001.parquet").read_bytes()

    (folder / "batch-000001.parquet").write_bytes(full)
    assert counted(folder) == ids(newer)
    assert batches.listed(folder) == whole
    assert (folder / "batch-000001.parquet").read_bytes() == emptied


def test_half_a_replacement_does_not_come_back_when_the_newer_is_withdrawn(
    add: Add, folder: Path
) -> None:
    add(TWENTY)
    full = (folder / "batch-000001.parquet").read_bytes()
    add(["1, corrected", *numbered(2, 20)])
    (folder / "batch-000001.parquet").write_bytes(full)
    batches.withdraw(folder, 2, "nns", NOON)
    assert counted(folder) == []
    assert {pq.read_metadata(path).num_rows for path in folder.iterdir()} == {0}


def test_drafts_count_for_nothing_and_are_cleared_away(add: Add, folder: Path) -> None:
    add("a b")
    (folder / ".draft-batch-000002.parquet").write_bytes(b"half")
    assert counted(folder) == ids("a b")
    batches.compared(folder, answers("a"))
    assert list(files(folder)) == ["batch-000001.parquet"]


# What does not belong


@pytest.mark.parametrize("name", ["andra.parquet", "svar.xlsx", "batch-1.parquet", "mapp"])
def test_a_stranger_in_the_folder_is_named(add: Add, folder: Path, name: str) -> None:
    add("a b")
    (folder / name).mkdir()
    for ask in (
        lambda: batches.listed(folder),
        lambda: batches.compared(folder, answers("c")),
        lambda: add("c"),
        lambda: batches.withdraw(folder, 1, "nns", NOON),
    ):
        with pytest.raises(StoreFault, match=f"{name} hör inte hemma i .*Flytta den"):
            ask()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def without_manifest(path: Path) -> None:
    pq.write_table(pq.read_table(path).replace_schema_metadata(None), path)


def fewer_rows(path: Path) -> None:
    pq.write_table(pq.read_table(path).slice(1), path)


def another_number(path: Path) -> None:
    shutil.copy(path, path.with_name("batch-000009.parquet"))


def other_columns(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.append_column("name", table["gender"]), path)


def saying(manifest: str) -> Callable[[Path], None]:
    def changed(path: Path) -> None:
        pq.write_table(pq.read_table(path).replace_schema_metadata({"manifest": manifest}), path)

    return changed


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        without_manifest,
        fewer_rows,
        another_number,
        other_columns,
        *map(saying, ["", "{", "[]", "null", "{}", '{"number": 1}', "[" * 100_000]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"PAR1"),
    ],
)
def test_a_damaged_batch_is_named_and_nothing_is_done(
    add: Add, folder: Path, damage: Callable[[Path], None]
) -> None:
    add("a b")
    damage(folder / "batch-000001.parquet")
    before = files(folder)
    for ask in (lambda: add("c"), lambda: batches.listed(folder)):
        with pytest.raises(StoreFault, match=r"batch-00000[19]\.parquet går inte att läsa") as no:
            ask()
        assert "Återställ den från säkerhetskopian" in str(no.value)
    assert files(folder) == before


def test_ids_that_are_damaged_are_met_when_they_are_compared(add: Add, folder: Path) -> None:
    add(numbered(1, 500))
    path = folder / "batch-000001.parquet"
    content = bytearray(path.read_bytes())
    content[2000] ^= 1  # one bit, among the ids
    path.write_bytes(content)
    with pytest.raises(StoreFault, match="går inte att läsa"):
        batches.compared(folder, answers("a"))


@pytest.mark.parametrize(("there", "come"), [("real", "synthetic"), ("synthetic", "real")])
def test_real_answers_and_those_of_practice_never_meet(
    add: Add, folder: Path, there: str, come: str
) -> None:
    add("a b", data=there)
    for _ in range(2):
        with pytest.raises(StoreFault, match="får inte ligga i samma mapp"):
            add("c", data=come)
        with pytest.raises(StoreFault, match="får inte ligga i samma mapp"):
            batches.compared(folder, answers("c", data=come))
        batches.withdraw(folder, 1, "nns", NOON)  # nor when nothing but a trace is left
    assert len(batches.listed(folder)) == 1


def test_the_demo_answers_count_and_are_not_imported_over() -> None:
    demo = settings.ROOT / "data" / "demo"
    assert batches.current(demo) == [demo / "answers.parquet"]
    with pytest.raises(StoreFault, match=r"answers\.parquet hör inte hemma"):
        batches.compared(demo, answers("a"))


# What the system refuses


def test_a_file_in_the_place_of_the_folder_is_said_to_be_one(tmp_path: Path, add: Add) -> None:
    folder = tmp_path / "inlästa"
    folder.write_text("ingen mapp")
    for ask in (lambda: add("a"), lambda: batches.listed(folder)):
        with pytest.raises(StoreFault, match="inlästa: det är en fil, inte en mapp"):
            ask()


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (OSError(errno.ENOSPC, ""), "disken är full"),
        (OSError(errno.EROFS, ""), "du får inte läsa eller skriva där"),
        (OSError(errno.EIO, ""), "disken svarar inte som den ska"),
        (MemoryError(), "Datorns minne räcker inte"),
        (pa.ArrowMemoryError(), "Datorns minne räcker inte"),
    ],
)
@pytest.mark.parametrize("step", ["write_table", "fsync"])
def test_what_the_system_refuses_leaves_the_store_as_it_was(
    refusal: Exception,
    said: str,
    step: str,
    add: Add,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add(TWENTY)
    before = files(folder)

    def refused(*_: object, **__: object) -> None:
        raise refusal

    with monkeypatch.context() as broken:
        broken.setattr(pq if step == "write_table" else os, step, refused)
        for ask in (
            lambda: add("a"),
            lambda: add(["1, corrected", *numbered(2, 20)]),
            lambda: batches.withdraw(folder, 1, "nns", NOON),
        ):
            with pytest.raises(StoreFault, match=said):
                ask()
            assert files(folder) == before
    assert add(["1, corrected", *numbered(2, 20)]) is not None


def test_a_folder_that_does_not_reach_the_disk_takes_no_batch(
    add: Add, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a power cut might take back must not be said to be read in."""
    add("a")
    before = files(folder)
    to_disk = os.fsync

    def refused(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EIO, "")
        to_disk(handle)

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refused)
        with pytest.raises(StoreFault, match="disken svarar inte"):
            add("b")
    assert files(folder) == before


def test_the_new_batch_is_on_the_disk_before_the_old_one_is_emptied(
    add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(TWENTY)
    done: list[str] = []
    to_disk, put = os.fsync, Path.replace

    def fsync(handle: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        to_disk(handle)

    def replace(draft: Path, target: Path) -> Path:
        done.append(target.name)
        return put(draft, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    add(["1, corrected", *numbered(2, 20)])
    assert done == [
        *["file", "file"],
        *["batch-000002.parquet", "folder"],
        *["batch-000001.parquet", "folder"],
    ]


# Many answers


def test_a_hundred_thousand_forms_are_compared_with_a_million_without_an_object_each(
    folder: Path,
) -> None:
    chance = np.random.default_rng(20230502)

    def many(number: int) -> pd.DataFrame:
        digits = chance.bytes(16 * number).hex()
        usual = {
            column.name: pd.Categorical.from_codes(np.zeros(number, int), column.values)
            for column in responses.COLUMNS
            if column.values
        }
        return pd.DataFrame(
            {
                "response_id": [digits[32 * n : 32 * n + 32] for n in range(number)],
                "year": 2022,
                "half_year": 1,
                "federation": "halland",
                **usual,
            }
        )

    stored = [many(250_000) for _ in range(4)]
    for number, part in enumerate(stored):
        batches.add(folder, part, About("nns", "file", str(number), {}, NOON))
    file = pd.concat([stored[2][:90_000], many(10_000)])
    comparison = batches.compared(folder, file)
    assert (comparison.new, comparison.known) == (10_000, 90_000)
    assert (comparison.missing, comparison.asks) == (160_000, True)


def test_ids_that_end_in_zeros_are_told_apart(folder: Path) -> None:
    tables = answers("a b c d")
    tables["response_id"] = ["0" * 32, "0" * 30 + "01", "01" + "0" * 30, "0100" + "0" * 26 + "01"]
    about = About("nns", "file", "", {}, NOON)
    assert batches.add(folder, tables[:2], about) is not None
    comparison = batches.compared(folder, tables)
    assert (comparison.new, comparison.known) == (2, 2)
