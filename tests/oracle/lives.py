"""The life of commitments (C1 to C6, C25): signed, in force, suspended, under notice, ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.scenario.commitments import Commitment
from sim.scenario.expressions import Expression
from tests.oracle.disputes import Disputes, State
from tests.oracle.expressions import read_truth
from tests.oracle.names import Names, Scope
from tests.oracle.terms import Moment, Truth


@dataclass
class Lives:
    """The state of every commitment, in one run."""

    names: Names
    disputes: Disputes
    conditions: dict[tuple[str, str], Truth] = field(default_factory=dict)
    """(commitment, `enters`, `suspended` or `notice`): those that are stated."""

    def read(self) -> None:
        for name, pact in self.names.model.commitments.items():
            stated: dict[str, Expression | None] = {"enters": pact.enters, "suspended": pact.suspended}
            stated["notice"] = pact.notice.when if pact.notice else None
            for key, condition in stated.items():
                if condition is not None:
                    self.conditions[name, key] = read_truth(condition, Scope(self.names))

    def _holds(self, name: str, key: str, moment: Moment, *, otherwise: bool) -> bool:
        condition = self.conditions.get((name, key))
        return otherwise if condition is None else condition(moment)

    def first(self) -> dict[str, float]:
        day, pacts = self.names.calendar.start, self.names.model.commitments
        found = {}
        for name, pact in pacts.items():
            in_force = (pact.in_force or pact.signed) <= day and pact.enters is None
            found[name] = 0.0 if pact.signed > day else 2.0 if in_force else 1.0
            if pact.ends is not None and pact.ends <= day:
                found[name] = 4.0
        replaced = [old for name, pact in pacts.items() if found[name] == 2.0 for old in pact.replaces]
        return {**found, **dict.fromkeys(replaced, 4.0)}

    def live(self, state: State, moment: Moment) -> None:
        """After stage 2, on one state."""
        found, pacts = dict(state), self.names.model.commitments
        day = self.names.calendar.first_day(moment.turn)
        entered = {
            name: found[f"status[{name}]"] >= 2
            or ((pact.in_force or pact.signed) <= day and self._holds(name, "enters", moment, otherwise=True))
            for name, pact in pacts.items()
        }
        for name, pact in pacts.items():
            left = self._notice(name, pact, found, moment)
            ran_out = pact.notice is not None and found[f"notice[{name}]"] > 0 and left == 0
            ended = (
                found[f"status[{name}]"] == 4
                or self._broken(name, pact, found, "ends")
                or (pact.ends is not None and pact.ends <= day)
                or ran_out
                or any(
                    entered[new] and found[f"status[{new}]"] != 4
                    for new, other in pacts.items()
                    if name in other.replaces
                )
            )
            suspended = self._holds(name, "suspended", moment, otherwise=False)
            held = suspended or self._broken(name, pact, found, "suspends")
            status = (3.0 if held else 2.0) if entered[name] else float(pact.signed <= day)
            state[f"status[{name}]"] = 4.0 if ended else status
            if pact.notice is not None:
                state[f"notice[{name}]"] = left

    def _notice(self, name: str, pact: Commitment, found: State, moment: Moment) -> float:
        if pact.notice is None:
            return 0.0
        left = found[f"notice[{name}]"]
        if left > 0:
            return left - 1
        day = pact.notice.on
        on = day is not None and day <= self.names.calendar.first_day(moment.turn)
        given = self._holds(name, "notice", moment, otherwise=on)
        stands = found[f"status[{name}]"] in (2.0, 3.0)
        return float(max(self.names.calendar.in_turns(pact.notice.length), 1)) if given and stands else 0.0

    def _broken(self, name: str, pact: Commitment, found: State, how: str) -> bool:
        """Whether a breach suspends or ends it."""
        for article_id, article in pact.articles.items():
            if article.breach != how:
                continue
            for v, a in self.disputes.pairs.get((name, article_id), []):
                spent = found[f"spent[{name}.{article_id}, {v}, {a}]"]
                going_on = self.disputes.is_on(found, (v, a)) and spent == self.disputes.episode(
                    found, (v, a)
                )
                if spent > 0 and (how == "ends" or going_on):
                    return True
        return False

    def binds(self, state: Mapping[str, float], name: str, pact: Commitment) -> bool:
        status = state[f"status[{name.partition('.')[0]}]"]
        return status == 2 or (pact.acts_before_force and status == 1)
