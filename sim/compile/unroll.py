"""Decisions written once, made by many: every actor of a policy, every binding of a `for`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Generic, TypeVar

from sim.compile.builder import MAX_DECISIONS, TooLargeError
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope, joined, listed
from sim.compile.writing import MAX_FAULTS
from sim.scenario.load import PathOf, Scenario
from sim.scenario.models import Choice, Dynamics, Inject, Members, Perception, Rule
from sim.text import Place, quoted

PartT = TypeVar("PartT", Rule, Choice, Perception, Dynamics, Inject)


@dataclass(frozen=True)
class Instance(Generic[PartT]):
    """One rule, choice, perception or movement of one owner with its bound names."""

    part: PartT
    owner: str
    id: str
    bindings: tuple[tuple[str, str], ...]
    path: PathOf
    place: Place
    self_id: str | None
    arguments: Mapping[str, int] = field(default_factory=dict)
    """Named numbers, already nodes."""

    @property
    def bound_text(self) -> str:
        return ",".join(f"{name}={member}" for name, member in self.bindings)

    @property
    def name(self) -> str:
        """`owner/id` or `owner/id/bindings`: how rows and orders name it."""
        return f"{self.owner}/{self.id}/{self.bound_text}" if self.bindings else f"{self.owner}/{self.id}"

    @property
    def key(self) -> str:
        """Luck key without the purpose: `owner/id/bindings`."""
        return f"{self.owner}/{self.part.luck_key or self.id}/{self.bound_text}"

    def scope(self, perceived: Mapping[int, int] | None = None) -> Scope:
        return Scope(self.path, self.self_id, dict(self.bindings), self.arguments, perceived or {})


@dataclass(frozen=True)
class Unrolled:
    """Everything that a scenario's actors, world and calendar decide or do, written out."""

    rules: tuple[Instance[Rule], ...]
    choices: tuple[Instance[Choice], ...]
    perceptions: tuple[Instance[Perception], ...]
    events: tuple[Instance[Rule], ...]
    injects: tuple[Instance[Inject], ...]
    dynamics: tuple[Instance[Dynamics], ...]


def unroll(lowering: Lowering) -> Unrolled:
    """Every instance, in order of name."""
    return _Unroller(lowering).everything()


def unroll_policy(lowering: Lowering, actor: str, policy: str) -> Unrolled:
    """What one policy of one actor comes to, without what belongs to others."""
    rules, choices, perceptions = _Unroller(lowering).of_policies([(actor, policy)])
    return Unrolled(rules, choices, perceptions, (), (), ())


def bindings_of(
    lowering: Lowering, clauses: Mapping[str, Members], path: PathOf
) -> list[tuple[tuple[str, str], ...]]:
    """Every binding of the names of a `for` of what belongs to no actor, in order.

    Raises:
        LoweringError: for what is wrong with it.
    """
    return _Unroller(lowering).assignments(clauses, path, None)


def members_of(
    lowering: Lowering, members: Members | None, path: PathOf, bound: Mapping[str, str]
) -> tuple[str, ...]:
    """The actors that a key such as `by` names, in order of id; all of them without one.

    In its `where` they are `self`, each in turn, and `bound` names are known.

    Raises:
        LoweringError: for what is wrong with it.
    """
    if members is None:
        return lowering.symbols.actors
    return tuple(
        actor
        for actor in _Unroller(lowering).pool(members, Scope(path, None, bound))
        if members.where is None or lowering.settled(members.where, Scope(path, actor, bound))
    )


