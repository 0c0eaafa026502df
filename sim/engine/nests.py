"""Nested logit: what the options of a nest share, drawn so that each option's score stands on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine.evaluate import Evaluator
from sim.engine.vectors import Floats

Luck = dict[int, tuple[Floats, Floats]]
"""For each draw the uniform number and its standard Gumbel quantile, each of shape `(runs,)`."""


def noises(ev: Evaluator, choice: pr.Choice, take: int, luck: Luck) -> tuple[Any, ...]:
    """The luck of each option in units of the temperature: Gumbel numbers, alike within a nest.

    Whatever the nests, each is a standard Gumbel number by itself; those of a nest of scale L are correlated
    by 1 - L * L. `docs/adjudication.md`, rule Q4.
    """
    alone = [luck[option.draws[take]][1] for option in choice.options]
    found: list[Any] = list(alone)
    for nest in choice.nests:
        scale = ev.value(nest.scale)
        shared = _shared(scale, luck[nest.angles[take]][0], luck[nest.draws[take]][1])
        for index in nest.options:
            found[index] = scale * alone[index] + shared
    return tuple(found)


def nest_draws(choice: pr.Choice, take: int) -> Sequence[int]:
    """The draws that the nests of a choice need for a take."""
    return [draw for nest in choice.nests for draw in (nest.draws[take], nest.angles[take])]


def _shared(scale: Any, v: Floats, gumbel: Floats) -> Any:
    """Cardell's distribution: added to `scale` times a standard Gumbel number it makes one again."""
    rest = 1.0 - scale
    with_rest = rest * ar.log(ar.sin_pi(rest * v))
    with_scale = scale * ar.log(ar.sin_pi(scale * v))
    shared = ((with_rest + with_scale) - ar.log(ar.sin_pi(v))) + rest * gumbel
    return np.where(scale == 1.0, 0.0, shared)
