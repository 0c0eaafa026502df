"""The standard normal distribution: its quantiles (Wichura 1988) and its share below a value (Hart 1968)."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.arithmetic.doubles import Real, flatten, from_hex, horner, row_of
from sim.engine.arithmetic.exponential import exp, log
from sim.engine.vectors import Floats

# normal_quantile: Wichura's numerators and denominators, highest degree first.
_CENTRE: Final = (
    row_of(
        "0x1.39a296f7d925ep+11 0x1.052d26b2e45e4p+15 0x1.06c1c55b78f20p+16 0x1.66c3e869b752ap+15"
        " 0x1.ad1d8cd4ee71dp+13 0x1.ece5d2213c0ccp+10 0x1.0a4888b1a436ep+7 0x1.b18d91e9eef75p+1"
    ),
    row_of(
        "0x1.46a7eca984b69p+12 0x1.c0e457cb1ae76p+14 0x1.3317caa64f4bep+15 0x1.4b772d5d65266p+14"
        " 0x1.512322e75c89fp+12 0x1.5797efdc8b3f7p+9 0x1.5281b386e1ab5p+5 0x1p+0"
    ),
)
_TAIL: Final = (
    row_of(
        "0x1.9615ac0b7ace9p-11 0x1.744eb6c45ec67p-6 0x1.ef2abb9b85c37p-3 0x1.453cc085375b2p+0"
        " 0x1.d2ecb1a3d02c4p+1 0x1.713f71462256ap+2 0x1.2857748cab19bp+2 0x1.6c665fde9526ap+0"
    ),
    row_of(
        "0x1.20d3f686439e4p-30 0x1.1f18cbfdf2728p-11 0x1.f207a7eab17bfp-7 0x1.2f5123394f040p-3"
        " 0x1.61292f23385c9p-1 0x1.ad278e6526633p+0 0x1.06cefbb46a449p+1 0x1p+0"
    ),
)
_FAR_TAIL: Final = (
    row_of(
        "0x1.afb74d693bf93p-23 0x1.c6ec6cc59e02ap-16 0x1.45c1908425345p-10 0x1.b2b41193b4ee7p-6"
        " 0x1.2fad9315255cfp-2 0x1.c8ea6461fa445p+0 0x1.5daea6e875003p+2 0x1.aa1b1c13ee526p+2"
    ),
    row_of(
        "0x1.269bff1f8c190p-49 0x1.31446f740b9e0p-23 0x1.35c2c496374bfp-16 0x1.9c8bc979dc5d7p-11"
        " 0x1.e76f93215462ap-7 0x1.186eb183443fbp-3 0x1.331d34fc7d77fp-1 0x1p+0"
    ),
)

# normal_share: Hart's numerator and denominator, highest degree first, and where the tail begins.
_SHARE_ABOVE: Final = row_of(
    "0x1.20ded0b57fbdep-5 0x1.66989be8ea71fp-1 0x1.97eeff2a86f23p+2 0x1.0f4d8cbb02431p+5"
    " 0x1.c05131ca58d3cp+6 0x1.ba6d5c7a28cf2p+7 0x1.b869ea974c7e5p+7"
)
_SHARE_BELOW: Final = row_of(
    "0x1.6a09e667f3bcap-4 0x1.c173673887d11p+0 0x1.0106df11bd49dp+4 0x1.5b1f78433a59ap+6"
    " 0x1.2890729ba7820p+8 0x1.3eaab47fa1777p+9 0x1.8ce9cb298974ap+9 0x1.b869ea974c7e5p+8"
)
_SHARE_TAIL: Final = from_hex("0x1.c48c6001f0abap+2")
_SQRT_2_PI: Final = from_hex("0x1.40d931ff62704p+1")


def normal_quantile(u: Real) -> Floats:
    """The standard normal value below which a share ``u`` lies (Wichura 1988, AS 241, PPND16).

    0 and 1 give minus and plus infinity; outside [0, 1] the result is NaN.
    """
    shape, v = flatten(u)
    with np.errstate(all="ignore"):
        q = v - 0.5
        r = q * q
        np.subtract(from_hex("0x1.71eb851eb851fp-3"), r, out=r)
        z = q * horner(r, _CENTRE[0])
        z /= horner(r, _CENTRE[1])
        outer = np.flatnonzero(~(np.absolute(q) <= 0.425))
        if outer.size:
            z[outer] = _normal_tail(v[outer], q[outer])
    return z.reshape(shape)


def normal_share(z: Real) -> Floats:
    """The share of a standard normal distribution that lies below ``z``, within 3e-16 (Hart 1968, number
    5666, as West 2005 has it). The lower tail keeps eight digits.
    """
    shape, v = flatten(z)
    with np.errstate(all="ignore"):
        a = np.absolute(v)
        e = exp(-((a * a) * 0.5))
        near = (e * horner(a, _SHARE_ABOVE)) / horner(a, _SHARE_BELOW)
        b = a + 0.65
        for part in (4.0, 3.0, 2.0, 1.0):
            b = a + part / b
        tail = np.where(a < _SHARE_TAIL, near, (e / b) / _SQRT_2_PI)
        share = np.where(v > 0.0, 1.0 - tail, tail)
        share[np.isnan(v)] = np.nan
    return share.reshape(shape)


def _normal_tail(u: Floats, q: Floats) -> Floats:
    """Both tails of the normal quantile, abs(q) > 0.425, and the values outside (0, 1)."""
    r = np.sqrt(-log(np.where(q < 0.0, u, 1.0 - u)))
    near = r - 1.6
    z = horner(near, _TAIL[0]) / horner(near, _TAIL[1])
    far = np.flatnonzero(r > 5.0)
    if far.size:
        rest = r[far] - 5.0
        z[far] = horner(rest, _FAR_TAIL[0]) / horner(rest, _FAR_TAIL[1])
    z = np.where(q < 0.0, -z, z)
    edge = ~((u > 0.0) & (u < 1.0))
    if edge.any():
        at_edge = np.where(u == 0.0, -np.inf, np.where(u == 1.0, np.inf, np.nan))
        z = np.where(edge, at_edge, z)
    return z
