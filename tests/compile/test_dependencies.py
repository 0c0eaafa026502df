"""The graph of what depends on what follows every way by which a value can reach another."""

from __future__ import annotations

import pytest

from sim.compile import Program
from sim.compile.dependencies import Link, dependencies
from tests.worlds import SHIPPED, shipped, world

TEXT = """
foedus: 1
id: small
title: Small
clock: {start: 2030-01-01, turn: month, turns: 4}
parameters: {pace: 1, cost: 2}
world: {attributes: {heat: 1, cold: 0, calm: 0}}
actors:
  AAA: {name: A, attributes: {x: 1, y: 1}, policy: mind}
  BBB: {name: B, attributes: {x: 1}}
actions: {press: {to: one actor, takes: {force: 1}, effects: 'x[target] -= force * cost'}}
policies:
  mind:
    perceives: {far: {of: 'x[BBB]', lag: 1 month, noise: heat, half_life: 1 month}}
    rules:
      hit: {when: 'x[BBB] > 0', chance: {per: year, rate: pace}, do: [press: {target: BBB, force: y}]}
    choices:
      go:
        every: month
        temperature: cold
        options: {wait: {utility: calm}, act: {utility: 0, effects: y = 2}}
dynamics: {warm: {of: heat, towards: pace, half_life: 1 year}}
indicators: {felt: 'heat + y[AAA]'}
outcomes: {hot: {title: Hot, happens: felt > 3, by: 2030-05-01}}
"""


def links() -> set[tuple[str, str, str]]:
    return {(link.cause, link.effect, link.via) for link in dependencies(world(TEXT))}


@pytest.mark.parametrize(
    "link",
    [
        ("x[BBB]", "x[BBB]@1", "memory"),
        ("x[BBB]@1", "seen[AAA/far]", "perception"),
        ("seen[AAA/far]", "AAA/hit", "decides"),
        ("pace", "AAA/hit", "decides"),
        ("AAA/hit", "fired[AAA/hit]", "records"),
        ("AAA/hit", "acts[press, AAA, BBB]", "act"),
        ("acts[press, AAA, BBB]", "times[press, AAA, BBB]", "act"),
        ("AAA/hit", "x[BBB]", "effect"),
        ("cost", "x[BBB]", "AAA/hit"),
        ("y[AAA]", "x[BBB]", "AAA/hit"),
        ("cold", "AAA/go", "decides"),
        ("calm", "AAA/go", "decides"),
        ("AAA/go", "standing[AAA/go]", "records"),
        ("AAA/go", "y[AAA]", "effect"),
        ("pace", "heat", "dynamics"),
        ("heat", "felt", "indicator"),
        ("y[AAA]", "felt", "indicator"),
        ("felt", "outcome.hot", "outcome"),
    ],
)
def test_each_way_is_a_link(link: tuple[str, str, str]) -> None:
    assert link in links()


def test_nothing_else_is_linked_to_what_is_asked_of_no_one() -> None:
    assert {effect for cause, effect, _ in links() if cause == "calm"} == {"AAA/go"}
    assert {cause for cause, effect, _ in links() if effect == "outcome.hot"} == {"felt"}


def ends(program: Program) -> list[Link]:
    return list(dependencies(program))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_end_of_a_link_is_a_row_or_a_decision(name: str) -> None:
    program = shipped(name)
    known = program.rows.keys() | program.decisions.keys()
    assert all(link.cause in known and link.effect in known for link in ends(program))
    assert ends(program) == ends(program)
