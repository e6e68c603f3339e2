"""The method page's texts; every number in them is read from what owns it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

from fovdata import published, wording
from fovdata import questionnaire as form
from fovdata.figures.comparisons import FALSE_DISCOVERIES, LEAST_EXPECTED
from fovdata.figures.release import Release
from fovdata.markup import plain
from fovdata.registry import Registry
from fovdata.rules import STANDING_NOTE, Rules
from fovdata.selection import LABELS

PARAMETERS = {
    "sigma": "Brusets standardavvikelse, innan det begränsas",
    "bound": "Bruset är ett heltal från minus till plus detta",
    "show": "Minsta antal svar för att en siffra ska visas",
    "code": "Färre Ja, eller färre Nej, än så: andelen visas bara som en gräns",
    "mean_cell_2": "Minsta medelantal per grupp i en tabell med en eller två indelningar",
    "mean_cell_3": "Minsta medelantal per grupp i en tabell med tre indelningar",
    "association": "Minsta antal svar när två frågor räknas tillsammans",
    "batch": "Så många nya svar måste ett förbund ha för att de ska tas in",
}
"""What each of the disclosure rules' parameters means; a test holds the two together."""


def definitions() -> str:
    """What is counted."""
    return (
        "**Andel Ja** är antalet som svarat Ja delat med antalet som svarat på frågan; en fråga "
        "som lämnats tom räknas inte med i den frågan. **Unika personer** är formulär som fyllts "
        f"i för första gången (”{form.FIRST_TIME.form}”); alla kort utom det om upprepade "
        "formulär räknar dem. Ingen fråga har någon tidsgräns: alla gäller hela livet hittills. "
        "**År** är formulärets år. Formuläret gäller från 18 år och NNS redovisar 16–64 år; "
        "svar med annan ålder räknas bara med i totaler. Hur många som tillfrågats samlas inte "
        "in, så någon svarsandel kan inte visas."
    )


def missing_answers() -> str:
    """What becomes of a question that was left blank, and of those who never answered."""
    return (
        "En fråga kan lämnas tom. Den som gjort det räknas inte i den frågan, varken som Ja eller "
        "Nej, men i de frågor som är besvarade. Antalet svar kan därför skilja sig mellan frågor i "
        "samma urval. Inga tomma svar fylls i eller gissas, och ingen figur väger upp för dem. Där "
        "flera frågor räknas ihop är de med som har besvarat alla de frågorna. Där två frågor "
        "ställs mot varandra antas de få som lämnat bara den ena tom ha svarat som de andra på "
        "den de besvarat: räknade för sig vore de sämre skyddade än alla andra. Vilka som "
        "tillfrågats utan att svara är inte känt; de kan skilja sig från dem som svarat."
    )


def disclosure(rules: Rules) -> str:
    """How one person's answer is protected, in plain words."""
    return (
        "Servern som visar sidan har inga enskilda svar, bara röjandeskyddade antal. Varje antal "
        "får ett litet slumpmässigt heltal draget en gång för alla ur en hemlig nyckel och "
        "gruppens alla personer, så att samma grupp alltid får samma siffra, hur man än frågar. "
        f"Andelar räknas på de skyddade antalen. Under {rules.show} svar visas ingenting "
        f"(”{wording.HIDDEN}”). Är Ja-svaren eller Nej-svaren färre än {rules.code} visas bara en "
        "gräns, som ”under 25 %”; alltså aldrig 0 eller 100 procent. Antal anges till närmaste "
        f"femtal. {STANDING_NOTE}\n\n"
        "Det är röjandekontroll, inte differentiell integritet. En simulering på svar av den här "
        "storleken säger att den som redan känner till *alla andra* svar i landet gissar det sista "
        "rätt omkring 90 gånger av 100, och den som känner till alla andra i sitt eget förbund "
        "omkring 70. Den som bara känner till allas kön, ålder och andra bakgrund får inte veta "
        "något säkert om någon; hur det prövas står i projektets dokumentation."
    )


def offered(release: Release) -> str:
    """Which combinations of filters and splits are offered."""
    tables = [
        " × ".join(LABELS[dimension].lower() for dimension in table) or "hela landet"
        for table in release.tables
    ]
    return f"{len(tables)} tabeller visas: {', '.join(tables)}."


