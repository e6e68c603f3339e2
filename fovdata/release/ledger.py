"""The ledger: the answers that each release was made of, so that the next can be held against it.

It lies on the safe side, in a folder for its owner alone. An entry is written before its release
and gets the release's number after it, so that whenever a process is killed, the next one knows
what has been released and what has not.
"""

import datetime
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ANSWERS, _ABOUT, _PENDING = "answers.parquet", "entry.json", ".pending-"
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, RecursionError)


class LedgerFault(Exception):
    """The ledger cannot be used; says in Swedish why and what to do. Nothing was released."""


@dataclass(frozen=True)
class Entry:
    """What a release was made of.

    ``answers`` is the file of its answers, ``data`` their kind, ``key`` the fingerprint of the
    key that its noise was drawn with, ``date`` the release's day.
    """

    number: int
    date: datetime.date
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


def describe(entry: Path, about: Mapping[str, object], counts_sha256: str) -> None:
    """Finish an entry, whose answers are written: what is to be known of it and its release.

    ``counts_sha256`` is the digest of the release's counts, by which the two are known to go
    together.
    """
    answers = entry / ANSWERS
    digests = {"counts_sha256": counts_sha256, "answers_sha256": _sha256(answers)}
    text = json.dumps({**about, **digests}, ensure_ascii=False, indent=1)
    (entry / _ABOUT).write_text(text, encoding="utf-8")
    for file in entry.iterdir():
        file.chmod(0o600)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go when the process ends
    except BlockingIOError:
        raise LedgerFault(
            "En annan utgåva görs just nu med samma liggare. Vänta tills den är klar."
        ) from None


def _settle(ledger: Path, releases: Path) -> None:
    """Number the entry whose release is there, and throw away the one whose release is not.

    Answers of earlier entries go too: nothing is held against them any more, and what has been
    erased must not stay in them.
    """
    for pending in ledger.glob(f"{_PENDING}*"):
        number = pending.name.removeprefix(_PENDING)
        if _goes_with(pending, releases / number):
            pending.rename(ledger / number)
        else:
            shutil.rmtree(pending)
    for draft in releases.glob(".draft-*"):
        shutil.rmtree(draft)
    for earlier in _numbers(ledger)[:-1]:
        (ledger / str(earlier) / ANSWERS).unlink(missing_ok=True)


def _newest(ledger: Path, releases: Path) -> Entry | None:
    entered, released = ([0, *_numbers(folder)][-1] for folder in (ledger, releases))
    if released > entered:
        raise LedgerFault(
            f"Utgåva {released} finns, men liggaren {ledger} säger inte vilka svar den gjordes av, "
            "och då går det inte att veta vilka som är nya. Ange rätt mapp i FOV_LEDGER, eller "
            "återställ liggaren från säkerhetskopian. Finns ingen liggare, börja om med nya, tomma "
            "mappar för både utgåvor och liggare (för demosvaren: make clean)."
        )
    if not entered:
        return None
    folder, release = ledger / str(entered), releases / str(entered)
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        date = datetime.date.fromisoformat(about["date"])
        found = Entry(entered, date, str(about["data"]), str(about["key"]), folder / ANSWERS)
        if _sha256(found.answers) != about["answers_sha256"]:
            raise ValueError(found)
    except _UNREADABLE:
        raise LedgerFault(
            f"{folder} i liggaren är skadad eller saknar något. Återställ liggaren från "
            "säkerhetskopian."
        ) from None
    if release.exists() and not _goes_with(folder, release):
        raise LedgerFault(
            f"Utgåva {entered} gjordes inte av det som står i liggaren {ledger}. Ange de mappar i "
            "FOV_RELEASE och FOV_LEDGER som hör ihop."
        )
    return found


def _goes_with(entry: Path, release: Path) -> bool:
    """Whether a release was made with an entry: both know the counts by the same digest."""
    try:
        known = [
            json.loads(file.read_text(encoding="utf-8"))["counts_sha256"]
            for file in (entry / _ABOUT, release / "release.json")
        ]
    except _UNREADABLE:
        return False
    return known[0] == known[1]


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _numbers(folder: Path) -> list[int]:
    """The numbers that name something in a folder, ascending."""
    names = [path.name for path in folder.iterdir()] if folder.exists() else []
    return sorted(int(name) for name in names if re.fullmatch("[1-9][0-9]*", name))
