"""What every name of a scenario stands for, and the rules that names must keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sim.scenario.expressions import RESERVED
from sim.scenario.load import PathOf, Scenario
from sim.text import Diagnostics, quoted


@dataclass(frozen=True)
class Symbols:
    """The names of a scenario, by kind."""

    actors: tuple[str, ...]
    """In order of id."""
    tags: dict[str, tuple[str, ...]]
    parameters: dict[str, tuple[str, ...]]
    """Components, empty for a plain parameter."""
    attributes: dict[str, frozenset[str]]
    """Actors that have it."""
    world: frozenset[str]
    relations: dict[str, bool]
    """Whether it is symmetric."""
    definitions: dict[str, tuple[str, ...]]
    """The names in its `of`."""
    indicators: frozenset[str]
    actions: frozenset[str]
    choices: dict[str, frozenset[str]] = field(default_factory=dict)
    """Choice ids of each actor."""

    def taken(self, name: str) -> str | None:
        """What a name already stands for, in words; None if it is free."""
        kinds: tuple[tuple[str, Iterable[str]], ...] = (
            ("a word of the language", RESERVED),
            ("a parameter", self.parameters),
            ("an attribute", self.attributes),
            ("an attribute of the world", self.world),
            ("a relation", self.relations),
            ("a definition", self.definitions),
            ("an indicator", self.indicators),
        )
        return next((words for words, names in kinds if name in names), None)

    def values(self) -> Iterator[str]:
        """Every name that can stand for a value."""
        yield from self.parameters
        yield from self.attributes
        yield from self.world
        yield from self.relations
        yield from self.definitions


def collect(scenario: Scenario, problems: Diagnostics) -> Symbols:
    """The scenario's symbols; clashes of names are reported."""
    model = scenario.model
    attributes: dict[str, set[str]] = defaultdict(set)
    tags: dict[str, list[str]] = defaultdict(list)
    for actor_id, actor in sorted(model.actors.items()):
        for attribute in actor.attributes:
            attributes[attribute].add(actor_id)
        for tag in actor.tags:
            if actor_id not in tags[tag]:
                tags[tag].append(actor_id)
    symbols = Symbols(
        actors=tuple(sorted(model.actors)),
        tags={tag: tuple(members) for tag, members in tags.items()},
        parameters={
            name: parameter.distribution.components if parameter.distribution else ()
            for name, parameter in model.parameters.items()
        },
        attributes={name: frozenset(holders) for name, holders in attributes.items()},
        world=frozenset(model.world.attributes),
        relations={name: relation.symmetric for name, relation in model.relations.items()},
        definitions={name: definition.of for name, definition in model.definitions.items()},
        indicators=frozenset(model.indicators),
        actions=frozenset(model.actions),
        choices={
            actor_id: frozenset(
                choice
                for policy in actor.policy
                if policy in model.policies
                for choice in model.policies[policy].choices
            )
            for actor_id, actor in model.actors.items()
        },
    )
    _check_clashes(scenario, symbols, problems)
    return symbols


def _check_clashes(scenario: Scenario, symbols: Symbols, problems: Diagnostics) -> None:
    seen: dict[str, str] = dict.fromkeys(RESERVED, "a word of the language")
    for path, name, words in _named(scenario):
        other = seen.setdefault(name, words)
        if other != words:
            problems.error(
                scenario.place(*path), f"{quoted(name)} is already {other}", "another name", code="name-clash"
            )
    for actor_id, actor in scenario.model.actors.items():
        for index, tag in enumerate(actor.tags):
            taken = symbols.taken(tag)
            if taken is not None:
                problems.error(
                    scenario.value_place("actors", actor_id, "tags", index),
                    f"the tag {quoted(tag)} is already {taken}",
                    "another name",
                    code="name-clash",
                )


def _named(scenario: Scenario) -> Iterator[tuple[PathOf, str, str]]:
    """Every name of the one namespace, with its path and what it is."""
    model = scenario.model
    for name in model.parameters:
        yield ("parameters", name), name, "a parameter"
    for actor_id, actor in model.actors.items():
        for name in actor.attributes:
            yield ("actors", actor_id, "attributes", name), name, "an attribute"
    for name in model.world.attributes:
        yield ("world", "attributes", name), name, "an attribute of the world"
    for name in model.relations:
        yield ("relations", name), name, "a relation"
    for name in model.definitions:
        yield ("definitions", name), name, "a definition"
    for name in model.indicators:
        yield ("indicators", name), name, "an indicator"
