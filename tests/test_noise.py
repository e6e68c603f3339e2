"""The noise: its worked vector, its distribution, and that a Ja has no part in its key."""

import hmac
from collections import Counter
from collections.abc import Mapping
from math import exp
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import WriteAnswers

from fovdata import keys, settings
from fovdata.figures.release import Release, open_release
from fovdata.registry import Registry
from fovdata.release import building, counting
from fovdata.release.noise import Noise
from fovdata.rules import RULES, Rules
from fovdata.selection import DIMENSIONS, Selection

SECRET = bytes(range(32))
KEY_SUM = 0x0123456789ABCDEF

Place = tuple[str | None, ...]
"""Where a count stands: its category in every dimension, the fill count and the label."""


@pytest.mark.parametrize(
    ("label", "uniform", "noise"),
    [("n|q1", 0.076158982, -3), ("y|q1", 0.396818168, -1), ("y|q2", 0.055544369, -3)],
)
def test_the_worked_vector(label: str, uniform: float, noise: int) -> None:
    drawn = Noise(SECRET, RULES)
    assert drawn.uniform(label, 57, KEY_SUM) == pytest.approx(uniform, abs=5e-10)
    assert drawn.draw(label, 57, KEY_SUM) == noise


def test_the_first_53_bits_of_the_digest_are_the_fraction() -> None:
    # y|q1 has the digest 6595e01e1d1cfc7a…, whose 53rd bit is 1.
    assert Noise(SECRET, RULES).uniform("y|q1", 57, KEY_SUM) == (0x6595E01E1D1CFC7A >> 11) / 2**53


def test_small_sums_of_keys_are_written_with_all_16_digits() -> None:
    digest = hmac.digest(SECRET, b"n|q1|57|0000000000000001", "sha256")
    fraction = (int.from_bytes(digest[:8]) >> 11) / 2**53
    assert Noise(SECRET, RULES).uniform("n|q1", 57, 1) == fraction


def test_draws_are_distributed_as_declared() -> None:
    weights = {v: exp(-(v**2) / (2 * RULES.sigma**2)) for v in range(-RULES.bound, RULES.bound + 1)}
    drawn = Noise(SECRET, RULES)
    number = 40_000
    found = Counter(drawn.draw("n|q1", 57, key_sum) for key_sum in range(number))
    mean = sum(v * times for v, times in found.items()) / number
    assert mean == pytest.approx(0, abs=0.04)
    variance = sum((v - mean) ** 2 * times for v, times in found.items()) / number
    assert variance**0.5 == pytest.approx(RULES.sigma, abs=0.04)
    assert min(found) >= -RULES.bound
    assert max(found) <= RULES.bound
    for v, weight in weights.items():
        assert found[v] / number == pytest.approx(weight / sum(weights.values()), abs=0.01)


@pytest.mark.parametrize(("at", "noise"), [(0.0, -8), (0.5, 0), (1 - 2**-53, 8)])
def test_the_ends_of_the_range_are_the_bound(
    at: float, noise: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Noise, "uniform", lambda *_: at)
    assert Noise(SECRET, RULES).draw("n|q1", 57, KEY_SUM) == noise


def test_the_label_the_number_the_people_and_the_key_all_change_the_draw() -> None:
    usual = Noise(SECRET, RULES).uniform("n|q1", 57, KEY_SUM)
    assert Noise(SECRET, RULES).uniform("n|q2", 57, KEY_SUM) != usual
    assert Noise(SECRET, RULES).uniform("n|q1", 58, KEY_SUM) != usual
    assert Noise(SECRET, RULES).uniform("n|q1", 57, KEY_SUM + 1) != usual
    assert Noise(bytes(32), RULES).uniform("n|q1", 57, KEY_SUM) != usual


PEOPLE = """
times federation gender  age_band authority q1   q2   q3   q4   q5   q6   q7
1     halland    kvinna  25-34    fk        ja   ja   ja   ja   ja   ja   ja
60    halland    kvinna  25-34    fk        ja   nej  nej  ja   nej  ja   nej
50    halland    kvinna  35-44    af        nej  nej  nej  nej  ja   nej  nej
40    hoganas    man     25-34    fk        ja   ja   nej  nej  nej  ja   ja
9     hoganas    annat   ovrig    kommun    ja   -    -    nej  nej  -    nej
"""


def test_one_person_changing_one_answer_from_ja_to_nej_changes_no_noise(
    write_answers: WriteAnswers, registry: Registry
) -> None:
    before = noise_of(write_answers(PEOPLE), registry)
    assert len(before) > 400
    header, first, *others = PEOPLE.strip().splitlines()
    for question in range(1, 8):
        answers = first.split()
        answers[-8 + question] = "nej"
        after = noise_of(write_answers("\n".join([header, " ".join(answers), *others])), registry)
        assert after == before, f"q{question} is part of the noise"


