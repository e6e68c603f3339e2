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
from fovdata.charts.dots import Series
from fovdata.charts.lanes import Row
from fovdata.figures import comparisons, precision, shares, summary, together
from fovdata.figures.comparisons import Beside, Comparison, Verdict
from fovdata.figures.estimates import Difference, Estimate
from fovdata.figures.precision import Opening
from fovdata.figures.release import Release
from fovdata.figures.together import Witnessed
from fovdata.registry import Federation, Registry
from fovdata.responses import SYNTHETIC
from fovdata.rules import STANDING_NOTE
from fovdata.selection import Selection

HEADING = "Läget på en sida"
FORM = "Frågor om våld (FOV)"
COUNTRY = "Hela landet"
MARK = "Syntetiska svar – inga verkliga personer"

WITNESSED_HEAD = (
    "Andel som utsatts för",
    "av dem som bevittnat våld",
    "av de andra",
    "skillnad i procentenheter",
)
OPENS = "Det här öppnar fler svar"
FROM_THE_TOP = "Uppifrån:"
"""Before the lanes' names: by their order a page printed without colour is read."""


@dataclass(frozen=True)
class KeyFigure:
    """A large number with what it counts."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Kind:
    """A kind of violence under WITNESSED_HEAD: each cell a value and its interval, as text."""

    name: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Report:
    """Everything that stands on the page, in the order of reading.

    ``missing`` is what more answers would open; empty where the federation's own are shown.
    ``alternative`` says what the chart of the questions shows. ``witnessed_heading`` says of whom
    ``witnessed`` is, and ``witnessed_note`` why, if it is not of whom the page is. ``registered``
    is where the facts of who takes part come from; ``data`` is the release's.
    """

    name: str
    place: str
    key_figures: Sequence[KeyFigure]
    sentences: Sequence[str]
    missing: Sequence[Opening]
    questions_heading: str
    questions: Sequence[Row]
    alternative: str
    witnessed_heading: str
    witnessed_note: str
    witnessed: Sequence[Kind]
    method: str
    registered: str
    data: str
    number: int
    day: date

    @property
    def mark(self) -> str:
        """That the answers are synthetic; empty for real ones."""
        return MARK if self.data == SYNTHETIC else ""

    @property
    def title(self) -> str:
        """The document's title."""
        return f"{HEADING}: {self.name}"

    @property
    def lanes(self) -> Sequence[Series]:
        """Whose shares stand below each other in every question, from the top down."""
        return [series for series, _ in self.questions[0].lanes]

    @property
    def source(self) -> str:
        """Where the figures come from, and which release they are of."""
        return (
            f"Källa: formuläret {FORM}, första gången. {self._kind.capitalize()}. "
            f"{self._release.capitalize()}. {self.registered}"
        )

    @property
    def citation(self) -> str:
        """How to cite the page."""
        return f"Citera så: ”{self.title}”, FOV, {self._release}, {self._kind}."

    @property
    def _kind(self) -> str:
        return "syntetiska svar" if self.data == SYNTHETIC else "verkliga svar"

    @property
    def _release(self) -> str:
        return f"utgåva\N{NO-BREAK SPACE}{self.number}, {wording.day(self.day)}"


def support() -> str:
    """Where help is to be had, in a line."""
    line, emergency = (published.support(kind)[0] for kind in ("stödlinje", "nödnummer"))
    return f"{line.name} {line.phone} · Vid fara: {emergency.phone}"


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
    members = [one.name for one in registry.members_of(slug)]
    followed, witnessed = together.witnessed_where_shown(release, selection)
    return Report(
        name=federation.name,
        place=f"{region} · {_counted(members)}: {wording.enumerated(members)}",
        key_figures=(
            _answers(release, selection, "Svar", found),
            KeyFigure(
                "Täckning",
                f"{wording.number(len(members))} {_counted(members).lower()}",
                joined(federation, registry),
            ),
            *(_instead(release, federation, whom) if whom.hidden else _verdicts(found)),
        ),
        sentences=tuple(summary.of_federation(release, slug, registry)),
        missing=tuple(precision.openings(release)) if whom.hidden else (),
        questions_heading="Andel som svarat Ja, hela livet hittills",
        questions=comparison.rows(found, whom),
        alternative=comparison.alternative(found, whom),
        witnessed_heading=_witnessed_heading(
            federation.name if followed == selection else COUNTRY.lower()
        ),
        witnessed_note=""
        if followed == selection
        else f"{federation.name} har för få svar för att frågorna ska ställas mot varandra.",
        witnessed=_of_kinds(witnessed),
        method=_method(_compared_note(found, whom)),
        registered=f"Anslutning: {_cited(federation.source)}.",
        data=release.data,
        number=release.number,
        day=release.date,
    )


