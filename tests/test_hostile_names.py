"""Whatever a federation, a region or a municipality is called: its name is shown, and does nothing.

Every page, every file and every call, with a registry whose names are hostile.NAMES.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import hostile
import openpyxl
import pages_under_test
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import Get, Tell
from lxml import etree, html
from pages_under_test import File, Visit, ask, visit
from test_markup import seen

from fovdata import api, geography, settings, tables, template
from fovdata import registry as registries
from fovdata.api.calls import CALLS
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.markup import in_html, no_formula, plain
from fovdata.registry import Registry, TableError

pytestmark = pytest.mark.xdist_group("hostile names")  # the last test asks what all have seen

ADDRESSES = ("no filter", "a region", "a federation over 100", "a federation under 20")
VISITS = [
    (page, address)
    for page in PAGES
    for address in ADDRESSES
    if pages_under_test.follows(page, address)
]

OUR_HTML = {"p", "mark", "a", "dl", "div", "dt", "dd", "label", "input"}
"""What the little HTML on pages is made of: small print, key figures, a closed filter."""


class Seen:
    """Which of NAMES have been seen where."""

    def __init__(self) -> None:
        self.pairs: Counter[tuple[str, str]] = Counter()

    def note(self, where: str, name: str) -> None:
        """A name was seen as text in a kind of place."""
        self.pairs[where, name.rpartition(" ")[0]] += 1

    def note_all(self, where: str, text: str, shown: Callable[[str], str] = str) -> None:
        """Note every name in a text, where it stands as ``shown`` has it, with its number."""
        for name in hostile.NAMES:
            at = text.find(shown(name))
            if at >= 0 and re.match(r" \d", text[at + len(shown(name)) :]):
                self.pairs[where, name] += 1

    @property
    def counts(self) -> Mapping[str, int]:
        """How many names have been seen, by kind of place."""
        return Counter(where for where, _ in sorted(self.pairs))


@pytest.fixture(scope="module")
def seen_names() -> Seen:
    """What the tests of this file have gone through."""
    return Seen()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile.registry(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def served(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The releases under a name of their own, for a visit is remembered by it."""
    link = tmp_path_factory.mktemp("hostile-served") / "releases"
    link.symlink_to(releases)
    return link


@pytest.fixture(autouse=True)
def members(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setenv("FOV_REGISTRY", str(folder))
    return registries.load()


def called(members: Registry) -> dict[str, str]:
    """For each of NAMES the slug of a federation that is called so."""
    found = {one.name.rpartition(" ")[0]: one.slug for one in members.federations}
    assert set(found) == set(hostile.NAMES)
    return found


def check_page(page: Visit, found: Seen) -> None:
    """No name on the page is Markdown; those that are there are noted."""
    assert not page.app.exception
    for field, text in hostile.texts(page.app):
        if field == "VegaLiteChart.spec":
            assert not hostile.within(json.loads(text))
        if field == "Html.body":
            made = html.fragments_fromstring(text)
            assert {one.tag for part in made for one in part.iter()} <= OUR_HTML
            found.note_all("page", text, in_html)
            continue
        if field in hostile.AS_TEXT:
            found.note_all("options and alternatives", text)
            continue
        assert not hostile.markup(text), f"{field}: {text}"
        found.note_all("tables" if field == "table" else "page", text, plain)


@pytest.mark.parametrize(("page", "address"), VISITS, ids=lambda one: getattr(one, "file", one))
def test_no_name_is_more_than_text_on_a_page(
    page: Page, address: str, served: Path, seen_names: Seen
) -> None:
    check_page(visit(served, page, address), seen_names)


@pytest.mark.parametrize("name", hostile.NAMES, ids=range(len(hostile.NAMES)))
def test_a_federation_s_page_and_files_say_its_name_and_do_nothing(
    name: str,
    served: Path,
    members: Registry,
    seen_names: Seen,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slug = called(members)[name]
    (page,) = (one for one in PAGES if one.url == "forbund")
    monkeypatch.setitem(pages_under_test.ADDRESSES, slug, {"federation": [slug]})
    drawn = visit(served, page, slug)
    whole = members.federation(slug).name
    check_page(drawn, seen_names)
    assert drawn.app.header[0].value == plain(whole)
    kinds = set()
    for file in drawn.files:
        assert re.fullmatch(r"[a-z0-9.-]+", file.name)
        kind = file.name.rpartition(".")[2]
        if kind == "png":
            continue  # drawn of the SVG
        said = READ[kind](file)
        if is_in(whole, said) or is_in(no_formula(whole), said):
            seen_names.note(kind, whole)
            kinds.add(kind)
    assert kinds == {"csv", "pdf", "pptx", "xlsx", "svg"}


def is_in(name: str, said: str) -> bool:
    """Whether a name stands in a text, wherever lines are broken."""
    return "".join(name.split()) in "".join(said.split())


def of_csv(file: File) -> str:
    lines = file.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter(lines)))
    assert len({len(row) for row in rows}) == 1
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if starts_formula(cell)]
    return "\n".join(cells)


