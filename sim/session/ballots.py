"""Bodies as a seat weighs them: drafts that it may table, and votes on what may be tabled in the turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.scenario.bodies import Draft
from sim.session.options import (
    Matter,
    SeatOption,
    costs,
    does,
    done_or_not,
    mean,
    open_to,
    rung_of,
    standing_of,
    supposed,
)
from sim.text import printable

_TABLING, _VOTING = "bodies: tabling", "bodies: voting"
_ACT: Final = "acts["


def ballots(ev: Evaluator, actor: str) -> Iterator[Matter]:
    """What an actor may have to decide in the turn about drafts.

    Args:
        ev: of the turn, over what the actor believes, once it is `cleared`.
        actor: whose seat it is.
    """
    steps = {step.id: step for step in ev.program.stages.passes()}
    tables = steps[_TABLING].rules if _TABLING in steps else ()
    for rule in tables:
        if rule.owner == actor:
            yield _table(ev, rule)
    for choice in steps[_VOTING].choices if _VOTING in steps else ():
        if choice.owner == actor:
            yield _vote(ev, choice, [rule for rule in tables if rule.bindings == choice.bindings])


def _draft(ev: Evaluator, decision: pr.Decision) -> tuple[Draft, str]:
    """The draft that a decision is about, and what it is called."""
    assert ev.program.scenario is not None
    bound = dict(decision.bindings)
    body = ev.program.scenario.model.bodies[bound["body"]]
    draft = body.drafts[bound["draft"]]
    return draft, f'"{draft.title or bound["draft"].replace("_", " ")}" ({body.name})'


def _may_table(ev: Evaluator, rule: pr.Rule) -> bool:
    """Whether a draft may be tabled in the turn: whatever is done in it that tables it may be done."""
    due = rule.due is None or rule.due[ev.turn]
    reads = () if rule.gate is None else ev.program.reads(rule.gate)
    acts = [ev.program.variables[row].name for row in reads if ev.program.variables[row].kind == "act"]
    return due and open_to(supposed(ev, dict.fromkeys(acts, 1.0)), rule.gate)


def _table(ev: Evaluator, rule: pr.Rule) -> Matter:
    draft, told = _draft(ev, rule)
    may = _may_table(ev, rule)
    when = "" if draft.on is None or not may else f"with {draft.on.replace('_', ' ')}"
    return Matter(rule.name, printable(f"table {told}"), may and not when, "", done_or_not(ev, rule), when)


def _vote(ev: Evaluator, choice: pr.Choice, tables: list[pr.Rule]) -> Matter:
    told = _draft(ev, choice)[1]
    here = supposed(ev, {f"fired[{rule.name}]": 1.0 for rule in tables})
    options = tuple(
        SeatOption(
            option.id,
            _said(option) or does(here, option.doings[0], choice.owner),
            costs(here, option.doings[0], choice.owner),
            mean(here, option.utility),
            rung_of(ev.program, option.doings[0]),
        )
        for option in choice.options
        if open_to(here, option.gate)
    )
    may = any(_may_table(ev, rule) for rule in tables)
    title = printable(f"vote on {told}")
    return Matter(
        choice.name,
        title,
        comes_up=False,
        standing=standing_of(choice, ev.state),
        options=options,
        when="if it is tabled" if may else "",
    )


def _said(option: pr.Option) -> str:
    """The sentence that the log has of a vote, if it is made of words alone."""
    for saying in option.doings[0].sayings:
        words = [piece for piece in saying.pieces if isinstance(piece, str)]
        if len(words) == len(saying.pieces):
            return printable("".join(words))
    return ""
