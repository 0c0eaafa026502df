"""The luck of one run: every draw by its address."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tests.oracle.arithmetic import normal_quantile
from tests.oracle.luck import event_key, uniform

key_of = cache(event_key)


@dataclass(frozen=True, slots=True)
class Draws:
    seed: int
    stream: int
    run: int

    def u(self, turn: int, key: str) -> float:
        """The uniform number of the event with this key text."""
        return uniform(self.seed, self.stream, self.run, turn, key_of(key))

    def z(self, turn: int, key: str) -> float:
        return normal_quantile(self.u(turn, key))
