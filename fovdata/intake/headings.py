"""What a column's heading names: a field of the form, one answer to a question, or nothing known.

Known are the form's own words, obvious short forms and the questions' wording, also when case,
punctuation or a letter differs or the end is cut off.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from types import MappingProxyType

from fovdata import questionnaire as form

STRONG, WEAK, OPTION = 2, 1, 0
"""The form's own words; a question's number with others; one of a question's answers alone."""


def key(text: str) -> str:
    """Words and numbers only, without case and accents: "Fråga 1:" → "fraga 1"."""
    return " ".join(re.findall("[a-z0-9]+", _plain(text)))


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace("\u00ad", "")).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))


@dataclass
class Headings:
    """What headings name. Each different one is looked at once, and no more than a head can have.

    A file of nothing but the questions' words would otherwise take minutes.
    """

    known: dict[str, tuple[str, int] | None] = field(default_factory=dict)
    likened: int = 0

    def claim(self, cell: str) -> tuple[str, int] | None:
        """The field that a heading names, and how surely; bare numbers aside."""
        cell = cell[:1000]
        if cell not in self.known:
            self.known[cell] = self._claim(cell)
        return self.known[cell]

    def _claim(self, cell: str) -> tuple[str, int] | None:
        # What is written after the field's name may be how to fill it in: "Kön (kvinna/man)".
        whole, short = key(cell), key(cell.partition("(")[0])
        words = whole.split()
        if len(answers := [word for word in words if word in _ANSWERS]) == 1:
            return self._option(words, answers[0])
        if numbered := _NUMBERED.match(whole):
            word, number, rest = numbered.groups()
            code = f"q{number}"
            if similar := self._question(rest):
                return (code, STRONG) if similar == code else None
            if not word or rest[:1].isdigit():
                return None
            strength = _strength(code, rest.split())
            return (code, strength) if strength else None
        for text in (whole, short, key(cell.partition(":")[0])):
            if named := _NAMES.get(text) or self._question(text):
                return named, STRONG
        return None

    def _option(self, words: Sequence[str], answer: str) -> tuple[str, int] | None:
        """The question of which a heading names one answer alone: "Fråga 1 Nej"."""
        if "om" in words[: words.index(answer)]:
            return None  # "Fråga 1, om ja: av vem?" is a question of somebody's own.
        rest = " ".join(word for word in words if word != answer)
        if (numbered := _NUMBERED.match(rest)) and (numbered[1] or len(words) == 2):
            return f"q{numbered[2]}", OPTION
        code = self._question(numbered[3] if numbered else rest)
        return (code, OPTION) if code else None

    def _question(self, said: str) -> str | None:
        """The question whose wording or short name a text is, begins, or is all but for letters.

        None if it is too short to tell, or could be two.
        """
        if len(said) < _SHORTEST:
            return None
        if begun := {code for code, text in _TEXTS if text.startswith(said)}:
            return begun.pop() if len(begun) == 1 else None
        words = set(said.split())
        likeness = dict.fromkeys(form.BY_CODE, 0.0)
        for code, text in _TEXTS:
            for whole in {text, text[: len(said)]}:
                near = 2 * min(len(said), len(whole)) >= _ALIKE * (len(said) + len(whole))
                if near and 2 * len(words & set(whole.split())) >= len(words):
                    self.likened += 1
                    if self.likened > _LIKENED:
                        return None
                    alike = SequenceMatcher(None, said, whole, autojunk=False).ratio()
                    likeness[code] = max(likeness[code], alike)
        second, best = sorted(likeness.values())[-2:]
        if best < _ALIKE or best - second < _APART:
            return None
        return max(likeness, key=likeness.__getitem__)


def _strength(code: str, rest: Sequence[str]) -> int:
    """How surely a question is meant whose number is followed by other words than all of its own.

    0 if they are another question's, or say that it is no answer.
    """
    said = [word for word in rest if word not in _HOW]
    if not said:
        return STRONG
    meant = {of for word in said for of, own in _OWN.items() if word[:_STEM] in own}
    if (meant and code not in meant) or set(said) & _NO_ANSWER:
        return 0
    return STRONG if {word[:_STEM] for word in said} <= _STEMS[code] and meant else WEAK


_ANSWERS = frozenset(("ja", "nej"))
_HOW = frozenset(
    (
        "ja",
        "nej",
        "j",
        "n",
        "eller",
        "1",
        "0",
        "x",
        "kryss",
        "kryssa",
        "ange",
        "svar",
        "skriv",
        "valj",
    )
)
"""How to answer, which says nothing of what is asked: "Fråga 2 (Ja/Nej)"."""
_NO_ANSWER = frozenset(
    ("kommentar", "kommentarer", "anteckning", "anteckningar", "fritext", "om", "vem")
)
_STEM = 4
"""So many letters of a word tell it from others: "slagen" and "slagit" do not differ."""
_NUMBERED = re.compile(r"(fragan nr|fraga nr|fragan|fraga|fr|f|q|)\s*([1-7])\b\s*(.*)")

_OTHER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "date": ("Ifyllt datum", "Datum för ifyllande", "Datum ifyllt", "Ifyllnadsdatum"),
        "place": ("Plats",),
        "gender": ("Ditt kön",),
        "age": ("Din ålder", "Ålder år", "Ålder i år", "Födelseår", "Född år"),
        "fill_count": (
            "Antal gånger",
            "Gånger",
            "Gång",
            "Vilken gång",
            "Antal ifyllda",
            "Antal gånger ifyllt",
            "Ifyllt antal gånger",
            "Besökaren har fyllt i",
            "Besökaren har fyllt i formuläret",
        ),
        "federation": ("Samordningsförbundet", "Förbund", "Förbundet", "Förbundets namn"),
        "authority": ("Myndigheten", "Myndigheter"),
        "activity": ("Insats", "Aktivitet", "Verksamhet/insats", "Insats/verksamhet"),
    }
)
"""What a field is called besides its label on the form."""
_NAMES = MappingProxyType(
    {
        key(name): field.code
        for field in form.FIELDS
        for name in (field.label, field.code, *_OTHER_NAMES[field.code])
    }
)
_TEXTS = tuple(
    (question.code, key(text))
    for question in form.QUESTIONS
    for text in (question.wording, question.short)
)
_SHORTEST, _ALIKE, _APART = 7, 0.9, 0.05
_LIKENED = 3_000
"""So many times a heading is set beside a wording; a head of the form's takes a few dozen."""
_STEMS = MappingProxyType(
    {
        code: frozenset(word[:_STEM] for of, text in _TEXTS if of == code for word in text.split())
        for code in form.BY_CODE
    }
)
"""The beginnings of a question's words."""
_OWN = MappingProxyType(
    {
        code: frozenset(
            stem
            for stem in stems
            if len(stem) == _STEM and sum(stem in others for others in _STEMS.values()) == 1
        )
        for code, stems in _STEMS.items()
    }
)
"""Those that no other question has."""
