"""A funnel: each federation's share by its number of answers, and what chance alone would give."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from math import ceil
from textwrap import wrap
from typing import Any

import altair as alt
import pyarrow as pa

from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import placing
from fovdata.charts import theme as themes
from fovdata.charts.comparison import DETECTION
from fovdata.charts.exhibit import Exhibit, Table, estimates_table, kept, said
from fovdata.charts.placing import DOT, GAP, HEIGHT, LINE, WRAP, Frame, Point
from fovdata.charts.theme import Theme
from fovdata.figures import comparisons
from fovdata.figures.comparisons import Comparison, Limit, Spread
from fovdata.figures.estimates import Estimate
from fovdata.markup import plain
from fovdata.registry import Registry
from fovdata.rules import Rules, Status
from fovdata.selection import labels

_BESIDE = 52
"""Pixels to the right of the funnel for what its lines are."""
_NARROW, _WIDE = 190, 560
"""Pixels of the funnel on a phone, and from which width names are placed for a wider screen."""
_STEPS = 20
"""Into how many pieces a limit is drawn."""
_ENDS = 5
"""Answers that the axis goes on beyond the points."""
_AXIS = 25
"""The axis of shares ends at a multiple of this."""
_CALLED = {Limit.INNER: "inre", Limit.OUTER: "yttre"}


def counted(federations: int) -> str:
    """A number of federations in words: "ett", "två" and so on, as the noun is neuter."""
    return "ett" if federations == 1 else wording.in_words(federations)


@kept
def exhibit(
    found: Sequence[Comparison], country: Estimate, rules: Rules, registry: Registry, theme: Theme
) -> Exhibit:
    """The funnel of one question: ``found`` are all federations' answers to it."""
    names = labels("federation", registry)
    rows = sorted(
        ((names.get(one.federation, one.federation), one) for one in found),
        key=lambda row: wording.alphabetical(row[0]),
    )
    points = [Point(name, one.own, one.outside) for name, one in rows if one.own.share is not None]
    title = f"{wording.question(found[0].question)}: {_finding(points, country, len(found))}"
    told = " ".join(_told(name, one, country) for name, one in rows)
    top, ends = 100, (rules.show, rules.show + 1)
    drawn = exhibits.drawn((), _COLUMNS)
    if points and country.share is not None:
        drawn, top, ends = _data(points, country.share, rules)
    only_limits = any(one.own.limit for one in found)
    return Exhibit(
        title,
        f"{title}. Hela landet: {said(country)}. {told}",
        specification(top, ends, theme),
        drawn,
        _table(rows, country),
        reason="Inget förbunds andel visas, bara gränser" if only_limits else "",
        alone=True,
    )


@kept
def note(found: Sequence[Comparison], spread: Spread, registry: Registry) -> str:
    """How the funnel is to be read, how spread the federations are, and which are not in it."""
    names = labels("federation", registry)
    called = {one.federation: plain(names.get(one.federation, one.federation)) for one in found}

    def enumerated(those: Sequence[Comparison]) -> str:
        return ", ".join(
            sorted((called[one.federation] for one in those), key=wording.alphabetical)
        )

    inner, outer = (str(limit).replace(".", ",") for limit in Limit)
    parts = [
        "Punkt: ett förbund. Vore alla förbund lika skulle slumpen och bruset hålla "
        f"{inner} av 100 inom den inre gränsen och {outer} inom den yttre. Fylld punkt: utanför "
        "den yttre; ring i färg: utanför den inre."
    ]
    if spread.times is not None:
        times = str(spread.times).replace(".", ",")
        if spread.beyond_chance:
            parts.append(
                f"Variationen mellan förbunden är {times} gånger den som slump och brus ensamma "
                "skulle ge (överspridning), så fler än väntat hamnar utanför; gränserna är inte "
                "vidgade för det."
            )
        else:
            parts.append(
                "Variationen mellan förbunden är inte säkert större än den som slump och brus "
                f"ensamma skulle ge ({times} gånger)."
            )
    parts.append(DETECTION)
    coded = [one for one in found if one.own.limit is not None]
    if coded:
        by_limit = groupby(
            sorted(coded, key=lambda one: one.own.said), key=lambda one: one.own.said
        )
        lists = "; ".join(f"{limit}: {enumerated(list(those))}" for limit, those in by_limit)
        parts.append(f"\n\nBara en gräns visas. {lists[0].upper()}{lists[1:]}.")
    hidden = [one for one in found if one.own.status is Status.HIDDEN]
    if hidden:
        parts.append(f"\n\nVisas inte, {wording.about(None)}: {enumerated(hidden)}.")
    return " ".join(parts)


