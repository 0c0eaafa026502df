"""Golden state hashes of the shipped scenarios: to change one is to raise the results version."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sim.engine.state import RESULTS_VERSION
from tests.worlds import SHIPPED, played, shipped

GOLDEN = Path(__file__).parent / "golden.json"
CHANGELOG = Path(__file__).parent.parent.parent / "CHANGELOG.md"
SEED = 2024
RUNS = [0, 1, 4_000_000_000]


def hashes(name: str) -> list[str]:
    """State hashes of three runs at the end."""
    return played(shipped(name), RUNS, SEED).hashes()


def test_every_shipped_scenario_has_its_hashes() -> None:
    if os.environ.get("FOEDUS_WRITE_GOLDEN"):
        written: dict[str, object] = {"results_version": RESULTS_VERSION, "seed": SEED, "runs": RUNS}
        written["hashes"] = {name: hashes(name) for name in SHIPPED}
        GOLDEN.write_text(json.dumps(written, indent=1) + "\n")
    golden = json.loads(GOLDEN.read_text())
    assert golden["results_version"] == RESULTS_VERSION
    assert sorted(golden["hashes"]) == list(SHIPPED)
    assert f"Results version: {RESULTS_VERSION}" in CHANGELOG.read_text()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_gives_the_numbers_it_always_gave(name: str) -> None:
    assert hashes(name) == json.loads(GOLDEN.read_text())["hashes"][name]
