"""A release: what is in it, that it is whole or not at all, its key, and opening it."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import MakeRelease, WriteAnswers

from fovdata import measures, settings
from fovdata.figures.release import (
    NotOffered,
    Release,
    ReleaseUnreadable,
    current,
    newest,
    open_release,
)
from fovdata.measures import RELEASE_FORMAT
from fovdata.registry import Registry
from fovdata.release import building, keys
from fovdata.rules import RULES
from fovdata.selection import DIMENSIONS, Selection

DEMO = settings.ROOT / "data" / "demo"

FEW = """
times gender q1  q6
40    kvinna ja  ja
30    man    nej nej
"""


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
    assert metadata["date"] == date.today().isoformat()
    assert metadata["data"] == "synthetic"
    assert abs(metadata["total"] - 2200) <= RULES.bound
    assert metadata["rules"] == asdict(RULES)
    assert metadata["categories"].keys() == set(DIMENSIONS)
    assert metadata["region_of"] == {f.slug: f.region for f in registry.federations}


def test_the_release_opens_as_it_was_written(release: Release, releases: Path) -> None:
    metadata = json.loads((releases / "1" / "release.json").read_text(encoding="utf-8"))
    assert (release.number, release.data) == (1, "synthetic")
    assert release.date == date.today()
    assert release.rules == RULES
    assert release.total == metadata["total"] == release.counts(Selection())[()].values["n|all"]


def test_a_release_holds_no_single_answers(releases: Path) -> None:
    answers = pq.read_table(DEMO / "answers.parquet")
    table = pq.read_table(releases / "1" / "counts.parquet")
    assert table.column_names == ["dimensions", *DIMENSIONS, "fill_count", "label", "value"]
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
        filled = [dimension for dimension in DIMENSIONS if row[dimension] is not None]
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
        place = tuple(row[name] for name in ("dimensions", *DIMENSIONS, "fill_count"))
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
    again = building.build(DEMO, tmp_path, registry)
    first = (releases / "1" / "counts.parquet").read_bytes()
    assert (again / "counts.parquet").read_bytes() == first


# Written whole or not at all


def test_releases_are_numbered_from_one(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    answers, folder = write_answers(FEW), tmp_path / "en" / "ny" / "mapp"
    made = [building.build(answers, folder, registry) for _ in range(3)]
    assert made == [folder / "1", folder / "2", folder / "3"]
    assert [open_release(path).number for path in made] == [1, 2, 3]


def test_a_number_is_not_used_again_where_others_are_missing(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    answers, folder = write_answers(FEW), tmp_path / "utgåvor"
    for number in ("1", "9"):
        (folder / number).mkdir(parents=True)
    assert building.build(answers, folder, registry).name == "10"
    assert current(folder).number == 10


def test_a_release_made_meanwhile_by_somebody_else_is_left_alone(
    write_answers: WriteAnswers,
    registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, folder = write_answers(FEW), tmp_path / "utgåvor"
    rename = Path.rename

    def late(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "rename", rename)
        (folder / "1").mkdir()
        (folder / "1" / "release.json").write_text("någon annans")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", late)
    assert building.build(answers, folder, registry) == folder / "2"
    assert open_release(folder / "2").number == 2
    assert (folder / "1" / "release.json").read_text() == "någon annans"


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
    building.build(answers, folder, registry)
    with monkeypatch.context() as broken:
        broken.setattr(owner, name, Full())
        with pytest.raises(building.ReleaseFault, match=r"kunde inte skrivas.*orörda") as refused:
            building.build(answers, folder, registry)
        assert "No space left" not in str(refused.value)
        assert "disken har plats" in str(refused.value)
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
        building.build(answers, tmp_path / "utgåvor", registry)
    assert list((tmp_path / "utgåvor").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_to_be_so(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "fil").write_text("")
    with pytest.raises(building.ReleaseFault, match="kunde inte skrivas"):
        building.build(write_answers(FEW), tmp_path / "fil", registry)


# The key


def key_file(path: Path, secret: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(secret)
    path.chmod(mode)
    return path


def test_synthetic_answers_need_no_key(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    made = building.build(write_answers(FEW), tmp_path / "utgåvor", registry, key=None)
    assert open_release(made).data == "synthetic"


def test_real_answers_with_a_key_make_a_release_that_says_so(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    key = key_file(tmp_path / "nyckel", bytes(range(32)))
    answers = write_answers(FEW, data="real")
    made = building.build(answers, tmp_path / "utgåvor", registry, key)
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
        building.build(answers, tmp_path / "utgåvor", registry, make(tmp_path / "nyckel"))
    assert not (tmp_path / "utgåvor").exists()


def test_a_made_key_is_random_private_and_can_be_read(tmp_path: Path) -> None:
    for name in ("en", "annan"):
        keys.make(tmp_path / name)
    assert (tmp_path / "en").stat().st_mode & 0o777 == 0o600
    assert len(keys.read(tmp_path / "en")) == 32
    assert keys.read(tmp_path / "en") != keys.read(tmp_path / "annan")


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    key = key_file(tmp_path / "nyckel", bytes(range(32)))
    with pytest.raises(keys.KeyFault, match="finns redan"):
        keys.make(key)
    assert keys.read(key) == bytes(range(32))


def test_a_key_in_no_folder_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyFault, match=r"kunde inte skrivas.*Se efter att mappen finns"):
        keys.make(tmp_path / "ingen" / "nyckel")


# Opening it


@pytest.fixture
def copy(releases: Path, tmp_path: Path) -> Path:
    """A copy of the demo release, to be damaged."""
    return Path(shutil.copytree(releases / "1", tmp_path / "utgåvor" / "1"))


def metadata_of(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "release.json").read_text(encoding="utf-8")))


def rewrite(folder: Path, **changed: object) -> None:
    """Write over parts of the metadata."""
    text = json.dumps(metadata_of(folder) | changed)
    (folder / "release.json").write_text(text, encoding="utf-8")


def forget(folder: Path, name: str) -> None:
    """Take one part of the metadata away."""
    kept = {key: value for key, value in metadata_of(folder).items() if key != name}
    (folder / "release.json").write_text(json.dumps(kept), encoding="utf-8")


def rule(name: str, value: object) -> Callable[[Path], None]:
    """One parameter of the rules written over."""
    return lambda folder: rewrite(folder, rules=asdict(RULES) | {name: value})


def categories(**changed: object) -> Callable[[Path], None]:
    """Some dimension's categories written over."""
    return lambda folder: rewrite(folder, categories={d: ["a"] for d in DIMENSIONS} | changed)


