"""What a compiled scenario holds."""

from __future__ import annotations

from sim.compile.dependencies import dependencies
from tests.worlds import FLAGSHIP, shipped, world

NORDIC = """
foedus: 1
id: nordic
title: Nordic
clock: {start: 2024-01-01, turn: month, turns: 2}
actors:
  NO: {name: Norway, attributes: {on: 1}, policy: calm}
  SE: {name: Sweden, attributes: {on: 2}}
policies:
  calm:
    rules:
      drift: {for: {other: each other actor}, every: month, effects: ["on += 0.1 * on[other]"]}
"""


def test_norway_is_an_actor_and_on_a_name() -> None:
    program = world(NORDIC)
    assert program.names == {"NO": "Norway", "SE": "Sweden"}
    assert [rule.name for rule in program.rules] == ["NO/drift/other=SE"]


def test_rows_and_decisions_stand_in_order_of_name() -> None:
    program = shipped(FLAGSHIP)
    names = [variable.name for variable in program.variables]
    assert names == sorted(names)
    for group in (program.rules, program.choices, program.events, program.injects):
        assert [decision.name for decision in group] == sorted(decision.name for decision in group)


def test_every_figure_of_the_flagship_has_a_grade_and_a_place() -> None:
    program = shipped(FLAGSHIP)
    assert all(
        figure.grade.kind
        for figure in program.figures
        if figure.path[0] != "indicators" and figure.path[0] != "outcomes"
    )
    assert all(figure.place.line > 0 for figure in program.figures)


def test_a_change_can_be_followed_through_the_graph() -> None:
    links = {(link.cause, link.effect) for link in dependencies(world(NORDIC))}
    assert ("NO/drift/other=SE", "on[NO]") in links
    assert ("on[SE]", "on[NO]") in links
    assert ("NO/drift/other=SE", "fired[NO/drift/other=SE]") in links
