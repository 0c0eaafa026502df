"""The life of commitments: signed, in force, suspended, under notice, ended (rules C1 to C6, C25)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from sim.compile import program as pr
from sim.compile.disputes import Disputes, ordered
from sim.compile.ground import Ground
from sim.compile.pacts import ArticleHere
from sim.compile.scope import Scope
from sim.scenario.commitments import Commitment
from sim.scenario.expressions import Expression
from sim.scenario.load import PathOf

RULES: Final[Mapping[str, str]] = {
    "C1": "In force",
    "C2": "Signature alone",
    "C3": "Suspension",
    "C4": "Notice",
    "C5": "Term",
    "C6": "Replacement",
    "C25": "Consequence of a breach",
}
SIGNED, IN_FORCE, SUSPENDED, ENDED = 1.0, 2.0, 3.0, 4.0


class Lifecycle:
    """Rows and passes of the state of commitments."""

    def __init__(self, ground: Ground, disputes: Disputes) -> None:
        self._g = ground
        self._disputes = disputes
        self._pacts = dict(sorted(ground.lowering.scenario.model.commitments.items()))

    def declare(self) -> None:
        """A row for the state of each commitment, and one for its notice."""
        for name, pact in self._pacts.items():
            place = self._g.lowering.scenario.place("commitments", name)
            self._g.row(f"status[{name}]", place, low=0.0, high=ENDED)
            if pact.notice is not None:
                self._g.row(f"notice[{name}]", place, low=0.0)

    # Nodes

    def binds(self, article: ArticleHere) -> int:
        """Whether an article binds now."""
        c = self._g.compose
        status = c.row(f"status[{article.commitment}]")
        in_force = c.compare("eq", status, c.const(IN_FORCE))
        if not self._g.on("C2"):
            return c.any(in_force, c.compare("eq", status, c.const(SIGNED)))
        if not article.pact.acts_before_force:
            return in_force
        return c.any(in_force, c.compare("eq", status, c.const(SIGNED)))

    def is_at(self, name: str, status: float) -> int:
        """Whether a commitment is in a state."""
        c = self._g.compose
        return c.compare("eq", c.row(f"status[{name}]"), c.const(status))

    def _since(self, day: date) -> int:
        clock = self._g.lowering.scenario.clock
        turn = float(clock.turn_from(day))
        return self._g.lowering.builder.node("since_turn", value=turn, truth=True)

    # Before play

    def start(self) -> None:
        """The state at the start date."""
        first = self._g.lowering.scenario.clock.start
        status = {name: self._at(pact, first) for name, pact in self._pacts.items()}
        if self._g.on("C6"):
            replacing = [pact for name, pact in self._pacts.items() if status[name] == IN_FORCE]
            status |= {old: ENDED for pact in replacing for old in pact.replaces if old in status}
        for name, value in status.items():
            place = self._g.lowering.scenario.place("commitments", name)
            node = self._g.compose.const(value)
            self._g.made.initials.append(self._g.initial(f"status[{name}]", node, place))

    def _at(self, pact: Commitment, day: date) -> float:
        if pact.ends is not None and pact.ends <= day and self._g.on("C5"):
            return ENDED
        if pact.signed > day:
            return 0.0
        if not self._g.on("C1"):
            return IN_FORCE
        entered = (pact.in_force or pact.signed) <= day and pact.enters is None
        return IN_FORCE if entered else SIGNED

    # After stage 2

    def moving(self, breaches: Mapping[str, tuple[int, int]]) -> list[pr.Assignment]:
        """The state of every commitment in this turn; `breaches`: whether one suspends or ends it."""
        made, entered = [], {name: self._entered(name, pact) for name, pact in self._pacts.items()}
        for name, pact in self._pacts.items():
            place = self._g.lowering.scenario.place("commitments", name)
            status = self._status(name, pact, entered, breaches)
            made.append(self._g.assign(f"status[{name}]", status, place, "C1"))
            if pact.notice is not None:
                left = self._notice(name, pact)
                made.append(self._g.assign(f"notice[{name}]", left, place, "C4"))
        return made

    def _entered(self, name: str, pact: Commitment) -> int:
        """Whether it is, or has been, in force, were it not for suspension and end."""
        c, path = self._g.compose, ("commitments", name)
        been = c.compare("ge", c.row(f"status[{name}]"), c.const(IN_FORCE))
        if not self._g.on("C1"):
            return c.any(been, self._since(pact.signed))
        enters = [self._since(pact.in_force or pact.signed)]
        if pact.enters is not None:
            enters.append(self._truth(pact.enters, (*path, "enters")))
        return c.any(been, c.all(*enters))

    def _truth(self, expression: Expression, path: PathOf) -> int:
        return self._g.lowering.truth(expression, Scope(path))

    def _status(
        self,
        name: str,
        pact: Commitment,
        entered: Mapping[str, int],
        breaches: Mapping[str, tuple[int, int]],
    ) -> int:
        g, c = self._g, self._g.compose
        status = c.row(f"status[{name}]")
        signed = c.when(self._since(pact.signed), c.const(SIGNED), c.const(0.0))
        suspends, ends = breaches.get(name, (c.false, c.false))
        suspended = [suspends]
        if pact.suspended is not None and g.on("C3"):
            suspended.append(self._truth(pact.suspended, ("commitments", name, "suspended")))
        force = c.when(c.any(*suspended), c.const(SUSPENDED), c.const(IN_FORCE))
        over = [c.compare("eq", status, c.const(ENDED)), ends]
        if pact.ends is not None and g.on("C5"):
            over.append(self._since(pact.ends))
        if pact.notice is not None and g.on("C4"):
            over.append(c.all(c.positive(c.row(f"notice[{name}]")), c.zero(self._notice(name, pact))))
        if g.on("C6"):
            over += [
                c.all(entered[new], c.negate(self.is_at(new, ENDED)))
                for new, other in self._pacts.items()
                if name in other.replaces
            ]
        return c.when(c.any(*over), c.const(ENDED), c.when(entered[name], force, signed))

    def _notice(self, name: str, pact: Commitment) -> int:
        """Turns of notice left."""
        g, c = self._g, self._g.compose
        assert pact.notice is not None
        left, path = c.row(f"notice[{name}]"), ("commitments", name, "notice")
        if pact.notice.when is not None:
            given = self._truth(pact.notice.when, (*path, "when"))
        elif pact.notice.on is not None:
            given = self._since(pact.notice.on)
        else:
            given = c.false
        status = c.row(f"status[{name}]")
        stands = c.any(
            c.compare("eq", status, c.const(IN_FORCE)), c.compare("eq", status, c.const(SUSPENDED))
        )
        length = float(g.turns(pact.notice.length, (*path, "length")))
        begins = c.when(c.all(given, stands), c.const(length), left)
        return c.when(c.positive(left), c.sub(left, c.const(1.0)), begins)

    def broken(self, articles: list[ArticleHere]) -> dict[str, tuple[int, int]]:
        """For each commitment that a breach can touch: whether one suspends it, and whether one ends it."""
        c = self._g.compose
        found: dict[str, tuple[list[int], list[int]]] = {}
        for article in articles:
            if article.part.breach is None or not self._g.on("C25"):
                continue
            suspends, ends = found.setdefault(article.commitment, ([], []))
            for victim, offender in article.pairs:
                spent = c.row(f"spent[{article.name}, {victim}, {offender}]")
                if article.part.breach == "ends":
                    ends.append(c.positive(spent))
                else:
                    pair = ordered((victim, offender))
                    same = c.compare("eq", spent, self._disputes.episode(pair))
                    suspends.append(c.all(c.positive(spent), same, self._disputes.on(pair)))
        return {name: (c.any(*suspends), c.any(*ends)) for name, (suspends, ends) in found.items()}
