"""Files as contact persons make them become tables of text, or are refused in Swedish."""

import codecs
import csv
import io
import os
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Literal

import odf.opendocument
import odf.table
import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.text import P
from openpyxl.comments import Comment

from fovdata import template
from fovdata.intake import confined, reading
from fovdata.intake.reading import FileFault, Limits, Table
from fovdata.registry import Registry

TABLE = """
Datum      Ort   Kön    Ålder Gånger Förbund  Myndighet Insats  F1  F2  F3  F4  F5  F6 F7
2022-05-14 Växjö Kvinna 34    1      Värend   FK        Klubben Ja  Nej Ja  Nej Nej Ja Nej
2022-06-01 Åmål  Man    51    2      Dalsland AF        Språng  Nej Nej Nej Nej Nej Ja Ja
"""
HEAD, *FORMS = (line.split() for line in TABLE.strip().splitlines())
ROWS = {2: FORMS[0], 3: FORMS[1]}
"""What a file of the head and the forms holds: row number → cells."""
TEXT = "".join(";".join(line) + "\r\n" for line in (HEAD, *FORMS))
SMALL = Limits(bytes=2_000_000, rows=100, seconds=10, memory=500_000_000)

Cells = list[list[object]]
Sheets = dict[str, Cells]


def read(content: bytes | str, limits: Limits = SMALL) -> Table:
    return reading.read(content.encode() if isinstance(content, str) else content, "svar", limits)


def rows(table: Table, chunk: int = 50_000) -> dict[int, list[str]]:
    """Row number → cells, empty ones at the end left out."""
    found: dict[int, list[str]] = {}
    for frame in table.chunks(chunk):
        assert list(frame.columns) == list(range(frame.shape[1]))
        for number, cells in zip(frame.index, frame.to_numpy().tolist(), strict=True):
            assert all(isinstance(cell, str) for cell in cells)
            found[number] = "\0".join(cells).rstrip("\0").split("\0")
    return found


def sheet(*lines: list[str]) -> Cells:
    return [[int(cell) if cell.isdigit() else cell for cell in line] for line in lines]


USUAL: Sheets = {"Svar": sheet(HEAD, *FORMS)}


