"""A dashboard that one signs in to, as readers meet it."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from servers import ANNA, EVA, free_port, provider, running, write_accounts, write_sign_in

from fovdata.dashboard.typefaces import FONT

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def guarded(releases: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a dashboard that one signs in to with a provider on this machine."""
    at, port = free_port(), free_port()
    accounts, sign_in = tmp_path / "konton.txt", tmp_path / "inloggning.toml"
    write_accounts(accounts, str(ANNA["email"]))
    write_sign_in(sign_in, port, at, SECRET)
    address = f"http://localhost:{port}"
    with (
        provider(at, tmp_path / "p.txt", ANNA, EVA),
        running(
            ("streamlit", "run", "app.py", "--server.port", str(port)),
            f"{address}{FONT}",
            tmp_path / "logg.txt",
            FOV_RELEASE=str(releases),
            FOV_SIGN_IN=str(sign_in),
            FOV_ACCOUNTS=str(accounts),
        ),
    ):
        yield address


def _reads_well(page: Page) -> bool:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    return not found.response["violations"]


def test_one_signs_in_sees_figures_takes_them_away_and_signs_out(
    guarded: str, visitor: Page
) -> None:
    page, heading = visitor, visitor.get_by_role("heading", level=1)
    page.goto(f"{guarded}/kon?region=17")  # a deep link, on a server that nobody has visited
    expect(heading).to_have_text("Logga in")
    assert _reads_well(page)
    page.get_by_role("link", name="Logga in").click()
    page.get_by_role("button", name="eva", exact=True).click()
    expect(heading).to_have_text("Kontot får inte komma in")
    assert _reads_well(page)

    page.get_by_role("link", name="Logga in med ett annat konto").click()
    page.get_by_role("button", name="anna", exact=True).click()
    expect(page).to_have_url(f"{guarded}/kon?region=17")
    expect(heading).to_have_text("Kön")
    expect(page.get_by_text(re.compile(r"Region Värmland, ca\s\d+ svar")).first).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    expect(page.get_by_role("link", name="Lämna sidan snabbt")).to_be_visible()
    page.get_by_text("Tabell och filer").first.click()
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile("CSV")).first.click()
    file = taken.value.url
    assert "/media/" in file
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    assert httpx.get(file, cookies=cookies).is_success
    assert httpx.get(file).status_code == 401

    # What is signed out of in one window is left in the other, at the first thing asked for there.
    other = page.context.new_page()
    other.goto(f"{guarded}/")
    expect(other.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    page.get_by_role("button", name="Logga ut").click()
    expect(heading).to_have_text("Du är utloggad")
    other.get_by_test_id("stSidebar").get_by_role("link", name="Kön").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Du är utloggad")
    assert _reads_well(page)
    assert httpx.get(file, cookies=cookies).status_code == 401
    page.go_back()
    expect(heading).to_have_text("Logga in")
    expect(page.get_by_role("link", name="Lämna sidan snabbt")).to_have_attribute(
        "href", "https://www.smhi.se/"
    )
