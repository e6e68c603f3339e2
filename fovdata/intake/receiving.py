"""A file is received: read, checked and held against what is already there; then added.

Both doors use it, the command line and the intake desk.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

from fovdata import batches, keys
from fovdata.batches import About, Batch, Comparison, Missing
from fovdata.intake import anonymising, checking, reading
from fovdata.intake.checking import Checked
from fovdata.intake.places import Place
from fovdata.intake.reading import Limits
from fovdata.registry import Registry

FILE, TYPED = "file", "typed"
NAMELESS = "filen"


@dataclass(frozen=True)
class Received:
    """What a file holds. ``comparison`` is None where something must be mended first.

    ``name`` is the file's, or NAMELESS where that has personal data in it.
    """

    name: str
    checked: Checked
    source: str
    comparison: Comparison | None

    @property
    def blocked(self) -> bool:
        """Whether something must be mended before the file can be added."""
        return self.checked.blocked

    @property
    def asks(self) -> bool:
        """Whether somebody must say what becomes of earlier answers that the file lacks."""
        return self.comparison is not None and self.comparison.asks


def receive(
    source: BinaryIO,
    name: str,
    place: Place,
    registry: Registry,
    federation: str | None = None,
    limits: Limits = reading.COMMAND_LINE,
    today: datetime.date | None = None,
    passed: Callable[[int], object] = lambda _: None,
) -> Received:
    """Read a file, check it and say what adding it would do; nothing is stored.

    ``federation`` is whose forms they are where the file does not say. ``passed`` is called with
    how many forms have been checked. Raises FileFault and StoreFault.
    """
    table = reading.read(source, name, limits)
    today = today or datetime.date.today()
    checked = checking.check(
        table, registry, place.secret, place.data, today, federation, passed, name
    )
    if checked.name_hidden:
        name = NAMELESS
    digest = anonymising.source_digest(place.secret, source)
    return compared_anew(Received(name, checked, digest, None), place)


def compared_anew(received: Received, place: Place) -> Received:
    """The same beside what is stored now: somebody else may have added answers meanwhile.

    Raises StoreFault.
    """
    if received.blocked:
        return received
    key = keys.fingerprint(place.secret)
    answers = received.checked.answers
    comparison = batches.compared(place.folder, answers, received.source, key)
    return replace(received, comparison=comparison)


def add(
    received: Received,
    place: Place,
    role: str,
    missing: Missing | None = None,
    now: datetime.datetime | None = None,
) -> Batch | None:
    """Store what was received as a batch; None if all of it is there already.

    ``missing`` is the answer to what the comparison asks. Raises StoreFault, also where the
    comparison is no longer true: nobody gets anything else than what was shown.
    """
    if received.blocked:
        raise ValueError("A file with faults cannot be added")
    about = About(
        role=role,
        way=FILE,
        source=received.source,
        remarks=received.checked.remarks,
        made=now or datetime.datetime.now(datetime.UTC),
        key=keys.fingerprint(place.secret),
    )
    return batches.add(place.folder, received.checked.answers, about, missing, received.comparison)
