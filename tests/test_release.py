"""A release: what is in it, that it is whole or not at all, and its key."""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import MakeRelease, WriteAnswers

from fovdata import batches, keys, measures, settings
from fovdata.figures.release import (
    Release,
    current,
    open_release,
)
from fovdata.measures import RELEASE_FORMAT
from fovdata.registry import Registry
from fovdata.release import building
from fovdata.rules import RULES
from fovdata.selection import DIMENSIONS, LATEST, Selection

DIVISIONS = (*DIMENSIONS, LATEST)
DEMO = settings.ROOT / "data" / "demo"

FEW = """
times gender q1  q6
40    kvinna ja  ja
30    man    nej nej
"""


def build(answers: Path, releases: Path, registry: Registry, key: Path | None = None) -> Path:
    """Make the next release, with the ledger beside the releases."""
    return building.build(answers, releases, releases.parent / "liggare", registry, key).folder


@pytest.fixture
def counts(releases: Path) -> list[dict[str, object]]:
    """The demo release's rows."""
    return list(pq.read_table(releases / "1" / "counts.parquet").to_pylist())


# What is in it


def test_a_release_is_two_files(releases: Path) -> None:
    assert [path.name for path in releases.iterdir()] == ["1"]
    assert {path.name for path in (releases / "1").iterdir()} == {"counts.parquet", "release.json"}


def test_the_metadata_are_complete(releases: Path, registry: Registry) -> None:
    metadata = json.loads((releases / "1" / "release.json").read_text(encoding="utf-8"))
    assert metadata.keys() == {
        "format",
        "number",
        "date",
        "data",
        "total",
        "rules",
        "categories",
        "region_of",
        "tables",
        "counts_sha256",
    }
    assert metadata["format"] == RELEASE_FORMAT
    assert metadata["number"] == 1
    assert (date.today() - date.fromisoformat(metadata["date"])).days in (0, 1)
    assert metadata["data"] == "synthetic"
    assert abs(metadata["total"] - 2200) <= RULES.bound
    assert metadata["rules"] == asdict(RULES)
    assert metadata["categories"].keys() == set(DIMENSIONS)
    assert metadata["region_of"] == {f.slug: f.region for f in registry.federations}


def test_the_release_opens_as_it_was_written(release: Release, releases: Path) -> None:
    metadata = json.loads((releases / "1" / "release.json").read_text(encoding="utf-8"))
    assert (release.number, release.data) == (1, "synthetic")
    assert release.date.isoformat() == metadata["date"]
    assert release.rules == RULES
    assert release.total == metadata["total"] == release.counts(Selection())[()].values["n|all"]


def test_a_release_holds_no_single_answers(releases: Path) -> None:
    answers = pq.read_table(DEMO / "answers.parquet")
    table = pq.read_table(releases / "1" / "counts.parquet")
    assert table.column_names == ["dimensions", *DIVISIONS, "fill_count", "label", "value"]
    said = {str(value) for column in table.columns for value in column.unique().to_pylist()}
    said |= set(re.findall(r'"([^"]*)"', (releases / "1" / "release.json").read_text("utf-8")))
    assert not said & set(answers["response_id"].to_pylist())
    assert not [value for value in said if re.fullmatch("[0-9a-f]{32}", value)]
    assert not said & {"ja", "nej", "blank"}
    schema = pq.read_schema(releases / "1" / "counts.parquet")
    assert not schema.metadata or b"description" not in schema.metadata


def test_a_release_holds_the_offered_tables_and_no_other(
    counts: list[dict[str, object]], release: Release
) -> None:
    assert {row["dimensions"] for row in counts} == {
        "fill_count",
        *(",".join(table) for table in release.tables),
    }
    for row in counts:
        filled = [dimension for dimension in DIVISIONS if row[dimension] is not None]
        if row["fill_count"] is None:
            assert ",".join(filled) == row["dimensions"]
        else:
            assert (row["dimensions"], filled) == ("fill_count", [])