class _Unroller:
    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._scenario: Scenario = lowering.scenario
        self._problems = lowering.builder.problems
        self._made = 0

    def everything(self) -> Unrolled:
        model = self._scenario.model
        rules, choices, perceptions = self.of_policies(self._policies())
        events = [
            instance
            for rule_id, rule in model.world.rules.items()
            for instance in self._instances(rule, "world", rule_id, ("world", "rules", rule_id), None)
        ]
        injects = [
            self._single(inject, inject_id, ("injects", inject_id))
            for inject_id, inject in model.injects.items()
        ]
        dynamics = [
            instance
            for entry_id, entry in model.dynamics.items()
            for instance in self._instances(entry, "dynamics", entry_id, ("dynamics", entry_id), None)
        ]
        return Unrolled(
            rules, choices, perceptions, _in_order(events), _in_order(injects), _in_order(dynamics)
        )

    def of_policies(
        self, pairs: Iterable[tuple[str, str]]
    ) -> tuple[tuple[Instance[Rule], ...], tuple[Instance[Choice], ...], tuple[Instance[Perception], ...]]:
        """Rules, choices and perceptions of (actor, policy) pairs."""
        rules: list[Instance[Rule]] = []
        choices: list[Instance[Choice]] = []
        perceptions: list[Instance[Perception]] = []
        for actor_id, policy_id in pairs:
            policy = self._scenario.model.policies[policy_id]
            path: PathOf = ("policies", policy_id)
            for rule_id, rule in policy.rules.items():
                rules += self._instances(rule, actor_id, rule_id, (*path, "rules", rule_id), actor_id)
            for choice_id, choice in policy.choices.items():
                choices += self._instances(
                    choice, actor_id, choice_id, (*path, "choices", choice_id), actor_id
                )
            for seen_id, sight in policy.perceives.items():
                perceptions += self._instances(
                    sight, actor_id, seen_id, (*path, "perceives", seen_id), actor_id
                )
        seen: dict[str, Place] = {}
        return (
            _in_order(self._unique(rules, seen, "decision")),
            _in_order(self._unique(choices, seen, "decision")),
            _in_order(self._unique(perceptions, {}, "perception")),
        )

    def _policies(self) -> Iterator[tuple[str, str]]:
        """(actor, policy) for every policy of every actor; policies that do not exist are reported."""
        model = self._scenario.model
        for actor_id, actor in sorted(model.actors.items()):
            for index, policy_id in enumerate(actor.policy):
                if policy_id in model.policies:
                    if policy_id in actor.policy[:index]:
                        continue
                    yield actor_id, policy_id
                    continue
                self._problems.error(
                    self._scenario.value_place("actors", actor_id, "policy", index),
                    f"there is no policy {quoted(policy_id)}",
                    listed(model.policies, "one that stands under 'policies'"),
                    self._problems.meant(policy_id, model.policies),
                    "unknown-name",
                )

    def _unique(
        self, instances: Sequence[Instance[PartT]], seen: dict[str, Place], what: str
    ) -> list[Instance[PartT]]:
        """One actor's decisions may come from several policies, but each id is one of them."""
        kept = []
        for instance in instances:
            other = seen.setdefault(instance.name, instance.place)
            if other == instance.place:
                kept.append(instance)
                continue
            self._problems.error(
                instance.place,
                f"{instance.owner} has another {what} {quoted(instance.id)}, at {other}",
                "another id",
                code="name-clash",
            )
        return kept

    def _single(self, inject: Inject, inject_id: str, path: PathOf) -> Instance[Inject]:
        return Instance(inject, "injects", inject_id, (), path, self._scenario.place(*path), None)

    def _instances(
        self, part: PartT, owner: str, part_id: str, path: PathOf, self_id: str | None
    ) -> list[Instance[PartT]]:
        place = self._scenario.place(*path)
        assert not isinstance(part, Inject)
        try:
            assignments = self.assignments(part.for_, path, self_id)
        except LoweringError as fault:
            self._problems.fault(fault)
            return []
        self._made += len(assignments)
        if self._made > MAX_DECISIONS:
            raise TooLargeError(place)
        return [Instance(part, owner, part_id, bindings, path, place, self_id) for bindings in assignments]

    def assignments(
        self, clauses: Mapping[str, Members], path: PathOf, self_id: str | None
    ) -> list[tuple[tuple[str, str], ...]]:
        names = sorted(clauses)
        scopes = {name: Scope((*path, "for", name), self_id) for name in names}
        pools, faults = [], []
        for name in names:
            try:
                self._lowering.names.bindable(name, 0, scopes[name], at_key=True)
                pools.append(self.pool(clauses[name], scopes[name]))
            except LoweringError as fault:
                faults.append(fault)
        if faults:
            raise joined(faults)
        if prod(map(len, pools)) > MAX_DECISIONS:
            raise TooLargeError(self._scenario.place(*path, "for"))
        found = []
        for members in product(*pools):
            bound = dict(zip(names, members, strict=True))
            holds = True
            for name in names:
                try:
                    holds = self._holds(clauses[name], replace(scopes[name], bound=bound)) and holds
                except LoweringError as fault:
                    faults.append(fault)
            if faults:
                raise joined(faults)
            if holds:
                found.append(tuple(bound.items()))
        self._doubt_bound(found, clauses, path)
        return found

    def _doubt_bound(self, found: Sequence[object], clauses: Mapping[str, Members], path: PathOf) -> None:
        """A `for` that binds nobody, for whomever it is asked."""
        if clauses:
            self._problems.doubt(
                (*path, "for"),
                0,
                doubtful=not found,
                message="this 'for' binds nobody, so that nothing comes of it",
                advice="name a set with members, or loosen the 'where'",
                code="nobody",
            )

    def pool(self, members: Members, scope: Scope) -> tuple[str, ...]:
        if members.listed:
            return self._listed(members.listed, scope)
        pool = self._lowering.names.members(members.set, members.set_offset, scope)
        if not members.other:
            return pool
        if scope.self_id is None:
            raise LoweringError(
                scope.path,
                0,
                "'each other' has no meaning here, where nobody acts",
                "each actor, or each TAG",
            )
        return tuple(actor for actor in pool if actor != scope.self_id)

    def _listed(self, names: Sequence[str], scope: Scope) -> tuple[str, ...]:
        """The actors of a list, in order of id."""
        found, faults = set(), []
        for index, name in enumerate(names):
            try:
                found.add(self._lowering.names.actor(name, 0, scope.at(*scope.path, index)))
            except LoweringError as fault:
                faults.append(fault)
                if len(faults) == MAX_FAULTS:
                    break
        if faults:
            raise joined(faults)
        return tuple(sorted(found))

    def _holds(self, members: Members, scope: Scope) -> bool:
        return members.where is None or self._lowering.settled(members.where, scope)


def _in_order(instances: Sequence[Instance[PartT]]) -> tuple[Instance[PartT], ...]:
    return tuple(sorted(instances, key=lambda instance: instance.name))
