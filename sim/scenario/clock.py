"""Calendar time: durations, cadences and the clock that turns a scenario's turns into dates."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from math import floor
from typing import Final, Literal

DAYS_PER_YEAR: Final = 365.25

Period = Literal["day", "week", "month", "quarter", "year"]
UNIT_DAYS: Final[dict[str, float]] = {
    "day": 1.0,
    "week": 7.0,
    "month": 30.4375,
    "quarter": 91.3125,
    "year": 365.25,
}
PERIODS_PER_YEAR: Final[dict[str, float]] = {
    "day": 365.25,
    "week": 365.25 / 7,
    "month": 12.0,
    "quarter": 4.0,
    "year": 1.0,
}
_UNIT_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
_DURATION: Final = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s+(day|week|month|quarter|year)s?\s*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time such as `6 months`."""

    number: float
    unit: Period

    @property
    def days(self) -> float:
        return self.number * UNIT_DAYS[self.unit]

    @property
    def years(self) -> float:
        return self.days / DAYS_PER_YEAR

    def __str__(self) -> str:
        return f"{self.number:g} {self.unit}{'' if self.number == 1 else 's'}"


def parse_duration(text: str) -> Duration | None:
    """The duration that the text states, or None if it states none."""
    match = _DURATION.match(text)
    if match is None:
        return None
    return Duration(float(match[1]), match[2])  # type: ignore[arg-type]


def parse_date(text: str) -> date | None:
    """An ISO date, `2024-07-01`, or None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day of the month, later; the last day of the month where there is no such day.

    Raises:
        OverflowError: past the year 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if year > 9999:  # noqa: PLR2004 - the calendar's own limit
        raise OverflowError("date past the year 9999")
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@dataclass(frozen=True, slots=True)
class Step:
    """A whole number of days or of calendar months: a turn's length or a cadence."""

    number: int
    unit: Period

    @property
    def nominal_days(self) -> float:
        return self.number * UNIT_DAYS[self.unit]

    def mark(self, start: date, index: int) -> date:
        """The date `index` steps after the start."""
        months = _UNIT_MONTHS.get(self.unit)
        if months is not None:
            return add_months(start, months * self.number * index)
        return start + timedelta(days=int(UNIT_DAYS[self.unit]) * self.number * index)

    def __str__(self) -> str:
        return self.unit if self.number == 1 else f"{self.number} {self.unit}s"


def parse_step(text: str) -> Step | None:
    """`month`, `quarter`, `2 weeks`: None if it is neither a unit nor a whole number of units."""
    if text in UNIT_DAYS:
        return Step(1, text)  # type: ignore[arg-type]
    duration = parse_duration(text)
    if duration is None or duration.number != int(duration.number) or duration.number < 1:
        return None
    return Step(int(duration.number), duration.unit)


@dataclass(frozen=True)
class Clock:
    """Turn 0 is the state before play; turn T covers the days from `dates[T-1]` up to, not including,
    `dates[T]`.
    """

    start: date
    turn: Step
    turns: int

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """`turns + 1` dates: the start, then the day after each turn's last."""
        return tuple(self.turn.mark(self.start, index) for index in range(self.turns + 1))

    def dt(self, turn: int) -> float:
        """Length of a turn in years."""
        return (self.dates[turn] - self.dates[turn - 1]).days / DAYS_PER_YEAR

    def elapsed(self, turn: int) -> float:
        """Years from the start to the first day of the turn; 0 at turn 0."""
        return (self.first_day(turn) - self.start).days / DAYS_PER_YEAR

    def first_day(self, turn: int) -> date:
        """The turn's first day; the start for turn 0."""
        return self.dates[max(turn - 1, 0)]

    def turn_of(self, day: date) -> int | None:
        """The turn that covers a day, or None if none does."""
        if not self.dates[0] <= day < self.dates[-1]:
            return None
        return bisect_right(self.dates, day)

    def turn_from(self, day: date) -> int:
        """The first turn, from 0 on, whose first day is on or after a day; `turns + 1` if there is none."""
        if day <= self.start:
            return 0
        return min(bisect_left(self.dates, day), self.turns) + 1

    def turns_in(self, duration: Duration) -> int:
        """A duration rounded to turns, half up."""
        return floor(duration.days / self.turn.nominal_days + 0.5)

    def dues(self, cadence: Step) -> tuple[int, ...]:
        """How many marks of the cadence (the start, one cadence later, ...) lie in each turn, 0 in turn 0."""
        if cadence.unit in _UNIT_MONTHS:
            before = self._months_before(cadence)
        else:
            days = cadence.number * int(UNIT_DAYS[cadence.unit])
            before = [-(-(day - self.start).days // days) for day in self.dates]
        return (0, *(last - first for first, last in pairwise(before)))

    def _months_before(self, cadence: Step) -> list[int]:
        """How many marks lie before each date."""
        found, index, mark = [], 0, self.start
        for day in self.dates:
            while mark < day:
                index += 1
                try:
                    mark = cadence.mark(self.start, index)
                except OverflowError:
                    mark = date.max  # beyond the calendar, and so beyond the clock
            found.append(index)
        return found

    def label(self, turn: int) -> str:
        """How a person names the turn: `Oct 2024`, `Q4 2024`, `7 Oct 2024`; the start date for turn 0."""
        day = self.first_day(turn)
        if turn == 0:
            return f"{day.day} {day:%b %Y}"
        if self.turn.unit == "month" and self.turn.number == 1 and day.day == 1:
            return f"{day:%b %Y}"
        if self.turn.unit == "quarter" and self.turn.number == 1 and day.day == 1 and day.month % 3 == 1:
            return f"Q{(day.month + 2) // 3} {day.year}"
        return f"{day.day} {day:%b %Y}"
