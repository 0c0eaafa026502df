"""Orders that fit nothing are refused before play, all of them at once."""

from __future__ import annotations

import re

import pytest

from sim.engine.orders import Order, checked
from sim.text import FoedusError
from tests.worlds import world

PROGRAM = world("""
foedus: 1
id: orders
title: Orders
clock: {start: 2030-01-01, turn: month, turns: 3}
actors: {AAA: {name: A, policy: mind}}
policies:
  mind:
    rules:
      fire: {count: {per: year, mean: 3}}
      speak: {chance: {per: year, rate: 1}}
    choices:
      stand: {every: month, temperature: 1, options: {wait: {utility: 0}, arm: {utility: 0}}}
injects: {coup: {at: 2030-02-03}}
""")


def said(*orders: Order) -> list[str]:
    with pytest.raises(FoedusError) as caught:
        checked(PROGRAM, orders)
    return [str(found) for found in caught.value.diagnostics]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order(0, "AAA", "speak", "do"), "an order for turn 0; expected a turn from 1 to 3"),
        (Order(4, "AAA", "speak", "do"), "an order for turn 4; expected a turn from 1 to 3"),
        (Order(1, "AAA", "speek", "do"), "there is no decision 'AAA/speek'; .* did you mean 'AAA/speak'"),
        (Order(1, "AAA", "speak", "wait"), "AAA/speak cannot be 'wait'; expected one of do, refrain"),
        (Order(1, "AAA", "stand", "do"), "AAA/stand cannot be 'do'; expected one of arm, wait"),
        (Order(1, "injects", "coup", "now"), "injects/coup cannot be 'now'; expected one of do, refrain"),
        (Order(1, "AAA", "fire", "do"), "AAA/fire cannot be 'do'; expected refrain or a whole number"),
        (Order(1, "AAA", "fire", "-1"), "expected refrain or a whole number"),
        (Order(1, "AAA", "fire", "1.5"), "expected refrain or a whole number"),
        (Order(1, "AAA", "fire", "100001"), "expected refrain or a whole number"),
        (Order(1, "AAA", "fire", "9" * 6_000), "expected refrain or a whole number"),
        (Order(1, "AAA", "fire", "\u0663"), "expected refrain or a whole number"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_order_that_fits_nothing_is_refused(order: Order, expected: str) -> None:
    (line,) = said(order)
    assert re.search(expected, line)


def test_all_that_is_wrong_is_said_at_once() -> None:
    wrong = Order(9, "AAA", "speak", "do"), Order(1, "BBB", "speak", "do")
    assert len(said(*wrong, Order(1, "AAA", "fire", "2"))) == len(wrong)


def test_of_two_orders_for_one_decision_in_one_turn_the_last_holds() -> None:
    first, last = Order(2, "AAA", "stand", "wait"), Order(2, "AAA", "stand", "arm")
    assert checked(PROGRAM, (first, last)) == {(2, "AAA/stand"): last}
