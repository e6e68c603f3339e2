"""How many times as often: risk ratios of question 6, as dots with intervals on a log axis."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import ceil, floor, log2
from typing import Any

import altair as alt
import pyarrow as pa

from fovdata import wording
from fovdata.charts import differences
from fovdata.charts import exhibit as exhibits
from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.charts.exhibit import Exhibit, Table, Withheld, kept, named
from fovdata.charts.gender import MEN, WOMEN
from fovdata.charts.theme import Theme
from fovdata.figures import explanations
from fovdata.figures.estimates import Ratio
from fovdata.figures.together import Adjusted, Witnessed
from fovdata.markup import plain
from fovdata.rules import Rules

COUNTRY = Series("Hela landet", "country")
ADJUSTED = Series("Justerat för kön", "country")
_TIMES = " gånger"
_LABEL, _LINE, _GAP = 26, 24, 14
"""Pixels that a question's name, one group's line and the space before the next question take."""
_NAMES, _VALUES = 124, 34
"""Pixels left of the axis for the groups' names, and right of it for the last value."""


@kept
def witnessed(
    country: Sequence[Adjusted],
    women: Sequence[Witnessed],
    men: Sequence[Witnessed],
    theme: Theme,
    rules: Rules,
    selected: Sequence[Witnessed] = (),
    selection: str = "",
) -> Exhibit:
    """The ratio of the country, adjusted for gender, of women and of men, by question.

    A selection's own stand first, by its short name ``selection``, and the country's ``beside``;
    if all of the selection's are hidden, the country stands alone.
    """
    own = [one.ratio for one in selected]
    seen = any(one.ratio is not None for one in own)
    groups = {
        **({Series(selection, "federation"): own} if seen else {}),
        COUNTRY: [one.crude for one in country],
        ADJUSTED: [one.adjusted for one in country],
        WOMEN: [one.ratio for one in women],
        MEN: [one.ratio for one in men],
    }
    if selection in (WOMEN.name, MEN.name):  # chosen by filter, they stand there already
        groups.pop(Series(selection, "federation"), None)
    series = tuple(groups)
    rows = [
        (wording.question(one.question), [found[i] for found in groups.values()])
        for i, one in enumerate(country)
    ]
    if selected and not seen:
        title = named(selection, "För få svar för att jämföra; här är hela landet")
    else:
        title = named(selection, _finding(own if seen else groups[ADJUSTED], own=seen))
    told = " ".join(
        f"{question}: "
        + ", ".join(
            f"{one.name.lower() if one in (COUNTRY, ADJUSTED) else one.name} {_said(ratio)}"
            for one, ratio in zip(series, ratios, strict=True)
        )
        + "."
        for question, ratios in rows
    )
    shown = [ratio for _, ratios in rows for ratio in ratios]
    return Exhibit(
        title,
        f"{title}. Så många gånger så ofta svarar de som bevittnat våld Ja. {told}",
        specification(len(rows), series, bounds(shown), theme),
        _data(rows, series),
        _table(rows, series, [one.p for one in country]),
        beside="bredvid: hela landet" if seen else "",
        reason=explanations.ratio(rules),
    )


def note(found: Sequence[Adjusted], selection: str = "") -> str:
    """How a ratio is to be read, and whether women's and men's differ."""
    own = f"Raden {plain(selection)} är urvalet; de andra gäller hela landet. "
    others = own if selection else ""
    return (
        "2,0 betyder dubbelt så ofta, 1 lika ofta. Ring: intervallet rymmer 1, så skillnaden kan "
        "vara slump. **Justerat för kön** jämför kvinnor med kvinnor och män med män. "
        f"{others}{_apart(found)}"
    )


def _apart(found: Sequence[Adjusted]) -> str:
    asked = [one for one in found if one.p is not None]
    if not asked:
        return "Om kvinnors och mäns samband skiljer sig åt går inte att pröva: för få svar."
    test = (
        f"test av oddskvoter, {wording.in_words(len(asked))} "
        f"{'fråga' if len(asked) == 1 else 'frågor prövade på en gång'}"
    )
    apart = [wording.question(one.question).lower() for one in asked if one.differs]
    if apart:
        which = wording.enumerated(apart)
        return (
            f"Mätt som oddskvoter skiljer sig kvinnors och mäns samband säkert åt för {which} "
            f"({test}). Kvoterna i diagrammet är av andelar och kan ändå vara lika."
        )
    return (
        f"Inget säkert tecken på att kvinnors och mäns samband skiljer sig åt ({test}); "
        "det betyder inte att de är lika."
    )


