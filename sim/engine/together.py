"""Choices taken in the same breath, worked out option by option in arrays of shape `(choices, runs)`.

It is the fold of `sim.engine.choose` over the options of one choice, for several choices side by side: the
same operations in the same order, so the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.nests import Luck, noises
from sim.engine.vectors import Floats, Truths, anywhere


@dataclass(frozen=True, slots=True)
class Taking:
    """One choice, taken once and without anybody else having a say."""

    choice: pr.Choice
    up: Any
    """Runs in which it is taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of some choices."""

    takings: tuple[Taking, ...]
    chosen: Floats
    """0 where nothing is chosen, else 1 + index of the option; shape `(choices, runs)`."""
    standing: Floats
    """The option that stands from now on."""
    happened: dict[tuple[str, int, int], Truths]
    """Runs in which an option was chosen, only of those that were."""


def taken(ev: Evaluator, takings: Sequence[Taking], luck: Luck) -> Taken | None:
    """Take them all.

    Returns:
        None if something cannot be computed, or is not as it must be, in a run in which it counts: whoever
        takes them one by one finds out which is to blame.
    """
    # Those with the most options first, so that the choices that have a k-th option are a stretch of them.
    order = tuple(sorted(takings, key=lambda taking: -len(taking.choice.options)))
    runs = len(ev.state.runs)
    standing = ev.state.values[[taking.choice.standing for taking in order]]
    up = _filled(np.bool_, runs, [taking.up for taking in order])
    temperature = _filled(np.float64, runs, [ev.value(taking.choice.temperature) for taking in order])
    if not _sound(ev, [taking.choice.temperature for taking in order], temperature, up) or anywhere(
        (temperature < 0.0) & up
    ):
        return None
    luck_of = [noises(ev, taking.choice, 0, luck) for taking in order]
    best = np.full(up.shape, -np.inf)
    chosen = np.zeros(up.shape)
    for index in range(len(order[0].choice.options)):
        here = [taking.choice for taking in order if index < len(taking.choice.options)]
        many = len(here)
        options = [choice.options[index] for choice in here]
        available = up[:many] & _filled(np.bool_, runs, [_gate(ev, option.gate) for option in options])
        utility = _filled(np.float64, runs, [ev.value(option.utility) for option in options])
        if any(_bad(ev, option.gate) for option in options) or not _sound(
            ev, [option.utility for option in options], utility, available
        ):
            return None
        for row, choice in enumerate(here):
            if choice.bias is not None and choice.status_quo in (-1, index):
                bias = ev.value(choice.bias)
                if not _sound(ev, [choice.bias], bias, up[row]):
                    return None
                biased = utility[row] + bias
                stands = choice.status_quo == index or standing[row] == index + 1.0
                utility[row] = np.where(stands, biased, utility[row])
        noise = _filled(np.float64, runs, [found[index] for found in luck_of[:many]])
        score = utility + temperature[:many] * noise
        better = available & (score > best[:many])
        np.copyto(best[:many], score, where=better)
        np.copyto(chosen[:many], index + 1.0, where=better)
    return Taken(order, chosen, np.where(chosen > 0.0, chosen, standing), _happened(order, chosen))


def _filled(kind: type[np.generic], runs: int, values: Sequence[Any]) -> Any:
    """Values as rows of their own, shape `(values, runs)`."""
    rows = np.empty((len(values), runs), kind)
    for place, value in enumerate(values):
        rows[place] = value
    return rows


def _gate(ev: Evaluator, node: int | None) -> Any:
    return True if node is None else ev.value(node)


def _bad(ev: Evaluator, node: int | None) -> bool:
    return node is not None and ev.failed_in(node)


def _sound(ev: Evaluator, nodes: Sequence[int], values: Any, where: Any) -> bool:
    """Whether they could be computed, and are finite where they count."""
    if ev.bad and any(ev.failed_in(node) for node in nodes):
        return False
    return not anywhere(~np.isfinite(values) & where)


def _happened(order: tuple[Taking, ...], chosen: Floats) -> dict[tuple[str, int, int], Truths]:
    happened = {}
    for index in range(len(order[0].choice.options)):
        masks = chosen == index + 1.0
        for row in map(int, np.flatnonzero(masks.any(axis=1))):
            happened[order[row].choice.name, index, 0] = masks[row]
    return happened
