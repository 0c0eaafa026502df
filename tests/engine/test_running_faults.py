"""What cannot be computed stops with place, rule, run and turn; what is not asked cannot fail."""

# ruff: noqa: E501 - one broken scenario a line

from __future__ import annotations

import pytest

from sim.compile import Program
from sim.engine import fused
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.text import FoedusError
from tests.worlds import played, row, world

HEAD = """
foedus: 1
id: faults
title: Faults
clock: {start: 2024-01-01, turn: month, turns: 6}
parameters: {p: {distribution: {uniform: [0, 1]}}}
actors: {AAA: {name: A, attributes: {x: 3, y: 1}, policy: q}, BBB: {name: B, attributes: {z: 0}}}
"""


@pytest.fixture(autouse=True, params=[1, 10**9], ids=["written", "interpreted"])
def often(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "OFTEN", request.param)


def _world(text: str) -> Program:
    return world(HEAD + text + ("" if text.startswith("policies:") else "policies: {q: {}}\n"))


def _failing(text: str, runs: int | list[int] = 8) -> str:
    with pytest.raises(FoedusError) as caught:
        played(_world(text), runs)
    assert len(caught.value.diagnostics) == 1
    place = caught.value.diagnostics[0].place
    assert place is not None
    assert place.line > 1
    return caught.value.diagnostics[0].message


def _fine(text: str) -> None:
    played(world(HEAD + text), 8)


RULE = "policies: {{q: {{rules: {{r: {{when: '{when}', chance: {{per: month, rate: '{rate}'}}, effects: ['x -= 1']}}}}}}}}\n"


def test_a_division_by_zero_names_rule_run_and_turn() -> None:
    text = "policies: {q: {rules: {r: {every: month, effects: ['x -= 1', 'y += 1 / x']}}}}\n"
    assert _failing(text) == "division by zero in AAA/r: run 0, turn 4 (Apr 2024)"
    assert _failing(text, [900, 7, 55]) == "division by zero in AAA/r: run 7, turn 4 (Apr 2024)"


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("1 / (x - 3)", "division by zero"),
        ("log(x - 3)", "logarithm of a number not above 0"),
        ("sqrt(x - 4)", "square root of a negative number"),
        ("(x - 3) ** -1", "0 to a negative power"),
        ("(x - 4) ** 0.5", "a negative number to a broken power"),
        ("exp(x * 1000)", "a value is not finite"),
        ("exp(x * 1000) - exp(x * 1000)", "a value is not finite"),
        ("10 ** (x * 200)", "a value is not finite"),
    ],
)
def test_what_cannot_be_computed_stops_the_run(expression: str, fault: str) -> None:
    message = _failing(RULE.format(when="x > 0", rate=expression))
    assert message == f"{fault} in AAA/r: run 0, turn 1 (Jan 2024)"


@pytest.mark.parametrize(
    "rate",
    [
        "1 / (x - 3) if x != 3 else 0",
        "0 if x == 3 else log(x - 3)",
        "0.1 if x == 3 or 1 / (x - 3) > 0 else 0",
        "0.1 if x != 3 and 1 / (x - 3) > 0 else 0",
    ],
)
def test_the_side_that_is_not_taken_cannot_fail(rate: str) -> None:
    _fine(RULE.format(when="x > 2.5", rate=rate))


def test_a_closed_gate_keeps_its_rate_from_being_asked() -> None:
    _fine(RULE.format(when="x < 0", rate="1 / (x - 3)"))


def test_only_the_run_that_divides_by_zero_fails() -> None:
    text = "policies: {q: {rules: {r: {every: month, effects: ['y += 1 / (x if p > 0.5 else 0)']}}}}\n"
    program = world(HEAD + text)
    start = row(program, played(program, 64, turns=0), "p")
    failing = int((start <= 0.5).argmax())
    with pytest.raises(FoedusError, match=f"run {failing}, turn 1"):
        played(program, 64)
    played(program, [run for run in range(64) if start[run] > 0.5])


