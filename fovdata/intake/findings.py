"""What is wrong in a file, said to whoever sent it: where, what, and what to do.

The same fault in many rows is one finding. Personal data are pointed at and never repeated: no
finding of that kind has a value.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from fovdata import wording
from fovdata.intake.cells import Bools, Ints

FINDINGS = 1_000
"""As many findings are shown; a file with more has one and the same fault all over."""
MARKS = 100_000
"""As many cells are marked in the person's own rows."""
ROWS_NAMED = 10
VALUE_LENGTH = 40

PERSONAL, FURTHER = "personal", "further"


@dataclass(frozen=True)
class Kind:
    """A kind of finding: what it is, in Swedish, and whether it stops the file.

    The others are remarks: the file can be read in, and they are noted with it.
    """

    words: str
    blocking: bool = True

    def __str__(self) -> str:
        return self.words


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        PERSONAL: Kind("personuppgift"),
        "empty": Kind("inga formulär"),
        "column_missing": Kind("kolumn som saknas"),
        "not_a_form": Kind("rad som inte är ett formulär"),
        "unknown": Kind("okänt värde"),
        "date_missing": Kind("datum saknas"),
        "date_unreadable": Kind("datum som inte går att läsa"),
        "date_order": Kind("datum där dag och månad kan ha bytt plats"),
        "only_yes": Kind("inget Nej i hela filen"),
        "date_early": Kind("datum före uppdragets början"),
        "age_unreadable": Kind("ålder som inte går att läsa"),
        "age_impossible": Kind("orimlig ålder"),
        "fill_count_missing": Kind("antal gånger saknas"),
        "authority_several": Kind("flera myndigheter"),
        "federation_missing": Kind("förbund saknas"),
        "federation_unknown": Kind("okänt förbund"),
        "federation_other": Kind("annat förbund än det valda"),
        "date_future": Kind("datum i framtiden", blocking=False),
        "before_joining": Kind("datum före förbundets anslutning", blocking=False),
        "gender_missing": Kind("kön saknas", blocking=False),
        "age_missing": Kind("ålder saknas", blocking=False),
        "age_outside": Kind("övrig ålder", blocking=False),
        "age_birth_year": Kind("ålder räknad från födelseår", blocking=False),
        "authority_missing": Kind("myndighet saknas", blocking=False),
        "unsure": Kind("osäkert svar läst som obesvarat", blocking=False),
        "all_blank": Kind("ingen fråga besvarad", blocking=False),
        "no_no": Kind("fråga utan ett enda Nej", blocking=False),
        "repeated": Kind("likadant formulär", blocking=False),
        "assumed": Kind("kolumn med annan rubrik än formulärets", blocking=False),
        "federation_title": Kind("annat förbund i filens rubrik", blocking=False),
        "not_read": Kind("kolumner som inte läses", blocking=False),
        FURTHER: Kind("fler anmärkningar", blocking=False),
    }
)


def personal_message(what: str) -> str:
    """What is said where personal data stand, which are of the kind ``what``."""
    return (
        f"Filen innehåller personuppgifter: det ser ut att vara {what}. Ta bort det och läs in "
        "filen igen. Är det något annat, skriv det med andra ord."
    )


@dataclass(frozen=True)
class Finding:
    """One fault or remark, with the rows that it is in.

    ``column`` is a column's name, None for the row or the file; ``rows`` the first rows, as a
    spreadsheet counts them, empty for the whole file; ``more`` how many further ones; ``value``
    what stands there, shortened, and always None for personal data.
    """

    kind: str
    blocking: bool
    column: str | None
    rows: tuple[int, ...]
    more: int
    value: str | None
    message: str

    def __str__(self) -> str:
        """'Rad 12, 15 och 3 till, Kön (kolumn C), "kvina": Värdet är okänt. Skriv …'."""
        named = [str(row) for row in self.rows]
        if self.more:
            named.append(f"{wording.number(self.more)} till")
        rows = " och ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)
        value = None if self.value is None else f'"{self.value}"'
        where = ", ".join(part for part in (rows and f"Rad {rows}", self.column, value) if part)
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True)
class Mark:
    """A cell to mark in the person's own rows; the row itself where ``position`` is None."""

    row: int
    position: int | None
    blocking: bool
    message: str
    personal: bool


@dataclass
class _Group:
    rows: list[int] = field(default_factory=list)
    more: int = 0


