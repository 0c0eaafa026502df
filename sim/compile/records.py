"""Decisions that a construct of the domain puts together itself: their names, their rows, their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sim.compile import program as pr
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import models as md
from sim.scenario.load import PathOf
from sim.text import Place, quoted

NOTHING: Final = pr.Doings()


@dataclass(frozen=True)
class Subject:
    """Whose decision something is, and what it is about: how rows, orders and luck name it."""

    owner: str
    id: str
    about: tuple[tuple[str, str], ...]
    """Name and id, in order of name."""
    path: PathOf
    place: Place
    luck: tuple[str, ...] = ()
    """What stands for the ids in event keys, and for the owner before them; the ids if empty."""

    @property
    def name(self) -> str:
        """`owner/id/name=ID,...`."""
        return f"{self.owner}/{self.id}/{_bound(self.about)}"

    @property
    def key(self) -> str:
        """The event key without its purpose."""
        if not self.luck:
            return self.name
        owner, *ids = self.luck
        about = tuple((name, id_) for (name, _), id_ in zip(self.about, ids, strict=True))
        return f"{owner}/{self.id}/{_bound(about)}"


def _bound(about: Sequence[tuple[str, str]]) -> str:
    return ",".join(f"{name}={id_}" for name, id_ in about)


@dataclass(frozen=True)
class Speaker:
    """Whose expressions something holds: `self`, if there is one, and bound names."""

    path: PathOf
    self_id: str | None = None
    bound: Mapping[str, str] = field(default_factory=dict)

    @property
    def owner(self) -> str:
        """Whose perceptions count."""
        return self.self_id or ""

    def scope(self, perceived: Mapping[int, int] | None = None) -> Scope:
        """Where its expressions stand."""
        return Scope(self.path, self.self_id, self.bound, perceived=perceived or {})


@dataclass(frozen=True)
class Pace:
    """When a decision comes up: turns in which it is due, or a rate a year and the purpose of its draw."""

    due: tuple[int, ...] | None
    rate: int | None = None
    purpose: str = ""


@dataclass(frozen=True)
class Way:
    """An option of a choice, ready but for its luck."""

    id: str
    utility: int
    place: Place
    gate: int | None = None
    doings: pr.Doings = NOTHING


@dataclass(frozen=True)
class StatusQuo:
    """A bias for an option: its index, or -1 for the one that stands."""

    option: int
    bias: int


class Records:
    """Makes the records of one construct."""

    def __init__(self, lowering: Lowering, decisions: DecisionCompiler) -> None:
        self._lowering = lowering
        self._builder = lowering.builder
        self._decisions = decisions

    @property
    def each_turn(self) -> Pace:
        """Due once in every turn."""
        return Pace((0, *(1 for _ in range(self._lowering.scenario.clock.turns))))

    def pace(self, every: md.Every, scope: Scope, path: PathOf) -> Pace:
        """The pace that a part of the file states."""
        if every.step is not None:
            return Pace(self._decisions.cadence(every.step, path, several=False))
        assert every.per is not None
        assert every.rate is not None
        return Pace(None, self._decisions.yearly(every.rate, every.per, scope, (*path, "rate")), "taken_up")

    def rule(self, subject: Subject, *, gate: int | None, pace: Pace, doings: pr.Doings = NOTHING) -> pr.Rule:
        """A rule that fires where its gate is open, when it is due or at a rate."""
        chance = pace.rate is not None
        return pr.Rule(
            name=subject.name,
            owner=subject.owner,
            id=subject.id,
            bindings=subject.about,
            kind="chance" if chance else "cadence",
            gate=gate,
            rate=pace.rate,
            size=None,
            due=None if pace.due is None else tuple(bool(times) for times in pace.due),
            draw=self._builder.draw(f"{subject.key}/{pace.purpose}", subject.place) if chance else None,
            fired=self._builder.rows[f"fired[{subject.name}]"],
            ever=None,
            campaign=None,
            doings=doings,
            place=subject.place,
            path=subject.path,
            grade=self._lowering.figures.grade(subject.path),
        )

    def choice(
        self,
        subject: Subject,
        ways: Sequence[Way],
        *,
        gate: int | None,
        pace: Pace,
        temperature: int,
        status_quo: StatusQuo | None = None,
        initial: int = 0,
    ) -> pr.Choice:
        """A choice between options, which stand in order of id."""
        draw = self._builder.draw
        options = tuple(
            pr.Option(
                id=way.id,
                gate=way.gate,
                utility=way.utility,
                draws=(draw(f"{subject.key}/option:{way.id}", way.place),),
                doings=(way.doings,),
                place=way.place,
            )
            for way in ways
        )
        return pr.Choice(
            name=subject.name,
            owner=subject.owner,
            id=subject.id,
            bindings=subject.about,
            gate=gate,
            due=pace.due,
            rate=pace.rate,
            taken_up=None if pace.rate is None else draw(f"{subject.key}/{pace.purpose}", subject.place),
            temperature=temperature,
            options=options,
            status_quo=None if status_quo is None else status_quo.option,
            bias=None if status_quo is None else status_quo.bias,
            initial=initial,
            chosen=self._builder.rows[f"chosen[{subject.name}]"],
            standing=self._builder.rows[f"standing[{subject.name}]"],
            place=subject.place,
            path=subject.path,
            grade=self._lowering.figures.grade(subject.path),
        )

    def status_quo(
        self, part: md.StatusQuo | None, ids: Sequence[str], scope: Scope, path: PathOf
    ) -> StatusQuo | None:
        """The bias that a part of the file states; an option that is not there is noted."""
        if part is None:
            return None
        option = -1
        if part.option in ids:
            option = ids.index(part.option)
        elif part.option != "standing":
            known = (*ids, "standing")
            self._builder.problems.fault(
                LoweringError(
                    (*path, "option"),
                    0,
                    f"there is no option {quoted(part.option)}",
                    listed(known),
                    self._builder.problems.meant(part.option, known),
                    "unknown-name",
                )
            )
        return StatusQuo(option, self._lowering.number(part.bias, scope.at(*path, "bias")))


def told(doings: pr.Doings, sentence: str) -> pr.Doings:
    """The doings, with a sentence of our own where the file has none."""
    return doings if doings.sayings else replace(doings, sayings=(pr.Saying((sentence,)),))


def declare_rule(lowering: Lowering, subject: Subject) -> None:
    """Declare the row that records a rule."""
    lowering.builder.declare(f"fired[{subject.name}]", "decision", subject.place)


def declare_choice(lowering: Lowering, subject: Subject) -> None:
    """Declare the rows that record a choice."""
    for table in ("chosen", "standing"):
        lowering.builder.declare(f"{table}[{subject.name}]", "decision", subject.place)
