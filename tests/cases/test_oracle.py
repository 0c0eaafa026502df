"""The oracle, a second program written from the same text, adjudicates every case as the engine does."""

from __future__ import annotations

import pytest

from sim.analysis.suite import SUITE, case_files, load_case
from sim.scenario.case import FAMILIES
from tests.oracle.interpreter import Order
from tests.test_oracle_agrees import agree

KNOWN = (
    "sequence_of_play",
    "escalation",
    "casus_foederis",
    "contested_aggressor",
    "ladder",
    "calls_waves_chains",
    "life_cycle",
)
"""Families whose rules the oracle knows."""
FILES = {
    path.stem: path
    for path in case_files(SUITE)
    if any(FAMILIES[family].first <= int(path.name[:3]) <= FAMILIES[family].last for family in KNOWN)
}


@pytest.mark.parametrize("name", FILES)
def test_engine_and_oracle_agree_on_the_case(name: str) -> None:
    case = load_case(FILES[name]).case
    orders = [Order(order.turn, order.actor, order.decision, order.option) for order in case.model.orders]
    agree(case.scenario, case.model.seed, 0, [0, 1, 999], orders)
