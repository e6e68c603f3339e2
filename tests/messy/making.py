"""Makes the messy files: python -m tests.messy.making.

The same twelve forms, typed and saved in as many ways as people do, and then spoiled in as many.
Beside every file stands what it should give (see Expected). The files are committed; they hold
nobody's answers.
"""

import csv
import datetime
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from fovdata import questionnaire as form
from fovdata import registry, settings
from fovdata.template import workbook

FILES = Path(__file__).parent / "files"

FORMS = """
date       place     gender age fill_count federation          authority activity    answers
2021-11-03 Skövde    kvinna 34  1          Skaraborg           af        Steg ett    jjnnjjn
2021-11-03 Skövde    man    52  1          Skaraborg           fk        Steg ett    nnnnnnn
2022-01-17 Mariestad kvinna 17  1          Skaraborg           kommun    Unga vidare jnnjn-n
2022-01-31 Mariestad annat  23  1          Skaraborg           af        Unga vidare jjjjjjj
2022-02-28 Göteborg  man    64  2          Finsam Göteborg     region    Gröna rehab nnnnnjn
2022-05-14 Göteborg  kvinna 41  1          Finsam Göteborg     fk        Gröna rehab jjnjjnn
2022-06-30 Göteborg  kvinna 41  3+         Finsam Göteborg     fk        Gröna rehab jnnjjnn
2022-07-01 Karlskoga man    29  1          Karlskoga-Degerfors kommun    Teamet      njnnjnj
2022-09-12 Degerfors kvinna 58  1          Karlskoga-Degerfors af        Teamet      n-nnnnn
2022-10-05 Örebro    man    38  1          Örebro - Lekeberg   kommun    Rätt väg    jnnnnjn
2022-11-11 Lekeberg  kvinna 46  1          Örebro - Lekeberg   region    Rätt väg    jjjjnjn
2022-12-24 Örebro    annat  31  1          Örebro - Lekeberg   af        Rätt väg    -nnjjn-
"""
"""Twelve forms; the answers to questions 1 to 7 as j, n or - for a question left blank."""

Row = Mapping[str, Any]
"""A form by field code; the questions are q1 … q7."""
Typed = Callable[[Row], Any]
"""What stands in a cell."""


@dataclass(frozen=True)
class Expected:
    """What a file should give.

    ``same`` files give the twelve forms' answers with the twelve forms' ids; ``answers`` that
    only the answers are the same. ``findings`` are kind, column's heading (None: none) and rows.
    ``refused`` is a word of what is said of a file that cannot be read at all. ``federation`` is
    given from outside.
    """

    same: bool = False
    answers: bool = False
    findings: Sequence[tuple[str, str | None, Sequence[int]]] = ()
    refused: str | None = None
    federation: str | None = None


@dataclass(frozen=True)
class Made:
    """A file and what it should give."""

    name: str
    content: bytes
    expected: Expected = field(default_factory=Expected)


def forms() -> list[dict[str, Any]]:
    """The twelve forms: dates as dates, ages as numbers, the rest as in FORMS."""
    head, *lines = FORMS.strip().splitlines()
    names = head.split()
    starts = [head.index(f" {name}") + 1 if i else 0 for i, name in enumerate(names)]
    found = []
    for line in lines:
        ends = [*starts[1:], len(line)]
        cells = [line[a:b].strip() for a, b in zip(starts, ends, strict=True)]
        row: dict[str, Any] = dict(zip(names, cells, strict=True))
        row["date"] = datetime.date.fromisoformat(row["date"])
        row["age"] = int(row["age"])
        answers = row.pop("answers")
        row |= {question.code: answers[question.number - 1] for question in form.QUESTIONS}
        found.append(row)
    return found


def answers_typed(yes: str, no: str, blank: str = "") -> Mapping[str, Typed]:
    """The seven questions, answered in somebody's own way."""
    words = {"j": yes, "n": no, "-": blank}

    def typed(code: str) -> Typed:
        return lambda row: words[row[code]]

    return {question.code: typed(question.code) for question in form.QUESTIONS}


