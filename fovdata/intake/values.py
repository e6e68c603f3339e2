"""What people type in a cell, read as what the form means.

A reader takes a cell and gives a ``Reading``: the one way to write what it says, or what is wrong
with it. Nothing is guessed: what can be read in two ways is a fault that says so.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType

from fovdata import questionnaire as form
from fovdata.intake import dates
from fovdata.intake.cells import Reader, Reading, plain, whole
from fovdata.intake.federations import Federations
from fovdata.intake.findings import PERSONAL
from fovdata.registry import Registry

POSSIBLE_AGES = range(10, 111)
AGES = range(
    int(form.AGE_BANDS[0].code.split("-")[0]), int(form.AGE_BANDS[-1].code.split("-")[1]) + 1
)
"""The ages that have a band."""
UNSURE = "unsure"
"""The kind of an answer to a question from somebody who was not sure."""
FREE = ("place", "activity")
"""Fields of free text, where anything can stand."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


# Category → the ways of writing it, in ``plain`` form. A category's own words are added to them.
_YES_NO = {
    form.YES: _words("j, ja, jo, jadå, yes, y, true, sant, x, 1, ✓, ✔, √, ☒, ☑"),
    form.NO: _words("n, nej, no, false, falskt, 0"),
    form.BLANK: (
        "",
        *_words("-, --, ---, blank, blankt, tom, tomt, saknas, ej svar, inget svar, svar saknas"),
        *_words("ej besvarad, ej besvarat, obesvarad, obesvarat, ej ifyllt, ej ifylld, bortfall"),
        *_words("null, nan, na, n/a, ☐, ."),
    ),
}
_UNSURE = (
    *_words("?, ??, vet ej, vet inte, osäker, osäkert, tveksam, kanske, ej aktuellt"),
    *_words("vill ej svara, vill inte svara, vill inte uppge, vill ej uppge, avstår, avstod"),
    *_words("minns ej, minns inte, kommer inte ihåg, både ja och nej, ja/nej"),
)
_GENDERS = {
    form.WOMEN.code: _words("k, kv, kvinn, kvinna, kvinnor, kvinnan, kvinnlig, f, female, woman"),
    form.MEN.code: _words("m, man, mann, män, mannen, manlig, male"),
    form.OTHER_GENDER.code: (
        *_words("annat, annan, annat kön, övrigt, övriga, -, ?, vet ej, vet inte, vill inte svara"),
        *_words("vill ej svara, vill inte uppge, vill ej uppge, inget svarsalternativ passar"),
        *_words("inget alternativ passar, inget passar, inget av alternativen, inget av dem"),
        *_words("vill inte svara/inget alternativ passar, vill inte svara/inget passar"),
        *_words("vill inte svara eller inget svarsalternativ passar, ej svar, inget svar"),
        *_words("ickebinär, icke-binär, icke binär, hen"),
    ),
}
_FILL_COUNTS = {
    "1": _words("1, 1:a, 1a, en, ett, en gång, första, första gången, 1 gången, 1:a gången"),
    "2": _words("2, 2:a, 2a, två, två gånger, andra, andra gången, 2 gången, 2:a gången"),
    "3+": (
        *_words("3+, >3, >=3, =>3, ≥3, >2, ≥ 3, > 2, >= 3, 3:e, 3e, tre, tre gånger, tredje"),
        *_words("tredje gången, 3 gången, 3:e gången, minst 3, minst 3 gånger, minst tre gånger"),
        *_words("fler än 2, fler än två, mer än 2, mer än 2 gånger, fler än 2 gånger, 3 -, 3-"),
        *_words("fyra, fyra gånger, fjärde, fjärde gången, fem, fem gånger, femte, femte gången"),
        *(
            f"{three}{times} {or_more}"
            for three in ("3", "tre")
            for times in ("", " gånger", " ggr", " gång", " ggn")
            for or_more in ("eller fler", "eller flera", "eller mer", "el fler", "el. fler", "+")
        ),
    ),
}
_SEVERAL = _words("flera, fler, flera gånger, flera ggr, många, många gånger, upprepade gånger")
"""Can be twice as well as three times."""
_AUTHORITIES = {
    "fk": _words("fk, försäkringskassan, försäkringskassa, forsakringskassan, f-kassan, fkassan"),
    "af": (
        *_words("af, arbetsförmedlingen, arbetsförmedling, arbetsformedlingen, a-förmedlingen"),
        *_words("arbetsförm, arb förm, arb.förm, arbetsf"),
    ),
    "kommun": _words("kommun, kommunen, kommunal, socialtjänsten, socialtjänst, soc"),
    "region": (
        *_words("region, regionen, landsting, landstinget, vgr, sjukvården, sjukvård, vården"),
        *_words("hälso- och sjukvården, hälso- och sjukvård, vårdcentral, vårdcentralen"),
    ),
}
_NO_AUTHORITY = ("", *_words("-, --, ?, saknas, vet ej, vet inte, ej svar, ej angivet, ingen"))


