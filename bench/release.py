"""How long a release takes, and how much memory, against the database doing only the grouping."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.measuring import Spread, alternately, measure, measured, ratio
from bench.report import Chapter, Goal, table
from fovdata import questionnaire as form
from fovdata import registry, settings
from fovdata.release import building, counting

RUNS = {2_200: 1, 100_000: 1, 1_000_000: 1, 10_000_000: 2}
"""How often each size is measured, by its number of answers."""
LARGEST = max(RUNS)
TIMES, MEMORY = 2, 2_000
"""The goals at the largest size: times the grouping alone, and MB."""

DEMO = settings.ROOT / "data" / "demo" / "answers.parquet"
TOGETHER = (
    ("data",),
    ("year", "half_year", "federation"),
    ("gender", "age_band", *(question.code for question in form.QUESTIONS)),
    ("authority",),
    ("fill_count",),
)
"""Columns that one answer of the demo gives to an answer that is made."""
_A_TIME = 500_000


def write_answers(folder: Path, size: int) -> None:
    """So many synthetic answers: parts of those of the demo put together anew, with new ids.

    Drawn whole, there would be 2,500 different ones however many there are.
    """
    demo = pq.read_table(DEMO).replace_schema_metadata(None)
    chance = np.random.default_rng(size)
    folder.mkdir(parents=True)
    texts = demo.schema.names[1:]
    file = folder / "answers.parquet"
    with pq.ParquetWriter(file, demo.schema, compression="zstd", use_dictionary=texts) as written:
        for start in range(0, size, _A_TIME):
            rows = min(_A_TIME, size - start)
            columns = {"response_id": _ids(chance, rows)}
            for names in TOGETHER:
                drawn = demo.select(names).take(chance.integers(0, len(demo), rows))
                columns.update(zip(names, drawn.columns, strict=True))
            written.write_table(pa.table(columns).select(demo.schema.names).cast(demo.schema))


@functools.cache
def made(size: int) -> Path:
    """A place with so many synthetic answers in its folder "answers", until this process ends."""
    place = tempfile.TemporaryDirectory()
    atexit.register(place.cleanup)
    write_answers(Path(place.name) / "answers", size)
    return Path(place.name)


def released(size: int) -> Path:
    """A folder with a release of so many: the one that was measured, or a new one."""
    place = made(size)
    if not (place / "releases").exists():
        release(place)
    return place / "releases"


def _ids(chance: np.random.Generator, rows: int) -> pa.Array:
    text = chance.bytes(16 * rows).hex().encode()
    starts = np.arange(0, len(text) + 1, 32, dtype=np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(starts), pa.py_buffer(text))


def release(place: Path) -> None:
    """The whole command, of the answers of a place."""
    for earlier in ("releases", "ledger"):
        shutil.rmtree(place / earlier, ignore_errors=True)
    building.build(place / "answers", place / "releases", place / "ledger", registry.load())


def grouping(place: Path) -> None:
    """What any release is added up from, plainly: each label's count in every smallest cell."""
    labels = ", ".join(f"count_if({condition})" for condition in counting.CONDITIONS.values())
    dimensions = ", ".join({*counting.RESPONSE_COLUMN.values()} - {"region"})
    _run(
        place,
        f"SELECT fill_count, {dimensions}, sum(md5_number_lower(response_id)), {labels} "
        "FROM read_parquet(?) GROUP BY ALL",
    )


def one_pass(place: Path) -> None:
    """One pass over the answers: those that say the same, grouped and numbered."""
    columns = ["year", "federation", "gender", "age_band", "authority", "fill_count"]
    columns += [question.code for question in form.QUESTIONS]
    _run(place, f"SELECT {', '.join(columns)}, count(*) FROM read_parquet(?) GROUP BY ALL")


def _run(place: Path, query: str) -> None:
    files = [str(file) for file in counting.batches(place / "answers")]
    with duckdb.connect() as connection:
        # Kept in the database: handing the groups over to Python is no part of grouping.
        connection.execute(f"CREATE TEMP TABLE grouped AS {query}", [files])


def chapter() -> Chapter:
    """Measure all sizes."""
    rows, goals = [], []
    for size, runs in RUNS.items():
        parts = {
            what: functools.partial(measured, "bench.release", what, made(size), runs=1)
            for what in PARTS
        }
        found = alternately(parts, runs, unmeasured=0)
        seconds = {what: [one for (one,), _ in taken] for what, taken in found.items()}
        peak = {what: max(memory for _, memory in taken) for what, taken in found.items()}
        times = ratio(seconds["release"], seconds["grouping"])
        row: list[object] = [f"{size:,}"]
        for what in parts:
            row += [f"{Spread.of(seconds[what]):.2f}", f"{peak[what]:,.0f}"]
        rows.append((*row, f"{times:.2f}"))
        print(*rows[-1], flush=True)
        if size == LARGEST // 100:
            (least,) = seconds["release"]
        if size == LARGEST:
            whole, bare = (Spread.of(seconds[what]).median for what in ("release", "grouping"))
            counted = (whole - least) / bare
            goals = [
                Goal(
                    f"f. release of {size:,} answers",
                    f"≤ {TIMES} × the bare grouping",
                    f"{times:.2f}",
                    times.median <= TIMES,
                    f"{least:.1f} s of its {whole:.1f} protect and write the tables, which takes "
                    "as long for a hundredth of the answers; "
                    f"checking, choosing and counting them takes {counted:.2f} × the grouping"
                    if times.median > TIMES
                    else "",
                ),
                Goal(
                    "f. its peak memory",
                    f"≤ {MEMORY:,} MB",
                    f"{peak['release']:,.0f} MB",
                    peak["release"] <= MEMORY,
                ),
            ]
    head = ("answers", "release, s", "MB", "grouping, s", "MB", "one pass, s", "MB", "ratio")
    return Chapter(
        "Making a release",
        "Checking every value, choosing what enters, counting all labels of all offered tables, "
        "protecting them and writing release and ledger, against DuckDB doing the grouping alone: "
        "one plain query with the record key and the count of every label in every smallest "
        "cell, which all tables can be added up from. “One pass” is a smaller thing that no "
        "release can be made of, for scale: answers that say the same, grouped and numbered. "
        "Processes of their own take turns; memory is the largest peak. Starting Python is left "
        "out of the seconds and is part of the memory.",
        table(head, rows),
        goals,
    )


PARTS = {"release": release, "grouping": grouping, "one pass": one_pass}

if __name__ == "__main__":
    measure(PARTS)