def _finding(points: Sequence[Point], country: Estimate, asked: int) -> str:
    if not points or country.share is None:
        return "för få svar för att jämföra förbund"
    middle = country.share
    beyond = [point for point in points if point.outside is Limit.OUTER]
    above = sum(point.share > middle for point in beyond)
    below = len(beyond) - above
    edge = "trattens yttre gräns"
    if above and below:
        return f"{counted(above)} förbund ligger över {edge} och {counted(below)} under"
    if beyond:
        return f"{counted(len(beyond))} förbund ligger {'över' if above else 'under'} {edge}"
    if inner := sum(point.outside is Limit.INNER for point in points):
        return f"inget förbund ligger utanför {edge}, {counted(inner)} utanför den inre"
    shown = "" if len(points) == asked else " vars andel visas"
    if len(points) == 1:
        return "det enda förbund vars andel visas ligger inom tratten"
    return f"alla {counted(len(points))} förbund{shown} ligger inom tratten"


def _place(own: Estimate, outside: Limit | None, country: Estimate) -> str:
    """Where in the funnel a share lies, as tables and sentences say it."""
    if own.share is None or country.share is None:
        return ""
    if outside is None:
        return "inom gränserna"
    return f"{'över' if own.share > country.share else 'under'} den {_CALLED[outside]} gränsen"


def _told(name: str, one: Comparison, country: Estimate) -> str:
    place = _place(one.own, one.outside, country)
    about = f", {wording.about(one.own.n)}" if one.own.n else ""
    return f"{name}: {said(one.own)}{about}{place and f', {place}'}."


_COLUMNS = (
    *("kind", "n", "share", "lower", "upper", "limit", "text"),
    *("outside", "narrow", "wide", "tip"),
)


def _data(
    points: Sequence[Point], country: int, rules: Rules
) -> tuple[pa.Table, int, tuple[int, int]]:
    """The drawn columns, where the axis of shares ends, and those of the axis of answers."""
    least, most = (pick(point.n for point in points) for pick in (min, max))
    ends = (max(least - _ENDS, rules.show), most + _ENDS)
    curves = [
        (limit, n, *comparisons.limits(country, n, limit, rules))
        for limit in Limit
        for n in _grid(*ends)
    ]
    highest = max(*(point.share for point in points), *(upper for *_, upper in curves))
    top = _AXIS * ceil(highest / _AXIS)
    drawn: list[Mapping[str, Any]] = [
        {
            "kind": "limit",
            "limit": limit,
            "n": n,
            "lower": round(lower, 2),
            "upper": round(upper, 2),
        }
        for limit, n, lower, upper in curves
    ]
    drawn.append({"kind": "country", "share": country})
    drawn += _ends(curves, country, top)
    narrow, wide = (
        placing.sides(points, Frame(width, top, ends, country, rules)) for width in (_NARROW, _WIDE)
    )
    for point in points:
        named = point.name in narrow or point.name in wide
        side = "above" if point.share > country else "below"
        drawn.append(
            {
                "kind": "dot",
                "n": point.n,
                "share": point.share,
                "text": "\n".join(wrap(point.name, WRAP)) if named else None,
                "outside": f"{side} {point.outside}" if point.outside else "inside",
                "narrow": narrow.get(point.name),
                "wide": wide.get(point.name),
                "tip": f"{point.name}: {point.own.said} ({point.own.interval}), "
                f"{wording.about(point.n)}",
            }
        )
    return exhibits.drawn(drawn, _COLUMNS, ("n", "share", "lower", "upper")), top, ends


def _grid(least: int, most: int) -> Sequence[int]:
    """Numbers of answers to draw a limit through: closer where it bends."""
    growth = (most / least) ** (1 / _STEPS)
    return sorted({round(least * growth**step) for step in range(_STEPS)} | {most})


def _ends(
    curves: Sequence[tuple[Limit, int, float, float]], country: int, top: int
) -> Iterator[Mapping[str, Any]]:
    """What the lines are, at their right ends; kept apart on the side that has most room."""
    upwards = country <= top / 2
    names = {"": (f"Hela\nlandet\n{wording.percent(country)}", float(country), 3)}
    for limit, n, lower, upper in curves:
        if n == curves[-1][1]:
            text = f"{str(limit).replace('.', ',')}{wording.percent(1)[1:]}"
            names[limit] = (text, upper if upwards else lower, 1)
    pixel = top / HEIGHT * (1 if upwards else -1)
    free = None
    for text, height, lines in names.values():
        half = lines * LINE / 2 * pixel
        middle = height
        if free is not None:
            middle = max(height, free + half) if upwards else min(height, free + half)
        free = middle + half
        kind = "country-name" if lines > 1 else "limit-name"
        yield {"kind": kind, "upper": round(middle, 1), "text": text}


