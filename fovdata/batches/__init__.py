"""The store of anonymised answers: a folder, one file an import, whole after every step.

A batch is one Parquet file, ``batch-000001.parquet``, that is never changed; its manifest stands
in the file itself, so that both come by one rename. A batch that was withdrawn, or that a newer
version of its file replaced, keeps number and manifest and loses its answers: a number is never
used twice. Batches are ordered by number; no clock decides anything.

Whoever reads or writes holds a lock on the folder, which the system lets go when a process dies.
It can die after any step:

=================================================  =============================================
step of ``add``                                    the store then
=================================================  =============================================
1. lock; finish what another's death left          as before
2. write the batch, and every batch that it        as before: a draft counts for nothing, and
   replaces without its answers, as drafts; each   the next one who opens the store removes it
   on to the disk
3. rename the batch's draft; the folder on to      the batch counts, and those that its manifest
   the disk                                        replaces do not, with or without answers
4. rename the other drafts over them; the folder   the same; the next one who opens the store
   on to the disk                                  empties those that are left
=================================================  =============================================

A batch that is replaced may hold more than the file is about: answers of other federations. The
new batch carries those along, and its manifest says how many from which.

A manifest is no seal. Damage is met by the pages' checksums, and a value that its column cannot
have by whoever reads the answers, a comparison or the release; who may write in the folder can
change anything else.

A full disk is met in step 2. ``withdraw`` takes steps 1 and 2 for that batch, then step 4. What a
batch replaced does not come back when it is withdrawn, for its manifest stays.
"""

import errno
import fcntl
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from fovdata.batches import batch as files
from fovdata.batches.batch import ROLES, SCHEMA, About, Batch, StoreFault, Withdrawal
from fovdata.batches.comparing import Comparison, Missing, compare, taken

__all__ = [
    "ROLES",
    "SCHEMA",
    "About",
    "Batch",
    "Comparison",
    "Missing",
    "StoreFault",
    "Withdrawal",
    "add",
    "compared",
    "current",
    "held",
    "listed",
    "shown",
    "withdraw",
]

_WAIT, _AGAIN = 60, 0.02
"""Seconds that one waits for another who holds the store, and between two tries."""
_DRAFT = ".draft-"


def compared(folder: Path, answers: pd.DataFrame, source: str = "", key: str = "") -> Comparison:
    """What adding these answers, columns as in ``responses``, would do. Raises StoreFault.

    ``source`` and ``key`` as in About.
    """
    with _opened(folder) as found:
        return compare(found, _table(found, answers, key), source).comparison


