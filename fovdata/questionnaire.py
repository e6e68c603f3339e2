"""The form FOV, "Frågor om våld", from 18 years: declared here and nowhere else.

Labels, categories, filters, checks, the synthetic demo answers and the method page follow from
this file. Wording and order are the form's own (NNS: inbjudan till samordningsförbund,
2022-02-13, with the form as its annex).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """One of the seven yes/no questions about the whole life so far."""

    number: int
    wording: str
    short: str

    @property
    def code(self) -> str:
        """The question's name in tables, files and the API: q1 … q7."""
        return f"q{self.number}"


@dataclass(frozen=True)
class Category:
    """One answer that a background field can take.

    ``label`` stands in tables and on axes, ``form`` is the form's own wording.
    """

    code: str
    label: str
    form: str


OPENING = "Med närstående menar vi partner, familjemedlem eller släkting."

QUESTIONS = (
    Question(
        1,
        "Har du blivit hotad, kontrollerad, förnedrad, trakasserad eller liknande "
        "av en närstående?",
        "Psykiskt våld",
    ),
    Question(
        2,
        "Har du blivit slagen, sparkad, knuffad eller skadad på något annat sätt av en närstående?",
        "Fysiskt våld",
    ),
    Question(
        3,
        "Har du känt press att mot din vilja delta i eller se på sexuella handlingar "
        "av en närstående?",
        "Sexuellt våld",
    ),
    Question(
        4,
        "Har du varit utsatt för verbala, psykiska och/eller fysiska sexuella kränkningar "
        "av en närstående?",
        "Sexuella kränkningar",
    ),
    Question(
        5,
        "Har du blivit utsatt för våld enligt fråga 1-4 av någon annan person än någon närstående?",
        "Våld av annan person",
    ),
    Question(
        6,
        "Har du under din uppväxt sett eller hört en närstående bli utsatt för våld "
        "enligt fråga 1-4?",
        "Bevittnat våld under uppväxten",
    ),
    Question(
        7,
        "Har du själv som vuxen utsatt någon annan för våld enligt fråga 1-4?",
        "Egen våldsutövning",
    ),
)

BY_CODE = {question.code: question for question in QUESTIONS}
WITNESSED = BY_CODE["q6"]
"""Violence witnessed while growing up (barnfridsbrott): the question set against the others."""
KINDS = QUESTIONS[:4]
"""The four kinds of violence by someone close."""

YES, NO, BLANK = "ja", "nej", "blank"
ANSWERS = (
    Category(YES, "Ja", "Ja"),
    Category(NO, "Nej", "Nej"),
    Category(BLANK, "Ej besvarad", ""),
)

GENDERS = (
    Category("kvinna", "Kvinnor", "Kvinna"),
    Category("man", "Män", "Man"),
    Category("annat", "Annat svar", "Vill inte svara/inget svarsalternativ passar"),
)
WOMEN, MEN, OTHER_GENDER = GENDERS

AGE_BANDS = tuple(
    Category(f"{low}-{high}", f"{low}–{high} år", "Ålder")
    for low, high in ((16, 24), (25, 34), (35, 44), (45, 54), (55, 64))
)
OTHER_AGE = Category("ovrig", "Övrig ålder", "Ålder")
"""Outside 16–64, the ages NNS reports: flagged, not dropped; only ever part of totals."""

AUTHORITIES = (
    Category("fk", "Försäkringskassan", "FK"),
    Category("af", "Arbetsförmedlingen", "AF"),
    Category("kommun", "Kommun", "kommun"),
    Category("region", "Region", "region"),
)
NO_AUTHORITY = Category("saknas", "Myndighet ej angiven", "")
"""A form on which no authority is ticked: only ever part of totals."""

FILL_COUNTS = (
    Category("1", "Första gången", "1 gång"),
    Category("2", "Andra gången", "2 gånger"),
    Category("3+", "Tredje gången eller fler", "3 gånger eller fler"),
)
FIRST_TIME = FILL_COUNTS[0]
"""Unique persons are the forms whose fill count is "1 gång": the basis of every table but one."""


@dataclass(frozen=True)
class Field:
    """A field of the form that is no question. ``label`` is the form's word for it.

    ``kept`` says in Swedish what is kept of what somebody writes there; empty if nothing is.
    """

    code: str
    label: str
    kept: str = ""


FIELDS = (
    Field("date", "Datum", "år och halvår"),
    Field("place", "Ort"),
    Field("gender", "Kön", "svaret"),
    Field("age", "Ålder", "åldersgruppen"),
    Field("fill_count", "Besökaren har fyllt i frågeformuläret", "svaret"),
    Field("federation", "Samordningsförbund", "förbundet"),
    Field("authority", "Myndighet", "svaret"),
    Field("activity", "Verksamhet"),
)
