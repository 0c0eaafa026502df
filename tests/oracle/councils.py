"""What expressions read of bodies: measures, drafts, votes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sim.scenario import expressions as tree
from tests.oracle.chambers import DraftHere
from tests.oracle.dates import UNIT_DAYS
from tests.oracle.faults import Fault
from tests.oracle.minds import ids
from tests.oracle.names import Scope
from tests.oracle.terms import Claim, Moment, Quantity, Term
from tests.oracle.voting import Bodies

Arguments = tuple[tree.Expr, ...]
RESULTS = {"passed": "passes", "failed": "fails"}
VOTES = {"votes_for": "for", "votes_against": "against", "abstentions": "abstain"}


@dataclass(frozen=True)
class Councils:
    """Reads bodies for expressions."""

    bodies: Bodies

    def readers(self) -> dict[str, Callable[[Arguments, Scope], Term]]:
        return {
            "measure": self._measure,
            "mandate_lapsed": self._lapsed,
            "time_left": self._time_left,
            "tabled": self._tabled,
            "vetoed": self._vetoed,
            **{name: partial(self._came, what) for name, what in RESULTS.items()},
            **{name: partial(self._votes, way) for name, way in VOTES.items()},
        }

    def _measure(self, arguments: Arguments, _scope: Scope) -> Term:
        row = f"measure[{'/'.join(ids(arguments))}]"
        return Claim(lambda moment: moment.now[row] > 0)

    def _lapsed(self, arguments: Arguments, _scope: Scope) -> Term:
        body, measure = ids(arguments)
        row = self.bodies.lapse(body, measure).row("fired")
        return Claim(lambda moment: moment.now[row] > 0)

    def _time_left(self, arguments: Arguments, scope: Scope) -> Term:
        about = "/".join(ids(arguments))
        step = scope.names.calendar.step
        length = (step.number * UNIT_DAYS[step.unit]) / 365.25

        def value(moment: Moment) -> float:
            if not moment.now[f"measure[{about}]"] > 0:
                return 0.0
            left = ((moment.now[f"until[{about}]"] - max(moment.turn, 1)) + 1) * length
            return max(left, 0.0)

        return Quantity(value)

    def _draft(self, arguments: Arguments) -> tuple[DraftHere, list[str]]:
        body, draft, *rest = ids(arguments)
        for here in self.bodies.drafts:
            if (here.body_id, here.id) == (body, draft):
                return here, rest
        raise Fault(f"{body} has no draft {draft}")

    def _tabled(self, arguments: Arguments, _scope: Scope) -> Term:
        here, _ = self._draft(arguments)
        return Claim(here.tabled)

    def _came(self, what: str, arguments: Arguments, _scope: Scope) -> Term:
        here, _ = self._draft(arguments)
        row = here.of_body(what).row("fired")
        return Claim(lambda moment: moment.now[row] > 0)

    def _vetoed(self, arguments: Arguments, scope: Scope) -> Term:
        here, who = self._draft(arguments)
        row = here.of_body("vetoed").row("fired")
        if not who:
            return Claim(lambda moment: moment.now[row] > 0)
        member = scope.actor(who[0])
        return Claim(lambda moment: moment.now[row] > 0 and self.bodies.vetoes(here, member, moment))

    def _votes(self, way: str, arguments: Arguments, scope: Scope) -> Term:
        here, who = self._draft(arguments)
        if not who:
            return Quantity(lambda moment: moment.now[here.tally(way)])
        member = scope.actor(who[0])
        return Quantity(
            lambda moment: here.seats(member) if self.bodies.cast(here, member, way, moment) else 0.0
        )
