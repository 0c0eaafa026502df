"""Numbers and their paths in a few cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from sim import plain_number

_BARS: Final = "▁▂▃▄▅▆▇█"
_LEAST_SPAN: Final = 0.25
_SCALES: Final = ((1e12, 1e12, "tn"), (1e9, 1e9, "bn"), (1e6, 1e6, "m"), (1e4, 1e3, "k"))
"""From where on, what counts as one, and its letters."""


def short_number(value: float) -> str:
    """A number in at most seven cells: `0.58`, `35.3`, `1,250`, `310k`, `2.1m`."""
    for start, scale, letters in _SCALES:
        if abs(value) >= start:
            return plain_number(value / scale) + letters
    if value.is_integer():
        return plain_number(value, ",.0f")
    if abs(value) < 9.995:  # noqa: PLR2004 - two decimals show no more than three digits
        return plain_number(value, ".2f")
    return plain_number(value)


def arrow(change: float) -> str:
    """By how many points a share rose or fell, `▲3`; "" where it is not one point."""
    points = round(abs(change) * 100)
    return f"{'▲' if change > 0 else '▼'}{points}" if points else ""


def spark(values: Sequence[float], low: float = -math.inf, high: float = math.inf) -> str:
    """The path of a quantity, a bar a value, between the path's own extremes.

    They are moved apart, within the quantity's bounds, to a quarter of its range (of its size, without
    bounds): a quantity that hardly moves looks like one that hardly moves.
    """
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return " " * len(values)
    bottom, top = min(finite), max(finite)
    span = high - low if math.isfinite(high - low) else max(abs(bottom), abs(top))
    missing = _LEAST_SPAN * span - (top - bottom)
    if missing > 0.0:
        bottom = max(low, min(bottom - missing / 2, high - _LEAST_SPAN * span))
        top = bottom + _LEAST_SPAN * span
    return "".join(_bar(value, bottom, top) for value in values)


def _bar(value: float, bottom: float, top: float) -> str:
    if not math.isfinite(value):
        return " "
    if top <= bottom:
        return _BARS[0]
    share = (value - bottom) / (top - bottom)
    return _BARS[min(max(int(share * len(_BARS)), 0), len(_BARS) - 1)]
