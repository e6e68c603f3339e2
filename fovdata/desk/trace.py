"""What has been read in: every import by number, the forms typed on one day together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import streamlit as st

from fovdata import batches, wording
from fovdata.batches import ROLES, Batch
from fovdata.charts.exhibit import plain_table
from fovdata.desk import frame
from fovdata.intake import printed
from fovdata.intake.places import Place
from fovdata.intake.receiving import TYPED
from fovdata.markup import plain
from fovdata.registry import Registry
from fovdata.selection import labels

_TOGETHER = "\N{WORD JOINER}"


@dataclass(frozen=True)
class Entry:
    """One import, or the forms that one role typed on one day and that still count, or do not."""

    batches: tuple[Batch, ...]

    @property
    def first(self) -> Batch:
        """The one that is shown for all."""
        return self.batches[0]

    @property
    def typed(self) -> bool:
        """Whether it was typed from paper."""
        return self.first.about.way == TYPED

    @property
    def numbers(self) -> str:
        """Its number, or the first and last of its numbers."""
        first, last = self.batches[0].number, self.batches[-1].number
        return f"{first}" if first == last else f"{first}–{_TOGETHER}{last}"

    @property
    def answers(self) -> int:
        """How many answers were taken in."""
        return sum(batch.answers for batch in self.batches)

    @property
    def counts(self) -> bool:
        """Whether its answers are there."""
        return self.first.withdrawn is None


def day(batch: Batch) -> date:
    """The day of an import, where the desk stands."""
    return batch.about.made.astimezone().date()


def entries(found: Sequence[Batch]) -> Sequence[Entry]:
    """Imports, the newest first; typed forms of a day, a role and a fate together."""
    groups: dict[tuple[object, ...], list[Batch]] = {}
    for batch in found:
        alone = batch.number if batch.about.way != TYPED else None
        withdrawn = batch.withdrawn is not None
        groups.setdefault((alone, day(batch), batch.about.role, withdrawn), []).append(batch)
    grouped = [Entry(tuple(group)) for group in groups.values()]
    return sorted(grouped, key=lambda entry: entry.batches[-1].number, reverse=True)


def typed_on(found: Sequence[Batch], today: date) -> int:
    """How many forms have been registered on a day, those undone aside."""
    return sum(
        entry.answers
        for entry in entries(found)
        if entry.typed and entry.counts and day(entry.first) == today
    )


def row(entry: Entry, members: Registry) -> Mapping[str, str]:
    """An entry as a row of the table."""
    names = labels("federation", members)
    federations: Counter[str] = Counter()
    remarks: Counter[str] = Counter()
    for batch in entry.batches:
        federations.update(batch.federations)
        remarks.update(batch.about.remarks)
    said = [f"{names.get(slug, slug)}\N{NO-BREAK SPACE}{n}" for slug, n in federations.items()]
    when = entry.first.about.made.astimezone()
    return {
        "Nr": entry.numbers,
        "Läge": _state(entry),
        "När": _day(when) if entry.typed else f"{_day(when)} {when:%H:%M}",
        "Vem": ROLES.get(entry.first.about.role, entry.first.about.role),
        "Hur": "för hand" if entry.typed else "fil",
        "Svar": wording.number(entry.answers),
        "Förbund": plain(", ".join(said)),
        "Anmärkningar": wording.number(remarks.total()) if remarks else "–",
    }


def _state(entry: Entry) -> str:
    withdrawn = entry.first.withdrawn
    if withdrawn is None:
        return "gäller"
    replaced, _, number = withdrawn.why.partition("replaced by ")
    if not replaced and number:
        return f"ersatt av {number}"
    return f"borttagen {_day(withdrawn.made.astimezone())}"


def _day(when: datetime) -> str:
    """A date that is not broken where a column is narrow."""
    return f"{when:%Y-%m-%d}".replace("-", "\N{NON-BREAKING HYPHEN}")


def table(found: Sequence[Entry], members: Registry) -> None:
    """All entries."""
    rows = [row(entry, members) for entry in found]
    st.table(plain_table(rows).shown, hide_index=True, border="horizontal")


def withdrawing(found: Sequence[Batch], place: Place, members: Registry) -> None:
    """Choose an import and take its answers away, once it is said what that means.

    Raises StoreFault.
    """
    there = {batch.number: batch for batch in reversed(found) if batch.withdrawn is None}
    if not there:
        return
    st.header("Ta bort en inläsning", anchor=False)
    number = st.selectbox(
        "Vilken?",
        [*there],
        index=None,
        format_func=lambda number: printed.batch_in_a_line(there[number]),
        placeholder="Välj nummer",
        width=640,
    )
    if number is None:
        return
    batch = there[number]
    names = labels("federation", members)
    federations = wording.enumerated([names.get(slug, slug) for slug in batch.federations])
    st.warning(
        f"{wording.number(batch.answers)} svar från {plain(federations)} tas bort ur nummer "
        f"{number} och kommer inte tillbaka härifrån: filen måste i så fall läsas in igen. "
        f"Spåret av inläsningen står kvar. {_not_back(batch)}Finns svaren redan i en utgåva "
        "lämnar de siffrorna med nästa."
    )
    role = frame.role("Vem tar bort?")
    if st.button(f"Ta bort svaren i nummer {number}", type="primary"):
        batches.withdraw(place.folder, number, role, datetime.now(UTC))
        st.rerun()


def _not_back(batch: Batch) -> str:
    """What becomes of those that it replaced: nothing."""
    numbers = [str(number) for number in batch.replaces]
    if not numbers:
        return ""
    return f"Nummer {wording.enumerated(numbers)}, som den ersatte, kommer inte tillbaka. "
