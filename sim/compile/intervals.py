"""Interval arithmetic over the operations of a Program: bounds that no value ever leaves.

Sound, not complete: what is said here holds in every run and turn, but not all that holds is found. Sums,
products and roots round to the nearest double, which never crosses a bound that is a double itself, so that
bounds worked out in doubles are exact; the functions that are only near the truth (`exp`, `log`, `logistic`,
`**`) are given some room. A value that cannot be computed stops a run where it is used, so that only values
that can be are spoken of. A truth value is 1 or 0.

R. E. Moore, R. B. Kearfott and M. J. Cloud, Introduction to Interval Analysis, SIAM 2009.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from sim.compile.program import Op

_INF: Final = math.inf
_ROOM: Final = 1e-14
"""Room, relative, for functions that are right to some units in the last place."""
_MOST_VALUES: Final = 16


@dataclass(frozen=True, slots=True)
class Interval:
    """Every value lies between two bounds, or, if they are few, is one of some numbers."""

    low: float
    high: float
    infinite: bool = False
    """Whether a value may be infinite: bounds that are may be out of every value's reach."""
    nan: bool = False
    """Whether a value may be no number at all."""
    values: frozenset[float] | None = None
    """The only values there are; None if not known, or many."""

    @property
    def one(self) -> bool:
        """Whether there is one value only."""
        return self.low == self.high and not self.nan

    @property
    def always(self) -> bool:
        """Of a truth value: whether it is never false."""
        return self.low == 1.0

    @property
    def never(self) -> bool:
        """Of a truth value: whether it is never true."""
        return self.high == 0.0

    def joined(self, other: Interval) -> Interval:
        """Bounds around both."""
        values = None
        if self.values is not None and other.values is not None:
            values = self.values | other.values
        return Interval(
            min(self.low, other.low),
            max(self.high, other.high),
            self.infinite or other.infinite,
            self.nan or other.nan,
            values if values is not None and len(values) <= _MOST_VALUES else None,
        )

    def clamped(self, low: float, high: float) -> Interval:
        """What is left when values are held within a range."""
        values = None if self.values is None else frozenset(min(max(x, low), high) for x in self.values)
        return Interval(
            min(max(self.low, low), high), max(min(self.high, high), low), self.infinite, self.nan, values
        )

    def wider(self, room: float) -> Interval:
        """With some room on both sides, relative to the bounds."""
        if self.values is not None and len(self.values) == 1:
            return self
        return Interval(self.low - room * abs(self.low), self.high + room * abs(self.high), self.infinite)

    def cut(self, other: Interval) -> Interval | None:
        """What lies within both; None if nothing does."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low > high:
            return None
        values = self.values if self.values is not None else other.values
        if values is not None:
            values = frozenset(x for x in values if low <= x <= high)
            if not values:
                return None
            low, high = min(values), max(values)
        return Interval(low, high, self.infinite and other.infinite, self.nan and other.nan, values)


def point(value: float) -> Interval:
    """One number."""
    if math.isnan(value):
        return ANYTHING
    return Interval(value, value, math.isinf(value), values=frozenset((value,)))


def among(values: Iterable[float]) -> Interval:
    """One of some numbers."""
    known = frozenset(values)
    few = known if len(known) <= _MOST_VALUES else None
    return Interval(min(known), max(known), values=few)


def between(low: float, high: float) -> Interval:
    """Any finite number between two bounds, which need not be finite."""
    return point(low) if low == high else Interval(low, high)


ANYTHING: Final = Interval(-_INF, _INF, infinite=True, nan=True)
TRUE: Final = point(1.0)
FALSE: Final = point(0.0)
EITHER: Final = among((0.0, 1.0))


def truth(can_be_true: bool, can_be_false: bool) -> Interval:
    """The truth values that are left; if neither, whatever is said of it is right."""
    if can_be_true and can_be_false:
        return EITHER
    return TRUE if can_be_true else FALSE


# Arithmetic


def _finite(low: float, high: float, *, infinite: bool, nan: bool) -> Interval:
    """The result of an operation that overflows where a bound is infinite."""
    low = -_INF if math.isnan(low) else low
    high = _INF if math.isnan(high) else high
    return Interval(low, high, infinite or math.isinf(low) or math.isinf(high), nan)


def negative(a: Interval) -> Interval:
    """-a."""
    values = None if a.values is None else frozenset(-x for x in a.values)
    return Interval(-a.high, -a.low, a.infinite, a.nan, values)


def plus(a: Interval, b: Interval) -> Interval:
    """a + b."""
    nan = a.nan or b.nan
    if a.infinite and b.infinite:
        nan = nan or (a.high == _INF and b.low == -_INF) or (a.low == -_INF and b.high == _INF)
    return _finite(a.low + b.low, a.high + b.high, infinite=a.infinite or b.infinite, nan=nan)


def minus(a: Interval, b: Interval) -> Interval:
    """a - b."""
    return plus(a, negative(b))


def _product(x: float, y: float) -> float:
    """0 times a bound out of reach is 0."""
    return 0.0 if x == 0.0 or y == 0.0 else x * y


def _holds_zero(a: Interval) -> bool:
    return a.low <= 0.0 <= a.high


def times(a: Interval, b: Interval) -> Interval:
    """a * b."""
    corners = [_product(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    nan = a.nan or b.nan or (a.infinite and _holds_zero(b)) or (b.infinite and _holds_zero(a))
    return _finite(min(corners), max(corners), infinite=a.infinite or b.infinite, nan=nan)


def square(a: Interval) -> Interval:
    """A number times itself."""
    size = absolute(a)
    return replace(times(size, size), nan=a.nan)


def over(a: Interval, b: Interval) -> Interval:
    """The quotient; to divide by 0 is a fault, and has no value."""
    nan = a.nan or b.nan or (a.infinite and b.infinite)
    if b.low < 0.0 < b.high:
        return Interval(-_INF, _INF, infinite=True, nan=nan)
    if b.low == b.high == 0.0:
        return ANYTHING
    if b.high <= 0.0:
        return over(negative(a), replace(negative(b), low=abs(b.high), high=-b.low))
    corners = [_quotient(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    return _finite(min(corners), max(corners), infinite=a.infinite, nan=nan)


def _quotient(x: float, y: float) -> float:
    """x / y at a corner; y is at least 0, and its 0 a limit from above."""
    if x == 0.0 or y == _INF:
        return 0.0
    return math.copysign(_INF, x) if y == 0.0 else x / y


def power(a: Interval, b: Interval) -> Interval:
    """Powers: of bases that are not negative, or to an even exponent."""
    if a.one and b.one and math.isfinite(a.low) and math.isfinite(b.low) and a.low >= 0.0:
        low = high = _power(a.low, b.low)
    elif a.low >= 0.0:
        corners = [_power(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        corners += [1.0] if _holds_zero(b) or a.low <= 1.0 <= a.high else []
        low, high = min(corners), max(corners)
    elif b.one and b.low > 0.0 and b.low % 2.0 == 0.0:
        low, high = 0.0, _power(max(-a.low, a.high), b.low)
    else:
        return ANYTHING
    found = _roomy(low, high, infinite=a.infinite or b.infinite, nan=a.nan or b.nan)
    return replace(found, low=max(found.low, 0.0))


def _power(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except OverflowError:
        return _INF
    except ValueError:  # 0 to a negative power is a fault; near it there is no bound
        return _INF


def _roomy(low: float, high: float, *, infinite: bool, nan: bool) -> Interval:
    """Bounds of a function that is only near the truth."""
    tiny = 5e-324
    return _finite(low - _ROOM * abs(low) - tiny, high + _ROOM * abs(high) + tiny, infinite=infinite, nan=nan)


# Comparison


def less(a: Interval, b: Interval) -> Interval:
    """`a < b`."""
    return truth(a.low < b.high, a.high >= b.low or a.nan or b.nan)


def at_most(a: Interval, b: Interval) -> Interval:
    """`a <= b`."""
    return truth(a.low <= b.high, a.high > b.low or a.nan or b.nan)


def equal(a: Interval, b: Interval) -> Interval:
    """`a == b`."""
    if a.values is not None and b.values is not None:
        same = bool(a.values & b.values)
    else:
        same = a.cut(b) is not None
    return truth(same, not (a.one and b.one and a.low == b.low))


def negated(a: Interval) -> Interval:
    """`not a`."""
    return truth(a.low == 0.0, a.high == 1.0)


def both(a: Interval, b: Interval) -> Interval:
    """`and`."""
    return truth(a.high == 1.0 and b.high == 1.0, a.low == 0.0 or (a.high == 1.0 and b.low == 0.0))


def either(a: Interval, b: Interval) -> Interval:
    """`or`."""
    return truth(a.high == 1.0 or b.high == 1.0, a.low == 0.0 and b.low == 0.0)


# Functions


def absolute(a: Interval) -> Interval:
    """`abs(a)`."""
    if a.low >= 0.0:
        return a
    if a.high <= 0.0:
        return negative(a)
    return Interval(0.0, max(-a.low, a.high), a.infinite, a.nan)


def _rising(function: Callable[[float], float]) -> Callable[[Interval], Interval]:
    """A function that never falls, and is worked out exactly."""

    def worked_out(a: Interval) -> Interval:
        return Interval(function(a.low), function(a.high), a.infinite, a.nan)

    return worked_out


def _root(a: Interval) -> Interval:
    if a.high < 0.0:
        return ANYTHING
    return Interval(math.sqrt(max(a.low, 0.0)), math.sqrt(a.high), a.infinite, a.nan)


def _exp(a: Interval) -> Interval:
    found = _roomy(_raised(a.low), _raised(a.high), infinite=False, nan=a.nan)
    return replace(found, low=max(found.low, 0.0))


def _raised(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return _INF


def _log(a: Interval) -> Interval:
    if a.high <= 0.0:
        return ANYTHING
    low = math.log(a.low) if a.low > 0.0 else -_INF
    high = _INF if a.high == _INF else math.log(a.high)
    found = _roomy(low, high, infinite=a.infinite, nan=a.nan)
    # Near 1 the value is small beside the error of the number itself.
    return replace(found, low=found.low - _ROOM, high=found.high + _ROOM)


def _positive(a: Interval) -> Interval:
    """Of numbers that must be above 0 those that are."""
    return ANYTHING if a.high <= 0.0 else replace(a, low=max(a.low, 0.0), values=None)


def _logistic(a: Interval) -> Interval:
    low, high = (1.0 / (1.0 + _raised(-x)) for x in (a.low, a.high))
    found = _roomy(low, high, infinite=False, nan=a.nan)
    return replace(found, low=max(found.low, 0.0), high=min(found.high, 1.0))


def _normal_share(a: Interval) -> Interval:
    low, high = (0.5 * math.erfc(-x * math.sqrt(0.5)) for x in (a.low, a.high))
    return Interval(max(low - _ROOM, 0.0), min(high + _ROOM, 1.0), nan=a.nan)


def least(a: Interval, b: Interval) -> Interval:
    """`min(a, b)`."""
    return _folded(a, b, min)


def greatest(a: Interval, b: Interval) -> Interval:
    """`max(a, b)`."""
    return _folded(a, b, max)


def _folded(a: Interval, b: Interval, kind: Callable[[float, float], float]) -> Interval:
    if a.nan or b.nan:  # which of the two comes out is not said
        return replace(a.joined(b), values=None)
    return Interval(kind(a.low, b.low), kind(a.high, b.high), a.infinite or b.infinite)


def held(x: Interval, low: Interval, high: Interval) -> Interval:
    """`clamp(x, low, high)`: low where x is below it, else high where x is above it, else x."""
    if x.nan or low.nan or high.nan:
        return replace(x.joined(low).joined(high), values=None)
    parts = []
    if x.low < low.high:
        parts.append(low)
    if x.high > high.low:
        parts.append(high)
    if (middle := x.cut(Interval(low.low, high.high, infinite=True))) is not None:
        parts.append(middle)
    found = parts[0]
    for part in parts[1:]:
        found = found.joined(part)
    return found


Operation = Callable[..., Interval]
OPERATIONS: Final[dict[Op, Operation]] = {
    "float": lambda a: a,
    "neg": negative,
    "not": negated,
    "add": plus,
    "sub": minus,
    "mul": times,
    "div": over,
    "pow": power,
    "lt": less,
    "le": at_most,
    "gt": lambda a, b: less(b, a),
    "ge": lambda a, b: at_most(b, a),
    "eq": equal,
    "ne": lambda a, b: negated(equal(a, b)),
    "and": both,
    "or": either,
    "abs": absolute,
    "sqrt": _root,
    "floor": _rising(lambda x: x if math.isinf(x) else float(math.floor(x))),
    "ceil": _rising(lambda x: x if math.isinf(x) else float(math.ceil(x))),
    "exp": _exp,
    "log": _log,
    "positive": _positive,
    "logistic": _logistic,
    "normal_share": _normal_share,
    "min": least,
    "max": greatest,
    "clamp": held,
}
"""Of numbers and truth values alone; `const`, `row`, `elapsed`, `since_turn` and `if` need more."""
