"""Who takes part in the commission: federations, regions, municipalities and memberships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from fovdata import settings, tables
from fovdata.tables import Fault, TableError
from fovdata.wording import alphabetical

__all__ = [
    "GROUPS",
    "TABLES",
    "Fault",
    "Federation",
    "Group",
    "Membership",
    "Municipality",
    "Region",
    "Registry",
    "TableError",
    "Totals",
    "check",
    "load",
]

TABLES = ("regions", "federations", "municipalities", "memberships")


@dataclass(frozen=True)
class Region:
    """One of the 21 regions; ``joined`` if a federation in it takes part."""

    code: str
    name: str
    county: str
    joined: bool


@dataclass(frozen=True)
class Federation:
    """A federation that has joined the commission.

    ``region`` is a region's code, ``group`` one of GROUPS or a later one. ``year_certainty`` is
    stated, inferred or unknown; the year is None when unknown. ``source`` is the id of a
    published source, or a citation.
    """

    slug: str
    name: str
    region: str
    group: str
    year_joined: int | None
    year_certainty: str
    source: str


@dataclass(frozen=True)
class Municipality:
    """One of the 290 municipalities; ``region`` is the first two digits of its code."""

    code: str
    name: str
    region: str


@dataclass(frozen=True)
class Membership:
    """A municipality's membership of a federation; the dates are None where not published.

    A membership with a ``valid_to`` has ended.
    """

    federation: str
    municipality: str
    name_in_source: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class Group:
    """Federations that joined together, in the order of joining."""

    code: str
    label: str


GROUPS = (
    Group("pilot", "Pilotförbund 2019"),
    Group("2", "Grupp 2, 2020–2021, år ej publicerat"),
    Group("3", "Grupp 3 2021"),
    Group("4", "Grupp 4 2022"),
)


@dataclass(frozen=True)
class Totals:
    """How many take part. A municipality in two federations has two memberships."""

    federations: int
    memberships: int
    municipalities: int
    regions: int


@dataclass(frozen=True, eq=False)
class Registry:
    """The four tables, and what they say of one another. Ended memberships do not count."""

    regions: tuple[Region, ...]
    federations: tuple[Federation, ...]
    municipalities: tuple[Municipality, ...]
    memberships: tuple[Membership, ...]

    def region(self, code: str) -> Region:
        """The region with the code; KeyError if there is none."""
        return self._regions[code]

    def federation(self, slug: str) -> Federation:
        """The federation with the slug; KeyError if there is none."""
        return self._federations[slug]

    @cached_property
    def taking_part(self) -> tuple[Federation, ...]:
        """The federations that have not left: a municipality's membership goes on."""
        slugs = {m.federation for m in self._current}
        return tuple(f for f in self.federations if f.slug in slugs)

    def federations_of(self, municipality: str) -> tuple[Federation, ...]:
        """The federations that the municipality is a member of: none, one or more."""
        return self._of_municipality.get(municipality, ())

    def members_of(self, federation: str) -> tuple[Municipality, ...]:
        """The municipalities that are members of the federation, by name."""
        codes = {m.municipality for m in self._current if m.federation == federation}
        members = (one for one in self.municipalities if one.code in codes)
        return tuple(sorted(members, key=lambda one: alphabetical(one.name)))

    def group_of(self, federation: Federation) -> Group:
        """The group that the federation joined with."""
        return next(group for group in self.groups if group.code == federation.group)

    @cached_property
    def in_several(self) -> tuple[Municipality, ...]:
        """The municipalities that are members of more than one federation."""
        return tuple(m for m in self.municipalities if len(self.federations_of(m.code)) > 1)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """GROUPS and the groups of later years, in the order of joining."""
        known = {group.code for group in GROUPS}
        later = sorted({int(f.group) for f in self.federations if f.group not in known})
        return GROUPS + tuple(Group(str(number), f"Grupp {number}") for number in later)

    def totals(self, group: str | None = None) -> Totals:
        """How many take part, or did when ``group`` had joined."""
        memberships = self._current if group is None else self._joined_by(group)
        federations = {m.federation for m in memberships}
        return Totals(
            federations=len(federations),
            memberships=len(memberships),
            municipalities=len({m.municipality for m in memberships}),
            regions=len({self.federation(slug).region for slug in federations}),
        )

    def _joined_by(self, group: str) -> tuple[Membership, ...]:
        codes = [known.code for known in self.groups]
        joined = codes[: codes.index(group) + 1]
        return tuple(m for m in self._current if self.federation(m.federation).group in joined)

    @cached_property
    def _current(self) -> tuple[Membership, ...]:
        return tuple(m for m in self.memberships if m.valid_to is None)

    @cached_property
    def _of_municipality(self) -> Mapping[str, tuple[Federation, ...]]:
        found: dict[str, tuple[Federation, ...]] = {}
        for one in self._current:
            joined = found.get(one.municipality, ())
            found[one.municipality] = (*joined, self.federation(one.federation))
        return found

    @cached_property
    def _regions(self) -> Mapping[str, Region]:
        return {region.code: region for region in self.regions}

    @cached_property
    def _federations(self) -> Mapping[str, Federation]:
        return {federation.slug: federation for federation in self.federations}


