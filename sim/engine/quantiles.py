"""Distributions by their quantile functions: one uniform number in, one value out.

A draw has one address and one word (`sim.engine.luck`), so nothing here may reject, retry or take a second
word. Two kinds live together: counts, drawn each turn, and the families a parameter may have, drawn once a
run. Formulas and the order of their operations: ``docs/reference/arithmetic.md``, sections 8 and 9.

``u`` is a float64 array of any shape (or a number) strictly inside (0, 1); the result has the shape of
``u`` broadcast with the arguments. A NaN anywhere gives NaN, and no warning is raised. Arguments are taken
as valid, as the scenario's checks leave them, except where a function says what it raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.engine.arithmetic import Real, exp, normal_quantile, power
from sim.engine.vectors import Floats
from sim.scenario.distributions import MIN_CONCENTRATION

MAX_COUNT: Final = 100_000
"""A count stops here, whatever the tail."""
_FEW: Final = 2  # drop finished runs from the loop once fewer than one in so many are left

_DECADES: Final = np.array([float(f"1e{n}") for n in range(-14, 10)])
# By the number of decades x has reached; NaN where it is too small or too large for the arithmetic way.
_NINE_DIGIT_SCALES: Final = np.array([np.nan, *(float(f"1e{n}") for n in range(22, -1, -1)), np.nan])


def poisson_quantile(u: Real, mean: Real) -> Floats:
    """The least k at which the Poisson distribution function reaches ``u``; ``mean`` from 0 to 500."""
    u, mean = _together(u, mean)
    with np.errstate(all="ignore"):
        return _count(u, exp(-mean), mean, None, None)


def negative_binomial_quantile(u: Real, mean: Real, size: Real) -> Floats:
    """The same for the negative binomial of this mean and size: variance ``mean + mean**2 / size``."""
    u, mean, size = _together(u, mean, size)
    with np.errstate(all="ignore"):
        total = size + mean
        return _count(u, power(size / total, size), mean, size, mean / total)


def uniform(u: Real, low: Real, high: Real) -> Floats:
    """Uniform between ``low`` and ``high``."""
    u, low, high = _together(u, low, high)
    return low + u * (high - low)


def normal(u: Real, mean: Real, sd: Real) -> Floats:
    """Normal of this mean and standard deviation."""
    u, mean, sd = _together(u, mean, sd)
    return mean + sd * normal_quantile(u)


def lognormal(u: Real, median: Real, sigma: Real) -> Floats:
    """Lognormal of this median; ``sigma`` is the standard deviation of the logarithm."""
    u, median, sigma = _together(u, median, sigma)
    return median * exp(sigma * normal_quantile(u))


def triangular(u: Real, low: Real, mode: Real, high: Real) -> Floats:
    """Triangular, ``low <= mode <= high``."""
    u, low, mode, high = _together(u, low, mode, high)
    span, left, right = high - low, mode - low, high - mode
    reach = u * span
    with np.errstate(all="ignore"):
        rising = low + np.sqrt(reach * left)
        falling = high - np.sqrt(((1.0 - u) * span) * right)
    return np.where(reach < left, rising, falling)


def beta(u: Real, alpha: Real, beta: Real, low: Real = 0.0, high: Real = 1.0) -> Floats:
    """Beta on ``[low, high]``, its quantile on [0, 1] rounded to nine significant digits (decision 0001)."""
    u, alpha, beta, low, high = _together(u, alpha, beta, low, high)
    with np.errstate(all="ignore"):
        share = round_to_nine_digits(np.asarray(special.betaincinv(alpha, beta, u), dtype=np.float64))
    return low + share * (high - low)


def pert(u: Real, low: Real, mode: Real, high: Real) -> Floats:
    """PERT: a beta on ``[low, high]``, ``low < high``, with the weight 4 on the mode."""
    u, low, mode, high = _together(u, low, mode, high)
    span = high - low
    return beta(u, 1.0 + (4.0 * (mode - low)) / span, 1.0 + (4.0 * (high - mode)) / span, low, high)


def discrete(u: Real, values: Sequence[float], weights: Sequence[float]) -> Floats:
    """One of ``values``, with chances in proportion to ``weights`` (0 or more, at least one above 0).

    Raises ValueError if the two differ in length or no weight is above 0.
    """
    if len(values) != len(weights):
        raise ValueError("discrete takes as many weights as values")
    cumulative: list[float] = []
    total = 0.0
    for weight in weights:
        total = total + weight
        cumulative.append(total)
    if not total > 0.0:
        raise ValueError("discrete needs a weight above 0")
    u = np.asarray(u, dtype=np.float64)
    shares = np.array(cumulative) / total
    index = np.searchsorted(shares, u, side="right")  # how many shares are at most u; NaN sorts last
    table = np.array([*values, np.nan], dtype=np.float64)
    return table[index]


def dirichlet(u: NDArray[np.float64], alphas: Sequence[float]) -> Floats:
    """Shares that sum to 1, shape ``(components, ...)``, from one row of ``u`` a component.

    Each component is the gamma quantile of its row, rounded to nine significant digits (decision 0001),
    over the sum of all. Raises ValueError if rows and alphas differ in number, or an alpha is below
    `MIN_CONCENTRATION`.
    """
    u = np.asarray(u, dtype=np.float64)
    if u.ndim == 0 or len(u) != len(alphas) or len(alphas) == 0:
        raise ValueError("dirichlet takes one row of uniform numbers a component")
    if not all(alpha >= MIN_CONCENTRATION for alpha in alphas):
        raise ValueError(f"the concentrations of a dirichlet are at least {MIN_CONCENTRATION}")
    with np.errstate(all="ignore"):
        parts = [
            round_to_nine_digits(special.gammaincinv(alpha, row))
            for alpha, row in zip(alphas, u, strict=True)
        ]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return np.stack([part / total for part in parts])


def round_to_nine_digits(x: Real) -> Floats:
    """x to nine significant decimal digits, exactly as ``float(f"{x:.8e}")``, element by element.

    Between 1e-14 and 1e9 the digits are a whole number n = rint(x * 10**p), and both 10**p and n are exact
    doubles, so n / 10**p is the decimal correctly rounded. The product is off by less than 2e-7, so n is
    certain unless it lies that near to a half; what is not certain, and what lies outside, goes through
    text.
    """
    x = np.asarray(x, dtype=np.float64)
    v = x.ravel()
    with np.errstate(all="ignore"):
        scale = _NINE_DIGIT_SCALES[np.searchsorted(_DECADES, v, side="right")]
        scaled = v * scale
        digits = np.rint(scaled)
        certain = np.absolute(scaled - digits) < 0.5 - 1e-6
        result = digits / scale
    rest = np.flatnonzero(~certain)
    if rest.size:
        text: NDArray[np.str_] = np.strings.mod("%.8e", v[rest])
        result[rest] = text.astype(np.float64)
    rounded: Floats = result.reshape(x.shape)
    return rounded


def _together(*arguments: Real) -> tuple[Floats, ...]:
    arrays: tuple[Floats, ...] = np.broadcast_arrays(*(np.asarray(a, dtype=np.float64) for a in arguments))
    return arrays


def _count(u: Floats, first: Floats, mean: Floats, size: Floats | None, odds: Floats | None) -> Floats:
    """Walk up the distribution function from P(0) = ``first``, all runs in step, until each reaches ``u``.

    A finished run may stay in the loop: ``c`` never falls, so it is not counted again. Runs are dropped
    only when few are left, which costs less than dropping each as it ends.
    """
    shape = u.shape
    factors = [mean] if size is None or odds is None else [size, odds]
    invalid = np.isnan(u) | np.isnan(first)
    u, p, *factors = (np.array(a).ravel() for a in (u, first, *factors))
    c = p.copy()
    result = np.zeros(u.shape)
    active: NDArray[np.intp] | slice = slice(None)
    count = result
    k = 0
    below = u > c
    while k < MAX_COUNT and (left := np.count_nonzero(below)):
        if left * _FEW < len(below):
            keep = np.flatnonzero(below)
            result[active] = count
            active = keep if isinstance(active, slice) else active[keep]
            count, u, p, c, below = result[active], u[keep], p[keep], c[keep], below[keep]
            factors = [factor[keep] for factor in factors]
        k += 1
        count += below
        if size is None:
            p *= factors[0]
            p /= k
        else:
            p *= (factors[0] + k) - 1.0
            p /= k
            p *= factors[1]
        c += p
        np.greater(u, c, out=below)
    result[active] = count
    result[invalid.ravel()] = np.nan
    return result.reshape(shape)
