"""`foedus batch` and `foedus report`: many runs into a folder, and the page that says what they show."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli.command import app
from sim.cli.options import (
    MAX_RUN,
    AsJson,
    Doctrines,
    OrdersByHand,
    PythonPolicies,
    ScenarioFile,
    Seed,
    Workers,
    batches_begun,
    orders_named,
    policies_named,
    scenario_under,
)
from sim.cli.output import open_console, print_json, problems_shown
from sim.cli.waiting import progress, workers_for


@app.command(
    epilog="\b\nExample:\n  foedus batch scenarios/first-steps.yaml --runs 1000 --seed 7 --out runs/first"
)
def batch(
    scenario: ScenarioFile,
    *,
    runs: Annotated[int, typer.Option(min=1, max=MAX_RUN + 1, metavar="N", help="How many runs.")],
    seed: Seed = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Directory to write.  [default: runs/ID-seed-S]")
    ] = None,
    workers: Workers = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older batch in the directory.")] = False,
    python: PythonPolicies = None,
    doctrines: Doctrines = None,
    orders: OrdersByHand = None,
    as_json: AsJson = False,
) -> None:
    """Play many runs, and keep what came of them in a directory."""
    from sim.analysis import outcome_estimates  # noqa: PLC0415
    from sim.batch import check_directory  # noqa: PLC0415

    with problems_shown(as_json):
        loaded = scenario_under(scenario, doctrines)
        policies, given = policies_named(python), orders_named(orders)
        target = Path("runs") / f"{loaded.model.id}-seed-{seed}" if out is None else out
        check_directory(target, force)
        with progress(runs) as shown:
            result = sim.run_batch(
                loaded,
                runs,
                seed,
                workers=workers_for(runs, workers),
                progress=shown,
                policies=policies,
                orders=given,
            )
        directory = sim.write_batch(result, target, force)
        if as_json:
            outcomes = [asdict(estimate) for estimate in outcome_estimates(result)]
            document = {"id": result.manifest.id, "hash": result.manifest.hash, "seed": seed, "runs": runs}
            document["doctrines"] = result.manifest.doctrines
            written = {"digest": result.manifest.digest, "directory": sim.printable(str(directory))}
            decided = {"policies": [policy.plain for policy in result.manifest.policies]}
            print_json({"ok": True, **document, **decided, **written, "outcomes": outcomes})
            return
        open_console().print(sim.outcome_table(result))
        typer.echo(f"written to {sim.printable(str(target))}")


@app.command(epilog="\b\nExample:\n  foedus report runs/first")
def report(
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="A directory that foedus batch wrote.", autocompletion=batches_begun
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Write the page that says what a batch shows, and name it."""
    with problems_shown(as_json):
        page = sim.write_report(directory)
        if as_json:
            print_json({"ok": True, "page": sim.printable(str(page))})
        else:
            typer.echo(sim.printable(str(page)))
