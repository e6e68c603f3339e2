"""Where the names of a funnel's points stand, reckoned in pixels so that none overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from textwrap import wrap

from fovdata import wording
from fovdata.figures import comparisons
from fovdata.figures.comparisons import Limit
from fovdata.figures.estimates import Estimate
from fovdata.rules import Rules

HEIGHT = 430
"""Pixels of the chart."""
LETTER, LINE, WRAP = 6.4, 15, 17
"""Pixels of a letter and of a line of a name, and after how many letters it is broken."""
DOT, GAP = 6, 4
"""Pixels from the middle of a point to its edge, and from there to its name."""


@dataclass(frozen=True)
class Point:
    """A federation whose share is shown."""

    name: str
    own: Estimate
    outside: Limit | None

    @property
    def n(self) -> int:
        """Its number of answers, rounded."""
        return self.own.n or 0

    @property
    def share(self) -> int:
        """Its share of Ja, in whole per cent."""
        return self.own.share or 0


@dataclass(frozen=True)
class _Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Frame:
    """The axes that a point has its pixels by."""

    width: int
    top: int
    ends: tuple[int, int]
    country: int
    rules: Rules

    def pixels(self, point: Point) -> tuple[float, float]:
        """Where a point is."""
        low, high = self.ends
        return (point.n - low) / (high - low) * self.width, self._height(point.share)

    def box(self, point: Point, side: str) -> _Box:
        """What a point's name covers on one side of it."""
        width, height = _size(point.name)
        x, y = self.pixels(point)
        horizontal, vertical = side.split()
        beside = DOT + GAP if vertical == "middle" else -DOT
        left = {"left": x - beside - width, "right": x + beside, "centre": x - width / 2}
        above = {"middle": y - height / 2, "above": y - DOT - height, "below": y + DOT}
        return _Box(
            left[horizontal],
            above[vertical],
            left[horizontal] + width,
            above[vertical] + height,
        )

    def holds(self, box: _Box) -> bool:
        """Whether a rectangle lies within the chart."""
        return min(box.left, box.top) >= 0 and box.right <= self.width and box.bottom <= HEIGHT

    def crosses(self, box: _Box) -> bool:
        """Whether a line of the funnel goes through a rectangle: none bends back."""
        first, last = self.ends
        at = [round(first + x / self.width * (last - first)) for x in (box.left, box.right)]
        lines: list[list[float]] = [[self.country] * 2]
        for limit in Limit:
            both = [comparisons.limits(self.country, n, limit, self.rules) for n in at]
            lines += [[low for low, _ in both], [high for _, high in both]]
        return any(
            not (max(heights) < box.top or min(heights) > box.bottom)
            for line in lines
            if (heights := [self._height(share) for share in line])
        )

    def _height(self, share: float) -> float:
        return (1 - share / self.top) * HEIGHT


@lru_cache(maxsize=128)
def _size(name: str) -> tuple[float, int]:
    """Pixels of a name's width and height: there are some forty, on eight sides in two frames."""
    lines = wrap(name, WRAP)
    return LETTER * max(map(len, lines)), LINE * len(lines)


_SIDES = (
    *("left middle", "right middle", "centre above", "centre below"),
    *("left above", "left below", "right above", "right below"),
)
"""Where a name may stand, the best first."""


def sides(points: Sequence[Point], frame: Frame) -> Mapping[str, str]:
    """By name, the sides of the points outside on which their names stand, where there is room.

    What does not overlap in a frame does not do so in a wider one: names keep their pixels, and
    points move apart.
    """
    at = [frame.pixels(point) for point in points]
    taken = [_Box(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in at]
    found: dict[str, str] = {}
    for point in sorted(
        (point for point in points if point.outside),
        key=lambda point: (point.outside is not Limit.OUTER, wording.alphabetical(point.name)),
    ):
        free = (
            (side, box)
            for side in _SIDES
            if frame.holds(box := frame.box(point, side)) and not any(map(box.meets, taken))
        )
        if first := next(free, None):
            clear = (one for one in chain((first,), free) if not frame.crosses(one[1]))
            found[point.name], box = next(clear, first)
            taken.append(box)
    return found
