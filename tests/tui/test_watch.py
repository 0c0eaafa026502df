"""`foedus play --watch`: a saved edit begins the game again; a broken one is told, and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import RenderableType
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import ContentSwitcher

import sim
from sim import Game, Saving, files_behind, resume
from tests.story.quarrel import QUARREL
from tests.tui.stage import WIDE, notices, press, screen_text, settle
from tui.app import FoedusApp
from tui.screens.faults import FaultsScreen
from tui.screens.game import GameScreen
from tui.views.seats import KnownPane
from tui.watching import Watched


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario in the current folder that extends another file."""
    monkeypatch.chdir(tmp_path)
    title, rest = QUARREL.split("title: A quarrel\n")
    (tmp_path / "base.yaml").write_text(title + rest, "utf-8")
    path = Path("quarrel.yaml")
    path.write_text("foedus: 1\nextends: base.yaml\ntitle: A quarrel\n", "utf-8")
    return path


def watched(source: Path) -> FoedusApp:
    def begin() -> Game:
        game = Game(sim.load(source), seed=11, source=source)
        game.saver = Saving.anew(sim.session_path(source.parent / "games", game))
        return game

    files = Watched(source, begin)
    return FoedusApp(files.begin(), futures=0, watched=files)


def save(path: Path, text: str) -> None:
    """As editors save: a new file takes the place of the old one."""
    new = path.with_name("new")
    new.write_text(text, "utf-8")
    new.replace(path)


def saved(source: Path) -> list[str]:
    return sorted(path.name for path in (source.parent / "games").glob("*.session.json"))


def read(path: Path) -> str:
    return path.read_text("utf-8")


async def until(pilot: Pilot[Any], true: Callable[[], bool]) -> None:
    """Wait for what the files set going: the watcher tells of it from a thread."""
    async with asyncio.timeout(30):
        while not true():
            await pilot.pause()


async def armed(pilot: Pilot[Any]) -> None:
    """Wait until the files are watched."""
    shown = pilot.app
    assert isinstance(shown, FoedusApp)
    await until(pilot, lambda: shown.watched is not None and shown.watched.ready.is_set())


async def test_a_saved_edit_begins_the_game_again_and_what_was_played_is_kept(source: Path) -> None:
    shown = watched(source)
    async with shown.run_test(size=WIDE) as pilot:
        await armed(pilot)
        await press(pilot, "space", "space", "question_mark")
        before = shown.game
        save(source, read(source).replace("A quarrel", "Another"))
        await until(pilot, lambda: shown.game is not before and isinstance(shown.screen, GameScreen))
        await pilot.pause()
        assert shown.game.turn == 0
        assert "Another" in screen_text(shown)
        assert "quarrel-seed-11-run-0.session.json" in notices(shown)
        await press(pilot, "space")
    names = saved(source)
    assert names == ["quarrel-seed-11-run-0-2.session.json", "quarrel-seed-11-run-0.session.json"]
    assert resume(source.parent / "games" / names[0]).now.hash == shown.game.now.hash


async def test_an_edit_that_was_saved_before_the_game_was_on_the_screen_counts(source: Path) -> None:
    shown = watched(source)
    before = shown.game
    save(source, read(source).replace("A quarrel", "Another"))
    async with shown.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: shown.game is not before and isinstance(shown.screen, GameScreen))
        await pilot.pause()
        assert "Another" in screen_text(shown)


async def test_an_edit_that_was_saved_while_the_scenario_was_read_counts(source: Path) -> None:
    good, edits = read(source), ["An edit"]

    def begin() -> Game:
        game = Game(sim.load(source), seed=11, source=source)
        if edits:
            save(source, good.replace("A quarrel", edits.pop()))
        return game

    files = Watched(source, begin)
    shown = FoedusApp(files.begin(), futures=0, watched=files)
    assert shown.game.program.title == "A quarrel"
    async with shown.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: shown.game.program.title == "An edit")


async def test_an_edit_of_a_file_that_it_extends_counts(source: Path) -> None:
    shown = watched(source)
    async with shown.run_test(size=WIDE) as pilot:
        await armed(pilot)
        before = shown.game
        base = source.with_name("base.yaml")
        save(base, read(base).replace("turns: 12", "turns: 14"))
        await until(pilot, lambda: shown.game is not before)
        assert shown.game.turns == 14


async def test_a_broken_edit_is_told_with_its_place_and_the_last_good_world_stays(source: Path) -> None:
    shown = watched(source)
    good = read(source)
    async with shown.run_test(size=WIDE) as pilot:
        await armed(pilot)
        await press(pilot, "space")
        before, there = shown.game, screen_text(shown)
        save(source, good + "polices: {}\n")
        await until(pilot, lambda: "quarrel.yaml:4:1:" in screen_text(shown))
        text = screen_text(shown)
        assert "'policies'?" in text
        await press(pilot, "escape")
        assert shown.game is before
        assert screen_text(shown) == there
        save(source, "foedus: [1\n")
        await until(pilot, lambda: isinstance(shown.screen, FaultsScreen))
        save(source, good)
        await until(pilot, lambda: isinstance(shown.screen, GameScreen))
        assert shown.game is not before
        assert shown.game.turn == 0


OWL = "actors: {OWL: {name: Owl}}\n"
Paints = list[tuple[str, str, str]]


