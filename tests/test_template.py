"""The template asks for what is kept, in the form's words, and is read back as it was meant."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from fovdata import keys, responses, template
from fovdata import questionnaire as form
from fovdata.charts import theme
from fovdata.intake import checking, reading, values
from fovdata.intake.checking import Checked
from fovdata.registry import Registry

ASKED = [
    *("Datum", "Kön", "Ålder", "Besökaren har fyllt i frågeformuläret"),
    *("Samordningsförbund", "Myndighet"),
    *("1. Psykiskt våld", "2. Fysiskt våld", "3. Sexuellt våld", "4. Sexuella kränkningar"),
    *("5. Våld av annan person", "6. Bevittnat våld under uppväxten", "7. Egen våldsutövning"),
]
"""In the order of the form, without Ort and Verksamhet, of which nothing is kept."""


@pytest.fixture(scope="module")
def file(registry: Registry) -> bytes:
    return template.workbook(registry)


@pytest.fixture(scope="module")
def answers(file: bytes) -> Worksheet:
    return sheet(file, "Svar")


def sheet(file: bytes, name: str) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(file))[name]


def heads(answers: Worksheet) -> list[str]:
    return [str(cell.value) for cell in answers[1]]


def rule(answers: Worksheet, heading: str) -> DataValidation:
    """What may be typed into the first row under a heading."""
    cell = answers.cell(2, heads(answers).index(heading) + 1).coordinate
    (found,) = [one for one in answers.data_validations.dataValidation if cell in one.cells]
    return found


def choices(file: bytes, heading: str) -> list[object]:
    """What the drop-down list under a heading holds."""
    place = str(rule(sheet(file, "Svar"), heading).formula1)
    name, _, cells = place.partition("!")
    return [cell.value for (cell,) in sheet(file, name)[cells.replace("$", "")]]


def check(file: bytes, registry: Registry) -> Checked:
    """A filled in template as it goes through the real check."""
    table = reading.read(file, "mall.xlsx")
    today = date(2023, 1, 1)
    return checking.check(table, registry, keys.SYNTHETIC_KEY, responses.SYNTHETIC, today)


def filled_in(file: bytes, forms: Sequence[Sequence[object]]) -> bytes:
    """The template with these forms typed in from row 2 on; Myndighet, column F, is left empty."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    for row, cells in enumerate(forms, 2):
        for column, cell in zip("ABCDEGHIJKLM", cells, strict=True):
            book["Svar"][f"{column}{row}"] = cell
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_the_template_asks_for_what_is_kept_and_for_nothing_else(answers: Worksheet) -> None:
    assert heads(answers) == ASKED
    assert answers.max_row == 1, "an example there would be read in as somebody's answer"
    assert answers.freeze_panes == "A2"


def test_every_column_is_found_when_the_template_is_read(registry: Registry) -> None:
    asked = {field.code for field in form.FIELDS if field.kept} | form.BY_CODE.keys()
    for federation in (None, "halland"):
        table = reading.read(template.workbook(registry, federation), "mall.xlsx")
        assert (table.sheet, table.heading_row, table.ignored) == ("Svar", 1, ())
        assert list(table.fields) == [code for code in _codes() if code in asked]
        assert [column.heading for column in table.fields.values()] == ASKED
    assert not list(reading.read(template.workbook(registry), "mall.xlsx").chunks())


def _codes() -> list[str]:
    return [part.code for part in (*form.FIELDS, *form.QUESTIONS)]


def test_what_is_chosen_in_the_lists_is_read_as_what_the_form_means(
    registry: Registry, file: bytes
) -> None:
    readers = values.readers(registry, date(2023, 1, 1))
    meant = {
        "Kön": ("gender", ["kvinna", "man", "annat"]),
        "Besökaren har fyllt i frågeformuläret": ("fill_count", ["1", "2", "3+"]),
        "Myndighet": ("authority", ["fk", "af", "kommun", "region"]),
        **{heading: (f"q{heading[0]}", ["ja", "nej"]) for heading in ASKED[6:]},
    }
    for heading, (code, codes) in meant.items():
        read = [readers[code](str(choice)) for choice in choices(file, heading)]
        assert [one.text for one in read] == codes
        assert not any(one.kind for one in read)
    found = {readers["federation"](str(name)).text for name in choices(file, "Samordningsförbund")}
    assert found == {federation.slug for federation in registry.federations}


def test_the_federations_are_in_the_order_of_the_swedish_alphabet(file: bytes) -> None:
    names = [str(name) for name in choices(file, "Samordningsförbund")]
    assert len(names) == 40
    assert names[:3] == ["Borlänge", "Centrala Östergötland", "Falun"]
    assert names.index("Samsund") < names.index("SOFINT") < names.index("Stockholms stad")
    assert names.index("Västerås") < names.index("Älv och Kust") < names.index("Örebro - Lekeberg")


def test_of_one_federation_there_is_no_other_to_choose(registry: Registry) -> None:
    file = template.workbook(registry, "huddinge-botkyrka-och-salem")
    assert choices(file, "Samordningsförbund") == ["Huddinge, Botkyrka och Salem"]
    assert template.file_name("halland") == "fov-mall-halland.xlsx"


def test_of_one_federation_the_first_rows_have_it_filled_in(registry: Registry) -> None:
    file = template.workbook(registry, "huddinge-botkyrka-och-salem")
    heading, *names = (cell.value for cell in sheet(file, "Svar")["E"])
    assert heading == "Samordningsförbund"
    assert names == ["Huddinge, Botkyrka och Salem"] * 200
    rows = [[cell.value for cell in row] for row in sheet(file, "Svar").iter_rows(min_row=2)]
    assert all(row[:4] == [None] * 4 and row[5:] == [None] * 8 for row in rows)
    said = [str(cell.value) for cell in sheet(file, "Så fyller du i")["B"]]
    assert "Redan ifyllt på de första 200 raderna. Välj i listan." in said


