"""What can never move: stocks that are empty and stay so, and barter in a circle with no stock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sim.compile.findings import Findings
from sim.compile.flows.network import Line, Network, Stock
from sim.compile.scope import LoweringError
from sim.scenario import expressions as ex
from sim.scenario.load import Scenario
from sim.scenario.models import EffectPart
from sim.text import quoted


@dataclass
class Barter:
    """Looks for flows that can never send anything."""

    scenario: Scenario
    network: Network
    problems: Findings

    def check(self) -> None:
        """Note every flow that can never move, a circle of them once."""
        had = self._had()
        stuck = {line.id: line for line in self.network.lines.values() if not self._moves(line, had)}
        told: set[str] = set()
        for line in stuck.values():
            circle = self._circle(line, stuck, had)
            if not circle:
                self.problems.fault(self._empty(line, had))
            elif told.isdisjoint(circle):
                told.update(circle)
                self.problems.fault(_in_a_circle(circle, self.network))

    def _had(self) -> frozenset[Stock]:
        """Stocks that can be above 0 at some time."""
        had = {stock for stock in self.network.stocks.values() if self._of_its_own(stock)}
        before = -1
        while before != len(had):
            before = len(had)
            for line in self.network.lines.values():
                if self._moves(line, frozenset(had)):
                    had.add(line.recipient)
                    had.update(() if line.pays_to is None else (line.pays_to,))
        return frozenset(had)

    def _of_its_own(self, stock: Stock) -> bool:
        attribute = self.scenario.model.actors[stock.actor].attributes[stock.item]
        made = self.network.made.get((stock.item, stock.actor))
        return (
            not _is_zero(attribute.initial)
            or (made is not None and not _is_zero(made.part.rate))
            or stock.item in self._changed
        )

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Names of attributes that some effect adds to or sets."""
        effects = (part for _, part in self.scenario.parts if isinstance(part, EffectPart))
        return frozenset(
            target.id if isinstance(target, ex.Name) else target.name
            for target in (part.effect.target for part in effects if part.effect.operator != "-=")
        )

    def _needs(self, line: Line) -> Iterator[Stock]:
        """Stocks without which a flow sends nothing: its own, and what it is paid from."""
        yield line.sender
        if line.payment is not None and not line.payment.credit:
            if line.pays_from is not None:
                yield line.pays_from
            elif line.payer in self.network.lines:
                yield self.network.lines[line.payer].sender

    def _moves(self, line: Line, had: frozenset[Stock]) -> bool:
        return all(stock in had for stock in self._needs(line))

    def _brought_by(self, stock: Stock, stuck: dict[str, Line]) -> Iterator[str]:
        """Flows that would bring something to a stock, or be paid for into it, if they moved."""
        for line in stuck.values():
            if stock in (line.recipient, line.pays_to):
                yield line.id

    def _circle(self, line: Line, stuck: dict[str, Line], had: frozenset[Stock]) -> tuple[str, ...]:
        """Flows of which each waits for the next, and the last for the first; none if it waits in vain."""
        path: list[str] = []
        here: str | None = line.id
        while here is not None and here not in path:
            path.append(here)
            missing = (stock for stock in self._needs(stuck[here]) if stock not in had)
            here = next((found for stock in missing for found in self._brought_by(stock, stuck)), None)
        return () if here is None else tuple(path[path.index(here) :])

    def _empty(self, line: Line, had: frozenset[Stock]) -> LoweringError:
        missing = next(stock for stock in self._needs(line) if stock not in had)
        if missing == line.sender:
            return LoweringError(
                (*line.path, "from"),
                0,
                f"{missing.actor} never has any {quoted(missing.item)} to send",
                "a stock at the start, or somebody who makes or sends it",
            )
        return LoweringError(
            (*line.path, "payment"),
            0,
            f"{missing.actor} never has any {quoted(missing.item)} to pay with",
            "a stock at the start, somebody who makes or sends it, or credit: true",
            at_key=True,
        )


def _is_zero(expression: ex.Expression) -> bool:
    return isinstance(expression.tree, ex.Number) and expression.tree.value == 0.0


def _in_a_circle(circle: tuple[str, ...], network: Network) -> LoweringError:
    """Said of the first, in order of id, that asks to be paid; of the first if none does."""
    asking = [flow for flow in sorted(circle) if network.lines[flow].payment is not None]
    first = asking[0] if asking else min(circle)
    start = circle.index(first)
    words = " -> ".join((*circle[start:], *circle[:start], first))
    line = network.lines[first]
    path = (*line.path, "payment") if asking else line.path
    return LoweringError(
        path,
        0,
        f"{'barter' if asking else 'flows'} in a circle with no stock: {words}",
        "a stock at the start, somebody who makes one of the goods, or credit: true",
        code="barter",
        at_key=True,
    )
