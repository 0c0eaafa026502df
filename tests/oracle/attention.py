"""Section Q of the rules of adjudication, Q11 and Q12: what presses on an actor shares its budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from sim.scenario import expressions as tree
from sim.scenario.choice import Attention
from sim.scenario.expressions import Expression
from tests.oracle.expressions import read_number, read_truth
from tests.oracle.faults import Fault, Undefined
from tests.oracle.names import Scope
from tests.oracle.terms import Moment, Number, Quantity, Term, Truth, finite


def share_of(arguments: tuple[tree.Expr, ...], scope: Scope) -> Term:
    """`attention(USA)`."""
    match arguments:
        case (tree.Name(name),):
            actor = scope.actor(name)
            if scope.names.model.actors[actor].attention is not None:
                return Quantity(lambda moment: moment.now[f"attention[{actor}]"])
    raise Fault("there is no such attention")


@dataclass(frozen=True, slots=True)
class ClaimHere:
    weight: Number
    presses: Truth

    def claim(self, moment: Moment) -> float:
        if not self.presses(moment):
            return 0.0
        weight = self.weight(moment)
        return 0.0 if weight < 0 else weight


def read_claim(weight: Expression, presses: Expression | None, scope: Scope) -> ClaimHere:
    return ClaimHere(read_number(weight, scope), read_truth(presses, scope))


@dataclass(frozen=True, slots=True)
class AttentionHere:
    actor: str
    budget: Number
    claims: tuple[ClaimHere, ...]
    """Of its choices in order of name, then its other claims in order of id."""

    @property
    def row(self) -> str:
        return f"attention[{self.actor}]"

    def share(self, moment: Moment) -> float:
        budget = finite(self.budget(moment), f"the budget of {self.actor}")
        if budget < 0:
            raise Undefined(f"the budget of {self.actor} is {budget}")
        total = reduce(lambda sum_, claim: sum_ + claim.claim(moment), self.claims, 0.0)
        return 1.0 if total <= budget else finite(budget / total, self.row)


def read_attention(actor: str, part: Attention, matters: Sequence[ClaimHere], scope: Scope) -> AttentionHere:
    others = [part.claims[name] for name in sorted(part.claims)]
    claims = [read_claim(claim.weight, claim.when, scope) for claim in others]
    return AttentionHere(actor, read_number(part.budget, scope), (*matters, *claims))
