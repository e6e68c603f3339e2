"""How long a release takes, and how much memory, against the database doing only the grouping."""

import statistics
import tempfile
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.measuring import measure, measured, ratio
from bench.report import Chapter, table
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


def chapter() -> Chapter:
    """Measure all sizes."""
    rows = []
    with tempfile.TemporaryDirectory() as made:
        for size in SIZES:
            answers = Path(made) / str(size)
            write_answers(answers, size)
            whole, memory = measured("bench.release", "release", answers)
            least, bare = measured("bench.release", "grouping", answers)
            rows.append(
                (
                    f"{size:,}",
                    f"{statistics.median(whole):.2f}",
                    f"{memory:.0f}",
                    f"{statistics.median(least):.2f}",
                    f"{bare:.0f}",
                    f"{ratio(whole, least):.1f}",
                )
            )
            print(*rows[-1], flush=True)
    head = ("answers", "release, s", "peak memory, MB", "grouping alone, s")
    return Chapter(
        "Making a release",
        "Checking every value, choosing what enters, counting all labels of all offered tables, "
        "protecting them and writing release and ledger, against DuckDB doing the counting alone "
        "(all labels in every table of up to two dimensions). Seconds are medians of processes of "
        "their own, memory is the largest peak; starting Python is left out of the seconds and is "
        "part of the memory.",
        table((*head, "peak memory, MB", "ratio"), rows),
    )


if __name__ == "__main__":
    measure({"release": release, "grouping": grouping})
