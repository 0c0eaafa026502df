"""Mechanisms of the audit: every name in them must be one of the Program, and every step one that can be
taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

from sim.compile import program as pr
from sim.compile.links import Graph, due_turns, passing, within_turns
from sim.scenario.load import PathOf, Scenario
from sim.scenario.mechanisms import Lever, Mechanism
from sim.text import Diagnostics, nearest, quoted

_NO_STOCKS: Final = ("decision", "act", "memory", "parameter", "indicator", "outcome")
"""Rows that are not offered as links."""
_SHOWN: Final = 12
"""Names that a message lists."""


def check_mechanisms(scenario: Scenario, program: pr.Program, problems: Diagnostics) -> None:
    """Note everything in the scenario's mechanisms that names what is not there."""
    ways = _Ways(program)
    for id_, mechanism in scenario.model.mechanisms.items():
        _Checker(scenario, program, problems, ("mechanisms", id_), ways).check(id_, mechanism)


class _Ways:
    """What a Program's links can be, worked out when it is first asked for."""

    def __init__(self, program: pr.Program) -> None:
        self._program = program

    @cached_property
    def graph(self) -> Graph:
        return Graph(self._program)

    @cached_property
    def passing(self) -> frozenset[int]:
        return passing(self._program)

    @cached_property
    def within(self) -> frozenset[str]:
        return within_turns(self._program)