def _vocabulary(
    ways: Mapping[str, Iterable[str]], categories: Iterable[form.Category] = ()
) -> dict[str, Reading]:
    own = {c.code: (plain(c.label), plain(c.form), c.code) for c in categories}
    return {way: Reading(code) for code in ways for way in (*ways[code], *own.get(code, ())) if way}


def _choice(known: Mapping[str, Reading], otherwise: str) -> Reader:
    """A reader of a field with ready answers; ``otherwise`` is said of anything else.

    An answer with a question mark is none, unless the field has one for who is not sure.
    """
    unknown = Reading("", "unknown", otherwise)
    doubtful = known.get("?", unknown)

    def read(cell: str) -> Reading:
        text = plain(cell)
        if one := known.get(whole(text)):
            return one
        sure = text.rstrip("?( )")
        if sure != text and "?" in text and whole(sure) in known:
            return doubtful if doubtful.kind == UNSURE else Reading("", "unknown", _DOUBTFUL)
        return unknown

    return read


_DOUBTFUL = "Frågetecknet gör svaret osäkert. Ta bort det om svaret stämmer."


def _question() -> Reader:
    unsure = Reading(form.BLANK, UNSURE, "Läses som ej besvarad.")
    coded = Reading(
        "",
        "unknown",
        "Siffran 2 kan inte läsas. Betyder 1 Ja och 2 Nej, så skriv Ja och Nej i hela kolumnen.",
    )
    known = {
        **_vocabulary(_YES_NO, form.ANSWERS),
        "": Reading(form.BLANK),
        **dict.fromkeys(_UNSURE, unsure),
        "2": coded,
    }
    return _choice(
        known, "Värdet är okänt. Skriv Ja eller Nej, eller lämna tomt om frågan är obesvarad."
    )


def _gender() -> Reader:
    blank = Reading(
        form.OTHER_GENDER.code,
        "gender_missing",
        f"Kön är inte ifyllt. Räknas som {form.OTHER_GENDER.label.lower()}.",
    )
    return _choice(
        {**_vocabulary(_GENDERS, form.GENDERS), "": blank},
        "Värdet är okänt. Skriv Kvinna, Man eller Vill inte svara.",
    )


def _fill_count() -> Reader:
    say = "Skriv 1, 2 eller 3 (tre gånger eller fler)."
    missing = Reading("", "fill_count_missing", f"Hur många gånger är inte ifyllt. {say}")
    several = Reading("", "unknown", f"Det kan vara 2 gånger eller 3. {say}")
    counted = {
        text: Reading(str(n) if n < _THREE else f"{_THREE}+")
        for n in range(1, 31)
        for time in ("gg", "ggr", "ggn", "gång", "gånger")
        for text in (f"{n}", f"{n} {time}", f"{n}{time}")
    }
    more = {f"{n}+": Reading(f"{_THREE}+") for n in range(_THREE, 31)}
    known = {**counted, **more, **_vocabulary(_FILL_COUNTS, form.FILL_COUNTS)}
    return _choice(
        {
            **known,
            **dict.fromkeys(("", "-", "?", "vet ej", "vet inte"), missing),
            **dict.fromkeys(_SEVERAL, several),
        },
        f"Värdet är okänt. {say}",
    )


_THREE = 3


