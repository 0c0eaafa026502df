"""What is never tried is never checked: invented scenarios use the whole format and the whole language."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from sim.scenario import parse_scenario, parts
from sim.scenario.document import ScenarioModel
from sim.scenario.expressions import FUNCTIONS
from sim.scenario.graded import Graded
from sim.scenario.trees import READERS
from tests.oracle.board import prepare
from tests.oracle.faults import OracleError
from tests.oracle.interpreter import play
from tests.oracle.invented import as_text, invent
from tests.oracle.inventor import CONSTRUCTS

UNPLAYED = {
    *(
        "note",
        "unit",
        "title",
        "summary",
        "extends",
        "evidence",
        "aims",
        "says",
        "rung",
        "mechanisms",
        "lead",
        "at",
    ),
    *Graded.model_fields,
}
"""Keys that change nothing of what is played."""


@pytest.fixture(scope="module")
def invented() -> list[dict[str, Any]]:
    return [invent(seed, 1 + seed % 3) for seed in range(150)]


UNHEARD = {("Vote", "expects")}
"""What votes refuse."""


def test_every_key_of_the_format_is_tried(invented: list[dict[str, Any]]) -> None:
    tried, known = set(), set()
    for plain in invented:
        for _, part in parts(parse_scenario(as_text(plain)).model):
            kind = type(part)
            known |= {(kind.__name__, name) for name in kind.model_fields if name not in UNPLAYED}
            tried |= {(kind.__name__, name) for name in part.model_fields_set}
    assert known - tried - UNHEARD == set()
    assert {name for kind, name in known if kind == "ScenarioModel"} == set(
        ScenarioModel.model_fields
    ) - UNPLAYED


def test_every_function_of_the_language_is_tried(invented: list[dict[str, Any]]) -> None:
    text = yaml.safe_dump(invented, width=10_000)
    assert {name for name in FUNCTIONS | READERS if f"{name}(" not in text} == set()


def test_most_invented_scenarios_can_be_played_to_the_end(invented: list[dict[str, Any]]) -> None:
    ends: Counter[str] = Counter()
    for seed, plain in enumerate(invented[:60]):
        try:
            states = play(prepare(parse_scenario(as_text(plain))), seed=seed, run=seed)
        except OracleError:
            ends["stopped"] += 1
        else:
            ends["played"] += 1
            ends["moved"] += states[0] != states[-1]
    assert ends["played"] > 40
    assert ends["stopped"] > 2  # errors are worth comparing too
    assert ends["moved"] > 30


@pytest.mark.parametrize("construct", CONSTRUCTS)
def test_any_construct_can_be_left_out(construct: str) -> None:
    for seed in range(3):
        with_it = frozenset(CONSTRUCTS)
        prepare(parse_scenario(as_text(invent(seed, 2, with_it - {construct}))))
        prepare(parse_scenario(as_text(invent(seed, 2, frozenset({construct})))))
