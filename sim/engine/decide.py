"""Rules (stage 3) and exogenous events (stage 1): gates, chances and counts, on a frozen state.

First all gates, then the luck of what is open in at least one run, drawn together, then who fires.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine import luck
from sim.engine.answers import Said
from sim.engine.evaluate import Evaluator
from sim.engine.kept import Kept
from sim.engine.orders import DO, REFRAIN, Order, Orders
from sim.engine.plan import Slot
from sim.engine.quantiles import negative_binomial_quantile, poisson_quantile
from sim.engine.seam import Asking
from sim.engine.trace import Moment, RuleTrace, Trace, recorded
from sim.engine.vectors import Floats, Truths, anywhere, everywhere

MAX_MEAN = 500.0


@dataclass(slots=True)
class Decided:
    """What was decided in a stage: who did what in which runs, and the rows that record it."""

    happened: dict[Slot, Truths] = field(default_factory=dict)
    """Only what happened in at least one run."""
    counts: dict[Slot, Floats] = field(default_factory=dict)
    """How often, for counts."""
    rows: list[tuple[int, Any]] = field(default_factory=list)
    """Row and its new values."""


@dataclass(slots=True)
class Stage:
    """What decisions of one stage stand on: state, time, luck, orders, and where they are written down."""

    ev: Evaluator
    dt: float
    orders: Orders
    kept: Kept
    trace: Trace | None
    asking: Asking | None = None
    """Policies written in Python that have taken over some decisions."""
    decided: Decided = field(default_factory=Decided)
    rounds: int = 1
    """Crisis rounds in the turn."""
    round: int = 1
    """Which of them this is."""
    _before: int = 0
    _moment: Moment | None = None

    def __post_init__(self) -> None:
        self._before = 0 if self.trace is None else len(self.trace.changes)

    @property
    def later(self) -> bool:
        """Whether this is a round after the first."""
        return self.round > 1

    @property
    def moment(self) -> Moment:
        """What the stage's decisions are taken on, for the trace: the values are a copy."""
        if self._moment is None:
            state = self.ev.state
            self._moment = Moment(
                self.ev.turn, state.runs, state.values.copy(), self._before, self.round, self.rounds
            )
        return self._moment

    @property
    def size(self) -> int:
        """Number of runs."""
        return len(self.ev.state.runs)

    def order(self, decision: pr.Decision) -> Order | None:
        """The order for a decision in this turn."""
        return self.orders.get((self.ev.turn, decision.name))

    def uniforms(self, draws: Sequence[int]) -> dict[int, Floats]:
        """Uniform numbers of several draws, each of shape `(runs,)`."""
        if not draws:
            return {}
        state = self.ev.state
        keys = [self.ev.program.draws[draw].key for draw in draws]
        drawn = luck.uniforms(state.seed, state.stream, state.lanes, self.ev.turn, keys)
        return dict(zip(draws, drawn, strict=True))

    def crisis(self, decision: pr.Decision) -> Any:
        """Where a decision is taken in crisis rounds, shape `(runs,)` or `()`."""
        if decision.crisis < 0 or self.rounds == 1:
            return np.False_
        return self.ev.state.values[decision.crisis] > 0.0

    def time(self, decision: pr.Decision) -> Any:
        """Years that pass from this taking of a decision to the next."""
        crisis = self.crisis(decision)
        return np.where(crisis, self.dt / self.rounds, self.dt) if anywhere(crisis) else self.dt

    def chance(self, node: int, active: Any, whose: pr.Decision) -> Any:
        """1 - exp(-rate dt) of a rate per year; a rate below 0 counts as 0."""
        # Checked for these runs every time; only what follows from the value alone is kept.
        rate = self.ev.used(node, active, whose.name, whose.place)
        time = self.time(whose)

        def work_out() -> Any:
            return _chance(rate, time)

        return self.kept.result("chance", node, time, work_out) if isinstance(time, float) else work_out()

    def chance_at(self, rate: Any, whose: pr.Decision) -> Any:
        """The same for a rate that comes from elsewhere."""
        return _chance(rate, self.time(whose))

    def said(self, rule: pr.Rule, gate: Any) -> Said | None:
        """What a policy written in Python says of a rule, if one has taken it over."""
        return None if self.asking is None else self.asking.rule(rule, gate)


def _chance(rate: Any, time: Any) -> Any:
    """1 - exp(-rate time), a rate below 0 counting as 0."""
    return 1.0 - ar.exp(-(np.where(rate < 0.0, 0.0, rate) * time))


def campaign_rates(
    ev: Evaluator, rule: pr.Rule, campaign: pr.Campaign, where: Any = None
) -> tuple[Any, Any, Any]:
    """Rates per year at which a campaign starts and ends, and their sum; one below 0 counts as 0."""
    nodes = (campaign.starts, campaign.ends)
    starts, ends = (
        np.where(value < 0.0, 0.0, value)
        for value in (ev.used(node, where, rule.name, rule.place) for node in nodes)
    )
    return starts, ends, starts + ends


