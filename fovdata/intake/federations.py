"""Which federation a typed name means: exactly one, or none and a question back.

Names are typed with and without "Samordningsförbundet", with other dashes, "&" for "och" and an s
too many. A name that is only like a federation's, or a place in it, is never taken for it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import product

from fovdata.intake.cells import Reading, plain
from fovdata.registry import Federation, Registry

_Index = Mapping[str, frozenset[str]]
"""Name → the slugs of the federations that it can mean."""

_NO_PART = frozenset(
    (
        *("samordningsförbundet", "samordningsförbund", "samordningsforbundet"),
        *("samordningsforbund", "förbundet", "förbund", "finsam", "finsamförbundet", "och", "i"),
    )
)
"""Words of a federation's name that are typed or left out as it happens."""
_EMPTY = frozenset(("", "-", "--", "?"))
_KINDS_OF_PLACE = frozenset(("kommun", "kommunen", "region", "regionen", "län", "stad"))


@dataclass(frozen=True)
class Federations:
    """The registry's federations, by every way to type their names.

    ``only`` is the slug of the one that all forms come from, if that is known.
    """

    registry: Registry
    only: str | None = None

    def read(self, cell: str) -> Reading:
        """The federation's slug if it can be no other; else which ones may be meant."""
        one = self._read(cell)
        if self.only is None or one.text == self.only:
            return one
        if one.kind == "federation_missing":
            return Reading(self.only)
        if not one.text:
            return one
        chosen = self.registry.federation(self.only).name
        message = f"Här står ett annat förbund än det valda, {chosen}. Rätta raden eller valet."
        return Reading("", "federation_other", message)

    def _read(self, cell: str) -> Reading:
        key = _key(cell)
        if plain(cell) in _EMPTY or (self.only and not key):
            return Reading("", "federation_missing", "Förbund är inte ifyllt. Skriv dess namn.")
        found = _all(self._named, [key]) or _all(self._without_s, _without_s(key))
        if len(found) == 1:
            return Reading(*found)
        meant = found or self._meant(key) or self._meant(_key(cell.partition("(")[0]))
        names = sorted(self.registry.federation(slug).name for slug in meant)
        return Reading("", "federation_unknown", f"Förbundet är okänt. {_asked(names)}")

    def name(self, slug: str) -> str:
        """A federation's name."""
        return self.registry.federation(slug).name

    def mentioned(self, text: str) -> frozenset[str]:
        """The federations that are named somewhere in a title."""
        words = _key(text).split()
        ends = range(1, len(words) + 1)
        runs = (" ".join(words[start:end]) for end in ends for start in range(end))
        return frozenset(
            slug for run in runs for slug in _all(self._named, [run]) | _all(self._without_s, [run])
        )

    def _meant(self, key: str) -> frozenset[str]:
        """Federations of the place that is typed, or else with a name much like it."""
        if not key:
            return frozenset()
        if here := _all(self._places, _without_s(_place(key))):
            return here
        within = [name for name in self._named if set(key.split()) <= set(name.split())]
        return _all(
            self._named, within or get_close_matches(key, list(self._named), n=3, cutoff=0.75)
        )

    @cached_property
    def _named(self) -> _Index:
        federations = self.registry.federations
        return _index((_key(name), f) for f in federations for name in (f.name, f.slug))

    @cached_property
    def _without_s(self) -> _Index:
        federations = self.registry.federations
        return _index((way, f) for f in federations for way in _without_s(_key(f.name)))

    @cached_property
    def _places(self) -> _Index:
        """Municipalities, regions and counties, and which federations are there."""
        registry = self.registry
        named = [
            (m.name, f) for m in registry.municipalities for f in registry.federations_of(m.code)
        ]
        for federation in registry.federations:
            region = registry.region(federation.region)
            named += [(region.name, federation), (region.county, federation)]
        return _index((way, f) for name, f in named for way in _without_s(_place(_key(name))))


def _asked(names: Sequence[str]) -> str:
    """ "Menar du Samspelet eller Klarälvdalen?" """
    *first, last = [f"”{name}”" if "," in name else name for name in names] or [""]
    if not last:
        return "Skriv namnet som det står i listan över förbund."
    return f"Menar du {' eller '.join([', '.join(first), last] if first else [last])}?"


def _key(name: str) -> str:
    words = re.sub(r"[-&,+/.()]", " ", plain(name)).split()
    return " ".join(word for word in words if word not in _NO_PART)


def _place(key: str) -> str:
    """A place's name without what kind of place it is; "Stockholms län" → "stockholms"."""
    return " ".join(word for word in key.split() if word not in _KINDS_OF_PLACE)


def _without_s(key: str) -> set[str]:
    """The name with and without each word's genitive s."""
    ways = [{word, word.removesuffix("s")} for word in key.split()]
    return {" ".join(way) for way in product(*ways)} if 0 < len(ways) <= 6 else {key}


def _index(pairs: Iterable[tuple[str, Federation]]) -> _Index:
    index: dict[str, set[str]] = {}
    for key, federation in pairs:
        index.setdefault(key, set()).add(federation.slug)
    return {key: frozenset(slugs) for key, slugs in index.items()}


def _all(index: _Index, keys: Iterable[str]) -> frozenset[str]:
    nothing: frozenset[str] = frozenset()
    return nothing.union(*(index.get(key, nothing) for key in keys))
