"""One form, typed from paper: a letter for each cross; back as the form's words, to be compared.

The fields come in the order of the form. Those of the pile are the same for many forms in a row
and stay; the others are typed for each form.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.markup import plain
from fovdata.questionnaire import Category
from fovdata.registry import Registry
from fovdata.selection import labels

NOT_TICKED = "-"
"""Typed where nothing is ticked or written on the paper."""


@dataclass(frozen=True)
class Box:
    """A field to type in. ``pattern`` is what may be typed; ``wrong`` is said of all else.

    ``the`` is its name in a sentence that asks for it to be mended.
    """

    code: str
    label: str
    pattern: str
    wrong: str
    the: str = ""

    @property
    def key(self) -> str:
        """The field's name in the browser."""
        return f"paper-{self.code}"


def _letters(categories: Sequence[Category]) -> Mapping[str, str]:
    """First letter → the form's own wording."""
    return {category.code[0]: category.form for category in categories}


_GENDERS = {**_letters(form.GENDERS), NOT_TICKED: ""}
_TIMES = _letters(form.FILL_COUNTS)
_AUTHORITIES = {**_letters(form.AUTHORITIES), NOT_TICKED: ""}
_ANSWERS = {answer.form[:1].lower() or NOT_TICKED: answer.form for answer in form.ANSWERS}
_SEVEN = len(form.QUESTIONS)


def _either(letters: Mapping[str, str]) -> str:
    *others, last = letters
    return f"{', '.join(others)} eller {last}"


def _one_of(code: str, label: str, letters: Mapping[str, str], the: str = "") -> Box:
    """A field of one letter, small or capital."""
    said = _either(letters)
    return Box(code, f"{label}: {said}", f"^{_any(letters)}$", f"Skriv {said}", the)


def _any(letters: Mapping[str, str]) -> str:
    """A pattern for one of the letters, small or capital; the browser reads it too."""
    return "[" + "".join(f"{key}{key.upper()}" for key in letters if key.isalnum()) + r"\-]"


GENDER = _one_of("gender", "Kön", _GENDERS)
AGE = Box("age", "Ålder", r"^([1-9]\d|10\d|110|-)$", "Skriv åldern i år, eller -")
TIMES = Box(
    "fill_count", f"Gånger: {_either(_TIMES)}", f"^[{''.join(_TIMES)}]$", f"Skriv {_either(_TIMES)}"
)
ANSWERS = Box(
    "answers",
    f"Fråga 1–{_SEVEN}: {_either(_ANSWERS)} för varje",
    f"^{_any(_ANSWERS)}{{{_SEVEN}}}$",
    f"Skriv {wording.in_words(_SEVEN)} tecken: {_either(_ANSWERS)}",
)
BOXES = (GENDER, AGE, TIMES, ANSWERS)
"""What is typed for each form, in this order."""
FEDERATION = Box("federation", "Förbund", r"\S", "Skriv början av namnet", "förbundet")
DATE = Box("date", "Datum", r"\S", "Skriv ÅÅÅÅ-MM-DD, eller dag och månad", "datumet")
AUTHORITY = _one_of("authority", "Myndighet", _AUTHORITIES, "myndigheten")
HEAD = (FEDERATION, DATE, AUTHORITY)
"""What the forms of a pile have in common, in the order of the fields."""


_LETTERS = {GENDER: _GENDERS, AUTHORITY: _AUTHORITIES, ANSWERS: _ANSWERS}


def meanings(*boxes: Box) -> str:
    """What the letters of these fields stand for, as Markdown."""
    return " · ".join(
        f"{name(box)}: "
        + ", ".join(f"**{key}** {said or 'inte ifyllt'}" for key, said in _LETTERS[box].items())
        for box in boxes
    )


def name(box: Box) -> str:
    """A field's name, without what may be typed in it."""
    return box.label.partition(":")[0]


def said(box: Box, letter: str) -> str:
    """What a letter means in a field of letters, in the form's words; empty for a dash."""
    return _LETTERS[box][letter]


def as_written(typed: Mapping[str, str]) -> Mapping[str, str]:
    """What is typed, by field, as the form would say it, by the form's own fields.

    Federation and date pass as they are. What is not foreseen passes too, for the check to name.
    """
    answers = typed.get(ANSWERS.code, "").strip().lower()
    return {
        "date": typed["date"].strip(),
        "gender": _said(_GENDERS, typed[GENDER.code]),
        "age": typed[AGE.code].strip().replace(NOT_TICKED, ""),
        "fill_count": _said(_TIMES, typed[TIMES.code]),
        "federation": typed["federation"],
        "authority": _said(_AUTHORITIES, typed[AUTHORITY.code]),
        **{
            question.code: _said(_ANSWERS, answers[at : at + 1])
            for at, question in enumerate(form.QUESTIONS)
        },
    }


def _said(letters: Mapping[str, str], typed: str) -> str:
    letter = typed.strip().lower()
    return letters.get(letter, letter)


def faults(typed: Mapping[str, str]) -> Mapping[str, str]:
    """What cannot be read in the fields, by code. The browser says the same before it sends."""
    return {
        box.code: f"{box.wrong}."
        for box in BOXES
        if not re.search(box.pattern, typed.get(box.code, "").strip())
    }


def in_words(values: Mapping[str, str], when: date | None, members: Registry) -> str:
    """A form as Markdown, to be held against the paper; ``values`` are as from `as_written`."""
    federation = labels("federation", members).get(values["federation"], values["federation"])
    about = (
        plain(federation),
        wording.day(when) if when else values["date"],
        values["authority"] or "myndighet ej angiven",
        values["gender"] or "kön ej angivet",
        f"{values['age']} år" if values["age"] else "ålder ej angiven",
        values["fill_count"],
    )
    answers = " · ".join(
        f"{question.number} **{values[question.code] or '–'}**" for question in form.QUESTIONS
    )
    return f"{', '.join(about)}  \n{answers}"
