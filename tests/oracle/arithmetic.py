"""The elementary functions again, one plain float at a time, from ``docs/reference/arithmetic.md`` alone.

A second writing of the page: where it and the engine agree to the bit, a slip in either would have to be
the same slip.
"""

from __future__ import annotations

import math
import struct

_F = float.fromhex
NAN = math.nan
INF = math.inf
TINY = _F("0x1p-1022")
LN2 = _F("0x1.62e42fefa39efp-1")
_INV_LN2 = _F("0x1.71547652b82fep+0")
_LN2_HI = _F("0x1.62e42fee00000p-1")
_LN2_LO = _F("0x1.a39ef35793c76p-33")


def _table(text: str) -> list[float]:
    return [_F(word) for word in text.split()]


_P = _table("""0x1.6376972bea4d0p-25 -0x1.bbd41c5d26bf1p-20 0x1.1566aaf25de2cp-14
               -0x1.6c16c16bebd93p-9 0x1.555555555553ep-3""")
_G_ODD = _table("0x1.2f112df3e5244p-3 0x1.7466496cb03dep-3 0x1.2492494229359p-2 0x1.5555555555593p-1")
_G_EVEN = _table("0x1.39a09d078c69fp-3 0x1.c71c51d8e78afp-3 0x1.999999997fa04p-2")
_L = _table("""0x1.a7e284a454eefp-3 0x1.d864a93c9db65p-3 0x1.17460a91d4101p-2
               0x1.55555518f264dp-2 0x1.b6db6db6fabffp-2 0x1.3333333333303p-1""")
_CP = _F("0x1.ec709dc3a03fdp-1")
_CP_HI = _F("0x1.ec709e0000000p-1")
_CP_LO = _F("-0x1.e2fe0145b01f5p-28")
_LN2_HI_SHORT = _F("0x1.62e4300000000p-1")
_LN2_LO_SHORT = _F("-0x1.05c610ca86c39p-29")
_M = _table("""0x1.20ded0b57fbdep-5 0x1.66989be8ea71fp-1 0x1.97eeff2a86f23p+2 0x1.0f4d8cbb02431p+5
               0x1.c05131ca58d3cp+6 0x1.ba6d5c7a28cf2p+7 0x1.b869ea974c7e5p+7""")
_N = _table("""0x1.6a09e667f3bcap-4 0x1.c173673887d11p+0 0x1.0106df11bd49dp+4 0x1.5b1f78433a59ap+6
               0x1.2890729ba7820p+8 0x1.3eaab47fa1777p+9 0x1.8ce9cb298974ap+9 0x1.b869ea974c7e5p+8""")
_A = _table("""0x1.39a296f7d925ep+11 0x1.052d26b2e45e4p+15 0x1.06c1c55b78f20p+16 0x1.66c3e869b752ap+15
               0x1.ad1d8cd4ee71dp+13 0x1.ece5d2213c0ccp+10 0x1.0a4888b1a436ep+7 0x1.b18d91e9eef75p+1""")
_B = _table("""0x1.46a7eca984b69p+12 0x1.c0e457cb1ae76p+14 0x1.3317caa64f4bep+15 0x1.4b772d5d65266p+14
               0x1.512322e75c89fp+12 0x1.5797efdc8b3f7p+9 0x1.5281b386e1ab5p+5 0x1p+0""")
_C = _table("""0x1.9615ac0b7ace9p-11 0x1.744eb6c45ec67p-6 0x1.ef2abb9b85c37p-3 0x1.453cc085375b2p+0
               0x1.d2ecb1a3d02c4p+1 0x1.713f71462256ap+2 0x1.2857748cab19bp+2 0x1.6c665fde9526ap+0""")
_D = _table("""0x1.20d3f686439e4p-30 0x1.1f18cbfdf2728p-11 0x1.f207a7eab17bfp-7 0x1.2f5123394f040p-3
               0x1.61292f23385c9p-1 0x1.ad278e6526633p+0 0x1.06cefbb46a449p+1 0x1p+0""")
