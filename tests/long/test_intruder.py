"""The intruder on other populations than the demo; writes docs/intruder.md."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from intruder.found import Found, found
from intruder.intruder import (
    STRONG,
    Learned,
    learned,
    right_when_all_others_are_known,
    right_when_the_federation_is_known,
)
from intruder.observing import Released, Seen, in_releases
from intruder.people import QUESTIONS
from intruder.populations import EXACT, Population
from intruder.queries import Questions

from fovdata.figures import release as reading
from fovdata.intake import demo
from fovdata.registry import Registry
from fovdata.release import building
from fovdata.rules import RULES, Rules

from .conftest import Recorded

pytestmark = pytest.mark.long

HEAD = (
    "| what is seen | counts | certain | strong (right) | advantage | over the country |\n"
    "|---|---|---|---|---|---|"
)
SECRETS = [hashlib.sha256(bytes([number])).digest() for number in range(3)]


@pytest.mark.parametrize(
    ("title", "seed"),
    [
        ("1. The demo", demo.SEED),
        ("2. Other persons, seed 11", 11),
        ("3. Other persons, seed 12", 12),
        ("4. Other persons, seed 13", 13),
    ],
)
def test_no_population_gives_answers_away(
    title: str,
    seed: int,
    tmp_path: Path,
    registry: Registry,
    recorded: Recorded,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    population = of(demo.population(seed), tmp_path, registry)
    released, exact = population.released(), population.released(EXACT)
    rows = []

    keys = [population.released(secret=secret) for secret in SECRETS[:2]]
    for place, by_key in enumerate([released, *keys]):
        result, seen, _ = attacked(population, [by_key], RULES, at_once=place == 0)
        rows.append(line(f"the release's file, key {place + 1}", seen, result))
        assert result.within_the_limits(), result

    questions, seen = asked(population, tmp_path / "protected", RULES)
    result = judged(population, seen, released, RULES)
    rows.append(line(f"the API, {questions.asked} questions", seen, result))
    assert result.within_the_limits(), result

    result, seen, _ = attacked(population, [exact], EXACT)
    rows.append(line("true counts instead, in the file", seen, result))
    assert result.certain > 300
    monkeypatch.setattr(reading, "_weaker", lambda *_: "")
    questions, seen = asked(population, tmp_path / "exact", EXACT, sums=False)
    result = judged(population, seen, exact, EXACT)
    rows.append(
        line(f"true counts instead, through the API, {questions.asked} questions", seen, result)
    )
    assert result.strong > 30

    batches = []
    for federation in ("skaraborg", "hoganas", "falun"):
        new = population.newest(federation, RULES.batch)
        before = population.released(without=new)
        result, seen, guesses = attacked(population, [before, released], RULES)
        rows.append(line(f"two releases, {len(new)} new answers from {federation}", seen, result))
        assert result.within_the_limits(releases=2), result
        batches.append(of_the_new(population, guesses, new))

    recorded(
        title,
        "\n".join([HEAD, *rows])
        + f"\n\nOf the new answers when two releases are compared, strong: {', '.join(batches)}."
        + f"\n\n{others_known(population)}",
        page="intruder",
    )


def test_a_large_population_does_not_give_answers_away(
    tmp_path: Path, registry: Registry, recorded: Recorded
) -> None:
    population = of(demo.population(14, size=20_000), tmp_path, registry)
    released, exact = population.released(), population.released(EXACT)
    rows = []
    result, seen, _ = attacked(population, [released], RULES)
    rows.append(line("the release's file", seen, result))
    assert result.within_the_limits(), result
    questions, seen = asked(population, tmp_path / "protected", RULES, sums=False)
    result = judged(population, seen, released, RULES)
    rows.append(line(f"the API, {questions.asked} questions, no sums", seen, result))
    assert result.within_the_limits(), result
    result, seen, _ = attacked(population, [exact], EXACT)
    rows.append(line("true counts instead, in the file", seen, result))
    assert result.certain > 1000
    recorded("5. 20 000 persons, seed 14", "\n".join([HEAD, *rows]), page="intruder")


def of(table: object, folder: Path, registry: Registry) -> Population:
    answers = folder / "svar"
    answers.mkdir()
    return Population.of(table, answers, registry)


def attacked(
    population: Population, releases: Sequence[Released], rules: Rules, at_once: bool = False
) -> tuple[Found, Seen, Learned]:
    """What the files of some releases say."""
    seen = in_releases(population.people, releases, rules)
    guesses = learned(population.people, seen, rules, at_once)
    return found(population.people, guesses, releases[-1][0], rules), seen, guesses


def asked(
    population: Population, folder: Path, rules: Rules, sums: bool = True
) -> tuple[Questions, Seen]:
    """What the API says of a release by some rules."""
    releases = folder / "utgåvor"
    building.build(
        population.folder, releases, folder / "liggare", population.registry, rules=rules
    )
    release = reading.open_release(releases / "1")
    questions = Questions(releases, release, population.people)
    return questions, questions.everything(sums=sums)


def judged(population: Population, seen: Seen, released: Released, rules: Rules) -> Found:
    guesses = learned(population.people, seen, rules)
    return found(population.people, guesses, released[0], rules)


def line(what: str, seen: Seen, result: Found) -> str:
    return (
        f"| {what} | {len(seen.value)} | {result.certain} | {result.strong} ({result.right}) "
        f"| {100 * result.advantage:.1f} | {100 * result.plain:.1f} |"
    )


def of_the_new(population: Population, guesses: Learned, new: Sequence[int]) -> str:
    asked = population.people.answered[new]
    strong = (np.abs(guesses.evidence[new]) >= STRONG) & asked
    return f"{strong.sum()} of {asked.sum()}"


def others_known(population: Population) -> str:
    """How often the last answer is guessed right by one who knows others, mean of some keys."""
    everybody, federation = [], []
    for secret in SECRETS:
        seen = in_releases(population.people, [population.released(secret=secret)], RULES)
        everybody.append(right_when_all_others_are_known(population.people, seen))
        federation.append(right_when_the_federation_is_known(population.people, seen))
    return f"Knows all others: {per_question(everybody)}.\n\n" + (
        f"Knows all others in the federation: {per_question(federation)}."
    )


def per_question(right: Sequence[np.ndarray]) -> str:
    shares = zip(QUESTIONS, 100 * np.mean(right, axis=0), strict=True)
    return ", ".join(f"{code} {share:.0f} %" for code, share in shares)