def load(folder: Path | None = None) -> Registry:
    """The registry in ``folder``, else in FOV_REGISTRY; read once.

    Raises TableError with every fault that ``check`` finds.
    """
    return _load(folder or settings.registry())


@cache
def _load(folder: Path) -> Registry:
    if found := check(folder):
        raise TableError(found)

    def rows(name: str) -> tuple[dict[str, Any], ...]:
        return tables.records(name, folder)

    return Registry(
        tuple(Region(**row) for row in rows("regions")),
        tuple(Federation(**row) for row in rows("federations")),
        tuple(Municipality(**row) for row in rows("municipalities")),
        tuple(Membership(**row) for row in rows("memberships")),
    )


def check(folder: Path | None = None) -> list[Fault]:
    """Everything that is wrong in the registry's four files; empty if it can be used.

    That the tables agree with one another is looked at when each of them is sound.
    """
    folder = folder or settings.registry()
    found = [fault for name in TABLES for fault in tables.faults(name, folder)]
    return list(dict.fromkeys(found)) or _disagreements(folder)


def _disagreements(folder: Path) -> list[Fault]:
    regions, federations, municipalities, memberships = (
        tables.read(name, folder) for name in TABLES
    )
    found: list[Fault] = []

    def report(table: str, column: str, wrong: pd.DataFrame, message: str) -> None:
        found.extend(
            Fault(tables.file_name(table), int(str(row)), column, _shown(value), message)
            for row, value in wrong[column].items()
        )

    # The map and the three denominators need all of Sweden, which the project's own tables hold.
    for table, present in (("regions", regions), ("municipalities", municipalities)):
        all_of_sweden = tables.read(table)
        missing = all_of_sweden[~all_of_sweden["code"].isin(present["code"])]
        found.extend(
            Fault(tables.file_name(table), None, "code", code, f"{name} saknas. Lägg till raden.")
            for code, name in zip(missing["code"], missing["name"], strict=True)
        )
    report(
        "regions",
        "code",
        regions[~regions["code"].isin(municipalities["region"])],
        "Regionen har ingen kommun i municipalities.csv. Lägg till dem eller ta bort regionen.",
    )
    report(
        "municipalities",
        "region",
        municipalities[municipalities["region"] != municipalities["code"].str[:2]],
        "Regionen ska vara kommunkodens två första siffror. Rätta koden eller regionen.",
    )
    home = memberships["federation"].map(federations.set_index("slug")["region"])
    report(
        "memberships",
        "municipality",
        memberships[memberships["municipality"].str[:2] != home],
        "Kommunen ligger i en annan region än förbundet. Rätta kommunen eller förbundets region.",
    )
    has_federation = regions["code"].isin(federations["region"])
    report(
        "regions",
        "joined",
        regions[regions["joined"] & ~has_federation],
        "Regionen har inget förbund i federations.csv. Skriv false eller lägg till förbundet.",
    )
    report(
        "regions",
        "joined",
        regions[~regions["joined"] & has_federation],
        "Regionen har ett förbund i federations.csv. Skriv true eller ta bort förbundet.",
    )
    report(
        "federations",
        "slug",
        federations[~federations["slug"].isin(memberships["federation"])],
        "Förbundet har ingen kommun i memberships.csv. Lägg till minst en; ett förbund som har "
        "lämnat behåller sina rader, med slutdatum i valid_to.",
    )
    unknown = federations["year_certainty"] == "unknown"
    report(
        "federations",
        "year_joined",
        federations[~unknown & federations["year_joined"].isna()],
        "Anslutningsåret saknas. Fyll i det eller skriv unknown i year_certainty.",
    )
    report(
        "federations",
        "year_joined",
        federations[unknown & federations["year_joined"].notna()],
        "Året är ifyllt fast year_certainty är unknown. Ta bort året eller ändra year_certainty.",
    )
    dated = memberships.dropna(subset=["valid_from", "valid_to"])
    report(
        "memberships",
        "valid_to",
        dated[dated["valid_to"] < dated["valid_from"]],
        "Medlemskapet slutar innan det börjar. Rätta ett av datumen.",
    )
    return found


def _shown(value: object) -> str | None:
    """A cell as its file writes it."""
    if pd.isna(value):
        return None
    return str(value).lower() if pd.api.types.is_bool(value) else str(value)
