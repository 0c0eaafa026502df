"""Policies written in Python that tests play with. Worker processes find them here by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.compile import Program
from sim.engine.policy import Answer, Chosen, Fires, Policy, Probability, Rate, Utilities
from sim.engine.view import View


def actors_decisions(program: Program) -> tuple[str, ...]:
    """Every rule and choice of an actor."""
    return tuple(name for name, decision in program.decisions.items() if decision.owner in program.names)


@dataclass(frozen=True)
class Same(Policy):
    """Says of everything what the scenario says."""

    takes: tuple[str, ...]

    id = "same"

    def decide(self, view: View) -> Answer:
        if view.kind == "choice":
            return Utilities(view.utilities)
        if view.kind in ("chance", "count"):
            return Rate(view.rate)
        if view.kind == "probability":
            return Probability(view.probability)
        return Fires(True)


@dataclass(frozen=True)
class Keen(Policy):
    """Thinks more of one option than the scenario does."""

    takes: tuple[str, ...] = ("SOUTH/answer",)
    option: str = "firm"
    more: float = 0.5

    id = "keen"

    def decide(self, view: View) -> Utilities:
        utilities = view.utilities.copy()
        utilities[view.option(self.option)] += self.more
        return Utilities(utilities)


@dataclass(frozen=True)
class Dice(Policy):
    """Lets luck of its own choose among the options that are available."""

    takes: tuple[str, ...]

    id = "dice"

    def decide(self, view: View) -> Answer:
        u = view.uniform("dice")
        if view.kind != "choice":
            return Fires(np.floor(3 * u).astype(int) if view.kind == "count" else u < 0.5)
        scores = [np.where(here, view.uniform(f"dice:{name}"), -1.0) for name, here in self._open(view)]
        return Chosen(np.argmax(scores, axis=0))

    def _open(self, view: View) -> Any:
        return zip(view.options, view.available, strict=True)


@dataclass(frozen=True)
class Follower(Policy):
    """Looks at what the others do, which no policy may."""

    takes: tuple[str, ...] = ("SOUTH/answer",)

    id = "follower"

    def decide(self, view: View) -> Utilities:
        utilities = view.utilities.copy()
        utilities[0] += utilities[1].mean()
        return Utilities(utilities)