def by(column: str, words: Mapping[str, str]) -> Mapping[str, Typed]:
    """A column whose values are typed in somebody's own words."""
    return {column: lambda row: words[row[column]]}


MONTHS = "januari februari mars april maj juni juli augusti september oktober november december"

USUAL_HEADS = {
    **{one.code: one.label for one in form.FIELDS},
    "fill_count": "Antal gånger",
    **{question.code: f"Fråga {question.number}" for question in form.QUESTIONS},
}
USUAL: Mapping[str, Typed] = {
    "date": lambda row: row["date"].isoformat(),
    "place": lambda row: row["place"],
    "gender": lambda row: {one.code: one.form for one in form.GENDERS}[row["gender"]],
    "age": lambda row: str(row["age"]),
    "fill_count": lambda row: {one.code: one.form for one in form.FILL_COUNTS}[row["fill_count"]],
    "federation": lambda row: row["federation"],
    "authority": lambda row: {one.code: one.form for one in form.AUTHORITIES}[row["authority"]],
    "activity": lambda row: row["activity"],
    **answers_typed("Ja", "Nej"),
}
CODES = tuple(USUAL)


def rows(
    typed: Mapping[str, Typed] | None = None,
    heads: Mapping[str, str] | None = None,
    columns: Sequence[str] = CODES,
    spoiled: Mapping[tuple[int, str], Any] | None = None,
) -> list[list[Any]]:
    """Head row and twelve forms. ``spoiled`` replaces cells, by form (from 0) and column."""
    typed, heads = {**USUAL, **(typed or {})}, {**USUAL_HEADS, **(heads or {})}
    return [
        [heads[code] for code in columns],
        *(
            [(spoiled or {}).get((i, code), typed[code](row)) for code in columns]
            for i, row in enumerate(forms())
        ),
    ]


def text(
    table: Sequence[Sequence[Any]],
    delimiter: str = ";",
    encoding: str = "utf-8",
    before: str = "",
    end: str = "\r\n",
    quoting: Any = csv.QUOTE_MINIMAL,
) -> bytes:
    """A table as a text file."""
    out = io.StringIO()
    out.write(before)
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)
    return out.getvalue().encode(encoding)


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Sequence[str] = (), hidden: str = ""
) -> bytes:
    """Tables as a workbook; ``merged`` ranges are merged in the last sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append(list(row))
    for one in merged:
        sheet.merge_cells(one)
    if hidden:
        sheet.column_dimensions[hidden].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(table: Sequence[Sequence[Any]]) -> bytes:
    """A table as a workbook of Excel 97."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Blad1")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for i, row in enumerate(table):
        for j, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write(i, j, value, day)
            else:
                sheet.write(i, j, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(table: Sequence[Sequence[Any]]) -> bytes:
    """A table as an OpenDocument workbook."""
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="Blad1")
    for row in table:
        line = TableRow()
        for value in row:
            if isinstance(value, datetime.date):
                cell = TableCell(valuetype="date", datevalue=value.isoformat())
            elif isinstance(value, int):
                cell = TableCell(valuetype="float", value=value)
            else:
                cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


NATIVE: Mapping[str, Typed] = {"date": lambda row: row["date"], "age": lambda row: row["age"]}
"""Dates and ages as a spreadsheet keeps them."""
SAME = Expected(same=True)


