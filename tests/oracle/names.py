"""What the names of a scenario stand for: actors, tags, and the rows of the table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sim.scenario.clock import Clock
from sim.scenario.document import ScenarioModel
from sim.scenario.expressions import Expr
from sim.scenario.graded import Bounded
from sim.scenario.models import Actor, Choice, Definition
from sim.scenario.policies import Policy
from tests.oracle.dates import Calendar
from tests.oracle.doctrines import idle_policies, in_force
from tests.oracle.faults import Fault
from tests.oracle.terms import Term


class Playable(Protocol):
    """What the oracle asks of a scenario."""

    @property
    def model(self) -> ScenarioModel: ...

    @property
    def clock(self) -> Clock: ...


@dataclass
class Names:
    """The scenario's names. Grows while expressions are read: `lags` notes how far back they ask."""

    model: ScenarioModel
    calendar: Calendar
    actors: tuple[str, ...] = ()
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Row to range, of every attribute and relation."""
    parameters: set[str] = field(default_factory=set)
    """Rows of parameters."""
    seen: dict[str, dict[str, str]] = field(default_factory=dict)
    """Actor, row of what it perceives: the row of what it sees."""
    acts: set[tuple[str, str, str | None]] = field(default_factory=set)
    """(action, actor, target) that some `do` can perform; no target for what is done to nobody."""
    standing: dict[tuple[str, str, tuple[str, ...]], str] = field(default_factory=dict)
    """(actor, choice, bound actors in order of bound name): the row of the option that stands."""
    idle: dict[str, list[str]] = field(default_factory=dict)
    """Policies that an actor would have by a doctrine that is not in force."""
    moving: set[str] = field(default_factory=set)
    """Rows that move by dynamics."""
    measured: set[str] = field(default_factory=set)
    """Those of them whose mean over the turn is asked for."""
    lags: dict[str, int] = field(default_factory=dict)
    readers: dict[str, Callable[[tuple[Expr, ...], Scope], Term]] = field(default_factory=dict)
    """Functions that read what the domain keeps."""

    def ask(self, row: str, turns: int) -> None:
        """Note that the row is asked for as it was so many turns ago."""
        self.lags[row] = max(self.lags.get(row, 0), turns)

    def parties(self, listed: tuple[str, ...]) -> list[str]:
        """Actors by id, by tag, or all of them; in order of id."""
        groups = {"actors": self.actors, **self.tags}
        return sorted({actor for name in listed for actor in groups.get(name, (name,))})

    def has(self, actor: str, attribute: str) -> bool:
        return attribute in self.model.actors[actor].attributes

    def relation_row(self, name: str, first: str, second: str) -> str:
        # reading: an actor has no relation to itself.
        if first == second:
            raise Fault(f"{name}[{first}, {second}]: an actor has no relation to itself")
        if self.model.relations[name].symmetric and second < first:
            first, second = second, first
        return f"{name}[{first}, {second}]"

    def act_rows(self, kind: str, action: str, actor: str, target: str | None) -> list[str]:
        """The `acts` or `times` rows that match, in order of row name. `any` matches every actor."""
        return sorted(
            act_row(kind, *act)
            for act in self.acts
            if act[0] == action and actor in ("any", act[1]) and _is_target(target, act[2])
        )


def _is_target(asked: str | None, target: str | None) -> bool:
    return asked is None or (target is not None and asked in ("any", target))


def act_row(kind: str, action: str, actor: str, target: str | None) -> str:
    return f"{kind}[{action}, {actor}]" if target is None else f"{kind}[{action}, {actor}, {target}]"


def names_of(scenario: Playable) -> Names:
    model = in_force(scenario.model)
    names = Names(model, Calendar(scenario.clock), tuple(sorted(model.actors)))
    names.idle = {actor: idle_policies(scenario.model, actor) for actor in names.actors}
    for name in sorted({tag for actor in model.actors.values() for tag in actor.tags}):
        names.tags[name] = tuple(actor for actor in names.actors if name in model.actors[actor].tags)
    for name, attribute in model.world.attributes.items():
        names.ranges[name] = _range(attribute)
    for actor in names.actors:
        for name, attribute in model.actors[actor].attributes.items():
            names.ranges[f"{name}[{actor}]"] = _range(attribute)
    for name, relation in model.relations.items():
        for first in names.actors:
            for second in names.actors:
                if first != second:
                    names.ranges[names.relation_row(name, first, second)] = _range(relation)
    for name, parameter in model.parameters.items():
        components = parameter.distribution.components if parameter.distribution else ()
        names.parameters.update(f"{name}[{component}]" for component in components)
        names.parameters.update(() if components else (name,))
    return names


def _range(part: Bounded) -> tuple[float, float]:
    return part.low, part.high


@dataclass(frozen=True)
class Scope:
    """Where an expression stands: what its names mean there."""

    names: Names
    me: str | None = None
    target: str | None = None
    bound: Mapping[str, str] = field(default_factory=dict)
    takes: frozenset[str] = frozenset()
    """Named numbers of the action."""
    eyes: str | None = None
    """Whose perceptions are read in place of what is."""
    start: bool = False
    """Whether it is computed before anything but the parameters is known."""
    outcome: bool = False
    """Whether it belongs to an outcome."""
    over_the_turn: bool = False
    """Whether what moves by itself is read at its mean over the turn."""
    depth: int = 0

    def measuring(self) -> Scope:
        return replace(self, over_the_turn=True)

    def binding(self, name: str, actor: str) -> Scope:
        return replace(self, bound={**self.bound, name: actor})

    def within(self, definition: Definition, keys: tuple[str, ...]) -> Scope:
        """The scope of the definition's expression: of all that is bound here it sees its `of` alone."""
        if self.depth > 50:
            raise Fault("definitions in a circle")
        if len(keys) != len(definition.of):
            raise Fault(f"a definition of {len(definition.of)} actors is given {len(keys)}")
        actors = [self.actor(key) for key in keys]
        bound = dict(zip(definition.of, actors, strict=True))
        return Scope(
            self.names, bound=bound, eyes=self.eyes, over_the_turn=self.over_the_turn, depth=self.depth + 1
        )

    def find_actor(self, name: str) -> str | None:
        """The actor that a name stands for, or None if it stands for something else."""
        if name in ("self", "target"):
            found = self.me if name == "self" else self.target
            if found is None:
                raise Fault(f"there is no {name} here")
            return found
        return self.bound.get(name, name if name in self.names.model.actors else None)

    def actor(self, name: str) -> str:
        found = self.find_actor(name)
        if found is None:
            raise Fault(f"{name} is not an actor")
        return found

    def members(self, group: str) -> tuple[str, ...]:
        """The actors of a set, in order of id."""
        if group == "actors":
            return self.names.actors
        if group == "others":
            me = self.actor("self")
            return tuple(actor for actor in self.names.actors if actor != me)
        if group not in self.names.tags:
            raise Fault(f"there is no tag {group}")
        return self.names.tags[group]

    def variable(self, name: str, keys: tuple[str, ...]) -> str | None:
        """The row of an attribute or relation, or None if the name stands for something else."""
        model = self.names.model
        if name in model.relations:
            if len(keys) != 2:
                raise Fault(f"{name} is a relation of two actors")
            return self.names.relation_row(name, self.actor(keys[0]), self.actor(keys[1]))
        if not keys:
            if self.me is not None and self.names.has(self.me, name):
                return f"{name}[{self.me}]"
            return name if name in model.world.attributes else None
        if not any(self.names.has(actor, name) for actor in self.names.actors):
            return None
        actor = self.actor(keys[0])
        if len(keys) != 1 or not self.names.has(actor, name):
            raise Fault(f"{actor} has no {name}")
        return f"{name}[{actor}]"


def policies_of(model: ScenarioModel, actor: Actor) -> list[Policy]:
    return [model.policies[name] for name in actor.policy]


def option_number(choice: Choice, option: str) -> float:
    """1 + the index of the option in order of id."""
    return float(1 + sorted(choice.options).index(option))
