"""Flows as a construct of the domain: rows, functions, and the passes of stage 7 in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.flows import rows
from sim.compile.flows.amounts import Amounts
from sim.compile.flows.barter import Barter
from sim.compile.flows.books import Books
from sim.compile.flows.carrying import Carrying
from sim.compile.flows.network import Network
from sim.compile.flows.raids import raids
from sim.compile.flows.readers import FlowReaders
from sim.compile.flows.reading import NetworkReader
from sim.compile.flows.sending import Sending, Written
from sim.compile.flows.tiers import Tiers, initial_stock
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope
from sim.text import Place, quoted


class Flows:
    """Items and flows: `docs/adjudication.md`, section F."""

    rules: ClassVar[Mapping[str, str]] = {
        "F1": "Other stages",
        "F2": "Mean of the turn",
        "F3": "Made first",
        "F4": "Shortage",
        "F5": "Priority",
        "F6": "Capacity",
        "F7": "Delay",
        "F8": "Interdiction",
        "F9": "Raids",
        "F10": "Barter",
        "F11": "Credit",
        "F12": "Gates",
        "F13": "Copies",
        "F14": "Arsenal",
        "F15": "Tiers",
        "F16": "Kept",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._scenario = lowering.scenario
        self._made = made
        self._without = without
        self._c = Composer(lowering)

    @cached_property
    def network(self) -> Network:
        """Items and flows with their names found; what is wrong with them is noted."""
        return NetworkReader(self._lowering, delays="F7" not in self._without).read()

    def readers(self) -> Mapping[str, Reader]:
        """Functions of items and flows."""
        return FlowReaders(self._lowering, lambda: self.network, self._without).all()

    def declare(self) -> None:
        """Declare the rows of every stock and flow."""
        if not self._scenario.model.items and not self._scenario.model.flows:
            return
        self._check_names()
        rows.Declaring(self._lowering.builder, self._scenario, self.network).all()
        Barter(self._scenario, self.network, self._lowering.builder.problems).check()

    def compile(self, decisions: DecisionCompiler) -> None:
        """Add first values and the passes of stage 7."""
        if not self.network.stocks:
            return
        self._check_dynamics()
        tiers = Tiers(self._lowering, self.network, self._without)
        self._made.initials += [*self._first_books(), *self._first_arsenals(), *tiers.started()]
        order = ["mean", "book", "make", "want", "send", "raid", "carry", "tell", "unlock"]
        if "F3" in self._without:
            order.remove("make")
            order.insert(order.index("tell"), "make")
        books = Books(self._lowering, self.network, Amounts(self._lowering, self._without), self._without)
        written = {
            "mean": list(books.means(self._made.moving)),
            "book": list(books.books()),
            "make": list(books.production()),
            "want": list(books.wants()),
            "send": list(Sending(self._c, self.network, self._without).written()),
            "carry": list(Carrying(self._lowering, self.network, self._without).written()),
            "tell": [*books.transits(), *tiers.counted()],
        }
        rules = {
            "raid": tuple(raids(self._lowering, self.network, self._without)),
            "unlock": tuple(tiers.rules(decisions)),
        }
        for name in order:
            step = pr.Pass(
                f"flows {name}", rules.get(name, ()), assignments=self._assignments(written.get(name, ()))
            )
            if step.rules or step.assignments:
                self._made.settling.append(step)

    # Checks

    def _check_names(self) -> None:
        """Unlocking a tier is a decision, and its name must be free."""
        taken = self._lowering.builder.rows
        for stock in self.network.stocks.values():
            for tier in self.network.tiers.get((stock.item, stock.actor), ()):
                if f"fired[{rows.unlocking(stock, tier)}]" in taken:
                    path = ("items", stock.item, "tiers", tier)
                    self._lowering.builder.problems.fault(
                        LoweringError(
                            path,
                            0,
                            f"{stock.actor} has a decision {quoted(f'{stock.item}_{tier}')} already",
                            "another name for the tier",
                            code="name-clash",
                            at_key=True,
                        )
                    )

    def _check_dynamics(self) -> None:
        for stock in self.network.stocks.values():
            movement = self._made.moving.get(stock.row)
            if movement is not None:
                self._lowering.builder.problems.error(
                    movement.places[0],
                    f"{stock.name} is a stock, and moves by its books alone",
                    f"'made' or 'used' of {quoted(stock.item)} under 'items'",
                )

    # First values

    def _first_books(self) -> Iterator[pr.Initial]:
        table = self._lowering.builder.rows
        for stock in self.network.stocks.values():
            node = initial_stock(self._lowering, stock)
            yield pr.Initial(table[f"booked[{stock.key}]"], node, stock.place)

    def _first_arsenals(self) -> Iterator[pr.Initial]:
        c, table = self._c, self._lowering.builder.rows
        for (item, actor), suppliers in self.network.arsenals.items():
            stated = self._scenario.model.items[item].arsenal[actor]
            shares = {}
            for supplier, origin in sorted(stated.items()):
                scope = Scope(("items", item, "arsenal", actor, supplier, "share"), mode="initial")
                shares[supplier] = self._lowering.number(origin.share, scope, 0.0, 1.0)
            self._check_sum(item, actor, list(shares.values()))
            shares[actor] = c.max(c.sub(c.const(1.0), c.add(*shares.values())), c.const(0.0))
            place = self._scenario.place("items", item, "arsenal", actor)
            stock = self.network.stocks[item, actor]
            for supplier in suppliers:
                node = shares.get(supplier, c.const(0.0))
                yield pr.Initial(table[rows.arsenal(stock, supplier)], node, place)

    def _check_sum(self, item: str, actor: str, shares: list[int]) -> None:
        written = [self._lowering.builder.nodes[share] for share in shares]
        total = sum(node.value for node in written if node.op == "const")
        if total > 1.0 + 1e-9:
            self._lowering.builder.problems.fault(
                LoweringError(
                    ("items", item, "arsenal", actor),
                    0,
                    f"the shares of suppliers add up to {total:g}",
                    "at most 1 in all",
                    at_key=True,
                )
            )

    # Passes

    def _assignments(self, written: Iterable[Written]) -> tuple[pr.Assignment, ...]:
        """In order of row name."""
        table = self._lowering.builder
        found = []
        for row, node, rule, owner in sorted(written):
            number = table.rows[row]
            place: Place = table.variables[number].place
            found.append(pr.Assignment(number, node, row, place, rule, owner))
        return tuple(found)
