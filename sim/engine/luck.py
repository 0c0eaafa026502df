"""Luck that is addressed, never consumed: Philox4x32-10 over (seed, stream, run, turn, event key).

A draw is a pure function of its address, so it depends neither on how many runs share a batch, nor on the
order of work, nor on any other rule of the scenario. The counter is structured, not hashed: run, turn and
key have places of their own in it, and two addresses can never fall on one word.
``docs/reference/arithmetic.md``, section 7, has the layout.

One Philox block holds the words of four neighbouring runs. `Lanes` prepares a vector of runs once, so that
drawing computes each block once, however many runs of it are asked for and in whatever order.

Source: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint32]
Wide: TypeAlias = NDArray[np.uint64]

MAX_RUN: Final = (1 << 34) - 1
"""The highest run number: run // 4 has 32 bits of the counter."""

_MASK: Final = 0xFFFFFFFF
_MULTIPLIERS: Final = (0xD2511F53, 0xCD9E8D57)
_KEY_STEPS: Final = (0x9E3779B9, 0xBB67AE85)
_BOTH_MULTIPLIERS: Final[Wide] = np.array(_MULTIPLIERS[::-1], dtype=np.uint64).reshape(2, 1, 1)
_ROUNDS: Final = 10
_BLOCKS_AT_ONCE: Final = 8192  # keys are drawn in groups of about this many blocks, to stay in the cache
_LOW, _HIGH = (0, 1) if sys.byteorder == "little" else (1, 0)  # halves of a 64-bit number seen as two of 32


@dataclass(frozen=True, slots=True)
class Lanes:
    """A vector of runs, prepared for drawing; make one with `lanes`."""

    runs: Wide
    """Run numbers, shape ``(runs,)``."""
    high: Wide
    """High half of the first product of Philox, per block needed; shape ``(blocks,)``."""
    low: Wide
    """Low half of the same product."""
    gather: NDArray[np.intp] | None
    """Where each run's word stands among the words of all blocks; None if in the runs' own order."""

    def __len__(self) -> int:
        return len(self.runs)


def lanes(runs: NDArray[Any] | Lanes) -> Lanes:
    """Prepare run numbers, shape ``(runs,)``, in any order, with gaps or repeats, for repeated drawing.

    Raises ValueError if they are not integers from 0 to `MAX_RUN` in one dimension.
    """
    if isinstance(runs, Lanes):
        return runs
    if runs.ndim != 1 or runs.dtype.kind not in "ui":
        raise ValueError("run numbers must be integers in one dimension")
    if runs.size and (runs.min() < 0 or runs.max() > MAX_RUN):
        raise ValueError(f"run numbers must lie between 0 and {MAX_RUN}")
    numbers = runs.astype(np.uint64)
    block: Wide = numbers >> np.uint64(2)
    fresh = np.ones(len(block), dtype=bool)
    np.not_equal(block[1:], block[:-1], out=fresh[1:])
    blocks = block[fresh]
    place = np.cumsum(fresh) - 1  # lint: exact it counts blocks, in integers
    gather = place * 4 + (numbers & np.uint64(3)).astype(np.intp)
    in_order = len(numbers) == 4 * len(blocks) and np.array_equal(gather, np.arange(len(numbers)))
    product: Wide = blocks * np.uint64(_MULTIPLIERS[0])
    high: Wide = product >> np.uint64(32)
    low: Wide = product & np.uint64(_MASK)
    return Lanes(numbers, high, low, None if in_order else gather)


def words(seed: int, stream: int, runs: NDArray[Any] | Lanes, turn: int, key: int) -> Words:
    """The raw 32-bit words of one event, shape ``(runs,)``.

    ``turn`` is -1 (parameters), 0 (the state before play) or a turn of play. Raises ValueError for a seed,
    stream, turn, key or run number outside its bits.
    """
    one: Words = many_words(seed, stream, runs, turn, (key,))[0]
    return one


def uniform(seed: int, stream: int, runs: NDArray[Any] | Lanes, turn: int, key: int) -> NDArray[np.float64]:
    """Uniform numbers ``(word + 1/2) / 2**32`` of one event, strictly inside (0, 1), shape ``(runs,)``."""
    one: NDArray[np.float64] = uniforms(seed, stream, runs, turn, (key,))[0]
    return one


def many_words(seed: int, stream: int, runs: NDArray[Any] | Lanes, turn: int, keys: Sequence[int]) -> Words:
    """The words of several events for the same runs and turn, shape ``(keys, runs)``.

    The same as one event at a time, but faster by two or three times: draw all keys of a stage together.
    """
    lane = lanes(runs)
    out = np.empty((len(keys), len(lane)), dtype=np.uint32)
    for rows, drawn in _in_groups(seed, stream, lane, turn, keys):
        out[rows] = drawn
    return out


