"""Tools of the language: `foedus schema`, `fmt`, `migrate`, `diff` and `new`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli.command import app
from sim.cli.options import AsJson, ScenarioFile, files_begun, scenarios_begun
from sim.cli.output import PROBLEMS, print_json, problems_shown

_Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="Scenarios, or files that they extend.", autocompletion=files_begun),
]
_Check = Annotated[bool, typer.Option("--check", help="Write nothing; name the files that would change.")]


@app.command(epilog="\b\nExample:\n  foedus schema > foedus.schema.json")
def schema() -> None:
    """Print the JSON Schema of scenarios and cases, for editors that complete and check."""
    from sim.scenario.case_schema import file_schema  # noqa: PLC0415

    print_json(file_schema())


@app.command(epilog="\b\nExample:\n  foedus fmt scenarios/first-steps.yaml")
def fmt(files: _Files, check: _Check = False) -> None:
    """Write files in the canonical form; comments stay, and no meaning changes."""
    from sim.scenario.format import format_file  # noqa: PLC0415

    with problems_shown(as_json=False):
        changed = [path for path in files if format_file(path, check=check)]
    _name_changed(changed, "would change" if check else "formatted")
    if check and changed:
        raise typer.Exit(PROBLEMS)


@app.command(epilog="\b\nExample:\n  foedus migrate scenarios/first-steps.yaml")
def migrate(scenario: ScenarioFile, check: _Check = False) -> None:
    """Bring a scenario and all it extends up to the present version of the format."""
    from sim.scenario.migrate import migrate_files  # noqa: PLC0415

    with problems_shown(as_json=False):
        changed = migrate_files(scenario, check=check)
    _name_changed(changed, "would change" if check else "migrated")
    if check and changed:
        raise typer.Exit(PROBLEMS)


def _name_changed(paths: Iterable[Path], verb: str) -> None:
    for path in paths:
        typer.echo(f"{sim.printable(str(path))}: {verb}")


@app.command(epilog="\b\nExample:\n  foedus diff scenarios/first-steps.yaml scenarios/border-clash.yaml")
def diff(
    first: Annotated[Path, typer.Argument(metavar="A", help="A scenario.", autocompletion=scenarios_begun)],
    second: Annotated[
        Path,
        typer.Argument(metavar="B", help="Another, or a later state of it.", autocompletion=scenarios_begun),
    ],
    as_json: AsJson = False,
) -> None:
    """Say what B changes for the model against A, part by part."""
    from sim.scenario.diff import change_data, diff_scenarios, render  # noqa: PLC0415

    with problems_shown(as_json):
        changes = diff_scenarios(sim.load_scenario(first), sim.load_scenario(second))
    if as_json:
        print_json({"ok": True, "changes": change_data(changes)})
    else:
        typer.echo(render(changes), nl=False)


@app.command(epilog="\b\nExample:\n  foedus new river-dispute")
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.")],
    directory: Annotated[
        Path, typer.Option("--in", metavar="DIR", help="Where to write it; here by default.")
    ] = Path(),
) -> None:
    """Write a small scenario that runs and teaches, to begin with."""
    from sim.scenario.scaffold import scaffold  # noqa: PLC0415

    with problems_shown(as_json=False):
        typer.echo(sim.printable(str(scaffold(name, directory))))
