"""Releases opened for reading: the only source of figures about answers."""

import hashlib
import json
import logging
import os
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import cache, cached_property, lru_cache, wraps
from itertools import product
from math import inf
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import duckdb

from fovdata import measures, responses
from fovdata import questionnaire as form
from fovdata.measures import COUNTS_COLUMNS, RELEASE_FORMAT
from fovdata.rules import RULES, Rules
from fovdata.selection import DIMENSIONS, EARLIER, LATEST, Selection

_log = logging.getLogger(__name__)
_Asked = ParamSpec("_Asked")
_Found = TypeVar("_Found")

_METADATA, _COUNTS = "release.json", "counts.parquet"


class ReleaseUnreadable(Exception):
    """A release cannot be opened; says in Swedish why and what to do."""


class NotOffered(Exception):
    """The combination of dimensions is not offered: its groups would be too small."""


@dataclass(frozen=True)
class Counts:
    """Protected counts of one group by label, each the sum of ``draws`` protected cells.

    ``draws`` is the number of noise draws in each count.
    """

    values: Mapping[str, int]
    draws: int


NOBODY = Counts({}, 0)
_REPEATED = ("fill_count",)
"""The dimension of the only table that has other forms than the first."""


@dataclass(frozen=True)
class Cells:
    """The cells of one table: protected counts by label, under the codes of its dimensions.

    ``codes`` are those that occur in each of the dimensions.
    """

    counts: Mapping[tuple[str, ...], Mapping[str, int]]
    codes: Sequence[Sequence[str]]

    @classmethod
    def of(cls, counts: Mapping[tuple[str, ...], Mapping[str, int]]) -> "Cells":
        """All cells of a table, of which there is one at least."""
        return cls(counts, [tuple(dict.fromkeys(codes)) for codes in zip(*counts, strict=True)])

    def sums(
        self, chosen: Sequence[Sequence[str] | None], by: Sequence[int] = ()
    ) -> Mapping[tuple[str, ...], Counts]:
        """The sums of the cells with the chosen codes, None for all, in each dimension.

        By group: the codes of the dimensions that ``by`` numbers. Cells are looked up, not looked
        for, so that it takes no longer in a larger table.
        """
        wanted = [
            codes if some is None else dict.fromkeys(some)
            for some, codes in zip(chosen, self.codes, strict=True)
        ]
        groups: dict[tuple[str, ...], list[Mapping[str, int]]] = {}
        for codes in product(*wanted):
            if (cell := self.counts.get(codes)) is not None:
                groups.setdefault(tuple([codes[place] for place in by]), []).append(cell)
        return {group: _sum(cells) for group, cells in groups.items()}


def kept(
    figure: Callable[Concatenate["Release", _Asked], _Found],
) -> Callable[Concatenate["Release", _Asked], _Found]:
    """A figure that is the same for every reader, kept within its release: it goes when that goes.

    It answers with frozen values, for all threads share them.
    """

    @wraps(figure)
    def asked(release: "Release", *args: _Asked.args, **kwargs: _Asked.kwargs) -> _Found:
        key = (figure, args, *kwargs.items())
        found: _Found | None = release.figures.get(key)
        if found is None:
            found = release.figures[key] = figure(release, *args, **kwargs)
            for oldest in list(release.figures)[:-KEPT]:
                release.figures.pop(oldest, None)
        return found

    return asked


KEPT = 512
"""So many answers are kept, of all kinds together."""


def _sum(cells: Sequence[Mapping[str, int]]) -> Counts:
    """A label that some cell of a sum lacks is left out: a sum of the others would mislead."""
    first, *others = cells
    shared = first
    if others:
        shared = {
            label: sum([cell[label] for cell in cells])
            for label in first
            if all(label in cell for cell in others)
        }
    if measures.ALL not in shared:
        raise KeyError(measures.ALL)  # no release that is made lacks it
    return Counts(shared, len(cells))


