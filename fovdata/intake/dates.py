"""Dates as people write them, read as one day or month, or as a question back."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from fovdata import responses
from fovdata.intake.cells import Reader, Reading, plain

BIRTH_YEARS = range(1900, 2100)
"""A number among these in the column of ages is a year of birth; no date is outside them."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan januari", "feb febr februari", "mar mars", "apr april", "maj", "jun juni"),
            *("jul juli", "aug augusti", "sep sept september", "okt oktober", "nov november"),
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_DAYS = r"(?:(?:mån|tis|ons|tors|tor|fre|lör|sön)(?:dag(?:en)?)?\.?,? )?(?:den )?"
_TIME = r"(?:,?[ t](?:kl\.? ?)?\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?(?: ?z|[+-]\d\d:?\d\d)?)?"
_SEPARATOR = r"\s?[-/. ]\s?"
_DATES = tuple(
    re.compile(f"{_DAYS}{pattern}{_TIME}")
    for pattern in (
        rf"(?P<y>\d{{4}}){_SEPARATOR}(?P<m>\d{{1,2}})(?:{_SEPARATOR}(?P<d>\d{{1,2}}))?",
        r"(?P<y>20\d\d|19\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])",
        r"(?P<y>\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        rf"(?P<d>\d{{1,2}}){_SEPARATOR}(?P<m>\d{{1,2}}){_SEPARATOR}(?P<y>\d{{4}}|\d\d)",
        r"(?P<y>\d\d)-(?P<m>\d\d)-(?P<d>\d\d)",
        rf"(?P<m>\d{{1,2}}){_SEPARATOR}(?P<y>\d{{4}})",
        r"(?:(?P<d>\d{1,2})(?::?e|:?a)?[ .-]{0,2})?(?P<name>[a-z]+)[ .,-]{1,3}'?(?P<y>\d{4}|\d\d)",
        r"(?P<y>\d{4})[ -](?P<name>[a-z]+)(?:[ -](?P<d>\d{1,2}))?",
    )
)
"""Swedish ways to write a date: the day before the month, or the year first."""
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,]\d+)?")
_SERIAL_START = date(1899, 12, 30)
_FIRST_YEAR = next(column.minimum or 0 for column in responses.COLUMNS if column.name == "year")


def reader(today: date) -> Reader:
    """A reader of dates. A year of two digits is not later than next year."""
    say = "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2022-05-14."
    unreadable = Reading("", "date_unreadable", f"Datumet går inte att läsa. {say}")

    def possible(text: str) -> set[str]:
        if serial := _SERIAL.fullmatch(text):
            return {(_SERIAL_START + timedelta(int(serial[1]))).isoformat()}
        matches = (pattern.fullmatch(text) for pattern in _DATES)
        return {found for match in matches if match and (found := written(match.groupdict()))}

    def written(parts: dict[str, str | None]) -> str | None:
        typed, day = parts["y"] or "", parts.get("d")
        year = int(typed) + (2000 if len(typed) == 2 else 0)
        month = _MONTHS.get(parts.get("name") or "") or int(parts.get("m") or 0)
        try:
            found = date(year, month, int(day or 1))
        except ValueError:
            return None
        if year not in BIRTH_YEARS:
            return None
        return found.isoformat() if day else f"{found:%Y-%m}"

    def read(cell: str) -> Reading:
        text = plain(cell)
        if text in ("", "-", "?", "saknas", "okänt", "vet ej"):
            return Reading("", "date_missing", f"Datum är inte ifyllt. {say}")
        if re.fullmatch(r"(?:19|20)\d\d(?:[.,]0)?", text):
            return Reading(
                "",
                "date_unreadable",
                "Det står bara ett år. Skriv också månad, till exempel 2022-05.",
            )
        found = possible(text)
        if len(found) > 1:
            # A date can be too early or too late, but not when it can also be another.
            found = {one for one in found if _FIRST_YEAR <= int(one[:4]) <= today.year + 1} or found
        if len(found) > 1:
            return Reading("", "date_unreadable", f"Datumet kan läsas på två sätt. {say}")
        if not found:
            return unreadable
        (one,) = found
        if int(one[:4]) < _FIRST_YEAR:
            early = f"Datumet ligger före {_FIRST_YEAR}, då frågorna började ställas."
            return Reading("", "date_early", f"{early} Rätta året.")
        if one > today.isoformat():
            return Reading(one, "date_future", "Datumet ligger i framtiden. Stämmer det?")
        return Reading(one)

    return read


_NUMBERS = re.compile(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/. ]\s?(?:\d{4}|\d\d)(?!\d).*")
_MONTHS_IN_A_YEAR = 12


def month_first(texts: Iterable[str]) -> bool:
    """Whether one of the dates can only have the month before the day, as in 5/14/2022."""
    return any(
        first <= _MONTHS_IN_A_YEAR < second for first, second in map(_day_and_month, texts) if first
    )


def either_way(text: str) -> bool:
    """Whether a date would be another one with the month before the day, as 7/4/2022."""
    first, second = _day_and_month(text)
    return 0 < first <= _MONTHS_IN_A_YEAR and 0 < second <= _MONTHS_IN_A_YEAR and first != second


def _day_and_month(text: str) -> tuple[int, int]:
    """The first two numbers of a date that begins with them and ends with a year; else noughts."""
    match = _NUMBERS.fullmatch(plain(text))
    return (int(match[1]), int(match[2])) if match else (0, 0)
