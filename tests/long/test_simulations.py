"""What the protection costs, and whether the intervals hold what they promise."""

import hashlib
from collections.abc import Callable

import numpy as np
import pytest

from fovdata import measures, registry, settings
from fovdata import questionnaire as form
from fovdata.figures import intervals
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
    cells = [
        cell
        for cell in counting.count(files, list(tables.values()), regions)
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
