"""`foedus run` and `foedus explain`: one run told as text, and why it went so."""

from __future__ import annotations

from typing import Annotated

import typer

import sim
from sim.cli.command import app
from sim.cli.options import (
    AsJson,
    Doctrines,
    OrdersByHand,
    PythonPolicies,
    RunNumber,
    ScenarioFile,
    Seed,
    actors_begun,
    decisions_begun,
    orders_named,
    policies_named,
    program_under,
)
from sim.cli.output import open_console, print_json, problems_shown, say, say_text


@app.command(
    epilog="\b\nExample:\n  foedus run scenarios/first-steps.yaml --seed 7\n"
    "  foedus run scenarios/first-steps.yaml --seed 7 --run 123 --turns 6"
)
def run(
    scenario: ScenarioFile,
    *,
    seed: Seed = 0,
    number: RunNumber = 0,
    turns: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Play the first N turns only.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell also of choices that leave things as they are.")
    ] = False,
    python: PythonPolicies = None,
    doctrines: Doctrines = None,
    orders: OrdersByHand = None,
    as_json: AsJson = False,
) -> None:
    """Play one run and tell it turn by turn.

    Run K of seed S, with the same orders, is the same here, in `foedus play` and in a batch of any size.
    """
    from sim.report.account import account, account_document  # noqa: PLC0415

    with problems_shown(as_json):
        program = program_under(scenario, doctrines)
        policies, given = policies_named(python), orders_named(orders)
        model = sim.Model(program, runs=[number], seed=seed, trace=True, policies=policies, orders=given)
        if as_json:
            print_json({"ok": True, **account_document(model, turns, verbose=verbose)})
            return
        console = open_console()
        for place, line in enumerate(account(model, turns, verbose=verbose)):
            if line.heading and place:
                typer.echo()
            say(console, line)


@app.command(
    epilog="\b\nExample:\n  foedus explain scenarios/first-steps.yaml --seed 7 --run 0 --turn 4 --actor NORTH"
)
def explain(
    scenario: ScenarioFile,
    *,
    seed: Seed = 0,
    number: RunNumber = 0,
    turn: Annotated[int, typer.Option("--turn", metavar="T", help="The turn to explain, from 1.")],
    actor: Annotated[
        str | None,
        typer.Option(
            "--actor", metavar="ID", help="Only this actor's decisions.", autocompletion=actors_begun
        ),
    ] = None,
    decision: Annotated[
        str | None,
        typer.Option(
            "--decision",
            metavar="ID",
            help="Only this rule, choice or inject.",
            autocompletion=decisions_begun,
        ),
    ] = None,
    what_if: Annotated[
        bool, typer.Option("--flips/--no-flips", help="Look for what would have flipped each decision.")
    ] = True,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell also of decisions that did not come up.")
    ] = False,
    python: PythonPolicies = None,
    doctrines: Doctrines = None,
    as_json: AsJson = False,
) -> None:
    """Say why each decision of a turn came out as it did, and what would have flipped it."""
    from sim.analysis.explain import explain as explained  # noqa: PLC0415
    from sim.report.why import why, why_document  # noqa: PLC0415

    with problems_shown(as_json):
        program = program_under(scenario, doctrines)
        found = explained(
            program,
            seed,
            number,
            turn,
            actor=actor,
            decision=decision,
            policies=policies_named(python),
            what_if=what_if,
        )
        if as_json:
            print_json({"ok": True, **why_document(found)})
            return
        for line in why(program, found, verbose=verbose or decision is not None):
            say_text(line)
