"""Whose draw or decision it is: owner, id and bound actors, with the texts and rows that follow from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from sim.scenario.models import Members
from tests.oracle.expressions import read_settled
from tests.oracle.names import Scope


@dataclass(frozen=True, slots=True)
class Event:
    owner: str
    id: str
    luck_id: str
    """The id, or the `luck_key` in its place."""
    bound: tuple[tuple[str, str], ...] = ()
    """(name, actor) in order of name."""
    text: str = ""
    """The key text, where it does not follow from the rest."""

    @property
    def bindings(self) -> str:
        return ",".join(f"{name}={actor}" for name, actor in self.bound)

    @property
    def name(self) -> str:
        """`rule` or `rule/bindings`: how an order calls the decision."""
        return f"{self.id}/{self.bindings}" if self.bound else self.id

    @property
    def key(self) -> str:
        """The key text without its purpose."""
        return self.text or f"{self.owner}/{self.luck_id}/{self.bindings}"

    def purpose(self, purpose: str) -> str:
        """The key text of one draw."""
        return f"{self.key}/{purpose}"

    def row(self, kind: str) -> str:
        return f"{kind}[{self.owner}/{self.name}]"


def events(
    owner: str, name: str, luck_key: str | None, members: dict[str, Members], scope: Scope
) -> Iterator[tuple[Event, Scope]]:
    """One event for each way to bind the names of `for`, with the scope in which it stands."""
    names = sorted(members)
    for actors in product(*(_members(members[bound_name], scope) for bound_name in names)):
        bound = dict(zip(names, actors, strict=True))
        inside = scope
        for bound_name, actor in bound.items():
            inside = inside.binding(bound_name, actor)
        # reading: a `where` may name everything that its `for` binds.
        conditions = [part.where.tree for part in members.values() if part.where is not None]
        if all(read_settled(condition, inside) for condition in conditions):
            yield Event(owner, name, luck_key or name, tuple(bound.items())), inside


def _members(members: Members, scope: Scope) -> tuple[str, ...]:
    if members.listed:
        return tuple(sorted(scope.actor(name) for name in members.listed))
    found = scope.members(members.set)
    return tuple(actor for actor in found if actor != scope.actor("self")) if members.other else found
