"""A browser that tells when the charts of a page were drawn, whatever framework draws them."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.chromium import MISSING, executable

CLOCK = (Path(__file__).parent / "clock.js").read_text(encoding="utf-8")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
)
QUIET = 400
"""Milliseconds without drawing after which a page is thought to be ready."""
PATIENCE = 30_000
"""Milliseconds after which it is not worth waiting."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, as the tests find it."""
    path = executable()
    if path is None:
        raise SystemExit(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def profile(browser: Browser) -> BrowserContext:
    """A new profile with nothing kept, whose pages have the clock."""
    context = browser.new_context(locale="sv-SE", viewport={"width": 1440, "height": 900})
    context.add_init_script(CLOCK)
    return context


def ready(page: Page, charts: int = 0) -> float:
    """Wait until so many charts are drawn and nothing more is; ms since the page was asked for."""
    page.wait_for_function(f"drawn.charts() >= {charts} && drawn.quiet({QUIET})", timeout=PATIENCE)
    return float(page.evaluate("drawn.last"))


def redrawn(page: Page, change: Callable[[], object]) -> float:
    """Milliseconds from the click or key that ends ``change`` to the last drawing after it."""
    page.evaluate("drawn.watch()")
    change()
    page.wait_for_function(f"drawn.since() && drawn.quiet({QUIET})", timeout=PATIENCE)
    return float(page.evaluate("drawn.last - drawn.asked"))
