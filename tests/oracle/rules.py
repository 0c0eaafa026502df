"""Section 7 of the semantics: rules, and the orders that overrule them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.scenario.models import Rule
from tests.oracle.adjudicate import Decided, Done, arguments
from tests.oracle.arithmetic import exp
from tests.oracle.dates import PERIODS
from tests.oracle.deeds import Performed, read_deeds
from tests.oracle.events import Event
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.faults import Fault, Undefined
from tests.oracle.names import Scope
from tests.oracle.quantiles import negative_binomial_quantile, poisson_quantile
from tests.oracle.terms import Moment, Number, Truth, finite
from tests.oracle.turns import Turn, not_below_zero


@dataclass(frozen=True)
class RuleHere:
    """A rule with its names bound."""

    event: Event
    rule: Rule
    deeds: tuple[Performed, ...]
    when: Truth
    crisis: tuple[str, str] | None = None
    numbers: dict[str, Number] = field(default_factory=dict)
    """`rate`, `mean`, `size`, `starts`, `ends`: those that the rule has."""

    def purposes(self) -> Iterator[str]:
        if self.rule.chance is not None:
            yield "fires"
        if self.rule.count is not None:
            yield "count"
        if self.rule.campaign is not None:
            yield "campaign"
        if self.rule.every is not None and self.rule.every.rate is not None:
            yield "taken_up"

    def rows(self) -> Iterator[tuple[str, float]]:
        yield self.event.row("fired"), 0.0
        if self.rule.once:
            yield self.event.row("ever"), 0.0
        if self.rule.campaign is not None:
            yield self.event.row("campaign"), 0.0

    def decide(self, turn: Turn, order: str | None) -> Decided:
        writes = {}
        if self.rule.campaign is not None:
            writes[self.event.row("campaign")] = float(self._campaign(turn))
        if order is not None:
            times = self._ordered(order)
        else:
            off = writes.get(self.event.row("campaign")) == 0
            times = self._times(turn) if self._is_due(turn) and self._gate(turn.moment) and not off else 0
        writes[self.event.row("fired")] = float(times)
        if times == 0:
            return Decided(writes)
        if self.rule.once:
            writes[self.event.row("ever")] = 1.0
        return Decided(
            writes, (Done(self.event.key, "", self.deeds, arguments(self.deeds, turn.moment), times),)
        )

    def _is_due(self, turn: Turn) -> bool:
        step = self.rule.every.step if self.rule.every else None
        return step is None or turn.crisis or turn.calendar.due(step, turn.number) > 0

    def _gate(self, moment: Moment) -> bool:
        return self.when(moment) and not (self.rule.once and moment.now[self.event.row("ever")] > 0)

    def _ordered(self, order: str) -> int:
        if order == "refrain":
            return 0
        if self.rule.count is not None:
            return int(order)
        if order != "do":
            raise Fault(f"{self.event.name} cannot be ordered to {order}")
        return 1

    def _times(self, turn: Turn) -> int:
        """How often the rule fires, being due and with its gate open."""
        if self.rule.count is not None:
            return self._count(turn)
        if self.rule.chance is not None:
            return int(turn.u(self.event, "fires") < turn.chance(self.numbers["rate"], self.rule.chance.per))
        if self.rule.every is not None and self.rule.every.per is not None:
            chance = turn.chance(self.numbers["rate"], self.rule.every.per)
            return int(turn.u(self.event, "taken_up") < chance)
        return 1

    def _count(self, turn: Turn) -> int:
        assert self.rule.count is not None
        periods = PERIODS[self.rule.count.per]
        mean = not_below_zero((finite(self.numbers["mean"](turn.moment), "mean") * periods) * turn.dt)
        if mean > 500:
            raise Undefined(f"the mean of a count is {mean}")
        u = turn.u(self.event, "count")
        if "size" not in self.numbers:
            return int(poisson_quantile(u, mean)) if mean > 0 else 0
        size = (finite(self.numbers["size"](turn.moment), "size") * periods) * turn.dt
        if not size > 0:
            raise Undefined(f"the size of a count is {size}")
        return int(negative_binomial_quantile(u, mean, size)) if mean > 0 else 0

    def start(self, turn: Turn) -> dict[str, float]:
        """At turn 0 a campaign is on in its long-run share of runs."""
        if self.rule.campaign is None:
            return {}
        a, b = self._campaign_rates(turn)
        on = a + b > 0 and turn.u(self.event, "campaign") < a / (a + b)
        return {self.event.row("campaign"): float(on)}

    def _campaign_rates(self, turn: Turn) -> tuple[float, float]:
        """Per year at which a campaign starts and ends."""
        assert self.rule.campaign is not None
        periods = PERIODS[self.rule.campaign.per]
        a = not_below_zero(finite(self.numbers["starts"](turn.moment), "starts") * periods)
        b = not_below_zero(finite(self.numbers["ends"](turn.moment), "ends") * periods)
        return a, b

    def _campaign(self, turn: Turn) -> bool:
        """Whether the campaign is on in this turn."""
        a, b = self._campaign_rates(turn)
        s = a + b
        on = turn.moment.now[self.event.row("campaign")] > 0
        if s == 0:
            return on
        q = 1 - exp(-(s * turn.dt))
        u = turn.u(self.event, "campaign")
        return not u < (b / s) * q if on else u < (a / s) * q


def read_rule(event: Event, rule: Rule, scope: Scope) -> RuleHere:
    rates = rule.chance or (rule.every if rule.every and rule.every.rate else None)
    parts = {
        "rate": rates.rate if rates else None,
        "mean": rule.count.mean if rule.count else None,
        "size": rule.count.size if rule.count else None,
        "starts": rule.campaign.starts if rule.campaign else None,
        "ends": rule.campaign.ends if rule.campaign else None,
    }
    numbers = {name: read_number(part, scope) for name, part in parts.items() if part is not None}
    crisis = crisis_of(rule.crisis, scope)
    return RuleHere(event, rule, read_deeds(rule, scope), read_truth(rule.when, scope), crisis, numbers)


def crisis_of(names: tuple[str, ...] | None, scope: Scope) -> tuple[str, str] | None:
    """The pair in whose crises a decision is taken in rounds, in order of id."""
    if names is None:
        return None
    actors = [scope.actor(name) for name in names]
    first, second = sorted(actors if len(actors) > 1 else (*actors, scope.actor("self")))
    return first, second
