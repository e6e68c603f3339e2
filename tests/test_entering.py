"""Which answers enter a release and which wait, and the record that decides it."""

import datetime
import fcntl
import json
import multiprocessing
import os
import secrets
import shutil
import signal
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import WriteAnswers

from fovdata import batches, keys
from fovdata.figures.release import Release, current, open_release
from fovdata.registry import Registry
from fovdata.release import building, ledger
from fovdata.release.building import Made
from fovdata.selection import Selection

Next = Callable[..., Made]
"""(text, **options of building.build) → the next release of the answers in the table."""

LAST_YEAR = datetime.date(2023, 2, 1)
"""A day on which 2022, the usual year of a hand-made answer, is closed."""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Releases and ledger."""
    return tmp_path / "utgåvor", tmp_path / "liggare"


@pytest.fixture
def make(write_answers: WriteAnswers, folders: tuple[Path, Path], registry: Registry) -> Next:
    """Release a text table, a federation and a number of people to a line.

    A table written anew keeps the people of the places that it keeps; ``file`` sets others apart.
    """

    def made(*tables: str, data: str = "synthetic", **options: object) -> Made:
        folder = write_answers("times\n0", data=data)
        for old in folder.iterdir():
            old.unlink()
        for table in tables:
            name, *lines = table.strip().splitlines()
            write_answers("\n".join(lines), f"{name.strip()}.parquet", data=data)
        return building.build(folder, *folders, registry, **{"today": LAST_YEAR, **options})  # type: ignore[arg-type]

    return made


def people(made: Made) -> Mapping[str, int]:
    """How many true answers of each federation, or repeat forms, a release was made of."""
    file = made.folder.parent.parent / "liggare" / made.folder.name / "answers.parquet"
    found: dict[str, int] = {}
    for row in pq.read_table(file).to_pylist():
        unit = row["federation"] if row["fill_count"] == "1" else "repeats"
        found[unit] = found.get(unit, 0) + 1
    return found


FIRST = """
grund
times federation
9     falun
12    hoganas
40    halland
"""


def test_a_federation_s_first_nine_answers_wait_for_a_tenth(make: Next) -> None:
    made = make(FIRST)
    assert people(made) == {"halland": 40, "hoganas": 12}
    assert made.waiting == ["Falun: 9 nya svar, tas in när de är minst 10"]
    made = make(FIRST, "mer\ntimes federation\n1 falun")
    assert people(made) == {"halland": 40, "hoganas": 12, "falun": 10}
    assert made.entered == ["Falun: 10 nya svar"]
    assert made.waiting == []


@pytest.mark.parametrize(("new", "enter"), [(1, False), (9, False), (10, True), (11, True)])
def test_new_answers_enter_ten_or_more_at_a_time(new: int, enter: bool, make: Next) -> None:
    make(FIRST)
    made = make(FIRST, f"nya\ntimes federation\n{new} halland")
    assert people(made)["halland"] == (40 + new if enter else 40)
    assert bool(made.entered) == enter


def test_one_federation_waits_while_another_enters(make: Next) -> None:
    make(FIRST)
    made = make(FIRST, "nya\ntimes federation\n10 halland\n9 hoganas")
    assert people(made) == {"halland": 50, "hoganas": 12}
    assert made.waiting[1:] == ["Höganäs: 9 nya svar, tas in när de är minst 10"]


def test_ten_of_which_some_are_repeat_forms_are_not_ten_persons(make: Next) -> None:
    # The cells of a federation count unique persons: they would change by nine only.
    make(FIRST)
    made = make(FIRST, "nya\ntimes federation fill_count\n9 halland 1\n4 halland 2\n5 hoganas 3+")
    assert people(made) == {"halland": 40, "hoganas": 12}
    made = make(FIRST, "nya\ntimes federation fill_count\n9 halland 1\n5 halland 2\n5 hoganas 3+")
    assert people(made) == {"halland": 40, "hoganas": 12, "repeats": 10}
    assert "Upprepade formulär, hela landet: 10 nya svar" in made.entered


@pytest.mark.parametrize(
    ("today", "entered"),
    [
        (datetime.date(2022, 12, 31), {"halland": 40}),
        (datetime.date(2023, 1, 1), {"halland": 65}),
    ],
)
def test_an_answer_waits_until_its_year_is_closed(
    today: datetime.date, entered: dict[str, int], make: Next
) -> None:
    made = make("grund\ntimes year\n40 2021\n25 2022", today=today)
    assert people(made) == entered
    open_years = ["2022: 25 svar, tas in när året är slut"]
    assert made.waiting == (open_years if today.year == 2022 else [])


def test_a_few_answers_taken_away_stay_until_ten_are(make: Next) -> None:
    make(FIRST)
    made = make(FIRST.replace("40    halland", "39    halland"), "andra\ntimes federation\n9 falun")
    assert people(made)["halland"] == 40
    assert "Halland: 1 borttagna svar, tas in när de är minst 10" in made.waiting
    made = make(FIRST.replace("40    halland", "30    halland"))
    assert people(made)["halland"] == 30


def test_corrections_enter_ten_at_a_time_and_nobody_is_counted_twice(make: Next) -> None:
    """A corrected form comes back under another id; the old one is gone."""
    make(FIRST)
    made = make(
        FIRST.replace("40    halland", "31    halland"), "rättade\ntimes federation\n9 halland"
    )
    assert people(made)["halland"] == 40
    assert "Halland: 9 nya svar, 9 borttagna svar, tas in när de är minst 10" in made.waiting
    made = make(
        FIRST.replace("40    halland", "30    halland"), "rättade\ntimes federation\n10 halland"
    )
    assert people(made)["halland"] == 40
    assert made.entered == ["Halland: 10 nya svar, 10 borttagna svar"]


def test_a_newer_version_of_a_file_is_twelve_gone_and_twelve_come(
    write_answers: WriteAnswers, folders: tuple[Path, Path], tmp_path: Path, registry: Registry
) -> None:
    people, others = (
        pq.read_table(write_answers("times\n80", name) / name).to_pandas()
        for name in ("först.parquet", "rättat.parquet")
    )
    store = tmp_path / "inlästa"
    about = batches.About("kontaktperson", "file", "", {}, datetime.datetime(2023, 1, 9))
    batches.add(store, people, about)
    building.build(store, *folders, registry, today=LAST_YEAR)

    corrected = pd.concat([people[12:], others[:12]])
    batch = batches.add(store, corrected, about)
    assert batch is not None
    assert batch.replaces == (1,)
    made = building.build(store, *folders, registry, today=LAST_YEAR)
    assert made.entered == ["Halland: 12 nya svar, 12 borttagna svar"]
    assert made.waiting == []
    released = pq.read_table(folders[1] / "2" / "answers.parquet")["response_id"].to_pylist()
    assert sorted(released) == sorted(corrected["response_id"])


def test_an_answer_changed_under_its_id_stops_the_release(make: Next) -> None:
    """The people are the same, so the noise would be: the difference would be the answer."""
    make("grund\ntimes q1\n40 ja")
    with pytest.raises(building.ReleaseFault, match=r"grund\.parquet: svaret \w+ är ändrat") as no:
        make("grund\ntimes q1\n39 ja\n1 nej")
    assert "En rättelse ska ha ett nytt id" in str(no.value)


def test_an_erasure_that_may_not_wait_is_a_release_of_its_own(make: Next) -> None:
    make(FIRST)
    fewer = FIRST.replace("40    halland", "39    halland")
    made = make(fewer, "nya\ntimes federation\n20 hoganas", erase=["halland"])
    assert people(made) == {"halland": 39, "hoganas": 12}
    assert made.entered == ["Halland: 1 borttagna svar"]
    assert "Höganäs: 20 nya svar, tas in när de är minst 10" in made.waiting
    with pytest.raises(building.ReleaseFault, match="inget att radera"):
        make(fewer, erase=["halland"])
    with pytest.raises(building.ReleaseFault, match="inget att radera"):
        make(fewer, erase=["hoganas"])


def test_the_order_in_which_batches_came_is_not_in_the_ledger(
    write_answers: WriteAnswers, tmp_path: Path, registry: Registry
) -> None:
    """Forms that are typed come one a batch: their order would say when each was."""
    names = [f"batch-{number:02}.parquet" for number in range(30)]
    for name in names:
        answers = write_answers("times\n1", name)
    came = [pq.read_table(answers / name)["response_id"][0].as_py() for name in names]
    other_way = tmp_path / "other way"
    other_way.mkdir()
    for name, other in zip(names, reversed(names), strict=True):
        shutil.copy(answers / name, other_way / other)
    kept = []
    for store in (answers, other_way):
        releases, ledger = (tmp_path / f"{store.name} {what}" for what in ("releases", "ledger"))
        building.build(store, releases, ledger, registry, today=LAST_YEAR)
        kept.append(pq.read_table(ledger / "1" / "answers.parquet")["response_id"].to_pylist())
    one_way, other = kept
    assert one_way == other
    assert sorted(one_way) == sorted(came)
    assert one_way not in (came, came[::-1])


def test_the_same_answers_again_change_nothing(make: Next) -> None:
    first, second = make(FIRST), make(FIRST)
    assert second.entered == []
    assert second.waiting == first.waiting
    assert (first.folder.name, second.folder.name) == ("1", "2")
    counts = [(made.folder / "counts.parquet").read_bytes() for made in (first, second)]
    assert counts[0] == counts[1]


def everybody(release: Release) -> int:
    return release.counts(Selection())[()].values["n|all"]


def test_waiting_answers_are_in_no_count(make: Next) -> None:
    make(FIRST)
    made = make(FIRST, "nya\ntimes federation\n9 halland")
    assert everybody(open_release(made.folder)) == everybody(open_release(made.folder.parent / "1"))


# The ledger


def test_the_ledger_is_for_its_owner_and_says_what_waits(
    make: Next, folders: tuple[Path, Path]
) -> None:
    make(FIRST)
    _, kept = folders
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert stat.S_IMODE((kept / "1").stat().st_mode) == 0o700
    about = json.loads((kept / "1" / "entry.json").read_text(encoding="utf-8"))
    assert about["date"] == "2023-02-01"
    assert about["waiting"] == ["Falun: 9 nya svar, tas in när de är minst 10"]
    assert about["key"] == keys.fingerprint(keys.SYNTHETIC_KEY)


def test_releases_without_their_ledger_are_not_gone_on_from(
    make: Next, folders: tuple[Path, Path]
) -> None:
    make(FIRST)
    releases, kept = folders
    shutil.rmtree(kept)
    with pytest.raises(ledger.LedgerFault, match=r"Utgåva 1 finns, men liggaren.*FOV_LEDGER"):
        make(FIRST)
    assert [path.name for path in releases.iterdir()] == ["1"]


def no_answers(entry: Path) -> None:
    """A whole table without a row: everybody would count as new."""
    file = entry / "answers.parquet"
    pq.write_table(pq.read_table(file).slice(0, 0), file)


@pytest.mark.parametrize(
    "damage",
    [
        *(
            lambda entry, text=text: (entry / "entry.json").write_text(text)
            for text in ("", "{", "[]", "{}", '{"data": "synthetic"}', "[" * 100_000)
        ),
        lambda entry: (entry / "entry.json").unlink(),
        lambda entry: (entry / "answers.parquet").unlink(),
        lambda entry: (entry / "answers.parquet").write_bytes(b"PAR1"),
        no_answers,
    ],
)
def test_a_damaged_ledger_stops_the_release(
    damage: Callable[[Path], object], make: Next, folders: tuple[Path, Path]
) -> None:
    make(FIRST)
    releases, kept = folders
    damage(kept / "1")
    with pytest.raises(ledger.LedgerFault, match="är skadad eller saknar något"):
        make(FIRST)
    assert [path.name for path in releases.iterdir()] == ["1"]


def test_a_ledger_of_other_releases_is_not_gone_on_from(
    make: Next, folders: tuple[Path, Path], write_answers: WriteAnswers, registry: Registry
) -> None:
    make(FIRST)
    releases, kept = folders
    others = releases.parent / "andras"
    building.build(
        write_answers("times\n50"),
        others,
        others.parent / "andras-liggare",
        registry,
        today=LAST_YEAR,
    )
    shutil.rmtree(releases / "1")
    shutil.copytree(others / "1", releases / "1")
    with pytest.raises(ledger.LedgerFault, match="Utgåva 1 gjordes inte av det som står"):
        make(FIRST)
    assert kept.exists()


def test_what_has_been_erased_stays_in_no_entry(make: Next, folders: tuple[Path, Path]) -> None:
    make(FIRST)
    make(FIRST.replace("40    halland", "39    halland"), erase=["halland"])
    _, kept = folders
    make(FIRST.replace("40    halland", "39    halland"))
    assert sorted(path.parent.name for path in kept.glob("*/answers.parquet")) == ["3"]
    assert {path.parent.name for path in kept.glob("*/entry.json")} == {"1", "2", "3"}


def test_the_ledger_s_files_are_for_their_owner(make: Next, folders: tuple[Path, Path]) -> None:
    make(FIRST)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (folders[1] / "1").iterdir()}
    assert modes == {0o600}


def test_a_clock_that_was_set_back_stops_the_release(make: Next) -> None:
    make(FIRST)
    with pytest.raises(building.ReleaseFault, match="Ställ klockan rätt"):
        make(FIRST, today=datetime.date(2023, 1, 31))


def test_a_federation_that_left_the_registry_must_stay_named_there(
    write_answers: WriteAnswers, folders: tuple[Path, Path], registry: Registry
) -> None:
    write_answers("times federation\n40 halland")
    answers = write_answers("times federation\n12 hoganas", "hoganas.parquet")
    building.build(answers, *folders, registry)
    (answers / "hoganas.parquet").unlink()
    without = replace(
        registry, federations=tuple(f for f in registry.federations if f.slug != "hoganas")
    )
    with pytest.raises(building.ReleaseFault, match="Förbundet hoganas har svar i förra utgåvan"):
        building.build(answers, *folders, without)


def test_names_that_the_database_takes_for_patterns_are_names(
    write_answers: WriteAnswers, tmp_path: Path, registry: Registry
) -> None:
    """[a] is a folder, not the pattern that finds the folder a."""
    for name, times in (("a", 30), ("[a]", 50)):
        shutil.copytree(write_answers(f"times\n{times}"), tmp_path / name / "svar")
    inside = tmp_path / "[a]"
    made = building.build(inside / "svar", inside / "ut", inside / "li", registry)
    assert made.entered == ["Halland: 50 nya svar"]
    assert abs(everybody(open_release(made.folder)) - 50) <= 8
    again = building.build(inside / "svar", inside / "ut", inside / "li", registry)
    assert again.entered == []


@pytest.mark.parametrize(
    ("answers", "releases", "kept"),
    [("a", "a/ut", "li"), ("ut/a", "ut", "li"), ("a", "li/ut", "li"), ("a", "ut", "a/li")],
)
def test_answers_releases_and_ledger_lie_apart(
    answers: str,
    releases: str,
    kept: str,
    write_answers: WriteAnswers,
    tmp_path: Path,
    registry: Registry,
) -> None:
    shutil.copytree(write_answers("times\n40"), tmp_path / answers)
    with pytest.raises(building.ReleaseFault, match="får inte ligga i"):
        building.build(tmp_path / answers, tmp_path / releases, tmp_path / kept, registry)
    assert not (tmp_path / kept).exists() or kept == "li"


def test_a_key_on_a_full_disk_leaves_nothing_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(secrets, "token_bytes", full)
        with pytest.raises(keys.KeyFault, match="kunde inte skrivas"):
            keys.make(tmp_path / "nyckel", tmp_path / "utgåvor")
    keys.make(tmp_path / "nyckel", tmp_path / "utgåvor")
    assert len(keys.read(tmp_path / "nyckel", tmp_path / "utgåvor")) == 32


def test_the_ledger_may_not_lie_among_the_releases(
    write_answers: WriteAnswers, tmp_path: Path, registry: Registry
) -> None:
    releases = tmp_path / "utgåvor"
    answers = write_answers("times\n40")
    with pytest.raises(building.ReleaseFault, match="får inte ligga i"):
        building.build(answers, releases, releases / "liggare", registry)
    assert not releases.exists()


def test_two_releases_at_a_time_are_one_too_many(make: Next, folders: tuple[Path, Path]) -> None:
    make(FIRST)
    releases, kept = folders
    handle = os.open(kept, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(ledger.LedgerFault, match="En annan utgåva görs just nu"):
        make(FIRST)
    os.close(handle)
    assert make(FIRST).folder == releases / "2"


# The key


def test_another_key_than_the_last_release_s_is_refused(
    make: Next, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    for name in ("rätt", "fel"):
        keys.make(tmp_path / name, tmp_path / "utgåvor")
    make(FIRST, data="real", key=tmp_path / "rätt")
    with pytest.raises(keys.KeyFault, match="en annan än den som utgåva 1 gjordes med"):
        make(FIRST, data="real", key=tmp_path / "fel")
    make(FIRST, data="real", key=tmp_path / "rätt")
    assert current(folders[0]).number == 2


def test_real_and_synthetic_answers_are_not_released_into_one_folder(
    make: Next, folders: tuple[Path, Path], tmp_path: Path
) -> None:
    keys.make(tmp_path / "nyckel", tmp_path / "utgåvor")
    make(FIRST)
    with pytest.raises(building.ReleaseFault, match="svar av annat slag"):
        make(FIRST, data="real", key=tmp_path / "nyckel")
    assert current(folders[0]).data == "synthetic"


# Killed


def killed(step: int, build: Callable[[], object]) -> None:
    """Run ``build`` and die, as by SIGKILL, right before its ``step``-th change of the disk."""
    steps = 0

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*arguments: object, **options: object) -> object:
            nonlocal steps
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return change(*arguments, **options)

        return changed

    for owner, name in (
        (Path, "mkdir"),
        (Path, "write_text"),
        (Path, "rename"),
        (Path, "chmod"),
        (pq, "write_table"),
    ):
        setattr(owner, name, counted(getattr(owner, name)))
    build()


STEPS = 20
"""More changes of the disk than a release makes."""


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_killed_at_any_step_the_next_release_takes_up_where_it_was(
    step: int, make: Next, folders: tuple[Path, Path]
) -> None:
    releases, kept = folders
    make(FIRST)
    more = (FIRST, "nya\ntimes federation\n15 halland\n3 hoganas")
    process = multiprocessing.get_context("fork").Process(
        target=killed, args=(step, lambda: make(*more))
    )
    process.start()
    process.join()
    assert process.exitcode == (0 if step == STEPS else process.exitcode)
    assert process.exitcode in (-signal.SIGKILL, 0)
    number = current(releases).number
    assert number in (1, 2)

    made = make(*more)
    assert current(releases).number == number + 1
    assert people(made) == {"halland": 55, "hoganas": 12}
    assert bool(made.entered) == (number == 1)
    assert sorted(path.name for path in kept.iterdir()) == [str(n + 1) for n in range(number + 1)]
    assert not list(releases.glob(".*"))
