"""The intake desk: what is said of a file, what is typed from paper, what has been read in."""

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pandas as pd
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextInput

from fovdata import batches, markup, settings
from fovdata import questionnaire as form
from fovdata.batches import About, Batch, StoreFault, Withdrawal
from fovdata.charts import theme as themes
from fovdata.desk import adding, beside, entrance, filing, frame, paper, pile, server, trace
from fovdata.desk.entrance import Mode
from fovdata.desk.navigation import DONE, READ, REGISTER, TASKS, Task
from fovdata.figures.release import Release
from fovdata.intake import places
from fovdata.intake.findings import Finding
from fovdata.intake.receiving import FILE, TYPED
from fovdata.registry import Registry
from fovdata.rules import RULES, Status

MAIN = str(settings.ROOT / "fovdata" / "desk" / "main.py")
TODAY = date(2026, 11, 22)

Run = Callable[..., AppTest]


@pytest.fixture
def folder(tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of practice answers, of a desk that is open at one's own machine."""
    monkeypatch.setenv(entrance.MODE, Mode.OWN_MACHINE)
    monkeypatch.setenv(entrance.PRACTICE, "1")
    monkeypatch.setenv("FOV_PRACTICE", str(tmp_path / "svar"))
    monkeypatch.setenv("FOV_RELEASE", str(releases))
    return tmp_path / "svar"


@pytest.fixture
def run(folder: Path) -> Run:
    """Draw a page of the desk within its frame."""
    assert not folder.exists()  # a desk that nobody has used yet

    def drawn(task: object = READ) -> AppTest:
        app = AppTest.from_file(MAIN, default_timeout=30).run()
        if task is not READ:
            app.switch_page(str(task.path)).run()  # type: ignore[attr-defined]
        assert not app.exception
        return app

    return drawn


HEAD = "Datum;Kön;Ålder;Antal gånger;Samordningsförbund;Myndighet;" + ";".join(
    question.wording for question in form.QUESTIONS
)
NO = ";".join(["Nej"] * len(form.QUESTIONS))


def _file(*rows: str) -> tuple[str, bytes, str]:
    return "svar.csv", "\n".join([HEAD, *rows]).encode("utf-8-sig"), "text/csv"


def _forms(number: int, federation: str = "Halland") -> list[str]:
    """As many first-time forms, told apart by the age."""
    return [f"2022-05-14;Kvinna;{20 + at};1;{federation};FK;{NO}" for at in range(number)]


def _upload(app: AppTest, *rows: str) -> AppTest:
    app.file_uploader[0].set_value(_file(*rows))
    app.run()
    assert not app.exception
    return app


def _said(app: AppTest, kind: str) -> list[str]:
    return [element.value for element in app.get(kind)]  # type: ignore[union-attr]


def _press(app: AppTest, label: str) -> AppTest:
    (button,) = (button for button in app.button if button.label.startswith(label))
    button.click()
    app.run()
    assert not app.exception
    return app


# A file


def test_a_file_without_faults_is_added_once(run: Run, folder: Path) -> None:
    app = _upload(run(), *_forms(3))
    (said,) = _said(app, "success")  # at the top, before anything has been scrolled
    assert "3 formulär. Inga fel. **3 nya, 0 redan inlästa, 0 ändrade.**" in said
    _press(app, "Läs in 3 formulär")
    assert _said(app, "success") == ["Inläst som **nummer 1**: 3 nya."]
    assert not app.file_uploader  # nothing of it is kept
    assert "received" not in app.session_state

    _upload(_press(app, "Läs in en fil till"), *_forms(3))
    assert "Allt i filen är redan inläst, som nummer 1.** Det finns inget" in _said(app, "info")[0]
    assert [button.label for button in app.button] == ["Ta bort filen"]
    assert [batch.answers for batch in batches.listed(folder)] == [3]


def test_a_file_with_faults_cannot_be_added(run: Run, folder: Path) -> None:
    app = _upload(run(), *_forms(2), f"2022-05-14;kvina;34;1;Halland;FK;{NO}")
    assert _said(app, "error") == ["3 formulär. 1 fel måste rättas innan filen kan läsas in."]
    (faults,) = app.table
    assert list(faults.value.iloc[0])[:2] == ["Rad 4, Kön (kolumn\N{NO-BREAK SPACE}B)", "kvina"]
    assert [button.label for button in app.button] == ["Ta bort filen"]
    assert not batches.listed(folder)


def test_a_file_that_is_no_table_says_what_to_do(run: Run) -> None:
    app = run()
    app.file_uploader[0].set_value(("svar.xlsx", b"inte ett kalkylark", "text/csv"))
    app.run()
    assert not app.exception
    (said,) = _said(app, "error")
    assert "mallen" in said
    assert "Något gick fel" not in said


def test_a_file_that_does_not_say_whose_forms_they_are_is_asked_about(run: Run) -> None:
    app = run()
    head = HEAD.replace("Samordningsförbund;", "")
    row = f"2022-05-14;Kvinna;34;1;FK;{NO}"
    app.file_uploader[0].set_value(("svar.csv", f"{head}\n{row}".encode(), "text/csv"))
    app.run()
    assert "1 fel måste rättas" in _said(app, "error")[0]
    (federation,) = app.selectbox
    federation.set_value("falun").run()
    assert "1 formulär. Inga fel." in _said(app, "success")[0]
    assert not app.exception


def test_what_cannot_be_known_is_asked_before_anything_is_added(run: Run, folder: Path) -> None:
    """The same ten forms, once the month has become a day."""
    _press(_upload(run(), *_forms(10)), "Läs in 10 formulär")
    again = [form.replace("2022-05-14", "2022-05-15") for form in _forms(10)]
    app = _upload(run(), *again)
    at_the_top, question = _said(app, "warning")
    assert "Längst ner finns en fråga" in at_the_top
    assert question.startswith("10 av de nya svaren är lika redan inlästa svar i allt som sparas.")
    (add,) = (button for button in app.button if button.label.startswith("Läs in"))
    assert add.disabled
    (choice,) = (radio for radio in app.radio if "Samma formulär" in radio.options[0])
    choice.set_value("replace").run()
    _press(app, "Läs in 10 formulär")
    assert [batch.withdrawn is None for batch in batches.listed(folder)] == [False, True]


def test_whoever_presses_for_what_is_no_longer_true_adds_nothing(run: Run, folder: Path) -> None:
    app, other = _upload(run(), *_forms(3)), _upload(AppTest.from_file(MAIN).run(), *_forms(2))
    _press(other, "Läs in 2 formulär")
    _press(app, "Läs in 3 formulär")
    assert len(batches.listed(folder)) == 1
    assert "**1 ny, 2 redan inlästa, 0 ändrade.**" in " ".join(_said(app, "markdown"))
    _press(app, "Läs in 1 formulär")
    assert [batch.answers for batch in batches.listed(folder)] == [2, 1]


def test_another_key_than_the_store_s_is_said_in_words(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _press(_upload(run(), *_forms(3)), "Läs in 3 formulär")
    place = places.Place(folder, b"0" * 32, "synthetic")
    monkeypatch.setattr(entrance, "opened", lambda: place)
    app = _upload(run(), *_forms(3))
    assert "inlästa med en annan nyckel" in _said(app, "error")[0]
    assert len(batches.listed(folder)) == 1


def test_a_file_is_forgotten_on_another_page(run: Run) -> None:
    app = _upload(run(), *_forms(2))
    assert "received" in app.session_state
    app.switch_page(str(DONE.path)).run()
    assert "received" not in app.session_state


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "–"),  # a row, or the file: there is no cell that could be empty
        ("", "tomt"),
        ("1905-07-15", "1905\N{NON-BREAKING HYPHEN}07\N{NON-BREAKING HYPHEN}15"),
    ],
)
def test_only_an_empty_cell_is_called_empty_and_a_date_is_not_broken(
    value: str | None, shown: str
) -> None:
    finding = Finding("unknown", True, None, (4,), 0, value, "Rätta.")
    assert filing.standing(finding) == shown


