"""The mean over a turn of what moves by itself (F2)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from tests.oracle.arithmetic import exp, log
from tests.oracle.dates import PERIODS
from tests.oracle.movement import DynamicsHere, Ranges, drift_of, pull
from tests.oracle.terms import clamp, finite
from tests.oracle.turns import Turn


def moves(entry: DynamicsHere) -> bool:
    """Whether it leads anywhere: noise alone does not."""
    return not entry.numbers.keys() <= {"noise"}


def mean_of(row: str, entries: Sequence[DynamicsHere], turn: Turn, ranges: Ranges) -> float:
    moment, dt = turn.moment, turn.dt
    x, (low, high) = moment.now[row], ranges[row]
    lead = next((entry for entry in entries if "drift" not in entry.numbers), None)
    drifting = sorted((each for each in entries if "drift" in each.numbers), key=lambda each: each.event.key)
    drift = reduce(add, [drift_of(each, moment) for each in drifting]) if drifting else None
    if lead is not None and "towards" in lead.numbers:
        theta = pull(lead.numbers["half_life"], moment)
        d = exp(-(theta * dt))
        m, w = lead.numbers["towards"](moment), (1 - d) / theta
        mean = m + ((x - m) * (w / dt))
        if drift is not None:
            mean = mean + (drift * (((dt - w) / theta) / dt))
    elif lead is not None and lead.entry.growth is not None:
        rate = finite(lead.numbers["growth"](moment), "growth")
        mean = _grown(x, rate * PERIODS[lead.entry.growth.per], dt, high)
    elif drift is not None:
        mean = _drifted(x, drift, dt, low, high)
    else:
        mean = x
    return finite(clamp(mean, low, high), row)


def _grown(x: float, g: float, dt: float, h: float) -> float:
    y = g * dt
    if x > 0 and x * exp(y) > h:
        s = log(h / x) / g
        return (((h - x) / g) + (h * (dt - s))) / dt
    if abs(y) < 0.001:
        return x * (1 + (y * (0.5 + (y * ((1 / 6) + (y / 24))))))
    return x * ((exp(y) - 1) / y)


def _drifted(x: float, drift: float, dt: float, low: float, high: float) -> float:
    e = x + (drift * dt)
    b = low if e < low else high if e > high else None
    if b is None:
        return x + (drift * (dt / 2))
    s = (b - x) / drift
    return ((((x + b) / 2) * s) + (b * (dt - s))) / dt
