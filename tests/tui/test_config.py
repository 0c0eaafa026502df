"""Theme and keys as a person sets them, and what is picked when no file is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim import FoedusError, Game, run_batch, write_batch
from sim.scenario import parse_scenario
from tests.story.quarrel import QUARREL, compiled
from tests.tui.stage import WIDE, press, screen_text, write
from tui.app import FoedusApp, PickerApp
from tui.config import PLAIN, Config, few_colours, load_config
from tui.screens.dialogues import AskScreen, PickScreen
from tui.screens.picker import choices, scenario_of


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_everything_is_as_it_is(tmp_path: Path) -> None:
    assert load_config(tmp_path / "none.toml") == Config()


async def test_keys_and_theme_are_those_of_the_file(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, 'theme = "nord"\n[keys]\nstep = "f5"\n'))
    shown = FoedusApp(Game(compiled(), seed=11), futures=0, config=config)
    async with shown.run_test(size=WIDE) as pilot:
        assert shown.theme == "nord"
        await press(pilot, "f5", "space")
        assert shown.game.turn == 1


async def test_sixteen_colours_show_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    screens = []
    for theme in ("", PLAIN):
        shown = FoedusApp(Game(compiled(), seed=11), futures=0, config=Config(theme))
        async with shown.run_test(size=WIDE) as pilot:
            await press(pilot, "space", "space")
            screens.append(screen_text(shown))
    assert screens[0] == screens[1]
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("COLORTERM", raising=False)
    assert few_colours()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("theme = ", "is no TOML"),
        ('theme = "nrod"', "there is no theme 'nrod'.*nord"),
        ('[keys]\nstpe = "x"', "there is no action 'stpe'.*step"),
        ("[keys]\nstep = 3", "'step' is given no keys"),
        ('colour = "red"', "there is no setting 'colour'"),
        ("theme = 3", "holds something else"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        load_config(written(tmp_path, text))


async def test_scenarios_and_saved_games_can_be_picked(tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "quarrel.yaml").write_text(QUARREL, "utf-8")
    (tmp_path / "scenarios" / "part.yaml").write_text("actors: {}\n", "utf-8")
    (tmp_path / "runs" / "games").mkdir(parents=True)
    (tmp_path / "runs" / "games" / "old.session.json").write_text("{}", "utf-8")
    found = choices(tmp_path)
    assert [path for path, _ in found] == ["runs/games/old.session.json", "scenarios/quarrel.yaml"]
    picker = PickerApp(found)
    async with picker.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await write(pilot, "quarrel")
    assert picker.return_value == "scenarios/quarrel.yaml"


async def test_a_run_of_a_batch_can_be_picked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_batch(run_batch(parse_scenario(QUARREL), 12, 11), "runs/first")
    (tmp_path / "runs" / "broken").mkdir()
    (tmp_path / "runs" / "broken" / "manifest.json").write_text("{}", "utf-8")
    found = choices(tmp_path)
    assert found == [("runs/first", "a run   first  A quarrel, one of 12")]
    picker = PickerApp(found)
    async with picker.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await write(pilot, "first")
        await press(pilot, "ctrl+u")
        await write(pilot, "12")
        assert isinstance(picker.screen, AskScreen)
        await press(pilot, "escape")
        assert isinstance(picker.screen, PickScreen)
        await write(pilot, "first")
        await press(pilot, "ctrl+u")
        await write(pilot, "7")
    assert (picker.return_value, picker.number) == ("runs/first", 7)


async def test_a_batch_that_went_away_is_told_and_the_list_comes_back(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    picker = PickerApp([(str(tmp_path / "gone"), "gone")])
    async with picker.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await write(pilot, "gone")
        assert "is not a batch of foedus" in "".join(note.message for note in picker._notifications)
        assert isinstance(picker.screen, PickScreen)
        await press(pilot, "escape")
    assert picker.return_value is None


def test_the_scenario_of_a_batch_is_found_at_hand(tmp_path: Path) -> None:
    write_batch(run_batch(parse_scenario(QUARREL), 2, 11), tmp_path / "runs" / "first")
    batch = str(tmp_path / "runs" / "first")
    (tmp_path / "other.yaml").write_text(QUARREL.replace("id: quarrel", "id: other"), "utf-8")
    assert scenario_of(batch, tmp_path) is None
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(QUARREL, "utf-8")
    assert scenario_of(batch, tmp_path) == Path("scenarios/mine.yaml")
