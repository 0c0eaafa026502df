"""What was done by hand in a game, entry by entry: all that is needed, beside the luck, to play it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from sim.compile import Program
from sim.engine.orders import Order

FACILITATOR: Final = "facilitator"
"""Who does what no seat does."""

EntryKind = Literal["order", "withdrawal", "setting", "bookmark", "note", "seat", "leave"]
"""A decision taken by hand; one handed back to the policy; a value set by hand; a turn given a name; a
remark; an actor taken by a person; an actor handed back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a log."""

    kind: EntryKind
    turn: int
    """Of an order or withdrawal, the turn to be played; of all else, the turn that had been played."""
    about: str = ""
    """The decision's name in the Program; the row that was set; the actor of a seat."""
    said: str = ""
    """The option of an order; the name of a bookmark; the text of a note."""
    value: float | None = None
    """What a row was set to."""
    by: str = FACILITATOR
    """The actor whose seat it was, or the facilitator."""
    reason: str = ""

    @property
    def order(self) -> Order:
        """The order that an entry of that kind is."""
        actor, _, decision = self.about.partition("/")
        return Order(self.turn, actor, decision, self.said, self.reason)

    @property
    def changes_the_world(self) -> bool:
        """Whether what comes afterwards depends on it."""
        return self.kind in ("order", "withdrawal", "setting")

    def fits(self, program: Program) -> bool:
        """Whether the decision or row that it is about is there."""
        return self.about in (program.rows if self.kind == "setting" else program.decisions)


def standing_orders(log: Iterable[Entry], turn: int) -> dict[str, Entry]:
    """Orders for a turn that have not been withdrawn, by decision; of several for one the last holds."""
    found: dict[str, Entry] = {}
    for entry in log:
        if entry.turn == turn and entry.kind == "order":
            found[entry.about] = entry
        elif entry.turn == turn and entry.kind == "withdrawal":
            found.pop(entry.about, None)
    return found