def test_a_file_of_a_kind_that_is_not_read_is_refused_in_words(run: Run) -> None:
    app = run()
    app.file_uploader[0].set_value(("bild.jpg", b"\xff\xd8\xff\xe0", "image/jpeg")).run()
    (said,) = _said(app, "error")
    assert "CSV" in said
    assert ".xlsx" in said
    assert not app.button


# What adding it would do


def _added(app: AppTest, *rows: str) -> AppTest:
    """The file is read in, and the next one can be chosen."""
    return _press(_press(_upload(app, *rows), "Läs in"), "Läs in en fil till")


def test_the_receipt_says_what_was_replaced_and_what_went(run: Run, folder: Path) -> None:
    app = _added(run(), *_forms(30))
    corrected = [*_forms(29), f"2022-05-14;Man;49;1;Halland;FK;{NO}", *_forms(40)[30:]]
    app = _upload(app, *corrected)
    assert "**10 nya, 29 redan inlästa, 1 ändrad.**" in _said(app, "success")[0]
    assert _said(_press(app, "Läs in 11 formulär"), "success") == [
        "Inläst som **nummer 2**, som ersätter nummer 1: 10 nya, 1 ändrad, 29 som redan fanns. "
        "0 svar togs bort."
    ]
    assert [batch.answers for batch in batches.listed(folder)] == [30, 40]