def _finding(found: Sequence[Ratio], own: bool) -> str:
    """What certain ratios say: of a selection its own, else those adjusted for gender."""
    compared = sum(one.ratio is not None for one in found)
    if not compared:
        return "Hur många gånger så ofta de som bevittnat våld svarar Ja"
    certain = sorted((one for one in found if one.certain), key=lambda one: one.ratio or 1)
    often = [one for one in certain if (one.ratio or 1) > 1]
    if certain := often or certain:  # what is seldomer is said where nothing is oftener
        many = differences.counted(len(certain), compared, len(found), "övriga frågor")
        least, most = certain[0].said, certain[-1].said
        times = most if least == most else f"{least.removesuffix(_TIMES)}–{most}"
        where = "De" if own else "Också inom samma kön svarar de"
        verb = " svarar" if own else ""
        return f"{where} som bevittnat våld{verb} Ja {times} så ofta på {many}"
    return "Inget säkert samband" + ("" if own else " inom samma kön")


def bounds(found: Sequence[Ratio]) -> tuple[float, float]:
    """The axis's ends: powers of two that hold every interval, and 1 with room to both sides."""
    ends = [end for one in found for end in (one.low, one.high) if end is not None]
    least, most = min((0.5, *ends)), max((4.0, *ends))
    return 2.0 ** floor(log2(least)), 2.0 ** ceil(log2(most))


def _said(ratio: Ratio) -> str:
    if ratio.ratio is None:
        return wording.TOO_FEW
    return f"{ratio.said} ({ratio.interval})"


def _places(questions: int, lines: int) -> Iterator[tuple[int, Sequence[int]]]:
    """Where each question's name and its groups' lines stand, in pixels from the top."""
    height = _height(1, lines)
    for i in range(questions):
        first = i * height + _LABEL + _LINE // 2
        yield i * height + _LABEL // 2, [first + line * _LINE for line in range(lines)]


def _height(questions: int, lines: int) -> int:
    return questions * (_LABEL + lines * _LINE + _GAP)


def _data(rows: Sequence[tuple[str, Sequence[Ratio]]], series: Sequence[Series]) -> pa.Table:
    drawn: list[Mapping[str, Any]] = []
    places = _places(len(rows), len(series))
    for (question, ratios), (label, lines) in zip(rows, places, strict=True):
        drawn.append({"kind": "label", "y": label, "text": question})
        for one, ratio, y in zip(series, ratios, lines, strict=True):
            placed = {"y": y, "series": one.name}
            if ratio.ratio is None:
                drawn.append({**placed, "kind": "hidden", "text": wording.TOO_FEW})
                continue
            drawn.append(
                {
                    **placed,
                    "kind": "dot",
                    "text": ratio.said.removesuffix(_TIMES),
                    "ratio": ratio.ratio,
                    "ratio_low": ratio.low,
                    "ratio_high": ratio.high,
                    "certain": ratio.certain,
                    "tip": f"{question}, {one.name}: {_said(ratio)}",
                }
            )
    columns = [
        "kind",
        "y",
        "text",
        "series",
        "ratio",
        "ratio_low",
        "ratio_high",
        "certain",
        "tip",
    ]
    return exhibits.drawn(drawn, columns, ("ratio", "ratio_low", "ratio_high"))


def specification(
    questions: int, series: Sequence[Series], ends: tuple[float, float], theme: Theme
) -> Mapping[str, Any]:
    """The chart for a number of questions, and an axis that ends there."""
    made = _specification(questions, tuple(one.colour for one in series), ends, theme)
    return themes.named(made, [one.name for one in series])


