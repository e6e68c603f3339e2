"""What a call may ask: its parameters, their codes, and what a request has asked of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from fovdata import questionnaire as form
from fovdata import settings
from fovdata.api.refusals import Reason, Refused
from fovdata.figures.release import Release, current
from fovdata.selection import BACKGROUND, DIMENSIONS, LABELS, Selection

ROOT = settings.API
FORMATS = ("json", "csv", "json-stat")
NO_SPLIT = "none"
FORMS = "forms"
"""A split of its own: first-time against repeat forms."""
LONGEST = 8000
"""So many characters of parameters are read; every code of every filter at once needs fewer."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a call. Without ``codes`` the release's own categories are known.

    ``several`` says that it may be repeated; else it stands once, and the first code is meant
    when it is left out. ``description`` is Swedish.
    """

    name: str
    description: str
    codes: tuple[str, ...] = ()
    several: bool = False


FILTERS = tuple(
    Parameter(
        dimension,
        f"{LABELS[dimension]}: bara de svaren. Flera anges genom att upprepa parametern och "
        "räknas ihop; samma kod två gånger räknas en gång.",
        tuple(category.code for category in BACKGROUND.get(dimension, ())),
        several=True,
    )
    for dimension in DIMENSIONS
)
SPLIT = Parameter(
    "by",
    f"Indelning: en eller flera dimensioner. {FORMS} är första formuläret mot senare, utan filter "
    f"och för hela landet; {NO_SPLIT}, som ingen indelning, står ensam.",
    (NO_SPLIT, *DIMENSIONS, FORMS),
    several=True,
)
FEDERATION = next(one for one in FILTERS if one.name == "federation")
WOMEN_OR_MEN = Parameter(
    "gender",
    "Bara kvinnor, eller bara män. Då prövas ingen skillnad.",
    (form.WOMEN.code, form.MEN.code),
    several=True,
)
ADJUSTED = Parameter(
    "adjust",
    "Hänsyn till kön: gender väger varje andel som om den hade landets kvinnor och män.",
    (NO_SPLIT, "gender"),
)
GENDER_SPLIT = Parameter("by", "Indelning: ingen, eller kvinnor och män.", (NO_SPLIT, "gender"))


OUTPUT = Parameter("format", "Svarets format.", FORMATS)
JSON_ONLY = Parameter("format", "Svarets format.", FORMATS[:1])


def address(
    path: str,
    selection: Selection,
    by: str | Sequence[str] = NO_SPLIT,
    adjust: str = NO_SPLIT,
) -> str:
    """The call that gives a selection's figures: "/api/v1/shares?by=gender&region=17".

    ``path`` is one of the API's, such as "shares"; ``by`` is a dimension to split by, or several;
    ``adjust`` is what to take into account.
    """
    split = [by] if isinstance(by, str) else by
    asked = [("by", one) for one in split if one != NO_SPLIT]
    asked += [("adjust", adjust)] if adjust != NO_SPLIT else []
    asked += [(dimension, code) for dimension, codes in selection.chosen.items() for code in codes]
    return f"{ROOT}/{path}" + (f"?{urlencode(asked)}" if asked else "")


@dataclass(frozen=True)
class Asked:
    """What a request asks: for each parameter of its call the codes, each once.

    ``newest`` gives the release that answers: the same throughout a request, also when another
    one is finished meanwhile.
    """

    values: Mapping[str, tuple[str, ...]]
    newest: Callable[[], Release]

    @property
    def release(self) -> Release:
        """The release that answers, opened when it is needed. Raises ReleaseUnreadable."""
        return self.newest()

    @property
    def format(self) -> str:
        """The format of the answer."""
        return self.values["format"][0]

    @property
    def by(self) -> tuple[str, ...]:
        """The dimensions to split by. Raises Refused where none and another are asked for."""
        by = self.values["by"]
        if NO_SPLIT in by and len(by) > 1:
            raise Refused(
                Reason.CONTRADICTORY_SELECTION,
                f"Indelningen {NO_SPLIT} kan inte stå tillsammans med en annan.",
            )
        return tuple(code for code in by if code != NO_SPLIT)

    @property
    def selection(self) -> Selection:
        """The filters. Raises Refused where a federation lies outside the chosen region."""
        chosen = Selection(**{name: self.values.get(name, ()) for name in DIMENSIONS})
        if chosen.region and chosen.federation:
            within = self.release.federations_in(chosen.region)
            if outside := [slug for slug in chosen.federation if slug not in within]:
                raise Refused(
                    Reason.CONTRADICTORY_SELECTION,
                    f"Förbundet {', '.join(outside)} ligger inte i den region som är vald.",
                )
        return chosen


def asked(query: QueryParams, parameters: Sequence[Parameter]) -> Asked:
    """What a request asks of a call's parameters. Raises Refused for what is not known."""
    names = [parameter.name for parameter in parameters]
    for name in query:
        if name not in names:
            raise Refused(Reason.UNKNOWN_PARAMETER, f"Parametern {name} finns inte här.", *names)
    newest = cache(partial(current, settings.releases()))
    values = {one.name: _codes(one, query.getlist(one.name), newest) for one in parameters}
    return Asked(values, newest)


def _codes(
    parameter: Parameter, values: Sequence[str], newest: Callable[[], Release]
) -> tuple[str, ...]:
    if not values:
        return () if parameter.several else parameter.codes[:1]
    name = parameter.name
    allowed = parameter.codes or newest().categories[name]
    most = len(allowed) if parameter.several else 1
    if len(values) > most:
        times = f"högst {most} gånger" if parameter.several else "en gång"
        raise Refused(Reason.REPEATED_PARAMETER, f"Parametern {name} får anges {times}.")
    if not set(values) <= set(allowed):
        raise Refused(
            Reason.UNKNOWN_VALUE,
            f"Värdet på {name} är okänt. Tillåtna värden: {', '.join(allowed)}.",
            *allowed,
        )
    return tuple(dict.fromkeys(values))
