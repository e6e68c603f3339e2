"""Where the commission is and where not: the registry, and which federations' answers show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fovdata.figures import shares
from fovdata.figures.release import NotOffered, Release, kept
from fovdata.registry import GROUPS, Federation, Municipality, Region, Registry
from fovdata.selection import Selection


@dataclass(frozen=True)
class MunicipalityCoverage:
    """A municipality, the federations it stands in, and whether answers of theirs can be shown.

    Answers carry no place: ``answers_shown`` is the best status of the federations.
    """

    municipality: Municipality
    federations: tuple[Federation, ...]
    answers_shown: bool

    @property
    def joined(self) -> bool:
        """Whether it stands in a federation."""
        return bool(self.federations)


@dataclass(frozen=True)
class RegionCoverage:
    """A region's joined municipalities of all, and its answers to the nearest 5.

    ``answers`` is None where they are too few to show.
    """

    region: Region
    joined: int
    municipalities: int
    answers: int | None

    @property
    def share(self) -> float:
        """Joined municipalities of the region's, as a fraction."""
        return self.joined / self.municipalities

    @property
    def percent(self) -> int:
        """Joined municipalities in whole per cent of the region's; any at all is at least 1."""
        return max(round(100 * self.share), min(self.joined, 1))


def federations_with_answers(release: Release) -> frozenset[str]:
    """Slugs of the federations with enough answers to be shown."""
    found = _answers(release, "federation")
    return frozenset(slug for slug, n in found.items() if n is not None)


@kept
def municipalities(
    release: Release, registry: Registry, group: str = GROUPS[-1].code
) -> Sequence[MunicipalityCoverage]:
    """All municipalities, with the federations that had joined with ``group`` or before."""
    answering = federations_with_answers(release)
    groups = [known.code for known in registry.groups]
    joined = groups[: groups.index(group) + 1]
    covered = []
    for municipality in registry.municipalities:
        federations = tuple(
            federation
            for federation in registry.federations_of(municipality.code)
            if federation.group in joined
        )
        shown = any(federation.slug in answering for federation in federations)
        covered.append(MunicipalityCoverage(municipality, federations, shown))
    return tuple(covered)


@kept
def regions(
    release: Release, registry: Registry, group: str = GROUPS[-1].code
) -> Sequence[RegionCoverage]:
    """All regions with what of them had joined with ``group`` or before."""
    answers = _answers(release, "region")
    covered = municipalities(release, registry, group)
    joined = Counter(one.municipality.region for one in covered if one.joined)
    all_of_them = Counter(one.municipality.region for one in covered)
    return tuple(
        RegionCoverage(
            region,
            joined[region.code],
            all_of_them[region.code],
            answers.get(region.code),
        )
        for region in registry.regions
    )


def _answers(release: Release, dimension: str) -> Mapping[str, int | None]:
    """Answers by category; nothing while there are too few in all to split them."""
    try:
        found = shares.number_of_answers(release, Selection(), (dimension,))
    except NotOffered:
        return {}
    return {one.group[dimension]: one.n for one in found}