@dataclass(frozen=True, eq=False)
class Release:
    """One numbered release, held in memory: itself and no other, so that figures can be kept.

    ``total`` is N*, the protected number of unique persons; ``categories`` the category codes
    that can hold answers, by dimension; ``region_of`` each federation's region; ``data`` is
    "synthetic" or "real". ``cells`` are the protected counts, by a table's dimensions.
    """

    number: int
    date: date
    data: str
    total: int
    rules: Rules
    categories: Mapping[str, Sequence[str]]
    region_of: Mapping[str, str]
    tables: Sequence[tuple[str, ...]]
    cells: Mapping[tuple[str, ...], Cells] = field(repr=False)
    figures: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    """Those that are ``kept``, by what was asked."""

    @cached_property
    def _offered(self) -> frozenset[frozenset[str]]:
        return frozenset(frozenset(table) for table in self.tables)

    @cached_property
    def latest_only(self) -> bool:
        """Whether federations are divided into LATEST and EARLIER, and not into single years."""
        by_year, by_latest = {"period", "federation"}, {"federation", LATEST}
        return by_year not in self._offered and by_latest in self._offered

    @property
    def compares_years(self) -> bool:
        """Whether a federation's latest year can be set beside those before it."""
        return len(self.categories["period"]) > 1 and self.offers(("period", "federation"))

    def offers(self, dimensions: Sequence[str]) -> bool:
        """Whether the table over these dimensions is offered.

        Federations by period are, also where they are divided into LATEST and EARLIER only.
        """
        wanted = frozenset(dimensions)
        if "federation" in wanted:
            wanted -= {"region"}  # a federation lies within its region
        return wanted in self._offered or (wanted == {"period", "federation"} and self.latest_only)

    def counts(
        self, selection: Selection, by: Sequence[str] = ()
    ) -> Mapping[tuple[str, ...], Counts]:
        """Protected counts of the selection, by group: a category code for each of ``by``.

        Groups without answers are left out. Raises NotOffered.
        """
        chosen = dict(selection.chosen)
        dimensions = [d for d in DIMENSIONS if d in chosen or d in by]
        if "federation" in dimensions and "region" in dimensions:
            if "region" in by:
                raise NotOffered
            dimensions.remove("region")
            within = set(self.federations_in(chosen.pop("region")))
            wanted = chosen.get("federation") or self.categories["federation"]
            chosen["federation"] = tuple(f for f in wanted if f in within)
        if dimensions == ["period", "federation"] and self.latest_only:
            if "period" in by:
                raise NotOffered
            dimensions = ["federation", LATEST]
            chosen[LATEST] = self._latest_or_earlier(chosen.pop("period", ()))
        third_gender = form.OTHER_GENDER.code in chosen.get("gender", ())
        if not self.offers(dimensions) or (third_gender and dimensions != ["gender"]):
            raise NotOffered  # the third gender answer is shown for the whole country only
        if not (table := self.cells.get(tuple(dimensions))):
            return {}
        return table.sums([chosen.get(d) for d in dimensions], [dimensions.index(d) for d in by])

    def _latest_or_earlier(self, years: Sequence[str]) -> tuple[str, ...]:
        """The years as a federation is divided by them: the latest, and all before it together."""
        *earlier, latest = self.categories["period"]
        parts = {LATEST: {latest}, EARLIER: set(earlier)}
        found = [part for part, its_years in parts.items() if its_years <= set(years)]
        if not years or set(years) != set().union(*(parts[part] for part in found)):
            raise NotOffered
        return tuple(found)

    def repeat_forms(self) -> Counts:
        """Protected counts of the forms filled in a second time or more; whole country."""
        table = self.cells.get(_REPEATED)
        return table.sums([None]).get((), NOBODY) if table else NOBODY

    def federations_in(self, regions: Sequence[str]) -> Sequence[str]:
        """The federations that lay within some regions when the release was made."""
        return [slug for slug, region in self.region_of.items() if region in regions]


