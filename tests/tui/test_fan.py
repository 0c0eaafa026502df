"""What stands under a fan chart stands under its cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.fan import axis


@given(st.integers(1, 400), st.integers(20, 200), st.data())
def test_the_turn_that_a_fan_starts_from_is_named_under_its_cell(
    turns: int, width: int, data: st.DataObject
) -> None:
    here = data.draw(st.integers(0, turns))
    line, name = axis(here, turns, width), f"turn {here}"
    left = line.index(name)
    cell = round(here / turns * (width - 1))
    assert len(line) == width
    assert left <= cell < left + len(name)
    assert set(line.replace(name, "", 1).split()) <= {"0", str(turns)}


def test_first_and_last_turn_are_named_where_they_have_room() -> None:
    assert axis(6, 24, 41) == "0      turn 6                          24"
    assert axis(0, 24, 20) == "turn 0            24"
    assert axis(24, 24, 20) == "0            turn 24"
