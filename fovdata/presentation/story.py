"""The story that the answers tell: every scene made from figures, none typed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fovdata import published, wording
from fovdata import questionnaire as form
from fovdata.charts import comparison, exposure, gender, growth, hundred
from fovdata.charts import theme as themes
from fovdata.charts.comparison import ALONE, CERTAIN, DETECTION, WORDS, Whom
from fovdata.charts.lanes import Row
from fovdata.export import report
from fovdata.figures import comparisons, coverage, shares, summary, together
from fovdata.figures.estimates import Difference
from fovdata.figures.release import NotOffered, Release
from fovdata.presentation.scene import (
    Body,
    Deck,
    GrowthMap,
    Hundreds,
    Milestone,
    Milestones,
    Point,
    Points,
    Scene,
    Shares,
    Step,
    Support,
)
from fovdata.registry import Registry, Totals
from fovdata.responses import SYNTHETIC
from fovdata.rules import STANDING_NOTE
from fovdata.selection import Selection

TITLE = "Frågor om våld"
MARK = "Syntetiska svar"
_WHOLE = Selection()
_THEME = themes.LIGHT
"""Titles and alternatives are taken from the pages' exhibits, whose colours say nothing here."""


@dataclass(frozen=True)
class Telling:
    """What a story is told from; ``federation`` is a slug, ``address`` the dashboard's."""

    release: Release
    registry: Registry
    federation: str
    address: str

    def of_answers(self, code: str, who: str, title: str, body: Body, told: str) -> Scene:
        """A scene that rests on answers; ``who`` says whose, and how many they are."""
        source = f"{who} · FOV, första gången · {self.pinned}"
        mark = MARK if self.release.data == SYNTHETIC else ""
        return Scene(code, title, body, source, (), told, mark)

    @property
    def pinned(self) -> str:
        """The release, and of which day it is."""
        return f"Utgåva\N{NO-BREAK SPACE}{self.release.number}, {wording.day(self.release.date)}"

    @property
    def everybody(self) -> str:
        """All respondents, and how many they are."""
        (whole,) = shares.number_of_answers(self.release, _WHOLE)
        return f"{_WHOLE.words(self.registry)}, {wording.about(whole.n)}"

    @property
    def women_and_men(self) -> str:
        """How many women and how many men have answered."""
        found = shares.number_of_answers(self.release, _WHOLE, ("gender",))
        n = {one.group["gender"]: one.n for one in found}
        women, men = (
            wording.about(n[category.code], category.label.lower())
            for category in (form.WOMEN, form.MEN)
        )
        return f"Deltagare som svarat, {women} och {men}"


@dataclass(frozen=True)
class Told:
    """A scene that can be chosen: its code in addresses, its name, and how it is told."""

    code: str
    name: str
    tell: Callable[[Telling, str], Scene]


def deck(telling: Telling, codes: Sequence[str] = ()) -> Deck:
    """The scenes with these codes in this order; the whole story if there is none.

    Codes that do not exist are passed over. KeyError where the registry or the release has no
    such federation.
    """
    chosen = [SCENES[code] for code in codes if code in SCENES] or [*SCENES.values()]
    scenes = []
    for one in dict.fromkeys(chosen):
        try:
            scenes.append(one.tell(telling, one.code))
        except NotOffered:
            scenes.append(_too_few(telling, one))
    return Deck(TITLE, scenes, telling.pinned, telling.release.date)


def usual_federation(release: Release) -> str:
    """The federation that is shown until one is chosen: that with most answers."""
    try:
        return shares.federation_with_most_answers(release)
    except NotOffered:
        return release.categories["federation"][0]


def _content_note(telling: Telling, code: str) -> Scene:
    synthetic = telling.release.data == SYNTHETIC
    points = [
        Point("Det är fritt fram att lämna rummet, när som helst och utan att förklara sig."),
        Point(report.support()),
    ]
    if synthetic:
        points.append(
            Point("Svaren är syntetiska: påhittade av ett program. Ingen verklig person finns här.")
        )
    return Scene(
        code,
        "Det här handlar om våld och sexuella kränkningar",
        Points(points),
        f"Källa till stödet: {published.source('S-NCK').short}",
        (
            "Vänta in rummet. Säg vad som kommer.",
            "Räkna med att någon i rummet har egen erfarenhet av våld. "
            "Säg vem som går att prata med efteråt.",
        ),
        mark=MARK if synthetic else "",
    )