def numbered(releases: Path) -> Mapping[int, Path]:
    """Every release in a folder of releases, whole or not: number → folder, ascending.

    Raises ReleaseUnreadable when there is none.
    """
    try:
        with os.scandir(releases) as inside:
            found = [
                entry.name
                for entry in inside
                if re.fullmatch("[1-9][0-9]*", entry.name) and entry.is_dir()
            ]
    except (FileNotFoundError, NotADirectoryError):
        found = []
    except OSError:
        raise ReleaseUnreadable(
            "Mappen i FOV_RELEASE går inte att läsa. Låt programmet läsa den och det som ligger "
            "i den."
        ) from None
    if not found:
        raise ReleaseUnreadable(
            "Det finns ingen utgåva i FOV_RELEASE. Gör en med: python -m fovdata release"
        )
    return {number: releases / str(number) for number in sorted(map(int, found))}


def whole(releases: Path, rules: Rules = RULES) -> Iterator[Release]:
    """The whole releases in a folder, newest first, each opened when it is asked for and kept.

    The log says once which were passed over, and why. Raises ReleaseUnreadable when there is
    none, whole or not.
    """
    for _, folder in sorted(numbered(releases).items(), reverse=True):
        try:
            release = _kept(folder, _state(folder), rules)
        except ReleaseUnreadable as fault:
            _passed_over(folder, str(fault))
        else:
            yield release


def current(releases: Path, rules: Rules = RULES) -> Release:
    """The newest whole release, opened once and kept. Raises ReleaseUnreadable.

    Looks at the folder every time: a new release is served without a restart, and one that is
    half copied or damaged leaves the one before it in service.
    """
    for release in whole(releases, rules):
        return release
    return open_release([*numbered(releases).values()][-1], rules)  # which says what is wrong


def before(release: Release, releases: Path) -> Release | None:
    """The newest whole release that is older than ``release``; None if there is none."""
    older = (one for one in whole(releases) if one.number < release.number)
    return next(older, None)


@lru_cache(maxsize=8)
def _kept(folder: Path, _files: tuple[int, ...], rules: Rules) -> Release:
    return open_release(folder, rules)


def _state(folder: Path) -> tuple[int, ...]:
    """Tells a release from one that has replaced it; empty where a file is missing."""
    try:
        files = [(folder / name).stat() for name in (_METADATA, _COUNTS)]
    except OSError:
        return ()
    return tuple(
        part
        for file in files
        for part in (file.st_ino, file.st_size, file.st_mtime_ns, file.st_ctime_ns)
    )


@cache
def _passed_over(folder: Path, why: str) -> None:
    """Kept so that the log has one line of it, not one for every page that somebody opens."""
    _log.warning("%s is passed over: %s", folder, why)


def open_release(folder: Path, rules: Rules = RULES) -> Release:
    """Read a release into memory. Raises ReleaseUnreadable, which names no path of the server.

    ``rules`` are the weakest that it may have been made by.
    """
    name = f"Utgåva {folder.name} i FOV_RELEASE"

    def not_whole(why: str) -> ReleaseUnreadable:
        return ReleaseUnreadable(
            f"{name} är inte hel: {why}. "
            "Hämta utgåvan på nytt eller gör en ny med: python -m fovdata release"
        )

    try:
        metadata = json.loads((folder / _METADATA).read_text(encoding="utf-8"))
        number_of_format = _typed(metadata["format"], int)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise not_whole("release.json saknas eller är skadad") from None
    if number_of_format != RELEASE_FORMAT:
        raise ReleaseUnreadable(
            f"{name} har format {number_of_format}, men det här programmet läser "
            f"format {RELEASE_FORMAT}. Uppdatera programmet, eller gör utgåvan på nytt."
        )
    counts = folder / _COUNTS
    try:
        digest = hashlib.sha256(counts.read_bytes()).hexdigest()
    except OSError:
        digest = None
    if digest is None or digest != metadata.get("counts_sha256"):
        raise not_whole("counts.parquet saknas eller är ändrad")
    try:
        release = _release(metadata)
    except (KeyError, TypeError, ValueError):
        raise not_whole("release.json saknar uppgifter eller har felaktiga") from None
    if str(release.number) != folder.name:
        raise not_whole(f"release.json hör till utgåva {release.number}")
    if weaker := _weaker(release.rules, rules):
        raise ReleaseUnreadable(
            f"{name} är gjord med svagare röjanderegler än det här programmets ({weaker}) och "
            "visas inte. Gör en ny med: python -m fovdata release"
        )
    try:
        cells = _cells(counts)
        total = cells[()].counts[()][measures.ALL]
    except (duckdb.Error, KeyError, ValueError):
        total = None
    if total != release.total:
        raise not_whole("counts.parquet är inte tabellen som hör till utgåvan")
    return replace(release, cells=cells)


