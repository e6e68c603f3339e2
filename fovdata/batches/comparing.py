"""A file's answers held against those of the store, by their ids: what is new, known, changed."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fovdata.batches import batch
from fovdata.batches.batch import Batch

_NEWER = 4 / 5
"""A file that holds so much of a batch can be a newer version of the file that made it."""

Holders = NDArray[np.int64]
"""For each id the number of the batch that holds it, 0 where none does."""


@dataclass(frozen=True)
class Comparison:
    """A file's answers beside those of the store.

    ``missing`` answers lie in batches that share some with the file, and are not in it; those
    batches are ``replaces``. With ``asks`` it cannot be known whether they were corrected, taken
    out or just not sent along: somebody must choose, and until then none is ``changed`` and all
    unknown ones are ``new``. ``source_known`` is the batch that this very file made, unless it
    was withdrawn.
    """

    new: int
    known: int
    changed: int
    missing: int
    replaces: tuple[int, ...]
    asks: bool
    source_known: int | None

    @property
    def words(self) -> str:
        """ "12 nya, 45 redan inlästa, 1 ändrad"."""
        said = [
            (self.new, "ny", "nya"),
            (self.known, "redan inläst", "redan inlästa"),
            (self.changed, "ändrad", "ändrade"),
        ]
        return ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in said)


def compare(
    found: Mapping[int, Batch], answers: pa.Table, source: str
) -> tuple[Comparison, Holders]:
    """Answers, ordered by id, beside the batches of the store; and which batch holds each.

    Memory is bounded by the file and the largest batch. ValueError if an id stands twice.
    """
    ids = batch.packed(answers[batch.ID])
    if (ids[1:] == ids[:-1]).any():
        raise ValueError("An id stands twice among the answers.")
    holders = np.zeros(len(ids), np.int64)
    missing: dict[int, int] = {}
    newer = True
    for one in found.values() if len(ids) else ():
        if one.withdrawn:
            continue
        stored = batch.ids(one)
        at = np.minimum(np.searchsorted(ids, stored), len(ids) - 1)
        shared = ids[at] == stored
        holders[at[shared]] = one.number
        if shared.any() and not shared.all():
            missing[one.number] = int((~shared).sum())
            newer &= bool(shared.mean() >= _NEWER)
    unknown, gone = int((holders == 0).sum()), sum(missing.values())
    made = _made(found, source)
    # The version before a correction must not undo it unasked; and what was just read in once
    # more has been asked about.
    outdated = made is not None and made.withdrawn is not None
    again = made is not None and made.withdrawn is None and unknown == 0
    decided = newer and gone <= unknown and not outdated
    changed = gone if decided else 0
    comparison = Comparison(
        new=unknown - changed,
        known=len(ids) - unknown,
        changed=changed,
        missing=gone,
        replaces=() if again else tuple(missing),
        asks=bool(gone) and not decided and not again,
        source_known=made.number if made else None,
    )
    return comparison, holders


def _made(found: Mapping[int, Batch], source: str) -> Batch | None:
    """The newest batch that a file made, if it was not withdrawn; a replaced one too."""
    made = [
        one
        for one in found.values()
        if source and one.about.source == source
        if not one.withdrawn or one.withdrawn.why != batch.WITHDRAWN
    ]
    return made[-1] if made else None