def xlsx(sheets: Sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    book.save(content := io.BytesIO())
    return content.getvalue()


def xls(sheets: Sheets) -> bytes:
    book = xlwt.Workbook()
    dated = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for name, lines in sheets.items():
        page = book.add_sheet(name)
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                page.write(row, column, cell, *([dated] if isinstance(cell, date) else []))
    book.save(content := io.BytesIO())
    return content.getvalue()


def ods(sheets: Sheets) -> bytes:
    book = odf.opendocument.OpenDocumentSpreadsheet()
    for name, lines in sheets.items():
        page = odf.table.Table(name=name)
        for line in lines:
            row = odf.table.TableRow()
            for cell in line:
                value: dict[str, object] = {"valuetype": "string"}
                if isinstance(cell, bool):
                    value = {"valuetype": "boolean", "booleanvalue": str(cell).lower()}
                elif isinstance(cell, int | float):
                    value = {"valuetype": "float", "value": cell}
                elif isinstance(cell, date):
                    value = {"valuetype": "date", "datevalue": cell.isoformat()}
                made = odf.table.TableCell(**value)
                made.addElement(P(text=str(cell)))
                row.addElement(made)
            page.addElement(row)
        book.spreadsheet.addElement(page)
    book.save(content := io.BytesIO())
    return content.getvalue()


WORKBOOKS = (xlsx, xls, ods)
workbook = pytest.mark.parametrize("write", WORKBOOKS, ids=lambda write: write.__name__)


def replaced(book: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook (a ZIP archive) with one of its parts changed."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return content.getvalue()


SHEET_1 = "xl/worksheets/sheet1.xml"


# Text files


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1252", "mac-roman", "cp850", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    assert rows(read(TEXT.encode(encoding))) == ROWS


def test_utf_16_the_other_way_round_is_read_by_its_mark() -> None:
    assert rows(read(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"))) == ROWS


def test_an_encoding_is_told_by_the_whole_file() -> None:
    # The first letter that is none of ASCII's comes after what is read at a time.
    plain = TEXT.replace("Kön", "gender").replace("Ålder", "age").replace("Förbund", "federation")
    plain = plain.replace("Växjö", "Kalmar").replace("Värend", "Kalmar").replace("Åmål", "Ed")
    plain = plain.replace("Språng", "x" * 50 + (";" + "x" * 2_000 + "\n") * 600 + "2022;Åre")
    assert list(rows(read(plain.encode("cp1252"), reading.DESK)).values())[-1][1] == "Åre"


def test_broken_utf_8_is_not_taken_for_another_encoding() -> None:
    with pytest.raises(FileFault, match="skadad"):
        read(TEXT.encode() + b"\xc3")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_the_one_that_gives_columns(
    delimiter: str, quoting: Literal[0, 1], end: str
) -> None:
    last = 'Ja, "nog"; 1'
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([["FOV 2022, våren; alla"], HEAD, FORMS[0], [*FORMS[1][:-1], last]])
    first, second = rows(read(text.getvalue())).values()
    assert first == FORMS[0]
    assert second[-1] == last


def test_excel_s_line_about_the_delimiter_is_no_row() -> None:
    table = read("sep=|\r\n" + TEXT.replace(";", "|"))
    assert (table.heading_row, rows(table)) == (1, ROWS)


def test_line_breaks_within_quotes_are_part_of_the_cell() -> None:
    text = TEXT.replace("Insats", '"Insats\r\neller liknande"').replace("Klubben", '"Klub\nben"')
    assert rows(read(text)) == {**ROWS, 2: [*FORMS[0][:7], "Klub\nben", *FORMS[0][8:]]}


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    lines = TEXT.splitlines(keepends=True)
    table = read("FOV\r\n\r\n" + lines[0] + "\r\n" + lines[1] + ";;;\r\n \r\n" + lines[2])
    assert table.heading_row == 3
    assert rows(table) == {5: FORMS[0], 8: FORMS[1]}
    assert rows(table, chunk=2) == {5: FORMS[0], 8: FORMS[1]}


def test_a_row_may_be_shorter_or_longer_than_the_head() -> None:
    table = read(TEXT + "2022-07-01;Lund\r\n" + ";" * 15 + "för långt\r\n")
    assert rows(table)[4] == ["2022-07-01", "Lund"]
    assert rows(table)[5] == [""] * 15 + ["för långt"]
    assert [column.name for column in table.ignored] == ["kolumn P"]


def test_cells_have_no_outer_whitespace_and_nothing_unseen_around_them() -> None:
    assert rows(read(TEXT.replace("Växjö", " \u00a0Växjö\u200b\ufeff ")))[2][1] == "Växjö"


def test_a_file_on_disk_is_read_and_stays_open(tmp_path: Path) -> None:
    for name, content in {"svar.csv": TEXT.encode(), "svar.xlsx": xlsx(USUAL)}.items():
        (tmp_path / name).write_bytes(content)
        with (tmp_path / name).open("rb") as file:
            table = reading.read(file, name)
            assert rows(table) == rows(table) == ROWS
            assert not file.closed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["svar.csv", "svar.xlsx"]


@pytest.mark.parametrize(
    ("opening", "closing"), [("Växjö", "Åmål"), ("Klubben", "Man"), ("Nej", "2022-06-01")]
)
def test_a_pair_of_quotes_that_swallows_rows_is_a_fault(opening: str, closing: str) -> None:
    first, second, third = TEXT.splitlines(keepends=True)
    at = second.rindex(opening)
    text = first + second[:at] + f'"{second[at:]}' + third.replace(closing, f'{closing}"', 1)
    with pytest.raises(FileFault, match="Rad 2 rymmer flera rader: ett citattecken"):
        read(text)


def test_headings_with_line_breaks_and_delimiters_are_no_fault() -> None:
    text = TEXT.replace("F1", '"Har du blivit hotad;\nkontrollerad"', 1)
    assert rows(read(text)) == ROWS


# What is told of a file


def test_a_table_says_what_stands_where() -> None:
    table = read("FOV våren;;Halland\n" + ";".join(["Nr", *HEAD, "Anteckning"]) + "\n7;2022-01-01")
    assert table.sheet is None
    assert table.heading_row == 2
    assert [column.position for column in table.fields.values()] == list(range(1, 16))
    assert table.fields["gender"].name == "Kön (kolumn D)"
    assert [column.name for column in table.ignored] == ["Nr (kolumn A)", "Anteckning (kolumn Q)"]
    assert table.head[:3] == ((1, 0, "FOV våren"), (1, 2, "Halland"), (2, 0, "Nr"))
    assert table.other_sheets == ()


def test_the_head_has_headings_in_full() -> None:
    long = "Fråga 1 " + "och så vidare " * 9 + "ring Anna"
    table = read(TEXT.replace("F1", long))
    assert (1, 8, long) in table.head
    assert table.fields["q1"].heading == long[:60]
    assert table.assumed == (("q1", table.fields["q1"]),)


def test_a_form_that_is_typed_in_is_a_table_of_one_row() -> None:
    table = reading.typed({"q1": " Ja ", "gender": "Kvinna", "date": ""})
    assert rows(table) == {2: ["", "Kvinna", "Ja"]}
    assert [(code, column.heading) for code, column in table.fields.items()] == [
        ("date", "Datum"),
        ("gender", "Kön"),
        ("q1", "Fråga 1"),
    ]


# Workbooks


@workbook
def test_a_workbook_is_read_whatever_its_name_says(write: Callable[[Sheets], bytes]) -> None:
    table = reading.read(write(USUAL), "svar.csv")
    assert (table.sheet, table.heading_row, rows(table)) == ("Svar", 1, ROWS)


def test_a_text_that_calls_itself_a_workbook_is_read_as_text() -> None:
    assert rows(reading.read(TEXT.encode(), "svar.xlsx")) == ROWS


@workbook
def test_values_become_the_text_that_a_reader_sees(write: Callable[[Sheets], bytes]) -> None:
    cells = [
        date(2022, 5, 14),
        datetime(2022, 5, 14, 13, 30),
        34,
        34.5,
        197001011234,
        True,
        " å\nä ",
    ]
    (found,) = rows(read(write({"Svar": [list(HEAD), cells]}))).values()
    seen = ["2022-05-14", "2022-05-14 13:30:00", "34", "34.5", "197001011234", "Sant", "å\nä"]
    assert found == seen


@workbook
def test_the_sheet_with_the_form_s_columns_is_found(write: Callable[[Sheets], bytes]) -> None:
    lists: Cells = [["Kön"], ["Kvinna"], ["Man"]]
    notes: Cells = [["Hej"]]
    sheets = {"Läs mig": notes, "Mall": sheet(HEAD), **USUAL, "Tom": [], "Listor": lists}
    table = read(write(sheets))
    assert table.sheet == "Svar"
    assert table.other_sheets == ("Läs mig", "Mall")  # Listor is the template's own


@workbook
def test_forms_in_several_sheets_are_a_fault(write: Callable[[Sheets], bytes]) -> None:
    fewer = sheet(HEAD[:10], *FORMS)
    with pytest.raises(FileFault, match="Formulär finns i flera blad: blad 1 och blad 3,"):
        read(write({"Januari, Anna": fewer, "Läs mig": [["Hej"]], **USUAL}))


@pytest.mark.parametrize("hidden", ["Gammal", "2023"])
def test_forms_in_a_hidden_sheet_are_not_passed_over(hidden: str) -> None:
    without_place = [[*line[:1], *line[2:]] for line in sheet(HEAD, *FORMS)]
    content = xlsx({"Gammal": sheet(HEAD, *FORMS, *FORMS), "2023": without_place})
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[hidden].sheet_state = "hidden"
    book.save(content_ := io.BytesIO())
    with pytest.raises(FileFault, match=r"flera blad: blad 1.*blad 2.*") as fault:
        read(content_.getvalue())
    assert f"blad {1 + (hidden == '2023')} (dolt)" in str(fault.value)


def test_a_shown_sheet_without_forms_does_not_hide_those_in_a_hidden_one() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx({"Mall": sheet(HEAD), **USUAL})))
    book["Svar"].sheet_state = "hidden"
    book.save(content := io.BytesIO())
    assert read(content.getvalue()).sheet == "Svar"


def test_a_sheet_prepared_for_forms_that_never_came_holds_none() -> None:
    prepared = sheet(HEAD, *[["", "", "", "", "", "Värend"]] * 9)
    assert read(xlsx({"Januari": prepared, **USUAL})).sheet == "Svar"


def test_the_template_s_own_sheets_are_not_spoken_of(registry: Registry) -> None:
    assert read(template.workbook(registry)).other_sheets == ()


@workbook
def test_a_table_need_not_begin_in_the_corner(write: Callable[[Sheets], bytes]) -> None:
    lines = [["", *line] for line in sheet(HEAD, *FORMS)]
    table = read(write({"Svar": [[], ["", "", "Våra svar"], [], *lines]}))
    assert table.heading_row == 4
    assert rows(table) == {row + 3: ["", *cells] for row, cells in ROWS.items()}


def test_merged_headings_are_found_in_both_rows() -> None:
    book = xlsxwriter.Workbook(content := io.BytesIO())
    page = book.add_worksheet()
    for column, heading in enumerate(HEAD[:8]):
        page.merge_range(1, column, 2, column, heading)
    page.merge_range(1, 8, 1, 14, "Frågor om våld")
    page.write_row(2, 8, range(1, 8))
    page.write_row(3, 0, FORMS[0])
    book.close()
    table = read(content.getvalue())
    assert (table.heading_row, len(table.fields), rows(table)) == (3, 15, {4: FORMS[0]})


def test_a_formula_gives_the_value_that_the_file_keeps_and_its_error() -> None:
    book = xlsxwriter.Workbook(content := io.BytesIO())
    page = book.add_worksheet("Först")
    page = book.add_worksheet("Svar & annat")
    page.write_row(0, 0, HEAD)
    page.write_formula(1, 3, "=30+4", None, 99)
    page.write_formula(1, 8, '=IF(1>0,"Ja","Nej")', None, "Ja")
    page.write_formula(1, 9, "=#REF!", None, "#REF!")
    page.write_formula(2, 27, "=NA()", None, "#N/A")
    book.close()
    found = rows(read(content.getvalue()))
    assert (found[2][3], found[2][8], found[2][9], found[3][27]) == ("99", "Ja", "#REF!", "#N/A")


def test_an_ods_with_a_formula_s_error_is_refused() -> None:
    # As LibreOffice writes it: the value is empty, and only the type says that it is none.
    wrong = b'<table:table-cell office:value-type="string" calcext:value-type="error"/>'
    cell = b'<table:table-cell office:value-type="string"><text:p>Nej</text:p></table:table-cell>'
    book = replaced(ods(USUAL), "content.xml", lambda xml: xml.replace(cell, wrong))
    with pytest.raises(FileFault, match="#REF!"):
        read(book)


def merged(write: Callable[[Sheets], bytes], *ranges: str) -> bytes:
    """A workbook with merged cells, whose upper left cell alone keeps its value."""
    if write is ods:
        (low, high), tag = ("M2", "O3"), b'<table:table-cell office:value-type="string">'
        assert ranges == (f"{low}:{high}",)
        return replaced(
            ods(USUAL),
            "content.xml",
            lambda xml: xml.replace(
                tag + b"<text:p>Nej</text:p>",
                tag.replace(b">", b' table:number-rows-spanned="2">') + b"<text:p>Nej</text:p>",
                1,
            ),
        )
    book = openpyxl.load_workbook(io.BytesIO(xlsx(USUAL)))
    for one in ranges:
        book["Svar"].merge_cells(one)
    book.save(content := io.BytesIO())
    return content.getvalue()


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        (["I2:I3"], "rad 2–3 i kolumn I"),
        (["J3:N3"], "rad 3 i kolumn J"),
        (["I2:I3", "J2:J3"], "rad 2–3 i kolumn I och rad 2–3 i kolumn J"),
        (["C2:C3", "D2:D3", "I2:I3", "J2:J3"], "kolumn I och på fler ställen"),
    ],
)
def test_merged_answers_are_a_fault(ranges: list[str], said: str) -> None:
    with pytest.raises(FileFault, match=f"sammanslagna celler: .*{said}"):
        read(merged(xlsx, *ranges))


