"""Releases opened for reading: one that is whole, the newest of a folder, what may be asked."""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import MakeRelease
from hypothesis import given, settings, strategies

from fovdata.figures.release import (
    NotOffered,
    Release,
    ReleaseUnreadable,
    before,
    current,
    numbered,
    open_release,
    whole,
)
from fovdata.measures import RELEASE_FORMAT
from fovdata.rules import RULES, Rules
from fovdata.selection import DIMENSIONS, Selection

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
        return column(table, name, None)

    return change


def column(table: pa.Table, name: str, last: str | None) -> pa.Table:
    """The table with another last value in a column."""
    values = pa.array([*table[name].to_pylist()[:-1], last], table.schema.field(name).type)
    return table.set_column(table.schema.get_field_index(name), name, values)


def truncate(folder: Path) -> None:
    file = folder / "counts.parquet"
    file.write_bytes(file.read_bytes()[:-100])


def empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


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
        lambda folder: (folder / "release.json").write_text(f'{{"format": {RELEASE_FORMAT}}}'),
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
        lambda folder: rewrite(folder, number=2),
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
        counts_of(lambda table: pa.concat_tables([table, table.slice(7, 1)])),
        counts_of(lambda table: column(table, "dimensions", "ort")),
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
        f"Utgåva 1 i FOV_RELEASE har format {RELEASE_FORMAT + 1}, men det här programmet läser "
        f"format {RELEASE_FORMAT}. Uppdatera programmet, eller gör utgåvan på nytt."
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


def test_what_the_metadata_say_besides_is_no_fault(copy: Path) -> None:
    rewrite(copy, key_fingerprint="0123456789abcdef", made_by="någon")
    assert open_release(copy).number == 1


@pytest.mark.parametrize("parameter", [field.name for field in fields(RULES)])
def test_a_release_by_weaker_rules_is_refused_with_what_to_do(parameter: str, copy: Path) -> None:
    value = getattr(RULES, parameter)
    for other, refused in ((value, False), (value + 1, False), (value - 1, True)):
        rewrite(copy, rules=asdict(RULES) | {parameter: other})
        if not refused:
            assert getattr(open_release(copy).rules, parameter) == other
            continue
        with pytest.raises(ReleaseUnreadable) as fault:
            open_release(copy)
        assert str(fault.value) == (
            "Utgåva 1 i FOV_RELEASE är gjord med svagare röjanderegler än det här programmets "
            f"({parameter} är {other:g} och ska vara minst {value:g}) och visas inte. "
            "Gör en ny med: python -m fovdata release"
        )


def test_a_release_that_shows_one_person_is_not_served(copy: Path) -> None:
    rewrite(copy, rules=asdict(RULES) | {"show": 1})
    with pytest.raises(ReleaseUnreadable, match="show är 1 och ska vara minst 20"):
        current(copy.parent)
    for _ in range(2):
        (kept,) = whole(copy.parent, Rules(show=1))  # as a test may ask for
        assert kept is current(copy.parent, Rules(show=1))
    with pytest.raises(ReleaseUnreadable):
        current(copy.parent)  # what was kept for the test is not served either


# Which is served


@pytest.mark.parametrize(
    "inside", [[], [".draft-x"], ["anteckningar"], ["007"], ["٣"], ["0"], ["1.bak"]]
)
def test_a_folder_without_releases_is_refused_with_what_to_do(
    inside: list[str], tmp_path: Path
) -> None:
    for name in inside:
        (tmp_path / name).mkdir()
    (tmp_path / "1").touch()
    for folder in (tmp_path, tmp_path / "finns inte", tmp_path / "1"):
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

    with monkeypatch.context() as shut:
        shut.setattr(os, "scandir", closed)
        with pytest.raises(ReleaseUnreadable, match="FOV_RELEASE går inte att läsa"):
            current(copy.parent)


def test_releases_are_numbered_in_order_and_drafts_are_none(tmp_path: Path) -> None:
    for name in ("9", "10", "2", ".draft-99", "11-gammal", "anteckningar", "0011", "٣٣"):
        (tmp_path / name).mkdir()
    (tmp_path / "12").touch()
    assert [*numbered(tmp_path).items()] == [(n, tmp_path / str(n)) for n in (2, 9, 10)]


@pytest.fixture
def three(copy: Path) -> Path:
    """A folder with three whole releases, all of the demo's counts."""
    for number in (2, 10):
        rewrite(Path(shutil.copytree(copy, copy.parent / str(number))), number=number)
    return copy.parent


def test_the_newest_release_is_served_without_a_restart(copy: Path) -> None:
    folder = copy.parent
    assert current(folder).number == 1
    draft = shutil.copytree(copy, folder / ".draft-2")
    rewrite(draft, number=2)
    assert current(folder).number == 1
    draft.rename(folder / "2")
    assert current(folder).number == 2
    assert current(folder) is current(folder)  # read once


