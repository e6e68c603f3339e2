"""A release killed at a random moment: nothing is lost, and there is always one to serve."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fovdata import settings
from fovdata.figures.release import current, open_release
from fovdata.intake.demo import population

pytestmark = pytest.mark.long

KILLS = 100
NEW = 20
"""Answers that arrive before each try, all in one federation, so that they enter."""


def wait_for_the_entry(ledger: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the ledger has an unfinished entry, or the process has ended."""
    while process.poll() is None and not any(ledger.glob(".pending-*")):
        time.sleep(0.001)


def test_killed_a_hundred_times_nothing_is_lost(
    tmp_path: Path, recorded: Callable[[str, str], None]
) -> None:
    answers, releases, ledger = (tmp_path / name for name in ("svar", "utgåvor", "liggare"))
    environment = {
        **os.environ,
        "FOV_RESPONSES": str(answers),
        "FOV_RELEASE": str(releases),
        "FOV_LEDGER": str(ledger),
    }
    command = [sys.executable, "-m", "fovdata", "release"]

    def started() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=settings.ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    people = population()
    halland = people.filter(pa.compute.equal(people["federation"], "halland"))
    answers.mkdir()
    pq.write_table(people, answers / "start.parquet")
    begun = time.monotonic()
    first = started()
    wait_for_the_entry(ledger, first)
    at_the_entry = time.monotonic()
    assert first.wait() == 0
    ended = time.monotonic()

    chance = random.Random(20221231)
    killed = before = after = during = 0
    while killed < KILLS:
        batch = halland.slice(0, NEW)
        ids = [f"{chance.getrandbits(128):032x}" for _ in range(NEW)]
        batch = batch.set_column(0, people.schema.field("response_id"), pa.array(ids))
        pq.write_table(batch, answers / f"{time.monotonic_ns()}.parquet")
        served = current(releases).number
        kept = (releases / str(served) / "counts.parquet").read_bytes()

        process = started()
        if killed % 2:  # anywhere
            time.sleep(chance.uniform(0, ended - begun))
        else:  # while it reads, counts and writes
            wait_for_the_entry(ledger, process)
            time.sleep(chance.uniform(0, ended - at_the_entry))
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            continue  # it was done already
        killed += 1
        during += any(ledger.glob(".pending-*"))

        number = current(releases).number
        assert number in (served, served + 1)
        assert (releases / str(served) / "counts.parquet").read_bytes() == kept
        before, after = before + (number == served), after + (number > served)

    assert started().wait() == 0
    last = current(releases)
    assert [open_release(releases / str(n + 1)).number for n in range(last.number)]
    assert not [path for path in (*releases.iterdir(), *ledger.iterdir()) if path.name[0] == "."]
    batches = [pq.read_table(file).num_rows for file in answers.iterdir()]
    in_ledger = pq.read_table(ledger / str(last.number) / "answers.parquet").num_rows
    assert in_ledger == sum(batches)
    recorded(
        "A release killed at random moments",
        f"{killed} kills (SIGKILL; half evenly over the time that a release takes, half over the "
        f"part in which it writes; {during} struck while an entry of the ledger was unfinished): "
        f"{before} left the earlier release in place, {after} came after the new one was; 0 left "
        f"none that opens, and 0 of {sum(batches):,} answers were lost or counted twice in release "
        f"{last.number}.",
    )
