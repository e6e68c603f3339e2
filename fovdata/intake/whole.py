"""What only all of a file's rows together tell: patterns that no single row is wrong by."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from fovdata import questionnaire as form
from fovdata.intake import dates
from fovdata.intake.anonymising import Kept, repeated
from fovdata.intake.cells import Cells, Ints
from fovdata.intake.findings import Gathering, Part

_SOME = 10
"""So many answers Ja and not one Nej are remarkable."""
_FEW = 5
"""In so many forms there is a Nej, unless blanks stand for it."""
_YES, _EMPTY = 1, 2
"""What a form has among its questions; both are added."""
_REPEATED = 100
"""As many repeated forms are named one by one."""


@dataclass
class Whole:
    """Gathers what is seen of the rows, chunk by chunk; ``at`` gives a field's column."""

    at: Callable[[str], tuple[str, int] | None]
    said: dict[str, Counter[str]] = field(
        default_factory=lambda: {code: Counter() for code in form.BY_CODE}
    )
    forms: int = 0
    beside: int = 0
    month_first: bool = False
    either_way: list[Ints] = field(default_factory=list)

    def add(self, part: Part, cells: Mapping[str, Cells], read: Mapping[str, Cells]) -> None:
        """Take in some rows, as typed and as read; the fields that the file has."""
        forms = part.forms
        self.forms += int(forms.sum())
        seen = np.zeros(len(part.rows), np.int8)
        for code in cells.keys() & self.said.keys():
            one = read[code]
            counts = np.bincount(one.places[forms], minlength=len(one.texts))
            for text, count in zip(one.texts, counts.tolist(), strict=True):
                self.said[code][text] += count
            typed = zip(one.texts, cells[code].texts, strict=True)
            signs = [
                _YES if text == form.YES else _EMPTY if not cell else 0 for text, cell in typed
            ]
            seen |= np.array(signs, np.int8)[one.places]
        self.beside += int(((seen == _YES | _EMPTY) & forms).sum())
        if "date" in cells:
            day = cells["date"]
            self.month_first |= dates.month_first(day.texts)
            either = np.array([dates.either_way(text) for text in day.texts], bool)
            self.either_way.append(part.rows[either[day.places] & forms])

    def say(self, found: Gathering, kept: Sequence[Kept], rows: Sequence[Ints]) -> None:
        """Note what the file as a whole tells. ``kept`` are the sound forms, ``rows`` theirs."""
        self._order(found)
        self._answers(found)
        if kept:
            _repeats(found, kept, np.concatenate(rows))

    def _order(self, found: Gathering) -> None:
        """Dates that may have the month first, where another one cannot be but so."""
        at = self.at("date")
        if at and self.month_first and len(rows := np.concatenate(self.either_way)):
            message = (
                "Dagen och månaden kan ha bytt plats: på en annan rad står månaden först. "
                "Skriv alla datum i kolumnen som ÅÅÅÅ-MM-DD."
            )
            found.add("date_order", message, rows.tolist(), column=at[0], position=at[1])

    def _answers(self, found: Gathering) -> None:
        """Questions that somebody seems to have marked only where the answer is Ja."""
        if self.beside and self.forms >= _FEW and not any(s[form.NO] for s in self.said.values()):
            # Blanks that are marked as such are believed: that is the way on where it is true.
            message = (
                "I hela filen finns inget Nej, bara Ja och tomma rutor. Betyder tomt Nej? Skriv "
                "då Nej i de rutorna. Är frågorna verkligen obesvarade, skriv ett streck (-)."
            )
            found.add("only_yes", message)
            return
        for code, said in self.said.items():
            if min(said[form.YES], said[form.BLANK]) >= _SOME and not said[form.NO]:
                message = (
                    "Här står inget enda Nej. Tomma rutor läses som obesvarade: betyder de Nej, "
                    "så skriv Nej i dem."
                )
                at = self.at(code)
                found.add("no_no", message, column=at and at[0])
                found.affected["no_no"] += said[form.BLANK]


def _repeats(found: Gathering, kept: Sequence[Kept], rows: Ints) -> None:
    """Forms that stand in the file more than once."""
    before, first = repeated(np.concatenate([one.digests for one in kept]))
    again = np.flatnonzero(before)
    found.affected["repeated"] += len(again)
    ask = "Är det samma formulär två gånger? Ta bort det ena."
    named = np.unique(first[again])[:_REPEATED]
    for one in named:
        message = f"Formuläret är likadant som på rad {rows[one]}. {ask}"
        found.add("repeated", message, rows[again[first[again] == one]].tolist())
    rest = again[~np.isin(first[again], named)]
    if len(rest):
        message = f"Formuläret är likadant som ett tidigare i filen. {ask}"
        found.add("repeated", message, rows[rest].tolist())
