"""What people type in a cell, and what it is read as: text tables, cell → reading."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fovdata import questionnaire as form
from fovdata import registry as registries
from fovdata import settings
from fovdata.intake import dates, values
from fovdata.intake.cells import Reader, Reading
from fovdata.intake.findings import KINDS, PERSONAL
from fovdata.registry import Registry

TODAY = date(2023, 3, 1)
NBSP, EN_DASH, ZERO_WIDTH = "\u00a0", "\u2013", "\u200b"


@pytest.fixture(scope="module")
def read(registry: Registry) -> dict[str, Reader]:
    return dict(values.readers(registry, TODAY))


def rows(table: str) -> list[tuple[str, str]]:
    """ "typed → read" a line; ∅ is an empty cell."""
    pairs = (line.split(" → ") for line in table.strip().splitlines())
    return [(typed.strip().replace("∅", ""), wanted.strip()) for typed, wanted in pairs]


def said(reading: Reading) -> str:
    """The text that was read and, in brackets, the kind of what there is to say of it."""
    return " ".join(part for part in (reading.text, reading.kind and f"[{reading.kind}]") if part)


QUESTIONS = rows("""
    Ja            → ja
    ja.           → ja
    JA            → ja
    J             → ja
    X             → ja
    x             → ja
    1             → ja
    1,0           → ja
    Sant          → ja
    True          → ja
    Nej           → nej
    nej!          → nej
    N             → nej
    0             → nej
    0.0           → nej
    Falskt        → nej
    False         → nej
    ∅             → blank
    -             → blank
    –             → blank
    ej svar       → blank
    Obesvarad     → blank
    Ej besvarad   → blank
    vet ej        → blank [unsure]
    Vet inte      → blank [unsure]
    vill ej svara → blank [unsure]
    ?             → blank [unsure]
    Ja/Nej        → blank [unsure]
    Ja?           → blank [unsure]
    Nej?          → blank [unsure]
    Nej (?)       → blank [unsure]
    1?            → blank [unsure]
    hej?          → [unknown]
    2             → [unknown]
    2,0           → [unknown]
    3             → [unknown]
    hej           → [unknown]
    Jaa nej       → [unknown]
    ja, två gånger → [unknown]
""")
GENDERS = rows("""
    Kvinna        → kvinna
    kvinna        → kvinna
    K             → kvinna
    kv.           → kvinna
    Kvinnor       → kvinna
    Man           → man
    M             → man
    män           → man
    Vill inte svara → annat
    Inget svarsalternativ passar → annat
    Vill inte svara/inget svarsalternativ passar → annat
    Vill inte svara / inget svarsalternativ passar → annat
    Annat         → annat
    Annat svar    → annat
    -             → annat
    ∅             → annat [gender_missing]
    kvina         → [unknown]
    Kvinna?       → [unknown]
    ?             → annat
    1             → [unknown]
    Kvinna/Man    → [unknown]
""")
AGES = rows("""
    34            → 34
    34 år         → 34
    34år          → 34
    34,0          → 34
    34.0          → 34
    1988          → 1988
    född 1988     → 1988
    ∅             → [age_missing]
    -             → [age_missing]
    vet ej        → [age_missing]
    34,5          → [age_unreadable]
    '88           → [age_unreadable]
    -88           → [age_unreadable]
    född 88       → [age_unreadable]
    25-34         → [age_unreadable]
    34?           → [age_unreadable]
    trettio       → [age_unreadable]
    12345         → [age_unreadable]
    1200          → [age_unreadable]
    1988-03-14    → [personal]
    19880314      → [personal]
    880314        → [personal]
""")
FILL_COUNTS = rows("""
    1             → 1
    1 gång        → 1
    1,0           → 1
    första        → 1
    Första gången → 1
    2             → 2
    2 gånger      → 2
    andra         → 2
    2:a           → 2
    3             → 3+
    3+            → 3+
    3 gånger eller fler → 3+
    tredje        → 3+
    4             → 3+
    7 gånger      → 3+
    ∅             → [fill_count_missing]
    -             → [fill_count_missing]
    1 ggr         → 1
    1 gg          → 1
    2 ggr         → 2
    2ggr          → 2
    3 ggr         → 3+
    3 ggr eller fler → 3+
    3 gånger eller mer → 3+
    ≥ 3           → 3+
    ≥3            → 3+
    > 2           → 3+
    minst 3       → 3+
    2?            → [unknown]
    flera         → [unknown]
    flera gånger  → [unknown]
    0             → [unknown]
    ja            → [unknown]
    1 eller 2     → [unknown]
