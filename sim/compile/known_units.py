"""What the names of a scenario are counted in. A name is counted in one unit, whoever has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.compile.findings import Findings
from sim.compile.quantities import (
    PLAIN,
    UNKNOWN,
    Inference,
    Quantity,
    believed,
    overlook,
    paid_for,
    price_of,
    sent_by,
)
from sim.compile.unit_faults import likely_slip
from sim.scenario.load import PathOf, Scenario
from sim.scenario.models import Attribute
from sim.text import PURE, Unit, quoted, read_unit


def unit_of(text: str | None) -> Unit:
    """The unit that a part of the scenario declares; without one it is a pure number."""
    return PURE if text is None else read_unit(text)


class KnownUnits:
    """Answers for a name; definitions and indicators that declare no unit have that of their expression."""

    def __init__(self, scenario: Scenario, problems: Findings) -> None:
        self._scenario = scenario
        self._problems = problems
        self._found: dict[str, Quantity] = dict.fromkeys(problems.hushed, UNKNOWN)
        self._taken: dict[str, dict[str, Quantity]] = {}
        self._collect()
        used = any(not quantity.unit.is_pure for quantity in self._found.values())
        self.years = Quantity(read_unit("years")) if used else UNKNOWN
        """What time is counted in: years, or nothing in a scenario that has no units at all."""

    def _collect(self) -> None:
        model = self._scenario.model
        for name, parameter in model.parameters.items():
            self._declare(name, parameter.unit)
        self._collect_flows()
        for _, name, attribute in self._attributes():
            if attribute.unit is not None:
                self._declare(name, attribute.unit)
        for _, name, _ in self._attributes():
            self._declare(name, None)
        for name, attribute in model.world.attributes.items():
            self._declare(name, attribute.unit)
        for name, relation in model.relations.items():
            self._declare(name, relation.unit)
        for name, belief in model.beliefs.items():
            self._declare(believed(name), belief.unit)
        for name, definition in model.definitions.items():
            if definition.unit is not None:
                self._declare(name, definition.unit)
        for name, indicator in model.indicators.items():
            if indicator.unit is not None:
                self._declare(name, indicator.unit)

    def _collect_flows(self) -> None:
        """Items; what flows send, what they are paid for with, and the price of the one in the other."""
        model = self._scenario.model
        for name, item in model.items.items():
            self._declare(name, item.unit)
        for name, flow in model.flows.items():
            if flow.item not in model.items:
                continue
            goods = unit_of(model.items[flow.item].unit)
            self._found[sent_by(name)] = Quantity(goods)
            payment = flow.payment
            payer = model.flows.get(payment.flow or "") if payment is not None else None
            means = payer.item if payer is not None else payment.item if payment is not None else None
            if means in model.items:
                money = unit_of(model.items[means].unit)
                self._found[paid_for(name)] = Quantity(money)
                self._found[price_of(name)] = Quantity(money / goods)

    def _declare(self, name: str, unit: str | None) -> None:
        self._found.setdefault(name, Quantity(unit_of(unit)))

    def _attributes(self) -> Iterator[tuple[str, str, Attribute]]:
        """(actor, name, attribute) in order of id."""
        for actor_id, actor in sorted(self._scenario.model.actors.items()):
            for name, attribute in sorted(actor.attributes.items()):
                yield actor_id, name, attribute

    def taken(self, action: str) -> Mapping[str, Quantity]:
        """What an action takes."""
        if action not in self._taken:
            model = self._scenario.model.actions.get(action)
            numbers = {} if model is None else model.takes
            self._taken[action] = {name: Quantity(unit_of(part.unit)) for name, part in numbers.items()}
        return self._taken[action]

    def __call__(self, name: str, level: int = 0) -> Quantity:
        """What a name is counted in; unknown for actors, and for names that stand for nothing."""
        if name == "elapsed":
            return self.years
        if name not in self._found:
            self._found[name] = UNKNOWN  # for definitions that need each other
            self._found[name] = self._worked_out(name, level)
        return self._found[name]

    def _worked_out(self, name: str, level: int) -> Quantity:
        model = self._scenario.model
        part = model.definitions.get(name) or model.indicators.get(name)
        if part is None:
            return UNKNOWN
        found = Inference(self, {}, overlook, level).of(part.value.tree)
        return PLAIN if found.kind == "number" else found

    def check_attributes(self) -> None:
        """Note attributes of one name that are counted in several units. Stocks may leave it to the item."""
        given: dict[str, PathOf] = {item: ("items", item, "unit") for item in self._scenario.model.items}
        for actor_id, name, attribute in self._attributes():
            if attribute.unit is not None:
                given.setdefault(name, ("actors", actor_id, "attributes", name, "unit"))
        for actor_id, name, attribute in self._attributes():
            right, own = self._found[name], unit_of(attribute.unit)
            left_to_item = attribute.unit is None and name in self._scenario.model.items
            if not right.firm or own.same(right.unit) or left_to_item:
                continue
            place = self._scenario.place
            path = ("actors", actor_id, "attributes", name)
            self._problems.error(
                place(*path) if attribute.unit is None else self._scenario.value_place(*path, "unit"),
                f"{quoted(name)} {own.predicate} here, and {right.unit.predicate} at {place(*given[name])}",
                "one unit for one name",
                likely_slip(own, right.unit),
                code="unit",
            )
