"""What the leak tests share: what a number may be, everything to ask the API, a release's double.

The double differs from the release in what no reader may learn, and in nothing else. Whatever
leaves must be the same of both, to the last byte: a number that follows a hidden one, or an order,
a length or a height that does, is found without anybody having thought of it.
"""

import asyncio
import base64
import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from starlette.applications import Starlette

from fovdata import api, measures, settings
from fovdata import questionnaire as form
from fovdata.api.parameters import ROOT
from fovdata.figures.release import Release
from fovdata.keys import SYNTHETIC_KEY
from fovdata.selection import DIMENSIONS, EARLIER, LATEST

SHOW, CODE = 20, 5
"""Written out, so that lower thresholds in the rules are noticed here."""

LATEST_YEAR = "2022"
"""Of the demo answers."""

Row = dict[str, Any]
"""A row of a release's table of counts."""
Call = tuple[str, Mapping[str, Sequence[str]]]
"""A call of the API: its path, and the codes of its parameters."""


@dataclass(frozen=True)
class Protected:
    """The unrounded counts of a folder's only release: by whom they are about, and label.

    Whom: the dimensions that the cell is divided by, with a code each.
    """

    values: Mapping[tuple[frozenset[tuple[str, str]], str], int]

    @classmethod
    def of(cls, releases: Path) -> "Protected":
        """Those of the first-time forms."""
        counts = pd.read_parquet(releases / "1" / "counts.parquet")
        first_time = counts[counts["fill_count"].isna() & (counts[LATEST] != EARLIER)]
        # A federation's latest year is asked for by the year.
        of_year = first_time[LATEST].notna()
        first_time = first_time.assign(period=first_time["period"].mask(of_year, LATEST_YEAR))
        return cls(
            {
                (
                    frozenset((d, row[d]) for d in DIMENSIONS if not pd.isna(row[d])),
                    row["label"],
                ): int(row["value"])
                for row in first_time.to_dict("records")
            }
        )

    def count(self, group: Mapping[str, str], label: str) -> int:
        """Those of a group under a label; 0 where the release has none."""
        return self.values.get((frozenset(group.items()), label), 0)

    def share(self, group: Mapping[str, str], question: str) -> tuple[int, int]:
        """Those who answered a question, and those who answered Ja."""
        return (
            self.count(group, measures.answered(question)),
            self.count(group, measures.yes(question)),
        )

    def rows(self, group: Mapping[str, str], question: str) -> tuple[int, int, int]:
        """Those who answered question 6 too, and of them those with Ja and with Nej to it."""
        n_label, _ = measures.together(form.WITNESSED.code, question)
        n, (answered, yes) = self.count(group, n_label), self.share(group, form.WITNESSED.code)
        witnessed = round(n * yes / answered) if n else 0
        return n, witnessed, n - witnessed


def is_about_right(n: int) -> bool:
    """Whether a number of answers is rounded and of a group that may be shown."""
    return n % 5 == 0 and n >= SHOW


def has_decimals(value: float, decimals: int) -> bool:
    """Whether a number has been rounded."""
    return bool(value == round(value, decimals))


def holds_an_answer_or_the_key(text: str) -> bool:
    """Whether an id of the demo answers, or their key, stands in a text."""
    keys = (SYNTHETIC_KEY.hex(), base64.b64encode(SYNTHETIC_KEY).decode())
    ids = _response_ids() & set(re.findall("[0-9a-f]{32}", text))
    return bool(ids) or any(key in text for key in keys)


@cache
def _response_ids() -> frozenset[str]:
    answers = pd.read_parquet(settings.ROOT / "data" / "demo" / "answers.parquet")
    return frozenset(answers["response_id"])


def questions_about_shares(release: Release) -> Iterator[Mapping[str, Sequence[str]]]:
    """Every split, by one dimension or by all, and every filter by one code that is offered."""
    known = {**release.categories, LATEST: [LATEST_YEAR]}
    for table in release.tables:
        splits = [(), *((one,) for one in table), *([table] if len(table) > 1 else [])]
        for by in splits:
            rest = [d for d in table if d not in by]
            if LATEST in by or (len(rest) > 1 and rest != ["federation", LATEST]):
                continue
            codes = (known[d] for d in rest)
            rest = ["period" if d == LATEST else d for d in rest]
            for combination in itertools.product(*codes):
                yield {"by": by, **{d: [c] for d, c in zip(rest, combination, strict=True)}}


def one_code_filters(release: Release, without: str = "") -> Iterator[Mapping[str, Sequence[str]]]:
    """No filter, and every filter by one code, of every dimension but ``without``."""
    yield {}
    for dimension, codes in release.categories.items():
        yield from ({dimension: [code]} for code in codes if dimension != without)


