"""The words of the statistics, each in two plain sentences: behind a card's "?" and in a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fovdata import wording
from fovdata.rules import Rules


@dataclass(frozen=True)
class Term:
    """A word that the pages use, and what it means in plain Swedish."""

    word: str
    meaning: str


SHARE, INTERVAL, DIFFERENCE, RATIO = "share", "interval", "difference", "ratio"
HIDDEN, LIMIT, NOISE, RELEASE = "hidden", "limit", "noise", "release"
ADJUSTED, VERDICT, FUNNEL, REST = "adjusted", "verdict", "funnel", "rest"
PERSONS, REPEATED, FIGURES = "persons", "repeated", "figures"
ASSOCIATION, KINDS, MEMBERSHIP = "association", "kinds", "membership"
JOINED, PUBLISHED, SYNTHETIC = "joined", "published", "synthetic"

CARDS: Mapping[str, Sequence[str]] = {
    "kvinnor-och-man": (SHARE, INTERVAL),
    "tillvaxt": (JOINED, MEMBERSHIP),
    "publicerade-svar": (PUBLISHED,),
    "karta": (JOINED, MEMBERSHIP),
    "rutor": (JOINED, MEMBERSHIP),
    "tathet": (JOINED, HIDDEN),
    "kon": (SHARE, INTERVAL),
    "skillnad": (DIFFERENCE, INTERVAL),
    "alder": (SHARE, INTERVAL),
    "tredje-svaret": (SHARE, HIDDEN),
    "fragor": (SHARE, INTERVAL),
    "senaste-aret": (SHARE, INTERVAL),
    "bevittnat": (ASSOCIATION, INTERVAL),
    "hundra": (FIGURES, ASSOCIATION),
    "skillnad-bevittnat": (DIFFERENCE, ASSOCIATION),
    "kvot": (RATIO, ADJUSTED),
    "bevittnat-kvinna": (ASSOCIATION, INTERVAL),
    "bevittnat-man": (ASSOCIATION, INTERVAL),
    "minst-ett-ja": (SHARE, LIMIT),
    "slag": (KINDS, LIMIT),
    "par": (KINDS, SHARE),
    "ifyllnad": (PERSONS, REPEATED),
    "jamforelse": (REST, VERDICT),
    "kvinnor-och-man-har": (SHARE, INTERVAL),
    "svarande": (PERSONS, HIDDEN),
    "precision": (INTERVAL,),
    "tratt": (FUNNEL, VERDICT),
    "matta": (VERDICT, REST),
}
"""What the "?" of each card explains, by the card's name."""


