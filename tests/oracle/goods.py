"""Items and flows with their names bound: who holds, makes, uses, sends and pays what (section F)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.scenario.expressions import Expression
from sim.scenario.flows import Flow, Item, Production, Tier, Use
from sim.scenario.models import Rate
from tests.oracle.dates import PERIODS
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.events import Event
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.names import Names, Scope
from tests.oracle.terms import Moment, Number, Truth, finite

Stock = tuple[str, str]
"""(item, holder)."""


def stock_row(stock: Stock) -> str:
    return f"{stock[0]}[{stock[1]}]"


@dataclass(frozen=True)
class Amount:
    """So much per period, at most some capacity, while a condition holds (F6, F12)."""

    rate: Number | None
    capacity: Number | None
    periods: float
    when: Truth

    def of(self, moment: Moment, dt: float) -> float:
        """The rate over the turn, within its limits."""
        if not self.when(moment):
            return 0.0
        assert self.rate is not None
        return self.within(max((finite(self.rate(moment), "a rate") * self.periods) * dt, 0.0), moment, dt)

    def within(self, amount: float, moment: Moment, dt: float) -> float:
        if self.capacity is None:
            return amount
        most = (finite(self.capacity(moment), "a capacity") * self.periods) * dt
        return min(amount, max(most, 0.0))


def read_amount(part: Production | Use | Flow, scope: Scope) -> Amount:
    capacity = None if isinstance(part, Use) else part.capacity
    measuring = scope.measuring()

    def number(expression: Expression | None) -> Number | None:
        return None if expression is None else read_number(expression, measuring)

    periods = PERIODS[part.per] if part.per is not None else 1.0
    return Amount(number(part.rate), number(capacity), periods, read_truth(part.when, scope))


@dataclass(frozen=True)
class FlowHere:
    id: str
    flow: Flow
    copied: bool
    amount: Amount
    price: Number | None
    share: Number | None
    """Of what is lost on the way."""
    chance: tuple[Number, str] | None
    """Of raids: a rate and its period."""
    turns: int
    """k."""

    @property
    def source(self) -> Stock:
        return self.flow.item, self.flow.from_

    @property
    def target(self) -> Stock:
        return self.flow.item, self.flow.to

    @property
    def payer(self) -> Stock | None:
        """The stock that a payment in an item is taken from."""
        payment = self.flow.payment
        return None if payment is None or payment.item is None else (payment.item, self.flow.to)

    @property
    def payee(self) -> Stock | None:
        payment = self.flow.payment
        return None if payment is None or payment.item is None else (payment.item, self.flow.from_)

    @property
    def raid(self) -> Event:
        interdiction = self.flow.interdiction
        luck = (interdiction.luck_key if interdiction else None) or self.id
        return Event("flows", self.id, luck)

    @property
    def credit(self) -> bool:
        return self.flow.payment is not None and self.flow.payment.credit

    def row(self, kind: str, turn: int = 0) -> str:
        return f"{kind}[{self.id}, {turn}]" if turn else f"{kind}[{self.id}]"


def read_flow(name: str, flow: Flow, names: Names) -> FlowHere:
    scope = Scope(names, flow.from_, flow.to)
    interdiction, chance = flow.interdiction, None
    if interdiction is not None and interdiction.chance is not None:
        stated: Rate = interdiction.chance
        chance = read_number(stated.rate, scope), stated.per
    return FlowHere(
        name,
        flow,
        names.model.items[flow.item].copied,
        read_amount(flow, scope),
        read_number(flow.payment.price, scope) if flow.payment else None,
        read_number(interdiction.share, scope) if interdiction else None,
        chance,
        names.calendar.in_turns(flow.delay) if flow.delay else 0,
    )


@dataclass(frozen=True)
class TierHere:
    item: str
    id: str
    tier: Tier
    holder: str
    level: Number
    after: int
    deeds: tuple[Performed, ...]

    @property
    def row(self) -> str:
        return f"tier[{self.item}, {self.holder}, {self.id}]"

    @property
    def event(self) -> Event:
        return Event(self.holder, f"{self.item}_{self.id}", f"{self.item}_{self.id}")

    def unlocked(self, moment: Moment) -> bool:
        return moment.now[self.row] > self.after


@dataclass
class Goods:
    """All items and flows of a scenario."""

    names: Names
    stocks: list[Stock] = field(default_factory=list)
    made: dict[Stock, Amount] = field(default_factory=dict)
    used: dict[Stock, Amount] = field(default_factory=dict)
    flows: list[FlowHere] = field(default_factory=list)
    """By id."""
    tiers: list[TierHere] = field(default_factory=list)
    arsenals: dict[Stock, list[str]] = field(default_factory=dict)
    """Stocks that are told apart by supplier, with their suppliers in order of id."""

    def read(self) -> None:
        items = sorted(self.names.model.items.items())
        self.stocks = [
            (name, actor) for name, _ in items for actor in self.names.actors if self.names.has(actor, name)
        ]
        for name, flow in sorted(self.names.model.flows.items()):
            self.flows.append(read_flow(name, flow, self.names))
        for name, item in items:
            for actor, production in sorted(item.made.items()):
                self.made[name, actor] = read_amount(production, Scope(self.names, actor))
            for actor, use in sorted(item.used.items()):
                self.used[name, actor] = read_amount(use, Scope(self.names, actor))
            for actor in sorted(item.arsenal):
                self.arsenals[name, actor] = self._suppliers(name, item, actor)
            for tier_id, tier in sorted(item.tiers.items()):
                holders = [actor for item_id, actor in self.stocks if item_id == name]
                for holder in sorted(tier.who) or holders:
                    self.tiers.append(self._tier(name, tier_id, tier, holder))

    def _suppliers(self, name: str, item: Item, actor: str) -> list[str]:
        found = {actor, *item.arsenal[actor]}
        found |= {flow.flow.from_ for flow in self.flows if flow.target == (name, actor)}
        found |= {flow.flow.to for flow in self.flows if flow.payee == (name, actor)}
        return sorted(found)

    def _tier(self, name: str, tier_id: str, tier: Tier, holder: str) -> TierHere:
        after = self.names.calendar.in_turns(tier.after) if tier.after else 0
        level = read_number(tier.stock, Scope(self.names, start=True))
        deeds = read_deeds(tier, Scope(self.names, holder))
        return TierHere(name, tier_id, tier, holder, level, after, deeds)

    def paid_by(self, payer: FlowHere) -> list[FlowHere]:
        """The flows that a flow pays for, in order of id."""
        return [each for each in self.flows if each.flow.payment and each.flow.payment.flow == payer.id]

    def pays(self, flow: FlowHere) -> bool:
        return bool(self.paid_by(flow))

    def came_from(
        self, stock: Stock, supplier: str, amounts: Callable[[FlowHere, bool], float]
    ) -> list[float]:
        """What can come to a stock from a supplier: by flows, then as payment, by id."""
        found = [
            amounts(flow, False)
            for flow in self.flows
            if flow.target == stock and flow.flow.from_ == supplier
        ]
        return found + [
            amounts(flow, True) for flow in self.flows if flow.payee == stock and flow.flow.to == supplier
        ]
