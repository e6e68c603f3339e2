"""Personal data that have no business in the file: found, pointed at, never repeated.

What is said of them is a kind, as "ett telefonnummer". A cell's text goes in and never comes out.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from fovdata.intake.cells import plain, visible
from fovdata.intake.names import Names
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

# Last four: figures, hidden ones, or the letters of a reserve number.
_LAST_FOUR = r"\d{4}|[xX*]{4}|[A-Za-zÅÄÖåäö]{1,3}\d{1,3}(?<=\w{4})|\d[A-Z]{3}|\d{3}[A-Z]"
_YEAR, _MONTH = r"(?:(?:18|19|20)\s?)?\d\d", r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"
"""Days of a month; with 60 added in a coordination number."""
_PERSONAL_NUMBER = re.compile(
    rf"""(?<!\d)(?:
        {_YEAR}[-\s./]?{_MONTH}[-\s./]?{_DAY}
        (?:\s?[-+/.:,_~=*]{{1,2}}\s?|\s(?=[\d*xX]{{4}}(?!\w)|[A-Z]{{1,2}}\d))
        (?!(?:19|20)\d\d\s?[-/.]\s?\d)(?:{_LAST_FOUR})
        | {_YEAR}{_MONTH}{_DAY}\s?[-+]\s?(?:\d\d[\s-]\d\d|\d(?:\s\d){{3}})
        | (?<!\d[.,]){_YEAR}{_MONTH}-?{_DAY}(?:\d{{4}}|[xX*]{{4}}|[A-Z]{{2}}\d\d)
    )(?!\w)(?!-\w{{4}}-)""",
    re.VERBOSE,
)
_TIMESTAMP = re.compile(
    rf"20(?:19|[2-9]\d)([-./]?){_MONTH}\1[0-3]\d[-_., ]{{0,3}}(?:[01]\d|2[0-3])[0-5]\d"
)
"""A recent day and the time of day, which no grown person's number begins with."""
_WITHOUT_NOUGHT = re.compile(rf"[1-9]{_MONTH}{_DAY}\d{{4}}(?:[.,]0+)?")
"""The number of somebody born in 2001–2009, of which a spreadsheet took the first nought."""
_SPREAD = re.compile(r"\d+(?: \d+)+")
"""Figures with spaces anywhere among them, as spreadsheets group thousands."""
_PHONE = re.compile(
    r"""(?<![\w.,])(?<!\d[-/])(?:
        (?:\+|00)\s?\d{1,3}[\s/-]*(?:\(0\))?(?:[\s/-]?\d){7,11}
        | (?:07\s?|(?:46|0046)[\s-]?(?:\(0\))?7)[02369](?:[\s/._-]{0,3}\d){7}
        | 7[02369][\s/-]{1,3}\d{3}[\s-]?\d\d[\s-]?\d\d
        | (?!\d\d\s?[-/]\s?\d\d\s(?:19|20)?\d\d\b)0[1-9]\d{0,2}\s?[-/]\s?\d{2,4}(?:\s?\d{2,3}){1,3}
        | 0[1-9]\d{0,2}\s\d{2,3}(?:\s\d{2,3}){1,2}
        | 0[1-9]\d{7,8}
        | \(0\d{1,3}\)\s?\d[\d\s]{4,9}
    )(?![\w:]|[.,]\d)""",
    re.VERBOSE,
)
_PHONE_AS_NUMBER = re.compile(r"7[02369]\d{7}(?:[.,]0+)?")
"""A mobile number of which a spreadsheet took the first nought."""
_EMAIL = re.compile(
    r"""\w@\w
    | [^\s@<>]{1,64}\s?(?:@|[(\[{]\s?(?:at|a|ät|snabel-?a)\s?[)\]}])
        \s?[^\s@]{1,255}?\s?[.,]\s?[a-zåäö]{2,}
    | [^\s@<>]{1,64}\s(?:at|snabel-?a)\s[^\s@]{1,255}?
        (?:\s?\.\s?|\s(?:punkt|dot)\s)(?:se|nu|com|net|org|eu|info|no|dk|fi)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AT = re.compile(r"@|[(\[{]\s?(?:at|a|ät|snabel)|\s(?:at|snabel-?a)\s", re.IGNORECASE)
"""Without one of these there is no address: the search for one is slow."""
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)

_HEADINGS = _words(
    "personnummer personnr pers persnr pnr personid samordningsnummer födelsenummer födelsedatum "
    "födelsedag födelsedata förnamn efternamn tilltalsnamn fullständigt initialer namnteckning "
    "underskrift signatur telefon telefonnummer telefonnr telnr tel tfn tlf mobil mobilnummer "
    "mobilnr mobiltelefon epost epostadress mail mailadress mejl mejladress email adress "
    "gatuadress bostadsadress hemadress postadress name phone c/o"
)
"""A column is for personal data if one of these is among its heading's words."""
_PERSONS = _words(
    "namn namnet deltagare deltagaren deltagarens deltagares klient klienten klientens besökare "
    "besökaren besökarens person personen personens handläggare handläggaren handläggarens "
    "kontaktperson kontaktpersonen kontaktpersonens patient patienten patientens brukare brukaren "
    "brukarens coach coachen coachens samordnare samordnaren samordnarens uppgiftslämnare"
)
_FILLERS = _words("på för och hela frivilligt frivillig valfritt valfri den som ev eventuellt vår")
"""Words beside one for a person that do not make the heading another's."""
_NAME_OF = re.compile(r"(?:deltagar|klient|besökar|handläggar|coach|patient|brukar|person)\w*namn")
_BY_WHOM = re.compile(
    r"(?:ifyllt|ifylld|registrerat|registrerad|inmatat|inmatad|skrivet|skapad|skapat|ändrad|ändrat"
    r"|uppgifterna lämnade|created|modified|entered) (?:av|by)(?: \(?(?:namn|vem)\)?)?"
)
_NOBODY = frozenset(
    (
        *("", "-", "--", "?", "anonym", "anonymous", "ej", "nej", "0", "saknas", "x", "besökaren"),
        *("deltagaren", "deltagare", "handläggare", "handläggaren", "kontaktperson", "coach"),
    )
)
"""Stands in a column for names or addresses when nobody is in it."""


def heads_personal_data(heading: str) -> bool:
    """Whether a column with this heading is for personal data, whatever stands in it."""
    words = re.findall(r"c/o|[\w-]+", plain(heading).replace("_", " ").replace(".", ""))
    joined = {word.replace("-", "") for word in words} | {"".join(words)}
    return (
        not _HEADINGS.isdisjoint(joined)
        or (not _PERSONS.isdisjoint(words) and (_PERSONS | _FILLERS).issuperset(words))
        or any(_NAME_OF.fullmatch(word) for word in joined)
        or _BY_WHOM.fullmatch(" ".join(words)) is not None
    )


def nobody(cell: str) -> bool:
    """Whether a cell in such a column says that there is nothing to say."""
    return plain(cell) in _NOBODY or cell == TAKEN_OUT


@dataclass(frozen=True)
class Watch:
    """Looks for personal data in texts. ``places`` are words that are no names by themselves."""

    places: frozenset[str]

    @cached_property
    def _names(self) -> Names:
        return Names(self.places)

    def found(self, cell: str) -> str | None:
        """What kind of personal data a cell holds, as "ett namn"; None if none is seen."""
        text = visible(cell)
        if any(sign.isdigit() for sign in text) and (number := _number(text)):
            return number
        if _AT.search(text) and _EMAIL.search(text):
            return EMAIL
        return NAME if self._names.found(text) else None

    def in_file_name(self, name: str) -> str | None:
        """The same of a file's name, in which a space may be written %20."""
        return self.found(unquote(name.rpartition(".")[0] or name))

    def likely(self, cell: str) -> bool:
        """Whether a cell that could not be read may be a name: then it is not repeated."""
        return self._names.likely(visible(cell))


def watch(registry: Registry) -> Watch:
    """A watch that knows Sweden's municipalities and regions, and the federations."""
    named = [
        *(federation.name for federation in registry.federations),
        *(municipality.name for municipality in registry.municipalities),
        *(text for region in registry.regions for text in (region.name, region.county)),
    ]
    words = {word.casefold() for name in named for word in re.findall(r"[^\W\d_]+", name)}
    return Watch(frozenset(words | {f"{word}s" for word in words}))


def _number(text: str) -> str | None:
    text = _UUID.sub(" ", text)
    if _PHONE_AS_NUMBER.fullmatch(text):
        return PHONE
    if _WITHOUT_NOUGHT.fullmatch(text):
        return NUMBER
    phone = _PHONE.search(text)
    together = "" if phone or not _SPREAD.fullmatch(text) else text.replace(" ", "")
    for match in (*_PERSONAL_NUMBER.finditer(text), *_PERSONAL_NUMBER.finditer(together)):
        if not _TIMESTAMP.fullmatch(match[0]):
            return NUMBER
    return PHONE if phone else None