class RuleDecider:
    """Takes the decisions of rules and injects."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ev = stage.ev
        self._trace = stage.trace
        self._values = stage.ev.state.values

    def take(self, rules: Sequence[pr.Rule]) -> None:
        """Decide all of them."""
        gates, closed = self._alike(rules)
        if closed:
            self._stage.decided.rows += [(rule.fired, np.False_) for rule in closed]
            shut = {rule.name for rule in closed}
            rules = [rule for rule in rules if rule.name not in shut]
        draws: list[int] = []
        for rule in rules:
            if rule.campaign is not None:
                draws.append(rule.campaign.draw)
            if self._stage.order(rule) is not None:
                continue
            gate = gates.get(rule.name)
            if gate is None:
                gates[rule.name] = gate = self._gate(rule)
            if rule.draw is not None and (anywhere(gate) or self._trace is not None):
                draws.append(rule.draw)
        drawn = self._stage.uniforms(draws)
        levels = self._levels(rules, gates, drawn)
        for rule in rules:
            on = self._campaign(rule, drawn)
            order = self._stage.order(rule)
            if order is not None:
                self._ordered(rule, order)
            elif rule.kind == "count":
                gate = gates[rule.name]
                self._count(rule, gate if on is None else gate & on, drawn, on)
            else:
                self._rule(rule, gates[rule.name], drawn, levels.get(rule.name))

    def _alike(self, rules: Sequence[pr.Rule]) -> tuple[dict[str, Any], list[pr.Rule]]:
        """Gates that can be worked out together, of those rules for which they are open in some run; and the
        rules that are closed in all runs and have nothing else to do.
        """
        stage, turn = self._stage, self._ev.turn
        if self._trace is not None or stage.asking is not None or stage.later:
            return {}, []
        plain = [
            rule
            for rule in rules
            if rule.gate is not None
            and rule.kind != "count"
            and (rule.due is None or rule.due[turn])
            and stage.order(rule) is None
        ]
        nodes = tuple(rule.gate for rule in plain if rule.gate is not None)
        if len(nodes) < 2:  # noqa: PLR2004 - several
            return {}, []
        truths = stage.kept.stack(nodes)(self._ev)
        if self._ev.bad and any(self._ev.failed_in(node) for node in nodes):
            return {}, []
        open_ = truths.any(axis=1)
        gates = {
            rule.name: truth if rule.ever is None else truth & (self._values[rule.ever] == 0.0)
            for rule, truth, opened in zip(plain, truths, open_, strict=True)
            if opened
        }
        return gates, [rule for rule, opened in zip(plain, open_, strict=True) if not opened]

    def _levels(
        self, rules: Sequence[pr.Rule], gates: Mapping[str, Any], drawn: Mapping[int, Floats]
    ) -> dict[str, Floats]:
        """Probabilities of rules that have a rate, as far as they can be worked out together."""
        stage, ev = self._stage, self._ev
        if self._trace is not None or stage.asking is not None:
            return {}
        rated = [
            (rule.name, rule.rate)
            for rule in rules
            if rule.kind == "chance"
            and rule.draw in drawn
            and rule.rate is not None
            and rule.name in gates
            and not anywhere(stage.crisis(rule))
            and not stage.kept.lasts(rule.rate)
        ]
        if len(rated) < 2:  # noqa: PLR2004 - several
            return {}
        rates = np.empty((len(rated), stage.size))
        for place, (_, node) in enumerate(rated):
            rates[place] = ev.value(node)
        if any(ev.failed_in(node) for _, node in rated) or not everywhere(np.isfinite(rates)):
            return {}  # who works them out one by one finds out which is to blame
        chances = _chance(rates, stage.dt)
        return {name: chance for (name, _), chance in zip(rated, chances, strict=True)}

    def _gate(self, rule: pr.Rule) -> Any:
        crisis = self._stage.crisis(rule)
        due: Any = np.True_
        if self._stage.later or (rule.due is not None and not rule.due[self._ev.turn]):
            due = crisis
        if not anywhere(due):
            return np.False_
        gate = due & self._ev.condition(rule.gate, due, rule.name, rule.place)
        if rule.ever is not None:
            gate = gate & (self._values[rule.ever] == 0.0)
        return gate

    def _ordered(self, rule: pr.Rule, order: Order) -> None:
        """What an order overrides is not asked: it can neither fail nor matter."""
        times: Any
        if rule.kind == "count":
            times = np.float64(0.0 if order.option == REFRAIN else int(order.option))
            self._record(rule, times > 0.0, times)
        else:
            times = np.bool_(order.option == DO)
            self._record(rule, times, None)
        self._note(rule, np.True_, None, None, times, ordered=order.option)

    def _rule(self, rule: pr.Rule, gate: Any, drawn: dict[int, Floats], level: Floats | None = None) -> None:
        said = self._stage.said(rule, gate)
        u = None
        fired = gate
        if said is not None and said.times is not None:
            fired = gate & (said.times > 0.0)
        elif rule.rate is not None and rule.draw in drawn:
            if level is None:
                level = self._level(rule, gate, said)
            u = drawn[rule.draw]
            fired = gate & (u < level)
        self._record(rule, fired, None)
        self._note(rule, gate, level, u, fired, said=said)

    def _level(self, rule: pr.Rule, gate: Any, said: Said | None) -> Any:
        """Probability: stated as such, or given by a rate."""
        stated = rule.kind in ("inject", "probability")
        if said is not None and said.rate is not None:
            return said.rate if stated else self._stage.chance_at(said.rate, rule)
        assert rule.rate is not None
        if stated:
            return self._ev.used(rule.rate, gate, rule.name, rule.place)
        return self._stage.chance(rule.rate, gate, rule)

    def _count(self, rule: pr.Rule, gate: Any, drawn: dict[int, Floats], campaign: Any) -> None:
        said = self._stage.said(rule, gate)
        level = u = None
        times: Any = np.float64(0.0)
        if said is not None and said.times is not None:
            times = said.times
        elif rule.draw in drawn:
            u = drawn[rule.draw]
            level = self._mean(rule, gate, said)
            times = np.where(level == 0.0, 0.0, self._counted(rule, gate, u, level))
        self._record(rule, times > 0.0, times)
        self._note(rule, gate, level, u, times, said=said, campaign=campaign)

    def _mean(self, rule: pr.Rule, gate: Any, said: Said | None) -> Any:
        """Events expected in the turn; 0 where the gate is closed."""
        ev = self._ev
        assert rule.rate is not None
        a_year = None if said is None else said.rate
        if a_year is None:
            a_year = ev.used(rule.rate, gate, rule.name, rule.place)
        mean = a_year * self._stage.time(rule)
        mean = np.where(gate, np.where(mean < 0.0, 0.0, mean), 0.0)
        wrong = mean > MAX_MEAN
        if anywhere(wrong):
            ev.fail(wrong, f"more than {MAX_MEAN:g} are expected in a turn", rule.name, rule.place)
            mean = np.where(wrong, 0.0, mean)  # an evaluator that only notes faults goes on
        return mean

    def _counted(self, rule: pr.Rule, gate: Any, u: Floats, mean: Any) -> Any:
        if rule.size is None:
            return poisson_quantile(u, mean)
        ev = self._ev
        size = ev.used(rule.size, gate, rule.name, rule.place) * self._stage.time(rule)
        wrong = (size <= 0.0) & gate
        if anywhere(wrong):
            ev.fail(wrong, "the size of a count is not above 0", rule.name, rule.place)
        # Where nothing is counted any size will do.
        return negative_binomial_quantile(u, mean, np.where(mean == 0.0, 1.0, size))

    def _campaign(self, rule: pr.Rule, drawn: dict[int, Floats]) -> Any:
        """Whether the rule's campaign is on after this turn's step; None without one."""
        campaign = rule.campaign
        if campaign is None:
            return None
        # In a later round it takes a step where its own pair is in crisis.
        here = self._stage.crisis(rule) if self._stage.later else None
        starts, ends, total = campaign_rates(self._ev, rule, campaign, here)
        reach = 1.0 - ar.exp(-(total * self._stage.time(rule)))
        safe = np.where(total == 0.0, 1.0, total)
        u = drawn[campaign.draw]
        was_on = self._values[campaign.row] > 0.0
        on = np.where(was_on, ~(u < (ends / safe) * reach), u < (starts / safe) * reach)
        on = np.where(total == 0.0, was_on, on)
        if here is not None:
            on = np.where(here, on, was_on)
        self._stage.decided.rows.append((campaign.row, on))
        return on

    def _record(self, rule: pr.Rule, fired: Any, times: Any) -> None:
        decided = self._stage.decided
        decided.rows.append((rule.fired, fired if times is None else times))
        if not anywhere(fired):
            return
        mask = np.broadcast_to(fired, (self._stage.size,))
        slot = (rule.name, -1, 0)
        decided.happened[slot] = mask
        if times is not None:
            decided.counts[slot] = np.broadcast_to(times, (self._stage.size,))
        if rule.ever is not None:
            decided.rows.append((rule.ever, mask | (self._values[rule.ever] > 0.0)))

    def _note(
        self,
        rule: pr.Rule,
        gate: Any,
        level: Any,
        u: Any,
        fired: Any,
        *,
        ordered: str = "",
        said: Said | None = None,
        campaign: Any = None,
    ) -> None:
        if self._trace is not None:
            self._trace.rules.append(
                RuleTrace(
                    self._stage.moment,
                    rule,
                    gate,
                    recorded(level),
                    u,
                    fired,
                    ordered,
                    self._stage.crisis(rule),
                    campaign,
                    None if said is None else said.by,
                )
            )
