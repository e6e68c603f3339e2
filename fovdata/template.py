"""The template: the workbook that is handed out to whoever copies paper forms into a file.

Made from the declared form and the registry. It asks for nothing that would be thrown away on
arrival, so a form's place and activity have no column.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fovdata import questionnaire as form
from fovdata import responses, wording
from fovdata.registry import Federation, Registry

ANSWERS, INSTRUCTIONS, LISTS = "Svar", "Så fyller du i", "Listor"
"""The sheets; LISTS, which the drop-down lists choose from, is hidden."""
TO_MEND, FINDINGS = "Att rätta", "Fel och anmärkningar"
"""The column and the sheet that a file gets when its faults are marked in it."""
OWN_SHEETS = frozenset((INSTRUCTIONS, LISTS, FINDINGS))
"""Sheets that a file sent in may have from the product itself: they hold no answers."""
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NEVER = ("namn", "personnummer", "telefonnummer", "e-postadresser")
"""What may never stand in a file of answers."""
KEEP = (
    "Behåll filen, lika säkert som pappersformulären, så länge du kan behöva rätta eller fylla på; "
    "ta sedan bort den."
)
PREFILLED = 200
"""So many rows have the federation filled in, if the template is made for one."""
AGES = range(10, 111)
"""An age beyond is a slip of the pen; the check thinks so too, and a test compares."""

INK, QUIET, LINE, BAND, HEAD = "#1F2933", "#5A6472", "#E3E6EA", "#CFE0F1", "#134A7C"
"""The product's colours, as charts/theme.py has them for the light theme; a test compares."""

_MADE = datetime(2022, 2, 13)
"""The form's own date, so that the same template is the same file whenever it is fetched."""
_LAST_ROW = 1_048_575
_ROW, _TWO_LINES = 18, 33
"""Heights of the instructions' rows, in points."""
_EXAMPLE = 24
"""Width of the examples' column, in figures."""
_YEARS = next(column for column in responses.COLUMNS if column.name == "year")
_DAY = date(2022, 5, 14)
"""Of the example, which is made up."""


@dataclass(frozen=True)
class _Column:
    """A column of the answers' sheet, and how the instructions explain it.

    ``choices`` are the drop-down list's, if it has one.
    """

    code: str
    heading: str
    instruction: str
    example: str
    kept: str
    width: int
    choices: tuple[str, ...] = ()

    @property
    def question(self) -> bool:
        """Whether it is one of the seven questions: the instruction is its wording."""
        return self.code in form.BY_CODE


PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""How a workbook is made whose texts are texts, whatever they look like."""


def file_name(federation: str | None = None) -> str:
    """What the template's file is called."""
    return f"fov-mall-{federation}.xlsx" if federation else "fov-mall.xlsx"


def federations(registry: Registry) -> Sequence[Federation]:
    """The federations to choose from, by name; those that have left may still have forms."""
    return sorted(
        registry.federations, key=lambda federation: wording.alphabetical(federation.name)
    )


def workbook(registry: Registry, federation: str | None = None) -> bytes:
    """The template as an XLSX file: no formulas in cells, no macros, no links.

    ``federation`` is a slug of the registry: its name is then the only one to choose, and already
    chosen in the first rows. A row that holds nothing else is no form.
    """
    names = (
        (registry.federation(federation).name,)
        if federation
        else tuple(one.name for one in federations(registry))
    )
    columns = _columns(names, prefilled=bool(federation))
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, PLAIN) as book:
        book.set_properties({"title": "Frågor om våld: mall", "created": _MADE})
        answers, instructions, lists = map(book.add_worksheet, (ANSWERS, INSTRUCTIONS, LISTS))
        _draw_answers(book, answers, columns, _draw_lists(lists, columns))
        if federation:
            at = next(at for at, one in enumerate(columns) if one.code == "federation")
            answers.write_column(1, at, names * PREFILLED)
        _draw_instructions(book, instructions, columns)
    return content.getvalue()


