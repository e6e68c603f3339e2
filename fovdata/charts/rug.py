"""A rug of all federations and questions: colour only where a difference is more than chance.

A federation's name stands to the left of its cells, or above them where the screen is narrow: one
chart whose height and places follow its width.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from textwrap import wrap
from typing import Any

import altair as alt

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.comparison import DETECTION, WORDS, difference_in_words
from fovdata.charts.exhibit import Exhibit, Rows, Table, Withheld, estimates_table, kept, said
from fovdata.charts.funnel import counted
from fovdata.charts.theme import Theme
from fovdata.figures import comparisons
from fovdata.figures.comparisons import Beside, Comparison, Verdict
from fovdata.figures.shares import Answers
from fovdata.registry import Registry
from fovdata.rules import Status
from fovdata.selection import labels


class Order(StrEnum):
    """In which order the federations stand: by what it is called."""

    NAME = "Namn"
    REGION = "Region"
    ANSWERS = "Antal svar"


_WIDE, _NAMED = 830, 500
"""From how many pixels names stand left of the cells, and questions above them by name."""
_NAMES = 322
"""Pixels of a federation's name and number of answers, where they stand left of the cells."""
_ANSWERS = 98
"""Pixels of the number of answers, which a longer name than any of today's must not cover."""
_TEN = 10
"""So many federations stand together; then the questions' numbers are repeated."""
_FIRST, _HEAD, _AGAIN = 0.65, 0.9, 0.75
"""Rows of the first region's name, of the others', and of the questions' numbers repeated."""
_ROW, _TALL_ROW = 28, 44
"""Pixels of a row: with the name left of the cells, and above them."""
_NAMED_HEAD, _KEY_LINE, _NUMBERS = 64, 18, 34
"""Pixels of the questions' names above the cells, or of a line for each, and of their numbers."""


_OPAQUE = 0.92
"""How much of a certain difference's colour is seen."""


@dataclass(frozen=True)
class _Federation:
    """A federation's row: its name, region and rounded number of answers, and its cells."""

    name: str
    region: str
    n: int | None
    cells: Sequence[Comparison]


@kept
def exhibit(
    found: Sequence[Comparison],
    sizes: Sequence[Answers],
    order: Order,
    registry: Registry,
    theme: Theme,
    adjusted: bool = False,
) -> Exhibit:
    """All federations × questions. ``sizes`` are the federations' numbers of answers.

    ``adjusted`` says that the shares are standardised to the country's women and men.
    """
    sections = _sections(found, sizes, order, registry)
    federations = [one for _, those in sections for one in those]
    drawn, rows = _data(sections)
    if all(one.own.status is Status.HIDDEN for one in found):
        drawn = [row for row in drawn if row["kind"] in ("label", "hidden")]
    title = _finding(federations)
    if adjusted:
        title = f"Med hänsyn till kön: {title[0].lower()}{title[1:]}"
    told = " ".join(f"{one.name}: {_told(one)}." for one in federations)
    return Exhibit(
        title,
        f"{title}. {told} Alla andelar och skillnader står i tabellen.",
        specification(rows, theme),
        exhibits.drawn(drawn, _COLUMNS, ("share", "y")),
        _table(federations),
        by_gender=adjusted,
        reason=_ADJUSTED_REASON if adjusted else "",
        alone=True,
    )


_ADJUSTED_REASON = "Visas inte: både kvinnors och mäns andel måste visas"


def note(found: Sequence[Comparison], adjusted: bool = False) -> str:
    """How the rug is to be read, and what is compared."""
    wrong = wording.percent(round(100 * comparisons.FALSE_DISCOVERIES))
    parts = [
        "Talet är andelen Ja i procent. Färg står bara där skillnaden mot övriga landet håller när "
        f"alla förbund och frågor prövas på en gång: högst {wrong} av de färgade rutorna väntas "
        "bero på slumpen."
    ]
    if any(one.own.share is not None and one.verdict is None for one in found):
        parts.append("Ett tal i ram prövas inte, för där väntas för få Ja eller Nej.")
    if any(one.own.limit for one in found):
        parts.append("”<” eller ”>”: bara en gräns visas.")
    if adjusted:
        compared = {one.federation for one in found if one.own.share is not None}
        asked = {one.federation for one in found}
        parts.append(
            "Hänsyn till kön: kvinnors och mäns andelar i varje förbund vägs ihop efter hur "
            "könen fördelar sig i hela landet (direkt standardisering). Det kräver att båda "
            f"andelarna visas; {counted(len(compared))} av "
            f"{counted(len(asked))} förbund når dit på minst en fråga."
        )
    parts.append(DETECTION)
    return " ".join(parts)