def _form(_: Telling, code: str) -> Scene:
    sources = (published.source("S-INV").short, published.source("S-REP").short)
    return Scene(
        code,
        "FOV är sju frågor om våld som ställs rutinmässigt",
        Points(
            [Point(question.short, f"{question.number}") for question in form.QUESTIONS],
            f"Till deltagare i samordningsförbunden, {_AGES}, utanför arbete och studier. "
            "Svaret är Ja eller Nej, om hela livet hittills.",
        ),
        f"Formuläret FOV (NNS) · Källor: {'; '.join(sources)}",
        (
            f"Formuläret börjar: ”{form.OPENING}”",
            *(f"{question.number}. {question.wording}" for question in form.QUESTIONS),
            "Den som svarar erbjuds stöd.",
        ),
    )


def _growth(telling: Telling, code: str) -> Scene:
    grown = published.growth()
    exhibit = growth.growth(grown, _THEME)
    sources = dict.fromkeys(published.source(one.source).short for one in grown)
    totals = telling.registry.totals()
    return Scene(
        code,
        exhibit.title,
        Milestones(
            "Samordningsförbund",
            [
                Milestone(
                    one.when,
                    one.federations,
                    _counted(one.municipalities, totals),
                )
                for one in grown
            ],
        ),
        f"Publicerade uppgifter, var och en för sig · Källor: {'; '.join(sources)}",
        (
            "Varje stapel är en publicerad uppgift, räknad som källan gör; de är ingen jämn kurva.",
            f"De {totals.memberships} medlemskapen är {totals.municipalities} kommuner: "
            f"{wording.in_words(len(telling.registry.in_several))} står i flera förbund.",
        ),
        exhibit.alternative,
    )


def _map(telling: Telling, code: str) -> Scene:
    registry = telling.registry
    of_all = published.source("S-SUVS")
    steps: list[Step] = []
    joined: dict[str, int] = {}
    for number, group in enumerate(registry.groups, 1):
        totals = registry.totals(group.code)
        steps.append(
            Step(
                group.label,
                (
                    (f"{totals.federations}", "samordningsförbund"),
                    (
                        f"{totals.municipalities}",
                        f"av {len(registry.municipalities)} kommuner",
                    ),
                    (f"{totals.regions}", f"av {len(registry.regions)} regioner"),
                ),
            )
        )
        for one in coverage.municipalities(telling.release, registry, group.code):
            if one.joined:
                joined.setdefault(one.municipality.code, number)
    then = next(one for one in published.growth() if one.date.year == 2021)
    counted = registry.totals("3").federations
    outside = [
        region.name
        for region in registry.regions
        if region.code not in {one.region for one in registry.taking_part}
    ]
    told = " ".join(
        f"{step.name}: " + ", ".join(f"{value} {what}" for value, what in step.figures) + "."
        for step in steps
    )
    return Scene(
        code,
        "Så har uppdraget spritt sig, grupp för grupp",
        GrowthMap(steps, joined),
        f"Registret, {published.growth()[-1].when} · Källa: {published.source('S-REP').short}",
        (
            "Ett tryck för varje grupp av förbund.",
            f"I landet finns över 80 samordningsförbund ({of_all.short}).",
            f"{then.when.capitalize()} publicerades {then.federations} förbund; registret har "
            f"{counted} i de tre första grupperna. Förbund har lämnat eller gått samman, och ingen "
            "källa säger vilka.",
            f"Inte med: {wording.enumerated(outside)}." if outside else "Alla regioner är med.",
            "En region räknas som med när en enda kommun är det. Att vara med är inte att svara.",
        ),
        f"Karta över Sveriges kommuner. {told}",
    )


