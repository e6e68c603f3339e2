"""The method page's texts; every number in them is read from what owns it."""

from collections.abc import Iterator, Mapping

from fovdata import published, wording
from fovdata import questionnaire as form
from fovdata.figures.release import Release
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
        "Det är röjandekontroll, inte differentiell integritet: den som redan känner till "
        "*alla andra* svar i landet gissar ett svar som lika gärna kan vara Ja som Nej rätt 82 "
        "gånger av 100; den som känner alla andra i sitt eget förbund 58 gånger."
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
        "rymmer noll. Intervallen gäller slump och brus, inget annat: svaren är minnen, och de "
        "kommer från dem som tillfrågats och valt att svara. En hög andel Ja betyder att våld "
        "upptäcks, inte att något är dåligt skött."
    )


def contradictions(registry: Registry) -> Iterator[str]:
    """Where the sources contradict each other, and what is shown."""
    totals = registry.totals()
    growth = published.growth()[-1]
    report = published.source("S-REP").short
    twice = wording.enumerated([one.name for one in registry.in_several])
    yield (
        f"**{growth.municipalities} eller {totals.municipalities} kommuner.** {report} anger "
        f"{growth.municipalities}. Det är antalet medlemskap: {twice} står i två förbund var. "
        f"Här visas {totals.municipalities}."
    )
    yield (
        f"**{totals.regions} eller 16 regioner.** {totals.regions} regioner hade anslutit sig i "
        "december 2022, men svar hade kommit från 16. Kalmar län rekryterades 2022 och lämnade "
        "ut sina första formulär andra halvåret 2023."
    )
    yield (
        "**1 800 eller 1 260 svar.** 1 800 unika personer till februari 2022 och 1 260 "
        "förstagångsformulär våren 2022 räknar olika saker, och ingen källa stämmer av dem. "
        "De visas därför aldrig som en serie."
    )
    yield (
        "**30 eller 28 förbund.** I november 2021 publicerades 30 förbund; registret har 28 som "
        "anslutit sig till dess. 30 och de 12 nya år 2022 blir 42, men 40 är listade: två har "
        "lämnat eller gått samman, och ingen källa säger vilka."
    )


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
