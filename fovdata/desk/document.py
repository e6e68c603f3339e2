"""The HTML document that carries the desk: Streamlit's own, made Swedish."""

import re
from pathlib import Path

import streamlit

from fovdata.dashboard.document import FONT
from fovdata.desk.navigation import DESK, Task

_ORIGINAL = Path(streamlit.__file__).parent / "static" / "index.html"
_BODY = Path(__file__).parent / "body.html"


def document(task: Task) -> str:
    """The document of a page, in Swedish from the first byte on."""
    html = _ORIGINAL.read_text(encoding="utf-8")
    for pattern, replacement in (
        (r'<html lang="en">', '<html lang="sv">'),
        (
            r"<title>.*?</title>",
            f"<title>{task.title} · {DESK}</title>\n    "
            "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin}</script>",
        ),
        (
            r"<noscript>.*?</noscript>",
            "<noscript><p>Sidan behöver JavaScript för att visas.</p></noscript>",
        ),
        (r'href="[^"]*SourceSans[^"]*"', f'href="{FONT}"'),
        (r'<div id="root">', f'{_BODY.read_text(encoding="utf-8")}\n    <div id="root">'),
    ):
        found = re.search(pattern, html, re.DOTALL)
        if not found:
            raise RuntimeError(f"This version of Streamlit has another index.html: no {pattern}")
        html = html[: found.start()] + replacement + html[found.end() :]
    return html
