"""One scenario, seed, run and order make one world: on the screen, on the command line and in a batch."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.cli.options import orders_named
from tests.cli.command import document, foedus
from tests.story.quarrel import QUARREL
from tests.tui.stage import app, press

ORDERS = ("--order", "1:WEST/answer=sulk", "--order", "3:EAST/raid_the_border=do")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.yaml").write_text(QUARREL, "utf-8")
    monkeypatch.chdir(tmp_path)


async def test_a_game_a_run_and_a_run_of_a_batch_with_the_same_orders_are_one_world() -> None:
    shown = app(seed=7, run=5)
    async with shown.run_test(size=(120, 40)) as pilot:
        game = shown.game
        game.order("WEST/answer", "sulk")
        await press(pilot, "space", "space")
        game.order("EAST/raid_the_border", "do")
        await press(pilot, *["space"] * (game.turns - 2))
        played = game.now.hash
    told = document(foedus("run", "good.yaml", "--seed", "7", "--run", "5", *ORDERS, "--json"))
    assert foedus("batch", "good.yaml", "--seed", "7", "--runs", "6", *ORDERS, "--out", "b").exit_code == 0
    held = sim.read_batch("b").runs["hash"][5]
    assert played == told["turns"][-1]["hash"] == held
    assert f"state {held}, as in the batch" in foedus("replay", "b", "--run", "5").stdout
    other = document(foedus("run", "good.yaml", "--seed", "7", "--run", "5", "--json"))
    assert other["turns"][-1]["hash"] != held


def test_a_decision_may_have_a_sign_of_its_own() -> None:
    assert orders_named(["2:EAST/probe/x=HARE=do"]) == (sim.Order(2, "EAST", "probe/x=HARE", "do"),)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("WEST/answer=sulk", "'WEST/answer=sulk' is no order; expected TURN:ACTOR/DECISION=OPTION"),
        ("1:WEST=sulk", "'1:WEST=sulk' is no order"),
        ("1:WEST/answer=", "is no order"),
        ("-1:WEST/answer=sulk", "is no order"),
        ("99:WEST/answer=sulk", "an order for turn 99; expected a turn from 1 to 12"),
        ("1:WEST/anser=sulk", "'WEST/answer'"),
        ("1:WEST/answer=sullk", "'sulk'"),
    ],
)
def test_what_is_no_order_is_told(order: str, said: str) -> None:
    for command in (["run", "good.yaml"], ["batch", "good.yaml", "--runs", "2", "--out", "b"]):
        refused = foedus(*command, "--order", order)
        assert refused.exit_code == 1
        assert said in refused.stderr
        assert not Path("b").exists()
