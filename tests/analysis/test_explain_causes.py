"""What the domain works out is put down to who did it, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from sim.analysis.accounts import Explanation
from sim.analysis.explain import explain, explained
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.why import why
from tests.domain.promised import compiled
from tests.worlds import FLAGSHIP, shipped

CALL = "BLAND/pact.article_1.call/adversary=ALAND"
ANSWER = "CLAND/pact.article_1.answer/adversary=ALAND,caller=BLAND"


def able(other: str) -> dict[str, Any]:
    """A policy whose rules come about by order only."""
    never: dict[str, Any] = {"chance": {"per": "month", "rate": 0}}
    deeds = ("strike", "parade", "truce", "withdraw")
    return {"rules": {deed: {**never, "do": [{deed: other}]} for deed in (*deeds, "shell")}}


def world() -> Any:
    deeds: dict[str, Any] = {
        deed: {"to": "one actor"} for deed in ("strike", "shell", "parade", "truce", "withdraw")
    }
    deeds["strike"] |= {"hostility": "force"}
    deeds["shell"] |= {"hostility": "force"}
    deeds["parade"] |= {"hostility": "display"}
    deeds["truce"] |= {"settles": True}
    deeds["withdraw"] |= {"stands_down": True}
    watch = " + ".join(f"hostility({a}, {b})" for a, b in PAIRS)
    return compiled(
        {
            "actions": deeds,
            "actors.ALAND.policy": ["a"],
            "actors.BLAND.policy": ["b"],
            "actors.CLAND.policy": ["c"],
            "actors.DLAND.policy": ["watching"],
            "policies": {
                "a": able("BLAND"),
                "b": able("ALAND"),
                "c": able("ALAND"),
                "watching": {"rules": {"watch": {"every": "month", "when": f"{watch} > 0"}}},
            },
        }
    )


PAIRS = (("ALAND", "BLAND"), ("BLAND", "ALAND"), ("CLAND", "ALAND"))


def done(turn: int, *deeds: str) -> list[Order]:
    """Orders to do something in a turn."""
    found = (deed.split("/") for deed in deeds)
    return [Order(turn, actor, rule, "do", "to see who it is put down to") for actor, rule in found]


def causes(row: str, turn: int, *orders: Order) -> dict[tuple[str, int], float]:
    """What a row that the watcher reads is put down to."""
    found = explain(world(), 1, 0, turn, decision="watch", orders=orders, what_if=False)
    gate = found.accounts[0].asked.gate
    assert gate is not None
    readings = [reading for part in gate.parts for reading in part.readings if reading.name == row]
    return {(cause.what, cause.turn): cause.change for reading in readings for cause in reading.causes}


def test_hostility_is_put_down_to_who_attacked() -> None:
    attack = done(2, "ALAND/strike")
    assert causes("hostility[ALAND, BLAND]", 3, *attack) == {("ALAND/strike", 2): 3.0}
    assert causes("hostility[BLAND, ALAND]", 3, *attack) == {}


def test_hostility_either_way_is_put_down_to_the_one_who_was_hostile() -> None:
    both = done(2, "ALAND/strike", "BLAND/parade")
    assert causes("hostility[ALAND, BLAND]", 3, *both) == {("ALAND/strike", 2): 3.0}
    assert causes("hostility[BLAND, ALAND]", 3, *both) == {("BLAND/parade", 2): 2.0}


def test_of_several_deeds_the_most_hostile_are_the_cause() -> None:
    several = done(2, "ALAND/strike", "ALAND/shell", "ALAND/parade")
    assert causes("hostility[ALAND, BLAND]", 3, *several) == {("ALAND/shell, ALAND/strike", 2): 3.0}


def test_the_hostility_of_an_ally_that_fights_is_put_down_to_its_answer() -> None:
    orders = [
        *done(2, "ALAND/strike"),
        Order(2, "BLAND", CALL.split("/", 1)[1], "call", "it calls"),
        Order(2, "CLAND", ANSWER.split("/", 1)[1], "full_force", "it fights"),
    ]
    assert causes("hostility[CLAND, ALAND]", 3, *orders) == {(ANSWER, 2): 4.0}


def test_a_settlement_is_put_down_to_those_who_offered() -> None:
    orders = [*done(2, "ALAND/strike"), *done(3, "ALAND/truce", "BLAND/truce")]
    assert causes("hostility[ALAND, BLAND]", 4, *orders) == {
        ("ALAND/strike", 2): 3.0,
        ("ALAND/truce, BLAND/truce", 3): -3.0,
    }


def test_a_settlement_is_put_down_to_who_took_up_an_older_offer() -> None:
    orders = [*done(2, "ALAND/strike"), *done(3, "ALAND/truce"), *done(4, "BLAND/truce")]
    assert causes("hostility[ALAND, BLAND]", 5, *orders)["BLAND/truce", 4] == -3.0


def test_standing_down_is_put_down_to_who_stood_down() -> None:
    orders = [*done(2, "ALAND/strike"), *done(3, "ALAND/withdraw", "BLAND/truce")]
    assert causes("hostility[ALAND, BLAND]", 4, *orders)["ALAND/withdraw", 3] == -3.0


def test_a_dispute_that_falls_quiet_ends_by_itself() -> None:
    assert causes("hostility[ALAND, BLAND]", 9, *done(2, "ALAND/strike"))["", 9] == -3.0


@pytest.fixture(scope="module")
def flagship() -> list[Explanation]:
    """Turns with a crisis, in which much is called and answered."""
    model = Model(shipped(FLAGSHIP), runs=[0], seed=7, trace=True).play(12)
    return [explained(model, turn, what_if=False) for turn in (2, 3, 8, 12)]


def test_what_a_decision_did_is_told_without_its_bookkeeping() -> None:
    orders = done(2, "ALAND/strike", "BLAND/withdraw", "BLAND/truce")
    found = explain(world(), 1, 0, 2, orders=orders, what_if=False)
    did = [change.variable for account in found.accounts for change in account.asked.did]
    assert not [name for name in did if name.startswith(("incident[", "settles[", "stands_down["))]


def test_records_of_decisions_have_no_causes_of_their_own(flagship: list[Explanation]) -> None:
    text = "\n".join(line for found in flagship for line in why(shipped(FLAGSHIP), found))
    told = [line for line in text.splitlines() if line.strip().startswith(("chosen[", "fired[", "standing["))]
    assert told == []


def test_no_rise_of_hostility_in_the_flagship_comes_by_itself(flagship: list[Explanation]) -> None:
    risen = [
        cause.what
        for found in flagship
        for account in found.accounts
        for part in (account.asked.gate.parts if account.asked.gate else ())
        for reading in part.readings
        if reading.name.startswith("hostility[")
        for cause in reading.causes
        if cause.change > 0
    ]
    assert risen
    assert "" not in risen
