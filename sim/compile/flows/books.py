"""The books of a turn: what other stages did, what is made, and what is wanted (passes *mean* to *want*)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.flows import rows
from sim.compile.flows.amounts import Amounts, rates_of
from sim.compile.flows.carrying import Arsenals
from sim.compile.flows.network import Entry, Line, Network
from sim.compile.flows.sending import Sending, Written
from sim.compile.lower import Lowering
from sim.compile.program import Term
from sim.scenario.expressions import Expression
from sim.scenario.flows import Production


@dataclass
class Books:
    """Nodes of what stands in the books before anything is sent, and of what is at sea when all is done."""

    lowering: Lowering
    network: Network
    amounts: Amounts
    without: frozenset[str]

    @property
    def c(self) -> Composer:
        return Composer(self.lowering)

    def means(self, moving: Mapping[int, pr.Movement]) -> Iterator[Written]:
        """The mean over the turn of what moves and is read by a rate or a capacity."""
        asked = [
            pair
            for entry in (*self.network.made.values(), *self.network.used.values())
            for pair in rates_of(entry.part, self._capacity(entry), entry.scope, entry.path)
        ]
        for line in self.network.lines.values():
            asked += rates_of(line.part, line.part.capacity, line.scope, line.path)
        for name, node, _ in self.amounts.follow(asked, moving):
            yield Written(name, node, "F2", "")

    def _capacity(self, entry: Entry) -> Expression | None:
        return entry.part.capacity if isinstance(entry.part, Production) else None

    def books(self) -> Iterator[Written]:
        """What other stages did to the stocks since the books were last closed."""
        if "F1" in self.without:
            return
        c = self.c
        for stock in self.network.stocks.values():
            now, booked = c.row(stock.name), c.row(f"booked[{stock.key}]")
            gain = c.sub(now, booked)
            gained, gone = c.max(gain, c.const(0.0)), c.max(c.neg(gain), c.const(0.0))
            for table, change in (("made", gained), ("used", gone)):
                name = f"{table}[{stock.key}]"
                yield Written(name, c.add(c.row(name), change), "F1", stock.actor)
            arsenals = Arsenals(c, self.network, self.without)
            yield from arsenals.written(stock, c.min(now, booked), now, {stock.actor: [gained]})

    def production(self) -> Iterator[Written]:
        """What is made."""
        c = self.c
        for entry in self.network.made.values():
            stock, part = entry.stock, entry.part
            assert isinstance(part, Production)
            made = self.amounts.of(part, entry.scope, part.capacity, "what is made")
            before = c.row(stock.name)
            after = c.add(before, made)
            total = f"made[{stock.key}]"
            node = c.add(c.row(total), made)
            terms = [Term("made now", made), *self.lowering.composed[made].terms]
            c.said(node, "all that was made", entry.path, terms, ",")
            yield Written(total, node, "F3", stock.actor)
            yield Written(stock.name, after, "F3", stock.actor)
            if "F3" in self.without:
                yield Written(f"booked[{stock.key}]", after, "F3", stock.actor)
            arsenals = Arsenals(c, self.network, self.without)
            yield from arsenals.written(stock, before, after, {stock.actor: [made]})

    def wants(self) -> Iterator[Written]:
        """What is to be used, sent and paid."""
        for entry in self.network.used.values():
            stock = entry.stock
            node = self.amounts.of(entry.part, entry.scope, None, "what is to be used")
            yield Written(f"wanted[{stock.key}]", node, "F4", stock.actor)
        wanted, prices = {}, {}
        for line in self.network.lines.values():
            if line.payment is not None:
                prices[line.id] = self._price(line)
                yield Written(f"price[{line.id}]", prices[line.id], "F10", line.sender.actor)
            if line.part.rate is not None:
                words = "what is to be sent"
                wanted[line.id] = self.amounts.of(line.part, line.scope, line.part.capacity, words)
        for payer, paid in self.network.paid_by.items():
            wanted[payer] = self._payments_wanted(self.network.lines[payer], paid, wanted, prices)
        for line in self.network.lines.values():
            yield Written(f"wanted[{line.id}]", wanted[line.id], "F12", line.sender.actor)

    def _price(self, line: Line) -> int:
        assert line.payment is not None
        where = line.scope.at(*line.path, "payment", "price")
        return self.c.max(self.lowering.number(line.payment.price, where, 0.0), self.c.const(0.0))

    def _payments_wanted(
        self, payer: Line, paid: Iterable[Line], wanted: Mapping[str, int], prices: Mapping[str, int]
    ) -> int:
        c, credit = self.c, Sending(self.c, self.network, self.without).credit
        dues, terms = [], []
        for line in paid:
            due = c.mul(prices[line.id], wanted[line.id])
            if credit(line):
                due = c.add(c.row(f"owed[{line.id}]"), due)
            dues.append(due)
            terms.append(Term(f"due for {line.id}", due))
        words = "what is to be paid"
        part = payer.part
        return self.amounts.capped(
            c.add(*dues), part.per, payer.scope, part.capacity, part.when, words, terms
        )

    def transits(self) -> Iterator[Written]:
        """What is on its way in all."""
        for line in self.network.lines.values():
            if line.delay:
                sea = [self.c.row(name) for name in rows.slots(line)]
                yield Written(f"transit[{line.id}]", self.c.add(*sea), "F7", line.sender.actor)
