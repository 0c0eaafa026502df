"""What is said of units that do not agree."""

from __future__ import annotations

from sim.scenario import expressions as ex
from sim.text import Unit, nearest, quoted
from sim.text.unit_words import MEASURES


def be(unit: Unit) -> str:
    """The verb after what a quantity is: "a pure number is", "rounds are"."""
    return "is" if unit.words.startswith("a ") else "are"


def differing(unit: Unit, other: Unit) -> str:
    """The factor between two units that measure the same, as the end of a message."""
    times = unit.times(other)
    if times is None:
        return ""
    return f" (a factor of {max(times, 1 / times):,.10g})"


def remedy(tree: ex.Expr, unit: Unit, wanted: Unit) -> str:
    """How an expression in this unit could come to the wanted one, to go on after what was expected."""
    number, divides = _factor(tree)
    times = unit.times(wanted)
    if number is not None and (times is None or unit.is_pure or wanted.is_pure):
        missing = unit / wanted if divides else wanted / unit
        return f", as by {number.value:.10g}['{missing}'] for {number.value:.10g}"
    if times is not None:
        larger, smaller = (wanted, unit) if times > 1 else (unit, wanted)
        return f", as by {'*' if times > 1 else '/'} {max(times, 1 / times):.10g}['{larger / smaller}']"
    if isinstance(tree, ex.Name | ex.Index) and unit.is_pure:
        return f", or {given(named(tree), wanted)}"
    return ""


def _factor(tree: ex.Expr) -> tuple[ex.Number | None, bool]:
    """A number without a unit that the rest is multiplied with or divided by, and whether it divides."""
    while isinstance(tree, ex.Binary) and tree.operator in ("*", "/"):
        if isinstance(tree.right, ex.Number) and tree.right.unit is None:
            return tree.right, tree.operator == "/"
        tree = tree.left
    return (tree, False) if isinstance(tree, ex.Number) and tree.unit is None else (None, False)


def given(name: str, unit: Unit) -> str:
    """How a name that lacks a unit would get one."""
    return f"'unit: {unit}' where {quoted(name)} is given"


def named(tree: ex.Name | ex.Index) -> str:
    """The name of an attribute, relation, parameter or definition, without the actors that it is of."""
    return tree.id if isinstance(tree, ex.Name) else tree.name


def likely_slip(unit: Unit, wanted: Unit) -> str:
    """The word of `wanted` that one of `unit` may be misspelt for, if that is all that differs."""
    own, other = dict(unit.powers), dict(wanted.powers)
    wrong = [word for word in own if word not in other and word not in MEASURES]
    right = [word for word in other if word not in own and word not in MEASURES]
    if len(wrong) != 1 or len(right) != 1 or nearest(wrong[0], right) is None:
        return ""
    return wanted.written.get(right[0], right[0])