def _release(metadata: Mapping[str, Any]) -> Release:
    """The release that the metadata describe, without its counts.

    Raises KeyError, TypeError or ValueError.
    """
    data = metadata["data"]
    if data not in (responses.SYNTHETIC, responses.REAL):
        raise ValueError(data)
    categories = _typed(metadata["categories"], dict)
    region_of = _typed(metadata["region_of"], dict)
    return Release(
        number=_typed(metadata["number"], int),
        date=date.fromisoformat(metadata["date"]),
        data=data,
        total=_typed(metadata["total"], int),
        rules=_rules(_typed(metadata["rules"], dict)),
        categories={dimension: _texts(categories[dimension]) for dimension in DIMENSIONS},
        region_of=dict(zip(region_of, _texts([*region_of.values()]), strict=True)),
        tables=[tuple(_texts(table)) for table in _typed(metadata["tables"], list)],
        cells={},
    )


def _rules(parameters: Mapping[str, Any]) -> Rules:
    """The parameters that the release was made with: none is left to its default."""
    for one in fields(Rules):
        value = _typed(parameters[one.name], *((int, float) if one.type is float else (int,)))
        if not 0 < value < inf:
            raise ValueError(one.name)
    return Rules(**parameters)


def _weaker(made: Rules, wanted: Rules) -> str:
    """The parameters that protect less than wanted, in words: of every one, more is stricter."""
    return ", ".join(
        f"{name} är {value:g} och ska vara minst {least:g}"
        for (name, value), least in zip(asdict(made).items(), asdict(wanted).values(), strict=True)
        if value < least
    )


def _typed(value: Any, *kinds: type) -> Any:
    """The value, if it is of just one of the types: True is no number here."""
    if type(value) not in kinds:
        raise TypeError(value)
    return value


def _texts(values: Any) -> list[str]:
    return [_typed(value, str) for value in _typed(values, list)]


def _cells(counts: Path) -> Mapping[tuple[str, ...], Cells]:
    """Read the table of counts, by its tables' dimensions: small, however many have answered.

    Raises KeyError or ValueError unless it has its columns, no gap, and every count once.
    """
    with duckdb.connect() as connection:
        read = connection.execute(
            "SELECT * FROM read_parquet(?, hive_partitioning=false)", [str(counts)]
        )
        columns = [name for name, *_ in read.description]
        if {name: str(kind) for name, kind, *_ in read.description} != COUNTS_COLUMNS:
            raise ValueError(columns)
        rows = read.fetchall()
    texts: dict[str, str] = {}  # each text once, not once for every count
    found: dict[tuple[str, ...], dict[tuple[str, ...], dict[str, int]]] = {}
    for values in rows:
        row = dict(zip(columns, values, strict=True))
        table, label, value = row["dimensions"], row["label"], row["value"]
        dimensions = tuple(table.split(",")) if table else ()
        codes = tuple([row[dimension] for dimension in dimensions])
        cell = found.setdefault(dimensions, {}).setdefault(codes, {})
        if None in (table, label, value, *codes) or label in cell:
            raise ValueError(row)
        cell[texts.setdefault(label, label)] = value
    return {dimensions: Cells.of(cells) for dimensions, cells in found.items()}
