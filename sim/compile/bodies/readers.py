"""Functions that ask for what bodies decided: `measure(unsc, panel)`, `votes_for(unsc, renewal, RUS)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.compile.bodies.ballots import WayToVote
from sim.compile.bodies.chambers import Chamber, chamber_of
from sim.compile.bodies.counting import Count
from sim.compile.compose import Composer
from sim.compile.construct import Reader
from sim.compile.scope import LoweringError, Scope, listed
from sim.scenario import expressions as ex
from sim.scenario.clock import DAYS_PER_YEAR
from sim.text import quoted

Named = tuple[ex.Name, ...]


@dataclass(frozen=True)
class BodyReaders:
    """Answers for all bodies of a scenario."""

    compose: Composer
    chambers: Callable[[], dict[str, Chamber]]
    counts: Callable[[Chamber], dict[str, Count]]

    def all(self) -> Mapping[str, Reader]:
        """The functions by name."""
        return {
            "measure": self._measure,
            "mandate_lapsed": self._lapsed,
            "time_left": self._time_left,
            "tabled": lambda tree, scope: self._of_draft(tree, scope).tabled,
            "passed": lambda tree, scope: self._of_draft(tree, scope).fired("passes"),
            "failed": lambda tree, scope: self._of_draft(tree, scope).fired("fails"),
            "vetoed": self._vetoed,
            "votes_for": lambda tree, scope: self._votes(tree, scope, "for"),
            "votes_against": lambda tree, scope: self._votes(tree, scope, "against"),
            "abstentions": lambda tree, scope: self._votes(tree, scope, "abstain"),
        }

    # Measures

    def _measure(self, tree: ex.Call, scope: Scope) -> int:
        chamber, measure = self._measure_of(tree, scope, "panel")
        return self.compose.positive(self.compose.row(chamber.row("measure", measure)))

    def _lapsed(self, tree: ex.Call, scope: Scope) -> int:
        chamber, measure = self._mandate_of(tree, scope)
        return self.compose.positive(self.compose.row(f"fired[{chamber.lapses[measure].name}]"))

    def _time_left(self, tree: ex.Call, scope: Scope) -> int:
        chamber, measure = self._mandate_of(tree, scope)
        compose = self.compose
        length = compose.lowering.scenario.clock.turn.nominal_days / DAYS_PER_YEAR
        until = compose.row(chamber.row("until", measure))
        now = compose.max(compose.turn, compose.const(1.0))
        turns = compose.add(compose.sub(until, now), compose.const(1.0))
        years = compose.max(compose.mul(turns, compose.const(length)), compose.const(0.0))
        in_force = compose.positive(compose.row(chamber.row("measure", measure)))
        return compose.when(in_force, years, compose.const(0.0))

    def _mandate_of(self, tree: ex.Call, scope: Scope) -> tuple[Chamber, str]:
        chamber, measure = self._measure_of(tree, scope, "panel")
        if measure not in chamber.lapses:
            raise LoweringError(
                scope.path,
                tree.arguments[1].offset,
                f"{quoted(measure)} stands until it is ended: it has no time to run out",
                listed(chamber.lapses, "a measure with a term"),
            )
        return chamber, measure

    def _measure_of(self, tree: ex.Call, scope: Scope, example: str) -> tuple[Chamber, str]:
        body, measure = self._names(tree, scope, f"{tree.function}(unsc, {example})", 2)
        chamber = self._chamber(body, scope)
        known = chamber.part.measures
        if measure.id not in known:
            raise LoweringError(
                scope.path,
                measure.offset,
                f"{chamber.id} has no measure {quoted(measure.id)}",
                listed(sorted(known), "one that stands under its 'measures'"),
                self.compose.builder.problems.meant(measure.id, known),
                "unknown-name",
            )
        return chamber, measure.id

    # Drafts

    def _of_draft(self, tree: ex.Call, scope: Scope, most: int = 2) -> Count:
        body, draft, *_ = self._names(tree, scope, f"{tree.function}(unsc, renewal)", most)
        chamber = self._chamber(body, scope)
        counts = self.counts(chamber)
        if draft.id not in counts:
            raise LoweringError(
                scope.path,
                draft.offset,
                f"{chamber.id} has no draft {quoted(draft.id)}",
                listed(counts, "one that stands under its 'drafts'"),
                self.compose.builder.problems.meant(draft.id, counts),
                "unknown-name",
            )
        return counts[draft.id]

    def _vetoed(self, tree: ex.Call, scope: Scope) -> int:
        count = self._of_draft(tree, scope, 3)
        vetoed = count.fired("vetoed")
        member = self._member(tree, scope, count.chamber)
        if member is None:
            return vetoed
        used = count.veto_of(member) if count.may_veto(member) else self.compose.false
        return self.compose.all(vetoed, used)

    def _votes(self, tree: ex.Call, scope: Scope, way: WayToVote) -> int:
        count = self._of_draft(tree, scope, 3)
        member = self._member(tree, scope, count.chamber)
        return self.compose.row(count.row(way)) if member is None else count.cast(member, way)

    def _member(self, tree: ex.Call, scope: Scope, chamber: Chamber) -> str | None:
        if len(tree.arguments) < 3:  # noqa: PLR2004 - body, draft, member
            return None
        argument = tree.arguments[2]
        assert isinstance(argument, ex.Name)
        member = self.compose.lowering.names.actor(argument.id, argument.offset, scope)
        if member not in chamber.members:
            raise LoweringError(
                scope.path,
                argument.offset,
                f"{member} has no seat in {chamber.id}",
                listed(chamber.members),
                code="not-of-actor",
            )
        return member

    # Arguments

    def _chamber(self, name: ex.Name, scope: Scope) -> Chamber:
        return chamber_of(self.compose.lowering, self.chambers(), name.id, scope, name.offset)

    @staticmethod
    def _names(tree: ex.Call, scope: Scope, form: str, most: int) -> Named:
        """The arguments, which must be names: two of them, or as many as `most`."""
        names = tuple(argument for argument in tree.arguments if isinstance(argument, ex.Name))
        if len(names) != len(tree.arguments) or not 2 <= len(names) <= most:  # noqa: PLR2004 - body, matter
            what = "a body and one of its measures or drafts" + (", and perhaps a member" if most > 2 else "")  # noqa: PLR2004
            raise LoweringError(scope.path, tree.offset, f"{tree.function}() asks for {what}", form)
        return names
