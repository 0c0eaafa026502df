"""A policy written in Python: the neighbours of `scenarios/border-clash.yaml` answer each probe as it comes.

    foedus run scenarios/border-clash.yaml --seed 7 --python docs.examples.tit_for_tat

`docs/python.md` goes through it line by line.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim import Policy, Utilities, View


@dataclass(frozen=True)
class TitForTat(Policy):
    """Waits the less, the more it was probed in the last half-year; else it thinks as the scenario does.

    Args:
        patience: probes in half a year that change nothing.
        anger: what each further one takes off the utility of waiting.
    """

    patience: float = 2.0
    anger: float = 0.05

    id = "tit_for_tat"
    takes = ("HARE/answer", "LYNX/answer")

    def decide(self, view: View) -> Utilities:
        probes = view["recent(probe, BEAR, self, '6 months')"]
        beyond = (probes - self.patience).clip(min=0.0)
        utilities = view.utilities.copy()
        utilities[view.option("wait")] -= self.anger * beyond
        return Utilities(utilities)
