"""Why a rule or a choice came out as it did, each time in the turn that it was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from sim.analysis.accounts import (
    Account,
    Asked,
    Change,
    ChoiceAccount,
    OptionAccount,
    RuleAccount,
    Take,
    Worked,
)
from sim.analysis.flips import Position, flips, thresholds
from sim.analysis.shares import nest_of, shares_of
from sim.analysis.times import Time, in_crisis, is_open, rounds_of, times_of
from sim.analysis.working import Then, Working, said
from sim.compile import program as pr
from sim.engine.trace import ChoiceTrace, RuleTrace
from sim.engine.vectors import one
from sim.scenario.clock import PERIODS_PER_YEAR


class DecisionExplainer:
    """Explains decisions of one turn of one run."""

    def __init__(self, working: Working, *, what_if: bool) -> None:
        self._working = working
        self._what_if = what_if

    def accounts(self, decision: pr.Decision) -> Iterator[Account]:
        """Why this decision came out as it did, each time in the turn that it was open."""
        for time in times_of(self._working, decision):
            yield self._choice(time) if isinstance(time.decision, pr.Choice) else self._rule(time)

    def _then(self, time: Time) -> Then:
        return self._working.on(time.column[:, None], time.before)

    # Rules

    def _rule(self, time: Time) -> RuleAccount:
        rule, ev = time.decision, self._then(time)
        assert isinstance(rule, pr.Rule)
        found = time.found[0] if time.found else None
        assert found is None or isinstance(found, RuleTrace)
        due = rule.due is None or rule.due[self._working.turn] or in_crisis(self._working, time)
        due = found is not None and (due or found.ordered != "")
        asked = self._asked(time, ev, due=due)
        rate = (
            None if rule.rate is None or not asked.open or asked.by else self._working.worked(ev, rule.rate)
        )
        level = None if found is None or found.level is None or not asked.open else one(found.level)
        account = RuleAccount(
            asked=asked,
            kind=rule.kind,
            rate=rate,
            level=level,
            drawn=None if found is None or found.drawn is None else one(found.drawn),
            fired=0.0 if found is None else one(found.fired),
            per=_period(self._working.program, None if rule.kind in ("inject", "probability") else rule.rate),
            size=None
            if rule.size is None or not asked.open or (asked.by and level is None)
            else self._working.worked(ev, rule.size, whole=True).value * asked.years,
            campaign=self._on(rule, found, time),
            spent=rule.ever is not None and bool(time.column[rule.ever] > 0.0),
        )
        if not self._what_if or not due or asked.ordered or asked.by:
            return account
        position = self._position(time)
        return replace(account, flips=flips(position), thresholds=thresholds(position))

    def _on(self, rule: pr.Rule, found: RuleTrace | None, time: Time) -> bool | None:
        """Whether the rule's campaign was on when it was decided; None if it has none."""
        if rule.campaign is None:
            return None
        if found is None or found.campaign is None:  # decided by an order, or not at all
            return bool(time.column[rule.campaign.row] > 0.0)
        return bool(one(found.campaign))

    def _position(self, time: Time, take: int = 0) -> Position:
        run, seed, stream = (
            int(self._working.state.runs[0]),
            self._working.state.seed,
            self._working.state.stream,
        )
        return Position(
            self._working.program,
            time.decision,
            self._working.turn,
            time.column,
            run,
            seed,
            stream,
            take,
            time.round,
        )

    def _asked(self, time: Time, ev: Then, *, due: bool) -> Asked:
        decision, found = time.decision, time.found[0] if time.found else None
        rounds = rounds_of(self._working, time)
        return Asked(
            decision=decision.name,
            owner=decision.owner,
            turn=self._working.turn,
            place=str(decision.place),
            grade=decision.grade,
            years=self._working.program.clock.dt(self._working.turn) / rounds,
            round=time.round,
            rounds=rounds,
            due=due,
            ordered="" if found is None else found.ordered,
            by="" if found is None or found.by is None else str(found.by),
            gate=None if decision.gate is None or not due else self._working.worked(ev, decision.gate),
            open=found is not None and bool(one(is_open(found))),
            did=self._did(time),
        )

    def _did(self, time: Time) -> tuple[Change, ...]:
        name, made = time.decision.name, self._working.trace.changes[time.before : time.until]
        records = {incident.row for incident in self._working.program.incidents}
        return tuple(
            Change(self._working.program.variables[change.row].name, change.operator, one(change.value))
            for change in made
            if change.turn == self._working.turn
            and change.cause == name
            and change.row not in records
            and one(change.happened)
        )

    # Choices

    def _choice(self, time: Time) -> ChoiceAccount:
        choice, ev = time.decision, self._then(time)
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
            rate=self._working.worked(ev, rate) if asked_at and rate is not None else None,
            level=one(first.level) if asked_at and first is not None else None,
            drawn=one(first.up_drawn) if asked_at and first is not None else None,
            per=_period(self._working.program, rate),
            attention=None if choice.share is None or first is None else self._attention(ev, choice.share),
        )

    def _attention(self, ev: Then, share: int) -> Worked:
        """The share of its actor's attention, from what claimed it when the turn's shares were worked out."""
        row = self._working.program.nodes[share].row
        for traced in self._working.trace.passes:
            if traced.turn == self._working.turn and any(
                found.row == row for found in traced.step.assignments
            ):
                then = self._working.on(traced.values, self._working.first_change)
                return replace(self._working.worked(then, share), value=one(ev.value(share)))
        return self._working.worked(ev, share)

    def _stated_rate(self, choice: pr.Choice) -> int | None:
        """The node of a choice's rate before attention dilutes it."""
        if choice.rate is None or choice.share is None:
            return choice.rate
        return self._working.program.nodes[choice.rate].args[0]

    def _take(self, ev: Then, time: Time, found: ChoiceTrace, standing: str, names: Sequence[str]) -> Take:
        choice = found.choice
        position = self._position(time, found.take)
        what_if = self._what_if and not found.ordered and not found.by
        attended = choice.rate is None and found.level is not None
        return Take(
            options=self._options(ev, found, position if what_if else None) if found.utilities else (),
            temperature=0.0 if found.temperature is None else one(found.temperature),
            standing=standing,
            chosen=names[int(one(found.chosen))],
            open=bool(one(found.taken_up)),
            level=one(found.level) if attended else None,
            drawn=one(found.up_drawn) if attended else None,
            flips=flips(position) if what_if else (),
        )

    def _options(self, ev: Then, found: ChoiceTrace, position: Position | None) -> tuple[OptionAccount, ...]:
        choice, available = found.choice, [bool(one(here)) for here in found.available]
        utilities = [one(utility) for utility in found.utilities]
        shares = shares_of(found)
        chosen = int(one(found.chosen)) - 1
        near = thresholds(position) if position is not None and bool(one(found.taken_up)) else ()
        accounts = []
        for index, option in enumerate(choice.options):
            if found.said:
                worked = said(f"what {found.by} says", one(found.said[index]))
            else:
                worked = self._working.worked(ev, option.utility)
            nest = nest_of(choice, index)
            needs = tuple(flip for flip in near if index != chosen and flip.outcome == index + 1.0)
            accounts.append(
                OptionAccount(
                    id=option.id,
                    available=available[index],
                    gate=None if option.gate is None else self._working.worked(ev, option.gate),
                    utility=worked,
                    bias=utilities[index] - worked.value if available[index] else 0.0,
                    luck=one(found.noises[index]),
                    score=one(found.scores[index]),
                    share=shares.options.get(index, 0.0),
                    nest="" if nest is None else choice.nests[nest].id,
                    nest_share=0.0 if nest is None else shares.nests[nest],
                    needs=needs,
                )
            )
        return tuple(accounts)


_PERIODS: Final = {periods: name for name, periods in PERIODS_PER_YEAR.items()}


def _period(program: pr.Program, rate: int | None) -> str:
    """The period that a rate is stated for."""
    if rate is None or rate in program.sources:
        return "year"
    per_year = program.nodes[program.nodes[rate].args[1]].value
    return _PERIODS[per_year]
