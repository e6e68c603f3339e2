"""Populations to intrude on, and releases of them as the product's own safe side makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fovdata import keys, responses
from fovdata.registry import Registry
from fovdata.release import building
from fovdata.rules import RULES, Rules
from fovdata.selection import LATEST
from intruder.observing import Released
from intruder.people import People, people

EXACT = Rules(sigma=0.01)
"""The same tables of the true counts: what the intruder would have without protection."""


@dataclass(frozen=True)
class Population:
    """Answers in a folder of their own, and the persons behind them."""

    folder: Path
    registry: Registry
    table: pa.Table
    people: People

    @classmethod
    def of(cls, table: pa.Table, folder: Path, registry: Registry) -> "Population":
        """Write the answers as the only batch in ``folder``."""
        pq.write_table(table, folder / "answers.parquet")
        return cls(folder, registry, table, people(table, registry))

    def released(
        self, rules: Rules = RULES, secret: bytes = keys.SYNTHETIC_KEY, without: Sequence[int] = ()
    ) -> Released:
        """The rows of a release's file, of everybody but some persons."""
        file, present = self.folder / "answers.parquet", np.ones(len(self.people), bool)
        if len(without):
            gone = pc.is_in(
                self.table["response_id"], pa.array([self.people.ids[i] for i in without])
            )
            file = self.folder.with_name(f"{self.folder.name}-before.parquet")
            pq.write_table(self.table.filter(pc.invert(gone)), file)
            present[list(without)] = False
        made = building.protect(file, responses.SYNTHETIC, self.registry, secret, rules)
        return made.rows, present

    def newest(self, federation: str, number: int) -> Sequence[int]:
        """Some persons of a federation whose forms are of the last year."""
        place = {"federation": federation, LATEST: LATEST}
        return np.flatnonzero(self.people.within(place))[:number].tolist()
