"""Distributions of parameters, as the file states them: one key names the family, its value the arguments."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from sim.scenario.expressions import is_identifier
from sim.scenario.fields import fail

_ARGUMENTS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "uniform": (("low", "high"),),
    "normal": (("mean", "sd"),),
    "lognormal": (("median", "sigma"),),
    "triangular": (("low", "mode", "high"),),
    "pert": (("low", "mode", "high"),),
    "beta": (("alpha", "beta"), ("alpha", "beta", "low", "high")),
}
MIN_CONCENTRATION: Final = 0.05
"""Least concentration of a Dirichlet: below it every share can underflow to 0."""
FAMILIES: Final = (*_ARGUMENTS, "discrete", "dirichlet")


@dataclass(frozen=True, slots=True)
class Distribution:
    """A family with its arguments.

    `numbers` holds the arguments in the family's order (for `beta` always four); for `discrete` the values,
    for `dirichlet` the concentrations. `weights` is for `discrete` only, `components` (in order of id) for
    `dirichlet` only.
    """

    family: str
    numbers: tuple[float, ...]
    weights: tuple[float, ...] = ()
    components: tuple[str, ...] = ()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _distribution(value: Any) -> Distribution:
    if isinstance(value, Distribution):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        raise fail("this is not a distribution", f"one of {', '.join(FAMILIES)} with its arguments")
    ((family, arguments),) = value.items()
    if family == "discrete":
        return _discrete(arguments)
    if family == "dirichlet":
        return _dirichlet(arguments)
    if family not in _ARGUMENTS:
        raise fail(f"there is no distribution '{family}'", f"one of {', '.join(FAMILIES)}")
    return _plain(family, arguments)


def _plain(family: str, arguments: Any) -> Distribution:
    forms = _ARGUMENTS[family]
    wanted = f"{family}: [{', '.join(forms[-1])}]"
    if isinstance(arguments, dict):
        form = next((form for form in forms if set(form) == set(arguments)), None)
        if form is None:
            raise fail(f"wrong arguments for {family}", wanted)
        arguments = [arguments[name] for name in form]
    if not isinstance(arguments, list) or len(arguments) not in {len(form) for form in forms}:
        raise fail(f"wrong number of arguments for {family}", wanted)
    if not all(_is_number(number) for number in arguments):
        raise fail(f"the arguments of {family} are numbers", wanted)
    numbers = tuple(float(number) for number in arguments)
    if family == "beta" and len(numbers) == 2:  # noqa: PLR2004 - alpha and beta alone
        numbers += (0.0, 1.0)
    _check(family, numbers)
    return Distribution(family, numbers)


def _check(family: str, numbers: tuple[float, ...]) -> None:
    ordered = {
        "uniform": lambda n: n[0] <= n[1],
        "normal": lambda n: n[1] >= 0,
        "lognormal": lambda n: n[0] > 0 and n[1] >= 0,
        "triangular": lambda n: n[0] <= n[1] <= n[2] and n[0] < n[2],
        "pert": lambda n: n[0] <= n[1] <= n[2] and n[0] < n[2],
        "beta": lambda n: n[0] > 0 and n[1] > 0 and n[2] <= n[3],
    }
    wanted = {
        "uniform": "low <= high",
        "normal": "sd >= 0",
        "lognormal": "median > 0 and sigma >= 0",
        "triangular": "low <= mode <= high and low < high",
        "pert": "low <= mode <= high and low < high",
        "beta": "alpha > 0, beta > 0 and low <= high",
    }
    if not ordered[family](numbers):
        raise fail(f"the arguments of {family} do not fit", wanted[family])


def _discrete(arguments: Any) -> Distribution:
    wanted = "discrete: {values: [...], weights: [...]}"
    if not isinstance(arguments, dict) or set(arguments) != {"values", "weights"}:
        raise fail("wrong arguments for discrete", wanted)
    values, weights = arguments["values"], arguments["weights"]
    if (
        not isinstance(values, list)
        or not isinstance(weights, list)
        or len(values) != len(weights)
        or not values
    ):
        raise fail("discrete takes two lists of one length", wanted)
    if not all(_is_number(number) for number in (*values, *weights)):
        raise fail("values and weights are numbers", wanted)
    if any(weight < 0 for weight in weights) or not any(weight > 0 for weight in weights):
        raise fail("the weights do not fit", "weights of 0 or more, at least one above 0")
    return Distribution("discrete", tuple(map(float, values)), weights=tuple(map(float, weights)))


def _dirichlet(arguments: Any) -> Distribution:
    wanted = "dirichlet: {NAME: concentration, ...}, two or more"
    if not isinstance(arguments, dict) or len(arguments) < 2:  # noqa: PLR2004 - shares of something
        raise fail("wrong arguments for dirichlet", wanted)
    if not all(isinstance(name, str) and is_identifier(name) for name in arguments):
        raise fail("the components of a dirichlet are names", wanted)
    if not all(_is_number(number) and number >= MIN_CONCENTRATION for number in arguments.values()):
        raise fail(f"concentrations are numbers of at least {MIN_CONCENTRATION}", wanted)
    components = tuple(sorted(arguments))
    return Distribution(
        "dirichlet", tuple(float(arguments[name]) for name in components), components=components
    )


_SCHEMA = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": {"enum": list(FAMILIES)},
}

DistributionField = Annotated[Distribution, BeforeValidator(_distribution), WithJsonSchema(_SCHEMA)]
