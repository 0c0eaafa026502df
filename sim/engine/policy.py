"""Policies written in Python: what they take over, and what they may answer.

A policy decides for an actor in place of what the scenario says. It is asked about one decision at a time,
for all runs at once, and answers in one of two ways. It gives numbers (`Utilities` of a choice's options, the
`Rate` or `Probability` of a rule), to which the engine adds the very luck that the scenario's own policy
would have had, so that the two can be compared event by event. Or it gives the decision itself (`Chosen`,
`Fires`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from sim.engine.view import View


@dataclass(frozen=True, slots=True, eq=False)
class Utilities:
    """What each option of a choice is worth. Status-quo bias and luck times temperature are added to it, as
    to the scenario's own utilities.
    """

    values: Any
    """Numbers of shape `(options, runs)`, options in the order of `View.options`; finite wherever the option
    is available."""


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The option of a choice that each run takes."""

    options: Any
    """Option ids, or places in `View.options`, of shape `(runs,)`; "" or -1 for none, so that what stands
    goes on standing. One value alone holds for all runs. Shape `(takes, runs)` tells apart the takes of a
    choice that is taken several times a turn."""


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """How often a year a rule is to be expected to fire: the rate of a chance, the mean of a count."""

    values: Any
    """Finite numbers of shape `(runs,)`, or one for all runs; below 0 counts as 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Probability:
    """How likely a rule of the kind `probability` is to fire."""

    values: Any
    """Numbers from 0 to 1, of shape `(runs,)`, or one for all runs."""


@dataclass(frozen=True, slots=True, eq=False)
class Fires:
    """Whether a rule fires; of a count, how often."""

    times: Any
    """Truth values of shape `(runs,)`, or whole numbers for a count; or one for all runs."""


Answer = Utilities | Chosen | Rate | Probability | Fires


class Policy(ABC):
    """A policy written in Python. Derive from it, give it an `id` and what it `takes`, and write `decide`.

    What a policy answers for a run must follow from what it sees of that run alone, in whatever company: the
    runs of a batch are played in blocks of any size. It keeps nothing from one call to the next, and draws no
    luck but that of the view. `check_policies` tries whether this is so.

    A policy that can be tuned is a dataclass: its fields (numbers, texts, truth values, tuples of them) are
    its settings, which every result names. Anything else on an instance is refused.
    """

    id: str
    """Small letters, digits and `_`, from a letter on. Stands in the addresses of its own luck."""
    takes: tuple[str, ...]
    """The decisions that it takes over, as `ACTOR/decision`: rules and choices of actors. Without bindings
    all instances of one with `for`; with them (`BEAR/probe/x=HARE`) that instance."""

    @abstractmethod
    def decide(self, view: View) -> Answer:
        """Decide `view.decision` for `view.actor`.

        Called when the decision comes up in at least one run, and no order has taken it.

        Args:
            view: what the actor perceives, and the decision; to be used during the call only.

        Returns:
            For a choice `Utilities` or `Chosen`; for a rule `Fires`, or by its kind `Rate` or `Probability`.
            Runs in which the decision does not come up (`view.asked` is False) are ignored.
        """
