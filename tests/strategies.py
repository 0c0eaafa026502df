"""Random scenarios, orders for them, the same scenario in another order: for hypothesis to try and to shrink.

What is drawn is small (a seed, a size, the constructs that take part), so that a failure shrinks to the few
constructs that it needs; the scenario itself is made by `tests.oracle.invented`.
"""

from __future__ import annotations

from random import Random
from typing import Any

import yaml
from hypothesis import strategies as st

from sim.scenario import parse_scenario
from tests.oracle.board import Board, prepare
from tests.oracle.choices import ChoiceHere
from tests.oracle.events import Event
from tests.oracle.injects import InjectHere
from tests.oracle.interpreter import Order
from tests.oracle.invented import as_text, invent
from tests.oracle.inventor import CONSTRUCTS
from tests.oracle.names import Playable
from tests.oracle.rules import RuleHere

SEEDS = st.integers(0, 2**32 - 1)
SHUFFLED = frozenset({"effects", "do", "tags", "policy", "alone", "options"})
"""Lists whose order means nothing."""
ORDERED = frozenset({"ladder"})
"""Mappings that are written in order."""


def scenarios() -> st.SearchStrategy[str]:
    """The text of a valid scenario. Most play to the end; some meet a value that cannot be computed."""
    constructs = st.one_of(st.just(frozenset(CONSTRUCTS)), st.frozensets(st.sampled_from(CONSTRUCTS)))
    return st.builds(invent, SEEDS, st.integers(1, 3), constructs).map(as_text)


def orders_for(scenario: Playable | Board) -> st.SearchStrategy[tuple[Order, ...]]:
    """Legal orders; of two for one decision in one turn the last holds."""
    return st.builds(random_orders, st.just(scenario), SEEDS, st.integers(0, 8))


def _later(board: Board) -> list[tuple[Event, list[str]]]:
    """Calls, answers, votes and whatever else comes after stage 4, with what can be ordered."""
    promises = board.promises
    found = [(claim.call, ["call", "silent"]) for claim in promises.all if claim.asks]
    for answer in promises.owed:
        found.append((answer.event("recognise"), ["do", "refrain"]))
        found.append((answer.event("answer"), answer.options()))
    return (
        found
        + board.bodies.decisions()
        + board.flows.decisions()
        + [(detection.event, ["do", "refrain"]) for detection in board.sanctions.detections]
    )


def random_orders(scenario: Playable | Board, seed: int, most: int) -> tuple[Order, ...]:
    board = scenario if isinstance(scenario, Board) else prepare(scenario)
    random = Random(seed)
    deciders = [(here.event, _options(here)) for here in (*board.first_deciders(), *board.decisions)]
    later = _later(board)
    orders = []
    for _ in range(most if deciders or later else 0):
        event, options = random.choice(later if later and random.random() < 0.5 else deciders or later)
        turn = random.randint(1, board.names.calendar.turns)
        orders.append(Order(turn, event.owner, event.name, random.choice(options), "as told"))
    return tuple(orders)


def _options(here: RuleHere | ChoiceHere | InjectHere) -> list[str]:
    if isinstance(here, ChoiceHere):
        return [option.id for option in here.options]
    if isinstance(here, RuleHere) and here.rule.count is not None:
        return ["0", "1", "7", "refrain"]
    return ["do", "refrain"]


def permuted(text: str) -> st.SearchStrategy[str]:
    """The same scenario with its mappings, and the lists whose order means nothing, in another order."""
    return SEEDS.map(lambda seed: as_text(_shuffled(yaml.load(text, yaml.CSafeLoader), Random(seed))))


def _shuffled(part: Any, random: Random, key: str = "") -> Any:
    if isinstance(part, dict):
        names = list(part)
        if key not in ORDERED:
            random.shuffle(names)
        return {name: _shuffled(part[name], random, name) for name in names}
    if isinstance(part, list):
        items = [_shuffled(item, random) for item in part]
        if key in SHUFFLED:
            random.shuffle(items)
        return items
    return part


def parsed(text: str) -> Board:
    """The scenario, ready for the oracle."""
    return prepare(parse_scenario(text))
