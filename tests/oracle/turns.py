"""A turn of one run: what decisions and movements are made with."""

from __future__ import annotations

from dataclasses import dataclass

from tests.oracle.arithmetic import exp
from tests.oracle.dates import PERIODS, Calendar
from tests.oracle.draws import Draws
from tests.oracle.events import Event
from tests.oracle.terms import Moment, Number, finite


@dataclass(frozen=True, slots=True)
class Turn:
    """What a decision is made with."""

    moment: Moment
    draws: Draws
    calendar: Calendar
    rounds: int = 1
    """Crisis rounds in the turn, for a decision that is taken in them; 1 for any other."""
    round: int = 1

    @property
    def number(self) -> int:
        return self.moment.turn

    @property
    def dt(self) -> float:
        return self.calendar.dt(self.moment.turn) / self.rounds

    @property
    def crisis(self) -> bool:
        return self.rounds > 1

    def u(self, event: Event, purpose: str) -> float:
        again = f"@{self.round}" if self.round > 1 else ""
        return self.draws.u(self.number, event.purpose(purpose) + again)

    def chance(self, rate: Number, per: str, attention: float | None = None) -> float:
        """Probability that something with this rate happens in the turn."""
        yearly = finite(rate(self.moment), "rate") * PERIODS[per]
        if attention is not None:  # rule Q14
            yearly = yearly * attention
        return 1 - exp(-(not_below_zero(yearly) * self.dt))


def not_below_zero(value: float) -> float:
    return 0.0 if value < 0 else value
