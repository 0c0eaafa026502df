"""What an expression is counted in, worked out from what its names are counted in.

Units follow arithmetic: what is added or compared must agree, products multiply. A number written in an
expression has no unit of its own: beside rounds it stands for rounds, as a factor it is pure. Nothing is ever
converted, since the engine computes with the numbers as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Final, Literal

from sim.compile.unit_faults import be, differing, given, likely_slip, remedy
from sim.compile.writing import MAX_NESTING
from sim.scenario import expressions as ex
from sim.text import PURE, Unit
from sim.text.units import MAX_POWER


@dataclass(frozen=True, slots=True)
class Quantity:
    """What something is counted in, and how sure that is."""

    unit: Unit
    kind: Literal["given", "number", "count", "unknown"] = "given"
    """`number`: written without a unit, it takes that of its place. `count`: a pure number of deeds or of
    actors, which may be called by what is counted. `unknown`: nothing can be said of it.
    """

    @property
    def firm(self) -> bool:
        """Whether its unit must agree with others."""
        return self.kind in ("given", "count")


PLAIN: Final = Quantity(PURE)
NUMBER: Final = Quantity(PURE, "number")
COUNT: Final = Quantity(PURE, "count")
UNKNOWN: Final = Quantity(PURE, "unknown")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a place takes."""

    units: tuple[Unit, ...]
    """Any of them; the first is the usual one."""
    per: Unit | None = None
    """Takes counts of anything in this time, too: launches per year."""
    naming: bool = False
    """Whether it gives a name to what is counted."""
    lacking: str = ""
    """The name that takes pure numbers because it declares no unit."""

    def takes(self, quantity: Quantity) -> bool:
        """Whether a quantity fits."""
        unit = quantity.unit
        if any(unit.same(wanted) for wanted in self.units):
            return True
        if self.per is not None and (unit * self.per).counts:
            return True
        return self.naming and quantity.kind == "count" and self.units[0].counts

    def nearest_to(self, unit: Unit) -> Unit:
        """The unit that a quantity would most easily be given."""
        counted = () if self.per is None else (one / self.per for one in unit.counted())
        return next(
            (wanted for wanted in (*self.units, *counted) if unit.times(wanted) is not None), self.units[0]
        )

    @property
    def words(self) -> str:
        return " or ".join(unit.words for unit in self.units)


Known = Callable[[str, int], Quantity]
"""What a name is counted in, asked for at some level of nesting."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Units that do not agree, at an offset of the expression's text."""

    offset: int
    message: str
    expected: str
    suggestion: str = ""


def overlook(fault: Disagreement) -> None:
    """Say nothing of what does not agree: it is told when its own place is asked."""


_KEEPING: Final = frozenset({"abs", "floor", "ceil"})
_PURE: Final = frozenset({"exp", "log", "logistic"})
_JOINING: Final = frozenset({"min", "max", "sum", "mean", "clamp"})
_COUNTING: Final = frozenset(
    {
        *("times", "recent", "episodes", "tally", "votes_for", "votes_against", "abstentions"),
        *("tier", "joined", "members"),
    }
)
_PLAIN: Final = frozenset(
    {
        *("after", "has", "happened", "holds"),
        *("hostility", "disputing", "began", "signed", "in_force", "suspended", "ended", "under_notice"),
        *("called", "honoured", "hedged", "defected", "declined", "fought", "violated", "given"),
        *("decided", "credibility", "expected_support", "reply"),
        *("measure", "mandate_lapsed", "tabled", "passed", "failed", "vetoed"),
        *("imposed", "imposes", "complies", "evades", "defies", "detected", "detection", "penalised"),
        *("exposure", "leakage", "bite", "channels"),
        *("shortage", "arsenal_share", "concentration", "unlocked", "share"),
    }
)
"""Functions that give truth values, levels and strengths. Of others nothing is known."""


_ASKING: Final = {
    **dict.fromkeys(("belief", "spread"), "belief"),
    **dict.fromkeys(("transit", "sent", "delivered", "lost"), "flow"),
    **dict.fromkeys(("paid", "owed"), "payment"),
    "price": "price",
}
"""Functions whose value is counted in what their first argument is, and the namespace of that argument."""


def believed(belief: str) -> str:
    """The name by which one asks what a belief is counted in: beliefs have a namespace of their own."""
    return f"belief {belief}"