def test_an_older_version_of_a_file_is_said_to_be_that_and_goes_no_further_unasked(
    run: Run, folder: Path
) -> None:
    app = _added(run(), *_forms(30))
    app = _added(app, *_forms(29), f"2022-05-14;Man;49;1;Halland;FK;{NO}")
    app = _upload(app, *_forms(30))
    assert not app.success
    (said,) = _said(app, "warning")
    assert "lästes in som nummer 1 och ersattes av nummer 2" in said
    assert [button.label for button in app.button] == ["Ta bort filen"]
    app.checkbox[0].check().run()
    assert "1 ny, 29 redan inlästa, 0 ändrade" in " ".join(_said(app, "markdown"))
    app.radio[0].set_value("keep").run()
    _press(app, "Läs in 1 formulär")
    assert [batch.answers for batch in batches.listed(folder)] == [30, 30, 1]


def test_answers_go_by_a_choice_of_its_own_that_says_how_many(run: Run, folder: Path) -> None:
    app = _added(run(), *_forms(40))
    app = _upload(app, *_forms(10))
    assert "Det finns inget att läsa in" in _said(app, "info")[0]
    assert [button.label for button in app.button] == ["Ta bort filen"]
    assert "ta bort 30 tidigare svar" in app.checkbox[0].label
    app.checkbox[0].check().run()
    app = _press(app, "Ta bort 30 tidigare svar")
    assert _said(app, "success") == [
        "Inläst som **nummer 2**, som ersätter nummer 1: 10 som redan fanns. 30 svar togs bort."
    ]
    assert [batch.answers for batch in batches.listed(folder) if not batch.withdrawn] == [10]


def test_where_new_ones_come_and_earlier_ones_go_the_button_says_both(run: Run) -> None:
    app = _added(run(), *_forms(40))
    app = _upload(app, *_forms(10), f"2023-05-14;Man;49;1;Halland;FK;{NO}")
    (add,) = (button for button in app.button if button.label.startswith("Läs in"))
    assert add.disabled
    app.radio[0].set_value("replace").run()
    _press(app, "Läs in 1 formulär och ta bort 30 tidigare svar")
    assert "1 ny, 10 som redan fanns. 30 svar togs bort." in _said(app, "success")[0]


