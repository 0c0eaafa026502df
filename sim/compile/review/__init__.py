"""What is doubtful in a scenario that is sound: warnings, each with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sim.compile.program import Program
from sim.compile.review.articles import review_articles
from sim.compile.review.causes import Causes
from sim.compile.review.constants import review_constants
from sim.compile.review.effects import review_effects
from sim.compile.review.gates import review_gates
from sim.compile.review.grades import review_grades
from sim.compile.review.paces import review_paces
from sim.compile.review.results import review_results
from sim.compile.review.unread import review_reading
from sim.compile.review.unused import review_names
from sim.scenario.load import Scenario
from sim.text import Diagnostic, in_order

_REVIEWS: Final[tuple[Callable[[Causes], None], ...]] = (
    review_names,
    review_constants,
    review_articles,
    review_gates,
    review_paces,
    review_effects,
    review_results,
    review_reading,
    review_grades,
)
"""In order of weight: what is found first at a place is what is said of it."""


def find_warnings(scenario: Scenario, program: Program) -> tuple[Diagnostic, ...]:
    """Everything doubtful in a scenario, one finding a place, sorted by place.

    Nothing here stops anyone from playing. What is said to be never or always so is so in every run and turn
    of every seed, decisions by order left out.
    """
    causes = Causes(scenario, program)
    for warning in program.warnings:
        causes.add(warning)
    for review in _REVIEWS:
        review(causes)
    return in_order(causes.warnings)
