"""What is typed faster than a dialogue opens reaches the dialogue, not the game."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.stage import WIDE, app, press, settle
from tui.app import FoedusApp, PickerApp
from tui.screens.dialogues import AskScreen
from tui.screens.game import GameScreen
from tui.views.seats import OptionsPane


async def typed(shown: FoedusApp, pilot: Pilot[Any], *keys: str) -> None:
    """All keys in one go, as a terminal sends what was typed while the program was busy."""
    for key in keys:
        name = {" ": "space", "\n": "enter", "/": "slash", "=": "equals_sign"}.get(key, key)
        shown.post_message(Key(name, key if len(key) == 1 else None))
    await settle(pilot)


async def test_a_note_typed_ahead_is_the_note_and_plays_nothing() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space")
        await typed(shown, pilot, *"tno b n q 5 fork\n")
        assert isinstance(shown.screen, GameScreen)
        assert [entry.said for entry in shown.game.log()] == ["no b n q 5 fork"]
        assert (shown.game.turn, shown.game.played) == (1, 1)


@pytest.mark.parametrize("key", ["t", "m", "f", "g", "s", "/", "R", "=", "i", "o", "e"])
async def test_every_dialogue_gets_what_is_typed_ahead(key: str) -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await typed(shown, pilot, key, "ctrl+u", *"b n")
        assert shown.screen.query_one(Input).value == "b n"
        assert shown.game.turn == 0


async def test_dialogues_that_follow_each_other_get_each_its_own() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await typed(shown, pilot, *"oWEST\nanswer\nfirm\nenough\n nn")
        assert shown.game.turn == 3
        (order,) = [entry for entry in shown.game.log() if entry.kind == "order"]
        assert (order.turn, order.about, order.said, order.reason) == (1, "WEST/answer", "firm", "enough")


async def test_an_order_typed_ahead_of_its_turn_is_given_before_it_is_played() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await typed(shown, pilot, *"sWEST\n")
        options = shown.screen.query_one(OptionsPane)
        options.choose("WEST/answer → firm")
        options.focus()
        await typed(shown, pilot, "\n", " ")
        assert shown.game.turn == 1
        (order,) = [entry for entry in shown.game.log() if entry.kind == "order"]
        assert (order.turn, order.said) == (1, "firm")


async def test_a_paste_comes_after_the_key_that_opens_its_dialogue() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        shown.post_message(Key("t", "t"))
        shown.post_message(Paste("from elsewhere"))
        await typed(shown, pilot, "!")
        assert isinstance(shown.screen, AskScreen)
        assert shown.screen.query_one(Input).value == "from elsewhere!"


async def test_what_is_typed_after_a_dialogue_was_called_off_is_for_the_game() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await typed(shown, pilot, "t", "x", "escape", " ", "?", "escape", " ")
        assert shown.game.turn == 2
        assert not shown.game.log()


async def test_what_is_typed_before_the_list_of_games_stands_picks_from_it() -> None:
    picker = PickerApp(
        [("a.yaml", "begin   a"), ("quarrel.yaml", "begin   quarrel"), ("z.yaml", "begin   z")]
    )
    for key in "quar":
        picker.post_message(Key(key, key))
    picker.post_message(Key("ctrl+j", "\n"))  # the terminal was still the shell's, which ends lines otherwise
    async with picker.run_test(size=WIDE) as pilot:
        await settle(pilot)
    assert picker.return_value == "quarrel.yaml"