def _authority(registry: Registry) -> Reader:
    municipalities = {plain(m.name) for m in registry.municipalities}
    regions = {plain(text) for r in registry.regions for text in (r.name, r.county)}
    named = {
        "kommun": [f"{m}{s} kommun" for m in municipalities for s in ("", "s")],
        "region": [f"{kind} {r}" for r in regions for kind in ("region", "landstinget")]
        + [r for r in regions if r.startswith("region ") or r.endswith("regionen")],
    }
    missing = Reading(
        form.NO_AUTHORITY.code,
        "authority_missing",
        "Myndighet är inte ifylld. Räknas som ej angiven.",
    )
    known = {
        **_vocabulary(_AUTHORITIES, form.AUTHORITIES),
        **_vocabulary(named),
        **dict.fromkeys(_NO_AUTHORITY, missing),
    }
    say = "Skriv FK, AF, kommun eller region."
    one = _choice(known, f"Värdet är okänt. {say}")
    labels = {category.code: category.label for category in form.AUTHORITIES}
    codes = labels.keys()
    long = [way for way, it in known.items() if len(way) >= _LONG and it.text in codes]

    def read(cell: str) -> Reading:
        reading, text = one(cell), plain(cell)
        if reading.text:
            return reading
        parts = {one(part).text for part in _AUTHORITIES_APART.split(text) if part.strip()}
        if not parts or not parts <= codes:
            meant = get_close_matches(text, long, n=1, cutoff=0.8)
            if not meant or reading.message == _DOUBTFUL:
                return reading
            label = labels[known[meant[0]].text]
            return Reading("", "unknown", f"Värdet är okänt. Menar du {label}? {say}")
        if len(parts) == 1:
            return Reading(*parts)
        return Reading(
            "",
            "authority_several",
            "Det står flera myndigheter. Välj en: FK, AF, kommun eller region.",
        )

    return read


_AUTHORITIES_APART = re.compile(r"[/,;+&|()]|\boch\b|\bsamt\b| - ")
_LONG = 6
"""Only of longer words can it be seen which was meant."""


def _age(cell: str) -> Reading:
    text = re.sub(r"^(?:född|född år|f|-)\s?(?=\d{4}$)", "", whole(plain(cell)))
    text = re.sub(r"\s?(?:års?|år gammal|årig|y)$", "", text)
    if text in ("", "-", "?", "vet ej", "vet inte", "ej svar", "vill inte svara", "saknas"):
        return Reading("", "age_missing", f"Ålder är inte ifylld. Räknas som {_OTHER}.")
    if re.fullmatch(r"(?:19|20)?\d\d-?[01]\d-?[0-3]\d", text) and not text[-4:].startswith("-00"):
        return Reading("", PERSONAL, "ett födelsedatum")
    if text.isascii() and text.isdigit() and len(text) <= 4:
        number = int(text)
        if number in dates.BIRTH_YEARS or number < 1000:
            return Reading(str(number))
    return Reading(
        "", "age_unreadable", "Åldern går inte att läsa. Skriv den i hela år, till exempel 34."
    )


def _born(cell: str) -> Reading:
    """An age where years of birth are asked for: 62 may be 1962, and then it is no age."""
    one = _age(cell)
    if not one.text or int(one.text) in dates.BIRTH_YEARS:
        return one
    return Reading("", "age_unreadable", "Skriv hela året, till exempel 1988.")


_OTHER = form.OTHER_AGE.label.lower()


def asks_birth_year(heading: str) -> bool:
    """Whether a heading of the column of ages asks for the year of birth and not for the age."""
    text = plain(heading)
    return ("född" in text or "födelse" in text) and "ålder" not in text


def age_remark(years: int) -> Reading:
    """What there is to say of an age."""
    if years not in POSSIBLE_AGES:
        return Reading("", "age_impossible", f"Åldern {years} år kan inte stämma. Rätta den.")
    if years not in AGES:
        return Reading(
            str(years),
            "age_outside",
            f"{years} år ligger utanför {AGES[0]}–{AGES[-1]}. Räknas som {_OTHER}.",
        )
    return Reading(str(years))


def free_text(cell: str) -> Reading:
    """Text that is not kept: only compared, so that the same form is known again."""
    return Reading(" ".join(unicodedata.normalize("NFKC", cell).casefold().split()))


def readers(
    registry: Registry, today: date, federation: str | None = None, born: bool = False
) -> Mapping[str, Reader]:
    """A reader for each field and question of the form, by its code.

    ``federation`` is the slug of the only one that may be written, and need not be; ``born`` says
    that years of birth are written for ages.
    """
    question = _question()
    return MappingProxyType(
        {
            "date": dates.reader(today),
            "place": free_text,
            "gender": _gender(),
            "age": _born if born else _age,
            "fill_count": _fill_count(),
            "federation": Federations(registry, federation).read,
            "authority": _authority(registry),
            "activity": free_text,
            **{one.code: question for one in form.QUESTIONS},
        }
    )
