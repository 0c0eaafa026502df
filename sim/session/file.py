"""The session file: a game as text, written whole after every turn, and a game read back from it.

The file is JSON, which is YAML too, so that what is wrong in one is told with its line. It holds no states:
the same scenario, seed and log play the same worlds, and the hash of each branch's last state proves it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sim.compile import Program, compile_scenario
from sim.engine.luck import MAX_RUN
from sim.engine.policy import Policy
from sim.engine.provenance import PolicyRecord, record, refuse_others
from sim.engine.state import RESULTS_VERSION
from sim.scenario import load_scenario
from sim.scenario.doctrines import choose
from sim.scenario.fields import several
from sim.session.game import Game
from sim.session.line import MAIN, Line
from sim.session.log import FACILITATOR, Entry, EntryKind
from sim.text import (
    Diagnostics,
    FoedusError,
    Mapping,
    Place,
    TextModel,
    beside,
    checked,
    locate,
    printable,
    quoted,
    read_document,
)
from sim.text.files import write_text

FORMAT: Final = 1
MAX_STREAM: Final = 2**31
"""Of a branch; above it there are streams enough for forecasts and new luck."""
CODE: Final = "session"
"""Of diagnostics."""

Whole = Annotated[int, Field(ge=0)]
Text = Annotated[str, Field(max_length=8_000), AfterValidator(printable)]
"""What people have written. A file from elsewhere may hold what a terminal would obey."""


class OriginModel(TextModel):
    branch: Text
    turn: Whole


class EntryModel(TextModel):
    """As `sim.session.log.Entry`."""

    kind: EntryKind
    turn: Whole
    about: Text = ""
    said: Text = ""
    value: float | None = None
    by: Text = FACILITATOR
    reason: Text = ""


class BranchModel(TextModel):
    """One line of the game."""

    name: Annotated[Text, Field(min_length=1)]
    origin: OriginModel | None = None
    doctrines: dict[str, str] = {}
    stream: Annotated[int, Field(ge=0, le=MAX_STREAM)] = 0
    played: Whole
    """The last turn that was played."""
    hash: str
    """Of the state after it."""
    log: Annotated[tuple[EntryModel, ...], BeforeValidator(several)] = ()


class ScenarioModel(TextModel):
    """What was played."""

    file: Annotated[str, Field(min_length=1)]
    """As seen from the session file."""
    id: str
    hash: str
    doctrines: dict[str, str] = {}


class ShownModel(TextModel):
    branch: Text
    turn: Whole


class SessionModel(TextModel):
    """A session file."""

    foedus_session: Literal[1]
    results_version: Whole
    scenario: ScenarioModel
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)]
    run: Annotated[int, Field(ge=0, le=MAX_RUN)]
    policies: Annotated[tuple[dict[str, Any], ...], BeforeValidator(several)] = ()
    shown: ShownModel
    seats: Annotated[tuple[Text, ...], BeforeValidator(several)] = ()
    pins: Annotated[tuple[Text, ...], BeforeValidator(several)] | None = None
    """Indicators and attributes that a person has pinned."""
    branches: Annotated[tuple[BranchModel, ...], BeforeValidator(several), Field(min_length=1)]


def write_session(game: Game, path: Path) -> None:
    """Write a game to a file: whole, or not at all.

    Raises:
        FoedusError: if it cannot be written; what stood there before then stands.
    """
    document = session_document(game, path.absolute().parent)
    write_text(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def session_document(game: Game, folder: Path) -> dict[str, Any]:
    """A game as plain data; files are named as seen from a folder."""
    source = None if game.source is None else os.path.relpath(game.source.absolute(), folder)
    return {
        "foedus_session": FORMAT,
        "results_version": RESULTS_VERSION,
        "scenario": {
            "file": "" if source is None else Path(source).as_posix(),
            "id": game.base.id,
            "hash": game.base.hash,
            "doctrines": dict(game.base.doctrines),
        },
        "seed": game.seed,
        "run": game.run,
        "policies": [record(policy).plain for policy in game.line.policies],
        "shown": {"branch": game.line.name, "turn": game.turn},
        "seats": list(game.seats),
        **({} if game.pins is None else {"pins": list(game.pins)}),
        "branches": [_branch(game, line) for line in game.lines.values()],
    }


def _branch(game: Game, line: Line) -> dict[str, Any]:
    plain: dict[str, Any] = {"name": line.name}
    if line.origin is not None:
        plain["origin"] = asdict(line.origin)
        parent = game.lines[line.origin.branch]
        if line.program is not parent.program:
            plain["doctrines"] = dict(line.program.doctrines)
    plain |= {"stream": line.stream, "played": line.played, "hash": line.moments[-1].hash}
    return plain | {"log": [_entry(entry) for entry in line.log]}


def _entry(entry: Entry) -> dict[str, Any]:
    always = ("kind", "turn", "by")
    return {name: value for name, value in asdict(entry).items() if name in always or value not in ("", None)}


def resume(path: Path | str, policies: Sequence[Policy | type[Policy]] = ()) -> Game:
    """The game of a session file, played again up to where it was left.

    Args:
        path: the file.
        policies: the policies written in Python that it was played with; a file names them, but loads none.

    Raises:
        FoedusError: for a file that is damaged, is of another results version, or whose scenario is gone, was
            edited since, or does not play to the states that the file holds the hashes of.
    """
    return _Resumed(Path(path), policies).game()


class _Resumed:
    """A session file being read back."""

    def __init__(self, path: Path, policies: Sequence[Policy | type[Policy]]) -> None:
        self._path = path
        self._policies = policies
        root = read_document(path)
        if not isinstance(root, Mapping) or "foedus_session" not in root:
            raise FoedusError.at(root.place, "this is no session", "a file that foedus play saved", code=CODE)
        self._root = root
        problems = Diagnostics()
        model = checked(SessionModel, root, problems)
        if model is None:
            raise FoedusError(problems.errors)
        self._model = model

    def _place(self, *path: str | int) -> Place:
        return locate(self._root, path).value_place

    def game(self) -> Game:
        model = self._model
        if model.results_version != RESULTS_VERSION:
            raise FoedusError.at(
                self._place("results_version"),
                f"the session has results version {model.results_version}",
                f"results version {RESULTS_VERSION}: finish it with the foedus that began it",
                code=CODE,
            )
        source = Path(beside(str(self._path), model.scenario.file))
        game = Game(self._program(source), model.seed, model.run, self._policies, source=source)
        self._check_policies(game)
        for index, branch in enumerate(model.branches):
            self._play(game, index, branch)
        shown = model.shown
        if shown.branch not in game.lines or shown.turn > game.lines[shown.branch].played:
            raise self._damaged(("shown", "turn"), "there is no such turn in this game")
        game.line, game.turn = game.lines[shown.branch], shown.turn
        if not set(model.seats) <= set(game.base.names):
            raise self._damaged(("seats",), "not all of these are actors")
        game.seats, game.pins = model.seats, model.pins
        return game

    def _program(self, source: Path) -> Program:
        stated = self._model.scenario
        if not source.is_file():
            raise FoedusError.at(
                self._place("scenario", "file"),
                f"there is no file {quoted(stated.file)}",
                "the scenario, as seen from this file",
                code=CODE,
            )
        written = locate(self._root, ("scenario", "doctrines")).node
        told = written if isinstance(written, Mapping) else None
        program = compile_scenario(choose(load_scenario(source), stated.doctrines, told))
        if program.hash != stated.hash:
            raise FoedusError.at(
                self._place("scenario", "hash"),
                f"{quoted(stated.file)} was edited since this session was played",
                "the scenario as it was: a world played on under other rules would be neither",
                code=CODE,
            )
        return program

    def _check_policies(self, game: Game) -> None:
        try:
            recorded = [PolicyRecord.of(plain) for plain in self._model.policies]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._damaged(("policies",), "these are no policies") from None
        refuse_others(recorded, [record(policy) for policy in game.line.policies], "the session")

    def _play(self, game: Game, index: int, branch: BranchModel) -> None:
        """Make a line and play it as far as it was played."""
        line = game.line if index == 0 else self._branched(game, index, branch)
        if index == 0:
            self._rename_first(game, branch)
        if not line.played <= branch.played <= line.program.turns:
            raise self._damaged(("branches", index, "played"), "this line cannot have been played so far")
        entries = [Entry(**entry.model_dump()) for entry in branch.log]
        for number, entry in enumerate(entries):
            if entry.changes_the_world and not entry.fits(line.program):
                at = ("branches", index, "log", number, "about")
                raise self._damaged(at, f"there is no {quoted(entry.about)} in the scenario")
            if entry.kind == "setting" and entry.value is None:
                entry_at = ("branches", index, "log", number)
                raise self._damaged(entry_at, f"this does not say what {quoted(entry.about)} was set to")
        line.restore(entries)
        try:
            while line.played < branch.played:
                line.play()
        except FoedusError as error:
            place = self._place("branches", index, "log")
            raise FoedusError(
                found if found.place else replace(found, place=place) for found in error.diagnostics
            ) from None
        if line.moments[-1].hash != branch.hash:
            raise FoedusError.at(
                self._place("branches", index, "hash"),
                f"the branch {quoted(branch.name)} played again comes to another state",
                "the state that it was saved in: the file was edited, or this is another foedus",
                code=CODE,
            )

    def _rename_first(self, game: Game, branch: BranchModel) -> None:
        if branch.origin is not None or branch.stream or branch.doctrines:
            raise self._damaged(("branches", 0), "the first branch comes from no other")
        if branch.name != MAIN:
            game.rename(branch.name)

    def _branched(self, game: Game, index: int, branch: BranchModel) -> Line:
        origin = branch.origin
        if origin is None or origin.branch not in game.lines:
            raise self._damaged(("branches", index), "this branch comes from none above it")
        if origin.turn > game.lines[origin.branch].played:
            raise self._damaged(("branches", index, "origin", "turn"), "its parent was not played so far")
        if branch.name in game.lines:
            raise self._damaged(("branches", index, "name"), "there are two branches of this name")
        game.line, game.turn = game.lines[origin.branch], origin.turn
        return game.fork(branch.name, stream=branch.stream, doctrines=branch.doctrines)

    def _damaged(self, path: tuple[str | int, ...], message: str) -> FoedusError:
        return FoedusError.at(self._place(*path), message, "a session file as foedus saved it", code=CODE)
