"""How long a figure takes: from a selection, by the protected counts, to what a card draws."""

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from bench import redrawing
from bench.measuring import Spread
from bench.release import released
from bench.report import Chapter, Goal, table
from bench.servers import Demo
from fovdata import geography, published, registry
from fovdata import questionnaire as form
from fovdata.charts import (
    comparison,
    coverage,
    exposure,
    funnel,
    gender,
    growth,
    hundred,
    maps,
    precision,
    ratios,
    regions,
    respondents,
    rug,
    times,
)
from fovdata.charts import theme as themes
from fovdata.charts.theme import Theme
from fovdata.dashboard import federations, warming
from fovdata.dashboard.federations import Chosen
from fovdata.dashboard.navigation import PAGES, Page
from fovdata.dashboard.views import View
from fovdata.figures import changes, comparisons, explanations, shares, summary, together
from fovdata.figures import coverage as joined
from fovdata.figures.release import Release, current
from fovdata.registry import Group, Registry
from fovdata.selection import Selection

SIZES = (100_000, 1_000_000, 10_000_000)
"""Answers behind the releases that are compared with the demo's, of some 2,200 people."""
TIMES, AGAIN = 100, 40
"""Selections that a card is asked for; and where releases are compared, of each release."""
MOST = 2_000
"""Microseconds that 95 of 100 figures may take."""
GROWS = 1.1
"""How many times as long as of the smallest release a figure of the largest may take."""

_WHOLE = Selection()


@dataclass(frozen=True)
class Asked:
    """What a reader has chosen on a page."""

    release: Release
    registry: Registry
    theme: Theme
    selection: Selection
    question: str
    group: Group

    @property
    def name(self) -> str:
        """The selection's short name."""
        return self.selection.short(self.registry)

    @property
    def chosen(self) -> Chosen:
        """What the page of a federation begins with."""
        slug = self.selection.federation[0]
        own = Selection(federation=(slug,))
        (answers,) = shares.number_of_answers(self.release, own)
        view = View(self.release, self.registry, own, self.theme)
        return Chosen(self.registry.federation(slug), view, answers.n)


Make = Callable[[Asked], object]
"""From a selection to what a card draws, or says."""


def _witnessed(asked: Asked) -> tuple[Sequence[together.Witnessed], str]:
    followed, found = together.witnessed_where_shown(asked.release, asked.selection)
    return found, followed.short(asked.registry)


def _association(a: Asked) -> object:
    found, name = _witnessed(a)
    return exposure.witnessed(found, a.theme, a.release.rules, published.association(), name)


def _association_difference(a: Asked) -> object:
    found, name = _witnessed(a)
    return exposure.difference(found, a.theme, a.release.rules, name)


def _hundred(a: Asked) -> object:
    found, name = _witnessed(a)
    of_question = [one for one in found if one.question == a.question] or found
    return hundred.witnessed(of_question[0], a.theme, a.release.rules, name)


def _ratios(a: Asked) -> object:
    found, name = _witnessed(a)
    by_gender = together.witnessed(a.release, _WHOLE, by_gender=True)
    women, men = (
        [one for one in by_gender if one.gender == g.code] for g in (form.WOMEN, form.MEN)
    )
    country, rules = together.adjusted(a.release), a.release.rules
    return ratios.witnessed(country, women, men, a.theme, rules, found if name else (), name)


def _questions(a: Asked) -> object:
    selected = shares.shares(a.release, a.selection) if a.selection.chosen else ()
    return exposure.questions(shares.shares(a.release, _WHOLE), a.theme, selected, a.name)


def _latest_and_earlier(a: Asked) -> object:
    federation = (*a.selection.federation, a.release.categories["federation"][0])[0]
    found, why = (
        shares.latest_and_earlier(a.release, federation),
        explanations.latest_year(a.release),
    )
    return times.latest_and_earlier(found, a.release.categories["period"], a.theme, federation, why)


