"""Write docs/scenarios/base-case.md: the flagship against published figures, and what it rests on.

    python scripts/write_base_case.py [--runs N] [--check]

Takes minutes. With `--check` a few runs are played: exit code 1 if the page was played on another world.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from scripts.base_rates import History, Ratio, figures, played, read_rows
from scripts.expectations import expectations
from scripts.pages import ROOT
from scripts.played import PlayedPage, fingerprint, stamp
from sim.analysis.information import Uncertain, uncertain
from sim.analysis.paired import paired_share
from sim.analysis.spread import simultaneous_z
from sim.batch import BatchResult, run_batch
from sim.compile import Program, compile_scenario
from sim.evidence import BaseRate, Evidence
from sim.report.differences import page_table, points
from sim.report.plain import percent, plain_number
from sim.scenario import Scenario, load_scenario
from sim.scenario.doctrines import other_doctrines

Happened = NDArray[np.bool_]

SCENARIO: Final = ROOT / "scenarios" / "pyongyang-hanoi-2024.yaml"
PAGE: Final = ROOT / "docs" / "scenarios" / "base-case.md"
RUNS: Final = 2_000
SEED: Final = 0
_OF_DOCTRINES: Final = 4
"""Doctrines are played in a fourth of the runs."""
_MOST: Final = 0.5
_MUCH: Final = 0.1
"""Ten points."""
_BOUND: Final = 0.1
"""Indicators that end at a bound in a greater share of the runs are named."""
_INCOMPARABLE: Final = {
    "unsc_vetoes_china": "the ledger counts vetoes on all matters, the scenario those on North Korea",
    "mid_chn_twn_fatal": "of the deeds in the strait only war is deadly in the scenario",
}
_HEAD: Final = """\
# The base case

Written by `scripts/write_base_case.py` (`make pages`); not edited by hand. Nothing in the scenario was
changed on account of what stands here.
"""
_RATES: Final = """\
## Against published figures

Every base rate that was fitted or held out ([why](../../seeds/README.md)) and of which the scenario shows
something. The ledger's interval is that of the published record; the scenario's says what more runs could
change. *Inside* and *outside* hold the scenario's figure against the ledger's interval; where the ledger has
none, the difference is told. Launches are counted from the seventh month on, since no campaign of launches
was on at the end of June 2024. Disputes are those that begin in play; one that begins again after half a year
of quiet is another.
"""
_SANE: Final = """\
## What a sane base case looks like

What was expected on 1 July 2024, from base rates and the hedges of the documents; none of it is a target.
"""
_REST: Final = """\
## What the outcomes rest on

Of the variance of each outcome over the runs: the parts that parameters of each grade carry one by one, and
the rest, which is luck and what several parameters do together only (`foedus information`). Parts that cannot
be told from 0 are left out.
"""
_DOCTRINES: Final = """\
## What doctrines move

