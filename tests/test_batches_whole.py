"""The store stays whole: killed at any moment, many at once, a full disk, a folder of another's.

The short versions of tests/long/test_batches.py.
"""

import datetime
import fcntl
import itertools
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from multiprocessing.context import ForkProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fovdata import batches, responses
from fovdata.batches import About, StoreFault

NOON = datetime.datetime(2023, 5, 2, 12, tzinfo=datetime.UTC)
NOBODY = 65534
"""A user who may do nothing."""

FORK = multiprocessing.get_context("fork")
Ids = frozenset[str]


def new_ids(number: int, chance: random.Random) -> Ids:
    digits = chance.randbytes(16 * number).hex()
    return frozenset(digits[32 * n : 32 * n + 32] for n in range(number))


FEDERATIONS = "falun", "halland"


def answers(ids: Ids) -> pd.DataFrame:
    """Forms of all kinds, of two federations: the digits of an id say what its form says."""
    table = pd.DataFrame({"response_id": sorted(ids)})
    digits = np.frombuffer(bytes.fromhex("".join(table["response_id"])), np.uint8).reshape(-1, 16)
    values: dict[str, tuple[object, ...]] = {
        **{column.name: column.values for column in responses.COLUMNS[2:] if column.values},
        "federation": FEDERATIONS,
        "year": tuple(range(2019, 2083)),
    }
    said = {
        name: np.array(choices)[digits[:, place] % len(choices)]
        for place, (name, choices) in enumerate(values.items())
    }
    table = table.assign(data=responses.SYNTHETIC, half_year=2, **said)
    return table[[column.name for column in responses.COLUMNS]]


def ours(ids: Ids) -> Ids:
    """Those of one of the two federations."""
    table = answers(ids)
    return frozenset(table["response_id"][table["federation"] == FEDERATIONS[0]])


def add(folder: Path, ids: Ids, source: str = "") -> batches.Batch | None:
    """Read a file in that is the truth about the forms of its federations."""
    about = About("nns", "file", source, {}, NOON)
    return batches.add(folder, answers(ids), about, "replace")


def counted(folder: Path) -> Ids:
    """The ids of the answers that count; nobody may count twice."""
    found = [pq.read_table(path, columns=["response_id"]) for path in batches.current(folder)]
    ids = pa.concat_tables(found)["response_id"].to_pylist() if found else []
    assert len(ids) == len(set(ids))
    return frozenset(ids)


def hidden(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".")]


def whole(folder: Path) -> None:
    """Nothing half: no draft, no number twice or left out, no answer where there should be none."""
    found = batches.listed(folder)
    assert not hidden(folder)
    assert [batch.number for batch in found] == list(range(1, len(found) + 1))
    for batch in found:
        rows = 0 if batch.withdrawn else batch.answers
        assert pq.read_metadata(batch.path).num_rows == rows


def started(job: Callable[[], object]) -> ForkProcess:
    """A process of its own; its exit code is 0 when it has done the job."""
    process = FORK.Process(target=job)
    process.start()
    return process


def answer_of(job: Callable[[], object]) -> str:
    """What a process of its own says: the job's result, or the store's fault, as text."""
    here, there = FORK.Pipe(duplex=False)

    def tell() -> None:
        try:
            there.send(str(job()))
        except StoreFault as fault:
            there.send(str(fault))
        except BaseException:
            there.send(traceback.format_exc())

    process = started(tell)
    there.close()
    try:
        assert here.poll(60), "no answer"
        said: str = here.recv()
    except EOFError:
        process.join()
        raise AssertionError(f"died with {process.exitcode}") from None
    finally:
        process.kill()
        process.join()
    return said


# Killed


