"""Section 6 of the semantics: one run of a scenario, turn by turn.

`play(scenario, seed=1, run=7)[12]["tension[KOR, PRK]"]` is their tension after turn 12 of run 7.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import NamedTuple

from sim.scenario.models import Outcome
from tests.oracle import parameters
from tests.oracle.adjudicate import Decided, Done, acts_done, adjudicate
from tests.oracle.board import Board, prepare
from tests.oracle.claims import Told
from tests.oracle.dates import UNIT_DAYS
from tests.oracle.draws import Draws
from tests.oracle.faults import Fault, OracleError, Undefined
from tests.oracle.injects import DecisionHere, InjectHere
from tests.oracle.movement import move
from tests.oracle.names import Playable, act_row
from tests.oracle.rules import RuleHere
from tests.oracle.terms import Moment, clamp, finite
from tests.oracle.turns import Turn

State = dict[str, float]


class Order(NamedTuple):
    turn: int
    actor: str
    decision: str
    """`rule` or `rule/bindings`."""
    option: str
    reason: str = ""


def play(
    scenario: Playable | Board,
    *,
    seed: int,
    run: int,
    stream: int = 0,
    orders: Iterable[Order] = (),
    turns: int | None = None,
) -> list[State]:
    """The table after turn 0, 1, 2 ... up to `turns` (by default all of the clock): row name to value.

    Raises:
        Fault: the scenario cannot be played.
        OracleError: the run cannot go on.
    """
    board = scenario if isinstance(scenario, Board) else prepare(scenario)
    return Game(board, Draws(seed, stream, run), orders).play(turns)


def state_hash(state: Mapping[str, float], turn: int) -> str:
    """Section 10: BLAKE2b-128 of the turn and the table, in hexadecimal digits."""
    values = [state[row] + 0.0 for row in sorted(state)]
    return blake2b(struct.pack(f"<q{len(values)}d", turn, *values), digest_size=16).hexdigest()


class Game:
    def __init__(self, board: Board, draws: Draws, orders: Iterable[Order]) -> None:
        self.board = board
        self.names = board.names
        self.calendar = board.names.calendar
        self.draws = draws
        self.turn = 0
        self.ends: list[State] = []
        """The table at the end of each turn, without the rows of the past."""
        self.orders: dict[tuple[int, str, str], str] = {}
        for order in orders:  # of two for one decision the last holds
            self.orders[order.turn, order.actor, order.decision] = order.option

    def play(self, turns: int | None) -> list[State]:
        self.ends = [self.start()]
        for turn in range(1, (self.calendar.turns if turns is None else turns) + 1):
            self.turn = turn
            self.ends.append(self.advance())
        return [self.with_past(turn) for turn in range(len(self.ends))]

    def with_past(self, turn: int) -> State:
        """The table at the end of a turn, with the rows V@1, V@2 ... as they have just moved on."""
        past = {
            f"{row}@{back}": self.ends[max(turn - back + 1, 0)][row]
            for row, turns in self.names.lags.items()
            for back in range(1, turns + 1)
        }
        return self.ends[turn] | past

    @contextmanager
    def naming(self, what: str) -> Iterator[None]:
        """Errors say where they came from."""
        try:
            yield
        except (Undefined, ZeroDivisionError) as error:
            raise OracleError(self.draws.run, self.turn, f"{what}: {error}") from None

    def moment(self, state: State) -> Moment:
        return Moment(self.turn, dict(state), self.ends)

    # --- turn 0 ---------------------------------------------------------------------------------------------

    def start(self) -> State:
        with self.naming("parameters"):
            state = parameters.draw(self.names.model, self.draws)
            self.write(state, self.board.promises.parameters(self.draws))
        moment = self.moment(state)
        for row, initial in self.board.initial.items():
            with self.naming(row):
                self.write(state, {row: finite(clamp(initial(moment), *self.names.ranges[row]), row)})
        self.write(state, self.board.rows())
        moment = self.moment(state)
        with self.naming("beliefs"):
            self.write(state, self.board.credits.start(moment) | self.board.beliefs.start(moment))
            self.write(state, self.board.sanctions.first_channels(moment))
            self.write(state, self.board.groups.start(moment) | self.board.flows.start(moment))
        moment = self.moment(state)
        for perception in self.board.perceptions:
            with self.naming(perception.event.name):
                self.write(state, perception.start(moment, self.draws, self.names.ranges))
        turn = self.turn_of(self.moment(state))
        for here in (*self.board.first_deciders(), *self.board.decisions):
            if isinstance(here, RuleHere):
                with self.naming(here.event.name):
                    state.update(here.start(turn))
        with self.naming("sanctions"):
            moment = self.moment(state)
            for regime in self.board.sanctions.all:
                self.board.sanctions.settle(state, regime, moment, 0.0)
        self.attend(state)
        moment = self.moment(state)
        for reference in self.board.references():
            with self.naming(reference.row):
                state[reference.row] = reference.start(moment)
        self.indicate(state)
        self.write(state, {f"outcome.{name}": 0.0 for name in self.board.outcomes})
        return state

    def write(self, state: State, rows: State) -> None:
        """Add rows that are not there yet."""
        if not state.keys().isdisjoint(rows):
            raise Fault(f"two things are named {min(state.keys() & rows.keys())}")
        state.update(rows)

    # --- a turn ---------------------------------------------------------------------------------------------

    def advance(self) -> State:
        """One turn from the last one's end; returns the table at its own end."""
        state = dict(self.ends[-1])
        self.board.promises.clear(state)
        self.happen(state)
        self.perceive(state)
        with self.naming("commitments"):
            self.board.promises.lives.live(state, self.moment(state))
        self.board.disputes.wait(state)
        with self.naming("beliefs"):
            self.board.credits.learn(state, self.moment(state))
            self.board.credits.test(state, self.moment(state))
            self.board.beliefs.learn(state, self.moment(state), self.draws)
        self.attend(state)
        self.decide_and_adjudicate(state)
        with self.naming("late answers"):
            self.board.promises.books.deliver_late(state, self.moment(state), self.names.ranges)
        self.answer(state)
        for number in range(2, self.rounds() + 1):
            if not self.again(state, number):
                break
        with self.naming("bodies"):
            self.board.bodies.vote(state, self.turn_of, self.ends, self.today(), self.names.ranges)
        self.board.disputes.fade(state)
        with self.naming("sanctions"):
            self.board.sanctions.play(state, self.turn_of, self.ends, self.today(), self.names.ranges)
        with self.naming("flows and groups"):
            self.board.flows.play(state, self.turn_of, self.ends, self.today(), self.names.ranges)
            self.board.groups.move(state, self.moment(state), self.calendar.dt(self.turn))
        self.move(state)
        self.indicate(state)
        self.come_about(state)
        return state

    def happen(self, state: State) -> None:
        """Stage 1: injects and the rules of the world."""
        moment = self.moment(state)
        decided = [self.decide(here, moment) for here in self.board.first_deciders()]
        state.update(self.adjudicate(decided, moment))
        for each in decided:
            state.update(each.writes)

    def perceive(self, state: State) -> None:
        """Stage 2."""
        turn = self.turn_of(self.moment(state))
        for perception in self.board.perceptions:
            with self.naming(perception.event.name):
                state.update(perception.look(turn, self.names.ranges))

    def attend(self, state: State) -> None:
        """How much of what presses each actor attends to: at turn 0 and at the end of stage 2."""
        moment = self.moment(state)
        for attention in self.board.attention:
            with self.naming(attention.row):
                state[attention.row] = attention.share(moment)

    def decide_and_adjudicate(self, state: State) -> None:
        """Stages 3 and 4: both read the state as it stands now."""
        moment = self.moment(state)
        decided = [self.decide(here, moment) for here in self.board.decisions]
        for each in decided:
            state.update(each.writes)
        state.update(self.adjudicate(decided, moment))
        counts = acts_done(_all_done(decided))
        for act in self.names.acts:
            state[act_row("acts", *act)] = float(counts.get(act, 0))
            state[act_row("times", *act)] += float(counts.get(act, 0))
        self.board.disputes.note(state, counts)

    def decide(self, here: DecisionHere, moment: Moment, number: int = 1) -> Decided:
        order = self.orders.get((self.turn, here.event.owner, here.event.name))
        rounds = self.rounds() if self.in_crisis(here, moment.now) else 1
        with self.naming(f"{here.event.owner}/{here.event.name}"):
            return here.decide(Turn(moment, self.draws, self.calendar, rounds, number), order)

    # --- crises and calls -----------------------------------------------------------------------------------

    def rounds(self) -> int:
        """Crisis rounds in this turn (E9)."""
        if not any(here.crisis for here in self.board.decisions):
            return 1
        length = self.board.disputes.said.round
        days = (self.calendar.dates[self.turn] - self.calendar.dates[self.turn - 1]).days
        return max(1, math.floor(days / (length.number * UNIT_DAYS[length.unit]) + 0.5))

    @staticmethod
    def in_crisis(here: DecisionHere, now: Mapping[str, float]) -> bool:
        crisis = None if isinstance(here, InjectHere) else here.crisis
        return crisis is not None and now[f"crisis[{crisis[0]}, {crisis[1]}]"] > 0

    def again(self, state: State, number: int) -> bool:
        """A round after the first; whether anybody is in crisis at all."""
        rows = {f"crisis[{here.crisis[0]}, {here.crisis[1]}]" for here in self.board.decisions if here.crisis}
        if not any(state[row] > 0 for row in rows):
            return False
        moment = self.moment(state)
        decided = []
        for here in self.board.decisions:
            ordered = (self.turn, here.event.owner, here.event.name) in self.orders
            if self.in_crisis(here, moment.now) and not ordered:
                each = self.decide(here, moment, number)
                decided.append(each)
                state.update(_so_far(here, each.writes, moment.now))
        state.update(self.adjudicate(decided, moment))
        counts = acts_done(_all_done(decided))
        for act, times in counts.items():
            state[act_row("acts", *act)] += float(times)
            state[act_row("times", *act)] += float(times)
        self.board.disputes.note(state, counts)
        self.answer(state)
        return True

    def answer(self, state: State) -> None:
        """Stage 5."""
        self.board.disputes.go_on(state, ending=True)
        with self.naming("calls and answers"):
            told = Told(self.draws, self.today())
            self.board.promises.waves(state, self.turn, self.ends, told, self.names.ranges)

    def today(self) -> dict[tuple[str, str], str]:
        """The orders of this turn."""
        return {(who, what): option for (turn, who, what), option in self.orders.items() if turn == self.turn}

    def adjudicate(self, decided: Sequence[Decided], moment: Moment) -> State:
        with self.naming("effects"):
            return adjudicate(_all_done(decided), moment, self.names.ranges)

    def move(self, state: State) -> None:
        """Stage 7."""
        turn = self.turn_of(self.moment(state))
        for row, entries in self.board.dynamics.items():
            with self.naming(row):
                state[row] = move(row, entries, turn, self.names.ranges)
        for reference in self.board.references():
            with self.naming(reference.row):
                state[reference.row] = reference.adapt(turn.moment, turn.dt)

    # --- stage 8 --------------------------------------------------------------------------------------------

    def indicate(self, state: State) -> None:
        moment = self.moment(state)
        for name, indicator in self.board.indicators.items():
            with self.naming(name):
                state[name] = finite(indicator(moment), name)

    def come_about(self, state: State) -> None:
        moment = self.moment(state)
        for name, claim in self.board.outcomes.items():
            with self.naming(name):
                # reading: an outcome is evaluated only where it can still come about.
                row, outcome = f"outcome.{name}", self.names.model.outcomes[name]
                if state[row] == 0 and self.open(outcome) and claim(moment):
                    state[row] = float(self.turn)

    def open(self, outcome: Outcome) -> bool:
        """Whether the outcome can come about in this turn."""
        end = self.calendar.dates[self.turn]
        if outcome.at is not None:
            return self.calendar.dates[self.turn - 1] < outcome.at <= end
        assert outcome.by is not None
        return end <= outcome.by and (outcome.from_ is None or outcome.from_ < end)

    def turn_of(self, moment: Moment) -> Turn:
        return Turn(moment, self.draws, self.calendar)


def _so_far(here: DecisionHere, writes: State, now: Mapping[str, float]) -> State:
    """What a later round writes: how often in the turn, and what was chosen last."""
    found = dict(writes)
    fired, chosen = here.event.row("fired"), here.event.row("chosen")
    if isinstance(here, RuleHere) and here.rule.count is not None:
        found[fired] = now[fired] + writes[fired]
    elif fired in writes:
        found[fired] = 1.0 if writes[fired] > 0 else now[fired]
    elif writes[chosen] == 0:
        found[chosen] = now[chosen]
    return found


def _all_done(decided: Sequence[Decided]) -> list[Done]:
    return [done for each in decided for done in each.done]