def uniforms(
    seed: int, stream: int, runs: NDArray[Any] | Lanes, turn: int, keys: Sequence[int]
) -> NDArray[np.float64]:
    """Uniform numbers of several events for the same runs and turn, shape ``(keys, runs)``."""
    lane = lanes(runs)
    out = np.empty((len(keys), len(lane)))
    for rows, drawn in _in_groups(seed, stream, lane, turn, keys):
        u = out[rows]
        u[...] = drawn
        u += 0.5
        u *= 1.0 / 4294967296.0  # a power of two: exact, and the same as dividing
    return out


def _in_groups(
    seed: int, stream: int, lane: Lanes, turn: int, keys: Sequence[int]
) -> Iterator[tuple[slice, Words]]:
    """The words of some keys after the other, few enough at once for the processor's cache."""
    _check_address(seed, stream, turn, keys)
    at_once = max(1, _BLOCKS_AT_ONCE // max(1, len(lane.high)))
    for start in range(0, len(keys), at_once):
        rows = slice(start, start + at_once)
        drawn = _philox(seed, stream, lane, turn, np.array(keys[rows], dtype=np.uint64))
        yield rows, drawn if lane.gather is None else np.take(drawn, lane.gather, axis=1)


def _check_address(seed: int, stream: int, turn: int, keys: Sequence[int]) -> None:
    for name, value, least, most in (
        ("seed", seed, 0, _MASK),
        ("stream", stream, 0, _MASK),
        ("turn", turn, -1, _MASK - 1),
    ):
        if not least <= value <= most:
            raise ValueError(f"{name} must lie between {least} and {most}")
    if keys and not (min(keys) >= 0 and max(keys) < 1 << 64):
        raise ValueError("an event key has 64 bits")


def _philox(seed: int, stream: int, lane: Lanes, turn: int, keys: Wide) -> Words:
    """Four words a block, shape ``(keys, 4 * blocks)``.

    A round takes (c0, c1, c2, c3) to (hi(q)^c1^k0, lo(q), hi(p)^c3^k1, lo(p)) with p = M0*c0 and q = M1*c2.
    So c1 and c3 are always halves of the round before's products, and need no place of their own: `state`
    holds c2 and c0 as 64-bit numbers with a clear high half, `new` this round's q and p, `old` the last
    round's. Halves are picked by viewing them as 32-bit numbers, which spares a shift and a mask each. In
    the first two rounds most words do not yet depend on both run and key; those are worked out on the
    smaller shape.
    """
    seeds, streams, round_keys = _round_keys(seed, stream)
    shape = (2, len(keys), len(lane.high))
    state, old, new = np.zeros(shape, np.uint64), np.empty(shape, np.uint64), np.empty(shape, np.uint64)
    state_low = _half(state, _LOW)

    # Round 1: q and c0 depend on the key alone, p and its halves on the run alone.
    q = (keys & _MASK) * _MULTIPLIERS[1]
    c0 = (q >> 32) ^ (turn + 1) ^ seeds[0]
    np.bitwise_xor(lane.high, ((keys >> 32) ^ streams[0])[:, None], out=state[0])
    # Round 2: p depends on the key alone.
    p = c0 * _MULTIPLIERS[0]
    np.multiply(state[0], _MULTIPLIERS[1], out=old[0])
    old[1] = p[:, None]
    c0_key = ((q & _MASK) ^ seeds[1]).astype(np.uint32)[:, None]
    np.bitwise_xor(_half(old[0], _HIGH), c0_key, out=state_low[1])
    np.bitwise_xor(lane.low, ((p >> 32) ^ streams[1])[:, None], out=state[0])

    # c2 takes from p and c0 from q: hence the reversed views.
    lows = [_half(wide[::-1], _LOW) for wide in (old, new)]
    highs = [_half(wide[::-1], _HIGH) for wide in (old, new)]
    products = (old, new)
    for i in range(2, _ROUNDS):
        last, this = i % 2, (i + 1) % 2
        np.multiply(state, _BOTH_MULTIPLIERS, out=products[this])
        np.bitwise_xor(highs[this], lows[last], out=state_low)
        np.bitwise_xor(state, round_keys[i], out=state)

    out = np.empty((len(keys), len(lane.high), 4), dtype=np.uint32)
    c3, c1 = lows[_ROUNDS % 2]
    for place, word in enumerate((state_low[1], c1, state_low[0], c3)):
        out[..., place] = word
    return out.reshape(len(keys), 4 * len(lane.high))


@lru_cache(maxsize=64)
def _round_keys(seed: int, stream: int) -> tuple[tuple[int, ...], tuple[int, ...], Wide]:
    """Of each round what the seed comes to, what the stream does, and both as shape `(rounds, 2, 1, 1)`."""
    seeds, streams = (
        tuple((int(number) + i * step) & _MASK for i in range(_ROUNDS))
        for number, step in zip((seed, stream), _KEY_STEPS, strict=True)
    )
    return seeds, streams, np.array([streams, seeds], dtype=np.uint64).T.reshape(_ROUNDS, 2, 1, 1)


def _half(wide: Wide, which: int) -> Words:
    """The low or high halves of 64-bit numbers, as a view."""
    return wide.view(np.uint32)[..., which::2]
