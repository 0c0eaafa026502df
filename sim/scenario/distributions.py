"""Distributions of parameters, as the file states them: one key names the family, its value the arguments."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

from sim.scenario.expressions import is_identifier
from sim.text import PathOf, fail, nearest, quoted

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


def _numbers(values: Any, names: tuple[str, ...] | list[str], below: PathOf) -> tuple[float, ...]:
    """The values as doubles; `names` and `below` say what and where they are."""
    if isinstance(values, dict):
        pairs = [((*below, name), name, values[name]) for name in names]
    else:
        pairs = [((*below, index), names[index], value) for index, value in enumerate(values)]
    for where, name, value in pairs:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise fail(f"{name} is not a number", "a finite number", below=where)
    return tuple(float(value) for _, _, value in pairs)


def _distribution(value: Any) -> Distribution:
    if isinstance(value, Distribution):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        what = "two distributions at once" if isinstance(value, dict) and value else "this is no distribution"
        raise fail(what, f"one of {', '.join(FAMILIES)} with its arguments, such as {{normal: [0, 1]}}")
    ((family, arguments),) = value.items()
    if family == "discrete":
        return _discrete(arguments)
    if family == "dirichlet":
        return _dirichlet(arguments)
    if family not in _ARGUMENTS:
        raise fail(
            f"there is no distribution {quoted(str(family))}",
            f"one of {', '.join(FAMILIES)}",
            suggestion=nearest(str(family), FAMILIES) or "",
            below=(family,),
        )
    return _plain(family, arguments)


def _plain(family: str, arguments: Any) -> Distribution:
    forms = _ARGUMENTS[family]
    wanted = " or ".join(f"{family}: [{', '.join(form)}]" for form in forms)
    if isinstance(arguments, dict):
        form = next((form for form in forms if set(form) == set(arguments)), None)
    elif isinstance(arguments, list):
        form = next((form for form in forms if len(form) == len(arguments)), None)
    else:
        form = None
    if form is None:
        raise fail(f"these are not the arguments of {family}", wanted, below=(family,))
    numbers = _numbers(arguments, form, (family,))
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
        shown = ", ".join(f"{number:g}" for number in numbers)
        raise fail(f"{shown} cannot be the arguments of {family}", wanted[family], below=(family,))


def _discrete(arguments: Any) -> Distribution:
    wanted = "discrete: {values: [...], weights: [...]}"
    here: PathOf = ("discrete",)
    if not isinstance(arguments, dict) or set(arguments) != {"values", "weights"}:
        raise fail("these are not the arguments of discrete", wanted, below=here)
    values, weights = arguments["values"], arguments["weights"]
    if not isinstance(values, list) or not isinstance(weights, list) or not values:
        raise fail("these are not the arguments of discrete", wanted, below=here)
    if len(values) != len(weights):
        raise fail(
            f"{len(values)} values have {len(weights)} weights",
            "a weight for each value",
            below=(*here, "weights"),
        )
    numbers = _numbers(values, ["a value"] * len(values), (*here, "values"))
    chances = _numbers(weights, ["a weight"] * len(weights), (*here, "weights"))
    if any(weight < 0 for weight in chances) or not any(chances):
        raise fail(
            "the weights are no weights", "numbers of 0 or more, not all of them 0", below=(*here, "weights")
        )
    return Distribution("discrete", numbers, weights=chances)


def _dirichlet(arguments: Any) -> Distribution:
    wanted = "dirichlet: {NAME: concentration, ...}, two or more"
    here: PathOf = ("dirichlet",)
    if not isinstance(arguments, dict) or len(arguments) < 2:  # noqa: PLR2004 - shares of something
        raise fail("these are not the arguments of dirichlet", wanted, below=here)
    for name in arguments:
        if not is_identifier(name):
            raise fail(
                f"{quoted(name)} cannot be a name", "letters and digits", below=(*here, name), at_key=True
            )
    components = tuple(sorted(arguments))
    numbers = _numbers(arguments, components, here)
    for name, number in zip(components, numbers, strict=True):
        if number < MIN_CONCENTRATION:
            raise fail(
                f"the concentration {number:g} is too small",
                f"a number of at least {MIN_CONCENTRATION}",
                below=(*here, name),
            )
    return Distribution("dirichlet", numbers, components=components)


_SCHEMA = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": {"enum": list(FAMILIES)},
}

DistributionField = Annotated[Distribution, BeforeValidator(_distribution), WithJsonSchema(_SCHEMA)]