def right() -> Iterator[Made]:
    """The same forms in many ways."""
    usual = rows()
    yield Made("csv-utf8-comma.csv", text(usual, ",", end="\n"), SAME)
    yield Made("csv-excel-swedish.csv", text(usual, encoding="utf-8-sig"), SAME)
    yield Made("csv-windows-1252.csv", text(usual, encoding="cp1252"), SAME)
    yield Made("csv-utf16.txt", text(usual, "\t", "utf-16"), SAME)
    yield Made("csv-utf16-be.csv", text(usual, ";", "utf-16-be"), SAME)
    yield Made("csv-tab.tsv", text(usual, "\t"), SAME)
    yield Made("csv-all-quoted.csv", text(usual, ",", quoting=csv.QUOTE_ALL), SAME)
    yield Made("csv-sep-line.csv", text(usual, before="sep=;\r\n"), SAME)
    breaks = {"activity": lambda row: row["activity"].replace(" ", "\n")}
    yield Made("csv-quoted-breaks.csv", text(rows(breaks), ","), SAME)
    title = "Frågor om våld;;;\r\nSammanställning hösten 2022;;;\r\n;;;\r\n"
    yield Made("csv-titles.csv", text(usual, before=title), SAME)
    gaps = [line for row in usual for line in (row, [""] * len(row))]
    yield Made("csv-empty-rows.csv", text(gaps), SAME)
    wide = [[*row, "", "", ""] for row in usual]
    yield Made("csv-empty-columns.csv", text(wide), SAME)
    yield Made("csv-named-xlsx.xlsx", text(usual), SAME)
    spaced = [[f"  {cell} \u00a0" for cell in row] for row in usual]
    yield Made("csv-spaces.csv", text(spaced), SAME)

    backwards = rows(columns=CODES[::-1])
    yield Made("columns-backwards.csv", text(backwards), SAME)
    for name, head in (
        ("f1", "F{n}"),
        ("dotted", "{n}."),
        ("number", "{n}"),
        ("q1", "q{n}"),
        ("text", "Fråga {n}: {short}"),
        ("short", "{short}"),
        ("wording", "{wording}"),
    ):
        heads = {
            q.code: head.format(n=q.number, short=q.short, wording=q.wording)
            for q in form.QUESTIONS
        }
        yield Made(f"heads-{name}.csv", text(rows(heads=heads)), SAME)
    own = {
        "date": "Datum för ifyllande",
        "federation": "FÖRBUND",
        "activity": "Insats",
        "fill_count": "Besökaren har fyllt i frågeformuläret",
        "age": "ålder",
    }
    yield Made("heads-own-words.csv", text(rows(heads=own)), SAME)
    numbered = [["Löpnr", *usual[0], "Inskrivet"]] + [
        [str(i), *row, "ja"] for i, row in enumerate(usual[1:], 1)
    ]
    unread = [("not_read", None, ())]
    yield Made("columns-extra.csv", text(numbered), Expected(same=True, findings=unread))

    for name, yes, no in (
        ("letters", "J", "N"),
        ("digits", "1", "0"),
        ("lower", "ja", "nej"),
        ("cross", "X", "nej"),
    ):
        yield Made(f"answers-{name}.csv", text(rows(answers_typed(yes, no))), SAME)
    unsure = [
        ("unsure", f"Fråga {number}", rows_)
        for number, rows_ in ((1, (13,)), (2, (10,)), (6, (4,)), (7, (13,)))
    ]
    yield Made(
        "answers-unsure.csv",
        text(rows(answers_typed("Ja", "Nej", "vet ej"))),
        Expected(same=True, findings=unsure),
    )
    for name, way in (
        ("slash", "{d.day}/{d.month} {d.year}"),
        ("dots", "{d.day}.{d.month}.{d:%y}"),
        ("words", "{d.day} {month} {d.year}"),
        ("compact", "{d:%Y%m%d}"),
        ("midnight", "{d} 00:00:00"),
    ):
        typed = {
            "date": lambda row, way=way: way.format(
                d=row["date"], month=MONTHS.split()[row["date"].month - 1]
            )
        }
        yield Made(f"dates-{name}.csv", text(rows(typed)), SAME)
    serial = {"date": lambda row: str((row["date"] - datetime.date(1899, 12, 30)).days)}
    yield Made("dates-serials.csv", text(rows(serial)), SAME)
    month = {"date": lambda row: f"{MONTHS.split()[row['date'].month - 1]} {row['date'].year}"}
    yield Made("dates-months.csv", text(rows(month)), Expected(answers=True))

    yield Made("ages-words.csv", text(rows({"age": lambda row: f"{row['age']} år"})), SAME)
    yield Made("ages-decimals.csv", text(rows({"age": lambda row: f"{row['age']},0"})), SAME)
    born = {"age": lambda row: str(row["date"].year - row["age"])}
    years = [("age_birth_year", "Ålder", range(2, 14))]
    yield Made("ages-birth-years.csv", text(rows(born)), Expected(same=True, findings=years))

    short = by("gender", {"kvinna": "kv", "man": "M", "annat": "annat"})
    yield Made("gender-short.csv", text(rows(short)), SAME)
    longer = by(
        "gender", {"kvinna": "KVINNA", "man": "man", "annat": "inget svarsalternativ passar"}
    )
    yield Made("gender-words.csv", text(rows(longer)), SAME)
    names = {
        "fk": "Försäkringskassan",
        "af": "Arbetsförmedlingen",
        "kommun": "Kommun",
        "region": "Regionen",
    }
    yield Made("authority-words.csv", text(rows(by("authority", names))), SAME)
    times = by("fill_count", {"1": "1", "2": "2", "3+": "4"})
    yield Made("times-numbers.csv", text(rows(times)), SAME)
    federations = {
        "Skaraborg": "Samordningsförbundet Skaraborg",
        "Finsam Göteborg": "göteborg",
        "Karlskoga-Degerfors": "Karlskoga – Degerfors",
        "Örebro - Lekeberg": "Samordningsförbundet Örebro-Lekeberg",
    }
    yield Made("federations-own-words.csv", text(rows(by("federation", federations))), SAME)

    yield Made("book-plain.xlsx", xlsx({"Blad1": usual}), SAME)
    yield Made("book-native.xlsx", xlsx({"Blad1": rows(NATIVE)}), SAME)
    yield Made("book-97.xls", xls(rows(NATIVE)), SAME)
    yield Made("book-open.ods", ods(rows(NATIVE)), SAME)
    yield Made("book-named-csv.csv", xlsx({"Blad1": usual}), SAME)
    yield Made("book-hidden-column.xlsx", xlsx({"Blad1": usual}, hidden="B"), SAME)
    blank = [""] * 8
    above = [*blank, "Frågor om våld", *[""] * 6]
    heads = {q.code: str(q.number) for q in form.QUESTIONS}
    table = [["Svar 2021–2022"], [], above, *rows(NATIVE, heads)]
    yield Made("book-merged-over.xlsx", xlsx({"Svar": table}, ["I3:O3", "A1:O1"]), SAME)
    lower, *body = rows(NATIVE, heads)
    tall = [[*lower[:8], *above[8:]], [*blank, *lower[8:]], *body]
    merged = ["I1:O1", *(f"{letter}1:{letter}2" for letter in "ABCDEFGH")]
    yield Made("book-merged-tall.xlsx", xlsx({"Svar": tall}, merged), SAME)
    sheets = {
        "Läs mig": [["Fyll i bladet Svar"]],
        "Listor": [["Kön", "Myndighet"], ["Kvinna", "FK"], ["Man", "AF"]],
        "Svar": usual,
    }
    yield Made("book-several-sheets.xlsx", xlsx(sheets), Expected(same=True, findings=unread))
    yield Made("book-formulas.xlsx", _with_formulas(rows()), SAME)
    yield Made("book-template.xlsx", _filled_template(), Expected(answers=True))
    without = tuple(code for code in CODES if code not in ("place", "activity"))
    yield Made("columns-fewer.csv", text(rows(columns=without)), Expected(answers=True))
    yield from _harmless()