def counts_of(change: Callable[[pa.Table], pa.Table | bytes]) -> Callable[[Path], None]:
    """Another table of counts, which the metadata take for the right one."""

    def damage(folder: Path) -> None:
        file = folder / "counts.parquet"
        changed = change(pq.read_table(file))
        if isinstance(changed, bytes):
            file.write_bytes(changed)
        else:
            pq.write_table(changed, file)
        rewrite(folder, counts_sha256=hashlib.sha256(file.read_bytes()).hexdigest())

    return damage


def without_last(name: str) -> Callable[[pa.Table], pa.Table]:
    """A column whose last value is missing."""

    def change(table: pa.Table) -> pa.Table:
        values = [*table[name].to_pylist()[:-1], None]
        column = table.schema.get_field_index(name)
        return table.set_column(column, name, pa.array(values, table.schema.field(name).type))

    return change


def truncate(folder: Path) -> None:
    file = folder / "counts.parquet"
    file.write_bytes(file.read_bytes()[:-100])


def alter(folder: Path) -> None:
    """One protected count, one more."""
    table = pq.read_table(folder / "counts.parquet")
    values = table["value"].to_pylist()
    values[0] += 1
    changed = table.set_column(table.num_columns - 1, "value", pa.array(values, pa.int32()))
    pq.write_table(changed, folder / "counts.parquet")


