"""How numbers, intervals, dates and hidden values look in Swedish text, tables and files."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from babel.dates import format_date

from fovdata import questionnaire as form
from fovdata.rules import RULES, Rules, Status

_LOCALE = "sv_SE"
_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
HIDDEN = ".."
"""In tables and files."""
TOO_FEW = "för få svar"
"""In charts and sentences."""

_WORDS = (
    *("noll", "en", "två", "tre", "fyra", "fem", "sex"),
    *("sju", "åtta", "nio", "tio", "elva", "tolv"),
)

STATUS_WORDS = {Status.SHOWN: "visas", Status.CODED: "visas som gräns", Status.HIDDEN: "visas inte"}


def number(value: int) -> str:
    """1260 → "1 260"."""
    if 0 <= value < 1000:  # most are, and a page says thousands of them
        return str(value)
    return f"{value:,}".replace(",", _SPACE).replace("-", _MINUS)


def in_words(value: int) -> str:
    """A count in running text: "sju" up to twelve, "13" from there."""
    return _WORDS[value] if value < len(_WORDS) else number(value)


def percent(value: int) -> str:
    """52 → "52 %"."""
    return f"{number(value)}{_SPACE}%"


def day(value: date) -> str:
    """A date in full: "14 februari 2023"."""
    return format_date(value, "d MMMM y", locale=_LOCALE)


def month(value: date) -> str:
    """A date's month: "februari 2023"."""
    return format_date(value, "MMMM y", locale=_LOCALE)


def about(n: int | None, what: str = "svar") -> str:
    """A protected number of answers: "ca 85 svar"."""
    return f"ca{_SPACE}{number(n)} {what}" if n is not None else f"färre än {RULES.show} {what}"


def signed(points: int) -> str:
    """A difference with its sign: "+12", "−3", "0"."""
    return f"+{number(points)}" if points > 0 else number(points)


def years(names: Sequence[str]) -> str:
    """Years without a gap as "2019–2022", else "2019 och 2022"."""
    unbroken = all(int(later) - int(year) == 1 for year, later in pairwise(names))
    return f"{names[0]}–{names[-1]}" if unbroken and len(names) > 1 else enumerated(names)


def why_hidden(rules: Rules) -> str:
    """The sentence that stands where a value is hidden."""
    return f"Visas inte: färre än {rules.show} svar"


def enumerated(names: Sequence[str]) -> str:
    """Names as a Swedish enumeration: "a, b och c"."""
    return " och ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def alphabetical(name: str) -> str:
    """What to sort names by, for the order of the Swedish alphabet: å, ä and ö last."""
    return name.casefold().translate(str.maketrans("åäö", "{|}"))


def question(code: str) -> str:
    """A question's short name."""
    return form.BY_CODE[code].short
