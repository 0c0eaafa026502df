"""`foedus play`: one run on the screen."""

from __future__ import annotations

import sys

import sim
from sim.cli.command import app
from sim.cli.options import (
    Doctrines,
    PythonPolicies,
    RunNumber,
    ScenarioFile,
    Seed,
    policies_named,
    program_under,
)
from sim.cli.output import WRONGLY_USED, end_with, problems_shown


@app.command(epilog="\b\nExample:\n  foedus play scenarios/first-steps.yaml --seed 7")
def play(
    scenario: ScenarioFile,
    seed: Seed = 0,
    run: RunNumber = 0,
    *,
    python: PythonPolicies = None,
    doctrines: Doctrines = None,
) -> None:
    """Play one run on the screen, turn by turn, forward and back."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        end_with("play needs a terminal; foedus run tells a run as text", WRONGLY_USED)
    with problems_shown(as_json=False):
        program = program_under(scenario, doctrines)
        policies = policies_named(python)
        from tui.app import FoedusApp  # noqa: PLC0415

        FoedusApp(sim.Game(program, seed, run, policies, source=scenario)).run()