def statistics() -> str:
    """How intervals and differences are computed."""
    return (
        "Intervallen är 95-procentiga. För en andel: Wilsons metod vid ett effektivt antal svar "
        "som är mindre än det verkliga, så att bruset ryms i intervallet. För en skillnad: "
        "Newcombes metod ur de två intervallen. En skillnad kallas säker när intervallet inte "
        "rymmer noll. Fråga 6 mot en annan fråga visas också som en kvot, den ena andelen Ja delad "
        "med den andra: Katz intervall på logaritmisk skala, med bruset i alla de fyra antalen; "
        "justerad för kön är den Mantels och Haenszels, med Greenlands och Robins intervall, och "
        "en kvot kallas säker när intervallet inte rymmer 1. Om kvinnors och mäns samband skiljer "
        "sig åt prövas med Breslows, Days och Tarones test av oddskvoter, med bruset och med Holms "
        "korrigering för att alla frågor prövas på en gång. Ger testet inget utslag betyder det "
        "inte att sambanden är lika; ger det utslag skiljer sig oddskvoterna åt, men kvoterna av "
        "andelar i diagrammet kan ändå vara lika. Intervallen gäller slump och brus, inget annat: "
        "svaren är minnen, och de kommer från dem som tillfrågats och valt att svara. En hög andel "
        "Ja betyder att våld upptäcks, inte att något är dåligt skött."
    )


def comparisons() -> str:
    """How a federation is set beside region and country, and when a difference is called real."""
    false, least = wording.percent(round(100 * FALSE_DISCOVERIES)), LEAST_EXPECTED
    return (
        "Ett förbund jämförs med *övriga* regionen och *övriga* landet: hela antalet minus "
        "förbundets, båda röjandeskyddade. Visas inte förbundets egen andel skulle resten kunna "
        "avslöja den; då står hela regionen och hela landet där i stället. Finns ett enda annat "
        "förbund i regionen står det förbundets egen siffra där, så att samma personer alltid har "
        "samma siffra. Finns inget annat står bara landet bredvid.\n\n"
        "”Högre” och ”lägre” betyder att skillnaden mot övriga landet håller när alla förbund och "
        "alla sju frågor prövas på en gång: ett z-test med bruset i båda andelarna, och Benjaminis "
        f"och Hochbergs korrigering, så att högst omkring {false} av alla ”högre” och ”lägre” "
        f"väntas vara fel. Där förbundet väntas ha färre än {least} Ja, eller färre än {least} "
        "Nej, prövas inget. Skillnadens intervall gäller en jämförelse för sig; det kan därför gå "
        "fritt från noll utan att orden står där.\n\n"
        "I **tratten** ligger förbund som är lika varandra innanför gränserna 95 respektive 99,8 "
        "gånger av 100: landets andel plus och minus 1,96 respektive 3,09 standardavvikelser av "
        "slump och brus för förbundets antal svar. Skiljer sig förbunden mer än så "
        "(överspridning) sägs det i ord; gränserna vidgas inte. **Hänsyn till kön** är direkt "
        "standardisering: kvinnornas och männens andelar i förbundet vägs ihop som kvinnor och män "
        "är fördelade i hela landet, där båda andelarna visas. De jämförelserna prövas för sig."
    )


def precision_of_intervals() -> str:
    """How often the intervals hold what they promise."""
    return (
        "I simuleringar med bruset rymmer 95-procentsintervallet för en andel det sanna värdet i "
        "93–97 fall av 100 när svaren är 40–200 och andelen 15–85 %. Utanför det kan det vara "
        "sämre: ner mot 91 av 100 vid 40 svar och mycket låga eller höga andelar, och 88 av 100 "
        "vid 20 svar. Bland de andelar som visas är det lägre än så där få har svarat Ja eller "
        "Nej, för av dem visas bara de som ligger längst från gränsen. Ett intervall vid en sådan "
        "siffra ska läsas med försiktighet. "
        "Simuleringarna finns i projektets dokumentation och görs om med ett kommando."
    )