def noise_of(answers: Path, registry: Registry) -> Mapping[Place, int]:
    """The noise of every count in a release: protected minus true."""
    rules = Rules(mean_cell_2=4, mean_cell_3=1000)  # all the single dimensions, and some pairs
    (file,) = counting.batches(answers)
    protected = building.protect(file, "synthetic", registry, keys.SYNTHETIC_KEY, rules)
    regions = {federation.slug: federation.region for federation in registry.federations}
    with counting.counted([file], regions) as count:
        cells = list(count(protected.tables))
    true: dict[Place, int] = {
        (*(cell.codes.get(d) for d in DIMENSIONS), cell.fill_count, label): value
        for cell in cells
        for label, value in cell.counts.items()
    }
    noise: dict[Place, int] = {}
    for row in protected.rows:
        codes = {name: str(value) for name, value in row.items() if value is not None}
        fill_count = codes.get("fill_count", "1")
        place = (*(codes.get(d) for d in DIMENSIONS), fill_count, codes["label"])
        noise[place] = int(codes["value"]) - true[place]
    return noise


def test_every_count_has_noise_within_the_bound(
    write_answers: WriteAnswers, registry: Registry
) -> None:
    noise = noise_of(write_answers(PEOPLE), registry)
    assert set(noise.values()) <= set(range(-RULES.bound, RULES.bound + 1))
    assert len(set(noise.values())) > 9
    national = {place[-1]: v for place, v in noise.items() if set(place[:-2]) == {None}}
    assert len(set(national.values())) > 4  # Sweden as a whole is no exception


def test_the_same_people_give_the_same_figure_by_every_route(
    write_answers: WriteAnswers, registry: Registry, tmp_path: Path
) -> None:
    answers = write_answers(
        """
        times federation gender age_band authority q1  q2
        70    hoganas    kvinna 25-34    fk        ja  nej
        60    hoganas    kvinna 25-34    fk        nej -
        """
    )
    rules = Rules(mean_cell_2=1)
    made = building.build(
        answers, tmp_path / "utgåvor", tmp_path / "liggare", registry, rules=rules
    )
    released = open_release(made.folder, rules)
    everybody = released.counts(Selection())[()]
    routes = [
        Selection(period=("2022",)),
        Selection(region=("12",)),
        Selection(federation=("hoganas",)),
        Selection(gender=("kvinna",)),
        Selection(age=("25-34",)),
        Selection(authority=("fk",)),
        Selection(region=("12",), gender=("kvinna",)),
        Selection(region=("12",), federation=("hoganas",)),
        Selection(federation=("hoganas",), gender=("kvinna",)),
        Selection(age=("25-34",), authority=("fk",)),
    ]
    for selection in routes:
        (counts,) = released.counts(selection).values()
        assert counts.draws == everybody.draws == 1
        assert counts.values.items() <= everybody.values.items()
        assert counts.values.keys() >= {"n|all", "n|q1", "y|q1", "n|q7", "y|q7"}


@pytest.mark.parametrize(("region", "federation"), [("12", "hoganas"), ("09", "finsam-gotland")])
def test_a_federation_alone_in_its_region_is_the_region(
    release: Release, region: str, federation: str
) -> None:
    by_region = release.counts(Selection(), ("region",))
    by_federation = release.counts(Selection(), ("federation",))
    assert by_region[(region,)] == by_federation[(federation,)]
    by_both = release.counts(Selection(region=(region,)), ("gender",))
    assert by_both == release.counts(Selection(federation=(federation,)), ("gender",))
    assert by_both


def test_another_key_gives_other_figures(write_answers: WriteAnswers, registry: Registry) -> None:
    (file,) = counting.batches(write_answers(PEOPLE, data="real"))
    rules = Rules(mean_cell_2=1, mean_cell_3=1)
    found = []
    for secret in (SECRET, bytes(32)):
        protected = building.protect(file, "real", registry, secret, rules)
        found.append([row["value"] for row in protected.rows if row["label"] == "y|q1"])
    one, other = found
    assert len(one) == len(other) > 20
    assert sum(a != b for a, b in zip(one, other, strict=True)) > len(one) / 2


def test_the_same_key_gives_the_same_figures_again(releases: Path, registry: Registry) -> None:
    demo = settings.ROOT / "data" / "demo" / "answers.parquet"
    again = building.protect(demo, "synthetic", registry, keys.SYNTHETIC_KEY, RULES)
    kept = pq.read_table(releases / "1" / "counts.parquet")
    assert [row["value"] for row in again.rows] == kept["value"].to_pylist()
