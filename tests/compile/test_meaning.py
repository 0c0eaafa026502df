"""What expressions become: names found, kinds checked, sums and definitions written out in a fixed order."""

from __future__ import annotations

import time
from typing import Any

import pytest

from sim.compile import Program
from sim.compile.builder import MAX_DEPTH
from sim.text import FoedusError
from tests.worlds import world

HEAD = """
foedus: 1
id: small
title: Small
clock: {start: 2030-01-15, turn: month, turns: 6}
parameters: {pace: 2, share: {distribution: {dirichlet: {oil: 1, gas: 1}}}}
world: {attributes: {heat: 1}}
relations: {owes: {}, near: {symmetric: true}}
actors:
  CCC: {name: C, attributes: {size: 3}}
  AAA: {name: A, tags: rich, attributes: {size: 1, gold: 5}, policy: mind}
  BBB: {name: B, tags: rich, attributes: {size: 2}}
"""
MIND = "policies: {mind: {}}\n"


def indicator(expression: str, more: str = MIND) -> Program:
    return world(HEAD + more + f'indicators: {{it: "{expression}"}}\n')


def written(program: Program, node: int) -> Any:
    """A node and all below it, as nested tuples: operation, then rows by name, numbers or arguments."""
    here = program.nodes[node]
    if here.op == "row":
        return program.variables[here.row].name
    if here.op == "const":
        return bool(here.value) if here.truth else here.value
    if here.op == "since_turn":
        return ("since", here.value)
    return (here.op, *(written(program, argument) for argument in here.args))


def meaning(expression: str, more: str = MIND) -> Any:
    program = indicator(expression, more)
    return written(program, program.indicators[0].node)


def fault(expression: str, more: str = MIND) -> str:
    with pytest.raises(FoedusError) as caught:
        indicator(expression, more)
    (found,) = caught.value.diagnostics
    return found.message


def test_arguments_of_a_node_stand_before_it() -> None:
    program = indicator("sum(size[x] * pace for x in actors) + owes[AAA, BBB]")
    for index, node in enumerate(program.nodes):
        assert all(argument < index for argument in node.args)


def test_names_are_rows() -> None:
    assert meaning("pace * heat") == ("mul", "pace", "heat")
    assert meaning("size[AAA] - owes[BBB, AAA]") == ("sub", "size[AAA]", "owes[BBB, AAA]")
    assert meaning("share[oil]") == "share[oil]"


def test_a_symmetric_relation_is_the_same_from_both_sides() -> None:
    assert meaning("near[CCC, BBB]") == meaning("near[BBB, CCC]") == "near[BBB, CCC]"


def test_sums_are_folded_from_the_left_in_order_of_id() -> None:
    assert meaning("sum(size[x] for x in actors)") == ("add", ("add", "size[AAA]", "size[BBB]"), "size[CCC]")
    assert meaning("sum(3, heat, 1)") == ("add", ("add", 3.0, "heat"), 1.0)
    assert meaning("mean(size[x] for x in rich)") == ("div", ("add", "size[AAA]", "size[BBB]"), 2.0)
    assert meaning("max(size[x] for x in rich if x != AAA)") == "size[BBB]"
    assert meaning("sum(size[x] for x in actors if has(x, gold) and x not in rich)") == 0.0


def test_what_depends_on_names_alone_is_settled() -> None:
    assert meaning("1 if AAA in rich else 2") == 1.0
    assert meaning("heat if AAA != AAA or not AAA in rich else 2*heat") == ("mul", 2.0, "heat")
    assert meaning("count(x < BBB for x in actors)") == (
        "add",
        ("add", ("float", True), ("float", False)),
        ("float", False),
    )


