"""A folder of releases that grows: the demo's answers, then those and new ones of a later year."""

import datetime
import shutil
from pathlib import Path

from conftest import WriteAnswers

from fovdata import settings
from fovdata.registry import Registry
from fovdata.release import building

FIRST_DAY, SECOND_DAY = datetime.date(2023, 1, 12), datetime.date(2024, 2, 5)

LATER = """
times federation gender q1
60    halland    kvinna ja
60    skaraborg  man    nej
20    falun      kvinna nej
"""
"""Answers of 2023. Falun has too few before them to be shown."""


class Growing:
    """Releases under ``folder``, made one after the other of the answers in ``answers``."""

    def __init__(self, folder: Path, registry: Registry, write_answers: WriteAnswers) -> None:
        self.releases, self.ledger = folder / "utgåvor", folder / "liggare"
        self.registry, self.write_answers = registry, write_answers

    def first(self) -> Path:
        """Release the demo's answers; returns the folder of releases."""
        answers = self.write_answers("times\n0")
        shutil.copy(settings.ROOT / "data" / "demo" / "answers.parquet", answers / "demo.parquet")
        return self.release(answers, FIRST_DAY)

    def second(self) -> Path:
        """Release them again with those of LATER."""
        return self.release(self.write_answers(LATER, "senare.parquet", year="2023"), SECOND_DAY)

    def release(self, answers: Path, day: datetime.date) -> Path:
        """Release the answers in a folder on a day; returns the folder of releases."""
        building.build(answers, self.releases, self.ledger, self.registry, today=day)
        return self.releases
