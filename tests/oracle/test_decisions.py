"""The oracle in small worlds: rules and choices, by hand and against closed forms over many runs."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.oracle import arithmetic, luck
from tests.oracle.faults import OracleError
from tests.oracle.interpreter import play
from tests.oracle.small import Part, board, near, share, values

# Chances, counts and campaigns


def test_a_chance_is_a_rate_over_the_days_of_the_turn() -> None:
    ready = board(policy={"rules": {"strike": {"chance": {"per": "year", "rate": 3}}}})
    dt = 29 / 365.25  # February 2024
    assert near(share(ready, "fired[AAA/strike]", 2), 1 - math.exp(-3 * dt))


def test_the_draw_is_the_word_at_the_address_of_the_rule() -> None:
    ready = board(policy={"rules": {"strike": {"chance": {"per": "year", "rate": 3}, "luck_key": "old"}}})
    key = luck.event_key("AAA/old//fires")
    for run in range(40):
        u = luck.uniform(5, 2, run, 1, key)
        fired = play(ready, seed=5, stream=2, run=run, turns=1)[1]["fired[AAA/strike]"]
        assert fired == (u < 1 - arithmetic.exp(-(3 * 1.0 * (31 / 365.25))))


def test_counts_have_their_mean_and_the_variance_of_the_negative_binomial() -> None:
    count = {"per": "year", "mean": 24, "size": 12}
    ready = board(clock={"turn": "year", "turns": 1}, policy={"rules": {"fire": {"count": count}}})
    counts = [play(ready, seed=5, run=run)[1]["fired[AAA/fire]"] for run in range(2000)]
    mean = sum(counts) / 2000
    dt = 366 / 365.25
    wanted = 24 * dt + (24 * dt) ** 2 / (12 * dt)
    assert mean == pytest.approx(24 * dt, abs=4 * math.sqrt(wanted / 2000))
    assert sum((count - mean) ** 2 for count in counts) / 2000 == pytest.approx(wanted, rel=0.15)


def test_a_campaign_is_on_for_its_share_of_the_time() -> None:
    rule = {"count": {"per": "day", "mean": 5}, "campaign": {"per": "month", "starts": 1, "ends": 3}}
    ready = board(policy={"rules": {"fire": rule}})
    assert near(share(ready, "campaign[AAA/fire]", 12), 1 / 4)
    off = [state for state in play(ready, seed=5, run=0) if state["campaign[AAA/fire]"] == 0]
    assert off
    assert all(state["fired[AAA/fire]"] == 0 for state in off)


def test_a_once_rule_fires_once_and_a_cadence_when_it_is_due() -> None:
    rules = {"sign": {"once": True, "when": "elapsed > 0.2"}, "meet": {"every": "quarter"}}
    states = play(board(policy={"rules": rules}), seed=1, run=0)
    assert values(states, "fired[AAA/sign]") == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert values(states, "ever[AAA/sign]") == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert values(states, "fired[AAA/meet]") == [0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]


def test_a_count_with_too_great_a_mean_is_an_error_that_says_where() -> None:
    ready = board(policy={"rules": {"fire": {"count": {"per": "day", "mean": 17}}}})
    with pytest.raises(OracleError, match=r"run 3, turn 1: AAA/fire: the mean of a count is 527") as caught:
        play(ready, seed=1, run=3)
    assert (caught.value.run, caught.value.turn) == (3, 1)


# Choices


def choice(**parts: Any) -> Part:
    options = {"act": {"utility": 0.3}, "wait": {"utility": 0}}
    return {"every": "month", "temperature": 0.5, "options": options} | parts


def test_options_are_chosen_in_the_shares_of_a_softmax() -> None:
    ready = board(policy={"choices": {"course": choice()}})
    chosen = [play(ready, seed=5, run=run, turns=1)[1]["chosen[AAA/course]"] for run in range(2000)]
    assert near(chosen.count(1) / 2000, math.exp(0.6) / (math.exp(0.6) + 1))
    assert set(chosen) == {1.0, 2.0}


def test_without_temperature_the_best_is_chosen_and_the_first_of_equals() -> None:
    equal = {"zeal": {"utility": 1}, "calm": {"utility": 1}, "none": {"utility": 3, "when": "elapsed > 1"}}
    ready = board(policy={"choices": {"course": choice(temperature=0, options=equal)}})
    assert values(play(ready, seed=1, run=0, turns=2), "chosen[AAA/course]") == [0, 1, 1]


def test_the_standing_option_is_favoured_and_stays_when_the_matter_rests() -> None:
    options = {"act": {"utility": "1 if elapsed == 0 else 0"}, "wait": {"utility": 0.5}}
    bias = {"option": "standing", "bias": 0.75}
    course = choice(every="quarter", temperature=0, options=options, status_quo=bias, initial="wait")
    states = play(board(policy={"choices": {"course": course}}), seed=1, run=0, turns=5)
    assert values(states, "standing[AAA/course]") == [2, 2, 2, 2, 2, 2]  # 0.5 + 0.75 beats 1
    course["status_quo"] = {"option": "act", "bias": 0.6}
    states = play(board(policy={"choices": {"course": course}}), seed=1, run=0, turns=5)
    assert values(states, "chosen[AAA/course]") == [0, 1, 0, 0, 1, 0]
    assert values(states, "standing[AAA/course]") == [2, 1, 1, 1, 1, 1]


def test_a_matter_due_twice_is_taken_twice_on_one_state() -> None:
    aaa = {"attributes": {"zeal": 0}, "policy": "mind"}
    options = {"act": {"utility": "1 - zeal", "effects": "zeal += 1"}, "wait": {"utility": 0.5}}
    course = choice(every="month", temperature=0, options=options, several=True)
    ready = board(clock={"turn": "quarter", "turns": 2}, aaa=aaa, policy={"choices": {"course": course}})
    states = play(ready, seed=1, run=0)
    assert values(states, "zeal[AAA]") == [0, 3, 3]
    assert values(states, "chosen[AAA/course]") == [0, 1, 2]


def test_a_negative_temperature_is_an_error() -> None:
    with pytest.raises(OracleError, match="turn 2: AAA/course: the temperature is -1"):
        play(
            board(policy={"choices": {"course": choice(temperature="0 if elapsed == 0 else -1")}}),
            seed=1,
            run=0,
        )
