"""What is changed or known in vain: variables that nothing reads, and what changes nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from sim.compile import program as pr
from sim.compile.dependencies import doings_of
from sim.compile.review.causes import Causes, owned
from sim.scenario.load import PathOf

_READERS = "no rule, choice, movement, sentence, indicator or outcome"
_USE = "ask for it somewhere, or take it out"


def review_reading(causes: Causes) -> None:
    """Attributes, relations and perceptions that are not read; decisions that change nothing else."""
    _attributes(causes)
    for name in causes.scenario.model.relations:
        _relation(causes, name)
    _perceptions(causes)
    _dead_ends(causes)


def _attributes(causes: Causes) -> None:
    for row, path in _places(causes):
        if row in causes.read or causes.awaited(str(path[-1])):
            continue
        name = causes.program.variables[row].name
        if row in causes.written:
            causes.warn_key(path, f"{_READERS} reads {name}, though something changes it", _USE, "unread")
        else:
            causes.warn_key(path, f"nothing reads or changes {name}", _USE, "unused")


def _places(causes: Causes) -> Iterator[tuple[int, PathOf]]:
    """Rows of attributes with their paths."""
    rows = causes.program.rows
    for actor, name, row in causes.program.attributes:
        yield row, ("actors", actor, "attributes", name)
    for name in causes.scenario.model.world.attributes:
        yield rows[name], ("world", "attributes", name)


def _relation(causes: Causes, name: str) -> None:
    if causes.awaited(name):
        return
    path: PathOf = ("relations", name)
    rows = {variable: row for variable, row in causes.program.rows.items() if variable.startswith(f"{name}[")}
    if rows and not causes.read & set(rows.values()):
        if causes.written & set(rows.values()):
            said = f"{_READERS} reads this relation, though something changes it"
            causes.warn_key(path, said, _USE, "unread")
        else:
            causes.warn_key(path, "nothing reads or changes this relation", _USE, "unused")
        return
    for first, others in causes.scenario.model.relations[name].pairs.items():
        for second in others:
            row = rows.get(f"{name}[{first}, {second}]", rows.get(f"{name}[{second}, {first}]"))
            if row is not None and row not in causes.read:
                said = f"nothing reads {causes.program.variables[row].name}"
                causes.warn_key((*path, "pairs", first, second), said, _USE, "unread")


def _perceptions(causes: Causes) -> None:
    for found in causes.perceptions.values():
        if not any(perception.seen in causes.read for perception in found):
            first = found[0]
            said = f"nothing that {first.owner} decides reads {causes.program.variables[first.of].name}"
            causes.warning(first.place, said, "ask for it in its policy, or take it out", "unread")


def _dead_ends(causes: Causes) -> None:
    """Decisions that change only what nothing reads."""
    for path, decisions in causes.decisions.items():
        rows = {row for decision in decisions for row in _changed(decision)}
        if rows and not rows & causes.read and not any(map(causes.asked, decisions)):
            said = f"nothing reads what this {owned(decisions[0])} changes"
            causes.warn_key(path, said, "let something depend on it, or take it out", "unread")


def _changed(decision: pr.Decision) -> Iterator[int]:
    """Rows by which a decision could matter."""
    for doings in doings_of(decision):
        yield from (effect.row for effect in doings.effects)
        for deed in doings.deeds:
            yield from (deed.acts, deed.times)
