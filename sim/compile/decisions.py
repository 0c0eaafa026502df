"""Rules, choices and injects: their gates and rates, and what they do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sim.compile import program as pr
from sim.compile.builder import Builder
from sim.compile.lower import Lowering
from sim.compile.scope import LoweringError, Scope
from sim.compile.unroll import Instance
from sim.scenario import models as md
from sim.scenario.clock import PERIODS_PER_YEAR, Step
from sim.scenario.expressions import Expression, ExpressionError, Statement, parse_expression
from sim.scenario.load import PathOf
from sim.text import nearest, quoted

_FORMAT = re.compile(r"(,?(\.[0-9]{1,2})?[f%]|,?d?|\.[0-9]g)\Z")


@dataclass(frozen=True)
class _Where:
    """Whose doings these are: for the fold's order, and for luck."""

    key: str
    option: str = ""


class DecisionCompiler:
    """Turns unrolled decisions into the Program's."""

    def __init__(self, lowering: Lowering, perceived: Mapping[str, Mapping[int, int]]) -> None:
        self._lowering = lowering
        self._builder: Builder = lowering.builder
        self._scenario = lowering.scenario
        self._perceived = perceived
        self._due: dict[Step, tuple[int, ...]] = {}

    # Rules and injects

    def rule(self, instance: Instance[md.Rule]) -> pr.Rule:
        part, builder = instance.part, self._builder
        scope = instance.scope(self._perceived.get(instance.owner))
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
            rate = self._yearly(part.count.mean, part.count.per, scope, (*instance.path, "count", "mean"))
            if part.count.size is not None:
                size = self._yearly(part.count.size, part.count.per, scope, (*instance.path, "count", "size"))
        elif part.every is not None and part.every.step is not None:
            kind = "cadence"
            due = tuple(
                bool(times)
                for times in self._cadence(part.every.step, (*instance.path, "every"), several=False)
            )
        elif part.every is not None:
            kind, draw = "chance", "taken_up"
            assert part.every.per is not None
            assert part.every.rate is not None
            rate = self._yearly(part.every.rate, part.every.per, scope, (*instance.path, "every", "rate"))
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
            doings=self._doings(part, instance, _Where(instance.key), instance.path),
            place=instance.place,
            path=instance.path,
            grade=self._lowering.grade(instance.path),
        )

    def inject(self, instance: Instance[md.Inject]) -> pr.Rule:
        part, clock = instance.part, self._scenario.clock
        scope = instance.scope()
        turn = clock.turn_of(part.at)
        if turn is None:
            raise LoweringError(
                (*instance.path, "at"),
                0,
                f"{part.at} is not played",
                f"a date from {clock.dates[0]} to before {clock.dates[-1]}",
            )
        probability = draw = None
        if part.probability is not None:
            probability = self._lowering.number(part.probability, scope.at(*instance.path, "probability"))
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
            doings=self._own(part, instance, _Where(instance.key), instance.path),
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
            starts=self._yearly(part.starts, part.per, scope, (*path, "starts")),
            ends=self._yearly(part.ends, part.per, scope, (*path, "ends")),
            draw=self._builder.draw(f"{instance.key}/campaign", instance.place),
        )

    # Choices

    def choice(self, instance: Instance[md.Choice]) -> pr.Choice:
        part, builder = instance.part, self._builder
        scope = instance.scope(self._perceived.get(instance.owner))
        due, rate, taken_up = None, None, None
        if part.every.step is not None:
            due = self._cadence(part.every.step, (*instance.path, "every"), several=part.several)
        else:
            assert part.every.per is not None
            assert part.every.rate is not None
            rate = self._yearly(part.every.rate, part.every.per, scope, (*instance.path, "every", "rate"))
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
            temperature=self._lowering.number(part.temperature, scope.at(*instance.path, "temperature")),
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
                self._doings(part, instance, _Where(instance.key + suffix, option_id), path)
                for suffix in suffixes
            ),
            place=place,
        )

    def _status_quo(self, part: md.Choice, ids: Sequence[str], path: PathOf) -> int | None:
        if part.status_quo is None:
            return None
        if part.status_quo.option == "standing" and "standing" not in ids:
            return -1
        return self._option_index(part.status_quo.option, ids, (*path, "status_quo", "option"))

    def _initial(self, part: md.Choice, ids: Sequence[str], path: PathOf) -> int:
        return 0 if part.initial is None else 1 + self._option_index(part.initial, ids, (*path, "initial"))

    def _option_index(self, option: str, ids: Sequence[str], path: PathOf) -> int:
        if option not in ids:
            raise LoweringError(
                path,
                0,
                f"there is no option {quoted(option)}",
                f"one of {', '.join(ids)}",
                nearest(option, ids) or "",
            )
        return ids.index(option)

    # Shared

    def _gate(self, when: Expression | None, scope: Scope, path: PathOf) -> int | None:
        return None if when is None else self._lowering.truth(when, scope.at(*path, "when"))

    def _per_year(self, rate: md.Rate, scope: Scope, path: PathOf) -> int:
        return self._yearly(rate.rate, rate.per, scope, path)

    def _yearly(self, value: Expression, per: str, scope: Scope, path: PathOf) -> int:
        node = self._lowering.number(value, scope.at(*path))
        return self._builder.node("mul", node, self._builder.const(PERIODS_PER_YEAR[per]))

    def _cadence(self, step: Step, path: PathOf, *, several: bool) -> tuple[int, ...]:
        clock = self._scenario.clock
        if step not in self._due:
            self._due[step] = (0, *(clock.due(step, turn) for turn in range(1, clock.turns + 1)))
        due = self._due[step]
        if max(due) > 1 and not several:
            turn = next(turn for turn, times in enumerate(due) if times > 1)
            raise LoweringError(
                path,
                0,
                f"a turn is longer than this cadence: it comes up {due[turn]} times in turn {turn}",
                "a longer cadence, a finer clock, or several: true on a choice",
            )
        if max(due) > 400:  # noqa: PLR2004 - each take is written out
            raise LoweringError(path, 0, f"it comes up {max(due)} times in a turn", "at most 400")
        return due

    # What decisions do

    def _doings(
        self,
        part: md.Rule | md.Option,
        instance: Instance[md.Rule] | Instance[md.Choice],
        where: _Where,
        path: PathOf,
    ) -> pr.Doings:
        own = self._own(part, instance, where, path)
        if part.do and instance.self_id is None:
            raise LoweringError((*path, "do"), 0, "the world performs no actions", "effects")
        effects, deeds, sayings = list(own.effects), [], list(own.sayings)
        for index, call in enumerate(part.do):
            deed, scope = self._deed(call, instance, (*path, "do", index))
            action = self._scenario.model.actions[call.action]
            text = _call_text(call, deed.target)
            action_path: PathOf = ("actions", call.action)
            for number, effect in enumerate(action.effects):
                effects.append(
                    self._effect(
                        effect,
                        scope.at(*action_path, "effects", number, "effect"),
                        (where.key, where.option, text),
                    )
                )
            if action.says is not None and part.says is None:
                sayings.append(self._saying(action.says, scope.at(*action_path, "says")))
            deeds.append(deed)
        return pr.Doings(tuple(deeds), tuple(effects), tuple(sayings))

    def _own(
        self,
        part: md.Rule | md.Option | md.Inject,
        instance: Instance[md.Rule] | Instance[md.Choice] | Instance[md.Inject],
        where: _Where,
        path: PathOf,
    ) -> pr.Doings:
        scope = instance.scope()
        effects = tuple(
            self._effect(effect, scope.at(*path, "effects", index, "effect"), (where.key, where.option, ""))
            for index, effect in enumerate(part.effects)
        )
        says = () if part.says is None else (self._saying(part.says, scope.at(*path, "says")),)
        return pr.Doings((), effects, says)

    def _effect(self, effect: md.EffectPart, scope: Scope, order: tuple[str, str, str]) -> pr.Effect:
        statement = effect.effect
        row = self._lowering.names.variable(statement.target, scope)
        value = self._lowering.number(replace_tree(statement), scope)
        place = self._scenario.value_place(*scope.path, offset=statement.target.offset)
        return pr.Effect(row, statement.operator, value, effect.priority, (*order, statement.text), place)

    def _deed(
        self, call: md.ActionCall, instance: Instance[md.Rule] | Instance[md.Choice], path: PathOf
    ) -> tuple[pr.Deed, Scope]:
        """The deed, and the scope in which the action's effects are read."""
        scope = instance.scope(self._perceived.get(instance.owner))
        actor, target = resolve_call(self._lowering, call, scope.at(*path))
        action = self._scenario.model.actions[call.action]
        arguments = {
            name: self._lowering.figure(float(value), ("actions", call.action, "takes", name), 0)
            for name, value in action.takes.items()
        }
        for name, value in call.arguments.items():
            if name not in action.takes:
                raise LoweringError(
                    path,
                    0,
                    f"{call.action} takes no {quoted(name)}",
                    f"one of {', '.join(sorted(action.takes))}" if action.takes else "no named numbers",
                    nearest(name, action.takes) or "",
                )
            arguments[name] = self._lowering.number(value, scope.at(*path, call.action, name))
        suffix = f"{call.action}, {actor}, {target}]" if target else f"{call.action}, {actor}]"
        rows = self._builder.rows
        deed = pr.Deed(
            call.action,
            actor,
            target,
            tuple(sorted(arguments.items())),
            rows[f"acts[{suffix}"],
            rows[f"times[{suffix}"],
            self._scenario.place(*path),
        )
        bound = {"target": target} if target else {}
        return deed, Scope(path, actor, bound, arguments)

    def _saying(self, template: str, scope: Scope) -> pr.Saying:
        pieces: list[str | tuple[int, str]] = []
        for text, hole, offset in _holes(template, scope.path):
            if text:
                pieces.append(text)
            if hole is not None:
                pieces.append(self._filled(hole, offset, scope))
        return pr.Saying(tuple(pieces))

    def _filled(self, hole: str, offset: int, scope: Scope) -> str | tuple[int, str]:
        source, spec = _split_format(hole)
        fault = partial(LoweringError, scope.path, offset)
        if not _FORMAT.match(spec):
            raise fault(f"cannot write a number as {quoted(spec)}", "a format such as ,.0f or .2f or .0%")
        name = source.strip()
        if name == "count":
            return -1, spec
        if name in scope.bound or name in ("self", "target") or name in self._lowering.symbols.actors:
            actor = self._lowering.names.actor(name, offset, scope)
            return self._scenario.model.actors[actor].name
        try:
            expression = parse_expression(source)
        except ExpressionError as error:
            raise fault(error.message, error.expected) from None
        try:
            return self._lowering.number(expression, scope), spec
        except LoweringError as inner:
            raise fault(inner.message, inner.expected, inner.suggestion) from None


