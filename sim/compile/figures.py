"""Numbers that the file states, each a node of its own with its place and its grade."""

from __future__ import annotations

from sim.compile.builder import Builder
from sim.compile.grades import Grades
from sim.compile.program import Figure, Grade
from sim.scenario.load import PathOf, Scenario


class Figures:
    """Writes numbers of a scenario as nodes of a builder."""

    def __init__(self, scenario: Scenario, builder: Builder) -> None:
        self._scenario = scenario
        self._builder = builder
        self._grades = Grades(scenario)

    def stated(self, value: float, path: PathOf, offset: int) -> int:
        """The node of a number that the file states."""

        def make() -> Figure:
            return Figure(
                value, path, self._scenario.value_place(*path, offset=offset), self._grades.at(path)
            )

        return self._builder.written(value, path, offset, make)

    def standard(self, value: float, path: PathOf, source: str) -> int:
        """The node of a number that the format states where the file does not, by a source of its own."""

        def make() -> Figure:
            return Figure(value, path, self._scenario.value_place(*path), Grade("informed", (source,)))

        return self._builder.written(value, path, 0, make)

    def grade(self, path: PathOf) -> Grade:
        """How well known what stands at a path is."""
        return self._grades.at(path)
