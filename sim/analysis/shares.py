"""How likely each option of a choice was: the closed form of what the engine draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.compile import program as pr
from sim.engine.trace import ChoiceTrace


@dataclass(frozen=True, slots=True)
class Shares:
    """Probabilities of a choice that is taken up."""

    options: Mapping[int, float]
    """By index, of those that are available."""
    nests: tuple[float, ...]
    """Of each nest, in the order of the choice's nests."""


def shares(
    values: Mapping[int, float], temperature: float, nests: Sequence[tuple[Sequence[int], float]] = ()
) -> Shares:
    """Probabilities by the nested logit of McFadden (1978); without nests, by the multinomial logit.

    Args:
        values: utility with all that belongs to it, but luck, of each available option by index.
        temperature: at 0 all goes to the best, of equal ones the first.
        nests: indices of the options and scale, above 0 and at most 1, of each nest. Others are alone.
    """
    if not values:
        return Shares({}, (0.0,) * len(nests))
    best = max(values.values())
    if temperature == 0.0:
        first = next(index for index, value in sorted(values.items()) if value == best)
        found = {index: float(index == first) for index in values}
    else:
        found = _nested({index: (value - best) / temperature for index, value in values.items()}, nests)
    return Shares(found, tuple(sum(found.get(index, 0.0) for index in options) for options, _ in nests))


def _nested(scores: Mapping[int, float], nests: Sequence[tuple[Sequence[int], float]]) -> dict[int, float]:
    """Weights as the closed form has them, in units of the temperature, then shares of their sum."""
    held = {index for options, _ in nests for index in options}
    groups = [*nests, *(((index,), 1.0) for index in scores if index not in held)]
    weights: dict[int, float] = {}
    for options, scale in groups:
        inside = {index: scores[index] / scale for index in options if index in scores}
        if inside:
            top = max(inside.values())
            raised = {index: float(np.exp(score - top)) for index, score in inside.items()}
            total = sum(raised.values())
            whole = float(np.exp(scale * (top + np.log(total))))
            weights |= {index: whole * weight / total for index, weight in raised.items()}
    everything = sum(weights.values())
    return {index: weights[index] / everything for index in scores}


def shares_of(traced: ChoiceTrace, column: int = 0) -> Shares:
    """The shares of a choice as it was decided in one run of an ensemble."""
    values = {
        index: _at(traced.utilities[index], column)
        for index, available in enumerate(traced.available)
        if _at(available, column)
    }
    nests = [
        (nest.options, _at(scale, column))
        for nest, scale in zip(traced.choice.nests, traced.scales, strict=True)
    ]
    return shares(values, _at(traced.temperature, column), nests)


def nest_of(choice: pr.Choice, option: int) -> int | None:
    """Index of the nest that an option is in."""
    return next((index for index, nest in enumerate(choice.nests) if option in nest.options), None)


def _at(values: Any, column: int) -> float:
    """A run's entry of a vector, or the value that all runs share."""
    flat = np.asarray(values).reshape(-1)
    return float(flat[column if len(flat) > 1 else 0])