def replace_tree(statement: Statement) -> Expression:
    """The right-hand side of an effect as an expression."""
    return Expression(statement.source, statement.value)


def resolve_call(lowering: Lowering, call: md.ActionCall, scope: Scope) -> tuple[str, str]:
    """Actor and target ("" for an action to nobody) of one item of `do`."""
    actions = lowering.scenario.model.actions
    if call.action not in actions:
        raise LoweringError(
            scope.path,
            0,
            f"there is no action {quoted(call.action)}",
            "an action",
            nearest(call.action, actions) or "",
            "unknown-name",
        )
    if scope.self_id is None:
        raise LoweringError(scope.path, 0, "the world performs no actions", "effects")
    wants = actions[call.action].to == "one actor"
    if wants and call.target is None:
        raise LoweringError(scope.path, 0, f"{call.action} needs a target", f"{call.action}: ACTOR")
    if not wants and call.target is not None:
        raise LoweringError(
            scope.path,
            0,
            f"{call.action} has no target",
            f"{call.action} alone, or 'to: one actor' in the action",
        )
    if call.target is None:
        return scope.self_id, ""
    target = lowering.names.actor(call.target, 0, scope)
    if target == scope.self_id:
        raise LoweringError(scope.path, 0, f"{target} does {call.action} to itself", "another actor")
    return scope.self_id, target


