"""The marked workbook says what is wrong where it is wrong, and can be sent in again as it is."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fovdata import keys, responses, template
from fovdata.intake import checking, marking, reading
from fovdata.intake.checking import Checked
from fovdata.intake.findings import Finding, Mark
from fovdata.registry import Registry

SENT_IN = """\
Formulär från våren;;;;;;;;;;;;;
;;;;;;;;;;;;;
Datum;Kön;Ålder;Antal gånger;Förbund;Myndighet;1;2;3;4;5;6;7;Kommentar
2022-05-14;Kvinna;34;1;Halland;FK;Ja;Nej;Nej;Nej;Nej;Ja;Nej;
2022-05-14;Kvinna;34;1;Halland;FK;Ja;Nej;Nej;Nej;Nej;Ja;Nej;
2022-05-15;kvina;=2+2;1;Halland;FK;Nej;Nej;Nej;Nej;Nej;Nej;Nej;http://exempel.se
;;;;;;;;;;;;;
2022-05-16;Man;70;1;Halland;AF;Nej;Nej;Nej;Nej;Nej;Nej;Nej;ring 070-123 45 67
"""
"""The title is row 1, the head row 3, the forms rows 4, 5, 6 and 8."""

UNKNOWN = "Värdet är okänt. Skriv Kvinna, Man eller Vill inte svara."
OUTSIDE = "Åldern ligger utanför 16–64 år. Stämmer den?"
PHONE = "Här står ett telefonnummer. Ta bort det."
TWICE = "Raden är likadan som en annan."
MARKS = (
    Mark(5, None, blocking=False, message=TWICE, personal=False),
    Mark(6, 1, blocking=True, message=UNKNOWN, personal=False),
    Mark(8, 2, blocking=False, message=OUTSIDE, personal=False),
    Mark(8, 13, blocking=True, message=PHONE, personal=True),
)
FINDINGS = (
    Finding("unknown", True, "Kön (kolumn B)", (6,), 0, "kvina", UNKNOWN),
    Finding("personal", True, "Kommentar (kolumn N)", (8,), 0, None, PHONE),
    Finding("repeated", False, None, (5, 9, 10), 1200, None, TWICE),
)

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def checked(text: str = SENT_IN, marks: Sequence[Mark] = MARKS) -> Checked:
    """A file as the check leaves it, with these marks."""
    table = reading.read(text.encode(), "svar.csv")
    return Checked(table, 4, FINDINGS, tuple(marks), pd.DataFrame(), {})


def check(content: bytes, registry: Registry) -> Checked:
    """A file as it goes through the real check."""
    table = reading.read(content, "svar")
    today = date(2023, 1, 1)
    return checking.check(table, registry, keys.SYNTHETIC_KEY, responses.SYNTHETIC, today)


def sheet(content: bytes, name: str = "Svar") -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(content))[name]


def texts(content: bytes) -> str:
    """Every text of every part of a workbook, as it is stored."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


def fill(cell: openpyxl.cell.cell.Cell) -> str | None:
    """A cell's colour; None if it has none."""
    return str(cell.fill.fgColor.rgb)[2:] if cell.fill.fill_type else None


@pytest.fixture(scope="module")
def marked() -> bytes:
    return marking.marked(checked(), "svar.csv")


def test_rows_keep_their_numbers_and_cells_their_text(marked: bytes) -> None:
    rows = sheet(marked).iter_rows(min_col=2)
    found = [[str(cell.value or "") for cell in row] for row in rows]
    sent_in = [line.split(";") for line in SENT_IN.splitlines()]
    sent_in[7][13] = "[personuppgift]"
    assert found == sent_in


def test_the_first_column_says_in_words_what_is_wrong_in_the_row(marked: bytes) -> None:
    said = [cell.value for cell in sheet(marked)["A"]]
    assert said == [
        None,
        None,
        "Att rätta",
        None,
        f"Anmärkning: {TWICE}",
        f"Fel: Kön. {UNKNOWN}",
        None,
        f"Fel: Kommentar. {PHONE}\nAnmärkning: Ålder. {OUTSIDE}",
    ]


