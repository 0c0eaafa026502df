"""Lists of actors in the file: ids, and tags for all who carry them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope
from sim.scenario.load import PathOf


def parties(lowering: Lowering, names: Sequence[str], path: PathOf) -> tuple[str, ...]:
    """The actors that a list names, in order of id; names that are nobody's are noted."""
    found: set[str] = set()
    for index, name in enumerate(names):
        scope = Scope((*path, index))
        try:
            if name[0].isupper():
                found.add(lowering.names.actor(name, 0, scope))
            else:
                found.update(lowering.names.members(name, 0, scope))
        except LoweringError as fault:
            lowering.builder.problems.fault(fault)
    return tuple(sorted(found))
