"""The HTML document that carries a page: Streamlit's own, made Swedish."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from fovdata.dashboard import bundles
from fovdata.dashboard.navigation import PAGES, SITE
from fovdata.dashboard.typefaces import FONT, STYLE

_ORIGINAL = bundles.FOLDER / "index.html"
WAY_OUT = Path(__file__).parent / "body.html"
"""What stands first on every page of the dashboard: the quick way out."""
_PLAIN = Path(__file__).parent / "plain.html"
LEAVE = Path(__file__).parent / "leave.js"
"""What the quick way out does, in every document."""
_SWEDISH = Path(__file__).parent / "swedish.js"
_NO_SCRIPT = "<noscript><p>Sidan behöver JavaScript för att visas.</p></noscript>"
_BACKEND = "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin}</script>"
"""Otherwise the browser looks for the server below the page's address first, and reports it."""


def document(title: str, first: Path, parts: Sequence[str] = ()) -> str:
    """The document of a page, in Swedish from the first byte on.

    ``first`` is the file of what stands before all else on it, ``parts`` what it is drawn with,
    for which the browser need not wait until it is told (see ``bundles.ahead``).
    """
    html = _ORIGINAL.read_text(encoding="utf-8")
    stands_first = first.read_text(encoding="utf-8").replace("{leave}", LEAVE.read_text("utf-8"))
    ahead = "".join(
        f'    <link rel="modulepreload" crossorigin href=".{one}">\n'
        for one in bundles.ahead(parts)
        if f".{one}" not in html
    )
    swedish = f"<script>{_SWEDISH.read_text(encoding='utf-8')}</script>"
    for pattern, replacement in (
        (r'<html lang="en">', '<html lang="sv">'),
        (r"<title>.*?</title>", f"<title>{title}</title>\n    {_BACKEND}\n    {swedish}"),
        (r"<noscript>.*?</noscript>", _NO_SCRIPT),
        # Fetch our typefaces ahead instead of the larger one that comes with Streamlit.
        (r'href="[^"]*SourceSans[^"]*"', f'href="{FONT}"'),
        # After those that the page starts with: they are fetched in this order.
        (r" *</head>", f"{ahead}{STYLE}\n  </head>"),
        (r'<div id="root">', f'{stands_first}\n    <div id="root">'),
    ):
        found = re.search(pattern, html, re.DOTALL)
        if not found:
            raise RuntimeError(f"This version of Streamlit has another index.html: no {pattern}")
        html = html[: found.start()] + replacement + html[found.end() :]
    return html


def headers(html: str) -> Mapping[str, str]:
    """What a document is sent with: asked for anew each time, it runs its own scripts only."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    return {"Cache-Control": "no-cache", "Content-Security-Policy": policy(scripts)}


def policy(scripts: Iterable[str] = ()) -> str:
    """What a document may load and run: of scripts those that stand in it, and this server's.

    Charts are compiled as they are drawn, which browsers call eval.
    """
    hashes = {
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts
    }
    own = "".join(f" 'sha256-{one}'" for one in sorted(hashes))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'unsafe-eval'{own}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def missing() -> str:
    """The document that answers an address which nothing here has."""
    links = "".join(f'<li><a href="/{page.url}">{page.title}</a></li>' for page in PAGES)
    words = f"<p>Adressen leder ingenstans. Gå vidare till:</p>\n    <ul>{links}</ul>"
    return plain("Sidan finns inte", words)


def unavailable(why: str) -> str:
    """The document that stands where something cannot be shown, and says why."""
    return plain("Sidan går inte att visa", f"<p>{escape(why)}</p>")


def plain(title: str, words: str) -> str:
    """A document without Streamlit; ``words`` are HTML."""
    html = _PLAIN.read_text(encoding="utf-8")
    return html.replace("{title}", title).replace("{site}", SITE).replace("{words}", words)