""")
AUTHORITIES = rows("""
    FK            → fk
    Försäkringskassan → fk
    F-kassan      → fk
    AF            → af
    Arbetsförmedlingen → af
    kommun        → kommun
    Kommunen      → kommun
    Karlstads kommun → kommun
    Borås kommun  → kommun
    region        → region
    Regionen      → region
    landstinget   → region
    Region Värmland → region
    Västra Götalandsregionen → region
    ∅             → saknas [authority_missing]
    -             → saknas [authority_missing]
    FK/AF         → [authority_several]
    FK och AF     → [authority_several]
    FK, kommun    → [authority_several]
    FK/FK         → fk
    Arbetsförmedlingen (AF) → af
    FK (AF)       → [authority_several]
    FK?           → [unknown]
    försäkringskasan → [unknown]
    kyrkan        → [unknown]
    FK/kyrkan     → [unknown]
""")
DATES = rows("""
    2022-05-14    → 2022-05-14
    2022–05–14    → 2022-05-14
    2022/05/14    → 2022-05-14
    2022.5.14     → 2022-05-14
    20220514      → 2022-05-14
    220514        → 2022-05-14
    22-05-14      → 2022-05-14
    14/5 2022     → 2022-05-14
    14/5-22       → 2022-05-14
    14/5/22       → 2022-05-14
    14.5.22       → 2022-05-14
    14.5.2022.    → 2022-05-14
    14-05-2022    → 2022-05-14
    14 maj 2022   → 2022-05-14
    14  Maj  2022 → 2022-05-14
    den 14 maj 2022 → 2022-05-14
    lördag 14 maj 2022 → 2022-05-14
    14 maj -22    → 2022-05-14
    2022-05-14 00:00:00 → 2022-05-14
    2022-05-14T10:23:00Z → 2022-05-14
    14.5.2022 kl 10.30 → 2022-05-14
    44695         → 2022-05-14
    44695.4328819 → 2022-05-14
    5/14 2022     → [date_unreadable]
    3/4 2022      → 2022-04-03
    maj 2022      → 2022-05
    maj-22        → 2022-05
    2022 maj      → 2022-05
    2022-05       → 2022-05
    05/2022       → 2022-05
    202205        → 2022-05
    05/14/2022    → [date_unreadable]
    5/14/22 10:23:45 → [date_unreadable]
    20-05-21      → [date_unreadable]
    31/2 2022     → [date_unreadable]
    2022-13       → [date_unreadable]
    14 maj        → [date_unreadable]
    2022          → [date_unreadable]
    i våras       → [date_unreadable]
    2222-05-14    → [date_unreadable]
    14/5 0022     → [date_unreadable]
    1/0100        → [date_unreadable]
    ∅             → [date_missing]
    -             → [date_missing]
    2018-12-31    → [date_early]
    1988-03-14    → [date_early]
    2019-01-01    → 2019-01-01
    2023-03-01    → 2023-03-01
    2023-03-02    → 2023-03-02 [date_future]
""")
FEDERATIONS = rows("""
    Skaraborg     → skaraborg
    SKARABORG     → skaraborg
    skaraborgs    → skaraborg
    Samordningsförbundet Skaraborg → skaraborg
    Skaraborgs samordningsförbund → skaraborg
    Samordningsförbundet Väst → vast
    Älv & Kust    → alv-och-kust
    alv-och-kust  → alv-och-kust
    Skellefteå–Norsjö → skelleftea-norsjo
    Skellefteå Norsjö → skelleftea-norsjo
    Örebro-Lekeberg → orebro-lekeberg
    Huddinge, Botkyrka & Salem → huddinge-botkyrka-och-salem
    Huddinge-Botkyrka-Salem → huddinge-botkyrka-och-salem
    Finsam Göteborg → finsam-goteborg
    Göteborg      → finsam-goteborg
    Stockholm stad → stockholms-stad
    Södra Dalarna → sodra-dalarnas
    uppsala-lan   → uppsala-lan
    Västerås      → vasteras
    Samordningsförbundet i Halland → halland
    Finsam i Halland → halland
    Finsam        → [federation_unknown]
    Samordningsförbundet → [federation_unknown]
    Halland?      → [federation_unknown]
    ∅             → [federation_missing]
    -             → [federation_missing]
    Uppsala       → [federation_unknown]
    Skarborg      → [federation_unknown]
    Region Halland → [federation_unknown]
    Höganäs kommun → [federation_unknown]
    Atlantis      → [federation_unknown]
