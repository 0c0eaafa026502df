"""Technology in tiers: a stock reaches one, and after a time something is unlocked (F15, F16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.decisions import DecisionCompiler
from sim.compile.flows import rows
from sim.compile.flows.network import Network, Stock
from sim.compile.flows.sending import Written
from sim.compile.lower import Lowering
from sim.compile.scope import Scope
from sim.compile.unroll import Instance
from sim.scenario.flows import Tier
from sim.scenario.load import PathOf
from sim.scenario.models import Rule


@dataclass
class Tiers:
    """Nodes and rules of all tiers of all holders."""

    lowering: Lowering
    network: Network
    without: frozenset[str]

    @property
    def c(self) -> Composer:
        return Composer(self.lowering)

    def _all(self) -> Iterator[tuple[Stock, str, Tier, PathOf]]:
        for stock in self.network.stocks.values():
            for tier_id, tier in self.network.tiers.get((stock.item, stock.actor), {}).items():
                yield stock, tier_id, tier, ("items", stock.item, "tiers", tier_id)

    def _at(self, tier: Tier, path: PathOf) -> int:
        return self.lowering.number(tier.stock, Scope((*path, "stock"), mode="initial"), 0.0)

    def turns(self, tier: Tier) -> int:
        """Turns from reaching a tier to unlocking it."""
        if tier.after is None or "F15" in self.without:
            return 0
        return self.lowering.scenario.clock.turns_in(tier.after)

    def started(self) -> Iterator[pr.Initial]:
        """What stands before play: a tier that the first stock reaches is unlocked already."""
        c, table = self.c, self.lowering.builder.rows
        for stock, tier_id, tier, path in self._all():
            place = self.lowering.scenario.place(*path)
            has = c.compare("ge", initial_stock(self.lowering, stock), self._at(tier, path))
            counted = c.mul(c.number(has), c.const(float(1 + self.turns(tier))))
            yield pr.Initial(table[rows.tier(stock, tier_id)], counted, place)
            yield pr.Initial(table[f"ever[{rows.unlocking(stock, tier_id)}]"], c.number(has), place)

    def counted(self) -> Iterator[Written]:
        """One turn more for what is reached."""
        c = self.c
        for stock, tier_id, tier, path in self._all():
            name = rows.tier(stock, tier_id)
            count = c.row(name)
            reached = c.compare("ge", c.row(stock.name), self._at(tier, path))
            if "F16" not in self.without:
                reached = c.any(c.positive(count), reached)
            yield Written(name, c.when(reached, c.add(count, c.const(1.0)), c.const(0.0)), "F15", stock.actor)

    def unlocked(self, stock: Stock, tier_id: str) -> int:
        """Whether an actor has unlocked a tier; never one that it cannot."""
        c, tier = self.c, self.network.tiers.get((stock.item, stock.actor), {}).get(tier_id)
        if tier is None:
            return c.false
        return c.compare("gt", c.row(rows.tier(stock, tier_id)), c.const(float(self.turns(tier))))

    def rules(self, decisions: DecisionCompiler) -> Iterator[pr.Rule]:
        """What happens when a tier is unlocked."""
        for stock, tier_id, tier, path in self._all():
            once = Rule(once=True, effects=tier.effects, says=tier.says)
            place = self.lowering.scenario.place(*path)
            name = f"{stock.item}_{tier_id}"
            instance = Instance(once, stock.actor, name, (), path, place, stock.actor)
            gate = self.c.said(self.unlocked(stock, tier_id), f"unlocked({stock.key}, {tier_id})", path)
            yield replace(decisions.rule(instance), gate=gate)


def initial_stock(lowering: Lowering, stock: Stock) -> int:
    """The node of a stock at the start: what is stated, held to its range."""
    attribute = lowering.scenario.model.actors[stock.actor].attributes[stock.item]
    path: PathOf = ("actors", stock.actor, "attributes", stock.item, "initial")
    stated, c = lowering.number(attribute.initial, Scope(path, mode="initial")), Composer(lowering)
    return c.max(stated, c.const(0.0))
