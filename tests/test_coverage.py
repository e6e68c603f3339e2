"""What the coverage page's map, squares and bars say, of when and of where."""

from collections.abc import Callable

import pytest

from fovdata.charts import coverage as charts
from fovdata.charts import growth, maps
from fovdata.charts import regions as by_region
from fovdata.charts.coverage import MapView, Scope
from fovdata.charts.theme import LIGHT
from fovdata.dashboard import method, municipalities
from fovdata.figures import coverage
from fovdata.figures.coverage import MunicipalityCoverage, RegionCoverage
from fovdata.figures.release import Release
from fovdata.published import Answers
from fovdata.registry import GROUPS, Group, Region, Registry

PILOT, GROUP_2, GROUP_3, GROUP_4 = GROUPS
VARMLAND = "17"

Found = Callable[[Scope], list[MunicipalityCoverage]]


@pytest.fixture
def found(registry: Registry, release: Release) -> Found:
    """The municipalities as they had joined with a scope's group."""
    return lambda scope: list(coverage.municipalities(release, registry, scope.group.code))


def region(name: str, joined: int, of: int, answers: int | None) -> RegionCoverage:
    return RegionCoverage(Region(name, name, name, joined > 0), joined, of, answers)


REGIONS = [
    region("Full", 8, 8, 100),
    region("Utanför", 0, 5, None),
    region("Tunn", 1, 33, 70),
    region("Halv", 4, 8, None),
    region("Liten", 1, 8, 65),
]


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (PILOT, "Till och med pilotförbunden 2019 var 18 av 290 kommuner med"),
        (GROUP_2, "Till och med grupp 2 (2020–2021, år ej publicerat) var 62 av 290 kommuner med"),
        (GROUP_3, "Till och med grupp 3 2021 var 120 av 290 kommuner med"),
        (GROUP_4, "156 av 290 kommuner är med i uppdraget"),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_the_title_of_the_map_says_when(
    group: Group, said: str, registry: Registry, found: Found
) -> None:
    scope = Scope(registry, group)
    drawn = charts.joined_map(found(scope), scope, LIGHT)
    assert drawn.title == said
    assert said in drawn.alternative


@pytest.mark.parametrize("group", [PILOT, GROUP_4], ids=lambda group: group.code)
def test_a_file_says_of_when_it_is_unless_of_today(
    group: Group, registry: Registry, release: Release, found: Found
) -> None:
    scope = Scope(registry, group)
    covered = coverage.regions(release, registry, group.code)
    for made in (
        charts.joined_map(found(scope), scope, LIGHT),
        charts.answers_map(found(scope), scope, LIGHT),
        charts.regions_map(found(scope), covered, scope, LIGHT),
        by_region.squares(found(scope), scope, LIGHT),
    ):
        said = set(made.table.file.get("När", ()))
        assert said == ({"till och med pilotförbunden 2019"} if group == PILOT else set())


def test_answers_of_today_are_not_said_to_be_of_then(registry: Registry, found: Found) -> None:
    then, now = Scope(registry, PILOT), Scope(registry, GROUP_4)
    shown = sum(one.answers_shown for one in found(then))
    assert charts.answers_map(found(then), then, LIGHT).title == (
        f"Av de 18 kommuner som var med till och med pilotförbunden 2019 har {shown} ett förbund "
        "vars svar kan visas i dag"
    )
    shown = sum(one.answers_shown for one in found(now))
    assert charts.answers_map(found(now), now, LIGHT).title == (
        f"För {shown} av 290 kommuner finns ett förbund vars svar kan visas"
    )


def test_a_chosen_region_is_what_the_map_and_its_table_speak_of(
    registry: Registry, found: Found
) -> None:
    scope = Scope(registry, GROUP_4, (VARMLAND,))
    for made in (
        charts.joined_map(found(scope), scope, LIGHT),
        by_region.squares(found(scope), scope, LIGHT),
    ):
        assert made.title == "Region Värmland: 9 av 16 kommuner är med"
        assert set(made.table.file["Region"]) == {"Region Värmland"}
    then = Scope(registry, PILOT, (VARMLAND,))
    assert charts.joined_map(found(then), then, LIGHT).title == (
        "Region Värmland: till och med pilotförbunden 2019 var 4 av 16 kommuner med"
    )


def row(view: MapView, municipality: str) -> dict[str, object]:
    (one,) = view.table.file[view.table.file["Kommun"] == municipality].to_dict("records")
    return {str(column): value for column, value in one.items()}


