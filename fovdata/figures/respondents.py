"""Who answered: how a selection's respondents are divided by gender, age or authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

from fovdata.figures import shares
from fovdata.figures.release import NotOffered, Release
from fovdata.selection import Selection


@dataclass(frozen=True)
class Part:
    """Respondents of one category: how many, to the nearest 5, and in whole per cent of them all.

    Both are None where they are too few to show.
    """

    category: str
    n: int | None
    percent: int | None


def divided(release: Release, selection: Selection, dimension: str) -> Sequence[Part] | None:
    """The categories of a dimension, in their order; None where the split is not offered.

    The per cent are of what is shown, the rounded numbers: they say no more than those do. Those
    in no category, the third gender answer among them, are part of the total, so that the per
    cent need not add up to 100.
    """
    try:
        parts = shares.number_of_answers(release, selection, (dimension,))
    except NotOffered:
        return None
    (whole,) = shares.number_of_answers(release, selection)
    return [
        Part(
            one.group[dimension],
            one.n,
            floor(100 * one.n / whole.n + 0.5) if one.n and whole.n else None,
        )
        for one in parts
        if one.group[dimension] in release.categories[dimension]
    ]
