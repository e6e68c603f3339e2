"""The reader's filters as one frozen value that says itself in Swedish."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from fovdata import questionnaire as form
from fovdata.registry import Registry
from fovdata.wording import enumerated

DIMENSIONS = ("period", "region", "federation", "gender", "age", "authority")
"""Every dimension that answers can be filtered or split by, in the order of tables and files."""

LATEST, EARLIER = "latest", "earlier"
"""A division in time of two categories, of which LATEST also is the name: the latest closed year,
and all years before it together. Federations are too small for one of single years."""

LABELS = {
    "period": "År",
    "region": "Region",
    "federation": "Förbund",
    "gender": "Kön",
    "age": "Ålder",
    "authority": "Myndighet",
    LATEST: "Senaste året",
}

BACKGROUND = {
    "gender": form.GENDERS,
    "age": form.AGE_BANDS,
    "authority": form.AUTHORITIES,
}
"""The dimensions whose categories the form itself declares."""


@dataclass(frozen=True)
class Selection:
    """Chosen category codes by dimension; an empty tuple means all.

    Several codes in one dimension mean their sum.
    """

    period: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    federation: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    age: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """The dimensions that are filtered, with their codes."""
        return {field.name: codes for field in fields(self) if (codes := getattr(self, field.name))}

    def short(self, registry: Registry) -> str:
        """A name for legends and titles: "Region Värmland", or "Urvalet" for more than two."""
        names = [
            labels(dimension, registry).get(code, code)
            for dimension, codes in self.chosen.items()
            for code in codes
        ]
        return enumerated(names) if len(names) <= 2 else "Urvalet"

    def words(self, registry: Registry) -> str:
        """The selection as a phrase: "Kvinnor i Region Värmland"."""

        def named(dimension: str) -> str:
            names = labels(dimension, registry)
            return enumerated([names.get(c, c) for c in getattr(self, dimension)])

        who = [named("gender").capitalize() if self.gender else "Alla svarande"]
        if self.age:
            who.append(named("age"))
        if self.authority:
            who.append(f"myndighet {named('authority')}")
        where = "i hela landet"
        if self.federation:
            where = f"i {named('federation')}"
        elif self.region:
            where = f"i {named('region')}"
        when = f", {named('period')}" if self.period else ""
        return ", ".join(who) + (", " if len(who) > 1 else " ") + where + when


def labels(dimension: str, registry: Registry) -> Mapping[str, str]:
    """Category code → Swedish label for a dimension; years name themselves and are left out."""
    if dimension == "region":
        return {region.code: region.name for region in registry.regions}
    if dimension == "federation":
        return {federation.slug: federation.name for federation in registry.federations}
    return {category.code: category.label for category in BACKGROUND.get(dimension, ())}
