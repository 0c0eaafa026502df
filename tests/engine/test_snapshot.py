"""Worlds put aside, taken up again, and forked."""

from __future__ import annotations

import gc
import json
import weakref
import zipfile
from dataclasses import replace
from pathlib import Path

import mesa
import numpy as np
import pytest

from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.snapshot import Snapshot
from sim.text import FoedusError
from tests.worlds import FLAGSHIP, shipped

SMALL = "first-steps"


def test_a_restored_snapshot_goes_on_as_if_it_had_never_stopped(tmp_path: Path) -> None:
    program = shipped(FLAGSHIP)
    whole = Model(program, runs=7, seed=3).play()
    half = Model(program, runs=7, seed=3).play(11)
    half.snapshot().save(tmp_path / "world.foedus")
    half.play()
    restored = Model.restore(program, Snapshot.load(tmp_path / "world.foedus"))
    assert restored.turn == 11
    assert restored.play().state.hashes() == whole.state.hashes() == half.state.hashes()


def test_a_fork_without_a_change_equals_its_parent() -> None:
    program = shipped(FLAGSHIP)
    parent = Model(program, runs=[5, 900, 17], seed=3).play(6)
    fork = parent.fork()
    parent.play()
    assert fork.turn == 6
    assert fork.play().state.hashes() == parent.state.hashes()


def test_a_fork_on_another_stream_shares_the_past_and_not_the_future() -> None:
    parent = Model(shipped(FLAGSHIP), runs=1, seed=3).play(6)
    fork = parent.fork(stream=1)
    assert fork.state.hash() == parent.state.hash()
    assert fork.play().state.hash() != parent.play().state.hash()


def test_one_world_forks_into_many_futures_that_any_split_repeats() -> None:
    parent = Model(shipped(FLAGSHIP), runs=[41], seed=3).play(6)
    futures = parent.fork(runs=range(40), stream=1).play()
    assert len(set(futures.state.hashes())) == 40
    some = parent.fork(runs=[33, 2], stream=1).play()
    assert some.state.hashes() == [futures.state.hash(33), futures.state.hash(2)]


def test_a_fork_keeps_the_runs_that_are_asked_for() -> None:
    parent = Model(shipped(SMALL), runs=50, seed=3).play(2)
    fork = parent.fork(runs=[49, 3])
    assert fork.play().state.hashes() == [parent.play().state.hash(49), parent.state.hash(3)]
    with pytest.raises(ValueError, match="no run 50"):
        parent.fork(runs=[50])


def test_what_a_variable_is_in_every_run_lies_side_by_side_in_a_fork_too() -> None:
    fork = Model(shipped(SMALL), runs=50, seed=3).fork(runs=range(40, 10, -1))
    assert fork.state.values.flags.c_contiguous  # columns that are picked lie the other way round


def test_a_fork_does_not_touch_its_parent() -> None:
    parent = Model(shipped(SMALL), runs=4, seed=3).play(2)
    before = parent.state.hashes()
    parent.fork().play()
    assert parent.state.hashes() == before


def test_orders_come_along(tmp_path: Path) -> None:
    program = shipped(SMALL)
    choice = program.choices[0]
    order = Order(3, choice.owner, choice.name.split("/", 1)[1], choice.options[0].id, "by hand")
    ordered = Model(program, runs=30, seed=1, orders=[order])
    half = Model(program, runs=30, seed=1, orders=[order]).play(1)
    half.snapshot().save(tmp_path / "w")
    restored = Model.restore(program, Snapshot.load(tmp_path / "w"))
    assert restored.orders == (order,)
    assert restored.play().state.hashes() == ordered.play().state.hashes()
    assert half.fork().play().state.hashes() == ordered.state.hashes()


def test_a_snapshot_of_another_scenario_or_version_is_refused() -> None:
    snapshot = Model(shipped(SMALL), runs=1).snapshot()
    with pytest.raises(FoedusError, match="another scenario"):
        Model.restore(shipped(FLAGSHIP), snapshot)
    with pytest.raises(FoedusError, match="results version"):
        Model.restore(shipped(SMALL), replace(snapshot, results_version=0))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"plain text"])
def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken").write_bytes(content)
    with pytest.raises(FoedusError, match="not a snapshot"):
        Snapshot.load(tmp_path / "broken")
    with pytest.raises(FoedusError, match="No such file"):
        Snapshot.load(tmp_path / "missing")


@pytest.mark.parametrize(
    "edit",
    [
        {"seed": "3"},
        {"seed": -1},
        {"turn": 1.5},
        {"stream": None},
        {"results_version": True},
        {"orders": [{"turn": "1", "actor": "EAST", "decision": "fire", "option": "do", "reason": ""}]},
        {"orders": [{"turn": 1, "actor": "EAST", "decision": "fire", "option": 3, "reason": ""}]},
        {"orders": 3},
    ],
    ids=str,
)
def test_a_snapshot_whose_head_was_edited_is_refused(tmp_path: Path, edit: dict[str, object]) -> None:
    whole, edited = tmp_path / "whole", tmp_path / "edited"
    Model(shipped(SMALL)).snapshot().save(whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(edited, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, json.dumps(json.loads(content) | edit) if name == "head.json" else content)
    Snapshot.load(whole)
    with pytest.raises(FoedusError, match="is not a snapshot"):
        Snapshot.load(edited)


def test_twenty_thousand_models_made_and_dropped_leak_nothing() -> None:
    program = shipped(SMALL)
    kept = [weakref.ref(Model(program, runs=1, seed=seed)) for seed in range(50)]
    gc.collect()
    assert not any(reference() for reference in kept)
    counters = getattr(mesa.Agent, "_ids", {})
    before = len(counters)
    objects = len(gc.get_objects())
    for seed in range(20_000):
        Model(program, runs=1, seed=seed)
    gc.collect()
    assert len(counters) == before
    assert len(gc.get_objects()) - objects < 100  # fewer, where what other tests left has gone meanwhile


def test_agents_are_views_on_their_slice() -> None:
    program = shipped(FLAGSHIP)
    model = Model(program, runs=3, seed=1)
    actor, attribute, row = program.attributes[0]
    agent = model.actors[actor]
    assert attribute in agent.attributes
    np.testing.assert_array_equal(getattr(agent, attribute), model.state.values[row])
    model.play(5)
    np.testing.assert_array_equal(agent[attribute], model.state.values[row])
    with pytest.raises(ValueError, match="read-only"):
        agent[attribute][0] = 1.0
    assert len(model.agents) == len(program.names)
    assert model.agents.select(lambda other: other.actor == actor)[0] is agent
    with pytest.raises(AttributeError):
        _ = agent.no_such_thing