def _sections(
    found: Sequence[Comparison], sizes: Sequence[Answers], order: Order, registry: Registry
) -> Sequence[tuple[str, Sequence[_Federation]]]:
    """The federations in order, in sections with a heading, if any.

    By nothing but names and rounded numbers, so that an order does not tell what is hidden.
    """
    names, regions = labels("federation", registry), labels("region", registry)
    n = {one.group["federation"]: one.n for one in sizes}
    cells: dict[str, list[Comparison]] = {}
    for cell in found:
        cells.setdefault(cell.federation, []).append(cell)
    federations = sorted(
        (
            _Federation(
                names.get(slug, slug),
                regions[registry.federation(slug).region],
                n.get(slug),
                those,
            )
            for slug, those in cells.items()
        ),
        key=lambda one: wording.alphabetical(one.name),
    )
    if order is Order.REGION:
        of_region: dict[str, list[_Federation]] = {}
        for one in federations:
            of_region.setdefault(one.region, []).append(one)
        return [(name, of_region[name]) for name in regions.values() if name in of_region]
    if order is Order.ANSWERS:
        federations.sort(key=lambda one: -(one.n or 0))
    return [("", federations[i : i + _TEN]) for i in range(0, len(federations), _TEN)]


def _finding(federations: Sequence[_Federation]) -> str:
    tried = [one for one in federations if any(cell.verdict for cell in one.cells)]
    apart = sum(bool([*_certain(one)]) for one in tried)
    if not tried:
        return "För få svar för att jämföra förbund"
    if not apart:
        return "Inget förbund skiljer sig säkert från övriga landet"
    some = counted(apart)
    return (
        f"{some[0].upper()}{some[1:]} av {counted(len(tried))} förbund skiljer sig säkert "
        "från övriga landet på minst en fråga"
    )


def _told(federation: _Federation) -> str:
    """What may be said of a federation's differences, as a text alternative says it."""
    if certain := [*_certain(federation)]:
        return "; ".join(certain)
    if any(one.verdict for one in federation.cells):
        return WORDS[Verdict.NO_CERTAIN_DIFFERENCE]
    seen = any(one.own.status is not Status.HIDDEN for one in federation.cells)
    return WORDS[None] if seen else wording.TOO_FEW


def _certain(federation: _Federation) -> Iterator[str]:
    """What is higher or lower: "psykiskt våld 59 %, högre än övriga landet: +16 (…)"."""
    for one in federation.cells:
        if one.verdict in (Verdict.HIGHER, Verdict.LOWER):
            question = wording.question(one.question).lower()
            yield f"{question} {said(one.own)}, {difference_in_words(one)}"


_COLUMNS = ("kind", "y", "question", "text", "lines", "answers", "share", "verdict", "tip")


def _data(sections: Sequence[tuple[str, Sequence[_Federation]]]) -> tuple[Rows, float]:
    """The drawn rows, and how many rows high they are."""
    drawn: list[Mapping[str, Any]] = [
        {
            "kind": "question",
            "y": question.number,
            "question": question.short,
            "text": f"{question.number}  {question.short}",
            "lines": "\n".join(wrap(question.short, len("våldsutövning"))),
        }
        for question in form.QUESTIONS
    ]
    drawn += _numbers(0)
    y, since = 0.0, 0
    for heading, federations in sections:
        if heading:
            y += _HEAD if y else _FIRST
            drawn.append({"kind": "head", "y": y, "text": heading})
        if since >= _TEN:
            y += _AGAIN
            drawn += _numbers(y)
            since = 0
        for one in federations:
            drawn.append(
                {"kind": "label", "y": y, "text": one.name, "answers": wording.about(one.n)}
            )
            drawn += [_cell(cell, one.name, y) for cell in one.cells]
            y += 1
            since += 1
    return drawn, round(y, 1)


def _numbers(y: float) -> Iterator[Mapping[str, Any]]:
    for question in form.QUESTIONS:
        yield {"kind": "number", "y": y, "question": question.short, "text": str(question.number)}


