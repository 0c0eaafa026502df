"""Rules, choices and injects: when, how often and on what they are decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sim.compile import program as pr
from sim.compile.builder import Builder
from sim.compile.doings import DoingsCompiler, Whose
from sim.compile.lower import Lowering
from sim.compile.nests import NestCompiler
from sim.compile.prospects import ProspectCompiler
from sim.compile.rounds import Rounds
from sim.compile.scope import LoweringError, Scope, listed
from sim.compile.unroll import Instance, Unrolled
from sim.scenario import models as md
from sim.scenario.clock import PERIODS_PER_YEAR, Step
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf
from sim.text import quoted

MAX_TAKES = 400
"""How often a choice may be taken in one turn: each take is written out."""


def suffixes(takes: int) -> tuple[str, ...]:
    """What the purpose of a draw ends in, for each take of a turn."""
    return ("", *(f"#{take}" for take in range(2, takes + 1)))


class DecisionCompiler:
    """Turns unrolled decisions into the Program's."""

    def __init__(
        self, lowering: Lowering, perceived: Mapping[str, Mapping[int, int]], unrolled: Unrolled
    ) -> None:
        self.unrolled = unrolled
        self._lowering = lowering
        self._builder: Builder = lowering.builder
        self._scenario = lowering.scenario
        self._problems = lowering.builder.problems
        self.perceived = perceived
        """By actor: the rows that it sees in place of others."""
        self.doings = DoingsCompiler(lowering, perceived)
        self.rounds = Rounds(lowering)
        self._nests = NestCompiler(lowering)
        self._prospects = ProspectCompiler(lowering)
        self._due: dict[Step, tuple[int, ...]] = {}

    def scope(self, instance: Instance[md.Rule] | Instance[md.Choice]) -> Scope:
        """Where a decision is taken: whose it is, which names are bound, and what is perceived."""
        return instance.scope(self.perceived.get(instance.owner))

    def own_scope(self, actor: str, path: PathOf) -> Scope:
        """Where an actor weighs something that belongs to no decision."""
        return Scope(path, actor, perceived=self.perceived.get(actor, {}))

    # Rules and injects

    def rule(self, instance: Instance[md.Rule]) -> pr.Rule:
        part, builder = instance.part, self._builder
        scope = self.scope(instance)
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
            grade=self._lowering.figures.grade(instance.path),
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
            grade=self._lowering.figures.grade(instance.path),
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
        part, builder, without = instance.part, self._builder, self._lowering.without
        scope = self.scope(instance)
        if part.several and part.crisis is not None:
            raise LoweringError(
                (*instance.path, "several"), 0, "in a crisis a choice is taken once a round", "no several"
            )
        due, rate, taken_up, share = self._pace(instance, scope)
        takes = max(max(due, default=1) if due is not None else 1, 1)

        def draws(purpose: str) -> tuple[int, ...]:
            texts = (f"{instance.key}/{purpose}{suffix}" for suffix in suffixes(takes))
            return tuple(builder.draw(text, instance.place) for text in texts)

        temperature = self._lowering.number(part.temperature, scope.at(*instance.path, "temperature"), 0.0)
        self._prospects.check(instance)
        ids = sorted(part.options)
        nests = self._nests.nests(instance, scope, draws)
        return pr.Choice(
            name=instance.name,
            owner=instance.owner,
            id=instance.id,
            bindings=instance.bindings,
            gate=self._gate(part.when, scope, instance.path),
            due=due,
            rate=rate,
            taken_up=taken_up,
            temperature=builder.const(0.0) if "Q1" in without else temperature,
            options=tuple(self._option(instance, option_id, scope, takes) for option_id in ids),
            status_quo=self._status_quo(part, ids, instance.path),
            bias=self._bias(part, scope, instance.path),
            initial=self._initial(part, ids, instance.path),
            chosen=builder.rows[f"chosen[{instance.name}]"],
            standing=builder.rows[f"standing[{instance.name}]"],
            place=instance.place,
            path=instance.path,
            grade=self._lowering.figures.grade(instance.path),
            crisis=self.rounds.row(part.crisis, scope, instance.path),
            nests=nests,
            share=share,
            share_draws=() if share is None or due is None else draws("attends"),
            demands=(
                *self._nests.demands(instance, nests),
                *self._prospects.demands(instance, scope),
            ),
        )

    def _pace(
        self, instance: Instance[md.Choice], scope: Scope
    ) -> tuple[tuple[int, ...] | None, int | None, int | None, int | None]:
        """When it is due; the rate at which it is taken up, and its draw; the share of its takes."""
        every, without, path = instance.part.every, self._lowering.without, (*instance.path, "every")
        row = self._builder.rows.get(f"attention[{instance.owner}]")
        share = None
        if row is not None and instance.part.attention is not None:
            share = None if ("Q14" if every.step is None else "Q13") in without else self._builder.read(row)
        if every.step is not None:
            rounds = instance.part.crisis is not None
            due = self.cadence(every.step, path, several=instance.part.several, rounds=rounds)
            return due, None, None, share
        assert every.per is not None
        assert every.rate is not None
        rate = self.yearly(every.rate, every.per, scope, (*path, "rate"))
        if share is not None:
            rate = self._builder.node("mul", rate, share)
        return None, rate, self._builder.draw(f"{instance.key}/taken_up", instance.place), share

    def _option(self, instance: Instance[md.Choice], option_id: str, scope: Scope, takes: int) -> pr.Option:
        part = instance.part.options[option_id]
        path: PathOf = (*instance.path, "options", option_id)
        place = self._scenario.place(*path)
        return pr.Option(
            id=option_id,
            gate=self._gate(part.when, scope, path),
            utility=self._prospects.worth(instance, option_id, scope),
            draws=tuple(
                self._builder.draw(f"{instance.key}/option:{option_id}{suffix}", place)
                for suffix in suffixes(takes)
            ),
            doings=tuple(
                self.doings.of(part, instance, Whose(instance.key + suffix, option_id), path)
                for suffix in suffixes(takes)
            ),
            place=place,
        )

    def _bias(self, part: md.Choice, scope: Scope, path: PathOf) -> int | None:
        if part.status_quo is None:
            return None
        bias = self._lowering.number(part.status_quo.bias, scope.at(*path, "status_quo", "bias"))
        return None if "Q3" in self._lowering.without else bias

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
