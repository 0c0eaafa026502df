"""What the modules on promises and disputes share: nodes, rows, rules, and the pacts of the scenario."""

from __future__ import annotations

from dataclasses import dataclass

from sim.compile.construct import Made, Maker
from sim.compile.pacts import Pacts
from sim.compile.scope import LoweringError
from sim.scenario.clock import Duration
from sim.scenario.load import PathOf


@dataclass(frozen=True)
class Ground(Maker):
    """Shared by what is compiled together."""

    made: Made
    without: frozenset[str]
    pacts: Pacts

    def on(self, rule: str) -> bool:
        """Whether a rule of adjudication holds."""
        return rule not in self.without

    def always(self) -> tuple[int, ...]:
        """Due once in every turn."""
        return (0, *(1 for _ in range(self.lowering.scenario.clock.turns)))

    def turns(self, duration: Duration, path: PathOf) -> int:
        """A duration in turns, at least 1."""
        clock = self.lowering.scenario.clock
        turns = max(clock.turns_in(duration), 1)
        if turns > clock.turns + 1_000:
            self.lowering.builder.problems.fault(
                LoweringError(path, 0, f"this lasts {turns:,} turns", "a duration nearer to that of the play")
            )
        return turns
