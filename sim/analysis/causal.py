"""The causal diagram of a Program: what people read, and what moves what.

Its notions are the attributes and relations of a scenario, its decisions, flows, treaties, disputes and the
like, its indicators and its outcomes. Rows that only carry something on, such as the count of an action or
what a quantity was three months ago, are left out: what moves them moves what reads them. Nothing is left
out that carries a cause: where no way leads from one notion to another, a change of the first changes no
bit of the second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Final, Literal

from sim.analysis.signs import UNKNOWN, UP, Directions, joined
from sim.compile.dependencies import Link, dependencies, records_of
from sim.compile.program import Choice, Decision, Program, Variable

Kind = Literal["stock", "decision", "construct", "indicator", "outcome"]

_CONSTRUCTS: Final = {
    "threats": "threat",
    "flows": "flow",
    "commitments": "treaty",
    "sanctions": "sanctions",
    "bodies": "body",
}
"""Sections of a scenario whose parts are one notion each, however many rows they have."""
_ASKED: Final = frozenset(("gate", "rate", "size", "starts"))
_AS_IT_IS: Final = frozenset(("memory", "act", "incident", "perception"))


@dataclass(frozen=True, slots=True)
class Notion:
    """Something that a reader of the scenario has a name for."""

    name: str
    """As the scenario has it: `tension[KOR, PRK]`, `RUS/share_technology`, `flow shells_to_moscow`."""
    kind: Kind
    title: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A notion that moves another."""

    cause: str
    effect: str
    sign: int
    """`UP` if more of the cause is more of the effect, `DOWN` if less, `UNKNOWN` if that depends."""
    themes: tuple[str, ...]
    """Files that say so, by name without ending."""


class Diagram:
    """The notions of a Program and their ties, in order of name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._naming = _Naming(program)
        self.notions = self._naming.notions
        self.ties = tuple(self._drawn())

    def notion_of(self, row: str) -> str | None:
        """The notion that a row or a decision belongs to; None of what only carries something on."""
        name = self._naming.of(row)
        return name if name in self.notions else None

    def after(self, name: str) -> frozenset[str]:
        """All that a notion moves, at once or by way of others; itself only if a way leads back."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for tie in self._leaving.get(waiting.pop(), ()):
                if tie.effect not in found:
                    found.add(tie.effect)
                    waiting.append(tie.effect)
        return frozenset(found)

    def way(self, start: str, end: str) -> tuple[Tie, ...]:
        """A shortest way from one notion to another, or round to itself; empty if there is none."""
        came: dict[str, Tie] = {}
        waiting = [start]
        while waiting and end not in came:
            found = [tie for name in waiting for tie in self._leaving.get(name, ())]
            waiting = []
            for tie in found:
                if tie.effect not in came:
                    came[tie.effect] = tie
                    waiting.append(tie.effect)
        back: list[Tie] = []
        while end in came and (not back or end != start):
            back.append(came[end])
            end = came[end].cause
        return tuple(reversed(back))

    @cached_property
    def themes(self) -> tuple[str, ...]:
        """The files that say what moves what."""
        return tuple(sorted({theme for tie in self.ties for theme in tie.themes}))

    @cached_property
    def _leaving(self) -> dict[str, list[Tie]]:
        found: dict[str, list[Tie]] = defaultdict(list)
        for tie in self.ties:
            found[tie.cause].append(tie)
        return dict(found)

    def _drawn(self) -> Iterator[Tie]:
        """Every tie: a way from one notion to another over rows that are none."""
        naming, signs = self._naming, _LinkSigns(self._program)
        leaving: dict[str, set[tuple[str, int, str]]] = defaultdict(set)
        for link in dependencies(self._program):
            step = (naming.of(link.effect), signs.of(link), PurePath(link.place.file).stem)
            leaving[naming.of(link.cause)].add(step)
        found: dict[tuple[str, str], set[tuple[int, str]]] = defaultdict(set)
        for cause in self.notions:
            for effect, sign, theme in _onward(cause, leaving, self.notions):
                if effect != cause:
                    found[cause, effect].add((sign, theme))
        for (cause, effect), steps in sorted(found.items()):
            blurred = "construct" in (self.notions[cause].kind, self.notions[effect].kind)
            sign = UNKNOWN if blurred else joined(sign for sign, _ in steps)
            yield Tie(cause, effect, sign, tuple(sorted({theme for _, theme in steps})))


