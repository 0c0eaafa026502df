"""Section 2 of the semantics: turns, durations and cadences, worked out from the dates alone.

Reads what the clock states (start, length of a turn, number of turns) and nothing of how the program counts.
"""

from __future__ import annotations

import math
from calendar import monthrange
from datetime import date, timedelta
from functools import cache

from sim.scenario.clock import Clock, Duration, Step

UNIT_DAYS = {"day": 1.0, "week": 7.0, "month": 30.4375, "quarter": 91.3125, "year": 365.25}
PERIODS = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def mark(start: date, step: Step, index: int) -> date:
    """The start plus `index` steps: by the calendar for months and longer, by days otherwise."""
    if step.unit not in MONTHS:
        return start + timedelta(days=index * step.number * int(UNIT_DAYS[step.unit]))
    years, month = divmod(start.month - 1 + index * step.number * MONTHS[step.unit], 12)
    year = start.year + years
    # reading: a cadence of months that starts on the 31st falls on the last day of a shorter month.
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


class Calendar:
    """The dates of a scenario's turns."""

    def __init__(self, clock: Clock) -> None:
        self.start = clock.start
        self.turns = clock.turns
        self.step = clock.turn
        self.dates = [mark(clock.start, clock.turn, turn) for turn in range(clock.turns + 1)]
        self.due = cache(self._due)

    def dt(self, turn: int) -> float:
        return (self.dates[turn] - self.dates[turn - 1]).days / 365.25

    def first_day(self, turn: int) -> date:
        return self.dates[turn - 1] if turn else self.start

    def elapsed(self, turn: int) -> float:
        return (self.first_day(turn) - self.start).days / 365.25

    def covers(self, turn: int, day: date) -> bool:
        return self.dates[turn - 1] <= day < self.dates[turn]

    def in_turns(self, duration: Duration) -> int:
        """The duration rounded to turns, half up."""
        nominal = self.step.number * UNIT_DAYS[self.step.unit]
        return math.floor(duration.number * UNIT_DAYS[duration.unit] / nominal + 0.5)

    def _due(self, cadence: Step, turn: int) -> int:
        """How many marks of the cadence lie in the turn."""
        count = index = 0
        while (day := mark(self.start, cadence, index)) < self.dates[turn]:
            count += day >= self.dates[turn - 1]
            index += 1
        return count


def years(duration: Duration) -> float:
    return (duration.number * UNIT_DAYS[duration.unit]) / 365.25
