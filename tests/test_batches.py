"""The store of answers: what an import does to it, by the ids of the forms."""

import datetime
import errno
import hashlib
import io
import itertools
import json
import os
import random
import shutil
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import USUAL
from messy.making import FILES

from fovdata import batches, responses, settings
from fovdata import questionnaire as form
from fovdata.batches import About, Batch, Comparison, Missing, StoreFault
from fovdata.batches.likeness import Likeness
from fovdata.intake import receiving
from fovdata.intake.places import Place
from fovdata.intake.receiving import Received
from fovdata.registry import Registry
from fovdata.release import counting

NOON = datetime.datetime(2023, 5, 2, 12, tzinfo=datetime.UTC)

QUESTIONS = [question.code for question in form.QUESTIONS]

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


def varied(forms: Sequence[object], **columns: object) -> pd.DataFrame:
    """A form for each of up to 2187 names, no two with the same answers to the seven questions."""
    table = answers(forms, **columns)
    for place, question in enumerate(form.QUESTIONS):
        codes = [category.code for category in form.ANSWERS]
        table[question.code] = [codes[at // 3**place % 3] for at in range(len(table))]
    return table


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
        missing: Missing | None = None,
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
    assert made is not None
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
        forms=made.forms,
    )
    assert len(made.forms) == 32


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
    assert batches.listed(folder)[0] == replace(first, withdrawn=gone)


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
    assert add(numbered(11, 25), source="digest", missing="replace") is None


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


def test_the_version_before_a_correction_is_known_when_it_is_saved_anew(
    add: Add, folder: Path
) -> None:
    """With a comma for a semicolon it is another file, with the same forms."""
    add(TWENTY, source="first")
    newer = ["1, corrected", *numbered(2, 20)]
    add(newer, source="second")
    older = batches.compared(folder, answers(TWENTY), "first, saved anew")
    assert (older.asks, older.source_known) == (True, 1)
    with pytest.raises(StoreFault, match="Välj"):
        add(TWENTY, source="first, saved anew")
    assert batches.compared(folder, answers(newer), "second, saved anew").source_known == 2
    assert counted(folder) == ids(newer)


def test_replace_and_keep_count_only_where_it_is_asked(add: Add, folder: Path) -> None:
    """Kept beside its correction, a form would count twice."""
    add(TWENTY)
    newer = ["1, corrected", *numbered(2, 20)]
    add(newer, missing="keep")
    assert counted(folder) == ids(newer)
    add([*newer, "more"], missing="replace")
    assert counted(folder) == ids([*newer, "more"])
    assert [batch.answers for batch in batches.listed(folder)] == [20, 20, 1]


# What can be a correction


def put(folder: Path, table: pd.DataFrame, missing: Missing | None = None) -> Batch | None:
    return batches.add(folder, table, About("nns", "file", "", {}, NOON), missing)


@pytest.mark.parametrize(
    ("changed", "asks"),
    [
        ({}, False),  # a place, a day: nothing that is kept
        ({"gender": "man"}, False),
        ({"year": 2021, "half_year": 1}, False),
        ({"q1": "ja", "q2": "ja", "q3": "ja"}, True),
        ({"year": 2021, "half_year": 1, "age_band": "16-24"}, True),
        ({"federation": "falun"}, True),
    ],
)
def test_a_correction_changes_two_of_the_kept_columns_at_most(
    changed: Mapping[str, object], asks: bool, add: Add, folder: Path
) -> None:
    add(TWENTY)
    newer = pd.concat([answers(numbered(2, 20)), answers(["1, corrected"], **changed)])
    comparison = batches.compared(folder, newer)
    assert (comparison.missing, comparison.changed, comparison.asks) == (1, int(not asks), asks)


def test_every_missing_answer_needs_a_correction_of_its_own(add: Add, folder: Path) -> None:
    """Two are archived, one is corrected and another one has come."""
    add(TWENTY)
    other = answers(["another"], gender="man", age_band="16-24", year=2021)
    newer = pd.concat([answers(["1, corrected", *numbered(3, 20)]), other])
    comparison = batches.compared(folder, newer)
    assert (comparison.missing, comparison.new, comparison.asks) == (2, 2, True)


def corrected(earlier: pd.DataFrame, newer: pd.DataFrame) -> bool:
    likeness = Likeness(("falun", "halland"))
    return likeness.corrected(
        *(likeness.codes(pa.Table.from_pandas(table, batches.SCHEMA)) for table in (earlier, newer))
    )


def test_whoever_has_a_choice_leaves_the_only_one_to_whoever_has_none() -> None:
    one, two = answers("one"), answers("two", q1="ja", q2="ja")
    near_both, near_one = answers("both", q1="ja"), answers("a", q3="ja", q4="ja")
    for earlier in ([one, two], [two, one]):
        for newer in ([near_both, near_one], [near_one, near_both]):
            assert corrected(pd.concat(earlier), pd.concat(newer))
    assert not corrected(pd.concat([one, two, two]), pd.concat([near_both, near_one, near_one]))


def test_whether_each_has_one_of_its_own_is_right_whatever_is_like_what() -> None:
    """Beside trying all orders."""
    chance = random.Random(20230502)
    found = []
    for _ in range(80):
        earlier, newer = (
            pd.concat(
                answers("x", **{code: chance.choice(["ja", "nej"]) for code in QUESTIONS})
                for _ in range(size)
            )
            for size in (4, 5)
        )
        apart = [
            [sum(old[code] != new[code] for code in QUESTIONS) <= 2 for _, new in newer.iterrows()]
            for _, old in earlier.iterrows()
        ]
        possible = any(
            all(row[at] for row, at in zip(apart, order, strict=True))
            for order in itertools.permutations(range(5), 4)
        )
        assert corrected(earlier, newer) == possible
        found.append(possible)
    assert 8 < sum(found) < 72


def test_more_than_a_thousand_missing_answers_are_asked_about(add: Add, folder: Path) -> None:
    for missing, asks in ((1000, False), (1001, True)):
        add(numbered(1, 6000))
        newer = [*numbered(missing + 1, 6000), *numbered(6001, 6000 + missing)]
        assert batches.compared(folder, answers(newer)).asks == asks


# Several federations


def test_a_federation_that_is_not_in_the_file_misses_nothing(folder: Path) -> None:
    """NNS has read in all; then one federation sends what has come since."""
    both = [answers(numbered(1, 45), federation="skaraborg"), answers("a b c d e")]
    put(folder, pd.concat(both))
    newer = answers(numbered(1, 50), federation="skaraborg")
    comparison = batches.compared(folder, newer)
    assert (comparison.words, comparison.missing) == ("5 nya, 45 redan inlästa, 0 ändrade", 0)
    made = put(folder, newer)
    assert made is not None
    assert (made.answers, made.replaces) == (5, ())
    assert counted(folder) == sorted([*ids(numbered(1, 50)), *ids("a b c d e")])


@pytest.mark.parametrize(("kept", "missing"), [(9, None), (5, "replace")])
def test_a_newer_version_carries_along_what_its_batch_holds_of_others(
    kept: int, missing: Missing | None, folder: Path
) -> None:
    theirs = answers(numbered(101, 130))
    put(folder, pd.concat([answers(numbered(1, 10), federation="skaraborg"), theirs]))
    newer = answers([*numbered(1, kept), "corrected"], federation="skaraborg")
    comparison = batches.compared(folder, newer)
    assert (comparison.missing, comparison.asks) == (10 - kept, missing is not None)
    made = put(folder, newer, missing)
    assert made is not None
    assert (made.answers, made.replaces, made.carried) == (kept + 31, (1,), {1: 30})
    assert made.federations == {"skaraborg": kept + 1, "halland": 30}
    assert batches.listed(folder)[1] == made
    assert counted(folder) == sorted([*newer["response_id"], *theirs["response_id"]])
    held = pq.read_table(made.path).to_pandas()
    assert [*held["response_id"]] == counted(folder)
    as_before = held[held["federation"] == "halland"].sort_values("response_id")
    assert as_before.to_dict("list") == theirs.sort_values("response_id").to_dict("list")


def test_what_is_carried_along_is_still_compared_with_its_own_federation_s_file(
    folder: Path,
) -> None:
    put(folder, pd.concat([answers(numbered(1, 10), federation="skaraborg"), answers("a b c d e")]))
    put(folder, answers([*numbered(2, 10), "1, corrected"], federation="skaraborg"))
    comparison = batches.compared(folder, answers("a b c d e"))
    assert (comparison.words, comparison.asks) == ("0 nya, 5 redan inlästa, 0 ändrade", False)
    assert put(folder, answers("a b c d e")) is None


# Forms that are there under another id


FORTY = numbered(1, 40)


def anew(forms: Sequence[object]) -> list[object]:
    """The same forms with something changed that is not kept: other ids."""
    return [f"{form}, with the place filled in" for form in forms]


def test_forms_that_got_something_filled_in_later_are_asked_about(folder: Path) -> None:
    put(folder, varied(FORTY))
    newer = varied(anew(FORTY))
    comparison = batches.compared(folder, newer)
    assert (comparison.alike, comparison.asks, comparison.replaces) == (40, True, (1,))
    assert (comparison.words, comparison.missing) == ("40 nya, 0 redan inlästa, 0 ändrade", 0)
    before = files(folder)
    with pytest.raises(StoreFault, match=r"40 av de nya svaren är lika .* Inget är ändrat"):
        put(folder, newer)
    assert files(folder) == before


def test_forms_that_are_there_already_are_replaced_if_told_to(folder: Path) -> None:
    put(folder, varied(FORTY))
    made = put(folder, varied(anew(FORTY)), "replace")
    assert made is not None
    assert (made.answers, made.replaces, made.carried) == (40, (1,), {})
    assert counted(folder) == ids(anew(FORTY))


def test_forms_that_answer_alike_are_others_if_told_so(folder: Path) -> None:
    put(folder, varied(FORTY))
    newer = varied(anew(FORTY))
    made = put(folder, newer, "keep")
    assert made is not None
    assert (made.answers, made.replaces) == (40, ())
    assert counted(folder) == sorted(ids(FORTY) + ids(anew(FORTY)))
    assert not batches.compared(folder, newer).asks  # nor is it asked again


@pytest.mark.parametrize(
    ("alike", "different", "asks"),
    [(5, 0, True), (5, 5, True), (5, 6, False), (4, 0, False), (20, 20, True)],
)
def test_five_and_half_of_the_new_answers_are_more_than_chance(
    alike: int, different: int, asks: bool, folder: Path
) -> None:
    put(folder, varied(FORTY))
    others = answers(numbered(101, 100 + different), year=2021)
    newer = pd.concat([varied(anew(FORTY))[:alike], others])
    comparison = batches.compared(folder, newer)
    assert (comparison.asks, comparison.alike) == (asks, alike if asks else 0)


def test_exactly_those_that_are_alike_go(folder: Path) -> None:
    """Of two batches; the rest of the one, and all of another federation's, stay."""
    put(folder, varied(FORTY))
    put(folder, answers("a b c"))
    put(folder, varied(numbered(101, 140), federation="falun"))
    newer = varied(anew(FORTY))[:6]
    comparison = batches.compared(folder, newer)
    assert (comparison.alike, comparison.replaces) == (6, (1,))
    made = put(folder, newer, "replace")
    assert made is not None
    assert (made.answers, made.replaces, made.carried) == (40, (1,), {1: 34})
    there = [*anew(FORTY)[:6], *FORTY[6:], "a", "b", "c", *numbered(101, 140)]
    assert counted(folder) == ids(there)


def test_each_is_like_an_answer_of_its_own(folder: Path) -> None:
    """Ten say the same as four earlier ones: four at most can be there already."""
    put(folder, answers("a b c d"))
    assert batches.compared(folder, answers(numbered(1, 10))).alike == 0
    put(folder, answers("e"))
    assert batches.compared(folder, answers(numbered(1, 10))).alike == 5
    put(folder, answers(numbered(1, 10)), "replace")
    assert counted(folder) == ids(numbered(1, 10))


def test_of_several_that_are_alike_so_many_go_as_have_come(folder: Path) -> None:
    put(folder, answers(numbered(1, 10)))
    made = put(folder, answers(anew(numbered(1, 6))), "replace")
    assert made is not None
    assert (made.answers, made.carried) == (10, {1: 4})
    assert len(counted(folder)) == 10
    assert {*ids(anew(numbered(1, 6)))} <= {*counted(folder)}


def test_a_newer_version_is_told_from_forms_that_were_there(folder: Path) -> None:
    """Batch 1 has eight corrections, which is known; batch 2 came before the place was filled in.

    Of the new answers that are no corrections, all are like earlier ones.
    """
    put(folder, varied(FORTY))
    put(folder, answers(numbered(101, 106), year=2021))
    corrections = [f"{form}, corrected" for form in FORTY[:8]]
    newer = pd.concat(
        [varied([*corrections, *FORTY[8:]]), answers(anew(numbered(101, 106)), year=2021)]
    )
    comparison = batches.compared(folder, newer)
    assert comparison.words == "6 nya, 32 redan inlästa, 8 ändrade"
    assert (comparison.alike, comparison.replaces) == (6, (1, 2))
    assert "finns inte i filen" not in comparison.question

    other = folder.with_name("andra")
    shutil.copytree(folder, other)
    put(folder, newer, "keep")
    assert counted(folder) == sorted([*newer["response_id"], *ids(numbered(101, 106))])
    put(other, newer, "replace")
    assert counted(other) == sorted(newer["response_id"])


# In words


def test_one_form_is_said_in_the_singular() -> None:
    said = Comparison(1, 1, 2, 2, (1,), False, None).words
    assert said == "1 ny, 1 redan inläst, 2 ändrade"


@pytest.mark.parametrize(
    ("missing", "alike", "question"),
    [
        (
            7,
            0,
            "7 svar som har lästs in tidigare finns inte i filen. Är de rättade eller borttagna, "
            "så att filen gäller? Eller är de bara inte med den här gången?",
        ),
        (
            1,
            0,
            "1 svar som har lästs in tidigare finns inte i filen. Är det rättat eller borttaget, "
            "så att filen gäller? Eller är det bara inte med den här gången?",
        ),
        (
            0,
            40,
            "40 av de nya svaren är lika redan inlästa svar i allt som sparas. Är det samma "
            "formulär, där till exempel Ort eller datum har ändrats? Eller är det andra formulär?",
        ),
        (
            44,
            40,
            "44 svar som har lästs in tidigare finns inte i filen. 40 av de nya svaren är lika "
            "redan inlästa svar i allt som sparas. Är det samma formulär, där till exempel Ort "
            "eller datum har ändrats? Eller är det andra formulär?",
        ),
    ],
)
def test_what_is_asked_is_asked_in_words_with_what_each_answer_does(
    missing: int, alike: int, question: str
) -> None:
    comparison = Comparison(40, 1, 0, missing, (1,), True, None, alike)
    assert comparison.question == question
    assert [*comparison.choices] == ["replace", "keep"]
    not_asked = replace(comparison, asks=False)
    assert (not_asked.question, not_asked.choices) == ("", {})


# What somebody has looked at


def test_what_is_no_longer_true_is_not_added(add: Add, folder: Path) -> None:
    about = About("nns", "file", "", {}, NOON)
    file = answers(numbered(1, 22))
    seen = batches.compared(folder, file)
    add(TWENTY)
    before = files(folder)
    with pytest.raises(StoreFault, match=r"Läget har ändrats sedan kontrollen: .*Inget är ändrat"):
        batches.add(folder, file, about, seen=seen)
    assert files(folder) == before
    assert batches.add(folder, file, about, seen=batches.compared(folder, file)) is not None


def test_a_file_is_added_as_it_was_checked_or_not_at_all(folder: Path, registry: Registry) -> None:
    place = Place(folder, b"k" * 32, responses.SYNTHETIC)
    name = "csv-utf8-comma.csv"

    def received() -> Received:
        content = io.BytesIO((FILES / name).read_bytes())
        return receiving.receive(content, name, place, registry)

    first, second = received(), received()
    assert receiving.add(first, place, "nns") is not None
    with pytest.raises(StoreFault, match="Läget har ändrats"):
        receiving.add(second, place, "nns")
    anew = receiving.compared_anew(second, place)
    assert (anew.comparison and anew.comparison.source_known, anew.asks) == (1, False)
    assert receiving.add(anew, place, "nns") is None


def test_another_key_than_the_store_s_is_refused(folder: Path) -> None:
    """Under it the same form has another id, and would count twice."""
    batches.add(folder, answers("a"), About("nns", "file", "", {}, NOON, key="the right one"))
    before = files(folder)
    with pytest.raises(StoreFault, match="en annan nyckel"):
        batches.compared(folder, answers("b"), key="a wrong one")
    with pytest.raises(StoreFault, match="en annan nyckel"):
        batches.add(folder, answers("b"), About("nns", "file", "", {}, NOON, key="a wrong one"))
    assert files(folder) == before
    assert batches.compared(folder, answers("b"), key="the right one").new == 1


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


def test_a_value_that_somebody_changed_is_met_where_it_is_read(add: Add, folder: Path) -> None:
    """A list reads no answers. Whoever counts or compares them does."""
    add(TWENTY)
    path = folder / "batch-000001.parquet"
    table = pq.read_table(path)
    wrong = pa.array(["JAPP"] * 20)
    place = table.column_names.index("q1")
    pq.write_table(table.set_column(place, table.schema.field("q1"), wrong), path)
    first, *_ = counting.faults(batches.current(folder), ["halland"])
    assert "batch-000001.parquet, rad 1, kolumn q1: ”JAPP” går inte att använda" in first
    with pytest.raises(StoreFault, match="går inte att läsa"):
        batches.compared(folder, answers(numbered(1, 10)))


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


@pytest.mark.long
def test_a_hundred_thousand_forms_are_compared_with_a_million_without_an_object_each(
    folder: Path,
) -> None:
    chance = np.random.default_rng(20230502)

    def many(number: int) -> pd.DataFrame:
        digits = chance.bytes(16 * number).hex()
        closed = {
            column.name: pd.Categorical.from_codes(
                chance.integers(0, 1 if column.name == "data" else len(column.values), number),
                column.values,
            )
            for column in responses.COLUMNS
            if column.values
        }
        return pd.DataFrame(
            {
                "response_id": [digits[32 * n : 32 * n + 32] for n in range(number)],
                "year": chance.integers(2019, 2100, number),
                "half_year": 1,
                "federation": "halland",
                **closed,
            }
        )

    stored = [many(250_000) for _ in range(4)]
    for number, part in enumerate(stored):
        batches.add(folder, part, About("nns", "file", str(number), {}, NOON))
    file = pd.concat([stored[2][:90_000], many(10_000)])
    begun = time.monotonic()
    comparison = batches.compared(folder, file)
    assert time.monotonic() - begun < 20
    assert (comparison.new, comparison.known) == (10_000, 90_000)
    assert (comparison.missing, comparison.alike, comparison.asks) == (160_000, 0, True)
    assert batches.compared(folder, many(100_000)).words.startswith(
        "100\N{NO-BREAK SPACE}000 nya, 0 redan"
    )


def test_ids_that_end_in_zeros_are_told_apart(folder: Path) -> None:
    tables = answers("a b c d")
    tables["response_id"] = ["0" * 32, "0" * 30 + "01", "01" + "0" * 30, "0100" + "0" * 26 + "01"]
    about = About("nns", "file", "", {}, NOON)
    assert batches.add(folder, tables[:2], about) is not None
    comparison = batches.compared(folder, tables)
    assert (comparison.new, comparison.known) == (2, 2)