@lru_cache(maxsize=64)
def _specification(
    questions: int, colours: tuple[str, ...], ends: tuple[float, float], theme: Theme
) -> Mapping[str, Any]:
    """The chart with its series' colours for their names, so that all selections share it."""
    height = _height(questions, len(colours))
    scale = alt.Scale(
        type="log",
        base=2,
        domain=list(ends),
        range=[_NAMES, alt.ExprRef(f"width - {_VALUES}")],
        nice=False,
    )
    y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
    ticks = [2.0**power for power in range(int(log2(ends[0])), int(log2(ends[1])) + 1)]
    x = alt.X(
        "ratio:Q",
        scale=scale,
        axis=alt.Axis(
            values=ticks,
            # A quarter has two decimals, whole numbers none: d3's "~" leaves out what is 0.
            labelExpr="replace(format(datum.value, '.3~f'), '.', ',')",
            labelOverlap="greedy",
            labelFlush=False,
            title="← mer sällan · gånger så ofta · oftare →",
            grid=True,
        ),
    )
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(
            domain=list(colours),
            range=[getattr(theme, one) for one in colours],
        ),
        legend=None,  # every line carries its name
    )
    fill = alt.condition("datum.certain", colour, alt.value(theme.surface))
    tip = alt.Tooltip("tip:N", title=" ")
    base = alt.Chart().encode(y=y)

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(f"datum.kind === '{kind}'")

    layers = alt.layer(
        only("label")
        .transform_filter("datum.y > 20")
        .mark_rule(yOffset=-_LABEL // 2 - 4, color=theme.grid)
        .encode(x=alt.value(0), x2=alt.value("width")),
        alt.Chart()
        .transform_filter(f"datum.kind === 'label' && datum.y < {_LABEL}")  # one line, not thirty
        .mark_rule(color=theme.outline, strokeWidth=1.5)
        .encode(x=alt.X(datum=1, type="quantitative", scale=scale)),
        only("label")
        .mark_text(align="left", fontSize=14, fontWeight=600)
        .encode(x=alt.value(0), text="text:N"),
        base.transform_filter("datum.kind !== 'label'")
        .mark_text(align="left", limit=_NAMES - 10)
        .encode(x=alt.value(0), text="series:N"),
        only("hidden")
        .mark_text(align="left", fontStyle="italic", color=theme.muted)
        .encode(x=alt.value(_NAMES), text="text:N", detail="series:N")
        .properties(name=themes.WITHHELD),
        only("dot")
        .mark_rule(strokeWidth=3, strokeCap="round")
        .encode(x=alt.X("ratio_low:Q", scale=scale), x2="ratio_high:Q", color=colour, tooltip=tip),
        only("dot")
        .mark_point(size=95, strokeWidth=2, opacity=1)
        .encode(x=x, stroke=colour, fill=fill, tooltip=tip),
        only("dot")
        .mark_text(align="left", dx=8, fontWeight=600)
        .encode(x=alt.X("ratio_high:Q", scale=scale), text="text:N"),
    ).properties(width="container", height=height)
    return themes.specification(layers, theme)


def _table(
    rows: Sequence[tuple[str, Sequence[Ratio]]],
    series: Sequence[Series],
    p: Sequence[float | None],
) -> Table:
    """Ratios as a table; the test of the genders stands with what is adjusted for them."""
    lines = [
        ({"Fråga": question, "Grupp": one.name}, ratio, p[i] if one is ADJUSTED else None)
        for i, (question, ratios) in enumerate(rows)
        for one, ratio in zip(series, ratios, strict=True)
    ]
    decimals = ("kvot", "kvot_lägst_95", "kvot_högst_95", "p_kvinnor_män")
    return Table(
        [
            {
                **names,
                "Kvot": ratio.said,
                "95 % intervall": ratio.interval,
                "Säker skillnad": differences.certain(ratio),
                "p, kvinnor och män": _p(value),
            }
            for names, ratio, value in lines
        ],
        [
            {
                **names,
                "kvot": ratio.ratio,
                "kvot_lägst_95": ratio.low,
                "kvot_högst_95": ratio.high,
                "p_kvinnor_män": value,
                "status": wording.STATUS_WORDS[ratio.status],
            }
            for names, ratio, value in lines
        ],
        dict.fromkeys(decimals, "Float64"),
        tuple(Withheld(tuple(names.values())) for names, ratio, _ in lines if ratio.ratio is None),
    )


def _p(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}".replace(".", ",") if value >= 0.01 else "under 0,01"
