"""The scripts and styles that come with Streamlit: which there are, and which a page needs."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import streamlit

FOLDER = Path(streamlit.__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css"}
BUNDLES: Mapping[str, Path] = {
    f"/{file.relative_to(FOLDER).as_posix()}": file
    for file in (FOLDER / "static").rglob("*")
    if file.suffix in TYPES
}
"""By address. The names hold a hash of the content, so that a browser keeps them for ever."""

_IMPORT = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
"""What a script cannot run without; what it may ask for later is written ``import(…)``."""


def ahead(parts: Sequence[str]) -> Sequence[str]:
    """Addresses of the scripts that Streamlit draws these parts of a page with.

    A browser finds out one by one, as the page is drawn, unless it is told ahead. ``parts`` are
    named as Streamlit names its scripts, such as "Table"; one that it no longer has is left out,
    for then nothing is lost but time.
    """
    found: dict[str, None] = {}
    for part in parts:
        for address in BUNDLES:
            if re.fullmatch(rf"/static/js/{part}\.[\w-]+\.js", address):
                found |= dict.fromkeys(_with_imports(address))
    return [*found]


def _with_imports(address: str) -> Iterator[str]:
    """A script, and all that it cannot run without."""
    seen, waiting = set(), [address]
    while waiting:
        if (one := waiting.pop()) not in seen:
            seen.add(one)
            yield one
            waiting += _imports(one)


@cache
def _imports(address: str) -> Sequence[str]:
    text = BUNDLES[address].read_text(encoding="utf-8")
    named = (f"/static/js/{name}" for name in _IMPORT.findall(text))
    return [one for one in named if one in BUNDLES]