def test_merged_answers_in_old_and_open_workbooks_are_a_fault_too() -> None:
    book = xlwt.Workbook()
    page = book.add_sheet("Svar")
    for row, line in enumerate([HEAD, *(form[:14] for form in FORMS)]):
        for at, cell in enumerate(line):
            page.write(row, at, cell)
    page.write_merge(1, 2, 14, 14, "Nej")
    book.save(content := io.BytesIO())
    with pytest.raises(FileFault, match="sammanslagna celler: rad 2–3 i kolumn O"):
        read(content.getvalue())
    with pytest.raises(FileFault, match="sammanslagna celler: rad 2–3 i kolumn J"):
        read(merged(ods, "M2:O3"))


def test_merged_cells_beside_and_under_the_answers_are_no_fault() -> None:
    assert rows(read(merged(xlsx, "Q2:Q3", "A9:O9"))) == ROWS


def test_a_question_merged_over_the_columns_of_its_answers_is_a_fault() -> None:
    book = xlsxwriter.Workbook(content := io.BytesIO())
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD[:8])
    for number in (1, 2):
        page.merge_range(0, 6 + 2 * number, 0, 7 + 2 * number, f"Fråga {number}")
    page.write_row(1, 0, [*FORMS[0][:8], "x", "", "x"])
    book.close()
    with pytest.raises(FileFault, match="en kolumn per svarsalternativ"):
        read(content.getvalue())


