"""Session files: nothing is lost but an unfinished turn, and nothing is played on under other rules."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import FoedusError
from sim.session import Game
from sim.session.debrief import debrief
from sim.session.file import resume, write_session
from sim.session.saving import Saving, session_path
from tests.session.test_game import DOCTRINES
from tests.story.quarrel import QUARREL

OPTIONS = ("calm", "firm", "sulk")
STEPS = ("forward", "forward", "forward", "back", "order", "set", "fork", "switch", "withdraw")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "quarrel.yaml"
    path.write_text(QUARREL, "utf-8")
    return path


def begun(scenario: Path, seed: int = 11) -> Game:
    return Game(sim.load(scenario), seed=seed, run=3, source=scenario)


def saved(game: Game, scenario: Path) -> Path:
    path = scenario.with_name("game.session.json")
    write_session(game, path)
    return path


def rich_game(scenario: Path) -> Game:
    """Three branches with something of every kind in their logs."""
    game = begun(scenario)
    game.seat("WEST")
    list(game.travel(4))
    game.order("WEST/answer", "firm", by="WEST", reason="[red]enough\x1b[0m")
    list(game.travel(8))
    game.bookmark("NO")
    game.note("it was: a note # with: yaml")
    list(game.travel(3))
    game.fork("1e3")
    game.set("alarm[WEST]", 0.123456789012345678, reason="rumour")
    list(game.travel(6))
    game.fork("again", stream=5)
    game.order("injects/storm", "do")
    list(game.travel(7))
    list(game.travel(5))
    game.leave("WEST")
    return game


def test_a_game_read_back_is_the_same_game(scenario: Path) -> None:
    game = rich_game(scenario)
    path = saved(game, scenario)
    found = resume(path)
    assert list(found.lines) == list(game.lines)
    for name, line in game.lines.items():
        there = found.lines[name]
        assert [moment.hash for moment in there.moments] == [moment.hash for moment in line.moments]
        assert there.log == line.log
        assert (there.origin, there.stream) == (line.origin, line.stream)
    assert (found.line.name, found.turn, found.seats) == (game.line.name, game.turn, game.seats)
    assert found.now.told == game.now.told
    text = path.read_text("utf-8")
    write_session(found, path)
    assert path.read_text("utf-8") == text


def test_a_random_game_read_back_is_the_same_game(scenario: Path) -> None:
    luck = np.random.default_rng(5)
    for _ in range(8):
        game = begun(scenario, seed=int(luck.integers(100)))
        for _ in range(40):
            random_step(game, luck)
        found = resume(saved(game, scenario))
        assert {name: line.moments[-1].hash for name, line in found.lines.items()} == {
            name: line.moments[-1].hash for name, line in game.lines.items()
        }
        assert found.now.hash == game.now.hash


def random_step(game: Game, luck: np.random.Generator) -> None:
    step = luck.choice(STEPS)
    try:
        if step == "forward":
            game.forward()
        elif step == "back":
            game.back()
        elif step == "order":
            game.order("WEST/answer", str(luck.choice(OPTIONS)))
        elif step == "set":
            game.set("alarm[WEST]", float(luck.random()))
        elif step == "fork":
            game.fork(stream=int(luck.integers(4)) or None)
        elif step == "switch":
            game.switch(str(luck.choice(list(game.lines))))
        else:
            game.withdraw("WEST/answer")
    except FoedusError as error:
        if "fork first" not in str(error):
            raise


def test_a_doctrine_taken_up_is_kept(tmp_path: Path) -> None:
    scenario = tmp_path / "doctrines.yaml"
    scenario.write_text(DOCTRINES, "utf-8")
    game = begun(scenario)
    list(game.travel(3))
    game.fork("bold", doctrines={"WEST": "bold"})
    list(game.travel(5))
    game.fork("bolder")
    list(game.travel(6))
    found = resume(saved(game, scenario))
    assert found.lines["bolder"].program is found.lines["bold"].program
    assert found.now.hash == game.now.hash
    assert dict(found.program.doctrines) == {"WEST": "bold"}


def edited(path: Path, **changes: Any) -> Path:
    plain = json.loads(path.read_text("utf-8"))
    for where, value in changes.items():
        part = plain
        *steps, last = where.split("__")
        for step in steps:
            part = part[int(step) if step.isdigit() else step]
        part[int(last) if isinstance(part, list) else last] = value
    path.write_text(json.dumps(plain, indent=1), "utf-8")
    return path


def test_an_edited_scenario_is_refused_at_the_line_of_its_hash(scenario: Path) -> None:
    path = saved(rich_game(scenario), scenario)
    scenario.write_text(QUARREL.replace("bias: 0.1", "bias: 0.2"), "utf-8")
    with pytest.raises(FoedusError, match=r"game\.session\.json:7:11: 'quarrel.yaml' was edited since"):
        resume(path)
    scenario.unlink()
    with pytest.raises(FoedusError, match=r"game\.session\.json:5:11: there is no file 'quarrel.yaml'"):
        resume(path)


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        ({"results_version": 1}, 3, "results version 1"),
        ({"foedus_session": 2}, 2, "1"),
        ({"branches__1__hash": "0" * 32}, 0, "comes to another state"),
        ({"branches__1__played": 99}, 0, "cannot have been played so far"),
        ({"branches__1__origin": {"branch": "nowhere", "turn": 1}}, 0, "comes from none"),
        ({"branches__1__name": "main"}, 0, "two branches"),
        ({"shown": {"branch": "main", "turn": 12}}, 0, "no such turn"),
        ({"scenario__doctrines": {"NORTH": "bold"}}, 0, "there is no actor .NORTH. to have a doctrine"),
        ({"seats": ["NORTH"]}, 0, "actors"),
        ({"seed": -1}, 0, "seed|0"),
        ({"policies": [{"id": 1}]}, 0, "no policies"),
        ({"extra": 1}, 0, "extra"),
        ({"branches__1__stream": 10**30}, 0, "stream|2147483648"),
        ({"branches__1__log__1__value": None}, 0, "does not say what 'alarm.WEST.' was set to"),
    ],
)
def test_a_damaged_session_is_refused_with_its_line(
    scenario: Path, change: dict[str, Any], line: int, says: str
) -> None:
    path = edited(saved(rich_game(scenario), scenario), **change)
    with pytest.raises(FoedusError, match=says) as caught:
        resume(path)
    place = caught.value.diagnostics[0].place
    assert place is not None
    assert place.file.endswith("game.session.json")
    if line:
        assert place.line == line


@pytest.mark.parametrize("text", ["", "[1, 2]", "foedus: 1", '{"foedus_session": 1', "\x00"])
def test_what_is_no_session_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "none.session.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FoedusError, match=r"none\.session\.json"):
        resume(path)


@pytest.mark.parametrize("text", [QUARREL, "# A debrief\n\nof a game", "<svg></svg>", '{"results": 2}'])
def test_a_file_of_another_kind_is_called_no_session(tmp_path: Path, text: str) -> None:
    path = tmp_path / "none.session.json"
    path.write_text(text, "utf-8")
    with pytest.raises(FoedusError, match="this is no session; expected a file that foedus play saved"):
        resume(path)


def test_a_session_that_was_cut_anywhere_is_refused_with_its_line(scenario: Path) -> None:
    path = saved(rich_game(scenario), scenario)
    whole = path.read_text("utf-8")
    for cut in range(len(whole.rstrip()) - 1, 0, -53):
        path.write_text(whole[:cut], "utf-8")
        with pytest.raises(FoedusError, match=r"game\.session\.json:\d+:\d+: ") as caught:
            resume(path)
        place = caught.value.diagnostics[0].place
        assert place is not None
        assert 1 <= place.line <= whole[:cut].count("\n") + 1
        assert path.read_text("utf-8") == whole[:cut]


STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "\x1b[31m",
    "../..",
    "\x00",
    [],
    {},
    [None],
    {"a": 1},
    "1e999",
)


def steps_to(node: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The ways to everything in a document."""
    inside = list(
        node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    )
    return [path, *(way for key, part in inside for way in steps_to(part, (*path, key)))]