def test_faults_and_remarks_have_a_colour_each_and_a_note(marked: bytes) -> None:
    rows = sheet(marked)
    fault, remark = fill(rows["C6"]), fill(rows["D8"])
    assert fault
    assert remark
    assert fault != remark
    assert (fill(rows["A6"]), fill(rows["A5"]), fill(rows["A8"])) == (fault, remark, fault)
    assert fill(rows["C4"]) is None
    assert rows["C6"].comment.text == f"Fel: {UNKNOWN}"
    assert rows["D8"].comment.text == f"Anmärkning: {OUTSIDE}"


def test_an_empty_cell_can_be_marked_too() -> None:
    mark = Mark(8, 1, blocking=True, message="Kön är inte ifyllt.", personal=False)
    rows = sheet(marking.marked(checked(SENT_IN.replace("Man", ""), [mark]), "svar.csv"))
    assert rows["C8"].value is None
    assert fill(rows["C8"])


def test_personal_data_are_nowhere_in_the_workbook(marked: bytes) -> None:
    assert "070" not in texts(marked)
    assert "[personuppgift]" in texts(marked)


def test_personal_data_that_have_no_mark_are_taken_out_with_their_column() -> None:
    too_many = replace(checked(marks=()), hidden=frozenset({13}))
    content = marking.marked(too_many, "svar.csv")
    rows = sheet(content)
    assert [cell.value for cell in rows["O"]][2:] == [
        *("Kommentar", None, None, "[personuppgift]", None, "[personuppgift]")
    ]
    assert "070" not in texts(content)


def test_a_name_in_the_file_s_name_is_not_repeated() -> None:
    named = replace(checked(), name_hidden=True)
    content = marking.marked(named, "Anna Svensson.csv")
    assert "Svensson" not in texts(content)
    assert sheet(content, "Fel och anmärkningar")["A1"].value == "Fel och anmärkningar i filen"


def test_a_name_in_a_heading_is_not_repeated() -> None:
    marks = (
        Mark(3, 13, blocking=True, message="Här står ett namn.", personal=True),
        Mark(8, 13, blocking=True, message=PHONE, personal=True),
    )
    text = SENT_IN.replace("Kommentar", "Anna Svensson")
    named = Finding("personal", True, "kolumn N", (3,), 0, None, "Här står ett namn.")
    content = marking.marked(replace(checked(text, marks), findings=(named,)), "svar.csv")
    assert "Svensson" not in texts(content)
    assert sheet(content)["O3"].value == "[personuppgift]"
    assert sheet(content, "Fel och anmärkningar")["C5"].value == "kolumn O"


def test_nothing_in_the_workbook_computes_or_links(marked: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(marked)) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        for name in names:
            elements = [*ElementTree.fromstring(parts.read(name)).iter()]
            assert not {SHEET + "f", SHEET + "hyperlink"} & {element.tag for element in elements}
            kinds = {cell.get("t") for cell in elements if cell.tag == SHEET + "c" and len(cell)}
            assert kinds <= {"s", None}, "text and numbers only"
    assert sheet(marked)["D6"].value == "=2+2"
    assert sheet(marked)["D6"].data_type == "s"


def test_whole_numbers_are_numbers_and_what_a_number_would_change_is_text() -> None:
    typed = ("34", "0", "034", "34,0", "+4", "1e3", "1234567890", "-7", "3٤")
    rows = "\n".join(f"2022-05-14;Man;{age};1;Halland;FK;1;0;;;;;;" for age in typed)
    head = "\n".join(SENT_IN.splitlines()[:3])
    before = checked(f"{head}\n{rows}\n", ())
    content = marking.marked(before, "svar.csv")
    found = [cell.value for cell in sheet(content)["D"]][3:]
    assert found == [34, 0, "034", "34,0", "+4", "1e3", "1234567890", "-7", "3٤"]
    (was,), (is_now,) = before.table.chunks(), reading.read(content, "svar.xlsx").chunks()
    assert list(is_now[3]) == list(was[2]) == list(typed)


def test_a_text_that_a_cell_has_no_room_for_is_cut_and_says_so() -> None:
    for text, kept in (("a" * 32_767, 32_767), ("a" * 32_768, 32_725), ("🙂" * 20_000, 16_362)):
        row = f"2022-05-14;Kvinna;34;1;Halland;FK;Ja;;;;;;;{text}"
        head = "\n".join(SENT_IN.splitlines()[:3])
        content = marking.marked(checked(f"{head}\n{row}\n", ()), "svar.csv")
        cell = sheet(content)["O4"].value
        cut = " [avkortat: resten får inte plats i rutan]" if kept < len(text) else ""
        assert cell == text[:kept] + cut


