"""e to a power, its inverse, and the logistic function (fdlibm's formulas)."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.arithmetic.doubles import (
    HUGE,
    TINY,
    Real,
    add_to_exponent,
    flatten,
    from_hex,
    horner,
    row_of,
    scale,
)
from sim.engine.vectors import Floats

# exp: ln 2 in two parts, and the series of fdlibm, highest degree first.
_INV_LN2: Final = from_hex("0x1.71547652b82fep+0")
_LN2_HI: Final = from_hex("0x1.62e42fee00000p-1")
_LN2_LO: Final = from_hex("0x1.a39ef35793c76p-33")
_EXP_P: Final = row_of(
    "0x1.6376972bea4d0p-25 -0x1.bbd41c5d26bf1p-20 0x1.1566aaf25de2cp-14"
    " -0x1.6c16c16bebd93p-9 0x1.555555555553ep-3"
)
# Inside the first pair the result is a normal number, so that k can be added to its exponent; beyond the
# second it is 0 or infinity for certain.
_EXP_NORMAL: Final = (-708.0, 709.0)
_EXP_CLAMP: Final = (-746.0, 710.0)

# log: the series in s*s, its terms taken alternately.
_LOG_ODD: Final = row_of(
    "0x1.2f112df3e5244p-3 0x1.7466496cb03dep-3 0x1.2492494229359p-2 0x1.5555555555593p-1"
)
_LOG_EVEN: Final = row_of("0x1.39a09d078c69fp-3 0x1.c71c51d8e78afp-3 0x1.999999997fa04p-2")
_SQRT_HALF_BITS: Final = 0x3FE6A09E00000000


def exp(x: Real) -> Floats:
    """e to the x, within 1 unit in the last place (fdlibm ``e_exp.c``); 0 and infinity beyond the range."""
    shape, v = flatten(x)
    with np.errstate(all="ignore"):
        lowest, highest = v.min(initial=0.0), v.max(initial=0.0)
        if lowest > _EXP_NORMAL[0] and highest < _EXP_NORMAL[1]:
            y, k = _exp_parts(v)
            add_to_exponent(y, k)
        else:
            y, k = _exp_parts(np.minimum(np.maximum(v, _EXP_CLAMP[0]), _EXP_CLAMP[1]))
            y = scale(y, k)
            y[np.isnan(v)] = np.nan
    return y.reshape(shape)


def log(x: Real) -> Floats:
    """Natural logarithm, within 1 unit in the last place (fdlibm ``e_log.c``, in its single-path form).

    ``log(0)`` is minus infinity; of a negative number, NaN.
    """
    shape, v = flatten(x)
    with np.errstate(all="ignore"):
        if v.min(initial=1.0) >= TINY and v.max(initial=1.0) <= HUGE:
            return _log_normal(v, None).reshape(shape)
        subnormal = v < TINY
        ordinary = (v > 0.0) & (v <= HUGE)
        w = np.where(ordinary, np.where(subnormal, v * from_hex("0x1p+54"), v), 1.0)
        y = _log_normal(w, np.where(subnormal, -54.0, 0.0))
        y = np.where(ordinary, y, np.where(v == 0.0, -np.inf, np.where(v > 0.0, np.inf, np.nan)))
    return y.reshape(shape)


def logistic(x: Real) -> Floats:
    """1 / (1 + exp(-x)), computed from exp(-abs(x)) so that neither tail loses digits or overflows."""
    shape, v = flatten(x)
    with np.errstate(all="ignore"):
        e = exp(-np.absolute(v))
        top = np.where(v < 0.0, e, 1.0)
        e += 1.0
        top /= e
    return top.reshape(shape)


def _exp_parts(v: Floats) -> tuple[Floats, Floats]:
    """(y, k) with exp(v) = y * 2**k, y between 0.7 and 1.42, k a whole number."""
    k = v * _INV_LN2
    np.rint(k, out=k)
    hi = k * _LN2_HI
    np.subtract(v, hi, out=hi)
    lo = k * _LN2_LO
    r = hi - lo
    c = exp_series(r)
    r *= c
    np.subtract(2.0, c, out=c)
    r /= c
    lo -= r
    lo -= hi
    np.subtract(1.0, lo, out=lo)
    return lo, k


def exp_series(r: Floats) -> Floats:
    """c of fdlibm: r - r*r*(P1 + r*r*(P2 + ...)), from which exp(r) = 1 + r + r*c/(2 - c)."""
    t = r * r
    c = horner(t, _EXP_P)
    c *= t
    np.subtract(r, c, out=c)
    return c


def _log_normal(v: Floats, shift: Floats | None) -> Floats:
    """log(v) + shift*ln2 for normal positive v."""
    bits = v.view(np.int64)
    exponent = bits - _SQRT_HALF_BITS
    exponent >>= 52
    k = exponent.astype(np.float64)
    if shift is not None:
        k += shift
    exponent <<= 52
    np.subtract(bits, exponent, out=exponent)
    f = exponent.view(np.float64)
    f -= 1.0
    half_square = f * 0.5
    half_square *= f
    s = f + 2.0
    np.divide(f, s, out=s)
    z = s * s
    w = z * z
    even = horner(w, _LOG_EVEN)
    even *= w
    odd = horner(w, _LOG_ODD)
    odd *= z
    odd += even
    odd += half_square
    odd *= s
    odd += np.multiply(k, _LN2_LO, out=s)
    odd -= half_square
    odd += f
    k *= _LN2_HI
    odd += k
    return odd
