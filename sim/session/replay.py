"""A run of a batch, opened again as a game."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.batch import BatchResult, read_batch
from sim.compile import Program, compile_scenario
from sim.engine.policy import Policy
from sim.engine.provenance import record, refuse_others
from sim.evidence import Evidence
from sim.scenario import Scenario, load_scenario
from sim.scenario.doctrines import choose
from sim.scenario.document import ScenarioModel
from sim.session.game import Game
from sim.text import FoedusError, Mapping, parse_document, quoted, to_plain

CODE = "batch"
"""Of diagnostics."""


@dataclass(frozen=True)
class Replay:
    """A run of a batch, ready to be played."""

    game: Game
    hash: str
    """Of its state at the end, as the batch has it."""
    edited: FoedusError | None = None
    """Why what the batch keeps is played and not the scenario that was named; such a game cannot be saved."""


def open_run(
    directory: Path | str,
    run: int,
    *,
    scenario: Path | None = None,
    or_kept: bool = False,
    policies: Sequence[Policy | type[Policy]] = (),
) -> Replay:
    """The game that run of a batch is, at turn 0.

    Args:
        directory: what `foedus batch` wrote.
        run: number of the run.
        scenario: the file it was played from, so that the game can be saved; the text that the batch keeps
            is played without it.
        or_kept: play the text that the batch keeps too where that file is no longer what it was.
        policies: the policies written in Python that it was played with.

    Raises:
        FoedusError: for a directory that is damaged or of another results version, a run that is not in it,
            a scenario or policies that are not those it was played with.
    """
    batch = read_batch(directory)
    manifest = batch.manifest
    if not 0 <= run < manifest.runs:
        raise FoedusError.at(
            None, f"{directory} has no run {run}", f"a run from 0 to {manifest.runs - 1}", code=CODE
        )
    edited: FoedusError | None = None
    try:
        program = _program(batch, directory, scenario)
    except FoedusError as error:
        if scenario is None or not or_kept:
            raise
        program, scenario, edited = _program(batch, directory, None), None, error
    game = Game(program, manifest.seed, run, policies, source=scenario)
    refuse_others(manifest.policies, [record(policy) for policy in game.line.policies], "the batch")
    for order in manifest.orders:
        game.order_later(order)
    for setting in manifest.settings:
        game.set_later(setting)
    return Replay(game, str(batch.runs["hash"][run]), edited)


def _program(batch: BatchResult, directory: Path | str, path: Path | None) -> Program:
    manifest = batch.manifest
    if path is not None:
        program = compile_scenario(choose(load_scenario(path), manifest.doctrines))
        what = f"{quoted(str(path))} is not what {directory} was played from, or was edited since"
    else:
        if manifest.scenario is None:
            raise FoedusError.at(
                None, f"{directory} keeps no scenario", "the scenario that it was played from", code=CODE
            )
        program = compile_scenario(_kept(manifest.scenario, str(directory)))
        what = f"the scenario that {directory} keeps means something else by now"
    if program.hash != manifest.hash:
        raise FoedusError.at(None, what, "the scenario as it was", code=CODE)
    return program


def _kept(plain: dict[str, object], directory: str) -> Scenario:
    """The resolved scenario of a manifest. It was checked against its ledgers when the batch was played."""
    root = parse_document(json.dumps(plain, ensure_ascii=False), f"{directory}/manifest.json")
    assert isinstance(root, Mapping)
    return Scenario(ScenarioModel.model_validate(to_plain(root)), root, root.place.file, Evidence.empty())