def delimiter(lines: str) -> str:
    return ";" if ";" in lines.partition("\n")[0] else ","


def starts_formula(cell: str) -> bool:
    """Whether a spreadsheet would compute the cell; a number is none."""
    return cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not re.fullmatch(
        r"-?\d+([.,]\d+)?", cell
    )


def of_workbook(file: File) -> str:
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert all(link.target is None and link.location for link in links)
    return "\n".join(str(cell.value) for cell in cells if cell.value is not None)


def of_pdf(file: File) -> str:
    with pypdfium2.PdfDocument(file.content) as document:
        assert len(document) == 1
        assert not [page for page in document if pdfium.FPDFPage_GetAnnotCount(page)]
        return str(document[0].get_textpage().get_text_bounded())


def of_slides(file: File) -> str:
    said = []
    with zipfile.ZipFile(io.BytesIO(file.content)) as parts:
        for part in parts.namelist():
            if part.endswith((".xml", ".rels")):
                root = etree.fromstring(parts.read(part))
                assert not root.xpath("//*[@TargetMode='External']")
                said.append("".join(root.itertext()))
    return "\n".join(said)


def of_svg(file: File) -> str:
    root = etree.fromstring(file.content)
    kinds = {etree.QName(one).localname for one in root.iter(etree.Element)}
    assert not kinds & {"script", "image", "foreignObject", "a", "img"}
    assert not [name for one in root.iter(etree.Element) for name in one.attrib if name[:2] == "on"]
    return "".join(root.itertext())


def as_json(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)[1:-1]


def of_stage(content: str) -> str:
    root = html.fromstring(content)
    assert [one.getparent().tag for one in root.iter("script")] == ["body"]
    assert not [*root.iter("img", "iframe", "object", "embed", "base", "form")]
    assert {one.get("href") for one in root.iter("a")} == {"https://www.smhi.se/"}
    assert not [n for one in root.iter(etree.Element) for n in one.attrib if n[:2] == "on"]
    return root.text_content()


def of_html(file: File) -> str:
    return of_stage(file.content.decode())


READ = {
    "csv": of_csv,
    "xlsx": of_workbook,
    "pdf": of_pdf,
    "pptx": of_slides,
    "svg": of_svg,
    "html": of_html,
}


@pytest.mark.parametrize("name", hostile.NAMES, ids=range(len(hostile.NAMES)))
def test_the_stage_says_a_name_and_runs_nothing_of_it(
    name: str,
    served: Path,
    members: Registry,
    get: Get,
    seen_names: Seen,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(served))
    slug = called(members)[name]
    whole = members.federation(slug).name
    answer = get(f"/presentation?scen=1&federation={slug}")
    assert is_in(whole, of_stage(answer.text))
    seen_names.note("stage", whole)


@pytest.mark.parametrize("url", ["", "tackning", "jamfor", "presentation", "metod", "lamna-in"])
def test_the_files_of_the_other_pages_hold_names_as_text(
    url: str, served: Path, seen_names: Seen
) -> None:
    (page,) = (one for one in PAGES if one.url == url)
    for file in visit(served, page, "no filter").files:
        kind = file.name.rpartition(".")[2]
        if kind == "png":
            assert file.content.startswith(b"\x89PNG")
            continue
        said = READ[kind](file)
        seen_names.note_all(kind, said)


def test_the_template_chooses_among_the_names_as_they_are(members: Registry) -> None:
    content = template.workbook(members)
    said = of_workbook(File("mall", "mall.xlsx", lambda: content)).splitlines()
    assert {one.name for one in members.federations} <= set(said)


