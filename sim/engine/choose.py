"""Choices: at most one of several options, by quantal response (Gumbel-max), on a frozen state.

Adding an option never moves a run between two old ones: each option has a word of luck of its own, and what
the options of a nest share does not depend on which of them are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.compile import program as pr
from sim.engine import arithmetic as ar
from sim.engine.answers import Said
from sim.engine.decide import Stage
from sim.engine.nests import Luck, nest_draws, noises
from sim.engine.orders import Order
from sim.engine.provenance import PolicyRecord
from sim.engine.together import Taking, taken
from sim.engine.trace import ChoiceTrace, recorded
from sim.engine.vectors import Floats, anywhere


@dataclass(slots=True)
class _Asked:
    """A choice that may be taken in this turn."""

    choice: pr.Choice
    takes: int
    order: Order | None
    up: Any = np.True_
    """Runs in which it is taken up, but for a share of its takes."""
    said: Said | None = None
    """What a policy written in Python says of it."""
    level: Any = None
    """Probability of being taken up, or of each take of it; None if that is certain."""
    lots: tuple[Floats, ...] = ()
    """For each take the uniform number that settles it, or one for all of them."""

    def up_for(self, take: int) -> Any:
        """Runs in which a take is really taken."""
        if not self.choice.share_draws or not self.lots:
            return self.up
        return self.up & (self.lots[take] < self.level)


class ChoiceDecider:
    """Takes choices."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ev = stage.ev
        self._values = stage.ev.state.values

    def take(self, choices: Sequence[pr.Choice]) -> None:
        """Decide all of them."""
        asked = []
        for choice in choices:
            order = self._stage.order(choice)
            takes = self._takes(choice, order)
            if takes:
                asked.append(_Asked(choice, takes, order))
            else:
                self._stage.decided.rows.append((choice.chosen, 0.0))
        self._take_up([item for item in asked if item.order is None])
        self._hear([item for item in asked if item.order is None])
        luck = self._gumbel(asked)
        for item in self._one_by_one(asked, luck):
            self._settle(item, luck)

    def _one_by_one(self, asked: Sequence[_Asked], luck: Luck) -> Sequence[_Asked]:
        """What is left when the plain ones are settled, together, and those that are not taken up at all."""
        if self._stage.trace is not None or self._stage.asking is not None:
            return asked
        closed = [item for item in asked if item.order is None and not anywhere(item.up)]
        plain = [item for item in asked if self._open(item) and item.takes == 1 and not item.choice.demands]
        found = (
            taken(self._ev, [Taking(item.choice, item.up_for(0)) for item in plain], luck) if plain else None
        )
        decided = self._stage.decided
        decided.rows += [(item.choice.chosen, 0.0) for item in closed]
        settled = closed
        if found is not None:
            settled += plain
            decided.happened.update(found.happened)
            for taking, chosen, standing in zip(found.takings, found.chosen, found.standing, strict=True):
                decided.rows += [(taking.choice.chosen, chosen), (taking.choice.standing, standing)]
        names = {item.choice.name for item in settled}
        return [item for item in asked if item.choice.name not in names]

    def _takes(self, choice: pr.Choice, order: Order | None) -> int:
        if self._stage.later:
            return 1
        due = 1 if choice.due is None else choice.due[self._ev.turn]
        return max(due, 1) if order is not None or anywhere(self._stage.crisis(choice)) else due

    def _due(self, choice: pr.Choice) -> Any:
        """Where the choice comes up at all; in a crisis it does in every round."""
        if self._stage.later or (choice.due is not None and not choice.due[self._ev.turn]):
            return self._stage.crisis(choice)
        return np.True_

    def _take_up(self, asked: Sequence[_Asked]) -> None:
        draws: list[int] = []
        for item in asked:
            choice = item.choice
            due = self._due(choice)
            item.up = due & self._ev.condition(choice.gate, due, choice.name, choice.place)
            if self._open(item):
                draws += _lots(item)
        drawn = self._stage.uniforms(draws)
        for item in asked:
            choice, lots = item.choice, _lots(item)
            if not lots or lots[0] not in drawn:
                continue
            item.lots = tuple(drawn[lot] for lot in lots)
            if choice.share is not None and choice.share_draws:
                item.level = self._ev.used(choice.share, item.up, choice.name, choice.place)
                continue
            assert choice.rate is not None
            item.level = self._stage.chance(choice.rate, item.up, choice)
            item.up = item.up & (item.lots[0] < item.level)

    def _hear(self, asked: Sequence[_Asked]) -> None:
        """Ask policies written in Python about what they have taken over."""
        asking = self._stage.asking
        if asking is not None:
            for item in asked:
                item.said = asking.choice(item.choice, item.up, item.takes)

    def _open(self, item: _Asked) -> bool:
        """Whether the choice has to be worked out at all."""
        return item.order is None and (anywhere(item.up) or self._stage.trace is not None)

    def _gumbel(self, asked: Sequence[_Asked]) -> Luck:
        """For each draw of an option or a nest the uniform number and its Gumbel quantile, -log(-log(u))."""
        draws = [
            draw
            for item in asked
            if self._open(item)
            for take in range(item.takes)
            for draw in (
                *(option.draws[take] for option in item.choice.options),
                *nest_draws(item.choice, take),
            )
        ]
        if not draws:
            return {}
        uniform = np.array(list(self._stage.uniforms(draws).values()))
        return dict(zip(draws, zip(uniform, -ar.log(-ar.log(uniform)), strict=True), strict=True))

    def _settle(self, item: _Asked, luck: Luck) -> None:
        choice = item.choice
        standing: Any = self._values[choice.standing]
        chosen: Any = np.float64(0.0)
        for take in range(item.takes):
            if item.order is not None:
                chosen = self._ordered(choice, item.order, take)
            elif item.said is not None and item.said.chosen is not None:
                chosen = self._settled(item, item.said.chosen[take], take)
            elif self._open(item):
                chosen = self._choose(item, standing, take, luck)
            standing = np.where(chosen > 0.0, chosen, standing)
            self._happened(choice, chosen, take)
        self._stage.decided.rows += [(choice.chosen, chosen), (choice.standing, standing)]

    def _ordered(self, choice: pr.Choice, order: Order, take: int) -> Any:
        index = [option.id for option in choice.options].index(order.option)
        chosen = np.float64(index + 1)
        self._note_decided(choice, take, np.True_, chosen, order.option)
        return chosen

    def _settled(self, item: _Asked, chosen: Floats, take: int) -> Any:
        """What a policy written in Python has decided without more ado."""
        assert item.said is not None
        up = item.up_for(take)
        taken = np.where(up, chosen, 0.0)
        self._note_decided(item.choice, take, up, taken, "", item.said.by)
        return taken

    def _note_decided(  # noqa: PLR0917 - in the order of a trace
        self, choice: pr.Choice, take: int, up: Any, chosen: Any, ordered: str, by: PolicyRecord | None = None
    ) -> None:
        """Note what was decided without utilities."""
        if self._stage.trace is not None:
            moment, crisis = self._stage.moment, self._stage.crisis(choice)
            self._stage.trace.choices.append(
                ChoiceTrace(moment, choice, take, up, (), (), (), None, (), chosen, ordered, crisis, by)
            )

    def _choose(self, item: _Asked, standing: Any, take: int, luck: Luck) -> Any:
        """0 where nothing is chosen, else 1 + index of the option with the highest score."""
        ev, choice, up, said = self._ev, item.choice, item.up_for(take), item.said
        for demand in choice.demands:
            ev.demand(demand, up, choice.name)
        temperature = self._temperature(choice, up)
        bias = None if choice.bias is None else ev.used(choice.bias, up, choice.name, choice.place)
        noise = noises(ev, choice, take, luck)
        available, utilities, scores = [], [], []
        best: Any = np.float64(-np.inf)
        chosen: Any = np.float64(0.0)
        for index, option in enumerate(choice.options):
            here = up & ev.condition(option.gate, up, choice.name, option.place)
            if said is not None and said.utilities is not None:
                utility = said.utilities[index]
            else:
                utility = ev.used(option.utility, here, choice.name, option.place)
            utility = _with_bias(choice, index, utility, standing, bias)
            score = utility + temperature * noise[index]
            better = here & (score > best)
            best = np.where(better, score, best)
            chosen = np.where(better, index + 1.0, chosen)
            available.append(here)
            utilities.append(utility)
            scores.append(score)
        if self._stage.trace is not None:
            drawn = tuple(luck[option.draws[take]][0] for option in choice.options)
            self._stage.trace.choices.append(
                ChoiceTrace(
                    self._stage.moment,
                    choice,
                    take,
                    up,
                    tuple(available),
                    tuple(map(recorded, utilities)),
                    tuple(scores),
                    recorded(temperature),
                    drawn,
                    chosen,
                    "",
                    self._stage.crisis(choice),
                    None if said is None else said.by,
                    () if said is None or said.utilities is None else tuple(said.utilities),
                    level=recorded(item.level),
                    up_drawn=_lot(item, take),
                    noises=noise,
                    scales=tuple(recorded(ev.value(nest.scale)) for nest in choice.nests),
                )
            )
        return chosen

    def _temperature(self, choice: pr.Choice, up: Any) -> Any:
        temperature = self._ev.used(choice.temperature, up, choice.name, choice.place)
        wrong = (temperature < 0.0) & up
        if anywhere(wrong):
            self._ev.fail(wrong, "the temperature is below 0", choice.name, choice.place)
        return temperature

    def _happened(self, choice: pr.Choice, chosen: Any, take: int) -> None:
        for index in range(len(choice.options)):
            mask = chosen == index + 1.0
            if anywhere(mask):
                happened = self._stage.decided.happened
                happened[choice.name, index, take] = np.broadcast_to(mask, (self._stage.size,))


def _lots(item: _Asked) -> tuple[int, ...]:
    """The draws that settle whether it is taken up, or each take of it."""
    choice = item.choice
    if choice.taken_up is not None:
        return (choice.taken_up,)
    return choice.share_draws[: item.takes]


def _lot(item: _Asked, take: int) -> Floats | None:
    return item.lots[min(take, len(item.lots) - 1)] if item.lots else None


def _with_bias(choice: pr.Choice, index: int, utility: Any, standing: Any, bias: Any) -> Any:
    """The utility of an option, with the status-quo bias if the bias is for it."""
    if bias is None or choice.status_quo not in (-1, index):
        return utility
    if choice.status_quo == index:
        return utility + bias
    return np.where(standing == index + 1.0, utility + bias, utility)
