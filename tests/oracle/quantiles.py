"""Quantiles again, one plain float at a time, from ``docs/reference/arithmetic.md``, sections 8 and 9.

The beta and gamma quantiles are solved here with mpmath at 30 digits, by false position on the regularised
incomplete function: slow, and with nothing in common with SciPy's way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import mpmath

from tests.oracle.arithmetic import NAN, exp, normal_quantile, power

MAX_COUNT = 100_000


def poisson_quantile(u: float, m: float) -> float:
    if math.isnan(u) or math.isnan(m):
        return NAN
    p = exp(-m)
    c = p
    k = 0
    while u > c and k < MAX_COUNT:
        k = k + 1
        p = (p * m) / k
        c = c + p
    return float(k)


def negative_binomial_quantile(u: float, m: float, r: float) -> float:
    if math.isnan(u) or math.isnan(m) or math.isnan(r):
        return NAN
    t = r + m
    p = power(r / t, r)
    q = m / t
    c = p
    k = 0
    while u > c and k < MAX_COUNT:
        k = k + 1
        p = ((p * ((r + k) - 1.0)) / k) * q
        c = c + p
    return float(k)


def uniform(u: float, low: float, high: float) -> float:
    return low + u * (high - low)


def normal(u: float, mean: float, sd: float) -> float:
    return mean + sd * normal_quantile(u)


def lognormal(u: float, median: float, sigma: float) -> float:
    return median * exp(sigma * normal_quantile(u))


def triangular(u: float, low: float, mode: float, high: float) -> float:
    span, left, right = high - low, mode - low, high - mode
    if u * span < left:
        return low + math.sqrt((u * span) * left)
    return high - math.sqrt(((1.0 - u) * span) * right)


def beta(u: float, alpha: float, beta: float, low: float = 0.0, high: float = 1.0) -> float:
    return low + round9(beta_quantile(u, alpha, beta)) * (high - low)


def pert(u: float, low: float, mode: float, high: float) -> float:
    span = high - low
    return beta(u, 1.0 + (4.0 * (mode - low)) / span, 1.0 + (4.0 * (high - mode)) / span, low, high)


def discrete(u: float, values: Sequence[float], weights: Sequence[float]) -> float:
    cumulative = [weights[0]]
    for weight in weights[1:]:
        cumulative.append(cumulative[-1] + weight)
    for value, share in zip(values, cumulative, strict=True):
        if share / cumulative[-1] > u:
            return value
    return NAN


def dirichlet(u: Sequence[float], alphas: Sequence[float]) -> list[float]:
    parts = [round9(gamma_quantile(one, alpha)) for one, alpha in zip(u, alphas, strict=True)]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return [part / total for part in parts]


def round9(x: float) -> float:
    return float(f"{x:.8e}")


def beta_quantile(u: float, alpha: float, beta: float) -> float:
    with mpmath.workdps(30):
        a, b = mpmath.mpf(alpha), mpmath.mpf(beta)
        return _solve(lambda x: mpmath.betainc(a, b, 0, x, regularized=True), u, mpmath.mpf(1))


def gamma_quantile(u: float, alpha: float) -> float:
    with mpmath.workdps(30):
        a = mpmath.mpf(alpha)
        high = mpmath.mpf(1)
        while mpmath.gammainc(a, 0, high, regularized=True) < u:
            high = 2 * high
        return _solve(lambda x: mpmath.gammainc(a, 0, x, regularized=True), u, high)


def _solve(distribution: Callable[[Any], Any], u: float, high: Any) -> float:
    """The x up to high where a distribution function reaches u: on log x, by the Illinois rule."""
    low = high
    while distribution(low) > u:
        low = low * low / 2 if low < 1 else low / 2
    left, right = mpmath.log(low), mpmath.log(high)
    f_left, f_right = distribution(low) - u, distribution(high) - u
    side = 0
    for _ in range(400):
        if f_right == f_left or right - left < mpmath.mpf(10) ** -25:
            break
        middle = (left * f_right - right * f_left) / (f_right - f_left)
        f_middle = distribution(mpmath.exp(middle)) - u
        if f_middle == 0:
            left = right = middle
            break
        if f_middle > 0:
            right, f_right = middle, f_middle
            f_left = f_left / 2 if side == 1 else f_left
            side = 1
        else:
            left, f_left = middle, f_middle
            f_right = f_right / 2 if side == -1 else f_right
            side = -1
    return float(mpmath.exp((left + right) / 2))