@dataclass
class Store:
    """A folder and what ought to be in it: the ids of every batch that has answers."""

    folder: Path
    chance: random.Random
    size: int
    live: dict[int, Ids] = field(default_factory=dict)
    made: int = 0

    @property
    def ids(self) -> Ids:
        return frozenset().union(*self.live.values())

    def next(self) -> tuple[str, Callable[[], object], dict[int, Ids]]:
        """A kind of change, the change itself, and what ought to be in the folder after it."""
        kind = self.chance.choice(["add", "replace", "carry", "withdraw"])
        if not self.live or (kind == "withdraw" and len(self.live) < 3):
            kind = "add"
        if kind == "add" and len(self.live) > 8:
            kind = "withdraw"
        number = self.made + 1
        if kind == "add":
            ids = new_ids(self.size, self.chance)
            return kind, lambda: add(self.folder, ids), self.live | {number: ids}
        old = self.chance.choice(sorted(self.live))
        others = {key: ids for key, ids in self.live.items() if key != old}
        if kind == "withdraw":
            return kind, lambda: batches.withdraw(self.folder, old, "nns", NOON), others
        new = new_ids(self.size // 10, self.chance)
        if kind == "replace":
            ids = frozenset(sorted(self.live[old])[self.size // 10 :]) | new
            return kind, lambda: add(self.folder, ids), others | {number: ids}
        mine = ours(self.live[old])
        file = frozenset(sorted(mine)[self.size // 20 :]) | ours(new)
        theirs = self.live[old] - mine
        return kind, lambda: add(self.folder, file), others | {number: file | theirs}


@dataclass
class Kills:
    """How many kills struck, and where."""

    struck: int = 0
    before: int = 0
    after: int = 0
    drafts: int = 0
    unfinished: int = 0
    made: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    def __add__(self, more: "Kills") -> "Kills":
        return Kills(*(getattr(self, one.name) + getattr(more, one.name) for one in fields(self)))


def until(seen: Callable[[], bool], process: ForkProcess) -> float:
    """Wait until something is seen, or the process has ended; the time when that was."""
    while not seen() and process.is_alive():
        pass
    return time.monotonic()


def killed_at_random(folder: Path, kills: int, size: int, seed: int) -> Kills:
    """Changes of all kinds, killed at a random moment each; the store is right after each.

    A third of the kills are spread over the whole change, a third over the time from its first
    draft, and a third over the moment after its batch is there. A change that is done before it
    could be killed counts as none.
    """
    store = Store(folder, random.Random(seed), size)
    found = Kills()
    folder.mkdir()

    def drafted() -> bool:
        return bool(hidden(folder))

    _, change, store.live = store.next()
    store.made += 1
    begun = time.monotonic()
    first = started(change)
    written = until(drafted, first)
    first.join()
    whole_time, writing = time.monotonic() - begun, time.monotonic() - written
    while found.struck < kills:
        kind, change, after = store.next()
        before = store.ids
        new = folder / f"batch-{store.made + 1:06d}.parquet"
        process = started(change)
        if found.struck % 3 == 0:
            time.sleep(store.chance.uniform(0, whole_time))
        elif found.struck % 3 == 1 or kind == "withdraw":
            until(drafted, process)
            time.sleep(store.chance.uniform(0, writing))
        else:
            until(new.exists, process)
            time.sleep(store.chance.uniform(0, 0.001))
        process.kill()
        process.join()
        done = process.exitcode == 0
        assert done or process.exitcode == -signal.SIGKILL

        there = counted(folder)
        assert there in (before, frozenset().union(*after.values()))
        landed = there != before
        assert landed or not done
        if not done:
            found.struck += 1
            found.kinds[kind] += 1
            found.after += landed
            found.before += not landed
            found.drafts += drafted()
            rows = sum(pq.read_metadata(path).num_rows for path in batches.shown(folder))
            found.unfinished += rows > len(there)
        if landed:
            store.live = after
            store.made += kind != "withdraw"
        whole(folder)
        assert counted(folder) == there
        assert len(batches.listed(folder)) == store.made
    found.made = store.made
    return found


def test_killed_at_random_moments_the_store_holds_all_or_nothing_of_a_change(
    tmp_path: Path,
) -> None:
    found = killed_at_random(tmp_path / "inlästa", kills=3, size=2000, seed=1)
    assert found.before + found.after == 3


def dies(step: int, change: Callable[[], object]) -> Callable[[], object]:
    """The change, which dies as by SIGKILL right before its ``step``-th touch of the disk."""
    steps = itertools.count(1)

    def counting(touch: Callable[..., object]) -> Callable[..., object]:
        def touched(*arguments: object, **options: object) -> object:
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return touch(*arguments, **options)

        return touched

    def dying() -> None:
        for owner, names in (
            (os, ["fsync", "open"]),
            (Path, ["mkdir", "replace", "unlink"]),
            (pq, ["write_table"]),
            (fcntl, ["flock"]),
        ):
            for name in names:
                setattr(owner, name, counting(getattr(owner, name)))
        change()

    return dying


@pytest.mark.parametrize("kind", ["add", "replace", "carry", "withdraw"])
def test_killed_before_any_step_the_store_is_as_before_or_as_after(
    kind: str, tmp_path: Path
) -> None:
    chance = random.Random(2)
    first, second = new_ids(20, chance), new_ids(20, chance)
    newer = frozenset(sorted(first)[2:]) | frozenset(sorted(second)[2:]) | new_ids(5, chance)
    theirs = (first | second) - ours(first | second)
    assert 10 < len(theirs) < 30
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        add(folder, first)
        add(folder, second)
        before = first | second

        def change(folder: Path = folder) -> object:
            if kind == "withdraw":
                return batches.withdraw(folder, 2, "nns", NOON)
            files = {"add": new_ids(20, random.Random(3)), "replace": newer, "carry": ours(newer)}
            return add(folder, files[kind])

        after = {
            "add": before | new_ids(20, random.Random(3)),
            "replace": newer,
            "carry": ours(newer) | theirs,
            "withdraw": first,
        }[kind]
        process = started(dies(step, change))
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        there = counted(folder)
        assert there in (before, after)
        whole(folder)
        assert counted(folder) == there
        change()  # somebody tries again
        assert counted(folder) == after
        whole(folder)
        if process.exitcode == 0:
            break
    assert step > 8


# Several at once


def imported_at_once(folder: Path, importers: int, size: int, seed: int) -> tuple[int, int]:
    """So many processes read a file in at the same moment, two of them the same one.

    Meanwhile somebody reads, whole files only. Returns how many batches and states were seen.
    """
    chance = random.Random(seed)
    own = [new_ids(size, chance) for _ in range(importers - 1)]
    own.append(own[0])
    at_once: Barrier = FORK.Barrier(importers + 1)

    def importing(ids: Ids) -> Callable[[], object]:
        def job() -> None:
            at_once.wait(30)
            add(folder, ids)

        return job

    processes = [started(importing(ids)) for ids in own]
    at_once.wait(30)
    states = set()
    while any(process.is_alive() for process in processes):
        with batches.held(folder):
            there = counted(folder)
        states.add(len(there))
        assert all(ids <= there or not ids & there for ids in own)
        time.sleep(0.001)
    assert [process.exitcode for process in processes] == [0] * importers
    whole(folder)
    assert counted(folder) == frozenset().union(*own)
    return len(batches.listed(folder)), len(states)


def test_four_imports_at_once_all_land_and_the_same_file_lands_once(tmp_path: Path) -> None:
    assert imported_at_once(tmp_path / "inlästa", 4, 2000, seed=3)[0] == 3


def test_one_waits_for_another_and_says_so_when_that_takes_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inlästa"
    add(folder, new_ids(2, random.Random(4)))
    monkeypatch.setattr(batches, "_WAIT", 0.1)
    with batches.held(folder):
        with pytest.raises(StoreFault, match="Någon annan läser in svar"):
            batches.listed(folder)
        with batches.held(folder):  # two who read do not wait for each other
            assert len(counted(folder)) == 2
    assert len(batches.listed(folder)) == 1


def test_a_process_that_was_forked_meanwhile_does_not_hold_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "inlästa"
    add(folder, new_ids(2, random.Random(4)))
    with batches.held(folder):
        child = started(lambda: time.sleep(60))
    try:
        begun = time.monotonic()
        assert len(batches.listed(folder)) == 1
        assert time.monotonic() - begun < 5
    finally:
        child.kill()
        child.join()


# A full disk


@contextmanager
def full_disk(
    folder: Path, size: int, mounting: bool = True
) -> Iterator[tuple[str, Callable[[], None]]]:
    """How the disk is made full, and what a process does to meet that.

    A file system of ``size`` bytes in ``folder`` where one may be mounted; if not, a limit on
    the size of a file.
    """
    folder.mkdir()
    options = f"size={size},mode=0755"
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    can = mounting and shutil.which("mount")
    if not can or subprocess.run(mount, capture_output=True).returncode:
        limit = (size // 20, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        yield "RLIMIT_FSIZE", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        return
    try:
        yield "tmpfs", lambda: None
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def filled(folder: Path, seed: int) -> tuple[int, str]:
    """Read in ever larger files until the disk is full: so many land, the next changes nothing."""
    chance = random.Random(seed)
    there: Ids = frozenset()
    for landed in itertools.count():
        ids = new_ids(200 * 2**landed, chance)
        before = {path.name: path.read_bytes() for path in folder.glob("*")}
        try:
            add(folder, ids)
        except StoreFault as fault:
            said = str(fault)
            break
        there |= ids
    assert {path.name: path.read_bytes() for path in folder.glob("*")} == before
    with pytest.raises(StoreFault, match="disken är full"):  # nor does a newer version
        add(folder, there | ids)
    last = frozenset(sorted(there)[1:])
    with pytest.raises(StoreFault, match="disken är full"):  # nor one that replaces
        batches.add(folder, answers(last | ids), About("nns", "file", "", {}, NOON), "replace")
    assert {path.name: path.read_bytes() for path in folder.glob("*")} == before
    assert counted(folder) == there
    whole(folder)
    batches.withdraw(folder, landed, "nns", NOON)  # which makes room
    add(folder, new_ids(50, chance))
    whole(folder)
    return landed, said


@pytest.mark.parametrize("mounting", [True, False])
def test_on_a_full_disk_the_store_is_as_before_and_says_so(tmp_path: Path, mounting: bool) -> None:
    with full_disk(tmp_path / "disk", 1_150_000, mounting) as (_, limited):

        def job() -> tuple[int, str]:
            limited()
            return filled(tmp_path / "disk" / "inlästa", seed=5)

        said = answer_of(job)
    assert "disken är full. Gör plats och försök igen. Inget är ändrat." in said
    assert said.startswith("(")  # the job's own result: all that it asserts held


# Another's folder


def as_nobody(job: Callable[[], object]) -> Callable[[], object]:
    """The job of a user without rights: root may write anywhere, whatever a folder says."""

    def done() -> object:
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return job()

    return done


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def changes(folder: Path) -> Sequence[Callable[[], object]]:
    return (
        lambda: add(folder, new_ids(3, random.Random(8))),
        lambda: batches.withdraw(folder, 1, "nns", NOON),
    )


def test_in_a_folder_that_is_read_only_nothing_changes_and_all_can_be_listed(
    reachable: Path,
) -> None:
    folder = reachable / "inlästa"
    add(folder, new_ids(3, random.Random(7)))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    folder.chmod(0o500)
    try:
        for change in changes(folder):
            assert "du får inte läsa eller skriva där" in answer_of(as_nobody(change))
        assert answer_of(as_nobody(lambda: len(batches.listed(folder)))) == "1"
        assert answer_of(as_nobody(lambda: len(counted(folder)))) == "3"
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    finally:
        folder.chmod(0o700)


def test_half_a_replacement_is_right_where_it_cannot_be_finished(reachable: Path) -> None:
    folder = reachable / "inlästa"
    ids = new_ids(20, random.Random(7))
    add(folder, ids)
    first = folder / "batch-000001.parquet"
    full = first.read_bytes()
    newer = frozenset(sorted(ids)[1:]) | new_ids(1, random.Random(8))
    add(folder, newer)
    first.write_bytes(full)
    if os.geteuid() == 0:
        for path in (folder, *folder.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    folder.chmod(0o500)
    try:
        said = answer_of(as_nobody(lambda: [b.withdrawn is None for b in batches.listed(folder)]))
        assert said == "[False, True]"
        assert answer_of(as_nobody(lambda: counted(folder) == newer)) == "True"
        again = as_nobody(lambda: batches.compared(folder, answers(newer)).words)
        assert answer_of(again) == "0 nya, 20 redan inlästa, 0 ändrade"
        assert answer_of(as_nobody(lambda: batches.compared(folder, answers(newer)).missing)) == "0"
    finally:
        folder.chmod(0o700)


def test_a_store_of_another_user_is_said_to_be_out_of_reach(reachable: Path) -> None:
    if os.geteuid() != 0:
        (reachable / "inlästa").mkdir(mode=0)  # one's own, but shut: the same refusal
    else:
        add(reachable / "inlästa", new_ids(3, random.Random(7)))
    for ask in (lambda: batches.listed(reachable / "inlästa"), *changes(reachable / "inlästa")):
        assert "du får inte läsa eller skriva där" in answer_of(as_nobody(ask))
    (reachable / "inlästa").chmod(0o755)  # the folder is open, its files are not
    if os.geteuid() == 0:
        said = answer_of(as_nobody(lambda: batches.listed(reachable / "inlästa")))
        assert "du får inte läsa eller skriva där" in said


# Memory


def test_without_memory_the_store_is_as_before_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "inlästa"
    chance = random.Random(9)
    first = new_ids(10, chance)
    add(folder, first)
    many = answers(new_ids(1, chance)).loc[[0] * 300_000]
    many["response_id"] = sorted(new_ids(300_000, chance))

    def job() -> object:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + 5_000_000
        pa.set_memory_pool(pa.system_memory_pool())  # which takes none in advance
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        return batches.add(folder, many, About("nns", "file", "", {}, NOON))

    assert "Datorns minne räcker inte" in answer_of(job)
    assert counted(folder) == first
    whole(folder)
