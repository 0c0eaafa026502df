"""Where names are mentioned in a scenario: in expressions, effects, sentences, lists and sets of actors."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Final

from pydantic import BaseModel

from sim.scenario import flows as fl
from sim.scenario import models as md
from sim.scenario.load import PathOf, Scenario
from sim.scenario.trees import Expression, Statement

_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAMING: Final = frozenset(("id", "name", "keys", "item", "tag", "function", "members"))
"""Fields of trees that hold names."""


def mentions(scenario: Scenario) -> dict[str, set[PathOf]]:
    """Every name with the paths of the parts that mention it."""
    found: dict[str, set[PathOf]] = defaultdict(set)
    for path, part in scenario.parts:
        for name in _named(part):
            found[name].add(path)
    return found


def _named(part: BaseModel) -> Iterator[str]:
    """Names in a part's own fields."""
    if isinstance(part, md.ActionCall):
        yield from filter(None, (part.action, part.target))
    if isinstance(part, md.Members):
        yield from (part.set, *part.listed)
    if isinstance(part, md.Actor | md.Doctrine):
        yield from part.policy or ()
    for value in vars(part).values():
        for item in value.values() if isinstance(value, dict) else (value,):
            if isinstance(item, Expression | Statement):
                yield from names_in(item)
    if (
        isinstance(part, md.Doing | md.Action | md.Inject | fl.Tier | fl.Interdiction)
        and part.says is not None
    ):
        for hole in _HOLE.findall(part.says):
            yield from _WORD.findall(hole)


def names_in(tree: object) -> Iterator[str]:
    """Every name in an expression or effect."""
    if not is_dataclass(tree):
        return
    for field in fields(tree):
        value = getattr(tree, field.name)
        if field.name in _NAMING:
            yield from (value,) if isinstance(value, str) else value
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, tuple):  # a comparison's operator and operand
                yield from names_in(item[-1])
            else:
                yield from names_in(item)
