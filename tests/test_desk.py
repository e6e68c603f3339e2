"""The intake desk: what is said of a file, what is typed from paper, what has been read in."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pandas as pd
import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from fovdata import batches, settings
from fovdata import questionnaire as form
from fovdata.batches import About, Batch, Withdrawal
from fovdata.charts import theme as themes
from fovdata.desk import beside, entrance, filing, frame, paper, server, trace
from fovdata.desk.entrance import Mode
from fovdata.desk.navigation import DONE, READ, REGISTER, TASKS, Task
from fovdata.figures.release import Release
from fovdata.intake import places
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
    assert _said(app, "success") == ["3 formulär. Inga fel."]
    _press(app, "Läs in 3 formulär")
    assert "Inläst som **nummer 1**: 3 formulär." in _said(app, "success")[0]
    assert not app.file_uploader  # nothing of it is kept
    assert "received" not in app.session_state

    _upload(_press(app, "Läs in en fil till"), *_forms(3))
    assert "Allt i filen är redan inläst" in _said(app, "info")[0]
    assert [batch.answers for batch in batches.listed(folder)] == [3]


def test_a_file_with_faults_cannot_be_added(run: Run, folder: Path) -> None:
    app = _upload(run(), *_forms(2), f"2022-05-14;kvina;34;1;Halland;FK;{NO}")
    assert _said(app, "error") == ["3 formulär. 1 fel måste rättas innan filen kan läsas in."]
    (faults,) = app.table
    assert list(faults.value.iloc[0])[:2] == ["Rad 4, Kön \\(kolumn B\\)", "kvina"]
    assert [button.label for button in app.button] == ["Ta bort filen"]
    assert not batches.listed(folder)


def test_a_file_that_is_no_table_says_what_to_do(run: Run) -> None:
    app = run()
    app.file_uploader[0].set_value(("svar.xlsx", b"inte ett kalkylark", "text/csv"))
    app.run()
    assert not app.exception
    (said,) = _said(app, "error")
    assert "svar.xlsx" in said
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
    assert _said(app, "success") == ["1 formulär. Inga fel."]
    assert not app.exception


def test_a_file_is_forgotten_on_another_page(run: Run) -> None:
    app = _upload(run(), *_forms(2))
    assert "received" in app.session_state
    app.switch_page(str(DONE.path)).run()
    assert "received" not in app.session_state


@pytest.mark.parametrize(
    ("years", "waits"), [([2022], False), ([2025, 2026], True), ([2026, 2027], True)]
)
def test_the_receipt_says_which_answers_wait_for_the_year_to_end(
    years: Sequence[int], waits: bool
) -> None:
    said = filing.what_next(years, TODAY)
    assert ("Svar från 2026" in said) is waits
    assert "minst tio nya svar" in said  # rules.batch
    assert "2025" not in said


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
        assert set(one.exhibit.data["series"].dropna()) == {"Egen fil", one.name}


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
        *(("authority", wrong) for wrong in ("", "x", "fk")),
        ("date", ""),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field(field: str, typed: str) -> None:
    assert list(paper.faults({**TYPED_FORM, field: typed})) == [field]


def test_a_form_is_said_in_the_order_of_the_paper(registry: Registry) -> None:
    assert paper.in_words(paper.as_written(TYPED_FORM), date(2022, 5, 14), registry) == (
        "Halland, 14 maj 2022, FK, Kvinna, 34 år, 1 gång  \n"
        "1 **Ja** · 2 **Nej** · 3 **Nej** · 4 **Ja** · 5 **Nej** · 6 **–** · 7 **Nej**"
    )


def _type(app: AppTest, **typed: str) -> AppTest:
    """Fill in pile and form, and press Enter."""
    app.selectbox(key="pile-federation").set_value("halland")
    for code, text in {**TYPED_FORM, **typed}.items():
        if code != "federation":
            app.text_input(key=f"paper-{code}").set_value(text)
    return _press(app, "Spara (Enter)")


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
    assert "Skriv sju tecken" in _said(app, "error")[0]
    typed = [app.text_input(key=f"paper-{box.code}").value for box in paper.BOXES]
    assert typed == ["k", "51", "1", "jnnjn"]


def test_a_form_without_a_pile_is_given_back(run: Run, folder: Path) -> None:
    app = run(REGISTER)
    app.text_input(key="paper-age").set_value("51")
    _press(app, "Spara (Enter)")
    assert "Fyll först i förbund" in _said(app, "error")[0]
    assert app.text_input(key="paper-age").value == "51"
    assert not batches.listed(folder)


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


def test_the_last_form_can_be_undone_and_typed_anew(run: Run, folder: Path) -> None:
    app = _press(_type(run(REGISTER)), "Ångra")
    (undone,) = batches.listed(folder)
    assert undone.withdrawn
    assert "Registrerade i dag: **0** · Nummer 1 är ångrat" in _said(app, "markdown")
    _type(app)
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
    assert frame.PRACTICE_MARK not in " ".join(_said(app, "markdown"))
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
    plain = frame.plain(text)
    assert re.sub(r"\\(.)|\N{WORD JOINER}", r"\1", plain) == text
    assert not re.search(r"(?<!\\)[*_`\[\]<>#$:~!]", plain)
    assert not re.search(r"(?i)://|www\\?\.|[a-z]\\?@", plain)


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
