"""Every action of the registry does what its help says. One without a test here fails."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import pytest
from textual.widgets import ContentSwitcher

from sim import Game, Saving, open_run, resume
from tests.session.test_game import DOCTRINES
from tests.story.quarrel import QUARREL, compiled
from tests.tui.stage import NARROW, WIDE, app, notices, press, screen_text, settle, write
from tui.actions import ACTIONS
from tui.app import FoedusApp
from tui.screens.dialogues import HandOverScreen, KeysScreen
from tui.screens.game import GameScreen
from tui.views.branches import ComparePane
from tui.views.seats import OptionsPane
from tui.widgets.actors import ActorsPane
from tui.widgets.told import TurnPane


def view_of(shown: FoedusApp) -> str:
    return str(shown.screen.query_one(ContentSwitcher).current)


def stage(shown: FoedusApp) -> GameScreen:
    assert isinstance(shown.screen, GameScreen)
    return shown.screen


def test_every_action_has_a_test() -> None:
    tested = {name for name, _ in inspect.getmembers(sys.modules[__name__], inspect.isfunction)}
    assert [action.id for action in ACTIONS if f"test_{action.id}" not in tested] == []


def test_no_two_actions_share_a_key() -> None:
    keys = [key for action in ACTIONS for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))


async def test_step() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "n")
        assert shown.game.turn == 2


async def test_back() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "space", "b")
        assert (shown.game.turn, shown.game.played) == (1, 2)
        await press(pilot, "b", "b")
        assert "This is turn 0" in notices(shown)


async def test_play() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, *["plus"] * 4)
        stage(shown).seconds = 0.0
        await press(pilot, "p")
        assert shown.game.turn == 12
        assert not stage(shown).playing


async def test_faster() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        assert stage(shown).seconds == 0.5
        assert "2 turns a second" in notices(shown)


async def test_slower() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "minus")
        assert stage(shown).seconds == 2.0


async def test_go_to() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "g")
        await write(pilot, "2030-04-01")
        assert shown.game.turn == 3
        shown.game.bookmark("peak")
        await press(pilot, "g")
        await write(pilot, "0")
        await press(pilot, "g")
        assert "Bookmarks: peak" in screen_text(shown)
        await write(pilot, "peak")
        assert shown.game.turn == 3


async def test_next_event() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "e")
        await write(pilot, "inject")
        assert shown.game.turn == 3
        assert "An election" in screen_text(shown)


async def test_bookmark() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "m", "enter")
        assert shown.game.bookmarks == {"Jan 2030": 1}


async def test_note() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "t")
        await write(pilot, "[red] odd")
        assert shown.game.log()[0].said == "[red] odd"
        assert "Note: [red] odd" in screen_text(shown)


def kept(tmp_path: Path) -> FoedusApp:
    path = tmp_path / "quarrel.yaml"
    path.write_text(QUARREL, "utf-8")
    game = Game(compiled(), seed=11, source=path)
    game.saver = Saving(tmp_path / "game.session.json")
    return FoedusApp(game, futures=0)


def left_in(folder: Path) -> list[str]:
    """What has been written there."""
    return [path.name for path in folder.rglob("*")]


async def test_debrief(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "x")
        assert (tmp_path / "game.md").read_text("utf-8").startswith("# A quarrel")
    bare = app()
    async with bare.run_test(size=WIDE) as pilot:
        await press(pilot, "x")
        assert "This game is not saved" in notices(bare)


async def test_picture(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "P")
        assert (tmp_path / "game-turn-1.svg").read_text("utf-8").startswith("<svg")


async def test_why() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "w")
        assert "This is turn 0" in notices(shown)
        await press(pilot, "space", "space")
        about = shown.screen.query_one(TurnPane).chosen
        assert about in shown.game.program.decisions
        await press(pilot, "enter")
        await settle(pilot)
        assert view_of(shown) == "why"
        assert f"Why {about}?" in screen_text(shown)
        assert "stands at scenario.yaml" in screen_text(shown)
        await press(pilot, "escape")
        assert view_of(shown) == "situation"


async def test_fork() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "space", "b", "f")
        await write(pilot, "what if")
        assert list(shown.game.lines) == ["main", "what if"]
        assert (shown.game.line.name, shown.game.turn, shown.game.played) == ("what if", 1, 1)
        await press(pilot, "f")
        await write(pilot, "main")
        assert "a branch of this name already" in screen_text(shown)
        await press(pilot, "escape")
        assert len(shown.game.lines) == 2


async def test_rename() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "R", "ctrl+u")
        await write(pilot, "base")
        assert list(shown.game.lines) == ["base"]


async def test_next_branch() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "right_square_bracket")
        assert "one branch only" in notices(shown)
        shown.game.fork("other")
        await press(pilot, "right_square_bracket")
        assert shown.game.line.name == "main"


async def test_compare() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "f", "enter")
        shown.game.order("WEST/answer", "sulk")
        await press(pilot, "space", "right_square_bracket", "space", "c")
        assert shown.screen.query_one(ComparePane).pair == ("main", "main 2")
        text = screen_text(shown)
        assert "First difference: Feb 2030 (turn 2)" in text
        assert "main 2" in text


async def test_against() -> None:
    shown = app(futures=16)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "r")
        assert "left no other" in notices(shown)
        await press(pilot, "f", "enter")
        shown.game.order("WEST/answer", "sulk")
        await press(pilot, "r", "ctrl+u")
        await write(pilot, "none")
        assert "A whole number from 1" in screen_text(shown)
        await press(pilot, "ctrl+u")
        await write(pilot, "32")
        await settle(pilot)
        text = screen_text(shown)
        assert "main 2 against main: 32 futures each from turn 1" in text
        found = shown.screen.query_one(ComparePane).against
        assert found is not None
        assert {pair.runs for _, pair in found.outcomes} == {32}


async def test_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = app(run=2)
    async with shown.run_test(size=WIDE) as pilot:
        game = shown.game
        game.order("WEST/answer", "firm")
        await press(pilot, "space", "f", "enter")
        game.set("alarm[WEST]", 0.75)
        await press(pilot, "B")
        text = screen_text(shown)
        assert "How many runs of main 2 from turn 0, with 1 order" in text
        assert "1 value set by hand" in text
        assert "does not go along" not in text
        await press(pilot, "ctrl+u")
        await write(pilot, "none")
        assert "A whole number from 1" in screen_text(shown)
        await press(pilot, "ctrl+u")
        await write(pilot, "5")
        assert "5 runs of main 2 are in runs/quarrel-seed-11-main-2" in notices(shown)
        assert "batch" not in screen_text(shown).splitlines()[0]
        list(game.travel(12))
        opened = open_run("runs/quarrel-seed-11-main-2", 2)
        list(opened.game.travel(12))
        assert opened.hash == opened.game.now.hash == game.now.hash
        await press(pilot, "exclamation_mark", "B")
        text = screen_text(shown)
        assert "What does not go along:" in text
        assert "turn 12: luck was rolled again (stream 2)" in text


async def test_stop_sending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "X")
        assert "No batch is being played" in notices(shown)
        await press(pilot, "B", "ctrl+u", *"1000000")
        await pilot.press("enter")
        await pilot.pause()
        assert "batch " in screen_text(shown).splitlines()[0]
        await pilot.press("B")
        await pilot.pause()
        assert "is being played already" in notices(shown)
        await press(pilot, "X")
        assert "nothing of it is kept" in notices(shown)
        assert "batch" not in screen_text(shown).splitlines()[0]
        assert left_in(tmp_path) == []


async def test_a_batch_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").write_text("in the way", "utf-8")
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "B", "ctrl+u")
        await write(pilot, "3")
        assert "cannot be written" in notices(shown)
        assert "batch" not in screen_text(shown).splitlines()[0]


async def test_leaving_gives_up_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "B", "ctrl+u", *"1000000")
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("q")
    assert shown.return_code == 0
    assert left_in(tmp_path) == []


async def test_roll_again() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "exclamation_mark")
        assert shown.game.line.stream == 2
        await press(pilot, "exclamation_mark")
        assert shown.game.line.stream == 4


async def test_doctrine() -> None:
    plain = app()
    async with plain.run_test(size=WIDE) as pilot:
        await press(pilot, "D")
        assert "one doctrine for each actor" in notices(plain)
    shown = app(DOCTRINES)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "D")
        assert "meek  (in force)" in screen_text(shown)
        await write(pilot, "bold")
        assert dict(shown.game.program.doctrines) == {"WEST": "bold"}
        await press(pilot, "space")
        assert shown.game.turn == 2


async def test_seat() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "s")
        await write(pilot, "WEST")
        assert shown.game.seats == ("WEST",)
        assert view_of(shown) == "seats"
        assert "Westland, " in screen_text(shown)
        options = shown.screen.query_one(OptionsPane)
        options.choose("WEST/answer → firm")
        options.focus()
        await press(pilot, "enter")
        assert shown.game.orders()["WEST/answer"].said == "firm"
        assert "▶ firm" in screen_text(shown)
        await press(pilot, "enter")
        assert shown.game.orders() == {}
        await press(pilot, "enter", "space")
        assert any((entry.by, entry.said) == ("WEST", "firm") for entry in shown.game.log())
        await press(pilot, "s")
        await write(pilot, "WEST")
        assert not shown.game.seats


async def test_pass_on() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "h")
        assert "Nobody has a seat" in notices(shown)
        for actor in ("WEST", "EAST"):
            await press(pilot, "s")
            await write(pilot, actor)
        await press(pilot, "h")
        assert isinstance(shown.screen, HandOverScreen)
        text = screen_text(shown)
        assert "The keyboard goes to Westland." in text
        assert "alarm" not in text
        await press(pilot, "enter")
        assert shown.screen.query_one(OptionsPane).actor == "WEST"


async def test_give_back() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "H")
        assert "Nobody has a seat" in notices(shown)
        await press(pilot, "s")
        await write(pilot, "WEST")
        await press(pilot, "H")
        assert "The facilitator has the keyboard" in notices(shown)
        await press(pilot, "h", "enter")
        assert stage(shown).at_keyboard == "WEST"
        await press(pilot, "H")
        assert "The keyboard goes to the facilitator." in screen_text(shown)
        await press(pilot, "enter")
        assert stage(shown).at_keyboard == ""
        assert view_of(shown) == "situation"


async def test_inject() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "i")
        await write(pilot, "storm")
        await press(pilot, "enter")
        await write(pilot, "to see")
        order = shown.game.orders()["injects/storm"]
        assert (order.said, order.reason, order.by) == ("do", "to see", "facilitator")
        await press(pilot, "space")
        assert "A storm" in screen_text(shown)


async def test_override() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "space", "b", "o")
        await write(pilot, "WEST")
        await write(pilot, "answer")
        await write(pilot, "firm")
        await write(pilot, "enough")
        assert shown.game.line.name == "main 2"  # turn 2 had been played: on a branch of its own
        assert shown.game.orders()["WEST/answer"].reason == "enough"


async def test_set_value() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "equals_sign")
        await write(pilot, "alarm[")
        await write(pilot, "x")
        assert "A number, please." in screen_text(shown)
        await press(pilot, "backspace")
        await write(pilot, "0.75")
        await write(pilot, "rumour")
        assert shown.game.value(shown.game.program.rows["alarm[WEST]"]) == 0.75


async def test_verbose() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        while shown.game.now.told == shown.game.now.told.news:
            await press(pilot, "space")
        assert "│ · " not in screen_text(shown)
        await press(pilot, "v")
        assert "│ · " in screen_text(shown)


async def test_log() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", "space", "l")
        assert "─ Log ─" in screen_text(shown)
        assert "Jan 2030 (turn 1)" in screen_text(shown)


async def test_more_panes() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        assert "Commitments" not in screen_text(shown)
        await press(pilot, "u")
        assert "Commitments" in screen_text(shown)
        await press(pilot, "u")
        assert "─ This turn ─" in screen_text(shown)


async def test_filter() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "v", "space", "slash")
        await write(pilot, "westland answer")
        text = screen_text(shown)
        assert "/westland answer" in text
        assert "Eastland fires" not in text
        await press(pilot, "escape")
        assert "/westland" not in screen_text(shown)


async def test_zoom() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "z")
        assert "─ Actors ─" not in screen_text(shown)
        await press(pilot, "escape")
        assert "─ Actors ─" in screen_text(shown)


async def test_pin(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "asterisk")
        assert "Choose an indicator or an attribute" in notices(shown)
        actors = shown.screen.query_one(ActorsPane)
        actors.choose("alarm[WEST]")
        actors.focus()
        await press(pilot, "asterisk")
        assert list(shown.game.pinned) == ["alarm[WEST]"]
        assert "WEST *alarm" in screen_text(shown)
        assert resume(tmp_path / "game.session.json").pinned == ("alarm[WEST]",)
        await press(pilot, "asterisk")
        assert list(shown.game.pinned) == []


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5", "6", "7"])
async def test_numbers_go_to_views(key: str) -> None:
    shown = app()
    views = ("situation", "why", "forecast", "seats", "branches", "facts", "map")
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", key)
        assert view_of(shown) == views[int(key) - 1]
        await press(pilot, "escape")
        assert view_of(shown) == "situation"


test_view_map = test_view_situation = test_view_why = test_view_seats = test_view_branches = (
    test_numbers_go_to_views
)


async def test_view_forecast() -> None:
    shown = app(futures=64)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "3")
        await settle(pilot)
        text = screen_text(shown)
        assert "Forecast: 64 futures" in text
        assert "Westland panics" in text
        assert "median" in text


async def test_view_facts() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "6")
        assert "The scenario cites none." in screen_text(shown)


async def test_keys() -> None:
    shown = app()
    async with shown.run_test(size=(120, 60)) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(shown.screen, KeysScreen)
        text = screen_text(shown)
        assert all(action.help in text for action in ACTIONS)


async def test_quit(tmp_path: Path) -> None:
    shown = kept(tmp_path)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space")
        await pilot.press("q")
    assert shown.return_code == 0
    assert resume(tmp_path / "game.session.json").now.hash == shown.game.now.hash