def test_a_municipality_s_row_says_group_year_and_how_sure(
    registry: Registry, found: Found
) -> None:
    scope = Scope(registry, GROUP_4)
    drawn = charts.joined_map(found(scope), scope, LIGHT)
    assert row(drawn, "Vänersborg") == {
        "Kommunkod": "1487",
        "Kommun": "Vänersborg",
        "Region": "Västra Götalandsregionen",
        "Med": "ja",
        "Förbund": "Vänersborg-Mellerud och Södra Vänern",
        "Grupp": "Pilotförbund och Grupp 3",
        "Anslöt": "2019 och 2021",
        "Året är": "enligt källan och härlett ur källorna",
    }
    umea = row(drawn, "Umeå")
    assert (umea["Grupp"], umea["Anslöt"], umea["Året är"]) == (
        "Grupp 2",
        "ej publicerat",
        "okänt",
    )
    assert row(drawn, "Malmö")["Förbund"] == ""


def test_the_thinnest_region_stands_first_and_in_the_title_and_those_outside_last() -> None:
    drawn = by_region.thin_regions(REGIONS, LIGHT)
    assert drawn.title == (
        "Tunnast: Tunn med 1 av 33 kommuner och Liten med 1 av 8; en region är inte med"
    )
    order = ["Tunn", "Liten", "Halv", "Full", "Utanför"]
    assert drawn.table.file["Region"].tolist() == order
    labels = drawn.data.to_pandas().query("kind == 'label'")
    assert labels["text"].tolist() == order


def test_regions_that_joined_without_answers_to_show_are_named() -> None:
    assert by_region.joined_without_answers(REGIONS).startswith(
        "Att vara med är inte att svara: för få svar att visa från Halv. "
    )
    answering = [one for one in REGIONS if one.answers]
    assert by_region.joined_without_answers(answering).startswith(
        "Att vara med är inte att svara. "
    )


def test_the_shaded_map_names_the_thinnest_regions(registry: Registry, release: Release) -> None:
    for group, said in (
        (
            GROUP_4,
            "17 av 21 regioner är med. Tunnast: Region Skåne med 1 av 33 kommuner och Region "
            "Jämtland-Härjedalen med 1 av 8",
        ),
        (
            PILOT,
            "Till och med pilotförbunden 2019 var 7 av 21 regioner med. Tunnast: Region Stockholm "
            "med 1 av 26 kommuner och Västra Götalandsregionen med 2 av 49",
        ),
    ):
        covered = coverage.regions(release, registry, group.code)
        assert charts.regions_map([], covered, Scope(registry, group), LIGHT).title == said


def test_key_figures_say_of_how_many_as_of_when_and_from_where(registry: Registry) -> None:
    said = municipalities.key_figures(registry.totals(), Scope(registry, GROUP_4))
    assert [value for _, value, _ in said] == ["40", "156 av 290", "17 av 21"]
    assert said[0][2].startswith("av över 80 (Stoppa våldet i nära relationer, 2021)")
    assert all("december 2022 · NNS, " in line for *_, line in said)
    then = municipalities.key_figures(registry.totals("pilot"), Scope(registry, PILOT))
    assert all("till och med pilotförbunden 2019 · NNS, " in line for *_, line in then)


def test_published_numbers_of_answers_are_points_that_say_what_they_count() -> None:
    found = (
        Answers(758, "formulär", "mätningen 2021", None, "S-REP"),
        Answers(2200, "unika personer", "2019–2022", 16, "S-REP"),
    )
    drawn = growth.answers(found, LIGHT)
    kinds = {kind: rows["text"].tolist() for kind, rows in drawn.data.to_pandas().groupby("kind")}
    assert kinds == {
        "label": ["Mätningen 2021", "2019–2022"],
        "counts": ["formulär", "unika personer, från 16 regioner"],
        "point": ["758", "2\N{NO-BREAK SPACE}200"],
    }
    marks = {layer["mark"]["type"] for layer in drawn.specification["layer"]}
    assert marks == {"text", "rule", "circle"}
    assert drawn.table.file["Antal"].tolist() == [758, 2200]


def test_the_method_page_reads_the_numbers_that_contradict_each_other(registry: Registry) -> None:
    said = " ".join(method.contradictions(registry)).replace("\N{NO-BREAK SPACE}", " ")
    for text in (
        "17 eller 16 regioner",
        "1 800 eller 1 260 svar",
        "30 eller 28 förbund",
        "30 och de 12 nya år 2022 blir 42, men 40 är listade",
        "de 120 kommuner",
        "Sollentuna - Upplands Väsby - Sigtuna, anslöt i maj 2021",
    ):
        assert text in said


def test_what_is_published_of_any_experience_stands_as_ranges() -> None:
    assert {row["Andel"] for row in method.experience()} == {
        "70–90\N{NO-BREAK SPACE}%",
        "70–80\N{NO-BREAK SPACE}%",
        "40\N{NO-BREAK SPACE}%",
    }


def test_to_let_go_of_a_place_moves_the_map_back_too() -> None:
    whole, none, north = (maps.view(place) for place in (maps.WHOLE, None, "Norr"))
    for name in ("latitude", "longitude", "zoom"):
        values = [getattr(one, name) for one in (whole, none, north)]
        assert len(set(values)) == 3  # the browser applies what has changed and nothing else
        assert values[0] == pytest.approx(values[1], abs=1e-4)
