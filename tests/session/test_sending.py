"""A branch that is sent to the batch: every run of it is the game of that run, played by the same hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.batch import read_batch
from sim.report.page import render
from sim.session import Game
from sim.session.replay import open_run
from sim.session.sending import free_directory, send, sending
from sim.text import FoedusError
from tests.session.test_game import DOCTRINES, play
from tests.story.quarrel import compiled

PROGRAM = compiled()


def by_hand(game: Game) -> Game:
    """Play a game to its end with orders, a withdrawal, and values set before and in the midst of play."""
    game.set("temper", 0.6, reason="as the sceptics say")
    play(game, 2)
    game.order("WEST/answer", "firm", reason="enough")
    play(game, 2)
    game.back()
    game.fork("what if")
    game.order("WEST/answer", "sulk")
    game.order("EAST/boast", "do")
    game.withdraw("EAST/boast")
    game.set("alarm[WEST]", 0.75, reason="a rumour")
    play(game, game.turns)
    return game


@pytest.mark.parametrize("workers", [1, 2])
def test_every_run_of_a_branch_is_the_game_of_that_run_by_the_same_hand(tmp_path: Path, workers: int) -> None:
    what = sending(by_hand(Game(PROGRAM, seed=11, run=3)))
    assert what.left_out == ()
    assert (len(what.orders), len(what.settings)) == (2, 2)
    directory = send(what, 300, tmp_path / "b", workers=workers)
    table = read_batch(directory).runs
    for run in (0, 3, 299):
        game = by_hand(Game(PROGRAM, seed=11, run=run))
        assert table["hash"][run] == game.now.hash
        opened = open_run(directory, run)
        assert play(opened.game, PROGRAM.turns)[-1] == game.now.hash == opened.hash
        assert [moment.hash for moment in opened.game.past] == [moment.hash for moment in game.past]


def test_what_is_ordered_and_set_for_later_turns_goes_along_unplayed(tmp_path: Path) -> None:
    game = by_hand(Game(PROGRAM, seed=11))
    end = game.now.hash
    list(game.travel(0))
    game.fork("again")
    assert game.played == 0
    directory = send(sending(game), 1, tmp_path / "b")
    assert read_batch(directory).runs["hash"][0] == end


def test_the_certificate_keeps_orders_settings_and_doctrines(tmp_path: Path) -> None:
    game = Game(compiled(DOCTRINES), seed=11)
    game.fork("bold", doctrines={"WEST": "bold"})
    game.set("alarm[WEST]", 0.1 + 0.2, reason="[b]why[/b] <i>")
    play(game, 12)
    what = sending(game)
    assert what.left_out == ()
    directory = send(what, 4, tmp_path / "b")
    found = read_batch(directory)
    assert found.manifest.settings == what.settings
    assert found.manifest.settings[0].value == 0.1 + 0.2
    assert found.manifest.doctrines == {"WEST": "bold"}
    assert found.runs["hash"][0] == game.now.hash
    page = render(found)
    assert "these values were set after the turn" in page
    assert "[b]why[/b] &lt;i&gt;" in page


def test_a_changed_setting_is_told_by_the_checksums(tmp_path: Path) -> None:
    game = Game(PROGRAM, seed=11)
    game.set("alarm[WEST]", 0.75)
    directory = send(sending(game), 4, tmp_path / "b")
    path = directory / "manifest.json"
    plain = json.loads(path.read_text("utf-8"))
    plain["settings"][0]["value"] = 0.5
    path.write_text(json.dumps(plain), "utf-8")
    with pytest.raises(FoedusError, match="is damaged"):
        open_run(directory, 0)


def test_what_cannot_go_along_is_said_and_written_down(tmp_path: Path) -> None:
    game = Game(compiled(DOCTRINES), seed=11)
    game.forward()
    game.order("WEST/answer", "firm")
    play(game, 2)
    game.fork("bold", doctrines={"WEST": "bold"})
    game.forward()
    game.fork("lucky", stream=2)
    play(game, 1)
    what = sending(game)
    assert what.orders == ()
    assert what.left_out == (
        "turn 3: WEST changed its doctrine from meek to bold; here bold holds from turn 0 on",
        "turn 4: luck was rolled again (stream 2); here it is stream 0",
        "turn 2: there is no longer such a thing as WEST/answer",
    )
    found = read_batch(send(what, 2, tmp_path / "b"))
    assert found.manifest.left_out == what.left_out
    assert "luck was rolled again" in render(found)


def test_a_world_that_begins_otherwise_than_the_branch_is_told() -> None:
    game = Game(compiled(DOCTRINES), seed=11)
    game.set("temper", 0.3)
    game.fork("bold", doctrines={"WEST": "bold"})
    assert "turn 0: the branch kept how the world began" in sending(game).left_out[0]


def test_what_progress_raises_leaves_no_directory(tmp_path: Path) -> None:
    def stop(done: int) -> None:
        assert done
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(sending(Game(PROGRAM)), 4, tmp_path / "b", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_is_named_by_its_branch_and_never_one_that_is_there(tmp_path: Path) -> None:
    game = Game(PROGRAM, seed=11)
    game.fork("../What [red]if?")
    what = sending(game)
    assert free_directory(tmp_path, what) == tmp_path / "quarrel-seed-11-what-red-if"
    (tmp_path / "quarrel-seed-11-what-red-if").mkdir()
    assert free_directory(tmp_path, what) == tmp_path / "quarrel-seed-11-what-red-if-2"
    with pytest.raises(FoedusError, match="exists already"):
        send(what, 4, tmp_path / "quarrel-seed-11-what-red-if")


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 2.0])
def test_a_value_that_a_row_cannot_hold_is_not_set(value: float) -> None:
    with pytest.raises(FoedusError, match="cannot be"):
        Game(PROGRAM).set("alarm[WEST]", value)
    with pytest.raises(FoedusError, match="cannot be"):
        Game(PROGRAM).set("mood[WEST]", float("inf"))
