"""Measured values: a fact can only hold a value that its figure can be converted into."""

from __future__ import annotations

from pydantic import BaseModel

from sim.compile.findings import Findings
from sim.compile.known_units import KnownUnits, unit_of
from sim.compile.quantities import believed
from sim.scenario.beliefs import Belief
from sim.scenario.load import PathOf, Scenario
from sim.scenario.models import Bounded, Definition, Pair, Start
from sim.text import quoted


def check_measured(
    path: PathOf, part: BaseModel, scenario: Scenario, known: KnownUnits, problems: Findings
) -> None:
    """Note every fact that a measured value cites, and that is counted in something else."""
    if not isinstance(part, Bounded | Pair | Definition | Start) or part.measured is None:
        return
    name = str(path[1] if isinstance(part, Pair) else path[-1])
    own = known(believed(name) if isinstance(part, Belief) else name)
    for index, cited in enumerate(part.measured):
        figure = scenario.evidence.quantity(cited)
        if figure is None or not own.firm:
            continue
        fact = unit_of(figure.unit or None)
        if fact.times(own.unit) is None:
            problems.error(
                scenario.value_place(*path, "measured", index),
                f"{quoted(cited)} {fact.predicate}, and this {own.unit.predicate}",
                f"'unit: {fact}', or 'informed'"
                if own.unit.is_pure
                else f"a fact in {own.unit}, or 'informed'",
                code="unit",
            )
