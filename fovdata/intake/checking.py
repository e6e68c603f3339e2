"""A file is checked: all that is wrong in it at once, and if nothing is, its anonymised answers.

Each different text of a column is read once, however many rows have it, and only a chunk of the
rows is in memory at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from fovdata import questionnaire as form
from fovdata.intake import dates, personal, reading, values
from fovdata.intake.anonymising import FIELDS, Anonymiser, Kept
from fovdata.intake.around import Around
from fovdata.intake.cells import Bools, Cells, Ints, Reading, different, filled, plain
from fovdata.intake.federations import Federations
from fovdata.intake.findings import (
    KINDS,
    PERSONAL,
    Finding,
    Gathering,
    Mark,
    Part,
    personal_message,
)
from fovdata.intake.reading import Column, Table
from fovdata.intake.whole import Whole
from fovdata.registry import Registry

__all__ = ["KINDS", "Checked", "Finding", "Mark", "check", "check_form"]

NEEDED = ("date", "gender", "age", "fill_count", "authority", *form.BY_CODE)
"""Fields without which a file cannot be read in; the federation can be given beside it."""
_IDENTIFYING = ("date", "gender", "age", "fill_count", *form.BY_CODE)
"""A row in which all of these are empty is no form but a sum, a note or the like."""
_SUMS = frozenset(("summa", "totalt", "total", "antal", "medel", "medelvärde", "andel", "procent"))
"""What stands first in a row that adds the others up."""
_REPEATED_HEAD = ("date", "gender", "age", "fill_count", "federation", "authority")
_LEAST_HEADINGS = 3
"""So many of those fields repeat their headings in a second head."""
_UNREAD = frozenset(("unknown", "date_unreadable", "age_unreadable", "federation_unknown"))
"""Kinds of what could be anything."""
_REMEMBERED = 200_000
"""As many different texts are remembered from chunk to chunk."""


@dataclass(frozen=True)
class Checked:
    """What a file holds and what is wrong in it. A file with faults has no answers.

    ``rows`` is the number of forms; ``answers`` are rows of ``responses.COLUMNS`` in the order of
    their ids; ``remarks`` says how many rows have each kind of remark; ``hidden`` are positions of
    columns with more personal data than there are marks, no cell of which may be shown.
    ``not_read`` are the names, as they may be shown, of columns that are not read; ``name_hidden``
    says that the file's own name may not be shown.
    """

    table: Table = field(repr=False)  # whose head may name somebody
    rows: int
    findings: tuple[Finding, ...]
    marks: tuple[Mark, ...]
    answers: pd.DataFrame
    remarks: Mapping[str, int]
    hidden: frozenset[int] = frozenset()
    not_read: tuple[str, ...] = ()
    name_hidden: bool = False

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
    name: str = "",
) -> Checked:
    """Check every row of a table, and anonymise its forms if they can be read in.

    ``federation`` is the slug of the one that the file comes from, where the file does not say;
    ``passed`` is called with how many forms have been checked; ``name`` is the file's. Raises
    FileFault if the file cannot be read to its end.
    """
    return _Check(table, registry, secret, today, federation, name).checked(data, 0, passed)


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
    checked = _Check(table, registry, secret, today, by_hand=True).checked(
        data, ordinal, lambda _: None
    )
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
    name: str = ""
    by_hand: bool = False

    def __post_init__(self) -> None:
        fields = self.table.fields
        self.watch = personal.watch(self.registry)
        self.around = Around(self.table, self.name, self.watch, self._personal)
        born = "age" in fields and values.asks_birth_year(fields["age"].heading)
        self.readers = values.readers(self.registry, self.today, self.federation, born)
        self.anonymiser = Anonymiser(self.registry, self.secret)
        self.found = Gathering()
        self.whole = Whole(lambda code: self._at(fields[code]) if code in fields else None)
        self.forms: list[Kept] = []
        self.rows_of_forms: list[Ints] = []
        self.read: dict[tuple[str, str], Reading] = {}
        self.seen: dict[str, str | None] = {}
        needed = (*NEEDED, *(() if self.federation else ("federation",)))
        self.missing = [code for code in needed if code not in fields]

    def checked(self, data: str, ordinal: int, passed: Callable[[int], object]) -> Checked:
        """Go through the table."""
        federations = Federations(self.registry, self.federation)
        self.around.look(self.found, self.missing, federations, self.federation)
        forms = 0
        for chunk in self.table.chunks():
            forms += self._chunk(chunk)
            passed(forms)
        if not forms:
            self.found.add("empty", "Det finns inga formulär under rubrikraden.")
        self.whole.say(self.found, self.forms, self.rows_of_forms)
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
            self.around.not_read,
            self.around.name_hidden,
        )

    def _personal(self, text: str) -> str | None:
        """What kind of personal data a text holds; each different one is looked at once."""
        if text not in self.seen:
            if len(self.seen) >= _REMEMBERED:
                self.seen.clear()
            self.seen[text] = self.watch.found(text)
        return self.seen[text]

    def _at(self, column: Column) -> tuple[str, int]:
        return self.around.at(column)

    def _chunk(self, chunk: pd.DataFrame) -> int:
        """Check some rows; returns how many forms they hold."""
        nothing = Cells([""], np.zeros(len(chunk), np.intp))
        at = self.table.fields
        cells = {c: different(chunk[at[c].position]) if c in at else nothing for c in FIELDS}
        readings = {c: [self._reading(c, text) for text in cells[c].texts] for c in FIELDS}
        head = self._heads(cells)
        forms = filled([cells[code] for code in _IDENTIFYING]) & ~_sums(cells["date"]) & ~head
        if not self.by_hand:
            forms &= ~_notes(cells, readings)
        part = Part(self.found, chunk.index.to_numpy(np.int64), forms)
        for column in self.table.ignored:
            self._ignored(part, column, different(chunk[column.position]))
        # A row with a federation and nothing else was prepared for a form that never came.
        begun = filled([one for code, one in cells.items() if code != "federation"])
        message = (
            "Raden är inget formulär utan en summa, en anteckning eller liknande. Ta bort raden."
        )
        part.add("not_a_form", message, np.flatnonzero(begun & ~forms & ~head))
        message = "Raden är en rubrikrad mitt i tabellen. Ta bort raden."
        part.add("not_a_form", message, np.flatnonzero(head))
        read = {code: self._field(part, code, one, readings[code]) for code, one in cells.items()}
        self.whole.add(part, {code: cells[code] for code in at}, read)
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
        heads = self.around.heads_personal_data(column)
        found = [
            self._personal(text) or ("" if not heads or personal.nobody(text) else _HEADED)
            for text in cells.texts
        ]
        for place, here in cells.where(found):
            part.add(PERSONAL, personal_message(found[place]), here, self._at(column))

    def _heads(self, cells: Mapping[str, Cells]) -> Bools:
        """The rows that say the headings once more."""
        again = np.zeros(len(cells["date"].places), np.intp)
        for code in _REPEATED_HEAD:
            if column := self.table.fields.get(code):
                heading = plain(column.heading)
                same = np.array([plain(text) == heading for text in cells[code].texts], bool)
                again += same[cells[code].places]
        return again >= _LEAST_HEADINGS

    def _field(self, part: Part, code: str, cells: Cells, read: Sequence[Reading]) -> Cells:
        """A field's cells as read; what there is to say of them is noted."""
        if column := self.table.fields.get(code):
            for place, here in cells.where([one.kind for one in read]):
                one, text = read[place], cells.texts[place]
                # Nothing is asked of a row that is no form, but that nobody is named in it.
                wanted = here if one.kind == PERSONAL else here[part.forms[here]]
                # What could not be read may be somebody's name that is in no list.
                shown = None if one.kind in _UNREAD and self.watch.likely(text) else text
                part.add(one.kind, one.message, wanted, self._at(column), shown)
        return Cells([one.text for one in read], cells.places)

    def _reading(self, code: str, text: str) -> Reading:
        if known := self.read.get((code, text)):
            return known
        one = self.readers[code](text)
        # What could not be read may be anything, also somebody's name in the wrong column.
        scanned = not one.text or code in values.FREE
        what = one.message if one.kind == PERSONAL else scanned and self._personal(text)
        if what:
            one = Reading("", PERSONAL, personal_message(what))
        if len(self.read) >= _REMEMBERED:
            self.read.clear()
        self.read[code, text] = one
        return one

    def _ages(self, part: Part, age: Cells, day: Cells) -> Ints:
        """The ages in years, -1 where there is none; from a year of birth by the form's year."""
        number = np.array([int(text or -1) for text in age.texts])[age.places]
        year = np.array([int(text[:4] or 0) for text in day.texts])[day.places]
        born = number >= dates.BIRTH_YEARS.start
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


def _unique(numbers: Ints) -> tuple[list[str], Ints]:
    found, places = np.unique(numbers, return_inverse=True)
    return [str(number) for number in found.tolist()], places


_HEADED = "uppgifter om en person"
"""Said of what stands under a heading such as Namn."""


def _sums(dates: Cells) -> Bools:
    """The rows that have a word for a sum where the date should be."""
    return np.array([plain(text) in _SUMS for text in dates.texts], bool)[dates.places]


_READABLE, _UNREADABLE = len(_IDENTIFYING) + 1, 1
"""Counted together, only one cell that cannot be read comes to the second."""


def _notes(cells: Mapping[str, Cells], readings: Mapping[str, Sequence[Reading]]) -> Bools:
    """The rows with but one cell filled of those that make a form, which cannot be read either."""
    said = np.zeros(len(cells["date"].places), np.int16)
    for code in _IDENTIFYING:
        texts = cells[code].texts
        cell = [
            (_UNREADABLE if not one.text else _READABLE) if text else 0
            for one, text in zip(readings[code], texts, strict=True)
        ]
        said += np.array(cell, np.int16)[cells[code].places]
    return said == _UNREADABLE