def _cell(one: Comparison, name: str, y: float) -> Mapping[str, Any]:
    place = {"y": y, "question": wording.question(one.question)}
    if one.own.status is Status.HIDDEN:
        return {**place, "kind": "hidden", "text": wording.HIDDEN}
    if one.own.limit is not None:
        return {**place, "kind": "coded", "text": one.own.limit}
    apart = f"; {difference_in_words(one)}" if one.difference.points is not None else ""
    return {
        **place,
        "kind": "share",
        "share": one.own.share,
        "verdict": WORDS[one.verdict],
        "tip": f"{name}, {wording.question(one.question).lower()}: {one.own.said} "
        f"({one.own.interval}), {wording.about(one.own.n)}{apart}",
    }


@lru_cache(maxsize=32)
def specification(rows: float, theme: Theme) -> Mapping[str, Any]:
    """The chart for a number of rows, whatever their order."""
    wide, named = f"width >= {_WIDE}", f"width >= {_NAMED}"
    row = f"({wide} ? {_ROW} : {_TALL_ROW})"
    head = f"({named} ? {_NAMED_HEAD} : {_KEY_LINE * len(form.QUESTIONS) + _NUMBERS})"
    x = alt.X(
        "question:N",
        sort=None,
        scale=alt.Scale(
            domain=[question.short for question in form.QUESTIONS],
            range=[alt.ExprRef(f"{wide} ? {_NAMES} : 0"), alt.ExprRef("width")],
            paddingInner=0.06,
            paddingOuter=0,
        ),
        axis=None,
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(
            domain=[0, rows],
            range=[alt.ExprRef(head), alt.ExprRef("height")],
            nice=False,
        ),
        axis=None,
    )
    # Where a federation's cells are within its row: below its name, or beside it.
    middle, high = f"{wide} ? {_ROW / 2} : 31", f"{wide} ? {_ROW - 4} : 22"
    certain = [WORDS[Verdict.HIGHER], WORDS[Verdict.LOWER]]
    neither, untried = WORDS[Verdict.NO_CERTAIN_DIFFERENCE], WORDS[None]
    is_certain = " || ".join(f"datum.verdict === '{one}'" for one in certain)
    base = alt.Chart().encode(y=y)

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    def text(layer: alt.Chart, **mark: Any) -> alt.Chart:
        return layer.mark_text(yOffset=alt.ExprRef(middle), **mark).encode(x=x, text="share:Q")

    def rect(layer: alt.Chart, **mark: Any) -> alt.Chart:
        return layer.mark_rect(
            cornerRadius=2, yOffset=alt.ExprRef(middle), height=alt.ExprRef(high), **mark
        ).encode(x=x)

    def arrow(verdict: str, shape: str) -> alt.Chart:
        return (
            only("share")
            .transform_filter(f"datum.verdict === '{verdict}'")
            .mark_point(
                shape=shape,
                size=42,
                filled=True,
                opacity=1,
                color=theme.surface,
                xOffset=-12,
                yOffset=alt.ExprRef(middle),
            )
            .encode(x=x)
        )

    shares = only("share")
    withheld = base.transform_filter("datum.kind === 'hidden' || datum.kind === 'coded'")
    questions = alt.Chart().transform_filter("datum.kind === 'question'")
    layers = alt.layer(
        questions.mark_text(
            align="left",
            y=alt.ExprRef(f"(datum.y - 0.5) * {_KEY_LINE}"),
            fontSize=alt.ExprRef(f"{named} ? 0 : 13"),
        ).encode(x=alt.value(0), text="text:N"),
        questions.mark_text(
            baseline="bottom",
            # Vega places a text by its first line.
            y=alt.ExprRef(f"{head} - 20 - 14 * (length(split(datum.lines, '\\n')) - 1)"),
            # Of no size on a phone: what is only transparent still takes room.
            fontSize=alt.ExprRef(f"{named} ? 12 : 0"),
            lineBreak="\n",
            lineHeight=14,
        ).encode(x=x, text="lines:N"),
        only("number")
        .mark_text(baseline="bottom", yOffset=-2, color=theme.muted, fontSize=12)
        .encode(x=x, text="text:N"),
        only("head")
        .transform_filter(f"datum.y > {_HEAD}")
        .mark_rule(color=theme.grid, yOffset=alt.ExprRef(f"({wide} ? 1 : 6) - {_HEAD} * {row}"))
        .encode(x=alt.value(0), x2=alt.value("width")),
        only("head")
        .mark_text(
            align="left",
            baseline="bottom",
            fontSize=14,
            fontWeight=600,
            yOffset=-3,
        )
        .encode(x=alt.value(0), text="text:N"),
        only("label")
        .mark_text(
            align="left",
            yOffset=alt.ExprRef(f"{wide} ? {_ROW / 2} : 10"),
            limit=alt.ExprRef(f"({wide} ? {_NAMES} - 14 : width) - {_ANSWERS}"),
        )
        .encode(x=alt.value(0), text="text:N"),
        only("label")
        .mark_text(
            align="right",
            x=alt.ExprRef(f"{wide} ? {_NAMES} - 14 : width"),
            yOffset=alt.ExprRef(f"{wide} ? {_ROW / 2} : 10"),
            color=theme.muted,
            fontSize=12,
        )
        .encode(text="answers:N"),
        rect(withheld, fill="transparent", stroke=theme.grid, strokeWidth=1.5),
        rect(shares.transform_filter(is_certain), fill=theme.text),
        rect(shares).encode(
            color=alt.Color(
                "verdict:N",
                scale=alt.Scale(
                    domain=[*certain, neither, untried],
                    range=[theme.higher, theme.lower, theme.grid, theme.surface],
                ),
                legend=alt.Legend(
                    columns=alt.ExprRef(f"{named} ? 4 : 2"),
                    labelExpr=f"({{'{certain[0]}': '▲ ', '{certain[1]}': '▼ '}}[datum.label] || '')"
                    f" + datum.label + ({named} && ({is_certain.replace('verdict', 'label')})"
                    " ? ' än övriga landet' : '')",
                    symbolType="square",
                    symbolStrokeColor=theme.outline,
                    symbolStrokeWidth=1,
                ),
            ),
            stroke=alt.condition(
                f"datum.verdict === '{untried}'",
                alt.value(theme.outline),
                alt.value("transparent"),
            ),
            # A little of the text's colour behind: what is written on the cell needs it.
            opacity=alt.condition(is_certain, alt.value(_OPAQUE), alt.value(1)),
            tooltip=alt.Tooltip("tip:N", title=" "),
        ),
        text(shares.transform_filter(f"!({is_certain})")),
        text(
            shares.transform_filter(is_certain),
            fontWeight=600,
            color=theme.surface,
            xOffset=6,
        ),
        arrow(certain[0], "triangle-up"),
        arrow(certain[1], "triangle-down"),
        withheld.mark_text(yOffset=alt.ExprRef(middle), color=theme.muted)
        .encode(x=x, text="text:N")
        .properties(name=themes.WITHHELD),
    ).properties(width="container", height=100)
    made = themes.specification(layers, theme)
    # Vega's own height gives way to a signal of that name.
    height = {"name": "height", "expr": f"{head} + {rows} * {row}"}
    return {**made, "params": [*made["params"], height]}