def test_columns_are_as_wide_as_their_headings_words_and_what_stands_in_them() -> None:
    text = SENT_IN.replace("Förbund;", "Samordningsförbund;").replace("Kommentar", "Övrigt")
    rows = sheet(marking.marked(checked(text, ()), "svar.csv"))
    widths = {letter: rows.column_dimensions[letter].width for letter in "CFO"}
    # Beside a heading stands the filter's button; a spreadsheet adds a little to every width.
    assert widths["F"] >= len("Samordningsförbund") + 4
    assert len("kvinna") < widths["C"] < 13
    assert widths["O"] >= len("ring 070-123 45 67")


def test_a_marked_template_still_has_its_lists_and_a_file_of_one_s_own_gets_none(
    marked: bytes, registry: Registry
) -> None:
    assert not sheet(marked).data_validations.dataValidation
    book = openpyxl.load_workbook(io.BytesIO(template.workbook(registry)))
    for cell, value in zip(book["Svar"][2], ("2022-05-14", "kvina", 34), strict=False):
        cell.value = value
    filled_in = io.BytesIO()
    book.save(filled_in)
    first = check(filled_in.getvalue(), registry)
    rows = sheet(marking.marked(first, "mall.xlsx"))
    rules = {str(one.sqref): one for one in rows.data_validations.dataValidation}
    assert len(rules) == len(template.rules())
    assert rules["C2:C1048576"].formula1 == (
        '"Kvinna,Man,Vill inte svara/inget svarsalternativ passar"'
    )
    assert rules["H2:H1048576"].formula1 == '"Ja,Nej"'
    assert (rules["D2:D1048576"].type, rows["D2"].value) == ("whole", 34)


def test_no_more_cells_get_a_note_than_a_spreadsheet_manages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(marking, "NOTES", 2)
    rows = sheet(marking.marked(checked(), "svar.csv"))
    cells = [cell for row in rows.iter_rows() for cell in row]
    assert sum(cell.comment is not None for cell in cells) == 2
    assert sum(fill(cell) is not None for cell in cells if cell.row > 3) == 6


def test_the_second_sheet_has_every_finding_and_names_columns_by_where_they_stand_here(
    marked: bytes,
) -> None:
    second = sheet(marked, "Fel och anmärkningar").iter_rows(values_only=True)
    rows = [tuple(value or None for value in row) for row in second]
    assert rows[0][0] == "Fel och anmärkningar i svar.csv"
    assert rows[3:] == [
        ("Slag", "Rader", "Kolumn", "Skrivet", "Vad som är fel och vad du gör"),
        ("Fel", "6", "Kön (kolumn C)", "kvina", UNKNOWN),
        ("Fel", "8", "Kommentar (kolumn O)", None, PHONE),
        ("Anmärkning", "5, 9, 10 och 1\N{NO-BREAK SPACE}200 till", None, None, TWICE),
    ]


def test_columns_named_in_a_message_are_named_by_where_they_stand_here_too() -> None:
    not_read = "Kolumner som inte läses: Kommentar (kolumn N), kolumn N, kolumn AN."
    outside = "I bladet Listor, rad 3 kolumn N: Filen innehåller personuppgifter."
    findings = (
        Finding("personal", True, None, (), 0, None, outside),
        Finding("not_read", False, None, (), 0, None, not_read),
    )
    mark = Mark(6, 1, blocking=True, message="Samma som i Kön (kolumn B).", personal=False)
    content = marking.marked(replace(checked(marks=(mark,)), findings=findings), "svar.csv")
    said = [cell.value for cell in sheet(content, "Fel och anmärkningar")["E"]][4:]
    assert said == [
        outside,  # which is in the file that was sent in, and not here
        "Kolumner som inte läses: Kommentar (kolumn O), kolumn O, kolumn AN.",
    ]
    rows = sheet(content)
    assert rows["A6"].value == "Fel: Kön. Samma som i Kön (kolumn C)."
    assert rows["C6"].comment.text == "Fel: Samma som i Kön (kolumn C)."