def _onward(
    cause: str, leaving: dict[str, set[tuple[str, int, str]]], notions: dict[str, Notion]
) -> Iterator[tuple[str, int, str]]:
    """Notions that a notion moves, over rows that are none: with a sign, and the file of the last step."""
    waiting, seen = [(cause, UP)], {(cause, UP)}
    while waiting:
        name, sign = waiting.pop()
        for effect, step, theme in leaving.get(name, ()):
            if effect in notions:
                yield effect, sign * step, theme
            elif (effect, sign * step) not in seen:
                seen.add((effect, sign * step))
                waiting.append((effect, sign * step))


class _LinkSigns:
    """Which way each link of a Program works."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._rows = program.rows
        self._directions = Directions(program)

    def of(self, link: Link) -> int:
        directions, part = self._directions, link.part
        decision = self._program.decisions.get(link.effect)
        if decision is not None:
            by_chance = not isinstance(decision, Choice) and part in _ASKED
            return directions.of(link.node, self._rows[link.cause]) if by_chance else UNKNOWN
        if link.via == "effect":
            if part == "=":
                return directions.at_end(link.node, self._rows[link.effect])
            added = directions.of_value(link.node)
            return added if part == "+=" else -added
        if link.via == "records":
            return UNKNOWN if isinstance(self._program.decisions[link.cause], Choice) else UP
        if link.via in _AS_IT_IS and not part:
            return UP
        if part in ("half_life", "noise"):
            return UNKNOWN
        sign = directions.of(link.node, self._rows[link.cause])
        if part == "growth":
            return sign * directions.of_row(self._rows[link.effect])
        return -sign if part == "-=" else sign


class _Naming:
    """The notion that each row and each decision belongs to; what belongs to none goes by its own name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._parts = self._named_parts()
        self._names: dict[str, str] = {}
        found: dict[str, Notion] = {}
        for name, notion in (*self._of_rows(), *self._of_decisions()):
            self._names[name] = notion.name
            found.setdefault(notion.name, notion)
        self.notions = dict(sorted(found.items()))

    def of(self, name: str) -> str:
        return self._names.get(name, f"({name})")

    def _of_rows(self) -> Iterator[tuple[str, Notion]]:
        recorded = {row for decision in self._program.decisions.values() for row in records_of(decision)}
        for row, variable in enumerate(self._program.variables):
            notion = None if row in recorded else self._of_row(variable)
            if notion is not None:
                yield variable.name, notion
        for decision in self._program.decisions.values():
            notion = self._of_decision(decision)
            if notion.kind == "construct":
                for row in records_of(decision):
                    yield self._program.variables[row].name, notion

    def _of_decisions(self) -> Iterator[tuple[str, Notion]]:
        for decision in self._program.decisions.values():
            yield decision.name, self._of_decision(decision)

    def _of_row(self, variable: Variable) -> Notion | None:
        match variable.kind:
            case "attribute" | "relation" | "belief":
                return Notion(variable.name, "stock", variable.title or variable.name)
            case "indicator" | "outcome":
                name = variable.name if variable.kind == "indicator" else f"outcome {variable.name[8:]}"
                return Notion(name, variable.kind, variable.title or variable.name)
            case "domain":
                return self._of_domain(variable.name)
        return None

    def _of_domain(self, name: str) -> Notion | None:
        """The treaty, flow, body or dispute whose row it is; None of what only keeps a book."""
        head, _, inside = name.removesuffix("]").partition("[")
        words = [word.strip() for word in inside.replace("/", ",").split(",")]
        for word in words:
            if notion := self._parts.get(word.partition(".")[0]):
                return notion
        if head in ("share", "attention"):
            return Notion(name, "stock", name)
        actors = self._program.names
        if len(words) >= 2 and words[0] in actors and words[1] in actors:  # noqa: PLR2004 - a pair
            pair = ", ".join(sorted(words[:2]))
            return Notion(f"dispute {pair}", "construct", f"dispute {pair}")
        return None

    def _of_decision(self, decision: Decision) -> Notion:
        part = self._parts.get(decision.owner) or self._parts.get(decision.id.partition(".")[0])
        if part is not None and (decision.owner in self._program.offices or "." in decision.id):
            return part
        name = f"{decision.owner}/{decision.id}"
        return Notion(name, "decision", f"{decision.owner}: {decision.id.replace('_', ' ')}")

    def _named_parts(self) -> dict[str, Notion]:
        scenario = self._program.scenario
        found: dict[str, Notion] = {}
        for section, word in _CONSTRUCTS.items():
            for id_ in () if scenario is None else getattr(scenario.model, section):
                found[id_] = Notion(f"{word} {id_}", "construct", f"{word} {id_.replace('_', ' ')}")
        return found
