"""What stands on "Läget på en sida": one page for a federation, or for the whole country.

The content, for every format that sets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fovdata import published, wording
from fovdata import questionnaire as form
from fovdata.charts import comparison, gender
from fovdata.charts.comparison import Whom
from fovdata.charts.coverage import joined
from fovdata.charts.lanes import Row
from fovdata.figures import comparisons, precision, shares, summary, together
from fovdata.figures.comparisons import Beside, Comparison, Verdict
from fovdata.figures.estimates import Difference, Estimate
from fovdata.figures.release import Release
from fovdata.figures.together import Witnessed
from fovdata.registry import Federation, Registry
from fovdata.responses import SYNTHETIC
from fovdata.rules import STANDING_NOTE
from fovdata.selection import Selection

HEADING = "Läget på en sida"
COUNTRY = "Hela landet"
MARK = "Syntetiska svar – inga verkliga personer"
SUPPORT = "Kvinnofridslinjen 020-50 50 50 · Vid fara: 112"

WITNESSED_HEAD = (
    "Andel som utsatts för",
    "av dem som bevittnat våld",
    "av de andra",
    "skillnad i procentenheter",
)
OPENS = "Det här öppnar fler svar"


@dataclass(frozen=True)
class KeyFigure:
    """A large number with what it counts."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Report:
    """Everything that stands on the page, in the order of reading.

    ``missing`` is what more answers would open; empty where the federation's own are shown.
    ``witnessed_heading`` says of whom ``witnessed`` is, rows under WITNESSED_HEAD; ``data`` is
    the release's.
    ``alternative`` says what the chart of the questions shows.
    """

    name: str
    place: str
    key_figures: Sequence[KeyFigure]
    sentences: Sequence[str]
    questions_heading: str
    questions: Sequence[Row]
    alternative: str
    missing: Sequence[str]
    witnessed_heading: str
    witnessed: Sequence[Sequence[str]]
    method: str
    data: str
    number: int
    day: date

    @property
    def mark(self) -> str:
        """That the answers are synthetic; empty for real ones."""
        return MARK if self.data == SYNTHETIC else ""

    @property
    def source(self) -> str:
        """Where the figures come from, and which release they are of."""
        kind = "Syntetiska svar" if self.data == SYNTHETIC else "Verkliga svar"
        return (
            f"Källa: formuläret FOV (Frågor om våld), första gången. {kind}. Utgåva "
            f"{self.number}, {wording.day(self.day)}."
        )

    @property
    def title(self) -> str:
        """The document's title."""
        return f"{HEADING}: {self.name}"


def of(release: Release, registry: Registry, federation: str | None) -> Report:
    """The page of a federation, or of the whole country. Raises NotOffered.

    KeyError where the registry or the release has no such federation.
    """
    if federation is None:
        return _of_country(release, registry)
    return _of_federation(release, registry, registry.federation(federation))


def _of_federation(release: Release, registry: Registry, federation: Federation) -> Report:
    slug = federation.slug
    found = comparisons.of_federation(release, slug)
    region = registry.region(federation.region).name
    alone = not comparisons.others_in_region(release, slug)
    whom = Whom(federation.name, "" if alone else region, hidden=comparisons.is_hidden(found))
    selection = Selection(federation=(slug,))
    (own,) = shares.number_of_answers(release, selection)
    members = [one.name for one in registry.members_of(slug)]
    followed, witnessed = together.witnessed_where_shown(release, selection)
    missing = []
    if whom.hidden:
        missing = [
            f"{wording.about(step.answers)}: {step.what}" for step in precision.openings(release)
        ]
    return Report(
        name=federation.name,
        place=f"{region} · {wording.enumerated(members)}",
        key_figures=(
            _answers(release, own.n),
            KeyFigure(
                "Täckning",
                _counted(len(members), "kommun", "kommuner"),
                joined(federation, registry),
            ),
            *_verdicts(found),
        ),
        sentences=summary.of_federation(release, slug, registry),
        questions_heading="Andel som svarat Ja, hela livet hittills",
        questions=comparison.rows(found, whom),
        alternative=comparison.alternative(found, whom),
        missing=missing,
        witnessed_heading=_witnessed_heading(federation.name, followed == selection),
        witnessed=_of_kinds(witnessed),
        method=_method(_compared_note(found, whom)),
        data=release.data,
        number=release.number,
        day=release.date,
    )


