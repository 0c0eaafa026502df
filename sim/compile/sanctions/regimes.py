"""Sanctions regimes as the scenario states them: who is what in them, and what is wrong with that."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sim.compile.bodies.chambers import OWNERS
from sim.compile.lower import Lowering
from sim.compile.parties import parties
from sim.compile.records import Subject
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario.load import PathOf
from sim.scenario.sanctions import Regime
from sim.text import quoted


@dataclass(frozen=True)
class Sanctions:
    """A regime, with the names of all that is decided in it. Actors stand in order of id."""

    id: str
    part: Regime
    path: PathOf
    senders: tuple[str, ...]
    targets: tuple[str, ...]
    third: tuple[str, ...]
    """Third parties."""
    by: tuple[str, ...]
    """Senders who may penalise third parties."""
    imposing: dict[str, Subject]
    """By sender; empty where that is no choice."""
    complying: dict[str, Subject]
    """By third party."""
    detecting: dict[str, Subject]
    """By third party; empty where nothing is ever detected."""
    penalising: dict[tuple[str, str], Subject]
    """By third party and sender."""

    @property
    def stances(self) -> tuple[str, ...]:
        """The third parties' options, in order of id."""
        defy = self.part.compliance is not None and self.part.compliance.defy is not None
        return ("comply", "defy", "evade") if defy else ("comply", "evade")

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Senders and third parties, in order of id."""
        return tuple(sorted({*self.senders, *self.third}))

    def row(self, table: str, *ids: str) -> str:
        """The name of one of its rows."""
        return f"{table}[{'/'.join((self.id, *ids))}]"


def regimes(lowering: Lowering) -> dict[str, Sanctions]:
    """The regimes of a scenario, in order of id; what is wrong with their lists is noted."""
    return {
        regime_id: _regime(lowering, regime_id, regime)
        for regime_id, regime in sorted(lowering.scenario.model.sanctions.items())
    }


def _regime(lowering: Lowering, regime_id: str, regime: Regime) -> Sanctions:
    path: PathOf = ("sanctions", regime_id)
    senders = parties(lowering, regime.senders, (*path, "senders"))
    third = parties(lowering, regime.third_parties, (*path, "third_parties"))
    secondary = regime.secondary
    by = () if secondary is None else parties(lowering, secondary.by, (*path, "secondary", "by"))
    luck = regime.luck_key or regime_id

    def subject(owner: str, id_: str, key: str, party: str = "") -> Subject:
        place = lowering.scenario.place(*path, key)
        about = (("party", party),) if party else ()
        if owner == regime_id:
            return Subject(owner, id_, about, (*path, key), place, (luck, *(actor for _, actor in about)))
        ids = (owner, *(actor for _, actor in about), luck)
        return Subject(owner, id_, (*about, ("regime", regime_id)), (*path, key), place, ids)

    return Sanctions(
        regime_id,
        regime,
        path,
        senders,
        parties(lowering, regime.targets, (*path, "targets")),
        third,
        by,
        {sender: subject(sender, "impose", "imposing") for sender in senders if regime.imposing is not None},
        {party: subject(party, "comply", "compliance") for party in third if regime.compliance is not None},
        {
            party: subject(regime_id, "detects", "detection", party)
            for party in third
            if regime.detection is not None
        },
        {
            (party, sender): subject(sender, "penalise", "secondary", party)
            for party in third
            for sender in by
        },
    )


class Checking:
    """Notes what cannot be: two roles at once, attributes that are not there."""

    def __init__(self, lowering: Lowering) -> None:
        self._lowering = lowering
        self._problems = lowering.builder.problems

    def check(self, regime: Sanctions) -> None:
        """Note what is wrong with one regime."""
        part, path = regime.part, regime.path
        if regime.id in OWNERS:
            self._note(path, f"a regime cannot be called {quoted(regime.id)}", "another id", at_key=True)
        senders, third = (regime.senders, "imposes this"), (*path, "third_parties")
        self._apart(regime.targets, part.targets, (*path, "targets"), *senders)
        self._apart(regime.third, part.third_parties, third, *senders)
        self._apart(regime.third, part.third_parties, third, regime.targets, "is the target of this")
        self._secondary(regime)
        self._relieved(regime)
        self._pressed(part.bites, (*path, "bites"), regime.targets)
        self._pressed(part.costs, (*path, "costs"), regime.senders)

    def _note(
        self, path: PathOf, message: str, expected: str, suggestion: str = "", *, at_key: bool = False
    ) -> None:
        code = "unknown-name" if suggestion else ""
        self._problems.fault(LoweringError(path, 0, message, expected, suggestion, code, at_key=at_key))

    def _apart(
        self,
        actors: Collection[str],
        names: Collection[str],
        path: PathOf,
        others: Collection[str],
        words: str,
    ) -> None:
        tags = self._lowering.symbols.tags
        for index, name in enumerate(names):
            twice = sorted({name, *tags.get(name, ())} & set(actors) & set(others))
            if twice:
                self._note((*path, index), f"{twice[0]} {words} already", "each actor in one role")

    def _secondary(self, regime: Sanctions) -> None:
        secondary = regime.part.secondary
        for index, name in enumerate(() if secondary is None else secondary.by):
            if name in self._lowering.symbols.actors and name not in regime.senders:
                self._note(
                    (*regime.path, "secondary", "by", index),
                    f"{name} is no sender of {regime.id}",
                    listed(regime.senders, "a sender"),
                )

    def _relieved(self, regime: Sanctions) -> None:
        channels, stated = regime.part.channels, regime.part.measures.stated
        for index, type_ in enumerate(() if channels is None else channels.relieves or ()):
            if type_ not in stated:
                self._note(
                    (*regime.path, "channels", "relieves", index),
                    f"{regime.id} has no measure of the type {quoted(type_)}",
                    listed(stated),
                )

    def _pressed(self, attributes: Collection[str], path: PathOf, actors: Collection[str]) -> None:
        known = self._lowering.symbols.attributes
        for attribute in attributes:
            where = (*path, attribute)
            if attribute not in known:
                near = self._problems.meant(attribute, known)
                expected = listed(sorted(known), "an attribute of actors")
                message = f"no actor has an attribute {quoted(attribute)}"
                self._note(where, message, expected, near, at_key=True)
                continue
            lacking = [actor for actor in actors if actor not in known[attribute]]
            if lacking:
                self._note(
                    where,
                    f"{lacking[0]} has no {quoted(attribute)}",
                    f"an attribute of {', '.join(actors)}",
                    at_key=True,
                )


def regime_of(
    lowering: Lowering, found: dict[str, Sanctions], name: str, scope: Scope, offset: int
) -> Sanctions:
    """The regime of that name.

    Raises:
        LoweringError: if there is none.
    """
    if name not in found:
        raise LoweringError(
            scope.path,
            offset,
            f"there is no sanctions regime {quoted(name)}",
            listed(found, "one that stands under 'sanctions'"),
            lowering.builder.problems.meant(name, found),
            "unknown-name",
        )
    return found[name]
