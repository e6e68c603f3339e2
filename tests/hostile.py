"""Names that look like anything but names: a registry of them, and what a page makes of them.

And what has no place in a name at all.
"""

import csv
import re
import shutil
from collections.abc import Iterator, Mapping
from itertools import count, cycle
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from fovdata import settings
from fovdata.markup import plain

NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "](javascript:alert(1))",
    "[klicka](javascript:alert(1))",
    "![bild](http://x.example/x.png)",
    "**fet** _x_ :red[x] $x^2$ :material/home:",
    ":smile: ~~s~~ `kod` -> http://x.example",
    "www.x.example a@x.example https://x.example/",
    '=HYPERLINK("http://x.example","y")',
    "+1",
    "-1",
    "@SUM(1)",
    "# rubrik",
    "1. lista",
    "> citat",
    " | a | b | ".strip(),
    "{{ 7*7 }} {% raw %}",
    '#set page(width: 1pt) #eval("1")',
    "&amp; &lt;b&gt;",
    "</w:t></svg>]]>",
    "' + datum.x + \"",
    "\\ %00 ../../etc/passwd",
    '"; filename="x.exe',
    "Å" * 90,
)
"""Each is shown as it stands, wherever names are shown."""

REFUSED = {
    "a tab": "\tFalun",
    "a line break": "Fa\nlun",
    "a carriage return": "Fa\rlun",
    "NUL": "Fa\x00lun",
    "an escape": "Fa\x1b[31mlun",
    "text turned round": "Fa\u202elun",
    "an isolate": "Fa\u2066lun",
    "a space of no width": "Fa\u200blun",
    "a joiner": "Fa\u2060lun",
    "a soft hyphen": "Fa\u00adlun",
    "a byte order mark": "Fa\ufefflun",
    "a line separator": "Fa\u2028lun",
    "a hard space": "Fa\u00a0lun",
    "a private sign": "Fa\ue000lun",
    "a space before": " Falun",
    "a space after": "Falun ",
    "300 letters": "F" * 300,
}
"""What no name may hold, by what it is."""

_NAMED: Mapping[str, tuple[str, ...]] = {
    "regions.csv": ("name", "county"),
    "federations.csv": ("name", "source"),
    "municipalities.csv": ("name",),
    "memberships.csv": ("name_in_source",),
}


def registry(folder: Path) -> Path:
    """A copy of the registry in ``folder`` whose names are those of NAMES, each with a number."""
    made = Path(shutil.copytree(settings.ROOT / "data" / "registry", folder / "registry"))
    numbers = count(1)
    for file, columns in _NAMED.items():
        with (made / file).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for row, name in zip(rows, cycle(NAMES), strict=False):
            row |= {column: f"{name} {next(numbers)}" for column in columns}
        with (made / file).open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, [*rows[0]])
            writer.writeheader()
            writer.writerows(rows)
    return made


AS_TEXT = {
    *("Selectbox.options", "Selectbox.raw_value", "MultiSelect.options", "MultiSelect.raw_values"),
    *("VegaLiteChart.alt", "VegaLiteChart.spec", "DeckGlJsonChart.alt"),
}
"""The fields of Streamlit's messages that are shown, or read, as text and never as Markdown."""


def texts(app: AppTest) -> Iterator[tuple[str, str]]:
    """Every text that was sent, by the field that it was sent in; the cells of tables too."""
    for node in (*app.main, *app.sidebar):
        if node.proto is not None and hasattr(node.proto, "ListFields"):
            yield from _fields(node.proto)
    for table in app.table:
        yield from (("table", str(head)) for head in table.value.columns)
        yield from (("table", str(cell)) for cell in table.value.to_numpy().flat)


def _fields(message: Any) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        for one in value if field.is_repeated else (value,):
            if hasattr(one, "ListFields"):
                yield from _fields(one)
            elif isinstance(one, str):
                yield f"{message.DESCRIPTOR.name}.{field.name}", one


_BLOCK = r"(?m)^\s*(?:- )?"


def markup(text: str) -> list[str]:
    """The names that stand in Markdown as they are, and so as more than text."""
    wrong = []
    for name in NAMES:
        text = text.replace(plain(name), "")
        first = plain(f"a {name}") == f"a {name}"  # it means something first in a block only
        if plain(name) != name and re.search(_BLOCK * first + re.escape(name), text):
            wrong.append(name)
    return wrong


def within(specification: Any) -> list[str]:
    """Texts with a name in them in a chart's specification, where Vega might compute them.

    A scale's domain is a list of values, and never computed.
    """
    if isinstance(specification, dict):
        parts = [part for key, part in specification.items() if key != "domain"]
        return [one for part in (*specification, *parts) for one in within(part)]
    if isinstance(specification, list):
        return [one for part in specification for one in within(part)]
    found = isinstance(specification, str) and any(f"{one} " in specification for one in _LONG)
    return [specification] if found else []


_LONG = [name for name in NAMES if len(name) > 2]
