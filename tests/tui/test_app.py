"""The application as a person uses it: keys in, screen out."""

from __future__ import annotations

from dataclasses import replace

from textual.widgets import Footer, Static

from sim import Game
from tests.session.test_game import BROKEN
from tests.story.quarrel import QUARREL, compiled
from tests.tui.stage import NARROW, WIDE, app, press, screen_text
from tui.app import FoedusApp
from tui.screens.dialogues import AskScreen, KeysScreen
from tui.screens.game import GameScreen


async def test_a_step_plays_a_turn_and_tells_it() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        assert "turn 0 of 12" in screen_text(shown)
        await press(pilot, "space")
        assert shown.game.turn == 1
        text = screen_text(shown)
        assert "Jan 2030 · turn 1 of 12" in text
        assert "seed 11 · run 0" in text
        assert "A quarrel" in text
        for sentence in shown.game.now.told.sentences:
            if sentence.kind not in ("standing", "missed"):
                assert sentence.text[:30] in text


async def test_back_and_forward_is_the_same_world() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, *["n"] * 5)
        hash_there, there = shown.game.now.hash, screen_text(shown)
        await press(pilot, "b", "b")
        assert shown.game.turn == 3
        assert "played to 5" in screen_text(shown)
        assert screen_text(shown) != there
        await press(pilot, "space", "space")
        assert shown.game.now.hash == hash_there
        assert screen_text(shown) == there


async def test_go_to_plays_up_to_a_turn_and_goes_back_to_one() -> None:
    shown, stepped = app(), app()
    async with stepped.run_test(size=WIDE) as pilot:
        await press(pilot, *["space"] * 9)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "g", "9", "enter")
        assert shown.game.now.hash == stepped.game.now.hash
        await press(pilot, "g", "2", "enter")
        assert (shown.game.turn, shown.game.played) == (2, 9)
        assert "turn 2 of 12" in screen_text(shown)


async def test_go_to_refuses_what_is_no_turn() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "g", "9", "9", "enter")
        assert isinstance(shown.screen, AskScreen)
        assert "0 to 12" in screen_text(shown)
        await press(pilot, "escape")
        assert isinstance(shown.screen, GameScreen)
        assert shown.game.turn == 0


async def test_the_last_turn_is_the_last() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "g", "1", "2", "enter")
        await press(pilot, "space")
        assert shown.game.turn == 12
        assert [note.message for note in shown._notifications] == ["This is the last turn."]


async def test_a_turn_that_cannot_be_played_is_explained() -> None:
    shown = app(BROKEN)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "g", "1", "2", "enter")
        assert shown.game.turn == 3
        assert "The next turn cannot be played" in screen_text(shown)


async def test_question_mark_shows_what_every_key_does() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(shown.screen, KeysScreen)
        text = screen_text(shown)
        for words in ("play the next turn", "the turn before", "go to any turn"):
            assert words in text
        await press(pilot, "escape")
        assert isinstance(shown.screen, GameScreen)


async def test_q_leaves() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await pilot.press("q")
    assert shown.return_code == 0