def test_whole_releases_come_newest_first_and_are_opened_when_asked_for(three: Path) -> None:
    assert [release.number for release in whole(three)] == [10, 2, 1]
    (three / "2" / "release.json").write_text("{")
    assert [release.number for release in whole(three)] == [10, 1]
    assert next(whole(three)) is current(three)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "half copied": truncate,
    "empty": empty,
    "without metadata": lambda folder: (folder / "release.json").unlink(),
    "without counts": lambda folder: (folder / "counts.parquet").unlink(),
    "altered": alter,
    "newer format": lambda folder: rewrite(folder, format=RELEASE_FORMAT + 1),
    "weaker rules": rule("show", 1),
    "of another number": lambda folder: rewrite(folder, number=11),
    "no table": counts_of(lambda _: b"PAR1"),
}

every_damage = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)


@every_damage
def test_while_the_newest_release_is_damaged_the_one_before_is_served(
    damage: Callable[[Path], object], three: Path
) -> None:
    assert current(three).number == 10
    damage(three / "10")
    assert current(three).number == 2
    damage(three / "2")
    assert current(three).number == 1
    damage(three / "1")
    with pytest.raises(ReleaseUnreadable, match="Utgåva 10 "):
        current(three)


@every_damage
def test_a_release_that_has_been_mended_is_served_again(
    damage: Callable[[Path], object], three: Path
) -> None:
    shutil.copytree(three / "10", three / "kopia")
    damage(three / "10")
    assert current(three).number == 2
    shutil.copytree(three / "kopia", three / "10", dirs_exist_ok=True)
    assert current(three).number == 10


def test_the_log_says_once_which_release_is_passed_over(
    three: Path, caplog: pytest.LogCaptureFixture
) -> None:
    truncate(three / "10")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert current(three).number == 2
    (line,) = caplog.messages
    assert line.startswith(f"{three / '10'} is passed over: Utgåva 10 i FOV_RELEASE är inte hel")
    truncate(three / "2")
    with caplog.at_level(logging.WARNING):
        current(three)
    assert len(caplog.messages) == 2


def test_a_release_made_anew_under_its_number_is_read_anew(three: Path) -> None:
    first = current(three)
    draft = shutil.copytree(three / "10", three / ".draft-10", copy_function=shutil.copy2)
    rewrite(draft, date="2031-01-01")
    shutil.rmtree(three / "10")
    draft.rename(three / "10")
    assert current(three).date.isoformat() == "2031-01-01"
    assert current(three) is not first


def test_a_release_that_is_taken_away_is_not_served_from_memory(three: Path) -> None:
    newest = current(three)
    shutil.rmtree(three / "10")
    assert current(three).number == 2
    assert newest.counts(Selection())[()].values["n|all"] == newest.total  # who has it reads on
    for number in ("2", "1"):
        shutil.rmtree(three / number)
    with pytest.raises(ReleaseUnreadable, match="Det finns ingen utgåva"):
        current(three)


def test_a_release_alone_that_lost_its_metadata_is_said_by_its_number(copy: Path) -> None:
    (copy / "release.json").unlink()
    with pytest.raises(ReleaseUnreadable, match=r"Utgåva 1 .* release\.json saknas"):
        current(copy.parent)


def test_the_release_before_is_the_newest_whole_one_that_is_older(three: Path) -> None:
    newest = current(three)
    older = before(newest, three)
    assert older is not None
    assert older.number == 2
    assert before(older, three) is next(one for one in whole(three) if one.number == 1)
    truncate(three / "2")
    assert [one.number for one in [before(newest, three)] if one] == [1]
    shutil.rmtree(three / "1")
    assert before(newest, three) is None


# Asking it


_SUMMED = """
    SELECT label, CAST(sum(value) AS INTEGER), count(*) {groups} FROM read_parquet($file)
    WHERE dimensions = $dimensions {filters} GROUP BY label {groups}
"""


some_places = strategies.lists(strategies.integers(0, 42), max_size=4)


