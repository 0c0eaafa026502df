"""Quantile functions: the oracle's to the bit, published distributions, and rounded where they must be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy import stats

from sim.compile.keys import event_key
from sim.engine import luck, quantiles
from sim.engine.vectors import Floats
from sim.scenario.distributions import MIN_CONCENTRATION
from tests.oracle import quantiles as oracle

NAN = float("nan")
EXTREMES = [2.0**-33, 1 - 2.0**-33, 0.5, 0.5 + 2.0**-33]


def draws(count: int, name: str) -> Floats:
    """Uniform numbers as the engine makes them, with the most extreme ones."""
    runs = np.arange(count, dtype=np.uint64)
    u = luck.uniform(2024, 0, runs, 1, event_key(name))
    u[: len(EXTREMES)] = EXTREMES[:count]
    return u


def spread(count: int, name: str, low: float, high: float) -> Floats:
    """Arguments spread evenly on a logarithmic scale."""
    x: Floats = low * np.exp(draws(count, name) * np.log(high / low))
    return x


def one_by_one(function: Callable[..., float], *arguments: Floats) -> list[float]:
    return [function(*row) for row in zip(*(a.tolist() for a in arguments), strict=True)]


units = st.integers(0, 2**32 - 1).map(lambda word: (word + 0.5) / 2**32)


@pytest.mark.parametrize("mean", [0.0, 1e-9, 0.02, 0.7, 3.0, 25.0, 120.0, 500.0])
def test_poisson_counts_agree_with_oracle_and_scipy(mean: float) -> None:
    u = draws(800, "poisson")
    counts = quantiles.poisson_quantile(u, mean)
    assert counts.tolist() == one_by_one(lambda one: oracle.poisson_quantile(one, mean), u)
    inner = u[len(EXTREMES) :]
    assert counts[len(EXTREMES) :].tolist() == stats.poisson.ppf(inner, mean).tolist()


@pytest.mark.parametrize("size", [0.05, 0.6, 1.0, 4.5, 300.0])
@pytest.mark.parametrize("mean", [0.0, 0.02, 2.0, 40.0])
def test_negative_binomial_counts_agree_with_oracle_and_scipy(mean: float, size: float) -> None:
    u = draws(500, "negative binomial")
    counts = quantiles.negative_binomial_quantile(u, mean, size)
    assert counts.tolist() == one_by_one(lambda one: oracle.negative_binomial_quantile(one, mean, size), u)
    inner = u[len(EXTREMES) :]
    expected = stats.nbinom.ppf(inner, size, size / (size + mean))
    assert counts[len(EXTREMES) :].tolist() == expected.tolist()


def test_every_run_may_have_its_own_mean_and_size() -> None:
    u, mean, size = draws(3000, "u"), spread(3000, "mean", 1e-3, 500), spread(3000, "size", 0.05, 50)
    mean[::50] = 0.0
    counts = quantiles.poisson_quantile(u, mean)
    assert counts.tolist() == one_by_one(oracle.poisson_quantile, u, mean)
    few = mean / 20
    counts = quantiles.negative_binomial_quantile(u, few, size)
    assert counts.tolist() == one_by_one(oracle.negative_binomial_quantile, u, few, size)


@given(units, st.floats(0, 500), st.floats(1e-3, 1e6))
def test_any_count_agrees_with_the_oracle(u: float, mean: float, size: float) -> None:
    assert float(quantiles.poisson_quantile(u, mean)) == oracle.poisson_quantile(u, mean)
    few = mean / 100
    counted = float(quantiles.negative_binomial_quantile(u, few, size))
    assert counted == oracle.negative_binomial_quantile(u, few, size)


def test_a_count_stops_at_its_limit() -> None:
    u, size = 1 - 2.0**-33, 1e-4
    assert oracle.negative_binomial_quantile(u, 500.0, size) == quantiles.MAX_COUNT
    got = quantiles.negative_binomial_quantile(np.array([u, 0.5]), 500.0, size)
    assert got.tolist() == [quantiles.MAX_COUNT, 0.0]


def test_counts_have_their_mean_and_variance() -> None:
    u = draws(200_000, "moments")
    poisson = quantiles.poisson_quantile(u, 3.0)
    assert abs(poisson.mean() - 3.0) < 5 * np.sqrt(3.0 / len(u))
    assert abs(poisson.var() / 3.0 - 1.0) < 0.02
    clustered = quantiles.negative_binomial_quantile(u, 3.0, 0.5)
    assert abs(clustered.mean() - 3.0) < 5 * np.sqrt(21.0 / len(u))
    assert abs(clustered.var() / 21.0 - 1.0) < 0.05


def test_a_run_counts_the_same_alone_and_among_others() -> None:
    u, mean = draws(500, "u"), spread(500, "mean", 1e-2, 200)
    together = quantiles.poisson_quantile(u, mean)
    alone = [
        float(quantiles.poisson_quantile(one, m)) for one, m in zip(u.tolist(), mean.tolist(), strict=True)
    ]
    assert together.tolist() == alone
    assert quantiles.poisson_quantile(u.reshape(20, 25), mean.reshape(20, 25)).ravel().tolist() == alone


FAMILIES = {
    "uniform": (-2.0, 7.5),
    "normal": (10.0, 2.5),
    "lognormal": (300.0, 0.8),
    "triangular": (0.05, 0.2, 0.7),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_exact_families_agree_with_the_oracle_to_the_bit(family: str) -> None:
    u, arguments = draws(3000, family), FAMILIES[family]
    got = getattr(quantiles, family)(u, *arguments)
    assert got.tolist() == one_by_one(lambda one: getattr(oracle, family)(one, *arguments), u)
    own = [a * (1 + draws(3000, f"{family} {i}") / 100) for i, a in enumerate(arguments)]
    got = getattr(quantiles, family)(u, *own)
    assert got.tolist() == one_by_one(getattr(oracle, family), u, *own)


def test_families_agree_with_published_distributions() -> None:
    u = draws(2000, "published")
    for got, expected in [
        (quantiles.uniform(u, -2.0, 7.5), stats.uniform(-2.0, 9.5)),
        (quantiles.normal(u, 10.0, 2.5), stats.norm(10.0, 2.5)),
        (quantiles.lognormal(u, 300.0, 0.8), stats.lognorm(0.8, scale=300.0)),
        (quantiles.triangular(u, 0.05, 0.2, 0.7), stats.triang(0.15 / 0.65, 0.05, 0.65)),
        (quantiles.beta(u, 2.0, 5.0), stats.beta(2.0, 5.0)),
        (quantiles.beta(u, 2.0, 5.0, -1.0, 3.0), stats.beta(2.0, 5.0, -1.0, 4.0)),
        # PERT's mean is (low + 4 mode + high) / 6, and alpha + beta = 6.
        (quantiles.pert(u, 0.0, 1.0, 4.0), stats.beta(2.0, 4.0, 0.0, 4.0)),
    ]:
        np.testing.assert_allclose(got, expected.ppf(u), rtol=2e-8, atol=4e-9)


@pytest.mark.parametrize("mode", [0.0, 1.0, 4.0])
def test_a_mode_may_stand_at_either_end(mode: float) -> None:
    u = np.sort(draws(2000, "ends"))
    for family in (quantiles.triangular, quantiles.pert):
        x = family(u, 0.0, mode, 4.0)
        assert ((x >= 0.0) & (x <= 4.0)).all()
        assert (np.diff(x) >= 0.0).all()


def test_a_family_without_width_is_a_constant() -> None:
    u = draws(100, "constant")
    assert set(quantiles.uniform(u, 3.0, 3.0).tolist()) == {3.0}
    assert set(quantiles.normal(u, 3.0, 0.0).tolist()) == {3.0}
    assert set(quantiles.lognormal(u, 3.0, 0.0).tolist()) == {3.0}
    assert set(quantiles.triangular(u, 3.0, 3.0, 3.0).tolist()) == {3.0}
    assert set(quantiles.beta(u, 2.0, 3.0, 3.0, 3.0).tolist()) == {3.0}


def test_beta_agrees_with_thirty_digits_to_the_bit() -> None:
    u, a, b = draws(150, "beta"), spread(150, "alpha", 0.3, 80), spread(150, "beta b", 0.3, 80)
    assert quantiles.beta(u, a, b).tolist() == one_by_one(oracle.beta, u, a, b)
    few = u[:20]
    expected = one_by_one(lambda one: oracle.beta(one, 2.0, 5.0, -3.0, 11.0), few)
    assert quantiles.beta(few, 2.0, 5.0, -3.0, 11.0).tolist() == expected


def test_pert_agrees_with_thirty_digits_to_the_bit() -> None:
    u, mode = draws(80, "pert"), spread(80, "mode", 0.01, 0.99)
    got = quantiles.pert(u, 0.0, mode, 1.0)
    assert got.tolist() == one_by_one(lambda one, m: oracle.pert(one, 0.0, m, 1.0), u, mode)


def test_dirichlet_agrees_with_thirty_digits_to_the_bit() -> None:
    alphas = [0.05, 0.4, 1.0, 7.5, 60.0]
    u = np.stack([draws(40, f"component {i}") for i in range(len(alphas))])
    expected = [oracle.dirichlet(column, alphas) for column in u.T.tolist()]
    assert quantiles.dirichlet(u, alphas).T.tolist() == expected


def test_dirichlet_shares_sum_to_one_with_their_means() -> None:
    alphas = [1.0, 2.0, 5.0]
    u = np.stack([draws(20_000, f"share {i}") for i in range(3)])
    shares = quantiles.dirichlet(u, alphas)
    np.testing.assert_allclose(shares.sum(axis=0), 1.0, rtol=1e-15)
    np.testing.assert_allclose(shares.mean(axis=1), [1 / 8, 2 / 8, 5 / 8], atol=0.005)
    assert quantiles.dirichlet(u.reshape(3, 100, 200), alphas).shape == (3, 100, 200)


def test_the_least_concentration_never_loses_every_share() -> None:
    u = np.full((3, 2), 2.0**-33)
    assert quantiles.dirichlet(u, [MIN_CONCENTRATION] * 3).tolist() == [[1 / 3] * 2] * 3


def test_dirichlet_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="at least"):
        quantiles.dirichlet(np.full((2, 3), 0.5), [1.0, 0.01])
    with pytest.raises(ValueError, match="one row"):
        quantiles.dirichlet(np.full((2, 3), 0.5), [1.0, 1.0, 1.0])
    with pytest.raises(ValueError, match="one row"):
        quantiles.dirichlet(np.empty((0, 3)), [])


def test_discrete_agrees_with_the_oracle() -> None:
    u = draws(2000, "discrete")
    for weights in ([1.0], [0.1] * 10, [0.0, 3.0, 0.0, 1.0, 0.0], [0.3, 0.1, 0.6], [1e-12, 1.0, 1e300]):
        values = [10.0 * i for i in range(len(weights))]
        got = quantiles.discrete(u, values, weights)
        assert got.tolist() == one_by_one(lambda one, v=values, w=weights: oracle.discrete(one, v, w), u)


def test_discrete_gives_each_value_its_share_and_none_without_weight() -> None:
    u = draws(100_000, "shares")
    got = quantiles.discrete(u, [5.0, 7.0, 9.0, 11.0], [0.0, 1.0, 3.0, 0.0])
    assert set(got.tolist()) == {7.0, 9.0}
    assert abs((got == 7.0).mean() - 0.25) < 0.007
    # A u that equals a share exactly belongs to the next value.
    assert quantiles.discrete(np.array([0.25, 0.5]), [1.0, 2.0], [1.0, 1.0]).tolist() == [1.0, 2.0]


def test_discrete_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(ValueError, match="as many weights"):
        quantiles.discrete(0.5, [1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="above 0"):
        quantiles.discrete(0.5, [1.0, 2.0], [0.0, 0.0])


def rounded(x: float) -> float:
    return float(f"{x:.8e}")


@given(st.floats())
@example(0.0)
@example(-0.0)
@example(5e-324)
@example(999999999.5)
@example(0.1000000005)
@example(1000000005.0)
@example(1.0000000049999999)
def test_rounding_is_that_of_the_decimal_text(x: float) -> None:
    assert np.array([rounded(x)]).tobytes() == quantiles.round_to_nine_digits(np.array([x])).tobytes()


@given(st.integers(10**8, 10**9), st.integers(-25, 12), st.integers(-3, 3))
def test_rounding_is_right_around_every_half(digits: int, exponent: int, steps: int) -> None:
    x = float(f"{digits}.5e{exponent}")
    assume(x > 0.0)
    for _ in range(abs(steps)):
        x = float(np.nextafter(x, np.inf if steps > 0 else 0.0))
    assert float(quantiles.round_to_nine_digits(x)) == rounded(x)


def test_rounding_serves_any_size_and_shape() -> None:
    sizes = np.random.default_rng(5).uniform(-330, 308, 20_000)
    x = np.array([float(f"{m:.17f}e{int(s)}") for m, s in zip(draws(20_000, "digits"), sizes, strict=True)])
    assert quantiles.round_to_nine_digits(x).tolist() == [rounded(one) for one in x.tolist()]
    mild = draws(20_000, "mild").reshape(100, 200)
    assert quantiles.round_to_nine_digits(mild).tolist() == [
        [rounded(a) for a in row] for row in mild.tolist()
    ]


@pytest.mark.parametrize(
    "family",
    [
        lambda u: quantiles.poisson_quantile(u, 3.0),
        lambda u: quantiles.negative_binomial_quantile(u, 3.0, 0.5),
        lambda u: quantiles.uniform(u, 0.0, 1.0),
        lambda u: quantiles.normal(u, 0.0, 1.0),
        lambda u: quantiles.lognormal(u, 1.0, 1.0),
        lambda u: quantiles.triangular(u, 0.0, 1.0, 2.0),
        lambda u: quantiles.beta(u, 2.0, 3.0),
        lambda u: quantiles.pert(u, 0.0, 1.0, 2.0),
        lambda u: quantiles.discrete(u, [1.0, 2.0], [1.0, 1.0]),
        lambda u: quantiles.dirichlet(np.stack([u, u]), [1.0, 2.0])[0],
    ],
)
def test_nan_stays_nan_and_nothing_is_warned_of(family: Callable[[Floats], Floats]) -> None:
    u = draws(50, "nan")
    u[7] = NAN
    kept = u.copy()
    with np.errstate(all="raise"):
        got = family(u)
    assert np.flatnonzero(np.isnan(got)).tolist() == [7]
    assert u.tobytes() == kept.tobytes()


def test_counts_of_a_nan_mean_or_size_are_nan() -> None:
    u, broken = np.array([0.3, 0.3]), np.array([1.0, NAN])
    assert np.isnan(quantiles.poisson_quantile(u, broken)).tolist() == [False, True]
    assert np.isnan(quantiles.negative_binomial_quantile(u, broken, 1.0)).tolist() == [False, True]
    assert np.isnan(quantiles.negative_binomial_quantile(u, 1.0, broken)).tolist() == [False, True]
