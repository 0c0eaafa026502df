"""`foedus play` and `foedus replay`: games are resumed, runs of a batch are the same world again."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import sim
from sim import Game, Saving
from sim.cli.screen import opened_here
from tests.cli.command import document, foedus, on_a_terminal
from tests.story.quarrel import QUARREL

pytestmark = pytest.mark.usefixtures("here")


def test_a_replayed_run_is_the_one_that_run_tells_and_the_batch_holds() -> None:
    foedus("batch", "good.yaml", "--runs", "20", "--seed", "3", "--out", "runs/b")
    replayed = foedus("replay", "runs/b", "--run", "17")
    told = foedus("run", "good.yaml", "--seed", "3", "--run", "17")
    assert replayed.exit_code == 0
    *lines, last = replayed.stdout.splitlines()
    assert set(lines) <= set(told.stdout.splitlines())
    held = sim.read_batch("runs/b").runs["hash"][17]
    assert last == f"state {held}, as in the batch"
    assert (
        document(foedus("run", "good.yaml", "--seed", "3", "--run", "17", "--json"))["turns"][-1]["hash"]
        == held
    )
    assert foedus("replay", "runs/b", "--run", "17", "--scenario", "good.yaml").stdout == replayed.stdout


def test_a_replay_refuses_another_scenario_and_a_run_that_is_not_there(here: Path) -> None:
    foedus("batch", "good.yaml", "--runs", "20", "--out", "runs/b")
    result = foedus("replay", "runs/b", "--run", "20")
    assert result.exit_code == 1
    assert "a run from 0 to 19" in result.stderr
    (here / "edited.yaml").write_text(QUARREL.replace("bias: 0.1", "bias: 0.2"), "utf-8")
    result = foedus("replay", "runs/b", "--run", "1", "--scenario", "edited.yaml")
    assert result.exit_code == 1
    assert "'edited.yaml' is not what runs/b was played from" in result.stderr
    manifest = here / "runs" / "b" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"results": 2', '"results": 1'), "utf-8")
    result = foedus("replay", "runs/b", "--run", "1")
    assert result.exit_code == 1
    assert "results version" in result.stderr


def test_a_run_of_a_batch_can_be_played_on_by_hand_and_saved(here: Path) -> None:
    foedus("batch", "good.yaml", "--runs", "5", "--seed", "3", "--out", "runs/b")
    opened = sim.open_run("runs/b", 4, scenario=here / "good.yaml")
    game = opened.game
    game.saver = Saving(here / "games" / "mine.session.json")
    list(game.travel(12))
    assert game.now.hash == opened.hash
    list(game.travel(4))
    game.fork("by hand")
    game.order("WEST/answer", "sulk")
    game.forward()
    assert sim.resume(here / "games" / "mine.session.json").now.hash == game.now.hash


def test_a_run_whose_scenario_was_edited_is_played_as_the_batch_keeps_it_and_says_so(here: Path) -> None:
    foedus("batch", "good.yaml", "--runs", "5", "--seed", "3", "--out", "runs/b")
    same = sim.open_run("runs/b", 4, scenario=Path("good.yaml"), or_kept=True)
    assert opened_here(same) == (same.game, "")
    assert isinstance(same.game.saver, Saving)
    (here / "good.yaml").write_text(QUARREL.replace("bias: 0.1", "bias: 0.2"), "utf-8")
    opened = sim.open_run("runs/b", 4, scenario=Path("good.yaml"), or_kept=True)
    game, said = opened_here(opened)
    assert said.startswith("This game is not saved: 'good.yaml' is not what runs/b was played from")
    assert game.saver is None
    list(game.travel(game.turns))
    assert game.now.hash == opened.hash
    with pytest.raises(sim.FoedusError, match="edited since"):
        sim.open_run("runs/b", 4, scenario=Path("good.yaml"))
    with pytest.raises(sim.FoedusError, match="has no run"):
        sim.open_run("runs/b", 5, scenario=Path("good.yaml"), or_kept=True)


def test_play_is_told_what_it_cannot_do(here: Path) -> None:
    result = foedus("play")
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr
    assert foedus("play", "good.yaml", "--resume", "x").exit_code == 2
    result = foedus("play", "--resume", "x", "--seed", "4")
    assert result.exit_code == 2
    assert "with its own seed" in result.stderr
    result = foedus("play", "--resume", "x", "--watch")
    assert result.exit_code == 2
    assert "--watch is for a new one" in result.stderr
    (here / "x").write_text("", "utf-8")
    result = foedus("play", "good.yaml", "--session", "x")
    assert result.exit_code == 1
    assert "--resume goes on with it" in result.stderr


def test_a_game_that_cannot_be_saved_goes_on_and_says_so(here: Path) -> None:
    game = Game(sim.load("good.yaml"), source=Path("good.yaml"))
    (here / "games").write_text("in the way", "utf-8")
    game.saver = Saving(here / "games" / "mine.session.json")
    assert game.forward()
    assert game.saver.fault is not None
    assert "cannot be written" in str(game.saver.fault)


def _written(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")


def _other_rules(path: Path) -> None:
    _written(path, re.sub(r'"results_version": \d+', '"results_version": 1', path.read_text("utf-8")))


def _edited_scenario(path: Path) -> None:
    _written(path.with_name("good.yaml"), QUARREL.replace("bias: 0.1", "bias: 0.2"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: _written(path, "once upon a time"), ":1:1: this is no session"),
        (lambda path: _written(path, path.read_text("utf-8")[:300]), "expected a closing"),
        (_other_rules, ":3:21: the session has results version 1"),
        (_edited_scenario, "'good.yaml' was edited since this session was played"),
        (lambda path: _written(path, QUARREL), ":1:1: this is no session"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe"), "expected a file saved as UTF-8"),
    ],
    ids=["no JSON", "cut", "other results version", "edited scenario", "a scenario", "a picture"],
)
def test_a_session_that_cannot_be_resumed_is_explained_and_left_as_it_is(
    here: Path, spoil: Callable[[Path], None], says: str
) -> None:
    path = here / "game.session.json"
    game = Game(sim.load("good.yaml"), source=Path("good.yaml"))
    game.saver = Saving(path)
    list(game.travel(3))
    spoil(path)
    before = path.read_bytes()
    code, shown = on_a_terminal("play", "--resume", path.name, cwd=here, NO_COLOR="1")
    told = re.sub(r"\s+", " ", shown)
    assert code == 1
    assert "game.session.json" in told
    assert says in told
    assert "Traceback" not in told
    assert path.read_bytes() == before