@pytest.mark.parametrize("number", ["I", "P"])
def test_a_formula_without_its_value_is_a_fault_among_the_answers(number: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(USUAL)))
    book["Svar"][f"{number}3"] = '=IF(1>0,"Ja","Nej")'
    book.save(content := io.BytesIO())
    if number == "P":  # no field of the form
        assert rows(read(content.getvalue())) == ROWS
    else:
        with pytest.raises(FileFault, match="formler utan sparat värde: rad 3 i kolumn I"):
            read(content.getvalue())


def test_a_formula_of_an_ods_without_its_value_is_a_fault() -> None:
    value = b'<table:table-cell office:value-type="string"><text:p>Kvinna</text:p>'
    book = replaced(
        ods(USUAL),
        "content.xml",
        lambda xml: xml.replace(value, b'<table:table-cell table:formula="of:=1&gt;0">'),
    )
    with pytest.raises(FileFault, match="formler utan sparat värde: rad 2 i kolumn C"):
        read(book)


def test_a_formula_whose_value_is_an_empty_text_is_an_empty_cell() -> None:
    book = xlsxwriter.Workbook(content := io.BytesIO())
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, FORMS[0])
    page.write_formula(1, 8, '=""', None, "")
    book.close()
    # Excel writes which type the value has.
    as_excel = replaced(
        content.getvalue(), SHEET_1, lambda xml: xml.replace(b'r="I2"', b'r="I2" t="str"')
    )
    assert rows(read(as_excel))[2][8] == ""


