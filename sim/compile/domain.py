"""The constructs of the domain: what commitments, bodies, sanctions, flows and beliefs add to a Program.

Each construct is a module of this room with a class that declares rows, offers functions to expressions and
adds passes to the stages of a turn. `docs/adjudication.md` has the rules they follow, each with a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sim.compile import program as pr
from sim.compile.attention import Attention
from sim.compile.beliefs import Beliefs
from sim.compile.bodies import Bodies
from sim.compile.choosing import Choosing
from sim.compile.construct import Construct, Made
from sim.compile.decisions import DecisionCompiler
from sim.compile.flows import Flows
from sim.compile.groups import Groups
from sim.compile.lower import Lowering
from sim.compile.promises import Promises
from sim.compile.references import References
from sim.compile.replies import Replies
from sim.compile.sanctions import Regimes
from sim.compile.threats import Threats
from sim.scenario import doctrines
from sim.text import FoedusError, nearest, quoted

CONSTRUCTS: Final[tuple[type[Construct], ...]] = (
    *(Promises, Bodies, Regimes, Flows, Groups, Threats, Beliefs, Replies),
    *(Choosing, Attention, References),
)
"""In the order in which a turn plays their passes within a stage."""

RULES: Final[Mapping[str, str]] = {
    number: title
    for rules in (*(construct.rules for construct in CONSTRUCTS), doctrines.RULES)
    for number, title in rules.items()
}
"""Every numbered rule of adjudication."""


class Domain:
    """All constructs of a scenario."""

    def __init__(self, lowering: Lowering, without: frozenset[str]) -> None:
        self.made = Made()
        self._constructs = [construct(lowering, self.made, without) for construct in CONSTRUCTS]
        for construct in self._constructs:
            lowering.readers.update(construct.readers())

    def declare(self) -> None:
        """Declare the rows of every construct."""
        for construct in self._constructs:
            construct.declare()

    def compile(self, decisions: DecisionCompiler, moving: tuple[pr.Movement, ...]) -> Made:
        """What the constructs add to a scenario in which these variables move by themselves."""
        self.made.moving = {movement.row: movement for movement in moving}
        self.made.perceptions = decisions.perceived
        for construct in self._constructs:
            construct.compile(decisions)
        return self.made


def checked_rules(numbers: frozenset[str]) -> frozenset[str]:
    """Numbers of rules to leave out.

    Raises:
        FoedusError: for one that `docs/adjudication.md` does not have.
    """
    for number in sorted(numbers):
        if number not in RULES:
            raise FoedusError.at(
                None,
                f"there is no rule {quoted(number)}",
                "a rule of docs/adjudication.md",
                nearest(number, RULES) or "",
            )
    return numbers
