"""Why a decision of one run came out as it did: from what the engine recorded while it decided.

The world is played to the turn with a trace; nothing is worked out again but the parts of expressions, on the
very state on which the decision was taken. Tracing changes no outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sim.analysis.accounts import (
    Account,
    Asked,
    Cause,
    Change,
    ChoiceAccount,
    Explanation,
    Move,
    OptionAccount,
    Part,
    Reading,
    Reckoning,
    RuleAccount,
    Take,
    Worked,
)
from sim.analysis.flips import Position, flips, thresholds
from sim.analysis.shares import nest_of, shares_of
from sim.compile import program as pr
from sim.engine.evaluate import Evaluator
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.engine.policy import Policy
from sim.engine.state import State
from sim.engine.trace import ChangeTrace, ChoiceTrace, Moment, RuleTrace, Trace
from sim.engine.vectors import Floats
from sim.scenario.clock import PERIODS_PER_YEAR
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
    """The same for a world of one run that was played with `trace=True`."""
    _check(model.program, turn, actor, decision)
    if model.trace is None or turn not in model.trace.states:
        raise FoedusError.at(None, f"turn {turn} was not played with a trace", "a traced world")
    teller = _Explainer(model.program, model.state, model.trace, turn, what_if=what_if)
    accounts = [
        account
        for name, found in sorted(model.program.decisions.items())
        if actor in (None, found.owner) and decision in (None, *_names(found))
        for account in teller.accounts(found)
    ]
    moves = [] if decision is not None else [move for move in teller.moves() if actor in (None, move.owner)]
    reckonings = () if decision is not None else teller.reckonings(actor)
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


class _Then(Evaluator):
    """Values on the state on which a decision was taken."""

    def __init__(self, program: pr.Program, state: State, turn: int, before: int) -> None:
        super().__init__(program, state, turn)
        self.before = before
        """How many changes had been made by then."""


@dataclass(frozen=True, slots=True)
class _Time:
    """One time that a decision was asked for in a turn, or its not being asked for."""

    decision: pr.Decision
    """With the luck of the crisis round."""
    found: tuple[RuleTrace | ChoiceTrace, ...]
    """What was recorded: the takes of a choice; none if it was not asked for."""
    column: Floats
    """The values on which it was decided, shape `(variables,)`."""
    before: int
    """How many changes had been made by then."""
    until: int | None = None
    """How many had been made when it was asked for again; None if it was not."""
    round: int = 1
    """The crisis round; 1 outside of a crisis too."""


class _Explainer:
    """Explains decisions of one turn of one run."""

    def __init__(self, program: pr.Program, state: State, trace: Trace, turn: int, *, what_if: bool) -> None:
        self._program = program
        self._state = state
        self._trace = trace
        self._turn = turn
        self._what_if = what_if

    def accounts(self, decision: pr.Decision) -> Iterator[Account]:
        """Why this decision came out as it did, each time in the turn that it was open."""
        for time in self._times(decision):
            yield self._choice(time) if isinstance(time.decision, pr.Choice) else self._rule(time)

    def moves(self) -> Iterator[Move]:
        """What was worked out from several things at once, and moved in the turn."""
        before, after = self._trace.starts[self._turn], self._ended
        assigned = {
            assignment.row: assignment
            for step in self._program.stages.passes()
            for assignment in step.assignments
            if assignment.pushes
        }
        for row, assignment in sorted(assigned.items()):
            changes = [change for change in self._changes_of(row) if change.turn == self._turn]
            causes = _causes(changes, self._turn)
            if causes:
                yield Move(
                    variable=self._program.variables[row].name,
                    owner=assignment.owner,
                    place=str(assignment.place),
                    before=float(before[row, 0]),
                    after=float(after[row, 0]),
                    causes=causes,
                )

    @property
    def _ended(self) -> Floats:
        """The values when the turn had been played, shape `(variables, 1)`."""
        values: Floats = self._trace.starts.get(self._turn + 1, self._state.values)
        return values

    def reckonings(self, actor: str | None) -> Iterator[Reckoning]:
        """What passes of the turn worked out, for one actor or for all; of several steps the last."""
        found: dict[int, Reckoning] = {}
        for traced in self._trace.passes:
            if traced.turn == self._turn:
                ev = self._evaluator_on(traced.values, self._first_change)
                for assignment in traced.step.assignments:
                    source = self._program.sources.get(assignment.node)
                    if source is not None and source.joint == "," and actor in (None, assignment.owner):
                        found[assignment.row] = self._reckoning(ev, assignment)
        yield from found.values()

    def _reckoning(self, ev: _Then, assignment: pr.Assignment) -> Reckoning:
        name = self._program.variables[assignment.row].name
        return Reckoning(name, assignment.owner, str(assignment.place), self._worked(ev, assignment.node))

    def _times(self, decision: pr.Decision) -> Iterator[_Time]:
        """Each round and wave of the turn in which it was open; if it was in none, the last."""
        traces: list[RuleTrace | ChoiceTrace] = [*self._trace.rules, *self._trace.choices]
        asked: dict[Moment, list[RuleTrace | ChoiceTrace]] = {}
        for trace in traces:
            if trace.turn == self._turn and _decided(trace).name == decision.name:
                asked.setdefault(trace.moment, []).append(trace)
        if not asked:
            exogenous = decision.owner in ("world", "injects")
            states = self._trace.starts if exogenous else self._trace.states
            yield _Time(decision, (), states[self._turn][:, 0], self._first_change)
            return
        moments = sorted(asked, key=lambda moment: moment.before)
        ends = [*(moment.before for moment in moments[1:]), None]
        times = [
            _Time(
                _decided(asked[moment][0]),
                tuple(asked[moment]),
                moment.values[:, 0],
                moment.before,
                until,
                moment.round,
            )
            for moment, until in zip(moments, ends, strict=True)
        ]
        opened = [time for time in times if any(_one(_open(trace)) for trace in time.found)]
        yield from opened or times[-1:]

    def _evaluator(self, time: _Time) -> _Then:
        return self._evaluator_on(time.column[:, None], time.before)

    def _evaluator_on(self, values: Floats, before: int) -> _Then:
        state = State(values, self._state.runs, self._state.seed, self._state.stream, self._turn - 1)
        return _Then(self._program, state, self._turn, before)

    @property
    def _first_change(self) -> int:
        """How many changes came before the turn."""
        return sum(change.turn < self._turn for change in self._trace.changes)

    # Rules

    def _rule(self, time: _Time) -> RuleAccount:
        rule, ev = time.decision, self._evaluator(time)
        assert isinstance(rule, pr.Rule)
        found = time.found[0] if time.found else None
        assert found is None or isinstance(found, RuleTrace)
        due = rule.due is None or rule.due[self._turn] or self._in_crisis(time)
        due = found is not None and (due or found.ordered != "")
        asked = self._asked(time, ev, due=due)
        rate = None if rule.rate is None or not asked.open or asked.by else self._worked(ev, rule.rate)
        level = None if found is None or found.level is None or not asked.open else _one(found.level)
        account = RuleAccount(
            asked=asked,
            kind=rule.kind,
            rate=rate,
            level=level,
            drawn=None if found is None or found.drawn is None else _one(found.drawn),
            fired=0.0 if found is None else _one(found.fired),
            per=_period(self._program, None if rule.kind in ("inject", "probability") else rule.rate),
            size=None
            if rule.size is None or not asked.open or (asked.by and level is None)
            else self._worked(ev, rule.size, whole=True).value * asked.years,
            campaign=self._on(rule, found, time),
            spent=rule.ever is not None and bool(time.column[rule.ever] > 0.0),
        )
        if not self._what_if or not due or asked.ordered or asked.by:
            return account
        position = self._position(time)
        return replace(account, flips=flips(position), thresholds=thresholds(position))

    def _on(self, rule: pr.Rule, found: RuleTrace | None, time: _Time) -> bool | None:
        """Whether the rule's campaign was on when it was decided; None if it has none."""
        if rule.campaign is None:
            return None
        if found is None or found.campaign is None:  # decided by an order, or not at all
            return bool(time.column[rule.campaign.row] > 0.0)
        return bool(_one(found.campaign))

    def _rounds(self, time: _Time) -> int:
        """How many crisis rounds of the turn it is taken in; 1 outside of a crisis."""
        crisis = self._program.crisis
        return crisis.counts[self._turn] if crisis is not None and self._in_crisis(time) else 1

    def _in_crisis(self, time: _Time) -> bool:
        """Whether it is taken in crisis rounds: then it comes up whether or not it is due."""
        crisis = self._program.crisis
        several = crisis is not None and crisis.counts[self._turn] > 1
        return several and time.decision.crisis >= 0 and bool(time.column[time.decision.crisis] > 0.0)

    def _position(self, time: _Time, take: int = 0) -> Position:
        run, seed, stream = int(self._state.runs[0]), self._state.seed, self._state.stream
        return Position(
            self._program, time.decision, self._turn, time.column, run, seed, stream, take, time.round
        )

    def _asked(self, time: _Time, ev: _Then, *, due: bool) -> Asked:
        decision, found = time.decision, time.found[0] if time.found else None
        rounds = self._rounds(time)
        return Asked(
            decision=decision.name,
            owner=decision.owner,
            turn=self._turn,
            place=str(decision.place),
            grade=decision.grade,
            years=self._program.clock.dt(self._turn) / rounds,
            round=time.round,
            rounds=rounds,
            due=due,
            ordered="" if found is None else found.ordered,
            by="" if found is None or found.by is None else str(found.by),
            gate=None if decision.gate is None or not due else self._worked(ev, decision.gate),
            open=found is not None and bool(_one(_open(found))),
            did=self._did(time),
        )

    def _did(self, time: _Time) -> tuple[Change, ...]:
        name, made = time.decision.name, self._trace.changes[time.before : time.until]
        return tuple(
            Change(self._program.variables[change.row].name, change.operator, _one(change.value))
            for change in made
            if change.turn == self._turn and change.cause == name and _one(change.happened)
        )

    # Choices

    def _choice(self, time: _Time) -> ChoiceAccount:
        choice, ev = time.decision, self._evaluator(time)
        assert isinstance(choice, pr.Choice)
        found = [trace for trace in time.found if isinstance(trace, ChoiceTrace)]
        first = found[0] if found else None
        asked_at = first is not None and choice.rate is not None and first.level is not None
        rate = self._stated_rate(choice)
        names = ["", *(option.id for option in choice.options)]
        takes: list[Take] = []
        standing = names[int(time.column[choice.standing])]
        for traced in found:
            takes.append(self._take(ev, time, traced, standing, names))
            standing = takes[-1].chosen or standing
        return ChoiceAccount(
            asked=self._asked(time, ev, due=first is not None),
            takes=tuple(takes),
            chosen=next((take.chosen for take in reversed(takes) if take.chosen), ""),
            rate=self._worked(ev, rate) if asked_at and rate is not None else None,
            level=_one(first.level) if asked_at and first is not None else None,
            drawn=_one(first.up_drawn) if asked_at and first is not None else None,
            per=_period(self._program, rate),
            attention=None if choice.share is None or first is None else self._attention(ev, choice.share),
        )

    def _attention(self, ev: _Then, share: int) -> Worked:
        """The share of its actor's attention, from what claimed it when the turn's shares were worked out."""
        row = self._program.nodes[share].row
        for traced in self._trace.passes:
            if traced.turn == self._turn and any(found.row == row for found in traced.step.assignments):
                then = self._evaluator_on(traced.values, self._first_change)
                return replace(self._worked(then, share), value=_one(ev.value(share)))
        return self._worked(ev, share)

    def _stated_rate(self, choice: pr.Choice) -> int | None:
        """The node of a choice's rate before attention dilutes it."""
        if choice.rate is None or choice.share is None:
            return choice.rate
        return self._program.nodes[choice.rate].args[0]

    def _take(self, ev: _Then, time: _Time, found: ChoiceTrace, standing: str, names: Sequence[str]) -> Take:
        choice = found.choice
        position = self._position(time, found.take)
        what_if = self._what_if and not found.ordered and not found.by
        attended = choice.rate is None and found.level is not None
        return Take(
            options=self._options(ev, found, position if what_if else None) if found.utilities else (),
            temperature=0.0 if found.temperature is None else _one(found.temperature),
            standing=standing,
            chosen=names[int(_one(found.chosen))],
            open=bool(_one(found.taken_up)),
            level=_one(found.level) if attended else None,
            drawn=_one(found.up_drawn) if attended else None,
            flips=flips(position) if what_if else (),
        )

    def _options(self, ev: _Then, found: ChoiceTrace, position: Position | None) -> tuple[OptionAccount, ...]:
        choice, available = found.choice, [bool(_one(here)) for here in found.available]
        utilities = [_one(utility) for utility in found.utilities]
        shares = shares_of(found)
        chosen = int(_one(found.chosen)) - 1
        near = thresholds(position) if position is not None and bool(_one(found.taken_up)) else ()
        accounts = []
        for index, option in enumerate(choice.options):
            if found.said:
                worked = _said(f"what {found.by} says", _one(found.said[index]))
            else:
                worked = self._worked(ev, option.utility)
            nest = nest_of(choice, index)
            needs = tuple(flip for flip in near if index != chosen and flip.outcome == index + 1.0)
            accounts.append(
                OptionAccount(
                    id=option.id,
                    available=available[index],
                    gate=None if option.gate is None else self._worked(ev, option.gate),
                    utility=worked,
                    bias=utilities[index] - worked.value if available[index] else 0.0,
                    luck=_one(found.noises[index]),
                    score=_one(found.scores[index]),
                    share=shares.options.get(index, 0.0),
                    nest="" if nest is None else choice.nests[nest].id,
                    nest_share=0.0 if nest is None else shares.nests[nest],
                    needs=needs,
                )
            )
        return tuple(accounts)

    # Expressions

    def _worked(self, ev: _Then, node: int, *, whole: bool = False) -> Worked:
        """An expression at work; of a rate what was written, unless the whole (per year) is asked for."""
        written = self._written(node)
        source = self._program.sources.get(written, pr.Source("", (), ()))
        with np.errstate(all="ignore"):
            value = _one(ev.value(node if whole else written))
            parts = tuple(self._part(ev, term) for term in source.terms)
        return Worked(source.text, value, parts, source.joint)

    def _written(self, node: int) -> int:
        """The node of the expression as it was written: of a rate, without its conversion to years."""
        sources = self._program.sources
        if node in sources:
            return node
        return next((inner for inner in self._program.nodes[node].args if inner in sources), node)

    def _part(self, ev: _Then, term: pr.Term) -> Part:
        value = _one(ev.value(term.node))
        failed = ev.failed_in(term.node)
        readings = tuple(
            self._reading(ev, row)
            for row in sorted(self._program.reads(term.node))
            if self._program.variables[row].kind != "parameter"
        )
        return Part(term.text, value, term.sign, readings, failed, self._program.nodes[term.node].truth)

    def _reading(self, ev: _Then, row: int) -> Reading:
        causes = _causes(self._changes_of(row, ev.before), self._turn)
        return Reading(self._program.variables[row].name, float(ev.state.values[row, 0]), causes[:_MOST])

    def _changes_of(self, row: int, before: int | None = None) -> list[ChangeTrace]:
        """What moved a variable in the last turns, of the changes before one (or of all)."""
        return [
            change
            for change in self._trace.changes[:before]
            if change.row == row and change.turn >= self._turn - _BACK and _one(change.happened)
        ]


