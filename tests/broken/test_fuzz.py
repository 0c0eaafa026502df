"""Scenarios damaged at random: each is read and played, or refused with places; nothing else ever happens.

`FOEDUS_HYPOTHESIS=deep` looks much further.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.mutations import TOKEN, bent, damaged, written
from sim.compile import find_warnings, load_program
from sim.text import Diagnostic, FoedusError
from tests.strategies import scenarios
from tests.worlds import SCENARIOS, played

WRITTEN: Final = [(SCENARIOS / f"{name}.yaml").read_text("utf-8") for name in ("first-steps", "border-clash")]
PLAIN: Final = [yaml.load(text, yaml.CSafeLoader) for text in WRITTEN]
TOKENS: Final = sorted({token for text in WRITTEN for token in TOKEN.findall(text) if not token.isspace()})
SEEDS: Final = st.integers(0, 2**32 - 1)


def bent_text(plain: dict[str, Any], seed: int, times: int) -> str:
    random, plain = Random(seed), deepcopy(plain)
    for _ in range(times):
        bent(plain, random, TOKENS)
    return written(plain)


def damaged_text(text: str, seed: int, times: int) -> str:
    random = Random(seed)
    for _ in range(times):
        text = damaged(text, random, TOKENS)
    return text


@pytest.fixture(name="survives")
def _survives(tmp_path: Path) -> Callable[[str], None]:
    """A check that a text is read and played, or refused with places, in time."""

    def survives(text: str) -> None:
        path = tmp_path / "damaged.yaml"
        path.write_bytes(text.encode("utf-8", "replace"))
        lines = len(re.split(r"\r\n|\r|\n", text))
        started = time.process_time()
        found: list[Diagnostic] = []
        try:
            scenario, program = load_program(path)
            found += find_warnings(scenario, program)
            assert time.process_time() - started < 2
            if program.turns <= 100 and len(program.variables) < 500:
                played(program, 2)
        except FoedusError as error:
            found += error.diagnostics
        assert time.process_time() - started < 4
        for diagnostic in found:
            assert str(diagnostic).isprintable()
            assert diagnostic.place is not None
            assert 1 <= diagnostic.place.line <= lines
            assert diagnostic.place.column >= 1

    return survives


TEXTS = st.one_of(st.sampled_from(WRITTEN), scenarios())
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@FUZZ
@given(st.builds(damaged_text, TEXTS, SEEDS, st.integers(1, 4)))
def test_a_damaged_text_is_read_or_refused(survives: Callable[[str], None], text: str) -> None:
    survives(text)


@FUZZ
@given(
    st.builds(
        bent_text,
        st.one_of(st.sampled_from(PLAIN), scenarios().map(yaml.safe_load)),
        SEEDS,
        st.integers(1, 3),
    )
)
def test_bent_data_is_read_or_refused(survives: Callable[[str], None], text: str) -> None:
    survives(text)
