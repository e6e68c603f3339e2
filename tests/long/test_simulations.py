"""What the protection costs, and whether the intervals hold what they promise."""

import hashlib
from collections.abc import Callable

import numpy as np
import pytest

from fovdata import measures, registry, settings
from fovdata import questionnaire as form
from fovdata.figures import intervals
from fovdata.figures.intervals import Four, Fourfold
from fovdata.release import counting
from fovdata.release.noise import Noise
from fovdata.rules import RULES

pytestmark = pytest.mark.long

KEYS = 200
POPULATIONS = 20_000


def test_the_noise_costs_less_than_chance(recorded: Callable[[str, str], None]) -> None:
    tables = {
        "Sweden": (),
        "Sweden × gender": ("gender",),
        "region × gender": ("region", "gender"),
        "federation": ("federation",),
        "federation × gender": ("federation", "gender"),
    }
    regions = {one.slug: one.region for one in registry.load().federations}
    files = counting.batches(settings.responses())
    with counting.counted(files, regions) as count:
        cells = [
            cell
            for cell in count(list(tables.values()))
            if cell.fill_count == form.FIRST_TIME.code
            and cell.codes.get("gender") != form.OTHER_GENDER.code
        ]
    rows = []
    for name, dimensions in tables.items():
        noise_error, chance_error = [], []
        for key in range(KEYS):
            noise = Noise(hashlib.sha256(str(key).encode()).digest(), RULES)
            for cell in cells:
                if set(cell.codes) != set(dimensions):
                    continue
                for question in form.QUESTIONS:
                    labels = measures.answered(question.code), measures.yes(question.code)
                    n, y = (cell.counts[label] for label in labels)
                    people = cell.counts[measures.ALL], cell.key_sum
                    protected_n, protected_y = (
                        cell.counts[label] + noise.draw(label, *people) for label in labels
                    )
                    if protected_n < RULES.show:
                        continue
                    share = min(max(protected_y / protected_n, 0), 1)
                    noise_error.append(abs(share - y / n))
                    # The mean error of a share by chance alone, normal approximation.
                    chance_error.append(0.798 * np.sqrt(y / n * (1 - y / n) / n))
        rows.append((name, 100 * np.mean(noise_error), 100 * np.mean(chance_error)))
    recorded(
        "What the noise costs",
        f"Mean error of a share in percentage points, all seven questions of the demo answers, "
        f"{KEYS} keys, cells of at least {RULES.show} protected answers.\n\n"
        "| cell | by noise | by chance |\n|---|---|---|\n"
        + "\n".join(f"| {name} | {noise:.2f} | {chance:.2f} |" for name, noise, chance in rows),
    )
    assert all(noise < chance for _, noise, chance in rows)
    assert rows[0][1] < 0.2


def test_the_intervals_cover_the_truth_19_times_of_20(
    recorded: Callable[[str, str], None],
) -> None:
    rng = np.random.default_rng(20221231)
    values = np.arange(-RULES.bound, RULES.bound + 1)
    weights = np.exp(-(values**2) / (2 * RULES.sigma**2))
    weights /= weights.sum()
    sizes, shares = (20, 40, 60, 100, 200), (0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95)
    found = {}
    for n in sizes:
        for p in shares:
            y = rng.binomial(n, p, POPULATIONS) + rng.choice(values, POPULATIONS, p=weights)
            protected_n = n + rng.choice(values, POPULATIONS, p=weights)
            covered = [
                low <= p <= high
                for low, high in (
                    intervals.wilson(int(a), int(b), RULES.sigma**2)
                    for a, b in zip(y, protected_n, strict=True)
                )
            ]
            found[n, p] = 100 * float(np.mean(covered))
    head = "| answers | " + " | ".join(f"{100 * p:.0f} %" for p in shares) + " |"
    lines = [f"| {n} | " + " | ".join(f"{found[n, p]:.1f}" for p in shares) + " |" for n in sizes]
    recorded(
        "How often the 95 % interval covers the truth",
        f"Per cent of {POPULATIONS:,} simulated cells, by number of answers and true share, with "
        "the noise drawn on both counts and before rounding. Shares that the gate codes are "
        "included.\n\n" + "\n".join([head, "|---" * (1 + len(shares)) + "|", *lines]),
    )
    inside = [found[n, p] for n in sizes if n >= 40 for p in shares if 0.15 <= p <= 0.85]
    assert min(inside) > 93
    assert max(inside) < 97.5


ROWS = {
    "the country, a common kind": (2200, 0.5, 0.7, 0.35),
    "the country, a rare kind": (2200, 0.5, 0.1, 0.05),
    "a gender": (900, 0.45, 0.5, 0.2),
    "a region": (250, 0.5, 0.6, 0.3),
    "a region, a rare kind": (250, 0.5, 0.25, 0.12),
    "120 answers": (120, 0.5, 0.6, 0.3),
    "120 answers, no association": (120, 0.5, 0.4, 0.4),
}
"""Answers, share with Ja to question 6, and share with Ja to another among them and the rest."""

