"""The sine of parts of a half turn (fdlibm's series)."""

from __future__ import annotations

from typing import Final

import numpy as np

from sim.engine.arithmetic.doubles import Real, flatten, from_hex, horner, row_of
from sim.engine.vectors import Floats

# sin_pi: the series of fdlibm's sine and cosine between 0 and pi/4, highest degree first.
_PI: Final = from_hex("0x1.921fb54442d18p+1")
_SINE: Final = row_of(
    "0x1.5d93a5acfd57cp-33 -0x1.ae5e68a2b9cebp-26 0x1.71de357b1fe7dp-19"
    " -0x1.a01a019c161d5p-13 0x1.111111110f8a6p-7 -0x1.5555555555549p-3"
)
_COSINE: Final = row_of(
    "-0x1.8fae9be8838d4p-37 0x1.1ee9ebdb4b1c4p-29 -0x1.27e4f809c52adp-22"
    " 0x1.a01a019cb1590p-16 -0x1.6c16c16c15177p-10 0x1.555555555554cp-5"
)


def sin_pi(u: Real) -> Floats:
    """Sine of pi times u for u from 0 to 1, within 2 units in the last place; elsewhere NaN."""
    shape, v = flatten(u)
    with np.errstate(all="ignore"):
        v = np.where((v >= 0.0) & (v <= 1.0), v, np.nan)
        v = np.where(v > 0.5, 1.0 - v, v)
        near = v <= 0.25
        x = _PI * np.where(near, v, 0.5 - v)
        z = x * x
        sine = x + (z * x) * horner(z, _SINE)
        cosine = 1.0 - (0.5 * z - z * (z * horner(z, _COSINE)))
        y: Floats = np.where(near, sine, cosine)
    return y.reshape(shape)
