"""`foedus mechanisms`: whether what the sources say moves what does so in a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

import sim
from sim.cli.command import app
from sim.cli.options import MAX_RUN, AsJson, ScenarioFile, Seed, Workers
from sim.cli.output import open_console, print_json, problems_shown
from sim.cli.waiting import cores, progress

LEAST: Final = 200
"""Runs without which nothing can be told."""


@app.command(
    epilog="\b\nExample:\n  foedus mechanisms scenarios/pyongyang-hanoi-2024.yaml --only legacy-lock-in"
)
def mechanisms(
    scenario: ScenarioFile,
    *,
    only: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="This mechanism alone; may be given several times.")
    ] = None,
    runs: Annotated[
        int, typer.Option(min=LEAST, max=MAX_RUN + 1, metavar="N", help="Pairs of runs for each dose.")
    ] = 4_000,
    seed: Seed = 0,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE", help="Write the whole audit as Markdown, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Pull the lever of each mechanism on the same luck, and say whether what should move does."""
    from sim.analysis.mechanisms.audit import audit, sample_of  # noqa: PLC0415
    from sim.compile import load_program  # noqa: PLC0415
    from sim.report import mechanisms as told  # noqa: PLC0415
    from sim.text import FoedusError, nearest, quoted  # noqa: PLC0415
    from sim.text.files import check_writable, write_text  # noqa: PLC0415

    with problems_shown(as_json):
        loaded, program = load_program(scenario)
        known = loaded.model.mechanisms
        if not known:
            raise FoedusError.at(loaded.place(), "this scenario has no mechanisms", "a section 'mechanisms:'")
        for id_ in only or ():
            if id_ not in known:
                near = nearest(id_, known) or ""
                raise FoedusError.at(
                    None, f"there is no mechanism {quoted(id_)}", "one of the scenario", near
                )
        wanted = tuple(dict.fromkeys(only or ()))
        if out is not None:
            check_writable(out)
        sample = sample_of(runs, seed)
        with progress(len(wanted or known), "mechanisms") as shown:
            found = audit(
                loaded,
                program,
                sample,
                only=wanted,
                workers=workers or cores(),
                progress=shown,
            )
        if out is not None:
            write_text(out, told.page(found))
        if as_json:
            print_json({"ok": True, **told.document(found)})
            return
        open_console().print(told.table(found))
        for line in told.controls(found):
            typer.echo(line)
        typer.echo(
            f"{told.asked(found)}: {told.verdicts(found)}; {sample.runs:,} pairs of runs for each dose"
        )
        if out is not None:
            typer.echo(f"written to {sim.printable(str(out))}")