@pytest.mark.parametrize(
    "damage",
    [
        shutil.rmtree,
        lambda folder: (folder / "release.json").unlink(),
        lambda folder: (folder / "release.json").write_text("{"),
        lambda folder: (folder / "release.json").write_text(""),
        lambda folder: (folder / "release.json").write_text("[]"),
        lambda folder: (folder / "release.json").write_text("null"),
        lambda folder: (folder / "release.json").write_text("{}"),
        lambda folder: (folder / "release.json").write_bytes(b"\xff\xfe\x00"),
        lambda folder: (folder / "release.json").write_text('{"format": 1}'),
        lambda folder: (folder / "counts.parquet").unlink(),
        lambda folder: (folder / "counts.parquet").write_bytes(b""),
        lambda folder: (folder / "counts.parquet").write_bytes(b"PAR1"),
        truncate,
        alter,
        lambda folder: (folder / "release.json").write_text("[" * 100_000),
        lambda folder: rewrite(folder, format=True),
        lambda folder: rewrite(folder, format="1"),
        lambda folder: forget(folder, "number"),
        lambda folder: rewrite(folder, number="1"),
        lambda folder: rewrite(folder, total=2200.5),
        lambda folder: rewrite(folder, data=None),
        lambda folder: rewrite(folder, data="foo"),
        lambda folder: rewrite(folder, date="i går"),
        lambda folder: rewrite(folder, date=20230214),
        lambda folder: rewrite(folder, rules={"show": 20, "hide": 3}),
        lambda folder: rewrite(folder, rules={}),
        rule("hide", 3),
        rule("show", "20"),
        rule("show", None),
        rule("show", 20.5),
        rule("show", True),
        rule("show", 0),
        rule("sigma", float("nan")),
        rule("sigma", "2"),
        lambda folder: rewrite(folder, tables=7),
        lambda folder: rewrite(folder, tables=["period"]),
        lambda folder: forget(folder, "categories"),
        lambda folder: rewrite(folder, categories=[]),
        lambda folder: rewrite(folder, categories={"period": ["2022"]}),
        categories(age=None),
        categories(age="16-24"),
        categories(age=[16]),
        lambda folder: rewrite(folder, region_of=["halland"]),
        lambda folder: rewrite(folder, region_of={"halland": 13}),
        lambda folder: rewrite(folder, total=1),
        counts_of(lambda _: b"PAR1"),
        counts_of(lambda table: table.drop_columns("label")),
        counts_of(lambda table: table.append_column("ort", table["label"])),
        counts_of(lambda table: table.rename_columns([*table.column_names[:-1], "antal"])),
        counts_of(lambda table: table.set_column(9, "value", table["value"].cast(pa.string()))),
        counts_of(lambda table: table.slice(0, 0)),
        counts_of(without_last("dimensions")),
        counts_of(without_last("label")),
        counts_of(without_last("value")),
    ],
)
def test_a_damaged_release_is_refused_with_what_to_do(
    damage: Callable[[Path], object], copy: Path
) -> None:
    damage(copy)
    with pytest.raises(ReleaseUnreadable) as refused:
        open_release(copy)
    said = str(refused.value)
    assert said.startswith("Utgåva 1 i FOV_RELEASE är inte hel: ")
    assert said.endswith("Hämta utgåvan på nytt eller gör en ny med: python -m fovdata release")


def test_a_release_of_a_newer_format_is_refused_with_what_to_do(copy: Path) -> None:
    rewrite(copy, format=RELEASE_FORMAT + 1)
    with pytest.raises(ReleaseUnreadable) as refused:
        open_release(copy)
    assert str(refused.value) == (
        "Utgåva 1 i FOV_RELEASE har format 2, men det här programmet läser format 1. "
        "Uppdatera programmet, eller gör utgåvan på nytt."
    )


@pytest.mark.parametrize("parameter", [field.name for field in fields(RULES)])
def test_a_release_without_one_of_its_parameters_is_refused(parameter: str, copy: Path) -> None:
    kept = {name: value for name, value in asdict(RULES).items() if name != parameter}
    rewrite(copy, rules=kept)
    with pytest.raises(ReleaseUnreadable, match="saknar uppgifter"):
        open_release(copy)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_release_without_a_dimension_s_categories_is_refused(dimension: str, copy: Path) -> None:
    kept = {d: ["a"] for d in DIMENSIONS if d != dimension}
    rewrite(copy, categories=kept)
    with pytest.raises(ReleaseUnreadable, match="saknar uppgifter"):
        open_release(copy)