def test_rows_that_a_sheet_has_no_room_for_are_left_out_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(marking, "LAST_ROW", 5)
    content = marking.marked(checked(), "svar.csv")
    assert sheet(content).max_row == 5
    said = sheet(content, "Fel och anmärkningar")["A3"].value
    assert said == "2 rader får inte plats i arbetsboken."


def test_the_head_stays_in_sight_and_rows_can_be_filtered(marked: bytes) -> None:
    rows = sheet(marked)
    assert rows.freeze_panes == "B4"
    assert rows.auto_filter.ref == "A3:O8"


def test_the_marked_workbook_is_read_as_the_file_was(marked: bytes) -> None:
    before, after = checked().table, reading.read(marked, "svar-att-rätta.xlsx")
    assert after.heading_row == before.heading_row
    assert {code: column.heading for code, column in after.fields.items()} == {
        code: column.heading for code, column in before.fields.items()
    }
    assert [column.heading for column in after.ignored] == ["Att rätta", "Kommentar"]
    (was,), (is_now,) = before.chunks(), after.chunks()
    assert list(is_now.index) == list(was.index)
    for code, column in before.fields.items():
        assert list(is_now[after.fields[code].position]) == list(was[column.position])


def test_marked_again_there_is_still_one_column_of_what_to_mend(marked: bytes) -> None:
    again = reading.read(marked, "svar-att-rätta.xlsx")
    mark = Mark(6, 2, blocking=True, message=UNKNOWN, personal=False)
    content = marking.marked(replace(checked(), table=again, marks=(mark,)), "svar.xlsx")
    assert [cell.value for cell in sheet(content)[3]][:3] == ["Att rätta", "Datum", "Kön"]
    assert [cell.value for cell in sheet(content)["A"]][3:] == [
        *(None, None, f"Fel: Kön. {UNKNOWN}", None, None)
    ]


def test_what_was_right_keeps_its_ids_when_the_rest_is_mended_in_place(registry: Registry) -> None:
    right = "\n".join(line for n, line in enumerate(SENT_IN.splitlines(), 1) if n not in (6, 8))
    known = set(check(right.encode(), registry).answers["response_id"])
    assert len(known) == 2
    first = check(SENT_IN.encode(), registry)
    assert first.blocked
    book = openpyxl.load_workbook(io.BytesIO(marking.marked(first, "svar.csv")))
    book["Svar"]["C6"], book["Svar"]["D6"] = "Kvinna", 31
    mended = io.BytesIO()
    book.save(mended)
    second = check(mended.getvalue(), registry)
    assert not second.blocked, [str(finding) for finding in second.findings]
    assert len(second.answers) == 4
    assert known < set(second.answers["response_id"])


@pytest.mark.parametrize(
    ("heading", "value"), [("Kommentar", "ring 070-123 45 67"), ("Namn", "Anna Svensson")]
)
def test_what_was_taken_out_may_be_left_as_it_is(
    heading: str, value: str, registry: Registry
) -> None:
    text = SENT_IN.replace("kvina;=2+2", "Kvinna;31").replace("Kommentar", heading)
    first = check(text.replace("ring 070-123 45 67", value).encode(), registry)
    assert first.blocked
    second = check(marking.marked(first, "svar.csv"), registry)
    assert not second.blocked, [str(finding) for finding in second.findings]
    assert len(second.answers) == 4


def test_nothing_of_the_rows_is_left_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    in_memory = marking.marked(checked(), "svar.csv")
    monkeypatch.setattr(marking, "IN_MEMORY", 0)
    by_way_of_a_file = marking.marked(checked(), "svar.csv")
    assert list(tmp_path.iterdir()) == []
    values = [[*sheet(content).values] for content in (by_way_of_a_file, in_memory)]
    assert values[0] == values[1]
    sizes = [
        [column.width for column in sheet(content).column_dimensions.values()]
        for content in (by_way_of_a_file, in_memory)
    ]
    assert sizes[0] == sizes[1]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError):
        marking.marked(checked(), "svar.csv")
    monkeypatch.setattr(marking, "IN_MEMORY", 100)
    marking.marked(checked(), "svar.csv")  # and asks for no file at all
