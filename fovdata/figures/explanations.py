"""Why a value is not shown, and what would show it: the gate's decisions in Swedish sentences.

Each explanation follows from the status, the rules and what was asked, never from a count that
stays inside: it says no more than the status does. Beside ``estimates`` and ``Release.offers``,
which decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10, prod

from fovdata import questionnaire as form
from fovdata import wording
from fovdata.figures.estimates import number_of_answers
from fovdata.figures.release import Release
from fovdata.rules import Rules
from fovdata.selection import DIMENSIONS, LABELS, Selection

_MORE_ANSWERS = "fler svar i en kommande utgåva"
_SEVERAL = {
    "period": "flera år tillsammans",
    "region": "flera regioner tillsammans",
    "federation": "flera förbund tillsammans",
    "gender": "båda könen",
    "age": "flera åldrar tillsammans",
    "authority": "flera myndigheter tillsammans",
}
"""A larger group than one category, by dimension."""
_WITHIN = {"federation": ("hela regionen",)}
"""Of which larger group a category is a part, where that is a filter too."""
_ONE_FEWER = "Ta bort ett valt filter."
_MOST_DIMENSIONS = 3


@dataclass(frozen=True)
class Explanation:
    """Which rule keeps something back, and what would show it."""

    why: str
    opens: str


def hidden(rules: Rules, selection: Selection, reason: str = "") -> Explanation:
    """A value of ``selection`` that is hidden; ``reason`` where its group's size is not why."""
    why = reason or wording.why_hidden(rules)
    if not reason and _is_sum(selection):
        # Which of the two it is would tell how many they are.
        why += ", eller så få Ja eller Nej att en gräns för hela summan inte skulle säga något"
    if _is_third_answer(selection):
        why += (
            ". Det tredje svaret på frågan om kön visas dessutom bara för hela landet, "
            "vilka filter som än är valda"
        )
    return Explanation(f"{why}.", _more(selection, adds_up=not reason))


def coded(limit: str, rules: Rules, selection: Selection) -> Explanation:
    """A share of ``selection`` that is known as a limit only: "<25" or ">75"."""
    few, whole = ("Ja", "") if limit[0] == "<" else ("Nej", f"{wording.percent(100)} minus ")
    return Explanation(
        f"Bara en gräns: färre än {rules.code} har svarat {few}, bruset inräknat, och kanske "
        f"ingen. Gränsen är {whole}det största bruset ({rules.bound}, mer där flera antal räknas "
        "ihop) delat med antalet svar, i procent och uppåt till närmaste femtal.",
        _more(selection),
    )


def difference() -> str:
    """The reason of a hidden difference."""
    return "Visas inte: en skillnad kräver att båda andelarna visas"


def two_questions(rules: Rules) -> str:
    """The reason of a hidden share of two questions together."""
    return f"{_together(rules)}. En gräns som inte skulle säga något visas inte heller"


def two_questions_apart(rules: Rules) -> str:
    """The reason of a hidden difference of two questions together."""
    return (
        f"{_together(rules)}; för en skillnad också att båda andelarna visas, inte bara som gräns"
    )


def ratio(rules: Rules) -> str:
    """The reason of a hidden ratio of two questions together."""
    return (
        f"{_together(rules)}; för en kvot också minst {rules.code} i var och en av de fyra "
        "rutorna (Ja och Nej i båda grupperna)"
    )


def federation(rules: Rules) -> Explanation:
    """A federation, or a municipality with it, whose answers are too few to be shown."""
    return Explanation(
        f"{wording.why_hidden(rules)} från förbundet, eller inga alls.",
        f"{_sentence(_MORE_ANSWERS)} Ett förbunds nya svar tas in när de är minst {rules.batch}.",
    )


