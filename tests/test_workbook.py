"""A page's tables as a workbook: numbers are numbers, hidden is "..", nothing is a formula."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from fovdata.charts.exhibit import Table, estimates_table
from fovdata.export.workbook import Sheet, workbook
from fovdata.figures.estimates import Estimate
from fovdata.figures.release import Release
from fovdata.rules import STANDING_NOTE, Status

SHARES = estimates_table(
    [
        ({"Fråga": "Psykiskt våld"}, Estimate(Status.SHOWN, 45, 52, 38, 66)),
        ({"Fråga": "Fysiskt våld"}, Estimate(Status.CODED, 45, limit="<20")),
        ({"Fråga": "Sexuellt våld"}, Estimate(Status.HIDDEN)),
    ]
)
LINE = "Alla svarande i Halland, ca 45 svar · Utgåva 1"


def opened(release: Release, *tables: Table, title: str = "En rubrik") -> openpyxl.Workbook:
    sheets = [Sheet(title, LINE, "Syntetiska svar", table) for table in tables]
    content = workbook("Förbund", "Alla svarande i Halland", release, sheets)
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book: openpyxl.Workbook, name: str) -> list[list[object]]:
    return [list(row) for row in book[name].iter_rows(min_row=4, values_only=True)]


def test_numbers_are_numbers_and_what_is_hidden_is_dots_with_a_status(release: Release) -> None:
    head, shown, coded, hidden = rows(opened(release, SHARES), "Tabell 1")
    assert head == [
        *("Fråga", "Andel ja procent", "Lägst 95", "Högst 95"),
        *("Gräns procent", "Antal svar ca", "Status"),
    ]
    assert shown == ["Psykiskt våld", 52, 38, 66, None, 45, "visas"]
    assert coded == ["Fysiskt våld", "..", "..", "..", "<20", 45, "visas som gräns"]
    assert hidden == ["Sexuellt våld", "..", "..", "..", None, "..", "visas inte"]


def test_the_first_sheet_says_what_the_others_are(release: Release) -> None:
    book = opened(release, SHARES, SHARES)
    assert book.sheetnames == ["Om", "Tabell 1", "Tabell 2"]
    said = " ".join(str(cell) for row in book["Om"].iter_rows(values_only=True) for cell in row)
    for words in (
        *("Alla svarande i Halland", "Syntetiska svar", "Formuläret FOV", STANDING_NOTE),
        *("färre än 20 svar", "En rubrik", "Tabell 2"),
    ):
        assert words in said
    assert book["Tabell 1"]["A2"].value == f"Syntetiska svar · {LINE}"


def test_real_answers_are_not_called_synthetic(release: Release) -> None:
    book = opened(replace(release, data="real"))
    said = str([*book["Om"].iter_rows(values_only=True)])
    assert "Verkliga svar" in said
    assert "yntetisk" not in said


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(1)"])
def test_nothing_starts_a_formula(start: str, release: Release) -> None:
    table = Table([], [{start: start, "status": "visas"}])
    content = workbook(start, start, release, [Sheet(start, start, start, table)])
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets" in name]
        assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            assert not [c for c in row if str(c.value or "").startswith(("=", "+", "-", "@", "\t"))]


def test_the_same_release_gives_the_same_file(release: Release) -> None:
    sheets = [Sheet("En rubrik", LINE, "Syntetiska svar", SHARES)]
    assert workbook("Förbund", "Halland", release, sheets) == workbook(
        "Förbund", "Halland", release, sheets
    )
