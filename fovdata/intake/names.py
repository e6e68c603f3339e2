"""Names of persons: which words are given names and surnames, and which words make a name together.

Much that stands in such files sounds like a name: Nora is a town, MIA an activity, Per a word. So a
given name is sure, ambiguous, or a word first of all, and the less sure it is, the more must stand
beside it.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

_GIVEN = Path(__file__).with_name("given_names.txt")
_FAMILY = Path(__file__).with_name("surnames.txt")

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_BETWEEN = re.compile(r"[.,]?\s+|\s?[./_,;+]\s?|:\s")
"""Between the parts of a name."""
_SURELY_SURNAME = re.compile(
    r"(?:.*[qk]vist|.{2,}(?:s?son|sdotter|ström|strøm|quist|gren|dahl|stedt|löf|lööf|feldt|sköld|"
    r"ovic|evic|zadeh|oglu|ewski|owski|ewska|owska|enko|opoulos))"
)
_ALONE = re.compile(
    r".*[qk]vist|.{2,}(?:sson|sdotter|stedt|löf|lööf|ovic|evic|oglu|[eo]wsk[ia]|opoulos)"
)
"""Surnames that are nothing else, so that they need not stand beside anything."""
_MAYBE_SURNAME = re.compile(
    r".*(?:berg|lund|holm|lind|ander|ell|lin|én|ius|man|fors|sten|mark|hult|blad|wall|nder|stam)"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_SURNAMES = _words("säsong reson person horizon saison edison hudson")
_TITLES = _words("fru herr fröken handläggare handläggaren samordnare")
_INTRODUCES = _TITLES | _words(
    "av kontakt kontaktperson kontaktpersonen deltagare deltagaren klient klienten coach coachen "
    "handl namn förnamn efternamn ring ringde heter hälsningar mvh signerat besökare besökaren"
)
# "S:t" ends in a word of its own.
_SAINTS = _words("sankt sankta sant t st san santa")
_NO_NAMES = re.compile(
    r"(?:och|eller|med|för|till|från|hos|mot|vid|under|utan|samt|ung|unga|ungas?|ungdom\w*|vuxen\w*"
    r"|vuxna|kvinno\w*|man|män|mäns|barn\w*|familj\w*|vidare|framtid\w*|steg\w*|spår\w*|ett|två|tre"
    r"|väg\w*|mål\w*|nya|nytt|ny|start\w*|om|del|bas|plus|center|centrum|mini|maxi|gamla|stora|lilla"
    r"|norra|södra|västra|östra|mellersta|inre|yttre|öst|väst|syd|nord|norr|söder|väster|öster"
    r"|grön\w*|växa|våga|vilja|jobb\w*|arbets\w*|sam|samverk\w*|hälso\w*|psyk\w*|rehab\w*|coach\w*"
    r"|projekt\w*|insats\w*|team\w*|grupp\w*|individ\w*|social\w*|beroende\w*|behandling\w*|digital"
    r"|intro\w*|resurs\w*|aktiv\w*|kompetens\w*|utred\w*|kartlägg\w*|kurs\w*|remiss\w*|dag|kväll"
    r"|jan|feb|mars|mar|apr|april|maj|jun|juni|jul|juli|aug|augusti|sep|sept|okt|nov|dec|gata\w*"
    r"|.+(?:ing|ningar|ingen|het|heten|hus|huset|hem|hemmet|skola|skolan|gruppen|grupp|teamet|team"
    r"|projekt|projektet|vård|vården|stöd|stödet|arbete|rehab|hälsa|hälsan|kyrka|kyrkan|gård|gården"
    r"|program|programmet|kurs|kursen|insats|insatsen|steget|jouren|jour|kraft|ungdom|center|centrum"
    r"|centret|verkstad|verkstan|verksamhet|gatan|vägen|torget|spåret|enhet|avdelning|förening"
    r"|föreningen|förbund|förbundet|kommun|län|region|logi|terapi|tion|tionen|ism|församling|plan"
    r"|mottag\w*|församling\w*|stad|staden|torp|köping|hov|stads))"
)
"""Words of activities and places; beside an ambiguous given name they make no name."""


@dataclass(frozen=True)
class Names:
    """Sees names in texts. ``places`` are words of places' and federations' names."""

    places: frozenset[str]
    _known: dict[str, "_Word"] = field(default_factory=dict, compare=False, repr=False)

    def found(self, text: str) -> bool:
        """Whether somebody is named in a text."""
        matches = list(_WORD.finditer(text))
        words = [self._word(match[0]) for match in matches]
        if not any(word.given or word.surname or word.surely or word.only for word in words) and (
            not matches or "-" not in text
        ):
            return False
        after = text[matches[-1].end() :].strip('.,!?:;)("» ')
        alone = not (after or text[: matches[0].start()].strip('(",« '))
        if alone and len(words) <= 2 and self._lone(words):
            return True
        if words[0].given >= _AMBIGUOUS and _SAYS_AGE.match(text, matches[0].end()):
            return True
        before = ""
        for word in words:
            if self._capital(word, text) and before not in _SAINTS:
                return True
            if self._double(word):
                return True
            before = word.key
        first = words[0]
        if first.given == _SURE and _GOES_ON.match(text, matches[0].end()):
            return True
        return any(
            self._together(words[at], words[at + 1])
            for at, (one, other) in enumerate(pairwise(matches))
            if _BETWEEN.fullmatch(text, one.end(), other.start())
        )

    def likely(self, text: str) -> bool:
        """Whether a text that could not be read may be a name, so that it is better not repeated.

        Two to four words in capitals, none of them a place's, or anything with a name in it.
        """
        words = [self._word(word) for word in _WORD.findall(text)]
        if any(word.given >= _AMBIGUOUS or word.surname == _SURE for word in words):
            return True
        capitals = all(word.text[0].isupper() for word in words)
        return capitals and 2 <= len(words) <= 4 and self.places.isdisjoint(w.key for w in words)

    def _lone(self, words: list["_Word"]) -> bool:
        """A name and nothing else, but for an initial."""
        first, *rest = words
        if not rest:
            return first.given == _SURE or (
                first.key not in self.places and (first.surname == _SURE or first.only)
            )
        initials = [word for word in words if len(word.text) == 1]
        if len(initials) != 1:
            return False
        other = next(word for word in words if len(word.text) > 1)
        capitals = all(word.text[0].isupper() for word in words)
        return (
            (other is first and (other.given == _SURE or (other.given == _AMBIGUOUS and capitals)))
            or (other.surname == _SURE and other.key not in self.places)
            or self._ends(other.surely, other)
        )

    def _capital(self, word: "_Word", text: str) -> bool:
        """A sure given name in the midst of other words; an acronym is none."""
        return (
            word.given == _SURE
            and word.text[0].isupper()
            and (not word.text.isupper() or text.isupper())
            and word.key not in self.places
        )

    def _double(self, word: "_Word") -> bool:
        """anna-svensson: a given name and a surname written as one word."""
        first, dash, last = word.text.partition("-")
        return (
            dash != ""
            and "-" not in last
            and bool(first and last and self._together(self._word(first), self._word(last)))
        )

    def _together(self, one: "_Word", other: "_Word") -> bool:
        """Whether two words beside each other are somebody's name."""
        capitals = one.text[0].isupper() and other.text[0].isupper()
        # A place's name is a surname only beside what can be nothing but a given name.
        surname = other.surname and (other.key not in self.places or one.key not in self.places)
        if self._ends(other.surely, other):
            return capitals or one.given >= _AMBIGUOUS
        if one.surname == _SURE and other.surname and capitals:
            return one.key not in self.places and other.key != one.key
        if one.given and surname and (capitals or one.given >= _AMBIGUOUS):
            return True
        if one.given == _SURE and (
            capitals or other.given >= _AMBIGUOUS or self._ends(other.maybe, other)
        ):
            return True
        if one.given and capitals and self._ends(other.maybe, other):
            return not _NO_NAMES.fullmatch(other.key)
        if one.given == _AMBIGUOUS and capitals and self._stranger(one, other):
            return True
        if one.key in _INTRODUCES and (
            other.given == _SURE
            or (other.text[0].isupper() and (other.given == _AMBIGUOUS or other.surname == _SURE))
        ):
            return True
        if one.key in _TITLES and other.text[0].isupper() and other.surname:
            return True
        return self._turned(one, other, capitals)

    def _turned(self, one: "_Word", other: "_Word", capitals: bool) -> bool:
        """Surname first."""
        if other.given == _SURE:
            return self._ends(one.surely, one) or bool(one.surname)
        return (
            other.given == _AMBIGUOUS
            and one.key not in self.places
            and (self._ends(one.surely, one) or bool(one.surname and capitals))
        )

    def _stranger(self, one: "_Word", other: "_Word") -> bool:
        """Whether a word beside an ambiguous given name can be a surname that is not listed."""
        return (
            len(other.text) > 1
            and other.key not in self.places
            and (one.text.isupper() <= other.text.isupper())
            and not _NO_NAMES.fullmatch(other.key)
        )

    def _ends(self, says: bool, word: "_Word") -> bool:
        """Whether a word that ends as surnames do is one, and no place."""
        return says and word.key not in self.places

    def _word(self, text: str) -> "_Word":
        if text not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[text] = _Word.of(text)
        return self._known[text]


