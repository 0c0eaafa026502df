"""`foedus play` and `foedus replay`: games on the screen, and runs of a batch opened again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

import sim
from sim.cli.command import app
from sim.cli.options import (
    MAX_RUN,
    Doctrines,
    PythonPolicies,
    RunNumber,
    Seed,
    batches_begun,
    policies_named,
    program_under,
    scenarios_begun,
    sessions_begun,
)
from sim.cli.output import PROBLEMS, WRONGLY_USED, end_with, open_console, problems_shown, say
from sim.cli.web import PORT, in_a_page, play_line, serve

if TYPE_CHECKING:
    from tui.watching import Watched

GAMES: Final = Path("runs") / "games"
"""Where games are saved that are not told where."""
ONE_SCENARIO: Final = (
    "a saved game goes on under the scenario that it was begun with: --watch is for a new one"
)


@app.command(
    epilog="\b\nExample:\n  foedus play scenarios/first-steps.yaml --seed 7\n"
    "  foedus play --resume runs/games/first-steps-seed-7-run-0.session.json"
)
def play(
    scenario: Annotated[
        Path | None,
        typer.Argument(metavar="[SCENARIO]", help="A scenario in YAML.", autocompletion=scenarios_begun),
    ] = None,
    seed: Seed = 0,
    run: RunNumber = 0,
    *,
    session: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save the game here.  [default: runs/games/ID-seed-S-run-K]"),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Go on with a saved game.", autocompletion=sessions_begun),
    ] = None,
    python: PythonPolicies = None,
    doctrines: Doctrines = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Begin again at turn 0 whenever the scenario was edited.")
    ] = False,
    web: Annotated[
        bool, typer.Option("--web", help="Play in a browser of this machine; it has no login.")
    ] = False,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, metavar="N", help=f"Port of the page.  [default: {PORT}]")
    ] = None,
) -> None:
    """Play a game on the screen: turn by turn, forward and back, in any seat, on any branch.

    It is saved after every turn.
    """
    if (refused := _at_odds(scenario, resume, bool(session or doctrines or seed or run), watch)) is not None:
        end_with(refused, WRONGLY_USED)
    if port is not None and not web:
        end_with("--port is for a page: play --web", WRONGLY_USED)
    if session is not None and session.exists() and not in_a_page():
        end_with(f"{sim.printable(str(session))} exists already: --resume goes on with it", PROBLEMS)
    if web:
        _check(scenario, resume, python, doctrines)
        line = play_line(
            scenario,
            seed=seed,
            run=run,
            session=session,
            resume=resume,
            python=python or (),
            doctrines=doctrines or (),
            watch=watch,
        )
        serve(line, PORT if port is None else port)
        return
    if not (in_a_page() or (sys.stdin.isatty() and sys.stdout.isatty())):
        end_with("play needs a terminal; foedus run tells a run as text", WRONGLY_USED)
    with problems_shown(as_json=False):
        policies = policies_named(python)
        if scenario is None and resume is None:
            picked, number = _picked()
            if number is not None:
                _show(*_picked_run(picked, number, policies))
                return
            scenario, resume = (None, picked) if picked.name.endswith(".session.json") else (picked, None)
        if resume is not None:
            if watch:
                end_with(ONE_SCENARIO, WRONGLY_USED)
            game = sim.resume(resume, policies)
            game.saver = saver = sim.Saving.going_on(resume)
            _show(game, "" if saver.path == resume else _elsewhere(resume, saver.path))
        elif scenario is not None:
            source = scenario

            def begin() -> sim.Game:
                game = sim.Game(program_under(source, doctrines), seed, run, policies, source=source)
                game.saver = sim.Saving.anew(session or sim.session_path(GAMES, game))
                return game

            _show_new(begin, source if watch else None)


def _at_odds(scenario: Path | None, resume: Path | None, stated: bool, watch: bool) -> str | None:
    """Why options do not go together, if they do not."""
    if resume is None:
        return None
    if scenario is not None:
        return "play takes a scenario, or a game to resume, not both"
    if stated:
        return "a game is resumed as it was: with its own seed, run and doctrines"
    return ONE_SCENARIO if watch else None


def _check(
    scenario: Path | None, resume: Path | None, python: list[str] | None, doctrines: list[str] | None
) -> None:
    """Say what cannot be played here, rather than on a page that ends before it is seen."""
    with problems_shown(as_json=False):
        if scenario is not None:
            program_under(scenario, doctrines)
        elif resume is not None:
            sim.resume(resume, policies_named(python))


@app.command(
    epilog="\b\nExample:\n  foedus replay runs/first --run 123\n  foedus replay runs/first --run 123 --tui"
)
def replay(
    directory: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", help="A directory that foedus batch wrote.", autocompletion=batches_begun
        ),
    ],
    *,
    run: Annotated[int, typer.Option("--run", min=0, max=MAX_RUN, metavar="K", help="Number of the run.")],
    scenario: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The scenario it was played from, so that the game can be saved.",
            autocompletion=scenarios_begun,
        ),
    ] = None,
    tui: Annotated[bool, typer.Option("--tui", help="Open it on the screen, to be played on.")] = False,
    python: PythonPolicies = None,
) -> None:
    """Tell one run of a batch turn by turn, and prove that it is the one that the batch holds."""
    from sim.report.account import told_lines  # noqa: PLC0415

    if tui and not (sys.stdin.isatty() and sys.stdout.isatty()):
        end_with("--tui needs a terminal; without it the run is told as text", WRONGLY_USED)
    with problems_shown(as_json=False):
        policies = policies_named(python)
        if tui:
            _show(*opened_here(sim.open_run(directory, run, scenario=scenario, policies=policies)))
            return
        opened = sim.open_run(directory, run, scenario=scenario, policies=policies)
        console = open_console()
        for _ in opened.game.travel(opened.game.turns):
            for line in told_lines(opened.game.now.told.news):
                say(console, line)
        if opened.game.fault is not None:
            raise opened.game.fault
        if opened.game.now.hash != opened.hash:
            end_with(f"run {run} came to another state than the batch holds", PROBLEMS)
        typer.echo(f"state {opened.hash}, as in the batch")


def opened_here(opened: sim.Replay) -> tuple[sim.Game, str]:
    """A run of a batch as a game, saved if it is known from which file it was played; and what is said."""
    if opened.game.source is not None:
        opened.game.saver = sim.Saving.anew(sim.session_path(GAMES, opened.game))
        return opened.game, ""
    why = "it is not known from which file it was played"
    if opened.edited is not None:
        why = "; ".join(found.message for found in opened.edited.diagnostics)
    return opened.game, f"This game is not saved: {why}. The scenario as the batch keeps it is played."


def _picked_run(directory: Path, run: int, policies: tuple[sim.Policy, ...]) -> tuple[sim.Game, str]:
    """A run of a batch that was picked; it is saved if its scenario is at hand as it was."""
    from tui.screens.picker import scenario_of  # noqa: PLC0415

    scenario = scenario_of(str(directory), Path.cwd())
    return opened_here(sim.open_run(directory, run, scenario=scenario, or_kept=True, policies=policies))


def _elsewhere(resumed: Path, saved: Path) -> str:
    return f"{resumed} is being played elsewhere: from here on this game is saved in {saved}."


def _picked() -> tuple[Path, int | None]:
    """A scenario, a saved game, or a batch and the number of a run, picked from those at hand."""
    from tui.app import PickerApp  # noqa: PLC0415
    from tui.config import config_here  # noqa: PLC0415
    from tui.screens.picker import choices  # noqa: PLC0415

    found = choices(Path.cwd())
    if not found:
        end_with("play needs a scenario: there is none here nor in scenarios/", WRONGLY_USED)
    picker = PickerApp(found, config_here())
    picked = picker.run()
    if picked is None:
        raise typer.Exit
    return Path(picked), picker.number


def _show_new(begin: Callable[[], sim.Game], watched: Path | None) -> None:
    """Play a new game on the screen, which begins again whenever a scenario that is watched was edited."""
    from tui.watching import Watched  # noqa: PLC0415

    if watched is None:
        _show(begin())
    else:
        files = Watched(watched, begin)
        _show(files.begin(), watched=files)


def _show(game: sim.Game, said: str = "", *, watched: Watched | None = None) -> None:
    """Play a game on the screen, where something is said first."""
    from sim.cli.waiting import cores  # noqa: PLC0415
    from tui.app import FoedusApp  # noqa: PLC0415
    from tui.config import config_here  # noqa: PLC0415

    shown = FoedusApp(game, cores(), config=config_here(), watched=watched, said=said)
    shown.run()
    saver = shown.game.saver
    if not isinstance(saver, sim.Saving):
        return
    saver.release()
    if saver.path.exists() and not in_a_page():
        typer.echo(f"saved: foedus play --resume {sim.printable(str(saver.path))}")
