"""What a decision does: the actions it performs and every effect it has, each on its row of the table."""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario import expressions as tree
from sim.scenario.bodies import Aftermath
from sim.scenario.flows import Tier
from sim.scenario.models import Doing, EffectPart, Inject
from tests.oracle.expressions import read, read_number
from tests.oracle.faults import Fault
from tests.oracle.names import Scope
from tests.oracle.terms import Number, number


@dataclass(frozen=True, slots=True)
class Effect:
    row: str
    operator: str
    """`+=`, `-=` or `=`."""
    value: Number
    priority: int
    text: str


@dataclass(frozen=True, slots=True)
class Performed:
    """One item of `do`, with the effects of its action; also the decision's own effects, with no action."""

    action: str | None
    actor: str
    target: str | None
    text: str
    """The call text, which orders its effects among others."""
    defaults: dict[str, float]
    arguments: dict[str, Number]
    effects: tuple[Effect, ...]


def read_deeds(doing: Doing | Inject | Aftermath | Tier, scope: Scope) -> tuple[Performed, ...]:
    """The own effects, then each action of `do`. Arguments are read as perceived, effects as things are."""
    plain = Scope(scope.names, scope.me, None, scope.bound, scope.takes)
    own = Performed(None, "", None, "", {}, {}, _effects(doing.effects, plain))
    if not isinstance(doing, Doing):
        return (own,)
    return (own, *(_performed(doing, index, scope) for index in range(len(doing.do))))


def acts(doing: Doing, scope: Scope) -> list[tuple[str, str, str | None]]:
    """(action, actor, target) of each item of `do`."""
    return [
        (call.action, scope.actor("self"), None if call.target is None else scope.actor(call.target))
        for call in doing.do
    ]


def _performed(doing: Doing, index: int, scope: Scope) -> Performed:
    call = doing.do[index]
    action, actor, target = acts(doing, scope)[index]
    model = scope.names.model.actions.get(action)
    if model is None or (model.to == "nobody") != (target is None) or target == actor:
        raise Fault(f"{action} cannot be done so")
    if not call.arguments.keys() <= model.takes.keys():
        raise Fault(f"{action} takes no such argument")
    arguments = {name: read_number(value, scope) for name, value in call.arguments.items()}
    listed = ", ".join(f"{name}={call.arguments[name].text}" for name in sorted(arguments))
    inside = Scope(scope.names, actor, target, {}, frozenset(model.takes))
    return Performed(
        action,
        actor,
        target,
        f"{action}:{target or ''}({listed})",
        {name: float(taken.default) for name, taken in model.takes.items()},
        arguments,
        _effects(model.effects, inside),
    )


def _effects(parts: tuple[EffectPart, ...], scope: Scope) -> tuple[Effect, ...]:
    return tuple(
        Effect(
            _row(part.effect.target, scope),
            part.effect.operator,
            number(read(part.effect.value, scope)),
            part.priority,
            part.effect.text,
        )
        for part in parts
    )


def _row(node: tree.Name | tree.Index, scope: Scope) -> str:
    row = (
        scope.variable(node.name, node.keys) if isinstance(node, tree.Index) else scope.variable(node.id, ())
    )
    if row is None:
        raise Fault("only an attribute or a relation can be changed")
    return row