For each doctrine, and for one against the other where an actor has two, the outcome that it moves most on the
same luck, and how many it moves by ten points or more. The intervals hold together for all outcomes of a row.
"""


def page(scenario: Scenario, runs: int) -> str:
    """The whole page: plays the base twice and every doctrine once."""
    program = compile_scenario(scenario)
    result = run_batch(program, runs, SEED)
    history = played(program, runs, SEED, read_rows(program))
    lines = [
        _HEAD,
        stamp(program.id, runs, SEED, fingerprint(program)),
        "",
        *_rates(scenario.evidence, figures(history)),
        *_sane(result, history),
        *_rests(uncertain(scenario, result)),
        *_bounds(program, result),
        *_doctrines(scenario, result, max(runs // _OF_DOCTRINES, 1)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _rates(evidence: Evidence, found: dict[str, Ratio]) -> Iterator[str]:
    yield _RATES
    for title, ids in (("Held out", evidence.held_out), ("Fitted", evidence.fitted)):
        rows = [_rate(evidence.base_rates[id_], found[id_]) for id_ in ids if id_ in found]
        yield f"### {title}"
        yield ""
        yield from page_table(("Figure", "Ledger", "Scenario", "Verdict"), rows)
    silent = [id_ for id_ in (*evidence.held_out, *evidence.fitted) if id_ not in found]
    yield f"The scenario begins with these, or has nothing to hold against them: {', '.join(silent)}."
    yield ""


def _rate(rate: BaseRate, shown: Ratio) -> tuple[str, ...]:
    quantity = rate.quantity
    ranged = quantity.low < quantity.high
    known = f" ({plain_number(quantity.low)} to {plain_number(quantity.high)})" if ranged else ""
    value = "" if quantity.value is None else plain_number(quantity.value)
    low, high = shown.interval
    interval = f" ({plain_number(low)} to {plain_number(high)})" if shown.error > 0.0 else ""
    return (
        f"{rate.what} (`{rate.id}`)",
        f"{value}{known} {quantity.unit}",
        f"{plain_number(shown.value)}{interval}",
        verdict(quantity.value, quantity.low, quantity.high, shown.value) + _remark(rate.id),
    )


def _remark(id_: str) -> str:
    return f"; {_INCOMPARABLE[id_]}" if id_ in _INCOMPARABLE else ""


def verdict(value: float | None, low: float, high: float, shown: float) -> str:
    """Inside or outside; where there is no interval, by how much of the published figure it differs."""
    if low < high:
        return "inside" if low <= shown <= high else f"**outside**: {'above' if shown > high else 'below'}"
    if value is None or value == 0.0:
        return "no interval"
    off = round(100.0 * (shown / value - 1.0))
    return f"no interval; {abs(off)}% {'above' if off > 0 else 'below'}" if off else "no interval; the same"


def _sane(result: BatchResult, history: History) -> Iterator[str]:
    yield _SANE
    rows = [
        (one.expected, one.shown, one.meaning, "yes" if one.met else "**no**")
        for one in expectations(result, history)
    ]
    yield from page_table(("Expected", "Scenario", "Taken to mean", "Met"), rows)
    yield "Disputes, and the shares that reach force, death and war, stand in the tables above; how wide the"
    yield "intervals are where the documents disagree is [told by their worlds](five-authors.md)."
    yield ""


def _rests(found: Sequence[Uncertain]) -> Iterator[str]:
    yield _REST
    grades = ("measured", "informed", "assumed")
    rows = [
        [
            outcome.title,
            percent(outcome.happened),
            *(percent(outcome.by_grade(grade)) for grade in grades),
            percent(outcome.rest),
            ", ".join(f"{share.parameter} {percent(share.share)}" for share in outcome.told[:3]),
        ]
        for outcome in sorted(found, key=lambda outcome: (outcome.rest, outcome.id))
    ]
    yield from page_table(("Outcome", "Happens", *grades, "Luck, and together", "Most, one by one"), rows)


def _bounds(program: Program, result: BatchResult) -> Iterator[str]:
    yield "## Indicators at a bound"
    yield ""
    rows, most = [], 0
    for indicator in program.indicators:
        variable = program.variables[indicator.row]
        values = result.runs[f"indicator.{indicator.id}"].to_numpy()
        low, high = float((values <= variable.low).mean()), float((values >= variable.high).mean())
        most += max(low, high) > _MOST
        if max(low, high) > _BOUND:
            rows.append([indicator.title, percent(low), percent(high)])
    yield f"Of {len(program.indicators)} indicators {len(rows)} end at a bound of their range in more than"
    yield f"a tenth of the runs, {most} in most; counts that begin at 0 are among them, and switches."
    yield ""
    yield from page_table(("Indicator", "At the lower", "At the upper"), rows)


def _doctrines(scenario: Scenario, result: BatchResult, runs: int) -> Iterator[str]:
    yield _DOCTRINES
    titles = {outcome.id: outcome.title for outcome in result.manifest.outcomes}
    base = {id_: result.runs[f"outcome.{id_}"].to_numpy()[:runs] > 0 for id_ in titles}
    arms: dict[str, dict[str, dict[str, Happened]]] = {}
    rows = []
    for actor, doctrine in other_doctrines(scenario):
        played_out = run_batch(compile_scenario(scenario, doctrines={actor: doctrine}), runs, SEED).runs
        arm = {id_: played_out[f"outcome.{id_}"].to_numpy() > 0 for id_ in titles}
        rows.append((actor, doctrine, *_moves(base, arm, titles)))
        arms.setdefault(actor, {})[doctrine] = arm
    for actor, own in arms.items():
        one, *others = own
        against = ((actor, f"{name} against {one}", *_moves(own[one], own[name], titles)) for name in others)
        rows.extend(against)
    heads = ("Actor", "Doctrine", "Moves most", "Points", "95% interval", "By ten points or more")
    yield from page_table(heads, sorted(rows))
    yield f"{runs:,} runs of each."
    yield ""


def _moves(base: dict[str, Happened], arm: dict[str, Happened], titles: dict[str, str]) -> tuple[str, ...]:
    pairs = {id_: paired_share(base[id_], arm[id_]) for id_ in titles}
    top = max(pairs, key=lambda id_: (abs(pairs[id_].difference), id_))
    low, high = pairs[top].within(simultaneous_z(1, len(titles)))
    many = sum(abs(pair.difference) >= _MUCH for pair in pairs.values())
    return titles[top], points(pairs[top].difference), f"{points(low)} to {points(high)}", str(many)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is stale."""
    scenario = load_scenario(SCENARIO)
    return PlayedPage(
        (__doc__ or "").partition("\n")[0],
        PAGE,
        lambda: fingerprint(compile_scenario(scenario)),
        lambda runs: page(scenario, runs),
        RUNS,
    ).main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