""")
TABLES = {
    **{question.code: QUESTIONS for question in form.QUESTIONS[:1]},
    "gender": GENDERS,
    "age": AGES,
    "fill_count": FILL_COUNTS,
    "authority": AUTHORITIES,
    "date": DATES,
    "federation": FEDERATIONS,
}
CASES = [(code, *row) for code, table in TABLES.items() for row in table]


@pytest.mark.parametrize(("code", "typed", "wanted"), CASES)
def test_a_cell_is_read_as_the_form_means_it(
    read: dict[str, Reader], code: str, typed: str, wanted: str
) -> None:
    assert said(read[code](typed)) == wanted


@pytest.mark.parametrize(("code", "typed", "wanted"), CASES)
def test_spaces_and_case_do_not_matter(
    read: dict[str, Reader], code: str, typed: str, wanted: str
) -> None:
    spaced = f"{ZERO_WIDTH} {typed.replace(' ', NBSP + ' ')}{NBSP}".upper()
    assert said(read[code](spaced)) == wanted


@pytest.mark.parametrize("question", form.QUESTIONS)
def test_all_questions_are_read_alike(read: dict[str, Reader], question: form.Question) -> None:
    assert [said(read[question.code](typed)) for typed, _ in QUESTIONS] == [w for _, w in QUESTIONS]


@pytest.mark.parametrize(
    ("code", "categories"),
    [
        ("gender", form.GENDERS),
        ("authority", form.AUTHORITIES),
        ("fill_count", form.FILL_COUNTS),
        ("q1", form.ANSWERS),
    ],
)
def test_the_form_s_own_words_and_codes_are_read(
    read: dict[str, Reader], code: str, categories: tuple[form.Category, ...]
) -> None:
    for category in categories:
        for typed in (category.code, category.form or category.label, category.label):
            assert read[code](typed) == Reading(category.code)


def test_every_federation_is_read_by_its_name_and_by_its_slug(
    registry: Registry, read: dict[str, Reader]
) -> None:
    for federation in registry.federations:
        for typed in (
            federation.name,
            federation.name.upper(),
            federation.name.replace("-", EN_DASH),
            f"Samordningsförbundet {federation.name}",
            federation.slug,
        ):
            assert read["federation"](typed) == Reading(federation.slug)


SUGGESTIONS = rows("""
    Skarborg       → Menar du Skaraborg?
    Skellefta Norsjö → Menar du Skellefteå-Norsjö?
    Uppsala        → Menar du Uppsala län?
    Karlskoga      → Menar du Karlskoga-Degerfors?
    Huddinge       → Menar du ”Huddinge, Botkyrka och Salem”?
    Region Värmland → Menar du Klarälvdalen, Samspelet eller Östra Värmland?
    Värmlands län  → Menar du Klarälvdalen, Samspelet eller Östra Värmland?
    Östergötland   → Menar du Centrala Östergötland eller Östra Östergötland?
    Norrbotten     → Menar du Södra Norrbottens?
    halland (Hallands län) → Menar du Halland?
    Halland?       → Menar du Halland?
    Finsam         → Skriv namnet som det står i listan över förbund.
    Atlantis       → Skriv namnet som det står i listan över förbund.
