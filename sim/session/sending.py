"""A branch sent to the batch: what of it many runs can follow from turn 0 on, and what they cannot."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.batch import check_directory, run_batch, write_batch
from sim.batch.run import STREAM
from sim.compile import Program
from sim.engine.orders import Order, checked
from sim.engine.policy import Policy
from sim.engine.settings import Setting, fitting, put
from sim.engine.start import start
from sim.session.game import Game
from sim.session.line import Line
from sim.session.log import Entry, standing_orders
from sim.text import FoedusError

RUNS: Final = 10_000
"""How many are played if nobody says otherwise."""
BLOCK: Final = 1_024
"""Runs after which progress is told: results do not depend on it."""


@dataclass(frozen=True, slots=True)
class Sending:
    """All that many runs of a branch are played with."""

    branch: str
    program: Program
    seed: int
    run: int
    """The run that the game is of."""
    orders: tuple[Order, ...]
    settings: tuple[Setting, ...]
    policies: tuple[Policy, ...]
    left_out: tuple[str, ...]
    """What of the branch does not go along, each in words; with nothing left out the run of the game's number
    is the branch itself."""


def sending(game: Game) -> Sending:
    """The branch that is shown, as a batch can play it."""
    program, left_out = game.program, list(_of_its_own(game))
    orders: list[Order] = []
    settings: list[Setting] = []
    for entry in _standing(game):
        if entry.kind == "order" and _fits(program, entry.order):
            orders.append(entry.order)
        elif entry.kind == "setting" and _can_be_set(program, _setting(entry)):
            settings.append(_setting(entry))
        else:
            left_out.append(f"turn {entry.turn}: there is no longer such a thing as {entry.about}")
    if not _begins_alike(game, settings):
        left_out.append("turn 0: the branch kept how the world began before its doctrine was taken up")
    return Sending(
        game.line.name,
        program,
        game.seed,
        game.run,
        tuple(orders),
        tuple(settings),
        game.line.policies,
        tuple(left_out),
    )


def send(
    what: Sending,
    runs: int,
    directory: Path,
    *,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """Play so many runs of a branch, and write them as `foedus batch` does.

    Args:
        what: from `sending`.
        runs: how many, numbers 0 to `runs - 1`.
        directory: a new one.
        workers: processes to play on; 1 is this one.
        progress: called with the number of runs done so far; what it raises ends the work, and no directory
            is left.

    Returns:
        The directory.

    Raises:
        FoedusError: as `run_batch` and `write_batch`.
    """
    check_directory(directory)
    scenario = what.program.scenario
    result = run_batch(
        what.program if scenario is None else scenario,
        runs,
        what.seed,
        workers=workers,
        block=BLOCK,
        orders=what.orders,
        settings=what.settings,
        left_out=what.left_out,
        progress=progress,
        policies=what.policies,
    )
    return write_batch(result, directory)


def free_directory(folder: Path, what: Sending) -> Path:
    """A name in a folder for the runs of a branch, where there is nothing yet."""
    branch = re.sub(r"[^a-z0-9]+", "-", what.branch.casefold()).strip("-")[:40] or "branch"
    stem = f"{what.program.id}-seed-{what.seed}-{branch}"
    path, number = folder / stem, 2
    while path.exists() or path.is_symlink():
        path, number = folder / f"{stem}-{number}", number + 1
    return path


def _standing(game: Game) -> Iterator[Entry]:
    """What stands of the log: of each decision's orders in a turn the last, and every value that was set."""
    log = game.log()
    yield from (entry for entry in log if entry.kind == "setting")
    for turn in sorted({entry.turn for entry in log if entry.kind == "order"}):
        yield from (entry for _, entry in sorted(standing_orders(log, turn).items()))


def _of_its_own(game: Game) -> Iterator[str]:
    """What a line began in the midst of play that a batch has from turn 0 on, or not at all."""
    held = dict(game.program.doctrines)
    for parent, line in _forks(game):
        assert line.origin is not None
        turn = line.origin.turn
        before, after = dict(parent.program.doctrines), dict(line.program.doctrines)
        for actor in sorted(after):
            if turn and before.get(actor) != after[actor]:
                was = before.get(actor, "none")
                yield (
                    f"turn {turn}: {actor} changed its doctrine from {was} to {after[actor]};"
                    f" here {held[actor]} holds from turn 0 on"
                )
        if line.stream != parent.stream:
            yield f"turn {turn}: luck was rolled again (stream {line.stream}); here it is stream {STREAM}"


def _begins_alike(game: Game, settings: Iterable[Setting]) -> bool:
    """Whether turn 0 of the branch is what a batch begins with; also true where doctrines changed later."""
    first = game.line.moments[0]
    if first.program is not game.program:
        return True
    begun = start(game.program, first.state.runs, game.seed, STREAM)
    for setting in settings:
        if setting.turn == 0:
            put(game.program, begun, setting)
    return begun.hash() == first.hash


def _forks(game: Game) -> Iterator[tuple[Line, Line]]:
    """Parent and branch of each fork that the line that is shown came by, the first one first."""
    found: list[tuple[Line, Line]] = []
    line = game.line
    while line.origin is not None:
        parent = game.lines[line.origin.branch]
        found.append((parent, line))
        line = parent
    yield from reversed(found)


def _setting(entry: Entry) -> Setting:
    assert entry.value is not None
    return Setting(entry.turn, entry.about, entry.value, entry.reason)


def _fits(program: Program, order: Order) -> bool:
    try:
        checked(program, [order])
    except FoedusError:
        return False
    return True


def _can_be_set(program: Program, setting: Setting) -> bool:
    try:
        fitting(program, [setting])
    except FoedusError:
        return False
    return True
