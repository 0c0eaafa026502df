"""Write docs/scenarios/five-authors.md: the worlds of the five documents, played, and where they differ most.

    python scripts/write_authors.py [--runs N] [--check]

Takes minutes. With `--check` nothing is played: exit code 1 if the page was played on another scenario.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scripts.pages import ROOT
from scripts.played import PlayedPage, fingerprint, stamp
from sim.analysis.experiments import Answer, answer, prepare
from sim.analysis.information import Settled, Uncertain, settled, uncertain
from sim.analysis.positions import Line, Position, positions, settling_lines
from sim.compile import compile_scenario
from sim.report.differences import page_table
from sim.report.plain import percent
from sim.report.spreads import spread_section
from sim.scenario.experiment import Arm, Experiment, load_experiment

FILE: Final = ROOT / "scenarios" / "experiments" / "five-authors.yaml"
INDICATORS: Final = 24
"""Indicators that the page is given."""
PAGE: Final = ROOT / "docs" / "scenarios" / "five-authors.md"
_HEAD: Final = """\
# Five authors, five worlds

Written by `scripts/write_authors.py` (`make pages`); not edited by hand.

Each arm of [five-authors.yaml](../../scenarios/experiments/five-authors.yaml) takes as true what one of the
five source documents holds wherever the sources differ ([disagreements](../../seeds/disagreements.yaml)).
All are played on the same luck, so that what differs between them is what their authors think. The
intervals say what more runs could change, and nothing else ([experiments](../experiments.md)).
"""
_INFORMATION: Final = """\
## What it would be worth to settle

If a disagreement were settled, the outcomes would vary less: by the part of their variance over runs that
its parameters carry one by one, on average over the outcomes and for the outcome where it is greatest
(`foedus information`). Parts that cannot be told from 0 count as 0: most outcomes are decided by luck and
by several things at once, and one parameter alone leaves them nearly as open as they were.
"""
_POSITIONS: Final = """\
## What each takes as true

For each position of a document the lines of its arm that say it, with the facts that they cite; *doctrine*
where an account that the scenario has of an actor says it. What no line could say stands as *nothing*, with
the reason.
"""


def world_of(experiment: Experiment) -> str:
    """Fingerprint of the base and the arms."""
    return fingerprint(compile_scenario(experiment.arms[0].scenario), [Path(experiment.file)])


def page(experiment: Experiment, runs: int) -> str:
    """The whole page: plays `runs` runs of each arm."""
    found = answer(prepare(experiment), runs=runs)
    base = experiment.arms[0].scenario
    rests = uncertain(base, found.base)
    lines = [
        _HEAD,
        stamp(experiment.model.experiment, found.runs, found.seed, world_of(experiment)),
        "",
        *spread_section(found, INDICATORS),
        *_shares(found),
        *_worth(experiment, rests, settled(rests)),
        *positions_section(experiment),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _shares(found: Answer) -> Iterator[str]:
    yield from ("## How often, world by world", "", "Share of runs in which each outcome came about.", "")
    base = {effect.id: effect.paired.base for effect in found.arms[0].outcomes}
    heads = ["Outcome", "All together", *(arm.title for arm in found.arms)]
    rows = [
        [spread.title, percent(base[spread.id]), *(percent(share) for share in spread.shares.values())]
        for spread in found.outcomes
    ]
    yield from page_table(heads, rows)


def _worth(
    experiment: Experiment, rests: tuple[Uncertain, ...], ranked: tuple[Settled, ...]
) -> Iterator[str]:
    yield _INFORMATION
    titles = {outcome.id: outcome.title for outcome in rests}
    rows = [
        [
            one.disagreement,
            percent(one.share),
            percent(one.most_share),
            titles[one.most] if one.most_share > 0.0 else "",
            ", ".join(one.parameters),
        ]
        for one in ranked
    ]
    yield from page_table(("Disagreement", "On average", "At most", "Of", "Parameters"), rows)
    named = {one.disagreement for one in ranked}
    rest = [name for name in experiment.arms[0].scenario.evidence.disagreements if name not in named]
    yield f"Not ranked, because no parameter that varies in the base stands for them: {', '.join(rest)}."
    yield ""


def positions_section(experiment: Experiment) -> list[str]:
    """The lines that say by what each arm takes the positions of its document; nothing is played for them."""
    lines = [_POSITIONS]
    for arm in experiment.arms[1:]:
        held = positions(experiment, arm)
        lines += [f"### {arm.title}", ""]
        lines += page_table(("Disagreement", "Claim", "Said by"), [_position(one) for one in held])
        beyond = sorted(set(settling_lines(experiment, arm)) - {one.disagreement for one in held})
        if beyond:
            lines += [_beyond(experiment, arm, beyond), ""]
    return lines


def _position(one: Position) -> tuple[str, str, str]:
    said = f"nothing: {one.left}" if one.left else "; ".join(_line(line) for line in one.lines)
    return one.disagreement, one.claim, said


def _line(line: Line) -> str:
    by = f" (doctrine {line.doctrine})" if line.doctrine else ""
    return f"`{line.path}`{by}: {', '.join(line.facts)}"


def _beyond(experiment: Experiment, arm: Arm, beyond: list[str]) -> str:
    """What the doctrines of an arm settle although its document does not speak of it."""
    found = settling_lines(experiment, arm)
    said = (f"{name} ({', '.join(line.doctrine for line in found[name])})" for name in beyond)
    return f"Beyond the document its doctrines settle {'; '.join(said)}."


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is stale."""
    experiment = load_experiment(FILE)
    played = PlayedPage(
        (__doc__ or "").partition("\n")[0],
        PAGE,
        lambda: world_of(experiment),
        lambda runs: page(experiment, runs),
        experiment.model.runs,
    )
    return played.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