""")


@pytest.mark.parametrize(("typed", "hint"), SUGGESTIONS)
def test_what_may_be_meant_is_asked_and_never_guessed(
    read: dict[str, Reader], typed: str, hint: str
) -> None:
    assert read["federation"](typed).message == f"Förbundet är okänt. {hint}"


def test_a_name_that_two_federations_could_have_is_asked_about(registry: Registry) -> None:
    one = registry.federation("sodra-dalarnas")
    two = (replace(one, slug="a", name="Norra Ådals"), replace(one, slug="b", name="Norras Ådal"))
    read = values.readers(replace(registry, federations=two), TODAY)["federation"]
    assert read("Norra Ådals") == Reading("a")
    asked = read("Norra Ådal")
    assert said(asked) == "[federation_unknown]"
    assert asked.message.endswith("Menar du Norra Ådals eller Norras Ådal?")


def test_the_chosen_federation_stands_for_an_empty_cell_and_bears_no_other(
    registry: Registry,
) -> None:
    chosen = values.readers(registry, TODAY, "halland")["federation"]
    assert chosen("") == Reading("halland")
    assert chosen("Halland") == Reading("halland")
    assert said(chosen("Skaraborg")) == "[federation_other]"
    assert "Halland" in chosen("Skaraborg").message
    assert said(chosen("Skarborg")) == "[federation_unknown]"


def test_a_two_is_explained_where_nej_may_be_coded_so(read: dict[str, Reader]) -> None:
    assert "Betyder 1 Ja och 2 Nej" in read["q1"]("2").message


@pytest.mark.parametrize(
    ("code", "typed", "hint"),
    [
        ("authority", "försäkringskasan", "Menar du Försäkringskassan? Skriv FK"),
        ("authority", "arbetsförmedlngen", "Menar du Arbetsförmedlingen?"),
        ("fill_count", "flera gånger", "Det kan vara 2 gånger eller 3."),
        ("fill_count", "2?", "Frågetecknet gör svaret osäkert."),
        ("gender", "Man?", "Frågetecknet gör svaret osäkert."),
    ],
)
def test_what_is_wrong_says_what_may_be_meant(
    read: dict[str, Reader], code: str, typed: str, hint: str
) -> None:
    assert hint in read[code](typed).message


@pytest.mark.parametrize("heading", ["Födelseår", "Född år", "FÖDD (ÅÅÅÅ)"])
def test_under_a_heading_for_years_of_birth_two_digits_are_no_age(
    registry: Registry, heading: str
) -> None:
    assert values.asks_birth_year(heading)
    born = values.readers(registry, TODAY, born=True)["age"]
    assert born("62") == Reading("", "age_unreadable", "Skriv hela året, till exempel 1988.")
    assert born("1962") == Reading("1962")
    assert said(born("")) == "[age_missing]"


@pytest.mark.parametrize("heading", ["Ålder", "Din ålder", "Ålder eller födelseår"])
def test_under_a_heading_for_ages_two_digits_are_an_age(heading: str) -> None:
    assert not values.asks_birth_year(heading)


@pytest.mark.parametrize(
    ("years", "kind"),
    [
        (9, "age_impossible"),
        (10, "age_outside"),
        (15, "age_outside"),
        (16, ""),
        (64, ""),
        (65, "age_outside"),
        (110, "age_outside"),
        (111, "age_impossible"),
    ],
)
def test_ages_outside_those_that_are_reported_are_remarked_upon(years: int, kind: str) -> None:
    assert values.age_remark(years).kind == kind


REGISTRY = registries.load(settings.ROOT / "data" / "registry")
READERS = values.readers(REGISTRY, TODAY)
CODES = {
    *(one.code for one in (*form.GENDERS, *form.AUTHORITIES, *form.FILL_COUNTS, *form.ANSWERS)),
    *(federation.slug for federation in REGISTRY.federations),
    form.NO_AUTHORITY.code,
}


@given(st.text(max_size=30) | st.from_regex(r"[-0-9/. ]{1,12}", fullmatch=True))
@example("0" * 5000)
@example("1/0100")
def test_whatever_is_typed_is_read_or_explained(cell: str) -> None:
    for code, reader in READERS.items():
        one = reader(cell)
        if one.kind:
            assert KINDS[one.kind].blocking == (not one.text) or one.kind == "age_missing"
            assert one.message
        if code not in values.FREE and one.text:
            assert one.text in CODES or re.fullmatch(r"\d{1,4}|\d{4}-\d\d(-\d\d)?", one.text)


def test_a_birth_date_is_personal_and_is_not_repeated(read: dict[str, Reader]) -> None:
    one = read["age"]("1988-03-14")
    assert one.kind == PERSONAL
    assert "1988" not in str(one)


@pytest.mark.parametrize(
    "text", ["5/14/2022", "05/14/22", "5-14 2022", "5.14.2022", "1/13/2022 9:30"]
)
def test_a_date_with_the_month_first_is_known(text: str) -> None:
    assert dates.month_first(["2022-05-14", text])
    assert not dates.either_way(text)


@pytest.mark.parametrize(
    ("text", "either"),
    [
        *(("7/4/2022", True), ("7/4 2022", True), ("07-04-22", True)),
        *(
            ("5/5/2022", False),
            ("14/5/2022", False),
            ("2022-05-04", False),
            ("7 april 2022", False),
        ),
    ],
)
def test_a_date_that_can_be_turned_about_is_known(text: str, either: bool) -> None:
    assert dates.either_way(text) is either
    assert not dates.month_first([text])