def terms(rules: Rules) -> Mapping[str, Term]:
    """Every term, in the order of the list."""
    return {
        SHARE: Term(
            "Andel Ja",
            "Antalet som svarat Ja delat med antalet som svarat på frågan, i procent. Den som har "
            "lämnat frågan tom räknas inte med i den frågan.",
        ),
        INTERVAL: Term(
            "95 % intervall",
            "Andelen kunde av slump ha blivit en annan; intervallet visar hur mycket, bruset "
            "inräknat. Av hundra sådana intervall innehåller ungefär 95 det värde som de söker.",
        ),
        DIFFERENCE: Term(
            "Skillnad",
            "Den ena andelen minus den andra, i procentenheter: från 20 till 30 procent är tio. "
            "Rymmer intervallet noll kan skillnaden vara slump.",
        ),
        RATIO: Term(
            "Kvot",
            "Den ena andelen delad med den andra: kvoten 2 betyder dubbelt så vanligt. Rymmer "
            "intervallet 1 kan kvoten vara slump.",
        ),
        ADJUSTED: Term(
            "Hänsyn till kön",
            "Siffran räknas som om grupperna hade lika stor andel kvinnor. Då kommer skillnaden "
            "inte av att det är fler kvinnor i den ena.",
        ),
        ASSOCIATION: Term(
            "Samband",
            "Två svar som ofta följs åt: den som svarat Ja på det ena har oftare svarat Ja på det "
            "andra. Det säger inte att det ena är orsak till det andra.",
        ),
        KINDS: Term(
            "Slag av våld",
            "Psykiskt, fysiskt och sexuellt våld, var för sig och tillsammans. Samma person kan "
            "ha svarat Ja på flera.",
        ),
        FIGURES: Term(
            "Hundra figurer",
            "Andelen ritad så att varje figur är en procent av dem som svarat. Figurerna är inga "
            "bestämda personer.",
        ),
        REST: Term(
            "Övriga regionen, övriga landet",
            "Regionens och landets svar utan förbundets egna, så att förbundet inte jämförs med "
            "sig självt. Visas inte förbundets egen andel jämförs det med hela.",
        ),
        VERDICT: Term(
            "Högre, lägre, ingen säker skillnad",
            "Högre eller lägre står där förbundets andel skiljer sig mer från övriga landets än "
            "slumpen brukar göra. Alla förbund och frågor prövas tillsammans, så att få av orden "
            "är falska larm.",
        ),
        FUNNEL: Term(
            "Tratt",
            "Ju färre svar, desto mer svänger en andel av slump; tratten visar hur mycket. En "
            "punkt utanför är ovanlig, men säger inte varför.",
        ),
        PERSONS: Term(
            "Unika personer",
            "Formulär som fyllts i för första gången: en person, ett formulär. De flesta kort "
            "räknar bara dem.",
        ),
        REPEATED: Term(
            "Upprepade formulär",
            "Formulär som samma person har fyllt i en andra gång eller fler. De jämförs med de "
            "första i ett eget kort och räknas inte med någon annanstans.",
        ),
        HIDDEN: Term(
            "För få svar",
            f"Bygger en siffra på färre än {rules.show} svar visas den inte, för då kunde någon "
            "få veta vad en enda person har svarat. Det gäller överallt, också i filer och API.",
        ),
        LIMIT: Term(
            "Under eller över en gräns",
            f"Har färre än {rules.code} svarat Ja, eller Nej, visas inte andelen utan bara en "
            "gräns, som ”under 25 %”. En andel på 0 eller 100 procent skulle tala om vad alla "
            "har svarat.",
        ),
        NOISE: Term(
            "Brus",
            f"Ett slumptal mellan −{rules.bound} och {rules.bound} som läggs till varje antal "
            "innan något räknas på det. Samma grupp får alltid samma tal, så det går inte att "
            "fråga bort.",
        ),
        RELEASE: Term(
            "Utgåva",
            "Alla siffror så som de räknades och skyddades en viss dag. En utgåva ändras aldrig; "
            "nya svar kommer med i nästa.",
        ),
        JOINED: Term(
            "Med i uppdraget",
            "Förbundet har anslutit sig till arbetet med FOV, och då är dess kommuner med. Det "
            "säger inte hur många svar som har kommit därifrån.",
        ),
        MEMBERSHIP: Term(
            "Medlemskap",
            "En kommun i ett förbund. En kommun som står i två förbund är två medlemskap men en "
            "kommun.",
        ),
        PUBLISHED: Term(
            "Publicerad",
            "Siffran står i något som NNS har gett ut, och källan är angiven. Den räknas aldrig "
            "om här.",
        ),
        SYNTHETIC: Term(
            "Syntetiska svar",
            "Svar som ett program har hittat på för att visa hur sidorna fungerar. Ingen verklig "
            "person finns bland dem.",
        ),
    }


def of_card(name: str, rules: Rules) -> str:
    """What a card's "?" says, as Markdown."""
    known = terms(rules)
    return "\n\n".join(f"**{known[one].word}.** {known[one].meaning}" for one in CARDS[name])


def in_full(rules: Rules) -> str:
    """The whole list in alphabetical order, as Markdown."""
    ordered = sorted(terms(rules).values(), key=lambda term: wording.alphabetical(term.word))
    return "\n\n".join(f"**{term.word}**  \n{term.meaning}" for term in ordered)