def _of_country(release: Release, registry: Registry) -> Report:
    found = shares.women_and_men(release, Selection())
    (whole,) = shares.number_of_answers(release, Selection())
    totals, grown = registry.totals(), published.growth()[-1]
    as_of = f"{grown.when}; {published.source(grown.source).short}"
    questions = [
        Row(
            wording.question(one.question),
            [(gender.WOMEN, one.women), (gender.MEN, one.men)],
            _apart(one.difference),
        )
        for one in found
    ]
    return Report(
        name=COUNTRY,
        place="Uppdragets förbund, regioner och kommuner enligt registret",
        key_figures=(
            _answers(release, whole.n),
            KeyFigure(
                "Förbund", wording.number(totals.federations), f"av över 80 i landet · {as_of}"
            ),
            KeyFigure(
                "Kommuner",
                f"{totals.municipalities} av {len(registry.municipalities)}",
                f"{totals.memberships} medlemskap",
            ),
            KeyFigure(
                "Regioner",
                f"{totals.regions} av {len(registry.regions)}",
                "minst en kommun är med",
            ),
        ),
        sentences=summary.of_country(release, registry),
        questions_heading="Andel som svarat Ja, kvinnor och män, hela livet hittills",
        questions=questions,
        alternative=" ".join(row.told for row in questions),
        missing=(),
        witnessed_heading=_witnessed_heading(COUNTRY, own=True),
        witnessed=_of_kinds(together.witnessed(release, Selection())),
        method=_method("Skillnaden är kvinnors andel minus mäns, i procentenheter."),
        data=release.data,
        number=release.number,
        day=release.date,
    )


def _answers(release: Release, n: int | None) -> KeyFigure:
    years = wording.years(release.categories["period"])
    return KeyFigure("Svar", wording.about(n).removesuffix(" svar"), f"unika personer {years}")


def _counted(count: int, one: str, several: str) -> str:
    return f"{wording.number(count)} {one if count == 1 else several}"


def _verdicts(found: Sequence[Comparison]) -> Sequence[KeyFigure]:
    tried = [one.verdict for one in found if one.verdict]
    if not tried:
        return ()
    note = "frågor, säkert mot övriga landet"
    return [
        KeyFigure(label, f"{tried.count(verdict)} av {len(tried)}", note)
        for label, verdict in (("Högre", Verdict.HIGHER), ("Lägre", Verdict.LOWER))
    ]


def _apart(found: Difference) -> str:
    if found.points is None:
        return ""
    return f"{'' if found.certain else 'ingen säker skillnad: '}{_with_interval(found)}"


def _witnessed_heading(name: str, own: bool) -> str:
    whom = name if own else f"hela landet, för {name} har för få svar"
    return f"{form.WITNESSED.short} (fråga {form.WITNESSED.number}): {whom}"


def _of_kinds(found: Sequence[Witnessed]) -> Sequence[Sequence[str]]:
    """The four kinds of violence by somebody close, a row of texts each."""
    kinds = {one.code for one in form.KINDS}
    return [
        (
            wording.question(one.question),
            *(_with_interval(part) for part in (one.yes, one.no, one.difference)),
        )
        for one in found
        if one.question in kinds
    ]


def _with_interval(found: Estimate | Difference) -> str:
    return f"{found.said} ({found.interval})" if found.interval else found.said


def _compared_note(found: Sequence[Comparison], whom: Whom) -> str:
    if whom.hidden:
        return "Region och land är hela."
    whole = any(one.beside is Beside.WHOLE for one in found)
    return (
        "”Högre” och ”lägre” står där skillnaden mot övriga landet håller när alla förbund och "
        "frågor prövas på en gång (Benjamini–Hochberg); sedan skillnaden i procentenheter."
        + (" Där förbundets egen andel inte visas är region och land hela." if whole else "")
    )


def _method(compared: str) -> str:
    return (
        f"Punkt: andelen Ja. Streck: 95 % intervall (Wilson), med bruset i. {compared} "
        f"{comparison.DETECTION} {STANDING_NOTE}"
    )