def test_what_comes_next_is_nothing_in_practice_and_a_release_otherwise(tmp_path: Path) -> None:
    def place(data: str) -> places.Place:
        return places.Place(tmp_path, b"", data)

    assert "inte med i några siffror" in adding.what_next(place("synthetic"))
    assert "minst tio nya svar" in adding.what_next(place("real"))  # rules.batch


def test_who_it_is_is_remembered_from_page_to_page(run: Run) -> None:
    app = _upload(run(), *_forms(2))
    app.radio[0].set_value("nns").run()
    app.switch_page(str(REGISTER.path)).run()
    assert app.radio[0].value == "nns"


# Beside the country


def _answers(yes: int, no: int, fill_count: str = "1", federation: str = "halland") -> pd.DataFrame:
    codes = [form.YES] * yes + [form.NO] * no
    questions = {question.code: codes for question in form.QUESTIONS}
    return pd.DataFrame({**questions, "fill_count": fill_count, "federation": federation})


def test_a_file_s_own_share_carries_no_noise() -> None:
    (share, *_) = beside.own(_answers(15, 25)).values()
    assert (share.share, share.n, share.status) == (38, 40, Status.SHOWN)


@pytest.mark.parametrize(("answers", "shown"), [(RULES.show - 1, False), (RULES.show, True)])
def test_a_file_s_own_share_is_hidden_below_the_same_threshold(answers: int, shown: bool) -> None:
    (share, *_) = beside.own(_answers(8, answers - 8)).values()
    assert (share.status is not Status.HIDDEN) is shown


def test_repeat_forms_are_no_part_of_a_file_s_own_shares() -> None:
    both = pd.concat([_answers(10, 10), _answers(0, 60, fill_count="2")])
    (share, *_) = beside.own(both).values()
    assert share.share == 50


def test_a_file_of_one_federation_stands_beside_country_and_region_and_nobody_else(
    release: Release, registry: Registry
) -> None:
    found = beside.exhibits(_answers(15, 25), release, registry, themes.LIGHT)
    assert [one.name for one in found] == ["Hela landet", "Region Halland"]
    for one in found:
        assert set(one.exhibit.data.to_pandas()["series"].dropna()) == {"Egen fil", one.name}


def test_a_file_of_several_federations_stands_beside_the_country(
    release: Release, registry: Registry
) -> None:
    several = pd.concat([_answers(10, 15), _answers(5, 10, federation="falun")])
    assert [one.name for one in beside.exhibits(several, release, registry, themes.LIGHT)] == [
        "Hela landet"
    ]


def test_a_file_with_too_few_answers_stands_beside_nobody(
    release: Release, registry: Registry
) -> None:
    assert not beside.exhibits(_answers(9, 10), release, registry, themes.LIGHT)


def test_a_limit_instead_of_a_share_is_explained_and_nothing_is_where_there_is_none(
    release: Release, registry: Registry
) -> None:
    few = beside.exhibits(_answers(1, 29), release, registry, themes.LIGHT)[:1]
    said = beside.limits(few)
    assert re.fullmatch(
        r"”Under \d+\s%”: så få svarade Ja att den exakta siffran inte visas.", said
    )
    assert not beside.limits(beside.exhibits(_answers(15, 25), release, registry, themes.LIGHT)[:1])


def test_without_a_release_the_file_can_still_be_added(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(tmp_path / "ingen"))
    app = _upload(run(), *_forms(25))
    assert [text for text in _said(app, "markdown") if "ingen utgåva att jämföra med" in text]
    _press(app, "Läs in 25 formulär")
    assert _said(app, "success")


# Paper forms

TYPED_FORM = {
    **{"date": "2022-05-14", "federation": "halland", "authority": "f"},
    **{"gender": "k", "age": "34", "fill_count": "1", "answers": "jnnjn-n"},
}


