"""Choices as such: what the rules of quantal response, standing options, bias and nests add to a Program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering


class Choosing:
    """The first rules of choice. They are carried out where choices are compiled, and by the engine."""

    rules: ClassVar[Mapping[str, str]] = {
        "Q1": "Quantal response",
        "Q2": "What was chosen stands",
        "Q3": "Status-quo bias",
        "Q4": "Options of a nest share their luck",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._made = made
        self._stands = "Q2" not in without

    def readers(self) -> Mapping[str, Reader]:
        """None."""
        return {}

    def declare(self) -> None:
        """Its rows are declared with every decision's."""

    def compile(self, decisions: DecisionCompiler) -> None:
        """Nothing, unless what was chosen is to be forgotten."""
        if self._stands:
            return
        nothing = self._lowering.builder.const(0.0)
        for instance in decisions.unrolled.choices:
            name = f"standing[{instance.name}]"
            row = self._lowering.builder.rows[name]
            self._made.clearing.append(pr.Assignment(row, nothing, name, instance.place))
