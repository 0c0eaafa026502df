"""An explanation tells of what came up, and counts the rest."""

from __future__ import annotations

from typing import Any

from sim.analysis.explain import explain
from sim.compile import Program
from sim.report.why import why
from tests.domain.councils import compiled, council
from tests.worlds import FLAGSHIP, shipped, world


def board() -> Program:
    """A draft that is tabled from the fourth month on, and a mandate that was never given."""
    plain: dict[str, Any] = council(draft={"when": "elapsed > 0.2"})
    plain["bodies"]["board"]["measures"]["survey"] = {"term": "6 months"}
    return compiled(plain)


def told(program: Program, turn: int, *, verbose: bool = False, decision: str | None = None) -> list[str]:
    found = explain(program, 1, 0, turn, decision=decision, what_if=False)
    return list(why(program, found, verbose=verbose))


def heads(lines: list[str]) -> list[str]:
    return [line.split(": ")[1] for line in lines[1:] if line and line[0] != " " and line.count(": ") > 1]


def test_of_a_draft_that_is_not_tabled_nothing_is_told() -> None:
    lines = told(board(), 2)
    assert heads(lines) == []
    assert lines[-1] == "11 decisions did not come up (11 had no occasion); --verbose tells of them, too"


def test_of_a_draft_that_is_tabled_the_votes_and_what_came_of_it_are_told() -> None:
    votes = ["vote/body=board,draft=motion"] * 5
    assert heads(told(board(), 5)) == ["table/body=board,draft=motion", *votes, "passes/draft=motion"]


def test_whoever_asks_is_told_of_everything() -> None:
    everything = heads(told(board(), 2, verbose=True))
    assert len(everything) == 11
    assert "lapses/measure=survey" in everything
    assert not any("--verbose" in line for line in told(board(), 2, verbose=True))


def test_the_time_of_a_mandate_that_was_never_given_is_not_up() -> None:
    lines = told(board(), 2, verbose=True, decision="lapses/measure=survey")
    assert "    its time is up: false" in lines


def test_the_time_of_a_mandate_that_has_run_out_is_up() -> None:
    lines = told(board(), 6, verbose=True, decision="lapses/measure=watch")
    assert "    its time is up: true" in lines


def test_a_rule_of_an_actor_whose_gate_is_shut_is_told() -> None:
    """Why not is what an explanation is for, where an author wrote the condition."""
    lines = told(shipped(FLAGSHIP), 3)
    assert "Russia: cease_fire: did not happen" in lines
    assert not any("/adversary=" in line for line in lines)
    assert not any(line.endswith("did not come up in this turn") for line in lines)


def test_a_turn_without_decisions_says_so() -> None:
    plain = council()
    del plain["bodies"]
    assert told(compiled(plain), 2)[1:] == ["", "There is nothing to decide in this turn."]


def test_what_is_taken_off_is_told_with_its_sign() -> None:
    lines = told(shipped(FLAGSHIP), 3)
    taken = [line for line in lines if line.startswith("    - ")]
    assert taken
    assert all(" = -" in line or line.endswith(" = 0") or "=" not in line for line in taken)


def test_a_number_is_not_said_to_be_itself() -> None:
    program = world("""
foedus: 1
id: plain
title: Plain
clock: {start: 2024-01-01, turn: month, turns: 3}
actors: {AAA: {name: A, attributes: {x: 1}, policy: q}}
policies: {q: {rules: {rise: {chance: {per: year, rate: 0.5}, effects: [x += 1]}}}}
""")
    assert "  0.5 (a year)" in told(program, 1)