def test_the_map_s_file_holds_names_as_text(members: Registry, seen_names: Seen, get: Get) -> None:
    answer = get(geography.municipalities(members).address)
    properties = [one["properties"] for one in answer.json()["features"]]
    for region in {one["region"] for one in properties}:
        assert region in {one.name for one in members.regions}
        seen_names.note("geojson", region)
    said = " ".join(one["federations"] for one in properties)
    for federation in members.taking_part:
        assert federation.name in said
        seen_names.note("geojson", federation.name)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.path)
def test_the_api_s_answers_hold_names_as_text(
    call: Any, served: Path, members: Registry, seen_names: Seen
) -> None:
    filters = {one.name for one in call.parameters} & {"federation"}
    for slug in called(members).values() if filters else [""]:
        asked = {"federation": slug} if slug else {}
        answer = ask(served, call.path, **asked)
        assert answer.headers["content-type"] == "application/json"
        said = json.dumps(answer.json(), ensure_ascii=False)
        seen_names.note_all("api json", said, as_json)
    for output in {"csv", "json-stat"} & set(api.FORMATS) if call.path != "health" else ():
        answer = ask(served, call.path, format=output)
        assert answer.is_success
        if output == "csv":
            cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
            assert not [cell for cell in cells if starts_formula(cell)]
            seen_names.note_all("api csv", "\n".join(cells), no_formula)


def test_every_name_was_seen_on_the_page_and_in_the_map(
    seen_names: Seen, request: pytest.FixtureRequest, tell: Tell
) -> None:
    tell("hostile names", seen_names.counts)
    if len(request.session.items) < len(VISITS):
        return  # this test alone
    for where in ("page", "geojson", "pdf", "pptx", "xlsx", "svg", "csv", "stage", "api json"):
        assert {name for at, name in seen_names.pairs if at == where} == set(hostile.NAMES), where


ASKED = (
    "<script>alert(1)</script>",
    "](javascript:alert(1))",
    "../../etc/passwd",
    "\x00",
    "\u202e17",
    "17" * 3000,
    "' OR 1=1 --",
)
"""Values of an address that no code is."""


@pytest.mark.parametrize("value", ASKED, ids=range(len(ASKED)))
def test_an_unknown_value_is_refused_by_the_api_in_its_own_shape(value: str, served: Path) -> None:
    for asked in ({"region": value}, {"format": value}, {"by": value}, {value: "x"}):
        answer = ask(served, "shares", **asked)
        assert answer.status_code in (414, 422)
        assert answer.headers["content-type"] == "application/json"
        assert set(answer.json()) <= {"error", "message", "allowed"}


def test_a_value_a_thousand_times_is_refused(served: Path) -> None:
    assert ask(served, "shares", region=["17"] * 1000).status_code == 414
    assert ask(served, "shares", region=["17"] * 100).status_code == 422


@pytest.mark.parametrize("value", ASKED, ids=range(len(ASKED)))
def test_the_stage_of_an_unknown_value_repeats_nothing_of_it(
    value: str, served: Path, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOV_RELEASE", str(served))
    answer = get(f"/presentation?scen=1&federation={quote(value)}")
    assert answer.status_code == 404
    assert value not in answer.text
    chosen = get(f"/presentation?scen={quote(value)}&scener={quote(value)},fov")
    assert chosen.status_code == 200
    of_stage(chosen.text)
    assert value not in chosen.text


@pytest.mark.parametrize("what", hostile.REFUSED)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("regions", "name"),
        ("federations", "name"),
        ("municipalities", "name"),
        ("memberships", "name_in_source"),
    ],
)
def test_what_has_no_place_in_a_name_is_refused_with_file_row_and_column(
    what: str, table: str, column: str, tmp_path: Path
) -> None:
    made = hostile.registry(tmp_path)
    file = made / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    rows[3][column] = hostile.REFUSED[what]
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, [*rows[0]], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    found = registries.check(made)
    assert {(one.file, one.row, one.column) for one in found} == {(file.name, 5, column)}
    assert all(str(one).isprintable() and len(str(one)) < 300 for one in found)
    with pytest.raises(TableError):
        registries.load(made)
    assert seen(plain(str(found[0]))) == str(found[0])


def test_the_project_s_own_tables_have_no_such_text() -> None:
    assert settings.ROOT / "data" == tables.DATA
    assert not registries.check(tables.DATA / "registry")
