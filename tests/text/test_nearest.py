"""A wrong name is answered with the nearest right one, or with none, and never at length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.text import nearest

KEYS = [
    "chance",
    "every",
    "temperature",
    "status_quo",
    "informed",
    "measured",
    "assumed",
    "options",
    "do",
    "when",
]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("chanse", "chance"),
        ("chnace", "chance"),
        ("Chance", "chance"),
        ("CHANCE", "chance"),
        ("status-quo", "status_quo"),
        ("statusquo", "status_quo"),
        ("temprature", "temperature"),
        ("option", "options"),
        ("measurd", "measured"),
        ("wen", "when"),
    ],
)
def test_a_slip_of_the_pen_finds_the_name(wrong: str, right: str) -> None:
    assert nearest(wrong, KEYS) == right


@pytest.mark.parametrize("wrong", ["colour", "x", "", "zz", "consequently"])
def test_an_unlike_name_finds_nothing(wrong: str) -> None:
    assert nearest(wrong, KEYS) is None


def test_nothing_is_near_where_there_is_nothing() -> None:
    assert nearest("chance", []) is None


@given(
    st.lists(st.text("abc_-", min_size=1, max_size=8), max_size=60),
    st.text("abc_-", max_size=8),
    st.randoms(),
)
def test_the_answer_is_a_candidate_whatever_their_order(names: list[str], wrong: str, random: object) -> None:
    answer = nearest(wrong, names)
    assert answer is None or answer in names
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert nearest(wrong, shuffled) == answer


@given(st.lists(st.text("abcdef", min_size=3, max_size=8), min_size=1, max_size=100))
def test_a_right_name_is_its_own_nearest(names: list[str]) -> None:
    assert nearest(names[0], names) == names[0]


@given(
    st.lists(st.text("abcd", min_size=1, max_size=7), max_size=12), st.text("abcd", min_size=1, max_size=7)
)
def test_no_candidate_is_passed_over(names: list[str], wrong: str) -> None:
    edits, first = min(((edited(wrong, name), name) for name in names), default=(99, ""))
    longer = max(len(wrong), len(first))
    near = edits <= max(1, longer // 3) and 2 * edits < longer
    eligible = [name for name in names if abs(len(name) - len(wrong)) <= max(1, len(wrong) // 3) + 1]
    if first in eligible:
        assert nearest(wrong, names) == (first if near else None)


def edited(left: str, right: str) -> int:
    """Fewest edits, and swaps of neighbours, straight from their definition."""
    if not left or not right:
        return len(left) + len(right)
    found = min(
        edited(left[1:], right) + 1,
        edited(left, right[1:]) + 1,
        edited(left[1:], right[1:]) + (left[0] != right[0]),
    )
    if left[0] != right[0] and left[:2] == right[1::-1]:
        found = min(found, edited(left[2:], right[2:]) + 1)
    return found


def test_long_names_and_many_candidates_cost_little() -> None:
    started = time.process_time()
    assert nearest("x" * 100_000, ["x" * 99_999, "y"]) is None
    assert nearest("name_50000", (f"name_{number}" for number in range(100_000))) == "name_50000"
    assert nearest("short", ["z" * 100_000] * 1_000) is None
    assert time.process_time() - started < 5
