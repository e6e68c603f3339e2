"""The intruder finds many answers where counts are not protected, and none where they are.

Then one safeguard at a time is taken away, and the intruder, or a guard, must notice.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from pages_under_test import ask

from fovdata import measures, settings
from fovdata.figures import estimates, intervals, shares
from fovdata.figures import release as reading
from fovdata.figures.estimates import Cell, Estimate
from fovdata.figures.release import Release
from fovdata.registry import Registry
from fovdata.release import building, counting
from fovdata.release.counting import TrueCell
from fovdata.release.noise import Noise
from fovdata.rules import RULES, Rules, Status
from intruder.found import Found, found
from intruder.intruder import learned, right_when_all_others_are_known
from intruder.observing import Seen, in_releases
from intruder.people import QUESTIONS, People, people
from intruder.populations import EXACT, Population
from intruder.queries import Questions, protected

DEMO = settings.ROOT / "data" / "demo"
MANY = 500
"""So many answers must be found where nothing hinders it."""


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, registry: Registry) -> Population:
    table = pq.read_table(DEMO / "answers.parquet")
    return Population.of(table, tmp_path_factory.mktemp("demo"), registry)


def found_in_file(population: Population, rules: Rules) -> Found:
    released = population.released(rules)
    seen = in_releases(population.people, [released], rules)
    guesses = learned(population.people, seen, rules)
    return found(population.people, guesses, released[0], rules)


# What is found


def test_of_unprotected_counts_the_intruder_reads_many_answers(demo: Population) -> None:
    result = found_in_file(demo, EXACT)
    assert result.certain >= MANY
    assert result.strong >= result.certain
    assert result.right > 0.95 * result.strong
    assert not result.within_the_limits()


def test_with_a_release_s_file_the_intruder_reads_nobody_s_answer(demo: Population) -> None:
    result = found_in_file(demo, RULES)
    assert result.answers > 15_000
    assert result.within_the_limits(), result


def test_through_the_api_the_intruder_reads_nobody_s_answer(
    demo: Population, releases: Path, release: Release
) -> None:
    questions = Questions(releases, release, demo.people)
    seen = questions.everything()
    tables = {tuple(dimension for dimension, _ in place) for place, _ in questions.shown}
    assert tables == {*release.tables}, "every table of the release is read through the API"
    rows = pq.read_table(releases / "1" / "counts.parquet").to_pylist()
    # Rounding and hiding keep little from somebody with patience: it is the noise that protects.
    file = in_releases(demo.people, [(rows, np.ones(len(demo.people), bool))], RULES)
    counts = {
        (int(counted), members.tobytes()): value
        for counted, members, value in zip(file.counted, file.members, file.value, strict=True)
    }
    read = [
        abs(value - counts[int(counted), members.tobytes()])
        for counted, members, value in zip(seen.counted, seen.members, seen.value, strict=True)
        if counted < len(QUESTIONS)
    ]
    assert len(read) > 2500
    assert np.mean(np.array(read) < 1) > 0.9, "the intruder reads the protected counts"
    result = found(demo.people, learned(demo.people, seen, RULES), rows, RULES)
    assert result.within_the_limits(), result


def test_an_intruder_who_is_refused_does_not_go_on(
    demo: Population, releases: Path, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = Release.offers
    monkeypatch.setattr(
        Release, "offers", lambda self, asked: "age" not in asked and offers(self, asked)
    )
    with pytest.raises(AssertionError, match="combination_not_offered"):
        Questions(releases, release, demo.people).everything(sums=False)


def test_who_knows_all_other_answers_is_not_sure_of_the_last(demo: Population) -> None:
    secrets = [hashlib.sha256(bytes([number])).digest() for number in range(3)]
    right = np.mean([all_others_known(demo, secret) for secret in secrets], axis=0)
    assert min(right) > 0.75, "an intruder who knows that much knows more than nothing"
    assert max(right) < 0.95


def all_others_known(population: Population, secret: bytes) -> Sequence[float]:
    seen = in_releases(population.people, [population.released(secret=secret)], RULES)
    return right_when_all_others_are_known(population.people, seen).tolist()


@pytest.mark.parametrize("federation", ["skaraborg", "hoganas"])
def test_from_one_release_to_the_next_nobody_s_answer_is_read(
    demo: Population, federation: str
) -> None:
    new = demo.newest(federation, RULES.batch)
    result = found_since(demo, new)
    assert result.within_the_limits(releases=2), result


def found_since(population: Population, new: Sequence[int]) -> Found:
    """What two releases say, of which only the second has the new persons."""
    both = [population.released(without=new), population.released()]
    guesses = learned(population.people, in_releases(population.people, both, RULES), RULES)
    return found(population.people, guesses, both[1][0], RULES)


# One safeguard at a time is taken away


def test_noise_keyed_by_those_who_said_ja_gives_answers_away(
    demo: Population, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_by_ja(monkeypatch, demo.registry)
    result = found_since(demo, demo.newest("hoganas", RULES.batch))
    assert result.certain >= 5
    assert result.strong > 25
    assert result.right > 0.9 * result.strong


def key_by_ja(monkeypatch: pytest.MonkeyPatch, registry: Registry) -> None:
    """The textbook's key: the set of those who said Ja, for each count of Ja."""
    keyed: dict[tuple[int, str], tuple[int, int]] = {}
    counted, noised = counting.counted, building._noised

    @contextmanager
    def keyed_by_ja(files: Sequence[Path], regions: Mapping[str, str]) -> Iterator[counting.Count]:
        everybody = people(pq.read_table(files[0]), registry)
        record = [int.from_bytes(hashlib.md5(one.encode()).digest()[:8]) for one in everybody.ids]
        keys = np.array(record, np.uint64)

        def cells(tables: Sequence[tuple[str, ...]]) -> Iterator[TrueCell]:
            for cell in count(tables):
                said = everybody.within(cell.codes)[:, None] & everybody.said
                for code, ja in zip(QUESTIONS, said.T, strict=True):
                    keyed[cell.key_sum, measures.yes(code)] = int(ja.sum()), int(keys[ja].sum())
                yield cell

        with counted(files, regions) as count:
            yield cells

    def textbook(cell: TrueCell, label: str, noise: Noise) -> int:
        if (cell.key_sum, label) not in keyed:
            return noised(cell, label, noise)
        return cell.counts[label] + noise.draw(label, *keyed[cell.key_sum, label])

    monkeypatch.setattr(counting, "counted", keyed_by_ja)
    monkeypatch.setattr(building, "_noised", textbook)


