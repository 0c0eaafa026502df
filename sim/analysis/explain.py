"""Why a decision of one run came out as it did: from what the engine recorded while it decided.

The world is played to the turn with a trace; nothing is worked out again but the parts of expressions, on the
very state on which the decision was taken. Tracing changes no outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.analysis.accounts import Explanation, Move, Reckoning
from sim.analysis.decisions import DecisionExplainer
from sim.analysis.working import Then, Working
from sim.compile import program as pr
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.policy import Policy
from sim.engine.vectors import Floats
from sim.text import FoedusError, nearest, quoted


def explain(
    program: pr.Program,
    seed: int,
    run: int,
    turn: int,
    *,
    actor: str | None = None,
    decision: str | None = None,
    orders: Iterable[Order] = (),
    policies: Iterable[Policy | type[Policy]] = (),
    what_if: bool = True,
) -> Explanation:
    """Play one run to a turn and explain the decisions taken in it.

    Args:
        program: the scenario.
        seed: 0 to 2**32 - 1.
        run: run number.
        turn: 1 to the last.
        actor: only this actor's decisions (`world` and `injects` too).
        decision: only this one: its id, with bindings after a slash if it has any.
        orders: decisions taken by hand.
        policies: policies written in Python, as in `Model`. What they decide has no flips: nobody knows which
            numbers they looked at.
        what_if: look for what would have flipped each decision (some hundredths of a second each).

    Raises:
        FoedusError: for a turn, actor or decision that is not there.
    """
    _check(program, turn, actor, decision)
    model = Model(program, runs=[run], seed=seed, orders=orders, trace=True, policies=policies).play(turn)
    assert model.trace is not None
    return explained(model, turn, actor=actor, decision=decision, what_if=what_if)


def explained(
    model: Model, turn: int, *, actor: str | None = None, decision: str | None = None, what_if: bool = True
) -> Explanation:
    """The same for a world of one run that was played with `trace=True`, to that turn or beyond.

    Raises:
        FoedusError: as `explain`; for a turn that was not played with a trace.
    """
    _check(model.program, turn, actor, decision)
    if model.trace is None or turn not in model.trace.states:
        raise FoedusError.at(None, f"turn {turn} was not played with a trace", "a traced world")
    working = Working(model.program, model.state, model.trace, turn)
    explainer = DecisionExplainer(working, what_if=what_if)
    accounts = [
        account
        for name, found in sorted(model.program.decisions.items())
        if actor in (None, found.owner) and decision in (None, *_names(found))
        for account in explainer.accounts(found)
    ]
    moves = [] if decision is not None else [move for move in _moves(working) if actor in (None, move.owner)]
    reckonings = () if decision is not None else _reckonings(working, actor)
    label = model.program.clock.label(turn)
    run, seed = int(model.state.runs[0]), model.state.seed
    return Explanation(turn, label, run, seed, tuple(accounts), tuple(moves), tuple(reckonings))


def _check(program: pr.Program, turn: int, actor: str | None, decision: str | None) -> None:
    if not 1 <= turn <= program.turns:
        raise FoedusError.at(None, f"there is no turn {turn}", f"a turn from 1 to {program.turns}")
    owners = sorted({found.owner for found in program.decisions.values()} | set(program.names))
    if actor is not None and actor not in owners:
        raise FoedusError.at(
            None, f"there is no actor {quoted(actor)}", "an actor", nearest(actor, owners) or ""
        )
    if decision is not None:
        names = [
            known
            for found in program.decisions.values()
            if actor in (None, found.owner)
            for known in _names(found)
        ]
        if decision not in names:
            whose = f"{actor} has" if actor else "there is"
            raise FoedusError.at(
                None,
                f"{whose} no decision {quoted(decision)}",
                "a rule, choice or inject",
                nearest(decision, names) or "",
            )


def _names(decision: pr.Decision) -> tuple[str, str, str]:
    """How a decision may be asked for: by its id (all bindings), with its bindings, or with its owner too."""
    return decision.id, decision.name.split("/", 1)[1], decision.name


def _moves(working: Working) -> Iterator[Move]:
    """What was worked out from several things at once, and moved in the turn."""
    before, after = working.trace.starts[working.turn], _ended(working)
    assigned = {
        assignment.row: assignment
        for step in working.program.stages.passes()
        for assignment in step.assignments
        if assignment.pushes
    }
    for row, assignment in sorted(assigned.items()):
        causes = working.causes.of(row, back=0)
        if causes:
            yield Move(
                variable=working.program.variables[row].name,
                owner=assignment.owner,
                place=str(assignment.place),
                before=float(before[row, 0]),
                after=float(after[row, 0]),
                causes=causes,
            )


def _ended(working: Working) -> Floats:
    """The values when the turn had been played, shape `(variables, 1)`."""
    values: Floats = working.trace.starts.get(working.turn + 1, working.state.values)
    return values


def _reckonings(working: Working, actor: str | None) -> Iterator[Reckoning]:
    """What passes of the turn worked out, for one actor or for all; of several steps the last."""
    found: dict[int, Reckoning] = {}
    for traced in working.trace.passes:
        if traced.turn == working.turn:
            ev = working.on(traced.values, working.first_change)
            for assignment in traced.step.assignments:
                source = working.program.sources.get(assignment.node)
                if source is not None and source.joint == "," and actor in (None, assignment.owner):
                    found[assignment.row] = _reckoning(working, ev, assignment)
    yield from found.values()


def _reckoning(working: Working, ev: Then, assignment: pr.Assignment) -> Reckoning:
    name = working.program.variables[assignment.row].name
    return Reckoning(name, assignment.owner, str(assignment.place), working.worked(ev, assignment.node))
