"""The published figures, typed here again from their sources: a slip of the keyboard shows."""

import json

import pytest

from fovdata import published

S_REP = "S-REP"


def test_growth_has_the_published_points_and_no_others() -> None:
    assert [
        (row.when, row.federations, row.regions, row.municipalities, row.source)
        for row in published.growth()
    ] == [
        ("hösten 2019", 7, 7, 18, S_REP),
        ("24 november 2021", 30, None, 120, "S-NEWS"),
        ("13 februari 2022", 30, None, None, "S-INV"),
        ("december 2022", 40, 17, 158, S_REP),
    ]


def test_growth_says_how_precisely_each_day_is_known() -> None:
    assert [(row.date.isoformat(), row.precision) for row in published.growth()] == [
        ("2019-09-01", "season"),
        ("2021-11-24", "day"),
        ("2022-02-13", "day"),
        ("2022-12-01", "month"),
    ]


def test_each_number_of_answers_says_what_it_counts() -> None:
    assert [
        (row.answers, row.counts, row.when, row.regions, row.source) for row in published.answers()
    ] == [
        (758, "besvarade formulär, unika personer 16–64 år", "mätningen 2021", None, S_REP),
        (1800, "unika personer som har svarat", "2019–2021", None, "S-INV"),
        (
            1260,
            "formulär ifyllda för första gången, analyserade av Statisticon",
            "våren 2022",
            None,
            S_REP,
        ),
        (2100, "besvarade formulär, unika personer 16–64 år", "mätningen 2022", None, S_REP),
        (2200, "unika personer", "2019–2022", 16, S_REP),
    ]


@pytest.mark.parametrize(
    ("gender", "year", "n", "q1_to_q4"),
    [
        ("kvinna", 2021, 758, [55, 44, 28, 41]),
        ("kvinna", 2022, 2100, [52, 41, 27, 39]),
        ("man", 2021, 758, [31, 26, 6, 16]),
        ("man", 2022, 2100, [30, 26, 5, 14]),
    ],
)
def test_shares_of_women_and_men(gender: str, year: int, n: int, q1_to_q4: list[int]) -> None:
    rows = published.shares(gender, year)
    assert [row.question for row in rows] == ["q1", "q2", "q3", "q4"]
    assert [row.share for row in rows] == q1_to_q4
    assert {(row.n, row.source) for row in rows} == {(n, S_REP)}


def test_there_are_no_other_published_shares() -> None:
    assert len(published.shares()) == 16


@pytest.mark.parametrize(
    ("witnessed", "q1_to_q4"), [("ja", [70, 60, 30, 50]), ("nej", [30, 20, 10, 20])]
)
def test_exposure_by_violence_witnessed(witnessed: str, q1_to_q4: list[int]) -> None:
    rows = published.association(witnessed)
    assert [row.question for row in rows] == ["q1", "q2", "q3", "q4"]
    assert [row.share for row in rows] == q1_to_q4
    assert {(row.n, row.when, row.source) for row in rows} == {(1260, "våren 2022", S_REP)}


def test_any_experience_is_a_range_by_source() -> None:
    assert [(row.low, row.high, row.source) for row in published.experience("any")] == [
        (70, 90, "S-INV"),
        (70, 90, "S-ROS"),
        (70, 80, "S-KAL"),
    ]
    assert [(row.low, row.high, row.source) for row in published.experience("q6")] == [
        (40, 40, "S-INV"),
        (40, 40, "S-ROS"),
        (40, 40, S_REP),
    ]


def test_national_references_carry_figures_and_comparability() -> None:
    assert [
        (row.id, row.women, row.men, row.women_text, row.men_text, row.comparability, row.question)
        for row in published.references()
    ] == [
        ("nck-psychological", 20, 8, "20 %", "8 %", "low", "q1"),
        ("nck-physical", 14, 5, "14 %", "5 %", "low", "q2"),
        ("bra-lifetime", 25, 17, "drygt 25 %", "nästan 17 %", "medium", None),
        ("bra-year", 15.2, 11.7, "15,2 %", "11,7 %", "low", None),
        ("eu-gbv", 42, None, "42,0 %", None, "medium", "q5"),
    ]
    assert [row.id for row in published.references("q5")] == ["eu-gbv"]


def test_help_is_named_with_number_and_address() -> None:
    (line,) = published.support("stödlinje")
    assert (line.name, line.phone, line.web) == (
        "Kvinnofridslinjen",
        "020-50 50 50",
        "kvinnofridslinjen.se",
    )
    assert [row.phone for row in published.support("nödnummer")] == ["112"]


def test_resource_centres_exist_or_have_begun() -> None:
    centres = {row.area: row.status for row in published.support("resurscentrum")}
    assert centres == {
        "Västra Götaland": "finns",
        "Kronoberg": "finns",
        "Norrbotten": "finns",
        "Gävleborg": "finns",
        "Stockholm": "finns",
        "Västmanland": "har börjat",
        "Dalarna": "har börjat",
        "Skåne": "har börjat",
        "Västernorrland": "har börjat",
    }


@pytest.mark.parametrize(
    ("source", "short", "citation"),
    [
        (
            "S-NEWS",
            "Finsam, 24 november 2021",
            "Finsam: Nyhet: Allt fler samordningsförbund ställer frågor om psykiskt, fysiskt och "
            "sexuellt våld, 24 november 2021 (finsam.se)",
        ),
        (
            "S-NCK",
            "Nationellt centrum för kvinnofrid, november 2022",
            "Nationellt centrum för kvinnofrid: Att arbeta mot våld, nr 5, tema samverkan, "
            "november 2022",
        ),
        (
            "S-ROS",
            "Finsam Roslagen",
            "Finsam Roslagen: Ökad upptäckt av våld (finsamroslagen.se)",
        ),
        (
            S_REP,
            "NNS, 14 februari 2023",
            "NNS och samordningsförbundens arbete och insatser inom regeringsuppdraget att öka "
            "upptäckten av våld under 2022, med bilaga 1, 14 februari 2023",
        ),
    ],
)
def test_a_source_is_cited_by_publisher_title_and_date(
    source: str, short: str, citation: str
) -> None:
    assert published.source(source).short == short
    assert published.source(source).citation == citation


def test_the_main_source_is_cited_with_its_day() -> None:
    assert published.source(S_REP).short == "NNS, 14 februari 2023"
    assert published.source("S-INV").short == "NNS, 13 februari 2022"


def test_the_tables_can_be_written_as_json() -> None:
    tables = json.loads(json.dumps(published.tables()))
    assert tables["growth"][0] == {
        "when": "hösten 2019",
        "date": "2019-09-01",
        "precision": "season",
        "federations": 7,
        "regions": 7,
        "municipalities": 18,
        "source": "S-REP",
    }
    assert tables["growth"][1]["regions"] is None
    assert len(tables["sources"]) == len(published.sources())
