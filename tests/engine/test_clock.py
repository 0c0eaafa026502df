"""A finer clock does not change what a scenario means: the same years on weeks, months and quarters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.worlds import played, row, world

RUNS = 8_000
LEVEL = 1e-3 / 20
"""Per comparison: twenty of them, one false alarm in a thousand for all together (Bonferroni)."""

COUPLED = """
foedus: 1
id: coupled
title: Coupled
clock: {{start: 2024-01-01, turn: {turn}, turns: {turns}}}
parameters:
  bent: {{distribution: {{uniform: [0.5, 1.5]}}}}
actors:
  AAA: {{name: A, attributes: {{heat: 1, shots: 0, strikes: 0, firm: 0}}, policy: p}}
world:
  attributes: {{shocks: 0, stock: 100, drained: 0}}
  rules:
    shock: {{chance: {{per: year, rate: 0.7*bent}}, once: true, effects: [shocks += 1]}}
actions:
  strike: {{effects: [strikes += 1]}}
policies:
  p:
    rules:
      fire: {{count: {{per: month, mean: 2*bent}}, effects: [shots += 1]}}
      strike_once: {{chance: {{per: year, rate: "1.2*bent"}}, once: true, do: [strike]}}
      wave: {{count: {{per: year, mean: 30, size: 4}}, effects: [drained += 1]}}
    choices:
      stance:
        every: quarter
        temperature: 0.5
        status_quo: {{option: soft, bias: 0.2}}
        options:
          soft: {{utility: 0}}
          hard: {{utility: 0.3*bent, effects: [firm += 1]}}
      rarely:
        every: {{per: year, rate: 0.2}}
        temperature: 1
        options:
          a: {{utility: 0}}
          b: {{utility: 0}}
dynamics:
  heat: {{of: "heat[AAA]", towards: 3*bent, half_life: 4 months, noise: 0.8}}
  stock: {{of: stock, growth: {{per: year, rate: 0.1*bent}}}}
outcomes:
  early: {{title: Shock in the first year, happens: shocks > 0, by: 2025-01-01}}
"""

# 2024-01-01 to 2025-12-29: 104 weeks; months and quarters end within three days of it.
CLOCKS = {"week": 104, "month": 24, "quarter": 8}


@pytest.fixture(scope="module")
def worlds() -> dict[str, dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]]:
    found = {}
    for seed, (turn, turns) in enumerate(CLOCKS.items()):
        program = world(COUPLED.format(turn=turn, turns=turns))
        state = played(program, RUNS, seed)
        names = ("heat[AAA]", "shots[AAA]", "strikes[AAA]", "firm[AAA]", "shocks", "stock", "drained")
        found[turn] = {name: row(program, state, name).copy() for name in names}
        found[turn]["rarely"] = row(program, state, "standing[AAA/rarely]").copy()
        found[turn]["early"] = (row(program, state, "outcome.early") > 0).astype(float)
    return found


@pytest.mark.parametrize("finer", ["week", "month"])
@pytest.mark.parametrize(
    "name",
    ["heat[AAA]", "shots[AAA]", "strikes[AAA]", "firm[AAA]", "shocks", "stock", "drained", "rarely"],
)
def test_a_finer_clock_gives_the_same_distribution(
    worlds: dict[str, dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]], finer: str, name: str
) -> None:
    fine, coarse = worlds[finer][name], worlds["quarter"][name]
    if name == "stock":
        # Weeks end three days before quarters do: the same path, read a little earlier.
        np.testing.assert_allclose(
            np.quantile(fine, (0.1, 0.5, 0.9)), np.quantile(coarse, (0.1, 0.5, 0.9)), rtol=0.006
        )
        return
    scaled = np.rint(fine * _days(finer, name)) if _days(finer, name) != 1.0 else fine
    assert stats.ks_2samp(scaled, coarse, method="asymp").pvalue > LEVEL


def _days(finer: str, name: str) -> float:
    """Counts over 728 days against counts over 731."""
    return 731 / 728 if finer == "week" and name in ("shots[AAA]", "drained") else 1.0


def test_a_shock_within_a_year_is_as_likely_on_any_clock(
    worlds: dict[str, dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]],
) -> None:
    shares = [worlds[turn]["early"] for turn in CLOCKS]
    table = [[share.sum() for share in shares], [RUNS - share.sum() for share in shares]]
    assert stats.chi2_contingency(table).pvalue > LEVEL


def test_an_ornstein_uhlenbeck_step_is_exact() -> None:
    """Mean and spread after a year against the closed form, whatever the step."""
    text = """
foedus: 1
id: ou
title: OU
clock: {{start: 2023-01-01, turn: {turn}, turns: {turns}}}
actors: {{AAA: {{name: A, attributes: {{x: 5}}}}}}
dynamics: {{x: {{of: "x[AAA]", towards: 1, half_life: 6 months, noise: 0.9}}}}
"""
    theta = np.log(2) / 0.5
    for turn, turns in (("73 days", 5), ("365 days", 1), ("5 days", 73)):
        program = world(text.format(turn=turn, turns=turns))
        x = row(program, played(program, 40_000), "x[AAA]")
        years = 365 / 365.25
        mean = 1 + 4 * np.exp(-theta * years)
        spread = 0.9 * np.sqrt((1 - np.exp(-2 * theta * years)) / (2 * theta))
        assert abs(x.mean() - mean) < 4 * spread / np.sqrt(len(x))
        assert abs(x.std() / spread - 1) < 4 / np.sqrt(2 * len(x))
