"""Section 8 of the semantics: what was done, applied together, each variable changed and clamped once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.oracle.deeds import Effect, Performed
from tests.oracle.terms import Moment, clamp, finite


@dataclass(frozen=True, slots=True)
class Done:
    """A decision that fired: once, or `times` times for a count."""

    key: str
    """Key text of the decision without purpose; with several takes, `#2`, `#3` ... after it."""
    option: str
    deeds: tuple[Performed, ...]
    given: tuple[dict[str, float], ...]
    """The arguments of each deed, as decided."""
    times: int = 1


def arguments(deeds: tuple[Performed, ...], moment: Moment) -> tuple[dict[str, float], ...]:
    """The named numbers of each deed, worked out where the decision is made."""
    return tuple(
        deed.defaults
        | {name: finite(value(moment), f"{deed.action}'s {name}") for name, value in deed.arguments.items()}
        for deed in deeds
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """What comes of a decision: rows to write at the end of the stage, and what was done."""

    writes: dict[str, float]
    done: tuple[Done, ...] = ()


@dataclass(frozen=True, slots=True)
class Contribution:
    order: tuple[str, str, str, str]
    effect: Effect
    value: float


def adjudicate(
    done: Sequence[Done], moment: Moment, ranges: Mapping[str, tuple[float, float]]
) -> dict[str, float]:
    """The new values of all variables that the effects change."""
    contributions = sorted(_contributions(done, moment), key=lambda part: part.order)
    changes = {}
    for row in {part.effect.row for part in contributions}:
        here = [part for part in contributions if part.effect.row == row]
        sets = [part for part in here if part.effect.operator == "="]
        base = moment.now[row]
        if sets:  # of equal priority: options and takes of one choice, the last in order
            base = max(sets, key=lambda part: (part.effect.priority, part.order)).value
        delta = 0.0
        for part in here:
            if part.effect.operator != "=":
                delta = delta + part.value
        low, high = ranges[row]
        changes[row] = finite(clamp(base + delta, low, high), row)
    return changes


def _contributions(done: Sequence[Done], moment: Moment) -> Iterator[Contribution]:
    for each in done:
        for deed, given in zip(each.deeds, each.given, strict=True):
            there = replace(moment, given=given)
            for effect in deed.effects:
                value = effect.value(there)
                if effect.operator != "=" and each.times != 1:
                    value = value * each.times
                if effect.operator == "-=":
                    value = -value
                yield Contribution((each.key, each.option, deed.text, effect.text), effect, value)


def acts_done(done: Sequence[Done]) -> dict[tuple[str, str, str | None], int]:
    """How often each (action, actor, target) was done."""
    counts: dict[tuple[str, str, str | None], int] = {}
    for each in done:
        for deed in each.deeds:
            if deed.action is not None:
                act = (deed.action, deed.actor, deed.target)
                counts[act] = counts.get(act, 0) + each.times
    return counts
