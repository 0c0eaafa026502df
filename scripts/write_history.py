"""Write docs/scenarios/history.md: what happened, and what the historical scenarios gave for it.

    python scripts/write_history.py [--check]

With `--check` nothing is written. Exit code: 0 written or up to date, 1 out of date, 2 used wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import yaml
from numpy.typing import NDArray

from scripts.pages import ROOT, written
from sim.compile import Program, compile_scenario
from sim.engine.advance import advance
from sim.engine.start import start
from sim.engine.state import RESULTS_VERSION
from sim.scenario import Scenario, load_scenario

RECORD: Final = ROOT / "seeds" / "history" / "what-happened.yaml"
PAGE: Final = ROOT / "docs" / "scenarios" / "history.md"
RUNS: Final = 1000
RUNS_OF_A_DOCTRINE: Final = 100
SEED: Final = 1
_INTRODUCTION: Final = """\
# What happened, and what was given for it

Written by `scripts/write_history.py` from `seeds/history/what-happened.yaml` and {runs:,} runs of each
historical scenario (seed {seed}).

- **given** is the share of runs in which the outcome came about: the probability that the scenario gives it
  on its first day.
- **Brier** is the square of the distance between that and what happened (1 or 0): 0 is best, and who says
  one half gets 0.25.
- **naive** is what somebody would say who knows a base rate and nothing of the case; it stands in the
  scenario's ledgers under that id.
- **step** is the share among those runs in which the thing named behind it had come about. It judges each
  step by itself, where *given* multiplies all of them.
- A **miss** is an outcome that was given less than half although it happened, or more than half although it
  did not.

Whoever wrote these scenarios knew how the stories end. No value was changed to bring a result nearer to what
happened, and the ledgers hold what could be known on the first day; but which actors, choices and treaties
are in a scenario at all was chosen by people who knew which would matter. So a good score here is weak
evidence, and a bad one is stronger. Most of the outcomes of one scenario hang on each other: they are nearer
to one test than to a dozen.
"""
_EVEN: Final = 0.5
_ENOUGH: Final = 20


@dataclass(frozen=True)
class Happened:
    """An entry of the record."""

    outcome: str
    happened: bool
    naive: str
    what: str
    date: str = ""
    given: str = ""


def record() -> dict[str, list[Happened]]:
    """What happened, by scenario."""
    read = yaml.load(RECORD.read_text("utf-8"), yaml.CSafeLoader)
    return {name: [_happened(entry) for entry in entries] for name, entries in read.items()}


def _happened(entry: Mapping[str, Any]) -> Happened:
    return Happened(**{**entry, "date": str(entry.get("date", ""))})


def scenario(name: str) -> Scenario:
    """A scenario of the project."""
    return load_scenario(ROOT / "scenarios" / f"{name}.yaml")


def came_about(program: Program, runs: int) -> dict[str, NDArray[np.bool_]]:
    """For each outcome, whether it came about; shape `(runs,)`."""
    state = advance(program, start(program, range(runs), SEED), (), 1, program.turns)
    return {one.id: state.values[program.rows[f"outcome.{one.id}"]] > 0 for one in program.outcomes}


def page() -> str:
    """The whole page."""
    head = _INTRODUCTION.format(runs=RUNS, seed=SEED)
    parts = [
        (*comparison(name, told), *_accounts(scenario(name), told), "") for name, told in record().items()
    ]
    return "\n".join((head, *(line for part in parts for line in part)))


def comparison(name: str, told: list[Happened]) -> Iterator[str]:
    """The lines on one scenario, but for its accounts of actors."""
    model = scenario(name)
    program = compile_scenario(model)
    found = came_about(program, RUNS)
    titles = {one.id: one.title for one in program.outcomes}
    rates = model.evidence.base_rates
    yield f"## {model.model.title}\n"
    yield f"Scenario {model.hash[:12]}, results version {RESULTS_VERSION}.\n"
    yield (
        "| outcome | what happened | given | Brier | naive | its Brier | step | |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    ours, theirs, misses = [], [], 0
    for entry in told:
        truth = float(entry.happened)
        share = float(found[entry.outcome].mean())
        naive = rates[entry.naive].quantity.low
        ours.append((share - truth) ** 2)
        theirs.append((naive - truth) ** 2)
        missed = abs(share - truth) > _EVEN
        misses += missed
        when = f"{entry.date}: " if entry.date else "did not happen. "
        yield (
            f"| {titles[entry.outcome]} | {when}{entry.what} | {share:.0%} | {ours[-1]:.3f} | "
            f"{naive:.0%} (`{entry.naive}`) | {theirs[-1]:.3f} | {_step(found, entry)} | "
            f"{'**miss**' if missed else ''} |"
        )
    ahead = 1 - np.mean(ours) / np.mean(theirs)
    yield (
        f"\nMean Brier score {np.mean(ours):.3f}, of the naive rates {np.mean(theirs):.3f}: "
        f"{abs(ahead):.0%} {'better' if ahead >= 0 else 'worse'}. Misses: {misses} of {len(told)}.\n"
    )


def _step(found: Mapping[str, NDArray[np.bool_]], entry: Happened) -> str:
    if not entry.given:
        return ""
    among = found[entry.outcome][found[entry.given]]
    told = f"{among.mean():.0%}" if among.size >= _ENOUGH else "too few runs"
    return f"{told} (`{entry.given}`)"


def _accounts(model: Scenario, told: list[Happened]) -> Iterator[str]:
    """The same under each doctrine: which account of whom would have been least surprised."""
    yield f"Under each account of an actor, {RUNS_OF_A_DOCTRINE} runs:\n"
    yield "| account | mean Brier score |\n|---|---|"
    for actor, described in model.model.actors.items():
        for doctrine, account in described.doctrines.items():
            found = came_about(compile_scenario(model, doctrines={actor: doctrine}), RUNS_OF_A_DOCTRINE)
            scores = [(found[entry.outcome].mean() - entry.happened) ** 2 for entry in told]
            yield f"| {actor}: {account.title or doctrine} | {np.mean(scores):.3f} |"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it would be written."""
    return written(arguments, "write_history", __doc__, lambda: {PAGE: page()})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
