"""How long a release takes, and how much memory, against the database doing only the grouping.

Run by `make bench`; writes docs/benchmarks.md.
"""

import datetime
import platform
import resource
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fovdata import registry, settings
from fovdata.release import building, counting
from fovdata.selection import DIMENSIONS

SIZES = (2_200, 100_000, 1_000_000)
RUNS = 3
DEMO = settings.ROOT / "data" / "demo" / "answers.parquet"


def write_answers(folder: Path, size: int) -> None:
    """So many synthetic answers: those of the demo drawn again and again, with new ids."""
    demo = pq.read_table(DEMO)
    chance = np.random.default_rng(size)
    drawn = demo.take(chance.integers(0, len(demo), size))
    ids = pa.array([chance.bytes(16).hex() for _ in range(size)])
    column = drawn.schema.get_field_index("response_id")
    folder.mkdir()
    pq.write_table(drawn.set_column(column, "response_id", ids), folder / "answers.parquet")


def release(answers: Path) -> None:
    """The whole command."""
    with tempfile.TemporaryDirectory() as made:
        folders = Path(made) / "releases", Path(made) / "ledger"
        building.build(answers, *folders, registry.load())


def grouping(answers: Path) -> None:
    """The least that any release has to do: DuckDB counting all labels in all such tables."""
    tables = [table for size in range(3) for table in combinations(DIMENSIONS, size)]
    regions = {one.slug: one.region for one in registry.load().federations}
    for _ in counting.count(counting.batches(answers), tables, regions):
        pass


def measured(what: str, answers: Path) -> tuple[float, float]:
    """Median seconds and peak memory in MB of a part, each run in a process of its own."""
    command = [sys.executable, "-m", "bench.release", what, str(answers)]
    found = []
    for _ in range(RUNS):
        said = subprocess.run(
            command, cwd=settings.ROOT, capture_output=True, text=True, check=True
        )
        seconds, memory = map(float, said.stdout.split())
        found.append((seconds, memory))
    seconds = sorted(one for one, _ in found)[RUNS // 2]
    return seconds, max(memory for _, memory in found)


def main() -> None:
    """Measure all sizes, print them and write the page."""
    lines = [
        "| answers | release, s | peak memory, MB | grouping alone, s | peak memory, MB | ratio |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as made:
        for size in SIZES:
            answers = Path(made) / str(size)
            write_answers(answers, size)
            whole, memory = measured("release", answers)
            bare, least = measured("grouping", answers)
            lines.append(
                f"| {size:,} | {whole:.2f} | {memory:.0f} | {bare:.2f} | {least:.0f} "
                f"| {whole / bare:.1f} |"
            )
            print(lines[-1])
    text = (
        "# Benchmarks\n\n"
        f"Made by `make bench` on {datetime.date.today().isoformat()}, Python "
        f"{platform.python_version()}, DuckDB {duckdb.__version__}.\n\n"
        "## Making a release\n\n"
        "Checking every value, choosing what enters, counting all labels of all offered tables, "
        "protecting them and writing release and ledger, against DuckDB doing the counting alone "
        f"(all labels in every table of up to two dimensions). Median seconds of {RUNS} runs, "
        "each in a process of its own, and the largest peak memory; starting Python is left out "
        "of the seconds and is part of the memory.\n\n" + "\n".join(lines) + "\n"
    )
    (settings.ROOT / "docs" / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        started = time.perf_counter()
        {"release": release, "grouping": grouping}[sys.argv[1]](Path(sys.argv[2]))
        seconds = time.perf_counter() - started
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
