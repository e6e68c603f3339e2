"""Personal data are seen in whatever cell they stand, and what is none is left alone."""

import random
from datetime import date, timedelta

import pytest

from fovdata import questionnaire as form
from fovdata.intake import personal, values
from fovdata.intake.findings import KINDS
from fovdata.intake.personal import EMAIL, NAME, NUMBER, PHONE, Watch
from fovdata.registry import Registry


@pytest.fixture(scope="module")
def watch(registry: Registry) -> Watch:
    return personal.watch(registry)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


# Ten digits from 07 may be a telephone number too: they are stopped either way.
NUMBERS = lines("""
    880101-1234
    19880101-1234
    8801011234
    198801011234
    880101+1234
    880101–1234
    880101 - 1234
    880101 1234
    19880101 1234
    880161-1234
    198801911234
    880101-XXXX
    880101-xxxx
    880101-****
    19880101XXXX
    880101-AB12
    19880101-TF12
    1988-01-01-1234
    88 01 01 1234
    0501011234
    0701234567
    pnr 880101-1234
    pnr:8801011234.
    (880101-1234)
    Karlstad 880101-1234, steg 1
""")
PHONES = lines("""
    070-123 45 67
    070-1234567
    0739876543
    070 123 45 67
    070.123.45.67
    073/123 45 67
    701234567
    +46 70 123 45 67
    +46701234567
    +46 (0)70 123 45 67
    0046701234567
    +47 12 34 56 78
    08-123 456 78
    08 123 45 67
    054-12 34 56
    0541234567
    (054) 12 34 56
    tel 054-123456
    ring 070-123 45 67!
""")
EMAILS = lines("""
    kim@exempel.se
    kim.berg@karlstad.se
    KIM@EXEMPEL.SE
    Skriv till kim.berg@exempel.com om det
    <kim@exempel.se>
    kim (at) exempel.se
    kim[at]exempel.se
""")
NAMES = lines("""
    Anna Svensson
    anna svensson
    ANNA SVENSSON
    Svensson, Anna
    Svensson Anna
    Anna-Karin Öberg
    A. Svensson
    A Svensson
    Anna S
    Anna S.
    Anna
    ANNA
    anna-karin
    Karlsson
    Fatima Ali
    Fatima Al-Hassan
    Mohammed
    Zlatan Ibrahimović
    Olena Shevchenko
    Xerxes Bergström
    Björn Borg
    Åsa Qvist
    Nora Lindberg
    Kim Berglund
    Salem Johansson
    Sara Lund
    Maria Nilsson
    Handläggare: Anna
    ifyllt av Anna
    Pratade med Erik Larsson i dag
    Unga till arbete, Erik Larsson
""")
PERSONAL = [
    *((cell, NUMBER) for cell in NUMBERS),
    *((cell, PHONE) for cell in PHONES),
    *((cell, EMAIL) for cell in EMAILS),
    *((cell, NAME) for cell in NAMES),
]

OTHERS = lines("""
    34
    34 år
    1988
    44695
    44695.4328819444
    44695,8801011234
    2022-05-14
    20220514
    220514
    14/5 2022
    14/5-22
    14.5.22
    01-02-2022
    05-14-2022
    den 14 maj 2022
    2022-05-14 10:23:45
    2022-05-14T10:23:00Z
    202205141030
    20220514 1030
    Jan
    Maj 2022
    April
    12345678901
    1 234 567
    2,5
    100 %
    10-12 tim
    550e8400-e29b-41d4-a716-446655440000
    19880101-1234-4a1b-8c3d-998801011234
    Samverkansteam
    Steg 1
    IPS
    Unga till arbete
    Gröna Rehab
    MIA
    MIA Vidare
    Maria Ungdom
    Iris
    Kvinnojouren Alma
    Supported Employment
    Case Management
    Våga Växa
    Min Väg
    En väg in
    Team Ung
    Rehab Väst
    Hans mål
    Första person
    Arbetsmarknadsenheten
    Individ- och familjeomsorg
    Sjuk- och Aktivitetsersättning
    Vuxenutbildningen Olofström
    Vuxenpsykiatrin Öst
    Ung Framtid Skaraborg
    Sankt Lars
    Svenska Kyrkan
    Röda Korset
    Grupp 2, 2020–2021
    Nora
    Nora Lindesberg
    Storgatan 12
    Norra Västmanland
    Ej svar
    anonymous
    Totalt
    Att rätta
    ÅÅÅÅ-MM-DD
""")


