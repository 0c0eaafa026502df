"""Links of the audit: what can be frozen, and shows something by it.

A link lies between the lever and what is watched. To freeze the lever itself, or what the indicator reads,
stills the indicator by construction; what is settled within a turn cannot be frozen on a record of turns'
ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from sim.compile import program as pr
from sim.compile.dependencies import Link, dependencies

_CHANGES: Final = ("effect", "act", "records")


def cleared(program: pr.Program) -> frozenset[int]:
    """Rows that are set back at the start of each turn."""
    return frozenset(
        assigned.row
        for step in program.stages.clearing
        for one in pr.passes_of(step)
        for assigned in one.assignments
    )


def passing(program: pr.Program) -> frozenset[int]:
    """Rows that speak of one turn only, or that say whether there is anything left to settle in it."""
    rows = set(cleared(program))
    for name in pr.Stages.__dataclass_fields__:
        for step in getattr(program.stages, name):
            for one in pr.passes_of(step):
                for decision in one.decisions:
                    rows.add(decision.fired if isinstance(decision, pr.Rule) else decision.chosen)
            if isinstance(step, pr.Waves):
                rows |= program.reads(step.open) | program.reads(step.found)
    return frozenset(rows)


def within_turns(program: pr.Program) -> frozenset[str]:
    """Decisions that are taken on what happened in the same turn: calls, answers, votes."""
    return frozenset(decision.name for one in program.stages.passes() for decision in one.decisions)


def due_turns(decision: pr.Decision, last: int) -> list[int]:
    """Turns up to the last in which a decision may be taken: all, if it comes up at a rate or in crises."""
    always = decision.due is None or decision.crisis >= 0
    return [
        turn for turn in range(1, last + 1) if always or (decision.due is not None and decision.due[turn])
    ]


class Graph:
    """What moves what in a Program, by names of rows and decisions."""

    def __init__(self, program: pr.Program) -> None:
        self._program = program
        self._causes: dict[str, set[str]] = defaultdict(set)
        self._effects: dict[str, set[str]] = defaultdict(set)
        self._writers: dict[str, set[str]] = defaultdict(set)
        """Of each row what changes it in play: decisions by name, anything else as ""."""
        counted: list[Link] = []
        for link in dependencies(program):
            self._causes[link.effect].add(link.cause)
            self._effects[link.cause].add(link.effect)
            if link.via == "act" and link.cause not in program.decisions:
                counted.append(link)
            elif link.effect not in program.decisions and link.via != "start":
                self._writers[link.effect].add(_writer(program, link))
        for link in counted:
            self._writers[link.effect] |= self._writers[link.cause]
        for movement in program.movements:
            self._writers[program.variables[movement.row].name].add("")

    def all_done_by(self, decisions: Collection[str], rows: Iterable[int]) -> bool:
        """Whether these decisions change some of the rows, and nothing else changes any of them."""
        names = (self._program.variables[row].name for row in rows)
        writers = set().union(*(self._writers[name] for name in names))
        return bool(writers) and writers <= set(decisions)

    def between(self, levers: Collection[str], rows: Collection[str], wrong: Collection[str]) -> list[str]:
        """What lies on a way from the levers to the rows, short ways first, but for what is wrong."""
        after = _steps(levers, self._effects)
        before = _steps(rows, self._causes)
        ends = {*levers, *rows, *wrong}
        ways = sorted((after[name] + before[name], name) for name in after.keys() & before.keys() - ends)
        return [name for _, name in ways]

    def leads_around(self, links: Collection[str], levers: Collection[str], rows: Iterable[int]) -> bool:
        """Whether the levers can reach one of the rows by a way on which none of the links lies."""
        names = (self._program.variables[row].name for row in rows)
        return not _steps(set(levers) - set(links), self._effects, links).keys().isdisjoint(names)


def _steps(names: Iterable[str], ties: dict[str, set[str]], shut: Collection[str] = ()) -> dict[str, int]:
    """How many steps it is from these to everything that they are tied to, not past what is shut."""
    found = dict.fromkeys(names, 0)
    step = set(found)
    while step:
        further = {other for name in step for other in ties.get(name, ())} - found.keys() - set(shut)
        found.update(dict.fromkeys(further, found[next(iter(step))] + 1))
        step = further
    return found


def _writer(program: pr.Program, link: Link) -> str:
    """Which decision a link's effect is changed by; "" for anything else."""
    if link.via in _CHANGES and link.cause in program.decisions:
        return link.cause
    return link.via if link.via in program.decisions else ""
