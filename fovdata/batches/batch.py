"""One batch: a Parquet file of answers with its manifest, what is known of it, in its metadata."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from fovdata import responses

_TYPES = {"VARCHAR": pa.string(), "SMALLINT": pa.int16(), "TINYINT": pa.int8()}
SCHEMA = pa.schema([pa.field(c.name, _TYPES[c.type], nullable=False) for c in responses.COLUMNS])
"""A batch's columns, from their declaration."""
ID = responses.COLUMNS[0].name

ROLES = MappingProxyType({"kontaktperson": "Kontaktperson på ett förbund", "nns": "NNS"})
"""Who reads answers in: by role, never by name."""
WITHDRAWN, REPLACED = "withdrawn", "replaced by "

UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a file raises that is no batch."""

Ids = NDArray[np.bytes_]
"""Ids of 16 bytes each."""

_NAME, _NAMED = "batch-{:06d}.parquet", re.compile(r"batch-([0-9]{6,})\.parquet")


class StoreFault(Exception):
    """The store cannot be used so; says in Swedish why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class About:
    """Where a batch comes from.

    ``role`` is one of ROLES, ``way`` is "file" or "typed", ``source`` the file's keyed digest
    (empty if typed); ``remarks`` counts the forms by the remarks that were let pass; ``key`` is
    the fingerprint of the key that the ids were made with.
    """

    role: str
    way: str
    source: str
    remarks: Mapping[str, int]
    made: datetime
    key: str = ""

    def __post_init__(self) -> None:
        """ValueError where a name, or anything else, stands for the role."""
        _by_role(self.role)


@dataclass(frozen=True)
class Withdrawal:
    """Who took a batch's answers away, and when; ``why`` is "withdrawn" or "replaced by 7"."""

    role: str
    made: datetime
    why: str

    def __post_init__(self) -> None:
        """ValueError as for About."""
        _by_role(self.role)


def _by_role(role: str) -> None:
    if role not in ROLES:
        raise ValueError(f"The role is one of {', '.join(ROLES)}.")


@dataclass(frozen=True)
class Batch:
    """One import. ``answers``, and ``federations`` by slug, count what was taken in by it.

    ``replaces`` are the earlier batches of which its file was a newer version, and ``carried``
    says how many answers it took over from each of them that were not in the file: they are among
    its ``answers``. ``forms`` is a digest of the ids of all the forms in the file, those that were
    there already too. A batch that is ``withdrawn`` has no answers left.
    """

    number: int
    path: Path
    data: str
    about: About
    answers: int
    federations: Mapping[str, int]
    replaces: tuple[int, ...] = ()
    withdrawn: Withdrawal | None = None
    forms: str = ""
    carried: Mapping[int, int] = field(default_factory=dict)

    def replaced_by(self, newer: "Batch") -> "Batch":
        """The same whenever it is asked: as the newer batch comes, or after a crash."""
        gone = Withdrawal(newer.about.role, newer.about.made, f"{REPLACED}{newer.number}")
        return replace(self, withdrawn=gone)


def made(
    folder: Path,
    number: int,
    answers: pa.Table,
    about: About,
    replaces: tuple[int, ...],
    forms: str,
    carried: Mapping[int, int],
) -> Batch:
    """The batch that an import of ``answers``, one or more of one kind, makes."""
    federations = answers["federation"].value_counts().to_pylist()
    return Batch(
        number,
        folder / _NAME.format(number),
        answers["data"][0].as_py(),
        about,
        answers.num_rows,
        {counted["values"]: counted["counts"] for counted in federations},
        replaces,
        forms=forms,
        carried=carried,
    )


def number_of(path: Path) -> int | None:
    """The number that a file's name gives a batch; None for any other file."""
    named = _NAMED.fullmatch(path.name)
    return int(named[1]) if named else None


def read(path: Path) -> Batch:
    """A batch as its manifest says. Raises one of UNREADABLE where the file is none."""
    return _read(path, _version(path))


def _version(path: Path) -> tuple[int, int, int]:
    """Another for every file that ever had the name: files are renamed into place, not changed.

    Forms that are typed come one a batch, and whoever types a thousand reads each only once.
    """
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns


