"""Pass *send*: claims on stocks, who is served, what is handed over (F4, F5, F10, F11, F13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from tests.oracle.disputes import State
from tests.oracle.goods import FlowHere, Goods, Stock, stock_row


@dataclass(frozen=True)
class Stake:
    """A claim on a stock."""

    kind: str
    """`use`, `flow` or `pay`."""
    id: str
    """Of the flow; "" for a use."""
    amount: float
    priority: int


def total(amounts: list[float]) -> float:
    return reduce(add, amounts) if amounts else 0.0


@dataclass
class Sending:
    """What is taken in one turn of one run."""

    goods: Goods
    now: Mapping[str, float]
    stakes: dict[Stock, list[Stake]] = field(default_factory=dict)
    """In order."""
    parts: dict[tuple[str, str], float] = field(default_factory=dict)
    """By kind and id, or by `use` and the row of the stock: the part of a claim that can be had."""
    rest: dict[Stock, float] = field(default_factory=dict)
    shipments: dict[str, float] = field(default_factory=dict)

    def send(self, state: State) -> None:
        for stock in self.goods.stocks:
            self.rest[stock] = self.now[stock_row(stock)]
            self.stakes[stock] = self._claims(stock)
            self._share(stock)
        self._use(state)
        for pays in (False, True):  # what a flow pays follows from what the others send
            for flow in self.goods.flows:
                if self.goods.pays(flow) == pays:
                    self._ship(state, flow)
        for flow in self.goods.flows:
            self._pay(state, flow)
        for stock, rest in self.rest.items():
            state[stock_row(stock)] = rest

    # --- claims ---------------------------------------------------------------------------------------------

    def due(self, flow: FlowHere) -> float:
        amount = self.now[flow.row("price")] * self.now[flow.row("wanted")]
        return self.now[flow.row("owed")] + amount if flow.credit else amount

    def _claims(self, stock: Stock) -> list[Stake]:
        found = []
        use = self.goods.names.model.items[stock[0]].used.get(stock[1])
        if use is not None:
            found.append(
                Stake("use", stock_row(stock), self.now[f"wanted[{stock[0]}, {stock[1]}]"], use.priority)
            )
        sent = [flow for flow in self.goods.flows if flow.source == stock and not flow.copied]
        found += [
            Stake("flow", flow.id, self.now[flow.row("wanted")], flow.flow.priority)
            for flow in sorted(sent, key=self.goods.pays)
        ]
        return found + [
            Stake("pay", flow.id, self.due(flow), flow.flow.payment.priority)
            for flow in self.goods.flows
            if flow.payer == stock and flow.flow.payment is not None
        ]

    def _share(self, stock: Stock) -> None:
        """F4 and F5."""
        left = self.rest[stock]
        for priority in sorted({stake.priority for stake in self.stakes[stock]}, reverse=True):
            same = [stake for stake in self.stakes[stock] if stake.priority == priority]
            claimed = total([stake.amount for stake in same])
            part = 1.0 if claimed <= left else left / claimed
            self.parts |= {(stake.kind, stake.id): part for stake in same}
            left = 0.0 if claimed > left else left - claimed

    def _lack(self, flow: FlowHere) -> float:
        """F13."""
        has = self.now[stock_row(flow.target)]
        if flow.turns:
            has = has + self.now[flow.row("transit")]
        return max(self.now[stock_row(flow.source)] - has, 0.0)

    def _part(self, flow: FlowHere) -> float:
        if not flow.copied:
            return self.parts["flow", flow.id]
        wanted, lack = self.now[flow.row("wanted")], self._lack(flow)
        return 1.0 if wanted <= lack else lack / wanted

    def _paid(self, flow: FlowHere) -> float:
        """p of F10."""
        payment = flow.flow.payment
        assert payment is not None
        if payment.item is not None:
            return self.parts["pay", flow.id]
        payer = next(each for each in self.goods.flows if each.id == payment.flow)
        whole = total([self.due(each) for each in self.goods.paid_by(payer)])
        if whole == 0:
            return 1.0
        return (self.now[payer.row("wanted")] * self._part(payer)) / whole

    # --- taking ---------------------------------------------------------------------------------------------

    def _take(self, stock: Stock, asked: float) -> float:
        taken = min(asked, self.rest[stock])
        self.rest[stock] = self.rest[stock] - taken
        return taken

    def _use(self, state: State) -> None:
        for stock in self.goods.used:
            about = f"[{stock[0]}, {stock[1]}]"
            asked = self.now[f"wanted{about}"] * self.parts["use", stock_row(stock)]
            got = self._take(stock, asked)
            state[f"got{about}"] = got
            state[f"used{about}"] += got

    def _ship(self, state: State, flow: FlowHere) -> None:
        asked = self.now[flow.row("wanted")]
        if self.goods.pays(flow):
            asked = total([self._settlement(each) for each in self.goods.paid_by(flow)])
        elif flow.flow.payment is None or flow.credit:
            asked = asked * self._part(flow)
        else:
            asked = asked * min(self._part(flow), self._paid(flow))
        if flow.copied:
            shipment = min(asked, self._lack(flow))
            state[f"made[{flow.source[0]}, {flow.source[1]}]"] += shipment
        else:
            shipment = self._take(flow.source, asked)
        self.shipments[flow.id] = shipment
        state[flow.row("shipment")] = shipment
        state[flow.row("sent")] += shipment

    def _settlement(self, flow: FlowHere) -> float:
        worth = self.now[flow.row("price")] * self.shipments[flow.id]
        if not flow.credit:
            return worth
        return min(self.due(flow) * self._paid(flow), self.now[flow.row("owed")] + worth)

    def _pay(self, state: State, flow: FlowHere) -> None:
        if flow.flow.payment is None:
            return
        settled = self._settlement(flow)
        if flow.payer is not None:
            settled = self._take(flow.payer, settled)
            state[flow.row("payment")] = settled
        state[flow.row("paid")] += settled
        if flow.credit:
            worth = self.now[flow.row("price")] * self.shipments[flow.id]
            state[flow.row("owed")] = max((self.now[flow.row("owed")] + worth) - settled, 0.0)
