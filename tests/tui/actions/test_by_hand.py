"""What is done by hand: seats, orders, injects, values."""

from __future__ import annotations

from tests.tui.actions.looks import stage, view_of
from tests.tui.stage import WIDE, app, notices, press, screen_text, write
from tui.screens.dialogues import HandOverScreen
from tui.views.seats import OptionsPane


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
