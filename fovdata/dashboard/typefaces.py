"""The typefaces that pages are written in, of which a browser fetches no more than it uses."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from fovdata.dashboard.compression import FOR_EVER

_FONTS = Path(__file__).parent / "fonts"
FONT = "/fonts/source-sans-3-5.3.0.woff2"


def _cut(name: str) -> str:
    """The address of what `make typefaces` has cut out: another one when that is made anew."""
    digest = hashlib.sha256((_FONTS / f"{name}.woff2").read_bytes()).hexdigest()[:16]
    return f"/fonts/{name}-{digest}.woff2"


_ICONS, _SIGNS = _cut("icons"), _cut("signs")
TYPEFACES: Mapping[str, Path] = {
    FONT: _FONTS / Path(FONT).name,
    _ICONS: _FONTS / "icons.woff2",
    _SIGNS: _FONTS / "signs.woff2",
}
"""By address, what pages are written in: letters, the icons that pages use, arrows and shapes."""

STYLE = f"""    <link rel="preload" href="{_ICONS}" as="font" type="font/woff2" crossorigin>
    <style>
      @font-face {{
        font-family: "Source Sans"; font-weight: 200 900; src: url("{FONT}") format("woff2");
      }}
      @font-face {{
        font-family: "Source Sans"; font-weight: 200 900; src: url("{_SIGNS}") format("woff2");
        unicode-range: U+2190-21FF, U+25A0-25FF;
      }}
      @font-face {{
        font-family: "Material Symbols Rounded"; font-weight: 400; font-display: block;
        src: url("{_ICONS}") format("woff2");
      }}
    </style>
    <script>
      // Streamlit's own of these names are twenty times as large, and fetched as soon as they are
      // known.
      for (const sheet of document.styleSheets)
        for (let at = sheet.cssRules.length; at--;)
          if (/(SourceSansVF-Upright|MaterialSymbols)/.test(sheet.cssRules[at].style?.src))
            sheet.deleteRule(at)
    </script>"""
"""Stands last in a document's head."""


async def typeface(request: Request) -> Response:
    """A file of TYPEFACES, which a browser keeps for ever."""
    return FileResponse(TYPEFACES[request.url.path], headers=FOR_EVER)