@settings(max_examples=400, deadline=None)
@given(
    places=strategies.dictionaries(strategies.sampled_from(DIMENSIONS), some_places, max_size=3),
    by=strategies.lists(strategies.sampled_from(DIMENSIONS), max_size=2, unique=True),
)
def test_counts_are_the_sums_of_the_file_s_rows(
    release: Release, releases: Path, places: dict[str, list[int]], by: list[str]
) -> None:
    known = {d: [*codes, "annat", "ingen"] for d, codes in release.categories.items()}
    chosen = {d: tuple(known[d][i % len(known[d])] for i in some) for d, some in places.items()}
    filtered = [dimension for dimension, codes in chosen.items() if codes]
    dimensions = [one for one in DIMENSIONS if one in (*filtered, *by)]
    try:
        found = release.counts(Selection(**chosen), by)
    except NotOffered:
        return
    if "federation" in dimensions and {"region", "period"} & {*dimensions}:
        return  # tried below, by name
    filters = [f"AND list_contains(${one}, {one})" for one in filtered]
    rows = duckdb.execute(
        _SUMMED.format(groups="".join(f", {one}" for one in by), filters=" ".join(filters)),
        {
            "file": str(releases / "1" / "counts.parquet"),
            "dimensions": ",".join(dimensions),
            **{one: [*chosen[one]] for one in filtered},
        },
    ).fetchall()
    groups: dict[tuple[str, ...], dict[str, tuple[int, int]]] = {}
    for label, value, cells, *codes in rows:
        groups.setdefault(tuple(codes), {})[label] = (value, cells)
    assert {group: counts.draws for group, counts in found.items()} == {
        group: labels["n|all"][1] for group, labels in groups.items()
    }
    for group, counts in found.items():
        assert counts.values == {
            label: value for label, (value, cells) in groups[group].items() if cells == counts.draws
        }


def test_what_is_not_offered_is_refused(release: Release) -> None:
    refused = [
        (Selection(federation=("halland",), age=("16-24",)), ()),
        (Selection(federation=("halland",), period=("2021",)), ()),
        (Selection(federation=("halland",), period=("2021", "2022")), ()),
        (Selection(federation=("halland",)), ("period",)),
        (Selection(federation=("halland",), period=("2022",)), ("period",)),
        (Selection(federation=("halland",), period=("2022",)), ("gender",)),
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


def test_a_federation_is_divided_into_the_latest_year_and_all_before_it(
    make_release: MakeRelease,
) -> None:
    made = make_release(
        """
        times federation year q1
        30    halland    2022 ja
        25    halland    2021 ja
        20    halland    2020 nej
        15    hoganas    2022 nej
        """
    )
    halland, earlier = ("halland",), ("2020", "2021")

    def people(**chosen: tuple[str, ...]) -> tuple[int, int, int]:
        (counts,) = made.counts(Selection(**chosen)).values()
        return counts.values["n|all"], counts.values["y|q1"], counts.draws

    assert people(federation=halland, period=("2022",)) == (30, 30, 1)
    assert people(federation=halland, period=earlier) == (45, 25, 1)
    assert people(federation=halland, period=(*earlier, "2022")) == (75, 55, 2)
    assert people(federation=halland, period=("2022",), region=("13",)) == (30, 30, 1)
    by_federation = made.counts(Selection(period=("2022",)), ("federation",))
    assert {slug: counts.values["n|all"] for (slug,), counts in by_federation.items()} == {
        "halland": 30,
        "hoganas": 15,
    }


def test_a_federation_is_divided_into_single_years_from_the_answers_that_it_takes(
    make_release: MakeRelease,
) -> None:
    # 3 years and 40 federations are 120 groups, of 1 each.
    made = make_release(
        """
        times federation year q1
        30    halland    2022 ja
        25    halland    2021 ja
        20    halland    2020 nej
        15    hoganas    2022 nej
        30    hoganas    2021 nej
        """
    )
    assert ("period", "federation") in made.tables
    assert not made.latest_only

    def people(by: tuple[str, ...] = (), **chosen: tuple[str, ...]) -> dict[tuple[str, ...], int]:
        found = made.counts(Selection(**chosen), by)
        return {group: counts.values["n|all"] for group, counts in found.items()}

    halland = ("halland",)
    assert people(federation=halland, period=("2021",)) == {(): 25}
    assert people(federation=halland, period=("2021", "2022")) == {(): 55}
    assert people(federation=halland, period=("2020", "2021"), region=("13",)) == {(): 45}
    assert people(("period",), federation=halland) == {("2020",): 20, ("2021",): 25, ("2022",): 30}
    assert people(("federation",), period=("2022",)) == {("halland",): 30, ("hoganas",): 15}
    assert people(("period", "federation"), federation=("hoganas",)) == {
        ("2021", "hoganas"): 30,
        ("2022", "hoganas"): 15,
    }


@pytest.mark.parametrize(("answers", "offered"), [(39, False), (40, True)])
def test_where_all_answers_are_of_one_year_a_federation_s_year_is_the_federation(
    answers: int, offered: bool, make_release: MakeRelease
) -> None:
    made = make_release(f"times federation\n{answers} halland")
    assert ("federation", "latest") not in made.tables
    assert made.offers(("period", "federation")) == offered
    assert not made.compares_years
    of_year = Selection(federation=("halland",), period=("2022",))
    if offered:
        assert made.counts(of_year) == made.counts(Selection(federation=("halland",)))
    else:
        with pytest.raises(NotOffered):
            made.counts(of_year)


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
