"""A server and a browser for each test, and a watch on what every page does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright
from servers import dashboard

from bench.chromium import MISSING, executable
from fovdata import settings


@pytest.fixture(scope="package")
def server(releases: Path) -> Iterator[str]:
    """The address of a server that all tests share."""
    with served(releases) as address:
        yield address


@pytest.fixture
def cold_server(releases: Path) -> Iterator[str]:
    """The address of a server that nobody has visited."""
    with served(releases) as address:
        yield address


@contextmanager
def served(releases: Path, root: Path = settings.ROOT) -> Iterator[str]:
    """Start the dashboard, from where the program lies; its address."""
    with (
        TemporaryDirectory() as folder,
        dashboard(releases, Path(folder) / "log", root) as (host, _),
    ):
        yield f"http://{host}"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. It ends with this package: while it runs no other test can use asyncio."""
    path = executable()
    if path is None:
        pytest.fail(MISSING)
    expect.set_options(timeout=15_000)  # the machine may be busy
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        yield browser
        browser.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    """A page that asks no other machine: the provider's own would fetch its look from one."""
    context = browser.new_context(locale="sv-SE")

    def only_here(route: Route) -> None:
        here = urlsplit(route.request.url).hostname == "localhost"
        route.continue_() if here else route.abort()

    context.route("**/*", only_here)
    yield context.new_page()
    context.close()


@pytest.fixture
def foreign() -> list[str]:
    """Addresses on other hosts that the page has asked for: none, when a test ends."""
    return []


@pytest.fixture
def open_page(browser: Browser, foreign: list[str]) -> Iterator[Callable[..., Page]]:
    """Open an address in a browser profile of its own; options are Playwright's.

    When the test ends no page may have reported an error or asked another host.
    """
    contexts = []
    errors: list[str] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != "localhost":
            foreign.append(request.url)

    def opened(address: str, **options: object) -> Page:
        context = browser.new_context(**{"locale": "sv-SE", **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("request", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors
    assert not foreign
