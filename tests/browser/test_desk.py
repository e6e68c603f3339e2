"""The intake desk as those who use it meet it: with a file, with paper forms, signing in."""

import csv
import io
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect
from servers import ANNA, EVA, free_port, provider, running, write_accounts, write_sign_in

from fovdata import batches, settings
from fovdata import questionnaire as form
from fovdata.desk import entrance, frame

Open = Callable[..., Page]

HUMAN, FAST = 200, 15
"""Milliseconds for a key: of somebody who types, and of somebody faster than anybody."""


@contextmanager
def _desk(folder: Path, releases: Path, port: int, *more: str, **variables: str) -> Iterator[str]:
    """Start the desk as the command does, for practice; its address."""
    command = ("fovdata", "intake", "serve", "--practice", "--port", str(port), *more)
    address = f"http://localhost:{port}"
    with running(
        command,
        f"{address}/_stcore/health",
        folder / "logg.txt",
        settings.ROOT,
        FOV_PRACTICE=str(folder / "svar"),
        FOV_RELEASE=str(releases),
        **variables,
    ):
        yield address


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, releases: Path) -> Iterator[tuple[str, Path]]:
    """The address of a desk, and the folder that it keeps its answers and its log in."""
    folder = tmp_path_factory.mktemp("mottagning")
    with _desk(folder, releases, free_port()) as address:
        yield address, folder


# A file


HEADINGS = (
    *("Datum", "Kön", "Ålder", "Antal gånger", "Samordningsförbund", "Myndighet", "Anteckning"),
    *(question.wording for question in form.QUESTIONS),
)
USUAL = ("2022-05-14", "Kvinna", "34", "1", "Halland", "FK", "")
NO = ("Nej",) * len(form.QUESTIONS)