def test_repeat_forms_stand_in_one_national_table(counts: list[dict[str, object]]) -> None:
    repeats = [row for row in counts if row["fill_count"] is not None]
    assert {row["fill_count"] for row in repeats} == {"2", "3+"}
    assert {row["label"] for row in repeats} == set(measures.SINGLE)


def test_the_third_gender_answer_has_its_national_cell_only(
    counts: list[dict[str, object]],
) -> None:
    assert {row["dimensions"] for row in counts if row["gender"] == "annat"} == {"gender"}


def test_other_ages_have_no_cell(counts: list[dict[str, object]], release: Release) -> None:
    bands = ["16-24", "25-34", "35-44", "45-54", "55-64"]
    assert {row["age"] for row in counts} == {None, *bands}
    assert release.categories["age"] == bands


def test_other_ages_are_part_of_totals(make_release: MakeRelease) -> None:
    made = make_release(
        """
        times age_band gender
        60    25-34    kvinna
        40    ovrig    kvinna
        20    ovrig    man
        """
    )
    assert made.total == 120
    assert made.counts(Selection())[()].values["n|all"] == 120
    women = made.counts(Selection(gender=("kvinna",)))[()]
    assert women.values["n|all"] == 100
    assert made.counts(Selection(), ("age",)).keys() == {("25-34",)}
    assert made.counts(Selection(), ("gender", "age")).keys() == {("kvinna", "25-34")}
    assert not made.counts(Selection(age=("ovrig",)))


def test_every_cell_carries_the_single_labels(counts: list[dict[str, object]]) -> None:
    cells: dict[tuple[object, ...], set[object]] = {}
    for row in counts:
        place = tuple(row[name] for name in ("dimensions", *DIVISIONS, "fill_count"))
        assert row["label"] not in cells.setdefault(place, set())
        cells[place].add(row["label"])
    assert all(labels >= set(measures.SINGLE) for labels in cells.values())


def labels_by_table(counts: list[dict[str, object]], labels: set[str]) -> set[object]:
    return {row["dimensions"] for row in counts if row["label"] in labels}


def test_two_questions_stand_together_by_one_dimension_at_most(
    counts: list[dict[str, object]],
) -> None:
    associations = {label for pair in measures.ASSOCIATIONS for label in measures.together(*pair)}
    assert labels_by_table(counts, associations) == {
        "",
        "period",
        "region",
        "federation",
        "gender",
        "age",
        "authority",
    }


def test_two_questions_stand_together_from_100_answers_on(
    counts: list[dict[str, object]],
) -> None:
    n_labels = {measures.together(*pair)[0] for pair in (*measures.ASSOCIATIONS, *measures.PAIRS)}
    found = [row["value"] for row in counts if row["label"] in n_labels]
    assert min(map(int, map(str, found))) >= RULES.association
    with_pairs = [
        row["federation"]
        for row in counts
        if row["dimensions"] == "federation" and row["label"] == "n|q6|q1"
    ]
    assert 4 <= len(with_pairs) <= 8  # the demo's larger federations


def test_pairs_of_kinds_are_national(counts: list[dict[str, object]]) -> None:
    pairs = {label for pair in measures.PAIRS for label in measures.together(*pair)}
    assert labels_by_table(counts, pairs) == {""}


def test_several_questions_are_national_or_by_gender(counts: list[dict[str, object]]) -> None:
    several = set(measures.SEVERAL_TOGETHER)
    assert labels_by_table(counts, several) == {"", "gender"}
    assert {row["gender"] for row in counts if row["label"] in several} == {None, "kvinna", "man"}


def test_nothing_else_is_counted(counts: list[dict[str, object]]) -> None:
    pairs = (*measures.ASSOCIATIONS, *measures.PAIRS)
    assert {row["label"] for row in counts} == {
        *measures.SINGLE,
        *measures.SEVERAL_TOGETHER,
        *(label for pair in pairs for label in measures.together(*pair)),
    }