@lru_cache(maxsize=10_000)
def _read(path: Path, _: tuple[int, int, int]) -> Batch:
    with pq.ParquetFile(path) as file:
        metadata, schema = file.metadata, file.schema_arrow
    said = json.loads(metadata.metadata[b"manifest"])
    gone = said["withdrawn"]
    batch = Batch(
        int(said["number"]),
        path,
        str(said["data"]),
        About(
            str(said["role"]),
            str(said["way"]),
            str(said["source"]),
            {str(kind): int(rows) for kind, rows in said["remarks"].items()},
            datetime.fromisoformat(said["made"]),
            str(said["key"]),
        ),
        int(said["answers"]),
        {str(slug): int(rows) for slug, rows in said["federations"].items()},
        tuple(int(number) for number in said["replaces"]),
        Withdrawal(str(gone["role"]), datetime.fromisoformat(gone["made"]), str(gone["why"]))
        if gone
        else None,
        str(said["forms"]),
        {int(number): int(rows) for number, rows in said["carried"].items()},
    )
    there = (batch.number, 0 if gone else batch.answers)
    if there != (number_of(path), metadata.num_rows) or not schema.equals(SCHEMA):
        raise ValueError(path)
    return batch


def packed(column: pa.ChunkedArray) -> Ids:
    """Ids of 32 hex digits as 16 bytes each, in one array without a Python object for each.

    ValueError if one is anything else.
    """
    chunks = [chunk for chunk in column.chunks if len(chunk)]
    if not chunks:
        return np.array([], "S16")
    texts = pa.concat_arrays(chunks)
    start, end = (32 * n for n in (texts.offset, texts.offset + len(texts)))
    content = bytes.fromhex(str(memoryview(texts.buffers()[2])[start:end], "ascii"))
    # A blank counts for nothing when it is read as hex.
    if pc.any(pc.not_equal(pc.binary_length(texts), 32)).as_py() or 2 * len(content) != end - start:
        raise ValueError("An id is not 32 hex digits.")
    return np.frombuffer(content, "S16")


def digest(ids: Ids) -> str:
    """What the forms of a file are known again by, however it is saved: of their ordered ids."""
    return hashlib.sha256(ids.tobytes()).hexdigest()[:32]


def ids(batch: Batch) -> Ids:
    """The ids of a batch's answers. Raises StoreFault where the file is damaged."""
    try:
        return _ids(batch.path, _version(batch.path))
    except (OSError, ValueError):
        raise damaged(batch.path) from None


@lru_cache(maxsize=10_000)
def _ids(path: Path, _: tuple[int, int, int]) -> Ids:
    table = pq.read_table(path, columns=[ID], use_threads=False, page_checksum_verification=True)
    return packed(table[ID])


def answers(batch: Batch) -> pa.Table:
    """All answers of a batch. Raises StoreFault where the file is damaged."""
    try:
        table = pq.read_table(batch.path, use_threads=False, page_checksum_verification=True)
    except (OSError, ValueError):
        raise damaged(batch.path) from None
    return table.replace_schema_metadata(None)


def damaged(path: Path) -> StoreFault:
    """What is said of a file that is no whole batch."""
    return StoreFault(
        f"{path} går inte att läsa: filen är skadad, eller inte gjord av det här programmet. "
        "Återställ den från säkerhetskopian. Inget är ändrat."
    )


def write(file: Path, batch: Batch, answers: pa.Table) -> None:
    """Write a batch to a file that is not there yet, for its owner alone, and on to the disk."""
    about, gone = batch.about, batch.withdrawn
    manifest = {
        "number": batch.number,
        "data": batch.data,
        "role": about.role,
        "way": about.way,
        "source": about.source,
        "remarks": dict(about.remarks),
        "made": about.made.isoformat(),
        "key": about.key,
        "answers": batch.answers,
        "federations": dict(batch.federations),
        "replaces": batch.replaces,
        "forms": batch.forms,
        "carried": dict(batch.carried),
        "withdrawn": gone and {"role": gone.role, "made": gone.made.isoformat(), "why": gone.why},
    }
    table = answers.replace_schema_metadata({"manifest": json.dumps(manifest, ensure_ascii=False)})
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as content:
        pq.write_table(table, content, compression="zstd", write_page_checksum=True)
        content.flush()
        os.fsync(content.fileno())
