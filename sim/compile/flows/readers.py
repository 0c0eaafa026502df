"""What expressions may ask of items and flows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sim.compile.compose import Composer
from sim.compile.construct import Reader
from sim.compile.flows import rows
from sim.compile.flows.network import Line, Network, Stock
from sim.compile.flows.tiers import Tiers
from sim.compile.history import History
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import expressions as ex
from sim.text import quoted


@dataclass
class FlowReaders:
    """Nodes of the functions of items and flows. `network` is asked when the first of them is called."""

    lowering: Lowering
    network: Callable[[], Network]
    without: frozenset[str]

    @property
    def c(self) -> Composer:
        return Composer(self.lowering)

    def all(self) -> Mapping[str, Reader]:
        """Every function by name."""
        return {
            **{name: partial(self._of_flow, name) for name in ("transit", "owed", "price")},
            **{name: partial(self._of_flow_since, name) for name in ("sent", "delivered", "lost", "paid")},
            **{name: partial(self._of_stock_since, name) for name in ("made", "used")},
            "shortage": self._shortage,
            "arsenal_share": self._arsenal_share,
            "concentration": self._concentration,
            "tier": self._tier,
            "unlocked": self._unlocked,
        }

    # Flows

    def _of_flow(self, table: str, tree: ex.Call, scope: Scope) -> int:
        names = self._names(tree, scope, f"{tree.function}(FLOW)", 1)
        return self._value(f"{table}[{self._line(names[0], scope).id}]")

    def _of_flow_since(self, table: str, tree: ex.Call, scope: Scope) -> int:
        form = f"{tree.function}(FLOW), or {tree.function}(FLOW, '6 months')"
        names = self._names(tree, scope, form, 1, since=True)
        return self._since(f"{table}[{self._line(names[0], scope).id}]", tree, scope)

    def _value(self, row: str) -> int:
        """The row's value; 0 for one that this flow does not have."""
        return self.c.row(row) if row in self.lowering.builder.rows else self.c.const(0.0)

    def _line(self, name: ex.Name, scope: Scope) -> Line:
        lines, flows = self.network().lines, self.lowering.scenario.model.flows
        if name.id not in flows:
            raise self._unknown(name, scope, "flow", flows)
        if name.id not in lines:
            raise LoweringError(scope.path, name.offset, f"{quoted(name.id)} is not sound", "a flow that is")
        return lines[name.id]

    # Stocks

    def _of_stock_since(self, table: str, tree: ex.Call, scope: Scope) -> int:
        form = f"{tree.function}(ITEM, ACTOR), or {tree.function}(ITEM, ACTOR, '6 months')"
        stock = self._stock(self._names(tree, scope, form, 2, since=True), scope)
        return self._since(f"{table}[{stock.key}]", tree, scope)

    def _shortage(self, tree: ex.Call, scope: Scope) -> int:
        c, form = self.c, "shortage(FLOW), or shortage(ITEM, ACTOR)"
        if len(tree.arguments) == 1:
            line = self._line(self._names(tree, scope, form, 1)[0], scope)
            wanted, had = f"wanted[{line.id}]", f"shipment[{line.id}]"
        else:
            stock = self._stock(self._names(tree, scope, form, 2), scope)
            wanted, had = f"wanted[{stock.key}]", f"got[{stock.key}]"
            if wanted not in self.lowering.builder.rows:
                raise LoweringError(
                    scope.path,
                    tree.offset,
                    f"{stock.actor} uses up no {quoted(stock.item)}",
                    f"an entry for {stock.actor} under 'used' of the item",
                )
        missing = c.sub(c.const(1.0), c.div(c.row(had), c.row(wanted)))
        return c.when(c.positive(c.row(wanted)), missing, c.const(0.0))

    def _since(self, row: str, tree: ex.Call, scope: Scope) -> int:
        """The row, or with a duration how much it has grown in that time."""
        last = tree.arguments[-1]
        if not isinstance(last, ex.Text):
            return self._value(row)
        history = History(self.lowering.names, self.lowering.asked)
        turns = history.turns(last, scope)
        if row not in self.lowering.builder.rows:
            return self.c.const(0.0)
        then = self.lowering.builder.read(history.recall(self.lowering.builder.rows[row], turns))
        return self.c.sub(self.c.row(row), then)

    def _stock(self, names: Sequence[ex.Name], scope: Scope) -> Stock:
        item, actor = names[:2]
        items, network = self.lowering.scenario.model.items, self.network()
        if item.id not in items:
            raise self._unknown(item, scope, "item", items)
        holder = self.lowering.names.actor(actor.id, actor.offset, scope)
        if (item.id, holder) not in network.stocks:
            raise LoweringError(
                scope.path,
                actor.offset,
                f"{holder} holds no {quoted(item.id)}",
                f"an actor with that attribute: {', '.join(network.holders(item.id)[:12])}",
                code="not-of-actor",
            )
        return network.stocks[item.id, holder]

    # Arsenals and tiers

    def _arsenal(self, names: Sequence[ex.Name], scope: Scope) -> tuple[Stock, tuple[str, ...]]:
        stock = self._stock(names, scope)
        suppliers = self.network().arsenals.get((stock.item, stock.actor))
        if suppliers is None:
            raise LoweringError(
                scope.path,
                names[1].offset,
                f"the {quoted(stock.item)} of {stock.actor} are not told apart by supplier",
                f"an entry for {stock.actor} under 'arsenal' of the item",
            )
        return stock, suppliers

    def _arsenal_share(self, tree: ex.Call, scope: Scope) -> int:
        names = self._names(tree, scope, "arsenal_share(ITEM, ACTOR, SUPPLIER)", 3)
        stock, suppliers = self._arsenal(names, scope)
        supplier = self.lowering.names.actor(names[2].id, names[2].offset, scope)
        return self.c.row(rows.arsenal(stock, supplier)) if supplier in suppliers else self.c.const(0.0)

    def _concentration(self, tree: ex.Call, scope: Scope) -> int:
        c = self.c
        stock, suppliers = self._arsenal(self._names(tree, scope, "concentration(ITEM, ACTOR)", 2), scope)
        shares = [c.row(rows.arsenal(stock, supplier)) for supplier in suppliers]
        return c.add(*(c.mul(share, share) for share in shares))

    def _tier(self, tree: ex.Call, scope: Scope) -> int:
        c = self.c
        stock = self._stock(self._names(tree, scope, "tier(ITEM, ACTOR)", 2), scope)
        tiers = self.lowering.scenario.model.items[stock.item].tiers
        if not tiers:
            raise LoweringError(
                scope.path, tree.offset, f"{quoted(stock.item)} has no tiers", "an item with tiers"
            )
        own = self.network().tiers.get((stock.item, stock.actor), ())
        return c.add(*(c.number(c.positive(c.row(rows.tier(stock, tier)))) for tier in own))

    def _unlocked(self, tree: ex.Call, scope: Scope) -> int:
        names = self._names(tree, scope, "unlocked(ITEM, ACTOR, TIER)", 3)
        stock = self._stock(names, scope)
        tiers = self.lowering.scenario.model.items[stock.item].tiers
        if names[2].id not in tiers:
            raise self._unknown(names[2], scope, "tier", tiers)
        return Tiers(self.lowering, self.network(), self.without).unlocked(stock, names[2].id)

    # Shared

    def _names(
        self, tree: ex.Call, scope: Scope, form: str, wanted: int, *, since: bool = False
    ) -> list[ex.Name]:
        """The names among the arguments; a duration may stand behind them."""
        arguments = list(tree.arguments)
        if since and len(arguments) == wanted + 1 and isinstance(arguments[-1], ex.Text):
            arguments.pop()
        names = [argument for argument in arguments if isinstance(argument, ex.Name)]
        if len(names) != wanted or len(arguments) != wanted:
            raise LoweringError(scope.path, tree.offset, f"{tree.function}() asks for other arguments", form)
        return names

    def _unknown(self, name: ex.Name, scope: Scope, what: str, known: Mapping[str, object]) -> LoweringError:
        return LoweringError(
            scope.path,
            name.offset,
            f"there is no {what} {quoted(name.id)}",
            listed(sorted(known), f"one that stands under '{what}s'"),
            self.lowering.builder.problems.meant(name.id, known),
            "unknown-name",
        )
