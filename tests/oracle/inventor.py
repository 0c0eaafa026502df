"""What the makers of random scenarios share: chance, names, and the dates of the clock.

Each section of a scenario has its own random numbers, so that leaving a construct out changes others little:
what fails can be cut down to the constructs that it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final, TypeVar

from sim.scenario.clock import Clock, Step, parse_duration, parse_step
from tests.oracle.dates import Calendar
from tests.oracle.phrases import Phrases, Place, Words

Part = dict[str, Any]
Item = TypeVar("Item")

CONSTRUCTS: Final = (
    *("parameters", "slow_parameters", "world", "special", "relations", "tags", "definitions", "actions"),
    *("rules", "counts", "choices", "for", "once", "perceives", "dynamics", "injects", "world_rules"),
    *("indicators", "outcomes", "past", "sets", "luck_keys", "two_policies", "daring"),
    *("nests", "losses", "attention", "doctrines"),
    *("hostility", "escalation", "crises", "commitments", "rungs", "capacity"),
    *("beliefs", "threats", "credibility", "replies", "bodies", "sanctions", "flows", "groups"),
)
PERIODS: Final = ("day", "week", "month", "quarter", "year")
RATES: Final = {"day": 0.02, "week": 0.1, "month": 0.4, "quarter": 1.2, "year": 5.0}
"""A lively rate per period."""
CADENCES: Final = ("day", "10 days", "week", "2 weeks", "6 weeks", "month", "2 months", "quarter", "year")
TURNS: Final = ("day", "3 days", "10 days", "week", "2 weeks", "month", "2 months", "quarter", "year")
STARTS: Final = (date(2024, 2, 28), date(2024, 2, 29), date(2023, 12, 31), date(2024, 1, 30))
"""Dates at which calendars go wrong."""


class Inventor:
    def __init__(self, seed: int, size: int, constructs: frozenset[str]) -> None:
        self.seed = seed
        self.size = size
        self.constructs = constructs
        self.random = Random(f"{seed}/start")
        self.words = Words(["AAA", "BBB", "CCC", "D_2"][: self.random.randint(2, 4)])
        self.phrases = Phrases(self.random, self.words)
        self._names = 0
        self._priority = 0
        self.clock = self._clock()
        start, step = date.fromisoformat(self.clock["start"]), read_step(self.clock["turn"])
        self.calendar = Calendar(Clock(start, step, self.clock["turns"]))
        last = self.calendar.dates[-1]
        days = [day + timedelta(days=extra) for day in self.calendar.dates for extra in (0, 1, 5)]
        self.days = [day.isoformat() for day in days if start < day < last]
        """Dates after the start and before the end; there may be none."""
        self.words.days = self.days or [self.clock["start"]]
        self.words.durations = ["1 day", "2 weeks", "1 month", "45 days", "1.5 quarters", "1 year"]
        if step.nominal_days < 10:  # else a year would be a great many rows
            self.words.durations = ["1 day", "1.5 weeks", "1 month", "8 days"]

    def _clock(self) -> Part:
        turn = self.pick(TURNS)
        start = date(2023, 1, 1) + timedelta(days=self.random.randrange(900))
        start = self.pick(STARTS) if self.chance(0.2) else start
        if "day" not in turn and "week" not in turn:
            start = start.replace(day=min(start.day, 28))
        return {"start": start.isoformat(), "turn": turn, "turns": self.random.randint(1, 4 + 2 * self.size)}

    # --- chance ---------------------------------------------------------------------------------------------

    def section(self, name: str, of: str = "") -> bool:
        """Turn to a section, with random numbers of its own; whether it is wanted."""
        self.random = Random(f"{self.seed}/{name}/{of}")
        daring = self.has("daring") and self.chance(0.3)
        self.phrases.random, self.phrases.past, self.phrases.daring = self.random, self.has("past"), daring
        self.words.matters.replying = self.has("replies") and name not in ("choices", "definitions")
        self.phrases.in_regime = name in ("sanctions", "definitions")
        return self.has(name)

    def has(self, construct: str) -> bool:
        return construct in self.constructs

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, items: Sequence[Item]) -> Item:
        return self.random.choice(items)

    def some(self, low: int = 1) -> range:
        """How many there are of something."""
        return range(self.random.randint(low, low + self.size))

    # --- names and small parts ------------------------------------------------------------------------------

    def fresh(self, prefix: str) -> str:
        """An id that nothing else has."""
        self._names += 1
        return f"{prefix}_{self._names}"

    def priority(self) -> int:
        """A priority that no other effect has."""
        self._priority += 1
        return self._priority * self.pick([1, -1])

    def luck_key(self) -> Part:
        return {"luck_key": self.fresh("old")} if self.has("luck_keys") and self.chance(0.2) else {}

    def rate(self, place: Place) -> Part:
        per = self.pick(PERIODS)
        plain = RATES[per]
        return {"per": per, "rate": self.pick([plain, f"{plain} * ({self.phrases.number(place)})"])}

    def half_life(self, place: Place) -> str:
        return self.pick(["2 weeks", "3 months", "1.5 years", self.phrases.tame(place, 0.05, 2)])

    def turn_lengths(self) -> list[tuple[float, str]]:
        """One turn and a bit, and two and a half."""
        days = read_step(self.clock["turn"]).nominal_days
        return [(float(f"{days * turns:g}"), "days") for turns in (1.2, 2.6)]

    def turns_of(self, text: str) -> int:
        duration = parse_duration(text)
        assert duration is not None
        return self.calendar.in_turns(duration)

    def cadences(self, most: int) -> list[str]:
        """Those that come up at most so often in every turn."""
        turns = range(1, self.calendar.turns + 1)
        return [
            text
            for text in CADENCES
            if max(self.calendar.due(read_step(text), turn) for turn in turns) <= most
        ]


def read_step(text: str) -> Step:
    step = parse_step(text)
    assert step is not None
    return step
