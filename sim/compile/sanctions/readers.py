"""Functions that ask how things stand in a regime: `bite(dprk, PRK)`, `complies(dprk, CHN)`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sim.compile.compose import Composer
from sim.compile.construct import Reader
from sim.compile.sanctions.regimes import Sanctions, regime_of
from sim.compile.sanctions.stances import Stances
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import expressions as ex
from sim.text import quoted

_ROLES: Final[Mapping[str, str]] = {
    "targets": "target",
    "senders": "sender",
    "third": "third party",
    "by": "sender",
}


@dataclass(frozen=True)
class SanctionReaders:
    """Answers for all regimes of a scenario."""

    compose: Composer
    regimes: Callable[[], dict[str, Sanctions]]
    stances: Callable[[Sanctions], Stances]

    def all(self) -> Mapping[str, Reader]:
        """The functions by name."""
        return {
            "imposed": lambda tree, scope: self._asked(tree, scope).stances.in_force,
            "imposes": self._imposes,
            "complies": lambda tree, scope: self._stands(tree, scope, "comply"),
            "evades": lambda tree, scope: self._stands(tree, scope, "evade"),
            "defies": lambda tree, scope: self._stands(tree, scope, "defy"),
            "detected": self._detected,
            "detection": self._detection,
            "penalised": self._penalised,
            "exposure": self._of_target,
            "leakage": self._of_target,
            "bite": self._bite,
            "channels": self._channels,
        }

    def _imposes(self, tree: ex.Call, scope: Scope) -> int:
        asked = self._asked(tree, scope, "senders")
        return asked.stances.imposes(asked.actors[0])

    def _stands(self, tree: ex.Call, scope: Scope, stance: str) -> int:
        asked = self._asked(tree, scope, "third")
        return asked.stances.stands(asked.actors[0], stance)

    def _detected(self, tree: ex.Call, scope: Scope) -> int:
        asked = self._asked(tree, scope, "third")
        if not asked.regime.detecting:
            return self.compose.false
        return asked.stances.detected(asked.actors[0])

    def _detection(self, tree: ex.Call, scope: Scope) -> int:
        asked = self._asked(tree, scope, "third")
        return asked.stances.detection(asked.actors[0])

    def _penalised(self, tree: ex.Call, scope: Scope) -> int:
        asked = self._asked(tree, scope, "third", "by")
        return self.compose.row(asked.regime.row("penalised", *asked.actors))

    def _of_target(self, tree: ex.Call, scope: Scope) -> int:
        asked = self._asked(tree, scope, "targets")
        return self.compose.row(asked.regime.row(tree.function, asked.actors[0]))

    def _bite(self, tree: ex.Call, scope: Scope) -> int:
        if len(tree.arguments) < 3:  # noqa: PLR2004 - regime, target, type
            return self._of_target(tree, scope)
        *first, last = tree.arguments
        asked = self._asked(ex.Call(tree.function, tuple(first), tree.offset), scope, "targets")
        stated = asked.regime.part.measures.stated
        if len(first) > 2 or not isinstance(last, ex.Name) or last.id not in stated:  # noqa: PLR2004
            name = last.id if isinstance(last, ex.Name) else ""
            raise LoweringError(
                scope.path,
                last.offset,
                f"{asked.regime.id} has no measure of the type {quoted(name)}" if name else "this is no type",
                listed(stated),
                self.compose.builder.problems.meant(name, stated) if name else "",
            )
        return self.compose.row(asked.regime.row("bite", asked.actors[0], last.id))

    def _channels(self, tree: ex.Call, scope: Scope) -> int:
        asked = self._asked(tree, scope, "targets")
        if asked.regime.part.channels is None:
            raise LoweringError(
                scope.path,
                tree.arguments[0].offset,
                f"{asked.regime.id} has no 'channels'",
                "a regime that has them",
            )
        return self.compose.row(asked.regime.row("channels", asked.actors[0]))

    # Arguments

    def _asked(self, tree: ex.Call, scope: Scope, *roles: str) -> _Asked:
        """The regime that is asked about, and the actors, each in its role."""
        names = [argument for argument in tree.arguments if isinstance(argument, ex.Name)]
        if len(names) != len(tree.arguments) or len(names) != 1 + len(roles):
            what = " and ".join(("a regime", *(f"a {_ROLES[role]}" for role in roles)))
            example = ", ".join(("dprk", *("PRK", "USA")[: len(roles)]))
            raise LoweringError(
                scope.path, tree.offset, f"{tree.function}() asks for {what}", f"{tree.function}({example})"
            )
        regime = regime_of(self.compose.lowering, self.regimes(), names[0].id, scope, names[0].offset)
        actors = []
        for argument, role in zip(names[1:], roles, strict=True):
            actor = self.compose.lowering.names.actor(argument.id, argument.offset, scope)
            known: Collection[str] = getattr(regime, role)
            if actor not in known:
                raise LoweringError(
                    scope.path,
                    argument.offset,
                    f"{actor} penalises nobody under {regime.id}"
                    if role == "by"
                    else f"{actor} is no {_ROLES[role]} of {regime.id}",
                    listed(known, "a regime that has some"),
                    code="not-of-actor",
                )
            actors.append(actor)
        return _Asked(regime, self.stances(regime), tuple(actors))


@dataclass(frozen=True)
class _Asked:
    """What a function is asked about."""

    regime: Sanctions
    stances: Stances
    actors: tuple[str, ...]
