"""How like two answers are in all that is kept of a form, its id aside.

An id tells whether two forms are the same to the letter; where they are not, one may still be a
correction of the other. What is kept of an answer is one whole number here, so that a million are
compared without an object each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fovdata import responses
from fovdata.batches.batch import ID, SCHEMA, Batch, damaged

_FEDERATION = "federation"
_KEPT = tuple(column for column in responses.COLUMNS if column.name not in (ID, "data"))
_APART = 2
"""A correction changes so many of the kept columns at most."""
_MATCHED = 1000
"""More answers than these are not held against each other one by one."""
_ROWS = 65_536

Codes = NDArray[np.int64]
"""What is kept of each answer, as one number; OTHER for those of other federations."""
OTHER = -1
Rows = NDArray[np.bool_]


@dataclass(frozen=True)
class Likeness:
    """Holds answers of these federations, by slug, against each other."""

    federations: tuple[str, ...]

    def codes(self, answers: pa.Table | pa.RecordBatch) -> Codes:
        """Equal where all that is kept is equal. ValueError where a value is none of its column's.

        There are some 10¹⁰ combinations, so that a whole number holds one.
        """
        codes = np.zeros(answers.num_rows, np.int64)
        others = codes != 0
        for column in _KEPT:
            values = self._values(column)
            known = pc.index_in(answers[column.name], value_set=values)
            places = pc.fill_null(known, OTHER).to_numpy()
            if column.name == _FEDERATION:
                others = places == OTHER
            elif (places == OTHER).any():
                raise ValueError(column.name)
            codes = codes * len(values) + places
        codes[others] = OTHER
        return codes

    def stored(self, batch: Batch) -> Codes:
        """Of a batch's answers, in its order. StoreFault where the file is damaged."""
        names = [column.name for column in _KEPT]
        try:
            with pq.ParquetFile(batch.path, page_checksum_verification=True) as file:
                parts = file.iter_batches(_ROWS, columns=names, use_threads=False)
                return np.concatenate([np.zeros(0, np.int64), *map(self.codes, parts)])
        except (OSError, ValueError):
            raise damaged(batch.path) from None

    def corrected(self, earlier: Codes, newer: Codes) -> bool:
        """Whether each earlier answer can have a newer one of its own that corrects it.

        Of the same federation, and other in two columns at most. False where that would take long.
        """
        if len(earlier) > min(_MATCHED, len(newer)):
            return False
        different, which = np.unique(earlier, return_inverse=True)
        near = self._near(different, newer)
        candidates = [near[at] for at in which]
        # One that has so many gets one of its own whatever the others get.
        return _each_its_own([some for some in candidates if len(some) < len(earlier)])

    def _near(self, earlier: Codes, newer: Codes) -> Sequence[list[int]]:
        """For each earlier answer the places of the newer ones that may correct it."""
        before, after = self._digits(earlier), self._digits(newer)
        found = []
        for at in range(len(earlier)):
            apart = np.zeros(len(newer), np.int8)
            for column, was, now in zip(_KEPT, before, after, strict=True):
                apart += (now != was[at]) * np.int8(_APART + 1 if column.name == _FEDERATION else 1)
            found.append(np.flatnonzero(apart <= _APART).tolist())
        return found

    def _values(self, column: responses.Column) -> pa.Array:
        if column.name == _FEDERATION:
            return pa.array(self.federations, pa.string())
        if column.values:
            return pa.array(column.values)
        assert column.minimum is not None
        assert column.maximum is not None
        return pa.array(range(column.minimum, column.maximum + 1), SCHEMA.field(column.name).type)

    def _digits(self, codes: Codes) -> Sequence[NDArray[np.int16]]:
        """The codes taken apart: for each column the place of the value among its values."""
        digits = []
        for column in reversed(_KEPT):
            codes, places = np.divmod(codes, len(self._values(column)))
            digits.append(places.astype(np.int16))
        return digits[::-1]


def twins(newer: Codes, earlier: Codes) -> Rows:
    """Which earlier answers say the same as a newer one of their own; the first are preferred."""
    kinds, wanted = np.unique(newer, return_counts=True)
    order = np.argsort(earlier, kind="stable")
    ordered = earlier[order]
    before = np.arange(len(ordered)) - np.searchsorted(ordered, ordered)
    found = np.zeros(len(earlier), bool)
    if len(kinds):
        at = np.minimum(np.searchsorted(kinds, ordered), len(kinds) - 1)
        found[order] = (kinds[at] == ordered) & (before < wanted[at])
    return found


def _each_its_own(candidates: Sequence[list[int]]) -> bool:
    """Whether each can have one of its candidates that no other has."""
    holder: dict[int, int] = {}
    had: dict[int, int] = {}
    for start in range(len(candidates)):
        reached, free = _free(start, candidates, holder)
        if free is None:
            return False
        while free is not None:  # whoever is on the way takes it and passes on what they had
            one = reached[free]
            holder[free] = one
            passed, had[one] = had.get(one), free
            free = passed
    return True


def _free(
    start: int, candidates: Sequence[list[int]], holder: Mapping[int, int]
) -> tuple[Mapping[int, int], int | None]:
    """The nearest candidate that nobody holds, if any, and by whom each one is reached."""
    reached: dict[int, int] = {}
    queue = [start]
    for one in queue:
        for candidate in candidates[one]:
            if candidate not in reached:
                reached[candidate] = one
                if candidate not in holder:
                    return reached, candidate
                queue.append(holder[candidate])
    return reached, None
