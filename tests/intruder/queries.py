"""What the intruder asks the API, and the protected counts that its rounded answers leave open."""

import asyncio
import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import numpy as np
from starlette.applications import Starlette

from fovdata import api, measures
from fovdata import questionnaire as form
from fovdata.figures import estimates
from fovdata.figures.estimates import Cell, Estimate
from fovdata.figures.release import Release
from fovdata.rules import Rules, Status
from fovdata.selection import DIMENSIONS, EARLIER, LATEST
from intruder.observing import Seen, collected, reach
from intruder.people import COUNTED, QUESTIONS, Booleans, People

Pair = tuple[int, int]
"""Protected answers and Ja of a cell."""
Place = tuple[tuple[str, str], ...]
"""Whom a cell is about: dimension and code, in the order of the table."""
Asked = Mapping[str, Sequence[str]]
Open = dict[tuple[Place, str], set[Pair] | None]
"""What the counts of a cell and question may be; None where nothing is shown."""

_DIVISIONS = (*DIMENSIONS, LATEST)
_STEP = 5
_OTHERS = 2
"""So many cells in sight are added to each hidden one, one after the other."""


class Questions:
    """Asks the API of a folder of releases, counts what was asked, and keeps what was shown.

    ``shown`` holds every share that came back for a single cell, by place and question, as the
    API says it.
    """

    def __init__(self, releases: Path, release: Release, people: People) -> None:
        self.release, self.people = release, people
        self.asked = 0
        self.shown: dict[tuple[Place, str], Mapping[str, Any]] = {}
        self._releases = releases
        self._bound, self._variance = reach(release.rules)
        self._cells_of: dict[Place, Booleans] = {}
        self._categories = {**release.categories, LATEST: (LATEST, EARLIER)}
        self._routes = Starlette(routes=api.ROUTES)

    def everything(self, subsets: int = 60, sums: bool = True, seed: int = 1) -> Seen:
        """What all questions together say of the protected counts.

        Every offered table and filter, and question 6 against the others by one filter. With
        ``sums`` also every choice of all but one, each hidden cell with some in sight, and
        ``subsets`` random choices.
        """
        with mock.patch.dict(os.environ, FOV_RELEASE=str(self._releases)):
            return asyncio.run(self._everything(subsets, sums, seed))

    async def _everything(self, subsets: int, sums: bool, seed: int) -> Seen:
        transport = httpx.ASGITransport(self._routes)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            self._client = client
            for table in self.release.tables:
                await self._table(table)
            open_counts = {key: self._possible(*key) for key in self.shown}
            rng = np.random.default_rng(seed)
            for split, filters in self._sums(subsets, rng) if sums else ():
                await self._sum(split, filters, open_counts)
            found = list(self._read(open_counts))
            for place in sorted({place for place, _ in self.shown if len(place) <= 1}):
                found += await self._together(place, open_counts)
        return collected(self.people, found)

    async def _get(self, path: str, asked: Asked) -> Sequence[Mapping[str, Any]]:
        """The rows of an answer. Whatever is asked is offered: a refusal would be a blind eye."""
        self.asked += 1
        answer = await self._client.get(f"/api/v1/{path}", params=dict(asked))
        assert answer.status_code == 200, (path, asked, answer.text)
        return list(answer.json()["rows"])

    async def _shares(self, split: Sequence[str], filters: Asked) -> Sequence[Mapping[str, Any]]:
        """Shares, where LATEST among the filters stands for the years that it is about."""
        asked = dict(filters)
        if parts := asked.pop(LATEST, ()):
            *earlier, latest = self.release.categories["period"]
            years = {LATEST: [latest], EARLIER: earlier}
            asked["period"] = [year for part in parts for year in years[part]]
        return await self._get("shares", {"by": split or ["none"], **asked})

    def _splits(
        self, table: Sequence[str], filtered: str = ""
    ) -> Iterator[tuple[Sequence[str], Asked]]:
        """How to split by a table's other dimensions: LATEST is a filter only, so one at a time."""
        split = [d for d in table if d not in (filtered, LATEST)]
        if LATEST in table and filtered != LATEST:
            yield from ((split, {LATEST: [part]}) for part in self._categories[LATEST])
        else:
            yield split, {}

    async def _table(self, table: tuple[str, ...]) -> None:
        """Ask for a table whole, and for every filter that has the same cells."""
        for split, fixed in self._splits(table):
            await self._cells(split, fixed)
        for filtered in table if len(table) <= 2 else ():
            for split, fixed in self._splits(table, filtered):
                for code in self._categories[filtered]:
                    await self._cells(split, {filtered: [code], **fixed})

    async def _cells(self, split: Sequence[str], filters: Asked) -> None:
        for row in await self._shares(split, filters):
            codes = {**row["group"], **{d: codes[0] for d, codes in filters.items()}}
            place = tuple((d, codes[d]) for d in _DIVISIONS if d in codes)
            self.shown[place, row["question"]] = row

    def _possible(self, place: Place, question: str) -> set[Pair] | None:
        """Which protected counts a cell can have; None for any that are hidden."""
        row = self.shown[place, question]
        if row["status"] == "hidden":
            return None
        n, bound = self._answered(place, question), self._bound
        return {
            (a, y)
            for a, y in protected(_figures(row), 1, self.release.rules)
            if abs(a - n) <= bound and -bound <= y <= n + bound
        }

    def _within(self, place: Place) -> Booleans:
        if place not in self._cells_of:
            self._cells_of[place] = self.people.within(dict(place))
        return self._cells_of[place]

    def _answered(self, place: Place, question: str) -> int:
        asked = self.people.answered[:, QUESTIONS.index(question)]
        return int((self._within(place) & asked).sum())

    def _sums(
        self, subsets: int, rng: np.random.Generator
    ) -> Iterator[tuple[Sequence[str], Asked]]:
        """Choices of several codes of a dimension, alone or split by another of the table.

        The dimension stands first among the filters.
        """
        small = {
            part
            for (place, _), row in self.shown.items()
            if row["status"] == "hidden"
            for part in place
        }
        alone = {
            place[0]
            for (place, _), row in self.shown.items()
            if len(place) == 1 and row["status"] == "hidden"
        }
        for table, dimension in itertools.product(self.release.tables, _DIVISIONS):
            if dimension not in table or len(table) > 2:
                continue
            codes = [*self._categories[dimension]]
            shown = [code for code in codes if (dimension, code) not in alone]
            chosen = [[c for c in codes if c != one] for one in codes if len(codes) > 2]
            for place, code in enumerate(codes):
                if (dimension, code) in small:
                    near = (shown[(place + k) % len(shown)] for k in range(_OTHERS + 1))
                    chosen += [[code, other] for other in near if other != code]
            for several, (split, fixed) in itertools.product(
                chosen, self._splits(table, dimension)
            ):
                yield split, {dimension: several, **fixed}
        single = [table[0] for table in self.release.tables if len(table) == 1]
        for dimension in rng.choice(single, subsets):
            codes = [*self.release.categories[dimension]]
            if len(codes) > 2:
                yield (), {dimension: [*rng.choice(codes, rng.integers(2, len(codes)), False)]}

    async def _sum(
        self,
        split: Sequence[str],
        filters: Asked,
        possible: Open,
    ) -> None:
        """Ask for a sum and let it narrow what its parts can be."""
        (dimension, codes), *fixed = filters.items()
        for row in await self._shares(split, filters):
            if row["status"] == "hidden":
                continue
            parts = []
            for code in codes:
                group = {**row["group"], **{d: one[0] for d, one in fixed}, dimension: code}
                place = tuple((d, group[d]) for d in _DIVISIONS if d in group)
                if self._within(place).any():
                    parts.append((place, row["question"]))
            totals = protected(_figures(row), len(parts), self.release.rules)
            if all(part in possible for part in parts):
                self._narrow(parts, totals, possible)

    def _narrow(
        self,
        parts: Sequence[tuple[Place, str]],
        totals: frozenset[Pair],
        possible: Open,
    ) -> None:
        """Whatever a part is, the others must make up the rest of the sum."""
        for part in parts:
            others = [possible[one] for one in parts if one != part]
            n, bound = self._answered(*part), self._bound
            if len(others) == 1 and others[0] and len(others[0]) * len(totals) < 2000:
                left = {(N - a, Y - y) for N, Y in totals for a, y in others[0]}
                left = {(a, y) for a, y in left if abs(a - n) <= bound and -bound <= y <= n + bound}
            elif (mine := possible[part]) is not None and all(others):
                low = min(Y for _, Y in totals) - sum(max(y for _, y in o) for o in others if o)
                high = max(Y for _, Y in totals) - sum(min(y for _, y in o) for o in others if o)
                left = {(a, y) for a, y in mine if low <= y <= high}
            else:
                continue
            mine = possible[part]
            possible[part] = (left if mine is None else left & mine) or mine

    def _read(self, possible: Open) -> Iterator[tuple[int, Booleans, float, float, float, float]]:
        """The counts of Ja that are left open, as sums that were seen.

        The same people have the same count by every route; the route that says most is kept.
        """
        sharpest: dict[tuple[str, bytes], tuple[Place, set[Pair]]] = {}
        for (place, question), pairs in possible.items():
            people = question, self._within(place).tobytes()
            if pairs and (people not in sharpest or len(pairs) < len(sharpest[people][1])):
                sharpest[people] = place, pairs
        for (question, _), (place, pairs) in sharpest.items():
            ja = np.array(sorted({y for _, y in pairs}))
            yield (
                QUESTIONS.index(question),
                self._within(place),
                float(ja.mean()),
                self._variance + float(ja.var()),
                float(ja.min() - self._bound),
                float(ja.max() + self._bound),
            )

    async def _together(
        self, place: Place, possible: Open
    ) -> list[tuple[int, Booleans, float, float, float, float]]:
        """Ja to both of two questions: the share among those with Ja to question 6, times those."""
        found = []
        witnessed = possible.get((place, form.WITNESSED.code))
        if not witnessed:
            return []
        rows = await self._get("association", {d: [code] for d, code in place})
        cell = self._within(place)
        labels = [one.label for one in COUNTED]
        for row in rows:
            if row["yes"]["status"] != "shown":
                continue
            *_, both = measures.together(form.WITNESSED.code, row["question"])
            counted = labels.index(both)
            part = (cell & self.people.answering[:, counted]).sum() / self._answered(
                place, form.WITNESSED.code
            )
            ja = part * float(np.mean([y for _, y in witnessed]))
            share = row["yes"]["share"] / 100
            variance = self._variance * (1 + share**2) + (ja / 100) ** 2 / 12
            found.append((counted, cell, share * ja, variance, -np.inf, np.inf))
        return found


def _figures(row: Mapping[str, Any]) -> Estimate:
    names = ("n", "share", "low", "high", "limit")
    return Estimate(Status(row["status"]), *(row[name] for name in names))


@cache
def protected(said: Estimate, draws: int, rules: Rules) -> frozenset[Pair]:
    """Every pair of protected answers and Ja of which the gate says just this."""
    assert said.n is not None
    found = set()
    for n in range(said.n - _STEP // 2, said.n + _STEP // 2 + 1):
        few = rules.bound * draws
        if said.share is None:
            ja = [*range(-few, rules.code), *range(n - rules.code + 1, n + few + 1)]
        else:
            low = 0 if said.share <= 1 else ceil((said.share - 0.5) * n / 100)
            high = n if said.share >= 99 else floor((said.share + 0.5) * n / 100)
            ja = [*range(low, high + 1)]
        found |= {(n, y) for y in ja if estimates.estimate(Cell(n, y, draws), rules) == said}
    return frozenset(found)
