"""Orders as data: what a seat, a facilitator or a replay decides in place of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.compile import program as pr
from sim.engine.quantiles import MAX_COUNT
from sim.text import Diagnostic, FoedusError, nearest, quoted

DO = "do"
REFRAIN = "refrain"
_MOST_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Order:
    """One decision taken by hand, in every run of the ensemble."""

    turn: int
    actor: str
    """Actor's id; `world` for its events, `injects` for injects."""
    decision: str
    """`rule`, or `rule/bindings` for one with `for`."""
    option: str
    """An option's id; for a rule or inject `do` or `refrain`; for a count a whole number."""
    reason: str = ""

    @property
    def name(self) -> str:
        """The decision's name in the Program."""
        return f"{self.actor}/{self.decision}"


Orders = Mapping[tuple[int, str], Order]
"""By turn and decision's name."""


def checked(program: pr.Program, orders: Iterable[Order]) -> Orders:
    """Orders by turn and decision; of several for one decision in one turn the last holds.

    Raises:
        FoedusError: for a turn, decision or option that is not there, all at once.
    """
    found: dict[tuple[int, str], Order] = {}
    problems = []
    for order in orders:
        problem = _problem(program, order)
        if problem is None:
            found[order.turn, order.name] = order
        else:
            problems.append(problem)
    if problems:
        raise FoedusError(problems)
    return found


def _problem(program: pr.Program, order: Order) -> Diagnostic | None:
    if not 1 <= order.turn <= program.turns:
        return Diagnostic(None, f"an order for turn {order.turn}", f"a turn from 1 to {program.turns}")
    decision = program.decisions.get(order.name)
    if decision is None:
        own = [name for name in program.decisions if name.startswith(f"{order.actor}/")]
        near = nearest(order.name, own or program.decisions) or ""
        return Diagnostic(None, f"there is no decision {quoted(order.name)}", "ACTOR/DECISION", near)
    if isinstance(decision, pr.Rule) and decision.kind == "consequence":
        return Diagnostic(
            None, f"{quoted(order.name)} follows from an answer", "an order on the answer itself"
        )
    wanted = _options(decision)
    if order.option in wanted or (_is_count(decision) and _whole(order.option)):
        return None
    expected = "refrain or a whole number" if _is_count(decision) else "one of " + ", ".join(wanted)
    return Diagnostic(
        None, f"{order.name} cannot be {quoted(order.option)}", expected, nearest(order.option, wanted) or ""
    )


def _options(decision: pr.Decision) -> tuple[str, ...]:
    if isinstance(decision, pr.Choice):
        return tuple(option.id for option in decision.options)
    return (REFRAIN,) if _is_count(decision) else (DO, REFRAIN)


def _is_count(decision: pr.Decision) -> bool:
    return isinstance(decision, pr.Rule) and decision.kind == "count"


def _whole(text: str) -> bool:
    # A number of thousands of digits is more than Python reads.
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS and int(text) <= MAX_COUNT
