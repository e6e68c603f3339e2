"""What stands around a file's rows: its name, titles and headings, other sheets and comments.

Nothing of it is kept, but it can say whose forms they are, and somebody may be named in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.intake import personal
from fovdata.intake.federations import Federations
from fovdata.intake.findings import PERSONAL, Gathering, personal_message
from fovdata.intake.reading import Column, Table

LABELS = {
    **{one.code: one.label for one in form.FIELDS},
    **{one.code: f"Fråga {one.number}" for one in form.QUESTIONS},
}
_NAMED = 10
"""So many places outside the rows are named one by one."""


@dataclass(frozen=True)
class Around:
    """The surroundings of a table's rows.

    ``name`` is the file's; ``seen`` says what kind of personal data a text holds, if any.
    """

    table: Table
    name: str
    watch: personal.Watch
    seen: Callable[[str], str | None]

    def at(self, column: Column) -> tuple[str, int]:
        """A column's name in messages, and its position; a heading that names somebody is out."""
        hidden = column.position in self._naming or self.seen(column.heading)
        return replace(column, heading="" if hidden else column.heading).name, column.position

    @cached_property
    def _naming(self) -> frozenset[int]:
        """Columns with somebody in their heading, which is longer than what is shown of it."""
        lowest = self.table.heading_row - 1
        return frozenset(
            at for row, at, text in self.table.head if row >= lowest and self.seen(text)
        )

    @cached_property
    def not_read(self) -> tuple[str, ...]:
        """The names of the columns that are not read, as they may be shown."""
        return tuple(self.at(column)[0] for column in self.table.ignored)

    @cached_property
    def name_hidden(self) -> bool:
        """Whether the file's name holds personal data, and may not be repeated."""
        return self.watch.in_file_name(self.name) is not None

    def heads_personal_data(self, column: Column) -> bool:
        """Whether a column's heading says that it is for personal data."""
        whole = (t for row, at, t in self.table.head if at == column.position)
        return any(map(personal.heads_personal_data, (column.heading, *whole)))

    def look(
        self, found: Gathering, missing: Sequence[str], federations: Federations, chosen: str | None
    ) -> None:
        """Note what there is to say. ``missing`` are the fields that no column is for."""
        self._people(found)
        for code in missing:
            if code == "federation":
                found.add("federation_missing", self._whose(federations))
            else:
                message = f"Kolumnen {LABELS[code]} saknas. Lägg till den eller rätta rubriken."
                found.add("column_missing", message)
        named = self._titled(federations)
        if chosen and named and named != chosen:
            message = (
                f"Överst i filen står {federations.name(named)}, men det valda förbundet är "
                f"{federations.name(chosen)}. Stämmer det?"
            )
            found.add("federation_title", message)
            found.affected["federation_title"] += 1
        for code, column in self.table.assumed:
            short = f", {form.BY_CODE[code].short}" if code in form.BY_CODE else ""
            message = (
                "Rubriken har andra ord än formulärets. Kolumnen läses som "
                f"{LABELS[code].lower()}{short}. Stämmer det?"
            )
            found.add("assumed", message, column=self.at(column)[0])
            found.affected["assumed"] += 1
        if self.not_read:
            found.add("not_read", f"Kolumner som inte läses: {', '.join(self.not_read)}.")
        if sheets := [name for name in self.table.other_sheets if not self.seen(name)]:
            found.add("not_read", f"Blad som inte läses: {', '.join(sheets)}.")

    def _people(self, found: Gathering) -> None:
        if self.name_hidden:
            what = self.watch.in_file_name(self.name)
            message = f"Filens namn innehåller personuppgifter: det ser ut att vara {what}."
            found.add(PERSONAL, f"{message} Byt namn på filen.")
        for row, position, text in self.table.head:
            if what := self.seen(text):
                column = Column(position, "").name
                message = personal_message(what)
                found.add(PERSONAL, message, [row], column=column, position=position)
        places: dict[tuple[str, str], list[str]] = {}
        counted: dict[tuple[str, str], int] = {}
        for where, at_row, at, text in self.table.elsewhere():
            if what := self.seen(text):
                counted[where, what] = counted.get((where, what), 0) + 1
                cells = places.setdefault((where, what), [])
                if at_row is not None and at is not None and len(cells) < _NAMED:
                    cells.append(f"rad {at_row} {Column(at, '').name}")
        for (where, what), cells in places.items():
            further = counted[where, what] - len(cells) if cells else 0
            more = [f"{wording.number(further)} till"] if further else []
            place = ", ".join(filter(None, (f"I {where}", wording.enumerated([*cells, *more]))))
            found.add(PERSONAL, f"{place}: {personal_message(what)}")

    def _titled(self, federations: Federations) -> str | None:
        """The only federation that is named above the headings, if there is one."""
        titles = (text for row, _, text in self.table.head if row < self.table.heading_row)
        named = frozenset[str]().union(*map(federations.mentioned, titles))
        return next(iter(named)) if len(named) == 1 else None

    def _whose(self, federations: Federations) -> str:
        message = "Det står inte vilket förbund formulären kommer från."
        if named := self._titled(federations):
            return (
                f"{message} Överst i filen står {federations.name(named)}: är de därifrån, så välj "
                "det förbundet vid inläsningen, eller lägg till kolumnen Samordningsförbund."
            )
        return (
            f"{message} Välj förbund vid inläsningen, eller lägg till kolumnen Samordningsförbund."
        )
