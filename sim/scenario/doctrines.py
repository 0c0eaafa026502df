"""Doctrines: alternative accounts of an actor, of which one at a time is in force.

Choosing one is the same as writing it into the scenario; what it then changes is put into the scenario before
anything is made of it, so that nothing else has to know of doctrines. `docs/adjudication.md`, section D.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from sim.scenario.document import ScenarioModel
from sim.scenario.graded import Graded
from sim.scenario.load import PathOf, Scenario
from sim.scenario.models import Actor, Attribute, Doctrine, Parameter
from sim.text import Diagnostics, Entry, FoedusError, Node, Place, Scalar, locate, nearest, quoted
from sim.text import Mapping as MappingNode

Chosen = Mapping[str, str]
"""Doctrine by actor."""

RULES: Final[Mapping[str, str]] = {
    "D1": "Its policies stand in place of the actor's",
    "D2": "It may narrow what is uncertain",
    "D3": "What it leaves unsaid of a parameter stays",
    "D4": "It may begin otherwise",
    "D5": "A doctrine without policies keeps the actor's",
    "D6": "What it leaves out does not happen",
}

_NAMES: Final = ("title", "unit", "luck_key")
_BOUNDS: Final = ("range", "min", "max")
_GRADE: Final = tuple(Graded.model_fields)


def parse_doctrines(texts: Iterable[str]) -> dict[str, str]:
    """Doctrines as a command line names them, `RUS=spoiler`, by actor.

    Raises:
        FoedusError: for a text of another form, or an actor that is named twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        actor, sign, doctrine = text.partition("=")
        if not (actor and sign and doctrine):
            raise FoedusError.at(None, f"{quoted(text)} names no doctrine", "ACTOR=DOCTRINE")
        if actor in found:
            raise FoedusError.at(None, f"two doctrines are named for {actor}", "one for each actor")
        found[actor] = doctrine
    return found


def choose(scenario: Scenario, doctrines: Chosen, written: MappingNode | None = None) -> Scenario:
    """The scenario with these doctrines as those of its actors, as if it had been written so.

    `written` is where they stand, if in a file: faults are said there, at the actor or its doctrine.

    Raises:
        FoedusError: for an actor or a doctrine that is not there, all at once.
    """
    problems = Diagnostics()
    actors, root = dict(scenario.model.actors), scenario.root
    for actor_id, doctrine in sorted(doctrines.items()):
        entry = None if written is None else written.entry(actor_id)
        if _is_there(scenario, actor_id, doctrine, problems, entry):
            actors[actor_id] = actors[actor_id].model_copy(update={"doctrine": doctrine})
            place = scenario.place("actors", actor_id, "doctrines", doctrine)
            root = _put(root, ("actors", actor_id, "doctrine"), _written(doctrine, place), place)
    problems.raise_if_errors()
    if actors == scenario.model.actors:
        return scenario
    return replace(scenario, model=scenario.model.model_copy(update={"actors": actors}), root=root)


def _is_there(
    scenario: Scenario, actor_id: str, doctrine: str, problems: Diagnostics, entry: Entry | None
) -> bool:
    actors = scenario.model.actors
    if actor_id not in actors:
        having = [name for name, actor in sorted(actors.items()) if actor.doctrines]
        problems.error(
            None if entry is None else entry.key_place,
            f"there is no actor {quoted(actor_id)} to have a doctrine",
            _one_of(having, "a scenario with doctrines"),
            nearest(actor_id, having or actors) or "",
            "unknown-name",
        )
        return False
    place = scenario.place("actors", actor_id, "doctrines") if entry is None else entry.node.place
    return known(scenario, actor_id, doctrine, place, problems)


def known(scenario: Scenario, actor_id: str, doctrine: str, place: Place, problems: Diagnostics) -> bool:
    """Whether an actor has a doctrine; if not, that is noted at the place."""
    doctrines = scenario.model.actors[actor_id].doctrines
    if doctrine in doctrines:
        return True
    problems.error(
        place,
        f"{actor_id} has no doctrine {quoted(doctrine)}",
        _one_of(sorted(doctrines), f"doctrines in actors.{actor_id}"),
        nearest(doctrine, doctrines) or "",
        "unknown-name",
    )
    return False


