"""Outcomes that are settled before play, indicators that never move, initial values out of range."""

from __future__ import annotations

from sim.compile import program as pr
from sim.compile.review.causes import Causes, in_words
from sim.scenario.load import PathOf


def review_results(causes: Causes) -> None:
    """What stands at both ends of a run."""
    for outcome in causes.program.outcomes:
        _outcome(causes, outcome)
    for indicator in causes.program.indicators:
        bounds = causes.reach.node(indicator.node)
        if bounds.one:
            said = f"this indicator {in_words(bounds)}{causes.because(indicator.node)}"
            advice = "watch something that moves, or take it out"
            causes.warn(("indicators", indicator.id, "value"), said, advice, "constant")
    for initial in causes.program.initials:
        _initial(causes, initial)


def _outcome(causes: Causes, outcome: pr.Outcome) -> None:
    part = causes.scenario.model.outcomes[outcome.id]
    path: PathOf = ("outcomes", outcome.id, "happens" if part.happens is not None else "holds")
    then = causes.reach.during(outcome.first, outcome.last)
    bounds = then.node(outcome.node)
    if not bounds.one:
        return
    blamed = causes.blamed(path, outcome.node, then, never=bounds.never)
    if bounds.never:
        fate, truth, code = "never comes about", "never true", "outcome-never"
    else:
        fate, truth, code = "comes about in every run", "always true", "outcome-always"
    said = f"the outcome {fate}, since this is {truth}{causes.because(blamed.node)}"
    causes.warn(path, said, "mend the condition, or take the outcome out", code, blamed.offset)


def _initial(causes: Causes, initial: pr.Initial) -> None:
    """A first value that lies out of its variable's range in every run."""
    variable = causes.program.variables[initial.row]
    bounds = causes.reach.node(initial.node)
    if bounds.low > variable.high or bounds.high < variable.low:
        end = variable.high if bounds.low > variable.high else variable.low
        why = causes.because(initial.node)
        said = f"{variable.name} begins at {end:g} in every run, the end of its range{why}"
        causes.warning(initial.place, said, "mend the value or the range", "out-of-range")