def test_whatever_stands_in_a_session_it_is_played_or_refused(scenario: Path) -> None:
    path = saved(rich_game(scenario), scenario)
    whole = path.read_text("utf-8")
    ways = steps_to(json.loads(whole))[1:]
    luck = np.random.default_rng(3)
    told = []
    for _ in range(200):
        way = ways[luck.integers(len(ways))]
        strange = STRANGE[luck.integers(len(STRANGE))]
        path.write_text(whole, "utf-8")
        before = edited(path, **{"__".join(map(str, way)): strange}).read_text("utf-8")
        try:
            resume(path)
        except FoedusError as error:
            told.append(str(error))
        assert path.read_text("utf-8") == before
    assert len(told) > 100
    assert "\x1b" not in "".join(told)


def test_a_text_of_nothing_but_hidden_signs_can_be_read_back(scenario: Path) -> None:
    game = begun(scenario)
    game.note("\u202e" * 5_000)
    game.fork("\x1b" * 5_000)
    found = resume(saved(game, scenario))
    assert list(found.lines) == list(game.lines)
    assert found.log() == game.log()


def test_escape_codes_written_into_a_session_are_shown_as_text(scenario: Path) -> None:
    game = begun(scenario)
    game.note("plain")
    game.fork("what if")
    path = saved(game, scenario)
    edited(path, branches__0__log__0__said="\x1b[2J[red]\u202e", branches__1__name="\x1b[31mred")
    found = resume(edited(path, shown__branch="\x1b[31mred"))
    assert found.log()[0].said == r"\x1b[2J[red]\u202e"
    assert found.line.name == r"\x1b[31mred"


