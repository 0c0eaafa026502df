"""`foedus experiment` and `foedus information`: what an arm changes, and what it is worth to know."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

import sim
from sim.cli.command import app
from sim.cli.options import (
    MAX_RUN,
    MAX_SEED,
    AsJson,
    Doctrines,
    ScenarioFile,
    Seed,
    Workers,
    files_begun,
    scenario_under,
)
from sim.cli.output import (
    open_console,
    plain_diagnostics,
    print_json,
    problems_shown,
    say_text,
    show_diagnostics,
)
from sim.cli.waiting import progress, workers_for

LEAST: Final = 400
"""Runs without which nothing can be told of what an outcome rests on."""


@app.command(epilog="\b\nExample:\n  foedus experiment scenarios/experiments/border-friends.yaml --runs 500")
def experiment(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An experiment in YAML.", autocompletion=files_begun)
    ],
    *,
    runs: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_RUN + 1, metavar="N", help="Runs of each arm, if not those of the file."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=MAX_SEED, metavar="S", help="Seed of all luck, if not that of the file."),
    ] = None,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE", help="Write the whole answer as Markdown, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Play the arms of an experiment on the same luck, and say what each changes, run by run."""
    from sim.analysis.experiments import answer, prepare  # noqa: PLC0415
    from sim.report import answers as told  # noqa: PLC0415
    from sim.report.inventory import counted  # noqa: PLC0415
    from sim.scenario.experiment import load_experiment  # noqa: PLC0415
    from sim.text.files import check_writable, write_text  # noqa: PLC0415

    with problems_shown(as_json):
        loaded = prepare(load_experiment(file))
        show_diagnostics(loaded.warnings)
        if out is not None:
            check_writable(out)
        count = loaded.experiment.model.runs if runs is None else runs
        arms = [arm.id for arm in loaded.experiment.arms]
        with progress(count * len(arms)) as shown:
            found = answer(
                loaded,
                runs=runs,
                seed=seed,
                workers=workers_for(count, workers),
                progress=None if shown is None else lambda arm, done: shown(arms.index(arm) * count + done),
            )
        if out is not None:
            write_text(out, told.answer_page(found))
        if as_json:
            warnings = plain_diagnostics(loaded.warnings)
            print_json({"ok": True, **told.answer_document(found), "diagnostics": warnings})
            return
        for table in told.tables(found):
            open_console().print(table)
        for line in told.notes(found):
            say_text(line)
        typer.echo(f"{counted(found.runs, 'runs')} of each arm on the same luck, seed {found.seed}")
        if out is not None:
            typer.echo(f"written to {sim.printable(str(out))}")


@app.command(
    epilog="\b\nExample:\n  foedus information scenarios/pyongyang-hanoi-2024.yaml --runs 4000 --seed 1"
)
def information(
    scenario: ScenarioFile,
    *,
    runs: Annotated[
        int, typer.Option(min=LEAST, max=MAX_RUN + 1, metavar="N", help="How many runs to tell it from.")
    ] = 4_000,
    seed: Seed = 0,
    workers: Workers = None,
    doctrines: Doctrines = None,
    as_json: AsJson = False,
) -> None:
    """Say what the variance of each outcome rests on, and which disagreement is worth most to settle."""
    from sim.analysis.information import uncertain  # noqa: PLC0415
    from sim.report import worth  # noqa: PLC0415

    with problems_shown(as_json):
        loaded = scenario_under(scenario, doctrines)
        with progress(runs) as shown:
            result = sim.run_batch(loaded, runs, seed, workers=workers_for(runs, workers), progress=shown)
        found = uncertain(loaded, result)
        if as_json:
            print_json(
                {"ok": True, "id": loaded.model.id, "runs": runs, "seed": seed, **worth.document(found)}
            )
            return
        for table in worth.tables(found):
            open_console().print(table)
        typer.echo(f"{runs:,} runs, seed {seed}; parts of a variance that cannot be told from 0 are left out")
