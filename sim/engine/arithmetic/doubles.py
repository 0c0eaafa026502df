"""What the elementary functions are made of: parts of doubles, and polynomials in one written order."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.vectors import Floats

Real: TypeAlias = Floats | float

from_hex: Final = float.fromhex


def row_of(text: str) -> tuple[float, ...]:
    """Hexadecimal numbers, parted by blanks."""
    return tuple(map(from_hex, text.split()))


TINY: Final = from_hex("0x1p-1022")
"""The least normal number."""
HUGE: Final = from_hex("0x1.fffffffffffffp+1023")
"""The greatest number."""
_HIGH_WORD: Final = -(1 << 32)


def flatten(x: Real) -> tuple[tuple[int, ...], Floats]:
    """The shape of a number or array, and its values in one row."""
    a = np.asarray(x, dtype=np.float64)
    return a.shape, a.ravel()


def horner(t: Floats, coefficients: tuple[float, ...]) -> Floats:
    """The polynomial in t, highest degree first, one multiplication and one addition a step."""
    y = t * coefficients[0]
    for coefficient in coefficients[1:-1]:
        y += coefficient
        y *= t
    y += coefficients[-1]
    return y


def add_to_exponent(y: Floats, k: Floats) -> None:
    """Multiply y by 2**k in place, where both y and the result are normal numbers."""
    shift = k.astype(np.int64)
    shift <<= 52
    bits = y.view(np.int64)
    bits += shift


def scale(y: Floats, k: Floats) -> Floats:
    """y * 2**k in two multiplications: rounded once, where the result is subnormal or overflows."""
    whole = k.astype(np.int64)
    first = whole >> 1
    second = whole - first
    return y * _two_to(first) * _two_to(second)


def _two_to(k: NDArray[np.int64]) -> Floats:
    return ((k + 1023) << 52).view(np.float64)


def chop(x: Floats) -> Floats:
    """x with the low 32 bits of its significand cleared, so that a product of two such numbers is exact."""
    return (x.view(np.int64) & _HIGH_WORD).view(np.float64)
