"""The choices in a regime: senders impose or lift, third parties comply or not, senders penalise or spare.

Rules X2, X3, X4, X7 and X8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.decisions import DecisionCompiler
from sim.compile.doings import Whose
from sim.compile.program import Term
from sim.compile.records import Records, Speaker, Way, told
from sim.compile.sanctions.regimes import Sanctions
from sim.compile.sanctions.stances import Perceived, Stances
from sim.compile.scope import Scope
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf
from sim.scenario.sanctions import Compliance, Secondary


@dataclass(frozen=True)
class ChoiceCompiler:
    """Compiles the choices of one regime."""

    stances: Stances
    decisions: DecisionCompiler
    without: frozenset[str]

    @property
    def _regime(self) -> Sanctions:
        return self.stances.regime

    @property
    def _compose(self) -> Composer:
        return self.stances.compose

    def choices(self) -> Iterator[pr.Choice]:
        """All of them."""
        yield from (self._imposing(sender) for sender in self._regime.imposing)
        yield from (self._complying(party) for party in self._regime.complying)
        yield from (self._penalising(party, sender) for party, sender in self._regime.penalising)

    # What they share

    @property
    def _records(self) -> Records:
        return Records(self._compose.lowering, self.decisions)

    def _perceived(self, actor: str) -> Perceived:
        return self.decisions.perceived.get(actor, {})

    def _name(self, actor: str) -> str:
        return self._compose.lowering.scenario.model.actors[actor].name

    def _number(self, expression: Expression, scope: Scope, path: PathOf) -> int:
        return self._compose.lowering.number(expression, scope.at(*path))

    def _way(self, id_: str, utility: int, path: PathOf, sentence: str) -> Way:
        place = self._compose.lowering.scenario.place(*path)
        return Way(id_, utility, place, doings=told(pr.Doings(), sentence))

    # Imposing

    def _imposing(self, sender: str) -> pr.Choice:
        subject, part = self._regime.imposing[sender], self._regime.part.imposing
        assert part is not None
        path, records = subject.path, self._records
        scope = Scope(path, sender, perceived=self._perceived(sender))
        name, title = self._name(sender), self._regime.part.name
        ids = ("impose", "lift")
        return records.choice(
            subject,
            [
                self._way(
                    "impose",
                    self._number(part.impose, scope, (*path, "impose")),
                    (*path, "impose"),
                    f"{name} imposes: {title}",
                ),
                self._way(
                    "lift",
                    self._number(part.lift, scope, (*path, "lift")),
                    (*path, "lift"),
                    f"{name} lifts its part: {title}",
                ),
            ],
            gate=None,
            pace=records.pace(part.every, scope, (*path, "every")),
            temperature=self._temperature(part.temperature, scope, path),
            status_quo=records.status_quo(part.status_quo, ids, scope, (*path, "status_quo")),
            initial=1 + ids.index(part.initial),
        )

    def _temperature(self, expression: Expression, scope: Scope, path: PathOf) -> int:
        return self._compose.lowering.number(expression, scope.at(*path, "temperature"), 0.0)

    # Complying

    def _complying(self, party: str) -> pr.Choice:
        subject, part = self._regime.complying[party], self._regime.part.compliance
        assert part is not None
        path, records = subject.path, self._records
        scope = Scope(path, party, perceived=self._perceived(party))
        name, title, ids = self._name(party), self._regime.part.name, self._regime.stances
        words = {"comply": "complies", "defy": "openly defies", "evade": "evades"}
        utilities = {
            "comply": self._number(part.comply, scope, (*path, "comply")),
            "defy": self._defiance(party, part, scope),
            "evade": self._evasion(party, part, scope),
        }
        keys = {"comply": "comply", "defy": "defy", "evade": "gain"}
        return records.choice(
            subject,
            [
                self._way(id_, utilities[id_], (*path, keys[id_]), f"{name} {words[id_]}: {title}")
                for id_ in ids
            ],
            gate=self._compose.false if "X3" in self.without else self.stances.in_force,
            pace=records.pace(part.every, scope, (*path, "every")),
            temperature=self._temperature(part.temperature, scope, path),
            status_quo=records.status_quo(part.status_quo, ids, scope, (*path, "status_quo")),
            initial=1 + ids.index(part.initial),
        )

    def _evasion(self, party: str, part: Compliance, scope: Scope) -> int:
        """The gain, less the penalty by the chance of detection, less what past penalties still cost."""
        compose, path = self._compose, scope.path
        gain = self._number(part.gain, scope, (*path, "gain"))
        words = self._compose.lowering.words
        terms = [Term(words(part.gain, scope), gain)]
        worth = gain
        if "X4" not in self.without:
            chance = self.stances.detection(party, self._perceived(party))
            risk = compose.mul(chance, self._number(part.penalty, scope, (*path, "penalty")))
            worth = compose.sub(gain, risk)
            text = f"detection({self._regime.id}, {party}) * ({words(part.penalty, scope)})"
            terms.append(Term(text, risk, "-"))
        return self._less_penalties(party, worth, terms, scope)

    def _defiance(self, party: str, part: Compliance, scope: Scope) -> int:
        if part.defy is None:
            return self._compose.const(0.0)
        worth = self._number(part.defy, scope, (*scope.path, "defy"))
        return self._less_penalties(
            party, worth, [Term(self._compose.lowering.words(part.defy, scope), worth)], scope
        )

    def _less_penalties(self, party: str, worth: int, terms: list[Term], scope: Scope) -> int:
        compose, regime, secondary = self._compose, self._regime, self._regime.part.secondary
        costs = []
        if secondary is not None and "X8" not in self.without:
            for sender in regime.by:
                where = Scope(
                    (*regime.path, "secondary", "cost"), party, {"sender": sender}, perceived=scope.perceived
                )
                cost = compose.lowering.number(secondary.cost, where)
                costs.append(compose.mul(compose.row(regime.row("penalised", party, sender)), cost))
        if costs:
            total = compose.add(*costs)
            worth = compose.sub(worth, total)
            terms.append(Term("what past penalties still cost", total, "-"))
        text = " ".join(f"{term.sign} {term.text}" for term in terms).removeprefix("+ ")
        return compose.said(worth, text, scope.path, terms)

    # Penalising

    def _penalising(self, party: str, sender: str) -> pr.Choice:
        subject, part = self._regime.penalising[party, sender], self._regime.part.secondary
        assert part is not None
        path, records = subject.path, self._records
        scope = Scope(path, sender, {"party": party}, perceived=self._perceived(sender))
        return records.choice(
            subject,
            list(self._penalties(party, sender, part, scope)),
            gate=self._compose.false if "X7" in self.without else self._caught(party, sender),
            pace=records.each_turn,
            temperature=self._temperature(part.temperature, scope, path),
        )

    def _penalties(self, party: str, sender: str, part: Secondary, scope: Scope) -> Iterator[Way]:
        path, lowering = scope.path, self._compose.lowering
        doings = pr.Doings()
        if part.penalised is not None:
            where = (*path, "penalised")
            key = self._regime.penalising[party, sender].key
            speaker = Speaker(where, sender, {"party": party})
            doings = self.decisions.doings.own(part.penalised, speaker, Whose(key, "penalise"), where)
        title = self._regime.part.name
        yield Way(
            "penalise",
            self._number(part.penalise, scope, (*path, "penalise")),
            lowering.scenario.place(*path, "penalise"),
            doings=told(doings, f"{self._name(sender)} penalises {self._name(party)}: {title}"),
        )
        yield self._way(
            "spare",
            self._number(part.spare, scope, (*path, "spare")),
            (*path, "spare"),
            f"{self._name(sender)} lets it pass with {self._name(party)}: {title}",
        )

    def _caught(self, party: str, sender: str) -> int:
        """Whether the third party was caught in the last turn, or chose to defy in it."""
        compose, stances, regime = self._compose, self.stances, self._regime
        reasons = [Term(f"detected({regime.id}, {party})", stances.detected(party))]
        if "defy" in regime.stances:
            chosen = compose.row(f"chosen[{regime.complying[party].name}]")
            defied = compose.compare("eq", chosen, compose.const(float(regime.stances.index("defy") + 1)))
            reasons.append(Term(f"{party} chose to defy", defied))
        reason = compose.any(*(term.node for term in reasons))
        either = " or ".join(term.text for term in reasons)
        compose.said(reason, either, regime.path, reasons, "or")
        terms = [
            Term(f"imposed({regime.id})", stances.in_force),
            Term(f"imposes({regime.id}, {sender})", stances.imposes(sender)),
            Term(f"({either})" if len(reasons) > 1 else either, reason),
        ]
        node = compose.all(*(term.node for term in terms))
        return compose.said(node, " and ".join(term.text for term in terms), regime.path, terms, "and")