def rules() -> Mapping[str, Mapping[str, Any]]:
    """Heading → what may be typed under it, for another workbook with the template's columns.

    As XlsxWriter's data_validation takes it. Not of the federations: they are the registry's.
    """
    columns = (one for one in _columns(("",)) if one.code != "federation")
    return MappingProxyType({one.heading: _valid(one, list(one.choices)) for one in columns})


def _columns(names: tuple[str, ...], prefilled: bool = False) -> Sequence[_Column]:
    """The form's fields that are kept, in the order of the form, then its questions."""
    beforehand = f"Redan ifyllt på de första {PREFILLED} raderna. " if prefilled else ""
    wide_enough = max(26, len(names[0]) + 2)
    asked: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
        "date": ("År, månad, dag.", _DAY.isoformat(), 12, ()),
        "gender": _to_choose(form.GENDERS, 20),
        "age": ("Hela år.", "34", 8, ()),
        "fill_count": _to_choose(form.FILL_COUNTS, 21),
        "federation": (f"{beforehand}Välj i listan.", names[0], wide_enough, names),
        "authority": _to_choose(form.AUTHORITIES, 13, " Tom om ingen är ikryssad."),
    }
    answers = tuple(answer.form for answer in form.ANSWERS if answer.form)
    return [
        *(
            _Column(field.code, field.label, said, example, field.kept, width, choices)
            for field in form.FIELDS
            if field.kept
            for said, example, width, choices in (asked[field.code],)
        ),
        *(
            _Column(
                question.code,
                f"{question.number}. {question.short}",
                question.wording,
                answers[question.number % 2],
                "svaret",
                14,
                answers,
            )
            for question in form.QUESTIONS
        ),
    ]


def _to_choose(
    categories: tuple[form.Category, ...], width: int, more: str = ""
) -> tuple[str, str, int, tuple[str, ...]]:
    choices = tuple(category.form for category in categories)
    return f"Välj i listan.{more}", choices[0], width, choices


def _draw_lists(sheet: Worksheet, columns: Sequence[_Column]) -> dict[tuple[str, ...], str]:
    """Write every list once; returns where each stands. In a cell's own list a comma divides."""
    places = {}
    for at, choices in enumerate(dict.fromkeys(one.choices for one in columns if one.choices)):
        sheet.write_column(0, at, choices)
        letter = chr(ord("A") + at)
        places[choices] = f"={LISTS}!${letter}$1:${letter}${len(choices)}"
    sheet.hide()
    return places


def _draw_answers(
    book: xlsxwriter.Workbook,
    sheet: Worksheet,
    columns: Sequence[_Column],
    lists: dict[tuple[str, ...], str],
) -> None:
    head = _format(book, bold=True, font_color="#FFFFFF", bg_color=HEAD, text_wrap=True, indent=1)
    formats = {"date": _format(book, num_format="yyyy-mm-dd", align="left", indent=1)}
    plain = _format(book, align="left", indent=1)
    sheet.set_row(0, 48)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, formats.get(column.code, plain))
        sheet.write_string(0, at, column.heading, head)
        if column.question:
            note = {"author": "", "x_scale": 2, "y_scale": 0.9, "font_size": 10}
            sheet.write_comment(0, at, column.instruction, note)
        place = lists.get(column.choices)
        sheet.data_validation(1, at, _LAST_ROW, at, _valid(column, place))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _for_paper(sheet, pages=0)


def _valid(column: _Column, choices: str | list[str] | None) -> dict[str, Any]:
    """What may be typed into a column, and what is said of anything else.

    ``choices`` are those of its drop-down list, or where in the workbook they stand.
    """
    if column.choices:
        empty = " Töm rutan om ingenting är ikryssat." if column.code != "federation" else ""
        return {
            "validate": "list",
            "source": choices,
            "error_title": "Svaret finns inte i listan",
            "error_message": f"Tryck på pilen vid rutan och välj ett av svaren.{empty}",
        }
    if column.code == "date":
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": date(int(_YEARS.minimum or 0), 1, 1),
            "maximum": date(int(_YEARS.maximum or 0), 12, 31),
            "input_title": "Formulärets datum",
            "input_message": f"Skriv som {_DAY}. Bara {column.kept} sparas.",
            "error_title": "Det är inget datum",
            "error_message": f"Skriv år, månad och dag som {_DAY}. Första året är "
            f"{_YEARS.minimum}.",
        }
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": AGES[0],
        "maximum": AGES[-1],
        "input_title": "Ålder i hela år",
        "input_message": f"Bara {column.kept} sparas.",
        "error_title": "Det är ingen ålder",
        "error_message": f"Skriv åldern i hela år, bara siffror, {AGES[0]}–{AGES[-1]}.",
    }


