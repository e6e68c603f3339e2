"""Text from elsewhere says just what it says, whatever reads it."""

import re

import pytest
from hostile import NAMES, REFUSED
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from fovdata.markup import no_formula, no_formulas, plain, unmarked, visible

_COMMON = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def read(markdown: str) -> list[Token]:
    """The text as Markdown's own rules read it: blocks, then what is in the only one."""
    return _COMMON.parse(markdown)


def seen(markdown: str) -> str:
    """What a reader sees of one paragraph; fails where there is anything but text."""
    first, inline, last = read(markdown)
    assert [first.type, inline.type, last.type] == ["paragraph_open", "inline", "paragraph_close"]
    children = inline.children or []
    assert {one.type for one in children} <= {"text", "text_special", "softbreak"}
    text = "".join("\n" if one.type == "softbreak" else one.content for one in children)
    return text.replace("\N{WORD JOINER}", "")


def test_the_reading_sees_what_is_more_than_text() -> None:
    for marked in ("**fet**", "# rubrik", "[a](b)", "<b>", "&amp;", "1. lista"):
        with pytest.raises((AssertionError, ValueError)):
            assert seen(marked) == marked


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_text_to_markdown(name: str) -> None:
    assert seen(plain(name)) == name
    assert seen(f"Svar från {plain(name)}, ca 85 svar.") == f"Svar från {name}, ca 85 svar."


MARKS = st.text("ab1.) \\`*_{}[]()<>#+-=!|~$:&;^/@\"'", min_size=1, max_size=30)


@example("---")
@example("--")
@example("a\n--")
@example("- -")
@given(MARKS.map(str.strip).filter(bool))
def test_any_signs_are_text_to_markdown(text: str) -> None:
    assert seen(plain(text)) == text


@given(MARKS.map(str.strip))
def test_the_words_of_plain_text_are_the_text(text: str) -> None:
    assert unmarked(plain(text)) == text


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        # What Streamlit adds to Markdown: it looks for these past any backslash.
        (":smile:", r":\w+:"),
        (":+1:", r":\+1:"),
        (":material/home:", r":material/"),
        (":red[x]", r":red"),
        ("http://a.se", r"http://"),
        ("WWW.a.se", r"(?i)www\."),
        ("anna@a.se", r"a@a"),
        ("a -> b", r" -> "),
        ("a <- b", r" <- "),
        ("a <-> b", r" <-> | -> "),
        ("a -- b", r" -- "),
        ("a >= b", r" >= "),
        ("a ~= b", r" ~= "),
    ],
)
def test_what_is_looked_for_past_backslashes_is_broken(text: str, sign: str) -> None:
    shown = re.sub(r"\\(.)", r"\1", plain(text))
    assert not re.search(sign, shown)
    assert shown.replace("\N{WORD JOINER}", "") == text


@pytest.mark.parametrize(
    "text",
    [
        "Sollentuna - Upplands Väsby - Sigtuna",
        "Kvinnor i Region Värmland, 16–24 år, ca 85 svar · Källa: formuläret FOV.",
        "+12 (+8 till −24), kl. 10:30, 2022-05-14, .. och -5",
        "FOV_RESPONSES, mean_cell_2 och --practice",
    ],
)
def test_ordinary_words_are_left_as_they_are(text: str) -> None:
    assert plain(text) == text


def test_what_turns_text_round_is_seen() -> None:
    for what in ("text turned round", "an isolate", "a space of no width", "NUL", "an escape"):
        assert "\N{REPLACEMENT CHARACTER}" in plain(REFUSED[what])
    assert visible("Fa\u202elun\x1b[31m") == "Fa<U+202E>lun<U+001B>[31m"


def test_the_words_of_our_own_markdown_are_without_marks() -> None:
    markdown = f":gray-badge[Publicerad] **fet** [länk](/a), {plain('a*b [c](d) :x:')}"
    assert unmarked(markdown) == "Publicerad fet länk, a*b [c](d) :x:"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"])
def test_no_text_starts_a_formula(text: str) -> None:
    assert no_formula(text) == f"'{text}"


def test_a_table_is_left_as_it_is_unless_it_would_start_a_formula() -> None:
    usual = b'a,b\n1,"x, y"\n'
    assert no_formulas(usual) == usual
    assert no_formulas(b'a,b\n=1,"-x, y"\n') == b"a,b\r\n'=1,\"'-x, y\"\r\n"
