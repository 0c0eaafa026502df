"""Crisis rounds: which decisions are taken in them, how many a turn has, and their luck (rules E8 and E9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import floor

from sim.compile import program as pr
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope
from sim.scenario.commitments import Escalation
from sim.scenario.load import PathOf
from sim.text import Place


class Rounds:
    """Finds the pairs that decisions are about, and writes the later rounds out."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._builder = lowering.builder

    def row(self, actors: Sequence[str] | None, scope: Scope, path: PathOf) -> int:
        """The row that says whether the pair is in crisis; -1 if there is no pair."""
        if actors is None:
            return -1
        names = self._lowering.names
        where = scope.at(*path, "crisis")
        if path[0] == "world":
            raise LoweringError(where.path, 0, "the world takes no part in crises", "no crisis", at_key=True)
        found = [names.actor(name, 0, where) for name in actors]
        if len(found) == 1:
            if scope.self_id is None:
                raise LoweringError(where.path, 0, "a crisis is between two actors", "crisis: [A, B]")
            found.append(scope.self_id)
        first, second = sorted(found)
        if first == second:
            raise LoweringError(where.path, 0, f"{first} and itself", "two different actors")
        row = self._builder.rows.get(f"crisis[{first}, {second}]")
        if row is None:
            raise LoweringError(
                where.path,
                0,
                f"{first} and {second} can do each other nothing hostile",
                "two actors of which one has an action with hostility towards the other",
            )
        return row

    def later(self, rules: Iterable[pr.Rule], choices: Iterable[pr.Choice]) -> pr.Crisis | None:
        """The rounds of a Program; None if no decision is ever taken in them."""
        rules = [rule for rule in rules if rule.crisis >= 0]
        choices = [choice for choice in choices if choice.crisis >= 0]
        decisions: list[pr.Decision] = [*rules, *choices]
        stated = self._lowering.scenario.model.escalation
        if not decisions and (stated is None or "round" not in stated.model_fields_set):
            return None
        counts = self._counts()
        if not decisions:
            return None
        rows = sorted({decision.crisis for decision in decisions})
        later = tuple(
            pr.Round(
                tuple(self._rule(rule, number) for rule in rules),
                tuple(self._choice(choice, number) for choice in choices),
            )
            for number in range(2, max(counts) + 1)
        )
        return pr.Crisis(counts, tuple(rows), later)

    def _counts(self) -> tuple[int, ...]:
        clock = self._lowering.scenario.clock
        escalation = self._lowering.scenario.model.escalation or Escalation()
        length = escalation.round.days
        if length > clock.turn.nominal_days or length <= 0:
            self._builder.problems.fault(
                LoweringError(
                    ("escalation", "round"),
                    0,
                    f"a round of {length:g} days does not fit into a turn of {clock.turn.nominal_days:g}",
                    "a shorter round, or a longer turn",
                )
            )
            return (1,)
        dates = clock.dates
        days = ((after - before).days for before, after in pairwise(dates))
        if "E9" in self._lowering.without:
            return (1,) * len(dates)
        return (1, *(max(1, floor(number / length + 0.5)) for number in days))

    def _again(self, draw: int, number: int, place: Place) -> int:
        """The draw of a later round."""
        return self._builder.draw(f"{self._builder.draws[draw].text}@{number}", place)

    def _rule(self, rule: pr.Rule, number: int) -> pr.Rule:
        campaign = rule.campaign
        if campaign is not None:
            campaign = replace(campaign, draw=self._again(campaign.draw, number, rule.place))
        draw = None if rule.draw is None else self._again(rule.draw, number, rule.place)
        return replace(rule, draw=draw, campaign=campaign)

    def _choice(self, choice: pr.Choice, number: int) -> pr.Choice:
        taken_up = choice.taken_up
        if taken_up is not None:
            taken_up = self._again(taken_up, number, choice.place)
        draws = (self._again(option.draws[0], number, option.place) for option in choice.options)
        options = tuple(
            replace(option, draws=(draw,)) for option, draw in zip(choice.options, draws, strict=True)
        )
        nests = tuple(
            replace(
                nest,
                draws=(self._again(nest.draws[0], number, choice.place),),
                angles=(self._again(nest.angles[0], number, choice.place),),
            )
            for nest in choice.nests
        )
        shares = tuple(self._again(draw, number, choice.place) for draw in choice.share_draws[:1])
        return replace(choice, taken_up=taken_up, options=options, nests=nests, share_draws=shares)
