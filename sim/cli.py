"""The command `foedus`: checks scenarios, plays them once or many times, and writes reports.

Results go to stdout, whatever is said about them (errors, progress, where files were written) to stderr, except
where a file's name is the result. Exit codes: 0 done; 1 the thing asked found problems; 2 used wrongly; 130
interrupted. Everything heavy is imported by the command that needs it, through the lazy names of `sim`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

import sim

if TYPE_CHECKING:
    from rich.console import Console

PROBLEMS: Final = 1
WRONGLY_USED: Final = 2
INTERRUPTED: Final = 130
READER_GONE: Final = 141
"""As a shell reports a command that wrote to a pipe nobody reads."""

MAX_SEED: Final = 2**32 - 1
MAX_RUN: Final = 2**34 - 1
PLAIN_WIDTH: Final = 110
"""Width of tables where no terminal says how wide it is."""
ALONE: Final = 4_096
"""Batches up to this size are played by one process: others would take longer to start than to help."""


class _Foedus(TyperGroup):
    """Ends every command cleanly, whatever becomes of its output or of the patience of who waits for it."""

    def invoke(self, ctx: Any) -> Any:
        if isinstance(sys.stdout, TextIOWrapper):
            # A terminal that has no letter for something gets its escape, not a traceback.
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
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
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    app(prog_name="foedus")


# What the commands share: options

_ScenarioFile = Annotated[Path, typer.Argument(metavar="SCENARIO", help="A scenario in YAML.")]
_Seed = Annotated[int, typer.Option(min=0, max=MAX_SEED, metavar="S", help="Seed of all luck.")]
_Run = Annotated[int, typer.Option(min=0, max=MAX_RUN, metavar="K", help="Number of the run.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]


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


def _say(console: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    """A paragraph: wrapped on a terminal, one line elsewhere."""
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if console.is_terminal:
        console.print(Padding(Text(text, style), (0, 0, 0, indent)))
    else:
        console.print(" " * indent + text, soft_wrap=True)


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


# foedus validate


@app.command(epilog="\b\nExample:\n  foedus validate scenarios/first-steps.yaml")
def validate(
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO...", help="Scenarios in YAML.")],
    as_json: _Json = False,
) -> None:
    """Check scenarios, and show every error of all of them with its place."""
    from sim.text import in_order  # noqa: PLC0415

    files, found = [], []
    for path in scenarios:
        try:
            scenario = sim.load_scenario(path)
            program = sim.compile_scenario(scenario)
        except sim.FoedusError as error:
            files.append({"file": sim.printable(str(path)), "ok": False})
            found += error.diagnostics
        else:
            files.append(_summary(path, scenario, program))
            if not as_json:
                typer.echo(_sentence(files[-1]))
    diagnostics = in_order(found)
    _show(diagnostics)
    ok = all(entry["ok"] for entry in files)
    if as_json:
        _print_json({"ok": ok, "files": files, "diagnostics": _plain_diagnostics(diagnostics)})
    if not ok:
        raise typer.Exit(PROBLEMS)


def _summary(path: Path, scenario: sim.Scenario, program: sim.Program) -> dict[str, Any]:
    return {
        "file": sim.printable(str(path)),
        "ok": True,
        "id": program.id,
        "title": sim.printable(program.title),
        "hash": program.hash,
        "turns": program.turns,
        "turn": str(program.clock.turn),
        "actors": len(program.names),
        "parameters": len(program.parameters),
        "decisions": len(program.decisions),
        "outcomes": len(program.outcomes),
        "grades": _grades(scenario),
    }


def _grades(scenario: sim.Scenario) -> dict[str, int]:
    """How many of the values that can carry a grade carry which; "none" for those that do not.

    An option without a grade has its choice's, a pair its relation's. Indicators only read, and are left out.
    """
    from sim.scenario import parts  # noqa: PLC0415
    from sim.scenario.models import Graded, Indicator  # noqa: PLC0415

    grades: dict[tuple[str | int, ...], str | None] = {}
    for path, part in parts(scenario.model):
        if isinstance(part, Graded) and not isinstance(part, Indicator):
            above = (grades[path[:length]] for length in range(len(path), 0, -1) if path[:length] in grades)
            grades[path] = part.grade or next(above, None)
    counts = dict.fromkeys(("measured", "informed", "assumed", "none"), 0)
    for grade in grades.values():
        counts[grade or "none"] += 1
    return counts


def _sentence(entry: dict[str, Any]) -> str:
    """What a file that is in order holds, on one line."""
    sizes = ", ".join(
        _counted(entry[name], name) for name in ("actors", "parameters", "decisions", "outcomes")
    )
    total = sum(entry["grades"].values())
    shares = ", ".join(
        f"{count / total:.0%} {'ungraded' if grade == 'none' else grade}"
        for grade, count in entry["grades"].items()
        if count
    )
    turns = f"{_counted(entry['turns'], 'turns')} of a {entry['turn']}"
    graded = f"; {_counted(total, 'values')}: {shares}" if total else ""
    return f"{entry['file']}: ok: {entry['id']}, {turns}, {sizes}{graded}"


def _counted(number: int, plural: str) -> str:
    return f"{number:,} {plural.removesuffix('s') if number == 1 else plural}"


# foedus run


@app.command(
    epilog="\b\nExample:\n  foedus run scenarios/first-steps.yaml --seed 7\n"
    "  foedus run scenarios/first-steps.yaml --seed 7 --run 123 --turns 6"
)
def run(
    scenario: _ScenarioFile,
    seed: _Seed = 0,
    number: Annotated[
        int, typer.Option("--run", min=0, max=MAX_RUN, metavar="K", help="Number of the run.")
    ] = 0,
    turns: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Play the first N turns only.")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell also of choices that leave things as they are.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """Play one run and tell it turn by turn.

    Run K of seed S is the same here, in `foedus play` and in a batch of any size.
    """
    with _problems_shown(as_json):
        program = sim.load(scenario)
        model = sim.Model(program, runs=[number], seed=seed, trace=True)
        told = sim.story(model, turns, verbose=verbose)
        if as_json:
            _print_json(_run_document(model, told))
            return
        console = _console()
        title = sim.printable(program.title)
        _say(console, f"{title}: seed {seed}, run {number}", style="bold")
        for turn in told:
            _say(console, f"\n{turn.heading}", style="bold")
            for sentence in turn.sentences:
                _say(console, str(sentence), indent=2)
            if not turn.sentences:
                _say(console, "Nothing of note.", indent=2, style="dim")
        _tell_outcomes(console, model)


def _tell_outcomes(console: Console, model: sim.Model) -> None:
    """Which came about, in order of time; the others in one paragraph."""
    came, others = [], []
    for outcome in model.program.outcomes:
        turn = int(model[f"outcome.{outcome.id}"][0])
        title = sim.printable(outcome.title)
        if turn:
            came.append((turn, title))
        else:
            others.append(title)
    if not came and not others:
        return
    _say(console, "\nOutcomes", style="bold")
    for turn, title in sorted(came):
        _say(console, f"{model.program.clock.label(turn)}: {title}.", indent=2)
    if others:
        lead = "Did not come about" if model.finished else f"Not after {_counted(model.turn, 'turns')}"
        _say(console, f"{lead}: {'; '.join(others)}.", indent=2)


def _run_document(model: sim.Model, story: Iterable[sim.Told]) -> dict[str, Any]:
    program = model.program
    turns = []
    for told in story:
        sentences = [
            {
                "kind": sentence.kind,
                "actor": sentence.actor,
                "text": sentence.text,
                "detail": sentence.detail,
                "about": sentence.about,
            }
            for sentence in told.sentences
        ]
        turns.append(
            {"turn": told.turn, "label": told.label, "hash": model.state.hash(), "sentences": sentences}
        )
    return {
        "ok": True,
        **_birth(program),
        "seed": model.state.seed,
        "run": int(model.state.runs[0]),
        "turns": turns,
        "outcomes": {
            outcome.id: int(model[f"outcome.{outcome.id}"][0]) or None for outcome in program.outcomes
        },
        "indicators": {
            indicator.id: float(model.state.values[indicator.row, 0]) for indicator in program.indicators
        },
    }


def _birth(program: sim.Program) -> dict[str, Any]:
    return {
        "id": program.id,
        "title": sim.printable(program.title),
        "hash": program.hash,
        "version": sim.__version__,
        "results_version": sim.RESULTS_VERSION,
    }


# foedus batch


@app.command(
    epilog="\b\nExample:\n  foedus batch scenarios/first-steps.yaml --runs 1000 --seed 7 --out runs/first-steps"
)
def batch(
    scenario: _ScenarioFile,
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
    as_json: _Json = False,
) -> None:
    """Play many runs, show how often each outcome came about, and keep the results in a directory."""
    from sim.batch import check_directory  # noqa: PLC0415

    with _problems_shown(as_json):
        loaded = sim.load_scenario(scenario)
        target = Path("runs") / f"{loaded.model.id}-seed-{seed}" if out is None else out
        check_directory(target, force)
        if workers is None:
            workers = 1 if runs <= ALONE else _cores()
        with _progress(runs) as progress:
            result = sim.run_batch(loaded, runs, seed, workers=workers, progress=progress)
        directory = sim.write_batch(result, target, force)
        if as_json:
            _print_json(_batch_document(result, directory))
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


@app.command(epilog="\b\nExample:\n  foedus report runs/first-steps")
def report(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A directory that foedus batch wrote.")],
    as_json: _Json = False,
) -> None:
    """Write the page that says what a batch shows, and name it."""
    with _problems_shown(as_json):
        page = sim.write_report(directory)
        if as_json:
            _print_json({"ok": True, "page": sim.printable(str(page))})
        else:
            typer.echo(sim.printable(str(page)))


# foedus play


@app.command(epilog="\b\nExample:\n  foedus play scenarios/first-steps.yaml --seed 7")
def play(scenario: _ScenarioFile, seed: _Seed = 0, run: _Run = 0) -> None:
    """Play one run on the screen, turn by turn, forward and back."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _end("play needs a terminal; foedus run tells a run as text", WRONGLY_USED)
    with _problems_shown(as_json=False):
        program = sim.load(scenario)
        from tui.app import FoedusApp  # noqa: PLC0415

        FoedusApp(program, seed, run).run()


if __name__ == "__main__":
    main()
