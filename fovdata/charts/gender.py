"""Women's and men's answers."""

from collections.abc import Sequence

from fovdata import published as nns
from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import differences, dots
from fovdata.charts.dots import Mark, Series
from fovdata.charts.exhibit import Exhibit, Table, above, estimates_table, kept, named, said
from fovdata.charts.theme import Theme
from fovdata.figures import explanations
from fovdata.figures.estimates import Difference, Estimate
from fovdata.figures.shares import Share, WomenAndMen
from fovdata.rules import Status

WOMEN = Series(form.WOMEN.label, "women")
MEN = Series(form.MEN.label, "men")
_SERIES = (WOMEN, MEN)
_OF_GENDER = {form.WOMEN.code: WOMEN, form.MEN.code: MEN}


@kept
def dumbbells(
    found: Sequence[WomenAndMen],
    theme: Theme,
    published: Sequence[nns.Share] = (),
    selection: str = "",
) -> Exhibit:
    """Each question's share among women and men, published shares as open diamonds beside.

    ``selection`` is its short name; empty for the whole country.
    """
    own = [
        Mark(wording.question(one.question), series.name, estimate)
        for one in found
        for series, estimate in ((WOMEN, one.women), (MEN, one.men))
    ]
    printed = [
        Mark(
            wording.question(one.question),
            _OF_GENDER[one.gender].name,
            Estimate(Status.SHOWN, share=one.share),
            published=one.year,
        )
        for one in published
        if one.question in {row.question for row in found}
    ]
    marks = [*own, *printed]
    title = named(selection, _finding([one.difference for one in found]))
    return Exhibit(
        title,
        f"{title}. " + " ".join(f"{_said(one)}." for one in found),
        dots.specification(len(found), _SERIES, theme),
        dots.data(marks, _SERIES),
        _with_published(own, published),
        by_gender=True,
    )


@kept
def difference(found: Sequence[WomenAndMen], theme: Theme, selection: str = "") -> Exhibit:
    """Women minus men in percentage points, question by question."""
    rows = [(wording.question(one.question), one.difference) for one in found]
    compared = [row for _, row in rows]
    certain = differences.higher(compared) + differences.lower(compared)
    title = _uncertain(compared)
    if certain:
        some = differences.counted(certain, differences.compared(compared), len(rows))
        title = f"Skillnaden mellan kvinnor och män är säker för {some}"
    title = named(selection, title)
    said_of_rows = [
        f"{label}: {wording.TOO_FEW}."
        if row.points is None
        else f"{label}: {row.said} procentenheter."
        for label, row in rows
    ]
    return Exhibit(
        title,
        f"{title}. Kvinnor minus män. " + " ".join(said_of_rows),
        differences.specification(
            len(rows), differences.bound(rows), ("högre bland män", "högre bland kvinnor"), theme
        ),
        differences.data(rows),
        differences.table([({"Fråga": label}, row) for label, row in rows]),
        by_gender=True,
        reason=explanations.difference(),
    )


@kept
def by_age(found: Sequence[Share], question: str, theme: Theme) -> Exhibit:
    """One question's share by age band, women and men; whole country."""
    labels = {band.code: band.label for band in form.AGE_BANDS}
    marks = [
        Mark(labels[one.group["age"]], _OF_GENDER[one.group["gender"]].name, one.estimate)
        for one in found
        if one.question == question
    ]
    name = wording.question(question)
    title = f"{name} efter ålder"
    women, men = ([m.estimate for m in marks if m.series == one.name] for one in _SERIES)
    for who, than, highs, lows in (("kvinnor", "män", women, men), ("män", "kvinnor", men, women)):
        if all(above(*pair) for pair in zip(highs, lows, strict=True)):
            title = f"{name}: {who} svarar oftare Ja än {than} i alla åldrar"
    return Exhibit(
        title,
        f"{title}. " + " ".join(f"{m.series} {m.row}: {said(m.estimate)}." for m in marks),
        dots.specification(len(labels), _SERIES, theme),
        dots.data(marks, _SERIES),
        estimates_table([({"Ålder": m.row, "Kön": m.series}, m.estimate) for m in marks]),
        by_gender=True,
    )


@kept
def third_answer(found: Sequence[Share], theme: Theme) -> Exhibit:
    """Those who chose neither man nor woman; whole country only."""
    series = (Series(form.OTHER_GENDER.label, "country"),)
    marks = [
        Mark(wording.question(one.question), series[0].name, one.estimate)
        for one in found
        if one.group["gender"] == form.OTHER_GENDER.code
    ]
    title = f"”{form.OTHER_GENDER.form}”"
    return Exhibit(
        title,
        f"{title}. " + " ".join(f"{mark.row}: {said(mark.estimate)}." for mark in marks),
        dots.specification(len(marks), series, theme),
        dots.data(marks, series),
        estimates_table([({"Fråga": mark.row}, mark.estimate) for mark in marks]),
    )


_FEW = "För få svar för att jämföra kvinnor och män"


def _finding(found: Sequence[Difference]) -> str:
    women, men = differences.higher(found), differences.lower(found)
    compared = differences.compared(found)
    if women:
        and_men = f", män oftare på {wording.in_words(men)}" if men else ""
        many = differences.counted(women, compared, len(found))
        return f"Kvinnor svarar oftare Ja än män på {many}{and_men}"
    if men:
        many = differences.counted(men, compared, len(found))
        return f"Män svarar oftare Ja än kvinnor på {many}"
    return _uncertain(found)


def _uncertain(found: Sequence[Difference]) -> str:
    compared = differences.compared(found)
    if not compared:
        return _FEW
    of_some = "" if compared == len(found) else " på de frågor som går att jämföra"
    return f"Ingen säker skillnad mellan kvinnor och män{of_some}"


def _said(one: WomenAndMen) -> str:
    return f"{wording.question(one.question)}: kvinnor {said(one.women)}, män {said(one.men)}"


def _with_published(own: Sequence[Mark], published: Sequence[nns.Share]) -> Table:
    printed: dict[tuple[str, str], dict[str, int]] = {}
    for one in published:
        key = (wording.question(one.question), _OF_GENDER[one.gender].name)
        printed.setdefault(key, {})[f"Publicerad {one.year}, %"] = one.share
    columns = sorted({column for shares in printed.values() for column in shares})
    table = estimates_table(
        [({"Fråga": mark.row, "Kön": mark.series}, mark.estimate) for mark in own]
    )
    extra = [
        {column: printed.get((m.row, m.series), {}).get(column) for column in columns} for m in own
    ]
    shown = [
        {column: "" if value is None else str(value) for column, value in row.items()}
        for row in extra
    ]
    return table.beside(shown, extra)
