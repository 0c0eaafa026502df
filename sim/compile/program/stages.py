"""What the constructs of the domain add to a turn: passes of decisions and assignments, and waves of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

from sim.compile.program.decisions import Choice, Decision, Demand, Rule
from sim.text import Place


@dataclass(frozen=True, slots=True)
class Push:
    """One of several things that move what an assignment works out."""

    cause: str
    """As explanations name it: `signal summit`."""
    moved: int
    """Node: by how much it moves the row; 0 where it does not."""
    weight: int | None = None
    """Node: how much it counts beside the others, 0 to 1, where that can be said."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A row that a pass works out from the state that it finds."""

    row: int
    node: int
    whose: str
    """What it belongs to, as messages name it: `the leakage of dprk`."""
    place: Place
    rule: str = ""
    """The rule of `docs/adjudication.md` that it follows."""
    owner: str = ""
    """The actor whose it is, or ""."""
    cause: str = ""
    """What its move is put down to, but for the pushes; "" for what it does by itself."""
    pushes: tuple[Push, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """A row that holds the highest level of what was done in a stage: 0 if nothing was."""

    row: int
    acts: tuple[int, ...]
    """`acts` rows of the deeds that count."""
    levels: tuple[float, ...]
    """The level of each."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A part of a stage: decisions and assignments that all read the state it finds."""

    id: str
    rules: tuple[Rule, ...] = ()
    choices: tuple[Choice, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    """In order of row name; none of a row that the decisions' effects touch."""
    incidents: bool = False
    """Whether what is done here counts as incidents: their rows are written anew."""
    demands: tuple[Demand, ...] = ()
    """What must hold in every run."""

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Its rules, then its choices."""
        return (*self.rules, *self.choices)


@dataclass(frozen=True, slots=True)
class Waves:
    """Passes that are played again and again, in the runs that still have something to settle.

    What their decisions fired or chose stays in its row until the turn ends: each is taken once a turn.
    """

    id: str
    open: int
    """Node: whether a run has something to settle."""
    finding: Pass
    """Finds out what there is to settle."""
    found: int
    """Node, after that: whether there is anything. Where there is not, the rest of the wave is not played."""
    passes: tuple[Pass, ...]
    """The rest of a wave."""
    place: Place


Step = Pass | Waves


def passes_of(step: Step) -> tuple[Pass, ...]:
    """The passes of a step, in the order of play; one inside waves once."""
    return (step,) if isinstance(step, Pass) else (step.finding, *step.passes)


@dataclass(frozen=True, slots=True)
class Stages:
    """What the constructs of the domain add to a turn, stage by stage."""

    opening: tuple[Step, ...] = ()
    """At turn 0, before indicators: what stands on the first values of attributes and perceptions."""
    clearing: tuple[Step, ...] = ()
    """Before stage 1: what speaks of one turn only is set back."""
    perceiving: tuple[Step, ...] = ()
    """After stage 2: beliefs, and what else must be known before anyone decides."""
    delivering: tuple[Step, ...] = ()
    """Before stage 5: what was promised in an earlier turn for this one."""
    answering: tuple[Step, ...] = ()
    """Stage 5: calls and answers; again in every crisis round."""
    voting: tuple[Step, ...] = ()
    """Stage 6: bodies vote."""
    settling: tuple[Step, ...] = ()
    """Stage 7, before dynamics: flows, sanctions."""

    def all(self) -> Iterator[Step]:
        """Every step, in the order of play."""
        for steps in (
            *(self.opening, self.clearing, self.perceiving, self.delivering),
            *(self.answering, self.voting, self.settling),
        ):
            yield from steps

    def passes(self) -> Iterator[Pass]:
        """Every pass, in the order of play; one inside waves once."""
        for step in self.all():
            yield from passes_of(step)

    def with_passes(self, change: Callable[[Pass], Pass]) -> Stages:
        """The same stages with every pass changed, those inside waves too."""

        def changed(step: Step) -> Step:
            if isinstance(step, Pass):
                return change(step)
            return replace(step, finding=change(step.finding), passes=tuple(map(change, step.passes)))

        return Stages(**{one.name: tuple(map(changed, getattr(self, one.name))) for one in fields(self)})
