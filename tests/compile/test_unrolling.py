"""Written once, made by many: who decides what, about whom, and under which name."""

from __future__ import annotations

import pytest

from sim.compile import Program
from sim.text import FoedusError
from tests.worlds import world

HEAD = """
foedus: 1
id: small
title: Small
clock: {start: 2030-01-01, turn: month, turns: 4}
actors:
  CCC: {name: C, tags: calm, attributes: {size: 1}, policy: mind}
  AAA: {name: A, tags: [rich, calm], attributes: {size: 1, y: 2}, policy: mind}
  BBB: {name: B, tags: rich, attributes: {size: 1}}
"""


def rule(body: str) -> Program:
    return world(HEAD + f"policies: {{mind: {{rules: {{hit: {{once: true, {body}}}}}}}}}\n")


def names(program: Program) -> list[str]:
    return [decision.name for decision in program.rules]


def test_every_actor_of_a_policy_has_its_own_rule() -> None:
    assert names(rule("")) == ["AAA/hit", "CCC/hit"]


@pytest.mark.parametrize(
    ("members", "of_aaa"),
    [
        ("each actor", ["AAA", "BBB", "CCC"]),
        ("each other actor", ["BBB", "CCC"]),
        ("each rich", ["AAA", "BBB"]),
        ("each other rich", ["BBB"]),
        ("each others", ["BBB", "CCC"]),
        ("[CCC, AAA]", ["AAA", "CCC"]),
        ("'each actor where has(x, y) or x in calm and x != self'", ["AAA", "CCC"]),
        ("each actor where x < self", []),
    ],
)
def test_a_bound_name_runs_over_actors_in_order_of_id(members: str, of_aaa: list[str]) -> None:
    made = [decision.bindings for decision in rule(f"for: {{x: {members}}}").rules if decision.owner == "AAA"]
    assert made == [(("x", member),) for member in of_aaa]


def test_a_for_without_a_name_binds_other() -> None:
    assert names(rule("for: each other calm")) == ["AAA/hit/other=CCC", "CCC/hit/other=AAA"]


def test_several_names_are_bound_in_order_of_name_and_may_look_at_each_other() -> None:
    program = rule("for: {z: each actor, b: each rich where b < z}")
    assert [name for name in names(program) if name.startswith("AAA")] == [
        "AAA/hit/b=AAA,z=BBB",
        "AAA/hit/b=AAA,z=CCC",
        "AAA/hit/b=BBB,z=CCC",
    ]


def test_a_rule_of_the_world_has_no_self_and_may_run_over_actors() -> None:
    program = world(
        HEAD
        + "world: {rules: {storm: {once: true, for: {z: each calm}, effects: 'size[z] += 1'}}}\n"
        + "policies: {mind: {}}\n"
    )
    assert [decision.name for decision in program.events] == ["world/storm/z=AAA", "world/storm/z=CCC"]
    assert program.rules == ()


def test_one_actor_may_have_several_policies() -> None:
    program = world(
        HEAD.replace("size: 1}, policy: mind}", "size: 1}, policy: [mind, soul]}", 1)
        + "policies:\n  mind: {rules: {hit: {once: true}}}\n  soul: {rules: {run: {once: true}}}\n"
    )
    assert names(program) == ["AAA/hit", "CCC/hit", "CCC/run"]


def test_each_decision_is_recorded_in_rows_of_its_own() -> None:
    program = rule("for: {x: [BBB]}")
    assert {"fired[AAA/hit/x=BBB]", "ever[AAA/hit/x=BBB]", "fired[CCC/hit/x=BBB]"} <= program.rows.keys()
    decision = program.decisions["CCC/hit/x=BBB"]
    assert decision.place.line == program.decisions["AAA/hit/x=BBB"].place.line
    assert decision.path == ("policies", "mind", "rules", "hit")


def test_deeds_have_rows_for_those_only_who_can_do_them() -> None:
    program = world(
        HEAD
        + "actions: {press: {to: one actor}, test: {}}\n"
        + "policies: {mind: {rules: {hit: {once: true, for: {x: each other rich}, do: [press: x, test]}}}}\n"
    )
    deeds = sorted(name for name in program.rows if name.startswith(("acts[", "times[")))
    parties = ["press, AAA, BBB", "press, CCC, AAA", "press, CCC, BBB", "test, AAA", "test, CCC"]
    assert deeds == sorted(f"{table}[{deed}]" for table in ("acts", "times") for deed in parties)


def test_relations_have_a_row_for_each_pair_and_symmetric_ones_for_half_of_them() -> None:
    program = world(
        HEAD
        + "relations: {near: {symmetric: true, pairs: {CCC: {AAA: 2}}}, owes: {default: 1}}\n"
        + "policies: {mind: {}}\n"
    )
    assert [name for name in program.rows if name.startswith("near")] == [
        "near[AAA, BBB]",
        "near[AAA, CCC]",
        "near[BBB, CCC]",
    ]
    assert sum(name.startswith("owes") for name in program.rows) == 6
    initial = {
        program.variables[start.row].name: program.nodes[start.node].value for start in program.initials
    }
    assert initial["near[AAA, CCC]"] == 2
    assert initial["owes[CCC, AAA]"] == 1


def test_a_fault_of_a_rule_for_many_is_told_once() -> None:
    with pytest.raises(FoedusError) as caught:
        rule("for: {z: each actor}, when: 'y[z] > oops'")
    assert [found.message for found in caught.value.diagnostics] == [
        "BBB has no 'y'",
        "unknown name 'oops'",
    ]
