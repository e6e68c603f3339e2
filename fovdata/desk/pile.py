"""What the forms of a pile have in common: typed once, read anew at every change.

What cannot be read stays as it was typed, and stops the forms: it never counts as what stood there
before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fovdata import wording
from fovdata.desk import paper
from fovdata.desk.paper import AUTHORITY, DATE, FEDERATION, GENDER, HEAD, Box
from fovdata.intake import values
from fovdata.intake.cells import Reading
from fovdata.registry import Registry
from fovdata.selection import labels

_NAMED = 4
"""As many federations are named where several begin alike."""
_DAY_AND_MONTH = re.compile(r"\d{1,2}\s?(?:(?P<by_number>[/.])\s?\d{1,2}|[a-zåäö]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """What the forms of a pile have in common, as read from what is typed.

    ``read`` has the federation's slug, the date and the authority's letter; what cannot be read is
    in ``wrong`` with what to do, and what is empty in neither. All by the fields' codes.
    """

    read: Mapping[str, str]
    wrong: Mapping[str, str]

    @property
    def asks(self) -> str:
        """What to do before a form can be stored; empty where nothing is."""
        the = [box.the for box in HEAD if box.code in self.wrong]
        empty = [paper.name(box).lower() for box in HEAD if box.code not in self.read]
        if the:
            return f"Rätta {wording.enumerated(the)} här ovanför."
        return f"Fyll först i {wording.enumerated(empty)} här ovanför." if empty else ""

    @property
    def first(self) -> Box:
        """The field to go on in: the first that is wrong, else the first that is empty."""
        found = [box for box in HEAD if box.code in self.wrong]
        found += [box for box in HEAD if box.code not in self.read]
        return found[0] if found else GENDER

    def in_words(self, members: Registry) -> str:
        """Whose forms, of which day and half-year, met by whom; of one that is whole."""
        when, (year, month) = self.read[DATE.code], _month(self.read[DATE.code])
        half = "första" if month <= 6 else "andra"
        day = wording.day(date.fromisoformat(when)) if when.count("-") == 2 else when
        authority = paper.said(AUTHORITY, self.read[AUTHORITY.code]) or "myndighet ej angiven"
        return (
            f"{labels('federation', members)[self.read[FEDERATION.code]]}, {day} ({half} halvåret "
            f"{year}), {authority}"
        )


def _month(when: str) -> tuple[int, int]:
    year, month, *_ = when.split("-")
    return int(year), int(month)


def field(box: Box, typed: str, members: Registry, today: date) -> Reading:
    """One of the fields: what it means, or what to do about it. Nothing if it is empty."""
    if not (said := typed.strip()):
        return Reading("")
    if box is FEDERATION:
        return _federation(said, members, today)
    if box is DATE:
        return _day(said, members, today)
    if re.search(box.pattern, said):
        return Reading(said.lower())
    return Reading("", "unknown", f"{box.wrong}.")


def _federation(typed: str, members: Registry, today: date) -> Reading:
    """The federation of that name, or the only one whose name begins so."""
    read = values.readers(members, today)["federation"](typed)
    names = labels("federation", members)
    begun = [slug for slug in names if names[slug].casefold().startswith(typed.casefold())]
    if read.text or not begun:
        return read
    if len(begun) == 1:
        return Reading(begun[0])
    some = sorted(names[slug] for slug in begun)[:_NAMED]
    if more := len(begun) - len(some):
        some.append(f"{more} till")
    return Reading("", read.kind, f"Flera börjar så: {wording.enumerated(some)}. Skriv mer.")


def _day(typed: str, members: Registry, today: date) -> Reading:
    """A date that is not in the future; a day without a year is of the last twelve months."""
    read = values.readers(members, today)["date"]
    found = read(typed)
    if found.kind == "date_unreadable" and (short := _DAY_AND_MONTH.fullmatch(typed)):
        between = short["by_number"] or " "
        years = (read(f"{typed}{between}{year}") for year in (today.year, today.year - 1))
        found = next((one for one in years if one.text and one.kind != "date_future"), found)
    if found.kind == "date_future":
        return Reading("", found.kind, "Datumet ligger i framtiden. Rätta året.")
    return found