def _file(*rows: Sequence[str]) -> dict[str, str | bytes]:
    """A file of forms as somebody's spreadsheet program saves it, to be chosen in the browser."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([HEADINGS, *rows])
    return {
        "name": "svar.csv",
        "mimeType": "text/csv",
        "buffer": text.getvalue().encode("utf-8-sig"),
    }


def _rows(first_age: int, number: int = 24) -> list[tuple[str, ...]]:
    """As many forms as this, told apart by the age."""
    return [(*USUAL[:2], str(first_age + at), *USUAL[3:], *NO) for at in range(number)]


def _choose(page: Page, file: Mapping[str, str | bytes]) -> None:
    page.locator("input[type=file]").set_input_files(dict(file))  # type: ignore[arg-type]


def _alert(page: Page, text: str | re.Pattern[str]) -> Locator:
    found = page.get_by_test_id("stAlert").filter(has_text=text)
    expect(found.first).to_be_visible()
    return found


def test_a_contact_person_understands_what_is_wrong_mends_it_and_lands(
    desk: tuple[str, Path], open_page: Open, tmp_path: Path
) -> None:
    address, folder = desk
    right = _rows(20)
    wrong = [list(row) for row in right]
    wrong[2][1] = wrong[5][1] = "![x](http://elak.example/x.png)"
    wrong[7][6] = "Ring 070-123 45 67"
    page = open_page(address)
    expect(page.get_by_text(frame.PRACTICE_MARK)).to_be_visible()

    _choose(page, _file(*wrong))
    _alert(page, re.compile("24 formulär. 2 fel måste rättas"))
    faults = page.get_by_role("table").first
    # What somebody typed is shown as typed: it is no picture, and nothing is fetched for it.
    expect(faults).to_contain_text("elak.example/x.png)")
    expect(faults.locator("a, img")).to_have_count(0)
    expect(faults).to_contain_text("Rad 4 och 7, Kön (kolumn B)")
    expect(faults).to_contain_text("visas inte")
    expect(page.get_by_text("070-123")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Läs in"))).to_have_count(0)

    with page.expect_download() as marked:
        page.get_by_role("button", name="Ladda ner filen med felen utmärkta").click()
    marked.value.save_as(tmp_path / "svar-att-rätta.xlsx")
    book = openpyxl.load_workbook(tmp_path / "svar-att-rätta.xlsx")
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row]
    assert "[personuppgift]" in cells
    assert not [cell for cell in cells if "070" in cell]

    _choose(page, _file(*right))
    _alert(page, "24 formulär. Inga fel. 24 nya, 0 redan inlästa, 0 ändrade.")
    expect(page.get_by_role("heading", name="Filen bredvid hela landet")).to_be_visible()
    page.get_by_role("button", name="Läs in 24 formulär").click()
    _alert(page, "nummer 1: 24 nya")
    expect(page.locator("input[type=file]")).to_have_count(0)

    page.get_by_role("button", name="Läs in en fil till").click()
    _choose(page, _file(*right))
    _alert(page, "Allt i filen är redan inläst")
    expect(page.get_by_role("button", name=re.compile("^Läs in"))).to_have_count(0)
    (batch,) = batches.listed(folder / "svar")
    assert (batch.data, batch.answers, batch.about.role) == ("synthetic", 24, "kontaktperson")
    log = (folder / "logg.txt").read_text()
    assert not [word for word in ("070-123", "elak", "Halland", "svar.csv") if word in log]


def test_a_file_is_refused_in_swedish_exchanged_and_taken_away(
    desk: tuple[str, Path], open_page: Open
) -> None:
    page = open_page(desk[0])
    _choose(page, {"name": "bild.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xe0"})
    _alert(page, "CSV")
    expect(page.get_by_role("button", name="Välj en annan fil")).to_be_visible()
    _choose(page, _file(*_rows(40)))
    _alert(page, "Inga fel")
    expect(page.get_by_text("bild.jpg")).to_have_count(0)
    page.get_by_role("button", name="Ta bort filen", exact=True).last.click()
    expect(page.get_by_role("button", name="Ladda ner mallen")).to_be_visible()
    expect(page.get_by_text("svar.csv")).to_have_count(0)
    expect(page.get_by_role("button", name="Välj fil")).to_be_visible()


# Paper forms, with the keyboard alone


def _type(page: Page, keys: str, per_key: int = FAST) -> int:
    """Type; "⇥" is Tab and "⏎" Enter. Returns the number of keys."""
    for key in keys:
        page.keyboard.press({"⇥": "Tab", "⏎": "Enter"}.get(key, key))
        page.wait_for_timeout(per_key)
    return len(keys)


def _field(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=name)


def _begin(page: Page) -> None:
    """The pile: whose forms they are, of which day, met by whom; Tab alone leads on."""
    expect(_field(page, "Förbund")).to_be_focused()
    _type(page, "Halla⇥2022-05-14⇥f⇥")
    expect(_field(page, "Kön")).to_be_focused()
    expect(page.get_by_text("Nästa formulär: Halland, 14 maj 2022 (första")).to_be_visible()


def test_paper_forms_land_at_typing_speed_by_the_keyboard_alone(
    desk: tuple[str, Path], open_page: Open
) -> None:
    address, folder = desk
    before = len(batches.listed(folder / "svar"))
    page = open_page(f"{address}/registrera")
    _begin(page)
    started = time.monotonic()
    keys = _type(page, "k⇥20⇥1⇥jnnjn-n⏎", HUMAN)
    took = time.monotonic() - started
    last = page.get_by_text("Senast, nummer")
    for age in range(21, 28):
        _type(page, f"k⇥{age}⇥1⇥jnnjn-n⏎")
        expect(last).to_contain_text(f"{age} år")
    expect(page.get_by_text("Registrerade i dag: 8")).to_be_visible()
    expect(last).to_contain_text("Halland, 14 maj 2022, FK, Kvinna, 27 år, 1 gång")
    expect(last).to_contain_text("1 Ja · 2 Nej · 3 Nej · 4 Ja · 5 Nej · 6 – · 7 Nej")
    assert len(batches.listed(folder / "svar")) == before + 8
    assert keys == 15
    assert took < 10  # seconds a form
    expect(_field(page, "Kön")).to_be_focused()


def test_what_is_wrong_in_the_head_is_never_stored_as_what_stood_there_before(
    desk: tuple[str, Path], open_page: Open
) -> None:
    address, folder = desk
    page = open_page(f"{address}/registrera")
    _begin(page)
    before = len(batches.listed(folder / "svar"))
    for age, name, wrong, asked, right in (
        (51, "Förbund", "Xyz", "Rätta förbundet", "Falu"),
        (52, "Datum", "21 nvo", "Rätta datumet", "2022-05-15"),
        (53, "Myndighet", "x", "Rätta myndigheten", "a"),
    ):
        head = _field(page, name)
        head.select_text()
        _type(page, wrong)
        _field(page, "Kön").focus()  # as the mouse or Tab leaves it: nothing goes back
        _type(page, f"m⇥{age}⇥2⇥jnnjnnn⏎")
        _alert(page, f"{asked} här ovanför. Formuläret är inte sparat.")
        expect(head).to_be_focused()
        expect(head).to_have_value(wrong)
        expect(page.get_by_text("Nästa formulär:")).to_have_count(0)
        assert len(batches.listed(folder / "svar")) == before

        _type(page, right)  # the field is chosen as a whole, so typing replaces it
        expect(_field(page, "Ålder")).to_have_value(str(age))
        expect(page.get_by_text("Nästa formulär:")).to_have_count(0)
        _field(page, "Fråga 1–7").focus()
        expect(page.get_by_text("Nästa formulär:")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"Man, {age} år")).to_be_visible()
        before += 1
    expect(page.get_by_text("Senast, nummer")).to_contain_text("Falun, 15 maj 2022, AF")


def test_a_form_is_not_sent_while_the_one_before_waits_and_neither_is_lost(
    desk: tuple[str, Path], open_page: Open
) -> None:
    address, folder = desk
    page = open_page(f"{address}/registrera")
    _begin(page)
    _type(page, "m⇥20⇥1⇥jjjjjjj⏎")
    expect(page.get_by_text("Man, 20 år")).to_be_visible()
    there = len(batches.listed(folder / "svar"))
    with batches.held(folder / "svar"):  # as a release does while it counts
        for age in (21, 22):
            expect(_field(page, "Kön")).to_be_focused()  # before the first key of the next form
            _type(page, f"m⇥{age}⇥1⇥jjjjjjj⏎")
        page.wait_for_timeout(500)
        expect(_field(page, "Ålder")).to_have_value("22")  # still there, to be sent
    expect(page.get_by_text("Man, 21 år")).to_be_visible()
    _field(page, "Fråga 1–7").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Man, 22 år")).to_be_visible()
    assert len(batches.listed(folder / "svar")) == there + 2


def test_a_form_with_a_fault_is_not_stored_and_nothing_typed_is_lost(
    desk: tuple[str, Path], open_page: Open
) -> None:
    address, folder = desk
    before = len(batches.listed(folder / "svar"))
    page = open_page(f"{address}/registrera")
    _begin(page)
    _type(page, "m⇥51⇥1⇥jnnjnn⏎")  # one answer is missing
    answers = _field(page, "Fråga 1–7")
    expect(page.get_by_text("Skriv sju tecken")).to_be_visible()
    expect(answers).to_be_focused()
    expect(answers).to_have_value("jnnjnn")
    expect(_field(page, "Ålder")).to_have_value("51")
    _type(page, "jnnjnnn⏎")  # the field is chosen as a whole, so typing replaces it
    expect(page.get_by_text("Man, 51 år, 1 gång")).to_be_visible()

    _type(page, "m⇥5⏎")
    expect(_field(page, "Ålder")).to_be_focused()
    expect(_field(page, "Ålder")).to_have_value("5")
    assert len(batches.listed(folder / "svar")) == before + 1


def test_the_same_form_once_more_is_asked_about_and_the_last_one_can_be_undone(
    desk: tuple[str, Path], open_page: Open
) -> None:
    address, folder = desk
    page = open_page(f"{address}/registrera")
    _begin(page)
    _type(page, "a⇥60⇥2⇥nnnnnnn⏎")
    expect(page.get_by_text("60 år")).to_be_visible()
    there = len(batches.listed(folder / "svar"))
    _type(page, "a⇥60⇥2⇥nnnnnnn⏎")
    question = _alert(page, "Samma formulär finns redan")
    assert len(batches.listed(folder / "svar")) == there
    _type(page, "a⇥61⇥2⇥nnnnnnn⏎")  # whoever types on is not stopped, and answers later
    expect(page.get_by_text("Annat").or_(page.get_by_text("61 år")).first).to_be_visible()
    page.keyboard.press("Alt+s")
    expect(question).to_have_count(0)
    expect(_field(page, "Kön")).to_be_focused()
    assert len(batches.listed(folder / "svar")) == there + 2

    page.keyboard.press("Alt+z")
    _alert(page, "är ångrat. Rätta här och tryck Enter.")
    *_, last = batches.listed(folder / "svar")
    assert last.withdrawn
    expect(_field(page, "Kön")).to_be_focused()
    expect(_field(page, "Ålder")).to_have_value("60")
    _type(page, "⇥62⏎")  # the rest is there
    expect(page.get_by_text("62 år, 2 gånger")).to_be_visible()
    assert len(batches.listed(folder / "svar")) == there + 3


# Signing in


@pytest.fixture
def service(releases: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a desk that one signs in to with a provider on this machine."""
    at, port = free_port(), free_port()
    accounts, sign_in = tmp_path / "konton.txt", tmp_path / "inloggning.toml"
    write_accounts(accounts, "anna@forbund.example")
    write_sign_in(sign_in, port, at, os.urandom(32).hex())
    variables = {entrance.ACCOUNTS: str(accounts), entrance.SIGN_IN: str(sign_in)}
    with (
        provider(at, tmp_path / "p.txt", ANNA, EVA),
        _desk(tmp_path, releases, port, "--service", **variables) as address,
    ):
        yield address


