"""Columns are found by their headings, in the form's words or near them, and never by guessing."""

import random
import time

import pytest

from fovdata import questionnaire as form
from fovdata.intake import columns
from fovdata.intake.columns import Column, FileFault, Head

USUAL = ["Datum", "Kön", "Ålder", "F1", "F2", "F3", "F4", "F5", "F6", "F7"]
"""A head that is found whatever stands beside it."""


def head(*rows: str) -> Head | None:
    """The head among rows that are written with bars between their cells, the first being row 1."""
    return columns.found([(row, line.split("|")) for row, line in enumerate(rows, 1)])


def fields(*rows: str) -> dict[str, str]:
    """Field → the column's letter, in the head among the rows."""
    found = head(*rows)
    assert found
    return {code: column.name[-2] for code, column in found.fields().items()}


def meant(heading: str) -> str | None:
    """The field that a heading names, beside usual ones for all other fields."""
    others = [name for name in USUAL if name not in ("Kön", "F1")]
    found = columns.found([(1, [heading, "Kön", "F1", *others])])
    assert found
    return next((code for code, of in found.claims.items() if 0 in [c.position for c in of]), None)


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Fråga 1", "q1"),
        ("FRÅGA 1:", "q1"),
        ("fråga1", "q1"),
        ("Fraga 1", "q1"),
        ("F1", "q1"),
        ("Q7", "q7"),
        ("fr 1", "q1"),
        ("Fr. 1", "q1"),
        ("Fråga nr 4", "q4"),
        ("Fråga 1: Har du blivit hotad, kontrollerad, förnedrad", "q1"),
        ("1. Har du blivit hotad, kontrollerad", "q1"),
        ("Fråga 2 (Ja/Nej)", "q2"),
        ("Fråga 3 – sexuellt våld", "q3"),
        ("Psykiskt våld", "q1"),
        ("psykiskt  VÅLD (ja/nej)", "q1"),
        ("Bevittnat våld", "q6"),
        ("Har du blivit slagen, sparkad, knuffad ell…", "q2"),
        ("Har du blivit slagen sparkad knufad eller skadad på något annat sätt", "q2"),
        ("Har du själv, som vuxen, utsatt någon annan för våld enligt fråga 1–4", "q7"),
        ("KÖN", "gender"),
        ("Ko\u0308n", "gender"),
        ("Kön\n(kvinna/man/annat)", "gender"),
        ("Ålder:", "age"),
        ("Ålder (år)", "age"),
        ("Födelseår", "age"),
        ("Ifyllt datum", "date"),
        ("Datum för ifyllande", "date"),
        ("Datum (ÅÅÅÅ-MM-DD)", "date"),
        ("Ort", "place"),
        ("Samordningsförbund", "federation"),
        ("Förbund", "federation"),
        ("Myndighet", "authority"),
        ("Verksamhet", "activity"),
        ("Verksamhet/insats", "activity"),
        ("Aktivitet", "activity"),
        ("Antal gånger", "fill_count"),
        ("Gång", "fill_count"),
        ("Vilken gång?", "fill_count"),
        ("Besökaren har fyllt i frågeformuläret", "fill_count"),
        ("fill_count", "fill_count"),
        ("\u200b\u00a0Kön\u00a0", "gender"),
    ],
)
def test_a_heading_names_a_field(heading: str, code: str) -> None:
    assert meant(heading) == code


@pytest.mark.parametrize(
    "heading",
    [
        "Nr",
        "1",
        "Kommentar",
        "Handläggare",
        "Födelsedatum",
        "Personnummer",
        "Fråga",
        "Fråga 8",
        "Fråga 1-4",
        "1 gång",
        "2022-05-14",
        "Frågor om våld",
        "Att rätta",
    ],
)
def test_another_heading_names_none(heading: str) -> None:
    assert meant(heading) is None


@pytest.mark.parametrize("heading", ["Har du", "Har du blivit", "Sexuell", "Har du varit med om"])
def test_what_could_be_two_questions_is_neither(heading: str) -> None:
    assert meant(heading) is None


def test_a_number_and_a_wording_that_contradict_each_other_are_neither_question() -> None:
    assert meant("Fråga 2: Har du blivit hotad, kontrollerad, förnedrad") is None