def _table(federations: Sequence[_Federation]) -> Table:
    rows = [(of, one) for of in federations for one in of.cells]
    names = [
        {"Förbund": of.name, "Region": of.region, "Fråga": wording.question(one.question)}
        for of, one in rows
    ]
    table = estimates_table([(name, one.own) for name, (_, one) in zip(names, rows, strict=True)])
    shown, file = [], []
    for row, name, (_, one) in zip(table.shown_rows, names, rows, strict=True):
        rest, apart = one.country if one.beside is Beside.REST else None, one.difference
        shown.append(
            {
                **{column: value for column, value in row.items() if column != "Region"},
                "Övriga landet": rest.said if rest else "",
                "Skillnad": apart.said,
                "Skillnadens intervall": apart.interval,
                "Utfall": WORDS[one.verdict],
                # Not what the reader looks for first: so wide a table goes on beyond the screen.
                "Region": name["Region"],
            }
        )
        file.append(
            {
                "övriga_landet_procent": rest and rest.share,
                "skillnad_procentenheter": apart.points,
                "skillnad_lägst_95": apart.low,
                "skillnad_högst_95": apart.high,
                "utfall": WORDS[one.verdict],
            }
        )
    whole = list(file[0])[:-1] if file else []
    withheld = tuple(
        Withheld((name["Förbund"], name["Fråga"]), said(one.own), one.own.limit)
        for name, (_, one) in zip(names, rows, strict=True)
        if one.own.status is not Status.SHOWN
    )
    with_more = table.beside([{}] * len(rows), file, dict.fromkeys(whole, "Int64"))
    return replace(with_more, shown_rows=shown, withheld=withheld)
