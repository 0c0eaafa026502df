"""Mechanisms of the audit: every name in them must be one of the Program, and every step one that can be
taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from sim.compile import program as pr
from sim.scenario.load import PathOf, Scenario
from sim.scenario.mechanisms import Lever, Mechanism
from sim.text import Diagnostics, nearest, quoted

_SHOWN: Final = 12
"""Names that a message lists."""


def check_mechanisms(scenario: Scenario, program: pr.Program, problems: Diagnostics) -> None:
    """Note everything in the scenario's mechanisms that names what is not there."""
    for id_, mechanism in scenario.model.mechanisms.items():
        _Checker(scenario, program, problems, ("mechanisms", id_)).check(id_, mechanism)


class _Checker:
    """Looks through one mechanism."""

    def __init__(self, scenario: Scenario, program: pr.Program, problems: Diagnostics, path: PathOf) -> None:
        self._scenario = scenario
        self._program = program
        self._problems = problems
        self._path = path

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
        self._lever(mechanism.lever)
        for index, row in enumerate(mechanism.through.rows):
            self._named(row, program.rows, "variable", ("through", "rows", index))
        for index, decision in enumerate(mechanism.through.decisions):
            self._named(decision, program.decisions, "decision", ("through", "decisions", index))
        self._named(mechanism.observable, model.indicators, "indicator", ("observable",))
        self._named(mechanism.placebo, model.indicators, "indicator", ("placebo",))
        if mechanism.placebo == mechanism.observable:
            self._fault(("placebo",), "a placebo cannot be what should move", "another indicator")
        turns = self._scenario.clock.turns_in(mechanism.horizon)
        if not 1 <= turns <= program.turns:
            message = "play is over by then" if turns else "no turn is so short"
            self._fault(("horizon",), message, f"1 to {program.turns} turns")

    def _lever(self, lever: Lever) -> None:
        if lever.from_ == lever.to:
            self._fault(("lever", "to"), "the lever does not move", "another value than where it comes from")
        if lever.kind == "parameter":
            self._parameter(lever, lever.names[0])
        elif lever.kind == "initial":
            self._initial(lever, lever.names[0])
        else:
            for index, name in enumerate(lever.names):
                below = ("lever", "decision", index)
                if self._named(name, self._program.decisions, "decision", below):
                    self._options(lever, self._program.decisions[name], below)

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
