"""The command `foedus`: checks scenarios, plays them once or many times, and writes reports.

Results go to stdout, errors and progress to stderr. Exit codes: 0 done; 1 the thing asked found problems; 2
used wrongly; 130 interrupted. Everything heavy is imported by the command that needs it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

import sim

if TYPE_CHECKING:
    from rich.console import Console

    from sim.report.account import Line

PROBLEMS: Final = 1
WRONGLY_USED: Final = 2
INTERRUPTED: Final = 130
READER_GONE: Final = 141
"""As a shell reports a command that wrote to a pipe nobody reads."""

MAX_SEED: Final = 2**32 - 1
MAX_RUN: Final = 2**34 - 1
PLAIN_WIDTH: Final = 140
"""Width of tables where no terminal says how wide it is."""
ALONE: Final = 4_096
"""Batches up to this size are played by one process: others would take longer to start than to help."""


class _Foedus(TyperGroup):
    """Ends every command cleanly, whatever becomes of its output or of the patience of who waits for it."""

    def invoke(self, ctx: Any) -> Any:
        if isinstance(sys.stdout, TextIOWrapper):
            # A terminal that has no letter for something gets its escape, not a traceback.
            sys.stdout.reconfigure(errors="backslashreplace")
        as_json = "--json" in ctx.args
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except TyperException as error:
            if as_json and error.exit_code == WRONGLY_USED:
                wrong = sim.Diagnostic(None, error.format_message(), code="usage")
                _print_json({"ok": False, "diagnostics": _plain_diagnostics([wrong])})
            raise
        except KeyboardInterrupt:
            _end("interrupted", INTERRUPTED)
        except BrokenPipeError:
            # Python flushes stdout once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(READER_GONE) from None
        except OSError as error:
            _end(f"the output cannot be written: {(error.strerror or str(error)).lower()}", PROBLEMS)
        except MemoryError:
            _end("there is not enough memory for this", PROBLEMS)
        return result


app = typer.Typer(
    name="foedus",
    cls=_Foedus,
    help="Play scenarios of treaties, arms and sanctions forward, once or many thousand times.",
    epilog="\b\nExample:\n  foedus run scenarios/first-steps.yaml --seed 7",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    app(prog_name="foedus")


# What shells can complete


def _scenarios_begun(incomplete: str) -> list[str]:
    from sim.text.listing import scenario_files  # noqa: PLC0415

    return scenario_files(incomplete)


def _files_begun(incomplete: str) -> list[str]:
    from sim.text.listing import yaml_files  # noqa: PLC0415

    return yaml_files(incomplete)


def _batches_begun(incomplete: str) -> list[str]:
    from sim.text.listing import folders_with  # noqa: PLC0415

    return folders_with(incomplete, "manifest.json")


def _actors_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    from sim.scenario.listing import actor_ids  # noqa: PLC0415

    path = _named_before(ctx)
    return [found for found in actor_ids(path) if found.startswith(incomplete)] if path else []


def _decisions_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    from sim.scenario.listing import decision_ids  # noqa: PLC0415

    path = _named_before(ctx)
    ids = decision_ids(path, ctx.params.get("actor")) if path else []
    return [found for found in ids if found.startswith(incomplete)]


def _facts_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    return _ledger_ids(ctx, incomplete, "facts", "base_rates")


def _mechanisms_begun(ctx: typer.Context, incomplete: str) -> list[str]:
    return _ledger_ids(ctx, incomplete, "mechanisms")


def _parts_begun(incomplete: str) -> list[str]:
    return [part for part in ("values", "facts", "unused", "stale") if part.startswith(incomplete)]


def _ledger_ids(ctx: typer.Context, incomplete: str, *sections: str) -> list[str]:
    from sim.scenario.listing import ledger_ids  # noqa: PLC0415

    path = _named_before(ctx)
    return [found for found in ledger_ids(path, *sections) if found.startswith(incomplete)] if path else []


def _named_before(ctx: typer.Context) -> Path | None:
    """The scenario of a line that is not finished: while an option waits for its value, it is left over."""
    given = ctx.params.get("scenario") or next(iter(ctx.args), None)
    return None if given is None else Path(given)


# What the commands share: options

_ScenarioFile = Annotated[
    Path, typer.Argument(metavar="SCENARIO", help="A scenario in YAML.", autocompletion=_scenarios_begun)
]
_Seed = Annotated[int, typer.Option(min=0, max=MAX_SEED, metavar="S", help="Seed of all luck.")]
_Run = Annotated[int, typer.Option("--run", min=0, max=MAX_RUN, metavar="K", help="Number of the run.")]
_Doctrines = Annotated[
    list[str] | None,
    typer.Option("--doctrine", metavar="ACTOR=ID", help="Doctrine of an actor; may be given for several."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
_Python = Annotated[
    list[str] | None,
    typer.Option(
        "--python",
        metavar="MODULE[:NAME]",
        help="Import a policy written in Python, and let it decide; may be given several times.",
    ),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"foedus {sim.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


# What the commands share: output


def _end(message: str, code: int) -> NoReturn:
    typer.echo(f"foedus: {message}", err=True)
    raise typer.Exit(code)


def _console(stderr: bool = False) -> Console:
    """Plain text but on a terminal that wants colours: no colours, no other escape codes either."""
    from rich.console import Console  # noqa: PLC0415 - `--help` needs none

    stream = sys.stderr if stderr else sys.stdout
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or not stream.isatty()
    return Console(
        file=stream,
        color_system=None if plain else "auto",
        force_terminal=False if plain else None,
        width=None if stream.isatty() else PLAIN_WIDTH,
        markup=False,
        highlight=False,
        emoji=False,
    )


def _say(console: Console, line: Line) -> None:
    """A paragraph: wrapped on a terminal, one line elsewhere."""
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    indent = 0 if line.heading else 2
    if console.is_terminal:
        console.print(Padding(Text(line.text, "bold" if line.heading else ""), (0, 0, 0, indent)))
    else:
        typer.echo(" " * indent + line.text)


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, indent=2, allow_nan=False))


def _plain_diagnostics(diagnostics: Iterable[sim.Diagnostic]) -> list[dict[str, Any]]:
    return [
        {
            "file": None if found.place is None else sim.printable(found.place.file),
            "line": None if found.place is None else found.place.line,
            "column": None if found.place is None else found.place.column,
            "severity": found.severity,
            "code": found.code,
            "message": found.message,
            "expected": found.expected,
            "suggestion": found.suggestion,
            "advice": found.advice,
        }
        for found in diagnostics
    ]


def _show(diagnostics: Iterable[sim.Diagnostic]) -> None:
    for found in diagnostics:
        typer.echo(str(found), err=True)


@contextmanager
def _problems_shown(as_json: bool) -> Iterator[None]:
    """What is wrong with the input is shown, and ends the command."""
    try:
        yield
    except sim.FoedusError as error:
        _show(error.diagnostics)
        if as_json:
            _print_json({"ok": False, "diagnostics": _plain_diagnostics(error.diagnostics)})
        raise typer.Exit(PROBLEMS) from None


def _policies(names: list[str] | None) -> tuple[sim.Policy, ...]:
    """Policies named on the command line; a module may lie in the current folder."""
    if not names:
        return ()
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))  # last, so that no file here stands in for a library
    return sim.load_policies(*names)


def _scenario(path: Path, doctrines: list[str] | None) -> sim.Scenario:
    """A scenario with the doctrines that a command names."""
    from sim.scenario.doctrines import choose, parse_doctrines  # noqa: PLC0415

    return choose(sim.load_scenario(path), parse_doctrines(doctrines or ()))


def _program(path: Path, doctrines: list[str] | None) -> sim.Program:
    return sim.compile_scenario(_scenario(path, doctrines))


# foedus validate


@app.command(epilog="\b\nExample:\n  foedus validate scenarios/first-steps.yaml --strict")
def validate(
    scenarios: Annotated[
        list[Path],
        typer.Argument(metavar="SCENARIO", help="Scenarios in YAML.", autocompletion=_scenarios_begun),
    ],
    *,
    python: _Python = None,
    doctrines: _Doctrines = None,
    probing: Annotated[
        bool, typer.Option("--probe", help="Play some runs, too, and warn of what only play shows.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings, too.")] = False,
    as_json: _Json = False,
) -> None:
    """Check scenarios under all their doctrines, and show every error and every warning with its place.

    With --python, also play some runs with the policy, and see that it decides each on its own.
    """
    from sim.report.inventory import inventory, inventory_line  # noqa: PLC0415
    from sim.text import in_order  # noqa: PLC0415

    with _problems_shown(as_json):
        policies = _policies(python)
    if probing:
        from sim.analysis.probe import RUNS, SEED, probe  # noqa: PLC0415

    files: list[dict[str, Any]] = []
    found: list[sim.Diagnostic] = []
    for path in scenarios:
        name = sim.printable(str(path))
        try:
            scenario = _scenario(path, doctrines)
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
    _show(diagnostics)
    ok = all(entry["ok"] for entry in files)
    if as_json:
        _print_json({"ok": ok, "files": files, "diagnostics": _plain_diagnostics(diagnostics)})
    if not ok or (strict and diagnostics):
        raise typer.Exit(PROBLEMS)


# foedus run


@app.command(
    epilog="\b\nExample:\n  foedus run scenarios/first-steps.yaml --seed 7\n"
    "  foedus run scenarios/first-steps.yaml --seed 7 --run 123 --turns 6"
)
def run(
    scenario: _ScenarioFile,
    *,
    seed: _Seed = 0,
    number: _Run = 0,
    turns: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Play the first N turns only.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell also of choices that leave things as they are.")
    ] = False,
    python: _Python = None,
    doctrines: _Doctrines = None,
    as_json: _Json = False,
) -> None:
    """Play one run and tell it turn by turn.

    Run K of seed S is the same here, in `foedus play` and in a batch of any size.
    """
    from sim.report.account import account, account_document  # noqa: PLC0415

    with _problems_shown(as_json):
        program = _program(scenario, doctrines)
        policies = _policies(python)
        model = sim.Model(program, runs=[number], seed=seed, trace=True, policies=policies)
        if as_json:
            _print_json({"ok": True, **account_document(model, turns, verbose=verbose)})
            return
        console = _console()
        for place, line in enumerate(account(model, turns, verbose=verbose)):
            if line.heading and place:
                typer.echo()
            _say(console, line)


# foedus explain


@app.command(
    epilog="\b\nExample:\n  foedus explain scenarios/first-steps.yaml --seed 7 --run 0 --turn 4 --actor NORTH"
)
def explain(
    scenario: _ScenarioFile,
    *,
    seed: _Seed = 0,
    number: _Run = 0,
    turn: Annotated[int, typer.Option("--turn", metavar="T", help="The turn to explain, from 1.")],
    actor: Annotated[
        str | None,
        typer.Option(
            "--actor", metavar="ID", help="Only this actor's decisions.", autocompletion=_actors_begun
        ),
    ] = None,
    decision: Annotated[
        str | None,
        typer.Option(
            "--decision",
            metavar="ID",
            help="Only this rule, choice or inject.",
            autocompletion=_decisions_begun,
        ),
    ] = None,
    what_if: Annotated[
        bool, typer.Option("--flips/--no-flips", help="Look for what would have flipped each decision.")
    ] = True,
    python: _Python = None,
    doctrines: _Doctrines = None,
    as_json: _Json = False,
) -> None:
    """Say why each decision of a turn came out as it did, and what would have flipped it."""
    from sim.analysis.explain import explain as explained  # noqa: PLC0415
    from sim.report.why import why, why_document  # noqa: PLC0415

    with _problems_shown(as_json):
        program = _program(scenario, doctrines)
        found = explained(
            program,
            seed,
            number,
            turn,
            actor=actor,
            decision=decision,
            policies=_policies(python),
            what_if=what_if,
        )
        if as_json:
            _print_json({"ok": True, **why_document(found)})
            return
        for line in why(program, found):
            typer.echo(line)


# foedus evidence


@app.command(
    epilog="\b\nExample:\n  foedus evidence scenarios/pyongyang-hanoi-2024.yaml --only unused\n"
    "  foedus evidence scenarios/pyongyang-hanoi-2024.yaml --fact arms-shells-5m"
)
def evidence(
    scenario: _ScenarioFile,
    *,
    fact: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Only this fact or base rate, with all of it.", autocompletion=_facts_begun
        ),
    ] = None,
    mechanism: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Only this mechanism, and what rests on its facts.",
            autocompletion=_mechanisms_begun,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PART",
            help="Only values, facts, unused or stale; may be given several times.",
            autocompletion=_parts_begun,
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="The day of the review; today by default.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """Say where each value of a scenario comes from, what each fact is used for, and what is stale."""
    from sim.report.sourcing_account import evidence_document, evidence_lines  # noqa: PLC0415

    with _problems_shown(as_json):
        if as_json:
            _print_json({"ok": True, **evidence_document(scenario, fact, mechanism, only, as_of)})
            return
        for line in evidence_lines(scenario, fact, mechanism, only, as_of):
            typer.echo(line)


# foedus batch


@app.command(
    epilog="\b\nExample:\n  foedus batch scenarios/first-steps.yaml --runs 1000 --seed 7 --out runs/first"
)
def batch(
    scenario: _ScenarioFile,
    *,
    runs: Annotated[int, typer.Option(min=1, max=MAX_RUN + 1, metavar="N", help="How many runs.")],
    seed: _Seed = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Directory to write.  [default: runs/ID-seed-S]")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="W", help="Processes to play on; results do not depend on it."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an older batch in the directory.")] = False,
    python: _Python = None,
    doctrines: _Doctrines = None,
    as_json: _Json = False,
) -> None:
    """Play many runs, and keep what came of them in a directory."""
    from sim.analysis import outcome_estimates  # noqa: PLC0415
    from sim.batch import check_directory  # noqa: PLC0415

    with _problems_shown(as_json):
        loaded = _scenario(scenario, doctrines)
        policies = _policies(python)
        target = Path("runs") / f"{loaded.model.id}-seed-{seed}" if out is None else out
        check_directory(target, force)
        if workers is None:
            workers = 1 if runs <= ALONE else _cores()
        with _progress(runs) as progress:
            result = sim.run_batch(loaded, runs, seed, workers=workers, progress=progress, policies=policies)
        directory = sim.write_batch(result, target, force)
        if as_json:
            outcomes = [asdict(estimate) for estimate in outcome_estimates(result)]
            document = {"id": result.manifest.id, "hash": result.manifest.hash, "seed": seed, "runs": runs}
            document["doctrines"] = result.manifest.doctrines
            written = {"digest": result.manifest.digest, "directory": sim.printable(str(directory))}
            decided = {"policies": [policy.plain for policy in result.manifest.policies]}
            _print_json({"ok": True, **document, **decided, **written, "outcomes": outcomes})
            return
        _console().print(sim.outcome_table(result))
        typer.echo(f"written to {sim.printable(str(target))}")


def _cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress(runs: int) -> Iterator[Callable[[int], None] | None]:
    """A bar on a terminal; nothing elsewhere."""
    console = _console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich import progress as bars  # noqa: PLC0415

    columns = (
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("runs,"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("", total=runs)
        yield lambda done: shown.update(task, completed=done)


# foedus report


@app.command(epilog="\b\nExample:\n  foedus report runs/first")
def report(
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="A directory that foedus batch wrote.", autocompletion=_batches_begun
        ),
    ],
    as_json: _Json = False,
) -> None:
    """Write the page that says what a batch shows, and name it."""
    with _problems_shown(as_json):
        page = sim.write_report(directory)
        if as_json:
            _print_json({"ok": True, "page": sim.printable(str(page))})
        else:
            typer.echo(sim.printable(str(page)))


# foedus cases


@app.command(
    epilog="\b\nExample:\n  foedus cases\n  foedus cases 1 --runs 1000\n"
    "  foedus cases --family sequence_of_play\n  foedus cases --text nato_5"
)
def cases(
    named: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CASE]...", help="Numbers or files of cases; all without one."),
    ] = None,
    *,
    family: Annotated[str | None, typer.Option(metavar="F", help="Only the cases of this family.")] = None,
    runs: Annotated[
        int, typer.Option(min=1, max=MAX_RUN + 1, metavar="N", help="How many runs of each.")
    ] = 1,
    without: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="Leave this rule of adjudication out; list what changes."),
    ] = None,
    text: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Try situations under this treaty's wording; print a docket."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--in", metavar="DIR", help="Where the cases are; those of foedus by default."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Play the public case suite, and hold what comes of each case against what it expects."""
    from sim.analysis.cases import judge, judge_without  # noqa: PLC0415
    from sim.analysis.suite import load_suite  # noqa: PLC0415
    from sim.compile.domain import checked_rules  # noqa: PLC0415
    from sim.report import cases as told  # noqa: PLC0415

    with _problems_shown(as_json):
        if text is not None:
            _lab(folder, named or (), family, text, runs, as_json=as_json)
            return
        checked_rules(frozenset(without or ()))
        loaded = load_suite(folder, named or (), family)
        if without:
            found = [judge_without(one.case, without, runs) for one in loaded]
            verdicts = [verdict for verdict in found if not verdict.passed]
            title = f"Without {', '.join(without)}, {len(verdicts)} of {len(loaded)} cases come out otherwise"
            ok = bool(verdicts)
        else:
            verdicts = [judge(one, runs) for one in loaded]
            title = told.summary(verdicts)
            ok = all(verdict.passed for verdict in verdicts)
        if as_json:
            _print_json({"ok": ok, "runs": runs, "cases": [told.case_document(one) for one in verdicts]})
        elif len(verdicts) == 1 and len(loaded) == 1:
            for line in told.case_account(verdicts[0]):
                typer.echo(line)
        else:
            _console().print(told.case_table(verdicts))
            typer.echo(title)
    if not ok:
        raise typer.Exit(PROBLEMS)


