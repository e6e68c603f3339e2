"""Personal data that have no business in the file: found, pointed at, never repeated.

What is said of them is a kind, as "ett telefonnummer". A cell's text goes in and never comes out.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from fovdata.intake.cells import plain
from fovdata.registry import Registry


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBER, PHONE, EMAIL, NAME = (
    "ett personnummer",
    "ett telefonnummer",
    "en e-postadress",
    "ett namn",
)

TAKEN_OUT = "[personuppgift]"
"""Stands in a marked workbook where personal data were, and may be left there."""

_NAMES = Path(__file__).with_name("given_names.txt")

# Last four: figures, hidden ones, or the letters of a reserve number.
_LAST_FOUR = r"\d{4}|[xX*]{4}|[A-Za-zÅÄÖåäö]{1,3}\d{1,3}(?<=\w{4})|\d[A-Z]{3}|\d{3}[A-Z]"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
"""Days of a month; with 60 added in a coordination number."""
_PERSONAL_NUMBER = re.compile(
    rf"""(?<!\d)(?<!\d[.,])(?:
        (?:18|19|20)?\d\d(?:0[1-9]|1[0-2]){_DAY}(?:\s?[-+]\s?|\s(?=[\d*xX]{{4}}(?!\w)))(?:{_LAST_FOUR})
        | (?:18|19|20)?\d\d(?:0[1-9]|1[0-2]){_DAY}(?:\d{{4}}|[xX*]{{4}}|[A-Z]{{2}}\d\d)
        | (?:18|19|20)?\d\d[-\s./](?:0[1-9]|1[0-2])[-\s./]{_DAY}\s?[-+]\s?(?:{_LAST_FOUR})
        | (?:18|19|20)?\d\d\s(?:0[1-9]|1[0-2])\s{_DAY}\s(?:\d{{4}}|[xX*]{{4}})
    )(?!\w)""",
    re.VERBOSE,
)
_TIMESTAMP = re.compile(r"20(?:19|[2-9]\d)(?:0[1-9]|1[0-2])[0-3]\d\s?(?:[01]\d|2[0-3])[0-5]\d")
"""A recent day and the time of day, which no grown person's number begins with."""
_PHONE = re.compile(
    r"""(?<![\w.,])(?<!\d[-/])(?:
        (?:\+|00)\s?\d{1,3}[\s/-]*(?:\(0\))?(?:[\s/-]?\d){7,11}
        | 07[02369](?:[\s/.-]{0,3}\d){7}
        | (?!\d\d-\d\d\s(?:19|20)\d\d\b)0[1-9]\d{0,2}\s?-\s?\d{2,4}(?:\s?\d{2,3}){1,3}
        | 0[1-9]\d{0,2}\s\d{2,3}(?:\s\d{2,3}){1,2}
        | 0[1-9]\d{7,8}
        | \(0\d{1,3}\)\s?\d[\d\s]{4,9}
    )(?![\w:]|[.,]\d)""",
    re.VERBOSE,
)
_PHONE_AS_NUMBER = re.compile(r"7[02369]\d{7}")
"""A mobile number of which a spreadsheet took the first nought."""
_EMAIL = re.compile(
    r"[^\s@<>]{1,64}\s?(?:@|\(at\)|\[at\])\s?[^\s@]{1,255}?\.\s?[a-zåäö]{2,}", re.IGNORECASE
)
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BETWEEN = re.compile(r"[.,]?\s+")
_SURELY_SURNAME = re.compile(
    r"(?:.*[qk]vist|.{2,}(?:s?son|sdotter|ström|strøm|quist|gren|dahl|stedt|löf|lööf|feldt|sköld|"
    r"ovic|ović|evic|ević|zadeh|oglu|oğlu|ewski|owski|ewska|owska|enko|opoulos))"
)
_MAYBE_SURNAME = re.compile(
    r".*(?:berg|lund|holm|lind|ander|ell|lin|én|ius|man|fors|sten|mark|hult|blad|wall|nder|stam)"
)
_SON = re.compile(r".{2,}sson")
_NO_SURNAMES = frozenset(("säsong", "reson", "person", "horizon", "saison", "edison", "hudson"))
_INTRODUCES = _words(
    "av handläggare handläggaren kontakt kontaktperson deltagare deltagaren klient klienten "
    "coach samordnare fru herr namn förnamn"
)