def _any(telling: Telling, code: str) -> Scene:
    found = together.any_experience(telling.release, by_gender=True)
    exhibit = exposure.any_experience(found, _THEME)
    of = {(one.last, one.gender): one.estimate for one in found}
    rows = [
        Row(
            name,
            [
                (gender.WOMEN, of[last, form.WOMEN.code]),
                (gender.MEN, of[last, form.MEN.code]),
            ],
        )
        for last, name in exposure.SEVERAL.items()
    ]
    printed = published.experience("any")[0]
    women, men = (of[len(form.KINDS), one.code] for one in (form.WOMEN, form.MEN))
    title = exhibit.title
    if women.share is not None and men.share is not None:
        title = (
            f"{women.said} av kvinnorna och {men.said} av männen har svarat Ja till våld av "
            "närstående"
        )
    return replace(
        telling.of_answers(code, telling.women_and_men, title, Shares(rows), exhibit.alternative),
        notes=(
            "De som svarat är deltagare i samordningsförbundens verksamhet, inte befolkningen.",
            f"{exhibit.title}; då räknas också bevittnat våld och egen våldsutövning.",
            f"NNS har publicerat att {printed.low}–{printed.high} procent {printed.area} svarar Ja "
            f"på minst en fråga ({published.source(printed.source).short}).",
            _READ,
        ),
    )


def _women_and_men(telling: Telling, code: str) -> Scene:
    kinds = {question.code for question in form.KINDS}
    asked = shares.women_and_men(telling.release, _WHOLE)
    found = [one for one in asked if one.question in kinds]
    exhibit = gender.dumbbells(found, _THEME)
    rows = [
        Row(
            wording.question(one.question),
            [(gender.WOMEN, one.women), (gender.MEN, one.men)],
            _apart(one.difference),
        )
        for one in found
    ]
    (printed,) = {(one.year, one.n) for one in published.shares(year=2022)}
    title = f"Våld av närstående: {exhibit.title[0].lower()}{exhibit.title[1:]}"
    return replace(
        telling.of_answers(code, telling.women_and_men, title, Shares(rows), exhibit.alternative),
        notes=(
            "Av en närstående, hela livet hittills.",
            f"På alla sju frågor: {gender.dumbbells(asked, _THEME).title}.",
            *(
                ["De syntetiska svaren är gjorda för att likna de publicerade andelarna."]
                if telling.release.data == SYNTHETIC
                else []
            ),
            f"NNS har publicerat andelar för {printed[0]}, av {wording.number(printed[1])} svar: "
            + " ".join(
                f"{wording.question(question)} "
                + " mot ".join(
                    wording.percent(one.share)
                    for one in published.shares(year=2022)
                    if one.question == question
                )
                + "."
                for question in dict.fromkeys(one.question for one in published.shares(year=2022))
            ),
            _READ,
        ),
    )


def _hundred(telling: Telling, code: str) -> Scene:
    one, *_ = together.witnessed(telling.release, _WHOLE)
    exhibit = hundred.witnessed(one, _THEME, telling.release.rules)
    sides = ((exposure.YES, one.yes), (exposure.NO, one.no))
    return replace(
        telling.of_answers(
            code, telling.everybody, exhibit.title, Hundreds(sides), exhibit.alternative
        ),
        notes=(
            f"Fråga {form.WITNESSED.number}: ”{form.WITNESSED.wording}”",
            hundred.note(one),
            _ASSOCIATION,
        ),
    )


def _witnessed(telling: Telling, code: str) -> Scene:
    found = together.witnessed(telling.release, _WHOLE)
    exhibit = exposure.witnessed(found, _THEME, telling.release.rules)
    rows = [
        Row(
            wording.question(one.question),
            [(exposure.YES, one.yes), (exposure.NO, one.no)],
            _apart(one.difference),
        )
        for one in found
    ]
    return replace(
        telling.of_answers(
            code, telling.everybody, exhibit.title, Shares(rows), exhibit.alternative
        ),
        notes=(_ASSOCIATION, _READ),
    )


def _federation(telling: Telling, code: str) -> Scene:
    release, slug = telling.release, telling.federation
    federation = telling.registry.federation(slug)
    region = telling.registry.region(federation.region).name
    found = comparisons.of_federation(release, slug)
    alone = not comparisons.others_in_region(release, slug)
    whom = Whom(federation.name, "" if alone else region, hidden=comparisons.is_hidden(found))
    (own,) = shares.number_of_answers(release, Selection(federation=(slug,)))
    n = comparisons.answers_shown(found, own.n)
    exhibit = comparison.beside(found, whom, _THEME, release.rules)
    rows = [replace(row, said=_verdict(row, whom)) for row in comparison.rows(found, whom)]
    return replace(
        telling.of_answers(
            code,
            f"{federation.name}, {wording.about(n)} · En hög andel Ja betyder att våld upptäcks",
            exhibit.title,
            Shares(rows),
            exhibit.alternative,
        ),
        notes=(
            *summary.of_federation(release, slug, telling.registry)[:2],
            _READ,
            *([CERTAIN] if any(one.verdict for one in found) else []),
            *([ALONE] if alone else []),
            DETECTION,
        ),
    )