def _sign_in(page: Page, who: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Logga in")
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_test_id("stSidebar").get_by_role("link")).to_have_count(0)
    page.get_by_role("button", name="Logga in").click()
    page.get_by_role("button", name=who, exact=True).click()


def test_one_signs_in_and_out_and_only_an_allowed_account_comes_in(
    service: str, visitor: Page
) -> None:
    page, heading = visitor, visitor.get_by_role("heading", level=1)
    page.goto(f"{service}/inlast")  # by a deep link, on a server that nobody has visited
    _sign_in(page, "eva")
    expect(heading).to_have_text("Kontot får inte komma in")
    page.goto(f"{service}/registrera")
    expect(heading).to_have_text("Kontot får inte komma in")
    expect(page.get_by_test_id("stSidebar").get_by_role("link")).to_have_count(0)
    _sign_out(page, service)

    _sign_in(page, "anna")
    expect(heading).to_have_text("Läs in en fil")
    expect(page.get_by_text("Inloggad som anna")).to_be_visible()
    _sign_out(page, service)
    expect(heading).to_have_text("Logga in")


def _sign_out(page: Page, service: str) -> None:
    """Out of the desk, past what the provider asks, and back to the desk's address."""
    page.get_by_role("button", name="Logga ut").click()
    page.get_by_role("button", name="End session").wait_for()
    page.goto(service)
