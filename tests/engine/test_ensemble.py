"""A run is the same run wherever it is played: alone, in a batch, in any split or order, on any processor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.model import Model
from tests.processor import output_without
from tests.worlds import FLAGSHIP, SHIPPED, history, played, shipped

SMALL = "first-steps"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_run_alone_is_the_run_in_a_batch_at_every_turn(name: str) -> None:
    program = shipped(name)
    batch = history(program, 64)
    for run in (0, 17, 63):
        alone = history(program, [run])
        assert [turn[0] for turn in alone] == [turn[run] for turn in batch]


@settings(max_examples=20)
@given(
    runs=st.lists(st.integers(0, 2**34 - 1), min_size=1, max_size=24, unique=True),
    seed=st.integers(0, 2**32 - 1),
    stream=st.integers(0, 2**32 - 1),
    cut=st.integers(0, 24),
)
def test_split_and_order_of_runs_change_nothing(runs: list[int], seed: int, stream: int, cut: int) -> None:
    program = shipped(SMALL)
    together = dict(zip(runs, played(program, runs, seed, stream=stream).hashes(), strict=True))
    for part in (runs[:cut], runs[cut:], runs[::-1]):
        if part:
            apart = played(program, part, seed, stream=stream).hashes()
            assert apart == [together[run] for run in part]


def test_the_runs_of_a_batch_differ_from_each_other() -> None:
    hashes = played(shipped(FLAGSHIP), 500, turns=1).hashes()
    assert len(set(hashes)) == len(hashes)


def test_seeds_and_streams_give_other_worlds() -> None:
    program = shipped(FLAGSHIP)
    worlds = [
        played(program, 8, seed, stream=stream, turns=2).hashes() for seed, stream in ((1, 0), (2, 0), (1, 1))
    ]
    assert len({run for world in worlds for run in world}) == 24


def test_run_numbers_reach_beyond_a_billion() -> None:
    program = shipped(SMALL)
    far = 2**34 - 1
    assert played(program, [far]).hash() == played(program, [3, far, 2**33]).hash(1)


def test_stepping_is_playing() -> None:
    program = shipped(SMALL)
    stepped = Model(program, runs=5, seed=9)
    while not stepped.finished:
        stepped.step()
    assert stepped.state.hashes() == played(program, 5, 9).hashes()
    stepped.step()
    assert stepped.turn == program.turns


PLAY = """
from tests.worlds import FLAGSHIP, history, shipped
import hashlib
digest = hashlib.blake2b(digest_size=16)
for turn in history(shipped(FLAGSHIP), 200):
    for run in turn:
        digest.update(run.encode())
print(digest.hexdigest())
"""


def test_the_flagship_is_the_same_without_the_processors_wide_instructions() -> None:
    expected, present = output_without(PLAY)
    assert output_without(PLAY, *present) == (expected, [])


def test_hashes_take_minus_zero_for_zero() -> None:
    state = played(shipped(SMALL), 2)
    before = state.hashes()
    zero = np.argwhere(state.values[:, 0] == 0.0)[0, 0]
    state.values[zero, 0] = -0.0
    assert state.hashes() == before
    assert state.hash(0) == before[0]