@pytest.mark.parametrize(("cell", "what"), PERSONAL)
def test_personal_data_are_seen(watch: Watch, cell: str, what: str) -> None:
    assert watch.found(cell) == what


@pytest.mark.parametrize("cell", OTHERS)
def test_what_is_usual_in_such_files_is_left_alone(watch: Watch, cell: str) -> None:
    assert watch.found(cell) is None


def test_no_federation_municipality_or_region_is_taken_for_a_person(
    registry: Registry, watch: Watch
) -> None:
    federations = [federation.name for federation in registry.federations]
    municipalities = [municipality.name for municipality in registry.municipalities]
    cells = [
        *(text for name in federations for text in (name, f"Samordningsförbundet {name}")),
        *(text for name in municipalities for text in (name, name.upper(), f"{name}s kommun")),
        *(f"Vuxenutbildningen {name}" for name in municipalities),
        *(text for region in registry.regions for text in (region.name, region.county)),
        *(federation.slug for federation in registry.federations),
    ]
    assert [cell for cell in cells if watch.found(cell)] == []


def test_the_form_s_words_and_our_own_are_not_taken_for_personal_data(
    registry: Registry, watch: Watch
) -> None:
    texts = [form.OPENING, *(kind.words for kind in KINDS.values())]
    texts += [text for one in form.QUESTIONS for text in (one.wording, one.short, one.code)]
    texts += [text for one in form.FIELDS for text in (one.label, one.kept)]
    for category in (*form.GENDERS, *form.AUTHORITIES, *form.FILL_COUNTS, *form.AGE_BANDS):
        texts += [category.code, category.label, category.form]
    readers = values.readers(registry, date(2023, 3, 1))
    for reader in readers.values():
        texts += [reader(cell).message for cell in ("", "2", "hej", "2022", "Skarborg", "Örebro")]
    assert [text for text in texts if watch.found(text)] == []


def test_days_in_every_way_of_writing_are_no_numbers_of_persons(watch: Watch) -> None:
    days = [date(2019, 1, 1) + timedelta(number) for number in range(0, 3000, 7)]
    ways: tuple[str, ...] = (
        "%Y-%m-%d",
        "%Y%m%d",
        "%y%m%d",
        "%d/%m %Y",
        "%d/%m-%y",
        "%d-%m-%Y",
        "%d.%m.%y",
    )
    ways += ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M", "%d %B %Y", "%m/%d/%Y", "%m-%d-%Y", "%d-%m %Y")
    found = [day.strftime(way) for day in days for way in ways if watch.found(day.strftime(way))]
    assert found == []


def test_every_plausible_personal_number_is_seen(watch: Watch) -> None:
    chance = random.Random(1)
    for _ in range(500):
        born = date(1935, 1, 1) + timedelta(chance.randrange(25_000))
        last = f"{chance.randrange(10_000):04}"
        for number in (f"{born:%y%m%d}-{last}", f"{born:%Y%m%d}{last}", f"{born:%y%m%d}{last}"):
            assert watch.found(number), born  # not the number: what fails is shown


@pytest.mark.parametrize(
    "heading",
    [
        *("Namn", "NAMN:", "Förnamn", "Efternamn", "För- och efternamn", "Deltagare"),
        *("Deltagarens namn", "Klient", "Klientens namn", "Personnummer", "Pers.nr", "Telefon"),
        *("Mobil", "E-post", "E-postadress", "Mejl", "Adress", "Handläggare", "Födelsedatum"),
    ],
)
def test_a_column_for_persons_is_known_by_its_heading(heading: str) -> None:
    assert personal.heads_personal_data(heading)


@pytest.mark.parametrize(
    "heading",
    [
        *("", "Ort", "Kommentar", "Starttid", "ID", "Löpnummer", "Antal deltagare", "Att rätta"),
        *("Förbundets namn", "Namn på insats", "Verksamhet", "Anteckning", "Personal"),
    ],
)
def test_other_columns_are_not(heading: str) -> None:
    assert not personal.heads_personal_data(heading)


@pytest.mark.parametrize("cell", ["", "-", "anonymous", "Anonym", personal.TAKEN_OUT])
def test_a_survey_tool_s_anonymous_and_what_was_taken_out_are_nobody(cell: str) -> None:
    assert personal.nobody(cell)