def calls(release: Release) -> Iterator[Call]:
    """Everything to ask the API that no sum of several cells answers, and some it refuses."""
    yield from (("shares", question) for question in questions_about_shares(release))
    yield "shares", {"by": ["forms"]}
    yield "shares", {"gender": ["annat"]}
    yield from (("women-and-men", one) for one in one_code_filters(release, without="gender"))
    yield from (("association", one) for one in one_code_filters(release))
    yield "association", {"by": ["gender"]}
    yield from (("comparison", one) for one in COMPARISONS)
    yield from (("comparison", {"federation": [f]}) for f in release.categories["federation"][:5])
    yield from ((path, {}) for path in ("health", "coverage", "published", "openapi.json"))
    yield "shares", {"federation": ["falun"], "age": ["25-34"]}
    yield "shares", {"gender": ["hund"]}
    yield "nothing", {}


COMPARISONS: Sequence[Mapping[str, Sequence[str]]] = (
    {},
    {"adjust": ["gender"]},
    {"gender": ["kvinna"]},
    {"gender": ["man"]},
)
"""What to ask of all federations beside region and country."""


def answers(
    releases: Path, asked: Iterable[Call], *formats: str
) -> Iterator[tuple[Call, str, httpx.Response]]:
    """Each call with each format and the API's answer, of one program that has just started."""

    async def all_of_them() -> list[tuple[Call, str, httpx.Response]]:
        transport = httpx.ASGITransport(Starlette(routes=api.ROUTES), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [
                (
                    (path, parameters),
                    one,
                    await client.get(f"{ROOT}/{path}", params={**parameters, **_FORMAT[one]}),
                )
                for path, parameters in asked
                for one in formats
            ]

    with mock.patch.dict(os.environ, FOV_RELEASE=str(releases)):
        yield from asyncio.run(all_of_them())


_FORMAT: Mapping[str, Mapping[str, str]] = {
    "json": {},
    **{one: {"format": one} for one in ("csv", "json-stat")},
}


def altered(releases: Path, folder: Path, change: Callable[[list[Row]], list[Row]]) -> Path:
    """A copy of a folder's only release that has other protected counts, sealed anew."""
    shutil.copytree(releases / "1", folder / "1")
    counts, metadata = folder / "1" / "counts.parquet", folder / "1" / "release.json"
    table = pq.read_table(counts)
    rows = change(table.to_pylist())
    pq.write_table(pa.Table.from_pylist(rows, table.schema), counts)
    said = json.loads(metadata.read_text(encoding="utf-8"))
    said["counts_sha256"] = hashlib.sha256(counts.read_bytes()).hexdigest()
    said["total"] = next(
        row["value"] for row in rows if (row["dimensions"], row["label"]) == ("", measures.ALL)
    )
    metadata.write_text(json.dumps(said), encoding="utf-8")
    return folder


def double(rows: list[Row]) -> list[Row]:
    """The same table with other protected counts wherever the gate hides what they are."""
    cells: dict[tuple[object, ...], dict[str, Row]] = {}
    for row in map(dict, rows):
        cell = tuple(value for name, value in row.items() if name not in ("label", "value"))
        cells.setdefault(cell, {})[row["label"]] = row
    for cell_of in cells.values():
        _move(cell_of)
    return [row for cell_of in cells.values() for row in cell_of.values()]


def _move(cell: Mapping[str, Row]) -> None:
    for first, second in measures.ASSOCIATIONS:
        n_label, both = measures.together(first, second)
        if both in cell and min(_rows(cell, n_label)) < SHOW:
            cell[both]["value"] += 3
    everybody = cell[measures.ALL]
    everybody["value"] = _same_when_rounded(everybody["value"])
    for n_label, y_labels in _SHARES.items():
        if n_label not in cell:
            continue
        n = cell[n_label]["value"]
        for y_label in y_labels:
            cell[y_label]["value"] = _same_when_shown(cell[y_label]["value"], n)
        if n < SHOW:
            cell[n_label]["value"] = _below(n, SHOW)


def _rows(cell: Mapping[str, Row], n_label: str) -> tuple[int, int]:
    """Those with Ja, and with Nej, to question 6 of those who answered another one too."""
    question = form.WITNESSED.code
    answered, yes = (cell[of(question)]["value"] for of in (measures.answered, measures.yes))
    n = cell[n_label]["value"]
    witnessed = round(n * yes / answered)
    return witnessed, n - witnessed


_SHARES = {
    **{measures.answered(q.code): [measures.yes(q.code)] for q in form.QUESTIONS},
    **{measures.answered_all(one): [measures.yes_any(one)] for one in measures.SEVERAL},
}
_SHARES[measures.answered_all(measures.KINDS_SET)] += map(measures.kinds, measures.KINDS_MET)


def _same_when_rounded(n: int) -> int:
    """Mirrored in its five, so that those which are rounded alike stand in the opposite order."""
    return _below(n, SHOW) if n < SHOW else max(2 * (5 * ((n + 2) // 5)) - n, SHOW)


def _same_when_shown(y: int, n: int) -> int:
    if n < SHOW:
        return y + 3
    if y < CODE:
        return _below(y, CODE)
    return n - _below(n - y, CODE) if n - y < CODE else y


def _below(count: int, limit: int) -> int:
    """Another count below the limit."""
    return (max(count, 0) + limit // 2) % limit
