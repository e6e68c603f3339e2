"""Text from elsewhere, such as a name, where something reads more than letters into it.

Names come from the registry's tables and from files; they are shown as they are written, whatever
they look like to Markdown or to a spreadsheet.
"""

import csv
import io
import re
from html import escape

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
"""What is not seen, and may turn round or cut off what stands beside it."""
_INDENT = re.compile(r"^[^\S\n]+", re.MULTILINE)
_READ_ON = re.compile(r"(?<=:)(?=[^\W\d]|//|[\w+-]+:)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Within addresses on the network, of somebody's mail, and names of icons."""
_ARROW = re.compile(r"(?<!\S)([-<>~])([-=>]>?)(?!\S)")
_MEANINGFUL = re.compile(r"([\\`*\[\]<>~$|&{}#]|(?<![^\W_])_|_(?![^\W_]))")
_FIRST = re.compile(
    r"^(\d*)(?=(?<=\d)[.)](?:\s|$)|(?<!\d)(?:[-+](?:\s|$)|=(?:[=\s]|$)|-[-\s]*$))", re.MULTILINE
)
"""What makes a list, a rule across, or a heading of the line before, where it stands first."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet may take for the beginning of a formula."""


def plain(text: str) -> str:
    """Text as Markdown that says just that: no link, no picture, no emphasis, no sign.

    The only way for a name, or for words with one in them, into what Streamlit shows. What looks
    like an address, an icon or an arrow would become one in spite of a backslash: a joiner that
    nobody sees is put into it.
    """
    text = _INDENT.sub("", _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))
    text = _ARROW.sub("\\1\N{WORD JOINER}\\2", _READ_ON.sub("\N{WORD JOINER}", text))
    return _FIRST.sub(r"\1\\", _MEANINGFUL.sub(r"\\\1", text))


def in_html(text: str) -> str:
    """Text as HTML that says just that, for what Streamlit shows as HTML."""
    return escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))


def visible(text: str) -> str:
    """Text with what is not seen in it written out: a control, or a sign that turns text round.

    So a fault can be found, and nothing of it reaches a terminal but letters.
    """
    return "".join(one if one.isprintable() else f"<U+{ord(one):04X}>" for one in text)


def unmarked(markdown: str) -> str:
    """The words of Markdown: without marks, links' addresses and badges' colours."""
    return _MARKS.sub(lambda found: found[1] or found[2] or "", markdown)


_MARKS = re.compile(
    r"\\([!-/:-@\[-`{-~])|(?::[\w-]+)?\[([^]]*)\](?:\([^)]*\))?|\*\*|\N{WORD JOINER}"
)


def no_formula(text: str) -> str:
    """Text as a spreadsheet's cell, in any file that one opens: never read as a formula.

    An apostrophe before it, as spreadsheets themselves write text that looks like more. Quotation
    marks would not do: a spreadsheet takes them off, and reads the formula.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def no_formulas(table: bytes) -> bytes:
    """A CSV file of which no cell starts a formula: as it is, unless one would have."""
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    harmless = [[no_formula(cell) for cell in row] for row in rows]
    if rows == harmless:
        return table
    text = io.StringIO()
    csv.writer(text).writerows(harmless)
    return text.getvalue().encode()
