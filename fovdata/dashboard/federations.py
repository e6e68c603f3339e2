"""The federation page's choice, its key figures and what it can be taken away as."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.charts import precision as charts
from fovdata.charts.comparison import Whom
from fovdata.charts.coverage import joined
from fovdata.charts.dots import Series
from fovdata.charts.respondents import Divided
from fovdata.dashboard import explaining, filters, show
from fovdata.dashboard.turns import in_turn
from fovdata.dashboard.views import View
from fovdata.figures import comparisons, explanations, precision, respondents, shares
from fovdata.figures.comparisons import Comparison, Verdict
from fovdata.figures.release import Release, kept
from fovdata.markup import plain
from fovdata.registry import Federation
from fovdata.selection import BACKGROUND, Selection

_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Chosen:
    """The federation that a page is about, the view of its answers, and whom it stands beside.

    ``n`` is its number of answers, None where they are too few to show.
    """

    federation: Federation
    view: View
    n: int | None

    @property
    def region(self) -> str:
        """The region's name; empty where no other federation is in it."""
        alone = not comparisons.others_in_region(self.view.release, self.federation.slug)
        return "" if alone else self.view.registry.region(self.federation.region).name


def ask(view: View) -> Chosen:
    """Let the reader choose; the federation with most answers stands there until then."""
    usual = shares.federation_with_most_answers(view.release)
    slug = filters.ask_federation(usual, view.release, view.registry)
    federation = view.registry.federation(slug)
    selection = Selection(federation=(slug,))
    (own,) = shares.number_of_answers(view.release, selection)
    if not view.selection.federation:
        st.caption(
            f"{plain(federation.name)} har flest svar och visas tills du väljer ditt förbund."
        )
    found = comparisons.of_federation(view.release, slug)
    n = comparisons.answers_shown(found, own.n)
    return Chosen(federation, replace(view, selection=selection), n)


def head(chosen: Chosen) -> None:
    """The federation's name, where it lies, its members and since when."""
    federation, registry = chosen.federation, chosen.view.registry
    st.header(plain(federation.name), anchor=False)
    members = wording.enumerated([one.name for one in registry.members_of(federation.slug)])
    region = registry.region(federation.region).name
    st.caption(plain(f"{region} · {joined(federation, registry)} · {members}"))


def key_figures(chosen: Chosen, found: Sequence[Comparison]) -> tuple[tuple[str, str, str], ...]:
    """Answers, and on how many questions they say something else than the rest of the country's."""
    years = wording.years(chosen.view.release.categories["period"])
    verdicts = [one.verdict for one in found if one.verdict]
    higher, lower = (verdicts.count(one) for one in (Verdict.HIGHER, Verdict.LOWER))
    answers = (
        "Svar",
        wording.about(chosen.n).removesuffix(" svar"),
        f"unika personer {years} · {show.kind_of_answers(chosen.view).lower()}",
    )
    of_questions = "frågor, när alla förbund och frågor prövas på en gång"
    differing = [("Högre än landet", higher), ("Lägre än landet", lower)]
    if not higher + lower:  # "0 av 6" twice would read as "like the country"
        differing = [("Säker skillnad", 0)]
        of_questions = f"{of_questions}; små skillnader syns inte med så få svar"
    return (
        answers,
        *((label, f"{n} av {len(verdicts)}", of_questions) for label, n in differing if verdicts),
    )


def whom(chosen: Chosen, found: Sequence[Comparison], genders: Sequence[str]) -> Whom:
    """The names of what stands beside each other."""
    names = {one.code: one.label.lower() for one in form.GENDERS}
    return Whom(
        chosen.federation.name,
        chosen.region,
        wording.enumerated([names[code] for code in genders]) if genders else "",
        comparisons.is_hidden(found),
    )


def respondents_beside(chosen: Chosen) -> Sequence[Divided]:
    """Who answered in the federation, its region and the country, as far as each is divided.

    Alone in its region a federation is all of it, and stands there once.
    """
    region = chosen.view.registry.region(chosen.federation.region)
    return _divided(
        chosen.view.release,
        (Series(chosen.federation.name, "federation"), chosen.view.selection),
        (Series(region.name, "region"), Selection(region=(region.code,))),
        alone=not chosen.region,
    )


@kept
def _divided(
    release: Release,
    federation: tuple[Series, Selection],
    region: tuple[Series, Selection],
    alone: bool,
) -> Sequence[Divided]:
    groups = (federation, region, (Series("Hela landet", "country"), Selection()))
    own = {d for d in BACKGROUND if respondents.divided(release, federation[1], d)}
    return tuple(
        Divided(
            series,
            {
                dimension: parts
                for dimension in BACKGROUND
                if not alone or series.colour != "region" or dimension not in own
                if (parts := respondents.divided(release, selection, dimension)) is not None
            },
        )
        for series, selection in groups
    )


def missing(chosen: Chosen) -> None:
    """For a federation with too few answers: why nothing of it is shown, and what would show it."""
    rules = chosen.view.release.rules
    st.info(
        f"Förbundet har färre än {rules.show} svar, eller inga alls, så dess egna andelar visas "
        "inte. Här är vad regionen och landet säger så länge, och vad fler svar öppnar."
    )
    why = explanations.hidden(rules, chosen.view.selection)
    explaining.popover("Varför visas inte svaren?", {chosen.federation.name: why})


def openings(chosen: Chosen) -> str:
    """What more answers open, as Markdown."""
    return "\n".join(
        f"- **{wording.about(step.answers).capitalize()}**: {step.what}"
        + (" – redan öppet" if chosen.n is not None and step.answers <= chosen.n else "")
        for step in precision.openings(chosen.view.release)
    )


@st.fragment
@in_turn
def precision_card(chosen: Chosen) -> None:
    """The margin of so many answers, with a choice of how small a difference should be seen."""
    points = st.slider(
        "Skillnad som ni vill kunna se, i procentenheter",
        charts.LEAST,
        charts.MOST,
        charts.USUAL,
        key="procentenheter",
        bind="query-params",
        width=420,
    )
    view = chosen.view
    show.answers_card(
        "precision",
        charts.margins(chosen.n, points, view.release.rules, view.theme),
        view,
        view.selection,
        charts.NOTE,
    )
