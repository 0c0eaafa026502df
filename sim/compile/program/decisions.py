"""Decisions: rules, choices and injects, and what comes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.compile.program.nodes import Grade
from sim.text import Place


@dataclass(frozen=True, slots=True)
class Effect:
    """One change of one row by one decision (or by one option of a choice)."""

    row: int
    operator: Literal["+=", "-=", "="]
    value: int
    priority: int
    order: tuple[str, str, str, str]
    """Place in the fold: key text, option, call text, effect text."""
    place: Place


@dataclass(frozen=True, slots=True)
class Deed:
    """An action that a decision performs."""

    action: str
    actor: str
    target: str
    """"" for an action to nobody."""
    arguments: tuple[tuple[str, int], ...]
    """Name and node of each of the action's `takes`, in order of name."""
    acts: int
    times: int
    place: Place


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence for the log: literal texts, names, and numbers to be filled in."""

    pieces: tuple[str | tuple[int, str], ...]
    """Texts, and (node, format specification) pairs; node -1 is the count."""


@dataclass(frozen=True, slots=True)
class Doings:
    """What a decision, or an option of one, does."""

    deeds: tuple[Deed, ...] = ()
    effects: tuple[Effect, ...] = ()
    """Own effects and those of the deeds."""
    sayings: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True)
class Campaign:
    row: int
    starts: int
    """Node: rate per year at which a campaign begins."""
    ends: int
    draw: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of an actor or of the world, or an inject."""

    name: str
    """`owner/id` or `owner/id/bindings`."""
    owner: str
    id: str
    bindings: tuple[tuple[str, str], ...]
    kind: Literal["chance", "count", "cadence", "once", "inject", "probability", "consequence"]
    gate: int | None
    rate: int | None
    """Node: rate or mean per year; of an inject, or where a probability is stated, that probability; None if
    it always fires when due.
    """
    size: int | None
    due: tuple[bool, ...] | None
    """Per turn from 0 on, for cadences and injects."""
    draw: int | None
    fired: int
    ever: int | None
    campaign: Campaign | None
    doings: Doings
    place: Place
    path: tuple[str | int, ...]
    grade: Grade
    crisis: int = -1
    """Row that is above 0 while it is taken in crisis rounds; -1 if it never is."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Bounds that a number must keep wherever it is used; a value beyond them stops the run."""

    node: int
    what: str
    """What it is, as the message begins: `the scale of nest hard`."""
    place: Place
    low: float = float("-inf")
    high: float = float("inf")
    above: bool = False
    """Whether it must be above `low`, not at it."""


@dataclass(frozen=True, slots=True)
class Nest:
    """Options of a choice that share a part of their luck."""

    id: str
    options: tuple[int, ...]
    """Indices of its options, in order."""
    scale: int
    """Node: 1 for options no more alike than others, near 0 for those as good as one."""
    draws: tuple[int, ...]
    """One for each take of a turn; so are `angles`."""
    angles: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    gate: int | None
    utility: int
    draws: tuple[int, ...]
    """One for each take of a turn."""
    doings: tuple[Doings, ...]
    """One for each take: the order of effects differs."""
    place: Place


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    owner: str
    id: str
    bindings: tuple[tuple[str, str], ...]
    gate: int | None
    due: tuple[int, ...] | None
    """How often it is taken up in each turn from 0 on; None if at a rate."""
    rate: int | None
    taken_up: int | None
    """Draw, for choices taken up at a rate."""
    temperature: int
    options: tuple[Option, ...]
    """In order of id."""
    status_quo: int | None
    """Index of the option with the bias; -1 for the one that stands."""
    bias: int | None
    initial: int
    """1 + index of the option that stands at the start, or 0."""
    chosen: int
    standing: int
    place: Place
    path: tuple[str | int, ...]
    grade: Grade
    crisis: int = -1
    """Row that is above 0 while it is taken in crisis rounds; -1 if it never is."""
    nests: tuple[Nest, ...] = ()
    share: int | None = None
    """Node: of a choice with a cadence, the probability with which each take that is due is taken, None for
    certain; of one with a rate, the last factor of it, if that is diluted."""
    share_draws: tuple[int, ...] = ()
    """One for each take of a turn, where a cadence has a share."""
    demands: tuple[Demand, ...] = ()
    """What must hold where it is taken up."""


Decision = Rule | Choice


@dataclass(frozen=True, slots=True)
class Round:
    """The decisions of a crisis round after the first, with that round's luck."""

    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Crisis:
    """Rounds of some days inside a turn, in the runs in which somebody is in crisis."""

    counts: tuple[int, ...]
    """Rounds in each turn, from 0 on."""
    rows: tuple[int, ...]
    """Rows that are above 0 where a pair of actors is in crisis."""
    later: tuple[Round, ...]
    """Rounds 2, 3, ..., as many as the longest turn has."""
