"""Options and arguments that commands share, and what shells can complete them with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

import sim

MAX_SEED: Final = 2**32 - 1
MAX_RUN: Final = 2**34 - 1
_DIGITS: Final = 9
"""Of the number of a turn: more than any clock has."""


def scenarios_begun(incomplete: str) -> list[str]:
    """Scenarios, and folders that lead to some."""
    from sim.text.listing import scenario_files  # noqa: PLC0415

    return scenario_files(incomplete)


def files_begun(incomplete: str) -> list[str]:
    """Files of YAML, be they scenarios or parts of some."""
    from sim.text.listing import yaml_files  # noqa: PLC0415

    return yaml_files(incomplete)


def batches_begun(incomplete: str) -> list[str]:
    """Folders that `foedus batch` wrote."""
    from sim.text.listing import folders_with  # noqa: PLC0415

    return folders_with(incomplete, "manifest.json")


def sessions_begun(incomplete: str) -> list[str]:
    """Games that were saved, and folders that may hold some."""
    from sim.text.listing import files_ending  # noqa: PLC0415

    return files_ending(incomplete, ".session.json")


def actors_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    """Actors of the scenario that the line names."""
    from sim.scenario.listing import actor_ids  # noqa: PLC0415

    path = _named_before(ctx)
    return [found for found in actor_ids(path) if found.startswith(incomplete)] if path else []


def decisions_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    """Decisions of the scenario that the line names, of the actor if it names one."""
    from sim.scenario.listing import decision_ids  # noqa: PLC0415

    path = _named_before(ctx)
    ids = decision_ids(path, ctx.params.get("actor")) if path else []
    return [found for found in ids if found.startswith(incomplete)]


def facts_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    """Facts and base rates of the ledgers that the scenario cites."""
    return _ledger_ids(ctx, incomplete, "facts", "base_rates")


def mechanisms_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    """Mechanisms of the ledgers that the scenario cites."""
    return _ledger_ids(ctx, incomplete, "mechanisms")


def parts_begun(incomplete: str) -> list[str]:
    """Parts of an account of evidence."""
    return [part for part in ("values", "facts", "unused", "stale") if part.startswith(incomplete)]


def _ledger_ids(ctx: typer.Context, incomplete: str, *sections: str) -> list[str]:
    from sim.scenario.listing import ledger_ids  # noqa: PLC0415

    path = _named_before(ctx)
    return [found for found in ledger_ids(path, *sections) if found.startswith(incomplete)] if path else []


def doctrines_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    """Doctrines of the scenario that the line names, as ACTOR=ID."""
    from sim.scenario.listing import doctrine_ids  # noqa: PLC0415

    path = _named_before(ctx)
    return [found for found in doctrine_ids(path) if found.startswith(incomplete)] if path else []


def _named_before(ctx: typer.Context) -> Path | None:
    """The scenario of a line that is not finished: while an option waits for its value, it is left over."""
    given = ctx.params.get("scenario") or next(iter(ctx.params.get("scenarios") or ctx.args), None)
    return None if given is None else Path(given)


ScenarioFile = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="A scenario in YAML.", autocompletion=scenarios_begun)
]
Seed = Annotated[int, typer.Option(min=0, max=MAX_SEED, metavar="S", help="Seed of all luck.")]
RunNumber = Annotated[int, typer.Option("--run", min=0, max=MAX_RUN, metavar="K", help="Number of the run.")]
Doctrines = Annotated[
    list[str] | None,
    typer.Option(
        "--doctrine",
        metavar="ACTOR=ID",
        help="Doctrine of an actor; may be given for several.",
        autocompletion=doctrines_begun,
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, metavar="W", help="Processes to play on; results do not depend on it."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
PythonPolicies = Annotated[
    list[str] | None,
    typer.Option(
        "--python",
        metavar="MODULE[:NAME]",
        help="Import a policy written in Python, and let it decide; may be given several times.",
    ),
]


OrdersByHand = Annotated[
    list[str] | None,
    typer.Option(
        "--order",
        metavar="TURN:ACTOR/DECISION=OPTION",
        help="Decide something by hand, in place of its policy; may be given several times.",
    ),
]


def orders_named(texts: list[str] | None) -> tuple[sim.Order, ...]:
    """Orders of the command line. The option stands after the last `=`, for a decision may have its own.

    Raises:
        FoedusError: for each that is not written so; whether it fits is seen when it is played.
    """
    from sim.text import Diagnostic, quoted  # noqa: PLC0415

    found, problems = [], []
    for text in texts or ():
        turn, _, rest = text.partition(":")
        name, _, option = rest.rpartition("=")
        actor, _, decision = name.partition("/")
        if turn.isascii() and turn.isdigit() and len(turn) <= _DIGITS and actor and decision and option:
            found.append(sim.Order(int(turn), actor, decision, option))
        else:
            said = f"{quoted(text)} is no order"
            problems.append(Diagnostic(None, said, "TURN:ACTOR/DECISION=OPTION, as in 3:NORTH/answer=firm"))
    if problems:
        raise sim.FoedusError(problems)
    return tuple(found)


def policies_named(names: list[str] | None) -> tuple[sim.Policy, ...]:
    """Policies named on the command line; a module may lie in the current folder."""
    if not names:
        return ()
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))  # last, so that no file here stands in for a library
    return sim.load_policies(*names)


def scenario_under(path: Path, doctrines: list[str] | None) -> sim.Scenario:
    """A scenario with the doctrines that a command names.

    Raises:
        FoedusError: with every error of form; if there are any, with those of meaning too.
    """
    from sim.compile.compiler import compile_reading  # noqa: PLC0415
    from sim.scenario.doctrines import choose, parse_doctrines  # noqa: PLC0415
    from sim.scenario.load import read_scenario  # noqa: PLC0415

    reading, chosen = read_scenario(path), parse_doctrines(doctrines or ())
    if reading.problems:
        compile_reading(reading, chosen)
    assert reading.scenario is not None
    return choose(reading.scenario, chosen)


def program_under(path: Path, doctrines: list[str] | None) -> sim.Program:
    """A scenario with the doctrines that a command names, compiled."""
    return sim.compile_scenario(scenario_under(path, doctrines))
