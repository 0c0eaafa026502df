"""Sponsors table drafts: at a pace, with an action, or ahead of the end of a mandate (rules B1 and B2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.compile import program as pr
from sim.compile.bodies.chambers import Chamber, Motion, is_act_of
from sim.compile.compose import Composer
from sim.compile.decisions import DecisionCompiler
from sim.compile.doings import Whose
from sim.compile.lower import Lowering
from sim.compile.program import Term
from sim.compile.records import Pace, Records, Speaker, Subject, told
from sim.compile.scope import Scope


@dataclass(frozen=True)
class TablingCompiler:
    """Compiles the rules by which sponsors table drafts."""

    lowering: Lowering
    decisions: DecisionCompiler
    without: frozenset[str]

    @property
    def _compose(self) -> Composer:
        return Composer(self.lowering)

    def tables(self, chamber: Chamber, motion: Motion) -> Iterator[pr.Rule]:
        """One rule for each sponsor."""
        records = Records(self.lowering, self.decisions)
        name = self.lowering.scenario.model.actors
        for subject in motion.tables:
            scope = Scope(
                motion.path, subject.owner, perceived=self.decisions.perceived.get(subject.owner, {})
            )
            pace, gate = records.each_turn, None
            if "B1" not in self.without:
                pace = self._pace(records, motion, scope)
                gate = self._gate(chamber, motion, scope)
            sentence = f'{name[subject.owner].name} tables "{motion.title}" ({chamber.part.name})'
            yield records.rule(
                subject, gate=gate, pace=pace, doings=told(self._doings(motion, subject), sentence)
            )

    def _doings(self, motion: Motion, subject: Subject) -> pr.Doings:
        if motion.part.tabled is None:
            return pr.Doings()
        path = (*motion.path, "tabled")
        return self.decisions.doings.own(
            motion.part.tabled, Speaker(path, subject.owner), Whose(subject.key), path
        )

    def _pace(self, records: Records, motion: Motion, scope: Scope) -> Pace:
        if motion.part.every is None:
            return records.each_turn
        path = (*motion.path, "every")
        return records.pace(motion.part.every, scope.at(*path), path)

    def _gate(self, chamber: Chamber, motion: Motion, scope: Scope) -> int | None:
        compose = self._compose
        terms = [*self._to_decide(chamber, motion), *self._by_event(chamber, motion, scope)]
        if motion.part.when is not None:
            node = self.lowering.truth(motion.part.when, scope.at(*motion.path, "when"))
            terms.append(Term(self.lowering.words(motion.part.when, scope), node))
        if not terms:
            return None
        text = " and ".join(term.text for term in terms)
        return compose.said(compose.all(*(term.node for term in terms)), text, motion.path, terms, "and")

    def _to_decide(self, chamber: Chamber, motion: Motion) -> Iterator[Term]:
        """That it would change something."""
        draft, compose = motion.part, self._compose
        measure = draft.adopts or draft.renews or draft.ends
        if measure not in chamber.part.measures or "B2" in self.without:
            return
        in_force = compose.positive(compose.row(chamber.row("measure", str(measure))))
        text = f"measure({chamber.id}, {measure})"
        if draft.adopts is not None:
            yield Term(f"not {text}", compose.negate(in_force))
        else:
            yield Term(text, in_force)

    def _by_event(self, chamber: Chamber, motion: Motion, scope: Scope) -> Iterator[Term]:
        """That the sponsor did what tables it, or that the end of a mandate is as near as it must be."""
        draft, compose = motion.part, self._compose
        if draft.on is not None:
            variables = self.lowering.builder.variables
            rows = sorted(
                variable.name for variable in variables if is_act_of(variable, draft.on, scope.self_id or "")
            )
            done = [compose.positive(compose.row(name)) for name in rows]
            yield Term(f"happened({draft.on}, {scope.self_id})", compose.any(*done))
        elif draft.ahead is not None and draft.renews is not None and draft.renews in chamber.lapses:
            ahead = self.lowering.scenario.clock.turns_in(draft.ahead)
            until = compose.row(chamber.row("until", draft.renews))
            due = compose.compare("eq", compose.sub(until, compose.const(float(ahead))), compose.turn)
            yield Term(f"{draft.renews} runs out in {draft.ahead}", due)