def test_a_total_without_noise_gives_the_last_answer_away(
    demo: Population, monkeypatch: pytest.MonkeyPatch
) -> None:
    noised = building._noised
    monkeypatch.setattr(
        building,
        "_noised",
        lambda cell, label, noise: noised(cell, label, noise) if cell.codes else cell.counts[label],
    )
    seen = in_releases(demo.people, [demo.released()], RULES)
    country = seen.members.sum(axis=1) > 0.9 * len(demo.people)
    assert exact(demo.people, seen)[country].all()
    variance = np.where(country, 0.01, seen.variance)
    low, high = (np.where(country, seen.value, bound) for bound in (seen.low, seen.high))
    seen = replace(seen, variance=variance, low=low, high=high)
    assert min(right_when_all_others_are_known(demo.people, seen)) > 0.99


def test_no_count_is_given_without_noise(demo: Population) -> None:
    seen = in_releases(demo.people, [demo.released()], RULES)
    for least in (0, 0.9 * len(demo.people)):
        large = seen.members.sum(axis=1) >= least
        assert 0.1 < np.mean(exact(demo.people, seen)[large]) < 0.35  # 0.2 of the draws are 0


def exact(population: People, seen: Seen) -> np.ndarray:
    """Which of the counts are the true ones."""
    return seen.value == (seen.members * population.truth[:, seen.counted].T).sum(axis=1)


def test_a_third_dimension_too_early_gives_answers_away(demo: Population, tmp_path: Path) -> None:
    early = Rules(mean_cell_3=25)
    result = found_in_file(demo, early)
    assert result.strong > 20
    assert not result.within_the_limits()
    assert is_refused(release_of(demo, tmp_path, early))


def test_a_threshold_for_true_counts_only_is_noticed(
    demo: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert thinnest_shown(release_of(demo, tmp_path / "as it is", RULES)) >= RULES.show
    is_released = building._is_released
    monkeypatch.setattr(
        building,
        "_is_released",
        lambda cell, *about: is_released(cell, *about) and cell.counts[measures.ALL] >= RULES.show,
    )
    thin = release_of(demo, tmp_path / "thin", Rules(show=1))
    assert is_refused(thin)
    monkeypatch.setattr(reading, "_weaker", lambda *_: "")
    assert thinnest_shown(thin) < RULES.show


def test_exact_intervals_of_exact_counts_give_answers_away(
    demo: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases = release_of(demo, tmp_path, EXACT)
    assert is_refused(releases)
    monkeypatch.setattr(reading, "_weaker", lambda *_: "")
    for module in (estimates, shares):
        monkeypatch.setattr(module, "estimate", to_the_tenth)
    protected.cache_clear()
    questions = Questions(releases, reading.open_release(releases / "1"), demo.people)
    seen = questions.everything(sums=False)
    protected.cache_clear()
    learnt = learned(demo.people, seen, EXACT)
    rows = pq.read_table(releases / "1" / "counts.parquet").to_pylist()
    result = found(demo.people, learnt, rows, EXACT)
    assert result.certain >= 50
    assert result.right > 0.95 * result.strong
    assert not result.within_the_limits()


def to_the_tenth(cell: Cell, rules: Rules) -> Estimate:
    """A share that may be shown, with its interval of chance alone, to 0.1 per cent."""
    if cell.n < rules.show:
        return Estimate(Status.HIDDEN)
    parts = cell.y / cell.n, *intervals.wilson(cell.y, cell.n)
    share, low, high = (round(100 * part, 1) for part in parts)
    n = estimates.number_of_answers(cell.n, rules)
    return Estimate(Status.SHOWN, n, share, low, high)  # type: ignore[arg-type]


def release_of(population: Population, folder: Path, rules: Rules) -> Path:
    """A folder with one release of a population, made by some rules."""
    building.build(
        population.folder, folder / "utgåvor", folder / "liggare", population.registry, rules=rules
    )
    return folder / "utgåvor"


def is_refused(releases: Path) -> bool:
    """Whether the server serves nothing of a release that is made by weaker rules."""
    answer = ask(releases, "shares")
    return answer.status_code == 503 and "svagare" in answer.json()["message"]


def thinnest_shown(releases: Path) -> int:
    """The least number of answers that the API says something of."""
    rows = [
        row
        for split in (["federation"], ["region", "age"], ["federation", "gender"])
        for row in ask(releases, "shares", by=split).json()["rows"]
    ]
    return min(row["n"] for row in rows if row["status"] != "hidden")