def test_what_is_ruled_out_before_play_need_not_make_sense_and_remembers_nothing() -> None:
    """BBB has no gold."""
    owned = "sum(gold[x] if has(x, gold) else 0 for x in actors)"
    assert meaning(owned) == ("add", ("add", "gold[AAA]", 0.0), 0.0)
    assert meaning("count(has(x, gold) and gold[x] > 1 for x in rich)") == (
        "add",
        ("float", ("and", True, ("gt", "gold[AAA]", 1.0))),
        ("float", False),
    )
    assert meaning("1 if not has(BBB, gold) or gold[BBB] > 1 else 2") == 1.0
    lagged = indicator("lag(heat, '2 months') if has(BBB, gold) else heat")
    assert not any("@" in variable.name for variable in lagged.variables)


def test_what_is_not_ruled_out_by_names_alone_must_make_sense() -> None:
    assert fault("gold[BBB] if heat > 1 else 0") == "BBB has no 'gold'"
    assert fault("1 if heat > 1 and gold[BBB] > 1 else 0") == "BBB has no 'gold'"
    assert fault("1 if gold[BBB] > 1 and has(BBB, gold) else 0") == "BBB has no 'gold'"


def test_and_or_and_chains_are_pairs_from_the_right() -> None:
    assert meaning("1 if heat > 1 and heat > 2 and heat > 3 else 0")[1] == (
        "and",
        ("gt", "heat", 1.0),
        ("and", ("gt", "heat", 2.0), ("gt", "heat", 3.0)),
    )
    assert meaning("1 if 0 < heat <= 1 else 0")[1] == ("and", ("lt", 0.0, "heat"), ("le", "heat", 1.0))


def test_a_truth_value_counts_in_arithmetic_and_a_number_is_no_truth_value() -> None:
    assert meaning("1 + (heat > 1)") == ("add", 1.0, ("float", ("gt", "heat", 1.0)))
    assert meaning("(heat > 1) if heat > 2 else 3") == (
        "if",
        ("gt", "heat", 2.0),
        ("float", ("gt", "heat", 1.0)),
        3.0,
    )
    assert fault("not heat") == "a number stands where a condition must"


def test_dates_and_lags_are_turns() -> None:
    assert meaning("1 if after('2030-02-15') else 0")[1] == ("since", 2.0)
    assert meaning("1 if after('2030-02-16') else 0")[1] == ("since", 3.0)
    assert meaning("1 if after('1999-01-01') else 0")[1] == ("since", 0.0)
    assert meaning("1 if after('2031-01-01') else 0")[1] == ("since", 7.0)
    assert meaning("lag(heat, '2 months')") == "heat@2"
    assert meaning("lag(heat, '10 days')") == "heat"
    program = indicator("lag(heat, '3 months')")
    names = [variable.name for variable in program.variables]
    assert [[names[row] for row in memory.rows] for memory in program.memories] == [
        ["heat@1", "heat@2", "heat@3"]
    ]


DEEDS = (
    "actions: {press: {to: one actor}, test: {}}\n"
    "policies: {mind: {rules: {hit: {once: true, for: each other actor, do: [press: other, test]}},"
    " choices: {go: {every: month, for: {z: each other actor}, temperature: 1,"
    " options: {b: {utility: 0}, a: {utility: 0}}}}}}\n"
)


def test_deeds_are_asked_for_by_any_and_to_any() -> None:
    both = ("add", "times[press, AAA, BBB]", "times[press, AAA, CCC]")
    assert meaning("times(press, AAA)", DEEDS) == both
    assert meaning("times(press, any, any)", DEEDS) == both
    assert meaning("times(press, any, CCC)", DEEDS) == "times[press, AAA, CCC]"
    assert meaning("times(press, BBB)", DEEDS) == 0.0
    assert meaning("times(test, any)", DEEDS) == "times[test, AAA]"
    assert meaning("times(test, any, any)", DEEDS) == 0.0
    assert meaning("1 if happened(test, AAA) else 0", DEEDS)[1] == ("gt", "acts[test, AAA]", 0.0)
    assert meaning("recent(test, AAA, '1 month')", DEEDS) == ("sub", "times[test, AAA]", "times[test, AAA]@1")


