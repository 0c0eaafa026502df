"""Gains and losses around a reference point: what an option is worth to who may lose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compile import Program
from sim.engine.model import Model
from tests.worlds import played, row, world

Options = dict[str, dict[str, Any]]

HALF_YEAR = 182.625 / 365.25


def chooser(
    options: Options,
    *,
    shells: float = 100.0,
    half_life: str = "1 year",
    weight: Any = 1,
    turn: str = "month",
    turns: int = 12,
    **more: Any,
) -> Program:
    """One actor that looks at its shells once a month and takes the best option."""
    choice: dict[str, Any] = {
        "every": "month",
        "temperature": 0,
        "reference": {"shells": {"of": "shells", "half_life": half_life, "weight": weight}},
        "options": options,
    }
    return world(
        {
            "foedus": 1,
            "id": "losses",
            "title": "Losses",
            "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
            "actors": {"AAA": {"name": "A", "attributes": {"shells": shells}, "policy": "mind"}},
            "policies": {"mind": {"choices": {"go": choice | more}}},
        }
    )


def worths(program: Program, turn: int = 1) -> dict[str, float]:
    """What each option was worth when the choice was taken in that turn."""
    model = Model(program, runs=1, seed=1, trace=True).play(turn)
    assert model.trace is not None
    traced = next(found for found in model.trace.choices if found.turn == turn)
    values = [float(np.asarray(value).reshape(-1)[0]) for value in traced.utilities]
    return dict(zip((option.id for option in traced.choice.options), values, strict=True))


def expecting(*amounts: Any) -> Options:
    return {f"o{i}": {"utility": 0, "expects": {"shells": amount}} for i, amount in enumerate(amounts)}


def test_gains_and_losses_are_felt_as_tversky_and_kahneman_measured() -> None:
    found = worths(chooser(expecting(101, 99, 100, 132, 68)))
    assert found["o0"] == 1.0
    assert found["o1"] == -2.25
    assert found["o2"] == 0.0
    assert found["o3"] == pytest.approx(32**0.88, rel=1e-14)
    assert found["o4"] == pytest.approx(-2.25 * 32**0.88, rel=1e-14)


@given(
    before=st.floats(-50, 50),
    expected=st.floats(-50, 50),
    weight=st.floats(0.01, 5),
    felt=st.tuples(st.floats(0, 4), st.floats(0.1, 1.5), st.floats(0.1, 1.5)),
)
def test_the_value_function_is_as_the_text_has_it(
    before: float, expected: float, weight: float, felt: tuple[float, float, float]
) -> None:
    aversion, gains, losses = felt
    values = {"aversion": aversion, "gains": gains, "losses": losses}
    found = worths(chooser(expecting(expected), shells=before, weight=weight, value_function=values))
    x = expected - before
    value = x**gains if x >= 0 else -aversion * (-x) ** losses
    assert found["o0"] == pytest.approx(weight * value, rel=1e-12, abs=1e-12)


def test_an_even_bet_on_winning_and_losing_is_refused() -> None:
    # Half of 20 more and half of 20 less: who counts only what it has would not mind.
    options: Options = {
        "keep": {"utility": 0.5},
        "bet": {"utility": 0.6, "expects": {"shells": "shells - 20"}},
    }
    assert worths(chooser(options, weight=0.05))["bet"] < 0.5
    bold = chooser(options, weight=0.05, value_function={"aversion": 0})
    assert worths(bold)["bet"] == pytest.approx(0.6)


def test_who_says_nothing_expects_no_change() -> None:
    # The inject of February takes half of the shells: to let it be is felt as the loss that it is.
    options: Options = {"let_be": {"utility": 0}, "restock": {"utility": -1, "expects": {"shells": 100}}}
    program = chooser(options, half_life="50 years")
    assert worths(program)["let_be"] == 0.0
    lost = with_inject(options, "50 years")
    assert worths(lost, turn=3)["let_be"] == pytest.approx(-2.25 * 50**0.88, rel=0.01)
    assert worths(lost, turn=3)["restock"] == pytest.approx(-1, abs=0.5)


def with_inject(options: Options, half_life: str, turn: str = "month", turns: int = 12) -> Program:
    """The same actor; on the first of February half of its shells are lost."""
    scenario: dict[str, Any] = {
        "foedus": 1,
        "id": "losses",
        "title": "Losses",
        "clock": {"start": "2030-01-01", "turn": turn, "turns": turns},
        "actors": {"AAA": {"name": "A", "attributes": {"shells": 100}, "policy": "mind"}},
        "injects": {"fire": {"at": "2030-02-01", "effects": ["shells[AAA] = 50"]}},
        "policies": {
            "mind": {
                "choices": {
                    "go": {
                        "every": "month",
                        "temperature": 0,
                        "reference": {"shells": {"of": "shells", "half_life": half_life, "weight": 1}},
                        "options": options,
                    }
                }
            }
        },
    }
    return world(scenario)


def test_the_reference_point_starts_at_what_is_and_follows_by_half_lives() -> None:
    program = with_inject(expecting(100), "6 months")
    state = played(program, turns=0)
    assert row(program, state, "reference[AAA/go, shells]")[0] == 100.0
    # February to the end of July: 181 days of a half-life of 182.625.
    state = played(program, turns=7)
    left = 50 * 0.5 ** ((181 / 365.25) / HALF_YEAR)
    assert row(program, state, "reference[AAA/go, shells]")[0] == pytest.approx(50 + left, rel=1e-12)


def test_a_finer_clock_means_the_same() -> None:
    months, days = (
        with_inject(expecting(100), "6 months", turn, turns) for turn, turns in (("month", 12), ("day", 365))
    )
    at = [
        row(months, played(months, turns=12), "reference[AAA/go, shells]")[0],
        row(days, played(days, turns=365), "reference[AAA/go, shells]")[0],
    ]
    assert at[0] == pytest.approx(at[1], rel=1e-12)


def test_what_was_lost_long_ago_hurts_no_more() -> None:
    options: Options = {"let_be": {"utility": 0}, "restock": {"utility": -1, "expects": {"shells": 100}}}
    soon = worths(with_inject(options, "1 month"), turn=3)
    late = worths(with_inject(options, "1 month"), turn=12)
    assert soon["let_be"] < -25
    assert -0.5 < late["let_be"] < 0
    assert late["restock"] > soon["restock"]  # what was the old level is a gain now


def test_of_some_things_less_is_better() -> None:
    # Of tension, casualties and the like: a rise is the loss.
    found = worths(chooser(expecting(110, 90), weight=-1))
    assert found["o0"] == pytest.approx(-2.25 * 10**0.88)
    assert found["o1"] == pytest.approx(10**0.88)


def test_what_one_perceives_is_what_one_gets_used_to() -> None:
    scenario: dict[str, Any] = {
        "foedus": 1,
        "id": "losses",
        "title": "Losses",
        "clock": {"start": "2030-01-01", "turn": "month", "turns": 6},
        "actors": {"AAA": {"name": "A", "attributes": {"shells": 100}, "policy": "mind"}},
        "injects": {"fire": {"at": "2030-01-01", "effects": ["shells[AAA] = 50"]}},
        "policies": {
            "mind": {
                "perceives": {"own": {"of": "shells", "lag": "3 months"}},
                "choices": {
                    "go": {
                        "every": "month",
                        "temperature": 0,
                        "reference": {"shells": {"of": "shells", "half_life": "1 day", "weight": 1}},
                        "options": expecting("shells"),
                    }
                },
            }
        },
    }
    program = world(scenario)
    points = [row(program, played(program, turns=turn), "reference[AAA/go, shells]")[0] for turn in range(6)]
    assert points[:4] == pytest.approx([100, 100, 100, 100])
    assert points[4:] == pytest.approx([50, 50], abs=0.01)


def test_each_binding_has_a_reference_point_of_its_own() -> None:
    scenario: dict[str, Any] = {
        "foedus": 1,
        "id": "losses",
        "title": "Losses",
        "clock": {"start": "2030-01-01", "turn": "month", "turns": 2},
        "actors": {name: {"name": name, "attributes": {"shells": 10}} for name in ("AAA", "BBB", "CCC")},
        "relations": {"trade": {"default": 1, "pairs": {"AAA": {"BBB": 7}}}},
        "policies": {
            "mind": {
                "choices": {
                    "go": {
                        "for": {"x": "each other actor"},
                        "every": "month",
                        "temperature": 0,
                        "reference": {"trade": {"of": "trade[self, x]", "half_life": "1 year", "weight": 1}},
                        "options": {"stay": {"utility": 0, "expects": {"trade": 5}}},
                    }
                }
            }
        },
    }
    scenario["actors"]["AAA"]["policy"] = "mind"
    program = world(scenario)
    start = played(program, turns=0)
    assert row(program, start, "reference[AAA/go/x=BBB, trade]")[0] == 7
    assert row(program, start, "reference[AAA/go/x=CCC, trade]")[0] == 1