def _unknown(telling: Telling, code: str) -> Scene:
    totals = telling.registry.totals()
    outside = len(telling.registry.regions) - totals.regions
    points = [
        Point("Hur de som inte fyllt i formuläret skulle ha svarat."),
        Point("När det hände: frågorna gäller hela livet hittills."),
        Point("Vad som är orsak: svaren visar samband, inget mer."),
        Point("Om våldet ökar eller minskar: de publicerade talen räknar olika saker."),
    ]
    if outside:
        points.append(
            Point(f"Hur det ser ut i de {wording.in_words(outside)} regioner som inte är med.")
        )
    return Scene(
        code,
        "Vad vi inte vet",
        Points(points),
        f"{DETECTION} · {telling.pinned}",
        (
            DETECTION,
            STANDING_NOTE,
            "Att vara med är inte att svara: regioner kan ha för få svar för att visas.",
        ),
        mark=MARK if telling.release.data == SYNTHETIC else "",
    )


def _support(telling: Telling, code: str) -> Scene:
    line, emergency = (published.support(kind)[0] for kind in ("stödlinje", "nödnummer"))
    centres = " ".join(
        f"{status.capitalize()}: {wording.enumerated([one.area for one in of_status])}."
        for status in ("finns", "har börjat")
        if (of_status := [o for o in published.support("resurscentrum") if o.status == status])
    )
    return Scene(
        code,
        "Det finns hjälp",
        Support(
            [
                Point(str(line.web), f"{line.name} {line.phone}"),
                Point("Vid fara", str(emergency.phone)),
            ],
            telling.address,
        ),
        f"Källa till stödet: {published.source('S-NCK').short} · {telling.pinned}",
        (
            "Låt bilden stå kvar medan rummet töms.",
            f"Regionala resurscentrum mot hedersrelaterat våld. {centres} "
            f"({published.source('S-NCK').short})",
            f"QR-koden leder till {telling.address}: samma siffror, att läsa i lugn och ro.",
        ),
    )


def _too_few(telling: Telling, told: Told) -> Scene:
    return telling.of_answers(
        told.code,
        telling.everybody,
        f"{told.name}: för få svar ännu",
        Points(
            [Point("Svaren i utgåvan är för få för att delas upp så. Fler svar öppnar scenen.")]
        ),
        "",
    )


_AGES = "16\N{WORD JOINER}–\N{WORD JOINER}64\N{NO-BREAK SPACE}år"
_READ = "Punkt: andelen Ja. Streck: 95 % intervall, med röjandeskyddets brus inräknat."
_ASSOCIATION = (
    "Det är ett samband, inte orsak: svaren är minnen, och andra skillnader i uppväxten kan ligga "
    "bakom båda."
)


def _counted(municipalities: int | None, totals: Totals) -> str:
    """How many municipalities were published; where memberships were counted, that they were."""
    if municipalities is None:
        return ""
    are_memberships = municipalities == totals.memberships != totals.municipalities
    return f"{municipalities} {'medlemskap' if are_memberships else 'kommuner'}"


def _apart(found: Difference) -> str:
    """What is said of a difference: "+22 (+18 till +26)"."""
    return f"{found.said} ({found.interval})" if found.points is not None else ""


def _verdict(row: Row, whom: Whom) -> str:
    return "" if whom.hidden else WORDS[row.verdict]


SCENES = {
    one.code: one
    for one in (
        Told("innehall", "Om innehållet", _content_note),
        Told("fov", "Vad FOV är", _form),
        Told("tillvaxt", "Hur uppdraget har vuxit", _growth),
        Told("karta", "Kartan, grupp för grupp", _map),
        Told("minst-ett-ja", "Minst ett Ja", _any),
        Told("kvinnor-och-man", "Kvinnor och män", _women_and_men),
        Told("hundra", "Hundra personer", _hundred),
        Told("bevittnat", "Bevittnat våld och de andra frågorna", _witnessed),
        Told("forbund", "Ett förbund", _federation),
        Told("vet-inte", "Vad vi inte vet", _unknown),
        Told("stod", "Stöd, och adressen hit", _support),
    )
}
"""The whole story, by code and in order."""