_PERSONAL_HEADINGS = _words(
    "personnummer personnr pers persnr pnr personid samordningsnummer födelsenummer födelsedatum "
    "födelsedag födelsedata förnamn efternamn tilltalsnamn fullständigt initialer namnteckning "
    "underskrift signatur telefon telefonnummer telefonnr telnr tel mobil mobilnummer mobilnr "
    "mobiltelefon epost epostadress mail mailadress mejl mejladress email e-mail e-post "
    "e-postadress adress gatuadress bostadsadress hemadress postadress name phone"
)
_OF_A_PERSON = _words(
    "namn namnet deltagare deltagaren deltagarens deltagares deltagarnamn klient klienten "
    "klientens klientnamn besökare besökarens besökares person personen personens handläggare "
    "handläggaren handläggarens handläggarnamn kontaktperson kontaktpersonens patient patientens "
    "brukare brukarens för- och efternamn för hela"
)
_NOBODY = frozenset(("", "-", "--", "?", "anonym", "anonymous", "ej", "nej", "0", "saknas", "x"))
"""Stands in a column for names or addresses when nobody is in it."""


def heads_personal_data(heading: str) -> bool:
    """Whether a column with this heading is for personal data, whatever stands in it."""
    words = re.findall(r"[\w-]+", plain(heading).replace("_", " ").replace(".", ""))
    return bool(words) and (
        not _PERSONAL_HEADINGS.isdisjoint(words) or _OF_A_PERSON.issuperset(words)
    )


def nobody(cell: str) -> bool:
    """Whether a cell in such a column says that there is nothing to say."""
    return plain(cell) in _NOBODY or cell == TAKEN_OUT


@dataclass(frozen=True)
class Watch:
    """Looks for personal data in texts. ``places`` are words that are no names by themselves."""

    places: frozenset[str]

    def found(self, cell: str) -> str | None:
        """What kind of personal data a cell holds, as "ett namn"; None if none is seen."""
        text = re.sub(r"[‐‑‒–—―−]", "-", " ".join(cell.split()))
        if any(sign.isdigit() for sign in text) and (number := _number(text)):
            return number
        if _EMAIL.search(text):
            return EMAIL
        return NAME if self._name(text) else None

    def _name(self, text: str) -> bool:
        words = list(_WORD.finditer(text))
        if not words:
            return False
        alone = words[0].start() == 0 and not text[words[-1].end() :].strip(".,!? ")
        if alone and len(words) <= 2 and self._lone([word[0] for word in words]):
            return True
        return any(
            self._together(one[0], other[0])
            for one, other in pairwise(words)
            if _BETWEEN.fullmatch(text, one.end(), other.start())
            or text[one.end() : other.start()] == ": "
        )

    def _lone(self, words: list[str]) -> bool:
        """Given names and nothing else, but for an initial; or a surname by itself."""
        first, *rest = words
        if not rest:
            return _given(first) or self._surname(_SON, first)
        return _given(first) and len(rest[0]) == 1

    def _together(self, one: str, other: str) -> bool:
        """Whether two words beside each other are somebody's name."""
        given, capitals = _given(one), one[0].isupper() and other[0].isupper()
        if self._surname(_SURELY_SURNAME, other):
            return given or capitals
        if given and (_given(other) or self._surname(_MAYBE_SURNAME, other)):
            return True
        if given and capitals:
            return True
        if _in(_ambiguous(), one) and capitals and self._surname(_MAYBE_SURNAME, other):
            return True
        return _given(other) and (
            one.casefold() in _INTRODUCES or self._surname(_SURELY_SURNAME, one)
        )

    def _surname(self, pattern: re.Pattern[str], word: str) -> bool:
        word = word.casefold()
        return (
            pattern.fullmatch(word) is not None
            and word not in self.places
            and word not in _NO_SURNAMES
        )


def watch(registry: Registry) -> Watch:
    """A watch that knows Sweden's municipalities and regions, and the federations."""
    named = [
        *(federation.name for federation in registry.federations),
        *(municipality.name for municipality in registry.municipalities),
        *(text for region in registry.regions for text in (region.name, region.county)),
    ]
    words = {word.casefold() for name in named for word in _WORD.findall(name)}
    return Watch(frozenset(words | {f"{word}s" for word in words}))


def _number(text: str) -> str | None:
    text = _UUID.sub(" ", text)
    for match in _PERSONAL_NUMBER.finditer(text):
        if not _TIMESTAMP.fullmatch(match[0]):
            return NUMBER
    if _PHONE.search(text) or _PHONE_AS_NUMBER.fullmatch(text):
        return PHONE
    return None


def _in(names: frozenset[str], word: str) -> bool:
    """Whether a word, or every part of a double one as Anna-Karin, is among the names."""
    word = word.casefold()
    return word in names or ("-" in word and names.issuperset(word.split("-")))


@cache
def _names() -> tuple[frozenset[str], frozenset[str]]:
    lines = _NAMES.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if not line.startswith("#")]
    at = lines.index("ambiguous:")
    return _words(" ".join(lines[:at])), _words(" ".join(lines[at + 1 :]))


def _given(word: str) -> bool:
    """Whether it is a given name and nothing else."""
    return _in(_names()[0], word)


def _ambiguous() -> frozenset[str]:
    """Names that are also words or places."""
    return _names()[1]