def combination(
    release: Release, filtered: Sequence[str], split: Sequence[str], at_once: int
) -> Explanation:
    """Filters on a page, with what it splits by, that are not offered together.

    ``at_once`` is how many filters the page follows, also when more are offered.
    """
    together = {*filtered, *split} - ({"region"} if "federation" in filtered else set())
    dimensions = [dimension for dimension in DIMENSIONS if dimension in together]
    by_page = wording.enumerated([LABELS[dimension].lower() for dimension in split])
    splits = f" Sidan delar upp svaren efter {by_page}." if split else ""
    if len(dimensions) > _MOST_DIMENSIONS:
        return Explanation(f"Mer än tre indelningar samtidigt visas aldrig.{splits}", _ONE_FEWER)
    rules = release.rules
    mean = rules.mean_cell_3 if len(dimensions) == _MOST_DIMENSIONS else rules.mean_cell_2
    groups = prod(len(release.categories[dimension]) for dimension in dimensions)
    named = " × ".join(LABELS[dimension].lower() for dimension in dimensions)
    now = wording.about(number_of_answers(release.total, rules))
    fewer = f"{_ONE_FEWER} " if len(filtered) > 1 else ""
    page = " Den här sidan följer ett filter i taget: titta då i API:t."
    latest = ""
    if dimensions == ["period", "federation"] and len(release.categories["period"]) > 2:
        earlier = wording.about(_upwards(_answers_for_latest(release)))
        latest = f" Senaste året för sig, och åren före tillsammans, öppnas redan vid {earlier}."
    return Explanation(
        f"{named.capitalize()} blir {wording.number(groups)} grupper. De visas först när det i "
        f"genomsnitt är minst {mean} personer i varje.{splits}",
        f"{fewer}Kombinationen öppnas vid {wording.about(_upwards(mean * groups))} i hela "
        f"landet, i dag är det {now}.{latest}{page if len(filtered) > at_once else ''}",
    )


def latest_year(release: Release) -> str:
    """The reason of a federation's hidden latest year; empty where it is offered."""
    if release.compares_years:
        return ""
    now = wording.about(number_of_answers(release.total, release.rules))
    return (
        "Visas inte: förbundens senaste år öppnas när svaren är från flera år och "
        f"{wording.about(_upwards(_answers_for_latest(release)))} i hela landet, i dag är det {now}"
    )


def one_at_a_time() -> Explanation:
    """Filters that are offered together, on a page that follows one."""
    return Explanation(
        "Sidan följer ett filter i taget: en del av korten delar redan upp svaren, eller ställer "
        "två frågor mot varandra.",
        f"{_ONE_FEWER} Andelarna för två filter tillsammans finns i API:t. Så länge svaren är för "
        "få för att delas upp både på förbund och år har det där bara förbundens senaste år och "
        "alla tidigare år tillsammans.",
    )


def _more(selection: Selection, adds_up: bool = True) -> str:
    """What would show a value of a selection: a larger group, or more answers.

    Where groups do not add up, as of two questions together, several of them are no way.
    """
    if not selection.chosen or _is_third_answer(selection):
        return _sentence(_MORE_ANSWERS)
    larger = [
        way
        for dimension in selection.chosen
        for way in (*([_SEVERAL[dimension]] if adds_up else []), *_WITHIN.get(dimension, ()))
    ]
    ways = " eller ".join(filter(None, (", ".join(larger), "inget filter")))
    return f"Välj {ways}, eller vänta på {_MORE_ANSWERS}."


def _answers_for_latest(release: Release) -> int:
    """From how many answers federations are divided into the latest year and all before it."""
    return 2 * len(release.categories["federation"]) * release.rules.mean_cell_2


def _together(rules: Rules) -> str:
    return (
        f"Visas inte: för två frågor tillsammans behövs minst {rules.association} som har svarat "
        f"på båda, och minst {rules.show} i varje grupp (är flera valda: minst "
        f"{rules.association} i vart och ett)"
    )


def _is_sum(selection: Selection) -> bool:
    return any(len(codes) > 1 for codes in selection.chosen.values())


def _is_third_answer(selection: Selection) -> bool:
    return form.OTHER_GENDER.code in selection.gender


def _upwards(total: int) -> int:
    """To two figures, upwards: what is needed shifts with how the answers are spread."""
    step = 10 ** max(int(log10(total)) - 1, 0)
    return step * ceil(total / step)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
