"""What answers do, in their wave or later (rule C20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sim.compile import program as pr
from sim.compile.answers import Answer, Answers
from sim.compile.books import Books
from sim.compile.decisions import DecisionCompiler
from sim.compile.disputes import Disputes
from sim.compile.doings import Whose
from sim.compile.ground import Ground
from sim.compile.pacts import Pair
from sim.compile.scope import LoweringError
from sim.compile.unroll import Instance
from sim.scenario.commitments import Rung, RungDoing
from sim.scenario.load import PathOf

RULES: Final[Mapping[str, str]] = {"C20": "Delay"}


class Deliveries:
    """Passes in which answers take effect."""

    def __init__(self, ground: Ground, disputes: Disputes, answers: Answers, books: Books) -> None:
        self._g = ground
        self._disputes = disputes
        self._answers = answers
        self._books = books

    def deliveries(self, decisions: DecisionCompiler) -> pr.Pass:
        """What answers without delay do, in the wave."""
        made = [
            self._deliver(decisions, answer, rung, 0)
            for answer in self._answers.all()
            if not self._answers.late(answer[0])
            for rung in self._answers.doing(answer[0])
        ]
        return pr.Pass("deliveries", rules=tuple(sorted(made, key=lambda rule: rule.name)))

    def late(self, decisions: DecisionCompiler) -> pr.Pass:
        """What answers given some turns ago do now."""
        g, c = self._g, self._g.compose
        rules: list[pr.Rule] = []
        joining: dict[Pair, list[int]] = {}
        for answer in sorted(self._answers.all(), key=self._answers.key):
            turns = self._answers.late(answer[0])
            if not turns:
                continue
            rules += [
                self._deliver(decisions, answer, rung, turns) for rung in self._answers.doing(answer[0])
            ]
            if g.on("C18"):
                row = self._recalled(f"chosen[{self._answers.name(answer)}]", turns)
                level = self._books.joined(answer, row, self._answered(answer, turns))
                pair = (answer[1], answer[2][1])
                if pair in g.pacts.hostile:  # who sends help only may have no dispute with anybody
                    joining.setdefault(pair, []).append(level)
        made = []
        for pair, levels in sorted(joining.items()):
            for name in self._disputes.incident_rows(pair)[:2]:
                level = c.max(c.row(name), *levels)
                made.append(g.assign(name, level, g.lowering.scenario.place("escalation"), "C20"))
        rules.sort(key=lambda rule: rule.name)
        return pr.Pass("late deliveries", rules=tuple(rules), assignments=g.in_order(made))

    def _answered(self, answer: Answer, turns: int) -> int:
        """Whether there was an answer so many turns ago."""
        return self._g.compose.positive(self._recalled(f"closed[{self._answers.key(answer)}]", turns))

    def _recalled(self, name: str, turns: int) -> int:
        builder = self._g.lowering.builder
        return builder.read(builder.recall(builder.rows[name], turns))

    def _deliver(self, decisions: DecisionCompiler, answer: Answer, rung: Rung, turns: int) -> pr.Rule:
        g, c = self._g, self._g.compose
        article, answerer, (caller, adversary) = answer
        part = g.lowering.scenario.model.rungs[rung]
        name, path = self._answers.delivery(answer, rung), ("rungs", rung)
        chosen, given = f"chosen[{self._answers.name(answer)}]", f"given[{self._answers.key(answer)}]"
        if turns:
            chose = self._books.chose(answer, self._recalled(chosen, turns), rung)
            gate = c.all(self._answered(answer, turns), chose)
            strength = self._recalled(given, turns)
        else:
            gate = c.all(self._books.fresh(answer), self._books.chose(answer, c.row(chosen), rung))
            strength = c.row(given)
        help_ = self._answers.ladders.help(article, rung)
        share = c.when(c.positive(help_), c.div(strength, help_), c.const(1.0))
        bindings = (("adversary", adversary), ("caller", caller))
        place, own = g.lowering.scenario.place(*path), f"{article.name}.{rung}"
        instance: Instance[Any] = Instance(
            part, answerer, own, bindings, path, place, answerer, {"share": share}
        )
        self._peaceful(part, path)
        return pr.Rule(
            name=name,
            owner=answerer,
            id=own,
            bindings=bindings,
            kind="consequence",
            gate=c.said(gate, f"{answerer} answers with {rung.replace('_', ' ')}", path),
            rate=None,
            size=None,
            due=None,
            draw=None,
            fired=g.lowering.builder.rows[f"fired[{name}]"],
            ever=None,
            campaign=None,
            doings=decisions.doings.of(part, instance, Whose(name), path),
            place=instance.place,
            path=path,
            grade=g.lowering.figures.grade(path),
        )

    def _peaceful(self, part: RungDoing, path: PathOf) -> None:
        """A rung is as hostile as it is; what it does cannot make it more so."""
        actions = self._g.lowering.scenario.model.actions
        if any(call.action in actions and actions[call.action].hostility for call in part.do):
            self._g.lowering.builder.problems.fault(
                LoweringError(
                    (*path, "do"), 0, "a rung is hostile by itself", "actions without hostility", at_key=True
                )
            )
