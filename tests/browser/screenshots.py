"""Pictures of every page: make screenshots.

Whole pages in three widths, light and dark, go to screenshots/; the first screen of each, light,
dark and as a telephone shows it, to docs/images/.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from bench.chromium import MISSING, executable
from fovdata import registry, settings
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.presentation.story import SCENES
from fovdata.release import building

from .conftest import served

WIDTHS = (1440, 1024, 390)
HALLS = ((1920, 1080), (1280, 720))
"""Screens that the presentation is shown on."""
THEMES = ("light", "dark")
FIRST_SCREENS = {(1440, "light"): "", (1440, "dark"): "-dark", (390, "light"): "-390"}
"""Which first screens go to docs/images, and how their names end."""
SCREEN = 900
TALLEST = 9000
"""Pixels; a page is taken whole up to here."""
SETTLE = 2500
"""Milliseconds that charts and map are given to draw."""


def main() -> None:
    """Take all pictures."""
    path = executable()
    if path is None:
        sys.exit(MISSING)
    pictures = settings.ROOT / "screenshots"
    images = settings.ROOT / "docs" / "images"
    for folder in (pictures, images):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        releases, ledger = Path(made) / "releases", Path(made) / "ledger"
        building.build(settings.ROOT / "data" / "demo", releases, ledger, registry.load())
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with served(releases) as address:
            for theme in THEMES:
                for width in WIDTHS:
                    tab = browser.new_page(
                        viewport={"width": width, "height": SCREEN},
                        color_scheme=theme,  # type: ignore[arg-type]  # of two literals
                        locale="sv-SE",
                    )
                    for page in PAGES:
                        name = page.file.removesuffix(".py")
                        take(tab, f"{address}/{page.url}", pictures / f"{name}-{width}-{theme}.png")
                        if (ending := FIRST_SCREENS.get((width, theme))) is not None:
                            first_screen(tab, page, images / f"{name}{ending}.png")
                    tab.close()
                for size in HALLS:
                    scenes(browser, address, theme, size, pictures)
            shutil.copy(pictures / "scene-hundra-1280-light.png", images / "scene-hundra.png")
        browser.close()


def scenes(
    browser: Browser, address: str, theme: str, size: tuple[int, int], pictures: Path
) -> None:
    """Every scene of the presentation, at its last step."""
    tab = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme=theme,  # type: ignore[arg-type]  # of two literals
    )
    tab.goto(f"{address}/presentation?scen=1")
    for number, code in enumerate(SCENES, 1):
        tab.evaluate("number => show(number, Infinity)", number)
        tab.screenshot(path=pictures / f"scene-{code}-{size[0]}-{theme}.png")
        print(f"screenshots/scene-{code}-{size[0]}-{theme}.png")
    tab.close()


def take(tab: Tab, address: str, file: Path) -> None:
    """The whole page."""
    tab.goto(address)
    tab.get_by_role("heading", level=1).wait_for()
    tab.wait_for_timeout(SETTLE)
    height = tab.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    width = tab.evaluate("window.innerWidth")
    tab.set_viewport_size({"width": width, "height": min(height, TALLEST)})
    tab.wait_for_timeout(SETTLE)
    tab.screenshot(path=file)
    tab.set_viewport_size({"width": width, "height": SCREEN})
    print(file.relative_to(settings.ROOT))


def first_screen(tab: Tab, page: Page, file: Path) -> None:
    """What a reader sees first."""
    tab.wait_for_timeout(SETTLE)
    tab.screenshot(path=file)
    print(f"{file.relative_to(settings.ROOT)}: {page.title}")


if __name__ == "__main__":
    main()
