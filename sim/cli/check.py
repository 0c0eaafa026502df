"""`foedus validate`: every error and every warning of scenarios, with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import sim
from sim.cli.command import app
from sim.cli.options import AsJson, Doctrines, PythonPolicies, policies_named, scenario_under, scenarios_begun
from sim.cli.output import PROBLEMS, plain_diagnostics, print_json, problems_shown, show_diagnostics


@app.command(epilog="\b\nExample:\n  foedus validate scenarios/first-steps.yaml --strict")
def validate(
    scenarios: Annotated[
        list[Path],
        typer.Argument(metavar="SCENARIO", help="Scenarios in YAML.", autocompletion=scenarios_begun),
    ],
    *,
    python: PythonPolicies = None,
    doctrines: Doctrines = None,
    probing: Annotated[
        bool, typer.Option("--probe", help="Play some runs, too, and warn of what only play shows.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check scenarios under all their doctrines, and show every error and every warning with its place.

    With --python, also play some runs with the policy, and see that it decides each on its own.
    """
    from sim.report.inventory import inventory, inventory_line  # noqa: PLC0415
    from sim.text import in_order  # noqa: PLC0415

    with problems_shown(as_json):
        policies = policies_named(python)
    if probing:
        from sim.analysis.probe import RUNS, SEED, probe  # noqa: PLC0415

    files: list[dict[str, Any]] = []
    found: list[sim.Diagnostic] = []
    for path in scenarios:
        name = sim.printable(str(path))
        try:
            scenario = scenario_under(path, doctrines)
            program = sim.compile_scenario(scenario)
            if policies:
                sim.check_policies(program, policies)
            warnings = list(sim.find_warnings(scenario, program))
            if probing:
                known = {warning.place for warning in warnings}
                warnings += [warning for warning in probe(scenario, program) if warning.place not in known]
        except sim.FoedusError as error:
            files.append({"file": name, "ok": False})
            found += error.diagnostics
        else:
            found += warnings
            held = inventory(scenario, program)
            probed = {"probe": {"runs": RUNS, "seed": SEED}} if probing else {}
            files.append({"file": name, "ok": True, **held, **probed})
            if not as_json:
                typer.echo(f"{name}: ok: {inventory_line(held)}")
                if probing:
                    typer.echo(f"{name}: probed: {RUNS} runs of seed {SEED} were played")
    diagnostics = in_order(found)
    show_diagnostics(diagnostics)
    ok = all(entry["ok"] for entry in files)
    if as_json:
        print_json({"ok": ok, "files": files, "diagnostics": plain_diagnostics(diagnostics)})
    if not ok or (strict and diagnostics):
        raise typer.Exit(PROBLEMS)