async def test_a_small_terminal_gets_a_polite_message_and_then_the_world_again() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space")
        full = screen_text(shown)
        for size in ((79, 24), (80, 23), (20, 5)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            text = screen_text(shown)
            assert "foedus needs" in text
            assert "This turn" not in text
            assert not shown.screen.query_one(Footer).display
        await pilot.resize_terminal(*NARROW)
        await pilot.pause()
        await pilot.pause()
        assert screen_text(shown) == full


async def test_the_footer_fits_into_eighty_columns() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await pilot.pause()
        last = screen_text(shown).splitlines()[-1]
        for word in ("step", "back", "go to", "why", "fork", "seat", "zoom", "keys", "quit"):
            assert word in last


async def test_on_a_narrow_screen_the_log_takes_the_place_of_the_turn() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", "space", "l")
        assert "─ Log ─" in screen_text(shown)
        assert "─ This turn ─" not in screen_text(shown)
        assert "Jan 2030 (turn 1)" in screen_text(shown)
        await press(pilot, "l")
        assert "─ This turn ─" in screen_text(shown)


async def test_a_pane_can_have_the_whole_screen() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", "z")
        assert "─ Actors ─" not in screen_text(shown)
        await press(pilot, "escape")
        assert "─ Actors ─" in screen_text(shown)


async def test_more_tells_what_stays_as_it_is() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        while not any(sentence.kind == "standing" for sentence in shown.game.now.told.sentences):
            await press(pilot, "space")
        assert "│ · " not in screen_text(shown)
        await press(pilot, "v")
        assert "│ · " in screen_text(shown)


async def test_outcomes_show_when_they_came_about() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        assert "by Sep 2030" in screen_text(shown)
        await press(pilot, "g", "1", "2", "enter")
        text = screen_text(shown)
        for outcome in shown.game.program.outcomes:
            turn = int(shown.game.value(outcome.row))
            said = shown.game.program.clock.label(turn) if turn else "did not happen"
            assert f"{outcome.title}  {said}" in text


async def test_names_with_markup_are_shown_as_text() -> None:
    text = (
        QUARREL.replace("name: Eastland", 'name: "[red]East"')
        .replace("title: A quarrel", 'title: "[bold]A[/bold] [quarrel"')
        .replace("title: Westland panics", "title: '[blink]panic[/]'")
        .replace("title: Shell stock", "title: '[/]stock'")
        .replace("title: Alarm", "title: '[link=x]alarm'")
        .replace("An election", "[b]An election")
    )
    shown = app(text)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space", "space", "space")
        lines = screen_text(shown)
        for name in (
            "[bold]A[/bold] [quarrel",
            "[blink]panic[/]",
            "[/]stock",
            "[link=x]alarm",
            "[b]An election",
            "[red]East",
        ):
            assert name in lines


async def test_escape_codes_are_shown_as_text() -> None:
    program = compiled()
    titles = tuple(replace(outcome, title="East\x1b[2Jland") for outcome in program.outcomes)
    shown = FoedusApp(Game(replace(program, title="A \x1b[31mquarrel", outcomes=titles)), futures=0)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space")
        lines = screen_text(shown)
        assert r"A \x1b[31mquarrel" in lines
        assert r"East\x1b[2Jland" in lines
        assert "\x1b" not in lines


async def test_the_same_run_is_the_same_screen() -> None:
    screens = []
    for _ in range(2):
        shown = app(run=3)
        async with shown.run_test(size=WIDE) as pilot:
            await press(pilot, "g", "7", "enter")
            screens.append(screen_text(shown))
    assert screens[0] == screens[1]


async def test_a_scenario_of_one_actor_and_nothing_else_can_be_played() -> None:
    text = (
        "foedus: 1\nid: alone\ntitle: Alone\nactors: {ONE: {name: One, attributes: {x: 1}}}\n"
        "clock: {start: 2030-01-01, turn: day, turns: 2}\n"
    )
    shown = app(text)
    async with shown.run_test(size=WIDE) as pilot:
        await press(pilot, "space")
        assert "Nothing of note." in screen_text(shown)
        assert not [s for s in shown.screen.query(Static) if s.has_class("error")]


async def test_keys_that_move_are_heard_where_there_is_no_room() -> None:
    moves = ("pagedown", "pageup", "end", "home", "down", "up", "enter", "escape")
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        for size in ((60, 20), (1, 1)):
            await pilot.resize_terminal(*size)
            await press(pilot, "space", *moves)
            for key in ("2", "4", "6", "7", "1"):
                await press(pilot, key, *moves)
            for key in ("s", "o"):
                await press(pilot, key, "tab", *moves)
        await pilot.resize_terminal(*WIDE)
        assert "turn 2 of" in screen_text(shown)
