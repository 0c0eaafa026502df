"""Luck is addressed: a draw depends on seed, stream, run, turn and event alone; and it is random."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from sim.compile.keys import event_key
from sim.engine import luck
from tests.oracle import luck as oracle

Runs = NDArray[np.uint64]

bits32 = st.integers(0, 2**32 - 1)
bits64 = st.integers(0, 2**64 - 1)
turns = st.integers(-1, 2**32 - 2)
run_numbers = st.integers(0, luck.MAX_RUN)


def runs(*numbers: int) -> Runs:
    return np.array(numbers, dtype=np.uint64)


def first(count: int) -> Runs:
    return np.arange(count, dtype=np.uint64)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_known_answers_of_philox(
    counter: tuple[int, int, int, int], key: tuple[int, int], expected: str
) -> None:
    four_runs = 4 * counter[0] + first(4)
    event = counter[2] + (counter[3] << 32)
    drawn = luck.words(key[0], key[1], four_runs, counter[1] - 1, event)
    assert " ".join(f"{word:08x}" for word in drawn.tolist()) == expected
    assert " ".join(f"{word:08x}" for word in oracle.block(counter, key)) == expected


@given(bits32, bits32, st.lists(run_numbers, max_size=12), turns, st.lists(bits64, max_size=5))
def test_engine_and_oracle_draw_the_same_words(
    seed: int, stream: int, numbers: list[int], turn: int, keys: list[int]
) -> None:
    drawn = luck.many_words(seed, stream, runs(*numbers), turn, keys)
    assert drawn.dtype == np.uint32
    assert drawn.shape == (len(keys), len(numbers))
    assert drawn.tolist() == [[oracle.word(seed, stream, r, turn, key) for r in numbers] for key in keys]
    u = luck.uniforms(seed, stream, runs(*numbers), turn, keys)
    assert u.tolist() == [[oracle.uniform(seed, stream, r, turn, key) for r in numbers] for key in keys]


SELECTIONS = {
    "all": np.arange(1000),
    "not aligned to blocks": np.arange(1, 998),
    "backwards": np.arange(1000)[::-1],
    "every fifth": np.arange(0, 1000, 5),
    "shuffled": np.random.default_rng(1).permutation(1000),
    "some twice, some never": np.random.default_rng(2).integers(0, 1000, 1000),
    "open gates": np.flatnonzero(np.random.default_rng(3).random(1000) < 0.3),
    "one": np.array([999]),
    "none": np.arange(0),
    "one many times": np.zeros(8, dtype=int),
    "whole blocks out of order": np.array([0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 7, 6]),
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_a_run_draws_the_same_alone_and_among_any_others(name: str) -> None:
    base, chosen = 4 * 123_456, SELECTIONS[name]
    whole = luck.words(5, 6, base + first(1000), 7, 8)
    assert luck.words(5, 6, base + chosen.astype(np.uint64), 7, 8).tolist() == whole[chosen].tolist()


def test_the_fast_way_and_the_general_way_agree() -> None:
    aligned, shuffled = first(4096), np.random.default_rng(4).permutation(first(4096))
    assert luck.lanes(aligned).gather is None
    assert luck.lanes(shuffled).gather is not None
    one = luck.words(1, 2, aligned, 3, 4)
    other = luck.words(1, 2, shuffled, 3, 4)
    assert np.array_equal(one[shuffled], other)


@pytest.mark.parametrize("count", [1, 3, 4, 17, 4096, 50_000])
def test_many_events_drawn_together_are_as_drawn_one_by_one(count: int) -> None:
    keys = [event_key(f"PRK/rule_{i}//fires") for i in range(20)]
    lane = luck.lanes(first(count))
    together = luck.uniforms(11, 3, lane, 5, keys)
    assert together.shape == (20, count)
    for key, row in zip(keys, together, strict=True):
        assert np.array_equal(luck.uniform(11, 3, lane, 5, key), row)
        assert np.array_equal((luck.words(11, 3, lane, 5, key) + 0.5) / 2**32, row)


def test_lanes_serve_many_draws() -> None:
    lane = luck.lanes(runs(9, 2, 30))
    assert luck.lanes(lane) is lane
    assert len(lane) == 3
    assert lane.runs.tolist() == [9, 2, 30]
    assert np.array_equal(luck.words(1, 1, lane, 1, 1), luck.words(1, 1, runs(9, 2, 30), 1, 1))


def test_run_numbers_may_have_any_integer_type() -> None:
    expected = luck.words(1, 2, runs(0, 5, 9), 3, 4).tolist()
    for kind in (np.int64, np.int32, np.uint32, np.uint8):
        assert luck.words(1, 2, np.array([0, 5, 9], dtype=kind), 3, 4).tolist() == expected


def test_uniforms_lie_strictly_inside_the_unit_interval() -> None:
    # The extreme words, by the formula; that the engine follows it is tested above.
    assert (0 + 0.5) / 2**32 == 2.0**-33 > 0.0
    assert (2**32 - 1 + 0.5) / 2**32 == 1.0 - 2.0**-33 < 1.0
    u = luck.uniforms(1, 0, first(100_000), 0, range(5))
    assert 0.0 < u.min() < 1e-4
    assert 1.0 - 1e-4 < u.max() < 1.0
    assert (u * 2.0**33 % 2 == 1).all()  # every one is an odd multiple of 2**-33: nothing was rounded


@pytest.mark.parametrize(
    "numbers",
    [np.array([2**34], np.uint64), np.array([-1]), np.array([2**64 - 1], np.uint64), np.array([0.0])]
    + [np.zeros((2, 2), np.uint64), np.array([True])],
)
def test_impossible_run_numbers_are_refused(numbers: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="run numbers"):
        luck.words(0, 0, numbers, 0, 0)


@pytest.mark.parametrize(
    ("seed", "stream", "turn", "key", "what"),
    [
        (2**32, 0, 0, 0, "seed"),
        (-1, 0, 0, 0, "seed"),
        (0, 2**32, 0, 0, "stream"),
        (0, -1, 0, 0, "stream"),
        (0, 0, -2, 0, "turn"),
        (0, 0, 2**32 - 1, 0, "turn"),
        (0, 0, 0, 2**64, "key"),
        (0, 0, 0, -1, "key"),
    ],
)
def test_impossible_addresses_are_refused(seed: int, stream: int, turn: int, key: int, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        luck.words(seed, stream, first(4), turn, key)


def test_an_event_key_is_the_blake2b_of_its_text() -> None:
    # b2sum -l 64 prints cc5e2735b69d2997 for this text; it is read from its low byte up.
    assert event_key("PRK/border_provocation//fires") == 0x97299DB635275ECC
    for text in ("", "CHN/handle_pyongyang//option:silence", "KOR/\u540d/x=\u00e9/fires"):
        assert event_key(text) == oracle.event_key(text) < 2**64


def test_two_spellings_of_one_accent_are_one_event() -> None:
    assert event_key("FRA/d\u00e9fense//fires") == event_key("FRA/de\u0301fense//fires")


# --- Randomness ------------------------------------------------------------------------------------------
#
# Addresses are fixed, so these tests give one verdict for ever. A fair generator would fail one of them with
# a chance below one in ten thousand (Bonferroni over the p values of each).

LEVEL = 1e-4


def sound(p_values: list[float]) -> bool:
    return min(p_values) * len(p_values) > LEVEL


def along_runs() -> NDArray[np.float64]:
    return luck.uniform(1, 0, first(65_536), 1, event_key("a")).reshape(1024, 64)


def along_turns() -> NDArray[np.float64]:
    return np.stack([luck.uniform(1, 0, first(64), turn, event_key("a")) for turn in range(-1, 1023)])


def along_keys() -> NDArray[np.float64]:
    return luck.uniforms(1, 0, first(64), 1, [event_key(f"PRK/rule_{i}//fires") for i in range(1024)])


def along_plain_keys() -> NDArray[np.float64]:
    return luck.uniforms(1, 0, first(64), 1, range(1024))


def along_streams() -> NDArray[np.float64]:
    return np.stack([luck.uniform(1, stream, first(64), 1, event_key("a")) for stream in range(1024)])


def along_seeds() -> NDArray[np.float64]:
    return np.stack([luck.uniform(seed, 0, first(64), 1, event_key("a")) for seed in range(1024)])


AXES = [along_runs, along_turns, along_keys, along_plain_keys, along_streams, along_seeds]


@pytest.mark.parametrize("axis", AXES)
def test_draws_are_uniform(axis: Callable[[], NDArray[np.float64]]) -> None:
    u = axis()
    flat = u.ravel()
    p = [float(stats.kstest(flat, "uniform").pvalue)]
    p += [
        float(stats.chisquare(np.bincount((flat * n).astype(int), minlength=n)).pvalue)
        for n in (16, 256, 4096)
    ]
    # Each column by itself, and the low bits as well as the high ones.
    p += [float(stats.kstest(column, "uniform").pvalue) for column in u.T]
    word = (flat * 2**32).astype(np.uint64)
    ones = [int(np.count_nonzero(word >> np.uint64(bit) & np.uint64(1))) for bit in range(32)]
    p += [float(stats.binomtest(count, len(word)).pvalue) for count in ones]
    assert sound(p)


@pytest.mark.parametrize("axis", AXES)
def test_neighbours_along_every_axis_are_independent(axis: Callable[[], NDArray[np.float64]]) -> None:
    u = axis()
    p = []
    for step in (1, 2, 3, 4, 7):
        for one, other in ((u[:-step], u[step:]), (u[:, :-step], u[:, step:])):
            p.append(float(stats.pearsonr(one.ravel(), other.ravel()).pvalue))
    pairs = (u[0::2], u[1::2]), (u[:, 0::2], u[:, 1::2])
    for one, other in pairs:  # serial test: pairs that do not overlap, on a 32 by 32 grid
        cell = (one.ravel() * 32).astype(int) * 32 + (other.ravel() * 32).astype(int)
        p.append(float(stats.chisquare(np.bincount(cell, minlength=1024)).pvalue))
    assert sound(p)


def test_columns_and_rows_are_uncorrelated_with_one_another() -> None:
    p = []
    for axis in AXES:
        r = np.corrcoef(axis().T)[np.triu_indices(64, 1)]
        p.append(float(stats.kstest(np.arctanh(r) * np.sqrt(1024 - 3), "norm").pvalue))
    assert sound(p)


def test_triples_fill_the_cube() -> None:
    u = luck.uniforms(3, 1, first(60_000), 2, [event_key(name) for name in "abc"])
    cell = (u * 8).astype(int)
    counts = np.bincount(cell[0] * 64 + cell[1] * 8 + cell[2], minlength=512)
    assert sound([float(stats.chisquare(counts).pvalue)])


def test_one_bit_of_the_address_changes_half_the_bits_of_the_word() -> None:
    base = (0x12345678, 0x9ABCDEF0, 4 * 0x0FEDCBA9, 0x1111, 0x0123456789ABCDEF)
    widths = (32, 32, 34, 31, 64)
    p = []
    for place, width in enumerate(widths):
        for bit in range(width):
            changed = list(base)
            changed[place] ^= 1 << bit
            flips = 0
            for turn in range(32):  # an avalanche for each of 32 unrelated events
                event = event_key(str(turn)) if place != 4 else 0
                one, other = (
                    luck.words(a[0], a[1], runs(a[2]), a[3], a[4] ^ event ^ turn << 40)[0]
                    for a in (list(base), changed)
                )
                flips += int(one ^ other).bit_count()
            p.append(float(stats.binomtest(flips, 32 * 32).pvalue))
    assert sound(p)


def test_swapping_two_parts_of_an_address_gives_another_draw() -> None:
    drawn = {
        int(luck.words(a, b, runs(4 * c), d, e)[0])
        for a, b, c, d, e in itertools.permutations((1, 2, 3, 4, 5))
    }
    assert len(drawn) == 120
