"""Reference points: where gains and losses of a choice are counted from, moving after what is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sim.compile import program as pr
from sim.compile.construct import Made, Reader
from sim.compile.decisions import DecisionCompiler
from sim.compile.lower import Lowering


class References:
    """What choices with `reference` add to a Program: a row for each quantity, which starts and moves."""

    rules: ClassVar[Mapping[str, str]] = {
        "Q5": "Gains and losses are counted from the reference point",
        "Q6": "The reference point adapts",
        "Q7": "Losses loom larger than gains",
        "Q8": "Sensitivity diminishes",
        "Q9": "Who says nothing expects no change",
        "Q10": "Of some things less is better",
    }

    def __init__(self, lowering: Lowering, made: Made, without: frozenset[str]) -> None:
        self._lowering = lowering
        self._made = made
        self._adapts = "Q6" not in without

    def readers(self) -> Mapping[str, Reader]:
        """None."""
        return {}

    def declare(self) -> None:
        """Its rows are declared with those of the choices."""

    def compile(self, decisions: DecisionCompiler) -> None:
        """Set every reference point at turn 0, and let it move."""
        lowering, rows = self._lowering, self._lowering.builder.rows
        started = []
        for instance in decisions.unrolled.choices:
            scope = decisions.scope(instance)
            for quantity, part in sorted(instance.part.reference.items()):
                path = (*instance.path, "reference", quantity)
                name = f"reference[{instance.name}, {quantity}]"
                place = lowering.scenario.place(*path)
                now = lowering.number(part.of, scope.at(*path, "of"))
                half_life = lowering.half_life(part.half_life, scope.at(*path, "half_life"))
                started.append(pr.Assignment(rows[name], now, name, place, "Q6"))
                if self._adapts:
                    moved = pr.Movement(rows[name], now, half_life, None, (), None, None, (place,))
                    self._made.movements.append(moved)
        if started:
            self._made.opening.append(pr.Pass("references", assignments=tuple(started)))
