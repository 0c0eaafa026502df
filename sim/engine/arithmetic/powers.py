"""One number to the power of another: the logarithm in two doubles, then 2 to a power (fdlibm's formulas)."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.arithmetic.doubles import (
    HUGE,
    TINY,
    Real,
    add_to_exponent,
    chop,
    from_hex,
    horner,
    row_of,
    scale,
)
from sim.engine.arithmetic.exponential import exp_series
from sim.engine.vectors import Floats

# power: log2 in two doubles, then 2**z.
_POW_L: Final = row_of(
    "0x1.a7e284a454eefp-3 0x1.d864a93c9db65p-3 0x1.17460a91d4101p-2"
    " 0x1.55555518f264dp-2 0x1.b6db6db6fabffp-2 0x1.3333333333303p-1"
)
_SQRT_3_OVER_4_BITS: Final = 0x3FEBB67A00000000
_SQRT_3_OVER_2: Final = from_hex("0x1.3988f00000000p+0")
_LOG2_1P5_HI: Final = from_hex("0x1.2b80340000000p-1")
_LOG2_1P5_LO: Final = from_hex("0x1.cfdeb43cfd006p-27")
_CP: Final = from_hex("0x1.ec709dc3a03fdp-1")  # 2 / (3 ln 2)
_CP_HI: Final = from_hex("0x1.ec709e0000000p-1")
_CP_LO: Final = from_hex("-0x1.e2fe0145b01f5p-28")
_LN2: Final = from_hex("0x1.62e42fefa39efp-1")
_LN2_HI_SHORT: Final = from_hex("0x1.62e4300000000p-1")
_LN2_LO_SHORT: Final = from_hex("-0x1.05c610ca86c39p-29")
_Y_CLAMP: Final = from_hex("0x1p+65")
_EXP2_NORMAL: Final = 1021.0
_EXP2_CLAMP: Final = 1100.0


def power(x: Real, y: Real) -> Floats:
    """x to the y, within 1 unit in the last place (fdlibm ``e_pow.c``); x and y broadcast.

    Special values are those of IEEE 754 ``pow``, but for one: a NaN on either side always gives NaN, so
    that an error never disappears in ``nan ** 0`` or ``1 ** nan``.
    """
    xs, ys = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    shape, u, v = xs.shape, xs.ravel(), ys.ravel()
    with np.errstate(all="ignore"):
        size = np.absolute(u)
        strange = np.flatnonzero(~((size >= TINY) & (size <= HUGE) & (np.absolute(v) <= _Y_CLAMP)))
        exponent = v
        if strange.size:
            size[strange] = 1.0
            exponent = v.copy()
            exponent[strange] = 0.0
        result = _power_positive(size, exponent, None)
        if not u.min(initial=1.0) >= 0.0:  # some are negative, or there is a NaN and no telling
            _sign_powers(result, u, v)
        if strange.size:
            result[strange] = _power_any(u[strange], v[strange])
    return result.reshape(shape)


def _power_positive(x: Floats, y: Floats, shift: Floats | None) -> Floats:
    """(x * 2**shift) ** y for positive normal x and abs(y) <= 2**65."""
    t1, t2 = _log2_parts(x, shift)
    y1 = chop(y)
    p_l = (y - y1) * t1
    t2 *= y
    p_l += t2
    p_h = np.multiply(y1, t1, out=t1)
    z = p_l + p_h
    within = bool(z.max(initial=0.0) < _EXP2_NORMAL) and bool(z.min(initial=0.0) > -_EXP2_NORMAL)
    if not within:
        beyond = np.absolute(z) > _EXP2_CLAMP
        p_l[beyond] = 0.0
        p_h[beyond] = np.copysign(_EXP2_CLAMP, z[beyond])
        z = p_l + p_h
    n = np.rint(z, out=z)
    p_h -= n
    t = chop(p_l + p_h)
    u = t * _LN2_HI_SHORT
    p_l -= np.subtract(t, p_h, out=p_h)
    p_l *= _LN2
    t *= _LN2_LO_SHORT
    v = np.add(p_l, t, out=p_l)
    r = u + v
    v -= np.subtract(r, u, out=u)
    c = exp_series(r)
    quotient = r * c
    c -= 2.0
    quotient /= c
    v += r * v
    quotient -= v
    quotient -= r
    result = np.subtract(1.0, quotient, out=quotient)
    if not within:
        return scale(result, n)
    add_to_exponent(result, n)
    return result


def _log2_parts(v: Floats, shift: Floats | None) -> tuple[Floats, Floats]:
    """log2(v) + shift as a sum of two doubles, the first of at most 21 bits; v positive and normal."""
    bits = v.view(np.int64)
    exponent = bits - _SQRT_3_OVER_4_BITS
    exponent >>= 52
    n = exponent.astype(np.float64)
    if shift is not None:
        n += shift
    exponent <<= 52
    a = (bits - exponent).view(np.float64)
    upper = (a >= _SQRT_3_OVER_2).astype(np.float64)
    base = upper * 0.5
    base += 1.0
    # s = (a - base)/(a + base), as s_h + s_l
    u = a - base
    total = a + base
    inverse = 1.0 / total
    s = u * inverse
    s_h = chop(s)
    t_h = chop(total)
    t_l = np.subtract(a, t_h - base, out=a)
    u -= s_h * t_h
    t_l *= s_h
    u -= t_l
    s_l = np.multiply(inverse, u, out=u)
    # (3 + s^2 + r) * s, as p_h + p_l
    s2 = s * s
    r = horner(s2, _POW_L)
    s2 *= s2
    r *= s2
    r += s_l * (s_h + s)
    s2 = s_h * s_h
    t_h = chop((s2 + 3.0) + r)
    t_l = np.subtract(r, (t_h - 3.0) - s2, out=r)
    u = s_h * t_h
    t_l *= s
    s_l *= t_h
    s_l += t_l
    p_h = chop(u + s_l)
    p_l = np.subtract(s_l, p_h - u, out=s_l)
    # times 2/(3 ln 2), plus log2(base) and n
    z_h = p_h * _CP_HI
    z_l = np.multiply(p_h, _CP_LO, out=p_h)
    p_l *= _CP
    z_l += p_l
    z_l += upper * _LOG2_1P5_LO
    upper *= _LOG2_1P5_HI
    t1 = chop(((z_h + z_l) + upper) + n)
    z_l -= ((t1 - n) - upper) - z_h
    return t1, z_l


def _sign_powers(result: Floats, x: Floats, y: Floats) -> None:
    """Give the powers of negative x, computed for abs(x), their sign in place; NaN where y is not whole."""
    below = np.flatnonzero(x < 0.0)
    power, exponent = result[below], y[below]
    half = 0.5 * exponent
    power = np.where(np.rint(half) != half, -power, power)
    result[below] = np.where(np.rint(exponent) == exponent, power, np.nan)


def _power_any(x: Floats, y: Floats) -> Floats:
    """power for every pair of arguments, however strange; later lines override earlier ones."""
    size = np.absolute(x)
    subnormal = size < TINY
    ordinary = (size > 0.0) & (size <= HUGE)
    base = np.where(ordinary, np.where(subnormal, size * from_hex("0x1p+54"), size), 1.0)
    bounded = np.minimum(np.maximum(y, -_Y_CLAMP), _Y_CLAMP)
    result = _power_positive(base, np.where(np.isnan(y), 0.0, bounded), np.where(subnormal, -54.0, 0.0))
    _sign_powers(result, x, y)
    # Zero and infinity; a minus zero has a sign of its own.
    grows = (size > 1.0) == (y > 0.0)
    odd = (np.rint(y) == y) & (np.rint(0.5 * y) != 0.5 * y)
    limit = np.where(grows, np.inf, 0.0)
    result = np.where(ordinary, result, np.where(odd & np.signbit(x), -limit, limit))
    result = np.where(y == 0.0, 1.0, result)
    return np.where(np.isnan(x) | np.isnan(y), np.nan, result)
