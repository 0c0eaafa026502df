"""A game: what was played is kept, and what was done by hand changes what comes after it, nothing before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import FoedusError, Model, run_batch
from sim.analysis.accounts import ChoiceAccount
from sim.session import Game, Line
from sim.session.differences import first_difference
from tests.policy.policies import Keen
from tests.story.quarrel import QUARREL, compiled

BROKEN = QUARREL.replace(
    "{title: Oil, unit: dollars, value: price}", "{title: Oil, value: 1/(elapsed < 0.2)}"
)
DOCTRINES = QUARREL.replace(
    "  WEST: {name: Westland, policy: guard,",
    "  WEST: {name: Westland, doctrine: meek, doctrines: {meek: {policy: guard},"
    " bold: {policy: brave, parameters: {temper: 0.9}}},",
).replace(
    "  guard:\n",
    "  brave:\n    rules: {roar: {every: month, effects: [mood += 1]}}\n  guard:\n",
)
PROGRAM = compiled()


def play(game: Game, turns: int) -> list[str]:
    """Hashes of the state that is shown and of so many after it."""
    found = [game.now.hash]
    for _ in range(turns):
        game.forward()
        found.append(game.now.hash)
    return found


def hashes(line: Line) -> list[str]:
    return [moment.hash for moment in line.moments]


def test_each_turn_is_the_one_that_a_model_plays() -> None:
    model = Model(PROGRAM, runs=[4], seed=11)
    expected = [model.state.hash()]
    model.play(observe=lambda state: expected.append(state.hash()))
    assert play(Game(PROGRAM, seed=11, run=4), PROGRAM.turns) == expected


def test_a_game_is_the_run_of_that_number_in_a_batch() -> None:
    table = run_batch(PROGRAM, runs=6, seed=11).runs
    for run in range(6):
        game = Game(PROGRAM, seed=11, run=run)
        assert play(game, PROGRAM.turns)[-1] == table["hash"][run]


def test_the_same_orders_are_the_same_world_in_a_game_and_in_a_model() -> None:
    game = Game(PROGRAM, seed=11)
    play(game, 3)
    game.order("WEST/answer", "firm", by="WEST", reason="enough")
    order = game.orders()["WEST/answer"].order
    assert play(game, 9)[-1] == Model(PROGRAM, runs=[0], seed=11, orders=[order]).play().state.hash()


def test_a_policy_in_python_decides_here_too() -> None:
    policy = Keen(("WEST/answer",), more=3.0)
    model = Model(PROGRAM, runs=[4], seed=11, policies=[policy]).play()
    game = Game(PROGRAM, seed=11, run=4, policies=[policy])
    assert play(game, PROGRAM.turns)[-1] == model.state.hash()
    assert "likely by policy keen" in str(game.past[2].told.sentences)


def test_going_back_and_forward_again_is_the_same_world() -> None:
    game = Game(PROGRAM, seed=11)
    there = play(game, 6)
    told = game.now.told
    back = [game.now.hash]
    while game.back():
        back.append(game.now.hash)
    assert back == there[::-1]
    assert play(game, 6) == there
    assert game.now.told is told
    assert game.played == 6


def test_what_comes_after_a_look_back_is_not_changed_by_it() -> None:
    straight, looking = Game(PROGRAM, seed=11), Game(PROGRAM, seed=11)
    expected = play(straight, 8)
    play(looking, 5)
    list(looking.travel(2))
    assert play(looking, 6)[1:] == expected[3:]


def test_time_ends_at_both_ends() -> None:
    game = Game(PROGRAM, seed=11)
    assert not game.back()
    assert list(game.travel(12)) == list(range(1, 13))
    assert not game.forward()
    assert game.turn == 12
    with pytest.raises(FoedusError, match="a turn from 0 to 12"):
        list(game.travel(13))


def test_a_path_ends_in_the_turn_that_is_shown() -> None:
    game = Game(PROGRAM, seed=11)
    row = PROGRAM.rows["alarm[WEST]"]
    values = [game.value(row)]
    while game.forward():
        values.append(game.value(row))
    assert game.path(row, 100) == values
    assert game.path(row, 4) == values[-4:]
    list(game.travel(7))
    assert game.path(row, 3) == values[5:8]


def test_a_world_that_cannot_go_on_stays_and_says_why() -> None:
    game = Game(compiled(BROKEN), seed=11)
    while game.forward():
        pass
    assert game.turn == game.played == 3
    assert "division by zero" in str(game.fault)
    assert not game.forward()
    assert game.back()
    assert game.forward()
    assert game.turn == 3


def test_the_next_event_of_a_kind_is_found_where_it_happens() -> None:
    game = Game(PROGRAM, seed=11)
    assert list(game.seek(["inject"])) == [1, 2, 3]  # the election of March
    assert [sentence.kind for sentence in game.now.told.sentences].count("inject") == 1
    list(game.seek(["outcome"], about="panic"))
    row = PROGRAM.rows["outcome.panic"]
    assert game.turn in (int(game.value(row)), PROGRAM.turns)


# Branches


@given(turn=st.integers(0, 8), later=st.integers(0, 4), run=st.integers(0, 50))
@settings(max_examples=20, deadline=None)
def test_an_unchanged_branch_equals_its_parent(turn: int, later: int, run: int) -> None:
    game = Game(PROGRAM, seed=3, run=run)
    play(game, 4)
    game.order("WEST/answer", "firm")
    game.set("alarm[WEST]", 0.5)
    play(game, 4 + later)
    list(game.travel(turn))
    parent = game.line
    branch = game.fork("as it was")
    while branch.played < parent.played:
        game.forward()
    assert hashes(branch) == hashes(parent)
    assert first_difference(parent, branch) is None


def test_an_order_on_a_branch_leaves_its_parent_alone() -> None:
    game = Game(PROGRAM, seed=11)
    expected = play(game, 12)
    list(game.travel(5))
    game.fork("sulking")
    game.order("WEST/answer", "sulk", reason="to see")
    play(game, 7)
    assert hashes(game.lines["main"]) == expected
    found = first_difference(game.lines["main"], game.lines["sulking"])
    assert found is not None
    assert found.turn == 6
    assert "mood[WEST]" in [name for name, _, _ in found.rows]
    assert found.right != found.left


def test_the_past_cannot_be_changed_without_a_branch() -> None:
    game = Game(PROGRAM, seed=11)
    play(game, 5)
    game.back()
    with pytest.raises(FoedusError, match="turn 5 has been played"):
        game.order("WEST/answer", "calm")
    with pytest.raises(FoedusError, match="turn 5 has been played"):
        game.set("alarm[WEST]", 0.2)
    game.fork()
    game.order("WEST/answer", "calm")
    assert game.line.name == "main 2"


def test_a_withdrawn_order_is_as_if_it_had_never_been_given() -> None:
    plain, game = Game(PROGRAM, seed=11), Game(PROGRAM, seed=11)
    game.order("WEST/answer", "sulk")
    game.withdraw("WEST/answer")
    assert play(game, 3) == play(plain, 3)
    assert [entry.kind for entry in game.log()] == ["order", "withdrawal"]


def test_a_value_set_by_hand_is_there_at_once_and_explains_itself() -> None:
    game = Game(PROGRAM, seed=11)
    play(game, 2)
    game.set("alarm[WEST]", 0.9, reason="a rumour")
    assert game.value(PROGRAM.rows["alarm[WEST]"]) == 0.9
    play(game, 1)
    causes = [
        cause.what
        for account in game.explained(decision="answer").accounts
        if isinstance(account, ChoiceAccount)
        for option in account.takes[0].options
        for part in option.utility.parts
        for reading in part.readings
        for cause in reading.causes
    ]
    assert "by hand" in causes


@pytest.mark.parametrize(
    ("row", "value", "says"),
    [
        ("alarm[WEST]", 1.5, "a number from 0 to 1"),
        ("alarm[WSET]", 0.5, "alarm\\[WEST\\]"),
        ("alarm_level", 0.5, "nobody can set"),
        ("fired[EAST/fire]", 1.0, "nobody can set"),
        ("alarm[WEST]", float("nan"), "a number from 0 to 1"),
    ],
)
def test_what_cannot_be_set_is_refused(row: str, value: float, says: str) -> None:
    with pytest.raises(FoedusError, match=says):
        Game(PROGRAM).set(row, value)


def test_rolling_again_is_new_luck_from_there_on() -> None:
    game = Game(PROGRAM, seed=11)
    play(game, 4)
    parent = game.line
    again = game.fork("again", stream=7)
    play(game, 8)
    assert hashes(again)[:5] == hashes(parent)[:5]
    list(game.travel(4))
    game.switch("main")
    play(game, 8)
    assert hashes(again)[-1] != hashes(parent)[-1]


def test_a_doctrine_can_be_taken_up_in_the_middle_of_a_game() -> None:
    game = Game(compiled(DOCTRINES), seed=11)
    play(game, 4)
    before = {name: game.value(row) for name, row in game.program.rows.items()}
    game.fork("bold", doctrines={"WEST": "bold"})
    for name, row in game.program.rows.items():
        assert game.value(row) == (0.9 if name == "temper" else before.get(name, 0.0))
    play(game, 2)
    assert "WEST/roar" in str(game.now.told.sentences)
    assert game.value(game.program.rows["mood[WEST]"]) == before["mood[WEST]"] + 2
    assert game.value(game.program.rows["temper"]) == 0.9
    assert len(game.path(game.program.rows["mood[WEST]"], 7)) == 7
    assert game.explained(decision="roar").accounts
    list(game.travel(3))
    assert game.explained(decision="answer").accounts  # of the parent, under its own policy


def test_turns_before_a_fork_are_explained_by_the_line_that_played_them() -> None:
    game = Game(PROGRAM, seed=11)
    play(game, 6)
    expected = [game.explained(what_if=False)]
    list(game.travel(4))
    game.fork()
    play(game, 2)
    assert game.explained(what_if=False) == expected[0]
    list(game.travel(2))
    assert game.explained(what_if=False).turn == 2


def test_branches_can_be_named_anew() -> None:
    game = Game(PROGRAM)
    game.fork("one")
    game.switch("main")
    game.rename("base")
    assert list(game.lines) == ["base", "one"]
    origin = game.lines["one"].origin
    assert origin is not None
    assert origin.branch == "base"
    with pytest.raises(FoedusError, match="already"):
        game.rename("one")
    with pytest.raises(FoedusError, match="one"):
        game.switch("onne")


def test_names_and_notes_are_kept_as_text_that_no_terminal_obeys() -> None:
    game = Game(PROGRAM)
    game.bookmark("\x1b[2J[red]here")
    game.note("x" * 1_000_000)
    assert list(game.bookmarks) == ["\\x1b[2J[red]here"]
    assert len(game.log()[1].said) == 2_000


@pytest.mark.parametrize("run", [0, 5])
def test_every_moment_has_its_own_state(run: int) -> None:
    game = Game(PROGRAM, seed=11, run=run)
    play(game, 12)
    assert [moment.state.turn for moment in game.past] == list(range(13))
    assert len({moment.hash for moment in game.past}) == 13


def test_the_flagship_changes_its_doctrines_in_the_middle_of_a_game() -> None:
    path = Path("scenarios/pyongyang-hanoi-2024.yaml")
    game = Game(sim.load(path), seed=7)
    play(game, 2)
    scenario = game.program.scenario
    assert scenario is not None
    actor, names = next(
        (id_, list(found.doctrines)) for id_, found in scenario.model.actors.items() if found.doctrines
    )
    held = dict(game.program.doctrines).get(actor)
    game.fork("other", doctrines={actor: next(name for name in names if name != held)})
    play(game, 2)
    assert game.turn == 4
