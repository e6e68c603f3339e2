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
    return [line.strip(" ") for line in text.strip().splitlines()]


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
    105051234
    105051234,0
    1985-01-01 1234
    850101/1234
    850101.1234
    850101_1234
    850101--1234
    850101:1234
    19 850101-1234
    850101-12 34
    8501-01-1234
    198501-011234
    8 501 011 234
    ８５０１０１-１２３４
    ٨٥٠١٠١-١٢٣٤
    850101\u200b-1234
    850101-\u00ad1234
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
    46701234567
    46 70 123 45 67
    70-123 45 67
    031/701 23 45
    0313-900612
    070_1234567
    ０７０-１２３４５６７
    073\u200b9876543
""")
EMAILS = lines("""
    kim@exempel.se
    kim.berg@karlstad.se
    KIM@EXEMPEL.SE
    Skriv till kim.berg@exempel.com om det
    <kim@exempel.se>
    kim (at) exempel.se
    kim[at]exempel.se
    anna(a)kommun.se
    anna at kommun.se
    anna snabel-a kommun.se
    anna＠kommun.se
    anna@kommun
    anna @ kommun . se
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
    Maria Ek
    maria ek
    Maria Hassan
    Maria Ali
    Maria Krxyz
    Maria S
    Sofia Dahl
    Sofia Khan
    Nina Ström
    Ida Björk
    IDA BJÖRK
    Jan Ek
    Per Ek
    Ek, Maria
    maria berg
    Fru Berg
    Herr Ek
    av Maria
    Handläggare Maria
    handl. Maria
    Ring Anna
    Pratat med Anna om det
    Anna, 34 år
    Maria, 34 år
    anna (chef)
    Anna (chef)
    anna/svensson
    Anna.Svensson
    Anna_Svensson
    anna-svensson
    samtal med anna-berg i dag
    Jan-Erik
    Maj-Britt
    José
    Jose\u0301
    Lindberg
    Lindqvist
    Bergman
    L. Bergman
    Bergman Öberg
    Anna\u200bSvensson
    Ａｎｎａ
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
    Maria
    Maria Mottagningen
    Maria Ungdom Göteborg
    Mini-Maria
    Mini Maria
    Vera mottagning
    Stella i Skara
    MIA-projektet
    Livia Center
    Iris Utvecklingscenter
    Freja-projektet
    Alma Center
    S:t Lars
    Mina steg
    Inga synpunkter
    Dag Ett
    Jan-Mars
    Jan Mars
    3 maj Skara
    Per capita
    Coach AF
    Handläggare Kommun
    av kommunen
    2022-05-14 - 2022-06-30
    2022-05-14/2022-06-30
    20220514-1430
    20220514_1430
    2022-05-14 1430
    01/05 2022
    01/05 22
    1/5/22 10:30
    212000-1421
    100 000 000
    987654321
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
        *("Namn på deltagaren", "Coachens namn", "Namn (frivilligt)", "Person-nr", "P-nr", "Tfn"),
        *("Tlf", "E post", "Ifyllt av", "Registrerat av", "c/o", "C/O", "Deltagarnamn"),
        *("Mobil", "E-post", "E-postadress", "Mejl", "Adress", "Handläggare", "Födelsedatum"),
    ],
)
def test_a_column_for_persons_is_known_by_its_heading(heading: str) -> None:
    assert personal.heads_personal_data(heading)


@pytest.mark.parametrize(
    "heading",
    [
        *("", "Ort", "Kommentar", "Starttid", "ID", "Löpnummer", "Antal deltagare", "Att rätta"),
        *("Ifyllt", "Datum ifyllt av besökaren", "Frivilligt", "Projektnamn", "Coachning", "På"),
        *("Förbundets namn", "Namn på insats", "Verksamhet", "Anteckning", "Personal"),
    ],
)
def test_other_columns_are_not(heading: str) -> None:
    assert not personal.heads_personal_data(heading)


@pytest.mark.parametrize("cell", ["", "-", "anonymous", "Anonym", personal.TAKEN_OUT])
def test_a_survey_tool_s_anonymous_and_what_was_taken_out_are_nobody(cell: str) -> None:
    assert personal.nobody(cell)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Anna Svensson 850101-1234.csv", NUMBER),
        ("svar_anna_svensson.xlsx", NAME),
        ("FOV Maria Ek.xlsx", NAME),
        ("anna.svensson.ods", NAME),
        ("maria%20ek.csv", NAME),
        ("850101_1234.csv", NUMBER),
    ],
)
def test_a_file_s_name_is_looked_at_too(watch: Watch, name: str, what: str) -> None:
    assert watch.in_file_name(name) == what


@pytest.mark.parametrize(
    "name",
    [
        *("FOV Skaraborg 2022-05-14.xlsx", "svar 20220514-1430.csv", "svar_20220514_103000.csv"),
        *("Kopia av svar (2).xlsx", "Frågor om våld - Halland.xlsx", "FOV_2022_HT.xlsx", "svar"),
    ],
)
def test_usual_names_of_files_are_left_alone(watch: Watch, name: str) -> None:
    assert watch.in_file_name(name) is None


@pytest.mark.parametrize("cell", ["Xhulian Prqtz", "Maria", "maria", "Lindberg", "Zq Wx Yv"])
def test_what_may_be_a_name_is_known_so_that_it_is_not_repeated(watch: Watch, cell: str) -> None:
    assert watch.likely(cell)


@pytest.mark.parametrize("cell", ["kvina", "Kyrkan", "Region Halland", "14 maj", "hej", "FK", ""])
def test_what_is_plainly_mistyped_may_be_repeated(watch: Watch, cell: str) -> None:
    assert not watch.likely(cell)
