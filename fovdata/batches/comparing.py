"""A file's answers held against those of the store: what is new, known, changed, and what goes.

An id says whether a form is there already. Of earlier answers that the file lacks, what is kept
of them says whether it can be known why, or has to be asked. Answers of a federation that is not
in the file are never missing from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fovdata import wording
from fovdata.batches import batch
from fovdata.batches.batch import Batch, Ids
from fovdata.batches.likeness import OTHER, Codes, Likeness, twins

_NEWER = 4 / 5
"""A file that holds so much of a batch can be a newer version of the file that made it."""
_ALIKE, _ALIKE_SHARE = 5, 1 / 2
"""So many of the new answers, and so much of them, being like earlier ones is hardly chance."""

Missing = Literal["replace", "keep"]
"""What becomes of the earlier answers that are asked about."""
Holders = NDArray[np.int64]
"""For each id the number of the batch that holds it, 0 where none does."""
Places = NDArray[np.int64]
"""Where answers stand in a batch."""


@dataclass(frozen=True)
class Comparison:
    """A file's answers beside those of the store.

    ``missing`` answers are of a federation that is in the file and lie in batches that share some
    with it, but are not in it. ``alike`` of the new answers say, in all that is kept, the same as
    an earlier one of their own that is not in the file; 0 where so few do that it is chance.
    With ``asks`` it cannot be known whether the earlier ones were corrected, taken out or just
    not sent along: somebody must choose, and until then those that are asked about count as
    staying. ``replaces`` are the batches that earlier answers go from, or may. ``source_known`` is
    the batch that this very file made, or another with the same forms, unless it was withdrawn.
    """

    new: int
    known: int
    changed: int
    missing: int
    replaces: tuple[int, ...]
    asks: bool
    source_known: int | None
    alike: int = 0

    @property
    def words(self) -> str:
        """ "12 nya, 45 redan inlästa, 1 ändrad"."""
        said = [
            (self.new, "ny", "nya"),
            (self.known, "redan inläst", "redan inlästa"),
            (self.changed, "ändrad", "ändrade"),
        ]
        return ", ".join(
            f"{wording.number(number)} {one if number == 1 else many}" for number, one, many in said
        )

    @property
    def question(self) -> str:
        """What somebody must say, in Swedish; empty where nothing is asked."""
        if not self.asks:
            return ""
        missing = (
            f"{wording.number(self.missing)} svar som har lästs in tidigare finns inte i filen."
        )
        if not self.alike:
            are, or_are = (
                ("Är det rättat eller borttaget", "är det")
                if self.missing == 1
                else ("Är de rättade eller borttagna", "är de")
            )
            return (
                f"{missing} {are}, så att filen gäller? Eller {or_are} bara inte med den här "
                "gången?"
            )
        alike = (
            f"{wording.number(self.alike)} av de nya svaren är lika redan inlästa svar i allt som "
            "sparas. Är det samma formulär, där till exempel Ort eller datum har ändrats? Eller är "
            "det andra formulär?"
        )
        return f"{missing} {alike}" if self.missing and not self.changed else alike

    @property
    def choices(self) -> Mapping[Missing, str]:
        """The answers to ``question``, and what each of them does; empty where nothing is asked."""
        if not self.asks:
            return {}
        if not self.alike:
            return {
                "replace": "Filen gäller: de tidigare svaren som inte finns i den tas bort",
                "keep": "Filen är bara en del: de tidigare svaren ligger kvar",
            }
        return {
            "replace": "Samma formulär: filens svar ersätter de tidigare, som tas bort",
            "keep": "Andra formulär: de tidigare svaren ligger kvar, och filens är nya",
        }


@dataclass(frozen=True)
class Beside:
    """A comparison with what it says little of: which batch holds each of the file's answers.

    ``gone`` is where the earlier answers stand, by batch, that go whatever is answered, and
    ``replaced`` those that go if the file replaces what is asked about.
    """

    comparison: Comparison
    holders: Holders
    gone: Mapping[int, Places]
    replaced: Mapping[int, Places]


@dataclass(frozen=True)
class _Lacked:
    """Answers of a batch that the file lacks, though it has their federation."""

    places: Places
    codes: Codes


def compare(found: Mapping[int, Batch], answers: pa.Table, source: str) -> Beside:
    """Answers, ordered by id, beside the batches of the store.

    Memory is bounded by the ids, what is kept of the answers of the file's federations, and the
    largest batch. ValueError if an id stands twice; StoreFault where a batch is damaged.
    """
    ids = batch.packed(answers[batch.ID])
    if (ids[1:] == ids[:-1]).any():
        raise ValueError("An id stands twice among the answers.")
    live = [one for one in found.values() if not one.withdrawn] if len(ids) else []
    holders = np.zeros(len(ids), np.int64)
    shared: dict[int, int] = {}
    for one in live:
        at = _found(ids, batch.ids(one))
        holders[at[at >= 0]] = one.number
        shared[one.number] = int((at >= 0).sum())
    made = _made(found, source, batch.digest(ids))
    # The version before a correction must not undo it unasked; and what was just read in once
    # more has been asked about.
    outdated = made is not None and made.withdrawn is not None
    again = made is not None and made.withdrawn is None and bool(holders.all())

    likeness = Likeness(tuple(answers["federation"].unique().to_pylist()))
    new = likeness.codes(answers.filter(pa.array(holders == 0)))
    touched: dict[int, _Lacked] = {}
    others: dict[int, _Lacked] = {}
    for one in live:
        if shared[one.number] or len(new) >= _ALIKE:
            lacked = _lacked(one, ids, likeness)
            if len(lacked.codes):
                (touched if shared[one.number] else others)[one.number] = lacked

    missing = sum(len(lacked.codes) for lacked in touched.values())
    newer = all(
        shared[number] >= _NEWER * (shared[number] + len(lacked.codes))
        for number, lacked in touched.items()
    )
    decided = newer and not outdated and likeness.corrected(_codes(touched), new)
    changed = missing if decided else 0
    alike, same = _alike(new, {} if decided else touched, others, len(new) - changed)
    asks = not again and bool(alike or (missing and not decided))
    gone = {number: lacked.places for number, lacked in touched.items()}
    replaced = dict(sorted([*gone.items(), *same.items()]))
    comparison = Comparison(
        new=len(new) - changed,
        known=len(ids) - len(new),
        changed=changed,
        missing=missing,
        replaces=() if again else tuple(replaced),
        asks=asks,
        source_known=made.number if made else None,
        alike=alike,
    )
    return Beside(comparison, holders, gone if decided else {}, replaced)


def taken(
    found: Mapping[int, Batch], answers: pa.Table, beside: Beside, replace: bool
) -> tuple[pa.Table, tuple[int, ...], Mapping[int, int]]:
    """What a batch of these answers holds, ordered by id; which it replaces; how many it carries.

    It holds every answer of the file that no batch holds that stays, and carries along what a
    batch that it replaces holds besides: by batch so many.
    """
    gone = beside.replaced if replace else beside.gone
    ids = batch.packed(answers[batch.ID])
    tables = [answers.filter(pa.array(np.isin(beside.holders, (0, *gone))))]
    carried = {}
    for number, places in gone.items():
        stays = _found(ids, batch.ids(found[number])) < 0
        stays[places] = False
        if stays.any():
            tables.append(batch.answers(found[number]).filter(pa.array(stays)))
            carried[number] = int(stays.sum())
    return pa.concat_tables(tables).sort_by(batch.ID), tuple(gone), carried


def _found(ids: Ids, stored: Ids) -> Places:
    """Where each stored id stands among the file's, which are ordered; -1 where it does not."""
    at = np.minimum(np.searchsorted(ids, stored), len(ids) - 1)
    return np.where(ids[at] == stored, at, -1)


