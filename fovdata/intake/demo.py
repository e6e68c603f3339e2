"""Synthetic demo answers: 2 200 invented persons who together look like the published figures.

Published, and hit: the shares of women and men who answered Ja to questions 1–4, 2021 and 2022,
and the association of question 6 with them (NNS, 2023-02-14), which is carried on into autumn
2022, where none is published. Everything else is invented: the share of women, ages, authorities,
who met which federation, questions 5 and 7, the repeat forms and every difference between
federations. No row is a person and no federation's figures are its own; four federations differ
on purpose (PLANTED).
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fovdata import batches, published, responses, settings
from fovdata import questionnaire as form
from fovdata import registry as registries
from fovdata.intake import fitting
from fovdata.intake.fitting import Band, Fitted, Ints, Target

SEED = 20221257
PERSONS = 2200

HIGHER, LOWER, LEVEL = "higher", "lower", "level"
PLANTED = MappingProxyType(
    {"skaraborg": HIGHER, "uppsala-lan": HIGHER, "gavleborg": LOWER, "halland": LOWER}
)
"""Federations that differ from the others on purpose, in questions 1–4 and 6."""
SHOWCASE = "skaraborg"
"""Shown in pictures and presentations: many answers, 60 men or more, others in its region."""

DESCRIPTION = (
    "Synthetic answers to the form FOV, made by a program: no row is a person and no "
    "federation's figures are its own. Women's and men's shares of Ja to questions 1–4 and the "
    "association of question 6 with them follow figures that NNS has published; all else is "
    "invented, questions 5 and 7 too. Made to differ on purpose from the others, in questions "
    "1–4 and 6: "
    + "; ".join(
        f"{way} {', '.join(slug for slug in PLANTED if PLANTED[slug] == way)}"
        for way in (HIGHER, LOWER)
    )
    + ". Kalmar län has joined and has no answers."
)

_HALF_YEARS = (
    (2019, 2, 110),
    (2020, 1, 80),
    (2020, 2, 90),
    (2021, 1, 140),
    (2021, 2, 338),
    (2022, 1, 502),
    (2022, 2, 940),
)
"""Year, half-year, unique persons. Through 2021: 758; through spring 2022: 1 260 (published)."""
_BLOCK = np.array([0, 0, 0, 0, 0, 1, 2])
"""The half-years as the published figures cut them: through 2021, spring 2022, autumn 2022."""

_SIZES = MappingProxyType(
    {
        "skaraborg": 168,
        "halland": 152,
        "uppsala-lan": 144,
        "gavleborg": 138,
        "stockholms-stad": 112,
        "orebro-lekeberg": 104,
        # Alone in their regions, which would otherwise be thin.
        "sodra-norrbottens": 72,
        "finsam-gotland": 69,
        "jamtlands-lan": 67,
        "hoganas": 70,
        # Too few to be shown. Ten is the least that a release takes in.
        "sydnarke": 17,
        "falun": 14,
        "ostra-varmland": 11,
        # Joined in 2022, handed out its first forms in 2023.
        "kalmar-lan": 0,
    }
)
"""Unique persons of some federations; the others share the rest, 34–75 each."""

_GENDERS = (("kvinna", 61), ("annat", 2), ("man", 37))
_AGES = (
    ("16-24", 200),
    ("25-34", 283),
    ("35-44", 240),
    ("45-54", 175),
    ("55-64", 96),
    ("ovrig", 6),
)
_AUTHORITIES = (("kommun", 36), ("af", 31), ("fk", 20), ("region", 13))
"""Category and weight, in an order of which a federation leans to one end."""

_PUBLISHED_BLOCKS = MappingProxyType({2021: (0,), 2022: (0, 1, 2)})
"""The answers that stand for each year's published shares of women and men."""
_ASSOCIATION_BLOCKS = (0, 1)
"""Those that stand for the published association: 1 260 first-time forms, spring 2022."""
_AUTUMN_ASSOCIATION = MappingProxyType(
    {"q1": (62, 27), "q2": (58, 19), "q3": (33, 11), "q4": (41, 17)}
)
"""Invented, for the answers after those: the published risk ratios within about 0.1, at the
levels that the published shares of all 2 200 leave to autumn."""
_WEAKER_ASSOCIATION = MappingProxyType({"q5": (50, 33), "q7": (12, 9)})
"""Invented, for every block. Per cent Ja given Ja and given Nej to question 6, as above."""
_SHARE_WITNESSED = 40
_ANY_EXPERIENCE = 80
"""Per cent Ja: question 6 as published; to something, inside the published range."""

