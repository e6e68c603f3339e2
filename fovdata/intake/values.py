"""What people type in a cell, read as what the form means.

A reader takes a cell and gives a ``Reading``: the one way to write what it says, or what is wrong
with it. Nothing is guessed: what can be read in two ways is a fault that says so.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from fovdata import questionnaire as form
from fovdata import responses
from fovdata.intake.cells import Reader, Reading, plain, whole
from fovdata.intake.federations import Federations
from fovdata.intake.findings import PERSONAL
from fovdata.registry import Registry

BIRTH_YEARS = range(1900, 2100)
"""A number among these in the column of ages is a year of birth; no date is outside them."""
POSSIBLE_AGES = range(10, 111)
AGES = range(
    int(form.AGE_BANDS[0].code.split("-")[0]), int(form.AGE_BANDS[-1].code.split("-")[1]) + 1
)
"""The ages that have a band."""
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
    "1": _words("1, 1:a, 1a, 1 gg, en, ett, en gång, första, första gången, 1 gången, 1:a gången"),
    "2": _words("2, 2:a, 2a, 2 gg, två, två gånger, andra, andra gången, 2 gången, 2:a gången"),
    "3+": (
        *_words("3, 3+, >3, >=3, ≥3, 3:e, 3e, 3 gg, tre, tre gånger, tredje, tredje gången"),
        *_words("3 gången, 3:e gången, 3 eller fler, 3 eller flera, 3 gånger eller flera"),
        *_words("3 gånger el fler, tre gånger eller fler, tre eller fler, flera, fler, fler än 2"),
        *_words("fyra, fjärde, fjärde gången, fem, femte, femte gången"),
    ),
}
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
    """A reader of a field with ready answers; ``otherwise`` is said of anything else."""
    unknown = Reading("", "unknown", otherwise)
    return lambda cell: known.get(whole(plain(cell)), unknown)


def _question() -> Reader:
    unsure = Reading(form.BLANK, "unsure", "Läses som ej besvarad.")
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
    more = {text: Reading("3+") for n in range(3, 31) for text in (f"{n}", f"{n}+", f"{n} gånger")}
    known = {**_vocabulary(_FILL_COUNTS, form.FILL_COUNTS), **more}
    return _choice(
        {**known, **dict.fromkeys(("", "-", "?", "vet ej", "vet inte"), missing)},
        f"Värdet är okänt. {say}",
    )


def _authority(registry: Registry) -> Reader:
    municipalities = {plain(m.name) for m in registry.municipalities}
    regions = {plain(text) for r in registry.regions for text in (r.name, r.county)}
    named = {
        "kommun": [f"{m}{s} kommun" for m in municipalities for s in ("", "s")],
        "region": [f"{kind} {r}" for r in regions for kind in ("region", "landstinget")]
        + [r for r in regions if r.startswith("region ") or r.endswith("regionen")],
    }
    missing = Reading(
        form.NO_AUTHORITY.code, "authority_missing", "Myndighet är inte ifylld. Räknas som saknas."
    )
    known = {
        **_vocabulary(_AUTHORITIES, form.AUTHORITIES),
        **_vocabulary(named),
        **dict.fromkeys(_NO_AUTHORITY, missing),
    }
    say = "Skriv FK, AF, kommun eller region."
    one = _choice(known, f"Värdet är okänt. {say}")
    codes = {category.code for category in form.AUTHORITIES}

    def read(cell: str) -> Reading:
        reading = one(cell)
        if reading.text:
            return reading
        parts = {one(part).text for part in re.split(r"[/,;+&|]|\boch\b|\bsamt\b| - ", plain(cell))}
        if not parts <= codes:
            return reading
        if len(parts) == 1:
            return Reading(*parts)
        return Reading(
            "",
            "authority_several",
            "Det står flera myndigheter. Välj en: FK, AF, kommun eller region.",
        )

    return read


def _age(cell: str) -> Reading:
    text = re.sub(r"^(?:född|född år|f|-)\s?(?=\d{4}$)", "", whole(plain(cell)))
    text = re.sub(r"\s?(?:års?|år gammal|årig|y)$", "", text)
    if text in ("", "-", "?", "vet ej", "vet inte", "ej svar", "vill inte svara", "saknas"):
        return Reading("", "age_missing", f"Ålder är inte ifylld. Räknas som {_OTHER}.")
    if re.fullmatch(r"(?:19|20)?\d\d-?[01]\d-?[0-3]\d", text) and not text[-4:].startswith("-00"):
        return Reading("", PERSONAL, "ett födelsedatum")
    if text.isascii() and text.isdigit() and len(text) <= 4:
        number = int(text)
        if number in BIRTH_YEARS or number < 1000:
            return Reading(str(number))
    return Reading(
        "", "age_unreadable", "Åldern går inte att läsa. Skriv den i hela år, till exempel 34."
    )


_OTHER = form.OTHER_AGE.label.lower()


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


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            *("jan januari", "feb febr februari", "mar mars", "apr april", "maj", "jun juni"),
            *("jul juli", "aug augusti", "sep sept september", "okt oktober", "nov november"),
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_DAYS = r"(?:(?:mån|tis|ons|tors|tor|fre|lör|sön)(?:dag(?:en)?)?\.?,? )?(?:den )?"
_TIME = r"(?:,?[ t](?:kl\.? ?)?\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?(?: ?z|[+-]\d\d:?\d\d)?)?"
_SEPARATOR = r"\s?[-/. ]\s?"
_DATES = tuple(
    re.compile(f"{_DAYS}{pattern}{_TIME}")
    for pattern in (
        rf"(?P<y>\d{{4}}){_SEPARATOR}(?P<m>\d{{1,2}})(?:{_SEPARATOR}(?P<d>\d{{1,2}}))?",
        r"(?P<y>20\d\d|19\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        r"(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])",
        r"(?P<y>\d\d)(?P<m>\d\d)(?P<d>\d\d)",
        rf"(?P<d>\d{{1,2}}){_SEPARATOR}(?P<m>\d{{1,2}}){_SEPARATOR}(?P<y>\d{{4}}|\d\d)",
        r"(?P<y>\d\d)-(?P<m>\d\d)-(?P<d>\d\d)",
        rf"(?P<m>\d{{1,2}}){_SEPARATOR}(?P<y>\d{{4}})",
        r"(?:(?P<d>\d{1,2})(?::?e|:?a)?[ .-]{0,2})?(?P<name>[a-z]+)[ .,-]{1,3}'?(?P<y>\d{4}|\d\d)",
        r"(?P<y>\d{4})[ -](?P<name>[a-z]+)(?:[ -](?P<d>\d{1,2}))?",
    )
)
"""Swedish ways to write a date: the day before the month, or the year first."""
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,]\d+)?")
_SERIAL_START = date(1899, 12, 30)
_FIRST_YEAR = next(column.minimum or 0 for column in responses.COLUMNS if column.name == "year")


def _date(today: date) -> Reader:
    """A reader of dates. A year of two digits is not later than next year."""
    say = "Skriv datumet som ÅÅÅÅ-MM-DD, till exempel 2022-05-14."
    unreadable = Reading("", "date_unreadable", f"Datumet går inte att läsa. {say}")

    def possible(text: str) -> set[str]:
        if serial := _SERIAL.fullmatch(text):
            return {(_SERIAL_START + timedelta(int(serial[1]))).isoformat()}
        matches = (pattern.fullmatch(text) for pattern in _DATES)
        return {found for match in matches if match and (found := written(match.groupdict()))}

    def written(parts: dict[str, str | None]) -> str | None:
        typed, day = parts["y"] or "", parts.get("d")
        year = int(typed) + (2000 if len(typed) == 2 else 0)
        month = _MONTHS.get(parts.get("name") or "") or int(parts.get("m") or 0)
        try:
            found = date(year, month, int(day or 1))
        except ValueError:
            return None
        if year not in BIRTH_YEARS:
            return None
        return found.isoformat() if day else f"{found:%Y-%m}"

    def read(cell: str) -> Reading:
        text = plain(cell)
        if text in ("", "-", "?", "saknas", "okänt", "vet ej"):
            return Reading("", "date_missing", f"Datum är inte ifyllt. {say}")
        if re.fullmatch(r"(?:19|20)\d\d(?:[.,]0)?", text):
            return Reading(
                "",
                "date_unreadable",
                "Det står bara ett år. Skriv också månad, till exempel 2022-05.",
            )
        found = possible(text)
        if len(found) > 1:
            # A date can be too early or too late, but not when it can also be another.
            found = {one for one in found if _FIRST_YEAR <= int(one[:4]) <= today.year + 1} or found
        if len(found) > 1:
            return Reading("", "date_unreadable", f"Datumet kan läsas på två sätt. {say}")
        if not found:
            return unreadable
        (one,) = found
        if int(one[:4]) < _FIRST_YEAR:
            early = f"Datumet ligger före {_FIRST_YEAR}, då frågorna började ställas."
            return Reading("", "date_early", f"{early} Rätta året.")
        if one > today.isoformat():
            return Reading(one, "date_future", "Datumet ligger i framtiden. Stämmer det?")
        return Reading(one)

    return read


def free_text(cell: str) -> Reading:
    """Text that is not kept: only compared, so that the same form is known again."""
    return Reading(" ".join(unicodedata.normalize("NFKC", cell).casefold().split()))


def readers(registry: Registry, today: date, federation: str | None = None) -> Mapping[str, Reader]:
    """A reader for each field and question of the form, by its code.

    ``federation`` is the slug of the only one that may be written, and need not be.
    """
    question = _question()
    return MappingProxyType(
        {
            "date": _date(today),
            "place": free_text,
            "gender": _gender(),
            "age": _age,
            "fill_count": _fill_count(),
            "federation": Federations(registry, federation).read,
            "authority": _authority(registry),
            "activity": free_text,
            **{one.code: question for one in form.QUESTIONS},
        }
    )
