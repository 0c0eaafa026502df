"""Elementary functions that give the same bits on every machine.

NumPy's own ``exp``, ``log`` and ``power`` pick another algorithm on another processor, and libm differs
again, so a published figure could change with the computer. The functions here use only correctly rounded
operations (``+ - * /``, square root, ``rint``) and integer views of the exponent, in one written order:
``docs/reference/arithmetic.md`` gives that order, and whoever follows it gets the same bits, in NumPy,
numba, C or plain Python.

Every function takes a float64 array of any shape (or a number) and returns a new float64 array of that
shape (0-d for a number). An element's result never depends on its neighbours or on the length of the array.
NaN in gives the one canonical NaN out, and no floating-point warning is raised, whatever the caller's
``np.errstate``.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Real: TypeAlias = Floats | float

_hex = float.fromhex


def _row(text: str) -> tuple[float, ...]:
    return tuple(map(_hex, text.split()))


# Limits of normal numbers.
_TINY: Final = _hex("0x1p-1022")
_HUGE: Final = _hex("0x1.fffffffffffffp+1023")

# exp: ln 2 in two parts, and the series of fdlibm, highest degree first.
_INV_LN2: Final = _hex("0x1.71547652b82fep+0")
_LN2_HI: Final = _hex("0x1.62e42fee00000p-1")
_LN2_LO: Final = _hex("0x1.a39ef35793c76p-33")
_EXP_P: Final = _row(
    "0x1.6376972bea4d0p-25 -0x1.bbd41c5d26bf1p-20 0x1.1566aaf25de2cp-14"
    " -0x1.6c16c16bebd93p-9 0x1.555555555553ep-3"
)
# Inside the first pair the result is a normal number, so that k can be added to its exponent; beyond the
# second it is 0 or infinity for certain.
_EXP_NORMAL: Final = (-708.0, 709.0)
_EXP_CLAMP: Final = (-746.0, 710.0)

# log: the series in s*s, its terms taken alternately.
_LOG_ODD: Final = _row("0x1.2f112df3e5244p-3 0x1.7466496cb03dep-3 0x1.2492494229359p-2 0x1.5555555555593p-1")
_LOG_EVEN: Final = _row("0x1.39a09d078c69fp-3 0x1.c71c51d8e78afp-3 0x1.999999997fa04p-2")
_SQRT_HALF_BITS: Final = 0x3FE6A09E00000000

# power: log2 in two doubles, then 2**z.
_POW_L: Final = _row(
    "0x1.a7e284a454eefp-3 0x1.d864a93c9db65p-3 0x1.17460a91d4101p-2"
    " 0x1.55555518f264dp-2 0x1.b6db6db6fabffp-2 0x1.3333333333303p-1"
)
_SQRT_3_OVER_4_BITS: Final = 0x3FEBB67A00000000
_SQRT_3_OVER_2: Final = _hex("0x1.3988f00000000p+0")
_LOG2_1P5_HI: Final = _hex("0x1.2b80340000000p-1")
_LOG2_1P5_LO: Final = _hex("0x1.cfdeb43cfd006p-27")
_CP: Final = _hex("0x1.ec709dc3a03fdp-1")  # 2 / (3 ln 2)
_CP_HI: Final = _hex("0x1.ec709e0000000p-1")
_CP_LO: Final = _hex("-0x1.e2fe0145b01f5p-28")
_LN2: Final = _hex("0x1.62e42fefa39efp-1")
_LN2_HI_SHORT: Final = _hex("0x1.62e4300000000p-1")
_LN2_LO_SHORT: Final = _hex("-0x1.05c610ca86c39p-29")
_Y_CLAMP: Final = _hex("0x1p+65")
_EXP2_NORMAL: Final = 1021.0
_EXP2_CLAMP: Final = 1100.0
_HIGH_WORD: Final = -(1 << 32)

# normal_quantile: Wichura's numerators and denominators, highest degree first.
_CENTRE: Final = (
    _row(
        "0x1.39a296f7d925ep+11 0x1.052d26b2e45e4p+15 0x1.06c1c55b78f20p+16 0x1.66c3e869b752ap+15"
        " 0x1.ad1d8cd4ee71dp+13 0x1.ece5d2213c0ccp+10 0x1.0a4888b1a436ep+7 0x1.b18d91e9eef75p+1"
    ),
    _row(
        "0x1.46a7eca984b69p+12 0x1.c0e457cb1ae76p+14 0x1.3317caa64f4bep+15 0x1.4b772d5d65266p+14"
        " 0x1.512322e75c89fp+12 0x1.5797efdc8b3f7p+9 0x1.5281b386e1ab5p+5 0x1p+0"
    ),
)
_TAIL: Final = (
    _row(
        "0x1.9615ac0b7ace9p-11 0x1.744eb6c45ec67p-6 0x1.ef2abb9b85c37p-3 0x1.453cc085375b2p+0"
        " 0x1.d2ecb1a3d02c4p+1 0x1.713f71462256ap+2 0x1.2857748cab19bp+2 0x1.6c665fde9526ap+0"
    ),
    _row(
        "0x1.20d3f686439e4p-30 0x1.1f18cbfdf2728p-11 0x1.f207a7eab17bfp-7 0x1.2f5123394f040p-3"
        " 0x1.61292f23385c9p-1 0x1.ad278e6526633p+0 0x1.06cefbb46a449p+1 0x1p+0"
    ),
)
_FAR_TAIL: Final = (
    _row(
        "0x1.afb74d693bf93p-23 0x1.c6ec6cc59e02ap-16 0x1.45c1908425345p-10 0x1.b2b41193b4ee7p-6"
        " 0x1.2fad9315255cfp-2 0x1.c8ea6461fa445p+0 0x1.5daea6e875003p+2 0x1.aa1b1c13ee526p+2"
    ),
    _row(
        "0x1.269bff1f8c190p-49 0x1.31446f740b9e0p-23 0x1.35c2c496374bfp-16 0x1.9c8bc979dc5d7p-11"
        " 0x1.e76f93215462ap-7 0x1.186eb183443fbp-3 0x1.331d34fc7d77fp-1 0x1p+0"
    ),
)

# sin_pi: the series of fdlibm's sine and cosine between 0 and pi/4, highest degree first.
_PI: Final = _hex("0x1.921fb54442d18p+1")
_SINE: Final = _row(
    "0x1.5d93a5acfd57cp-33 -0x1.ae5e68a2b9cebp-26 0x1.71de357b1fe7dp-19"
    " -0x1.a01a019c161d5p-13 0x1.111111110f8a6p-7 -0x1.5555555555549p-3"
)
_COSINE: Final = _row(
    "-0x1.8fae9be8838d4p-37 0x1.1ee9ebdb4b1c4p-29 -0x1.27e4f809c52adp-22"
    " 0x1.a01a019cb1590p-16 -0x1.6c16c16c15177p-10 0x1.555555555554cp-5"
)
# normal_share: Hart's numerator and denominator, highest degree first, and where the tail begins.
_SHARE_ABOVE: Final = _row(
    "0x1.20ded0b57fbdep-5 0x1.66989be8ea71fp-1 0x1.97eeff2a86f23p+2 0x1.0f4d8cbb02431p+5"
    " 0x1.c05131ca58d3cp+6 0x1.ba6d5c7a28cf2p+7 0x1.b869ea974c7e5p+7"
)
_SHARE_BELOW: Final = _row(
    "0x1.6a09e667f3bcap-4 0x1.c173673887d11p+0 0x1.0106df11bd49dp+4 0x1.5b1f78433a59ap+6"
    " 0x1.2890729ba7820p+8 0x1.3eaab47fa1777p+9 0x1.8ce9cb298974ap+9 0x1.b869ea974c7e5p+8"
)
_SHARE_TAIL: Final = _hex("0x1.c48c6001f0abap+2")
_SQRT_2_PI: Final = _hex("0x1.40d931ff62704p+1")


def exp(x: Real) -> Floats:
    """e to the x, within 1 unit in the last place (fdlibm ``e_exp.c``); 0 and infinity beyond the range."""
    shape, v = _flatten(x)
    with np.errstate(all="ignore"):
        lowest, highest = v.min(initial=0.0), v.max(initial=0.0)
        if lowest > _EXP_NORMAL[0] and highest < _EXP_NORMAL[1]:
            y, k = _exp_parts(v)
            _add_to_exponent(y, k)
        else:
            y, k = _exp_parts(np.minimum(np.maximum(v, _EXP_CLAMP[0]), _EXP_CLAMP[1]))
            y = _scale(y, k)
            y[np.isnan(v)] = np.nan
    return y.reshape(shape)


def log(x: Real) -> Floats:
    """Natural logarithm, within 1 unit in the last place (fdlibm ``e_log.c``, in its single-path form).

    ``log(0)`` is minus infinity; of a negative number, NaN.
    """
    shape, v = _flatten(x)
    with np.errstate(all="ignore"):
        if v.min(initial=1.0) >= _TINY and v.max(initial=1.0) <= _HUGE:
            return _log_normal(v, None).reshape(shape)
        subnormal = v < _TINY
        ordinary = (v > 0.0) & (v <= _HUGE)
        w = np.where(ordinary, np.where(subnormal, v * _hex("0x1p+54"), v), 1.0)
        y = _log_normal(w, np.where(subnormal, -54.0, 0.0))
        y = np.where(ordinary, y, np.where(v == 0.0, -np.inf, np.where(v > 0.0, np.inf, np.nan)))
    return y.reshape(shape)


def power(x: Real, y: Real) -> Floats:
    """x to the y, within 1 unit in the last place (fdlibm ``e_pow.c``); x and y broadcast.

    Special values are those of IEEE 754 ``pow``, but for one: a NaN on either side always gives NaN, so
    that an error never disappears in ``nan ** 0`` or ``1 ** nan``.
    """
    xs, ys = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    shape, u, v = xs.shape, xs.ravel(), ys.ravel()
    with np.errstate(all="ignore"):
        size = np.absolute(u)
        strange = np.flatnonzero(~((size >= _TINY) & (size <= _HUGE) & (np.absolute(v) <= _Y_CLAMP)))
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


def logistic(x: Real) -> Floats:
    """1 / (1 + exp(-x)), computed from exp(-abs(x)) so that neither tail loses digits or overflows."""
    shape, v = _flatten(x)
    with np.errstate(all="ignore"):
        e = exp(-np.absolute(v))
        top = np.where(v < 0.0, e, 1.0)
        e += 1.0
        top /= e
    return top.reshape(shape)


def normal_quantile(u: Real) -> Floats:
    """The standard normal value below which a share ``u`` lies (Wichura 1988, AS 241, PPND16).

    0 and 1 give minus and plus infinity; outside [0, 1] the result is NaN.
    """
    shape, v = _flatten(u)
    with np.errstate(all="ignore"):
        q = v - 0.5
        r = q * q
        np.subtract(_hex("0x1.71eb851eb851fp-3"), r, out=r)
        z = q * _horner(r, _CENTRE[0])
        z /= _horner(r, _CENTRE[1])
        outer = np.flatnonzero(~(np.absolute(q) <= 0.425))
        if outer.size:
            z[outer] = _normal_tail(v[outer], q[outer])
    return z.reshape(shape)


def sin_pi(u: Real) -> Floats:
    """Sine of pi times u for u from 0 to 1, within 2 units in the last place; elsewhere NaN."""
    shape, v = _flatten(u)
    with np.errstate(all="ignore"):
        v = np.where((v >= 0.0) & (v <= 1.0), v, np.nan)
        v = np.where(v > 0.5, 1.0 - v, v)
        near = v <= 0.25
        x = _PI * np.where(near, v, 0.5 - v)
        z = x * x
        sine = x + (z * x) * _horner(z, _SINE)
        cosine = 1.0 - (0.5 * z - z * (z * _horner(z, _COSINE)))
        y: Floats = np.where(near, sine, cosine)
    return y.reshape(shape)


def normal_share(z: Real) -> Floats:
    """The share of a standard normal distribution that lies below ``z``, within 3e-16 (Hart 1968, number
    5666, as West 2005 has it). The lower tail keeps eight digits.
    """
    shape, v = _flatten(z)
    with np.errstate(all="ignore"):
        a = np.absolute(v)
        e = exp(-((a * a) * 0.5))
        near = (e * _horner(a, _SHARE_ABOVE)) / _horner(a, _SHARE_BELOW)
        b = a + 0.65
        for part in (4.0, 3.0, 2.0, 1.0):
            b = a + part / b
        tail = np.where(a < _SHARE_TAIL, near, (e / b) / _SQRT_2_PI)
        share = np.where(v > 0.0, 1.0 - tail, tail)
        share[np.isnan(v)] = np.nan
    return share.reshape(shape)


def _flatten(x: Real) -> tuple[tuple[int, ...], Floats]:
    a = np.asarray(x, dtype=np.float64)
    return a.shape, a.ravel()


def _horner(t: Floats, coefficients: tuple[float, ...]) -> Floats:
    """The polynomial in t, highest degree first, one multiplication and one addition a step."""
    y = t * coefficients[0]
    for coefficient in coefficients[1:-1]:
        y += coefficient
        y *= t
    y += coefficients[-1]
    return y


def _add_to_exponent(y: Floats, k: Floats) -> None:
    """Multiply y by 2**k in place, where both y and the result are normal numbers."""
    shift = k.astype(np.int64)
    shift <<= 52
    bits = y.view(np.int64)
    bits += shift


def _scale(y: Floats, k: Floats) -> Floats:
    """y * 2**k in two multiplications: rounded once, where the result is subnormal or overflows."""
    whole = k.astype(np.int64)
    first = whole >> 1
    second = whole - first
    return y * _two_to(first) * _two_to(second)


def _two_to(k: NDArray[np.int64]) -> Floats:
    return ((k + 1023) << 52).view(np.float64)


def _chop(x: Floats) -> Floats:
    """x with the low 32 bits of its significand cleared, so that a product of two such numbers is exact."""
    return (x.view(np.int64) & _HIGH_WORD).view(np.float64)


def _exp_parts(v: Floats) -> tuple[Floats, Floats]:
    """(y, k) with exp(v) = y * 2**k, y between 0.7 and 1.42, k a whole number."""
    k = v * _INV_LN2
    np.rint(k, out=k)
    hi = k * _LN2_HI
    np.subtract(v, hi, out=hi)
    lo = k * _LN2_LO
    r = hi - lo
    c = _exp_series(r)
    r *= c
    np.subtract(2.0, c, out=c)
    r /= c
    lo -= r
    lo -= hi
    np.subtract(1.0, lo, out=lo)
    return lo, k


def _exp_series(r: Floats) -> Floats:
    """c of fdlibm: r - r*r*(P1 + r*r*(P2 + ...)), from which exp(r) = 1 + r + r*c/(2 - c)."""
    t = r * r
    c = _horner(t, _EXP_P)
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
    even = _horner(w, _LOG_EVEN)
    even *= w
    odd = _horner(w, _LOG_ODD)
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
    s_h = _chop(s)
    t_h = _chop(total)
    t_l = np.subtract(a, t_h - base, out=a)
    u -= s_h * t_h
    t_l *= s_h
    u -= t_l
    s_l = np.multiply(inverse, u, out=u)
    # (3 + s^2 + r) * s, as p_h + p_l
    s2 = s * s
    r = _horner(s2, _POW_L)
    s2 *= s2
    r *= s2
    r += s_l * (s_h + s)
    s2 = s_h * s_h
    t_h = _chop((s2 + 3.0) + r)
    t_l = np.subtract(r, (t_h - 3.0) - s2, out=r)
    u = s_h * t_h
    t_l *= s
    s_l *= t_h
    s_l += t_l
    p_h = _chop(u + s_l)
    p_l = np.subtract(s_l, p_h - u, out=s_l)
    # times 2/(3 ln 2), plus log2(base) and n
    z_h = p_h * _CP_HI
    z_l = np.multiply(p_h, _CP_LO, out=p_h)
    p_l *= _CP
    z_l += p_l
    z_l += upper * _LOG2_1P5_LO
    upper *= _LOG2_1P5_HI
    t1 = _chop(((z_h + z_l) + upper) + n)
    z_l -= ((t1 - n) - upper) - z_h
    return t1, z_l


def _power_positive(x: Floats, y: Floats, shift: Floats | None) -> Floats:
    """(x * 2**shift) ** y for positive normal x and abs(y) <= 2**65."""
    t1, t2 = _log2_parts(x, shift)
    y1 = _chop(y)
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
    t = _chop(p_l + p_h)
    u = t * _LN2_HI_SHORT
    p_l -= np.subtract(t, p_h, out=p_h)
    p_l *= _LN2
    t *= _LN2_LO_SHORT
    v = np.add(p_l, t, out=p_l)
    r = u + v
    v -= np.subtract(r, u, out=u)
    c = _exp_series(r)
    quotient = r * c
    c -= 2.0
    quotient /= c
    v += r * v
    quotient -= v
    quotient -= r
    result = np.subtract(1.0, quotient, out=quotient)
    if not within:
        return _scale(result, n)
    _add_to_exponent(result, n)
    return result


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
    subnormal = size < _TINY
    ordinary = (size > 0.0) & (size <= _HUGE)
    base = np.where(ordinary, np.where(subnormal, size * _hex("0x1p+54"), size), 1.0)
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


def _normal_tail(u: Floats, q: Floats) -> Floats:
    """Both tails of the normal quantile, abs(q) > 0.425, and the values outside (0, 1)."""
    r = np.sqrt(-log(np.where(q < 0.0, u, 1.0 - u)))
    near = r - 1.6
    z = _horner(near, _TAIL[0]) / _horner(near, _TAIL[1])
    far = np.flatnonzero(r > 5.0)
    if far.size:
        rest = r[far] - 5.0
        z[far] = _horner(rest, _FAR_TAIL[0]) / _horner(rest, _FAR_TAIL[1])
    z = np.where(q < 0.0, -z, z)
    edge = ~((u > 0.0) & (u < 1.0))
    if edge.any():
        at_edge = np.where(u == 0.0, -np.inf, np.where(u == 1.0, np.inf, np.nan))
        z = np.where(edge, at_edge, z)
    return z
