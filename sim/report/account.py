"""A whole run, told from its first turn to its outcomes: as lines for people, as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sim.engine.model import Model
from sim.engine.state import RESULTS_VERSION
from sim.report.inventory import counted
from sim.report.plain import with_unit
from sim.report.story import Told, story
from sim.text import printable


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the account."""

    text: str
    heading: bool = False
    """Headings stand apart; all else is indented under them."""


def account(model: Model, last: int | None = None, *, verbose: bool = False) -> Iterator[Line]:
    """Play a run on and tell it. Arguments and errors as `sim.report.story.story`."""
    program = model.program
    yield Line(
        f"{printable(program.title)}: seed {model.state.seed}, run {model.state.runs[0]}", heading=True
    )
    for policy in model.policy_records:
        yield Line(f"Decided in Python: {printable(policy.told)}.")
    for actor, doctrine in program.doctrines:
        yield Line(f"Doctrine of {printable(program.names[actor])}: {doctrine}.")
    for told in story(model, last, verbose=verbose):
        yield from told_lines(told)
    yield from _outcomes(model)
    yield from _leading(model)


def told_lines(told: Told) -> Iterator[Line]:
    """A turn as paragraphs."""
    yield Line(told.heading, heading=True)
    for sentence in told.sentences:
        yield Line(str(sentence))
    if not told.sentences:
        yield Line("Nothing of note.")


def _outcomes(model: Model) -> Iterator[Line]:
    """Those that came about in order of time, the others in one paragraph."""
    outcomes = model.program.outcomes
    if not outcomes:
        return
    yield Line("Outcomes", heading=True)
    turns = {outcome.id: int(model[f"outcome.{outcome.id}"][0]) for outcome in outcomes}
    for outcome in sorted(outcomes, key=lambda outcome: (turns[outcome.id], outcome.id)):
        if turns[outcome.id]:
            yield Line(f"{model.program.clock.label(turns[outcome.id])}: {printable(outcome.title)}.")
    others = [printable(found.title) for found in model.program.led_outcomes if not turns[found.id]]
    if others:
        lead = "Did not come about" if model.finished else f"Not after {counted(model.turn, 'turns')}"
        yield Line(f"{lead}: {'; '.join(others)}.")


def _leading(model: Model) -> Iterator[Line]:
    """Where the indicators and attributes that lead stand."""
    program = model.program
    rows = {indicator.id: indicator.row for indicator in program.indicators} | {
        name: program.rows[name] for name in program.lead if "[" in name
    }
    told = [
        f"{printable(program.variables[row].title or name)} "
        f"{with_unit(float(model.state.values[row, 0]), printable(program.variables[row].unit))}"
        for name in program.lead
        if (row := rows.get(name)) is not None
    ]
    if told:
        yield Line("Where it stands", heading=True)
        yield Line(f"{'; '.join(told)}.")


def account_document(model: Model, last: int | None = None, *, verbose: bool = False) -> dict[str, Any]:
    """Play a run on and tell it as plain data, with the hash of its state after each turn."""
    program = model.program
    turns = [
        {
            "turn": told.turn,
            "label": told.label,
            "hash": model.state.hash(),
            "sentences": [asdict(sentence) for sentence in told.sentences],
        }
        for told in story(model, last, verbose=verbose)
    ]
    return {
        "id": program.id,
        "title": printable(program.title),
        "hash": program.hash,
        "doctrines": dict(program.doctrines),
        "results_version": RESULTS_VERSION,
        "seed": model.state.seed,
        "run": int(model.state.runs[0]),
        "policies": [policy.plain for policy in model.policy_records],
        "turns": turns,
        "outcomes": {
            outcome.id: int(model[f"outcome.{outcome.id}"][0]) or None for outcome in program.outcomes
        },
        "indicators": {
            indicator.id: float(model.state.values[indicator.row, 0]) for indicator in program.indicators
        },
    }