def _one_of(names: list[str], otherwise: str) -> str:
    return f"one of {', '.join(names)}" if len(names) > 1 else quoted(names[0]) if names else otherwise


def doctrines_in_force(scenario: Scenario) -> tuple[tuple[str, str], ...]:
    """(actor, doctrine), in order of actor."""
    return tuple(
        (actor_id, actor.doctrine)
        for actor_id, actor in sorted(scenario.model.actors.items())
        if actor.doctrine is not None
    )


def other_doctrines(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """(actor, doctrine) for every doctrine that is not in force, in order."""
    for actor_id, actor in sorted(scenario.model.actors.items()):
        for doctrine in sorted(actor.doctrines):
            if doctrine != actor.doctrine:
                yield actor_id, doctrine


def with_doctrines(scenario: Scenario, without: frozenset[str] = frozenset()) -> Scenario:
    """The scenario as the doctrines in force change it; what one names and the scenario lacks is passed over.

    `without` are rules of `docs/adjudication.md` to leave out.
    """
    changed = scenario
    for actor_id, doctrine_id in doctrines_in_force(scenario):
        doctrine = scenario.model.actors[actor_id].doctrines.get(doctrine_id)
        if doctrine is not None:
            changed = _Change(changed, actor_id, doctrine_id, without).made(doctrine)
    idle = {
        actor_id: tuple(sorted(_ever_held(actor) - set(changed.model.actors[actor_id].policy)))
        for actor_id, actor in scenario.model.actors.items()
        if actor.doctrines
    }
    return replace(changed, idle=idle) if idle else changed


def _ever_held(actor: Actor) -> set[str]:
    """Policies that an actor has by itself or under a doctrine."""
    return {*actor.policy, *(policy for other in actor.doctrines.values() for policy in other.policy or ())}


class _Change:
    """What one doctrine in force changes."""

    def __init__(self, scenario: Scenario, actor_id: str, doctrine_id: str, without: frozenset[str]) -> None:
        self._scenario = scenario
        self._actor_id = actor_id
        self._without = without
        self._path: PathOf = ("actors", actor_id, "doctrines", doctrine_id)
        self._root = scenario.root

    def made(self, doctrine: Doctrine) -> Scenario:
        model = self._scenario.model
        actor = model.actors[self._actor_id]
        changed = actor.model_copy(
            update={"policy": self._policy(actor, doctrine), "attributes": self._attributes(actor, doctrine)}
        )
        return replace(
            self._scenario,
            model=model.model_copy(
                update={
                    "actors": {**model.actors, self._actor_id: changed},
                    "parameters": self._parameters(model, doctrine),
                }
            ),
            root=self._root,
        )

    def _policy(self, actor: Actor, doctrine: Doctrine) -> tuple[str, ...]:
        if doctrine.policy is None:
            return () if "D5" in self._without else actor.policy
        if "D1" in self._without:
            return actor.policy
        self._move((*self._path, "policy"), ("actors", self._actor_id, "policy"))
        return doctrine.policy

    def _attributes(self, actor: Actor, doctrine: Doctrine) -> dict[str, Attribute]:
        changed = dict(actor.attributes)
        for name, start in () if "D4" in self._without else doctrine.attributes.items():
            if name in changed:
                update = {"initial": start.initial} | {key: getattr(start, key) for key in _GRADE}
                changed[name] = changed[name].model_copy(update=update)
                self._move((*self._path, "attributes", name), ("actors", self._actor_id, "attributes", name))
        return changed

    def _parameters(self, model: ScenarioModel, doctrine: Doctrine) -> dict[str, Parameter]:
        changed = dict(model.parameters)
        for name, parameter in () if "D2" in self._without else doctrine.parameters.items():
            if name in changed:
                changed[name] = parameter if "D3" in self._without else _completed(parameter, changed[name])
                self._move((*self._path, "parameters", name), ("parameters", name))
        return changed

    def _move(self, source: PathOf, target: PathOf) -> None:
        """Let what is read at a place be found where the doctrine says it."""
        found = locate(self._root, source)
        self._root = _put(self._root, target, found.node, found.place)


def _completed(parameter: Parameter, stated: Parameter) -> Parameter:
    """The doctrine's parameter with what it leaves unsaid as the scenario states it."""
    kept = [key for key in _NAMES if getattr(parameter, key) is None]
    if all(getattr(parameter, key) is None for key in _BOUNDS):
        kept += _BOUNDS
    return parameter.model_copy(update={key: getattr(stated, key) for key in kept})


def _put(root: MappingNode, path: PathOf, node: Node, place: Place) -> MappingNode:
    """The tree with another node at a path; the mappings on the way there must exist."""
    key, *rest = map(str, path)
    if rest:
        below = root.get(key)
        assert isinstance(below, MappingNode)
        node = _put(below, tuple(rest), node, place)
        place = root.entry(key).key_place  # type: ignore[union-attr]
    entry = Entry(key, place, node)
    if key not in root:
        return MappingNode((*root.items, entry), root.place)
    return MappingNode(tuple(entry if old.key == key else old for old in root.items), root.place)


def _written(text: str, place: Place) -> Scalar:
    return Scalar(text, place, text, "plain", text)


def check_doctrines(scenario: Scenario, problems: Diagnostics) -> None:
    """Note what doctrines name and the scenario does not have, and what two actors' would both change."""
    model = scenario.model
    changed: dict[str, tuple[str, PathOf]] = {}
    for actor_id, actor in sorted(model.actors.items()):
        if actor.doctrine is not None:
            known(
                scenario,
                actor_id,
                actor.doctrine,
                scenario.value_place("actors", actor_id, "doctrine"),
                problems,
            )
        for doctrine_id, doctrine in sorted(actor.doctrines.items()):
            path: PathOf = ("actors", actor_id, "doctrines", doctrine_id)
            _check_names(scenario, (*path, "attributes"), doctrine.attributes, actor.attributes, problems)
            _check_names(scenario, (*path, "parameters"), doctrine.parameters, model.parameters, problems)
            for name, parameter in sorted(doctrine.parameters.items()):
                where = (*path, "parameters", name)
                if name in model.parameters:
                    _check_components(scenario, where, parameter, model.parameters[name], problems)
                other, place = changed.setdefault(name, (actor_id, where))
                if other != actor_id:
                    problems.error(
                        scenario.place(*where),
                        f"a doctrine of {other} changes {quoted(name)} too, at {scenario.place(*place)}",
                        "one actor's doctrines for each parameter: both could be in force",
                        code="name-clash",
                    )


def _check_names(
    scenario: Scenario,
    path: PathOf,
    named: Mapping[str, object],
    there: Mapping[str, object],
    problems: Diagnostics,
) -> None:
    kind, whose = ("parameter", "the scenario") if path[-1] == "parameters" else ("attribute", str(path[1]))
    for name in sorted(named.keys() - there.keys()):
        problems.error(
            scenario.place(*path, name),
            f"{whose} has no {kind} {quoted(name)}",
            f"one that it has: {', '.join(sorted(there)[:12])}" if there else f"a {kind} that it has",
            nearest(name, there) or "",
            "unknown-name",
        )


def _check_components(
    scenario: Scenario, path: PathOf, parameter: Parameter, stated: Parameter, problems: Diagnostics
) -> None:
    given, wanted = (
        () if one.distribution is None else tuple(one.distribution.components) for one in (parameter, stated)
    )
    if given != wanted:
        problems.error(
            scenario.place(*path),
            f"{quoted(str(path[-1]))} has {_parts(given)} here, and {_parts(wanted)} in the scenario",
            "the same components",
        )


def _parts(components: tuple[str, ...]) -> str:
    return f"the components {', '.join(components)}" if components else "no components"
