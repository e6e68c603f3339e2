"""A release opened for reading: the only source of figures about answers."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property, lru_cache
from math import inf
from pathlib import Path
from typing import Any

import duckdb

from fovdata import measures, responses
from fovdata import questionnaire as form
from fovdata.measures import COUNTS_COLUMNS, RELEASE_FORMAT
from fovdata.rules import Rules
from fovdata.selection import DIMENSIONS, Selection

_METADATA = "release.json"


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


@dataclass(frozen=True)
class Release:
    """One numbered release, held in memory.

    ``total`` is N*, the protected number of unique persons; ``categories`` the category codes
    that can hold answers, by dimension; ``region_of`` each federation's region; ``data`` is
    "synthetic" or "real".
    """

    number: int
    date: date
    data: str
    total: int
    rules: Rules
    categories: Mapping[str, Sequence[str]]
    region_of: Mapping[str, str]
    tables: Sequence[tuple[str, ...]]
    connection: duckdb.DuckDBPyConnection

    @cached_property
    def _offered(self) -> frozenset[frozenset[str]]:
        return frozenset(frozenset(table) for table in self.tables)

    def offers(self, dimensions: Sequence[str]) -> bool:
        """Whether the table over these dimensions is offered."""
        wanted = frozenset(dimensions)
        if "federation" in wanted:
            wanted -= {"region"}  # a federation lies within its region
        return wanted in self._offered

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
        third_gender = form.OTHER_GENDER.code in chosen.get("gender", ())
        if not self.offers(dimensions) or (third_gender and dimensions != ["gender"]):
            raise NotOffered  # the third gender answer is shown for the whole country only
        groups = ", ".join(by)
        filters = " ".join(f"AND list_contains(?, {d})" for d in chosen)
        rows = self.connection.cursor().execute(
            f"SELECT label, sum(value), count(*) {', ' if by else ''}{groups} FROM counts "
            f"WHERE dimensions = ? {filters} GROUP BY label {', ' if by else ''}{groups}",
            [",".join(dimensions), *(list(codes) for codes in chosen.values())],
        )
        return _grouped(rows.fetchall())

    def repeat_forms(self) -> Counts:
        """Protected counts of the forms filled in a second time or more; whole country."""
        rows = self.connection.cursor().execute(
            "SELECT label, sum(value), count(*) FROM counts "
            "WHERE dimensions = 'fill_count' GROUP BY label"
        )
        return _grouped(rows.fetchall()).get((), NOBODY)

    def federations_in(self, regions: Sequence[str]) -> Sequence[str]:
        """The federations that lay within some regions when the release was made."""
        return [slug for slug, region in self.region_of.items() if region in regions]


def _grouped(rows: Sequence[tuple]) -> Mapping[tuple[str, ...], Counts]:
    """Rows of label, value, cells and group codes → counts by group.

    A label that some cell of a sum lacks is left out: a sum of the others would mislead.
    """
    groups: dict[tuple[str, ...], dict[str, tuple[int, int]]] = {}
    for label, value, cells, *group in rows:
        groups.setdefault(tuple(group), {})[label] = (int(value), cells)
    return {
        group: Counts(
            {label: value for label, (value, cells) in counts.items() if cells == draws},
            draws,
        )
        for group, counts in groups.items()
        for draws in [counts[measures.ALL][1]]
    }


def newest(releases: Path) -> Path:
    """The folder of the newest release in a folder of releases. Raises ReleaseUnreadable.

    One without release.json is still being copied, and is passed over while there is another.
    """
    try:
        numbered = [
            path
            for path in (releases.iterdir() if releases.is_dir() else ())
            if re.fullmatch("[1-9][0-9]*", path.name) and path.is_dir()
        ]
        whole = [path for path in numbered if (path / _METADATA).is_file()]
    except OSError:
        raise ReleaseUnreadable(
            "Mappen i FOV_RELEASE går inte att läsa. Låt programmet läsa den och det som ligger "
            "i den."
        ) from None
    if not numbered:
        raise ReleaseUnreadable(
            "Det finns ingen utgåva i FOV_RELEASE. Gör en med: python -m fovdata release"
        )
    return max(whole or numbered, key=lambda path: int(path.name))


def current(releases: Path) -> Release:
    """The newest release, opened once and kept. Raises ReleaseUnreadable."""
    return _kept(newest(releases))


@lru_cache(maxsize=2)
def _kept(folder: Path) -> Release:
    return open_release(folder)


def open_release(folder: Path) -> Release:
    """Read a release into memory. Raises ReleaseUnreadable, which names no path of the server."""
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
    counts = folder / "counts.parquet"
    try:
        digest = hashlib.sha256(counts.read_bytes()).hexdigest()
    except OSError:
        digest = None
    if digest is None or digest != metadata.get("counts_sha256"):
        raise not_whole("counts.parquet saknas eller är ändrad")
    try:
        release = _release(metadata, duckdb.connect())
    except (KeyError, TypeError, ValueError):
        raise not_whole("release.json saknar uppgifter eller har felaktiga") from None
    try:
        sound = _fill(release, counts)
    except duckdb.Error:
        sound = False
    if not sound:
        raise not_whole("counts.parquet är inte tabellen som hör till utgåvan")
    return release


def _release(metadata: Mapping[str, Any], connection: duckdb.DuckDBPyConnection) -> Release:
    """The release that the metadata describe. Raises KeyError, TypeError or ValueError."""
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
        connection=connection,
    )


def _rules(parameters: Mapping[str, Any]) -> Rules:
    """The parameters that the release was made with: none is left to its default."""
    for field in fields(Rules):
        value = _typed(parameters[field.name], *((int, float) if field.type is float else (int,)))
        if not 0 < value < inf:
            raise ValueError(field.name)
    return Rules(**parameters)


def _typed(value: Any, *kinds: type) -> Any:
    """The value, if it is of just one of the types: True is no number here."""
    if type(value) not in kinds:
        raise TypeError(value)
    return value


def _texts(values: Any) -> list[str]:
    return [_typed(value, str) for value in _typed(values, list)]


def _fill(release: Release, counts: Path) -> bool:
    """Read the table of counts; whether it has its columns, no gap, and the release's total."""
    connection = release.connection
    connection.execute(
        "CREATE TABLE counts AS FROM read_parquet(?, hive_partitioning=false)", [str(counts)]
    )
    described = connection.execute("DESCRIBE counts").fetchall()
    if {name: kind for name, kind, *_ in described} != COUNTS_COLUMNS:
        return False
    gaps = connection.execute(
        "SELECT count(*) FROM counts WHERE dimensions IS NULL OR label IS NULL OR value IS NULL"
    ).fetchone()
    total = connection.execute(
        "SELECT value FROM counts WHERE dimensions = '' AND label = ?", [measures.ALL]
    ).fetchall()
    return gaps == (0,) and total == [(release.total,)]
