"""A file is checked: all that is wrong in it at once, and if nothing is, its anonymised answers.

Each different text of a column is read once, however many rows have it, and only a chunk of the
rows is in memory at a time.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from fovdata import questionnaire as form
from fovdata.intake import personal, reading, values
from fovdata.intake.anonymising import FIELDS, Anonymiser, Kept, repeated
from fovdata.intake.cells import Bools, Cells, Ints, Reading, different, filled, plain
from fovdata.intake.findings import KINDS, PERSONAL, Finding, Gathering, Mark, Part
from fovdata.intake.reading import Column, Table
from fovdata.registry import Registry

__all__ = ["KINDS", "Checked", "Finding", "Mark", "check", "check_form"]

NEEDED = ("date", "gender", "age", "fill_count", "authority", *form.BY_CODE)
"""Fields without which a file cannot be read in; the federation can be given beside it."""
_IDENTIFYING = ("date", "gender", "age", "fill_count", *form.BY_CODE)
"""A row in which all of these are empty is no form but a sum, a note or the like."""
_SUMS = frozenset(("summa", "totalt", "total", "antal", "medel", "medelvärde", "andel", "procent"))
"""What stands first in a row that adds the others up."""
_LABELS = {
    **{one.code: one.label for one in form.FIELDS},
    **{one.code: f"Fråga {one.number}" for one in form.QUESTIONS},
}
_REMEMBERED = 200_000
"""As many different texts are remembered from chunk to chunk."""
_SOME = 10
"""So many answers Ja and not one Nej are remarkable."""
_REPEATED = 100
"""As many repeated forms are named one by one."""


@dataclass(frozen=True)
class Checked:
    """What a file holds and what is wrong in it. A file with faults has no answers.

    ``rows`` is the number of forms; ``answers`` are rows of ``responses.COLUMNS`` in the order of
    their ids; ``remarks`` says how many rows have each kind of remark; ``hidden`` are positions of
    columns with more personal data than there are marks, no cell of which may be shown.
    """

    table: Table = field(repr=False)  # whose head may name somebody
    rows: int
    findings: tuple[Finding, ...]
    marks: tuple[Mark, ...]
    answers: pd.DataFrame
    remarks: Mapping[str, int]
    hidden: frozenset[int] = frozenset()

    @property
    def blocked(self) -> bool:
        """Whether something must be mended before the file can be read in."""
        return any(finding.blocking for finding in self.findings)


def check(
    table: Table,
    registry: Registry,
    secret: bytes,
    data: str,
    today: date,
    federation: str | None = None,
    passed: Callable[[int], object] = lambda _: None,
) -> Checked:
    """Check every row of a table, and anonymise its forms if they can be read in.

    ``federation`` is the slug of the one that the file comes from, where the file does not say;
    ``passed`` is called with how many forms have been checked. Raises FileFault if the file cannot
    be read to its end.
    """
    return _Check(table, registry, secret, today, federation).checked(data, 0, passed)


def check_form(
    values: Mapping[str, str],
    registry: Registry,
    secret: bytes,
    data: str,
    today: date,
    ordinal: int = 0,
) -> Checked:
    """Check one form that is typed in: field → what is written. The rules are those of files.

    ``ordinal`` is how many forms just like it have been read in before: it is another one.
    """
    table = reading.typed({code: values.get(code, "") for code in FIELDS})
    checked = _Check(table, registry, secret, today).checked(data, ordinal, lambda _: None)
    headings = {column.name: column.heading for column in table.fields.values()}
    findings = tuple(
        replace(finding, rows=(), column=finding.column and headings[finding.column])
        for finding in checked.findings
    )
    return replace(checked, findings=findings)


@dataclass
class _Check:
    """A check under way: what has been found and kept so far."""

    table: Table
    registry: Registry
    secret: bytes = field(repr=False)
    today: date
    federation: str | None = None

    def __post_init__(self) -> None:
        self.watch = personal.watch(self.registry)
        self.readers = values.readers(self.registry, self.today, self.federation)
        self.anonymiser = Anonymiser(self.registry, self.secret)
        self.found = Gathering()
        self.forms: list[Kept] = []
        self.rows_of_forms: list[Ints] = []
        self.read: dict[tuple[str, str], Reading] = {}
        self.seen: dict[str, str | None] = {}
        self.said: dict[str, Counter[str]] = {code: Counter() for code in form.BY_CODE}
        needed = (*NEEDED, *(() if self.federation else ("federation",)))
        self.missing = [code for code in needed if code not in self.table.fields]

    def checked(self, data: str, ordinal: int, passed: Callable[[int], object]) -> Checked:
        """Go through the table."""
        self._head()
        forms = 0
        for chunk in self.table.chunks():
            forms += self._chunk(chunk)
            passed(forms)
        if not forms:
            self.found.add("empty", "Det finns inga formulär under rubrikraden.")
        self._answers()
        self._repeats()
        kept = () if self.found.blocked else self.forms
        marks = self.found.marks()
        return Checked(
            self.table,
            forms,
            self.found.findings(),
            marks,
            self.anonymiser.answers(kept, data, ordinal),
            self.found.remarks(),
            frozenset(self.found.hidden),
        )

    def _personal(self, text: str) -> str | None:
        """What kind of personal data a text holds; each different one is looked at once."""
        if text not in self.seen:
            if len(self.seen) >= _REMEMBERED:
                self.seen.clear()
            self.seen[text] = self.watch.found(text)
        return self.seen[text]

    def _at(self, column: Column) -> tuple[str, int]:
        """A column's name in messages, and its position; a heading that names somebody is out."""
        named = replace(column, heading="") if self._personal(column.heading) else column
        return named.name, column.position

    def _head(self) -> None:
        """What there is to say of the columns and of everything above the rows."""
        for code in self.missing:
            if code == "federation":
                message = (
                    "Det står inte vilket förbund formulären kommer från. Välj förbund vid "
                    "inläsningen, eller lägg till kolumnen Samordningsförbund."
                )
                self.found.add("federation_missing", message)
            else:
                message = f"Kolumnen {_LABELS[code]} saknas. Lägg till den eller rätta rubriken."
                self.found.add("column_missing", message)
        for row, position, text in self.table.head:
            if what := self._personal(text):
                self.found.add(
                    PERSONAL,
                    _personal_message(what),
                    [row],
                    column=Column(position, "").name,
                    position=position,
                )
        if self.table.ignored:
            names = ", ".join(self._at(column)[0] for column in self.table.ignored)
            self.found.add("not_read", f"Kolumner som inte läses: {names}.")
        if sheets := [name for name in self.table.other_sheets if not self._personal(name)]:
            self.found.add("not_read", f"Blad som inte läses: {', '.join(sheets)}.")

    def _chunk(self, chunk: pd.DataFrame) -> int:
        """Check some rows; returns how many forms they hold."""
        nothing = Cells([""], np.zeros(len(chunk), np.intp))
        at = self.table.fields
        cells = {c: different(chunk[at[c].position]) if c in at else nothing for c in FIELDS}
        forms = filled([cells[code] for code in _IDENTIFYING]) & ~_sums(cells["date"])
        part = Part(self.found, chunk.index.to_numpy(np.int64), forms)
        for column in self.table.ignored:
            self._ignored(part, column, different(chunk[column.position]))
        # A row with a federation and nothing else was prepared for a form that never came.
        begun = filled([one for code, one in cells.items() if code != "federation"])
        message = (
            "Raden är inget formulär utan en summa, en anteckning eller liknande. Ta bort raden."
        )
        part.add("not_a_form", message, np.flatnonzero(begun & ~forms))
        read = {code: self._field(part, code, one) for code, one in cells.items()}
        ages = self._ages(part, read["age"], read["date"])
        self._rows(part, read)
        part.count()
        if not self.missing and part.sound.any():
            sound = {code: one.only(part.sound) for code, one in read.items()}
            self.forms.append(self.anonymiser.kept(sound, ages[part.sound]))
            self.rows_of_forms.append(part.rows[part.sound])
        return int(forms.sum())

    def _ignored(self, part: Part, column: Column, cells: Cells) -> None:
        """A column that is not read may not hold personal data either."""
        heads = personal.heads_personal_data(column.heading)
        found = [
            self._personal(text) or ("" if not heads or personal.nobody(text) else _HEADED)
            for text in cells.texts
        ]
        for place, here in cells.where(found):
            part.add(PERSONAL, _personal_message(found[place]), here, self._at(column))

    def _field(self, part: Part, code: str, cells: Cells) -> Cells:
        """A field's cells as read; what there is to say of them is noted."""
        read = [self._reading(code, text) for text in cells.texts]
        if column := self.table.fields.get(code):
            for place, here in cells.where([one.kind for one in read]):
                one, text = read[place], cells.texts[place]
                # Nothing is asked of a row that is no form, but that nobody is named in it.
                wanted = here if one.kind == PERSONAL else here[part.forms[here]]
                part.add(one.kind, one.message, wanted, self._at(column), text)
        if code in self.said:
            for one, count in zip(read, np.bincount(cells.places).tolist(), strict=True):
                self.said[code][one.text] += count
        return Cells([one.text for one in read], cells.places)

    def _reading(self, code: str, text: str) -> Reading:
        if known := self.read.get((code, text)):
            return known
        one = self.readers[code](text)
        # What could not be read may be anything, also somebody's name in the wrong column.
        scanned = not one.text or code in values.FREE
        what = one.message if one.kind == PERSONAL else scanned and self._personal(text)
        if what:
            one = Reading("", PERSONAL, _personal_message(what))
        if len(self.read) >= _REMEMBERED:
            self.read.clear()
        self.read[code, text] = one
        return one

    def _ages(self, part: Part, age: Cells, day: Cells) -> Ints:
        """The ages in years, -1 where there is none; from a year of birth by the form's year."""
        number = np.array([int(text or -1) for text in age.texts])[age.places]
        year = np.array([int(text[:4] or 0) for text in day.texts])[day.places]
        born = number >= values.BIRTH_YEARS.start
        ages = np.where(born, year - number, number)
        column = self.table.fields.get("age")
        known = part.forms & (number >= 0) & ~(born & (year == 0))
        if column is None or not known.any():
            return ages
        at, here = self._at(column), np.flatnonzero(known)
        message = "Åldern är räknad från födelseåret: formulärets år minus födelseåret."
        part.add("age_birth_year", message, np.flatnonzero(born & known), at)
        of_age = Cells(*_unique(ages[here]))
        said = [values.age_remark(int(years)) for years in of_age.texts]
        for place, those in of_age.where([one.kind for one in said]):
            part.add(said[place].kind, said[place].message, here[those], at)
        return ages

    def _rows(self, part: Part, read: Mapping[str, Cells]) -> None:
        """What only several fields together tell."""
        questions = [read[code] for code in form.BY_CODE]
        blank = np.logical_and.reduce([one.holds(form.BLANK) for one in questions])
        message = "Ingen av frågorna är besvarad. Formuläret räknas med, utan svar."
        if not self.missing:
            part.add("all_blank", message, np.flatnonzero(blank & part.forms))
        day, federation = read["date"], read["federation"]
        year = np.array([int(text[:4] or 9999) for text in day.texts])[day.places]
        column = self.table.fields.get("date")
        at = self._at(column) if column else None
        for slug in sorted(set(federation.texts) - {""}):
            joined = self.registry.federation(slug)
            early = federation.holds(slug) & (year < (joined.year_joined or 0)) & part.forms
            message = f"{joined.name} gick med {joined.year_joined}. Stämmer datumet?"
            here = np.flatnonzero(early)
            part.add("before_joining", message, here, at)

    def _answers(self) -> None:
        """Questions that somebody seems to have marked only where the answer is Ja."""
        for code, said in self.said.items():
            if min(said[form.YES], said[form.BLANK]) >= _SOME and not said[form.NO]:
                message = (
                    "Här står inget enda Nej. Tomma rutor läses som obesvarade: betyder de Nej, "
                    "så skriv Nej i dem."
                )
                self.found.add("no_no", message, column=self._at(self.table.fields[code])[0])
                self.found.affected["no_no"] += said[form.BLANK]

    def _repeats(self) -> None:
        """Forms that stand in the file more than once."""
        if not self.forms:
            return
        rows = np.concatenate(self.rows_of_forms)
        before, first = repeated(np.concatenate([kept.digests for kept in self.forms]))
        again = np.flatnonzero(before)
        self.found.affected["repeated"] += len(again)
        ask = "Är det samma formulär två gånger? Ta bort det ena."
        named = np.unique(first[again])[:_REPEATED]
        for one in named:
            message = f"Formuläret är likadant som på rad {rows[one]}. {ask}"
            self.found.add("repeated", message, rows[again[first[again] == one]])
        rest = again[~np.isin(first[again], named)]
        if len(rest):
            message = f"Formuläret är likadant som ett tidigare i filen. {ask}"
            self.found.add("repeated", message, rows[rest])


def _unique(numbers: Ints) -> tuple[list[str], Ints]:
    found, places = np.unique(numbers, return_inverse=True)
    return [str(number) for number in found.tolist()], places


_HEADED = "uppgifter om en person"
"""Said of what stands under a heading such as Namn."""


def _personal_message(what: str) -> str:
    return (
        f"Filen innehåller personuppgifter: det ser ut att vara {what}. Ta bort det och läs in "
        "filen igen. Är det något annat, skriv det med andra ord."
    )


def _sums(dates: Cells) -> Bools:
    """The rows that have a word for a sum where the date should be."""
    return np.array([plain(text) in _SUMS for text in dates.texts], bool)[dates.places]