def test_a_folder_named_as_a_setting_adds_no_column(releases: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(releases / "1", tmp_path / "miljö=prov" / "1")
    assert open_release(folder).number == 1


@pytest.mark.parametrize(
    "inside", [[], [".draft-x"], ["anteckningar"], ["007"], ["٣"], ["0"], ["1.bak"]]
)
def test_a_folder_without_releases_is_refused_with_what_to_do(
    inside: list[str], tmp_path: Path
) -> None:
    for name in inside:
        (tmp_path / name).mkdir()
    for folder in (tmp_path, tmp_path / "finns inte"):
        with pytest.raises(ReleaseUnreadable) as refused:
            current(folder)
        assert str(refused.value) == (
            "Det finns ingen utgåva i FOV_RELEASE. Gör en med: python -m fovdata release"
        )


def test_a_folder_that_may_not_be_read_is_refused_with_what_to_do(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(ReleaseUnreadable, match="FOV_RELEASE går inte att läsa"):
        current(copy.parent)


def test_the_newest_release_is_served_without_a_restart(copy: Path) -> None:
    folder = copy.parent
    assert current(folder).number == 1
    second = shutil.copytree(copy, folder / "2")
    rewrite(second, number=2)
    assert current(folder).number == 2
    assert current(folder) is current(folder)  # read once


def test_ten_is_newer_than_nine_and_drafts_are_passed_over(tmp_path: Path) -> None:
    for name in ("9", "10", ".draft-99", "11-gammal", "anteckningar", "0011", "٣٣"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "release.json").touch()
    assert newest(tmp_path) == tmp_path / "10"


def test_what_is_no_release_does_not_stand_in_front_of_one(copy: Path) -> None:
    folder = copy.parent
    (folder / "2").mkdir()
    (folder / "3").mkdir()
    shutil.copy(copy / "counts.parquet", folder / "3")  # still being copied
    (folder / "99").touch()
    assert current(folder).number == 1
    for name in ("1", "2", "3"):
        shutil.rmtree(folder / name)
    with pytest.raises(ReleaseUnreadable, match="Det finns ingen utgåva"):
        current(folder)


def test_a_release_alone_that_lost_its_metadata_is_said_by_its_number(copy: Path) -> None:
    (copy / "release.json").unlink()
    with pytest.raises(ReleaseUnreadable, match=r"Utgåva 1 .* release\.json saknas"):
        current(copy.parent)


def test_a_release_that_does_not_open_is_tried_again(copy: Path) -> None:
    metadata = (copy / "release.json").read_text(encoding="utf-8")
    (copy / "release.json").unlink()
    with pytest.raises(ReleaseUnreadable):
        current(copy.parent)
    (copy / "release.json").write_text(metadata, encoding="utf-8")
    assert current(copy.parent).number == 1


# Asking it


def test_what_is_not_offered_is_refused(release: Release) -> None:
    refused = [
        (Selection(federation=("halland",), age=("16-24",)), ()),
        (Selection(federation=("halland",), period=("2022",)), ()),
        (Selection(federation=("halland",)), ("authority",)),
        (Selection(region=("13",), gender=("man",)), ("age",)),
        (Selection(region=("13",)), ("gender", "age")),
        (Selection(), ("period", "gender", "age")),
        (Selection(region=("13",), federation=("halland",)), ("age",)),
        (Selection(federation=("halland",)), ("region",)),
    ]
    for selection, by in refused:
        with pytest.raises(NotOffered):
            release.counts(selection, by)


def test_the_third_gender_answer_is_refused_below_the_country(release: Release) -> None:
    assert release.counts(Selection(gender=("annat",)))
    for chosen in ({"region": ("14",)}, {"period": ("2022",)}, {"federation": ("skaraborg",)}):
        for gender in (("annat",), ("kvinna", "annat")):
            with pytest.raises(NotOffered):
                release.counts(Selection(gender=gender, **chosen))
    with pytest.raises(NotOffered):
        release.counts(Selection(gender=("annat",)), ("age",))
    # Nor is it a group of a split.
    assert release.counts(Selection(), ("period", "gender")).keys() == {
        (year, gender) for year in release.categories["period"] for gender in ("kvinna", "man")
    }
