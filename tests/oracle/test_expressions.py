"""The oracle in small worlds: what expressions come to, worked out by hand."""

from __future__ import annotations

import pytest

from tests.oracle.faults import Fault, OracleError
from tests.oracle.interpreter import play
from tests.oracle.small import board, indicator, values


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("2 ** 3 ** 2 - 7 / 2 + -1", 507.5),
        ("min(3, 1, 2) + max(3, 1, 2) * clamp(5, 0, 2)", 7),
        ("mean(strength[x] for x in calm)", 0.375),
        ("sum(strength[x] for x in actors if has(x, strength) and x != CCC)", 0.5),
        ("count(x in rich for x in actors) + sum(1 for x in rich if x not in calm)", 3),
        ("1 if any(strength[x] > 0.4 for x in calm) and not all(strength[x] > 0.4 for x in calm) else 0", 1),
        ("sum(1 for x in rich if x in calm and x in rich and x == AAA)", 0),
        ("(1 < 2 < 3) + (1 < 2 > 3)", 1),
        ("0 if 1 > 2 or 1 / 1 < 0 else 4 if 0 > 1 and 1 / 0 > 1 else 5", 5),
        ("floor(-0.5) + ceil(1.5) + abs(-2) + sqrt(9) + round_trip", 6 + 0.25),
        ("1 if after('2024-02-01') else 0", 0),
        ("ready[BBB] + ready[CCC]", 1.75),
    ],
)
def test_expressions_mean_what_they_say(expression: str, wanted: float) -> None:
    definitions = {
        "round_trip": "log(exp(1)) - 1 + logistic(0) / 2",
        "ready": {"of": ["x"], "value": "strength[x] * 2 + (strength[x] if x == CCC else 0)"},
    }
    assert indicator(expression, definitions=definitions)[0] == pytest.approx(wanted, abs=1e-15)


def test_time_in_expressions_is_that_of_the_first_day() -> None:
    assert indicator("elapsed") == [0, 0, 31 / 365.25]
    assert indicator("1 if after('2024-02-01') else 0") == [0, 0, 1]


LAGS = {"months": "2 months", "three_weeks": "3 weeks", "two_weeks": "2 weeks"}


def test_lag_holds_the_initial_value_before_the_start() -> None:
    dynamics = {"grow": {"of": "strength[BBB]", "drift": {"per": "month", "rate": 1}}}
    late = {name: f"lag(strength[BBB], '{lag}')" for name, lag in LAGS.items()}
    states = play(board(dynamics=dynamics, indicators=late), seed=1, run=0, turns=5)
    strength = values(states, "strength[BBB]")
    assert values(states, "months") == [0.5, 0.5, *strength[:-2]]
    assert values(states, "three_weeks") == [0.5, *strength[:-1]]  # nearer to one turn than to none
    assert values(states, "two_weeks") == strength
    assert values(states, "strength[BBB]@2") == [0.5, *strength[:-1]]


def test_recent_counts_what_was_done_of_late() -> None:
    rule = {"every": "month", "do": "test", "when": "elapsed < 0.25"}
    recent = {"it": "recent(test, any, '2 months')", "all": "times(test, AAA)"}
    ready = board(policy={"rules": {"go": rule}}, actions={"test": {}}, indicators=recent)
    states = play(ready, seed=1, run=0, turns=6)
    assert values(states, "all") == [0, 1, 2, 3, 4, 4, 4]
    assert values(states, "it") == [0, 1, 2, 2, 2, 1, 0]


@pytest.mark.parametrize("expression", ["1 / (elapsed * 0)", "log(0 - elapsed)", "sqrt(-1)", "exp(1000)"])
def test_what_has_no_value_is_an_error(expression: str) -> None:
    with pytest.raises(OracleError, match="run 0, turn 0: it: "):
        indicator(expression)


@pytest.mark.parametrize(
    "expression",
    ["strength[AAA]", "unknown", "mean(strength[x] for x in actors if x == x and x != x)", "(1 if 1 else 2)"],
)
def test_what_makes_no_sense_is_a_fault(expression: str) -> None:
    with pytest.raises(Fault):
        board(indicators={"it": expression})
