"""A whole game on a real terminal, key by key: its file holds the worlds that Python plays."""

from __future__ import annotations

import json
from pathlib import Path

from sim import Game, debrief, load, load_scenario, open_run, read_batch, resume, run_batch, write_batch
from tests.cli.command import ROOT
from tests.tui.terminal import needs_tmux, terminal

FLAGSHIP = ROOT / "scenarios" / "pyongyang-hanoi-2024.yaml"


@needs_tmux
def test_a_game_is_begun_seated_played_branched_compared_and_left(tmp_path: Path) -> None:
    game = Game(load(FLAGSHIP), seed=7)
    labels = [clock_label(game, turn) for turn in range(4)]
    with terminal(tmp_path, "play", str(FLAGSHIP), "--seed", "7") as shown:
        shown.shows("turn 0 of 24", "seed 7 · run 0")
        shown.press("s")
        shown.shows("Take a seat")
        shown.write("CHN")
        shown.shows("what you know", "Your options")
        for turn in (1, 2, 3):
            shown.press("Space")
            shown.shows(f"{labels[turn]} · turn {turn} of 24")
        shown.press("b")
        shown.shows("turn 2 of 24 (played to 3)")
        shown.press("f")
        shown.shows("Fork")
        shown.write("what if")
        shown.shows("· what if")
        shown.press("Tab")
        shown.press("Down")
        shown.press("Enter")
        shown.shows("▶ ")
        shown.press("Space")
        shown.shows("turn 3 of 24", "· what if")
        shown.press("c")
        shown.shows("Side by side", "First difference: Sep 2024 (turn 3)", "▶ Sep 2024")
        shown.press("x")
        shown.shows("written to")
        shown.press("q")
        shown.shows("saved: foedus play --resume", "ended with 0")
    file = tmp_path / "runs" / "games" / "pyongyang-hanoi-2024-seed-7-run-0.session.json"
    saved = json.loads(file.read_text("utf-8"))
    main, branch = saved["branches"]
    (order,) = [entry for entry in branch["log"] if entry["kind"] == "order"]
    assert (order["turn"], order["by"], order["about"].partition("/")[0]) == (3, "CHN", "CHN")
    game.seat("CHN")
    list(game.travel(3))
    game.back()
    game.fork("what if")
    game.order(order["about"], order["said"], by="CHN")
    game.forward()
    assert saved["seats"] == ["CHN"]
    assert saved["shown"] == {"branch": "what if", "turn": 3}
    assert [main["hash"], branch["hash"]] == [line.moments[-1].hash for line in game.lines.values()]
    assert main["hash"] != branch["hash"]
    written = file.with_name(file.name.replace(".session.json", ".md"))
    assert written.read_text("utf-8") == debrief(game)
    assert resume(file).now.hash == game.now.hash


def clock_label(game: Game, turn: int) -> str:
    return game.program.clock.label(turn) if turn else ""


@needs_tmux
def test_a_game_that_is_left_while_futures_are_begun_ends_at_once(tmp_path: Path) -> None:
    with terminal(tmp_path, "play", str(FLAGSHIP)) as shown:
        shown.shows("turn 0 of 24")
        shown.press("q")
        shown.shows("ended with 0")
        assert "Traceback" not in shown.screen()


@needs_tmux
def test_a_run_of_a_batch_is_picked_changed_and_its_branch_sent_to_the_batch(tmp_path: Path) -> None:
    scenario = tmp_path / "scenarios" / "first-steps.yaml"
    scenario.parent.mkdir()
    scenario.write_text((ROOT / "scenarios" / "first-steps.yaml").read_text("utf-8"), "utf-8")
    write_batch(run_batch(load_scenario(scenario), 20, 7), tmp_path / "runs" / "first")
    with terminal(tmp_path, "play") as shown:
        shown.shows("What to play?", "a run   first")
        shown.write("runs")
        shown.shows("Which one, 0 to 19?")
        shown.write("13")
        shown.shows("seed 7 · run 13", "turn 0")
        shown.press("!")
        shown.shows("main 2")
        shown.press("]")
        shown.press("B")
        shown.shows("How many runs of main from turn 0?")
        shown.write("600")
        shown.shows("600 runs of main are in runs/first-steps-seed-7-main")
        shown.press("q")
        shown.shows("saved: foedus play --resume", "ended with 0")
    sent, first = (read_batch(tmp_path / "runs" / name) for name in ("first-steps-seed-7-main", "first"))
    assert sent.runs.head(20).equals(first.runs)
    assert open_run(tmp_path / "runs" / "first-steps-seed-7-main", 599).hash == sent.runs["hash"][599]
