"""The world behind the screens: what was played is kept."""

from __future__ import annotations

import pytest

from sim import Model
from tests.policy.policies import Keen
from tests.story.quarrel import QUARREL, compiled
from tui.world import World

BROKEN = QUARREL.replace(
    "{title: Oil, unit: dollars, value: price}", "{title: Oil, value: 1/(elapsed < 0.2)}"
)


def hashes(world: World, turns: int) -> list[str]:
    found = [world.now.state.hash()]
    for _ in range(turns):
        world.forward()
        found.append(world.now.state.hash())
    return found


def test_each_turn_is_the_one_that_a_model_plays() -> None:
    program = compiled()
    model = Model(program, runs=[4], seed=11)
    expected = [model.state.hash()]
    model.play(observe=lambda state: expected.append(state.hash()))
    assert hashes(World(program, seed=11, run=4), program.turns) == expected


def test_a_policy_in_python_decides_here_too() -> None:
    program, policy = compiled(), Keen(("WEST/answer",), more=3.0)
    model = Model(program, runs=[4], seed=11, policies=[policy]).play()
    world = World(program, seed=11, run=4, policies=[policy])
    assert hashes(world, program.turns)[-1] == model.state.hash()
    assert "likely by policy keen" in str(world.past[2].told.sentences)


def test_going_back_and_forward_again_is_the_same_world() -> None:
    world = World(compiled(), seed=11)
    there = hashes(world, 6)
    told = world.now.told
    back = [world.now.state.hash()]
    while world.back():
        back.append(world.now.state.hash())
    assert back == there[::-1]
    assert hashes(world, 6) == there
    assert world.now.told is told
    assert world.played == 6


def test_what_comes_after_a_look_back_is_not_changed_by_it() -> None:
    straight, looking = World(compiled(), seed=11), World(compiled(), seed=11)
    expected = hashes(straight, 8)
    hashes(looking, 5)
    for _ in range(3):
        looking.back()
    hashes(looking, 3)
    assert hashes(looking, 3)[1:] == expected[6:]


def test_time_ends_at_both_ends() -> None:
    world = World(compiled(), seed=11)
    assert not world.back()
    assert all(world.forward() for _ in range(12))
    assert not world.forward()
    assert world.turn == 12


def test_a_path_ends_in_the_turn_that_is_shown() -> None:
    world = World(compiled(), seed=11)
    row = world.program.rows["alarm[WEST]"]
    values = [world.value(row)]
    while world.forward():
        values.append(world.value(row))
    assert world.path(row, 100) == values
    assert world.path(row, 4) == values[-4:]
    for _ in range(5):
        world.back()
    assert world.path(row, 3) == values[5:8]


def test_a_world_that_cannot_go_on_stays_and_says_why() -> None:
    world = World(compiled(BROKEN), seed=11)
    while world.forward():
        pass
    assert world.turn == world.played == 3
    assert world.fault is not None
    assert "division by zero" in str(world.fault)
    assert not world.forward()
    assert world.back()
    assert world.forward()
    assert world.turn == 3


@pytest.mark.parametrize("run", [0, 5])
def test_every_moment_has_its_own_state(run: int) -> None:
    world = World(compiled(), seed=11, run=run)
    hashes(world, 12)
    assert [moment.state.turn for moment in world.past] == list(range(13))
    assert len({moment.state.hash() for moment in world.past}) == 13
