"""Two terminals on one saved game: the second is told, and neither loses a turn."""

from __future__ import annotations

from pathlib import Path

from sim import Game, load, resume, write_session
from tests.cli.command import ROOT
from tests.tui.terminal import needs_tmux, terminal


@needs_tmux
def test_the_second_of_two_that_resume_a_game_is_told_and_saved_elsewhere(tmp_path: Path) -> None:
    scenario = tmp_path / "first-steps.yaml"
    scenario.write_text((ROOT / "scenarios" / "first-steps.yaml").read_text("utf-8"), "utf-8")
    game = Game(load(scenario), seed=7, source=scenario)
    game.forward()
    file = tmp_path / "mine.session.json"
    write_session(game, file)
    second = tmp_path / "second"
    second.mkdir()
    with terminal(tmp_path, "play", "--resume", file.name) as one:
        one.shows("turn 1 of")
        with terminal(second, "play", "--resume", f"../{file.name}") as other:
            other.shows("turn 1 of", "is being played", "mine-2")
            other.press("Space")
            other.shows("turn 2 of")
            one.press("Space")
            one.shows("turn 2 of")
            one.press("Space")
            one.shows("turn 3 of")
            other.press("q")
            other.shows("saved: foedus play --resume", "ended with 0")
        one.press("q")
        one.shows("ended with 0")
    assert (resume(file).turn, resume(file.with_name("mine-2.session.json")).turn) == (3, 2)
    assert [path.name for path in tmp_path.glob(".*.lock")] == []