def _of_country(release: Release, registry: Registry) -> Report:
    found = shares.women_and_men(release, Selection())
    totals, grown = registry.totals(), published.growth()[-1]
    of_all = published.source("S-SUVS")
    questions = [
        Row(
            wording.question(one.question),
            [(gender.WOMEN, one.women), (gender.MEN, one.men)],
            _apart(one.difference),
        )
        for one in found
    ]
    heading = "Andel som svarat Ja, kvinnor och män, hela livet hittills"
    in_several = len(registry.in_several)
    return Report(
        name=COUNTRY,
        place=f"Förbund, kommuner och regioner i uppdraget enligt registret, {grown.when}",
        key_figures=(
            _answers(release, Selection(), "Svar"),
            KeyFigure(
                "Förbund",
                wording.number(totals.federations),
                f"av över 80 i landet {of_all.date}",
            ),
            KeyFigure(
                "Kommuner",
                f"{totals.municipalities} av {len(registry.municipalities)}",
                f"{totals.memberships} medlemskap: "
                f"{wording.in_words(in_several)} står i flera förbund",
            ),
            KeyFigure(
                "Regioner",
                f"{totals.regions} av {len(registry.regions)}",
                "där minst en kommun är med",
            ),
        ),
        sentences=tuple(summary.of_country(release, registry)),
        missing=(),
        questions_heading=heading,
        questions=questions,
        alternative=f"{heading}. {' '.join(row.told for row in questions)}",
        witnessed_heading=_witnessed_heading(COUNTRY.lower()),
        witnessed_note="",
        witnessed=_of_kinds(together.witnessed(release, Selection())),
        method=_method(
            "Till höger står kvinnors andel minus mäns i procentenheter, säker där intervallet "
            "inte når noll."
        ),
        registered=f"Anslutning: {_cited(grown.source)}. Antal förbund i landet: {of_all.short}.",
        data=release.data,
        number=release.number,
        day=release.date,
    )


def _answers(
    release: Release, selection: Selection, label: str, found: Sequence[Comparison] = ()
) -> KeyFigure:
    (whole,) = shares.number_of_answers(release, selection)
    n = comparisons.answers_shown(found, whole.n) if found else whole.n
    years = wording.years(release.categories["period"])
    return KeyFigure(label, wording.about(n).removesuffix(" svar"), f"unika personer {years}")


def _instead(release: Release, federation: Federation, whom: Whom) -> Sequence[KeyFigure]:
    """On how many answers that rests which stands instead of a federation's own."""
    region = Selection(region=(federation.region,))
    return (
        *([_answers(release, region, whom.region)] if whom.region else []),
        _answers(release, Selection(), COUNTRY),
    )


def _verdicts(found: Sequence[Comparison]) -> Sequence[KeyFigure]:
    tried = [one.verdict for one in found if one.verdict]
    if not tried:
        return ()
    note = f"{'frågor' if len(tried) == len(found) else 'prövade frågor'}, säker skillnad"
    if not {Verdict.HIGHER, Verdict.LOWER} & set(tried):
        # "0 av 6" twice would read as "like the country".
        return (KeyFigure("Skiljer sig från övriga landet", f"0 av {len(tried)}", note),)
    return [
        KeyFigure(f"{label} än övriga landet", f"{tried.count(verdict)} av {len(tried)}", note)
        for label, verdict in (("Högre", Verdict.HIGHER), ("Lägre", Verdict.LOWER))
    ]


def _counted(members: Sequence[str]) -> str:
    return "Kommun" if len(members) == 1 else "Kommuner"


def _cited(source: str) -> str:
    """A source by its id, or a citation that has none."""
    return {one.id: one.short for one in published.sources()}.get(source, source)


def _apart(found: Difference) -> str:
    if found.points is None:
        return ""
    who = "ingen säker skillnad"
    if found.certain:
        who = f"{(gender.WOMEN if found.points > 0 else gender.MEN).name} högre"
    return f"{who}: {found.said} ({found.interval})"


def _witnessed_heading(whom: str) -> str:
    return f"{form.WITNESSED.short} (fråga {form.WITNESSED.number}): {whom}"


def _of_kinds(found: Sequence[Witnessed]) -> Sequence[Kind]:
    """The four kinds of violence by somebody close."""
    kinds = {one.code for one in form.KINDS}
    return [
        Kind(
            wording.question(one.question),
            [_cell(part) for part in (one.yes, one.no, one.difference)],
        )
        for one in found
        if one.question in kinds
    ]


def _cell(found: Estimate | Difference) -> tuple[str, str]:
    said = wording.TOO_FEW if found.said == wording.HIDDEN else found.said
    return said, found.interval


def _compared_note(found: Sequence[Comparison], whom: Whom) -> str:
    around = "hela regionen och hela landet" if whom.region else "hela landet"
    alone = "" if whom.region else " Inget annat förbund i regionen är med."
    if whom.hidden:
        return f"Förbundets egna andelar visas inte: här står {around}.{alone}"
    whole = any(one.beside is Beside.WHOLE for one in found)
    return (
        "”Högre” och ”lägre” står där skillnaden mot övriga landet håller också när alla förbund "
        "och frågor prövas på en gång (Benjamini–Hochberg); efter orden står skillnaden i "
        "procentenheter med intervall."
        + (f" Där förbundets egen andel inte visas står {around}." if whole else "")
        + alone
    )


def _method(compared: str) -> str:
    return (
        "Punkt: andelen Ja. Streck: 95 % intervall (Wilson), med röjandeskyddets brus inräknat. "
        f"{compared} {comparison.DETECTION} {STANDING_NOTE}"
    )
