"""The rows of the state, before any expression is read: what a scenario has, whatever it says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sim.compile.builder import MAX_ROWS, TooLargeError
from sim.compile.doings import resolve_call
from sim.compile.lower import Lowering
from sim.compile.program import Kind
from sim.compile.scope import Scope, listed
from sim.compile.unroll import Instance, Unrolled
from sim.scenario.expressions import Expression
from sim.scenario.graded import Bounded
from sim.scenario.load import PathOf
from sim.scenario.models import ActionCall, Choice, Rule
from sim.text import quoted


@dataclass(frozen=True)
class Start:
    """A row with the expression of its initial value."""

    row: int
    expression: Expression
    path: PathOf


class Declarer:
    """Declares every row but those that remember (they come as expressions ask for them)."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._scenario = lowering.scenario
        self._builder = lowering.builder
        self._problems = lowering.builder.problems
        self.starts: list[Start] = []

    def values(self) -> None:
        """Parameters, attributes and relations."""
        model = self._scenario.model
        for name, parameter in model.parameters.items():
            components = parameter.distribution.components if parameter.distribution else ()
            for component in components or ("",):
                row_name = f"{name}[{component}]" if component else name
                self._bounded(row_name, "parameter", parameter, ("parameters", name))
        for actor_id, actor in model.actors.items():
            for name, attribute in actor.attributes.items():
                path: PathOf = ("actors", actor_id, "attributes", name)
                row = self._bounded(f"{name}[{actor_id}]", "attribute", attribute, path)
                self.starts.append(Start(row, attribute.initial, (*path, "initial")))
            if actor.attention is not None:
                self._attention(actor_id, actor.name)
        for name, attribute in model.world.attributes.items():
            path = ("world", "attributes", name)
            row = self._bounded(name, "attribute", attribute, path)
            self.starts.append(Start(row, attribute.initial, (*path, "initial")))
        for name in model.relations:
            self._relation(name)

    def _attention(self, actor_id: str, name: str) -> None:
        row, path = f"attention[{actor_id}]", ("actors", actor_id, "attention")
        if row in self._builder.rows:
            other = self._scenario.place("actors", actor_id, "attributes", "attention")
            self._problems.error(
                self._scenario.place(*path),
                f"{actor_id} has an attribute 'attention' too, at {other}",
                "another name for the attribute",
                code="name-clash",
            )
            return
        title = f"Attention of {name}"
        self._builder.declare(row, "domain", self._scenario.place(*path), low=0.0, high=1.0, title=title)

    def _bounded(self, name: str, kind: Kind, part: Bounded, path: PathOf) -> int:
        return self._builder.declare(
            name,
            kind,
            self._scenario.place(*path),
            low=part.low,
            high=part.high,
            unit=part.unit or "",
            title=part.title or "",
        )

    def _relation(self, name: str) -> None:
        relation = self._scenario.model.relations[name]
        path: PathOf = ("relations", name)
        given: dict[tuple[str, str], tuple[Expression, PathOf]] = {}
        for first, row_of in relation.pairs.items():
            for second, pair in row_of.items():
                pair_path: PathOf = (*path, "pairs", first, second)
                key = (min(first, second), max(first, second)) if relation.symmetric else (first, second)
                if self._sound_pair(first, second, pair_path) and self._new_pair(key, given, pair_path):
                    given[key] = (pair.value, (*pair_path, "value"))
        actors = self._lowering.symbols.actors
        if len(actors) ** 2 > MAX_ROWS:
            raise TooLargeError(self._scenario.place(*path))
        for first in actors:
            for second in actors:
                if first == second or (relation.symmetric and first > second):
                    continue
                row = self._bounded(f"{name}[{first}, {second}]", "relation", relation, path)
                expression, where = given.get((first, second), (relation.default, (*path, "default")))
                self.starts.append(Start(row, expression, where))

    def _sound_pair(self, first: str, second: str, path: PathOf) -> bool:
        for actor, where in ((first, path[:-1]), (second, path)):
            actors = self._lowering.symbols.actors
            if actor not in actors:
                self._problems.error(
                    self._scenario.place(*where),
                    f"there is no actor {quoted(actor)}",
                    listed(actors),
                    self._problems.meant(actor, actors),
                    "unknown-name",
                )
                return False
        if first == second:
            self._problems.error(
                self._scenario.place(*path), f"{first} is paired with itself", "two different actors"
            )
            return False
        return True

    def _new_pair(
        self, key: tuple[str, str], given: dict[tuple[str, str], tuple[Expression, PathOf]], path: PathOf
    ) -> bool:
        if key not in given:
            return True
        other = self._scenario.place(*given[key][1])
        self._problems.error(
            self._scenario.place(*path),
            f"the pair {key[0]} and {key[1]} stands twice, first at {other}",
            "one of them: the relation is symmetric",
        )
        return False

    def decisions(self, unrolled: Unrolled) -> None:
        """Rows of decisions, of what they do, and of perceptions."""
        for instance in (*unrolled.rules, *unrolled.events):
            self._builder.declare(f"fired[{instance.name}]", "decision", instance.place)
            if instance.part.once:
                self._builder.declare(f"ever[{instance.name}]", "decision", instance.place)
            if instance.part.campaign is not None:
                self._builder.declare(f"campaign[{instance.name}]", "decision", instance.place)
        for inject in unrolled.injects:
            self._builder.declare(f"fired[{inject.name}]", "decision", inject.place)
        for choice in unrolled.choices:
            self._builder.declare(f"chosen[{choice.name}]", "decision", choice.place)
            self._builder.declare(f"standing[{choice.name}]", "decision", choice.place)
            for quantity in choice.part.reference:
                place = self._scenario.place(*choice.path, "reference", quantity)
                self._builder.declare(f"reference[{choice.name}, {quantity}]", "domain", place)
        for perception in unrolled.perceptions:
            self._builder.declare(f"error[{perception.name}]", "perception", perception.place)
            self._builder.declare(f"seen[{perception.name}]", "perception", perception.place)
        self._acts(unrolled)

    def _acts(self, unrolled: Unrolled) -> None:
        found: dict[str, PathOf] = {}
        for rule in unrolled.rules:
            self._acts_of(rule, rule.path, found)
        for choice in unrolled.choices:
            for option in choice.part.options:
                self._acts_of(choice, (*choice.path, "options", option), found)
        declare_deeds(self._lowering, found)

    def _acts_of(
        self, instance: Instance[Rule] | Instance[Choice], path: PathOf, found: dict[str, PathOf]
    ) -> None:
        part = instance.part
        calls = part.do if isinstance(part, Rule) else part.options[str(path[-1])].do
        find_deeds(self._lowering, calls, instance.scope().at(*path), found)

    def results(self) -> None:
        """Indicators and outcomes."""
        model = self._scenario.model
        for name, indicator in model.indicators.items():
            self._bounded(name, "indicator", indicator, ("indicators", name))
        for name, outcome in model.outcomes.items():
            place = self._scenario.place("outcomes", name)
            self._builder.declare(f"outcome.{name}", "outcome", place, title=outcome.title)


def find_deeds(
    lowering: Lowering, calls: Sequence[ActionCall], scope: Scope, found: dict[str, PathOf]
) -> None:
    """Note what the items of a `do` come to, as rows of acts name it; `scope` is that of what holds it."""
    for index, call in enumerate(calls):
        at = scope.at(*scope.path, "do", index)
        parties = lowering.builder.problems.tried(partial(resolve_call, lowering, call, at), None)
        if parties is not None:
            text = ", ".join((call.action, *filter(None, parties)))
            found.setdefault(text, ("actions", call.action))


def declare_deeds(lowering: Lowering, found: Mapping[str, PathOf]) -> None:
    """Declare the rows of acts that are not there yet."""
    for text, path in found.items():
        if f"acts[{text}]" not in lowering.builder.rows:
            place = lowering.scenario.place(*path)
            lowering.builder.declare(f"acts[{text}]", "act", place)
            lowering.builder.declare(f"times[{text}]", "act", place)
