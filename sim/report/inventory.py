"""What a scenario holds: how many of what, and how well its values are known."""

from __future__ import annotations

from typing import Any

from sim.compile import Program
from sim.scenario import Scenario
from sim.scenario.graded import Graded
from sim.scenario.models import Indicator
from sim.text import printable

UNGRADED = "ungraded"


def inventory(scenario: Scenario, program: Program) -> dict[str, Any]:
    """Id, title, hash, and counts, as plain data."""
    return {
        "id": program.id,
        "title": printable(program.title),
        "hash": program.hash,
        "turns": program.turns,
        "turn": str(program.clock.turn),
        "actors": len(program.names),
        "parameters": len(program.parameters),
        "decisions": len(program.decisions),
        "doctrines": {
            actor_id: {"in_force": actor.doctrine, "checked": sorted(actor.doctrines)}
            for actor_id, actor in sorted(scenario.model.actors.items())
            if actor.doctrines
        },
        "outcomes": len(program.outcomes),
        "grades": grades(scenario),
    }


def grades(scenario: Scenario) -> dict[str, int]:
    """How many of the values, rules and options that can carry a grade carry which.

    An option without a grade has its choice's, a pair its relation's. Indicators only read, and are left out.
    """
    found: dict[tuple[str | int, ...], str | None] = {}
    for path, part in scenario.parts:
        if isinstance(part, Graded) and not isinstance(part, Indicator):
            above = (found[path[:length]] for length in range(len(path), 0, -1) if path[:length] in found)
            found[path] = part.grade or next(above, None)
    counts = dict.fromkeys(("measured", "informed", "assumed", UNGRADED), 0)
    for grade in found.values():
        counts[grade or UNGRADED] += 1
    return counts


def inventory_line(held: dict[str, Any]) -> str:
    """The inventory in a line."""
    length = f"a {held['turn']}" if held["turn"].isalpha() else held["turn"]
    sizes = [counted(held[name], name) for name in ("actors", "parameters", "decisions", "outcomes")]
    if held["doctrines"]:
        checked = sum(len(doctrines["checked"]) for doctrines in held["doctrines"].values())
        sizes.insert(1, f"{counted(checked, 'doctrines')} (all checked)")
    line = ", ".join([f"{held['id']}", f"{counted(held['turns'], 'turns')} of {length}", *sizes])
    total = sum(held["grades"].values())
    if not total:
        return line
    shares = (f"{count / total:.0%} {grade}" for grade, count in held["grades"].items() if count)
    return f"{line}; {counted(total, 'values')}: {', '.join(shares)}"


def counted(number: int, plural: str) -> str:
    """`1 turn`, `24 turns`."""
    return f"{number:,} {plural.removesuffix('s') if number == 1 else plural}"
