"""Parts of a scenario that nothing mentions.

What is mentioned only by something that is itself unused is left in peace: the author is told of the cause,
and the rest may follow.
"""

from __future__ import annotations

from sim.compile.review.causes import Causes
from sim.scenario.load import PathOf
from sim.text import quoted

_USE = "use it, or take it out"


def review_names(causes: Causes) -> None:
    """Parameters, definitions, relations, actions, policies and tags."""
    model = causes.scenario.model
    for name in model.parameters:
        _unused(causes, ("parameters", name), "nothing uses this parameter", _USE)
    for name in model.definitions:
        _unused(causes, ("definitions", name), "nothing uses this definition", _USE)
    for name in model.relations:
        _unused(causes, ("relations", name), "nothing uses this relation", _USE)
    for name in model.actions:
        if not any(_performs(path) for path in causes.mentions.get(name, ())):
            _warn(causes, ("actions", name), "no rule or option performs this action", _USE)
    for name in model.policies:
        if not causes.played(name):
            _warn(
                causes,
                ("policies", name),
                "no actor plays this policy",
                "give it to an actor, or take it out",
            )
    _tags(causes)
    _twice(causes)


def _performs(path: PathOf) -> bool:
    return "do" in path[-2:]


def _unused(causes: Causes, path: PathOf, message: str, advice: str) -> None:
    if not any(where[:2] != path for where in causes.mentions.get(str(path[-1]), ())):
        _warn(causes, path, message, advice)


def _warn(causes: Causes, path: PathOf, message: str, advice: str) -> None:
    if not causes.shared(causes.scenario.place(*path)):
        causes.warn_key(path, message, advice, "unused")


def _tags(causes: Causes) -> None:
    """A tag is told of where it first stands."""
    first: dict[str, PathOf] = {}
    for actor_id, actor in causes.scenario.model.actors.items():
        for index, tag in enumerate(actor.tags):
            paths: list[PathOf] = [("actors", actor_id, "tags", index)]
            paths += [first[tag]] if tag in first else []
            first[tag] = min(paths, key=lambda path: causes.scenario.value_place(*path))
    for tag, path in first.items():
        if tag not in causes.mentions and not causes.shared(causes.scenario.value_place(*path)):
            causes.warn(path, f"nothing asks who carries the tag {quoted(tag)}", _USE, "unused")


def _twice(causes: Causes) -> None:
    """The same policy or tag of an actor, given again."""
    for actor_id, actor in causes.scenario.model.actors.items():
        for key, items in (("policy", actor.policy), ("tags", actor.tags)):
            for index, item in enumerate(items):
                if item in items[:index]:
                    said = f"{actor_id} has {quoted(item)} already"
                    causes.warn(("actors", actor_id, key, index), said, "take it out", "twice")