_BACK: Final = 6
"""Turns back that causes are told of."""
_MOST: Final = 4
"""Causes of one reading."""
_NOTHING: Final = 1e-12
"""A cause that is smaller beside the largest is what rounding left."""


def _causes(changes: Iterable[ChangeTrace], turn: int) -> tuple[Cause, ...]:
    """The causes of some changes, the largest first; what a variable did by itself is one."""
    found: dict[tuple[int, str], Cause] = {}
    for change in changes:
        key = (change.turn if change.cause else turn, change.cause)
        known = found.get(key, Cause(*key, 0.0))
        weight = known.weight if change.weight is None else _one(change.weight)
        found[key] = replace(known, change=known.change + _one(change.moved), weight=weight)
    largest = max((abs(cause.change) for cause in found.values()), default=0.0)
    causes = [cause for cause in found.values() if abs(cause.change) > largest * _NOTHING]
    return tuple(sorted(causes, key=lambda cause: (-abs(cause.change), cause.turn, cause.what)))


def _said(text: str, value: float) -> Worked:
    """A number that came without its parts."""
    return Worked(text, value, (Part(text, value, "+", ()),))


_PERIODS: Final = {periods: name for name, periods in PERIODS_PER_YEAR.items()}


def _period(program: pr.Program, rate: int | None) -> str:
    """The period that a rate is stated for."""
    if rate is None or rate in program.sources:
        return "year"
    per_year = program.nodes[program.nodes[rate].args[1]].value
    return _PERIODS[per_year]


def _decided(trace: RuleTrace | ChoiceTrace) -> pr.Decision:
    return trace.rule if isinstance(trace, RuleTrace) else trace.choice


def _open(trace: RuleTrace | ChoiceTrace) -> Any:
    return trace.gate if isinstance(trace, RuleTrace) else trace.taken_up


def _one(value: Any) -> float:
    """The value of a run that is alone."""
    return float(np.asarray(value).reshape(-1)[0])