_E = _table("""0x1.afb74d693bf93p-23 0x1.c6ec6cc59e02ap-16 0x1.45c1908425345p-10 0x1.b2b41193b4ee7p-6
               0x1.2fad9315255cfp-2 0x1.c8ea6461fa445p+0 0x1.5daea6e875003p+2 0x1.aa1b1c13ee526p+2""")
_FF = _table("""0x1.269bff1f8c190p-49 0x1.31446f740b9e0p-23 0x1.35c2c496374bfp-16 0x1.9c8bc979dc5d7p-11
                0x1.e76f93215462ap-7 0x1.186eb183443fbp-3 0x1.331d34fc7d77fp-1 0x1p+0""")
_PI = _F("0x1.921fb54442d18p+1")
_S = _table("""0x1.5d93a5acfd57cp-33 -0x1.ae5e68a2b9cebp-26 0x1.71de357b1fe7dp-19
               -0x1.a01a019c161d5p-13 0x1.111111110f8a6p-7 -0x1.5555555555549p-3""")
_COS = _table("""-0x1.8fae9be8838d4p-37 0x1.1ee9ebdb4b1c4p-29 -0x1.27e4f809c52adp-22
                 0x1.a01a019cb1590p-16 -0x1.6c16c16c15177p-10 0x1.555555555554cp-5""")


def bits(x: float) -> int:
    """The pattern of x as a signed 64-bit integer."""
    (pattern,) = struct.unpack("<q", struct.pack("<d", x))
    assert isinstance(pattern, int)
    return pattern


def from_bits(pattern: int) -> float:
    (x,) = struct.unpack("<d", struct.pack("<q", pattern))
    assert isinstance(x, float)
    return x


def chop(x: float) -> float:
    return from_bits(bits(x) & ~0xFFFFFFFF)


def two_to(n: int) -> float:
    return from_bits((n + 1023) << 52)


def scale(y: float, n: int) -> float:
    h = n >> 1
    return (y * two_to(h)) * two_to(n - h)


def poly(t: float, coefficients: list[float]) -> float:
    y = t * coefficients[0]
    for c in coefficients[1:-1]:
        y = y + c
        y = y * t
    return y + coefficients[-1]


def series(r: float) -> float:
    t = r * r
    return r - t * poly(t, _P)


def exp(x: float) -> float:
    if math.isnan(x):
        return NAN
    x = min(max(x, -746.0), 710.0)
    k = round(x * _INV_LN2)
    hi = x - k * _LN2_HI
    lo = k * _LN2_LO
    r = hi - lo
    c = series(r)
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    return scale(y, k)


def log(x: float) -> float:
    if math.isnan(x) or x < 0.0:
        return NAN
    if x == 0.0:
        return -INF
    if x == INF:
        return INF
    e = 0
    if x < TINY:
        x = x * _F("0x1p+54")
        e = -54
    i = (bits(x) - 0x3FE6A09E00000000) >> 52
    m = from_bits(bits(x) - (i << 52))
    k = float(i + e)
    f = m - 1.0
    h = (f * 0.5) * f
    s = f / (f + 2.0)
    z = s * s
    w = z * z
    big_r = z * poly(w, _G_ODD) + w * poly(w, _G_EVEN)
    return (((s * (big_r + h) + k * _LN2_LO) - h) + f) + k * _LN2_HI


def power(x: float, y: float) -> float:
    if math.isnan(x) or math.isnan(y):
        return NAN
    if y == 0.0:
        return 1.0
    whole = math.isinf(y) or y == math.floor(y)
    odd = whole and not math.isinf(y) and 0.5 * y != math.floor(0.5 * y)
    size = abs(x)
    if x == 0.0 or math.isinf(x):
        result = INF if (size > 1.0) == (y > 0.0) else 0.0
        return -result if odd and math.copysign(1.0, x) < 0.0 else result
    if x < 0.0 and not whole:
        return NAN
    result = _power_core(size, min(max(y, -_F("0x1p+65")), _F("0x1p+65")))
    return -result if x < 0.0 and odd else result