def _beside(a: Asked) -> object:
    genders = a.selection.gender
    found = comparisons.of_federation(a.release, a.selection.federation[0], genders)
    whom = federations.whom(a.chosen, found, genders)
    return comparison.beside(found, whom, a.theme, a.release.rules)


def _dumbbells_here(a: Asked) -> object:
    own = Selection(federation=a.selection.federation)
    return gender.dumbbells(shares.women_and_men(a.release, own), a.theme, selection=a.name)


def _funnel(a: Asked) -> object:
    found = [one for one in comparisons.compared(a.release) if one.question == a.question]
    asked = [question.code for question in form.QUESTIONS]
    country = shares.shares(a.release, _WHOLE)[asked.index(a.question)].estimate
    spread = comparisons.how_spread(a.release, a.question)
    note = funnel.note(found, spread, a.registry)
    return note, funnel.exhibit(found, country, a.release.rules, a.registry, a.theme)


def _rug(a: Asked, adjusted: bool = False) -> object:
    adjusted = adjusted and a.release.offers(("federation", "gender"))
    found = comparisons.compared(a.release)
    if adjusted:
        found = comparisons.compared(a.release, adjusted=True)
    sizes = shares.number_of_answers(a.release, _WHOLE, ("federation",))
    return rug.exhibit(found, sizes, rug.Order.NAME, a.registry, a.theme, adjusted)


def _map(a: Asked) -> object:
    scope = coverage.Scope(a.registry, a.group, a.selection.region)
    found = joined.municipalities(a.release, a.registry, a.group.code)
    view = coverage.answers_map(found, scope, a.theme)
    borders = geography.municipalities(a.registry)
    return view, maps.coverage_map(borders, view.steps, view.faded, a.theme)


def _squares(a: Asked) -> object:
    found = joined.municipalities(a.release, a.registry, a.group.code)
    scope = coverage.Scope(a.registry, a.group, a.selection.region)
    return regions.squares(found, scope, a.theme)


CARDS: Mapping[str, Mapping[str, Make]] = {
    "": {
        "shares.women_and_men, gender.dumbbells": lambda a: gender.dumbbells(
            shares.women_and_men(a.release, _WHOLE), a.theme, published.shares(year=2022)
        ),
        "changes.said": lambda a: changes.said(a.release, a.release, a.registry),
        "published.growth, growth.growth": lambda a: growth.growth(published.growth(), a.theme),
        "published.answers, growth.answers": lambda a: growth.answers(published.answers(), a.theme),
    },
    "tackning": {
        "coverage.municipalities, coverage.answers_map, maps.coverage_map": _map,
        "coverage.municipalities, regions.squares": _squares,
        "coverage.regions, regions.thin_regions": lambda a: regions.thin_regions(
            joined.regions(a.release, a.registry), a.theme, a.selection.region
        ),
    },
    "kon": {
        "shares.women_and_men, gender.dumbbells": lambda a: gender.dumbbells(
            shares.women_and_men(a.release, a.selection), a.theme, published.shares(), a.name
        ),
        "shares.women_and_men, gender.difference": lambda a: gender.difference(
            shares.women_and_men(a.release, a.selection), a.theme, a.name
        ),
        "shares.shares by gender and age, gender.by_age": lambda a: gender.by_age(
            shares.shares(a.release, _WHOLE, ("gender", "age")), a.question, a.theme
        ),
        "shares.shares by gender, gender.third_answer": lambda a: gender.third_answer(
            shares.shares(a.release, _WHOLE, ("gender",)), a.theme
        ),
    },
    "utsatthet": {
        "shares.shares, exposure.questions": _questions,
        "shares.latest_and_earlier, times.latest_and_earlier": _latest_and_earlier,
        "together.witnessed, exposure.witnessed": _association,
        "together.witnessed, hundred.witnessed": _hundred,
        "together.witnessed, exposure.difference": _association_difference,
        "together.adjusted, ratios.witnessed": _ratios,
        "together.any_experience, exposure.any_experience": lambda a: exposure.any_experience(
            together.any_experience(a.release, by_gender=True), a.theme
        ),
        "together.kinds, exposure.kinds": lambda a: exposure.kinds(
            together.kinds(a.release, by_gender=True), a.theme
        ),
        "together.pairs, exposure.pairs": lambda a: exposure.pairs(
            together.pairs(a.release), a.theme, a.release.rules
        ),
        "shares.first_and_repeat, times.first_and_repeat": lambda a: times.first_and_repeat(
            shares.first_and_repeat(a.release), a.theme
        ),
    },
    "forbund": {
        "summary.of_federation": lambda a: summary.of_federation(
            a.release, a.selection.federation[0], a.registry
        ),
        "comparisons.of_federation, comparison.beside": _beside,
        "shares.women_and_men, gender.dumbbells": _dumbbells_here,
        "respondents.divided, respondents.who_answered": lambda a: respondents.who_answered(
            federations.respondents_beside(a.chosen), a.theme
        ),
        "precision.openings": lambda a: federations.openings(a.chosen),
        "precision.margin, precision.margins": lambda a: precision.margins(
            a.chosen.n, precision.USUAL, a.release.rules, a.theme
        ),
    },
    "jamfor": {
        "comparisons.compared, funnel.exhibit": _funnel,
        "comparisons.compared, rug.exhibit": _rug,
        "comparisons.compared adjusted, rug.exhibit": lambda a: _rug(a, adjusted=True),
    },
}
"""By the address of its page, every card of figures: what makes it, and how."""


