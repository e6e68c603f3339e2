"""A federation beside region and country: what differs, and whether it is more than chance."""

from collections.abc import Sequence
from dataclasses import dataclass

from fovdata import wording
from fovdata.charts import differences, lanes
from fovdata.charts.dots import Series
from fovdata.charts.exhibit import Exhibit, Table, estimates_table, kept
from fovdata.charts.lanes import Row
from fovdata.charts.theme import Theme
from fovdata.figures import comparisons
from fovdata.figures.comparisons import Beside, Comparison, Verdict
from fovdata.rules import Rules

WORDS = {
    Verdict.HIGHER: "högre",
    Verdict.LOWER: "lägre",
    Verdict.NO_CERTAIN_DIFFERENCE: "ingen säker skillnad",
    None: "prövas inte",
}
"""What a verdict is called in tables and sentences."""

DETECTION = "En hög andel Ja betyder att våld upptäcks, inte att något är dåligt skött."

CERTAIN = (
    "”Högre” och ”lägre” står bara där skillnaden mot övriga landet håller också när alla förbund "
    "och frågor prövas på en gång; annars kan den vara slump."
)
ALONE = "Inget annat förbund i regionen är med, så bara landet står bredvid."


@dataclass(frozen=True)
class Whom:
    """Whom a federation stands beside: names for the chart's lanes.

    ``region`` is empty where no other federation is in it. ``among`` is "kvinnor" or "män" where
    the shares are of them only, ``hidden`` whether the federation has too few answers to show:
    then region and country stand alone, whole.
    """

    federation: str
    region: str
    among: str = ""
    hidden: bool = False

    @property
    def lanes(self) -> tuple[Series, ...]:
        """The lanes from the top down, with their colours."""
        rest = "Hela" if self.hidden else "Övriga"
        region = self.region if self.hidden else f"Övriga i {self.region}"
        return (
            *([] if self.hidden else [Series(self.federation, "federation")]),
            *([Series(region, "region")] if self.region else []),
            Series(f"{rest} landet", "country"),
        )


@kept
def beside(found: Sequence[Comparison], whom: Whom, theme: Theme, rules: Rules) -> Exhibit:
    """Seven questions of one federation."""
    shown = rows(found, whom)
    return Exhibit(
        _title(found, whom),
        alternative(found, whom),
        lanes.specification(shown, printed=False, theme=theme),
        lanes.data(shown, printed=False),
        _table(found, shown, whom),
        reason=wording.why_hidden(rules),
        alone=True,
    )


def alternative(found: Sequence[Comparison], whom: Whom) -> str:
    """The finding and every share in words."""
    return f"{_title(found, whom)}. {' '.join(row.told for row in rows(found, whom))}"


def rows(found: Sequence[Comparison], whom: Whom) -> Sequence[Row]:
    """A row for each question, with the lanes that ``whom`` has."""
    return [
        Row(
            wording.question(one.question),
            [
                *zip(
                    whom.lanes,
                    (
                        *([] if whom.hidden else [one.own]),
                        *([one.region] if whom.region else []),
                        one.country,
                    ),
                    strict=True,
                )
            ],
            "" if one.difference.points is None else difference_in_words(one),
            one.verdict,
            whole=one.beside is Beside.WHOLE,
        )
        for one in found
    ]


def note(found: Sequence[Comparison], whom: Whom) -> str:
    """How the chart is to be read."""
    parts = ["Punkt: andelen Ja. Streck: 95 % intervall."]
    if any(one.verdict for one in found):
        parts.append(f"{CERTAIN} Efter orden står skillnaden i procentenheter och dess intervall.")
    elif whom.among and not whom.hidden:
        parts.append(
            "Skillnaden mot övriga landet är i procentenheter, med intervall. Orden högre och "
            "lägre prövas bara för alla svarande tillsammans."
        )
    if any(one.beside is Beside.WHOLE for one in found) and not whom.hidden:
        parts.append(
            "Där förbundets egen andel inte visas står hela regionen och hela landet bredvid."
        )
    if not whom.region:
        parts.append(ALONE)
    parts.append(DETECTION)
    return " ".join(parts)


def difference_in_words(one: Comparison) -> str:
    """The verdict, the difference and its interval: "högre än övriga landet: +16 (+8 till +24)"."""
    if one.difference.points is None:
        return f"{wording.TOO_FEW} för en jämförelse"
    apart = f"{one.difference.said} ({one.difference.interval})"
    if one.verdict is None:
        return f"{apart} mot övriga landet"
    than = " än övriga landet" if one.verdict is not Verdict.NO_CERTAIN_DIFFERENCE else ""
    return f"{WORDS[one.verdict]}{than}: {apart}"


def _title(found: Sequence[Comparison], whom: Whom) -> str:
    among = f", {whom.among}" if whom.among else ""
    return f"{whom.federation}{among}: {_finding(found, whom)}"


def _finding(found: Sequence[Comparison], whom: Whom) -> str:
    if comparisons.is_hidden(found):
        near = "regionen och landet" if whom.region else "landet"
        return f"för få svar att visa, här är {near}"
    tried = sum(one.verdict is not None for one in found)
    if not tried:
        return "bredvid övriga landet"
    parts = []
    for verdict in (Verdict.HIGHER, Verdict.LOWER):
        if some := sum(one.verdict is verdict for one in found):
            parts.append(f"{WORDS[verdict]} på {differences.counted(some, tried, len(found))}")
    if not parts:
        return "ingen säker skillnad mot övriga landet"
    return f"{' och '.join(parts)} jämfört med övriga landet"


def _table(found: Sequence[Comparison], shown: Sequence[Row], whom: Whom) -> Table:
    cells = [
        (one, row.name, series, estimate, i == 0)
        for one, row in zip(found, shown, strict=True)
        for i, (series, estimate) in enumerate(row.lanes)
    ]
    table = estimates_table(
        [({"Fråga": name, "Grupp": series.name}, share) for _, name, series, share, _ in cells]
    )
    if whom.hidden:
        return table
    own = [one if is_own else None for one, _, _, _, is_own in cells]
    apart = [one.difference if one else None for one in own]
    as_shown = [
        {
            "Mot övriga landet": ""
            if one is None
            else f"{one.said} ({one.interval})"
            if one.interval
            else one.said,
            "Utfall": "" if comparison is None else WORDS[comparison.verdict],
        }
        for comparison, one in zip(own, apart, strict=True)
    ]
    file = [
        {
            "skillnad_procentenheter": one and one.points,
            "skillnad_lägst_95": one and one.low,
            "skillnad_högst_95": one and one.high,
            "utfall": None if comparison is None else WORDS[comparison.verdict],
        }
        for comparison, one in zip(own, apart, strict=True)
    ]
    whole = ("skillnad_procentenheter", "skillnad_lägst_95", "skillnad_högst_95")
    return table.beside(as_shown, file, dict.fromkeys(whole, "Int64"))
