"""The last pass over a Program: checks that need the whole of it, and rows in order of name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any, Final

from sim.compile import program as pr
from sim.text import Diagnostics


def check_sets(program: pr.Program, problems: Diagnostics) -> None:
    """Within a stage, two sets of one variable need different priorities, unless one choice makes them."""
    stages: tuple[tuple[pr.Decision, ...], ...] = (
        (*program.injects, *program.events),
        (*program.rules, *program.choices),
        *(step.decisions for step in program.stages.passes()),
    )
    for stage in stages:
        sets: dict[tuple[int, int], list[_Set]] = defaultdict(list)
        for found in _sets(stage):
            sets[found.effect.row, found.effect.priority].append(found)
        for (row, _), (first, *others) in sets.items():
            clash = next((other for other in others if other.apart_from(first)), None)
            if clash is not None:
                _report(program.variables[row].name, first, clash, problems)


@dataclass(frozen=True)
class _Set:
    decision: str
    number: int
    """Which of the decision's sets of the variable it is; the options of a choice count on their own."""
    effect: pr.Effect

    def apart_from(self, other: _Set) -> bool:
        """Whether both could set the variable in one stage. Of a choice, one option is taken."""
        return (self.decision, self.number) != (other.decision, other.number)


def _report(variable: str, first: _Set, second: _Set, problems: Diagnostics) -> None:
    if second.effect.place < first.effect.place:
        first, second = second, first
    if first.decision == second.decision:
        who = f"twice by {first.decision}"
    else:
        who = f"by {second.decision} and by {first.decision}"
    where = "" if first.effect.place == second.effect.place else f", at {first.effect.place}"
    problems.error(
        second.effect.place,
        f"{variable} is set {who}{where}",
        "a priority, such as {effect: VARIABLE = VALUE, priority: 1}, or += and -=",
        code="two-sets",
    )


def _sets(decisions: Sequence[pr.Decision]) -> Iterator[_Set]:
    for decision in decisions:
        if isinstance(decision, pr.Rule):
            for number, effect in enumerate(decision.doings.effects):
                if effect.operator == "=":
                    yield _Set(decision.name, number, effect)
            continue
        for option in decision.options:
            own: dict[tuple[int, int], int] = defaultdict(int)
            for effect in option.doings[0].effects:
                if effect.operator == "=":
                    own[effect.row, effect.priority] += 1
                    yield _Set(decision.name, own[effect.row, effect.priority], effect)


ROW_FIELDS = {
    pr.Node: ("row",),
    pr.Effect: ("row",),
    pr.Deed: ("acts", "times"),
    pr.Campaign: ("row",),
    pr.Rule: ("fired", "ever", "crisis"),
    pr.Choice: ("chosen", "standing", "crisis"),
    pr.Crisis: ("rows",),
    pr.Perception: ("of", "source", "error", "seen"),
    pr.Movement: ("row",),
    pr.Parameter: ("rows",),
    pr.Initial: ("row",),
    pr.Memory: ("row", "rows"),
    pr.Assignment: ("row",),
    pr.Incident: ("row", "acts"),
    pr.Indicator: ("row",),
    pr.Outcome: ("row",),
}
"""Fields that hold row numbers, by record."""

_WITHOUT_ROWS = frozenset(
    "variables draws clock names doctrines offices id title hash attributes figures sources".split()
    + "scenario lead without warnings".split()
)
"""Fields of a Program that hold no row numbers, or are numbered on their own."""


def renumbered(program: pr.Program, number: Sequence[int]) -> pr.Program:
    """The program with rows in order of name; `number` gives each row's new number."""
    variables = [variable for _, variable in sorted(zip(number, program.variables, strict=True), key=_first)]
    changed = {
        field.name: _renumber(getattr(program, field.name), number)
        for field in fields(program)
        if field.name not in _WITHOUT_ROWS
    }
    attributes = tuple((actor, name, number[row]) for actor, name, row in program.attributes)
    return replace(program, variables=tuple(variables), attributes=attributes, **changed)


def of_program(thing: object) -> bool:
    """Whether it is one of a Program's own records."""
    return _of_program(type(thing))


def _of_program(kind: type) -> bool:
    return kind.__module__.startswith(f"{pr.__name__}.")


def _first(pair: tuple[int, pr.Variable]) -> int:
    return pair[0]


def _renumber(thing: Any, number: Sequence[int]) -> Any:
    """The same with new row numbers; what holds none, such as most nodes, is the very same thing."""
    if type(thing) is tuple:
        if not thing or type(thing[0]) is int:  # such as the arguments of a node
            return thing
        items = [item if type(item) in _ATOMS else _renumber(item, number) for item in thing]
        same = all(new is old for new, old in zip(items, thing, strict=True))
        return thing if same else tuple(items)
    kind: Any = type(thing)
    values: list[object] = []
    same = True
    for name, holds_row in _fields_of(kind):
        value = getattr(thing, name)
        if holds_row:
            made = _new_number(value, number)
        else:
            made = value if type(value) in _ATOMS else _renumber(value, number)
        values.append(made)
        same = same and made is value
    return thing if same else kind(*values)


_ATOMS: Final = frozenset((str, int, float, bool, type(None)))
"""Types of values that hold no records."""


@cache
def _fields_of(kind: type[object]) -> tuple[tuple[str, bool], ...]:
    """Fields of a record of a Program, and whether each holds row numbers; none of anything else."""
    if not is_dataclass(kind) or not _of_program(kind):
        return ()
    rows = ROW_FIELDS.get(kind, ())
    return tuple((one.name, one.name in rows) for one in fields(kind))


def _new_number(value: int | tuple[int, ...] | None, number: Sequence[int]) -> int | tuple[int, ...] | None:
    if value is None or value == -1:
        return value
    if isinstance(value, tuple):
        return tuple(number[row] for row in value)
    return number[value]