def _harmless() -> Iterator[Made]:
    """What is no fault, though it looks it."""
    loaded = rows({"place": lambda _: '=HYPERLINK("http://example.org")'})
    yield Made("text-like-formula.csv", text(loaded), Expected(answers=True))
    one = [row for row in rows() if row[5] in ("Samordningsförbund", "Skaraborg")]
    alone = [[*row[:5], *row[6:]] for row in one]
    yield Made("one-federation.csv", text(alone), Expected(federation="skaraborg"))


def _with_formulas(table: Sequence[Sequence[Any]]) -> bytes:
    """Cells that are formulas, with the values that Excel last saw."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(table):
            for j, value in enumerate(row):
                if i and j == 5:
                    sheet.write_formula(i, j, '=WEBSERVICE("http://example.org")', None, value)
                else:
                    sheet.write(i, j, value)
    return out.getvalue()


def _filled_template() -> bytes:
    """The template that is handed out, with the forms typed in."""
    members = registry.load(settings.ROOT / "data" / "registry")
    book = openpyxl.load_workbook(io.BytesIO(workbook(members)))
    sheet = book["Svar"]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    for i, row in enumerate(forms(), 2):
        for code, typed in {**USUAL, **NATIVE}.items():
            label = next((h for h in heads if _heads_field(h, code)), None)
            if label is not None:
                sheet.cell(i, heads[label], typed(row) or None)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heads_field(head: str, code: str) -> bool:
    if code in form.BY_CODE:
        return head.startswith(f"{form.BY_CODE[code].number}.")
    return head in (USUAL_HEADS[code], {one.code: one.label for one in form.FIELDS}[code])


def wrong() -> Iterator[Made]:
    """Files with something to mend, or to be told."""
    for name, column, form_, value, kind in (
        ("unknown-gender", "gender", 2, "kvina", "unknown"),
        ("unknown-answer", "q3", 4, "ibland", "unknown"),
        ("coded-1-2", "q2", 1, "2", "unknown"),
        ("unknown-authority", "authority", 0, "Arbetsmarknadsenheten Nord", "unknown"),
        ("two-authorities", "authority", 0, "FK/AF", "authority_several"),
        ("no-fill-count", "fill_count", 6, "", "fill_count_missing"),
        ("misspelled-federation", "federation", 1, "Skaraborgh", "federation_unknown"),
        ("no-federation", "federation", 1, "", "federation_missing"),
        ("child", "age", 3, "8", "age_impossible"),
        ("age-slip", "age", 3, "340", "age_impossible"),
        ("age-words", "age", 3, "trettio", "age_unreadable"),
        ("year-only", "date", 5, "2022", "date_unreadable"),
        ("no-such-day", "date", 5, "2022-02-30", "date_unreadable"),
        ("too-early", "date", 5, "2018-03-01", "date_early"),
        ("no-date", "date", 5, "", "date_missing"),
    ):
        yield _spoiled(f"wrong-{name}.csv", {(form_, column): value}, kind)
    for name, column, form_, value, kind in (
        ("future", "date", 11, "2099-12-24", "date_future"),
        ("before-joining", "date", 9, "2020-10-05", "before_joining"),
        ("age-outside", "age", 5, "71", "age_outside"),
        ("no-age", "age", 5, "", "age_missing"),
        ("no-gender", "gender", 5, "", "gender_missing"),
        ("no-authority", "authority", 5, "", "authority_missing"),
        ("unsure", "q3", 5, "vet ej", "unsure"),
    ):
        yield _spoiled(f"remark-{name}.csv", {(form_, column): value}, kind)
    twice = rows()
    twice.append(twice[6])
    yield Made(
        "remark-same-form-twice.csv",
        text(twice),
        Expected(findings=[("repeated", None, (14,))]),
    )
    nothing = {(4, question.code): "" for question in form.QUESTIONS}
    yield Made(
        "remark-all-blank.csv",
        text(rows(spoiled=nothing)),
        Expected(findings=[("all_blank", None, (6,))]),
    )
    three = {(1, "gender"): "kvina", (4, "q3"): "ibland", (5, "date"): "2022"}
    yield Made(
        "wrong-three-at-once.csv",
        text(rows(spoiled=three)),
        Expected(
            findings=[
                ("unknown", "Kön", (3,)),
                ("unknown", "Fråga 3", (6,)),
                ("date_unreadable", "Datum", (7,)),
            ]
        ),
    )
    fewer = tuple(code for code in CODES if code not in ("gender", "q4"))
    yield Made(
        "wrong-columns-missing.csv",
        text(rows(columns=fewer)),
        Expected(findings=[("column_missing", None, ()), ("column_missing", None, ())]),
    )
    total = [*rows(), ["Summa", "", "", "", "", "", "", "", "7", "5", "3", "5", "4", "5", "2"]]
    yield Made("wrong-total-row.csv", text(total), Expected(findings=[("not_a_form", None, (14,))]))


def _spoiled(name: str, spoiled: Mapping[tuple[int, str], Any], kind: str) -> Made:
    ((one, column),) = spoiled
    findings = [(kind, USUAL_HEADS[column], (one + 2,))]
    return Made(name, text(rows(spoiled=spoiled)), Expected(findings=findings))


def personal() -> Iterator[Made]:
    """Files with somebody's identity in them: numbers and addresses that nobody has."""
    for name, column, form_, value in (
        ("identity-number", "activity", 4, "Steg 19880101-1239"),
        ("identity-number-short", "place", 4, "880101-1239"),
        ("telephone", "activity", 7, "ring 070-174 06 05"),
        ("e-mail", "gender", 2, "kontakt@exempel.se"),
        ("name", "activity", 9, "Kerstin Svensson"),
    ):
        yield _spoiled(f"personal-{name}.csv", {(form_, column): value}, "personal")
    head, *body = rows()
    named = [["Namn", *head], *([f"Person {i}", *row] for i, row in enumerate(body))]
    yield Made(
        "personal-name-column.csv",
        text(named),
        Expected(findings=[("personal", "Namn", range(2, 14)), ("not_read", None, ())]),
    )
    title = "Ansvarig: kontakt@exempel.se;;\r\n"
    yield Made(
        "personal-in-title.csv",
        text(rows(), before=title),
        Expected(findings=[("personal", "kolumn A", (1,))]),
    )


