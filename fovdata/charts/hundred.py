"""Shares in plain words: of a hundred who have witnessed violence, and of a hundred others."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import altair as alt

from fovdata import wording
from fovdata.charts import exhibit as exhibits
from fovdata.charts import exposure
from fovdata.charts import theme as themes
from fovdata.charts.dots import Series
from fovdata.charts.exhibit import Exhibit, estimates_table, kept, named
from fovdata.charts.theme import Theme
from fovdata.figures import explanations
from fovdata.figures.estimates import Estimate
from fovdata.figures.together import Witnessed
from fovdata.rules import Rules, Status

CHOOSE = "Fråga att visa som hundra personer"
_PANELS = (exposure.YES, exposure.NO)
_WIDE, _TALL = 10, 10
PERSON = (
    "M0,-1a.23,.23,0,1,1,0,.46a.23,.23,0,1,1,0,-.46Z"
    "M-.3,-.48H.3a.17,.17,0,0,1,.17,.17V.24H.32V1H.05V.34H-.05V1H-.32V.24H-.47V-.31"
    "a.17,.17,0,0,1,.17,-.17Z"
)
"""A head and a body as an SVG path, two high and one wide around 0."""
_HEAD = 84
"""Pixels above the figures: whose they are, how many, and the interval."""
_ROW = 36
_COLUMN = f"min(width, 700) / {2 * _WIDE + 1}"
"""A figure's place, with one place between the panels: on a phone they still stand abreast."""
_STEP = f"min({_ROW}, 2.1 * {_COLUMN})"


@kept
def witnessed(one: Witnessed, theme: Theme, rules: Rules, selection: str = "") -> Exhibit:
    """Two panels of a hundred figures; filled are those who answer Ja to the question.

    A share that is known as a limit only, or hidden, has words and no figures. ``selection`` is
    its short name; empty for the whole country.
    """
    panels = list(zip(_PANELS, (one.yes, one.no), strict=True))
    title = named(selection, _sentence(one))
    drawn: list[Mapping[str, Any]] = []
    for place, (series, estimate) in enumerate(panels):
        drawn.append({"kind": "label", "series": series.name, "text": series.name})
        if estimate.share is None:
            kind = "coded" if estimate.status is Status.CODED else "hidden"
            text = wording.TOO_FEW if kind == "hidden" else estimate.said
            drawn.append({"kind": kind, "series": series.name, "text": text})
            continue
        count = {"kind": "count", "series": series.name, "text": f"{estimate.share} av 100"}
        drawn.append({**count, "interval": f"intervall {estimate.low}–{estimate.high}"})
        drawn += [
            {
                "kind": "figure",
                "series": series.name,
                "x": place * (_WIDE + 1) + i % _WIDE + 0.5,
                "y": i // _WIDE + 0.5,
                "filled": i < estimate.share,
            }
            for i in range(_WIDE * _TALL)
        ]
    columns = ["kind", "series", "text", "interval", "x", "y", "filled"]
    names = {"Fråga": wording.question(one.question)}
    return Exhibit(
        title,
        f"{title}. " + " ".join(f"{series.name}: {told(found)}." for series, found in panels),
        _specification(theme),
        exhibits.drawn(drawn, columns, ("x", "y")),
        estimates_table([(names | {"Grupp": series.name}, found) for series, found in panels]),
        reason=explanations.two_questions(rules),
    )


def note(one: Witnessed) -> str:
    """What a figure is, and the difference and the ratio in words, as far as they are shown."""
    compared = []
    if one.difference.points is not None:
        points = f"{one.difference.said} procentenheter ({one.difference.interval})"
        compared.append(f"skillnaden är {points}")
    if one.ratio.ratio is not None:
        compared.append(
            f"de som bevittnat våld svarar Ja {one.ratio.said} så ofta ({one.ratio.interval})"
        )
    told = wording.enumerated(compared) if compared else ""
    return (
        "Varje figur är en av hundra; de fyllda har svarat Ja. Intervallen visar hur osäkra talen "
        f"är. {told[:1].upper()}{told[1:]}{'.' if told else ''}"
    )


def _sentence(one: Witnessed) -> str:
    about = f"frågan om {wording.question(one.question).lower()}"
    if one.yes.status is one.no.status is Status.HIDDEN:
        return f"För få svar på {about} för att räkna på hundra"
    yes, no = (_of_hundred(estimate) for estimate in (one.yes, one.no))
    uncertain = ""
    if one.difference.points is not None and not one.difference.certain:
        uncertain = "; skillnaden är inte säker"
    return (
        f"Av 100 som bevittnat våld har {yes} svarat Ja på {about}, "
        f"av 100 som inte gjort det {no}{uncertain}"
    )


def _of_hundred(estimate: Estimate) -> str:
    """A share without its sign for per cent: "55", "under 15"."""
    if estimate.status is Status.HIDDEN:
        return f"({wording.TOO_FEW})"
    return estimate.said.removesuffix("\N{NO-BREAK SPACE}%")


def told(estimate: Estimate) -> str:
    """How many figures of a side are filled, for who does not see them."""
    if estimate.share is None:
        return f"{_of_hundred(estimate).strip('()')}, inga figurer"
    return f"{estimate.share} av 100 figurer är fyllda, 95 % intervall {estimate.interval}"


@cache
def _specification(theme: Theme) -> Mapping[str, Any]:
    x = alt.X(
        "x:Q",
        scale=alt.Scale(
            domain=[0, 2 * _WIDE + 1], range=[0, alt.ExprRef("min(width, 700)")], nice=False
        ),
        axis=None,
    )
    y = alt.Y(
        "y:Q",
        scale=alt.Scale(
            domain=[0, _TALL],
            range=[_HEAD, alt.ExprRef(f"{_HEAD} + {_TALL} * {_STEP}")],
            nice=False,
        ),
        axis=None,
    )
    layers = [
        layer
        for place, series in enumerate(_PANELS)
        for layer in _panel(place, series, x, y, theme)
    ]
    height = _HEAD + _TALL * _ROW
    return themes.specification(
        alt.layer(*layers).properties(width="container", height=height), theme
    )


def _panel(place: int, series: Series, x: alt.X, y: alt.Y, theme: Theme) -> tuple[alt.Chart, ...]:
    """One side: its figures, and the words above them."""
    left = alt.value(alt.ExprRef(f"{place * (_WIDE + 1)} * {_COLUMN}"))
    colour = getattr(theme, series.colour)

    def only(kind: str) -> alt.Chart:
        mine = f"datum.kind === '{kind}' && datum.series === '{series.name}'"
        return alt.Chart().transform_filter(mine).encode(x=left)

    def words(kind: str, height: int, text: str, **look: Any) -> alt.Chart:
        return (
            only(kind).mark_text(align="left", **look).encode(y=alt.value(height), text=f"{text}:N")
        )

    figures = only("figure").mark_point(
        shape=PERSON, size=alt.ExprRef(f"pow(0.82 * {_STEP}, 2)"), strokeWidth=1, opacity=1
    )
    return (
        words("label", 10, "text", fontSize=14, fontWeight=600),
        words("count", 36, "text", fontSize=24, fontWeight=600),
        words("count", 60, "interval", color=theme.muted),
        words("coded", 36, "text", fontSize=24, fontWeight=600),
        words("hidden", 36, "text", fontStyle="italic", color=theme.muted),
        figures.encode(
            x=x,
            y=y,
            fill=alt.condition("datum.filled", alt.value(colour), alt.value(theme.surface)),
            stroke=alt.condition("datum.filled", alt.value(colour), alt.value(theme.outline)),
        ),
    )
