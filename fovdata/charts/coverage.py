"""What the map of coverage shows, and within which time and place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from fovdata import wording
from fovdata.charts.exhibit import Table, kept, plain_table
from fovdata.charts.theme import Theme
from fovdata.figures.coverage import MunicipalityCoverage, RegionCoverage
from fovdata.registry import Federation, Group, Region, Registry

NOT_JOINED, JOINED, SHOWN = "Inte med", "Med i uppdraget", "Med, och svar kan visas"
FEW = "Med, men svaren är för få att visa"
_UNBROKEN = "\N{WORD JOINER}–\N{WORD JOINER}{}\N{NO-BREAK SPACE}%"
_FIFTHS = tuple(f"{low}{_UNBROKEN.format(low + 19)}" for low in range(1, 100, 20))
CERTAINTY = {"stated": "enligt källan", "inferred": "härlett ur källorna", "unknown": "okänt"}
"""How sure a federation's year of joining is, in words."""


def joined(federation: Federation, registry: Registry) -> str:
    """With which group a federation joined, and how sure the year is, where it is not stated."""
    group = registry.group_of(federation).label
    is_sure = federation.year_certainty == "stated" or federation.year_joined is None
    return group if is_sure else f"{group}, {CERTAINTY[federation.year_certainty]}"


@dataclass(frozen=True)
class Scope:
    """When and where a map or a list speaks of: up to ``group``, in ``regions`` or in all."""

    registry: Registry
    group: Group
    regions: tuple[str, ...] = ()

    @cached_property
    def until(self) -> str:
        """ "till och med pilotförbunden 2019"; empty when all groups have joined."""
        if self.group == self.registry.groups[-1]:
            return ""
        name, _, when = self.group.label.partition(", ")
        name = name.replace("Pilotförbund", "pilotförbunden").replace("Grupp", "grupp")
        return f"till och med {name}" + (f" ({when})" if when else "")

    @property
    def where(self) -> tuple[Region, ...]:
        """The regions spoken of."""
        known = self.registry.regions
        return tuple(one for one in known if not self.regions or one.code in self.regions)

    def within(self, found: Iterable[MunicipalityCoverage]) -> list[MunicipalityCoverage]:
        """The municipalities spoken of."""
        codes = {region.code for region in self.where}
        return [one for one in found if one.municipality.region in codes]

    def joined(self, found: Sequence[MunicipalityCoverage], ending: str = "") -> str:
        """How many municipalities take part, or did then: "Region Värmland: 9 av 16 …"."""
        count = f"{sum(one.joined for one in found)} av {len(found)} kommuner"
        return self.titled(
            f"{self.until} var {count} med" if self.until else f"{count} är med{ending}"
        )

    def titled(self, said: str) -> str:
        """A title that begins with the regions spoken of, if not all."""
        if self.regions:
            return f"{wording.enumerated([one.name for one in self.where])}: {said}"
        return said[0].upper() + said[1:]

    def stamped(self, row: Mapping[str, object]) -> Mapping[str, object]:
        """A table's row that says of when it is, if not of today."""
        return {**row, "När": self.until} if self.until else row

    def group_of(self, federation: Federation) -> str:
        """A federation's group without its year: "Pilotförbund", "Grupp 2"."""
        name = self._groups[federation.group].partition(",")[0]
        return name.removesuffix(f" {federation.year_joined}")

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        return {group.code: group.label for group in self.registry.groups}


@dataclass(frozen=True)
class MapView:
    """What a map shows: a step of the theme's blue for each municipality, 0 being not joined.

    ``legend`` names each step's colour; ``faded`` are the codes outside the reader's selection;
    ``of_answers`` says that it rests on answers and not on the registry alone.
    """

    title: str
    alternative: str
    steps: Mapping[str, int]
    legend: tuple[tuple[str, str], ...]
    faded: frozenset[str]
    note: str
    table: Table
    of_answers: bool = False


@kept
def joined_map(found: Sequence[MunicipalityCoverage], scope: Scope, theme: Theme) -> MapView:
    """Which municipalities take part."""
    title = scope.joined(scope.within(found), " i uppdraget" if not scope.regions else "")
    return MapView(
        title,
        f"Karta över Sveriges kommuner. {title}. Samma uppgifter finns i tabellen.",
        {one.municipality.code: 4 * one.joined for one in found},
        ((NOT_JOINED, theme.not_joined), (JOINED, theme.coverage[3])),
        _outside(found, scope),
        "Ring: kommunen står i två förbund i dag.",
        _table(found, scope, {"Med": lambda one: "ja" if one.joined else "nej"}),
    )