def test_a_new_session_never_takes_the_place_of_an_old_one(scenario: Path) -> None:
    game = begun(scenario)
    first = session_path(scenario.parent, game)
    assert first.name == "quarrel-seed-11-run-3.session.json"
    write_session(game, first)
    assert Saving.anew(first).path.name == "quarrel-seed-11-run-3-2.session.json"


def test_of_two_games_begun_at_once_neither_takes_the_place_of_the_other(scenario: Path) -> None:
    game = begun(scenario)
    path = session_path(scenario.parent, game)
    one, other = Saving.anew(path), Saving.anew(path)
    assert [saver.path.name for saver in (one, other)] == [
        "quarrel-seed-11-run-3.session.json",
        "quarrel-seed-11-run-3-2.session.json",
    ]
    one.release()
    assert Saving.anew(path).path == path
    assert [found.name for found in scenario.parent.glob("*.session.json")] == []


HOLDING = """
import sys
from pathlib import Path
from sim.session.saving import Saving
held = Saving.going_on(Path(sys.argv[1]))
print(held.path.name, flush=True)
sys.stdin.read()
"""


def test_a_game_that_another_process_plays_goes_on_in_a_file_of_its_own(scenario: Path) -> None:
    path = scenario.with_name("shared.session.json")
    write_session(begun(scenario), path)
    before = path.read_bytes()
    command = [sys.executable, "-c", HOLDING, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "shared.session.json\n"
        game = resume(path)
        game.saver = saver = Saving.going_on(path)
        assert saver.path.name == "shared-2.session.json"
        game.forward()
        assert resume(saver.path).now.hash == game.now.hash
        assert path.read_bytes() == before
        process.kill()
        process.wait()
    # The system gives up what a killed process held.
    assert Saving.going_on(path).path == path


def test_where_no_lock_can_be_made_a_game_is_saved_all_the_same(scenario: Path) -> None:
    folder = scenario.with_name("games")
    folder.write_text("in the way", "utf-8")
    assert Saving.going_on(folder / "mine.session.json").path.name == "mine.session.json"


KILLED = """
import sys
from pathlib import Path
import numpy as np
import sim
from sim.session import Game
from sim.session.file import write_session
from tests.session.test_file import random_step
scenario, path = Path(sys.argv[1]), Path(sys.argv[2])
game = Game(sim.load(scenario), seed=11, run=3, source=scenario)
def save(game):
    write_session(game, path)
    line = game.line
    print(line.name, line.played, line.moments[-1].hash, len(line.log), sep="|", flush=True)
game.saver = save
luck = np.random.default_rng(int(sys.argv[3]))
while len(game.lines) < 40:
    random_step(game, luck)
"""


@pytest.mark.parametrize("after", [1, 7, 23])
def test_a_killed_game_loses_nothing_that_was_finished(scenario: Path, after: int) -> None:
    path = scenario.with_name("killed.session.json")
    command = [sys.executable, "-c", KILLED, str(scenario), str(path), str(after)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(after):
            said = process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        said = (process.stdout.read().splitlines() or [said.strip()])[-1]
    name, played, state, entries = said.split("|")
    line = resume(path).lines[name]
    # It may have got further than it said, never less far.
    assert line.played >= int(played)
    assert line.moments[int(played)].hash == state or len(line.log) > int(entries)


def test_a_debrief_tells_every_branch_and_why(scenario: Path) -> None:
    text = debrief(rich_game(scenario))
    assert text.startswith("# A quarrel\n")
    assert "## Branch again" in text
    assert "Leaves 1e3 after turn 6." in text
    assert "New luck from there on: stream 5." in text
    assert "Westland orders WEST/answer: firm (\\[red\\]enough\\x1b\\[0m)" in text.replace("\\\\x", "\\x")
    assert "Note: it was: a note \\# with: yaml" in text
    assert "The facilitator sets alarm\\[WEST\\] to 0.123 (rumour)" in text
    assert "\x1b" not in text