# What stands elsewhere in the file


@workbook
def test_other_sheets_and_the_names_of_all_are_told(write: Callable[[Sheets], bytes]) -> None:
    notes: Cells = [["Kontakter"], ["", "", "Anna Ek", 701234567]]
    if write is ods:
        notes = [["Kontakter"], ["-", "-", "Anna Ek", 701234567]]
    told = list(read(write({"Annas blad": notes, **USUAL})).elsewhere())
    assert told[:2] == [
        ("namnet på blad 1", None, None, "Annas blad"),
        ("namnet på blad 2", None, None, "Svar"),
    ]
    assert set(told) >= {("blad 1", 2, 2, "Anna Ek"), ("blad 1", 2, 3, "701234567")}
    assert not [one for one in told[2:] if "blad 2" in one[0]]


def test_comments_of_an_xlsx_are_told() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx({**USUAL, "Mer": [["Hej"]]})))
    book["Svar"]["C2"].comment = Comment("ring Anna\ni morgon", "Kalle")
    book["Mer"]["B7"].comment = Comment("Eva", "Kalle")
    book.save(content := io.BytesIO())
    told = list(read(content.getvalue()).elsewhere())
    assert ("en kommentar i blad 1", 2, 2, "ring Anna\ni morgon") in told
    assert ("en kommentar i blad 2", 7, 1, "Eva") in told
    assert not [one for one in told if "Kalle" in one[3]]  # the program's user is not kept


def test_comments_in_threads_are_told() -> None:
    content = io.BytesIO(xlsx(USUAL))
    with zipfile.ZipFile(content, "a") as book:
        thread = (
            '<ThreadedComments xmlns="x"><threadedComment ref="B3" id="1"><text>ring Eva</text>'
        )
        book.writestr(
            "xl/threadedComments/threadedComment1.xml",
            f"{thread}</threadedComment></ThreadedComments>",
        )
        book.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels",
            '<Relationships><Relationship Id="rId1" Target="../threadedComments/'
            'threadedComment1.xml"/></Relationships>',
        )
    told = list(read(content.getvalue()).elsewhere())
    assert ("en kommentar i blad 1", 3, 1, "ring Eva") in told


