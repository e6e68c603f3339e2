"""What is counted in a cell, each count under the label that its noise is drawn with.

The contract between the two sides: the release counts and protects these labels, the figures
read them. ``n`` labels count those who answered, ``y`` labels those who answered Ja.
"""

from fovdata import questionnaire as form
from fovdata.selection import DIMENSIONS, LATEST

RELEASE_FORMAT = 2
"""The format of a release; raised when an older reader can no longer read it."""

COUNTS_COLUMNS = {
    "dimensions": "VARCHAR",
    **dict.fromkeys((*DIMENSIONS, LATEST), "VARCHAR"),
    "fill_count": "VARCHAR",
    "label": "VARCHAR",
    "value": "INTEGER",
}
"""The columns of a release's table of counts, with DuckDB's names of their types."""

ALL = "n|all"
"""All respondents of a cell, blanks included."""


def answered(question: str) -> str:
    """Those who answered the question."""
    return f"n|{question}"


def yes(question: str) -> str:
    """Those who answered Ja."""
    return f"y|{question}"


def together(first: str, second: str) -> tuple[str, str]:
    """The counts of two questions: those who answered both, and those who answered Ja to both.

    Ja to the one among those who answered both is not counted: next to the single question's own
    count it would be a second draw for the same people, and the two would average out the noise.
    """
    return f"n|{first}|{second}", f"j|{first}|{second}"


SEVERAL = {f"q1-q{last}": form.QUESTIONS[:last] for last in (4, 5, 7)}
"""Sets of questions that are counted as one: Ja to at least one of them."""


def answered_all(several: str) -> str:
    """Those who answered every question of the set."""
    return f"n|{several}"


def yes_any(several: str) -> str:
    """Those of them who answered Ja to at least one."""
    return f"y|{several}|any"


KINDS_SET = "q1-q4"
KINDS_MET = tuple(range(len(form.KINDS) + 1))


def kinds(count: int) -> str:
    """Those who answered Ja to exactly ``count`` of questions 1–4."""
    return f"y|{KINDS_SET}|{count}"


SINGLE = (ALL, *(f(q.code) for q in form.QUESTIONS for f in (answered, yes)))
ASSOCIATED = tuple(q.code for q in form.QUESTIONS if q != form.WITNESSED)
ASSOCIATIONS = tuple((form.WITNESSED.code, code) for code in ASSOCIATED)
PAIRS = tuple((a.code, b.code) for i, a in enumerate(form.KINDS) for b in form.KINDS[i + 1 :])
SEVERAL_TOGETHER = (
    *(f(several) for several in SEVERAL for f in (answered_all, yes_any)),
    *(kinds(count) for count in KINDS_MET),
)
