"""What is kept of a form, and the name that it is known again by.

An answer's id is a keyed digest of the whole form as read. So the same form has the same id
whatever file it comes in, a corrected form has another, and without the key nothing about the
form follows from it. Of what the digest is made of, only what COLUMNS declares is kept.
"""

import hashlib
import hmac
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from fovdata import questionnaire as form
from fovdata import responses
from fovdata.intake.cells import Cells, Ints
from fovdata.registry import Registry

FIELDS = tuple(part.code for part in (*form.FIELDS, *form.QUESTIONS))
"""What an id is made of, in this order for ever: another order would be other ids."""
ID_BYTES = 16

_CODED = ("federation", "gender", "age_band", "authority", "fill_count", *form.BY_CODE)
_BLOCK = 1 << 20

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Kept:
    """What is kept of some forms: one digest of 16 bytes a form, and small numbers.

    ``columns`` are COLUMNS without the id and the kind of data; texts are the place of a code
    among the column's codes.
    """

    digests: Bytes
    columns: Mapping[str, npt.NDArray[np.int16]]


@dataclass(frozen=True)
class Anonymiser:
    """Turns forms into what is kept of them, under one key."""

    registry: Registry
    secret: bytes = field(repr=False)

    def kept(self, cells: Mapping[str, Cells], ages: Ints) -> Kept:
        """The forms without what is not kept.

        ``cells`` has a field's texts as read for each of FIELDS; ``ages`` are in years, -1 where
        not known, and stand for what was read of them.
        """
        different, places = np.unique(ages, return_inverse=True)
        read = {**cells, "age": Cells([_or_blank(age) for age in different.tolist()], places)}
        coded = {**read, "age_band": Cells([_band(age) for age in different.tolist()], places)}
        dates = cells["date"]
        numbers = {
            "year": [int(text[:4]) for text in dates.texts],
            "half_year": [1 if int(text[5:7]) <= 6 else 2 for text in dates.texts],
        }
        columns = {name: _at(values, dates.places) for name, values in numbers.items()}
        for name in _CODED:
            codes = {code: place for place, code in enumerate(self.codes(name))}
            field = coded[name]
            columns[name] = _at([codes[text] for text in field.texts], field.places)
        return Kept(self._digests(read), MappingProxyType(columns))

    def codes(self, column: str) -> tuple[str, ...]:
        """Every code that a column of COLUMNS can hold."""
        if column == "federation":
            return tuple(federation.slug for federation in self.registry.federations)
        return next(one.values for one in responses.COLUMNS if one.name == column)

    def _digests(self, cells: Mapping[str, Cells]) -> Bytes:
        """Of each form, 16 bytes: its fields, each with its length, so that no two run together."""
        parts = []
        for code in FIELDS:
            texts = np.array([f"{len(text)}:{text}" for text in cells[code].texts], object)
            parts.append(texts[cells[code].places])
        key = self._key
        found = b"".join(
            hmac.digest(key, "".join(form_).encode(), "sha256")[:ID_BYTES]
            for form_ in zip(*parts, strict=True)
        )
        return np.frombuffer(found, np.uint8).reshape(-1, ID_BYTES)

    @property
    def _key(self) -> bytes:
        """A key of its own, so that an id says nothing about what else the secret is used for."""
        return hmac.digest(self.secret, b"FOV: response id", "sha256")

    def answers(self, forms: Sequence[Kept], data: str, ordinal: int = 0) -> pd.DataFrame:
        """All forms as rows of COLUMNS, in the order of their ids: no order of a file is left.

        ``ordinal`` is how many forms like each have been read in before these.
        """
        digests = np.concatenate([_NONE, *(kept.digests for kept in forms)])
        repeats, _ = repeated(digests)
        repeats += ordinal
        digests = digests.copy()
        key = self._key
        for place in np.flatnonzero(repeats).tolist():
            digests[place] = _again(key, digests[place].tobytes(), int(repeats[place]))
        order = _order(digests)
        columns: dict[str, object] = {"response_id": _hexadecimal(digests[order])}
        for column in responses.COLUMNS[1:]:
            if column.name == "data":
                columns["data"] = pd.Categorical.from_codes(
                    np.full(len(order), column.values.index(data), np.int8), list(column.values)
                )
                continue
            empty = np.zeros(0, np.int16)
            values = np.concatenate([empty, *(kept.columns[column.name] for kept in forms)])[order]
            if column.name in _CODED:
                codes = pd.Index(self.codes(column.name), dtype="str")
                columns[column.name] = pd.Categorical.from_codes(values, codes)
            else:
                columns[column.name] = values.astype(_NUMBERS[column.type])
        return pd.DataFrame(columns)


_NONE = np.zeros((0, ID_BYTES), np.uint8)
_NUMBERS = {"SMALLINT": np.int16, "TINYINT": np.int8}


def repeated(digests: Bytes) -> tuple[Ints, Ints]:
    """For each form how many equal ones come before it, and the place of the first of them."""
    order = _order(digests)
    ordered = digests[order]
    starts = np.ones(len(order), bool)
    starts[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    first = np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    before, original = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    before[order] = np.arange(len(order)) - first
    original[order] = order[first]
    return before, original


def source_digest(secret: bytes, content: bytes | BinaryIO) -> str:
    """What a file is known again by, 32 hex digits; nothing about it follows without the key."""
    key = hmac.digest(secret, b"FOV: source", "sha256")
    digest = hmac.new(key, digestmod=hashlib.sha256)
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()[: 2 * ID_BYTES]


def _again(key: bytes, digest: bytes, ordinal: int) -> Bytes:
    """The id of the form like an earlier one: made of that one's and how many came before."""
    message = b"again" + ordinal.to_bytes(8, "big") + digest
    return np.frombuffer(hmac.digest(key, message, "sha256")[:ID_BYTES], np.uint8)


def _order(digests: Bytes) -> Ints:
    """Where the digests stand in order; equal ones stay as they came."""
    high, low = np.ascontiguousarray(digests).view(">u8").T
    return np.lexsort((low, high))


def _hexadecimal(digests: Bytes) -> pd.Series:
    """Digests as text of 32 hex digits, without an object for each of them."""
    text = digests.tobytes().hex().encode()
    ends = np.arange(len(digests) + 1, dtype=np.int64) * 2 * ID_BYTES
    column = pa.LargeStringArray.from_buffers(len(digests), pa.py_buffer(ends), pa.py_buffer(text))
    return pd.Series(column, dtype="str")


def _at(values: Iterable[int], places: Ints) -> npt.NDArray[np.int16]:
    return np.array(list(values), np.int16)[places]


def _or_blank(age: int) -> str:
    return "" if age < 0 else str(age)


def _band(age: int) -> str:
    for band in form.AGE_BANDS:
        low, high = band.code.split("-")
        if int(low) <= age <= int(high):
            return band.code
    return form.OTHER_AGE.code
