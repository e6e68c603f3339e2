"""What the intruder has seen: sums over known persons of unknown answers, and how exact each is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fovdata import measures
from fovdata.rules import Rules
from intruder.people import COUNTED, Booleans, Numbers, People

_ABOUT_A_COUNT = ("dimensions", "fill_count", "label", "value")
_DIMENSIONS = tuple(name for name in measures.COUNTS_COLUMNS if name not in _ABOUT_A_COUNT)
Row = Mapping[str, str | int | None]
_EXACT = 0.02
"""The variance that stands for none."""

Released = tuple[Sequence[Row], Booleans]
"""The rows of a release's file, and the persons who are in it."""


@dataclass(frozen=True)
class Seen:
    """Counts that were seen, one place each in every array.

    ``counted`` is the place in COUNTED, ``members`` (counts × persons) who answered what it needs,
    ``value`` what was seen, ``variance`` how far that is from the true count, which surely lies
    from ``low`` to ``high``.
    """

    counted: Numbers
    members: Booleans
    value: Numbers
    variance: Numbers
    low: Numbers
    high: Numbers

    def only(self, chosen: Booleans) -> "Seen":
        """Some of the counts."""
        return Seen(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @property
    def residual(self) -> Numbers:
        """How far each count may be off, at most."""
        return np.maximum(self.value - self.low, self.high - self.value)


def reach(rules: Rules) -> tuple[int, float]:
    """How far a protected count may be from the true one, at most and in variance."""
    return (rules.bound, rules.sigma**2) if rules.sigma > 0.1 else (0, _EXACT)


def collected(
    people: People, found: Sequence[tuple[int, Booleans, float, float, float, float]]
) -> Seen:
    """Counts from (counted, persons of the cell, value, variance, low, high); a set counts once.

    The same people carry the same noise, so seeing them again says nothing more.
    """
    unique: dict[tuple[int, bytes, float], tuple[int, Booleans, float, float, float, float]] = {}
    for counted, cell, *numbers in found:
        members = cell & people.answering[:, counted]
        # Noise is drawn for the cell, blanks included: the same value of the same cell.
        if members.any():
            unique.setdefault((counted, cell.tobytes(), numbers[0]), (counted, members, *numbers))
    counted, members, value, variance, low, high = zip(*unique.values(), strict=True)
    return Seen(
        np.array(counted),
        np.array(members),
        *(np.array(numbers, float) for numbers in (value, variance, low, high)),
    )


def in_releases(people: People, releases: Sequence[Released], rules: Rules) -> Seen:
    """Everything in some releases' files, each with the persons who are in it."""
    places = {one.label: place for place, one in enumerate(COUNTED)}
    bound, variance = reach(rules)
    cells: dict[tuple[int, tuple[tuple[str, str], ...]], Booleans] = {}
    found = []
    for number, (rows, present) in enumerate(releases):
        for row in rows:
            label = str(row["label"])
            if row["fill_count"] is not None or label.startswith("n|"):
                continue  # who has answered, the intruder knows
            codes = tuple((d, str(row[d])) for d in _DIMENSIONS if row[d] is not None)
            if (number, codes) not in cells:
                cells[number, codes] = people.within(dict(codes)) & present
            value = float(str(row["value"]))
            found.append(
                (places[label], cells[number, codes], value, variance, value - bound, value + bound)
            )
    return collected(people, found)