def sent_by(flow: str) -> str:
    """The same for what a flow sends."""
    return f"flow {flow}"


def paid_for(flow: str) -> str:
    """The same for what a flow is paid for with."""
    return f"payment {flow}"


def price_of(flow: str) -> str:
    """The same for what one unit of it costs."""
    return f"price {flow}"


class Inference:
    """Works out what one expression is counted in; what does not agree is refused."""

    def __init__(
        self,
        known: Known,
        arguments: Mapping[str, Quantity],
        refuse: Callable[[Disagreement], None],
        level: int = 0,
    ) -> None:
        self._known = known
        self._arguments = arguments
        self._refuse = refuse
        self._level = level

    def expect(self, tree: ex.Expr, wanted: Wanted, what: str) -> None:
        """Refuse an expression that does not fit its place; `what` begins the message."""
        found = self.of(tree, wanted)
        if found.firm and not wanted.takes(found):
            unit = wanted.nearest_to(found.unit)
            message = f"{what} {found.unit.predicate}{differing(found.unit, unit)}"
            slip = likely_slip(found.unit, unit)
            expected = wanted.words
            if wanted.lacking:
                expected += f", or {given(wanted.lacking, found.unit)}"
            elif not slip:
                expected += remedy(tree, found.unit, unit)
            self._refuse(Disagreement(tree.offset, message, expected, slip))

    def of(self, tree: ex.Expr, wanted: Wanted | None = None) -> Quantity:
        """What an expression is counted in. Where its parts disagree, those that `wanted` takes are right."""
        if self._level >= MAX_NESTING:  # told where it is lowered
            return UNKNOWN
        self._level += 1
        try:
            return self._of(tree, wanted)
        finally:
            self._level -= 1

    def _of(self, tree: ex.Expr, wanted: Wanted | None) -> Quantity:  # noqa: C901 - one branch per kind of tree
        match tree:
            case ex.Number():
                return NUMBER if tree.unit is None else Quantity(tree.unit)
            case ex.Truth() | ex.Member():
                return PLAIN
            case ex.Text():
                return UNKNOWN
            case ex.Name():
                return self._arguments.get(tree.id) or self._known(tree.id, self._level)
            case ex.Index():
                return self._known(tree.name, self._level)
            case ex.Negate():
                return self.of(tree.operand, wanted)
            case ex.Not():
                return self._truths((tree.operand,))
            case ex.Logic():
                return self._truths(tree.operands)
            case ex.Binary():
                return self._binary(tree, wanted)
            case ex.Compare():
                sides = (tree.first, *(side for _, side in tree.rest))
                self._agree([(side, "{odd} {be} compared with {others}") for side in sides], None)
                return PLAIN
            case ex.Conditional():
                self.of(tree.condition)
                said = "{odd} {be} on one side of 'if', {others} on the other"
                return self._agree([(tree.then, said), (tree.otherwise, said)], wanted)
            case ex.Reduce():
                return self._reduce(tree, wanted)
            case ex.Call():
                return self._call(tree, wanted)

    def _truths(self, trees: Sequence[ex.Expr]) -> Quantity:
        for tree in trees:
            self.of(tree)
        return PLAIN

    def _agree(self, parts: Sequence[tuple[ex.Expr, str]], wanted: Wanted | None) -> Quantity:
        """What several parts are counted in together; the texts say how each one stands to the others."""
        found = [self.of(tree, wanted) for tree, _ in parts]
        firm = [quantity for quantity in found if quantity.firm]
        if not firm:
            return UNKNOWN if UNKNOWN in found else NUMBER
        right = next((one for one in firm if wanted is not None and wanted.takes(one)), firm[0])
        odd = [
            (tree, said, one.unit)
            for (tree, said), one in zip(parts, found, strict=True)
            if one.firm and not one.unit.same(right.unit)
        ]
        for tree, said, unit in odd:
            words = said.format(odd=unit.words, be=be(unit), others=right.unit.words)
            message = words + differing(unit, right.unit)
            slip = likely_slip(unit, right.unit)
            expected = right.unit.words + ("" if slip else remedy(tree, unit, right.unit))
            self._refuse(Disagreement(tree.offset, message, expected, slip))
        if odd:
            return UNKNOWN
        return right if all(one.kind == "count" for one in firm) else Quantity(right.unit)

    # Arithmetic

    def _binary(self, tree: ex.Binary, wanted: Wanted | None) -> Quantity:
        if tree.operator in ("+", "-"):
            return self._agree(_terms(tree), wanted)
        if tree.operator == "**":
            return self._power(tree)
        left = self.of(tree.left, wanted if constant(tree.right) is not None else None)
        factor = tree.operator == "*" and constant(tree.left) is not None
        right = self.of(tree.right, wanted if factor else None)
        if "unknown" in (left.kind, right.kind):
            return UNKNOWN
        if left.kind == right.kind == "number":
            return NUMBER
        if tree.operator == "*":
            counted = {left.kind, right.kind} == {"number", "count"}
            return COUNT if counted else Quantity(left.unit * right.unit)
        return Quantity(left.unit / right.unit)

    def _power(self, tree: ex.Binary) -> Quantity:
        self.expect(tree.right, Wanted((PURE,)), "the exponent")
        base = self.of(tree.left)
        exponent = constant(tree.right)
        if base.kind == "unknown" or (base.kind == "number" and exponent is not None):
            return base
        if base.unit.is_pure:
            return PLAIN
        if exponent is not None and abs(exponent) > MAX_POWER:  # beyond all units
            return UNKNOWN
        if exponent is None:
            message = f"{base.unit.words} {be(base.unit)} raised to a power that is worked out"
            expected = "a number as the exponent, or a pure number to be raised"
            self._refuse(Disagreement(tree.right.offset, message, expected))
            return UNKNOWN
        return Quantity(base.unit ** Fraction(exponent).limit_denominator(1000))

    # Functions

    def _reduce(self, tree: ex.Reduce, wanted: Wanted | None) -> Quantity:
        if tree.function in ("any", "all", "count"):
            self.of(tree.body)
            return COUNT if tree.function == "count" else PLAIN
        return self.of(tree.body, wanted)

    def _call(self, tree: ex.Call, wanted: Wanted | None) -> Quantity:
        function, arguments = tree.function, tree.arguments
        if function in _COUNTING:
            return COUNT
        if function in _PLAIN:
            return PLAIN
        if function == "time_left":
            return self._known("elapsed", self._level)
        if not arguments:
            return UNKNOWN
        if function in _JOINING:
            said = "{odd} {be} beside {others} in " + f"{function}()"
            return self._agree([(argument, said) for argument in arguments], wanted)
        if function in _PURE:
            self.expect(arguments[0], Wanted((PURE,)), f"the number in {function}()")
            return PLAIN
        if function in _KEEPING:
            return self.of(arguments[0], wanted)
        if function in _ASKING and isinstance(arguments[0], ex.Name):
            return self._known(f"{_ASKING[function]} {arguments[0].id}", self._level)
        if function in ("made", "used") and isinstance(arguments[0], ex.Name):
            return self._known(arguments[0].id, self._level)
        if function == "lag":
            return self.of(arguments[0])
        if function == "sqrt":
            found = self.of(arguments[0])
            return Quantity(found.unit ** Fraction(1, 2), found.kind) if found.kind != "count" else PLAIN
        return UNKNOWN


def _terms(tree: ex.Binary) -> list[tuple[ex.Expr, str]]:
    """The terms of a sum, and how each of them stands to the others."""
    terms: list[tuple[ex.Expr, str]] = []
    rest: ex.Expr = tree
    while isinstance(rest, ex.Binary) and rest.operator in ("+", "-"):
        verb = "added to" if rest.operator == "+" else "subtracted from"
        terms.append((rest.right, "{odd} {be} " + verb + " {others}"))
        rest = rest.left
    terms.append((rest, "{odd} {be} added to {others}"))
    return terms[::-1]


def constant(tree: ex.Expr) -> float | None:
    """The value of an expression of numbers without units, if it is one."""
    match tree:
        case ex.Number(unit=None):
            return tree.value
        case ex.Negate():
            value = constant(tree.operand)
            return None if value is None else -value
        case ex.Binary(operator="/"):
            left, right = constant(tree.left), constant(tree.right)
            quotient = None if left is None or not right else left / right
            return quotient if quotient is not None and isfinite(quotient) else None
    return None
