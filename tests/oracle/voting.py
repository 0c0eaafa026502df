"""Stage 6: what is tabled, how members vote, what comes of it (B1 to B17)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sim.scenario.bodies import Aftermath, Measure
from tests.oracle.adjudicate import Decided, Done, acts_done, adjudicate, arguments
from tests.oracle.chambers import DraftHere, drafts_of, read_table, read_vote, stated_options
from tests.oracle.choices import ChoiceHere
from tests.oracle.deeds import Performed, acts, read_deeds
from tests.oracle.disputes import State
from tests.oracle.events import Event
from tests.oracle.names import Names, Scope, act_row
from tests.oracle.rules import RuleHere
from tests.oracle.terms import Moment, Truth
from tests.oracle.turns import Turn

Ranges = Mapping[str, tuple[float, float]]
Orders = Mapping[tuple[str, str], str]
TurnOf = Callable[[Moment], Turn]


@dataclass(frozen=True)
class Result:
    """A rule of a body: it comes about where its gate is open."""

    event: Event
    gate: Truth
    deeds: tuple[Performed, ...]

    def decide(self, moment: Moment, order: str | None) -> Decided:
        fires = self.gate(moment) if order is None else order == "do"
        writes = {self.event.row("fired"): float(fires)}
        if not fires:
            return Decided(writes)
        return Decided(writes, (Done(self.event.key, "", self.deeds, arguments(self.deeds, moment)),))


@dataclass
class Bodies:
    """All bodies of a scenario."""

    names: Names
    drafts: list[DraftHere] = field(default_factory=list)
    tabling: list[RuleHere] = field(default_factory=list)
    votes: list[ChoiceHere] = field(default_factory=list)
    passing: list[Result] = field(default_factory=list)
    vetoing: list[Result] = field(default_factory=list)
    following: list[Result] = field(default_factory=list)

    def find(self) -> None:
        """What can be tabled, and what votes can do."""
        self.drafts = drafts_of(self.names)
        for here in self.drafts:
            for member in here.members:
                for option in stated_options(here, member, self.names).values():
                    self.names.acts.update(acts(option, Scope(self.names, member)))

    def read(self) -> None:
        for here in self.drafts:
            self.tabling += [read_table(here, sponsor, self.names) for sponsor in here.sponsors]
            self.votes += [read_vote(here, member, self.names) for member in here.members]
            draft = here.draft
            self.passing.append(self._result(here, "passes", self._passes, draft.passed))
            self.vetoing.append(self._result(here, "vetoed", self._vetoed, draft.vetoed))
            self.following.append(self._result(here, "fails", self._fails, draft.failed))
        for body_id, measure_id, measure in self.mandates():
            deeds = self._deeds(measure.lapsed)
            gate = self._lapsing(body_id, measure_id)
            self.following.append(Result(self.lapse(body_id, measure_id), gate, deeds))

    def _result(
        self,
        here: DraftHere,
        what: str,
        gate: Callable[[DraftHere, Moment], bool],
        after: Aftermath | None,
    ) -> Result:
        return Result(here.of_body(what), lambda moment: gate(here, moment), self._deeds(after))

    def _deeds(self, after: Aftermath | None) -> tuple[Performed, ...]:
        return read_deeds(after, Scope(self.names)) if after else ()

    def mandates(self) -> Iterator[tuple[str, str, Measure]]:
        for body_id, body in sorted(self.names.model.bodies.items()):
            for measure_id, measure in sorted(body.measures.items()):
                if measure.term is not None:
                    yield body_id, measure_id, measure

    def lapse(self, body_id: str, measure: str) -> Event:
        owner = self.names.model.bodies[body_id].luck_key or body_id
        return Event(
            body_id, "lapses", "lapses", (("measure", measure),), f"{owner}/lapses/measure={measure}"
        )

    def _decided(self) -> list[RuleHere | ChoiceHere]:
        return [*self.tabling, *self.votes]

    def decisions(self) -> list[tuple[Event, list[str]]]:
        """With what can be ordered."""
        rules = [here.event for here in self.tabling]
        rules += [here.event for here in (*self.passing, *self.vetoing, *self.following)]
        found = [(event, ["do", "refrain"]) for event in rules]
        return found + [(vote.event, [option.id for option in vote.options]) for vote in self.votes]

    # --- rows -----------------------------------------------------------------------------------------------

    def start(self) -> State:
        rows: State = {}
        for here in self._decided():
            rows |= dict(here.rows())
        for result in (*self.passing, *self.vetoing, *self.following):
            rows[result.event.row("fired")] = 0.0
        for draft in self.drafts:
            rows |= {draft.tally(way): 0.0 for way in ("for", "against", "abstain")}
        for body_id, body in self.names.model.bodies.items():
            for measure_id, measure in body.measures.items():
                rows[f"measure[{body_id}/{measure_id}]"] = float(measure.in_force)
                if measure.term is not None:
                    rows[f"until[{body_id}/{measure_id}]"] = float(self._until(measure))
        return rows

    def _until(self, measure: Measure) -> int:
        calendar = self.names.calendar
        if not measure.in_force or measure.term is None:
            return 0
        if measure.until is None:
            return calendar.in_turns(measure.term)
        turns = range(1, calendar.turns + 1)
        return next((turn for turn in turns if calendar.covers(turn, measure.until)), calendar.turns + 1)

    def purposes(self) -> Iterator[str]:
        for here in self._decided():
            for purpose in here.purposes():
                yield here.event.purpose(purpose)

    # --- counting -------------------------------------------------------------------------------------------

    def cast(self, here: DraftHere, member: str, way: str, moment: Moment) -> bool:
        """Whether a member votes so on a draft that is tabled."""
        options = sorted(stated_options(here, member, self.names))
        if way not in options or not here.tabled(moment):
            return False
        return moment.now[here.chosen(member)] == 1 + options.index(way)

    def tally(self, here: DraftHere, way: str, moment: Moment) -> float:
        """B4 and B5."""
        votes = [here.seats(member) for member in here.members if self.cast(here, member, way, moment)]
        return float(sum(votes))

    @staticmethod
    def _tallies(here: DraftHere, moment: Moment) -> tuple[float, float, float]:
        f, g, a = (moment.now[here.tally(way)] for way in ("for", "against", "abstain"))
        return f, g, a

    def _carried(self, here: DraftHere, moment: Moment) -> bool:
        """B6 to B9."""
        f, g, _ = self._tallies(here, moment)
        body = here.body
        if body.majority:
            return f > g
        if body.at_least is not None:
            return f >= body.at_least
        if body.unanimity:
            n = sum(here.seats(member) for member in here.members)
            return f == n if body.abstention_blocks else f > 0 and g == 0
        return self.cast(here, str(body.single), "for", moment)

    def _quorate(self, here: DraftHere, moment: Moment) -> bool:
        """B10."""
        f, g, a = self._tallies(here, moment)
        return here.body.quorum is None or (f + g) + a >= here.body.quorum

    def vetoes(self, here: DraftHere, member: str, moment: Moment) -> bool:
        """B11 to B14: whether the member's vote was a veto."""
        may = here.body.unanimity or member in here.permanent
        return may and not here.draft.procedural and self.cast(here, member, "against", moment)

    def _any_veto(self, here: DraftHere, moment: Moment) -> bool:
        return any(self.vetoes(here, member, moment) for member in here.members)

    def _passes(self, here: DraftHere, moment: Moment) -> bool:
        if not (here.tabled(moment) and self._carried(here, moment) and self._quorate(here, moment)):
            return False
        return here.body.unanimity or not self._any_veto(here, moment)

    def _vetoed(self, here: DraftHere, moment: Moment) -> bool:
        if not here.tabled(moment) or moment.now[here.of_body("passes").row("fired")] > 0:
            return False
        f, g, _ = self._tallies(here, moment)
        carried = f > g if here.body.unanimity else self._carried(here, moment)
        return carried and self._quorate(here, moment) and self._any_veto(here, moment)

    @staticmethod
    def _fails(here: DraftHere, moment: Moment) -> bool:
        came = [moment.now[here.of_body(what).row("fired")] > 0 for what in ("passes", "vetoed")]
        return here.tabled(moment) and not any(came)

    # --- measures -------------------------------------------------------------------------------------------

    def _passed(self, body_id: str, measure: str, *purposes: str) -> Truth:
        rows = [
            here.of_body("passes").row("fired")
            for here in self.drafts
            if here.body_id == body_id and measure in [getattr(here.draft, each) for each in purposes]
        ]
        return lambda moment: any(moment.now[row] > 0 for row in rows)

    def _lapsing(self, body_id: str, measure: str) -> Truth:
        """B15."""
        about = f"{body_id}/{measure}"
        passed = self._passed(body_id, measure, "adopts", "renews", "ends")

        def lapses(moment: Moment) -> bool:
            up = moment.now[f"measure[{about}]"] > 0 and moment.turn >= moment.now[f"until[{about}]"]
            return up and not passed(moment)

        return lapses

    def _measures(self, state: State, moment: Moment) -> None:
        """B16 and B17."""
        for body_id, body in self.names.model.bodies.items():
            for measure_id, measure in body.measures.items():
                row, until = f"measure[{body_id}/{measure_id}]", f"until[{body_id}/{measure_id}]"
                in_force = moment.now[row] > 0
                extended = self._passed(body_id, measure_id, "adopts", "renews")(moment)
                if self._passed(body_id, measure_id, "ends")(moment):
                    state[row] = 0.0
                elif extended:
                    state[row] = 1.0
                elif measure.term is not None:
                    lapsed = moment.now[self.lapse(body_id, measure_id).row("fired")] > 0
                    state[row] = 0.0 if lapsed else state[row]
                if measure.term is not None and extended:
                    base = moment.now[until] if in_force else float(moment.turn)
                    state[until] = base + self.names.calendar.in_turns(measure.term)

    # --- the stage ------------------------------------------------------------------------------------------

    def vote(self, state: State, turn_of: TurnOf, past: list[State], orders: Orders, ranges: Ranges) -> None:
        """Stage 6."""

        def now() -> Moment:
            return Moment(len(past), dict(state), past)

        for here in ([*self.tabling], [*self.votes]):
            moment = now()
            turn = turn_of(moment)
            decided = [each.decide(turn, orders.get((each.event.owner, each.event.name))) for each in here]
            carry_out(state, decided, moment, ranges)
        moment = now()
        for draft in self.drafts:
            for way in ("for", "against", "abstain"):
                state[draft.tally(way)] = self.tally(draft, way, moment)
        for results in (self.passing, self.vetoing, self.following):
            moment = now()
            decided = [
                each.decide(moment, orders.get((each.event.owner, each.event.name))) for each in results
            ]
            carry_out(state, decided, moment, ranges)
        self._measures(state, now())


def carry_out(state: State, decided: list[Decided], moment: Moment, ranges: Ranges) -> None:
    done = [one for each in decided for one in each.done]
    state.update(adjudicate(done, moment, ranges))
    for each in decided:
        state.update(each.writes)
    for act, times in acts_done(done).items():
        for table in ("acts", "times"):
            state[act_row(table, *act)] += float(times)
