"""Every rule of flows can be left out, and it is said what then holds; accounts and stories tell of flows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sim.analysis.explain import explain
from sim.engine.model import Model
from sim.engine.orders import Order
from sim.report.story import story
from sim.report.why import why, why_document
from tests.domain.supplied import MAKER, USER, Played, compiled, scenario, shells, stock


def bare(**keys: Any) -> dict[str, Any]:
    return scenario(flows={"supply": shells(**keys)})


def firing() -> dict[str, Any]:
    plain = bare()
    plain["actors"][MAKER]["policy"] = "firing"
    plain["policies"] = {"firing": {"rules": {"fires": {"every": "30 days", "effects": "shells -= 5"}}}}
    return plain


def growing() -> dict[str, Any]:
    plain = bare(rate="pace[MAKER]")
    plain["actors"][MAKER]["attributes"]["pace"] = 1
    plain["dynamics"] = {"faster": {"of": "pace[MAKER]", "drift": {"per": "day", "rate": 0.1}}}
    return plain


def making(**keys: Any) -> dict[str, Any]:
    plain = bare(rate=2)
    plain["actors"][MAKER]["attributes"]["shells"] = stock(0)
    plain["items"]["shells"]["made"] = {MAKER: {"per": "day", "rate": 2, **keys}}
    return plain


def short(**keys: Any) -> dict[str, Any]:
    plain = bare(rate=20, **keys)
    plain["items"]["shells"]["used"] = {MAKER: {"per": "day", "rate": 30}}
    return plain


def taught() -> dict[str, Any]:
    plain = bare()
    plain["items"]["shells"]["copied"] = True
    return plain


def told_apart() -> dict[str, Any]:
    plain = bare()
    plain["items"]["shells"]["arsenal"] = {USER: {}}
    return plain


def tiers(**keys: Any) -> dict[str, Any]:
    plain = bare(when="elapsed < 0.1")
    plain["items"]["shells"]["tiers"] = {"first": {"stock": 10, "after": "60 days", "who": USER}}
    plain["items"]["shells"]["used"] = {USER: {"per": "day", "rate": 0.6, **keys}}
    plain["indicators"] = {
        "can": "1 if unlocked(shells, USER, first) else 0",
        "reached": "tier(shells, USER)",
    }
    return plain


RAIDED = {"share": 0.5, "chance": {"per": "day", "rate": 50}}
CREDIT = {"item": "oil", "price": 30, "credit": True}
RULES: dict[str, tuple[Callable[[], dict[str, Any]], str, list[float], list[float]]] = {
    "F1": (firing, "used[shells, MAKER]", [0, 5, 10], [0, 0, 0]),
    "F2": (growing, "sent[supply]", [0, 75, 240], [0, 30, 150]),
    "F3": (making, "shells[USER]", [0, 60, 120], [0, 0, 60]),
    "F4": (short, "got[shells, MAKER]", [0, 600, 0], [0, 900, 0]),
    "F5": (lambda: short(priority=1), "shipment[supply]", [0, 600, 0], [0, 400, 0]),
    "F6": (lambda: bare(capacity=0.5), "sent[supply]", [0, 15, 30], [0, 30, 60]),
    "F7": (lambda: bare(delay="30 days"), "shells[USER]", [0, 0, 30], [0, 30, 60]),
    "F8": (lambda: bare(interdiction={"share": 0.1}), "lost[supply]", [0, 3, 6], [0, 0, 0]),
    "F9": (
        lambda: bare(delay="30 days", interdiction=RAIDED),
        "transit[supply]",
        [0, 30, 30],
        [0, 15, 15],
    ),
    "F10": (
        lambda: bare(payment={"item": "oil", "price": 30}),
        "sent[supply]",
        [0, 50 / 3, 50 / 3],
        [0, 30, 60],
    ),
    "F11": (lambda: bare(payment=CREDIT), "owed[supply]", [0, 400, 1300], [0, 0, 0]),
    "F12": (lambda: bare(when="elapsed > 0.05"), "sent[supply]", [0, 0, 30], [0, 30, 60]),
    "F13": (taught, "shells[MAKER]", [1000, 1000, 1000], [1000, 970, 940]),
    "F14": (told_apart, "arsenal[shells, USER, MAKER]", [0, 1, 1], [0, 0, 0]),
    "F15": (tiers, "can", [0, 0, 0, 1], [0, 1, 1, 1]),
    "F16": (lambda: tiers(rate=2), "reached", [0, 1, 1, 1], [0, 1, 1, 0]),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_flows_and_what_holds_without_it(rule: str) -> None:
    make, row, whole, without = RULES[rule]
    turns = len(whole)
    assert Played(make()).of(row)[:turns] == pytest.approx(whole, rel=1e-12, abs=1e-9)
    assert Played(make(), without=(rule,)).of(row)[:turns] == pytest.approx(without, rel=1e-12, abs=1e-9)


# Accounts and stories


def traded() -> dict[str, Any]:
    plain = bare(
        rate="20*(1 + elapsed)",
        capacity=25,
        delay="30 days",
        when="elapsed < 9",
        title="Shells for the user",
        interdiction={"share": 0.5, "chance": {"per": "day", "rate": 50}},
        payment={"flow": "oil_back", "price": 0.5},
        assumed="invented",
    )
    plain["flows"]["oil_back"] = {"item": "oil", "from": USER, "to": MAKER, "per": "day", "capacity": 8}
    return plain


def lines(turn: int, actor: str | None = None) -> list[str]:
    program = compiled(traded())
    return [line.strip() for line in why(program, explain(program, 1, 0, turn, actor=actor))]


def test_an_account_says_what_was_wanted_what_the_stock_allowed_and_what_could_be_paid() -> None:
    told = lines(1)
    assert "Maker: wanted[supply] = 600 (what is to be sent)" in told
    assert "20*(1 + elapsed) a day: 20" in told
    assert "at most 25 a day: 25" in told
    assert "while elapsed < 9: true" in told
    assert "User: wanted[oil_back] = 240 (what is to be paid)" in told
    assert "due for supply: 300" in told
    assert "Maker: shipment[supply] = 480 (what is sent)" in told
    assert "part that the stock allows: 1" in told
    assert "part that can be paid: 0.8" in told


def test_an_account_says_what_a_raid_took() -> None:
    told = lines(2)
    assert "flows: supply: happened" in told
    assert "gate open: transit[supply] > 0" in told
    assert "Maker: lost[supply] = 240 (all that was lost on the way)" in told
    assert "share that is lost: 0.5" in told


def test_an_account_of_one_actor_tells_of_its_own_flows() -> None:
    told = lines(1, actor=USER)
    assert "User: shipment[oil_back] = 240 (what is sent)" in told
    assert not any("Maker" in line for line in told)


def test_accounts_are_data_too_and_those_of_one_decision_leave_flows_out() -> None:
    program = compiled(traded())
    document = why_document(explain(program, 1, 0, 1))
    assert {found["row"] for found in document["reckonings"]} >= {"wanted[supply]", "shipment[supply]"}
    assert explain(program, 1, 0, 2, decision="supply").reckonings == ()


def test_a_story_tells_of_raids_and_of_what_is_unlocked() -> None:
    plain = traded()
    tier = {"stock": 10, "who": USER, "says": "{self} has plenty of shells"}
    plain["items"]["shells"]["tiers"] = {"plenty": tier}
    model = Model(compiled(plain), runs=[0], seed=1, trace=True)
    told = [sentence.text for turn in story(model) for sentence in turn.sentences]
    assert "Shells for the user: raided on the way" in told
    assert told.count("User has plenty of shells") == 1


def test_a_raid_says_what_it_is_told_to_say() -> None:
    plain = traded()
    plain["flows"]["supply"]["interdiction"]["says"] = "Pirates rob {self} of what {target} waits for"
    model = Model(compiled(plain), runs=[0], seed=1, trace=True)
    told = [sentence.text for turn in story(model) for sentence in turn.sentences]
    assert "Pirates rob Maker of what User waits for" in told


def test_a_raid_can_be_ordered_and_forbidden() -> None:
    orders = (Order(2, "flows", "supply", "refrain"), Order(3, "flows", "supply", "do"))
    played = Played(traded(), orders=orders)
    assert played.of("fired[flows/supply]")[:4] == [0, 0, 0, 1]


def test_a_renamed_flow_keeps_its_raids_by_its_luck_key() -> None:
    rare = {"share": 0.5, "chance": {"per": "year", "rate": 4}}
    plain = bare(delay="30 days", interdiction=rare)
    other = scenario(flows={"convoy": shells(delay="30 days", interdiction={**rare, "luck_key": "supply"})})
    raids = Played(plain, 200).all("fired[flows/supply]")
    assert (raids == Played(other, 200).all("fired[flows/convoy]")).all()
    assert 0 < raids.mean() < 1
