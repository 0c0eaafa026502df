"""Names that a terminal or a page would obey are shown as text, wherever they come up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim import FoedusError, Game, Program, Saving, debrief, matters, resume
from tests.tui.hostile import MARKUP, NAME, hostile
from tests.tui.stage import notices, press, screen_text, settle, write
from tui.app import FoedusApp, PickerApp
from tui.screens.faults import FaultsScreen

HIGH = (200, 90)
WRITTEN = f"{MARKUP}\x1b[31m\x1b]0;gone\x07\u202ehere\n\r\x9b2Jthere"
NAMING = ("g", "f", "R", "c", "D", "s", "o", "equals_sign", "h")
"""Keys of dialogues that name something that people have written."""
HEADINGS = {"c": f"Compare {MARKUP}", "h": f"The keyboard goes to China {MARKUP}"}
SILENT = ("e", "m", "t", "r", "i", "slash", "question_mark")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Program]:
    """The scenario's file, and what it compiles to."""
    folder = tmp_path_factory.mktemp("hostile")
    program = hostile(folder)
    return folder / "scenarios" / f"{NAME}.yaml", program


@pytest.fixture
def game(files: tuple[Path, Program], tmp_path: Path) -> Game:
    source, program = files
    game = Game(program, seed=7, source=source)
    game.saver = Saving(tmp_path / "games" / "hostile.session.json")
    for actor in ("CHN", "VNM"):
        game.seat(actor)
    list(game.travel(3))
    game.bookmark(WRITTEN)
    game.note(WRITTEN)
    game.fork(WRITTEN)
    matter = matters(game.line, game.turn, "CHN")[0]
    game.order(matter.decision, matter.options[0].id, by="CHN", reason=WRITTEN)
    game.fork(f"{WRITTEN} again", stream=3)
    list(game.travel(5))
    game.switch(next(name for name in game.lines if "again" not in name and name != "main"))
    list(game.travel(4))
    return game


def harmless(text: str, where: str) -> str:
    """The text, once every line of it is plain."""
    strange = [line for line in text.split("\n") if not line.isprintable()]
    assert not strange, (where, strange[:3])
    return text


async def test_no_view_or_dialogue_obeys_a_name(game: Game) -> None:
    shown = FoedusApp(game, futures=8)
    async with shown.run_test(size=HIGH) as pilot:
        await settle(pilot)
        for key in ("1", "v", "2", "3", "4", "5", "6", "7"):
            await press(pilot, key)
            assert MARKUP in harmless(screen_text(shown), key), key
        for key in ("1", "2", "6", "7"):
            await press(pilot, key, "down", "down", "enter")
            assert MARKUP in harmless(screen_text(shown), f"enter in {key}")
        await press(pilot, "slash")
        await write(pilot, MARKUP)
        assert f"/{MARKUP}" in screen_text(shown)
        await press(pilot, "escape", "1", "equals_sign")
        await write(pilot, "tension[")
        assert re.search(r"─ [a-z_]+\[[A-Z]+[],]", screen_text(shown))
        await press(pilot, "escape")
        for key in (*SILENT, *NAMING):
            await press(pilot, key)
            text = harmless(screen_text(shown), key)
            assert HEADINGS.get(key, "") in text
            assert MARKUP in text or key in SILENT, key
            await press(pilot, "enter" if key == "h" else "escape")
        assert f"─ China {MARKUP}" in harmless(screen_text(shown), "a seat's screen")
        await press(pilot, "H", "enter", "o")
        await write(pilot, "CHN")
        harmless(screen_text(shown), "decisions")
        await press(pilot, "enter")
        harmless(screen_text(shown), "options")
        await press(pilot, "escape", "c", "enter")
        assert MARKUP in harmless(screen_text(shown), "side by side")
        await shown.push_screen(FaultsScreen(FoedusError.at(None, f"no {WRITTEN}", WRITTEN, WRITTEN)))
        await settle(pilot)
        assert MARKUP in harmless(screen_text(shown), "faults")
        harmless(notices(shown), "notices")


async def test_no_picture_debrief_or_session_obeys_a_name(game: Game) -> None:
    shown = FoedusApp(game, futures=0)
    async with shown.run_test(size=HIGH) as pilot:
        await press(pilot, "space", "P", "x")
    assert isinstance(game.saver, Saving)
    for ending in ("session.json", "svg", "md"):
        (path,) = game.saver.path.parent.glob(f"*.{ending}")
        text = harmless(path.read_text("utf-8").replace("\xa0", " "), ending)
        assert (r"\[red\]" if ending == "md" else MARKUP) in text
        assert "<b>" not in text.replace(r"\<b", "")
    assert "\\[red\\]" in debrief(game)
    found = resume(game.saver.path)
    assert list(found.lines) == list(game.lines)
    assert found.log() == game.log()


async def test_the_picker_obeys_no_title() -> None:
    shown = PickerApp([("a.yaml", WRITTEN)])
    async with shown.run_test(size=HIGH) as pilot:
        await settle(pilot)
        assert MARKUP in harmless(screen_text(shown), "picker")