def _lacked(one: Batch, ids: Ids, likeness: Likeness) -> _Lacked:
    places = np.flatnonzero(_found(ids, batch.ids(one)) < 0)
    if not len(places) or not {*one.federations} & {*likeness.federations}:
        return _Lacked(places[:0], places[:0])
    codes = likeness.stored(one)[places]
    ours = codes != OTHER
    return _Lacked(places[ours], codes[ours])


def _codes(lacked: Mapping[int, _Lacked]) -> Codes:
    return np.concatenate([np.zeros(0, np.int64), *(one.codes for one in lacked.values())])


def _alike(
    new: Codes, missing: Mapping[int, _Lacked], others: Mapping[int, _Lacked], of: int
) -> tuple[int, Mapping[int, Places]]:
    """How many of the new answers, ``of`` in all, have a twin, if that is more than chance.

    And where in the ``others`` the twins stand; those that are ``missing`` go in any case.
    """
    same = twins(new, np.concatenate([_codes(missing), _codes(others)]))
    alike = int(same.sum())
    if alike < max(_ALIKE, _ALIKE_SHARE * of):
        return 0, {}
    ends = np.cumsum([len(one.codes) for one in chain(missing.values(), others.values())])
    places = {}
    for one, twin in zip(others, np.split(same, ends[:-1])[len(missing) :], strict=True):
        if twin.any():
            places[one] = others[one].places[twin]
    return alike, places


def _made(found: Mapping[int, Batch], source: str, forms: str) -> Batch | None:
    """The newest batch that a file made, if it was not withdrawn; a replaced one too.

    The same file, or another with the same forms: one that was merely saved anew.
    """
    made = [
        one
        for one in found.values()
        if (source and one.about.source == source) or one.forms == forms
        if not one.withdrawn or one.withdrawn.why != batch.WITHDRAWN
    ]
    return made[-1] if made else None