def contradictions(registry: Registry) -> Iterator[str]:
    """Where the sources contradict each other, and what is shown."""
    totals = registry.totals()
    growth = published.growth()[-1]
    report = published.source("S-REP").short
    twice = plain(wording.enumerated([one.name for one in registry.in_several]))
    yield (
        f"**{growth.municipalities} eller {totals.municipalities} kommuner.** {report} anger "
        f"{growth.municipalities}. Det är antalet medlemskap: {twice} står i två förbund var. "
        f"Här visas {totals.municipalities}."
    )
    answering = published.answers()[-1].regions
    yield (
        f"**{totals.regions} eller {answering} regioner.** {totals.regions} regioner hade anslutit "
        f"sig i {growth.when}, men svar hade kommit från {answering}. Kalmar län rekryterades 2022 "
        "och lämnade ut sina första formulär andra halvåret 2023."
    )
    asked, analysed = _answers_by("S-INV"), _answers_by("S-REP", "våren 2022")
    yield (
        f"**{asked} eller {analysed} svar.** {asked} unika personer till februari 2022 och "
        f"{analysed} förstagångsformulär våren 2022 räknar olika saker, och ingen källa stämmer av "
        "dem. De visas därför aldrig som en serie."
    )
    then = next(one for one in published.growth() if one.date.year == 2021)
    until = registry.totals("3").federations
    new = sum(one.group == "4" for one in registry.federations)
    yield (
        f"**{then.federations} eller {until} förbund.** I november 2021 publicerades "
        f"{then.federations} förbund; registret har {until} som anslutit sig till dess. "
        f"{then.federations} och de {new} nya år 2022 blir {then.federations + new}, men "
        f"{totals.federations} är listade: några har lämnat eller gått samman, och ingen källa "
        "säger vilka."
    )
    yield (
        "**När förbunden anslöt.** Grupp 2:s år är inte publicerat: efter hösten 2019, senast i "
        f"februari 2022. Att grupp 3 anslöt 2021 är härlett: ett av förbunden, Sollentuna - "
        "Upplands Väsby - Sigtuna, anslöt i maj 2021, och pilotförbunden, grupp 2 och grupp 3 har "
        f"tillsammans just de {then.municipalities} kommuner som publicerades i november 2021."
    )


def _answers_by(source: str, when: str | None = None) -> str:
    """A published number of answers by its source, and by when where the source has several."""
    (found,) = (
        one.answers
        for one in published.answers()
        if one.source == source and when in (None, one.when)
    )
    return wording.number(found)


def experience() -> list[Mapping[str, str]]:
    """The published ranges of how many answer Ja to something and to question 6."""
    measures = {"any": "Ja på minst en fråga", "q6": f"Ja på fråga 6, {form.BY_CODE['q6'].short}"}
    return [
        {
            "Mäter": said,
            "Andel": wording.percent(one.high)
            if one.low == one.high
            else f"{one.low}–{wording.percent(one.high)}",
            "Gäller": ", ".join(filter(None, (one.area, one.when))),
            "Källa": published.source(one.source).short,
        }
        for measure, said in measures.items()
        for one in published.experience(measure)
    ]


def parameters(rules: Rules) -> list[Mapping[str, str]]:
    """The disclosure rules' parameters: what each means, its value, its name in the code."""
    return [
        {"Betyder": PARAMETERS[name], "Värde": f"{value:g}", "Parameter": name}
        for name, value in asdict(rules).items()
    ]


def synthetic() -> str:
    """What the demonstration's answers are."""
    return (
        "De svar som visas här är **syntetiska**. Ett program har gjort dem så att de liknar det "
        "som NNS har publicerat: antalet svar, andelarna för kvinnor och män på fråga 1–4 och "
        "sambandet med fråga 6. Allt annat är påhittat: svaren på fråga 5 och 7, åldrar, "
        "myndigheter, varje förbunds antal och andelar. Fyra förbund har gjorts avvikande med "
        "avsikt, för att jämförelser ska ha något att hitta. Dra inga slutsatser om något förbund."
    )


def references() -> list[Mapping[str, str]]:
    """Other surveys' figures, each with its definition and how comparable it is."""
    comparable = {"low": "låg", "medium": "måttlig"}
    return [
        {
            "Undersökning": one.reference,
            "Mäter": one.definition,
            "Gäller": one.population or "–",
            "Kvinnor": one.women_text,
            "Män": one.men_text or "–",
            "Jämförbarhet": comparable[one.comparability],
            "Obs": one.note or "–",
        }
        for one in published.references()
    ]


def support() -> list[Mapping[str, str]]:
    """Where help is to be had."""
    found = published.support()
    kinds = dict.fromkeys((one.name, one.phone, one.web, one.status) for one in found)
    return [
        {
            "Stöd": name,
            "Telefon": phone or "–",
            "Webb": web or "–",
            "Var": wording.enumerated(
                [o.area for o in found if (o.name, o.status) == (name, status)]
            ),
            "Läge": status,
        }
        for name, phone, web, status in kinds
    ]