def test_the_same_answers_make_the_same_file(
    releases: Path, registry: Registry, tmp_path: Path
) -> None:
    again = build(DEMO, tmp_path / "utgåvor", registry)
    first = (releases / "1" / "counts.parquet").read_bytes()
    assert (again / "counts.parquet").read_bytes() == first


# Written whole or not at all


def test_releases_are_numbered_from_one(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    answers, folder = write_answers(FEW), tmp_path / "en" / "ny" / "mapp"
    made = [build(answers, folder, registry) for _ in range(3)]
    assert made == [folder / "1", folder / "2", folder / "3"]
    assert [open_release(path).number for path in made] == [1, 2, 3]


def test_a_number_is_not_used_again_when_the_releases_were_moved_away(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    answers, folder = write_answers(FEW), tmp_path / "utgåvor"
    for _ in range(2):
        build(answers, folder, registry)
    shutil.rmtree(folder)  # moved to the server
    assert build(answers, folder, registry).name == "3"
    assert current(folder).number == 3


class Full:
    """A disk that is full when something is written to it."""

    def __call__(self, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("owner", "name"), [(pq, "write_table"), (Path, "write_text"), (Path, "rename")]
)
def test_a_failed_write_leaves_nothing_behind(
    owner: object,
    name: str,
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, folder = write_answers(FEW), tmp_path / "utgåvor"
    build(answers, folder, registry)
    with monkeypatch.context() as broken:
        broken.setattr(owner, name, Full())
        with pytest.raises(building.ReleaseFault, match=r"kunde inte skrivas.*orörda") as refused:
            build(answers, folder, registry)
        assert "No space left" not in str(refused.value)
        assert "disk och minne räcker" in str(refused.value)
    assert [path.name for path in folder.iterdir()] == ["1"]
    assert current(folder).number == 1


def test_an_interrupted_write_leaves_nothing_behind(
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    answers = write_answers(FEW)
    monkeypatch.setattr(pq, "write_table", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build(answers, tmp_path / "utgåvor", registry)
    assert list((tmp_path / "utgåvor").iterdir()) == []
    assert list((tmp_path / "liggare").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_to_be_so(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "fil").write_text("")
    with pytest.raises(building.ReleaseFault, match="kunde inte skrivas"):
        build(write_answers(FEW), tmp_path / "fil", registry)


# The store


def imported(folder: Path, people: pd.DataFrame) -> Path | None:
    about = batches.About("nns", "file", "", {}, datetime(2023, 1, 9, tzinfo=UTC))
    batch = batches.add(folder, people, about, "keep")
    return batch.path if batch else None


def test_a_release_counts_nobody_twice_and_nobody_who_was_withdrawn(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    """The third import died before it had emptied the first, of which it is a newer version."""
    people = pq.read_table(write_answers("times\n60") / "svar.parquet").to_pandas()
    store = tmp_path / "inlästa"
    first = imported(store, people[:40])
    assert first is not None
    as_it_was = first.read_bytes()
    imported(store, people[40:50])
    batches.withdraw(store, 2, "nns", datetime(2023, 1, 9, tzinfo=UTC))
    newer = pd.concat([people[1:40], people[50:53]])  # the first form is corrected, two have come
    imported(store, newer)
    first.write_bytes(as_it_was)

    build(store, tmp_path / "utgåvor", registry)
    released = pq.read_table(tmp_path / "liggare" / "1" / "answers.parquet")
    assert sorted(released["response_id"].to_pylist()) == sorted(newer["response_id"])


def test_no_batch_comes_or_goes_while_a_release_is_made(
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    people = pq.read_table(write_answers("times\n60") / "svar.parquet").to_pandas()
    store = tmp_path / "inlästa"
    imported(store, people[:40])
    monkeypatch.setattr(batches, "_WAIT", 0)
    refused = []

    def during(step: str) -> None:
        if step in (building.CHOOSE, building.COUNT):
            with pytest.raises(batches.StoreFault, match=r"eller gör en utgåva av dem\. Vänta"):
                imported(store, people[1:60])
            refused.append(step)

    building.build(store, tmp_path / "utgåvor", tmp_path / "liggare", registry, started=during)
    assert refused == [building.CHOOSE, building.COUNT]
    assert imported(store, people[1:60]) is not None


def test_no_release_is_made_while_a_batch_comes_or_goes(
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = write_answers("times\n60")
    monkeypatch.setattr(batches, "_WAIT", 0)
    handle = os.open(answers, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(building.ReleaseFault, match=r"läser in svar.*Ingen utgåva gjordes\."):
        build(answers, tmp_path / "utgåvor", registry)
    os.close(handle)
    assert build(answers, tmp_path / "utgåvor", registry).name == "1"


# The key


def key_file(path: Path, secret: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(secret)
    path.chmod(mode)
    return path


def test_synthetic_answers_need_no_key(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    made = build(write_answers(FEW), tmp_path / "utgåvor", registry, key=None)
    assert open_release(made).data == "synthetic"


def test_real_answers_with_a_key_make_a_release_that_says_so(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    key = key_file(tmp_path / "nyckel", bytes(range(32)))
    answers = write_answers(FEW, data="real")
    made = build(answers, tmp_path / "utgåvor", registry, key)
    assert open_release(made).data == "real"
    for file in made.iterdir():
        assert bytes(range(32)) not in file.read_bytes()
        assert bytes(range(32)).hex().encode() not in file.read_bytes()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _: None, "kräver en hemlig nyckel.*FOV_KEY.*python -m fovdata key"),
        (lambda path: path, "går inte att läsa. Se efter att filen finns och"),
        (lambda path: key_file(path, bytes(range(32)), 0o644), "kan läsas av andra.*chmod 600"),
        (lambda path: key_file(path, bytes(range(32)), 0o640), "kan läsas av andra"),
        (lambda path: key_file(path, bytes(range(31))), "ska vara 32 byte"),
        (lambda path: key_file(path, bytes(range(33))), "ska vara 32 byte"),
        (lambda path: key_file(path, b""), "ska vara 32 byte"),
        (lambda path: key_file(path, keys.SYNTHETIC_KEY), "syntetiska svarens nyckel är offentlig"),
    ],
    ids=["none", "missing", "world", "group", "short", "long", "empty", "synthetic"],
)
def test_real_answers_are_not_released_without_a_good_key(
    make: Callable[[Path], Path | None],
    message: str,
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
) -> None:
    answers = write_answers(FEW, data="real")
    with pytest.raises(keys.KeyFault, match=message):
        build(answers, tmp_path / "utgåvor", registry, make(tmp_path / "nyckel"))
    assert not (tmp_path / "utgåvor").exists()


def test_a_made_key_is_random_private_and_can_be_read(tmp_path: Path) -> None:
    for name in ("en", "annan"):
        keys.make(tmp_path / name, tmp_path / "utgåvor")
    assert (tmp_path / "en").stat().st_mode & 0o777 == 0o600
    assert len(keys.read(tmp_path / "en", tmp_path / "utgåvor")) == 32
    assert keys.read(tmp_path / "en", tmp_path / "utgåvor") != keys.read(
        tmp_path / "annan", tmp_path / "utgåvor"
    )


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    key = key_file(tmp_path / "nyckel", bytes(range(32)))
    with pytest.raises(keys.KeyFault, match="finns redan"):
        keys.make(key, tmp_path / "utgåvor")
    assert keys.read(key, tmp_path / "utgåvor") == bytes(range(32))


def test_a_key_in_no_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyFault, match=r"kunde inte skrivas.*Se efter att mappen finns"):
        keys.make(tmp_path / "ingen" / "nyckel", tmp_path / "utgåvor")
