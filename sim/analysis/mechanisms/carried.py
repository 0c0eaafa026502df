"""How much of an effect goes through the link that is named: what is left of it once that is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.analysis.mechanisms.verdicts import Effect, Verdict, effect, middle

Values = NDArray[np.float64]
Carries = Literal["all", "beyond", "part", "none", "unclear", "unknown", "one step"]
"""What is left, the link frozen: less than matters; as much as matters, the other way; less than half; half
or more; one cannot tell; there was no effect to carry; no link is named."""

_SURE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Carried:
    """The effect of the whole way with the link frozen, beside that with it free, on the same draws."""

    left: Effect
    beyond_half: tuple[float, float]
    """95% interval of what is left, along the sign of the whole effect, less half of the whole effect."""
    narrower: float
    """Probability of a spread so much below half of that of the whole effect if it were half of it."""
    wider: float
    """Likewise, so much above half of it."""

    def carries(self, verdict: Verdict, upward: bool, least: float) -> Carries:
        """What freezing the link showed of an effect with a verdict."""
        if verdict == "depends":
            return self._of_spread(least)
        if verdict not in ("reproduced", "reversed"):
            return "unknown"
        below, above = self.beyond_half
        if above >= 0.0:
            return "none" if below >= 0.0 else "unclear"
        low, high = self.left.interval
        if -least < low and high < least:
            return "all"
        other_way = high <= -least if upward else low >= least
        return "beyond" if other_way else "part"

    def _of_spread(self, least: float) -> Carries:
        if self.narrower < _SURE:
            return "all" if self.left.spread < least else "part"
        return "none" if self.wider < _SURE else "unclear"


def carried(whole: tuple[Values, Values], held: tuple[Values, Values], unit: float) -> Carried:
    """What is left of an effect, from the same runs with the link free and with it frozen.

    Args:
        whole: without the pull and with it, the link free, each of shape `(draws, histories)`.
        held: the same with the link frozen.
        unit: the standard deviation that counts as 1.
    """
    free, left = (((other - base) / unit).mean(axis=1) for base, other in (whole, held))
    along = np.sign(free.mean()) * (left - free / 2.0)
    narrower, wider = pitman_morgan(left, free / 2.0)
    return Carried(effect(*held, unit), middle(along), narrower, wider)


def pitman_morgan(first: Values, second: Values) -> tuple[float, float]:
    """One-sided probabilities that the first of two paired samples varies less, and more, if it varied alike.

    Their variances are the same where sum and difference are not correlated. Pitman (1939), "A note on normal
    correlation", and Morgan (1939), both Biometrika 31.
    """
    total, between = first + second, first - second
    both = sqrt(float(total.var() * between.var()))
    if both == 0.0 or len(first) < 4:  # noqa: PLR2004 - fewer tell nothing
        return 1.0, 1.0
    r = float(((total - total.mean()) * (between - between.mean())).mean()) / both
    if abs(r) >= 1.0 - 1e-12:
        return (0.0, 1.0) if r < 0.0 else (1.0, 0.0)
    freedom = len(first) - 2
    t = r * sqrt(freedom / (1.0 - r * r))
    return float(stats.t.cdf(t, freedom)), float(stats.t.sf(t, freedom))
