"""A scene: one thought for a hall, with what is shown, where it comes from and what to say.

The content, for every format that sets it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fovdata.charts.dots import Series
from fovdata.charts.lanes import Row
from fovdata.figures.estimates import Estimate


@dataclass(frozen=True)
class Point:
    """A sentence to read from the last row; ``lead`` is a number or a name before it."""

    text: str
    lead: str = ""


@dataclass(frozen=True)
class Points:
    """Sentences below each other; ``lead_in`` stands before them."""

    points: Sequence[Point]
    lead_in: str = ""


@dataclass(frozen=True)
class Milestone:
    """How far the commission had come, as published: a number to draw, and words beside."""

    when: str
    value: int
    note: str


@dataclass(frozen=True)
class Milestones:
    """Published numbers beside each other, each for itself; ``what`` is counted."""

    what: str
    milestones: Sequence[Milestone]


@dataclass(frozen=True)
class Step:
    """The map when a group had joined; ``figures`` are numbers with what they count."""

    name: str
    figures: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class GrowthMap:
    """The country's municipalities, group by group.

    ``joined`` is the step, from 1, at which a municipality joined, by its code; those that have
    not are left out.
    """

    steps: Sequence[Step]
    joined: Mapping[str, int]


@dataclass(frozen=True)
class Shares:
    """Shares in lanes, a row a question, with what is said of their difference."""

    rows: Sequence[Row]

    @property
    def lanes(self) -> Sequence[Series]:
        """Whose shares stand below each other in every row."""
        return [series for series, _ in self.rows[0].lanes]

    @property
    def apart(self) -> str:
        """What the numbers are that are said of the rows; empty where words or nothing is said."""
        said = [row for row in self.rows if row.said and not row.verdict]
        return "Skillnad, procentenheter" if len(said) == len(self.rows) else ""


@dataclass(frozen=True)
class Hundreds:
    """A hundred figures for each of two groups; filled are those who answered Ja."""

    sides: Sequence[tuple[Series, Estimate]]


@dataclass(frozen=True)
class Support:
    """Where help is to be had, and the dashboard's ``address``."""

    points: Sequence[Point]
    address: str


Body = Points | Milestones | GrowthMap | Shares | Hundreds | Support


@dataclass(frozen=True)
class Scene:
    """One thought. ``title`` is the thought, ``alternative`` says what a chart shows.

    ``source`` says whom it is about, on how many answers it rests and where it comes from.
    ``mark`` says that the answers are synthetic, where there are any. ``notes`` are the speaker's.
    """

    code: str
    title: str
    body: Body
    source: str
    notes: Sequence[str]
    alternative: str = ""
    mark: str = ""

    @property
    def steps(self) -> int:
        """How many times a key is pressed before the next scene."""
        return len(self.body.steps) if isinstance(self.body, GrowthMap) else 1


@dataclass(frozen=True)
class Deck:
    """A presentation: its scenes in order, the release that it is fixed to and that one's day."""

    title: str
    scenes: Sequence[Scene]
    release: str
    day: date
