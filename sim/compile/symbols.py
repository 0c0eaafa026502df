"""What every name of a scenario stands for, and the rules that names must keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from sim.scenario.expressions import RESERVED
from sim.scenario.load import PathOf, Scenario
from sim.scenario.scan import FOREIGN
from sim.text import Diagnostics, Place, quoted

_OF_THE_LANGUAGE: Final = "a word of the language"


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
            (_OF_THE_LANGUAGE, RESERVED),
            ("a word of Python", FOREIGN),
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
    seen: dict[str, tuple[str, Place | None]] = dict.fromkeys(RESERVED, (_OF_THE_LANGUAGE, None))
    for path, name, words in _named(scenario):
        place = scenario.place(*path)
        other, where = seen.setdefault(name, (words, place))
        if name in FOREIGN:
            _refuse(problems, place, name, "a word of Python")
        elif other != words:
            _refuse(problems, place, name, f"{other}{_at(where)}")
    for actor_id, actor in scenario.model.actors.items():
        for index, tag in enumerate(actor.tags):
            taken = symbols.taken(tag)
            if taken is not None:
                place = scenario.value_place("actors", actor_id, "tags", index)
                _refuse(problems, place, tag, f"{taken}{_at(seen.get(tag, ('', None))[1])}")
    _check_bound(scenario, symbols, problems)


def _check_bound(scenario: Scenario, symbols: Symbols, problems: Diagnostics) -> None:
    """Names in `of` and `takes`; those of a `for` are looked at where they are bound."""
    for name, definition in scenario.model.definitions.items():
        for index, bound in enumerate(definition.of):
            taken = "a tag" if bound in symbols.tags else symbols.taken(bound)
            if bound in definition.of[:index]:
                taken = "named here"
            if taken is not None:
                _refuse(problems, scenario.value_place("definitions", name, "of", index), bound, taken)
    for action_id, action in scenario.model.actions.items():
        for name in action.takes:
            if name in RESERVED or name in FOREIGN:
                place = scenario.place("actions", action_id, "takes", name)
                _refuse(problems, place, name, _OF_THE_LANGUAGE)


def _refuse(problems: Diagnostics, place: Place, name: str, taken: str) -> None:
    problems.error(place, f"{quoted(name)} is already {taken}", "another name", code="name-clash")


def _at(place: Place | None) -> str:
    return "" if place is None else f", at {place}"


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