def _power_core(x: float, y: float) -> float:
    t1, t2 = _log2(x)
    y1 = chop(y)
    pl = (y - y1) * t1 + y * t2
    ph = y1 * t1
    z = pl + ph
    if abs(z) > 1100.0:
        pl = 0.0
        ph = z = math.copysign(1100.0, z)
    n = round(z)
    ph = ph - n
    t = chop(pl + ph)
    u = t * _LN2_HI_SHORT
    v = (pl - (t - ph)) * LN2 + t * _LN2_LO_SHORT
    r = u + v
    w = v - (r - u)
    c = series(r)
    g = 1.0 - (((r * c) / (c - 2.0) - (w + r * w)) - r)
    return scale(g, n)


def _log2(x: float) -> tuple[float, float]:
    e = 0
    if x < TINY:
        x = x * _F("0x1p+54")
        e = -54
    i = (bits(x) - 0x3FEBB67A00000000) >> 52
    a = from_bits(bits(x) - (i << 52))
    n = float(i + e)
    if a >= _F("0x1.3988f00000000p+0"):
        b, dh, dl = 1.5, _F("0x1.2b80340000000p-1"), _F("0x1.cfdeb43cfd006p-27")
    else:
        b, dh, dl = 1.0, 0.0, 0.0
    u = a - b
    q = a + b
    v = 1.0 / q
    s = u * v
    sh = chop(s)
    th = chop(q)
    tl = a - (th - b)
    sl = v * ((u - sh * th) - tl * sh)
    s2 = s * s
    r = poly(s2, _L) * (s2 * s2) + sl * (sh + s)
    s2 = sh * sh
    th = chop((s2 + 3.0) + r)
    tl = r - ((th - 3.0) - s2)
    u = sh * th
    v = sl * th + tl * s
    ph = chop(u + v)
    pl = v - (ph - u)
    zh = ph * _CP_HI
    zl = (ph * _CP_LO + pl * _CP) + dl
    t1 = chop(((zh + zl) + dh) + n)
    t2 = zl - (((t1 - n) - dh) - zh)
    return t1, t2


def logistic(x: float) -> float:
    e = exp(-abs(x))
    return e / (1.0 + e) if x < 0.0 else 1.0 / (1.0 + e)


def normal_quantile(u: float) -> float:
    if u == 0.0:
        return -INF
    if u == 1.0:
        return INF
    if not 0.0 < u < 1.0:
        return NAN
    q = u - 0.5
    if abs(q) <= 0.425:
        r = _F("0x1.71eb851eb851fp-3") - q * q
        return (q * poly(r, _A)) / poly(r, _B)
    r = math.sqrt(-log(u)) if q < 0.0 else math.sqrt(-log(1.0 - u))
    if r > 5.0:
        r = r - 5.0
        z = poly(r, _E) / poly(r, _FF)
    else:
        r = r - 1.6
        z = poly(r, _C) / poly(r, _D)
    return -z if q < 0.0 else z


def sin_pi(u: float) -> float:
    if not 0.0 <= u <= 1.0:
        return NAN
    if u > 0.5:
        u = 1.0 - u
    if u <= 0.25:
        x = _PI * u
        z = x * x
        return x + (z * x) * poly(z, _S)
    x = _PI * (0.5 - u)
    z = x * x
    return 1.0 - (0.5 * z - z * (z * poly(z, _COS)))


def normal_share(z: float) -> float:
    if math.isnan(z):
        return NAN
    a = abs(z)
    e = exp(-((a * a) * 0.5))
    if a < _F("0x1.c48c6001f0abap+2"):
        t = (e * poly(a, _M)) / poly(a, _N)
    else:
        b = a + 0.65
        for c in (4.0, 3.0, 2.0, 1.0):
            b = a + c / b
        t = (e / b) / _F("0x1.40d931ff62704p+1")
    return 1.0 - t if z > 0.0 else t