@lru_cache(maxsize=32)
def specification(top: int, ends: tuple[int, int], theme: Theme) -> Mapping[str, Any]:
    """The chart for axes that end there; the same for every question."""
    x_scale = alt.Scale(domain=list(ends), nice=False, zero=False)
    y_scale = alt.Scale(domain=[0, top], nice=False)
    x = alt.X(
        "n:Q",
        scale=x_scale,
        axis=alt.Axis(title="Antal svar, ca", tickCount=5, format="d", grid=False),
    )
    y = alt.Y(
        "share:Q",
        scale=y_scale,
        axis=alt.Axis(
            title=None,
            values=[*range(0, top + 1, _AXIS if top > _AXIS else 5)],
            labelExpr="datum.value + '\N{NO-BREAK SPACE}%'",
            grid=True,
        ),
    )
    upper, lower = alt.Y("upper:Q", scale=y_scale), alt.Y("lower:Q", scale=y_scale)
    tip = alt.Tooltip("tip:N", title=" ")
    outer = f"datum.limit === '{Limit.OUTER}'"
    outside_colour = {
        "above": theme.higher,
        "below": theme.lower,
    }
    title = "Andel Ja" if top == 100 else f"Andel Ja; axeln slutar vid {wording.percent(top)}"

    def only(kind: str) -> alt.Chart:
        return alt.Chart().transform_filter(f"datum.kind === '{kind}'")

    def line(bound: alt.Y, test: str, dash: Sequence[float]) -> alt.Chart:
        return (
            only("limit")
            .transform_filter(test)
            .mark_line(interpolate="monotone", strokeWidth=1.4, color=theme.outline)
            .encode(x=x, y=bound, strokeDash=alt.value(list(dash)))
        )

    def dots(test: str, stroke: str, fill: str, size: int = 90) -> alt.Chart:
        return (
            only("dot")
            .transform_filter(test)
            .mark_point(size=size, strokeWidth=1.8, opacity=1, stroke=stroke, fill=fill)
            .encode(x=x, y=y, tooltip=tip)
        )

    def end(kind: str, colour: str) -> alt.Chart:
        return (
            only(kind)
            .mark_text(
                align="left",
                baseline="middle",
                dx=8,
                dy=alt.ExprRef(_CENTRED),
                lineBreak="\n",
                lineHeight=LINE,
                color=colour,
            )
            .encode(x=alt.value("width"), y=upper, text="text:N")
        )

    def names(**mark: Any) -> alt.Chart:
        return (
            only("dot")
            .transform_filter("isValid(datum.narrow) || isValid(datum.wide)")
            .mark_text(
                # Of no size where there is no room: what is only transparent still takes room.
                fontSize=alt.ExprRef(f"isValid({_SIDE}) ? 12 : 0"),
                fontWeight=600,
                lineBreak="\n",
                lineHeight=LINE,
                align=alt.ExprRef(_ALIGN),
                baseline="middle",
                dx=alt.ExprRef(_DX),
                dy=alt.ExprRef(_DY),
                **mark,
            )
            .encode(x=x, y=y, text="text:N")
        )

    layers = alt.layer(
        only("limit")
        .transform_filter(outer)
        .mark_area(interpolate="monotone", color=theme.grid, opacity=0.45)
        .encode(x=x, y=lower, y2="upper:Q"),
        *(
            line(bound, test, dash)
            for bound in (lower, upper)
            for test, dash in ((outer, (1, 0)), (f"!({outer})", (4, 3)))
        ),
        only("country")
        .mark_rule(strokeWidth=1.8, color=theme.country)
        .encode(y=y, x=alt.value(0), x2=alt.value("width")),
        end("country-name", theme.text),
        end("limit-name", theme.muted),
        only("country")
        .mark_text(align="left", color=theme.muted, text=title)
        .encode(x=alt.value(0), y=alt.value(-14)),
        dots("datum.outside === 'inside'", theme.no_difference, theme.surface),
        *(
            dots(
                f"datum.outside === '{side} {limit}'",
                colour,
                colour if limit is Limit.OUTER else theme.surface,
                110,
            )
            for side, colour in outside_colour.items()
            for limit in Limit
        ),
        # A name may lie across a line: the surface around it keeps it legible.
        names(stroke=theme.surface, strokeWidth=4, strokeJoin="round", color=theme.surface),
        names(),
    ).properties(width="container", height=HEIGHT)
    return {
        **themes.specification(layers, theme),
        "padding": {"left": 4, "top": 4, "right": _BESIDE, "bottom": 4},
    }


_SIDE = f"(width < {_WIDE} ? datum.narrow : datum.wide)"
_IS = f"indexof({_SIDE}, '{{}}') >= 0"
_LEFT, _RIGHT, _ABOVE, _BELOW = (_IS.format(one) for one in ("left", "right", "above", "below"))
_MIDDLE = _IS.format("middle")
_ALIGN = f"{_LEFT} ? 'right' : {_RIGHT} ? 'left' : 'center'"
_DX = f"({_LEFT} ? -1 : {_RIGHT} ? 1 : 0) * ({_MIDDLE} ? {DOT + GAP} : -{DOT})"
# Vega places a text by its first line.
_LINES = f"{LINE} * length(split(datum.text, '\\n'))"
_CENTRED = f"({LINE} - {_LINES}) / 2"
_DY = f"{_ABOVE} ? {LINE / 2 - DOT} - {_LINES} : {_BELOW} ? {LINE / 2 + DOT} : {_CENTRED}"


def _table(rows: Sequence[tuple[str, Comparison]], country: Estimate) -> Table:
    table = estimates_table([({"Förbund": name}, one.own) for name, one in rows])
    places = [_place(one.own, one.outside, country) for _, one in rows]
    return table.beside(
        [{"Tratten": place or wording.HIDDEN} for place in places],
        [{"tratten": place or None} for place in places],
    )
