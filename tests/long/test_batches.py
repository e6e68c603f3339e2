"""Imports that are killed, that come at once, that meet a full disk: nothing is lost or half."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from test_batches_whole import (
    Kills,
    answer_of,
    as_nobody,
    changes,
    counted,
    filled,
    full_disk,
    imported_at_once,
    killed_at_random,
    new_ids,
)
from test_batches_whole import add as read_in
from test_batches_whole import reachable as reachable

from fovdata import batches
from fovdata.batches import StoreFault

from .conftest import Recorded

pytestmark = pytest.mark.long

STORES, KILLS = 20, 10
"""So many stores, and kills in each."""
AT_ONCE, ROUNDS, FULL = 8, 20, 10
SIZE = 5000
"""Answers a file."""
PAGE = "intake"


def test_killed_two_hundred_times_nothing_is_lost(tmp_path: Path, recorded: Recorded) -> None:
    found = Kills()
    for number in range(STORES):
        found += killed_at_random(tmp_path / str(number), KILLS, SIZE, seed=number)
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(found.kinds.items()))
    text = (
        f"{found.struck} kills (SIGKILL; a third evenly over the time that a change takes, a third "
        "over the time from its first draft on, a third in the millisecond after its batch is "
        f"there) of changes of {SIZE:,} answers each ({kinds}; to carry is to replace a batch of "
        "two federations by a newer version of the one's file, with the other's answers carried "
        f"along): {found.before} left the store as "
        f"before, {found.after} came after the change was there. {found.drafts} left "
        f"drafts, {found.unfinished} struck between the two halves of a replacement. After each, "
        "before anybody opened the store and again after, the answers that count were to the id "
        "those from before the change or those from after it: 0 lost, 0 counted twice, 0 left of "
        f"a form that was replaced or withdrawn, 0 numbers used twice ({found.made} batches in "
        f"{STORES} stores)."
    )
    print(text)
    assert found.before + found.after == STORES * KILLS
    assert min(found.before, found.after, found.drafts, found.unfinished) > 0
    recorded("Imports killed at random moments", text, PAGE)


def test_eight_imports_at_once_all_land(tmp_path: Path, recorded: Recorded) -> None:
    landed = states = 0
    for number in range(ROUNDS):
        batches_made, seen = imported_at_once(tmp_path / str(number), AT_ONCE, SIZE, seed=number)
        assert batches_made == AT_ONCE - 1
        landed, states = landed + batches_made, states + seen
    text = (
        f"{ROUNDS} rounds of {AT_ONCE} processes that read a file of {SIZE:,} answers in at the "
        f"same moment, two of them the same file: {landed} of {ROUNDS * (AT_ONCE - 1)} files "
        f"landed, each once. Somebody who read meanwhile saw {states} states of the store, and "
        "in each of them every file wholly or not at all."
    )
    print(text)
    recorded("Several imports at once", text, PAGE)


def test_a_full_disk_changes_nothing(tmp_path: Path, recorded: Recorded) -> None:
    ways: dict[str, int] = {}
    for number, mounting in ((n, mounting) for n in range(FULL) for mounting in (True, False)):
        disk = tmp_path / f"{number}{mounting}"
        with full_disk(disk, 1_100_000 + 37_000 * number, mounting) as (way, limited):

            def job(
                disk: Path = disk, number: int = number, limited: Callable[[], None] = limited
            ) -> object:
                limited()
                return filled(disk / "inlästa", seed=number)

            said = answer_of(job)
        assert "disken är full" in said
        assert said.startswith("(")
        ways[way] = ways.get(way, 0) + 1
    text = (
        f"{sum(ways.values())} disks that became full ("
        + ", ".join(f"{number} {way}" for way, number in ways.items())
        + "), each under an import of new answers, a newer version of a file, and one that "
        "replaces: every time the folder was the same to the byte, no draft was left, and "
        "withdrawing a batch made room for the next."
    )
    print(text)
    recorded("A full disk", text, PAGE)


def test_a_read_only_folder_changes_nothing(reachable: Path, recorded: Recorded) -> None:
    folder = reachable / "inlästa"
    read_in(folder, new_ids(SIZE, random.Random(1)))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    root = os.geteuid() == 0
    if root:
        for path in (folder, *folder.iterdir()):
            os.chown(path, 65534, 65534)
    folder.chmod(0o500)
    for change in changes(folder):
        assert "du får inte läsa eller skriva där" in answer_of(as_nobody(change))
    folder.chmod(0o700)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    tried = ["a folder without the right to write"]
    tried[0] += " (as a user without rights, for root may write anyway)" if root else ""
    with full_disk(reachable / "disk", 4_000_000) as (way, _):
        if way == "tmpfs":
            ids = new_ids(SIZE, random.Random(1))
            read_in(reachable / "disk" / "inlästa", ids)
            assert not os.system(f"mount -o remount,ro '{reachable / 'disk'}'")
            for change in changes(reachable / "disk" / "inlästa"):
                with pytest.raises(StoreFault, match="du får inte läsa eller skriva där"):
                    change()
            assert counted(reachable / "disk" / "inlästa") == ids
            assert len(batches.listed(reachable / "disk" / "inlästa")) == 1
            tried.append("a file system mounted for reading only, as root")
    text = (
        f"Tried: {'; '.join(tried)}. An import and a withdrawal were refused in words, and nothing "
        "had changed; the answers could be read and listed."
    )
    print(text)
    recorded("A folder for reading only", text, PAGE)