def test_an_option_stands_by_its_place_in_order_of_id() -> None:
    assert meaning("1 if holds(AAA, go, a, CCC) else 0", DEEDS)[1] == ("eq", "standing[AAA/go/z=CCC]", 1.0)
    assert fault("1 if holds(AAA, go, a) else 0", DEEDS) == "'go' is about 1 more actor"
    assert fault("1 if holds(AAA, go, a, AAA) else 0", DEEDS) == "'go' of AAA is never about AAA"


def test_a_definition_is_the_same_as_its_expression_written_out() -> None:
    more = (
        MIND + "definitions: {weight: {of: [x, y], value: 'size[x] * owes[x, y]'}, all_of_it: pace + heat}\n"
    )
    assert meaning("weight[AAA, BBB] + all_of_it", more) == meaning(
        "size[AAA] * owes[AAA, BBB] + (pace + heat)"
    )


def test_an_actor_reads_its_own_attributes_by_their_bare_names() -> None:
    program = world(HEAD + "policies: {mind: {rules: {hit: {once: true, when: gold > size}}}}\n")
    gate = program.rules[0].gate
    assert gate is not None
    assert written(program, gate) == ("gt", "gold[AAA]", "size[AAA]")


def test_decisions_read_what_is_seen_and_effects_and_lags_what_is() -> None:
    program = world(
        HEAD
        + "actions: {buy: {takes: {price: 1}, effects: 'gold -= price * size[BBB]'}}\n"
        + "policies:\n  mind:\n    perceives: {far: {of: 'size[BBB]', lag: 1 month}}\n    rules:\n"
        + "      hit: {once: true, when: \"size[BBB] > lag(size[BBB], '1 month')\", "
        + "do: [buy: {price: 'size[BBB]'}], effects: 'gold += size[BBB]'}\n"
    )
    rule = program.rules[0]
    assert rule.gate is not None
    assert written(program, rule.gate) == ("gt", "seen[AAA/far]", "size[BBB]@1")
    assert [written(program, effect.value) for effect in rule.doings.effects] == [
        "size[BBB]",
        ("mul", "seen[AAA/far]", "size[BBB]"),
    ]


def test_a_rate_is_made_yearly() -> None:
    program = world(HEAD + "policies: {mind: {rules: {hit: {chance: {per: week, rate: pace}}}}}\n")
    rate = program.rules[0].rate
    assert rate is not None
    assert written(program, rate) == ("mul", "pace", 365.25 / 7)


@pytest.mark.parametrize(
    ("cadence", "due"),
    [
        ("month", (False, True, True, True, True, True, True)),
        ("quarter", (False, True, False, False, True, False, False)),
        ("45 days", (False, True, True, False, True, True, True)),
        ("7 years", (False, True, False, False, False, False, False)),
    ],
)
def test_a_cadence_is_a_list_of_turns(cadence: str, due: tuple[bool, ...]) -> None:
    program = world(HEAD + f"policies: {{mind: {{rules: {{hit: {{every: {cadence}}}}}}}}}\n")
    assert program.rules[0].due == due


def test_conditions_in_conditions_are_read_once() -> None:
    started = time.process_time()
    program = indicator("1 if heat > 1 else " * 95 + "0")
    assert len(program.nodes) < 1_000
    assert time.process_time() - started < 2


def test_no_expression_is_deeper_than_a_backend_can_follow() -> None:
    chain = " + ".join(["pace"] * 90)
    more = MIND + f"definitions: {{a: {chain}, b: a * a}}\n"
    assert meaning("b", more)
    links = "".join(f"  d{i}: d{i - 1} + {' + '.join(['pace'] * 60)}\n" for i in range(1, 8))
    with pytest.raises(FoedusError) as caught:
        indicator("d7", MIND + f"definitions:\n  d0: pace\n{links}")
    assert {found.code for found in caught.value.diagnostics} == {"limit"}
    many = "".join(f"  D{index:03}: {{name: D, attributes: {{size: 1}}}}\n" for index in range(MAX_DEPTH - 4))
    head = HEAD.replace("relations: {owes: {}, near: {symmetric: true}}\n", "")
    program = world(head + many + MIND + "indicators: {it: 'sum(size[x] for x in actors)'}\n")
    assert len(program.indicators) == 1