def test_a_template_with_nothing_but_the_federation_has_no_forms(registry: Registry) -> None:
    checked = check(template.workbook(registry, "halland"), registry)
    assert checked.rows == 0
    assert [finding.kind for finding in checked.findings if finding.blocking] == ["empty"]
    assert checked.marks == ()


def test_of_a_template_that_is_partly_filled_in_just_its_forms_are_read(
    registry: Registry,
) -> None:
    answers = ("Ja", "Nej", "Nej", "Nej", "Nej", "Ja", "Nej")
    forms = [
        (date(2022, 5, 14), "Kvinna", 34, "1 gång", "Halland", *answers),
        (date(2022, 9, 1), "Man", 52, "2 gånger", "Halland", *answers),
    ]
    checked = check(filled_in(template.workbook(registry, "halland"), forms), registry)
    assert [str(finding) for finding in checked.findings if finding.blocking] == []
    assert checked.rows == 2
    assert sorted(checked.answers["gender"]) == ["kvinna", "man"]
    assert set(checked.answers["federation"]) == {"halland"}


def test_the_product_s_own_sheets_are_known_by_name(file: bytes) -> None:
    names = {one.title for one in openpyxl.load_workbook(io.BytesIO(file)).worksheets}
    assert names - template.OWN_SHEETS == {"Svar"}


def test_the_rules_for_another_workbook_are_the_template_s_but_for_the_federation(
    answers: Worksheet, file: bytes
) -> None:
    rules = template.rules()
    assert list(rules) == [heading for heading in ASKED if heading != "Samordningsförbund"]
    for heading, given in rules.items():
        assert given["error_message"] == rule(answers, heading).error
        if given["validate"] == "list":
            assert given["source"] == choices(file, heading)
            # So many characters has a list that stands in the rule itself; a comma divides it.
            assert len(",".join(given["source"])) <= 255
            assert not any("," in choice for choice in given["source"])


def test_a_slip_of_the_pen_is_stopped_in_swedish(answers: Worksheet) -> None:
    said = {heading: rule(answers, heading) for heading in ASKED}
    assert {one.type for one in said.values()} == {"date", "list", "whole"}
    for one in said.values():
        assert one.showErrorMessage
        assert one.errorTitle
        assert one.error
    assert (said["Ålder"].formula1, said["Ålder"].formula2) == ("10", "110")
    assert said["Datum"].formula1 == str((date(2019, 1, 1) - date(1899, 12, 30)).days)
    assert "åldersgruppen" in str(said["Ålder"].prompt)
    assert "år och halvår" in str(said["Datum"].prompt)


def test_the_template_allows_the_ages_that_the_check_does() -> None:
    assert template.AGES == values.POSSIBLE_AGES


def test_the_rules_hold_down_to_the_last_row_of_the_sheet(answers: Worksheet) -> None:
    for one in answers.data_validations.dataValidation:
        (cells,) = one.cells.ranges
        assert (cells.min_row, cells.max_row) == (2, 1_048_576)


def test_a_question_stands_in_full_at_its_heading(answers: Worksheet) -> None:
    notes = [cell.comment.text for cell in answers[1] if cell.comment]
    assert notes == [question.wording for question in form.QUESTIONS]


def test_the_instructions_say_what_is_kept_and_what_may_never_be_written(file: bytes) -> None:
    rows = [
        [str(cell.value) for cell in row if cell.value]
        for row in sheet(file, "Så fyller du i").iter_rows()
    ]
    said = "\n".join(cell for row in rows for cell in row)
    assert form.OPENING in said
    assert "Behåll filen, lika säkert som pappersformulären, så länge du kan behöva rätta" in said
    assert "ta sedan bort den" in said
    assert "aldrig namn, personnummer, telefonnummer eller e-postadresser" in said
    assert "Ort och Verksamhet sparas inte" in said
    table = {row[0]: row[1:] for row in rows if len(row) == 4}
    assert list(table) == ["Kolumn", *ASKED]
    assert table["Kolumn"] == ["Så skriver du", "Påhittat exempel", "Det här sparas"]
    assert table["Datum"][2] == "år och halvår"
    for question, heading in zip(form.QUESTIONS, ASKED[6:], strict=True):
        assert table[heading][0] == question.wording


def test_the_lists_are_out_of_sight_and_the_answers_come_first(file: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert [(one.title, one.sheet_state) for one in book.worksheets] == [
        ("Svar", "visible"),
        ("Så fyller du i", "visible"),
        ("Listor", "hidden"),
    ]


def test_nothing_in_the_template_computes_links_or_runs(file: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        names = parts.namelist()
        sheets = [parts.read(name) for name in names if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    for xml in sheets:
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(xml).iter()}
        assert not tags & {"f", "hyperlink", "hyperlinks"}
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]


def test_the_same_template_is_the_same_file(file: bytes, registry: Registry) -> None:
    assert template.workbook(registry) == file


def test_the_template_has_the_product_s_colours() -> None:
    light = theme.LIGHT
    colours = (light.text, light.muted, light.grid, light.coverage[0], light.coverage[-1])
    assert colours == (
        template.INK,
        template.QUIET,
        template.LINE,
        template.BAND,
        template.HEAD,
    )