_INVENTED = {
    "kvinna": {"q5": 41, "q7": 8},
    "man": {"q5": 38, "q7": 13},
    "annat": {"q1": 52, "q2": 40, "q3": 24, "q4": 40, "q5": 50, "q7": 12},
}
_PLANTED_SHARES = {
    HIGHER: {"q1": 61, "q2": 52, "q3": 33, "q4": 48, "q6": 56},
    LOWER: {"q1": 25, "q2": 17, "q3": 7, "q4": 15, "q6": 24},
}

_LEVELS = (LEVEL, HIGHER, LOWER)
_GENDER_CODES = tuple(category.code for category in form.GENDERS)
_STRATA = tuple(
    (level, gender, block)
    for level in _LEVELS
    for gender in _GENDER_CODES
    for block in range(_BLOCK.max() + 1)
)
"""Answers are drawn for these groups of persons."""

_SCHEMA = batches.SCHEMA.with_metadata({"data": responses.SYNTHETIC, "description": DESCRIPTION})


def write_demo(folder: Path) -> Path:
    """Write the demo answers as ``answers.parquet`` in ``folder`` and return the file's path.

    The same versions of Python and pyarrow write the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "answers.parquet"
    pq.write_table(population(), path, compression="zstd", version="2.6")
    return path


def population(seed: int = SEED, size: int = PERSONS) -> pa.Table:
    """``size`` unique persons and their repeat forms, a row each, columns as in ``responses``.

    Another seed gives other persons with the same targets; another size scales everything.
    Rows are ordered by response_id, which says nothing. ValueError if the registry has too few
    federations for the first half-years.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    slugs, opened = _federations()
    sizes = _federation_sizes(slugs, size, rng)
    federation = np.repeat(np.arange(len(slugs)), sizes)
    half_year = _deal_half_years(opened[federation], size, rng)
    block = _BLOCK[half_year]
    gender = np.empty(size, object)
    leaning = _leanings(slugs, 0.12, rng)
    leaning[slugs.index(SHOWCASE)] = 0.1
    for one in range(_BLOCK.max() + 1):
        gender[block == one] = _deal(_GENDERS, leaning[federation[block == one]], rng)
    columns = {
        "federation": federation,
        "half_year": half_year,
        "gender": gender,
        "age_band": _deal(_AGES, _leanings(slugs, 0.1, rng)[federation], rng),
        "authority": _deal(_AUTHORITIES, _leanings(slugs, 0.2, rng)[federation], rng),
        "fill_count": np.full(size, form.FIRST_TIME.code, object),
        "answers": _answers(slugs, federation, gender, block, rng),
    }
    second = _repeats(columns, "2", round(size * 0.115), rng)
    third = _repeats(second, "3+", round(size * 0.022), rng)
    everyone = {
        name: np.concatenate([columns[name], second[name], third[name]]) for name in columns
    }
    return _table(everyone, slugs, seed)


def _federations() -> tuple[list[str], Ints]:
    """Slugs, and the index of the first half-year in which each can hand in forms.

    A federation whose year is not published starts in 2021.
    """
    years = [year for year, _, _ in _HALF_YEARS]
    joined = {
        federation.slug: federation.year_joined or 2021
        for federation in registries.load(settings.ROOT / "data" / "registry").federations
    }
    slugs = sorted(slug for slug, year in joined.items() if year <= years[-1])
    return slugs, np.array([years.index(joined[slug]) for slug in slugs])


