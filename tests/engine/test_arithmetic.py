"""The engine's elementary functions: right to the last place or so, and the same to the bit everywhere."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine import arithmetic
from sim.engine.vectors import Floats
from tests.oracle import arithmetic as oracle
from tests.processor import output_without

ONE_PLACE = ("exp", "log", "logistic", "normal_quantile", "sin_pi")
ONE_PLACE = ("exp", "log", "logistic", "normal_quantile", "normal_share")
INF, NAN = math.inf, math.nan
TINY, LEAST, HUGE = 2.0**-1022, 5e-324, sys.float_info.max
SPECIAL = np.array(
    [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, -2.0, 3.0, -3.0, 1.5, INF, -INF, NAN, LEAST, -LEAST, TINY, HUGE, -HUGE]
    + [1e-300, 2.0**53, 2.0**53 + 2, -(2.0**53) + 1, 1e22, 709.78, 709.79, 710.0, -708.4, -745.13, -745.14]
    + [-746.0, 1e308, 0.075, 0.925, 0.0749, 0.9251, 1e-12, 1.0 - 2.0**-53, 1.0 + 2.0**-52, 2.0**-33]
)


def random_bits(count: int, seed: int) -> Floats:
    """Numbers of every size: any pattern of 64 bits."""
    return np.random.default_rng(seed).integers(0, 2**64, count, dtype=np.uint64).view(np.float64)


def everyday(count: int, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0.0, 5.0, count)


def patterns(x: Floats | float) -> list[int]:
    found: list[int] = np.atleast_1d(np.asarray(x, dtype=np.float64)).view(np.int64).tolist()
    return found


def errors(got: Floats, exact: list[Any]) -> Floats:
    """Distance from the exact values in units of the last place of the rounded ones."""
    return np.array([_error(float(g), e) for g, e in zip(got, exact, strict=True)])


def _error(got: float, exact: Any) -> float:
    rounded = float(exact)
    if not math.isfinite(rounded):
        return 0.0 if got == rounded else INF
    return float(abs(mpmath.mpf(got) - exact) / math.ulp(rounded))


def exactly(function: Callable[..., Any], *arguments: Floats) -> list[Any]:
    with mpmath.workprec(160):
        return [+function(*(mpmath.mpf(float(a)) for a in row)) for row in zip(*arguments, strict=True)]


rng = np.random.default_rng(20240701)
EXP_RANGES = {
    "everyday": rng.uniform(-3, 3, 4000),
    "whole range": rng.uniform(-708, 709.7, 4000),
    "subnormal results": rng.uniform(-745.2, -708, 2000),
    "tiny": rng.choice([-1.0, 1.0], 1000) * 10.0 ** rng.uniform(-320, -1, 1000),
    "near the overflow": np.nextafter(709.782712893384, 0.0) - rng.uniform(0, 1e-9, 500),
    "halves of ln 2": (rng.integers(-1000, 1000, 1000) + 0.5)
    * math.log(2)
    * (1 + rng.normal(0, 1e-15, 1000)),
}
LOG_RANGES = {
    "everyday": rng.uniform(0, 10, 4000),
    "whole range": 2.0 ** rng.uniform(-1022, 1024, 4000),
    "subnormal": 2.0 ** rng.uniform(-1074, -1022, 1000),
    "around one": 1.0 + rng.choice([-1.0, 1.0], 3000) * 10.0 ** rng.uniform(-16, -0.31, 3000),
    "around sqrt(1/2) and sqrt(2)": np.sqrt(rng.choice([0.5, 2.0], 1000)) * (1 + rng.normal(0, 1e-12, 1000)),
}


def _power_ranges() -> dict[str, tuple[Floats, Floats]]:
    wide = 2.0 ** rng.uniform(-1022, 1024, 4000)
    near_one = 1.0 + rng.choice([-1.0, 1.0], 3000) * 10.0 ** rng.uniform(-15.9, -0.31, 3000)
    edges = np.array([0x3FEBB67A, 0x3FF3988F, 0x3FFBB67A], dtype=np.int64) << 32
    at_edges = (rng.choice(edges, 1000) + rng.integers(-1000, 1000, 1000)).view(np.float64)
    return {
        "everyday": (rng.uniform(0, 10, 4000), rng.uniform(-5, 5, 4000)),
        "roots and squares": (rng.uniform(0, 1, 2000), rng.choice([0.5, 1.5, 2.0, 3.0, -1.0, 1 / 3], 2000)),
        "any result": (wide, rng.uniform(-745, 709, 4000) / np.log(wide)),
        "huge exponents": (near_one, rng.uniform(-745, 709, 3000) / np.log(near_one)),
        "subnormal bases": (2.0 ** rng.uniform(-1074, -1022, 1000), rng.uniform(-0.95, 1.04, 1000)),
        "edges of the reduction": (at_edges, rng.uniform(-700, 700, 1000)),
        "near the overflow": (np.full(500, 2.0), 1024 - 10.0 ** rng.uniform(-12, -1, 500)),
        "subnormal results": (rng.uniform(0.1, 0.9, 1000), np.zeros(1000)),
    }


POWER_RANGES = _power_ranges()
_small = POWER_RANGES["subnormal results"][0]
POWER_RANGES["subnormal results"] = (_small, rng.uniform(-745, -708, 1000) / np.log(_small))


@pytest.mark.parametrize("name", EXP_RANGES)
def test_exp_is_within_one_place(name: str) -> None:
    x = EXP_RANGES[name]
    assert errors(arithmetic.exp(x), exactly(mpmath.exp, x)).max() < 0.9


@pytest.mark.parametrize("name", LOG_RANGES)
def test_log_is_within_one_place(name: str) -> None:
    x = LOG_RANGES[name]
    assert errors(arithmetic.log(x), exactly(mpmath.log, x)).max() < 0.9


@pytest.mark.parametrize("name", POWER_RANGES)
def test_power_is_within_one_place(name: str) -> None:
    x, y = POWER_RANGES[name]
    assert errors(arithmetic.power(x, y), exactly(mpmath.power, x, y)).max() < 0.9


def test_logistic_is_within_three_places() -> None:
    x = np.concatenate([rng.uniform(-6, 6, 4000), rng.uniform(-745, 50, 2000)])
    exact = exactly(lambda t: 1 / (1 + mpmath.exp(-t)), x)
    assert errors(arithmetic.logistic(x), exact).max() < 3.0


def test_normal_quantile_is_within_six_places() -> None:
    u = np.concatenate(
        [rng.uniform(0, 1, 600), 10.0 ** rng.uniform(-300, -1, 400), 1 - 2.0 ** -rng.uniform(2, 52, 300)]
    )
    z = arithmetic.normal_quantile(u)
    with mpmath.workdps(40):
        # One Newton step from a result good to 15 digits is exact to 30.
        exact = [
            t - (mpmath.ncdf(t) - mpmath.mpf(p)) / mpmath.npdf(t)
            for t, p in ((mpmath.mpf(float(a)), float(b)) for a, b in zip(z, u, strict=True))
        ]
    assert errors(z, exact).max() < 6.0


def test_the_sine_is_within_two_places() -> None:
    u = np.concatenate([rng.uniform(0, 1, 4000), 10.0 ** rng.uniform(-300, -1, 500), np.linspace(0, 1, 65)])
    u = np.concatenate([u, 1 - 2.0 ** -rng.uniform(2, 53, 300), 0.25 + rng.normal(0, 1e-13, 200)])
    with mpmath.workprec(1200):  # near u = 1 the sine of a rounded pi would be all error
        exact = [mpmath.sin(mpmath.pi * mpmath.mpf(float(one))) for one in u]
    assert errors(arithmetic.sin_pi(u), exact).max() < 2.0


def test_published_values_of_the_normal_quantile() -> None:
    # Wichura (1988): the test values of PPND16.
    z = arithmetic.normal_quantile(np.array([0.25, 0.001, 1e-20]))
    expected = [-0.6744897501960817, -3.090232306167814, -9.262340089798408]
    assert np.abs(z / expected - 1.0).max() < 1e-15


def test_normal_share_is_within_3e_16() -> None:
    numbers = np.random.default_rng(1)
    everywhere = [numbers.uniform(-9, 9, 2000), numbers.uniform(-38, 38, 200)]
    where_it_errs_most = numbers.uniform(0, 0.5, 4000)
    z = np.concatenate([*everywhere, where_it_errs_most, [-7.071067811865, 7.071067811865]])
    with mpmath.workdps(40):
        exact = [mpmath.ncdf(mpmath.mpf(float(value))) for value in z]
        off = [
            abs(mpmath.mpf(float(got)) - want)
            for got, want in zip(arithmetic.normal_share(z), exact, strict=True)
        ]
        assert max(off) < 3e-16
        low = [error / want for error, want, value in zip(off, exact, z, strict=True) if value < 0]
        assert max(low) < 1e-8


def test_normal_share_undoes_the_quantile() -> None:
    u = rng.uniform(0.001, 0.999, 2000)
    assert np.abs(arithmetic.normal_share(arithmetic.normal_quantile(u)) - u).max() < 1e-15


@pytest.mark.parametrize("name", ONE_PLACE)
@pytest.mark.parametrize("source", [everyday, random_bits])
def test_engine_and_oracle_agree_to_the_bit(name: str, source: Callable[[int, int], Floats]) -> None:
    x = np.concatenate([source(6000, 1), SPECIAL, rng.uniform(0, 1, 2000)])
    expected = [getattr(oracle, name)(value) for value in x.tolist()]
    assert patterns(getattr(arithmetic, name)(x)) == patterns(np.array(expected))


def test_engine_and_oracle_agree_to_the_bit_on_power() -> None:
    some, other = np.meshgrid(SPECIAL, SPECIAL)
    for x, y in [
        (some.ravel(), other.ravel()),
        (random_bits(6000, 2), random_bits(6000, 3)),
        (random_bits(3000, 4), everyday(3000, 5)),
        (everyday(2000, 6), np.rint(everyday(2000, 7))),
        *POWER_RANGES.values(),
    ]:
        expected = [oracle.power(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        assert patterns(arithmetic.power(x, y)) == patterns(np.array(expected))


@given(st.floats(), st.floats())
def test_engine_and_oracle_agree_on_any_pair(x: float, y: float) -> None:
    assert patterns(arithmetic.power(x, y)) == patterns(oracle.power(x, y))
    for name in ONE_PLACE:
        assert patterns(getattr(arithmetic, name)(x)) == patterns(getattr(oracle, name)(x))


def test_power_follows_ieee_but_for_nan() -> None:
    # Python's math.pow follows Annex F of C99, and raises where C would only set a flag.
    for x in SPECIAL.tolist():
        for y in SPECIAL.tolist():
            try:
                expected = math.pow(x, y)
            except ValueError:  # 0 to a negative power, or a negative base with a broken exponent
                expected = NAN if x < 0 else (-INF if math.copysign(1, x) < 0 and y % 2 == 1 else INF)
            except OverflowError:
                expected = -INF if x < 0 and y % 2 == 1 else INF
            if math.isnan(x) or math.isnan(y):
                expected = NAN
            got = float(arithmetic.power(x, y))
            same_sign = math.copysign(1, got) == math.copysign(1, expected)
            assert same_sign or math.isnan(expected), (x, y, got)
            assert math.isclose(got, expected, rel_tol=1e-15, abs_tol=5e-324) or (
                math.isnan(got) and math.isnan(expected)
            ), (x, y, got)


def test_edges_of_the_range() -> None:
    def values(name: str, *x: float) -> list[float]:
        found: list[float] = getattr(arithmetic, name)(np.array(x)).tolist()
        return found

    assert values("exp", INF, -INF, 710.0, -746.0, 0.0, -0.0) == [INF, 0.0, INF, 0.0, 1.0, 1.0]
    assert values("exp", 709.782712893384, 709.7827128933841) == [math.exp(709.782712893384), INF]
    assert values("exp", -745.1332191019411, -745.1332191019412) == [LEAST, 0.0]
    assert values("log", 0.0, -0.0, 1.0, INF) == [-INF, -INF, 0.0, INF]
    assert values("logistic", INF, -INF, 0.0, 800.0, -800.0) == [1.0, 0.0, 0.5, 1.0, 0.0]
    assert values("normal_quantile", 0.0, 0.5, 1.0) == [-INF, 0.0, INF]
    assert np.isnan(values("normal_quantile", -0.1, 1.1)).all()
    assert values("sin_pi", 0.0, 0.5, 1.0) == [0.0, 1.0, 0.0]
    assert values("sin_pi", 0.25, 0.125) == values("sin_pi", 0.75, 0.875)
    assert np.isnan(values("sin_pi", -1e-9, 1.1, INF)).all()
    assert np.isnan(values("log", -1.0, -INF)).all()


@pytest.mark.parametrize("name", [*ONE_PLACE, "power"])
def test_the_nan_that_comes_out_is_always_the_same(name: str) -> None:
    function = getattr(arithmetic, name)
    strange = np.array([0x7FF8000000000001, 0x7FF0000000000001, 0xFFF8000000000000], np.uint64).view(
        np.float64
    )
    calls = [(strange, 2.0), (2.0, strange), (strange, strange), (-2.0, np.full(3, 0.5))]
    outcomes = [function(*call) for call in calls] if name == "power" else [function(strange)]
    for outcome in outcomes:
        assert set(patterns(outcome)) == {0x7FF8000000000000}


@pytest.mark.parametrize("name", [*ONE_PLACE, "power"])
def test_an_element_does_not_depend_on_its_neighbours(name: str) -> None:
    function = getattr(arithmetic, name)
    wild = np.concatenate([everyday(2000, 8), random_bits(2000, 9), SPECIAL, rng.uniform(0, 1, 58)])
    calm = np.abs(everyday(4096, 10)) / 40 + 0.01
    for x in (wild, calm):
        arguments = (x, x[::-1] * 0.5) if name == "power" else (x,)
        together = function(*arguments)
        for size in (1, 2, 3, 7, 64):
            for start in range(0, len(x) - size, 97):
                part = function(*(a[start : start + size] for a in arguments))
                assert patterns(part) == patterns(together[start : start + size])
        assert patterns(function(*(float(a[5]) for a in arguments))) == patterns(together[5])
        assert patterns(function(*(np.array(a[5]) for a in arguments))) == patterns(together[5])
        assert patterns(function(*(np.repeat(a, 2)[::2] for a in arguments))) == patterns(together)
        square = function(*(np.asfortranarray(a[:4000].reshape(50, 80)) for a in arguments))
        assert patterns(square.ravel()) == patterns(together[:4000])


@pytest.mark.parametrize("name", ONE_PLACE)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3,), (2, 3), (2, 0)])
def test_the_result_has_the_shape_of_the_argument(name: str, shape: tuple[int, ...]) -> None:
    result = getattr(arithmetic, name)(np.full(shape, 0.25))
    assert isinstance(result, np.ndarray)
    assert result.shape == shape
    assert result.dtype == np.float64


def test_power_broadcasts() -> None:
    x = np.array([[1.0], [2.0], [3.0]])
    y = np.array([0.0, 1.0, 2.0, 3.0])
    assert arithmetic.power(x, y).tolist() == [[1, 1, 1, 1], [1, 2, 4, 8], [1, 3, 9, 27]]
    assert arithmetic.power(2.0, 10.0).shape == ()


@pytest.mark.parametrize("name", [*ONE_PLACE, "power"])
def test_nothing_is_warned_of_and_no_argument_is_changed(name: str) -> None:
    x = np.concatenate([SPECIAL, random_bits(2000, 11)])
    kept = x.copy()
    with np.errstate(all="raise"):
        getattr(arithmetic, name)(*([x, x[::-1]] if name == "power" else [x]))
        getattr(arithmetic, name)(*([np.array([1e-200])] * (2 if name == "power" else 1)))
    assert patterns(x) == patterns(kept)


def test_exp_and_log_never_fall() -> None:
    x = np.sort(np.concatenate([everyday(50_000, 12), np.log(2.0) * (np.arange(-20, 20) + 0.5)]))
    assert (np.diff(arithmetic.exp(x)) >= 0).all()
    assert (np.diff(arithmetic.logistic(x)) >= -1.2e-16).all()
    u = (np.arange(0, 2**32, 65_537) + 0.5) / 2**32
    assert (np.diff(arithmetic.log(u)) > 0).all()
    assert (np.diff(arithmetic.normal_quantile(u)) > 0).all()


DIGEST = """
import hashlib
import numpy as np
from sim.compile.keys import event_key
from sim.engine import arithmetic as a, luck, quantiles
digest = hashlib.blake2b()
u = luck.uniforms(7, 0, np.arange(4096, dtype=np.uint64), 3, [event_key(str(i)) for i in range(16)])
any_bits = luck.many_words(8, 0, np.arange(8192, dtype=np.uint64), 3, [1, 2]).view(np.float64)
for x in (u, any_bits, u * 80 - 40):
    for f in (a.exp, a.log, a.logistic, a.normal_quantile, a.sin_pi):
        digest.update((f(x) + 0.0).tobytes())
    digest.update((a.power(x, x[::-1]) + 0.0).tobytes())
    digest.update((a.power(np.abs(x), x[::-1]) + 0.0).tobytes())
digest.update(quantiles.poisson_quantile(u, 3.0 * u[::-1]).tobytes())
digest.update(quantiles.negative_binomial_quantile(u, 3.0 * u[::-1], 0.7).tobytes())
digest.update(quantiles.triangular(u, 0.05, 0.2, 0.7).tobytes())
print(digest.hexdigest())
"""


def test_every_instruction_set_gives_the_same_bits() -> None:
    expected, present = output_without(DIGEST)
    for first in range(len(present)):  # without the oldest and all above it, without the next, ...
        assert output_without(DIGEST, *present[first:]) == (expected, present[:first])