@pytest.fixture
def paints(monkeypatch: pytest.MonkeyPatch) -> Paints:
    """Whenever something is painted: the screen, the view of a game, and who has the keyboard."""
    seen: Paints = []
    display = FoedusApp._display

    def noted(shown: FoedusApp, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if screen is shown.screen and not shown._batch_count:
            who, view = "", ""
            if isinstance(screen, GameScreen):
                who, view = screen.at_keyboard, str(screen.query_one(ContentSwitcher).current)
            seen.append((type(screen).__name__, view, who))
        display(shown, screen, renderable)

    monkeypatch.setattr(FoedusApp, "_display", noted)
    return seen


async def edited(pilot: Pilot[Any], source: Path, old: str = "A quarrel", new: str = "Another") -> None:
    """Save an edit, and wait until the game has begun again."""
    shown = pilot.app
    assert isinstance(shown, FoedusApp)
    before = shown.game
    save(source, read(source).replace(old, new))
    await until(pilot, lambda: shown.game is not before and "begins again" in notices(shown))
    await settle(pilot)


async def test_a_seat_keeps_the_keyboard_when_the_game_begins_again(source: Path, paints: Paints) -> None:
    """Nothing but its own screen is painted on the way."""
    shown = watched(source)
    shown.game.seat("EAST")
    shown.game.seat("WEST")
    async with shown.run_test(size=WIDE) as pilot:
        await armed(pilot)
        await press(pilot, "h", "enter", "h", "enter", "space")
        paints.clear()
        await edited(pilot, source)
        assert set(paints) == {("GameScreen", "seats", "WEST")}
        assert shown.game.turn == 0
        assert shown.game.seats == ("EAST", "WEST")
        assert shown.screen.query_one(KnownPane).actor == "WEST"
        shown.clear_notifications()
        await press(pilot, "1")
        assert "WEST is at the keyboard" in notices(shown)
        assert shown.screen.query_one(ContentSwitcher).current == "seats"
        await press(pilot, "h", "enter")
        assert shown.screen.query_one(KnownPane).actor == "EAST"


@pytest.mark.parametrize(("key", "holder"), [("h", "WEST"), ("H", "")])
async def test_a_game_that_was_being_handed_over_stays_hidden(
    source: Path, paints: Paints, key: str, holder: str
) -> None:
    shown = watched(source)
    shown.game.seat("EAST")
    shown.game.seat("WEST")
    async with shown.run_test(size=WIDE) as pilot:
        await armed(pilot)
        await press(pilot, "h", "enter", key)
        paints.clear()
        await edited(pilot, source)
        assert set(paints) == {("HandOverScreen", "", "")}
        paints.clear()
        await press(pilot, "enter")
        assert set(paints) == {("GameScreen", "seats" if holder else "situation", holder)}


async def test_where_the_actor_at_the_keyboard_is_gone_the_game_is_hidden_until_the_facilitator_is_there(
    source: Path, paints: Paints
) -> None:
    save(source, read(source) + OWL)
    shown = watched(source)
    shown.game.seat("OWL")
    async with shown.run_test(size=WIDE) as pilot:
        await armed(pilot)
        await press(pilot, "h", "enter")
        paints.clear()
        await edited(pilot, source, OWL, "")
        assert shown.game.seats == ()
        assert set(paints) == {("HandOverScreen", "", "")}
        assert "goes to the facilitator" in screen_text(shown)
        await press(pilot, "enter", "1")
        assert shown.screen.query_one(ContentSwitcher).current == "situation"


async def test_a_seat_is_not_shown_what_is_wrong_with_an_edit(source: Path) -> None:
    shown = watched(source)
    shown.game.seat("EAST")
    async with shown.run_test(size=WIDE) as pilot:
        await armed(pilot)
        await press(pilot, "h", "enter")
        save(source, read(source) + "secret_plans: {}\n")
        await until(pilot, lambda: "cannot be played" in notices(shown))
        assert isinstance(shown.screen, GameScreen)
        assert "secret_plans" not in screen_text(shown) + notices(shown)


async def test_another_file_in_the_folder_is_no_edit(source: Path) -> None:
    watch = Watched(source, lambda: Game(sim.load(source)))
    watch.begin()
    changes = aiter(watch.changes())
    waiting = asyncio.ensure_future(anext(changes))
    async with asyncio.timeout(30):
        await watch.ready.wait()
        save(source.with_name("other.yaml"), "foedus: 1\n")
        await watch.looked.wait()
        assert not waiting.done()
        save(source, read(source))
        await waiting
    await changes.aclose()  # type: ignore[attr-defined]


def test_a_scenario_is_made_of_what_it_extends_and_of_its_ledgers(source: Path) -> None:
    ledgers = source.parent / "seeds"
    ledgers.mkdir()
    (ledgers / "a.yaml").write_text("facts: []\n", "utf-8")
    save(source, read(source) + "evidence: seeds\n")
    assert {path.name for path in files_behind(source)} == {"quarrel.yaml", "base.yaml", "a.yaml"}
    save(source, "foedus: 1\nextends: [base.yaml, gone.yaml]\n")
    assert [path.name for path in files_behind(source)] == ["quarrel.yaml", "base.yaml", "gone.yaml"]
