"""Units of a whole scenario: what every expression is counted in must be what its place takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from sim.compile.findings import Findings
from sim.compile.known_units import KnownUnits
from sim.compile.measured import check_measured
from sim.compile.quantities import Disagreement, Inference, Quantity
from sim.compile.scope import LoweringError
from sim.compile.unit_places import Where, asked
from sim.scenario.load import PathOf, Scenario
from sim.scenario.models import ActionCall


def check_units(scenario: Scenario, problems: Findings) -> None:
    """Note every place of a scenario at which units do not agree."""
    known = KnownUnits(scenario, problems)
    known.check_attributes()
    idle = _idle(scenario)
    for path, model in scenario.parts:
        check_measured(path, model, scenario, known, problems)
        if path[:2] in idle:
            continue
        taken: Mapping[str, Quantity] = known.taken(str(path[1])) if path[:1] == ("actions",) else {}
        for one in asked(model, Where(path, known)):
            inference = Inference(known, taken, partial(_refuse, problems, (*path, *one.keys)))
            if one.wanted is None:
                inference.of(one.tree)
            else:
                inference.expect(one.tree, one.wanted, one.what)


def _refuse(problems: Findings, path: PathOf, fault: Disagreement) -> None:
    problems.fault(LoweringError(path, fault.offset, fault.message, fault.expected, fault.suggestion, "unit"))


def _idle(scenario: Scenario) -> set[PathOf]:
    """Actions and policies that nothing uses, of files that this one extends: they are for other worlds."""
    model = scenario.model
    held = {policy for actor in model.actors.values() for policy in actor.policy}
    unused: set[PathOf] = {("policies", name) for name in model.policies.keys() - held}
    done = {
        part.action
        for path, part in scenario.parts
        if isinstance(part, ActionCall) and path[:2] not in unused
    }
    unused |= {("actions", name) for name in model.actions.keys() - done}
    return {path for path in unused if scenario.place(*path).file != scenario.file}
