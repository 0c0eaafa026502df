"""What matters claim of an actor's attention, and how much of it they get (rules Q11 to Q14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sim.compile import Program
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.report.plain import percent, plain_number
from sim.session.options import mean

_SHARES: Final = "attention"
"""The pass that works them out."""
_CLAIM: Final = "claim of "
"""How the terms of a share begin that are claims; the term before them is the budget."""


def attended(ev: Evaluator, actor: str) -> Mapping[str, str]:
    """What each of an actor's matters claims of its attention and gets of it in the turn, in plain words.

    By the choice's name without the actor's; empty for an actor without a budget.
    """
    row = ev.program.rows.get(f"attention[{actor}]")
    terms = () if row is None else _terms(ev.program, row)
    gets = None if row is None else _share(ev, row)
    if not terms or gets is None:
        return {}
    has = mean(ev, terms[0].node)
    told = {}
    for claim in terms[1:]:
        amount = mean(ev, claim.node)
        if has is not None and amount is not None:
            whole = f"claims {plain_number(amount)} of attention for {plain_number(has)}"
            told[claim.text.removeprefix(_CLAIM)] = f"{whole}, gets {percent(gets)}"
    return told


def _terms(program: Program, row: int) -> tuple[pr.Term, ...]:
    """The budget and the claims on it, as the row is explained."""
    for node in program.nodes_of_row.get(row, ()):
        source = program.sources.get(node)
        if source is not None:
            return source.terms
    return ()


def _share(ev: Evaluator, row: int) -> float | None:
    """What the row becomes in the turn."""
    for step in ev.program.stages.passes():
        for assignment in step.assignments if step.id == _SHARES else ():
            if assignment.row == row:
                return mean(ev, assignment.node)
    return None
