"""How often like federations are called different, and whether those that differ are found."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fovdata import measures, settings
from fovdata import questionnaire as form
from fovdata.figures import comparisons, intervals
from fovdata.figures.comparisons import Verdict
from fovdata.figures.intervals import Apart
from fovdata.figures.release import Cells, Release
from fovdata.intake.demo import HIGHER, PLANTED
from fovdata.rules import RULES

pytestmark = pytest.mark.long

POPULATIONS = 500
KEYS = 20
SIMULATED = 20_000
PLANTED_QUESTIONS = ("q1", "q2", "q3", "q4", "q6")
NOISE = np.arange(-RULES.bound, RULES.bound + 1)
WEIGHTS = np.exp(-(NOISE**2) / (2 * RULES.sigma**2))
WEIGHTS /= WEIGHTS.sum()
TABLES: Sequence[tuple[str, ...]] = (
    (),
    ("region",),
    ("federation",),
    ("gender",),
    ("region", "gender"),
    ("federation", "gender"),
)

Recorded = Callable[[str, str], None]
CERTAIN = (Verdict.HIGHER, Verdict.LOWER)


def drawn(rng: np.random.Generator, shape: int | tuple[int, ...]) -> np.ndarray:
    return rng.choice(NOISE, shape, p=WEIGHTS)


@pytest.fixture(scope="module")
def people(release: Release) -> pd.DataFrame:
    """The demo's unique persons: where, which gender, and what they answered, as 0 and 1."""
    answers = pd.read_parquet(settings.ROOT / "data" / "demo" / "answers.parquet")
    answers = answers[answers["fill_count"] == form.FIRST_TIME.code]
    counted = {measures.ALL: 1}
    for question in form.QUESTIONS:
        given = answers[question.code]
        counted[measures.answered(question.code)] = (given != form.BLANK).astype(int)
        counted[measures.yes(question.code)] = (given == form.YES).astype(int)
    return pd.DataFrame(
        {
            "federation": answers["federation"],
            "region": answers["federation"].map(release.region_of),
            "gender": answers["gender"],
            **counted,
        }
    ).reset_index(drop=True)


def released(people: pd.DataFrame, release: Release, rng: np.random.Generator) -> Release:
    """A release of these people's answers, as the product's own but for what draws the noise."""
    labels = [name for name in people if name.startswith(("n|", "y|"))]
    cells = {}
    for table in TABLES:
        by = [*table] or [pd.Series("", people.index)]
        counts = people.groupby(by)[labels].sum()
        counts += drawn(rng, counts.shape)
        rows = counts.to_dict("index").items()
        cells[table] = Cells.of(
            {codes if len(table) > 1 else (codes,) * len(table): row for codes, row in rows}
        )
    return replace(release, cells=cells)


def test_federations_that_are_all_alike_are_seldom_called_different(
    people: pd.DataFrame, release: Release, recorded: Recorded
) -> None:
    rng = np.random.default_rng(20221231)
    where = people[["federation", "region"]]
    said = {False: 0, True: 0}
    for _ in range(POPULATIONS):
        # Everybody keeps gender and answers, and is dealt a federation anew.
        shuffled = people.sample(frac=1, random_state=rng.integers(2**32)).reset_index(drop=True)
        alike = released(shuffled.assign(**where), release, rng)
        for adjusted in said:
            found = comparisons.compared(alike, adjusted=adjusted)
            said[adjusted] += any(one.verdict in CERTAIN for one in found)
    crude, by_gender = (100 * said[key] / POPULATIONS for key in (False, True))
    recorded(
        "How often federations that are all alike are called different",
        f"Per cent of {POPULATIONS} populations in which some federation is called higher or lower "
        "on some question. The demo's unique persons with their genders and answers, dealt over "
        "the federations by chance, so that none differs; protected and compared as the product "
        "does. At most 8 is the limit, about 5 what Benjamini and Hochberg promise.\n\n"
        "| | some is called different |\n|---|---|\n"
        f"| shares as they are | {crude:.1f} |\n| adjusted for gender | {by_gender:.1f} |",
    )
    assert crude <= 8
    assert by_gender <= 8


def test_federations_that_differ_are_found_whatever_the_key(
    people: pd.DataFrame, release: Release, recorded: Recorded
) -> None:
    rng = np.random.default_rng(20221231)
    asked = [(federation, question) for federation in PLANTED for question in PLANTED_QUESTIONS]
    right, others = [], []
    for _ in range(KEYS):
        found = {
            (one.federation, one.question): one.verdict
            for one in comparisons.compared(released(people, release, rng))
        }
        right.append(
            sum(
                found[federation, question]
                is (Verdict.HIGHER if PLANTED[federation] == HIGHER else Verdict.LOWER)
                for federation, question in asked
            )
        )
        others.append(sum(v in CERTAIN for key, v in found.items() if key not in asked))
    recorded(
        "How many planted differences are found",
        f"The demo answers differ on purpose in {len(PLANTED)} federations on "
        f"{len(PLANTED_QUESTIONS)} questions, {len(asked)} differences in all. Over {KEYS} draws "
        f"of noise {np.mean(right):.1f} are called so on average, never fewer than {min(right)}; "
        f"of all others {np.mean(others):.1f} are called different.",
    )
    assert min(right) > len(asked) / 2
    assert np.mean(others) < 1


def test_the_interval_of_a_difference_covers_the_truth_19_times_of_20(recorded: Recorded) -> None:
    rng = np.random.default_rng(20221231)
    sizes, shares, country = (40, 60, 100, 200), (0.15, 0.3, 0.5, 0.7, 0.85), 2200
    variance = RULES.sigma**2
    found = {}
    for n in sizes:
        for p in shares:
            rest = min(max(p + (0.1 if p < 0.5 else -0.1), 0), 1)
            y = rng.binomial(n, p, SIMULATED)
            whole_y = y + rng.binomial(country - n, rest, SIMULATED) + drawn(rng, SIMULATED)
            whole_n = country + drawn(rng, SIMULATED)
            y, its_n = y + drawn(rng, SIMULATED), n + drawn(rng, SIMULATED)
            covered = 0
            for a, b, c, d in zip(y, its_n, whole_y, whole_n, strict=True):
                own, others = (int(a), int(b)), (int(c - a), int(d - b))
                one, other = (
                    (min(max(y / n, 0), 1), *intervals.wilson(y, n, draws * variance))
                    for (y, n), draws in ((own, 1), (others, 2))
                )
                shared = Apart(*own, *others, variance, variance).shared_variance
                low, high = intervals.newcombe(one, other, shared)
                covered += low <= p - rest <= high
            found[n, p] = 100 * covered / SIMULATED
    head = "| answers | " + " | ".join(f"{100 * p:.0f} %" for p in shares) + " |"
    lines = [f"| {n} | " + " | ".join(f"{found[n, p]:.1f}" for p in shares) + " |" for n in sizes]
    recorded(
        "How often the interval of a federation's difference covers the truth",
        f"Per cent of {SIMULATED:,} simulated federations in a country of {country:,} answers, by "
        "number of answers and true share; the rest of the country lies 10 percentage points away. "
        "The noise is drawn on the federation and on the country, and the rest is the difference."
        "\n\n" + "\n".join([head, "|---" * (1 + len(shares)) + "|", *lines]),
    )
    assert min(found.values()) > 93
    assert max(found.values()) < 97.5
