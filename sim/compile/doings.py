"""What decisions do: effects of their own, and deeds with the effects of the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sim.compile import program as pr
from sim.compile.builder import Builder
from sim.compile.lower import Lowering
from sim.compile.sayings import SayingCompiler
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import models as md
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf
from sim.text import quoted

Order = tuple[str, str, str]
"""Place in the fold of effects, but for the effect's text: key text, option, call text."""


@dataclass(frozen=True)
class Whose:
    """Whose doings these are: for the fold's order, and for luck."""

    key: str
    option: str = ""


class Doer(Protocol):
    """Who does something, and which names are bound where it is written."""

    @property
    def owner(self) -> str: ...
    @property
    def self_id(self) -> str | None: ...
    def scope(self, perceived: Mapping[int, int] | None = None) -> Scope:
        """Where its expressions stand."""


class Following(Protocol):
    """A part of the file that says what follows."""

    @property
    def effects(self) -> tuple[md.EffectPart, ...]: ...
    @property
    def says(self) -> str | None: ...


class DoingsCompiler:
    """Turns effects and calls of actions into the Program's."""

    def __init__(self, lowering: Lowering, perceived: Mapping[str, Mapping[int, int]]) -> None:
        self._lowering = lowering
        self._builder: Builder = lowering.builder
        self._scenario = lowering.scenario
        self._problems = lowering.builder.problems
        self._perceived = perceived
        self._sayings = SayingCompiler(lowering)

    def of(
        self,
        part: md.Doing,
        instance: Doer,
        where: Whose,
        path: PathOf,
    ) -> pr.Doings:
        """Own effects and sayings, and what the actions in its `do` come to."""
        own = self.own(part, instance, where, path)
        if part.do and instance.self_id is None:
            self._problems.fault(
                LoweringError(
                    (*path, "do"), 0, "the world performs no actions", "effects of its own", at_key=True
                )
            )
            return own
        effects, deeds, sayings = list(own.effects), [], list(own.sayings)
        for index, call in enumerate(part.do):
            done = self._problems.tried(partial(self._deed, call, instance, (*path, "do", index)), None)
            if done is None:
                continue
            deed, scope = done
            action = self._scenario.model.actions[call.action]
            text = _call_text(call, deed.target)
            action_path: PathOf = ("actions", call.action)
            whole = self.action(action, scope.at(*action_path), (where.key, where.option, text))
            effects += whole.effects
            sayings += whole.sayings if part.says is None else ()
            deeds.append(deed)
        return pr.Doings(tuple(deeds), tuple(effects), tuple(sayings))

    def own(
        self,
        part: Following,
        instance: Doer,
        where: Whose,
        path: PathOf,
    ) -> pr.Doings:
        """Own effects and what is said of them."""
        scope = instance.scope()
        effects = self._effects(part.effects, scope.at(*path), (where.key, where.option, ""))
        says = () if part.says is None else (self._sayings.saying(part.says, scope.at(*path, "says")),)
        return pr.Doings((), tuple(effects), says)

    def action(self, action: md.Action, scope: Scope, order: Order) -> pr.Doings:
        """Effects of an action and what is said of it; `scope` names its path, who does it and to whom."""
        effects = self._effects(action.effects, scope, order)
        says = (
            () if action.says is None else (self._sayings.saying(action.says, scope.at(*scope.path, "says")),)
        )
        return pr.Doings((), tuple(effects), says)

    def _effects(self, effects: Sequence[md.EffectPart], scope: Scope, order: Order) -> list[pr.Effect]:
        """What is wrong with one effect does not hide what is wrong with the next."""
        return self._problems.each(
            enumerate(effects),
            lambda item: self._effect(item[1], scope.at(*scope.path, "effects", item[0], "effect"), order),
        )

    def _effect(self, effect: md.EffectPart, scope: Scope, order: Order) -> pr.Effect:
        statement = effect.effect
        value = self._lowering.number(Expression(statement.source, statement.value), scope)
        row = self._lowering.names.variable(statement.target, scope)
        place = self._scenario.value_place(*scope.path, offset=statement.target.offset)
        return pr.Effect(row, statement.operator, value, effect.priority, (*order, statement.text), place)

    def _deed(self, call: md.ActionCall, instance: Doer, path: PathOf) -> tuple[pr.Deed, Scope]:
        """The deed, and the scope in which the action's effects are read."""
        scope = instance.scope(self._perceived.get(instance.owner))
        actor, target = resolve_call(self._lowering, call, scope.at(*path))
        action = self._scenario.model.actions[call.action]
        arguments = {
            name: self._lowering.figures.stated(
                taken.default, ("actions", call.action, "takes", name, "default"), 0
            )
            for name, taken in action.takes.items()
        }
        for name, value in call.arguments.items():
            if name not in action.takes:
                self._problems.fault(
                    LoweringError(
                        (*path, call.action, name),
                        0,
                        f"{quoted(call.action)} takes no {quoted(name)}",
                        listed(("target", *sorted(action.takes))),
                        self._problems.meant(name, ("target", *action.takes)),
                        "unknown-name",
                        at_key=True,
                    )
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


def resolve_call(lowering: Lowering, call: md.ActionCall, scope: Scope) -> tuple[str, str]:
    """Actor and target ("" for an action to nobody) of one item of `do`."""
    actions = lowering.scenario.model.actions
    path: PathOf = (*scope.path, call.action)
    if call.action not in actions:
        raise LoweringError(
            path,
            0,
            f"there is no action {quoted(call.action)}",
            listed(sorted(actions), "one that stands under 'actions'"),
            lowering.builder.problems.meant(call.action, actions),
            "unknown-name",
            at_key=True,
        )
    assert scope.self_id is not None
    wants = actions[call.action].to == "one actor"
    if wants and call.target is None:
        raise LoweringError(
            path, 0, f"{quoted(call.action)} needs a target", f"{call.action}: ACTOR", at_key=True
        )
    if not wants and call.target is not None:
        raise LoweringError(
            path,
            0,
            f"{quoted(call.action)} is done to nobody",
            f"{call.action} alone, or 'to: one actor' in the action",
            at_key=True,
        )
    if call.target is None:
        return scope.self_id, ""
    at_target = scope.at(*path, "target")
    target = lowering.names.actor(call.target, 0, at_target)
    if target == scope.self_id:
        raise LoweringError(
            at_target.path, 0, f"{target} does {quoted(call.action)} to itself", "another actor"
        )
    return scope.self_id, target


def _call_text(call: md.ActionCall, target: str) -> str:
    arguments = ", ".join(f"{name}={value.text}" for name, value in sorted(call.arguments.items()))
    return f"{call.action}:{target}({arguments})"