_SURE, _AMBIGUOUS, _FIRST_A_WORD = 3, 2, 1
_REMEMBERED = 50_000
_SAYS_AGE = re.compile(r"[,(]?\s?\(?\d\d\s?år\b")
_GOES_ON = re.compile(r"\s?[,(:;/]|\s-\s")
"""Follows a name at the beginning: "anna, 34 år", "anna (chef)"."""


@dataclass(frozen=True)
class _Word:
    """A word, and how surely it is a given name and a surname: 0 to _SURE.

    ``surely``, ``maybe`` and ``only`` say whether it ends as surnames do.
    """

    text: str
    key: str
    given: int
    surname: int
    surely: bool
    maybe: bool
    only: bool

    @classmethod
    def of(cls, text: str) -> "_Word":
        """Of a double name, as Jan-Erik, all parts must be names, and the surest one says it."""
        key, given, family = _plain(text), _given(), _family()
        parts = key.split("-")
        sure = [given.get(part, 0) for part in parts]
        ways = () if key in _NO_SURNAMES else (key, text.casefold())
        return cls(
            text,
            key,
            given.get(key, 0) or (max(sure) if all(sure) else 0),
            max(family.get(key, 0), family.get(parts[-1], 0)),
            *(
                any(pattern.fullmatch(way) for way in ways)
                for pattern in (_SURELY_SURNAME, _MAYBE_SURNAME, _ALONE)
            ),
        )


def _plain(word: str) -> str:
    """Small letters without accents: José is jose, but å, ä and ö are letters of their own."""
    word = word.casefold()
    if word.isascii():
        return word
    return "".join(
        sign if sign in "åäöøæ" else unicodedata.normalize("NFKD", sign)[0] for sign in word
    )


@cache
def _given() -> dict[str, int]:
    return _listed(_GIVEN, {"": _SURE, "ambiguous:": _AMBIGUOUS, "words:": _FIRST_A_WORD})


@cache
def _family() -> dict[str, int]:
    return _listed(_FAMILY, {"": _SURE, "together:": _FIRST_A_WORD})


def _listed(path: Path, sections: dict[str, int]) -> dict[str, int]:
    """The names in a list, and how sure those of their section are."""
    found: dict[str, int] = {}
    sure = sections[""]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line in sections:
            sure = sections[line]
        elif not line.startswith("#"):
            found |= dict.fromkeys(map(_plain, line.split()), sure)
    return found