def _federation_sizes(slugs: Sequence[str], size: int, rng: np.random.Generator) -> Ints:
    uneven = 42 + 20 * rng.random(len(slugs)) ** 2
    others = np.array([slug not in _SIZES for slug in slugs])
    given = np.array([_SIZES.get(slug, 0) for slug in slugs], float)
    rest = PERSONS - given.sum()
    return _shared(size, np.where(others, uneven * rest / uneven[others].sum(), given))


def _shared(total: int, weights: Sequence[float] | np.ndarray) -> Ints:
    """``total`` in whole parts by ``weights``, the largest remainders rounded up."""
    exact = total * np.asarray(weights, float) / np.sum(weights)
    parts = np.floor(exact).astype(np.int64)
    up = np.argsort(parts - exact, kind="stable")[: total - parts.sum()]
    parts[up] += 1
    return parts


def _deal_half_years(opened: Ints, size: int, rng: np.random.Generator) -> Ints:
    """The half-year's index of each person, the exact number in each, never before ``opened``."""
    half_years = np.full(size, -1)
    order = np.argsort(rng.random(size), kind="stable")
    for index, persons in enumerate(_shared(size, [persons for _, _, persons in _HALF_YEARS])):
        free = order[(half_years[order] < 0) & (opened[order] <= index)]
        if len(free) < persons:
            raise ValueError(f"{_HALF_YEARS[index]}: the registry has too few federations by then")
        half_years[free[:persons]] = index
    return half_years


def _leanings(slugs: Sequence[str], most: float, rng: np.random.Generator) -> np.ndarray:
    """How far each federation leans to one end of a background, from -``most`` to ``most``."""
    return most * (2 * rng.random(len(slugs)) - 1)