def test_an_order_saves_a_rule_from_its_own_arithmetic() -> None:
    program = world(HEAD + RULE.format(when="x > 0", rate="1 / (x - 3)"))
    orders = tuple(Order(turn, "AAA", "r", "refrain") for turn in range(1, 7))
    played(program, 4, orders=orders)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("policies: {q: {rules: {r: {count: {per: day, mean: 100}, effects: ['x += 1']}}}}\n", "more than 500 are expected in a turn in AAA/r"),
        ("policies: {q: {rules: {r: {count: {per: year, mean: 1, size: x - 3}, effects: ['x += 1']}}}}\n", "the size of a count is not above 0 in AAA/r"),
        ("policies: {q: {choices: {c: {every: month, temperature: 2 - x, options: {o: {utility: 0}}}}}}\n", "the temperature is below 0 in AAA/c"),
        ("dynamics: {d: {of: 'x[AAA]', towards: 0, half_life: 'x[AAA] - 3'}}\n", "a half-life is not above 0 in the dynamics of x[AAA]"),
        ("dynamics: {d: {of: 'x[AAA]', noise: '2 - x[AAA]'}}\n", "the noise is below 0 in the dynamics of x[AAA]"),
        ("dynamics: {d: {of: 'x[AAA]', growth: {per: day, rate: 30}}}\n", "a value is not finite in the dynamics of x[AAA]"),
        ("policies: {q: {rules: {r: {every: month, effects: ['x = 1e308', 'x += 1e308']}}}}\n", "a value is not finite in AAA/r"),
        ("indicators: {i: '1 / z[BBB]'}\n", "division by zero in the indicator i"),
        ("outcomes: {o: {title: O, happens: '1 / z[BBB] > 0', by: 2024-06-01}}\n", "division by zero in the outcome o"),
        ("injects: {i: {at: 2024-03-05, effects: ['x[AAA] = 1 / z[BBB]']}}\n", "division by zero in injects/i"),
        ("world: {attributes: {w: 0}, rules: {e: {every: month, effects: ['w += 1 / w']}}}\n", "division by zero in world/e"),
    ],
)  # fmt: skip
def test_every_kind_of_part_says_who_it_was(text: str, fault: str) -> None:
    assert _failing(text).startswith(fault)


def test_an_initial_value_that_cannot_be_computed_is_named() -> None:
    head = HEAD + "policies: {q: {}}\n"
    head = head.replace("z: 0", "z: 1 / (p - p)")
    with pytest.raises(
        FoedusError, match=r"division by zero in the initial value of z\[BBB\]: run 0, turn 0"
    ):
        played(world(head), 2)


def test_a_fault_shows_whoever_plays_beside() -> None:
    """What is kept from turn to turn was checked for the runs that asked for it, not for all."""
    text = "policies: {q: {rules: {r: {when: p > 0.5 or elapsed > 0.2, chance: {per: year, rate: 'log(p - 0.5)'}}}}}\n"
    program = world(HEAD + text)
    p = row(program, played(program, 32, turns=0), "p")
    failing, sound = int((p <= 0.5).argmax()), int((p > 0.5).argmax())
    with pytest.raises(FoedusError) as alone:
        played(program, [failing])
    with pytest.raises(FoedusError) as beside:
        played(program, [sound, failing])
    assert str(beside.value) == str(alone.value)


def test_a_model_that_failed_is_not_played_on() -> None:
    program = world(HEAD + "policies: {q: {rules: {r: {every: month, effects: ['x -= 1', 'y += 1 / x']}}}}\n")
    model = Model(program, runs=2, seed=1)
    for _ in range(2):
        with pytest.raises(FoedusError, match="division by zero in AAA/r: run 0, turn 4"):
            model.play()
    for attempt in (model.fork, model.snapshot, model.step):
        with pytest.raises(FoedusError, match="division by zero"):
            attempt()


def test_an_order_for_a_turn_that_was_played_is_refused() -> None:
    program = world(HEAD + RULE.format(when="x > 0", rate="1"))
    model = Model(program, runs=2, seed=1).play(3)
    with pytest.raises(FoedusError, match="turn 3 has been played; expected a turn from 4 on"):
        model.order(Order(3, "AAA", "r", "do"))
    assert model.orders == ()


def test_an_argument_must_be_a_number_even_if_no_effect_reads_it() -> None:
    text = (
        "actions: {push: {takes: {force: 1}}}\n"
        "policies: {q: {rules: {r: {every: month, do: [{push: {force: 1 / (x - 3)}}]}}}}\n"
    )
    with pytest.raises(FoedusError, match="division by zero in AAA/r: run 0, turn 1"):
        played(world(HEAD + text), 2)


def test_only_what_is_stored_must_be_finite() -> None:
    ranged = HEAD.replace("x: 3", "x: {initial: exp(1000 + p), range: [0, 1]}")
    text = "policies: {q: {rules: {r: {every: month, effects: ['x += exp(1000 + y)']}}}}\n"
    program = world(ranged + text)
    assert (row(program, played(program, 4), "x[AAA]") == 1.0).all()