def _call_text(call: md.ActionCall, target: str) -> str:
    arguments = ", ".join(f"{name}={value.text}" for name, value in sorted(call.arguments.items()))
    return f"{call.action}:{target}({arguments})"


def _holes(template: str, path: PathOf) -> list[tuple[str, str | None, int]]:
    """(text before, what stands in braces, its offset); braces doubled stand for themselves."""
    found: list[tuple[str, str | None, int]] = []
    text, position = "", 0
    while position < len(template):
        character = template[position]
        if template[position : position + 2] in ("{{", "}}"):
            text, position = text + character, position + 2
        elif character == "{":
            end = template.find("}", position)
            if end < 0:
                raise LoweringError(
                    path, position, "a brace is not closed", "{self}, {target} or {an expression:,.0f}"
                )
            found.append((text, template[position + 1 : end], position + 1))
            text, position = "", end + 1
        elif character == "}":
            raise LoweringError(
                path, position, "a brace was not opened", "{self}, {target} or {an expression:,.0f}"
            )
        else:
            text, position = text + character, position + 1
    found.append((text, None, 0))
    return found


def _split_format(hole: str) -> tuple[str, str]:
    """An expression and its format: the colon outside brackets parts them."""
    depth = 0
    for position, character in enumerate(hole):
        depth += (character in "([") - (character in ")]")
        if character == ":" and depth == 0:
            return hole[:position], hole[position + 1 :]
    return hole, ""