def test_letters_are_read_as_the_form_s_own_words() -> None:
    assert paper.as_written(TYPED_FORM) == {
        **{"date": "2022-05-14", "federation": "halland", "authority": "FK"},
        **{"gender": "Kvinna", "age": "34", "fill_count": "1 gång"},
        **{"q1": "Ja", "q2": "Nej", "q3": "Nej", "q4": "Ja", "q5": "Nej", "q6": "", "q7": "Nej"},
    }


def test_a_dash_is_nothing_ticked_and_capitals_are_letters() -> None:
    typed = {**TYPED_FORM, "gender": "-", "age": "-", "authority": "R", "answers": "JN-----"}
    assert not paper.faults(typed)
    written = paper.as_written(typed)
    assert (written["gender"], written["age"], written["authority"]) == ("", "", "region")
    assert [written[q.code] for q in form.QUESTIONS] == ["Ja", "Nej", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *(("gender", wrong) for wrong in ("", "x", "km", "1")),
        *(("age", wrong) for wrong in ("", "9", "111", "x", "3 4")),
        *(("fill_count", wrong) for wrong in ("", "0", "4", "-")),
        *(("answers", wrong) for wrong in ("", "jnnjnn", "jnnjnnnn", "jnnjnxn", "1")),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(field: str, typed: str) -> None:
    assert list(paper.faults({**TYPED_FORM, field: typed})) == [field]


def test_a_form_is_said_in_the_order_of_the_paper(registry: Registry) -> None:
    assert paper.in_words(paper.as_written(TYPED_FORM), date(2022, 5, 14), registry) == (
        "Halland, 14 maj 2022, FK, Kvinna, 34 år, 1 gång  \n"
        "1 **Ja** · 2 **Nej** · 3 **Nej** · 4 **Ja** · 5 **Nej** · 6 **–** · 7 **Nej**"
    )


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2022-05-14", "2022-05-14"),
        ("21/11", "2026-11-21"),  # TODAY is 2026-11-22
        ("23/11", "2025-11-23"),  # of the last twelve months, never in the future
        ("21 nov", "2026-11-21"),
        ("21nov", "2026-11-21"),
        ("", ""),
    ],
)
def test_a_day_without_a_year_is_of_the_last_twelve_months(
    typed: str, read: str, registry: Registry
) -> None:
    assert pile.field(paper.DATE, typed, registry, TODAY).text == read


@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        (paper.DATE, "2030-01-01", "ligger i framtiden. Rätta året"),
        (paper.DATE, "2026-11-23", "ligger i framtiden"),
        (paper.DATE, "21 nvo", "ÅÅÅÅ-MM-DD"),
        (paper.DATE, "31/2", "ÅÅÅÅ-MM-DD"),
        (paper.AUTHORITY, "x", "Skriv f, a, k, r eller -"),
        (paper.AUTHORITY, "fk", "Skriv f, a, k, r eller -"),
        (paper.FEDERATION, "Xyz", "Förbundet är okänt"),
        (paper.FEDERATION, "Västr", "Förbundet är okänt"),
        (paper.FEDERATION, "Söd", "Södertälje, Södra Dalarnas"),
    ],
)
def test_what_cannot_be_read_in_the_head_means_nothing_and_says_what_to_do(
    box: paper.Box, typed: str, said: str, registry: Registry
) -> None:
    read = pile.field(box, typed, registry, TODAY)
    assert not read.text
    assert said in read.message


@pytest.mark.parametrize(("typed", "slug"), [("falu", "falun"), ("Halland", "halland")])
def test_the_beginning_of_a_name_is_enough_where_no_other_begins_so(
    typed: str, slug: str, registry: Registry
) -> None:
    assert pile.field(paper.FEDERATION, typed, registry, TODAY).text == slug


def _field(app: AppTest, code: str) -> TextInput:
    (field,) = (one for one in app.text_input if str(one.key).startswith(f"paper-{code}"))
    return field