def _draw_instructions(
    book: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[_Column]
) -> None:
    """Explain the answers' sheet; the example stands on its side, so it is never read in."""
    title = _format(book, bold=True, font_size=16)
    line, quiet = _format(book), _format(book, font_color=QUIET)
    head = _format(book, bold=True, font_color="#FFFFFF", bg_color=HEAD, indent=1)
    band = _format(book, bold=True, bg_color=BAND, indent=1)
    cells = {"text_wrap": True, "bottom": 1, "bottom_color": LINE, "indent": 1}
    strong, cell = _format(book, **cells, bold=True), _format(book, **cells)
    for at, width in enumerate((34, 62, _EXAMPLE, 22)):
        sheet.set_column(at, at, width)
    row = 0
    sheet.write_string(row, 0, "Så fyller du i", title)
    sheet.set_row(row, 28)
    for said in _rules():
        row += 1
        sheet.set_row(row, _ROW)
        sheet.write_string(row, 0, said, line)
    row += 2
    sheet.set_row(row, _ROW)
    _write_row(sheet, row, ("Kolumn", "Så skriver du", "Påhittat exempel", "Det här sparas"), head)
    for column in columns:
        if column.code == form.QUESTIONS[0].code:
            row += 1
            sheet.set_row(row, _ROW)
            said = f"Frågorna besvaras med Ja eller Nej. {form.OPENING}"
            _write_row(sheet, row, (said, "", "", ""), band)
        row += 1
        long = column.question or len(column.example) > _EXAMPLE
        sheet.set_row(row, _TWO_LINES if long else _ROW)
        _write_row(sheet, row, (column.heading,), strong)
        _write_row(sheet, row, (column.instruction, column.example, column.kept), cell, 1)
    not_kept = [field.label for field in form.FIELDS if not field.kept]
    said = f"Formulärets {wording.enumerated(not_kept)} sparas inte och finns därför inte i mallen."
    sheet.write_string(row + 2, 0, said, quiet)
    sheet.hide_gridlines(2)
    _for_paper(sheet, pages=1)


def _rules() -> Sequence[str]:
    """What to keep in mind, a line each; a line is no wider than the table under it."""
    never = wording.enumerated(NEVER).replace(" och ", " eller ")
    return (
        f"•  En rad i bladet {ANSWERS} är ett pappersformulär. Ordningen spelar ingen roll.",
        "•  Skriv det som står på formuläret. Är en fråga inte besvarad, lämna rutan tom; gissa "
        "aldrig ett svar.",
        f"•  Skriv aldrig {never}, inte heller i kommentarer eller i filens namn.",
        "•  Ändra inte rubrikerna, och lägg inte till egna kolumner.",
        "•  Lämna filen i mottagningen, programmet där svaren läses in. Det säger vad som ska "
        "rättas. Fråga NNS hur du når det.",
        f"•  {KEEP}",
    )


def _write_row(
    sheet: Worksheet, row: int, texts: Sequence[str], look: Format, first: int = 0
) -> None:
    for at, text in enumerate(texts, first):
        if text:
            sheet.write_string(row, at, text, look)
        else:
            sheet.write_blank(row, at, None, look)


def _format(book: xlsxwriter.Workbook, **properties: Any) -> Format:
    usual = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "vcenter"}
    return book.add_format(usual | properties)


def _for_paper(sheet: Worksheet, pages: int) -> None:
    """A4 on its side, one page wide and so many high; 0 is as many as it takes."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, pages)
    sheet.set_footer("&L&8&A&R&8&P (&N)")
