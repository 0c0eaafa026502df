"""`foedus validate`: every error and every warning of scenarios, with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

import sim
from sim.cli.command import app
from sim.cli.options import AsJson, Doctrines, PythonPolicies, policies_named, scenarios_begun
from sim.cli.output import PROBLEMS, plain_diagnostics, print_json, problems_shown, show_diagnostics


@app.command(epilog="\b\nExample:\n  foedus validate scenarios/first-steps.yaml --strict")
def validate(
    scenarios: Annotated[
        list[Path],
        typer.Argument(
            metavar="SCENARIO", help="Scenarios or cases in YAML.", autocompletion=scenarios_begun
        ),
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
    """Check scenarios under all their doctrines, and cases; show every error and warning with its place.

    With --python, also play some runs with the policy, and see that it decides each on its own.
    """
    from sim.scenario.case_file import is_case  # noqa: PLC0415
    from sim.text import in_order  # noqa: PLC0415

    with problems_shown(as_json):
        policies = policies_named(python)

    files: list[dict[str, Any]] = []
    found: list[sim.Diagnostic] = []
    for path in scenarios:
        try:
            if is_case(path):
                checked = _case(path, asked_more=bool(policies or doctrines or probing))
            else:
                checked = _scenario(path, doctrines, policies, probing=probing)
        except sim.FoedusError as error:
            checked = _Checked({"ok": False}, (), error.diagnostics)
        name = sim.printable(str(path))
        files.append({"file": name, **checked.held})
        found += checked.diagnostics
        if not as_json:
            for line in checked.lines:
                typer.echo(f"{name}: {line}")
    diagnostics = in_order(found)
    show_diagnostics(diagnostics)
    ok = all(entry["ok"] for entry in files)
    if as_json:
        print_json({"ok": ok, "files": files, "diagnostics": plain_diagnostics(diagnostics)})
    if not ok or (strict and diagnostics):
        raise typer.Exit(PROBLEMS)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What there is to say of a file."""

    held: dict[str, Any]
    lines: tuple[str, ...]
    diagnostics: Sequence[sim.Diagnostic]


def _scenario(
    path: Path, doctrines: list[str] | None, policies: Sequence[sim.Policy], *, probing: bool
) -> _Checked:
    from sim.compile import load_program  # noqa: PLC0415
    from sim.report.inventory import inventory, inventory_line  # noqa: PLC0415
    from sim.scenario.doctrines import parse_doctrines  # noqa: PLC0415

    scenario, program = load_program(path, parse_doctrines(doctrines or ()), others=True)
    if policies:
        sim.check_policies(program, policies)
    warnings = list(sim.find_warnings(scenario, program))
    held = inventory(scenario, program)
    lines = [f"ok: {inventory_line(held)}"]
    if probing:
        from sim.analysis.probe import RUNS, SEED, probe  # noqa: PLC0415

        known = {warning.place for warning in warnings}
        warnings += [warning for warning in probe(scenario, program) if warning.place not in known]
        held |= {"probe": {"runs": RUNS, "seed": SEED}}
        lines.append(f"probed: {RUNS} runs of seed {SEED} were played")
    return _Checked({"ok": True, **held}, tuple(lines), warnings)


def _case(path: Path, *, asked_more: bool) -> _Checked:
    """A case is checked with the scenario in it; it is too small for warnings to mean much."""
    from sim.analysis.suite import load_case  # noqa: PLC0415
    from sim.text import Place  # noqa: PLC0415

    if asked_more:
        place = Place(str(path), 1, 1)
        raise sim.FoedusError.at(place, "a case takes no --doctrine, --python or --probe", "a scenario")
    loaded = load_case(path)
    case, turns = loaded.case, loaded.program.turns
    held = {"case": case.number, "title": case.model.title, "family": case.model.family, "turns": turns}
    expected = len(case.model.expect)
    expectations = "1 expectation" if expected == 1 else f"{expected} expectations"
    line = f"ok: case {case.number}, {case.family.title.lower()}, {expectations}; foedus cases plays it"
    return _Checked({"ok": True, **held}, (line,), ())
