"""What stands at both ends of a run: when outcomes are asked, what parameters draw, where variables begin."""

from __future__ import annotations

import pytest

from sim.compile import Program
from sim.text import FoedusError
from tests.worlds import world

HEAD = """\
foedus: 1
id: small
title: Small
clock: {start: 2030-01-15, turn: month, turns: 6}
parameters:
  pace: {value: 2}
  share: {distribution: {dirichlet: {oil: 1, gas: 2}}}
  odds: {distribution: {discrete: {values: [1, 5], weights: [1, 0]}}, luck_key: chances}
actors: {AAA: {name: A, attributes: {x: 2*pace, y: {initial: 2, max: 2.5}}}}
"""


def outcome(when: str) -> Program:
    return world(HEAD + f"outcomes: {{it: {{title: It, {when}}}}}\n")


@pytest.mark.parametrize(
    ("window", "turns"),
    [
        ("by: 2030-07-15", (1, 6)),
        ("by: 2030-07-14", (1, 5)),
        ("by: 2030-02-15", (1, 1)),
        ("from: 2030-02-15, by: 2030-05-01", (2, 3)),
        ("from: 2030-02-14, by: 2030-05-01", (1, 3)),
        ("from: 2029-01-01, by: 2030-05-15", (1, 4)),
    ],
)
def test_an_outcome_is_asked_at_the_end_of_every_turn_of_its_window(
    window: str, turns: tuple[int, int]
) -> None:
    found = outcome(f"happens: 'x[AAA] > 1', {window}").outcomes[0]
    assert (found.first, found.last) == turns


@pytest.mark.parametrize(("day", "turn"), [("2030-02-15", 1), ("2030-02-16", 2), ("2030-07-15", 6)])
def test_what_must_hold_at_a_date_is_asked_when_the_first_turn_reaches_it(day: str, turn: int) -> None:
    found = outcome(f"holds: 'x[AAA] > 1', at: {day}").outcomes[0]
    assert (found.first, found.last) == (turn, turn)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("happens: 'x[AAA] > 1', by: 2030-07-16", "2030-07-16 is not played"),
        ("happens: 'x[AAA] > 1', by: 2030-01-15", "2030-01-15 is not played"),
        ("holds: 'x[AAA] > 1', at: 2029-12-31", "2029-12-31 is not played"),
        ("happens: 'x[AAA] > 1', from: 2030-05-15, by: 2030-05-20", "no turn ends in this time"),
    ],
)
def test_a_window_without_a_turn_is_a_fault(when: str, said: str) -> None:
    with pytest.raises(FoedusError, match=said):
        outcome(when)


def test_a_parameter_is_fixed_drawn_or_drawn_in_parts() -> None:
    program = world(HEAD)
    odds, pace, share = program.parameters
    names = [variable.name for variable in program.variables]
    assert (pace.value, pace.draws, [names[row] for row in pace.rows]) == (2.0, (), ["pace"])
    assert [program.draws[draw].text for draw in odds.draws] == ["parameters/chances//value"]
    assert [names[row] for row in share.rows] == ["share[gas]", "share[oil]"]
    assert [program.draws[draw].text for draw in share.draws] == [
        "parameters/share//value:gas",
        "parameters/share//value:oil",
    ]


def test_a_first_value_is_an_expression_over_parameters_and_nothing_else() -> None:
    program = world(HEAD.replace("initial: 2", "initial: 1"))
    begun = {program.variables[initial.row].name for initial in program.initials}
    assert begun == {"x[AAA]", "y[AAA]"}
    with pytest.raises(FoedusError, match="cannot depend on 'x'"):
        world(HEAD.replace("{initial: 2, max: 2.5}", "x"))


def test_an_indicator_is_read_by_outcomes_alone() -> None:
    more = "indicators: {seen: {title: Seen, value: 'x[AAA]'}}\n"
    program = world(HEAD + more + "outcomes: {it: {title: It, happens: seen > 1, by: 2030-07-15}}\n")
    assert program.indicators[0].title == "Seen"
    with pytest.raises(FoedusError, match="can be asked for in outcomes only"):
        world(HEAD + more + "definitions: {d: seen + 1}\n")
