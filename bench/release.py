"""How long a release takes, and how much memory, against the database doing only the grouping."""

import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.measuring import RUNS, measure, measured
from fovdata import registry, settings
from fovdata.release import building, counting
from fovdata.selection import DIMENSIONS

SIZES = (2_200, 100_000, 1_000_000)
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


def section() -> str:
    """Measure all sizes, print them, and return the page's section."""
    lines = [
        "| answers | release, s | peak memory, MB | grouping alone, s | peak memory, MB | ratio |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as made:
        for size in SIZES:
            answers = Path(made) / str(size)
            write_answers(answers, size)
            whole, memory = measured("bench.release", "release", answers)
            bare, least = measured("bench.release", "grouping", answers)
            lines.append(
                f"| {size:,} | {whole:.2f} | {memory:.0f} | {bare:.2f} | {least:.0f} "
                f"| {whole / bare:.1f} |"
            )
            print(lines[-1])
    return (
        "## Making a release\n\n"
        "Checking every value, choosing what enters, counting all labels of all offered tables, "
        "protecting them and writing release and ledger, against DuckDB doing the counting alone "
        f"(all labels in every table of up to two dimensions). Median seconds of {RUNS} runs, "
        "each in a process of its own, and the largest peak memory; starting Python is left out "
        "of the seconds and is part of the memory.\n\n" + "\n".join(lines) + "\n"
    )


if __name__ == "__main__":
    measure({"release": release, "grouping": grouping})
