"""How long a file takes to check, and how much memory, against DuckDB merely reading it."""

import csv
import datetime
import statistics
import tempfile
from pathlib import Path

import duckdb
import numpy as np

from bench.measuring import measure, measured, ratio
from bench.report import Chapter, table
from fovdata import questionnaire as form
from fovdata import registry, responses
from fovdata.intake import places, receiving

RUNS = {10_000: 2, 100_000: 1}
"""How often each size is measured, by its number of forms."""
HEADS = (
    *(one.label for one in form.FIELDS),
    *(f"Fråga {question.number}" for question in form.QUESTIONS),
)


def write_file(path: Path, rows: int) -> None:
    """A text file of so many forms as a spreadsheet would save them, all of them sound."""
    chance = np.random.default_rng(rows)
    day = datetime.date(2021, 7, 1)
    days = [(day + datetime.timedelta(days=n)).isoformat() for n in range(500)]
    places_ = [one.name for one in registry.load().municipalities]
    activities = [f"Steg {n}" for n in range(40)]
    columns = [
        chance.choice(values, rows)
        for values in (
            days,
            places_,
            [one.form for one in form.GENDERS],
            [str(age) for age in range(16, 65)],
            [one.form for one in form.FILL_COUNTS],
            [one.name for one in registry.load().federations if one.slug != "kalmar-lan"],
            [one.form for one in form.AUTHORITIES],
            activities,
            *(["Ja", "Nej", ""] for _ in form.QUESTIONS),
        )
    ]
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADS)
        writer.writerows(zip(*columns, strict=True))


def check(file: Path) -> None:
    """The whole check: read, look for personal data, interpret, anonymise, find faults."""
    place = places.Place(Path("/nonexistent"), bytes(range(32)), responses.SYNTHETIC)
    with file.open("rb") as source:
        found = receiving.receive(source, file.name, place, registry.load())
    assert not found.blocked


def reading(file: Path) -> None:
    """The least that any check has to do: DuckDB reading every cell as text."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT * FROM read_csv(?, delim=';', header=true, all_varchar=true)", [str(file)]
        )
        while rows.fetchmany(50_000):
            pass


def chapter() -> Chapter:
    """Measure all sizes."""
    rows = []
    with tempfile.TemporaryDirectory() as made:
        for size, runs in RUNS.items():
            file = Path(made) / f"{size}.csv"
            write_file(file, size)
            seconds, memory = measured("bench.intake", "check", file, runs)
            least, bare = measured("bench.intake", "reading", file, runs)
            rows.append(
                (
                    f"{size:,}",
                    f"{statistics.median(seconds):.2f}",
                    f"{statistics.median(seconds) * 100_000 / size:.2f}",
                    f"{memory:.0f}",
                    f"{statistics.median(least):.2f}",
                    f"{bare:.0f}",
                    f"{ratio(seconds, least):.1f}",
                )
            )
            print(*rows[-1], flush=True)
    head = ("forms", "check, s", "s per 100,000", "peak memory, MB", "reading alone, s")
    return Chapter(
        "Checking a file of forms",
        "Reading a text file, looking for personal data in every cell, interpreting, "
        "anonymising and finding faults, against DuckDB reading the same cells as text and "
        "handing them over. Seconds are medians of processes of their own, memory is the largest "
        "peak; starting Python is left out of the seconds and is part of the memory.",
        table((*head, "peak memory, MB", "ratio"), rows),
    )


if __name__ == "__main__":
    measure({"check": check, "reading": reading})
