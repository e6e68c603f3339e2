"""Women's and men's answers."""

from collections.abc import Sequence

from fovdata import published as nns
from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import differences, dots
from fovdata.charts.dots import Mark, Series
from fovdata.charts.exhibit import Exhibit, Table, estimates_table
from fovdata.charts.theme import Theme
from fovdata.figures.estimates import Estimate
from fovdata.figures.shares import Share, WomenAndMen
from fovdata.rules import Status

WOMEN = Series(form.WOMEN.label, "women")
MEN = Series(form.MEN.label, "men")
_SERIES = (WOMEN, MEN)
_OF_GENDER = {form.WOMEN.code: WOMEN, form.MEN.code: MEN}


def dumbbells(
    found: Sequence[WomenAndMen], theme: Theme, published: Sequence[nns.Share] = ()
) -> Exhibit:
    """Each question's share among women and men, published shares as open diamonds beside."""
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
    title = _finding(found)
    return Exhibit(
        title,
        f"{title}. " + " ".join(f"{_said(one)}." for one in found),
        dots.specification(len(found), _SERIES, theme),
        dots.data(marks, _SERIES),
        _with_published(own, published),
    )


def difference(found: Sequence[WomenAndMen], theme: Theme) -> Exhibit:
    """Women minus men in percentage points, question by question."""
    rows = [(wording.question(one.question), one.difference) for one in found]
    certain = [label for label, row in rows if row.certain]
    title = (
        "Skillnaden mellan kvinnor och män är säker för "
        + (f"{len(certain)} av {len(rows)} frågor" if len(certain) < len(rows) else "alla frågor")
        if certain
        else "Ingen säker skillnad mellan kvinnor och män i urvalet"
    )
    said = [f"{label}: {row.said} procentenheter." for label, row in rows]
    return Exhibit(
        title,
        f"{title}. Kvinnor minus män. " + " ".join(said),
        differences.specification(
            len(rows), differences.bound(rows), ("fler män", "fler kvinnor"), theme
        ),
        differences.data(rows),
        differences.table([({"Fråga": label}, row) for label, row in rows]),
    )


def by_age(found: Sequence[Share], question: str, theme: Theme) -> Exhibit:
    """One question's share by age band, women and men; whole country."""
    labels = {band.code: band.label for band in form.AGE_BANDS}
    marks = [
        Mark(labels[one.group["age"]], _OF_GENDER[one.group["gender"]].name, one.estimate)
        for one in found
        if one.question == question
    ]
    women = [m for m in marks if m.series == WOMEN.name and m.estimate.share is not None]
    name = wording.question(question)
    title = f"{name} efter ålder"
    if women:
        most = max(women, key=lambda mark: mark.estimate.share or 0)
        title = f"{name}: vanligast bland kvinnor {most.row}, {most.estimate.said}"
    return Exhibit(
        title,
        f"{title}. " + " ".join(f"{m.series} {m.row}: {m.estimate.said}." for m in marks),
        dots.specification(len(labels), _SERIES, theme),
        dots.data(marks, _SERIES),
        estimates_table([({"Ålder": m.row, "Kön": m.series}, m.estimate) for m in marks]),
    )


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
        f"{title}. " + " ".join(f"{mark.row}: {mark.estimate.said}." for mark in marks),
        dots.specification(len(marks), series, theme),
        dots.data(marks, series),
        estimates_table([({"Fråga": mark.row}, mark.estimate) for mark in marks]),
    )


def _finding(found: Sequence[WomenAndMen]) -> str:
    compared = [one for one in found if one.difference.points is not None]
    if not compared:
        return "Kvinnor och män går inte att jämföra i urvalet"
    women = sum(one.difference.certain and (one.difference.points or 0) > 0 for one in compared)
    men = sum(one.difference.certain and (one.difference.points or 0) < 0 for one in compared)
    parts = []
    if women:
        many = f"alla {women}" if women == len(found) else f"{women} av {len(found)}"
        parts.append(f"Kvinnor svarar oftare Ja än män på {many} frågor")
    if men:
        parts.append(f"{'män' if women else 'Män'} oftare på {men}")
    return ", ".join(parts) or "Ingen säker skillnad mellan kvinnor och män i urvalet"


def _said(one: WomenAndMen) -> str:
    return f"{wording.question(one.question)}: kvinnor {one.women.said}, män {one.men.said}"


def _with_published(own: Sequence[Mark], published: Sequence[nns.Share]) -> Table:
    printed: dict[tuple[str, str], dict[str, int]] = {}
    for one in published:
        key = (wording.question(one.question), _OF_GENDER[one.gender].name)
        printed.setdefault(key, {})[f"Publicerad {one.year}, %"] = one.share
    columns = sorted({column for shares in printed.values() for column in shares})
    table = estimates_table(
        [({"Fråga": mark.row, "Kön": mark.series}, mark.estimate) for mark in own]
    )
    extra = {
        column: [printed.get((m.row, m.series), {}).get(column) for m in own] for column in columns
    }
    shown = {
        column: ["" if value is None else str(value) for value in values]
        for column, values in extra.items()
    }
    return Table(table.shown.assign(**shown), table.file.assign(**extra))
