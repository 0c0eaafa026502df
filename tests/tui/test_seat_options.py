"""What a seat's options look like: what they are for its actor, and which outcomes hinge on them."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim import Game, Line, Matter, matters
from tests.session.test_coming_up import RAIDS
from tests.session.test_seat_options import ANSWER
from tests.tui.stage import WIDE, app, press, screen_text, settle
from tui.app import FoedusApp
from tui.views.seats import OptionsPane, SeatsView

TALL = (200, 60)


async def test_an_answer_to_a_call_stands_among_the_options_with_when_it_comes_up() -> None:
    shown = FoedusApp(Game(sim.load("scenarios/korea-crisis.yaml"), seed=7), futures=0)
    async with shown.run_test(size=TALL) as pilot:
        view = shown.screen.query_one(SeatsView)
        view.sit("USA")
        await press(pilot, "4")
        pane = shown.screen.query_one(OptionsPane)
        pane.needle = "korea"
        pane.show(shown.game)
        await settle(pilot)
        text = screen_text(shown)
        assert "if South Korea calls" in text
        assert "full force  keeps the promise, goes to war with North Korea, gives 1 of full help" in text
        assert "for you: cost 1" in text


async def test_what_can_be_decided_is_worked_out_anew_after_each_turn_and_each_value_set_by_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def counted(line: Line, turn: int, actor: str) -> tuple[Matter, ...]:
        asked.append(turn)
        return matters(line, turn, actor)

    monkeypatch.setattr("tui.views.seats.matters", counted)
    shown = app()
    async with shown.run_test(size=TALL) as pilot:
        shown.screen.query_one(SeatsView).sit("WEST")
        await press(pilot, "4")
        shown.game.order("WEST/answer", "firm")
        pane = shown.screen.query_one(OptionsPane)
        pane.show(shown.game)
        assert asked == [0]
        await settle(pilot)
        assert "▶ firm" in screen_text(shown)
        shown.game.set("alarm[WEST]", 0.9)
        pane.show(shown.game)
        shown.game.forward()
        pane.show(shown.game)
        assert asked == [0, 0, 1]


async def test_options_on_which_no_outcome_hinges_say_so_once() -> None:
    shown = app(futures=8)
    async with shown.run_test(size=TALL) as pilot:
        await settle(pilot)
        shown.screen.query_one(SeatsView).sit("WEST")
        await press(pilot, "4")
        pane = shown.screen.query_one(OptionsPane)
        assert pane.weighed
        for found in pane.weighed.values():
            found.options.update(dict.fromkeys(found.options, found.plain))
        pane.show(shown.game)
        await settle(pilot)
        text = screen_text(shown)
        assert text.count("no outcome hinges on it") == len(pane.weighed)
        assert "▲" not in text


def raided(folder: Path, old: str = "", new: str = "") -> Game:
    path = folder / "raids.yaml"
    path.write_text(RAIDS.replace(old, new) if old else RAIDS, "utf-8")
    return Game(sim.load(path), seed=1)


async def weighed(game: Game, decision: str, futures: int = 120) -> str:
    """What Cland's screen says once the options of a decision were weighed."""
    shown = FoedusApp(game, futures=futures)
    async with shown.run_test(size=TALL) as pilot:
        await settle(pilot)
        shown.screen.query_one(SeatsView).sit("C")
        await press(pilot, "4")
        pane = shown.screen.query_one(OptionsPane)
        pane.choose(decision)
        pane.focus()
        await press(pilot, "enter")
        await settle(pilot)
        return screen_text(shown)


async def test_what_an_answer_leads_to_is_told_of_the_futures_in_which_the_call_comes(tmp_path: Path) -> None:
    text = await weighed(raided(tmp_path, "2030-06-01", "2030-02-02"), ANSWER)
    assert "if Bland calls next turn" in text
    assert "comes up in 47 of 120 futures; told of these" in text
    assert "The promise is kept 0%" in text
    assert "The promise is kept 100%" in text


async def test_of_a_call_that_hardly_ever_comes_nothing_is_told(tmp_path: Path) -> None:
    text = await weighed(raided(tmp_path, "rate: 0.5", "rate: 0.001"), ANSWER)
    assert "comes up in 0 of 120 futures: too few to tell what hinges on it" in text
    assert "turns on:" not in text


async def test_of_a_rule_that_may_not_come_up_all_futures_are_told(tmp_path: Path) -> None:
    text = await weighed(raided(tmp_path), ANSWER.replace(".answer/", ".recognise/"), futures=40)
    assert "told of all futures, whether or not it comes up" in text


async def test_where_nobody_sits_any_more_no_actor_is_named() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        shown.game.seat("EAST")
        shown.screen.query_one(SeatsView).sit("EAST")
        await press(pilot, "4")
        assert "─ Eastland, " in screen_text(shown)
        await press(pilot, "s", "enter")
        assert shown.game.seats == ()
        assert "─ What you know ─" in screen_text(shown)
