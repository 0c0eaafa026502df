"""`foedus evidence`: where each value of a scenario comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.command import app
from sim.cli.options import AsJson, ScenarioFile, facts_begun, mechanisms_begun, parts_begun
from sim.cli.output import print_json, problems_shown


@app.command(
    epilog="\b\nExample:\n  foedus evidence scenarios/pyongyang-hanoi-2024.yaml --only unused\n"
    "  foedus evidence scenarios/pyongyang-hanoi-2024.yaml --fact arms-shells-5m"
)
def evidence(
    scenario: ScenarioFile,
    *,
    fact: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Only this fact or base rate, with all of it.", autocompletion=facts_begun
        ),
    ] = None,
    mechanism: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Only this mechanism, and what rests on its facts.",
            autocompletion=mechanisms_begun,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PART",
            help="Only values, facts, unused or stale; may be given several times.",
            autocompletion=parts_begun,
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day of the review; today by default.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say where each value of a scenario comes from, what each fact is used for, and what is stale."""
    from sim.report.sourcing_account import evidence_document, evidence_lines  # noqa: PLC0415

    with problems_shown(as_json):
        if as_json:
            print_json({"ok": True, **evidence_document(scenario, fact, mechanism, only, as_of)})
            return
        for line in evidence_lines(scenario, fact, mechanism, only, as_of):
            typer.echo(line)