def _deal(
    categories: Sequence[tuple[str, int]], leaning: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """A category for each person: exact shares in all, differing by where the persons lean."""
    order = np.argsort(rng.random(len(leaning)) + leaning, kind="stable")
    dealt = np.empty(len(leaning), object)
    counts = _shared(len(leaning), [weight for _, weight in categories])
    dealt[order] = np.repeat([code for code, _ in categories], counts)
    return dealt


def _strata(
    level: str | None = None, gender: str | None = None, blocks: Sequence[int] = (0, 1, 2)
) -> tuple[int, ...]:
    return tuple(
        index
        for index, (its_level, its_gender, its_block) in enumerate(_STRATA)
        if level in (None, its_level) and gender in (None, its_gender) and its_block in blocks
    )


def _association(
    shares: Mapping[str, tuple[int, int]], blocks: Sequence[int]
) -> tuple[Target, ...]:
    return tuple(
        Target(question, share, _strata(blocks=blocks), given)
        for question, both in shares.items()
        for given, share in zip((fitting.YES, fitting.NO), both, strict=True)
    )


def _targets() -> list[Target]:
    """Every wanted share; the published ones last, so that the fitting ends on them."""
    invented = [
        Target(question, share, _strata(gender=gender))
        for gender, shares in _INVENTED.items()
        for question, share in shares.items()
    ]
    planted = [
        Target(question, share, _strata(level))
        for level, shares in _PLANTED_SHARES.items()
        for question, share in shares.items()
    ]
    experience = [Target(fitting.ANY, _ANY_EXPERIENCE, _strata(LEVEL))]
    given = {form.YES: fitting.YES, form.NO: fitting.NO}
    association = [
        *_association(_AUTUMN_ASSOCIATION, (2,)),
        *(target for block in (0, 1, 2) for target in _association(_WEAKER_ASSOCIATION, (block,))),
        *(
            Target(
                row.question, row.share, _strata(blocks=_ASSOCIATION_BLOCKS), given[row.witnessed]
            )
            for row in published.association()
        ),
    ]
    witnessed = [
        Target(form.WITNESSED.code, _SHARE_WITNESSED, _strata(blocks=blocks))
        for blocks in (_ASSOCIATION_BLOCKS, (2,))
    ]
    by_gender = [
        Target(row.question, row.share, _strata(gender=row.gender, blocks=blocks))
        for year, blocks in _PUBLISHED_BLOCKS.items()
        for row in published.shares(year=year)
    ]
    return [*invented, *planted, *experience, *association, *witnessed, *by_gender]


def _answers(
    slugs: Sequence[str],
    federation: Ints,
    gender: np.ndarray,
    block: Ints,
    rng: np.random.Generator,
) -> np.ndarray:
    """Persons × seven answers, as the codes of ``fitting``."""
    index = {stratum: i for i, stratum in enumerate(_STRATA)}
    stratum = np.array(
        [
            index[PLANTED.get(slugs[f], LEVEL), g, b]
            for f, g, b in zip(federation.tolist(), gender, block.tolist(), strict=True)
        ]
    )
    targets = _targets()
    fitted = fitting.fit(np.bincount(stratum, minlength=len(_STRATA)).tolist(), targets)
    sizes = np.bincount(federation, minlength=len(slugs))
    bands = [_band(slug, size, fitted) for slug, size in zip(slugs, sizes.tolist(), strict=True)]
    return fitting.draw(fitted, targets, bands, stratum, federation, rng)


def _band(slug: str, size: int, fitted: Fitted) -> Band:
    """How a federation may vary: like chance, but never so that it stands out unplanned."""
    level = PLANTED.get(slug, LEVEL)
    per_mille = fitted.per_mille(_strata(level))
    deviation = np.sqrt(size * per_mille * (1000 - per_mille)).astype(np.int64)
    slack = deviation // 2 if level != LEVEL else 9 * deviation // 5
    if level == LEVEL and size >= 30:
        slack[-2:] = np.minimum(slack[-2:], 65 * size)
    return Band(per_mille, slack)


def _repeats(
    columns: dict[str, np.ndarray], fill_count: str, count: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """``count`` of the persons fill in the form again in a later half-year, mostly as before."""
    last = len(_HALF_YEARS) - 1
    could = np.flatnonzero(columns["half_year"] < last)
    again = could[np.argsort(rng.random(len(could)), kind="stable")[:count]]
    repeats = {name: values[again] for name, values in columns.items()}
    wait = rng.random(len(again)) * (last - repeats["half_year"])
    repeats["half_year"] = repeats["half_year"] + 1 + wait.astype(np.int64)
    repeats["fill_count"] = np.full(len(again), fill_count, object)
    before, chance = repeats["answers"], rng.random(repeats["answers"].shape)
    repeats["answers"] = np.select(
        [
            (before == fitting.NO) & (chance < 0.03),
            (before == fitting.YES) & (chance < 0.02),
            (before == fitting.BLANK) & (chance < 0.5),
        ],
        [fitting.YES, fitting.NO, fitting.NO],
        before,
    )
    return repeats


def _table(columns: dict[str, np.ndarray], slugs: Sequence[str], seed: int) -> pa.Table:
    rows = len(columns["federation"])
    times = [_HALF_YEARS[index] for index in columns["half_year"]]
    codes = {fitting.YES: form.YES, fitting.NO: form.NO, fitting.BLANK: form.BLANK}
    values = {
        "response_id": [
            hashlib.sha256(f"synthetic|{seed}|{row}".encode()).hexdigest()[:32]
            for row in range(rows)
        ],
        "data": [responses.SYNTHETIC] * rows,
        "year": [year for year, _, _ in times],
        "half_year": [half_year for _, half_year, _ in times],
        "federation": [slugs[index] for index in columns["federation"]],
        **{name: columns[name].tolist() for name in ("gender", "age_band", "authority")},
        "fill_count": columns["fill_count"].tolist(),
        **{
            question.code: [codes[answer] for answer in answers]
            for question, answers in zip(form.QUESTIONS, columns["answers"].T.tolist(), strict=True)
        },
    }
    return pa.table(values, schema=_SCHEMA).sort_by("response_id")
