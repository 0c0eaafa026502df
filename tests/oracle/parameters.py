"""Parameters, drawn once a run at turn -1: `arithmetic.md`, section 9, clamped to their ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from sim.scenario.distributions import Distribution
from sim.scenario.document import ScenarioModel
from sim.scenario.models import Parameter
from tests.oracle import quantiles
from tests.oracle.draws import Draws
from tests.oracle.events import Event
from tests.oracle.faults import Fault
from tests.oracle.terms import clamp, finite

PLAIN: dict[str, Callable[..., float]] = {
    "uniform": quantiles.uniform,
    "normal": quantiles.normal,
    "lognormal": quantiles.lognormal,
    "triangular": quantiles.triangular,
}


def purposes(model: ScenarioModel) -> Iterator[str]:
    """The key text of every parameter's draws."""
    for name, parameter in model.parameters.items():
        if parameter.distribution is not None:
            for component in parameter.distribution.components or ("",):
                yield _key(name, parameter, component)


def draw(model: ScenarioModel, draws: Draws) -> dict[str, float]:
    """The rows of all parameters."""
    rows = {}
    for name, parameter in model.parameters.items():
        for row, value in _values(name, parameter, draws):
            rows[row] = finite(clamp(value, parameter.low, parameter.high), row)
    return rows


def _values(name: str, parameter: Parameter, draws: Draws) -> Iterator[tuple[str, float]]:
    distribution = parameter.distribution
    if distribution is None:
        assert parameter.value is not None
        yield name, float(parameter.value)
    elif distribution.components:
        # reading: components are in order of id, and a range clamps each of them.
        u = tuple(draws.u(-1, _key(name, parameter, component)) for component in distribution.components)
        shares = _dirichlet(u, distribution.numbers)
        for component, share in zip(distribution.components, shares, strict=True):
            yield f"{name}[{component}]", share
    else:
        yield name, _plain(distribution, draws.u(-1, _key(name, parameter, "")))


def _key(name: str, parameter: Parameter, component: str) -> str:
    return Event("parameters", name, parameter.luck_key or name).purpose(
        f"value:{component}" if component else "value"
    )


@cache  # the solvers of mpmath are slow, and runs of one scenario ask for the same draws again
def _dirichlet(u: tuple[float, ...], alphas: tuple[float, ...]) -> list[float]:
    return quantiles.dirichlet(u, alphas)


@cache
def _plain(distribution: Distribution, u: float) -> float:
    numbers = distribution.numbers
    if distribution.family in PLAIN:
        return PLAIN[distribution.family](u, *numbers)
    if distribution.family == "discrete":
        return quantiles.discrete(u, numbers, distribution.weights)
    if distribution.family == "beta":
        return quantiles.beta(u, *numbers)
    if distribution.family == "pert":
        return quantiles.pert(u, *numbers)
    raise Fault(f"there is no distribution {distribution.family}")
