"""How a believed number moves: forgetting, and Bayes' rule for a normal mean and spread.

Rules K1 to K3 of `docs/adjudication.md`, as nodes. Shared by beliefs and credibility.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.compile import program as pr
from sim.compile.compose import Composer

FORGETTING, WEIGHT, LEARNING = "K1", "K2", "K3"


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before play, and how fast everything returns to it. Nodes."""

    mean: int
    spread: int
    half_life: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that speaks for a value. Nodes, but for its name."""

    cause: str
    """As explanations name it."""
    when: int
    """Whether it is heard."""
    says: int
    weight: int
    """Its precision: 1 / noise^2."""


@dataclass(frozen=True)
class Updated:
    """Mean and spread after a turn, as nodes, and what moved the mean."""

    mean: int
    spread: int
    pushes: tuple[pr.Push, ...] = ()
    narrowed: tuple[pr.Push, ...] = field(default=())
    """What moved the spread."""


def updated(
    c: Composer, found: tuple[int, int], prior: Prior, heard: Sequence[Heard], without: frozenset[str]
) -> Updated:
    """Where a belief goes.

    Args:
        c: makes the nodes.
        found: nodes of its mean and spread as found.
        prior: what was believed before play.
        heard: the signals that may come, in order.
        without: rules that are left out.
    """
    mean, spread = found
    if prior.half_life is not None and FORGETTING not in without:
        kept = c.kept(prior.half_life, c.dt_before)
        mean = c.add(prior.mean, c.mul(c.sub(mean, prior.mean), kept))
        spread = c.add(prior.spread, c.mul(c.sub(spread, prior.spread), kept))
    if not heard:
        return Updated(mean, spread)
    one, none = c.const(1.0), c.const(0.0)
    own = c.div(one, c.mul(spread, c.above_zero(spread)))
    weights = [c.when(signal.when, own if WEIGHT in without else signal.weight, none) for signal in heard]
    variance = c.div(one, c.add(own, *weights))
    shares = [c.mul(weight, variance) for weight in weights]
    moves = [
        c.when(signal.when, c.mul(share, c.sub(signal.says, mean)), none)
        for signal, share in zip(heard, shares, strict=True)
    ]
    # Where nobody hears anything, nothing of this is worked out.
    any_heard = c.any(*(signal.when for signal in heard))
    left = spread if LEARNING in without else c.when(any_heard, c.sqrt(variance), spread)
    return Updated(
        c.when(any_heard, c.add(mean, *moves), mean),
        left,
        tuple(
            pr.Push(signal.cause, move, share)
            for signal, move, share in zip(heard, moves, shares, strict=True)
        ),
        (pr.Push("what was heard", c.sub(left, spread)),),
    )
