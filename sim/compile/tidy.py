"""The last pass over a Program: checks that need the whole of it, and rows in order of name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

from sim.compile import program as pr
from sim.text import Diagnostics

ThingT = TypeVar("ThingT")


def check_sets(program: pr.Program, problems: Diagnostics) -> None:
    """Within a stage, two sets of one variable need different priorities, unless one choice makes them."""
    stages: tuple[tuple[pr.Decision, ...], ...] = (
        (*program.injects, *program.events),
        (*program.rules, *program.choices),
    )
    for stage in stages:
        sets: dict[tuple[int, int], list[tuple[str, pr.Effect]]] = defaultdict(list)
        for owner, effect in _sets(stage):
            sets[effect.row, effect.priority].append((owner, effect))
        for (row, _), found in sets.items():
            first, others = found[0], found[1:]
            clash = next((effect for owner, effect in others if owner != first[0]), None)
            if clash is not None:
                places = sorted((first[1].place, clash.place))
                problems.error(
                    places[1],
                    f"{program.variables[row].name} is set at {places[0]} too",
                    "a priority, such as {effect: VARIABLE = VALUE, priority: 1}, or += and -=",
                    code="two-sets",
                )


def _sets(decisions: Sequence[pr.Decision]) -> Iterator[tuple[str, pr.Effect]]:
    """Every set, with an owner that equals another's only where the two are never a clash."""
    for decision in decisions:
        if isinstance(decision, pr.Rule):
            for number, effect in enumerate(decision.doings.effects):
                if effect.operator == "=":
                    yield f"{decision.name} {number}", effect
            continue
        for option in decision.options:
            own: dict[tuple[int, int], int] = defaultdict(int)
            for effect in option.doings[0].effects:
                if effect.operator == "=":
                    own[effect.row, effect.priority] += 1
                    # Two in one option clash with each other; those of other options do not.
                    yield f"{decision.name} {own[effect.row, effect.priority]}", effect


_ROW_FIELDS = {
    pr.Node: ("row",),
    pr.Effect: ("row",),
    pr.Deed: ("acts", "times"),
    pr.Campaign: ("row",),
    pr.Rule: ("fired", "ever"),
    pr.Choice: ("chosen", "standing"),
    pr.Perception: ("of", "source", "error", "seen"),
    pr.Movement: ("row",),
    pr.Parameter: ("rows",),
    pr.Initial: ("row",),
    pr.Memory: ("row", "rows"),
    pr.Indicator: ("row",),
    pr.Outcome: ("row",),
}


_WITHOUT_ROWS = frozenset(
    ("variables", "draws", "clock", "names", "id", "title", "hash", "attributes", "figures", "sources")
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


def _first(pair: tuple[int, pr.Variable]) -> int:
    return pair[0]


def _renumber(thing: ThingT, number: Sequence[int]) -> ThingT:
    if isinstance(thing, tuple):
        return tuple(_renumber(item, number) for item in thing)  # type: ignore[return-value]
    if not is_dataclass(thing) or isinstance(thing, type) or type(thing).__module__ != pr.__name__:
        return thing
    row_fields = _ROW_FIELDS.get(type(thing), ())
    changes: dict[str, object] = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if field.name in row_fields:
            changes[field.name] = _new_number(value, number)
        elif isinstance(value, tuple) or is_dataclass(value):
            changes[field.name] = _renumber(value, number)
    return replace(thing, **changes) if changes else thing


def _new_number(value: int | tuple[int, ...] | None, number: Sequence[int]) -> int | tuple[int, ...] | None:
    if value is None or value == -1:
        return value
    if isinstance(value, tuple):
        return tuple(number[row] for row in value)
    return number[value]