class _Checker:
    """Looks through one mechanism."""

    def __init__(
        self, scenario: Scenario, program: pr.Program, problems: Diagnostics, path: PathOf, ways: _Ways
    ) -> None:
        self._scenario = scenario
        self._program = program
        self._problems = problems
        self._path = path
        self._ways = ways

    def check(self, id_: str, mechanism: Mechanism) -> None:
        model, program = self._scenario.model, self._program
        known = self._scenario.evidence.mechanisms
        if mechanism.claim is None and id_ not in known:
            self._problems.error(
                self._scenario.place(*self._path),
                f"the ledgers have no mechanism {quoted(id_)}",
                "the id of one, or a line 'claim:' that says what it is",
                nearest(id_, known) or "",
                code="unknown-mechanism",
            )
        self._lever(mechanism)
        self._named(mechanism.observable, model.indicators, "indicator", ("observable",))
        self._links(mechanism)
        self._named(mechanism.placebo, model.indicators, "indicator", ("placebo",))
        if mechanism.placebo == mechanism.observable:
            self._fault(("placebo",), "a placebo cannot be what should move", "another indicator")
        turns = self._scenario.clock.turns_in(mechanism.horizon)
        if not 1 <= turns <= program.turns:
            message = "play is over by then" if turns else "no turn is so short"
            self._fault(("horizon",), message, f"1 to {program.turns} turns")

    def _links(self, mechanism: Mechanism) -> None:
        """What is frozen and held: neither the lever nor what is watched, and all of it can be frozen."""
        program, through = self._program, mechanism.through
        below: PathOf
        for index, row in enumerate(mechanism.holding):
            below = ("holding", index)
            if self._named(row, program.rows, "variable", below):
                self._frozen(row, mechanism, below)
                if through is not None and row in through.rows:
                    self._fault(below, f"{quoted(row)} is the link itself", "something beside it")
        if through is None:
            return
        for index, row in enumerate(through.rows):
            below = ("through", "rows", index)
            if self._named(row, program.rows, "variable", below):
                self._frozen(row, mechanism, below)
        known = [
            name
            for index, name in enumerate(through.decisions)
            if self._named(name, program.decisions, "decision", ("through", "decisions", index))
        ]
        for index, name in enumerate(through.decisions):
            below = ("through", "decisions", index)
            if mechanism.lever.kind == "decision" and name in mechanism.lever.names:
                self._between(mechanism, below, f"{quoted(name)} is the lever itself")
            elif name in self._ways.within:
                message = f"{quoted(name)} is taken on what happens in the same turn, and cannot be frozen"
                self._between(mechanism, below, message)
            elif name in program.decisions:
                self._due(mechanism, program.decisions[name], below)
        rows = self._watched(mechanism)
        if known and self._ways.graph.all_done_by(known, rows):
            message = f"all that {quoted(mechanism.observable)} reads is what {' and '.join(known)} did"
            self._between(mechanism, ("through", "decisions", 0), message)

    def _frozen(self, name: str, mechanism: Mechanism, below: PathOf) -> None:
        """Note why a variable cannot be frozen, or shows nothing if it is."""
        row, lever = self._program.rows[name], mechanism.lever
        rows = {one.id: one.rows for one in self._program.parameters} if lever.kind == "parameter" else {}
        if name in lever.names or row in rows.get(lever.names[0], ()):
            self._between(mechanism, below, f"{quoted(name)} is the lever itself")
        elif row in self._watched(mechanism):
            message = f"{quoted(mechanism.observable)} reads {quoted(name)} itself"
            self._between(mechanism, below, message)
        elif row in self._ways.passing:
            self._between(mechanism, below, f"{quoted(name)} speaks of one turn only, and cannot be frozen")

    def _watched(self, mechanism: Mechanism) -> frozenset[int]:
        """Rows that the observable reads."""
        nodes = (one.node for one in self._program.indicators if one.id == mechanism.observable)
        return frozenset().union(*(self._program.reads(node) for node in nodes))

    def _between(self, mechanism: Mechanism, below: PathOf, message: str) -> None:
        """Note a link that shows nothing, with something that lies on the way."""
        variables, ways = self._program.variables, self._ways
        watched = [variables[row].name for row in sorted(self._watched(mechanism))]
        wrong = {one.name for one in variables if one.kind in _NO_STOCKS} | ways.within
        wrong |= {variables[row].name for row in ways.passing}
        if mechanism.through is not None:
            wrong |= {*mechanism.through.rows, *mechanism.through.decisions}
        near = ways.graph.between(mechanism.lever.names, watched, wrong)
        if near:
            expected = f"something between the lever and what {mechanism.observable} reads"
        else:
            expected = "no line 'through:', and a note that nothing lies between"
        self._fault(below, message, expected, near[0] if near else "")

    def _lever(self, mechanism: Mechanism) -> None:
        lever = mechanism.lever
        if lever.from_ == lever.to:
            self._fault(("lever", "to"), "the lever does not move", "another value than where it comes from")
        if lever.kind == "parameter":
            self._parameter(lever, lever.names[0])
        elif lever.kind == "initial":
            self._initial(lever, lever.names[0])
        else:
            for index, name in enumerate(lever.names):
                below = ("lever", "decision", index)
                if name in lever.names[:index]:
                    self._fault(below, f"{quoted(name)} is ordered already", "each decision once")
                elif self._named(name, self._program.decisions, "decision", below):
                    decision = self._program.decisions[name]
                    self._options(lever, decision, below)
                    self._due(mechanism, decision, below)
                    if isinstance(decision, pr.Rule) and decision.ever is not None:
                        self._fault(below, f"{quoted(name)} happens once", "a decision that comes up again")

    def _parameter(self, lever: Lever, name: str) -> None:
        rows = {parameter.id: parameter.rows for parameter in self._program.parameters}
        below = ("lever", "parameter")
        if self._named(name, rows, "parameter", below):
            if len(rows[name]) == 1:
                self._ends(lever, self._program.variables[rows[name][0]])
            else:
                what = f"{quoted(name)} is made of several shares"
                self._fault(below, what, "a parameter that is one number")

    def _initial(self, lever: Lever, name: str) -> None:
        program = self._program
        started = {program.variables[initial.row].name: initial.row for initial in program.initials}
        if self._named(name, started, "variable with a value at the start", ("lever", "initial")):
            self._ends(lever, program.variables[started[name]])

    def _ends(self, lever: Lever, variable: pr.Variable) -> None:
        for key, value in _both(lever):
            assert isinstance(value, float)
            if not variable.low <= value <= variable.high:
                self._fault(
                    ("lever", key),
                    f"{value:g} is outside the range of {variable.name}",
                    f"{variable.low:g} to {variable.high:g}",
                )

    def _options(self, lever: Lever, decision: pr.Decision, below: PathOf) -> None:
        if isinstance(decision, pr.Choice):
            options = [option.id for option in decision.options]
        elif decision.kind in ("count", "consequence"):
            kind = "a count" if decision.kind == "count" else "what follows from an answer"
            message = f"{quoted(decision.name)} is {kind}"
            self._fault(below, message, "a choice, or a rule that happens or does not")
            return
        else:
            options = ["do", "refrain"]
        for key, value in _both(lever):
            self._named(str(value), options, f"option of {decision.name}", ("lever", key))

    def _due(self, mechanism: Mechanism, decision: pr.Decision, below: PathOf) -> None:
        """Note a decision that nobody takes while the indicator is watched."""
        turns = min(self._scenario.clock.turns_in(mechanism.horizon), self._program.turns)
        if turns and not due_turns(decision, turns):
            message = f"{quoted(decision.name)} is not due by turn {turns}, where the horizon ends"
            self._fault(below, message, "a decision that is due before, or a longer horizon")

    def _named(self, name: str, known: Collection[str], what: str, below: PathOf) -> bool:
        if name in known:
            return True
        some = sorted(known)
        kind = what.split(" of ", maxsplit=1)[0]
        few = 0 < len(some) <= _SHOWN
        listed = f"one of {', '.join(some)}" if few else f"a {kind} of the scenario"
        turned = _turned(name)
        near = turned if turned in known else nearest(name, some) or ""
        self._fault(below, f"there is no {what} {quoted(name)}", listed, near)
        return False

    def _fault(self, below: PathOf, message: str, expected: str, suggestion: str = "") -> None:
        place = self._scenario.value_place(*self._path, *below)
        self._problems.error(place, message, expected, suggestion)


def _both(lever: Lever) -> Iterator[tuple[str, float | str]]:
    yield "from", lever.from_
    yield "to", lever.to


def _turned(name: str) -> str:
    """A variable of two actors, with the actors the other way round: `alignment[CHN, RUS]`."""
    head, _, inside = name.removesuffix("]").partition("[")
    return f"{head}[{', '.join(reversed(inside.split(', ')))}]"
