"""The disclosure rules' parameters and the decisions that follow from a protected count.

Both sides of the border read them here: the release draws noise by them, the figures show, code
or hide by them, and the method page prints them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from math import ceil, prod, sqrt


class Status(StrEnum):
    """What may be said of a cell."""

    SHOWN = "shown"
    CODED = "coded"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Rules:
    """The parameters of the disclosure control, counts of answers unless said."""

    sigma: float = 2.0
    """Standard deviation of the noise before it is bounded."""
    bound: int = 8
    """The noise is a whole number from −bound to bound."""
    show: int = 20
    """A cell with fewer protected answers is hidden."""
    code: int = 5
    """With fewer protected Ja, or fewer protected Nej, the share is given as a limit only."""
    mean_cell_2: int = 25
    """A table of one or two dimensions is offered when its mean cell is at least this."""
    mean_cell_3: int = 100
    """The same for three dimensions."""
    association: int = 100
    """Two questions together are shown from this many protected answers."""
    batch: int = 10
    """So many new answers a federation must have for them to enter a release together."""

    def offers(self, dimensions: tuple[str, ...], total: int, sizes: Mapping[str, int]) -> bool:
        """Whether a table over ``dimensions`` is offered.

        ``total`` is the protected national total and ``sizes`` the number of categories that
        can hold answers, by dimension. A federation contains its region.
        """
        if "federation" in dimensions:
            dimensions = tuple(d for d in dimensions if d != "region")
        if len(dimensions) > 3:
            return False
        mean_cell = total / prod(sizes[dimension] for dimension in dimensions)
        return mean_cell >= (self.mean_cell_3 if len(dimensions) == 3 else self.mean_cell_2)

    def offered(self, total: int, sizes: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
        """All offered tables, each as its dimensions in the order of ``sizes``, the total first."""
        return tuple(
            dimensions
            for count in range(4)
            for dimensions in combinations(sizes, count)
            if not {"region", "federation"} <= set(dimensions)
            and self.offers(dimensions, total, sizes)
        )

    def offers_latest(self, total: int, federations: int) -> bool:
        """Whether federations are offered by the latest closed year and all years before it."""
        dimensions = ("federation", "latest")
        return self.offers(dimensions, total, {"federation": federations, "latest": 2})

    def status(self, n: int, y: int, draws: int = 1) -> Status:
        """Show, code or hide a cell of ``n`` protected answers, ``y`` of them Ja.

        ``draws`` is the number of noise draws in each count; with so many that a limit would
        say nothing, a cell that should be coded is hidden.
        """
        if n < self.show:
            return Status.HIDDEN
        if self.code <= y <= n - self.code:
            return Status.SHOWN
        return Status.CODED if self.limit(n, draws) <= 50 else Status.HIDDEN

    def limit(self, n: int, draws: int = 1) -> int:
        """The per cent below which a coded cell's rarer answer lies: a multiple of 5.

        The bound of one draw, or of several by their standard deviation.
        """
        return 5 * ceil(100 * self.bound * sqrt(draws) / n / 5)


RULES = Rules()

STANDING_NOTE = (
    "Siffrorna är röjandeskyddade med slumpmässigt brus. Delar summerar därför inte alltid till "
    "totalen. Samma urval ger alltid samma siffra."
)
NOT_OFFERED = "Kombinationen visas inte – grupperna blir för små"
