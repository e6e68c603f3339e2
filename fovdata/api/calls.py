"""The calls of the API: what each may be asked, and the figures that answer it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from fovdata import published, registry
from fovdata import questionnaire as form
from fovdata.api.answers import (
    AdjustedRatio,
    Answer,
    Column,
    Fact,
    Figures,
    Health,
    Part,
    Row,
    Table,
    Tables,
    Value,
    declared,
)
from fovdata.api.parameters import (
    ADJUSTED,
    FEDERATION,
    FILTERS,
    FORMS,
    GENDER_SPLIT,
    JSON_ONLY,
    NO_SPLIT,
    OUTPUT,
    SPLIT,
    WOMEN_OR_MEN,
    Asked,
    Parameter,
)
from fovdata.api.refusals import Reason, Refused
from fovdata.figures import comparisons, coverage, shares, together
from fovdata.figures.comparisons import Beside, Limit, Verdict
from fovdata.figures.estimates import Difference, Estimate, Ratio
from fovdata.figures.release import NotOffered

SHARES = (Part("", "", Estimate),)
WOMEN_AND_MEN = (
    Part("women", form.WOMEN.label, Estimate),
    Part("men", form.MEN.label, Estimate),
    Part("difference", "Kvinnors andel minus mäns", Difference),
)
ASSOCIATION = (
    Part("yes", f"Ja på fråga {form.WITNESSED.number}", Estimate),
    Part("no", f"Nej på fråga {form.WITNESSED.number}", Estimate),
    Part("difference", "Andelen vid Ja minus den vid Nej", Difference),
    Part("ratio", "Andelen vid Ja delad med den vid Nej", Ratio),
    Part("adjusted", "Kvoten justerad för kön, hela landet", AdjustedRatio, everywhere=False),
)

COMPARISON = (
    Part("federation", "Förbundet", Estimate),
    Part("region", "Regionen", Estimate),
    Part("country", "Landet", Estimate),
    Part("difference", "Förbundets andel minus övriga landets", Difference),
)
COMPARISON_FACTS = (
    Fact(
        "verdict",
        "higher: högre än övriga landet; lower: lägre; no_certain_difference: ingen säker "
        "skillnad; null: prövas inte. Alla förbund och frågor prövas tillsammans (Benjamini och "
        "Hochberg).",
        tuple(Verdict),
        always=False,
    ),
    Fact(
        "beside",
        "rest: region och land är utan förbundet; whole: hela regionen och hela landet, där "
        "förbundets egen andel inte visas. Ett ensamt förbund har ingen region bredvid sig.",
        tuple(Beside),
    ),
    Fact(
        "outside",
        "Förbundets andel ligger utanför trattens gräns runt landets andel, så många procent av "
        "lika grupper ligger innanför; null: innanför, eller visas inte.",
        tuple(Limit),
        always=False,
    ),
)

FEDERATIONS = replace(
    declared("federations"),
    columns=(
        *declared("memberships", "federation").columns,
        *declared(
            "federations", "name", "region", "group", "year_joined", "year_certainty"
        ).columns,
        Column(
            "status",
            "Läge",
            "joined: med i uppdraget; answers_shown: med, och svaren är nog för att visas.",
            "string",
            codes=("joined", "answers_shown"),
        ),
    ),
)
MEMBERSHIPS = declared("memberships", "federation", "municipality", "name_in_source")
REGIONS = replace(
    declared("regions"),
    columns=(
        *declared("regions").columns,
        Column(
            "answers",
            "Antal svar",
            "Svar från regionen till närmaste fem; tomt där de är för få för att visas.",
            "integer",
            required=False,
        ),
    ),
)
TOTALS = Table(
    "totals",
    "Summor",
    tuple(
        Column(field.name, declared(field.name).label, "Antal som är med i uppdraget.", "integer")
        for field in fields(registry.Totals)
    ),
    (),
)
COVERAGE = Tables("Täckning", (FEDERATIONS, MEMBERSHIPS, REGIONS, TOTALS), "totals", "federations")
PUBLISHED = Tables("Publicerade uppgifter", tuple(declared(name) for name in published.TABLES))


@dataclass(frozen=True)
class Call:
    """One address of the API. ``summary`` and ``description`` are Swedish.

    ``shape`` is what the answer is made of: the parts of its rows, its tables without their rows,
    or its type. ``facts`` are what its rows say besides.
    """

    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    shape: Sequence[Part] | Tables | type[Health]
    answer: Callable[[Asked], Answer]
    facts: Sequence[Fact] = ()


def _health(asked: Asked) -> Health:
    return Health("ok", asked.release.number, asked.release.data)


def _shares(asked: Asked) -> Figures:
    release, selection, by = asked.release, asked.selection, asked.by
    if FORMS not in by:
        found = shares.shares(release, selection, by)
    elif by == (FORMS,) and not selection.chosen:
        found = shares.first_and_repeat(release)
    else:
        raise NotOffered  # repeat forms are counted for the whole country only
    rows = [Row(one.question, one.group, {"": one.estimate}) for one in found]
    return _figures(asked, SHARES, rows)


def _women_and_men(asked: Asked) -> Figures:
    found = shares.women_and_men(asked.release, asked.selection)
    rows = [
        Row(one.question, {}, {"women": one.women, "men": one.men, "difference": one.difference})
        for one in found
    ]
    return _figures(asked, WOMEN_AND_MEN, rows)


def _association(asked: Asked) -> Figures:
    release, selection = asked.release, asked.selection
    adjusted: Mapping[str, AdjustedRatio] = {}
    if not selection.chosen and not asked.by:
        adjusted = {
            one.question: AdjustedRatio(**vars(one.adjusted), p=one.p)
            for one in together.adjusted(release)
        }
    rows = [
        Row(
            one.question,
            {"gender": one.gender} if one.gender else {},
            {
                "yes": one.yes,
                "no": one.no,
                "difference": one.difference,
                "ratio": one.ratio,
                **({"adjusted": adjusted[one.question]} if adjusted else {}),
            },
        )
        for one in together.witnessed(release, selection, bool(asked.by))
    ]
    return _figures(asked, ASSOCIATION, rows)


def _comparison(asked: Asked) -> Figures:
    genders, adjust = asked.selection.gender, asked.values["adjust"] != (NO_SPLIT,)
    if genders and adjust:
        raise Refused(
            Reason.CONTRADICTORY_SELECTION,
            "Hänsyn till kön går inte att ta där bara kvinnor eller bara män är valda.",
        )
    wanted = asked.selection.federation
    rows = [
        Row(
            one.question,
            {"federation": one.federation},
            {
                "federation": one.own,
                "region": one.region,
                "country": one.country,
                "difference": one.difference,
            },
            {"verdict": one.verdict, "beside": one.beside, "outside": one.outside},
        )
        for one in comparisons.compared(asked.release, genders, adjust)
        if not wanted or one.federation in wanted
    ]
    return replace(_figures(asked, COMPARISON, rows), facts=COMPARISON_FACTS)


def _figures(asked: Asked, parts: Sequence[Part], rows: Sequence[Row]) -> Figures:
    release, selection = asked.release, asked.selection
    (whole,) = shares.number_of_answers(release, selection)
    words = selection.words(registry.load())
    return Figures(parts, words, release.data, release.number, release.date, whole.n, rows)


def _coverage(asked: Asked) -> Tables:
    known, release = registry.load(), asked.release
    shown = coverage.federations_with_answers(release)
    rows: Sequence[Sequence[Mapping[str, Any]]] = (
        [
            vars(one)
            | {"federation": one.slug}
            | {"status": "answers_shown" if one.slug in shown else "joined"}
            for one in known.taking_part
        ],
        [vars(one) for one in known.memberships if one.valid_to is None],
        [vars(one.region) | {"answers": one.answers} for one in coverage.regions(release, known)],
        [vars(known.totals())],
    )
    return replace(
        COVERAGE,
        updated=release.date,
        tables=tuple(
            replace(table, rows=[_picked(table, row) for row in found])
            for table, found in zip(COVERAGE.tables, rows, strict=True)
        ),
    )


def _published(_: Asked) -> Tables:
    rows = published.tables()
    return replace(
        PUBLISHED, tables=tuple(replace(one, rows=rows[one.name]) for one in PUBLISHED.tables)
    )


def _picked(table: Table, row: Mapping[str, Any]) -> Mapping[str, Value]:
    """The table's columns of a row, in order."""
    return {column.name: row[column.name] for column in table.columns}