BLANK = 0.02
"""The share that leaves a question blank, about as in the demo answers."""
GENDERS = ((1300, 0.55, 0.2), (850, 0.4, 0.1))
"""Women's and men's answers, share with Ja to question 6, and share with Ja among the rest."""
ADJUSTED = 2.5
"""The ratio that both genders have."""
SAME: Four = (RULES.sigma**2, RULES.sigma**2, RULES.sigma**2, RULES.sigma**2)


def crossed(
    rng: np.random.Generator, answers: int, witnessed: float, yes: float, no: float
) -> list[Fourfold]:
    """Protected tables of so many populations, made as ``figures.together`` makes them.

    ``answers`` people, of whom BLANK leave each question blank, by chance.
    """
    values = np.arange(-RULES.bound, RULES.bound + 1)
    weights = np.exp(-(values**2) / (2 * RULES.sigma**2))
    without_first = rng.binomial(answers, BLANK, POPULATIONS)
    without_second = rng.binomial(answers - without_first, BLANK)
    n = answers - without_first - without_second
    first = rng.binomial(n, witnessed)
    both = rng.binomial(first, yes)
    second = both + rng.binomial(n - first, no)
    drawn = np.array(
        [
            n,
            both,
            n + without_second,
            first + rng.binomial(without_second, witnessed),
            n + without_first,
            second + rng.binomial(without_first, witnessed * yes + (1 - witnessed) * no),
        ]
    )
    noised = drawn + rng.choice(values, drawn.shape, p=weights / weights.sum())
    n, both, answered_first, first, answered_second, second = noised
    counts = [n, np.rint(n * first / answered_first), np.rint(n * second / answered_second), both]
    return [Fourfold(*column) for column in np.array(counts).astype(int).T.tolist()]


def may_be_shown(table: Fourfold) -> bool:
    return (
        table.n >= RULES.association
        and min(table.rows) >= RULES.show
        and min(table.cells) >= RULES.code
    )


def covers(found: list[tuple[float, float, float]], truth: float) -> float:
    return 100 * float(np.mean([low <= truth <= high for _, low, high in found]))


def test_the_intervals_of_ratios_cover_the_truth_19_times_of_20(
    recorded: Callable[[str, str], None],
) -> None:
    rng = np.random.default_rng(20221231)
    lines = []
    for name, (answers, witnessed, yes, no) in ROWS.items():
        tables = [t for t in crossed(rng, answers, witnessed, yes, no) if may_be_shown(t)]
        covered, without = (
            covers([intervals.risk_ratio([t], variances) for t in tables], yes / no)
            for variances in (SAME, intervals.NO_NOISE)
        )
        assert 93 < covered < 97.5, name
        lines.append((name, answers, yes / no, covered, without))
    genders = (crossed(rng, n, first, ADJUSTED * no, no) for n, first, no in GENDERS)
    pairs = list(zip(*genders, strict=True))
    covered, without = (
        covers([intervals.risk_ratio(pair, variances) for pair in pairs], ADJUSTED)
        for variances in (SAME, intervals.NO_NOISE)
    )
    assert 93 < covered < 97.5
    answers = sum(n for n, *_ in GENDERS)
    lines.append(("the country, adjusted for gender", answers, ADJUSTED, covered, without))
    recorded(
        "How often the interval of a ratio covers the truth",
        f"Per cent of {POPULATIONS:,} simulated fourfold tables (those that the gate would show), "
        f"before rounding, with the noise drawn on all counts and {100 * BLANK:.0f} % of each "
        "question's answers blank; last, what the interval would cover if it left the noise "
        "out.\n\n"
        "| of whom | answers | true ratio | covered | without the noise |\n|---|---|---|---|---|\n"
        + "\n".join(f"| {w} | {n} | {r:.1f} | {c:.1f} | {o:.1f} |" for w, n, r, c, o in lines),
    )


def test_genders_that_do_not_differ_are_said_to_differ_5_times_of_100(
    recorded: Callable[[str, str], None],
) -> None:
    rng = np.random.default_rng(20221231)
    lines = []
    for name, answers, no in (
        ("the country", (1300, 850), (0.35, 0.2)),
        ("a rare kind", (1300, 850), (0.1, 0.03)),
        ("few answers", (150, 120), (0.3, 0.2)),
    ):
        # An odds ratio of 3 in both.
        yes = [3 * p / (1 - p + 3 * p) for p in no]
        both = zip(*(crossed(rng, answers[i], 0.5, yes[i], no[i]) for i in (0, 1)), strict=True)
        shown = [tables for tables in both if all(map(may_be_shown, tables))]
        said, without = (
            100
            * float(
                np.mean(
                    [
                        intervals.p_of_two(intervals.breslow_day(tables, variances)) < 0.05
                        for tables in shown
                    ]
                )
            )
            for variances in (SAME, intervals.NO_NOISE)
        )
        assert 3 < said < 6.5, name
        lines.append((name, said, without))
    recorded(
        "How often two like associations are said to differ",
        f"Per cent of {POPULATIONS:,} simulated pairs of fourfold tables (those that the gate "
        "would show) with the same odds ratio, at 0.05, before Holm's correction; last, what a "
        "test that left the noise out would say.\n\n"
        "| of whom | said to differ | without the noise |\n|---|---|---|\n"
        + "\n".join(f"| {w} | {s:.1f} | {o:.1f} |" for w, s, o in lines),
    )