def _lab(
    folder: Path | None,
    named: list[str] | tuple[()],
    family: str | None,
    text: str,
    runs: int,
    *,
    as_json: bool,
) -> None:
    """The treaty-text lab."""
    from sim.analysis.docket import try_text  # noqa: PLC0415
    from sim.analysis.suite import load_suite  # noqa: PLC0415
    from sim.report import docket as told  # noqa: PLC0415
    from sim.scenario.texts import text_named  # noqa: PLC0415

    wording = text_named(text)
    loaded = [one for one in load_suite(folder, named, family) if one.case.model.under_test is not None]
    trials = [try_text(one, wording, runs) for one in loaded]
    if as_json:
        shown = {"text": text, "title": wording.model.title, "says": wording.model.says, "runs": runs}
        _print_json({"ok": True, **shown, "cases": [told.trial_document(trial) for trial in trials]})
        return
    typer.echo(f"{sim.printable(wording.model.title)}: {sim.printable(wording.model.says)}")
    _console().print(told.docket_table(trials, text))
    typer.echo(told.docket_summary(trials, wording.model))


# foedus play


@app.command(epilog="\b\nExample:\n  foedus play scenarios/first-steps.yaml --seed 7")
def play(
    scenario: _ScenarioFile,
    seed: _Seed = 0,
    run: _Run = 0,
    *,
    python: _Python = None,
    doctrines: _Doctrines = None,
) -> None:
    """Play one run on the screen, turn by turn, forward and back."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _end("play needs a terminal; foedus run tells a run as text", WRONGLY_USED)
    with _problems_shown(as_json=False):
        program = _program(scenario, doctrines)
        policies = _policies(python)
        from tui.app import FoedusApp  # noqa: PLC0415

        FoedusApp(program, seed, run, policies).run()


# Tools of the language: foedus schema, fmt, diff, new, migrate

_Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE", help="Scenarios, or files that they extend.", autocompletion=_files_begun),
]
_Check = Annotated[bool, typer.Option("--check", help="Write nothing; name the files that would change.")]


@app.command(epilog="\b\nExample:\n  foedus schema > foedus.schema.json")
def schema() -> None:
    """Print the JSON Schema of the format, for editors that complete and check."""
    from sim.scenario.schema import scenario_schema  # noqa: PLC0415

    _print_json(scenario_schema())


@app.command(epilog="\b\nExample:\n  foedus fmt scenarios/first-steps.yaml")
def fmt(files: _Files, check: _Check = False) -> None:
    """Write files in the canonical form; comments stay, and no meaning changes."""
    from sim.scenario.format import format_file  # noqa: PLC0415

    with _problems_shown(as_json=False):
        changed = [path for path in files if format_file(path, check=check)]
    _name_changed(changed, "would change" if check else "formatted")
    if check and changed:
        raise typer.Exit(PROBLEMS)


@app.command(epilog="\b\nExample:\n  foedus migrate scenarios/first-steps.yaml")
def migrate(scenario: _ScenarioFile, check: _Check = False) -> None:
    """Bring a scenario and all it extends up to the present version of the format."""
    from sim.scenario.migrate import migrate_files  # noqa: PLC0415

    with _problems_shown(as_json=False):
        changed = migrate_files(scenario, check=check)
    _name_changed(changed, "would change" if check else "migrated")
    if check and changed:
        raise typer.Exit(PROBLEMS)


def _name_changed(paths: Iterable[Path], verb: str) -> None:
    for path in paths:
        typer.echo(f"{sim.printable(str(path))}: {verb}")


@app.command(epilog="\b\nExample:\n  foedus diff scenarios/first-steps.yaml scenarios/border-clash.yaml")
def diff(
    first: Annotated[Path, typer.Argument(metavar="A", help="A scenario.", autocompletion=_scenarios_begun)],
    second: Annotated[
        Path,
        typer.Argument(metavar="B", help="Another, or a later state of it.", autocompletion=_scenarios_begun),
    ],
    as_json: _Json = False,
) -> None:
    """Say what B changes for the model against A, part by part."""
    from sim.scenario.diff import change_data, diff_scenarios, render  # noqa: PLC0415

    with _problems_shown(as_json):
        changes = diff_scenarios(sim.load_scenario(first), sim.load_scenario(second))
    if as_json:
        _print_json({"ok": True, "changes": change_data(changes)})
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

    with _problems_shown(as_json=False):
        typer.echo(sim.printable(str(scaffold(name, directory))))


if __name__ == "__main__":
    main()
