"""The texts of the page on handing in answers; every number in them is read from what owns it."""

from collections.abc import Iterable, Iterator, Mapping

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.rules import Rules
from fovdata.template import INSTRUCTIONS, KEEP, NEVER, PREFILLED

NO_UPLOAD = (
    "Den här webbplatsen tar inte emot några svar. De läses in i **mottagningen**, ett eget "
    "program på NNS egen dator, skild från servern som visar siffrorna. Fråga NNS hur du når den."
)


def way(rules: Rules) -> str:
    """From the paper form to a release, step by step."""
    return (
        "1. **Skriv av formulären i mallen**, en rad för varje formulär. Datum, ålder och svar "
        "kontrolleras redan när du skriver.\n"
        "1. **Läs in filen i mottagningen.** En egen fil går också bra, om kolumnerna har "
        "formulärets rubriker.\n"
        "1. **Rätta det som kontrollen hittar.** Den säger vilken rad och kolumn det gäller, vad "
        "som är fel och vad du gör, och lämnar tillbaka filen med felen utmärkta. Rätta i den och "
        "läs in den igen. Så länge något är fel sparas ingenting.\n"
        "1. **Svaren anonymiseras** när filen är rätt. Bara det som står i tabellen nedan "
        "sparas, filen gör det inte.\n"
        f"1. **Svaren syns i en utgåva** när året är slut och förbundet har minst "
        f"{wording.in_words(rules.batch)} nya svar."
    )


def afterwards() -> str:
    """What becomes of a fault that is found later."""
    return (
        "Upptäcker du ett fel i efterhand? Rätta i filen och läs in hela filen igen. Samma "
        f"formulär räknas inte två gånger. {KEEP}"
    )


def sheets() -> str:
    """What the template holds."""
    return (
        "Mallen är en arbetsbok för Excel eller LibreOffice, utan makron. Kolumnerna är "
        "formulärets, och svaren väljs i listor. Hur man fyller i står i bladet "
        f"”{INSTRUCTIONS}”. Väljer du ditt förbund är det redan ifyllt på de första "
        f"{PREFILLED} raderna, och ensamt i listan över förbund."
    )


def never() -> str:
    """What may not stand in a file, and what happens if it does."""
    return (
        f"Skriv aldrig **{_either(NEVER)}** i filen: inte i "
        "någon kolumn, inte i en kommentar och inte i filens namn. Formuläret frågar inte efter "
        "sådant. Hittar kontrollen en personuppgift tas filen inte emot förrän den är borttagen, "
        "och felet pekar ut rutan utan att upprepa vad som står där."
    )


def kept() -> list[Mapping[str, str]]:
    """Every field of the form, and what is kept of it."""
    values = {
        "date": "till exempel 2022, första halvåret",
        "gender": _either(_own_words(form.GENDERS)),
        "age": _either(one.label.lower() for one in (*form.AGE_BANDS, form.OTHER_AGE)),
        "fill_count": _either(_own_words(form.FILL_COUNTS)),
        "authority": _either(_own_words((*form.AUTHORITIES, form.NO_AUTHORITY))),
    }
    first, last = form.QUESTIONS[0].number, form.QUESTIONS[-1].number
    return [
        *(
            {
                "På formuläret": field.label,
                "Det här sparas": ": ".join(filter(None, (field.kept, values.get(field.code))))
                or "ingenting",
            }
            for field in form.FIELDS
        ),
        {
            "På formuläret": f"Fråga {first}–{last}",
            "Det här sparas": _either(_own_words(form.ANSWERS)),
        },
    ]


def _own_words(categories: tuple[form.Category, ...]) -> Iterator[str]:
    """As the form writes them, and what it leaves empty as the product does."""
    return (category.form or category.label.lower() for category in categories)


def _either(words: Iterable[str]) -> str:
    """ "Ja, Nej eller ej besvarad" """
    *others, last = words
    return f"{', '.join(others)} eller {last}"


def why() -> str:
    """Why the rest is thrown away, and what is added."""
    return (
        "Ort, verksamhet, dag och exakt ålder kan tillsammans peka ut en person i ett litet "
        "förbund, och ingen siffra på webbplatsen behöver dem. Det som inte sparas kan inte läcka. "
        "Till varje svar läggs ett nummer som inte säger något om personen; med det känns samma "
        "formulär igen om det läses in en gång till."
    )


def shown(rules: Rules) -> str:
    """When answers that have been read in are seen on the pages."""
    return (
        "Siffrorna ändras bara när NNS gör en ny utgåva. Med i den kommer svar från år som är "
        f"slut, och bara om förbundet har minst {wording.in_words(rules.batch)} nya svar sedan "
        "förra utgåvan. Annars väntar de till en senare: en siffra som ändras för ett enda nytt "
        "svar avslöjar det svaret. Rättade och borttagna svar följer samma regel. För en grupp "
        f"med färre än {rules.show} svar visas ingenting."
    )
