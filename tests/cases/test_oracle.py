"""The oracle, a second program written from the same text, adjudicates every case as the engine does."""

from __future__ import annotations

import pytest

from sim.analysis.suite import SUITE, case_files, load_case
from tests.oracle.interpreter import Order
from tests.test_oracle_agrees import agree

FILES = {path.stem: path for path in case_files(SUITE)}


@pytest.mark.parametrize("name", FILES)
def test_engine_and_oracle_agree_on_the_case(name: str) -> None:
    case = load_case(FILES[name]).case
    orders = [Order(order.turn, order.actor, order.decision, order.option) for order in case.model.orders]
    agree(case.scenario, case.model.seed, 0, [0, 1, 999], orders)
