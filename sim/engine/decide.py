"""Stage 3, and the deciding half of stage 1: gates, chances, counts and choices, on a frozen state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine import luck
from sim.engine.evaluate import Evaluator
from sim.engine.orders import DO, REFRAIN, Order, Orders
from sim.engine.plan import Slot
from sim.engine.quantiles import negative_binomial_quantile, poisson_quantile
from sim.engine.trace import ChoiceTrace, RuleTrace, Trace

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

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


class Decider:
    """Takes the decisions of one stage."""

    def __init__(self, ev: Evaluator, dt: float, orders: Orders, trace: Trace | None) -> None:
        self._ev = ev
        self._dt = dt
        self._orders = orders
        self._trace = trace
        self._state = ev.state
        self._size = len(ev.state.runs)
        self.decided = Decided()

    # Rules and injects

    def rule(self, rule: pr.Rule) -> None:
        on = self._campaign(rule)
        order = self._orders.get((self._ev.turn, rule.name))
        if order is not None:
            self._ordered_rule(rule, order)
            return
        gate = self._gate(rule)
        if rule.kind == "count":
            self._count(rule, gate if on is None else gate & on)
            return
        level = drawn = None
        fired = gate
        if rule.rate is not None and (gate.any() or self._trace is not None):
            level = self._chance(rule, gate)
            drawn = self._uniform(rule.draw)
            fired = gate & (drawn < level)
        self._record(rule, fired, None)
        if self._trace is not None:
            self._trace.rules.append(RuleTrace(self._ev.turn, rule, gate, level, drawn, fired, ""))

    def _ordered_rule(self, rule: pr.Rule, order: Order) -> None:
        """What an order overrides is not asked: it can neither fail nor matter."""
        times: Any
        if rule.kind == "count":
            times = np.float64(0.0 if order.option == REFRAIN else int(order.option))
            self._record(rule, times > 0.0, times)
        else:
            times = np.bool_(order.option == DO)
            self._record(rule, times, None)
        if self._trace is not None:
            self._trace.rules.append(
                RuleTrace(self._ev.turn, rule, np.True_, None, None, times, order.option)
            )

    def _gate(self, rule: pr.Rule) -> Any:
        ev = self._ev
        if rule.due is not None and not rule.due[ev.turn]:
            return np.False_
        gate = ev.condition(rule.gate, None, rule.name, rule.place)
        if rule.ever is not None:
            gate = gate & (self._state.values[rule.ever] == 0.0)
        return gate

    def _chance(self, rule: pr.Rule, gate: Any) -> Any:
        """Probability: of a rate, 1 - exp(-rate dt); an inject states it."""
        assert rule.rate is not None
        rate = self._ev.used(rule.rate, gate, rule.name, rule.place)
        if rule.kind == "inject":
            return rate
        return 1.0 - ar.exp(-(np.where(rate < 0.0, 0.0, rate) * self._dt))

    def _count(self, rule: pr.Rule, gate: Any) -> None:
        level = drawn = None
        times: Any = np.float64(0.0)
        if gate.any() or self._trace is not None:
            level, drawn, times = self._draw_count(rule, gate)
        self._record(rule, times > 0.0, times)
        if self._trace is not None:
            self._trace.rules.append(RuleTrace(self._ev.turn, rule, gate, level, drawn, times, ""))

    def _draw_count(self, rule: pr.Rule, gate: Any) -> tuple[Any, Any, Any]:
        """Mean, uniform number and count."""
        ev = self._ev
        assert rule.rate is not None
        mean = ev.used(rule.rate, gate, rule.name, rule.place) * self._dt
        mean = np.where(gate, np.where(mean < 0.0, 0.0, mean), 0.0)
        if (mean > MAX_MEAN).any():
            ev.fail(mean > MAX_MEAN, f"more than {MAX_MEAN:g} are expected in a turn", rule.name, rule.place)
        drawn = self._uniform(rule.draw)
        if rule.size is None:
            return mean, drawn, np.where(mean == 0.0, 0.0, poisson_quantile(drawn, mean))
        size = ev.used(rule.size, gate, rule.name, rule.place) * self._dt
        wrong = (size <= 0.0) & gate
        if wrong.any():
            ev.fail(wrong, "the size of a count is not above 0", rule.name, rule.place)
        # Where nothing is counted any size will do.
        size = np.where(mean == 0.0, 1.0, size)
        return mean, drawn, np.where(mean == 0.0, 0.0, negative_binomial_quantile(drawn, mean, size))

    def _campaign(self, rule: pr.Rule) -> Any:
        """Whether the rule's campaign is on after this turn's step; None without one."""
        campaign = rule.campaign
        if campaign is None:
            return None
        ev = self._ev
        starts, ends = (
            np.where(value < 0.0, 0.0, value)
            for value in (
                ev.used(node, None, rule.name, rule.place) for node in (campaign.starts, campaign.ends)
            )
        )
        total = starts + ends
        reach = 1.0 - ar.exp(-(total * self._dt))
        safe = np.where(total == 0.0, 1.0, total)
        u = self._uniform(campaign.draw)
        was_on = self._state.values[campaign.row] > 0.0
        on = np.where(was_on, ~(u < (ends / safe) * reach), u < (starts / safe) * reach)
        on = np.where(total == 0.0, was_on, on)
        self.decided.rows.append((campaign.row, on))
        return on

    def _record(self, rule: pr.Rule, fired: Any, times: Any) -> None:
        self.decided.rows.append((rule.fired, fired if times is None else times))
        if not fired.any():
            return
        mask = np.broadcast_to(fired, (self._size,))
        slot = (rule.name, -1, 0)
        self.decided.happened[slot] = mask
        if times is not None:
            self.decided.counts[slot] = np.broadcast_to(times, (self._size,))
        if rule.ever is not None:
            self.decided.rows.append((rule.ever, mask | (self._state.values[rule.ever] > 0.0)))

    # Choices

    def choice(self, choice: pr.Choice) -> None:
        order = self._orders.get((self._ev.turn, choice.name))
        standing: Any = self._state.values[choice.standing]
        chosen: Any = np.float64(0.0)
        takes = self._takes(choice, order)
        up = self._taken_up(choice) if takes and order is None else np.True_
        for take in range(takes):
            if order is None:
                chosen = self._choose(choice, up, standing, take)
            else:
                chosen = self._ordered_choice(choice, order, take)
            standing = np.where(chosen > 0.0, chosen, standing)
            self._note(choice, chosen, take)
        self.decided.rows.append((choice.chosen, chosen))
        self.decided.rows.append((choice.standing, standing))

    def _ordered_choice(self, choice: pr.Choice, order: Order, take: int) -> Any:
        index = [option.id for option in choice.options].index(order.option)
        chosen = np.float64(index + 1)
        if self._trace is not None:
            self._trace.choices.append(
                ChoiceTrace(self._ev.turn, choice, take, np.True_, (), (), (), None, (), chosen, order.option)
            )
        return chosen

    def _takes(self, choice: pr.Choice, order: Order | None) -> int:
        due = 1 if choice.due is None else choice.due[self._ev.turn]
        return max(due, 1) if order is not None else due

    def _taken_up(self, choice: pr.Choice) -> Any:
        ev = self._ev
        up = ev.condition(choice.gate, None, choice.name, choice.place)
        if choice.rate is not None and (up.any() or self._trace is not None):
            rate = ev.used(choice.rate, up, choice.name, choice.place)
            chance = 1.0 - ar.exp(-(np.where(rate < 0.0, 0.0, rate) * self._dt))
            up = up & (self._uniform(choice.taken_up) < chance)
        return up

    def _choose(self, choice: pr.Choice, up: Any, standing: Any, take: int) -> Any:
        """0 where nothing is chosen, else 1 + index of the option with the highest score."""
        if not up.any() and self._trace is None:
            return np.float64(0.0)
        ev = self._ev
        temperature = ev.used(choice.temperature, up, choice.name, choice.place)
        wrong = (temperature < 0.0) & up
        if wrong.any():
            ev.fail(wrong, "the temperature is below 0", choice.name, choice.place)
        draws = self._uniforms([option.draws[take] for option in choice.options])
        available, utilities, scores = [], [], []
        best: Any = np.float64(-np.inf)
        chosen: Any = np.float64(0.0)
        for index, option in enumerate(choice.options):
            open_here = up & ev.condition(option.gate, up, choice.name, option.place)
            utility = ev.used(option.utility, open_here, choice.name, option.place)
            utility = self._with_bias(choice, index, utility, standing, open_here)
            score = utility + temperature * -ar.log(-ar.log(draws[index]))
            better = open_here & (score > best)
            best = np.where(better, score, best)
            chosen = np.where(better, index + 1.0, chosen)
            if self._trace is not None:
                available.append(open_here)
                utilities.append(utility)
                scores.append(score)
        if self._trace is not None:
            self._trace.choices.append(
                ChoiceTrace(
                    ev.turn,
                    choice,
                    take,
                    up,
                    tuple(available),
                    tuple(utilities),
                    tuple(scores),
                    temperature,
                    tuple(draws),
                    chosen,
                    "",
                )
            )
        return chosen

    def _with_bias(self, choice: pr.Choice, index: int, utility: Any, standing: Any, active: Any) -> Any:
        if choice.status_quo is None or choice.bias is None or choice.status_quo not in (-1, index):
            return utility
        bias = self._ev.used(choice.bias, active, choice.name, choice.place)
        if choice.status_quo == index:
            return utility + bias
        return np.where(standing == index + 1.0, utility + bias, utility)

    def _note(self, choice: pr.Choice, chosen: Any, take: int) -> None:
        for index in range(len(choice.options)):
            mask = chosen == index + 1.0
            if mask.any():
                self.decided.happened[choice.name, index, take] = np.broadcast_to(mask, (self._size,))

    # Luck

    def _uniform(self, draw: int | None) -> Floats:
        assert draw is not None
        drawn: Floats = self._uniforms([draw])[0]
        return drawn

    def _uniforms(self, draws: list[int]) -> Floats:
        """Shape `(draws, runs)`."""
        state = self._state
        keys = [self._ev.program.draws[draw].key for draw in draws]
        return luck.uniforms(state.seed, state.stream, state.lanes, self._ev.turn, keys)
