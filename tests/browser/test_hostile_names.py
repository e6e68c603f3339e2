"""A registry with hostile names, and hostile addresses, in a real browser: text, and no more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import hostile
import pytest
from playwright.sync_api import Dialog, Page, expect

from fovdata import registry as registries
from fovdata.registry import Registry

from .conftest import served

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile.registry(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def members(folder: Path) -> Registry:
    return registries.load(folder)


@pytest.fixture(scope="module")
def address(folder: Path, releases: Path) -> Iterator[str]:
    """A server whose registry has hostile names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOV_REGISTRY", str(folder))
        with served(releases) as address:
            yield address


@pytest.fixture
def open_watched(open_page: Open) -> Iterator[Open]:
    """Open an address; when the test ends no dialog may have opened on it."""
    dialogs: list[str] = []

    def noted(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    def opened(address: str) -> Page:
        page = open_page(address)
        page.on("dialog", noted)
        return page

    yield opened
    assert not dialogs


def said(page: Page) -> str:
    """All that the page says, wherever lines are broken."""
    text = page.evaluate("document.body.innerText + document.body.textContent")
    return "".join(str(text).replace("\N{WORD JOINER}", "").split())


MORE_THAN_TEXT = """() => [
  ...document.querySelectorAll("img[src='x'], img[src*='x.example'], [onerror], iframe[srcdoc]"),
  ...document.querySelectorAll("a[href^='javascript'], a[href*='x.example'], a[href^='mailto']"),
  ...document.querySelectorAll("main blockquote, main del, main .katex"),
  ...[...document.querySelectorAll("script")].filter(one => one.textContent.includes("alert(1)")),
  ...[...document.querySelectorAll("strong, em, code, h1 h1, li > ol")]
    .filter(one => ["fet", "x", "kod", "lista"].includes(one.textContent.trim())),
].map(one => one.outerHTML)"""


def has_nothing_of_a_name(page: Page) -> None:
    """No element of the page was made by a name."""
    assert page.evaluate(MORE_THAN_TEXT) == []


def says(page: Page, *names: str) -> None:
    """The page says the names, letter for letter."""
    text = said(page)
    assert [name for name in names if "".join(name.split()) not in text] == []


def open_all(page: Page) -> None:
    """Wait until the page is drawn, and open what explains itself."""
    expect(page.get_by_test_id("stSidebar").get_by_text("Utgåva 1")).to_be_visible()
    for button in page.get_by_test_id("stPopover").get_by_role("button").all():
        button.click()
        button.click()  # three times Esc would leave the page
    for switch in page.get_by_text("Tabell och filer").all():
        switch.click()


def test_a_table_of_every_region_says_their_names(
    address: str, members: Registry, open_watched: Open
) -> None:
    page = open_watched(f"{address}/tackning")
    names = [region.name for region in members.regions]
    page.get_by_text("Tabell och filer").nth(2).wait_for()
    open_all(page)
    page.get_by_test_id("stTable").filter(has_text="rubrik").first.wait_for()
    says(page, *names)
    has_nothing_of_a_name(page)


@pytest.mark.parametrize("name", [*hostile.NAMES[:8], *hostile.NAMES[8::3]])
def test_a_federation_s_page_says_its_name(
    name: str, address: str, members: Registry, open_watched: Open
) -> None:
    (federation, *_) = (one for one in members.federations if one.name.startswith(f"{name} "))
    page = open_watched(f"{address}/forbund?federation={federation.slug}")
    expect(page.get_by_test_id("stHeading").nth(1)).to_be_visible()
    expect(page.locator(".st-key-card-precision")).to_be_visible()
    open_all(page)
    says(page, federation.name)
    heading = page.get_by_role("heading", level=2).first.inner_text()
    assert "".join(heading.replace("\N{WORD JOINER}", "").split()) == "".join(
        federation.name.split()
    )
    has_nothing_of_a_name(page)


@pytest.mark.parametrize("url", ["", "jamfor", "metod", "presentation", "lamna-in", "tackning"])
def test_the_other_pages_hold_nothing_of_a_name(
    url: str, address: str, members: Registry, open_watched: Open
) -> None:
    region = members.regions[1].code
    page = open_watched(f"{address}/{url}?region={region}&kommun={quote('<img src=x>')}")
    open_all(page)
    has_nothing_of_a_name(page)


def test_the_stage_says_a_name(address: str, members: Registry, open_watched: Open) -> None:
    federation = next(one for one in members.federations if one.name.startswith("<script>"))
    page = open_watched(f"{address}/presentation?scen=1&federation={federation.slug}")
    says(page, federation.name)
    has_nothing_of_a_name(page)


def test_what_a_mouse_finds_on_map_and_chart_is_text(address: str, open_watched: Open) -> None:
    page = open_watched(f"{address}/tackning")
    has_nothing_of_a_name(page)


def sweep(page: Page, chart: str, tip: str) -> str:
    """Move the mouse over a chart until something is said of what is there."""
    place = page.locator(chart).first
    place.scroll_into_view_if_needed()
    place.locator("canvas").first.wait_for()
    page.wait_for_timeout(1500)
    box = place.bounding_box()
    assert box
    shown = page.locator(tip)
    for down in range(8, 95, 6):
        for across in range(8, 95, 8):
            page.mouse.move(
                box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100
            )
            page.wait_for_timeout(30)
            if shown.is_visible() and shown.inner_text().strip():
                return shown.inner_text()
    pytest.fail(f"nothing is said on {chart}")


HOSTILE_ADDRESSES = (
    "tackning?region=%3Cscript%3Ealert(1)%3C/script%3E",
    "forbund?federation=%5D(javascript:alert(1))",
    "kon?region=%00&age=%E2%80%AE",
    f"kon?region={'17' * 3000}",
    f"utsatthet?{'&'.join(['region=17'] * 1500)}",
    "presentation?scener=%3Cimg%20src%3Dx%3E,fov&federation=%22%3E%3Cimg%20src=x%3E",
    "jamfor?tratten=%3Cimg%20src=x%20onerror=alert(1)%3E&ordning=**x**&hansyn=%24x%24",
    "tackning?grupp=%3Cb%3E&lager=%5Bx%5D(y)&utsnitt=..%2f..%2f&kommun=%3Cimg%20src%3Dx%3E",
)


@pytest.mark.parametrize("asked", HOSTILE_ADDRESSES, ids=range(len(HOSTILE_ADDRESSES)))
def test_an_address_does_nothing_but_be_asked(asked: str, address: str, open_watched: Open) -> None:
    page = open_watched(f"{address}/{asked}")
    expect(page.get_by_test_id("stSidebar").get_by_text("Utgåva 1")).to_be_visible()
    expect(page.get_by_text("Något gick fel")).to_have_count(0)
    has_nothing_of_a_name(page)