@pytest.mark.parametrize("question", form.QUESTIONS, ids=lambda question: question.code)
def test_no_beginning_of_a_question_passes_for_another(question: form.Question) -> None:
    beginnings = [question.wording[:end] for end in range(1, len(question.wording) + 1)]
    misspelt = [text[: len(text) // 2] + "x" + text[len(text) // 2 + 1 :] for text in beginnings]
    assert {meant(text) for text in beginnings} == {None, question.code}
    assert {meant(text) for text in misspelt} <= {None, question.code}
    assert meant(question.wording.upper()) == question.code


def test_columns_come_in_any_order_among_others() -> None:
    assert fields("Q7|Q6|Q5|Q4|Q3|Q2|Q1|Handläggare|Kön|Datum") == {
        "date": "J",
        "gender": "I",
        **{f"q{number}": letter for number, letter in zip(range(1, 8), "GFEDCBA", strict=True)},
    }


def test_the_questions_may_be_bare_numbers() -> None:
    assert fields("Datum|Kön|1|2|3|4.|5)|6|7") == {
        "date": "A",
        "gender": "B",
        **{f"q{number}": letter for number, letter in zip(range(1, 8), "CDEFGHI", strict=True)},
    }


def test_one_bare_number_is_no_question() -> None:
    assert "q1" not in fields("1|Datum|Kön|Fråga 2|Fråga 3")


def test_coded_answers_are_no_head() -> None:
    # Somebody's answers, as numbers: 1 for Ja, 2 for Nej.
    assert head("34|1|2|1|1|2|2|1") is None
    assert head("4|3|2|1|5|6|7") is None


def test_titles_above_the_head_are_passed_over() -> None:
    found = head("FOV 2022||", "Förbund: Halland||", "Datum|Kön|Fråga 1|Fråga 2", "2022|Man|Ja|Nej")
    assert found
    assert found.row == 3


def test_a_head_may_take_two_rows() -> None:
    # Kön and Ålder merged over two rows, "Frågor om våld" over the numbers.
    rows = ("Kön|Ålder|Frågor om våld||||||", "||1|2|3|4|5|6|7", "Man|34|Ja|Nej|Ja|Nej|Ja|Nej|Ja")
    found = head(*rows)
    assert found
    assert found.row == 2
    assert list(fields(*rows)) == ["gender", "age", *form.BY_CODE]


def test_the_first_answers_are_not_part_of_the_head() -> None:
    found = head("Kön|Ålder|Fråga 1|Fråga 2|", "||||Insats")
    assert found
    assert found.row == 1
    assert "activity" not in found.claims


def test_two_columns_for_one_field_are_a_fault_that_names_both_by_their_letters() -> None:
    # A heading may hold somebody's name; the form's own words and the letters do not.
    found = head("Ålder|Kön|Fråga 1 (ring Anna)|Fråga 2|Födelseår")
    assert found
    with pytest.raises(FileFault, match="kan vara Ålder: kolumn A och E"):
        found.fields()
    found = head("Datum|Kön|Fråga 1 (ring Anna)|Fråga 2|Fråga 1 (ring Eva)")
    assert found
    with pytest.raises(FileFault, match="fråga 1, Psykiskt våld: kolumn C och E") as fault:
        found.fields()
    assert "Anna" not in str(fault.value)


@pytest.mark.parametrize(
    ("heading", "sure"),
    [
        ("Fråga 1", True),
        ("Fråga 1 (Ja/Nej)", True),
        ("Fråga 1 – kryssa Ja eller Nej", True),
        ("Fråga 1: hotad", True),
        ("Fråga 1: Hur mår du?", False),
        ("Fråga 1 (ring Anna)", False),
        ("Fråga 1 hot och kontroll", False),
    ],
)
def test_a_number_with_other_words_than_the_form_s_is_assumed(heading: str, sure: bool) -> None:
    found = head("|".join(["Datum", "Kön", heading, "Fråga 2"]))
    assert found
    assert found.fields()["q1"].position == 2
    assert found.assumed == (frozenset() if sure else {"q1"})


@pytest.mark.parametrize(
    "heading",
    [
        "Fråga 1 Slagen/sparkad",
        "Fråga 1 slagits",
        "Fråga 1: sett eller hört",
        "Fråga 1 kommentar",
        "Fråga 1, om ja: av vem?",
        "Fråga 4 sexuellt",
    ],
)
def test_a_number_with_another_question_s_words_names_none(heading: str) -> None:
    found = head("|".join(["Datum", "Kön", heading, "Fråga 2", "Fråga 3"]))
    assert found
    assert list(found.fields()) == ["date", "gender", "q2", "q3"]


@pytest.mark.parametrize(
    "headings",
    [
        "Fråga 1 Nej|Fråga 2 Nej|Fråga 3 Nej",
        "F1 Ja|F1 Nej|F2 Ja|F2 Nej",
        "1. Ja|1. Nej|2. Ja|2. Nej",
        "Fråga 1|Fråga 1 Nej|Fråga 2|Fråga 2 (Nej)",
        "Psykiskt våld: Ja|Psykiskt våld: Nej|Fysiskt våld: Ja|Fysiskt våld: Nej",
        "Har du blivit hotad, kontrollerad, förnedrad, trakasserad Nej|Fråga 2|Fråga 3",
    ],
)
def test_a_column_for_each_answer_is_a_fault(headings: str) -> None:
    found = head(f"Datum|Kön|Ålder|{headings}")
    assert found
    with pytest.raises(FileFault, match=r"en kolumn per svarsalternativ: se kolumn [DE]"):
        found.fields()


def test_a_question_before_a_filled_column_without_heading_is_a_fault() -> None:
    # Fråga 1 stood above Nej and Ja, in two columns, until somebody deleted the row between.
    found = head("Datum|Kön|Fråga 1||Fråga 2||Fråga 3")
    assert found
    assert list(found.fields({0, 1, 2, 4})) == ["date", "gender", "q1", "q2", "q3"]
    with pytest.raises(FileFault, match="se kolumn C och E"):
        found.fields({0, 1, 2, 3, 4})


def test_many_questions_each_before_an_empty_column_are_a_fault() -> None:
    # Those who answered all said Nej, so what stood above Ja holds nothing.
    found = head("Datum|Kön|Fråga 1||Fråga 2||Fråga 3||Fråga 4|")
    assert found
    with pytest.raises(FileFault, match="se kolumn C, E och G"):
        found.fields({0, 1, 2, 4, 6, 8})


def test_a_note_after_the_last_question_is_no_fault() -> None:
    found = head("Datum|Kön|Fråga 1|Fråga 2|")
    assert found
    assert "q2" in found.fields({0, 1, 2, 3, 4})


def test_a_row_that_says_how_to_answer_is_part_of_the_head() -> None:
    rows = ("Datum|Kön|Fråga 1|Fråga 2", "||Ja/Nej|Ja/Nej", "2022|Man|Ja|Nej")
    found = head(*rows)
    assert found
    assert (found.row, list(found.headings.values())) == (2, rows[0].split("|"))


def test_a_form_with_answers_alone_is_not_part_of_the_head() -> None:
    found = head("Datum|Kön|Fråga 1|Fråga 2", "||Ja|Nej", "||Ja/Nej|")
    assert found
    assert found.row == 1


def test_a_head_that_comes_again_does_not_hide_the_rows_between() -> None:
    found = head("Datum|Kön|Fråga 1|Fråga 2", "2022|Man|Ja|Nej", "Datum|Kön|Fråga 1|Fråga 2")
    assert found
    assert found.row == 1


def test_a_file_of_nothing_but_the_questions_words_takes_no_time() -> None:
    words = [question.wording.split() for question in form.QUESTIONS]
    mix = random.Random(1)
    rows = [
        (row, [" ".join(mix.sample(said, len(said))) for said in mix.choices(words, k=250)])
        for row in range(40)
    ]
    began = time.process_time()
    columns.found(rows)
    assert time.process_time() - began < 5


def test_a_comment_beside_a_question_is_not_taken_for_it() -> None:
    assert fields("Kön|Ålder|Fråga 1 kommentar|Fråga 1|Fråga 2")["q1"] == "D"


@pytest.mark.parametrize("row", ["Kön|Ålder|Fråga 1", "Datum|Ort|Kön|Ålder|Myndighet|Fråga 1", ""])
def test_a_head_has_four_fields_and_two_questions(row: str) -> None:
    assert head(row) is None


def test_a_column_is_called_by_its_heading_and_its_letter() -> None:
    places = (0, 25, 26, 51, 701, 702, 16383)
    letters = ("A", "Z", "AA", "AZ", "ZZ", "AAA", "XFD")
    for position, letter in zip(places, letters, strict=True):
        assert Column(position, "Kön").name == f"Kön (kolumn {letter})"
    assert Column(2, "").name == "kolumn C"


def test_a_long_heading_is_cut_and_its_whitespace_collapsed() -> None:
    found = columns.found([(1, [*USUAL, "Vad \n\t tycker  du" + " mycket" * 20])])
    assert found
    assert found.headings[10].startswith("Vad tycker du mycket")
    assert len(found.headings[10]) == columns.LONGEST_HEADING
