"""Which decision an expression asks about: `holds(CHN, choice, option)`, `decided(PRK, rule)`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sim.compile.names import Names
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import expressions as ex
from sim.scenario.load import PathOf
from sim.scenario.models import Choice, Rule
from sim.text import quoted

_NOBODYS: Final = ("injects", "world")
"""Owners of decisions that no actor takes."""


@dataclass(frozen=True)
class AskedOption:
    """One option of a choice of an actor, with the actors that it is about."""

    actor: str
    id: str
    choice: Choice
    path: PathOf
    option: str
    bindings: tuple[tuple[str, str], ...]
    idle: bool = False
    """Whether the actor takes it under another doctrine only."""

    @property
    def name(self) -> str:
        """As rows name the choice."""
        return _name(self.actor, self.id, self.bindings)

    @property
    def options(self) -> list[str]:
        """Ids of all options, in order."""
        return sorted(self.choice.options)

    @property
    def number(self) -> float:
        """What the rows `chosen` and `standing` hold for the option."""
        return float(self.options.index(self.option) + 1)


@dataclass
class Asked:
    """Finds decisions by the names in a call."""

    names: Names

    def option(self, tree: ex.Call, scope: Scope, what: str) -> AskedOption:
        """The option in `f(CHN, choice, option)`; `what` says what f is there for.

        Raises:
            LoweringError: for what is not there.
        """
        names = _plain(tree)
        if names is None or len(names) < 3:  # noqa: PLR2004 - actor, choice, option
            raise LoweringError(
                scope.path,
                tree.offset,
                f"{tree.function}() asks {what}",
                f"{tree.function}(CHN, CHOICE, OPTION), and the actors that the choice is about",
            )
        actor = self.names.actor(names[0], tree.arguments[0].offset, scope)
        choice, path = self._choice(actor, names[1], tree.arguments[1].offset, scope)
        options = sorted(choice.options)
        if names[2] not in options:
            raise LoweringError(
                scope.path,
                tree.arguments[2].offset,
                f"{quoted(names[1])} has no option {quoted(names[2])}",
                listed(options),
                self.names.builder.problems.meant(names[2], options),
                "unknown-name",
            )
        head = (tree.function + "(" + actor, names[1], names[2])
        bindings = self._bindings(tree, 3, choice, head, scope)
        idle = names[1] not in self.names.symbols.choices[actor]
        found = AskedOption(actor, names[1], choice, path, names[2], bindings, idle)
        if not idle and f"standing[{found.name}]" not in self.names.builder.rows:
            raise self._never(found.id, actor, bindings, tree, scope)
        return found

    def decided(self, tree: ex.Call, scope: Scope) -> int:
        """Whether a rule or inject fired, or a choice came to an option, when it was last decided."""
        names = _plain(tree)
        if names is None or len(names) < 2:  # noqa: PLR2004 - owner, decision
            raise LoweringError(
                scope.path,
                tree.offset,
                "decided() asks whether a rule fired, or an option was chosen",
                "decided(PRK, RULE), decided(CHN, CHOICE, OPTION), decided(world, RULE) "
                "or decided(injects, INJECT)",
            )
        builder = self.names.builder
        if names[0] not in _NOBODYS:
            actor = self.names.actor(names[0], tree.arguments[0].offset, scope)
            if names[1] in self.names.symbols.choices[actor] or self._is_idle_choice(actor, names[1]):
                found = self.option(tree, scope, "whether an option of an actor's choice was chosen")
                if found.idle:
                    return builder.node("const", value=0.0, truth=True)
                chosen = builder.read(builder.rows[f"chosen[{found.name}]"])
                return builder.node("eq", chosen, builder.const(found.number), truth=True)
        rule = self._rule(names, tree, scope)
        if rule is None:
            return builder.node("const", value=0.0, truth=True)
        fired = builder.read(builder.rows[f"fired[{rule}]"])
        return builder.node("gt", fired, builder.const(0.0), truth=True)

    def _is_idle_choice(self, actor: str, name: str) -> bool:
        """Whether the actor takes a choice of that name under another doctrine only."""
        policies = self.names.scenario.model.policies
        idle = (policies[policy] for policy in self.names.scenario.idle.get(actor, ()) if policy in policies)
        return any(name in policy.choices for policy in idle)

    def _rule(self, names: Sequence[str], tree: ex.Call, scope: Scope) -> str | None:
        """A rule or inject, as rows name it; None for one of an actor's under another doctrine only."""
        model = self.names.scenario.model
        owner, rule_id = names[0], names[1]
        rules: dict[str, Rule] = {}
        idle: dict[str, Rule] = {}
        if owner == "injects":
            self._known(owner, rule_id, model.injects, tree, scope)
            bindings = self._bindings(tree, 2, None, (f"decided({owner}", rule_id), scope)
            return _name(owner, rule_id, bindings)
        if owner == "world":
            rules = dict(model.world.rules)
        else:
            owner = self.names.actor(owner, tree.arguments[0].offset, scope)
            for policy in model.actors[owner].policy:
                if policy in model.policies:
                    rules |= model.policies[policy].rules
            for policy in self.names.scenario.idle.get(owner, ()):
                if policy in model.policies:
                    idle |= model.policies[policy].rules
        self._known(owner, rule_id, {**idle, **rules}, tree, scope)
        part = rules.get(rule_id) or idle[rule_id]
        bindings = self._bindings(tree, 2, part, (f"decided({owner}", rule_id), scope)
        if rule_id not in rules:
            return None
        name = _name(owner, rule_id, bindings)
        if f"fired[{name}]" not in self.names.builder.rows:
            raise self._never(rule_id, owner, bindings, tree, scope)
        return name

    def _known(self, owner: str, rule_id: str, rules: Collection[str], tree: ex.Call, scope: Scope) -> None:
        if rule_id in rules:
            return
        choices = self.names.symbols.choices.get(owner, ())
        known = sorted((*rules, *choices))
        nobodys = {"injects": "there is no inject", "world": "the world has no rule"}
        whose = nobodys.get(owner, f"{owner} has no rule or choice")
        raise LoweringError(
            scope.path,
            tree.arguments[1].offset,
            f"{whose} {quoted(rule_id)}",
            listed(known, "a rule, choice or inject"),
            self.names.builder.problems.meant(rule_id, known),
            "not-of-actor",
        )

    def _bindings(
        self, tree: ex.Call, skip: int, part: Choice | Rule | None, head: Sequence[str], scope: Scope
    ) -> tuple[tuple[str, str], ...]:
        """The actors that a decision with `for` is about: the arguments after the first few."""
        rest = tree.arguments[skip:]
        given = [argument.id for argument in rest if isinstance(argument, ex.Name)]
        actors = self.names.actors(given, [argument.offset for argument in rest], scope)
        wanted = () if part is None else tuple(sorted(part.for_))
        if len(actors) != len(wanted):
            form = ", ".join((*head, *wanted))
            others = len(wanted)
            about = f"about {others} more actor{'s' if others > 1 else ''}" if others else "about nobody else"
            raise LoweringError(scope.path, tree.offset, f"{quoted(head[1])} is {about}", form + ")")
        return tuple(zip(wanted, actors, strict=True))

    def _never(
        self, decision: str, actor: str, bindings: Sequence[tuple[str, str]], tree: ex.Call, scope: Scope
    ) -> LoweringError:
        return LoweringError(
            scope.path,
            tree.offset,
            f"{quoted(decision)} of {actor} is never about {', '.join(member for _, member in bindings)}",
            "actors that its 'for' names",
            code="not-of-actor",
        )

    def _choice(self, actor: str, name: str, offset: int, scope: Scope) -> tuple[Choice, PathOf]:
        """The actor's choice of that name, and where it stands."""
        model = self.names.scenario.model
        for policy in (*model.actors[actor].policy, *self.names.scenario.idle.get(actor, ())):
            if policy in model.policies and name in model.policies[policy].choices:
                return model.policies[policy].choices[name], ("policies", policy, "choices", name)
        choices = sorted(self.names.symbols.choices[actor])
        takers = sorted(other for other, taken in self.names.symbols.choices.items() if name in taken)
        raise LoweringError(
            scope.path,
            offset,
            f"{actor} has no choice {quoted(name)}",
            f"an actor that takes it: {', '.join(takers[:12])}"
            if takers
            else listed(choices, "an actor with choices"),
            self.names.builder.problems.meant(name, choices),
            "not-of-actor",
        )


def _plain(tree: ex.Call) -> list[str] | None:
    """The arguments, if all are plain names."""
    names = [argument.id for argument in tree.arguments if isinstance(argument, ex.Name)]
    return names if len(names) == len(tree.arguments) else None


def _name(owner: str, decision: str, bindings: Sequence[tuple[str, str]]) -> str:
    bound = ",".join(f"{name}={member}" for name, member in bindings)
    return f"{owner}/{decision}/{bound}" if bound else f"{owner}/{decision}"
