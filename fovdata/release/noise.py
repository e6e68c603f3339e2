"""Cell-key noise: the same people give the same noise, whoever asks and by whichever route.

The key of a draw is made from everybody in the cell, never from those who said Ja: with that
textbook key a Nej leaves the noise unchanged and gives itself away.
"""

import hmac
from bisect import bisect_right
from itertools import accumulate
from math import exp

from fovdata.rules import Rules


class Noise:
    """Draws v with p(v) ∝ exp(−v²/2σ²) on the whole numbers −bound … bound."""

    def __init__(self, secret: bytes, rules: Rules) -> None:
        self._secret = secret
        self._values = range(-rules.bound, rules.bound + 1)
        weights = [exp(-(v**2) / (2 * rules.sigma**2)) for v in self._values]
        self._cumulative = [part / sum(weights) for part in accumulate(weights)]

    def uniform(self, label: str, respondents: int, key_sum: int) -> float:
        """u in [0, 1): the first 53 bits of HMAC-SHA256(secret, "label|n|set").

        ``respondents`` is the number of people in the cell, blanks included, and ``key_sum``
        the sum of their record keys mod 2⁶⁴.
        """
        message = f"{label}|{respondents}|{key_sum:016x}".encode()
        digest = hmac.digest(self._secret, message, "sha256")
        return (int.from_bytes(digest[:8]) >> 11) / 2**53

    def draw(self, label: str, respondents: int, key_sum: int) -> int:
        """The noise of one count."""
        index = bisect_right(self._cumulative, self.uniform(label, respondents, key_sum))
        return self._values[min(index, len(self._values) - 1)]
