"""A key has only that drawn which it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text
from textual._compositor import Compositor
from textual.app import App
from textual.content import Content
from textual.css.styles import RulesMap
from textual.pilot import Pilot
from textual.widgets import OptionList
from textual.widgets._footer import FooterKey
from textual.widgets.option_list import Option

from tests.tui.stage import NARROW, WIDE, app, press, screen_text, settle
from tui.app import FoedusApp
from tui.screens.game import GameScreen
from tui.widgets.forecast import ForecastPane
from tui.widgets.line import Line
from tui.widgets.listing import Listing
from tui.widgets.told import LogPane, TurnPane

VIEWS = ("1", "2", "3", "4", "5", "6", "7")


def game_screen(shown: FoedusApp) -> GameScreen:
    assert isinstance(shown.screen, GameScreen)
    return shown.screen


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[type, str], list[str]]:
    """Have the calls of a method told in a list, by the id of whose it was."""

    def count(kind: type, name: str) -> list[str]:
        calls: list[str] = []
        method = getattr(kind, name)

        def called(self: Any, *arguments: Any, **named: Any) -> Any:
            calls.append(getattr(self, "id", None) or "")
            return method(self, *arguments, **named)

        monkeypatch.setattr(kind, name, called)
        return calls

    return count


async def all_seen(pilot: Pilot[Any]) -> None:
    """Every view was shown once, and has its size."""
    await press(pilot, "space", *VIEWS, "1")


async def test_the_line_of_keys_is_made_once() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await settle(pilot)
        keys = list(shown.screen.query(FooterKey))
        await press(pilot, *VIEWS, "1", "tab", "z", "z")
        assert keys
        assert list(shown.screen.query(FooterKey)) == keys


async def test_the_line_of_keys_names_keys_that_are_set_anew() -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await settle(pilot)
        shown.set_keymap({"step": "y"})
        shown.screen.refresh_bindings()
        await settle(pilot)
        assert "y step" in screen_text(shown).splitlines()[-1]


async def test_a_game_that_is_shown_again_paints_nothing(counted: Callable[[type, str], list[str]]) -> None:
    shown = app(futures=40)
    async with shown.run_test(size=WIDE) as pilot:
        await all_seen(pilot)
        for view in ("1", "3", "4", "6", "7"):
            await press(pilot, view)
            paints = counted(App, "_display")
            game_screen(shown).show()
            await settle(pilot)
            assert not paints, view


async def test_lines_are_wrapped_once_for_a_width(counted: Callable[[type, str], list[str]]) -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await all_seen(pilot)
        wrapped = counted(OptionList, "_clear_caches")
        await press(pilot, *VIEWS, "1")
        assert not wrapped
        await pilot.resize_terminal(WIDE[0] + 6, WIDE[1])
        await settle(pilot)
        assert "turn" in wrapped


async def test_panes_out_of_sight_are_not_drawn(counted: Callable[[type, str], list[str]]) -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await settle(pilot)
        drawn = counted(Listing, "show")
        await press(pilot, "space")
        assert set(drawn) == {"turn", "actors", "results"}


async def test_panes_that_come_into_sight_show_the_game_as_it_is() -> None:
    shown = app(futures=40)
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", "u")
        outlook, log = shown.screen.query_one("#outlook", ForecastPane), shown.screen.query_one(LogPane)
        assert len(outlook.items(shown.game)) > 1
        assert outlook.items(shown.game) == outlook._shown
        await press(pilot, "u", "space", "l")
        assert log.items(shown.game) == log._shown


async def test_other_panes_change_nothing_where_all_have_room(
    counted: Callable[[type, str], list[str]],
) -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await all_seen(pilot)
        paints = counted(App, "_display")
        await press(pilot, "u")
        assert not paints


async def test_the_cursor_and_what_is_scrolled_to_stay_when_nothing_changed() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", "tab")
        listing = shown.screen.focused
        assert isinstance(listing, Listing)
        await press(pilot, "end")
        before = (listing.highlighted, listing.scroll_offset)
        game_screen(shown).show()
        await settle(pilot)
        assert (listing.highlighted, listing.scroll_offset) == before


async def test_a_cursor_that_goes_on_does_not_paint_the_whole_screen(
    counted: Callable[[type, str], list[str]],
) -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await all_seen(pilot)
        whole = counted(Compositor, "render_full_update")
        painted = counted(Listing, "render_lines")
        await press(pilot, "tab")
        assert {"turn", "tension"} <= set(painted)
        assert not whole


async def test_only_lines_in_sight_are_turned_into_what_is_drawn(
    counted: Callable[[type, str], list[str]],
) -> None:
    shown = app()
    async with shown.run_test(size=WIDE) as pilot:
        await all_seen(pilot)
        listing = shown.screen.query_one(TurnPane)
        drawn = counted(Line, "render_strips")
        listing.set_options(Option(Line(Text(f"line {number}"))) for number in range(1_000))
        await settle(pilot)
        assert listing.virtual_size.height == 1_000
        assert 0 < len(drawn) < WIDE[1]


@given(st.text(alphabet="ab 漢é\t\n", max_size=40), st.integers(2, 30))
def test_a_line_is_as_high_as_what_is_drawn_of_it(plain: str, width: int) -> None:
    rules: RulesMap = {}
    assert Line(Text(plain)).get_height(rules, width) == Content(plain).get_height(rules, width)


async def test_the_cursor_stays_in_the_log_until_there_is_something_new() -> None:
    shown = app()
    async with shown.run_test(size=NARROW) as pilot:
        await press(pilot, "space", "space", "l", "home")
        log = shown.screen.query_one(LogPane)
        assert log.highlighted == 0
        game_screen(shown).show()  # as when a forecast comes
        assert log.highlighted == 0
        await press(pilot, "space")
        assert log.highlighted == log.option_count - 1