def selections(page: Page, release: Release, chance: random.Random) -> Iterator[Selection]:
    """Selections that a page can follow, without end; on a page of one federation there is one."""
    while True:
        needed = ["federation"] if page.asks else []
        free = [one for one in page.filters if one not in needed]
        more = chance.sample(free, chance.randint(0, min(page.at_once - len(needed), len(free))))
        dimensions = [*needed, *more]
        if release.offers((*dimensions, *page.split)):
            yield Selection(
                **{
                    one: _some(release.categories[one], 1 if page.asks else 4, chance)
                    for one in dimensions
                }
            )


def _some(codes: Sequence[str], most: int, chance: random.Random) -> tuple[str, ...]:
    found = chance.sample(codes, chance.randint(1, min(most, len(codes))))
    return tuple(one for one in codes if one in found)


def asked(page: Page, release: Release, times: int) -> list[Asked]:
    """So many selections on a page, the same in every run."""
    chance, known = random.Random(times), registry.load()
    every = selections(page, release, chance)
    return [
        Asked(
            release,
            known,
            chance.choice((themes.LIGHT, themes.DARK)),
            next(every),
            chance.choice([question.code for question in form.QUESTIONS]),
            chance.choice(known.groups),
        )
        for _ in range(times)
    ]


def _anew(asked: Asked) -> Asked:
    """The same asked of a release as a server has it when it has started."""
    release = replace(asked.release)
    release.offers(())  # which it knows from when it was opened
    release.figures.update(_warm(asked.release).figures)
    return replace(asked, release=release)


@cache
def _warm(release: Release) -> Release:
    warm = replace(release)
    warming.ask(warm, registry.load())
    return warm


def _microseconds(make: Make, asked: Asked) -> float:
    started = time.perf_counter()
    make(asked)
    return 1e6 * (time.perf_counter() - started)


def _lookup(asked: Asked) -> object:
    return asked.release.counts(asked.selection)


def _cards() -> Iterator[tuple[Page, str, Make]]:
    by_url = {page.url: page for page in PAGES}
    for url, cards in CARDS.items():
        for what, make in cards.items():
            yield by_url[url], what, make