_ROUNDED = "Andelar är hela procent och antal svar avrundade till närmaste fem."

CALLS = (
    Call(
        "health",
        "Om en utgåva visas, och av vilket slag av svar",
        "Svarar bara i JSON.",
        (JSON_ONLY,),
        Health,
        _health,
    ),
    Call(
        "shares",
        "Andel som svarat Ja på varje fråga",
        f"För ett urval, helt eller indelat i grupper. {_ROUNDED} Dolda rader har inget tal.",
        (SPLIT, *FILTERS, OUTPUT),
        SHARES,
        _shares,
    ),
    Call(
        "women-and-men",
        "Kvinnor och män på varje fråga, och skillnaden",
        f"Skillnaden är i procentenheter och räknas på oavrundade andelar. {_ROUNDED}",
        (*(one for one in FILTERS if one.name != "gender"), OUTPUT),
        WOMEN_AND_MEN,
        _women_and_men,
    ),
    Call(
        "association",
        f"{form.WITNESSED.short} (fråga {form.WITNESSED.number}) mot var och en av de andra "
        "frågorna",
        "Andel Ja bland dem som svarat Ja och bland dem som svarat Nej på fråga "
        f"{form.WITNESSED.number}, skillnaden i procentenheter och kvoten. Ett filter eller "
        "indelningen i taget. Ett samband, inte en orsak.",
        (GENDER_SPLIT, *FILTERS, OUTPUT),
        ASSOCIATION,
        _association,
    ),
    Call(
        "comparison",
        "Förbund bredvid övriga regionen och övriga landet, och vilka skillnader som är säkra",
        "Ett förbund, flera eller alla. Skillnaden är i procentenheter och räknas på oavrundade "
        f"andelar. {_ROUNDED}",
        (FEDERATION, WOMEN_OR_MEN, ADJUSTED, OUTPUT),
        COMPARISON,
        _comparison,
        COMPARISON_FACTS,
    ),
    Call(
        "coverage",
        "Registret: förbund, medlemskap, regioner och summor",
        "I CSV bara förbunden.",
        (OUTPUT,),
        COVERAGE,
        _coverage,
    ),
    Call(
        "published",
        "Vad som är publicerat, med källor",
        "Räknas aldrig om. I CSV ett värde per rad.",
        (OUTPUT,),
        PUBLISHED,
        _published,
    ),
)
