"""The rows of items and flows: `docs/adjudication.md`, section F, says what each holds."""

from __future__ import annotations

from dataclasses import dataclass

from sim.compile.builder import Builder
from sim.compile.flows.network import Line, Network, Stock
from sim.scenario.load import Scenario
from sim.text import Place


def slots(line: Line) -> tuple[str, ...]:
    """Names of the rows of what is on its way, what arrives next first."""
    return tuple(f"transit[{line.id}, {turns}]" for turns in range(1, line.delay + 1))


def arsenal(stock: Stock, supplier: str) -> str:
    """Name of the row of a supplier's share in a stock."""
    return f"arsenal[{stock.key}, {supplier}]"


def tier(stock: Stock, tier_id: str) -> str:
    """Name of the row that counts the turns since a tier was reached."""
    return f"tier[{stock.key}, {tier_id}]"


def unlocking(stock: Stock, tier_id: str) -> str:
    """Name of the decision by which an actor unlocks a tier."""
    return f"{stock.actor}/{stock.item}_{tier_id}"


@dataclass
class Declaring:
    """Declares them."""

    builder: Builder
    scenario: Scenario
    network: Network

    def all(self) -> None:
        """Declare the rows of every stock and flow."""
        for stock in self.network.stocks.values():
            self._stock(stock)
        for line in self.network.lines.values():
            self._line(line)

    def _stock(self, stock: Stock) -> None:
        place = self.scenario.place("items", stock.item)
        for table in ("booked", "made", "used"):
            self._row(f"{table}[{stock.key}]", place)
        used = self.network.used.get((stock.item, stock.actor))
        if used is not None:
            for table in ("wanted", "got"):
                self._row(f"{table}[{stock.key}]", self.scenario.place(*used.path))
        for supplier in self.network.arsenals.get((stock.item, stock.actor), ()):
            where = self.scenario.place("items", stock.item, "arsenal", stock.actor)
            self._row(arsenal(stock, supplier), where, high=1.0)
        for tier_id in self.network.tiers.get((stock.item, stock.actor), ()):
            where = self.scenario.place("items", stock.item, "tiers", tier_id)
            self._row(tier(stock, tier_id), where)
            self._row(f"fired[{unlocking(stock, tier_id)}]", where, high=1.0)
            self._row(f"ever[{unlocking(stock, tier_id)}]", where, high=1.0)

    def _line(self, line: Line) -> None:
        place = self.scenario.place(*line.path)
        for table in ("wanted", "shipment", "sent", "delivered", "lost"):
            self._row(f"{table}[{line.id}]", place)
        if line.delay:
            for name in (*slots(line), f"transit[{line.id}]"):
                self._row(name, place)
        if line.raided:
            self._row(f"fired[flows/{line.id}]", place, high=1.0)
        if line.payment is not None:
            for table in ("price", "paid"):
                self._row(f"{table}[{line.id}]", place)
            if line.payment.credit:
                self._row(f"owed[{line.id}]", place)
            if line.pays_from is not None:
                self._row(f"payment[{line.id}]", place)

    def _row(self, name: str, place: Place, high: float = float("inf")) -> None:
        """A row of something that is never below 0."""
        self.builder.declare(name, "domain", place, low=0.0, high=high)
