"""What another would probably choose (K16)."""

from __future__ import annotations

from functools import reduce
from operator import add

from sim.scenario.clock import Duration
from sim.scenario.models import Choice, Every
from tests.oracle.arithmetic import exp, log
from tests.oracle.choices import ChoiceHere
from tests.oracle.faults import Undefined
from tests.oracle.terms import Moment
from tests.oracle.worth import NestHere, prospects

ANY_LENGTH = Duration(1.0, "year")


def weighed(choice: Choice) -> Choice:
    """As much of a choice as its reply reads: neither its pace nor what its options do."""
    references = {
        name: part.model_copy(update={"half_life": ANY_LENGTH}) for name, part in choice.reference.items()
    }
    options = {
        name: option.model_copy(update={"do": (), "effects": ()}) for name, option in choice.options.items()
    }
    every = Every.model_construct(step=None, per=None, rate=None)
    changes = {"when": None, "every": every, "crisis": None, "reference": references, "options": options}
    return choice.model_copy(update=changes)


def replied(choice: ChoiceHere, option: str, moment: Moment) -> float:
    """The probability that the option would be taken."""
    values = _values(choice, moment)
    if option not in values:
        return 0.0
    heat = choice.temperature(moment)
    best = reduce(max, values.values())
    weights = {name: float(value == best) for name, value in values.items()}
    if heat > 0:
        weights = {name: exp((value - best) / heat) for name, value in values.items()}
        for nest in choice.nests:
            weights |= _nested(nest, values, best, heat, moment)
    total = reduce(add, weights.values())
    if total == 0:
        raise Undefined("a division by zero")
    return weights[option] / total


def _values(choice: ChoiceHere, moment: Moment) -> dict[str, float]:
    """Of the options that are open, in order of id."""
    function, felt = choice.value_function, None
    if choice.references and function is not None:  # judged only where the choice is taken
        felt = function.aversion(moment), function.gains(moment), function.losses(moment)
    status_quo = choice.choice.status_quo
    values = {}
    for option in choice.options:
        if not option.when(moment):
            continue
        value = option.utility(moment)
        if felt is not None:
            value = reduce(add, prospects(choice.references, option.expected, felt, moment), value)
        stands = status_quo is not None and status_quo.option == "standing"
        standing = stands and moment.now[choice.event.row("standing")] == option.number
        if choice.bias is not None and status_quo and (standing or status_quo.option == option.id):
            value = value + choice.bias(moment)
        values[option.id] = value
    return values


def _nested(
    nest: NestHere, values: dict[str, float], best: float, heat: float, moment: Moment
) -> dict[str, float]:
    here = {name: value for name, value in values.items() if name in nest.options}
    if not here:
        return {}
    scale = nest.scale(moment)
    top = reduce(max, here.values())
    shares = {name: exp((value - top) / (heat * scale)) for name, value in here.items()}
    total = reduce(add, shares.values())
    return {
        name: (exp(((top - best) / heat) + (scale * log(total))) * share) / total
        for name, share in shares.items()
    }
