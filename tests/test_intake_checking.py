"""What a whole file is told: every fault at once, at its place, and never somebody's data."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pandas as pd
import pytest

from fovdata import questionnaire as form
from fovdata import responses
from fovdata.intake import checking, findings, reading
from fovdata.intake.checking import Checked
from fovdata.intake.reading import Column, Table
from fovdata.registry import Registry

TODAY = date(2023, 3, 1)
SECRET = bytes(range(32))
HEADINGS = "Datum;Ort;Kön;Ålder;Antal gånger;Samordningsförbund;Myndighet;Verksamhet;1;2;3;4;5;6;7"
SOUND = "2022-05-14;Skara;Kvinna;34;1;Skaraborg;FK;IPS;Ja;Nej;Nej;Nej;Nej;Nej;Nej"

Check = Callable[..., Checked]


@pytest.fixture
def check(registry: Registry) -> Check:
    """(lines under the headings, headings=HEADINGS, federation=None) → the file checked."""

    def checked(text: str, headings: str = HEADINGS, **given: str) -> Checked:
        lines = [headings, *(line.strip() for line in text.strip().splitlines())]
        table = reading.read("\n".join(lines).encode(), "svar.csv")
        return checking.check(table, registry, SECRET, responses.REAL, TODAY, **given)  # type: ignore[arg-type]

    return checked


def said(checked: Checked) -> list[str]:
    """The findings as text, blocking ones with an exclamation mark."""
    return [f"{'!' if one.blocking else ' '} {one}" for one in checked.findings]


def kinds(checked: Checked) -> list[str]:
    return [one.kind for one in checked.findings]


def test_a_sound_file_has_answers_and_nothing_to_say(check: Check) -> None:
    checked = check(SOUND)
    assert said(checked) == []
    assert not checked.blocked
    assert checked.rows == 1
    assert dict(checked.remarks) == {}
    kept = checked.answers.drop(columns="response_id").iloc[0].tolist()
    assert kept == [
        *("real", 2022, 1, "skaraborg", "kvinna", "25-34", "fk", "1"),
        *("ja", "nej", "nej", "nej", "nej", "nej", "nej"),
    ]


def test_everything_that_is_wrong_is_said_at_once(check: Check) -> None:
    checked = check("""
        2022-05-14;Skara;kvina;34;1;Skaraborg;FK;IPS;Ja;Nej;Nej;Nej;Nej;Nej;Nej
        2022;Skara;Man;8;;Skarborg;FK/AF;IPS;Ja;2;Nej;Nej;Nej;Nej;hej
        2022-05-15;Skara;kvina;34;1;;FK;IPS;Ja;Nej;Nej;Nej;Nej;Nej;Nej
    """)
    assert checked.blocked
    assert checked.answers.empty
    assert said(checked) == [
        '! Rad 2 och 4, Kön (kolumn C), "kvina": Värdet är okänt. Skriv Kvinna, Man eller Vill '
        "inte svara.",
        '! Rad 3, Datum (kolumn A), "2022": Det står bara ett år. Skriv också månad, till exempel '
        "2022-05.",
        "! Rad 3, Antal gånger (kolumn E): Hur många gånger är inte ifyllt. Skriv 1, 2 eller 3 "
        "(tre gånger eller fler).",
        '! Rad 3, Samordningsförbund (kolumn F), "Skarborg": Förbundet är okänt. Menar du '
        "Skaraborg?",
        '! Rad 3, Myndighet (kolumn G), "FK/AF": Det står flera myndigheter. Välj en: FK, AF, '
        "kommun eller region.",
        '! Rad 3, 2 (kolumn J), "2": Siffran 2 kan inte läsas. Betyder 1 Ja och 2 Nej, så skriv '
        "Ja och Nej i hela kolumnen.",
        '! Rad 3, 7 (kolumn O), "hej": Värdet är okänt. Skriv Ja eller Nej, eller lämna tomt om '
        "frågan är obesvarad.",
        "! Rad 3, Ålder (kolumn D): Åldern 8 år kan inte stämma. Rätta den.",
        "! Rad 4, Samordningsförbund (kolumn F): Förbund är inte ifyllt. Skriv dess namn.",
    ]


def test_remarks_do_not_stop_the_file_and_are_counted(check: Check) -> None:
    checked = check("""
        2023-05-14;;;1988;1;Skaraborg;;;vet ej;Nej;Nej;Nej;Nej;Nej;?
        2022-05-14;;Man;;2;Skaraborg;FK;;;;;;;;
        2018-05-14;;Man;70;2;Skaraborg;FK;;Ja;;;;;;
        2021-05-14;;Man;70;2;Falun;FK;;Ja;;;;;;
    """)
    assert [one.kind for one in checked.findings if one.blocking] == ["date_early"]
    assert dict(checked.remarks) == {
        "date_future": 1,
        "gender_missing": 1,
        "authority_missing": 1,
        "unsure": 1,  # the row, though it has two
        "age_birth_year": 1,
        "age_missing": 1,
        "age_outside": 2,
        "all_blank": 1,
        "before_joining": 1,
    }
    accepted = check("2021-05-14;;Man;70;2;Falun;FK;;Ja;;;;;;")
    assert not accepted.blocked
    assert accepted.answers["age_band"].tolist() == ["ovrig"]
    assert said(accepted) == [
        "  Rad 2, Ålder (kolumn D): 70 år ligger utanför 16–64. Räknas som övrig ålder.",
        "  Rad 2, Datum (kolumn A): Falun gick med 2022. Stämmer datumet?",
    ]


def test_a_federation_of_unknown_year_may_have_joined_at_any_time(check: Check) -> None:
    assert said(check(SOUND.replace("2022-05-14", "2019-01-01"))) == []


def test_an_age_follows_from_the_birth_year_and_the_form_s_year(check: Check) -> None:
    by_year, by_age = check(SOUND.replace(";34;", ";1988;")), check(SOUND)
    assert kinds(by_year) == ["age_birth_year"]
    assert by_year.answers.equals(by_age.answers)
    assert kinds(check(SOUND.replace(";34;", ";2020;"))) == ["age_impossible", "age_birth_year"]


def test_missing_columns_are_named_once_and_not_row_by_row(check: Check) -> None:
    checked = check("Kvinna;FK;Ja;Nej\nMan;AF;Nej;Ja", headings="Kön;Myndighet;Fråga 1;Fråga 2")
    assert said(checked)[:2] == [
        "! Kolumnen Datum saknas. Lägg till den eller rätta rubriken.",
        "! Kolumnen Ålder saknas. Lägg till den eller rätta rubriken.",
    ]
    assert {*kinds(checked)} == {"column_missing", "federation_missing"}
    assert kinds(checked).count("column_missing") == 8


def test_a_file_without_federations_is_the_chosen_one_s(check: Check) -> None:
    headings = HEADINGS.replace("Samordningsförbund;", "")
    rows = SOUND.replace("Skaraborg;", "")
    assert kinds(check(rows, headings)) == ["federation_missing"]
    given = check(rows, headings, federation="skaraborg")
    assert given.answers.equals(check(SOUND).answers)
    blank = SOUND.replace("Skaraborg", "")
    assert check(blank, federation="skaraborg").answers.equals(given.answers)
    assert kinds(check(SOUND, federation="halland")) == ["federation_other"]


def test_a_sum_is_no_form_and_a_prepared_row_is_nothing(check: Check) -> None:
    sums = ";;;;;;;Totalt 1;;;;;;;\nSumma:;;;;;;;;1;0;;1;;;"
    checked = check(f"{SOUND}\n;;;;;Skaraborg;;;;;;;;;\n{sums}")
    assert said(checked) == [
        "! Rad 4 och 5: Raden är inget formulär utan en summa, en anteckning eller liknande. "
        "Ta bort raden."
    ]
    assert checked.rows == 1
    prepared = check(f"{SOUND}\n;;;;;Skaraborg;;;;;;;;;")
    assert not prepared.findings
    assert len(prepared.answers) == prepared.rows == 1


def test_a_file_of_headings_only_says_so(check: Check) -> None:
    assert kinds(check(";;;;;Skaraborg;;;;;;;;;")) == ["empty"]


def test_the_same_form_twice_is_asked_about(check: Check) -> None:
    other = SOUND.replace("Kvinna", "Man")
    checked = check(f"{SOUND}\n{other}\n{SOUND.replace('Kvinna', ' K ')}\n{SOUND}")
    assert said(checked) == [
        "  Rad 4 och 5: Formuläret är likadant som på rad 2. Är det samma formulär två gånger? "
        "Ta bort det ena."
    ]
    assert dict(checked.remarks) == {"repeated": 2}
    assert len(checked.answers) == 4
    assert checked.answers["response_id"].is_unique


def test_only_ja_and_blanks_may_mean_that_blank_is_nej(check: Check) -> None:
    yes = SOUND[: SOUND.index("Ja")] + "X;Nej;Nej;Nej;Nej;Nej;Nej"
    blank = yes.replace("X", "")
    assert "no_no" not in kinds(check("\n".join([yes] * 10 + [blank] * 9)))
    checked = check("\n".join([yes] * 10 + [blank] * 10))
    assert checked.remarks["no_no"] == 10
    assert [one.column for one in checked.findings if one.kind == "no_no"] == ["1 (kolumn I)"]


def only_yes(forms: int, yes: str = "x;;;;;;") -> str:
    """Forms that a cross stands in only where the answer is Ja; the others have none at all."""
    start = SOUND[: SOUND.index("Ja")]
    return "\n".join([start + yes, *[f"{start};;;;;;"] * (forms - 1)])


def test_a_file_without_a_single_nej_is_stopped(check: Check) -> None:
    checked = check(only_yes(5))
    (finding,) = [one for one in checked.findings if one.blocking]
    assert finding.kind == "only_yes"
    assert "Betyder tomt Nej? Skriv då Nej i de rutorna." in finding.message
    assert "no_no" not in kinds(check(only_yes(30)))


def test_blanks_that_are_said_to_be_blank_are_believed(check: Check) -> None:
    assert not check(only_yes(5, "x;-;-;-;-;-;-")).blocked
    assert not check(only_yes(5, "x;x;x;x;x;x;x")).blocked
    assert not check(only_yes(4)).blocked
    assert not check(f"{only_yes(5)}\n{SOUND}").blocked


def test_dates_that_may_have_the_month_first_are_asked_about_if_one_has(check: Check) -> None:
    day = "2022-05-14"
    some = [SOUND.replace(day, it) for it in ("7/4/2022", "5/5/2022", "14/5/2022", day)]
    assert not check("\n".join(some)).blocked
    checked = check("\n".join([*some, SOUND.replace(day, "5/14/2022")]))
    assert [(one.kind, one.rows) for one in checked.findings if one.blocking] == [
        ("date_order", (2,)),
        ("date_unreadable", (6,)),
    ]
    assert [(mark.row, mark.position) for mark in checked.marks if mark.blocking] == [
        *((2, 0), (6, 0)),
    ]


def test_a_note_among_the_forms_is_one_fault(check: Check) -> None:
    checked = check(f"{SOUND}\nObs: två är borta;;;;;;;;;;;;;;\n;;;;;Skaraborg;;;;;;;;;se ovan")
    assert [(one.kind, one.rows) for one in checked.findings] == [("not_a_form", (3, 4))]
    begun = check(f"{SOUND}\n2022-05-14;;;;;;;;;;;;;;")
    assert "fill_count_missing" in kinds(begun)


def test_a_second_row_of_headings_is_one_fault(check: Check) -> None:
    checked = check(f"{SOUND}\n{HEADINGS.upper()}\n{SOUND.replace('Kvinna', 'Man')}")
    assert said(checked) == ["! Rad 3: Raden är en rubrikrad mitt i tabellen. Ta bort raden."]
    assert checked.rows == 2


WITHOUT = HEADINGS.replace("Samordningsförbund;", "")
TITLED = f"Förbund: Halland;;\n{WITHOUT}"


def test_a_title_s_federation_is_suggested_and_another_is_remarked_upon(check: Check) -> None:
    rows = SOUND.replace("Skaraborg;", "")
    (asked,) = check(rows, TITLED).findings
    assert "Överst i filen står Halland: är de därifrån, så välj det förbundet" in str(asked)
    other = check(rows, TITLED, federation="skaraborg")
    assert said(other) == [
        "  Överst i filen står Halland, men det valda förbundet är Skaraborg. Stämmer det?"
    ]
    assert dict(other.remarks) == {"federation_title": 1}
    assert said(check(rows, TITLED, federation="halland")) == []
    two = TITLED.replace("Halland", "Halland och Skaraborg")
    assert said(check(rows, two, federation="falun")) == []


def test_two_digits_under_a_year_of_birth_are_no_age(check: Check) -> None:
    headings = HEADINGS.replace("Ålder", "Födelseår")
    assert kinds(check(SOUND.replace(";34;", ";62;"), headings)) == ["age_unreadable"]
    assert not check(SOUND.replace(";34;", ";1988;"), headings).blocked


def test_a_question_known_by_its_number_alone_is_remarked_upon(check: Check) -> None:
    checked = check(SOUND, HEADINGS.replace(";1;2;", ";Fråga 1: Hur mår du?;Fråga 2;"))
    assert said(checked) == [
        "  Fråga 1: Hur mår du? (kolumn I): Rubriken har andra ord än formulärets. Kolumnen läses "
        "som fråga 1, Psykiskt våld. Stämmer det?"
    ]
    assert dict(checked.remarks) == {"assumed": 1}


@pytest.mark.parametrize("value", ["Xhulian Prqtz", "Maria", "Zlata Hrnjk"])
@pytest.mark.parametrize("field", ["Kvinna", "FK", "Skaraborg", ";34;", "2022-05-14"])
def test_what_may_be_a_name_is_not_repeated(check: Check, field: str, value: str) -> None:
    typed = f";{value};" if field == ";34;" else value
    checked = check(SOUND.replace(field, typed))
    assert checked.blocked
    assert value not in repr(checked)


LONG = "Svar på alla de frågor som vi har ställt under hela det år som gick till Anna Svensson"


@pytest.mark.parametrize("heading", ["Svar Anna Svensson 850101-1234", LONG])
def test_columns_that_are_not_read_are_named_without_anybody_s_name(
    check: Check, heading: str
) -> None:
    checked = check(f"{SOUND};x;y", headings=f"{HEADINGS};{heading};Löpnummer")
    assert checked.not_read == ("kolumn P", "Löpnummer (kolumn Q)")
    assert checked.blocked
    assert "Svar" not in repr(checked)


def test_a_file_named_after_somebody_is_stopped(check: Check) -> None:
    checked = check(SOUND, name="Anna Svensson 850101-1234.csv")
    assert said(checked) == [
        "! Filens namn innehåller personuppgifter: det ser ut att vara ett personnummer. Byt namn "
        "på filen."
    ]
    assert checked.name_hidden
    assert "Svensson" not in repr(checked)
    sound = check(SOUND, name="FOV Skaraborg 2022.csv")
    assert not sound.name_hidden
    assert not sound.blocked


def test_somebody_elsewhere_in_a_workbook_stops_it(registry: Registry) -> None:
    plain = reading.read(f"{HEADINGS}\n{SOUND}".encode(), "svar.csv")
    texts: list[reading.Elsewhere] = [("blad 2", row, 0, "Anna Svensson") for row in range(3, 16)]
    texts += [("namnet på blad 3", None, None, "850101-1234"), ("blad 2", 1, 0, "hej")]
    table = replace(plain, elsewhere=lambda: iter(texts))
    checked = checking.check(table, registry, SECRET, responses.REAL, TODAY)
    one, other = map(str, checked.findings)
    assert one.startswith("I blad 2, rad 3 kolumn A, rad 4 kolumn A")
    assert "rad 12 kolumn A och 3 till: Filen innehåller personuppgifter" in one
    assert other.startswith("I namnet på blad 3: Filen innehåller personuppgifter")
    assert not checked.marks
    assert "Svensson" not in repr(checked)


def test_columns_that_are_not_read_are_named_in_one_in_one_remark(check: Check) -> None:
    checked = check(f"{SOUND};x;1", headings=f"{HEADINGS};Anteckning;Löpnummer")
    assert said(checked) == [
        "  Kolumner som inte läses: Anteckning (kolumn P), Löpnummer (kolumn Q)."
    ]
    assert checked.answers.equals(check(SOUND).answers)


WHERE = {
    "place": lambda it: (HEADINGS, SOUND.replace("Skara;", f"{it};")),
    "activity": lambda it: (HEADINGS, SOUND.replace("IPS", it)),
    "gender": lambda it: (HEADINGS, SOUND.replace("Kvinna", it)),
    "age": lambda it: (HEADINGS, SOUND.replace(";34;", f";{it};")),
    "date": lambda it: (HEADINGS, SOUND.replace("2022-05-14", it)),
    "fill count": lambda it: (HEADINGS, SOUND.replace(";1;", f";{it};")),
    "federation": lambda it: (HEADINGS, SOUND.replace("Skaraborg", it)),
    "authority": lambda it: (HEADINGS, SOUND.replace("FK", it)),
    "question": lambda it: (HEADINGS, SOUND.replace("Ja", it)),
    "a column not read": lambda it: (f"{HEADINGS};Anteckning", f"{SOUND};{it}"),
    "a column without heading": lambda it: (f"{HEADINGS};", f"{SOUND};{it}"),
    "a heading": lambda it: (f"{HEADINGS};{it}", f"{SOUND};x"),
    "a title": lambda it: (f"{it};;\n{HEADINGS}", SOUND),
    "a row that is no form": lambda it: (HEADINGS, f"{SOUND}\n;{it};;;;;;;;;;;;;"),
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize(
    "value", ["880101-1234", "070-123 45 67", "kim@exempel.se", "Anna Svensson"]
)
def test_personal_data_stop_the_file_wherever_they_are_and_are_never_repeated(
    check: Check, caplog: pytest.LogCaptureFixture, where: str, value: str
) -> None:
    headings, rows = WHERE[where](value)
    with caplog.at_level(logging.DEBUG):
        checked = check(rows, headings)
    assert checked.blocked
    assert checked.answers.empty
    (finding,) = [one for one in checked.findings if one.kind == findings.PERSONAL]
    assert finding.value is None
    assert finding.message.startswith("Filen innehåller personuppgifter")
    assert "kolumn" in str(finding)
    assert "Rad" in str(finding)
    (mark,) = [mark for mark in checked.marks if mark.personal]
    assert (mark.row,) == finding.rows
    everything = [repr(checked), *map(str, checked.findings), *map(repr, checked.findings)]
    everything += [*map(repr, checked.marks), *checked.remarks, caplog.text]
    for part in (value, *value.split(), *value.split("@")):
        assert not [text for text in everything if part in text]


@pytest.mark.parametrize("heading", ["Namn", "Telefon", "E-post", "Deltagare"])
def test_a_column_for_persons_stops_the_file_whatever_is_in_it(check: Check, heading: str) -> None:
    checked = check(f"{SOUND};hemligt\n{SOUND};-", headings=f"{HEADINGS};{heading}")
    (finding,) = [one for one in checked.findings if one.blocking]
    assert str(finding).startswith(f"Rad 2, {heading} (kolumn P): Filen innehåller personuppgifter")
    assert "hemligt" not in repr(checked)
    tool = check(f"{SOUND};anonymous", headings=f"{HEADINGS};{heading}")
    assert kinds(tool) == ["not_read"]


def test_a_birth_date_among_the_ages_is_personal(check: Check) -> None:
    checked = check(SOUND.replace(";34;", ";1988-03-14;"))
    assert kinds(checked) == [findings.PERSONAL]
    assert "1988" not in repr(checked)


def many(column: str, texts: Callable[[int], str], rows: int, ignored: bool = False) -> Table:
    """A table in memory of ``rows`` sound forms, save for one column."""
    fields = {code: at for at, code in enumerate(reading.columns.CODES)}
    sound = dict(enumerate(SOUND.split(";")))
    extra = Column(len(fields), column)
    at = extra.position if ignored else fields[column]

    def chunks(size: int) -> Iterator[pd.DataFrame]:
        for start in range(0, rows, size):
            index = range(start + 2, min(start + size, rows) + 2)
            frame = pd.DataFrame(sound, index=index, dtype="str")
            frame[at] = pd.array([texts(row) for row in index], dtype="str")
            yield frame

    columns = {code: Column(position, code) for code, position in fields.items()}
    passed_over = (extra,) if ignored else ()
    return Table(None, 1, MappingProxyType(columns), passed_over, (), (), chunks)


def test_the_same_fault_in_many_rows_is_one_finding(registry: Registry) -> None:
    table = many("gender", lambda _: "kvina", 60_000)
    checked = checking.check(table, registry, SECRET, responses.REAL, TODAY)
    (finding,) = [one for one in checked.findings if one.blocking]
    assert finding.rows == tuple(range(2, 12))
    assert finding.more == 60_000 - 10
    assert "11 och 59\u00a0990 till, gender" in str(finding)
    assert len(checked.marks) == 60_000


def test_findings_and_marks_are_bounded(registry: Registry) -> None:
    table = many("gender", lambda row: f"fel {row}", 120_000)
    checked = checking.check(table, registry, SECRET, responses.REAL, TODAY)
    assert len(checked.findings) == findings.FINDINGS + 1
    assert checked.findings[-1].message.startswith("Det finns 119\u00a0000 rutor till med fel")
    assert len(checked.marks) == findings.MARKS


def test_no_more_findings_and_marks_are_held_than_can_be_shown() -> None:
    gathering = findings.Gathering()
    for number in range(2 * findings.FINDINGS):
        gathering.add("unknown", f"Fel {number}", range(100), position=0)
    assert {len(groups) for groups in gathering._groups.values()} == {0, findings.FINDINGS}
    assert [len(marks) for marks in gathering._marks.values()] == [findings.MARKS]


def test_a_fault_is_not_crowded_out_by_remarks(registry: Registry) -> None:
    def places(row: int) -> str:
        return "kvina" if row == 110_000 else ""

    checked = checking.check(many("gender", places, 120_000), registry, SECRET, "real", TODAY)
    assert checked.findings[0].rows == (110_000,)
    assert [mark.row for mark in checked.marks if mark.blocking] == [110_000]


def test_personal_data_without_a_mark_hide_their_whole_column(registry: Registry) -> None:
    table = many("Namn", lambda _: "Anna", 120_000, ignored=True)
    checked = checking.check(table, registry, SECRET, responses.REAL, TODAY)
    assert checked.hidden == {len(reading.columns.CODES)}
    few = many("Namn", lambda _: "Anna", 5, ignored=True)
    assert checking.check(few, registry, SECRET, responses.REAL, TODAY).hidden == frozenset()


def test_progress_is_told(registry: Registry) -> None:
    told: list[int] = []
    table = many("gender", lambda _: "K", 120_000)
    checking.check(table, registry, SECRET, responses.REAL, TODAY, passed=told.append)
    assert told == [50_000, 100_000, 120_000]


TYPED = dict(zip((*(f.code for f in form.FIELDS), *form.BY_CODE), SOUND.split(";"), strict=True))


def test_a_form_typed_by_hand_is_the_same_as_in_a_file(check: Check, registry: Registry) -> None:
    typed = checking.check_form(TYPED, registry, SECRET, responses.REAL, TODAY)
    assert typed.answers.equals(check(SOUND).answers)
    assert typed.findings == ()


def test_the_next_form_just_like_it_is_another_as_in_a_file(
    check: Check, registry: Registry
) -> None:
    ids = {
        checking.check_form(TYPED, registry, SECRET, responses.REAL, TODAY, ordinal)
        .answers["response_id"]
        .item()
        for ordinal in range(3)
    }
    assert ids == set(check(f"{SOUND}\n{SOUND}\n{SOUND}").answers["response_id"])


def test_a_form_typed_by_hand_is_told_of_by_field(registry: Registry) -> None:
    wrong = TYPED | {"gender": "kvina", "age": "", "q3": "2", "place": "Anna Svensson"}
    checked = checking.check_form(wrong, registry, SECRET, responses.REAL, TODAY)
    assert [str(one).partition(": ")[0] for one in checked.findings] == [
        *("Ort", 'Kön, "kvina"', 'Fråga 3, "2"', "Ålder")
    ]
    assert checked.answers.empty
    empty = checking.check_form({}, registry, SECRET, responses.REAL, TODAY)
    assert kinds(empty) == ["empty"]
