"""A release opened for reading: the only source of figures about answers."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

import duckdb

from fovdata import measures
from fovdata import questionnaire as form
from fovdata.rules import Rules
from fovdata.selection import DIMENSIONS, Selection

FORMAT = 1
"""The newest format that this code reads."""


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

    def __sub__(self, part: "Counts") -> "Counts":
        """The rest, when ``part`` is a part of this: by subtraction, never drawn."""
        if not part.draws:
            return self
        return Counts(
            {
                label: value - part.values[label]
                for label, value in self.values.items()
                if label in part.values  # else the rest would count the part's people too
            },
            self.draws + part.draws,
        )


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
    """The folder of the newest whole release in a folder of releases."""
    numbers = []
    if releases.is_dir():
        numbers = [int(path.name) for path in releases.iterdir() if path.name.isdecimal()]
    if not numbers:
        raise ReleaseUnreadable(
            f"Det finns ingen utgåva i {releases}. Gör en med: python -m fovdata release"
        )
    return releases / str(max(numbers))


def current(releases: Path) -> Release:
    """The newest release, opened once and kept. Raises ReleaseUnreadable."""
    return _kept(newest(releases))


@lru_cache(maxsize=2)
def _kept(folder: Path) -> Release:
    return open_release(folder)


def open_release(folder: Path) -> Release:
    """Read a release into memory. Raises ReleaseUnreadable."""
    remedy = "Hämta utgåvan på nytt eller gör en ny med: python -m fovdata release"
    try:
        metadata = json.loads((folder / "release.json").read_text(encoding="utf-8"))
        number_of_format = metadata["format"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ReleaseUnreadable(
            f"Utgåvan {folder} är inte hel: release.json saknas eller är skadad. {remedy}"
        ) from None
    if number_of_format != FORMAT:
        raise ReleaseUnreadable(
            f"Utgåvan {folder} har format {number_of_format}, men det här programmet läser "
            f"format {FORMAT}. Uppdatera programmet, eller gör utgåvan på nytt."
        )
    counts = folder / "counts.parquet"
    try:
        digest = hashlib.sha256(counts.read_bytes()).hexdigest()
    except OSError:
        digest = None
    if digest is None or digest != metadata.get("counts_sha256"):
        raise ReleaseUnreadable(
            f"Utgåvan {folder} är inte hel: counts.parquet saknas eller är ändrad. {remedy}"
        )
    connection = duckdb.connect()
    connection.execute("CREATE TABLE counts AS FROM read_parquet(?)", [str(counts)])
    try:
        return Release(
            number=metadata["number"],
            date=date.fromisoformat(metadata["date"]),
            data=metadata["data"],
            total=metadata["total"],
            rules=Rules(**metadata["rules"]),
            categories=metadata["categories"],
            region_of=metadata["region_of"],
            tables=[tuple(table) for table in metadata["tables"]],
            connection=connection,
        )
    except (KeyError, TypeError, ValueError):
        raise ReleaseUnreadable(
            f"Utgåvan {folder} är inte hel: release.json saknar uppgifter. {remedy}"
        ) from None
