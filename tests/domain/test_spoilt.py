"""Councils and regimes spoilt at random: each is played, or refused with places; nothing else happens."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compile import load_program
from sim.text import FoedusError, parse_document, to_plain
from tests.tools.test_reference import EXAMPLES, resolved
from tests.worlds import played, text_of

SECTIONS: Final = ("bodies", "sanctions", "policies", "actors", "relations")
WRITTEN: Final[list[Any]] = [
    to_plain(parse_document(resolved(kind, text), "example"))
    for kind, text in EXAMPLES
    if "\n  council:" in text or "\nsanctions:" in text
]
VALUES: Final[list[Any]] = [
    *(None, True, -3, 0, 0.5, 1e308, "", "x", [], {}, "1/0", "1 year", "month", "2030-05-01", {"a": 1}),
    *("NORTH", "WEST", "neighbour", ["NORTH"], ["neighbour", "neighbour"], "renewal", "observers", "for"),
    *("measure(council, observers)", "bite(on_north, NORTH)", "detection(on_north, SOUTH)", "standing"),
    *("votes_for(council, renewal, x)", "imposed(on_north)", {"utility": 1}, {"per": "year", "rate": 1}),
]


def containers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for below in value.values() if isinstance(value, dict) else value:
            yield from containers(below)


def spoilt(random: Random) -> dict[str, Any]:
    plain: dict[str, Any] = copy.deepcopy(random.choice(WRITTEN))
    for _ in range(random.randint(1, 2)):
        here = random.choice(list(containers({key: plain[key] for key in SECTIONS if key in plain})))
        if isinstance(here, list):
            here.append(random.choice(VALUES))
        elif here and random.random() < 0.3:
            del here[random.choice(list(here))]
        elif here:
            here[random.choice(list(here))] = copy.deepcopy(random.choice(VALUES))
    return plain


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoilt") / "spoilt.yaml"


def test_there_is_something_to_spoil() -> None:
    assert len(WRITTEN) == 2


@given(st.integers(0, 2**32 - 1))
def test_a_spoilt_council_or_regime_is_played_or_refused_with_places(file: Path, seed: int) -> None:
    file.write_text(text_of(spoilt(Random(seed))))
    refused: FoedusError | None = None
    try:
        played(load_program(file)[1], 3, turns=2)
    except FoedusError as error:
        refused = error
    assert refused is None or all(found.place is not None for found in refused.diagnostics)
