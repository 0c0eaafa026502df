"""Turns are calendar time: what a date, a duration or a cadence is in turns."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.clock import (
    PERIODS_PER_YEAR,
    UNIT_DAYS,
    Clock,
    Duration,
    Step,
    add_months,
    parse_date,
    parse_duration,
    parse_step,
)

MONTHLY = Clock(date(2024, 7, 1), Step(1, "month"), 24)

STEPS = st.one_of(
    st.builds(Step, st.integers(1, 40), st.sampled_from(["day", "week"])),
    st.builds(Step, st.integers(1, 7), st.sampled_from(["month", "quarter", "year"])),
)
CLOCKS = st.builds(
    Clock,
    st.dates(date(1990, 1, 1), date(2090, 12, 28)).map(lambda day: day.replace(day=min(day.day, 28))),
    STEPS,
    st.integers(1, 40),
)


def test_turn_1_begins_at_the_start_and_each_turn_where_the_last_one_ends() -> None:
    assert MONTHLY.dates[:3] == (date(2024, 7, 1), date(2024, 8, 1), date(2024, 9, 1))
    assert MONTHLY.dates[-1] == date(2026, 7, 1)
    assert MONTHLY.dt(2) == 31 / 365.25
    assert [MONTHLY.elapsed(turn) for turn in (0, 1, 2)] == [0, 0, 31 / 365.25]
    assert MONTHLY.first_day(0) == MONTHLY.first_day(1) == date(2024, 7, 1)


@given(CLOCKS)
def test_turns_cover_the_time_without_gap_or_overlap(clock: Clock) -> None:
    day = clock.start
    while day < clock.dates[-1]:
        turn = clock.turn_of(day)
        assert turn is not None
        assert clock.dates[turn - 1] <= day < clock.dates[turn]
        day += timedelta(days=max((clock.dates[-1] - clock.start).days // 50, 1))
    assert clock.turn_of(clock.start - timedelta(days=1)) is None
    assert clock.turn_of(clock.dates[-1]) is None


@given(CLOCKS, st.integers(-400, 4000))
def test_a_date_has_passed_from_the_first_turn_that_begins_on_or_after_it(clock: Clock, days: int) -> None:
    day = clock.start + timedelta(days=days)
    passed = [turn for turn in range(clock.turns + 1) if clock.first_day(turn) >= day]
    assert clock.turn_from(day) == min(passed, default=clock.turns + 1)


@given(CLOCKS, STEPS)
def test_a_cadence_is_due_as_often_as_its_marks_lie_in_the_turn(clock: Clock, cadence: Step) -> None:
    marks: list[date] = []
    while not marks or marks[-1] < clock.dates[-1]:
        marks.append(cadence.mark(clock.start, len(marks)))
    counted = [
        sum(clock.dates[turn - 1] <= mark < clock.dates[turn] for mark in marks)
        for turn in range(1, clock.turns + 1)
    ]
    assert clock.dues(cadence) == (0, *counted)


def test_marks_do_not_slide_with_the_length_of_months() -> None:
    clock = Clock(date(2024, 1, 28), Step(1, "day"), 62)
    assert [turn for turn, due in enumerate(clock.dues(Step(1, "month"))) if due] == [1, 32, 61]


def test_a_cadence_beyond_the_calendar_is_due_once() -> None:
    assert sum(MONTHLY.dues(Step(999_999, "year"))) == 1
    assert sum(MONTHLY.dues(Step(999_999, "week"))) == 1


@pytest.mark.parametrize(
    ("text", "turns"), [("6 months", 6), ("15 days", 0), ("16 days", 1), ("1 year", 12), ("0.5 quarters", 2)]
)
def test_a_duration_in_turns_is_rounded_half_up(text: str, turns: int) -> None:
    duration = parse_duration(text)
    assert duration is not None
    assert MONTHLY.turns_in(duration) == turns


def test_units_agree_with_each_other() -> None:
    for unit, periods in PERIODS_PER_YEAR.items():
        assert periods * UNIT_DAYS[unit] == pytest.approx(365.25, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    ["", "6", "months", "6 moons", "-1 day", "1e3 days", "6months", "1234567 days", "\u0663 days", "1 day x"],
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert parse_duration(text) is None


def test_durations_and_cadences_are_read_with_or_without_a_plural() -> None:
    assert parse_duration(" 1.5  years ") == Duration(1.5, "year")
    assert parse_duration("2 week") == Duration(2.0, "week")
    assert parse_step("month") == Step(1, "month")
    assert parse_step("3 months") == Step(3, "month")
    assert [parse_step(text) for text in ("0.5 months", "0 days", "monthly")] == [None, None, None]
    assert str(Duration(1.5, "year")) == "1.5 years"
    assert str(Step(1, "week")) == "week"


@pytest.mark.parametrize("text", ["2024-02-30", "2024-2-3", "20240203", "2024-02-03 ", "\u0662024-01-01", ""])
def test_what_is_no_day_of_the_calendar_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_months_are_added_by_the_calendar() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 12, 28), 2) == date(2024, 2, 28)
    with pytest.raises(OverflowError):
        add_months(date(9999, 12, 1), 1)


def test_a_turn_is_named_as_people_name_it() -> None:
    assert MONTHLY.label(0) == "1 Jul 2024"
    assert MONTHLY.label(4) == "Oct 2024"
    assert Clock(date(2024, 7, 1), Step(1, "quarter"), 4).label(2) == "Q4 2024"
    assert Clock(date(2024, 7, 1), Step(2, "week"), 4).label(2) == "15 Jul 2024"
