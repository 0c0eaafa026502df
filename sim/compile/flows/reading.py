"""Finding what the names in items and flows mean: from the scenario to its network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final, TypeVar

from sim.compile.flows.network import Entry, Line, Network, Stock
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, listed
from sim.scenario.flows import Flow, Item, Production, Use
from sim.scenario.load import PathOf, Scenario
from sim.text import quoted

PartT = TypeVar("PartT", Production, Use)

MAX_DELAY: Final = 300
"""Turns: each is a row, and all of them are summed."""


class NetworkReader:
    """Finds what the names in items and flows mean, and notes what is wrong with them."""

    def __init__(self, lowering: Lowering, *, delays: bool = True) -> None:
        self._lowering = lowering
        self._scenario: Scenario = lowering.scenario
        self._problems = lowering.builder.problems
        self._delays = delays
        self._network = Network()

    def read(self) -> Network:
        """The network; parts that mean nothing are left out, and noted."""
        model, network = self._scenario.model, self._network
        for item_id, item in sorted(model.items.items()):
            for stock in self._stocks(item_id, item):
                network.stocks[stock.item, stock.actor] = stock
        for item_id, item in sorted(model.items.items()):
            network.made.update(self._entries(item_id, item.made, "made"))
            network.used.update(self._entries(item_id, item.used, "used"))
            self._tiers(item_id, item)
        for flow_id in sorted(model.flows):
            line = self._problems.tried(partial(self._line, flow_id), None) if self._told(flow_id) else None
            if line is not None:
                network.lines[flow_id] = line
        self._payers()
        for item_id, item in sorted(model.items.items()):
            self._arsenals(item_id, item)
        return network

    # Stocks

    def _stocks(self, item_id: str, item: Item) -> Iterator[Stock]:
        symbols, rows = self._lowering.symbols, self._lowering.builder.rows
        holders = symbols.attributes.get(item_id, frozenset())
        if not holders:
            wrong = "the attribute of that name belongs to the world" if item_id in symbols.world else ""
            self._problems.fault(
                LoweringError(
                    ("items", item_id),
                    0,
                    f"nobody holds {quoted(item_id)}: {wrong or 'no actor has an attribute of that name'}",
                    f"an attribute {quoted(item_id)} of each actor that has a stock of it",
                    self._problems.meant(item_id, symbols.attributes),
                    "unknown-name",
                    at_key=True,
                )
            )
        for actor in sorted(holders):
            place = self._scenario.place("actors", actor, "attributes", item_id)
            stock = Stock(item_id, actor, rows[f"{item_id}[{actor}]"], place)
            self._problems.tried(partial(self._check_stock, stock, item), None)
            yield stock

    def _check_stock(self, stock: Stock, item: Item) -> None:
        """A stock is 0 or more, without a bound. It is counted in its item's unit."""
        path: PathOf = ("actors", stock.actor, "attributes", stock.item)
        attribute = self._scenario.model.actors[stock.actor].attributes[stock.item]
        variables = self._lowering.builder.variables
        if attribute.unit is None:
            variables[stock.row] = replace(variables[stock.row], unit=item.unit)
        if attribute.low != 0.0:
            below = "min" if attribute.min is not None else "range"
            where = (*path, below) if attribute.low > float("-inf") else path
            raise LoweringError(
                where,
                0,
                f"{stock.name} is a stock, and its lowest value is not 0",
                "min: 0 and no upper bound",
            )
        if attribute.high != float("inf"):
            where = (*path, "max" if attribute.max is not None else "range")
            raise LoweringError(where, 0, f"{stock.name} is a stock, and has an upper bound", "min: 0 alone")

    def stock(self, item: str, actor: str, path: PathOf, *, at_key: bool = False) -> Stock:
        """An actor's stock of an item that is known.

        Raises:
            LoweringError: for an actor that is not there, or holds none.
        """
        known = self._lowering.symbols.actors
        holders = self._network.holders(item)
        if actor not in known:
            raise LoweringError(
                path,
                0,
                f"there is no actor {quoted(actor)}",
                listed(holders or known, "an actor"),
                self._problems.meant(actor, known),
                "unknown-name",
                at_key=at_key,
            )
        if actor not in holders:
            raise LoweringError(
                path,
                0,
                f"{actor} holds no {quoted(item)}",
                f"an actor with that attribute: {', '.join(holders[:12])}",
                code="not-of-actor",
                at_key=at_key,
            )
        return self._network.stocks[item, actor]

    def _item(self, item: str, path: PathOf) -> Item:
        items = self._scenario.model.items
        if item not in items:
            raise LoweringError(
                path,
                0,
                f"there is no item {quoted(item)}",
                listed(sorted(items), "one that stands under 'items'"),
                self._problems.meant(item, items),
                "unknown-name",
            )
        return items[item]

    def _entries(
        self, item: str, parts: Mapping[str, PartT], key: str
    ) -> Iterator[tuple[tuple[str, str], Entry]]:
        if not self._network.holders(item):
            return
        for actor, part in sorted(parts.items()):
            path: PathOf = ("items", item, key, actor)
            stock = self._problems.tried(partial(self.stock, item, actor, path, at_key=True), None)
            if stock is not None:
                yield (item, actor), Entry(stock, part, path)

    def _tiers(self, item_id: str, item: Item) -> None:
        holders = self._network.holders(item_id)
        for tier_id, tier in sorted(item.tiers.items()):
            path: PathOf = ("items", item_id, "tiers", tier_id, "who")
            for index, actor in enumerate(tier.who if holders else ()):
                self._problems.tried(partial(self.stock, item_id, actor, (*path, index)), None)
            for actor in holders:
                if not tier.who or actor in tier.who:
                    self._network.tiers.setdefault((item_id, actor), {})[tier_id] = tier

    # Flows

    def _told(self, flow_id: str) -> bool:
        """Whether something can be said of a flow. Of an item that nobody holds all is said already."""
        items, part = self._scenario.model.items, self._scenario.model.flows[flow_id]
        named = {part.item} | ({part.payment.item} if part.payment and part.payment.item else set())
        return all(self._network.holders(item) for item in named & items.keys())

    def _line(self, flow_id: str) -> Line:
        part = self._scenario.model.flows[flow_id]
        path: PathOf = ("flows", flow_id)
        item = self._item(part.item, (*path, "item"))
        sender = self.stock(part.item, part.from_, (*path, "from"))
        recipient = self.stock(part.item, part.to, (*path, "to"))
        if sender == recipient:
            raise LoweringError(
                (*path, "to"), 0, f"{part.to} sends {quoted(part.item)} to itself", "another actor"
            )
        line = Line(
            flow_id,
            part,
            part.title or flow_id.replace("_", " "),
            sender,
            recipient,
            copied=item.copied,
            delay=self._problems.tried(partial(self._delay, part, path), 0),
        )
        return self._problems.tried(partial(self._with_payment, line), line)

    def _delay(self, part: Flow, path: PathOf) -> int:
        if part.interdiction is not None and part.interdiction.chance is not None and part.delay is None:
            raise LoweringError(
                (*path, "interdiction", "chance"),
                0,
                "what arrives at once is never at sea, and cannot be raided",
                "a delay of the flow, or a share without chance",
                at_key=True,
            )
        if part.delay is None or not self._delays:
            return 0
        clock = self._scenario.clock
        turns = clock.turns_in(part.delay)
        if turns > clock.turns:
            raise LoweringError(
                (*path, "delay"),
                0,
                f"nothing would arrive: {part.delay} is longer than the clock runs",
                f"at most {clock.turns} turns",
            )
        if turns > MAX_DELAY:
            raise LoweringError((*path, "delay"), 0, f"this takes {turns:,} turns", f"at most {MAX_DELAY}")
        return turns

    # Payments

    def _with_payment(self, line: Line) -> Line:
        payment, path = line.part.payment, (*line.path, "payment")
        if payment is None:
            return line
        if payment.item is not None:
            where = (*path, "item")
            if self._item(payment.item, where).copied:
                raise LoweringError(
                    where,
                    0,
                    f"{quoted(payment.item)} is copied, and cannot be handed over",
                    "a flow that sends it",
                )
            if payment.item == line.part.item:
                raise LoweringError(where, 0, f"{quoted(payment.item)} is paid for in itself", "another item")
            return replace(
                line,
                payment=payment,
                pays_from=self.stock(payment.item, line.recipient.actor, where),
                pays_to=self.stock(payment.item, line.sender.actor, where),
            )
        assert payment.flow is not None
        payer = self._payer(payment.flow, line, (*path, "flow"))
        return replace(line, payment=payment, payer=payer)

    def _payer(self, payer: str, line: Line, path: PathOf) -> str:
        flows = self._scenario.model.flows
        if payer not in flows:
            raise LoweringError(
                path,
                0,
                f"there is no flow {quoted(payer)}",
                listed(sorted(flows), "one that stands under 'flows'"),
                self._problems.meant(payer, flows),
                "unknown-name",
            )
        other = flows[payer]
        here, there = line.part.from_, line.part.to
        fault: Callable[[str, str], LoweringError] = partial(LoweringError, path, 0)
        if (other.from_, other.to) != (there, here):
            raise fault(
                f"{quoted(payer)} goes from {other.from_} to {other.to}", f"a flow from {there} to {here}"
            )
        if other.item == line.part.item:
            raise fault(
                f"{quoted(payer)} sends {quoted(other.item)}, the very item", "a flow of another item"
            )
        if other.rate is not None:
            raise fault(
                f"{quoted(payer)} has a rate of its own", "a flow that sends what is due, and no more"
            )
        if other.payment is not None:
            raise fault(f"{quoted(payer)} is itself paid for", "a flow without payment")
        return payer

    def _payers(self) -> None:
        """Which flow pays for which, and that every flow sends something."""
        network = self._network
        paying = {
            part.payment.flow for part in self._scenario.model.flows.values() if part.payment is not None
        }
        for line in list(network.lines.values()):
            if line.part.rate is None and line.id not in paying:
                del network.lines[line.id]
                self._problems.fault(
                    LoweringError(
                        line.path,
                        0,
                        "it is not said how much is sent",
                        "per: month and rate: NUMBER, or another flow that is paid for by this one",
                        at_key=True,
                    )
                )
        for line in list(network.lines.values()):
            if line.payer and line.payer not in network.lines:
                network.lines[line.id] = replace(line, payment=None, payer="")
        for payer in network.lines:
            paid = tuple(line for line in network.lines.values() if line.payer == payer)
            if paid:
                network.paid_by[payer] = paid
        for line in list(network.lines.values()):
            if line.part.rate is None and line.id not in network.paid_by:
                del network.lines[line.id]  # what it pays for means nothing, and that is said

    # Arsenals

    def _arsenals(self, item_id: str, item: Item) -> None:
        if not self._network.holders(item_id):
            return
        for actor, shares in sorted(item.arsenal.items()):
            path: PathOf = ("items", item_id, "arsenal", actor)
            stock = self._problems.tried(partial(self.stock, item_id, actor, path, at_key=True), None)
            if stock is None:
                continue
            suppliers = {actor}
            for supplier in shares:
                self._problems.tried(partial(self._supplier, supplier, actor, (*path, supplier)), None)
                suppliers.add(supplier)
            suppliers.update(line.sender.actor for line in self._network.incoming(stock))
            suppliers.update(line.recipient.actor for line in self._network.payments_to(stock))
            self._network.arsenals[item_id, actor] = tuple(sorted(suppliers))

    def _supplier(self, supplier: str, holder: str, path: PathOf) -> None:
        known = self._lowering.symbols.actors
        if supplier == holder:
            raise LoweringError(
                path, 0, f"{holder} supplies itself with what others do not", "other actors", at_key=True
            )
        if supplier not in known:
            raise LoweringError(
                path,
                0,
                f"there is no actor {quoted(supplier)}",
                listed(known),
                self._problems.meant(supplier, known),
                "unknown-name",
                at_key=True,
            )
