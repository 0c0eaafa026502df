"""Luck has addresses made of ids alone; two draws never share one."""

from __future__ import annotations

import pytest

from sim.compile import Program
from sim.compile.keys import event_key
from sim.text import FoedusError
from tests.worlds import world

HEAD = """
foedus: 1
id: small
title: Small
clock: {start: 2030-01-01, turn: month, turns: 4}
actors:
  AAA: {name: A, attributes: {x: 1}, policy: mind}
  BBB: {name: B, attributes: {x: 1}}
"""


def draws(text: str) -> list[str]:
    return sorted(draw.text for draw in world(HEAD + text + "policies: {mind: {}}\n").draws)


def of_mind(text: str) -> list[str]:
    return sorted(draw.text for draw in mind(text).draws)


def mind(text: str) -> Program:
    return world(HEAD + f"policies: {{mind: {{{text}}}}}\n")


def test_a_key_is_the_blake2b_of_its_text_little_endian() -> None:
    # `printf %s PRK/border_provocation//fires | b2sum -l 64`, its bytes backwards
    assert f"{event_key('PRK/border_provocation//fires'):016x}" == "97299db635275ecc"


def test_a_key_is_of_the_composed_text() -> None:
    assert event_key("caf\u00e9") == event_key("cafe\u0301")


def test_parameters_dynamics_and_injects_have_owners_of_their_own() -> None:
    assert draws(
        "parameters:\n  p: {distribution: {uniform: [0, 1]}}\n"
        "  q: {distribution: {dirichlet: {oil: 1, gas: 1}}}\n  r: 1\n"
        "dynamics: {drift: {of: 'x[AAA]', noise: 1}, still: {of: 'x[BBB]', drift: {per: year, rate: 1}}}\n"
        "injects: {vote: {at: 2030-02-01, probability: 0.5}, sure: {at: 2030-02-01}}\n"
        "world: {rules: {storm: {chance: {per: year, rate: 1}}}}\n"
    ) == [
        "dynamics/drift//noise",
        "injects/vote//happens",
        "parameters/p//value",
        "parameters/q//value:gas",
        "parameters/q//value:oil",
        "world/storm//fires",
    ]


@pytest.mark.parametrize(
    ("rule", "purposes"),
    [
        ("chance: {per: year, rate: 1}", ["fires"]),
        ("count: {per: year, mean: 1}", ["count"]),
        (
            "count: {per: year, mean: 1}, campaign: {per: year, starts: 1, ends: 1}",
            ["campaign", "count"],
        ),
        ("every: {per: year, rate: 1}", ["taken_up"]),
        ("every: month", []),
        ("once: true", []),
    ],
)
def test_a_rule_draws_for_what_it_asks_of_luck(rule: str, purposes: list[str]) -> None:
    assert of_mind(f"rules: {{hit: {{{rule}}}}}") == [f"AAA/hit//{purpose}" for purpose in purposes]


OPTIONS = "temperature: 1, options: {wait: {utility: 0}, act: {utility: 1}}"


def test_a_choice_draws_for_each_option_and_each_take() -> None:
    assert of_mind(f"choices: {{go: {{every: month, {OPTIONS}}}}}") == [
        "AAA/go//option:act",
        "AAA/go//option:wait",
    ]
    assert of_mind(f"choices: {{go: {{every: {{per: year, rate: 1}}, {OPTIONS}}}}}") == [
        "AAA/go//option:act",
        "AAA/go//option:wait",
        "AAA/go//taken_up",
    ]
    assert of_mind(f"choices: {{go: {{every: 2 weeks, several: true, {OPTIONS}}}}}") == [
        "AAA/go//option:act",
        "AAA/go//option:act#2",
        "AAA/go//option:act#3",
        "AAA/go//option:wait",
        "AAA/go//option:wait#2",
        "AAA/go//option:wait#3",
    ]


def test_a_perception_draws_for_its_error_if_it_has_one() -> None:
    assert of_mind("perceives: {see: {of: 'x[BBB]', noise: 1, half_life: 1 month}}") == ["AAA/see//error"]
    assert of_mind("perceives: {see: {of: 'x[BBB]', lag: 1 month}}") == []


def test_bound_names_are_in_the_address() -> None:
    assert of_mind("rules: {hit: {chance: {per: year, rate: 1}, for: {b: each actor, a: [BBB]}}}") == [
        "AAA/hit/a=BBB,b=AAA/fires",
        "AAA/hit/a=BBB,b=BBB/fires",
    ]


def test_a_luck_key_keeps_the_address_through_a_rename() -> None:
    assert of_mind("rules: {hit: {chance: {per: year, rate: 1}, luck_key: old}}") == ["AAA/old//fires"]
    assert (
        of_mind("choices: {go: {every: month, luck_key: old, " + OPTIONS + "}}")[0] == "AAA/old//option:act"
    )


@pytest.mark.parametrize(
    "text",
    [
        "rules: {a: {chance: {per: year, rate: 1}}, b: {chance: {per: year, rate: 1}, luck_key: a}}",
        "rules: {a: {every: {per: year, rate: 1}}}, choices: {b: {every: {per: year, rate: 1}, luck_key: a, "
        + OPTIONS
        + "}}",
    ],
)
def test_two_draws_of_one_address_are_a_fault_that_names_both(text: str) -> None:
    with pytest.raises(FoedusError) as caught:
        mind(text)
    (found,) = caught.value.diagnostics
    assert found.code == "luck-clash"
    assert found.message.startswith("the luck key 'AAA/a//")
    assert "written-in-a-test.yaml:" in found.message


def test_equal_ids_of_different_kinds_or_owners_share_no_luck() -> None:
    program = mind(
        "rules: {a: {chance: {per: year, rate: 1}}}, "
        "perceives: {a: {of: 'x[BBB]', noise: 1, half_life: 1 month}}"
    )
    assert len({draw.key for draw in program.draws}) == 2
