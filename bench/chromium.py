"""Where Chromium is. As a command it succeeds if there is one: python -m bench.chromium."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "No Chromium. Install it (apt-get install chromium, or python -m playwright install chromium), "
    "or name it in FOV_CHROMIUM."
)


def executable() -> str | None:
    """FOV_CHROMIUM, else a browser on the path, else Playwright's own; None if there is none."""
    if named := os.environ.get("FOV_CHROMIUM"):
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


if __name__ == "__main__":
    sys.exit(None if executable() else MISSING)