def test_comments_of_an_ods_are_told() -> None:
    note = b'<office:annotation xmlns:dc="dc"><dc:creator>Kalle</dc:creator><text:p>ring</text:p>'
    book = replaced(
        ods(USUAL),
        "content.xml",
        lambda xml: xml.replace(
            b"<text:p>Kvinna", note + b"<text:p>Eva</text:p></office:annotation><text:p>Kvinna"
        ),
    )
    assert ("en kommentar i blad 1", 2, 2, "ring\nEva") in list(read(book).elsewhere())
    assert rows(read(book)) == ROWS


def test_a_text_file_has_nothing_elsewhere() -> None:
    assert list(read(TEXT).elsewhere()) == []
    assert list(reading.typed({"q1": "Ja"}).elsewhere()) == []


def test_control_characters_in_a_workbook_become_spaces() -> None:
    book = xlsxwriter.Workbook(content := io.BytesIO())
    page = book.add_worksheet()
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ["a\x1b[2Jb"])
    book.close()
    assert rows(read(content.getvalue())) == {2: ["a [2Jb"]}


def test_the_child_loads_nothing_that_it_can_do_without() -> None:
    command = "import sys, fovdata.intake.workbooks; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True).stdout
    assert not {b"pandas", b"numpy", b"pyarrow", b"fovdata.questionnaire"} & set(loaded.split())


# What cannot be read


