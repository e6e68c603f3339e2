"""A choice of several categories is the sum of their cells, and a selection says itself."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fovdata import measures
from fovdata import questionnaire as form
from fovdata.figures.release import Counts, Release
from fovdata.registry import Registry
from fovdata.rules import RULES
from fovdata.selection import DIMENSIONS, LABELS, LATEST, Selection, labels


def cells(releases: Path, dimensions: str) -> dict[tuple[str, ...], dict[str, int]]:
    """A table of the demo release as its file has it: codes → label → protected count."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for row in pq.read_table(releases / "1" / "counts.parquet").to_pylist():
        if row["dimensions"] == dimensions:
            codes = tuple(row[d] for d in DIMENSIONS if row[d] is not None)
            found.setdefault(codes, {})[row["label"]] = row["value"]
    return found


def total(cells: list[dict[str, int]]) -> dict[str, int]:
    """The sums of the labels that every cell has."""
    shared = set.intersection(*(set(cell) for cell in cells))
    return {label: sum(cell[label] for cell in cells) for label in shared}


def test_one_category_is_its_cell(release: Release, releases: Path) -> None:
    for codes, cell in cells(releases, "region,gender").items():
        region, gender = codes
        found = release.counts(Selection(region=(region,), gender=(gender,)))
        assert found == {(): Counts(cell, 1)}


def test_several_categories_are_the_sum_of_their_cells_hidden_ones_too(
    release: Release, releases: Path
) -> None:
    federations = {slug: cell for (slug,), cell in cells(releases, "federation").items()}
    hidden = [slug for slug, cell in federations.items() if cell["n|all"] < RULES.show]
    assert len(hidden) >= 3
    chosen = ["halland", *hidden]
    found = release.counts(Selection(federation=tuple(chosen)))[()]
    assert found.values == total([federations[slug] for slug in chosen])
    assert found.draws == len(chosen)


def test_several_categories_in_several_dimensions_are_a_sum(
    release: Release, releases: Path
) -> None:
    table = cells(releases, "period,gender")
    found = release.counts(Selection(period=("2021", "2022"), gender=("kvinna", "man")))[()]
    assert found.values == total([table[y, g] for y in ("2021", "2022") for g in ("kvinna", "man")])
    assert found.draws == 4


def test_a_split_sums_each_group_for_itself(release: Release, releases: Path) -> None:
    table = cells(releases, "period,gender")
    found = release.counts(Selection(period=("2020", "2021", "2022")), ("gender",))
    assert found.keys() == {("kvinna",), ("man",)}
    for (gender,), counts in found.items():
        assert counts.values == total([table[y, gender] for y in ("2020", "2021", "2022")])
        assert counts.draws == 3


def test_the_parts_do_not_always_add_up_to_the_whole(release: Release) -> None:
    by_year = release.counts(Selection(period=tuple(release.categories["period"])))[()]
    country = release.counts(Selection())[()]
    assert by_year.draws == 4
    assert by_year.values["n|q1"] != country.values["n|q1"]  # additivity is not repaired


def test_a_category_without_answers_adds_nothing(release: Release) -> None:
    with_it = release.counts(Selection(federation=("halland", "kalmar-lan")))
    assert with_it == release.counts(Selection(federation=("halland",)))
    assert release.counts(Selection(federation=("kalmar-lan",))) == {}


def test_a_label_that_one_of_the_summed_cells_lacks_is_left_out(
    release: Release, releases: Path
) -> None:
    regions = {code: cell for (code,), cell in cells(releases, "region").items()}
    large = [code for code, cell in regions.items() if "n|q6|q1" in cell]
    (small, *_) = [code for code, cell in regions.items() if "n|q6|q1" not in cell]
    together = set(measures.together("q6", "q1"))
    kept = release.counts(Selection(region=(large[0], large[1])))[()]
    assert kept.values.keys() >= together
    assert kept.values["j|q6|q1"] == sum(regions[code]["j|q6|q1"] for code in large[:2])
    mixed = release.counts(Selection(region=(large[0], small)))[()]
    assert not mixed.values.keys() & together
    assert mixed.values["n|q1"] == regions[large[0]]["n|q1"] + regions[small]["n|q1"]


def test_a_region_filter_beside_a_federation_split_keeps_its_federations(release: Release) -> None:
    found = release.counts(Selection(region=("17",)), ("federation",))
    assert found.keys() == {("samspelet",), ("klaralvdalen",), ("ostra-varmland",)}
    everywhere = release.counts(Selection(), ("federation",))
    assert all(found[slug] == everywhere[slug] for slug in found)


def test_a_federation_outside_the_chosen_region_has_nobody(release: Release) -> None:
    assert release.counts(Selection(region=("17",), federation=("halland",))) == {}
    inside = release.counts(Selection(region=("13", "17"), federation=("halland",)))
    assert inside == release.counts(Selection(federation=("halland",)))


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(), "Alla svarande i hela landet"),
        (Selection(gender=("kvinna",)), "Kvinnor i hela landet"),
        (Selection(gender=("kvinna", "man")), "Kvinnor och män i hela landet"),
        (Selection(gender=("kvinna",), region=("17",)), "Kvinnor i Region Värmland"),
        (
            Selection(region=("17", "18", "19")),
            "Alla svarande i Region Värmland, Region Örebro län och Region Västmanland",
        ),
        (Selection(federation=("halland",)), "Alla svarande i Halland"),
        (Selection(region=("13",), federation=("halland",)), "Alla svarande i Halland"),
        (Selection(age=("16-24",)), "Alla svarande, 16–24 år, i hela landet"),
        (
            Selection(age=("16-24",), authority=("fk",), period=("2021", "2022")),
            "Alla svarande, 16–24 år, myndighet Försäkringskassan, i hela landet, 2021 och 2022",
        ),
        (
            Selection(gender=("man",), age=("16-24", "25-34"), region=("20",)),
            "Män, 16–24 år och 25–34 år, i Region Dalarna",
        ),
    ],
)
def test_a_selection_says_itself(selection: Selection, words: str, registry: Registry) -> None:
    assert selection.words(registry) == words


def test_what_is_chosen_is_what_is_not_empty() -> None:
    assert Selection().chosen == {}
    assert Selection(gender=("man",), period=("2022",)).chosen == {
        "period": ("2022",),
        "gender": ("man",),
    }


def test_every_dimension_has_a_name_and_its_categories_have_labels(
    registry: Registry, release: Release
) -> None:
    assert tuple(LABELS) == (*DIMENSIONS, LATEST)
    assert tuple(release.categories) == DIMENSIONS
    for dimension, codes in release.categories.items():
        names = labels(dimension, registry)
        assert dimension == "period" or set(codes) <= names.keys()
    assert labels("gender", registry)[form.OTHER_GENDER.code] == "Annat svar"
