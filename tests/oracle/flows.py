"""Section F of the rules of adjudication: the nine passes of items and flows, and what is read of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial, reduce
from operator import add

from sim.scenario import expressions as tree
from sim.scenario.clock import parse_duration
from tests.oracle.adjudicate import Decided, Done, arguments
from tests.oracle.dates import years
from tests.oracle.disputes import State
from tests.oracle.events import Event
from tests.oracle.expressions import read_number
from tests.oracle.faults import Fault
from tests.oracle.goods import FlowHere, Goods, Stock, TierHere, stock_row
from tests.oracle.means import mean_of
from tests.oracle.minds import ids
from tests.oracle.movement import DynamicsHere
from tests.oracle.names import Names, Scope
from tests.oracle.terms import Claim, Moment, Quantity, Term, clamp, finite
from tests.oracle.trade import Sending, total
from tests.oracle.turns import Turn
from tests.oracle.voting import Orders, Ranges, carry_out

Arguments = tuple[tree.Expr, ...]


def _about(stock: Stock) -> str:
    return f"[{stock[0]}, {stock[1]}]"


@dataclass
class Flows:
    """All items and flows, and how they move."""

    names: Names
    goods: Goods
    dynamics: dict[str, list[DynamicsHere]]

    # --- rows -----------------------------------------------------------------------------------------------

    def means(self) -> list[str]:
        """Variables whose mean some rate or capacity reads."""
        return sorted(self.names.measured)

    def start(self, moment: Moment) -> State:
        rows: State = {f"mean[{row}]": 0.0 for row in self.means()}
        for stock in self.goods.stocks:
            rows[f"booked{_about(stock)}"] = moment.now[stock_row(stock)]
            rows |= {f"{kind}{_about(stock)}": 0.0 for kind in ("made", "used")}
        for stock in self.goods.used:
            rows |= {f"{kind}{_about(stock)}": 0.0 for kind in ("wanted", "got")}
        for flow in self.goods.flows:
            rows |= dict.fromkeys(self._rows_of(flow), 0.0)
        for stock in self.goods.arsenals:
            rows |= self._first_arsenal(stock, moment)
        for tier in self.goods.tiers:
            reached = moment.now[stock_row((tier.item, tier.holder))] >= tier.level(moment)
            rows[tier.row] = float(1 + tier.after) if reached else 0.0
            rows[tier.event.row("fired")] = 0.0
            rows[tier.event.row("ever")] = float(reached)
        return rows

    @staticmethod
    def _rows_of(flow: FlowHere) -> Iterator[str]:
        yield from (flow.row(kind) for kind in ("wanted", "shipment", "sent", "delivered", "lost"))
        if flow.turns:
            yield flow.row("transit")
            yield from (flow.row("transit", turn) for turn in range(1, flow.turns + 1))
        if flow.flow.payment is not None:
            yield from (flow.row(kind) for kind in ("price", "paid"))
        if flow.payer is not None:
            yield flow.row("payment")
        if flow.credit:
            yield flow.row("owed")
        if flow.chance is not None:
            yield flow.raid.row("fired")

    def _arsenal(self, stock: Stock, supplier: str) -> str:
        return f"arsenal[{stock[0]}, {stock[1]}, {supplier}]"

    def _first_arsenal(self, stock: Stock, moment: Moment) -> State:
        stated = self.names.model.items[stock[0]].arsenal[stock[1]]
        start = Scope(self.names, start=True)
        shares = {
            supplier: finite(read_number(origin.share, start)(moment), "a share")
            for supplier, origin in sorted(stated.items())
        }
        if stock[1] not in shares:
            shares[stock[1]] = max(1 - total(list(shares.values())), 0.0)
        return {
            self._arsenal(stock, supplier): clamp(shares.get(supplier, 0.0), 0.0, 1.0)
            for supplier in self.goods.arsenals[stock]
        }

    def purposes(self) -> Iterator[str]:
        yield from (flow.raid.purpose("intercepted") for flow in self.goods.flows if flow.chance)

    def decisions(self) -> list[tuple[Event, list[str]]]:
        """Raids and tiers, with what can be ordered."""
        raids = [flow.raid for flow in self.goods.flows if flow.chance]
        found = [*raids, *(tier.event for tier in self.goods.tiers)]
        return [(event, ["do", "refrain"]) for event in found]

    # --- the passes -----------------------------------------------------------------------------------------

    def play(
        self,
        state: State,
        turn_of: Callable[[Moment], Turn],
        past: list[State],
        orders: Orders,
        ranges: Ranges,
    ) -> None:
        """Stage 7."""
        if not self.goods.stocks and not self.goods.flows:
            return

        def turn() -> Turn:
            return turn_of(Moment(len(past), dict(state), past))

        here = turn()
        for row in self.means():
            state[f"mean[{row}]"] = mean_of(row, self.dynamics[row], here, ranges)
        self._book(state, turn().moment)
        self._make(state, turn())
        self._want(state, turn())
        Sending(self.goods, turn().moment.now).send(state)
        carry_out(state, self._raids(turn(), orders), here.moment, ranges)
        self._carry(state, turn())
        self._tell(state, turn().moment)
        moment = turn().moment
        carry_out(state, [self._unlock(tier, moment, orders) for tier in self.goods.tiers], moment, ranges)

    def _stir(
        self, state: State, stock: Stock, before: float, after: float, came: dict[str, list[float]]
    ) -> None:
        """F14: what comes in changes the shares of a stock."""
        if not after > before:
            return
        for supplier in self.goods.arsenals.get(stock, ()):
            row = self._arsenal(stock, supplier)
            amount = state[row] * before
            if came.get(supplier):
                amount = amount + total(came[supplier])
            state[row] = clamp(finite(amount / after, row), 0.0, 1.0)

    def _book(self, state: State, moment: Moment) -> None:
        """F1."""
        for stock in self.goods.stocks:
            has, booked = moment.now[stock_row(stock)], moment.now[f"booked{_about(stock)}"]
            gain = has - booked
            state[f"made{_about(stock)}"] += max(gain, 0.0)
            state[f"used{_about(stock)}"] += max(-gain, 0.0)
            self._stir(state, stock, min(has, booked), has, {stock[1]: [gain]})

    def _make(self, state: State, turn: Turn) -> None:
        """F3."""
        for stock, amount in self.goods.made.items():
            m = amount.of(turn.moment, turn.dt)
            has = turn.moment.now[stock_row(stock)]
            state[stock_row(stock)] = finite(has + m, "a stock")
            state[f"made{_about(stock)}"] += m
            self._stir(state, stock, has, has + m, {stock[1]: [m]})

    def _want(self, state: State, turn: Turn) -> None:
        moment, dt = turn.moment, turn.dt
        for stock, amount in self.goods.used.items():
            state[f"wanted{_about(stock)}"] = amount.of(moment, dt)
        for flow in self.goods.flows:
            if flow.price is not None:
                state[flow.row("price")] = finite(max(flow.price(moment), 0.0), "a price")
            if not self.goods.pays(flow):
                state[flow.row("wanted")] = flow.amount.of(moment, dt)
        for flow in self.goods.flows:
            if self.goods.pays(flow):
                dues = []
                for each in self.goods.paid_by(flow):
                    due = state[each.row("price")] * state[each.row("wanted")]
                    dues.append(moment.now[each.row("owed")] + due if each.credit else due)
                wanted = flow.amount.within(total(dues), moment, dt) if flow.amount.when(moment) else 0.0
                state[flow.row("wanted")] = wanted

    def _raids(self, turn: Turn, orders: Orders) -> list[Decided]:
        found = []
        for flow in self.goods.flows:
            if flow.chance is None:
                continue
            order = orders.get(("flows", flow.id))
            at_sea = turn.moment.now[flow.row("transit" if flow.turns else "shipment")]
            fires = order == "do"
            if order is None:
                rate, per = flow.chance
                fires = at_sea > 0 and turn.u(flow.raid, "intercepted") < turn.chance(rate, per)
            found.append(Decided({flow.raid.row("fired"): float(fires)}))
        return found

    # --- on the way -----------------------------------------------------------------------------------------

    def _carry(self, state: State, turn: Turn) -> None:
        """F7 to F9, and F14."""
        moment = turn.moment
        arrived = {flow.id: self._travel(state, flow, turn) for flow in self.goods.flows}

        def came(flow: FlowHere, payment: bool) -> float:
            return moment.now[flow.row("payment")] if payment else arrived[flow.id]

        for stock in self.goods.stocks:
            before = moment.now[stock_row(stock)]
            comes = [arrived[flow.id] for flow in self.goods.flows if flow.target == stock]
            comes += [moment.now[flow.row("payment")] for flow in self.goods.flows if flow.payee == stock]
            after = reduce(add, comes, before)
            suppliers = self.goods.arsenals.get(stock, ())
            sources = {each: self.goods.came_from(stock, each, came) for each in suppliers}
            self._stir(state, stock, before, after, sources)
            state[stock_row(stock)] = finite(after, "a stock")
            state[f"booked{_about(stock)}"] = after

    def _travel(self, state: State, flow: FlowHere, turn: Turn) -> float:
        """What arrives; what does not goes on, or is lost."""
        now, k = turn.moment.now, flow.turns
        shipment = now[flow.row("shipment")]
        at_sea = [now[flow.row("transit", j)] for j in range(1, k + 1)]
        losses: list[float] = []
        s = None if flow.share is None else clamp(flow.share(turn.moment), 0.0, 1.0)
        if s is not None and flow.chance is None:
            losses = [shipment * s]
            shipment = shipment - losses[0]
        elif s is not None and now[flow.raid.row("fired")] > 0:
            if k:
                losses = [amount * s for amount in at_sea]
                at_sea = [amount - loss for amount, loss in zip(at_sea, losses, strict=True)]
            else:
                assert flow.flow.delay is not None
                losses = [shipment * (s * min(years(flow.flow.delay) / turn.dt, 1.0))]
                shipment = shipment - losses[0]
        state[flow.row("lost")] = reduce(add, losses, state[flow.row("lost")])
        line = [*at_sea, shipment]
        for j in range(1, k + 1):
            state[flow.row("transit", j)] = line[j]
        state[flow.row("delivered")] += line[0]
        return line[0]

    def _tell(self, state: State, moment: Moment) -> None:
        """F15 and F16."""
        for flow in self.goods.flows:
            if flow.turns:
                on_the_way = [moment.now[flow.row("transit", j)] for j in range(1, flow.turns + 1)]
                state[flow.row("transit")] = total(on_the_way)
        for tier in self.goods.tiers:
            reached = moment.now[stock_row((tier.item, tier.holder))] >= tier.level(moment)
            grows = moment.now[tier.row] > 0 or reached
            state[tier.row] = moment.now[tier.row] + 1 if grows else 0.0

    @staticmethod
    def _unlock(tier: TierHere, moment: Moment, orders: Orders) -> Decided:
        event = tier.event
        order = orders.get((event.owner, event.name))
        fires = tier.unlocked(moment) and not moment.now[event.row("ever")] > 0
        fires = fires if order is None else order == "do"
        writes = {event.row("fired"): float(fires)}
        if not fires:
            return Decided(writes)
        writes[event.row("ever")] = 1.0
        return Decided(writes, (Done(event.key, "", tier.deeds, arguments(tier.deeds, moment)),))

    # --- readers --------------------------------------------------------------------------------------------

    def readers(self) -> dict[str, Callable[[Arguments, Scope], Term]]:
        of_flows = ("transit", "sent", "delivered", "lost", "paid", "owed", "price")
        return {
            **{name: partial(self._of_flow, name) for name in of_flows},
            **{name: partial(self._of_stock, name) for name in ("made", "used")},
            "shortage": self._shortage,
            "arsenal_share": self._arsenal_share,
            "concentration": self._concentration,
            "tier": self._tier,
            "unlocked": self._unlocked,
        }

    def _counted(self, row: str, text: str, scope: Scope) -> Term:
        """A row, or by how much it has grown."""
        if not text:
            return Quantity(lambda moment: moment.now[row])
        duration = parse_duration(text)
        if duration is None:
            raise Fault(f"{text} is not a duration")
        turns = scope.names.calendar.in_turns(duration)
        scope.names.ask(row, turns)
        return Quantity(lambda moment: moment.now[row] - moment.lagged(row, turns))

    def _of_flow(self, kind: str, arguments: Arguments, scope: Scope) -> Term:
        (name,), text = _apart(arguments)
        flow = self.names.model.flows[name]
        turns = self.names.calendar.in_turns(flow.delay) if flow.delay else 0
        kept = {
            "transit": turns > 0,
            "paid": flow.payment is not None,
            "price": flow.payment is not None,
            "owed": flow.payment is not None and flow.payment.credit,
        }
        if not kept.get(kind, True):
            return Quantity(lambda _: 0.0)
        return self._counted(f"{kind}[{name}]", text, scope)

    def _of_stock(self, kind: str, arguments: Arguments, scope: Scope) -> Term:
        (item, actor), text = _apart(arguments)
        return self._counted(f"{kind}[{item}, {scope.actor(actor)}]", text, scope)

    def _shortage(self, arguments: Arguments, scope: Scope) -> Term:
        names = ids(arguments)
        about = f"[{names[0]}]" if len(names) == 1 else f"[{names[0]}, {scope.actor(names[1])}]"
        got = f"{'shipment' if len(names) == 1 else 'got'}{about}"

        def value(moment: Moment) -> float:
            wanted = moment.now[f"wanted{about}"]
            return 1 - (moment.now[got] / wanted) if wanted > 0 else 0.0

        return Quantity(value)

    def _arsenal_share(self, arguments: Arguments, scope: Scope) -> Term:
        item, *who = ids(arguments)
        holder, supplier = (scope.actor(actor) for actor in who)
        row = self._arsenal((item, holder), supplier)
        return Quantity(lambda moment: moment.now.get(row, 0.0))

    def _concentration(self, arguments: Arguments, scope: Scope) -> Term:
        item, holder = ids(arguments)
        stock = item, scope.actor(holder)

        def value(moment: Moment) -> float:
            shares = [moment.now[self._arsenal(stock, each)] for each in self.goods.arsenals[stock]]
            return total([share * share for share in shares])

        return Quantity(value)

    def _tiers(self, item: str, holder: str) -> list[TierHere]:
        return [tier for tier in self.goods.tiers if (tier.item, tier.holder) == (item, holder)]

    def _tier(self, arguments: Arguments, scope: Scope) -> Term:
        item, holder = ids(arguments)
        who = scope.actor(holder)
        return Quantity(
            lambda moment: float(sum(moment.now[tier.row] > 0 for tier in self._tiers(item, who)))
        )

    def _unlocked(self, arguments: Arguments, scope: Scope) -> Term:
        item, holder, wanted = ids(arguments)
        who = scope.actor(holder)
        return Claim(
            lambda moment: any(tier.id == wanted and tier.unlocked(moment) for tier in self._tiers(item, who))
        )


def _apart(arguments: Arguments) -> tuple[list[str], str]:
    """The ids, and the duration at the end; "" without one."""
    if arguments and isinstance(arguments[-1], tree.Text):
        return ids(arguments[:-1]), arguments[-1].value
    return ids(arguments), ""
