"""The HTML document that carries a page: Streamlit's own, made Swedish, with a quick way out."""

import re
from pathlib import Path

import streamlit

from fovdata.dashboard.navigation import PAGES, SITE, Page

FONT = "/fonts/source-sans-3-5.3.0.woff2"

_ORIGINAL = Path(streamlit.__file__).parent / "static" / "index.html"
_BODY = Path(__file__).parent / "body.html"
_MISSING = Path(__file__).parent / "missing.html"
_NO_SCRIPT = "<noscript><p>Sidan behöver JavaScript för att visas.</p></noscript>"
_BACKEND = "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin}</script>"
"""Otherwise the browser looks for the server below the page's address first, and reports it."""


def document(page: Page) -> str:
    """The document of a page, in Swedish from the first byte on."""
    html = _ORIGINAL.read_text(encoding="utf-8")
    for pattern, replacement in (
        (r'<html lang="en">', '<html lang="sv">'),
        (r"<title>.*?</title>", f"<title>{page.title} · {SITE}</title>\n    {_BACKEND}"),
        (r"<noscript>.*?</noscript>", _NO_SCRIPT),
        # Fetch our font ahead instead of the larger one that comes with Streamlit.
        (r'href="[^"]*SourceSans[^"]*"', f'href="{FONT}"'),
        (r'<div id="root">', f'{_BODY.read_text(encoding="utf-8")}\n    <div id="root">'),
    ):
        html, found = re.subn(pattern, replacement, html, count=1, flags=re.DOTALL)
        if not found:
            raise RuntimeError(f"This version of Streamlit has another index.html: no {pattern}")
    return html


def missing() -> str:
    """The document that answers an address which nothing here has."""
    links = "".join(f'<li><a href="/{page.url}">{page.title}</a></li>' for page in PAGES)
    return _MISSING.read_text(encoding="utf-8").replace("{links}", links).replace("{site}", SITE)
