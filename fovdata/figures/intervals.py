"""Intervals that contain both chance and the disclosure control's noise.

Everything here takes protected counts. ``variance`` is the noise variance of each of the two
counts: σ² for one drawn cell, as many times that as cells were added or subtracted.
"""

from math import sqrt

Z95 = 1.96


def wilson(y: float, n: float, variance: float = 0.0, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval for y/n at the effective sample size, as fractions.

    n_eff = n / (1 + σ²(1 + p̃²) / (n·p̃(1 − p̃))) with p̃ = (y + 2)/(n + 4). Without noise it is
    Wilson (1927). ``n`` > 0.
    """
    y = min(max(y, 0), n)
    p = y / n
    shrunk = (y + 2) / (n + 4)
    effective = n / (1 + variance * (1 + shrunk**2) / (n * shrunk * (1 - shrunk)))
    centre = (p + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = z * sqrt(p * (1 - p) / effective + z**2 / (4 * effective**2)) / (1 + z**2 / effective)
    return max(centre - half, 0.0), min(centre + half, 1.0)


def newcombe(
    first: tuple[float, float, float],
    second: tuple[float, float, float],
    shared_variance: float = 0.0,
) -> tuple[float, float]:
    """Newcombe's (1998) interval for a difference of two independent shares.

    Each argument is (share, low, high) as fractions; returns (low, high) of first − second.
    ``shared_variance`` is added for what makes the two depend on each other.
    """
    p1, low1, high1 = first
    p2, low2, high2 = second
    shared = Z95**2 * shared_variance
    difference = p1 - p2
    return (
        difference - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2 + shared),
        difference + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2 + shared),
    )
