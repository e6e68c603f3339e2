"""The ledger: the answers that each release was made of, so that the next can be held against it.

It lies on the safe side, in a folder for its owner alone. An entry is written before its release
and gets the release's number after it, so that whenever a process is killed, the next one knows
what has been released and what has not.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ANSWERS, ABOUT = "answers.parquet", "entry.json"
_PENDING = ".pending-"


class LedgerFault(Exception):
    """The ledger cannot be used; says in Swedish why and what to do. Nothing was released."""


@dataclass(frozen=True)
class Entry:
    """What a release was made of.

    ``answers`` is the file of its answers, ``data`` their kind, ``key`` the fingerprint of the
    key that its noise was drawn with.
    """

    number: int
    data: str
    key: str
    answers: Path


@contextmanager
def opened(ledger: Path, releases: Path) -> Iterator[Entry | None]:
    """Hold the ledger alone; the entry of the newest release, or None before the first.

    Raises LedgerFault where somebody else holds it or it does not go with the releases.
    """
    ledger.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(ledger, os.O_RDONLY)
    try:
        _lock(handle)
        _settle(ledger, releases)
        yield _newest(ledger, releases)
    finally:
        os.close(handle)


@contextmanager
def written(ledger: Path, releases: Path, number: int) -> Iterator[Path]:
    """A folder for the entry of release ``number``, which is written meanwhile."""
    pending = ledger / f"{_PENDING}{number}"
    pending.mkdir(mode=0o700)
    try:
        yield pending
    finally:
        _settle(ledger, releases)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go when the process ends
    except BlockingIOError:
        raise LedgerFault(
            "En annan utgåva görs just nu med samma liggare. Vänta tills den är klar."
        ) from None


def _settle(ledger: Path, releases: Path) -> None:
    """Number the entry whose release is there, and throw away the one whose release is not."""
    for pending in ledger.glob(f"{_PENDING}*"):
        number = pending.name.removeprefix(_PENDING)
        if (releases / number).exists():
            pending.rename(ledger / number)
        else:
            shutil.rmtree(pending)
    for draft in releases.glob(".draft-*"):
        shutil.rmtree(draft)


def _newest(ledger: Path, releases: Path) -> Entry | None:
    entered, released = _highest(ledger), _highest(releases)
    if released > entered:
        raise LedgerFault(
            f"Utgåva {released} finns, men liggaren {ledger} säger inte vilka svar den gjordes av, "
            "och då går det inte att veta vilka som är nya. Ange rätt mapp i FOV_LEDGER, eller "
            "återställ liggaren från säkerhetskopian."
        )
    if not entered:
        return None
    folder = ledger / str(entered)
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        return Entry(entered, str(about["data"]), str(about["key"]), folder / ANSWERS)
    except (OSError, ValueError, KeyError, TypeError):
        raise LedgerFault(
            f"{folder / ABOUT} saknas eller är skadad. Återställ liggaren från säkerhetskopian."
        ) from None


def _highest(folder: Path) -> int:
    """The highest number that names something in a folder; 0 where nothing is numbered."""
    if not folder.exists():
        return 0
    names = [path.name for path in folder.iterdir()]
    return max((int(name) for name in names if re.fullmatch("[1-9][0-9]*", name)), default=0)
