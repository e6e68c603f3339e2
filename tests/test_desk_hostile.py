"""What a file or a registry brings to the desk is shown as text, and nothing of it is done."""

import io
from collections.abc import Callable
from pathlib import Path

import hostile
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest
from test_desk import HEAD, MAIN, NO

from fovdata import registry as registries
from fovdata.desk import entrance, frame
from fovdata.desk.entrance import Mode
from fovdata.desk.navigation import DONE, REGISTER
from fovdata.intake import marking, places, receiving
from fovdata.markup import plain

Upload = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that is open for practice, with a registry whose names are hostile."""
    monkeypatch.setenv(entrance.MODE, Mode.OWN_MACHINE)
    monkeypatch.setenv(entrance.PRACTICE, "1")
    monkeypatch.setenv("FOV_PRACTICE", str(tmp_path / "svar"))
    monkeypatch.setenv("FOV_RELEASE", str(releases))
    monkeypatch.setenv("FOV_REGISTRY", str(hostile.registry(tmp_path)))


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(MAIN, default_timeout=30).run()


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def file(*cells: str, head: str = HEAD) -> bytes:
    """A file whose forms have these words where the gender should stand."""
    name = quoted(registries.load().federation("halland").name)
    rows = [f"2022-05-14;{quoted(one)};34;1;{name};FK;{NO}" for one in cells]
    return "\n".join([head, *rows]).encode("utf-8-sig")


def upload(app: AppTest, content: bytes, name: str = "svar.csv") -> AppTest:
    app.file_uploader[0].set_value((name, content, "text/csv"))
    app.run()
    assert not app.exception
    return app


def says_as_text(app: AppTest, *names: str) -> None:
    """The page has the names, and nowhere as more than text."""
    said = []
    for field, text in hostile.texts(app):
        if field not in hostile.AS_TEXT:
            assert not hostile.markup(text), f"{field}: {text}"
            said.append(text)
    assert [name for name in names if not any(plain(name) in one for one in said)] == []


SHOWN = [name for name in hostile.NAMES if len(name) < 40 and "@x" not in name]
"""Cells that are repeated whole: a long one is cut, and an e-mail address is never repeated."""


def test_a_cell_that_is_repeated_in_a_fault_is_text(app: AppTest) -> None:
    upload(app, file(*SHOWN))
    says_as_text(app, *SHOWN)


def test_heads_and_a_file_s_name_are_text(app: AppTest) -> None:
    heads = [name for name in SHOWN if ";" not in name]
    columns = ";".join([HEAD, *map(quoted, heads)])
    content = file("Kvinna", head=columns)
    upload(app, content, "<img src=x>](javascript:alert(1)).csv")
    says_as_text(app, heads[0])


def test_federations_are_text_on_every_page_of_the_desk(app: AppTest) -> None:
    name = registries.load().federation("halland").name
    upload(app, file("Kvinna"))
    says_as_text(app, name)
    (button,) = (one for one in app.button if one.label.startswith("Läs in"))
    button.click().run()
    assert not app.exception
    app.switch_page(str(DONE.path)).run()
    assert not app.exception
    says_as_text(app, name)
    app.selectbox[0].set_value(1).run()
    says_as_text(app, name)
    app.switch_page(str(REGISTER.path)).run()
    assert not app.exception
    says_as_text(app)


def test_the_file_with_the_faults_marked_starts_no_formula() -> None:
    content = io.BytesIO(file(*hostile.NAMES))
    found = receiving.receive(content, "svar.csv", places.practice(), registries.load())
    marked = io.BytesIO(marking.marked(found.checked, found.name))
    cells = [
        cell
        for sheet in openpyxl.load_workbook(marked)
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert '=HYPERLINK("http://x.example","y")' in [cell.value for cell in cells]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert not [cell.hyperlink for cell in cells if cell.hyperlink and cell.hyperlink.target]


def test_an_error_s_own_words_reach_nobody() -> None:
    def broken() -> bytes:
        raise ValueError("hemligt-värde")

    with pytest.raises(RuntimeError, match="could not be made") as raised:
        frame.guarded(broken)()
    assert "hemligt" not in str(raised.value)
