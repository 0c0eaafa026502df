"""Who gets how much of a stock that many claim: uses, flows and payments (pass *send*)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.compile.compose import Composer
from sim.compile.flows.network import Entry, Line, Network, Stock
from sim.compile.program import Term
from sim.scenario.flows import Use


class Claim(NamedTuple):
    """Something that is to be taken from a stock."""

    key: str
    """`use`, a flow's id, or `payment FLOW`."""
    node: int
    priority: int


class Written(NamedTuple):
    """A row and what it becomes."""

    row: str
    node: int
    rule: str
    owner: str


@dataclass
class Sending:
    """Works out what is taken from every stock, on the state that stands when all that is wanted is known."""

    c: Composer
    network: Network
    without: frozenset[str]
    _parts: dict[tuple[Stock, str], int] = field(default_factory=dict)
    """Of what a claim asks for, the part that it can have."""
    _rest: dict[Stock, int] = field(default_factory=dict)
    """What is left of a stock."""
    _shipments: dict[str, int] = field(default_factory=dict)

    def written(self) -> Iterator[Written]:
        """What every row becomes."""
        stocks = self.network.stocks.values()
        for stock in stocks:
            self._rest[stock] = self.c.row(stock.name)
            self._share_out(stock)
        for stock in stocks:
            yield from self._use(stock)
            for line in self._from(stock, paying=False):
                yield from self._send(line, self._asked(line))
        for stock in stocks:
            for line in self._from(stock, paying=True):
                dues = [self._settlement(paid) for paid in self.network.paid_by[line.id]]
                yield from self._send(line, self.c.add(*dues))
        for line in self.network.lines.values():
            if line.payment is not None:
                yield from self._pay(line)
        for stock in stocks:
            yield Written(stock.name, self._rest[stock], "F4", stock.actor)
            yield from self._copies(stock)

    # Claims

    def _from(self, stock: Stock, *, paying: bool) -> Iterator[Line]:
        for line in self.network.lines.values():
            if line.sender == stock and (line.id in self.network.paid_by) == paying:
                yield line

    def _claims(self, stock: Stock) -> Iterator[Claim]:
        """In the order in which they are folded and taken."""
        used = self.network.used.get((stock.item, stock.actor))
        if used is not None:
            yield Claim("use", self.c.row(f"wanted[{stock.key}]"), self._priority(used))
        for paying in (False, True):
            for line in self._from(stock, paying=paying):
                if not self.copies(line):
                    yield Claim(line.id, self.c.row(f"wanted[{line.id}]"), line.part.priority)
        for line in self.network.lines.values():
            if line.pays_from == stock and line.payment is not None:
                yield Claim(f"payment {line.id}", self._due(line), line.payment.priority)

    def _priority(self, used: Entry) -> int:
        assert isinstance(used.part, Use)
        return used.part.priority

    def _share_out(self, stock: Stock) -> None:
        """What part of its claim each claim can have: classes by falling priority, pro rata within one."""
        c, claims = self.c, list(self._claims(stock))
        if "F5" not in self.without:
            claims.sort(key=lambda claim: -claim.priority)
        left = c.row(stock.name)
        for claimants in self._classes(claims):
            total = c.add(*(claim.node for claim in claimants))
            part = c.when(c.compare("le", total, left), c.const(1.0), c.div(left, total))
            for claim in claimants:
                self._parts[stock, claim.key] = part
            left = c.when(c.compare("gt", total, left), c.const(0.0), c.sub(left, total))

    def _classes(self, claims: list[Claim]) -> Iterator[list[Claim]]:
        if "F4" in self.without:
            yield from ([claim] for claim in claims)
            return
        split = "F5" not in self.without
        for priority in sorted({claim.priority if split else 0 for claim in claims}, reverse=True):
            yield [claim for claim in claims if not split or claim.priority == priority]

    def copies(self, line: Line) -> bool:
        """Whether who sends keeps what it sends."""
        return line.copied and "F13" not in self.without

    def _lack(self, line: Line) -> int:
        """What the recipient of a copied item does not have and the sender has."""
        c = self.c
        has = c.row(line.recipient.name)
        if line.delay:
            has = c.add(has, c.row(f"transit[{line.id}]"))
        return c.max(c.sub(c.row(line.sender.name), has), c.const(0.0))

    def _part(self, line: Line) -> int:
        """The part of what a flow wants that the stock allows."""
        c = self.c
        if not self.copies(line):
            return self._parts[line.sender, line.id]
        wanted, lack = c.row(f"wanted[{line.id}]"), self._lack(line)
        return c.when(c.compare("le", wanted, lack), c.const(1.0), c.div(lack, wanted))

    # Payment

    def credit(self, line: Line) -> bool:
        """Whether a flow is sent before it is paid for."""
        return line.payment is not None and line.payment.credit and "F11" not in self.without

    def _due(self, line: Line) -> int:
        c = self.c
        cost = c.mul(c.row(f"price[{line.id}]"), c.row(f"wanted[{line.id}]"))
        return c.add(c.row(f"owed[{line.id}]"), cost) if self.credit(line) else cost

    def _payable(self, line: Line) -> int:
        """The part of what is due that can be paid."""
        c = self.c
        if line.pays_from is not None:
            return self._parts[line.pays_from, f"payment {line.id}"]
        payer = self.network.lines[line.payer]
        total = c.add(*(self._due(paid) for paid in self.network.paid_by[payer.id]))
        able = c.div(c.mul(c.row(f"wanted[{payer.id}]"), self._part(payer)), total)
        return c.when(c.zero(total), c.const(1.0), able)

    def _settlement(self, line: Line) -> int:
        """What is paid for a flow in this turn, before it is taken from a stock."""
        c = self.c
        cost = c.mul(c.row(f"price[{line.id}]"), self._shipments[line.id])
        able = c.mul(self._due(line), self._payable(line))
        if self.credit(line):
            return c.min(able, c.add(c.row(f"owed[{line.id}]"), cost))
        return c.min(able, cost) if "F10" in self.without else cost

    def _pay(self, line: Line) -> Iterator[Written]:
        c, payer = self.c, line.recipient.actor
        paid = self._settlement(line)
        if line.pays_from is not None:
            asked = paid
            paid = self._take(line.pays_from, asked)
            terms = [
                Term("cost of what was sent and is owed", asked),
                Term("part that can be paid", self._payable(line)),
            ]
            words = c.said(paid, "what is handed over", (*line.path, "payment"), terms, ",")
            yield Written(f"payment[{line.id}]", words, "F10", payer)
        yield Written(f"paid[{line.id}]", c.add(c.row(f"paid[{line.id}]"), paid), "F10", payer)
        if self.credit(line):
            cost = c.mul(c.row(f"price[{line.id}]"), self._shipments[line.id])
            owed = c.sub(c.add(c.row(f"owed[{line.id}]"), cost), paid)
            terms = [
                Term("owed before", c.row(f"owed[{line.id}]")),
                Term("cost of what was sent", cost),
                Term("paid", paid),
            ]
            c.said(owed, "what is owed", (*line.path, "payment"), terms, ",")
            yield Written(f"owed[{line.id}]", owed, "F11", payer)

    # Taking

    def _take(self, stock: Stock, asked: int) -> int:
        """What is taken: never more than there is, so that rounding takes no stock below 0."""
        taken = self.c.min(asked, self._rest[stock])
        self._rest[stock] = self.c.sub(self._rest[stock], taken)
        return taken

    def _use(self, stock: Stock) -> Iterator[Written]:
        if (stock.item, stock.actor) not in self.network.used:
            return
        c, part = self.c, self._parts[stock, "use"]
        wanted = c.row(f"wanted[{stock.key}]")
        taken = self._take(stock, c.mul(wanted, part))
        terms = [Term("wanted", wanted), Term("part that the stock allows", part)]
        c.said(taken, "what is used", ("items", stock.item, "used", stock.actor), terms, ",")
        yield Written(f"got[{stock.key}]", taken, "F4", stock.actor)
        yield Written(f"used[{stock.key}]", c.add(c.row(f"used[{stock.key}]"), taken), "F4", stock.actor)

    def _asked(self, line: Line) -> int:
        c, part = self.c, self._part(line)
        limited = line.payment is not None and not self.credit(line) and "F10" not in self.without
        return c.mul(c.row(f"wanted[{line.id}]"), c.min(part, self._payable(line)) if limited else part)

    def _send(self, line: Line, asked: int) -> Iterator[Written]:
        c, owner = self.c, line.sender.actor
        taken = c.min(asked, self._lack(line)) if self.copies(line) else self._take(line.sender, asked)
        self._shipments[line.id] = taken
        terms = [
            Term("wanted", c.row(f"wanted[{line.id}]")),
            Term("part that the stock allows", self._part(line)),
        ]
        if line.payment is not None and not self.credit(line):
            terms.append(Term("part that can be paid", self._payable(line)))
        c.said(taken, "what is sent", line.path, terms, ",")
        yield Written(f"shipment[{line.id}]", taken, "F4", owner)
        yield Written(f"sent[{line.id}]", c.add(c.row(f"sent[{line.id}]"), taken), "F4", owner)

    def _copies(self, stock: Stock) -> Iterator[Written]:
        """What is copied is made where it is sent from."""
        sent = [
            self._shipments[line.id]
            for line in self.network.lines.values()
            if line.sender == stock and self.copies(line)
        ]
        if sent:
            name = f"made[{stock.key}]"
            yield Written(name, self.c.add(self.c.row(name), *sent), "F13", stock.actor)