def _type(app: AppTest, **typed: str) -> AppTest:
    """Fill in pile and form, and press Enter."""
    for code, text in {**TYPED_FORM, **typed}.items():
        _field(app, code).set_value(text)
    return _press(app, "Spara (Enter)")


@pytest.mark.parametrize(
    ("field", "wrong", "asked"),
    [
        ("date", "21 nvo", "Rätta datumet här ovanför."),
        ("date", "2030-01-01", "Rätta datumet här ovanför."),
        ("authority", "x", "Rätta myndigheten här ovanför."),
        ("federation", "Xyz", "Rätta förbundet här ovanför."),
        ("federation", "", "Fyll först i förbund här ovanför."),
    ],
)
def test_a_head_that_cannot_be_read_stops_the_form_and_never_counts_as_what_stood_there(
    field: str, wrong: str, asked: str, run: Run, folder: Path
) -> None:
    app = _type(run(REGISTER))
    head = " ".join(_said(app, "markdown"))
    assert "Nästa formulär: **Halland, 14 maj 2022 (första halvåret 2022), FK**" in head
    app = _type(app, age="35", **{field: wrong})
    assert _said(app, "error") == [f"{asked} Formuläret är inte sparat."]
    assert "Nästa formulär" not in " ".join(_said(app, "markdown"))
    assert _field(app, "age").value == "35"
    assert len(batches.listed(folder)) == 1
    _type(app, age="35")
    assert len(batches.listed(folder)) == 2


def test_the_field_shows_what_was_read(run: Run) -> None:
    app = run(REGISTER)
    _field(app, "federation").set_value("falu").run()
    assert _field(app, "federation").value == "Falun"


def test_the_pile_stays_when_somebody_looks_at_another_page_and_faults_go(run: Run) -> None:
    app = _type(run(REGISTER), answers="jnnj")
    assert "Skriv sju tecken" in " ".join(_said(app, "caption"))
    app.switch_page(str(DONE.path)).run()
    app.switch_page(str(REGISTER.path)).run()
    assert "Nästa formulär: **Halland, 14 maj 2022" in " ".join(_said(app, "markdown"))
    assert "Skriv sju tecken" not in " ".join(_said(app, "caption"))


def test_a_typed_form_is_a_batch_of_its_own(run: Run, folder: Path) -> None:
    app = _type(run(REGISTER))
    (batch,) = batches.listed(folder)
    assert (batch.about.way, batch.answers, batch.about.source) == (TYPED, 1, "")
    assert dict(batch.federations) == {"halland": 1}
    assert "Registrerade i dag: **1**" in _said(app, "markdown")
    _type(app, age="35")
    assert len(batches.listed(folder)) == 2
    assert "Registrerade i dag: **2**" in _said(app, "markdown")


def test_a_typed_form_with_a_fault_is_given_back_as_it_was_typed(run: Run, folder: Path) -> None:
    app = _type(run(REGISTER), answers="jnnjn", age="51")
    assert not batches.listed(folder)
    assert not app.error
    assert "Skriv sju tecken" in " ".join(_said(app, "caption"))  # under its field
    typed = [_field(app, box.code).value for box in paper.BOXES]
    assert typed == ["k", "51", "1", "jnnjn"]


def test_a_form_without_a_pile_is_given_back(run: Run, folder: Path) -> None:
    app = run(REGISTER)
    _field(app, "age").set_value("51")
    _press(app, "Spara (Enter)")
    assert "Fyll först i förbund" in _said(app, "error")[0]
    assert _field(app, "age").value == "51"
    assert not batches.listed(folder)


