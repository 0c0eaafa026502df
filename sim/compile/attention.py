"""Attention: what presses on an actor shares its budget, and is attended to in proportion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.compose import Composer
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering
from sim.compile.nests import needs
from sim.compile.scope import LoweringError, Scope, arity
from sim.compile.unroll import Instance
from sim.scenario import choice as ch
from sim.scenario import expressions as ex
from sim.scenario import models as md
from sim.scenario.load import PathOf

Matters = Mapping[str, Sequence[Instance[md.Choice]]]
"""Choices that claim attention, in order of name, by actor."""


class Attention:
    """What actors with `attention` add to a Program: the share that each of their matters gets."""

    rules: ClassVar[Mapping[str, str]] = {
        "Q11": "What presses shares the budget",
        "Q12": "Only what presses claims",
        "Q13": "A matter with a cadence is attended to by chance",
        "Q14": "A matter with a rate is attended to more seldom",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._made = made
        self._without = without
        self._compose = Composer(lowering)
        self._actors = lowering.scenario.model.actors

    def readers(self) -> Mapping[str, Reader]:
        """`attention(ACTOR)`."""
        return {"attention": self._read}

    def declare(self) -> None:
        """Its rows are declared with the attributes of actors."""

    def compile(self, decisions: DecisionCompiler) -> None:
        """Work out the share of every actor with a budget: at turn 0, and when it has perceived."""
        matters: dict[str, list[Instance[md.Choice]]] = defaultdict(list)
        for instance in decisions.unrolled.choices:
            if instance.part.attention is not None:
                matters[instance.owner].append(instance)
            elif instance.part.pressing is not None:
                fault = needs((*instance.path, "pressing"), "attention")
                self._lowering.builder.problems.fault(fault)
        self._check(matters)
        shares: list[pr.Assignment] = []
        demands: list[pr.Demand] = []
        for actor_id, actor in sorted(self._actors.items()):
            if actor.attention is None:
                continue
            path: PathOf = ("actors", actor_id, "attention", "budget")
            where = decisions.own_scope(actor_id, path)
            budget = self._lowering.number(actor.attention.budget, where)
            text, _ = self._lowering.terms(actor.attention.budget, where)
            claims = (
                *self._of_choices(matters[actor_id], decisions),
                *self._of_others(actor_id, actor.attention, decisions),
            )
            words = "budget" if isinstance(actor.attention.budget.tree, ex.Number) else f"budget {text}"
            shares.append(self._share(actor_id, pr.Term(words, budget), claims))
            demands += self._lowering.demand(budget, f"the attention budget of {actor_id}", path, 0.0)
        if shares:
            step = pr.Pass("attention", assignments=tuple(shares), demands=tuple(demands))
            self._made.opening.append(step)
            self._made.perceiving.append(step)

    def _check(self, matters: Matters) -> None:
        """Note choices that claim attention, and nobody who ever takes them has a budget."""
        for one in (instance for own in matters.values() for instance in own):
            if not any(self._may_take(actor, one) for actor in self._actors):
                self._lowering.builder.problems.fault(
                    LoweringError(
                        (*one.path, "attention"),
                        0,
                        f"{one.owner} has no attention to share",
                        f"attention: {{budget: ...}} in actors.{one.owner}, or none here",
                        at_key=True,
                    )
                )

    def _may_take(self, actor: str, instance: Instance[md.Choice]) -> bool:
        """Whether an actor with a budget takes the choice, under a doctrine or another."""
        part, idle = self._actors[actor], self._lowering.scenario.idle.get(actor, ())
        return part.attention is not None and instance.path[1] in (*part.policy, *idle)

    def _of_choices(
        self, matters: Sequence[Instance[md.Choice]], decisions: DecisionCompiler
    ) -> Iterator[pr.Term]:
        """The claims of choices, in order of name."""
        for instance in matters:
            part, scope, path = instance.part, decisions.scope(instance), instance.path
            assert part.attention is not None
            weight = self._weight(part.attention, scope.at(*path, "attention"))
            key = "when" if part.pressing is None else "pressing"
            node = self._claim(weight, part.pressing or part.when, scope.at(*path, key))
            yield pr.Term(f"claim of {instance.name.split('/', 1)[1]}", node)

    def _of_others(self, actor: str, part: ch.Attention, decisions: DecisionCompiler) -> Iterator[pr.Term]:
        """The other claims, in order of id."""
        for claim_id, claim in sorted(part.claims.items()):
            path: PathOf = ("actors", actor, "attention", "claims", claim_id)
            weight = self._weight(claim.weight, decisions.own_scope(actor, (*path, "weight")))
            node = self._claim(weight, claim.when, decisions.own_scope(actor, (*path, "when")))
            yield pr.Term(f"claim of {claim_id}", node)

    def _weight(self, weight: ex.Expression, scope: Scope) -> int:
        """Never below 0."""
        return self._compose.max(self._lowering.number(weight, scope), self._compose.const(0.0))

    def _claim(self, weight: int, pressing: ex.Expression | None, scope: Scope) -> int:
        """The weight while the matter presses."""
        if pressing is None:
            return weight
        presses = self._lowering.truth(pressing, scope)
        if "Q12" in self._without:
            return weight
        return self._compose.when(presses, weight, self._compose.const(0.0))

    def _share(self, actor: str, budget: pr.Term, claims: Sequence[pr.Term]) -> pr.Assignment:
        make = self._compose
        total = make.add(make.const(0.0), *(claim.node for claim in claims))
        fits = make.compare("le", total, budget.node)
        share = make.when(fits, make.const(1.0), make.div(budget.node, total))
        if "Q11" in self._without:
            share = make.const(1.0)
        name, path = f"attention[{actor}]", ("actors", actor, "attention")
        # The choices that stand on the share read it from its row: there it is explained.
        make.said(make.row(name), f"attention({actor})", path, (budget, *claims), ",")
        place = self._lowering.scenario.place(*path)
        return pr.Assignment(self._lowering.builder.rows[name], share, f"attention({actor})", place, "Q11")

    def _read(self, tree: ex.Call, scope: Scope) -> int:
        """The share of an actor."""
        arity(tree, scope, 1, "attention(USA)")
        argument = tree.arguments[0]
        if not isinstance(argument, ex.Name):
            raise LoweringError(
                scope.path, argument.offset, "attention() asks for an actor's share", "attention(USA)"
            )
        actor = self._lowering.names.actor(argument.id, argument.offset, scope)
        row = self._lowering.builder.rows.get(f"attention[{actor}]")
        if row is None:
            having = [name for name, other in sorted(self._actors.items()) if other.attention is not None]
            raise LoweringError(
                scope.path,
                argument.offset,
                f"{actor} has no attention budget",
                f"an actor that has one: {', '.join(having[:12])}"
                if having
                else f"attention: {{budget: ...}} in actors.{actor}",
                code="not-of-actor",
            )
        return self._lowering.builder.read(row)