def of_cards(release: Release) -> tuple[str, list[Goal]]:
    """Every card's figure, its chart's specification made before and not."""
    rows, all_of_them, slow = [], [], []
    gc.collect()
    gc.freeze()  # as a server does
    for page, what, make in _cards():
        every = asked(page, release, TIMES)
        first = _microseconds(make, _anew(every[0]))
        for one in every:
            make(one)
        found = [_microseconds(make, _anew(one)) for one in every]
        again = statistics.median(_microseconds(make, one) for one in every)
        most = np.percentile(found, 95)
        all_of_them += found
        slow += [f"{what} ({again:.0f} µs when asked again)"] if most > MOST else []
        numbers = (f"{Spread.of(found):.0f}", f"{most:.0f}", f"{again:.0f}", f"{first:.0f}")
        rows.append((page.title, what, *numbers))
    most = np.percentile(all_of_them, 95)
    rows.append(("All", "", f"{Spread.of(all_of_them):.0f}", f"{most:.0f}", "", ""))
    head = ("page", "figure and chart", "µs", "95th percentile", "asked again", "the first time")
    return table(head, rows), [
        Goal(
            "d. a figure, from selection to chart, each card's 95th percentile",
            f"≤ {MOST / 1000:g} ms",
            f"{len(rows) - 1 - len(slow)} of {len(rows) - 1} cards; of all figures {most:.0f} µs",
            not slow,
            f"above it are {'; '.join(slow)}" if slow else "",
        )
    ]


def of_sizes(releases: Sequence[Release]) -> tuple[str, list[Goal]]:
    """The same selections of every release, taking turns, with their look-up alone."""
    cards = [(page, make) for page, _, make in _cards()]
    pages = [page for page in PAGES if page.url in CARDS]
    parts: Mapping[str, Sequence[tuple[Page, Make]]] = {
        "a look-up of counts": [(page, _lookup) for page in pages],
        "a figure": cards,
    }
    found: dict[tuple[str, int], list[float]] = {}
    for what, makers in parts.items():
        for page, make in makers:
            for one in asked(page, releases[0], AGAIN):
                for release in releases:
                    took = _microseconds(make, _anew(replace(one, release=release)))
                    found.setdefault((what, release.total), []).append(took)
    least, most = releases[0].total, releases[-1].total
    goals = []
    for what in parts:
        grown = statistics.median(found[what, most]) / statistics.median(found[what, least])
        goals.append(
            Goal(
                f"e. the median of {what} of {most:,} answers, as many times that of {least:,}",
                f"≤ {GROWS}",
                f"{grown:.2f}",
                grown <= GROWS,
            )
        )
    rows = [
        (f"{n:,}", *(f"{Spread.of(found[what, n]):.0f}" for what in parts))
        for n in (release.total for release in releases)
    ]
    return table(("answers", *(f"{what}, µs" for what in parts)), rows), goals


def chapter(demo: Demo) -> Chapter:
    """Measure every card on the demo, and that and larger releases beside each other."""
    folders = [demo.releases, *map(released, SIZES)]
    opened = [current(folder) for folder in folders]
    said, steady = redrawing.grown(folders[0], folders[-1])
    cards, reached = of_cards(opened[0])
    sizes, grown = of_sizes(opened)
    return Chapter(
        "Figures",
        f"Each card of the pages asked for {TIMES} selections that its page can follow, in light "
        "and dark: from the selection by the protected counts to the figures, and from them to "
        "the exhibit – title, alternative, specification, drawn data and table – as Python does it "
        "in one process. Each is asked of a release that a server has just opened and warmed up: "
        "it keeps what rests on all federations at once, and nothing that anybody has chosen; "
        "“asked again” is of one that has been asked, and keeps what its "
        "readers share. Only a chart's specification is there already, for it serves every "
        "selection; “the first time” is when it is not. Below, the same selections "
        "of releases of more and more answers, taking turns; a larger release hides less, so its "
        "figures hold more. In brackets are quartiles.",
        f"{cards}\n\n{sizes}\n\n{said}",
        (*reached, *grown, steady),
    )
