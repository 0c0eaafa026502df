"""Rules, choices and injects: when, how often and on what they are decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sim.compile import program as pr
from sim.compile.builder import Builder
from sim.compile.doings import DoingsCompiler, Whose
from sim.compile.lower import Lowering
from sim.compile.rounds import Rounds
from sim.compile.scope import LoweringError, Scope, listed
from sim.compile.unroll import Instance
from sim.scenario import models as md
from sim.scenario.clock import PERIODS_PER_YEAR, Step
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf
from sim.text import quoted

MAX_TAKES = 400
"""How often a choice may be taken in one turn: each take is written out."""


class DecisionCompiler:
    """Turns unrolled decisions into the Program's."""

    def __init__(self, lowering: Lowering, perceived: Mapping[str, Mapping[int, int]]) -> None:
        self._lowering = lowering
        self._builder: Builder = lowering.builder
        self._scenario = lowering.scenario
        self._problems = lowering.builder.problems
        self.perceived = perceived
        """By actor: the rows that it sees in place of others."""
        self.doings = DoingsCompiler(lowering, perceived)
        self.rounds = Rounds(lowering)
        self._due: dict[Step, tuple[int, ...]] = {}

    # Rules and injects

    def rule(self, instance: Instance[md.Rule]) -> pr.Rule:
        part, builder = instance.part, self._builder
        scope = instance.scope(self.perceived.get(instance.owner))
        gate = self._gate(part.when, scope, instance.path)
        kind: Literal["chance", "count", "cadence", "once"] = "once"
        rate = size = draw = None
        due = None
        if part.chance is not None:
            kind, rate, draw = (
                "chance",
                self._per_year(part.chance, scope, (*instance.path, "chance", "rate")),
                "fires",
            )
        elif part.count is not None:
            kind, draw = "count", "count"
            rate = self.yearly(part.count.mean, part.count.per, scope, (*instance.path, "count", "mean"))
            if part.count.size is not None:
                path = (*instance.path, "count", "size")
                size = self.yearly(part.count.size, part.count.per, scope, path)
                self._lowering.positive(size, "a size", scope.at(*path))
        elif part.every is not None and part.every.step is not None:
            kind = "cadence"
            due = tuple(
                bool(times)
                for times in self.cadence(
                    part.every.step,
                    (*instance.path, "every"),
                    several=False,
                    rounds=part.crisis is not None,
                )
            )
        elif part.every is not None:
            kind, draw = "chance", "taken_up"
            assert part.every.per is not None
            assert part.every.rate is not None
            rate = self.yearly(part.every.rate, part.every.per, scope, (*instance.path, "every", "rate"))
        return pr.Rule(
            name=instance.name,
            owner=instance.owner,
            id=instance.id,
            bindings=instance.bindings,
            kind=kind,
            gate=gate,
            rate=rate,
            size=size,
            due=due,
            draw=None if draw is None else builder.draw(f"{instance.key}/{draw}", instance.place),
            fired=builder.rows[f"fired[{instance.name}]"],
            ever=builder.rows.get(f"ever[{instance.name}]") if part.once else None,
            campaign=self._campaign(instance, scope),
            doings=self.doings.of(part, instance, Whose(instance.key), instance.path),
            place=instance.place,
            path=instance.path,
            grade=self._lowering.grade(instance.path),
            crisis=self.rounds.row(part.crisis, scope, instance.path),
        )

    def inject(self, instance: Instance[md.Inject]) -> pr.Rule:
        part, clock = instance.part, self._scenario.clock
        scope = instance.scope()
        turn = clock.turn_of(part.at)
        if turn is None:
            self._problems.fault(
                LoweringError(
                    (*instance.path, "at"),
                    0,
                    f"{part.at} is not played",
                    f"a date from {clock.dates[0]} to before {clock.dates[-1]}",
                )
            )
        probability = draw = None
        if part.probability is not None:
            where = scope.at(*instance.path, "probability")
            probability = self._lowering.number(part.probability, where, 0.0, 1.0)
            draw = self._builder.draw(f"{instance.key}/happens", instance.place)
        return pr.Rule(
            name=instance.name,
            owner=instance.owner,
            id=instance.id,
            bindings=(),
            kind="inject",
            gate=self._gate(part.when, scope, instance.path),
            rate=probability,
            size=None,
            due=tuple(turn == played for played in range(clock.turns + 1)),
            draw=draw,
            fired=self._builder.rows[f"fired[{instance.name}]"],
            ever=None,
            campaign=None,
            doings=self.doings.own(part, instance, Whose(instance.key), instance.path),
            place=instance.place,
            path=instance.path,
            grade=self._lowering.grade(instance.path),
        )

    def _campaign(self, instance: Instance[md.Rule], scope: Scope) -> pr.Campaign | None:
        part = instance.part.campaign
        if part is None:
            return None
        path = (*instance.path, "campaign")
        return pr.Campaign(
            row=self._builder.rows[f"campaign[{instance.name}]"],
            starts=self.yearly(part.starts, part.per, scope, (*path, "starts")),
            ends=self.yearly(part.ends, part.per, scope, (*path, "ends")),
            draw=self._builder.draw(f"{instance.key}/campaign", instance.place),
        )

    # Choices

    def choice(self, instance: Instance[md.Choice]) -> pr.Choice:
        part, builder = instance.part, self._builder
        scope = instance.scope(self.perceived.get(instance.owner))
        due, rate, taken_up = None, None, None
        if part.several and part.crisis is not None:
            raise LoweringError(
                (*instance.path, "several"), 0, "in a crisis a choice is taken once a round", "no several"
            )
        if part.every.step is not None:
            due = self.cadence(
                part.every.step,
                (*instance.path, "every"),
                several=part.several,
                rounds=part.crisis is not None,
            )
        else:
            assert part.every.per is not None
            assert part.every.rate is not None
            rate = self.yearly(part.every.rate, part.every.per, scope, (*instance.path, "every", "rate"))
            taken_up = builder.draw(f"{instance.key}/taken_up", instance.place)
        takes = max(due, default=1) if due is not None else 1
        ids = sorted(part.options)
        return pr.Choice(
            name=instance.name,
            owner=instance.owner,
            id=instance.id,
            bindings=instance.bindings,
            gate=self._gate(part.when, scope, instance.path),
            due=due,
            rate=rate,
            taken_up=taken_up,
            temperature=self._lowering.number(part.temperature, scope.at(*instance.path, "temperature"), 0.0),
            options=tuple(self._option(instance, option_id, scope, max(takes, 1)) for option_id in ids),
            status_quo=self._status_quo(part, ids, instance.path),
            bias=None
            if part.status_quo is None
            else self._lowering.number(part.status_quo.bias, scope.at(*instance.path, "status_quo", "bias")),
            initial=self._initial(part, ids, instance.path),
            chosen=builder.rows[f"chosen[{instance.name}]"],
            standing=builder.rows[f"standing[{instance.name}]"],
            place=instance.place,
            path=instance.path,
            grade=self._lowering.grade(instance.path),
            crisis=self.rounds.row(part.crisis, scope, instance.path),
        )

    def _option(self, instance: Instance[md.Choice], option_id: str, scope: Scope, takes: int) -> pr.Option:
        part = instance.part.options[option_id]
        path: PathOf = (*instance.path, "options", option_id)
        place = self._scenario.place(*path)
        suffixes = ["" if take == 0 else f"#{take + 1}" for take in range(takes)]
        return pr.Option(
            id=option_id,
            gate=self._gate(part.when, scope, path),
            utility=self._lowering.number(part.utility, scope.at(*path, "utility")),
            draws=tuple(
                self._builder.draw(f"{instance.key}/option:{option_id}{suffix}", place) for suffix in suffixes
            ),
            doings=tuple(
                self.doings.of(part, instance, Whose(instance.key + suffix, option_id), path)
                for suffix in suffixes
            ),
            place=place,
        )

    def _status_quo(self, part: md.Choice, ids: Sequence[str], path: PathOf) -> int | None:
        if part.status_quo is None:
            return None
        if "standing" in ids:
            where = (*path, "options", "standing")
            raise LoweringError(
                where, 0, "'standing' means the option that stands", "another name for the option"
            )
        if part.status_quo.option == "standing":
            return -1
        return self._option_index(part.status_quo.option, ids, (*path, "status_quo", "option"), "standing")

    def _initial(self, part: md.Choice, ids: Sequence[str], path: PathOf) -> int:
        return 0 if part.initial is None else 1 + self._option_index(part.initial, ids, (*path, "initial"))

    def _option_index(self, option: str, ids: Sequence[str], path: PathOf, *others: str) -> int:
        """Where an option stands among the ids; -1, and a note of it, for one that does not."""
        if option in ids:
            return ids.index(option)
        known = (*ids, *others)
        self._problems.fault(
            LoweringError(
                path,
                0,
                f"there is no option {quoted(option)}",
                listed(known),
                self._problems.meant(option, known),
                "unknown-name",
            )
        )
        return -1

    # Shared

    def _gate(self, when: Expression | None, scope: Scope, path: PathOf) -> int | None:
        return None if when is None else self._lowering.truth(when, scope.at(*path, "when"))

    def _per_year(self, rate: md.Rate, scope: Scope, path: PathOf) -> int:
        return self.yearly(rate.rate, rate.per, scope, path)

    def yearly(self, value: Expression, per: str, scope: Scope, path: PathOf) -> int:
        """A rate per period as one per year."""
        node = self._lowering.number(value, scope.at(*path))
        return self._builder.node("mul", node, self._builder.const(PERIODS_PER_YEAR[per]))

    def cadence(self, step: Step, path: PathOf, *, several: bool, rounds: bool = False) -> tuple[int, ...]:
        """How often a cadence is due in each turn from 0 on; one that a turn is too long for is noted."""
        clock = self._scenario.clock
        if step not in self._due:
            self._due[step] = clock.dues(step)
        due = self._due[step]
        often = max(due)
        if rounds:
            return tuple(min(times, 1) for times in due)
        if often > 1 and not several:
            self._problems.fault(
                LoweringError(
                    path,
                    0,
                    f"a turn is longer than this: it comes up {often} times in turn {due.index(often)}",
                    f"{clock.turn} or longer, a finer clock, or several: true on a choice",
                )
            )
            return tuple(min(times, 1) for times in due)
        if often > MAX_TAKES:
            self._problems.fault(
                LoweringError(path, 0, f"it comes up {often:,} times in a turn", f"at most {MAX_TAKES}")
            )
            return tuple(min(times, 1) for times in due)
        return due
