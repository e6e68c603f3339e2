"""One anonymised answer: its columns, types and categories.

This is all that is kept of a form. No place, no activity, no free text, no exact date or age:
what is not kept cannot leak. A batch is one immutable Parquet file of such rows.
"""

from dataclasses import dataclass

from fovdata import questionnaire as form

SYNTHETIC, REAL = "synthetic", "real"


@dataclass(frozen=True)
class Column:
    """A column of a batch; every value is required.

    ``type`` is DuckDB's name of the type. ``values`` closes the set of text values;
    ``minimum`` and ``maximum`` bound whole numbers; ``pattern`` must match the whole text.
    """

    name: str
    type: str
    description: str
    values: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    unique: bool = False


def _codes(categories: tuple[form.Category, ...]) -> tuple[str, ...]:
    return tuple(category.code for category in categories)


COLUMNS = (
    Column(
        "response_id",
        "VARCHAR",
        "Says nothing about the person; the same when the same form is read in again",
        pattern="[0-9a-f]{32}",
        unique=True,
    ),
    Column("data", "VARCHAR", "Synthetic or real answers", (SYNTHETIC, REAL)),
    Column("year", "SMALLINT", "Year of the form", minimum=2019, maximum=2100),
    Column("half_year", "TINYINT", "Half-year of the form", minimum=1, maximum=2),
    Column("federation", "VARCHAR", "Slug of a federation in the registry", pattern="[a-z0-9-]+"),
    Column("gender", "VARCHAR", "Gender as answered", _codes(form.GENDERS)),
    Column(
        "age_band",
        "VARCHAR",
        "Age in ten-year bands; outside 16–64 'ovrig'",
        _codes((*form.AGE_BANDS, form.OTHER_AGE)),
    ),
    Column(
        "authority",
        "VARCHAR",
        "The authority met; 'saknas' if none is ticked",
        _codes((*form.AUTHORITIES, form.NO_AUTHORITY)),
    ),
    Column("fill_count", "VARCHAR", "How many times filled in", _codes(form.FILL_COUNTS)),
    *(
        Column(question.code, "VARCHAR", question.short, _codes(form.ANSWERS))
        for question in form.QUESTIONS
    ),
)