def ole(stream: str) -> bytes:
    """The beginning of a file of Office 97, with the name of one of its streams."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")


def zipped(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tom"),
        (b"%PDF-1.7", "en PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "en bild"),
        (b"\xff\xd8\xff\xe0", "en bild"),
        (b"\xef\xbb\xbf\n <html><table>", "webbsida"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"{\\rtf1", "RTF"),
        (bytes(range(256)), "annat än text"),
        (b"\0" * 5000, "annat än text"),
        (TEXT.encode() + b"\0", "annat än text"),
        (TEXT.encode("utf-16-le") + b"\x00\xd8", "annat än text"),
        (b"\n\n  \n", "ingen rubrikrad"),
        (b"a;b;c\n1;2;3\n", "ingen rubrikrad"),
        (zipped(word__document="<w/>"), "Word, Numbers"),
        (zipped(Index__Document="iwa"), "Word, Numbers"),
        (ole("WordDocument"), "Word, Numbers"),
        (ole("EncryptedPackage"), "lösenord"),
        (ole("Workbook"), "skadad"),
        (zipped(xl__workbook="<w/>"), "Word, Numbers"),
        (b"PK\x03\x04" + b"x" * 100, "skadad"),
        (xlsx(USUAL)[:-900], "skadad"),
        (xlsx({"Svar": []}), "ingen rubrikrad"),
        (TEXT.encode() + b'"2022;aldrig slut\n', "Rad 4 kan inte läsas.*citattecken"),
        (TEXT.encode() + b'"' + b"x\n" * 100_000, "Rad 4 kan inte läsas"),
        (TEXT.encode() + b"x" * 1_000_001, "en rad på över en miljon tecken"),
        (TEXT.encode() + b";" * 300, r"Rad 4 går ända till kolumn KO.*Högst 250 kolumner"),
        (TEXT.replace("Ort", "Kön").encode(), "kan vara Kön: kolumn B och C"),
    ],
    ids=map(str, count()),  # named by their content they would hold the time it was packed
)
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, said: str) -> None:
    with pytest.raises(FileFault, match=said):
        read(content)


def test_a_file_without_a_head_says_which_headings_were_looked_for() -> None:
    with pytest.raises(FileFault) as fault:
        read("Namn;Tel\nA;B\n")
    for words in ("Kön", "Myndighet", "Fråga 7", "Lämna in svar", "intake template"):
        assert words in str(fault.value)


def test_a_workbook_with_a_password_says_so() -> None:
    # ODS tells it in its manifest, XLS by a record after the first one; XLSX stands above.
    locked = b'xml"><manifest:encryption-data/></manifest:file-entry>'
    book = replaced(ods(USUAL), "META-INF/manifest.xml", lambda xml: xml.replace(b'xml"/>', locked))
    with pytest.raises(FileFault, match="lösenord"):
        read(book)
    old = xlwt.Workbook()
    old.add_sheet("Svar")
    records = old.get_biff_data()
    locked = b"\x2f\x00\x36\x00\x01\x00\x01\x00\x01\x00" + bytes(48)
    xlwt.CompoundDoc.XlsDoc().save(content := io.BytesIO(), records[:20] + locked + records[20:])
    with pytest.raises(FileFault, match="lösenord"):
        read(content.getvalue())


def test_what_cannot_be_sought_in_is_refused() -> None:
    out, into = os.pipe()
    os.write(into, TEXT.encode())
    os.close(into)
    with os.fdopen(out, "rb") as pipe, pytest.raises(FileFault, match="vanlig fil"):
        reading.read(pipe, "svar")


def test_a_disk_that_fails_is_a_fault() -> None:
    class Failing(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(FileFault, match="går inte att läsa"):
        reading.read(Failing(TEXT.encode()), "svar")


def test_a_file_s_name_is_part_of_no_message() -> None:
    with pytest.raises(FileFault) as fault:
        reading.read(b"a;b\n1;2\n", "Anna Ek.csv")
    assert "Anna" not in str(fault.value)


@pytest.mark.parametrize("content", [TEXT.encode(), xlsx(USUAL)], ids=["csv", "xlsx"])
def test_limits_are_kept_and_told(content: bytes) -> None:
    size = len(content)
    assert rows(read(content, Limits(size, 2, 10, SMALL.memory))) == ROWS
    with pytest.raises(FileFault, match="större än 0 MB"):
        read(content, Limits(size - 1, 2, 10, SMALL.memory))
    with pytest.raises(FileFault, match="fler än 1 rader"):
        read(content, Limits(size, 1, 10, SMALL.memory))
    with pytest.raises(FileFault, match=r"än.* 0 sekunder"):
        read(content, Limits(size, 2, 0, SMALL.memory))


def test_rows_without_content_are_not_counted() -> None:
    blank = "\r\n;;;;\r\n" + ";" * 40 + "\r\n"
    assert rows(read(TEXT + blank * 500)) == ROWS


# What is made to harm


def test_a_sheet_that_unpacks_to_200_megabytes_of_nothing_is_refused() -> None:
    book = replaced(xlsx(USUAL), SHEET_1, lambda _: bytes(200_000_000))
    assert len(book) < 500_000
    with pytest.raises(FileFault):
        read(book)


def test_a_sheet_that_needs_more_memory_than_is_allowed_is_refused() -> None:
    row = b"<row>" + b"<c><v>1</v></c>" * 100 + b"</row>"
    book = replaced(
        xlsx(USUAL),
        SHEET_1,
        lambda xml: xml.replace(b"</sheetData>", row * 50_000 + b"</sheetData>"),
    )
    with pytest.raises(FileFault, match=r"mer minne.* 200 MB"):
        read(book, Limits(2_000_000, 100, 20, 200_000_000))


def test_a_text_that_stands_in_very_many_cells_is_not_unpacked() -> None:
    page: Cells = [list(HEAD), *[list[object](["x" * 30_000] * 10)] * 50]
    book = xlsx({"Svar": page})
    assert len(book) < 50_000
    with pytest.raises(FileFault, match="mer än 2 MB text"):
        read(book)


def test_a_cell_in_the_last_corner_is_refused() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(USUAL)))
    book["Svar"]["XFD1048576"] = "x"
    book.save(content := io.BytesIO())
    with pytest.raises(FileFault, match="långt bort från svaren"):
        read(content.getvalue())


def test_a_sheet_that_only_claims_every_cell_is_read() -> None:
    claim = re.compile(rb'<dimension ref="[^"]*"')
    book = replaced(
        xlsx(USUAL), SHEET_1, lambda xml: claim.sub(b'<dimension ref="A1:XFD1048576"', xml)
    )
    assert b"XFD1048576" in zipfile.ZipFile(io.BytesIO(book)).read(SHEET_1)
    assert rows(read(book)) == ROWS


def test_tags_within_tags_without_end_are_refused() -> None:
    book = replaced(xlsx(USUAL), SHEET_1, lambda _: b"<worksheet><sheetData>" + b"<a>" * 500_000)
    with pytest.raises(FileFault):
        read(book)


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("exec sleep 60", "längre tid"),
        ("cat >/dev/null; kill -XCPU $$", "längre tid"),
        ("cat >/dev/null; kill -KILL $$", "mer minne"),
        ("kill -KILL $$", "mer minne"),
        ("cat >/dev/null; kill -ABRT $$", "mer minne"),
        ("cat >/dev/null; kill -SEGV $$", "skadad"),
        ("echo 0,Svar,True; echo end; echo 1,Kön; kill -KILL $$", "mer minne"),
        ("exit 1", "skadad"),
    ],
)
def test_whatever_becomes_of_the_child_the_parent_says_it(
    does: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    child.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    child.chmod(0o700)
    monkeypatch.setattr(confined.sys, "executable", str(child))
    began = time.monotonic()
    with pytest.raises(FileFault, match=said):
        read(xlsx(USUAL), Limits(2_000_000, 100, 1, 10**9))
    assert time.monotonic() - began < 20  # the child that sleeps for a minute is not waited for


def test_a_child_that_is_killed_in_the_second_pass_is_a_fault_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = read(xlsx(USUAL))
    child = tmp_path / "child"
    child.write_text("#!/bin/sh\necho 2,2022\nkill -KILL $$\n", encoding="utf-8")
    child.chmod(0o700)
    monkeypatch.setattr(confined.sys, "executable", str(child))
    with pytest.raises(FileFault, match="mer minne"):
        rows(table)


def test_a_file_that_has_changed_since_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "svar.csv"
    path.write_text(TEXT, encoding="utf-8")
    with path.open("rb") as file:
        table = reading.read(file, path.name)
        path.write_bytes(TEXT.encode() + b"\xff" * 10)
        with pytest.raises(FileFault, match="ändrats"):
            rows(table)


def test_a_pass_that_is_left_early_leaves_no_child() -> None:
    passing = read(xlsx({"Svar": sheet(HEAD, *FORMS * 40)})).chunks(1)
    next(passing)
    passing.close()  # type: ignore[attr-defined]
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


# Anything at all


def table_or_fault(content: bytes) -> None:
    with suppress(FileFault):
        rows(read(content))


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_a_fault(content: bytes) -> None:
    table_or_fault(content)
    table_or_fault(TEXT.encode() + content)


mutations = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=20))
"""Where, how much goes, what comes instead."""


def mutated(content: bytes, mutation: tuple[float, int, bytes]) -> bytes:
    at = int(mutation[0] * len(content))
    return content[:at] + mutation[2] + content[at + mutation[1] :]


@given(st.sampled_from(["utf-8-sig", "cp1252", "utf-16"]), mutations)
@settings(max_examples=150, deadline=None)
def test_a_mutated_text_is_a_table_or_a_fault(
    encoding: str, mutation: tuple[float, int, bytes]
) -> None:
    table_or_fault(mutated(TEXT.encode(encoding), mutation))


@given(st.sampled_from([write(USUAL) for write in WORKBOOKS]), mutations)
@settings(max_examples=30, deadline=None)
def test_a_mutated_workbook_is_a_table_or_a_fault(
    book: bytes, mutation: tuple[float, int, bytes]
) -> None:
    table_or_fault(mutated(book, mutation))


PARTS = {
    xlsx: (SHEET_1, "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"),
    ods: ("content.xml", "META-INF/manifest.xml"),
}


@given(
    st.sampled_from([(write(USUAL), part) for write, parts in PARTS.items() for part in parts]),
    mutations,
)
@settings(max_examples=40, deadline=None)
def test_a_workbook_with_a_mutated_part_is_a_table_or_a_fault(
    where: tuple[bytes, str], mutation: tuple[float, int, bytes]
) -> None:
    table_or_fault(replaced(*where, lambda xml: mutated(xml, mutation)))


@given(st.text(alphabet='ab"";;\r\n \t,\v\f\u2028\u00a0å\x85\ufeff', max_size=40))
@settings(max_examples=150, deadline=None)
def test_both_passes_see_the_same_rows(text: str) -> None:
    # The first is Python's reader of CSV, the second is pandas's.
    try:
        found = rows(read(TEXT + text), chunk=2)
    except FileFault:
        return
    outer = " \t\r\n\v\f\u00a0\ufeff"
    lines = csv.reader(io.StringIO(TEXT + text, newline=""), delimiter=";")
    stripped = {row: [cell.strip(outer) for cell in line] for row, line in enumerate(lines, 1)}
    expected = {row: line for row, line in stripped.items() if row > 1 and any(line)}
    assert found == {
        row: "\0".join(line).rstrip("\0").split("\0") for row, line in expected.items()
    }
