"""Who holds, makes, uses, sends and pays what: the items and flows of a scenario, with their names found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.compile.scope import Scope
from sim.scenario.flows import Flow, Payment, Production, Tier, Use
from sim.scenario.load import PathOf
from sim.text import Place


@dataclass(frozen=True)
class Stock:
    """What an actor has of an item: its attribute of the item's name."""

    item: str
    actor: str
    row: int
    place: Place
    """Of the attribute."""

    @property
    def key(self) -> str:
        """`shells, PRK`, as in the names of its rows."""
        return f"{self.item}, {self.actor}"

    @property
    def name(self) -> str:
        return f"{self.item}[{self.actor}]"


@dataclass(frozen=True)
class Line:
    """A flow whose names all mean something."""

    id: str
    part: Flow
    title: str
    sender: Stock
    recipient: Stock
    copied: bool
    delay: int
    """Turns on the way."""
    payment: Payment | None = None
    """Without one, or with one whose names mean nothing, None."""
    pays_from: Stock | None = None
    """For a payment in an item: the stock that it is paid from, and the one that it goes to."""
    pays_to: Stock | None = None
    payer: str = ""
    """The flow that pays, or ""."""

    @property
    def path(self) -> PathOf:
        return ("flows", self.id)

    @property
    def scope(self) -> Scope:
        return Scope(self.path, self.sender.actor, {"target": self.recipient.actor})

    @property
    def raided(self) -> bool:
        return self.part.interdiction is not None and self.part.interdiction.chance is not None


@dataclass(frozen=True)
class Entry:
    """What one actor makes or uses of an item."""

    stock: Stock
    part: Production | Use
    path: PathOf

    @property
    def scope(self) -> Scope:
        return Scope(self.path, self.stock.actor)


@dataclass
class Network:
    """All of it, each table in order of id."""

    stocks: dict[tuple[str, str], Stock] = field(default_factory=dict)
    """By item and actor."""
    made: dict[tuple[str, str], Entry] = field(default_factory=dict)
    used: dict[tuple[str, str], Entry] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    paid_by: dict[str, tuple[Line, ...]] = field(default_factory=dict)
    """By flow that pays: the flows that it pays for, in order of id."""
    tiers: dict[tuple[str, str], dict[str, Tier]] = field(default_factory=dict)
    """By item and actor: the tiers that the actor can unlock."""
    arsenals: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """By item and actor: suppliers, in order of id, the actor itself among them."""

    def holders(self, item: str) -> tuple[str, ...]:
        """Actors that have a stock of an item."""
        return tuple(actor for found, actor in self.stocks if found == item)

    def incoming(self, stock: Stock) -> Iterator[Line]:
        """Flows into a stock."""
        return (line for line in self.lines.values() if line.recipient == stock)

    def payments_to(self, stock: Stock) -> Iterator[Line]:
        """Flows that are paid for into a stock, in an item."""
        return (line for line in self.lines.values() if line.pays_to == stock)
