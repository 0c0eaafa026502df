"""What happens on the way: raids, losses, what arrives, and whose goods a stock is made of (pass *carry*)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sim.compile.compose import Composer
from sim.compile.flows import rows
from sim.compile.flows.network import Line, Network, Stock
from sim.compile.flows.sending import Written
from sim.compile.lower import Lowering
from sim.compile.program import Term


@dataclass
class Arsenals:
    """Shares of a stock by supplier: what leaves takes of all alike, what comes in adds to one (F14)."""

    c: Composer
    network: Network
    without: frozenset[str]

    def written(
        self, stock: Stock, before: int, after: int, added: Mapping[str, list[int]]
    ) -> Iterator[Written]:
        """The shares once `added`, by supplier, has made `after` of `before`."""
        if "F14" in self.without:
            return
        c = self.c
        grown = c.compare("gt", after, before)
        for supplier in self.network.arsenals.get((stock.item, stock.actor), ()):
            name = rows.arsenal(stock, supplier)
            share = c.row(name)
            part = c.mul(share, before)
            if supplier in added:
                part = c.add(part, c.add(*added[supplier]))
            yield Written(name, c.when(grown, c.div(part, after), share), "F14", stock.actor)


@dataclass
class Carrying:
    """Works out losses and arrivals, on the state that stands when everything has been sent."""

    lowering: Lowering
    network: Network
    without: frozenset[str]
    _arriving: dict[str, int] = field(default_factory=dict)

    @property
    def c(self) -> Composer:
        return Composer(self.lowering)

    def written(self) -> Iterator[Written]:
        """What every row becomes."""
        for line in self.network.lines.values():
            yield from self._carry(line)
        for stock in self.network.stocks.values():
            yield from self._arrive(stock)

    # On the way

    def _carry(self, line: Line) -> Iterator[Written]:
        c, owner = self.c, line.sender.actor
        share = self._share(line)
        sea = [self.c.row(name) for name in rows.slots(line)]
        lost_at_sea = [c.mul(here, share) for here in sea] if self._raids_the_sea(line) else []
        shipment = c.row(f"shipment[{line.id}]")
        lost_at_once = None if lost_at_sea else self._lost_at_once(line, shipment, share)
        gone = shipment if lost_at_once is None else c.sub(shipment, lost_at_once)
        left = (
            [c.sub(here, lost) for here, lost in zip(sea, lost_at_sea, strict=True)] if lost_at_sea else sea
        )
        queue = [*left, gone]
        for name, node in zip(rows.slots(line), queue[1:], strict=True):
            yield Written(name, node, "F7", owner)
        self._arriving[line.id] = queue[0]
        delivered = c.add(c.row(f"delivered[{line.id}]"), queue[0])
        c.said(delivered, "all that has arrived", line.path, [Term("arrives now", queue[0])], ",")
        yield Written(f"delivered[{line.id}]", delivered, "F7", line.recipient.actor)
        losses = [*lost_at_sea, *(() if lost_at_once is None else (lost_at_once,))]
        if losses:
            lost = c.add(c.row(f"lost[{line.id}]"), *losses)
            terms = [Term("share that is lost", share), Term("lost now", c.add(*losses))]
            c.said(lost, "all that was lost on the way", (*line.path, "interdiction"), terms, ",")
            yield Written(f"lost[{line.id}]", lost, "F8", owner)

    def _share(self, line: Line) -> int:
        """The share that is lost: of a raid, only where there was one."""
        c, interdiction = self.c, line.part.interdiction
        if interdiction is None or "F8" in self.without:
            return c.const(0.0)
        where = line.scope.at(*line.path, "interdiction", "share")
        share = c.clamp(self.lowering.number(interdiction.share, where, 0.0, 1.0), 0.0, 1.0)
        if not line.raided:
            return share
        raided = c.positive(c.row(f"fired[flows/{line.id}]"))
        return c.when(raided, share, c.const(0.0))

    def _raids_the_sea(self, line: Line) -> bool:
        return line.raided and line.delay > 0 and not {"F8", "F9"} & self.without

    def _lost_at_once(self, line: Line, shipment: int, share: int) -> int | None:
        c = self.c
        if line.part.interdiction is None or "F8" in self.without:
            return None
        if line.raided and "F9" not in self.without:
            years = 0.0 if line.part.delay is None else line.part.delay.years
            at_sea = c.min(c.div(c.const(years), c.dt), c.const(1.0))
            return c.mul(shipment, c.mul(share, at_sea))
        return c.mul(shipment, share)

    # Arrivals

    def _arrive(self, stock: Stock) -> Iterator[Written]:
        c = self.c
        added: dict[str, list[int]] = {}
        arriving = list(self._into(stock))
        for supplier, node in arriving:
            added.setdefault(supplier, []).append(node)
        before = c.row(stock.name)
        after = c.add(before, *(node for _, node in arriving))
        yield Written(stock.name, after, "F7", stock.actor)
        yield Written(f"booked[{stock.key}]", after, "F1", stock.actor)
        yield from Arsenals(c, self.network, self.without).written(stock, before, after, added)

    def _into(self, stock: Stock) -> Iterable[tuple[str, int]]:
        """What comes into a stock and from whom: by flows, then by payments."""
        for line in self.network.incoming(stock):
            yield line.sender.actor, self._arriving[line.id]
        for line in self.network.payments_to(stock):
            yield line.recipient.actor, self.c.row(f"payment[{line.id}]")
