"""Definitions, actions and policies that nothing uses yet: read all the same, so that their errors show.

They are tried on a copy of the tables, which is then thrown away. Actors differ in what they have, so it is
enough that something makes sense for one of them; if it does for none, the attempt that went best is told.
Of actions and policies only those of the scenario's own file are tried: what it extends may be a library,
made for worlds with other actors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice, permutations
from typing import Final

from sim.compile.builder import Builder
from sim.compile.decisions import DecisionCompiler
from sim.compile.declare import Declarer
from sim.compile.doings import DoingsCompiler
from sim.compile.domain import Domain
from sim.compile.findings import Findings
from sim.compile.lower import Lowering
from sim.compile.movements import MovementCompiler
from sim.compile.scope import Scope
from sim.compile.symbols import Symbols, collect
from sim.compile.unroll import unroll_policy
from sim.scenario.load import Scenario
from sim.scenario.models import Action

MAX_ATTEMPTS: Final = 60
"""Actors, or pairs of them, for whom something is tried."""

Attempt = Callable[[], object]


def read_unused(scenario: Scenario, symbols: Symbols, builder: Builder) -> None:
    """Note what is wrong with the parts of a scenario that nothing uses."""
    reader = _Reader(scenario, symbols, builder)
    for name in symbols.definitions:
        reader.best(reader.definition(name))
    done = {name.partition("[")[2].split(",")[0] for name in builder.rows if name.startswith("acts[")}
    for name in sorted(symbols.actions - done):
        if reader.owns("actions", name):
            reader.best(reader.action(name))
    model = scenario.model
    held = {policy for actor in model.actors.values() for policy in actor.policy}
    for name in sorted(model.policies.keys() - held):
        if reader.owns("policies", name):
            reader.best(reader.policy(name))


class _Reader:
    def __init__(self, scenario: Scenario, symbols: Symbols, builder: Builder) -> None:
        self._scenario = scenario
        self._symbols = symbols
        self._problems = builder.problems
        self._scratch = builder.scratch()
        self._lowering = Lowering(scenario, symbols, self._scratch)
        Domain(self._lowering, frozenset())  # for the functions that it lends to expressions

    def owns(self, *path: str) -> bool:
        """Whether something stands in the scenario's own file."""
        return self._scenario.place(*path).file == self._scenario.file

    def best(self, attempts: Iterator[Attempt]) -> None:
        """Note the findings of the attempt that has fewest, if every attempt has some."""
        fewest: Findings | None = None
        for attempt in islice(attempts, MAX_ATTEMPTS):
            found = self._scratch.problems = Findings(self._scenario)
            attempt()
            if not found:
                return
            if fewest is not None and found.errors == fewest.errors:
                break  # it is the same for all
            if fewest is None or len(found) < len(fewest):
                fewest = found
        for finding in fewest or ():
            self._problems.add(finding)

    def definition(self, name: str) -> Iterator[Attempt]:
        """The definition's expression, with every actor in turn for the first of its names."""
        wanted, actors = self._symbols.definitions[name], self._symbols.actors
        body = self._scenario.model.definitions[name].value
        for shift in range(len(actors) if wanted else 1):
            rotated = actors[shift:] + actors[:shift]
            if len(rotated) < len(wanted):
                return
            bound = dict(zip(wanted, rotated, strict=False))
            scope = Scope(("definitions", name, "value"), bound=bound, inside=(name,))
            yield partial(self._lowering.number, body, scope)

    def action(self, name: str) -> Iterator[Attempt]:
        """The action's effects and its sentence, for every two actors in turn."""
        action = self._scenario.model.actions[name]
        to_one = action.to == "one actor"
        taken = {name: self._scratch.const(taken.default) for name, taken in action.takes.items()}
        for parties in permutations(self._symbols.actors, 2 if to_one else 1):
            bound = {"target": parties[1]} if to_one else {}
            scope = Scope(("actions", name), parties[0], bound, taken)
            yield partial(self._act, action, scope)

    def _act(self, action: Action, scope: Scope) -> None:
        DoingsCompiler(self._lowering, {}).action(action, scope, ("", "", ""))

    def policy(self, name: str) -> Iterator[Attempt]:
        """The policy, as if every actor in turn had it too."""
        model = self._scenario.model
        for actor_id, actor in sorted(model.actors.items()):
            taken = actor.model_copy(update={"policy": (name, *actor.policy)})
            changed = model.model_copy(update={"actors": {**model.actors, actor_id: taken}})
            yield partial(self._with_policy, replace(self._scenario, model=changed), actor_id, name)

    def _with_policy(self, scenario: Scenario, actor: str, policy: str) -> None:
        self._scratch.forget_draws()
        lowering = Lowering(scenario, collect(scenario, Findings(scenario)), self._scratch)
        Domain(lowering, frozenset())
        unrolled = unroll_policy(lowering, actor, policy)
        Declarer(lowering).decisions(unrolled)
        _, perceived = MovementCompiler(lowering).perceptions(unrolled.perceptions)
        decisions = DecisionCompiler(lowering, perceived)
        self._scratch.problems.each(unrolled.rules, decisions.rule)
        self._scratch.problems.each(unrolled.choices, decisions.choice)