def test_a_form_that_the_store_refuses_is_given_back(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFault("Disken är full.")

    app = run(REGISTER)
    with monkeypatch.context() as patched:
        patched.setattr(batches, "add", full)
        _type(app)
    assert "Disken är full" in _said(app, "error")[0]
    assert _field(app, "age").value == "34"
    assert "Registrerade i dag: **1**" in _said(_type(app), "markdown")


def test_the_same_form_is_stored_again_only_when_somebody_says_so(run: Run, folder: Path) -> None:
    app = _type(_type(run(REGISTER)))
    assert "Samma formulär finns redan" in _said(app, "warning")[0]
    _press(app, "Hoppa över")
    assert len(batches.listed(folder)) == 1
    _press(_type(app), "Spara det också")
    assert not app.warning
    assert len(batches.listed(folder)) == 2
    _press(_type(app), "Spara det också")  # a third, told apart from both
    assert len(batches.listed(folder)) == 3


def test_a_typed_form_that_stands_in_a_file_is_there_already(run: Run, folder: Path) -> None:
    """One form is no newer version of a file of three."""
    form_ = f"2022-05-14;Kvinna;34;1;Halland;FK;{';'.join(['Ja', 'Nej', 'Nej', 'Ja', 'Nej'])};;Nej"
    _press(_upload(run(), *_forms(2), form_), "Läs in 3 formulär")
    app = _type(run(REGISTER))
    assert "Samma formulär finns redan" in _said(app, "warning")[0]
    assert not app.error
    assert len(batches.listed(folder)) == 1


def test_the_last_form_can_be_undone_and_typed_anew(run: Run, folder: Path) -> None:
    app = _press(_type(run(REGISTER)), "Ångra")
    (undone,) = batches.listed(folder)
    assert undone.withdrawn
    assert "Registrerade i dag: **0**" in _said(app, "markdown")
    assert "Nummer 1 är ångrat. Rätta här och tryck Enter." in _said(app, "info")[0]
    typed = [_field(app, box.code).value for box in paper.BOXES]
    assert typed == ["k", "34", "1", "jnnjn-n"]
    for box, text in zip(paper.BOXES, ("k", "43", "1", "jnnjn-n"), strict=True):
        _field(app, box.code).set_value(text)
    _press(app, "Spara (Enter)")
    assert [batch.withdrawn is None for batch in batches.listed(folder)] == [False, True]


# What has been read in


def _batch(number: int, way: str = TYPED, **changed: object) -> Batch:
    made = datetime(2026, 11, 22, 12, number, tzinfo=UTC)
    about = About("nns", way, "", {}, made)
    usual = Batch(number, Path("b"), "synthetic", about, 1, {"halland": 1})
    return replace(usual, **changed)  # type: ignore[arg-type]


GONE = Withdrawal("nns", datetime(2026, 11, 22, 13, tzinfo=UTC), "withdrawn")


def test_the_forms_typed_in_a_day_are_one_entry_and_files_are_one_each() -> None:
    found = [
        _batch(1, FILE, answers=40),
        _batch(2),
        _batch(3, withdrawn=GONE),
        _batch(4),
        _batch(5, FILE, answers=7),
    ]
    told = [(re.sub("\N{WORD JOINER}", "", e.numbers), e.answers) for e in trace.entries(found)]
    assert told == [("5", 7), ("2–4", 2), ("3", 1), ("1", 40)]
    assert trace.typed_on(found, date(2026, 11, 22)) == 2
    assert trace.typed_on(found, date(2026, 11, 21)) == 0


@pytest.mark.parametrize(
    ("withdrawn", "state"),
    [
        (None, "gäller"),
        (replace(GONE, why="replaced by 7"), "ersatt av 7"),
        (GONE, "borttagen 2026\N{NON-BREAKING HYPHEN}11\N{NON-BREAKING HYPHEN}22"),
    ],
)
def test_an_entry_says_what_became_of_it(
    withdrawn: Withdrawal | None, state: str, registry: Registry
) -> None:
    (entry,) = trace.entries([_batch(1, FILE, withdrawn=withdrawn)])
    row = trace.row(entry, registry)
    assert (row["Läge"], row["Vem"], row["Hur"]) == (state, "NNS", "fil")


def test_a_batch_is_withdrawn_when_it_has_been_said_what_that_means(run: Run, folder: Path) -> None:
    _press(_upload(run(), *_forms(3)), "Läs in 3 formulär")
    app = run(DONE)
    app.selectbox[0].set_value(1).run()
    assert "3 svar från Halland tas bort" in _said(app, "warning")[0]
    assert batches.listed(folder)[0].withdrawn is None
    _press(app, "Ta bort svaren i nummer 1")
    assert batches.listed(folder)[0].withdrawn


def test_what_a_withdrawn_batch_replaced_is_said_not_to_come_back(run: Run) -> None:
    app = _added(run(), *_forms(30))
    _added(app, *_forms(29), f"2022-05-14;Man;49;1;Halland;FK;{NO}")
    app = run(DONE)
    app.selectbox[0].set_value(2).run()
    assert "Nummer 1, som den ersatte, kommer inte tillbaka." in _said(app, "warning")[0]


# The frame


def test_practice_says_so_and_real_answers_say_where_they_lie(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for task in TASKS:
        app = run(task)
        assert frame.PRACTICE_MARK in " ".join(_said(app, "markdown"))
    place = places.Place(tmp_path / "verkliga", b"0" * 32, "real")
    monkeypatch.setattr(entrance, "opened", lambda: place)
    app = run()
    marks = " ".join(_said(app, "markdown"))
    assert frame.PRACTICE_MARK not in marks
    assert frame.REAL_MARK in marks
    assert "verkliga" in _said(app, "caption")[-1]


@pytest.mark.usefixtures("folder")
def test_a_place_that_cannot_be_used_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(entrance.PRACTICE)
    monkeypatch.delenv("FOV_RESPONSES", raising=False)
    app = AppTest.from_file(MAIN, default_timeout=30).run()
    assert "FOV_RESPONSES" in _said(app, "error")[0]
    assert not app.file_uploader


def test_what_nobody_foresaw_is_said_in_swedish_and_logged_without_any_value(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("hemligt-värde")

    monkeypatch.setattr(filing, "received", broken)
    with caplog.at_level(logging.DEBUG):
        app = _upload(run(), *_forms(2))
    assert "Något gick fel" in _said(app, "error")[0]
    assert "ValueError" in caplog.text
    assert "hemligt-värde" not in caplog.text


def test_a_file_that_cannot_be_made_is_logged_without_any_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> bytes:
        raise ValueError("hemligt-värde")

    with pytest.raises(RuntimeError) as raised:
        frame.guarded(broken)()
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None
    assert "hemligt-värde" not in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://a.se/x.png)",
        "**fet** :red[röd] $x$ `kod` ~~s~~ # h",
        "www.a.se anna@a.se 1 < 2",
    ],
)
def test_text_from_elsewhere_says_just_that(text: str) -> None:
    plain = markup.plain(text)
    assert re.sub(r"\\(.)|\N{WORD JOINER}", r"\1", plain) == text
    assert not re.search(r"(?<!\\)[*`\[\]<>#$~]", plain)
    assert not re.search(r"(?i)://|www\\?\.|[a-z]\\?@|:[a-z]", plain)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.file)
def test_the_document_is_swedish_from_the_first_byte(task: Task) -> None:
    async def asked() -> str:
        transport = httpx.ASGITransport(Starlette(routes=server.ROUTES))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return (await client.get(f"/{task.url}")).text

    html = asyncio.run(asked())
    assert '<html lang="sv">' in html
    assert f"<title>{task.title} · Mottagningen</title>" in html
    assert "https://" not in html.replace("https://www.apache.org", "")


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.file)
def test_no_page_of_the_desk_is_without_the_entrance(task: Task) -> None:
    assert "entrance.opened()" in task.path.read_text(encoding="utf-8")
