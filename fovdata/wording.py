"""How numbers, intervals, dates and hidden values look in Swedish text, tables and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal

from fovdata import questionnaire as form
from fovdata.rules import RULES, Rules, Status

if TYPE_CHECKING:
    from fovdata.figures.estimates import Difference, Estimate

_LOCALE = "sv_SE"
_SPACE = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
HIDDEN = ".."

STATUS_WORDS = {Status.SHOWN: "visas", Status.CODED: "visas som gräns", Status.HIDDEN: "visas inte"}


def number(value: int) -> str:
    """1260 → "1 260"."""
    return format_decimal(value, locale=_LOCALE).replace("-", _MINUS)


def percent(value: int) -> str:
    """52 → "52 %"."""
    return f"{number(value)}{_SPACE}%"


def day(value: date) -> str:
    """A date in full: "14 februari 2023"."""
    return format_date(value, "d MMMM y", locale=_LOCALE)


def about(n: int | None) -> str:
    """A protected number of answers: "ca 85 svar"."""
    return f"ca{_SPACE}{number(n)} svar" if n is not None else f"färre än {RULES.show} svar"


def share(estimate: Estimate) -> str:
    """The share alone: "52 %", "under 25 %" or ".."."""
    if estimate.share is not None:
        return percent(estimate.share)
    if estimate.limit is not None:
        under_or_over = "under" if estimate.limit[0] == "<" else "över"
        return f"{under_or_over} {percent(int(estimate.limit[1:]))}"
    return HIDDEN


def interval(estimate: Estimate) -> str:
    """The 95 % interval of a share: "47–57 %"; empty if there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{number(estimate.low)}–{percent(estimate.high)}"


def signed(points: int) -> str:
    """A difference with its sign: "+12", "−3", "0"."""
    return f"+{number(points)}" if points > 0 else number(points)


def points(difference: Difference) -> str:
    """A difference in percentage points: "+12", or ".."."""
    return HIDDEN if difference.points is None else signed(difference.points)


def points_interval(difference: Difference) -> str:
    """The 95 % interval of a difference: "−3 till +12"; empty if there is none."""
    if difference.low is None or difference.high is None:
        return ""
    return f"{signed(difference.low)} till {signed(difference.high)}"


def why_hidden(rules: Rules) -> str:
    """The sentence that stands where a value is hidden."""
    return f"Visas inte: färre än {rules.show} svar"


def enumerated(names: Sequence[str]) -> str:
    """Names as a Swedish enumeration: "a, b och c"."""
    return " och ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def question(code: str) -> str:
    """A question's short name."""
    return form.BY_CODE[code].short
