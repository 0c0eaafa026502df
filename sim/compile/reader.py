"""Expressions that are asked for once a Program stands, as an actor's policy would have them.

A policy written in Python reads the world in the language of scenarios, so that what it may see is what a
policy in YAML may see, to the letter. What it asks for becomes nodes behind the Program's own. Rows are never
added: they would change the state.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from sim.compile import program as pr
from sim.compile.builder import Builder, TooLargeError
from sim.compile.domain import Domain
from sim.compile.findings import Findings
from sim.compile.known_units import KnownUnits
from sim.compile.lower import Lowering
from sim.compile.quantities import Disagreement, Inference
from sim.compile.scope import LoweringError, Scope
from sim.compile.symbols import collect
from sim.scenario.expressions import ExpressionError, parse_expression
from sim.text import FoedusError


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression as a node of `Reader.program`."""

    node: int
    truth: bool
    """Whether it is a condition."""


class Reader:
    """Reads expressions for the decisions of a Program.

    Args:
        program: with its `scenario`.

    Raises:
        FoedusError: for a Program that has lost its scenario.
    """

    def __init__(self, program: pr.Program) -> None:
        if program.scenario is None:
            raise FoedusError.at(
                None, "the scenario's text was left behind, and expressions need it", "a scenario as loaded"
            )
        self.program = program
        """The Program with every node that was asked for."""
        self._scenario = program.scenario
        problems = Findings(self._scenario)
        self._builder = _Sealed.of(program, problems)
        self._lowering = Lowering(self._scenario, collect(self._scenario, problems), self._builder)
        Domain(self._lowering, frozenset(program.without))  # its functions; the Program has their rows
        self._units = KnownUnits(self._scenario, problems)
        self._perceived: dict[str, dict[int, int]] = defaultdict(dict)
        for perception in program.perceptions:
            self._perceived[perception.owner][perception.of] = perception.seen
        self._asked: dict[tuple[str, str], Asked] = {}

    def ask(self, text: str, decision: pr.Decision) -> Asked:
        """The node of an expression as it would be read in a decision: `self` is its owner, the names of its
        `for` are bound, what the owner perceives stands in place of what is.

        Raises:
            FoedusError: without a place, for what cannot be read there.
        """
        found = self._asked.get((decision.name, text))
        if found is None:
            found = self._asked[decision.name, text] = self._read(text, decision)
        return found

    def _read(self, text: str, decision: pr.Decision) -> Asked:
        scope = Scope(
            path=(),
            self_id=decision.owner,
            bound={name: id_ for name, id_ in decision.bindings if id_ in self.program.names},
            perceived=self._perceived[decision.owner],
        )
        problems = self._builder.problems = Findings(self._scenario)

        def refuse(fault: Disagreement) -> None:
            problems.fault(LoweringError((), fault.offset, fault.message, fault.expected, fault.suggestion))

        try:
            expression = parse_expression(text)
            node = self._lowering.strictly(expression, scope)
            Inference(self._units, {}, refuse).of(expression.tree)
        except ExpressionError as fault:
            raise FoedusError.at(None, fault.message, fault.expected) from None
        except LoweringError as fault:
            raise FoedusError.at(None, fault.message, fault.expected, fault.suggestion) from None
        except TooLargeError:
            raise FoedusError.at(None, "written out, this is more than can be worked out") from None
        for found in problems.errors:
            raise FoedusError.at(None, found.message, found.expected, found.suggestion)
        nodes = self._builder.nodes
        if len(nodes) > len(self.program.nodes):
            self.program = replace(self.program, nodes=tuple(nodes))
        # A condition was turned into a number, which a policy in Python has no need of.
        whole = nodes[node]
        return Asked(whole.args[0], truth=True) if whole.op == "float" else Asked(node, truth=False)


class _Sealed(Builder):
    """The tables of a Program that is finished: nodes can be added to them, rows cannot."""

    @classmethod
    def of(cls, program: pr.Program, problems: Findings) -> _Sealed:
        builder = cls(problems, list(program.variables), dict(program.rows), figures=list(program.figures))
        for node in program.nodes:
            builder._added((node.op, node.args, node.value, node.row, node.truth, node.figure, node.draw))
        builder._memory.update({memory.row: list(memory.rows) for memory in program.memories})
        return builder

    def recall(self, row: int, turns: int) -> int:
        """The row that holds an earlier value, if the scenario remembers so much.

        Raises:
            LoweringError: if it does not.
        """
        remembered = self._memory.get(row, [])
        if turns <= len(remembered):
            return remembered[turns - 1]
        reach = f"no more than {len(remembered)} turns back" if remembered else "no earlier turn"
        raise LoweringError(
            (),
            0,
            f"{self.variables[row].name} is asked for {turns} turns back, and of it the scenario remembers"
            f" {reach}",
            "a lag that the scenario itself asks for somewhere",
        )