def add(
    folder: Path,
    answers: pd.DataFrame,
    about: About,
    missing: Missing | None = None,
    seen: Comparison | None = None,
) -> Batch | None:
    """Take the answers in that the store lacks, as one batch; None where it lacks none.

    ``missing`` says, where the comparison asks, what becomes of the earlier answers: "replace"
    them, for the file is the truth, or "keep" them. ``seen`` is the comparison that somebody has
    looked at. Raises StoreFault where that is no longer true, where the comparison asks and
    ``missing`` does not answer, and where the store cannot be used.
    """
    with _said(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _opened(folder) as found:
        table = _table(found, answers, about.key)
        beside = compare(found, table, about.source)
        if seen not in (None, beside.comparison):
            raise StoreFault(
                "Läget har ändrats sedan kontrollen: någon annan har läst in eller tagit bort "
                f"svar. Nu ger filen {beside.comparison.words}. Kontrollera den igen. Inget är "
                "ändrat."
            )
        if beside.comparison.asks and missing is None:
            raise StoreFault(
                f"{beside.comparison.question} Välj om filen ska ersätta de tidigare svaren eller "
                "om de ska vara kvar. Inget är ändrat."
            )
        told = beside.comparison.asks and missing == "replace"
        rows, replaced, carried = taken(found, table, beside, told)
        if not rows.num_rows:
            return None
        forms = files.digest(files.packed(table[files.ID]))
        number = max(found, default=0) + 1
        new = files.made(folder, number, rows, about, replaced, forms, carried)
        _write(new, rows, [found[number].replaced_by(new) for number in replaced])
        return new


def listed(folder: Path) -> tuple[Batch, ...]:
    """Every batch there has been, by number, without answers or with. Raises StoreFault."""
    with _opened(folder) as found:
        return tuple(found.values())


def withdraw(folder: Path, number: int, role: str, made: datetime) -> Batch:
    """Take a batch's answers away for good; its trace stays. Raises StoreFault.

    What it replaced does not come back. One that is withdrawn already stays as it is.
    """
    with _opened(folder) as found:
        if (batch := found.get(number)) is None:
            raise StoreFault(
                f"Inläsning {number} finns inte. Se efter i listan över inläsningar vilket "
                "nummer den har. Inget är ändrat."
            )
        if batch.withdrawn is None:
            batch = replace(batch, withdrawn=Withdrawal(role, made, files.WITHDRAWN))
            _write(batch, SCHEMA.empty_table())
        elif batch.withdrawn.why != files.WITHDRAWN:
            raise StoreFault(
                f"Inläsning {number} är ersatt av inläsning "
                f"{batch.withdrawn.why.removeprefix(files.REPLACED)}, som har svaren nu. Ta bort "
                "den om svaren ska bort. Inget är ändrat."
            )
        return batch


def current(folder: Path) -> list[Path]:
    """The Parquet files whose answers count, by name: all but the batches that are replaced.

    What cannot be read is among them, so that a release meets it. To be asked within ``held``
    where it is to stay true. Raises OSError where the folder cannot be read.
    """
    parquet = [path for path in shown(folder) if path.suffix == ".parquet"]
    replaced: set[int | None] = set()
    for path in parquet:
        with suppress(*files.UNREADABLE):
            replaced.update(files.read(path).replaces)
    return [path for path in parquet if files.number_of(path) not in replaced]


def shown(folder: Path) -> list[Path]:
    """What a folder shows, by name: a name that starts with a dot is hidden."""
    if not folder.exists():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Meanwhile no batch comes or goes; others may read too. Raises StoreFault."""
    with ExitStack() as lock:
        with _said(folder):
            lock.enter_context(_locked(folder, fcntl.LOCK_SH))
        yield


@contextmanager
def _opened(folder: Path) -> Iterator[Mapping[int, Batch]]:
    """Hold the store alone; its batches by number, ascending."""
    with _said(folder), _locked(folder, fcntl.LOCK_EX):
        batches = [_read(path) for path in shown(folder) if path.suffix != ".json"]
        found = {batch.number: batch for batch in batches}
        unfinished = [
            found[number].replaced_by(batch)
            for batch in batches
            for number in batch.replaces
            if number in found and not found[number].withdrawn
        ]
        # All is right without this, and the next one tries again.
        with suppress(OSError):
            for draft in folder.glob(f"{_DRAFT}*"):
                draft.unlink()
        with suppress(OSError):
            for batch in unfinished:
                _write(batch, SCHEMA.empty_table())
        yield found | {batch.number: batch for batch in unfinished}


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    if not folder.is_dir():  # whoever looks into it says so
        yield
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    until = time.monotonic() + _WAIT
    try:
        while True:
            try:
                fcntl.flock(handle, how | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise StoreFault(
                        f"Någon annan läser in svar i {folder}, eller gör en utgåva av dem. "
                        "Vänta tills det är klart och försök igen. Inget är ändrat."
                    ) from None
                time.sleep(_AGAIN)
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)  # for a child that was forked meanwhile, too
        os.close(handle)


def _write(batch: Batch, answers: pa.Table, replaced: Sequence[Batch] = ()) -> None:
    """Put a batch in its place, then those that it replaces, without answers, in theirs."""
    new = not batch.path.exists()
    drafts: list[Path] = []
    try:
        for one in (batch, *replaced):
            drafts.append(one.path.with_name(_DRAFT + one.path.name))
            files.write(drafts[-1], one, answers if one is batch else SCHEMA.empty_table())
        try:
            drafts[0].replace(batch.path)
            _to_disk(batch.path.parent)
        except OSError:
            if new:
                batch.path.unlink(missing_ok=True)
            raise
        with suppress(OSError):  # the next one who opens the store does it
            for draft, one in zip(drafts[1:], replaced, strict=True):
                draft.replace(one.path)
            _to_disk(batch.path.parent)
    finally:
        with suppress(OSError):
            for draft in drafts:
                draft.unlink(missing_ok=True)


def _to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> Batch:
    if files.number_of(path) is None:
        raise StoreFault(
            f"{path.name} hör inte hemma i {path.parent}, mappen för inlästa svar. Flytta den "
            "därifrån. Inget är ändrat."
        )
    try:
        return files.read(path)
    except PermissionError:
        raise
    except files.UNREADABLE:
        raise files.damaged(path) from None


def _table(found: Mapping[int, Batch], answers: pd.DataFrame, key: str) -> pa.Table:
    """Answers as a batch holds them, by id. StoreFault where they cannot lie with the store's."""
    table = pa.Table.from_pandas(answers, SCHEMA, preserve_index=False, nthreads=1)
    table = table.replace_schema_metadata(None).sort_by(files.ID)
    if len({*table["data"].unique().to_pylist(), *(batch.data for batch in found.values())}) > 1:
        raise StoreFault(
            "Verkliga och påhittade svar får inte ligga i samma mapp. Ange en mapp för var sort. "
            "Inget är ändrat."
        )
    if any(batch.about.key != key for batch in found.values()):
        raise StoreFault(
            "Svaren i mappen är inlästa med en annan nyckel. Med den här skulle samma formulär "
            "räknas två gånger. Ange den rätta nyckeln, eller en annan mapp. Inget är ändrat."
        )
    return table


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """What the system refuses, in Swedish."""
    try:
        yield
    except MemoryError:
        raise StoreFault(
            "Datorns minne räcker inte. Stäng andra program, eller dela filen i flera. "
            "Inget är ändrat."
        ) from None
    except OSError as error:
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
                said = "disken är full. Gör plats och försök igen. Inget är ändrat."
            case errno.EACCES | errno.EPERM | errno.EROFS:
                said = "du får inte läsa eller skriva där. Ändra rättigheterna. Inget är ändrat."
            case errno.ENOTDIR | errno.EEXIST:
                said = "det är en fil, inte en mapp. Ange en mapp. Inget är ändrat."
            case _:
                said = (
                    "disken svarar inte som den ska. Se efter i listan över inläsningar vad som "
                    "är inläst, och försök igen."
                )
        raise StoreFault(f"{folder}: {said}") from None
