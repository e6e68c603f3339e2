"""A page's tables as a workbook: one sheet a table, and a first one that says what they are."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter

from fovdata import wording
from fovdata.charts.exhibit import Table
from fovdata.figures.release import Release
from fovdata.markup import no_formula
from fovdata.responses import SYNTHETIC
from fovdata.rules import STANDING_NOTE, Status

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_WIDEST = 44
_ABOUT = "Om"


@dataclass(frozen=True)
class Sheet:
    """A card's table with its title, the card's line and what kind of data it is."""

    title: str
    line: str
    kind: str
    table: Table


def workbook(page: str, selection: str, release: Release, sheets: Sequence[Sheet]) -> bytes:
    """The workbook of a page, as XLSX.

    Numbers are numbers. Where a value is not shown there stands "..", and the column Status says
    why. ``selection`` is the page's, in words.
    """
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        made = datetime.combine(release.date, datetime.min.time())
        book.set_properties({"title": f"Frågor om våld: {page}", "created": made})
        _about(book, page, selection, release, sheets)
        for number, sheet in enumerate(sheets, 1):
            _table(book, _name(number), sheet)
    return file.getvalue()


def _name(number: int) -> str:
    return f"Tabell {number}"


def _about(
    book: xlsxwriter.Workbook, page: str, selection: str, release: Release, sheets: Sequence[Sheet]
) -> None:
    about = book.add_worksheet(_ABOUT)
    heading = book.add_format({"bold": True, "font_size": 14})
    strong = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    about.set_column(0, 0, 18)
    about.set_column(1, 1, 100)
    about.write_string(0, 0, f"Frågor om våld: {page}", heading)
    rows = (
        ("Urval", selection),
        ("Svar", _kind(release)),
        ("Källa", "Formuläret FOV, Frågor om våld; varje blad säger vilka formulär."),
        ("Utgåva", f"{release.number}, {wording.day(release.date)}"),
        *_definitions(release),
        ("Att tänka på", STANDING_NOTE),
    )
    row = 2
    for name, text in rows:
        about.write_string(row, 0, name, strong)
        about.write_string(row, 1, no_formula(text), wrapped)
        row += 1
    row += 1
    for number, sheet in enumerate(sheets, 1):
        about.write_url(row, 0, f"internal:'{_name(number)}'!A1", string=_name(number))
        about.write_string(row, 1, no_formula(sheet.title), wrapped)
        row += 1


def _kind(release: Release) -> str:
    if release.data == SYNTHETIC:
        return (
            "Syntetiska svar: påhittade av ett program så att de liknar det som NNS har "
            "publicerat. Ingen verklig person finns bland dem."
        )
    return "Verkliga svar, röjandeskyddade."


def _definitions(release: Release) -> Sequence[tuple[str, str]]:
    rules, words = release.rules, wording.STATUS_WORDS
    return (
        ("Andel Ja", "De som svarat Ja, av dem som svarat på frågan; hela procent."),
        (
            "95 % intervall",
            "Lägst och högst, hela procent eller procentenheter; slumpen och röjandeskyddets brus "
            "ryms i det.",
        ),
        ("Antal svar", "Röjandeskyddat, till närmaste femtal."),
        (
            "Status",
            f"{words[Status.SHOWN]}; {words[Status.CODED]}: färre än {rules.code} Ja eller Nej, så "
            f"bara gränsen anges; {words[Status.HIDDEN]}: färre än {rules.show} svar, eller för få "
            f"för en jämförelse. Då står {wording.HIDDEN} i stället för talet.",
        ),
    )


def _table(book: xlsxwriter.Workbook, name: str, sheet: Sheet) -> None:
    page = book.add_worksheet(name)
    title = book.add_format({"bold": True, "font_size": 13})
    quiet = book.add_format({"font_color": "#5A6472"})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    page.write_string(0, 0, no_formula(sheet.title), title)
    page.write_string(1, 0, no_formula(f"{sheet.kind} · {sheet.line}"), quiet)
    table = sheet.table.file
    for column, label in enumerate(table.columns):
        page.write_string(3, column, no_formula(_head(str(label))), head)
        widths = [len(str(value)) for value in table[label]] or [0]
        page.set_column(column, column, min(max(*widths, 10) + 2, _WIDEST))
    for number, row in enumerate(table.to_dict("records"), 4):
        for column, (label, value) in enumerate(row.items()):
            _cell(page, number, column, value, _withheld(str(label), value, row, table))
    page.freeze_panes(4, 0)
    if len(table):
        page.autofilter(3, 0, 3 + len(table), len(table.columns) - 1)


def _head(label: str) -> str:
    """A file's column name as a heading: "andel_ja_procent" → "Andel ja procent"."""
    words = label.replace("_", " ")
    return words[0].upper() + words[1:]


def _withheld(label: str, value: Any, row: Mapping[Any, Any], table: pd.DataFrame) -> bool:
    """Whether a number is missing because it may not be shown, not because there is none."""
    status = row.get("status", row.get("Status"))
    shown = status in (None, wording.STATUS_WORDS[Status.SHOWN])
    return bool(pd.isna(value)) and not shown and pd.api.types.is_numeric_dtype(table[label])


def _cell(page: Any, row: int, column: int, value: Any, withheld: bool) -> None:
    if withheld:
        page.write_string(row, column, wording.HIDDEN)
    elif value is None or pd.isna(value):
        page.write_blank(row, column, None)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        page.write_string(row, column, no_formula(str(value)))
    else:
        page.write_number(row, column, value)
