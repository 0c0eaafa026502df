"""How well known a number is: its own grade, or that of the nearest part around it that has one."""

from __future__ import annotations

from sim.compile.program import Grade
from sim.scenario.graded import Graded
from sim.scenario.load import PathOf, Scenario

UNGRADED = Grade("")


class Grades:
    """Grades of a scenario by path."""

    def __init__(self, scenario: Scenario) -> None:
        self._grades = {
            path: _grade(part)
            for path, part in scenario.parts
            if isinstance(part, Graded) and part.grade is not None
        }

    def at(self, path: PathOf) -> Grade:
        """The grade that holds for what stands at a path."""
        for length in range(len(path), 0, -1):
            grade = self._grades.get(path[:length])
            if grade is not None:
                return grade
        return UNGRADED


def _grade(part: Graded) -> Grade:
    if part.measured is not None:
        return Grade("measured", part.measured)
    if part.informed is not None:
        return Grade("informed", part.informed)
    return Grade("assumed", (), part.assumed or "")