def unreadable() -> Iterator[Made]:
    """Files that are no table of answers."""

    def refused(name: str, content: bytes, word: str) -> Made:
        return Made(name, content, Expected(refused=word))

    yield refused("refused-empty.csv", b"", "tom")
    yield refused("refused-no-head.csv", text([["en", "två"], ["tre", "fyra"]]), "rubrik")
    yield refused("refused-picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "bild")
    yield refused("refused-pdf.csv", b"%PDF-1.7\n" + bytes(range(256)), "PDF")
    whole = xlsx({"Blad1": rows()})
    yield refused("refused-cut-off.xlsx", whole[: len(whole) // 2], "skadad")
    doubled = [[*row, row[2]] for row in rows()]
    yield refused("refused-column-twice.csv", text(doubled), "Kön")
    yield refused("refused-bomb.xlsx", _bomb(whole), "minne|skadad")


def _bomb(whole: bytes) -> bytes:
    """A workbook whose sheet unpacks to 300 MB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2, compresslevel=9) as target,
    ):
        for info in source.infolist():
            content = source.read(info)
            if info.filename.startswith("xl/worksheets/"):
                content = content.replace(b"</sheetData>", b" " * 300_000_000 + b"</sheetData>")
            target.writestr(info.filename, content)
    return out.getvalue()


def made() -> Iterator[Made]:
    """Every file with what it should give."""
    yield from right()
    yield from wrong()
    yield from personal()
    yield from unreadable()


def main() -> None:
    """Write the files anew, each with its expectation beside it."""
    FILES.mkdir(exist_ok=True)
    for old in FILES.iterdir():
        old.unlink()
    for one in made():
        (FILES / one.name).write_bytes(one.content)
        expected = {key: value for key, value in asdict(one.expected).items() if value}
        said = json.dumps(expected, ensure_ascii=False, indent=1, default=list)
        (FILES / f"{one.name}.expected.json").write_text(f"{said}\n", encoding="utf-8")
    print(f"{len(list(FILES.iterdir())) // 2} files in {FILES}")


if __name__ == "__main__":
    main()