@kept
def answers_map(found: Sequence[MunicipalityCoverage], scope: Scope, theme: Theme) -> MapView:
    """For which municipalities' federations answers can be shown."""
    inside = scope.within(found)
    joined, shown = sum(one.joined for one in inside), sum(one.answers_shown for one in inside)
    title = scope.titled(
        f"av de {joined} kommuner som var med {scope.until} har {shown} ett förbund vars svar "
        "kan visas i dag"
        if scope.until
        else f"för {shown} av {len(inside)} kommuner finns ett förbund vars svar kan visas"
    )
    return MapView(
        title,
        f"Karta över Sveriges kommuner. {title}. Samma uppgifter finns i tabellen.",
        {one.municipality.code: 2 * (one.joined + one.answers_shown) for one in found},
        (
            (NOT_JOINED, theme.not_joined),
            (FEW, theme.coverage[1]),
            (SHOWN, theme.coverage[3]),
        ),
        _outside(found, scope),
        "Svaren säger inget om ort: en kommun visas som det av dess förbund som har flest svar. "
        "Ring: kommunen står i två förbund i dag.",
        _table(found, scope, {"Svar kan visas": lambda one: "ja" if one.answers_shown else "nej"}),
        of_answers=True,
    )


@kept
def regions_map(
    found: Sequence[MunicipalityCoverage],
    covered: Sequence[RegionCoverage],
    scope: Scope,
    theme: Theme,
) -> MapView:
    """Every region shaded by the share of its municipalities that take part."""
    step = {one.region.code: (one.percent + 19) // 20 for one in covered}
    inside = [one for one in covered if one.region in scope.where]
    joined = f"{sum(one.joined > 0 for one in covered)} av {len(covered)} regioner"
    title = (
        scope.joined(scope.within(found))
        if scope.regions
        else scope.titled(
            (f"{scope.until} var {joined} med" if scope.until else f"{joined} är med")
            + f". Tunnast: {thinnest(covered)}"
        )
    )
    return MapView(
        title,
        f"Karta över regionerna. {title}. "
        + " ".join(f"{one.region.name}: {joined_of_all(one)} kommuner." for one in inside),
        {one.municipality.code: step[one.municipality.region] for one in found},
        ((NOT_JOINED, theme.not_joined), *zip(_FIFTHS, theme.coverage, strict=True)),
        _outside(found, scope),
        "Hela regionen har färg efter andelen av dess kommuner som är med.",
        plain_table(
            [
                scope.stamped(
                    {
                        "Region": one.region.name,
                        "Kommuner med": one.joined,
                        "Kommuner": one.municipalities,
                        "Andel, %": one.percent,
                    }
                )
                for one in inside
            ]
        ),
    )


def joined_of_all(one: RegionCoverage) -> str:
    """A region's joined municipalities of all: "7 av 16"."""
    return f"{one.joined} av {one.municipalities}"


def thinnest(covered: Sequence[RegionCoverage]) -> str:
    """The two joined regions with the least covered shares."""
    two = sorted((one for one in covered if one.joined), key=lambda one: one.share)[:2]
    counted = (" kommuner", "")
    return " och ".join(
        f"{one.region.name} med {joined_of_all(one)}{what}"
        for one, what in zip(two, counted, strict=False)
    )


def _outside(found: Sequence[MunicipalityCoverage], scope: Scope) -> frozenset[str]:
    codes = {region.code for region in scope.where}
    return frozenset(one.municipality.code for one in found if one.municipality.region not in codes)


def _table(
    found: Sequence[MunicipalityCoverage],
    scope: Scope,
    status: Mapping[str, Callable[[MunicipalityCoverage], str]],
) -> Table:
    """A row for each municipality; what is said of several federations stands in their order."""
    return plain_table(
        [
            scope.stamped(
                {
                    "Kommunkod": one.municipality.code,
                    "Kommun": one.municipality.name,
                    "Region": scope.registry.region(one.municipality.region).name,
                    **{column: of(one) for column, of in status.items()},
                    "Förbund": each_federation(one, lambda f: f.name),
                    "Grupp": each_federation(one, scope.group_of),
                    "Anslöt": each_federation(one, lambda f: str(f.year_joined or "ej publicerat")),
                    "Året är": each_federation(one, lambda f: CERTAINTY[f.year_certainty]),
                }
            )
            for one in scope.within(found)
        ]
    )


def each_federation(one: MunicipalityCoverage, said: Callable[[Federation], str]) -> str:
    """What is said of each of a municipality's federations, in their order."""
    if not one.federations:  # as most, of the many that are asked about
        return ""
    return wording.enumerated([said(federation) for federation in one.federations])