@dataclass
class Gathering:
    """Findings as they turn up, the equal ones together, in bounded memory.

    ``affected`` counts the rows of each kind; ``hidden`` are the columns in which personal data
    was found that no mark points at, because there were too many.
    """

    affected: Counter[str] = field(default_factory=Counter)
    hidden: set[int] = field(default_factory=set)
    _groups: dict[bool, dict[tuple[str, str | None, str | None, str], _Group]] = field(
        default_factory=lambda: {True: {}, False: {}}
    )
    _beyond: Counter[bool] = field(default_factory=Counter)
    _marks: dict[tuple[bool, bool], list[Mark]] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        message: str,
        rows: Iterable[int] = (),
        *,
        column: str | None = None,
        position: int | None = None,
        value: str | None = None,
    ) -> None:
        """Note a finding in these rows; more of the same may come later."""
        rows, blocking, personal = (
            [int(row) for row in rows],
            KINDS[kind].blocking,
            kind == PERSONAL,
        )
        shown = None if value is None or personal else _shortened(value)
        groups, key = self._groups[blocking], (kind, column, shown, message)
        if key in groups or len(groups) < FINDINGS:
            group = groups.setdefault(key, _Group())
            room = ROWS_NAMED - len(group.rows)
            group.rows += rows[:room]
            group.more += len(rows[room:])
        else:
            self._beyond[blocking] += max(len(rows), 1)
        marks = self._marks.setdefault((personal, blocking), [])
        room = MARKS - len(marks)
        marks += [Mark(row, position, blocking, message, personal) for row in rows[:room]]
        if personal and position is not None and len(rows) > room:
            self.hidden.add(position)

    @property
    def blocked(self) -> bool:
        """Whether anything found stops the file."""
        return bool(self._groups[True])

    def remarks(self) -> Mapping[str, int]:
        """How many rows have each kind of remark."""
        return {
            kind: rows for kind, rows in self.affected.items() if rows and not KINDS[kind].blocking
        }

    def findings(self) -> tuple[Finding, ...]:
        """What was found: blocking first, then by the first row."""
        found = [
            Finding(kind, blocking, column, tuple(group.rows), group.more, value, message)
            for blocking, groups in self._groups.items()
            for (kind, column, value, message), group in groups.items()
        ]
        found.sort(key=lambda finding: (not finding.blocking, finding.rows[:1]))
        cut = sum(len(finding.rows) + finding.more for finding in found[FINDINGS:])
        beyond = cut + self._beyond.total()
        if not beyond:
            return tuple(found)
        further = (
            f"Det finns {wording.number(beyond)} rutor till med fel eller anmärkningar. "
            "Rätta de här först och läs in filen igen."
        )
        last = Finding(FURTHER, KINDS[FURTHER].blocking, None, (), 0, None, further)
        return (*found[:FINDINGS], last)

    def marks(self) -> tuple[Mark, ...]:
        """The cells to mark, by row: those with personal data go first when there are too many."""
        found = [mark for key in sorted(self._marks, reverse=True) for mark in self._marks[key]]
        kept = found[:MARKS]
        for mark in found[MARKS:]:
            if mark.personal and mark.position is not None:
                self.hidden.add(mark.position)
        return tuple(sorted(kept, key=lambda mark: (mark.row, mark.position or 0)))


@dataclass
class Part:
    """Some rows of the file; the findings in them, and which of them are sound forms."""

    found: Gathering
    rows: Ints
    forms: Bools
    touched: dict[str, list[Ints]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sound = self.forms.copy()

    def add(
        self,
        kind: str,
        message: str,
        here: Ints,
        at: tuple[str, int] | None = None,
        value: str | None = None,
    ) -> None:
        """Note a finding in the rows with these places, in the column with a name and position."""
        if not len(here):
            return
        if KINDS[kind].blocking:
            self.sound[here] = False
        self.touched.setdefault(kind, []).append(here)
        column, position = at or (None, None)
        self.found.add(
            kind, message, self.rows[here], column=column, position=position, value=value or None
        )

    def count(self) -> None:
        """Count the rows that each kind of finding is in, each of them once."""
        for kind, places in self.touched.items():
            self.found.affected[kind] += len(np.unique(np.concatenate(places)))


def _shortened(value: str) -> str:
    return value if len(value) <= VALUE_LENGTH else value[: VALUE_LENGTH - 1] + "…"
