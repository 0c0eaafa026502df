"""What a run costs, alone and among many: `python -m benchmarks.flagship [SCENARIO] [--write]`.

Every size is measured in a process of its own, so that its peak memory is its own. A time depends on the
machine and on what else it does; so no time is given without its ratio to that of a single run, measured in
the same minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
SCENARIO: Final = "scenarios/pyongyang-hanoi-2024.yaml"
SIZES: Final = (1, 64, 4_096, 100_000)
TURNS: Final = (1, 4_096)
"""Sizes for which a turn is taken apart."""
SHOWN: Final = 0.02
"""Passes that cost less of every turn are told together."""
LIMIT_MIB: Final = 500_000_000 / 2**20
"""What the greatest of them may take: 500 MB."""
_PAGE: Final = ROOT / "docs" / "benchmarks.md"
_HEAD: Final = (
    "runs",
    "played",
    "microseconds a run",
    "cost of a run, 1 alone = 1",
    "seconds in all",
    "peak memory, MB",
)
_WIDTH: Final = len("in blocks of 4,096")

Found = Mapping[str, Any]
"""A `benchmarks.measure.Measurement` as plain data."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and write the page if asked to.

    Returns 0; 1 if the memory limit is broken; 2 if the scenario cannot be played.
    """
    parser = argparse.ArgumentParser(prog="python -m benchmarks.flagship", description=__doc__)
    parser.add_argument("scenario", nargs="?", default=ROOT / SCENARIO)
    parser.add_argument("--write", action="store_true", help=f"write {_PAGE.relative_to(ROOT)}")
    asked = parser.parse_args(arguments)
    found: list[Found] = []
    print(_line(_HEAD))
    for runs in SIZES:
        try:
            found.append(_measured(asked.scenario, runs))
        except subprocess.CalledProcessError:
            return 2  # it has said why
        print(_line(_cells(found[-1], found[0])), flush=True)
    turns = [_turn(asked.scenario, runs) for runs in TURNS]
    print("\n".join(f"{name:<40} {' '.join(f'{share:>12}' for share in row)}" for name, *row in parts(turns)))
    if asked.write:
        _PAGE.write_text(page(asked.scenario, found, turns, machine()), "utf-8", newline="\n")
        print(f"wrote {_PAGE.relative_to(ROOT)}")
    if found[-1]["peak_mib"] > LIMIT_MIB:
        print(f"{found[-1]['runs']:,} runs took more than 500 MB", file=sys.stderr)
        return 1
    return 0


def _measured(scenario: str, runs: int) -> Found:
    return _told_by("benchmarks.measure", scenario, runs)


def _turn(scenario: str, runs: int) -> Found:
    return _told_by("benchmarks.turn", scenario, runs)


def parts(turns: Sequence[Found]) -> list[tuple[str, ...]]:
    """What part of a turn the constructs of the domain cost, pass by pass: a row of shares for each."""
    ids = sorted({id_ for turn in turns for id_ in turn["passes"]})
    shares = {id_: [turn["passes"].get(id_, 0.0) / turn["seconds"] for turn in turns] for id_ in ids}
    large = [id_ for id_ in ids if max(shares[id_]) >= SHOWN]
    large.sort(key=lambda id_: -shares[id_][-1])
    small = [sum(shares[id_][place] for id_ in ids if id_ not in large) for place in range(len(turns))]
    rest = [1.0 - sum(shares[id_][place] for id_ in ids) for place in range(len(turns))]
    rows = [("decisions, effects and dynamics", rest), *((id_, shares[id_]) for id_ in large)]
    rows.append(("all other passes", small))
    return [(name, *(f"{share:.0%}" for share in row)) for name, row in rows]


def _told_by(module: str, scenario: str, runs: int) -> Found:
    command = [sys.executable, "-m", module, str(Path(scenario).resolve()), str(runs)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found: Found = json.loads(done.stdout)
    return found


def _cells(found: Found, one: Found) -> tuple[str, ...]:
    each, alone = found["seconds"] / found["runs"], one["seconds"] / one["runs"]
    together = "together" if found["block"] == found["runs"] else f"in blocks of {found['block']:,}"
    return (
        f"{found['runs']:,}",
        together,
        f"{each * 1e6:,.0f}",
        f"1/{alone / each:,.0f}" if each < alone else "1",
        f"{found['seconds']:,.2f}",
        f"{found['peak_mib'] * 2**20 / 1e6:,.0f}",
    )


def _line(cells: Sequence[str]) -> str:
    return "  ".join(f"{cell:>{max(len(head), _WIDTH)}}" for cell, head in zip(cells, _HEAD, strict=True))


def machine() -> dict[str, str]:
    """What the figures were measured on."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "polars", "mesa"))
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "libraries": libraries,
        "foedus": version("foedus"),
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")


def page(scenario: str, found: Sequence[Found], turns: Sequence[Found], facts: Mapping[str, str]) -> str:
    """The text of `docs/benchmarks.md`."""
    rows = [_HEAD, ("---:",) * len(_HEAD), *(_cells(each, found[0]) for each in found)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    heads = ("part of a turn", *(f"{turn['runs']:,} run{'s' * (turn['runs'] > 1)}" for turn in turns))
    rules = ("---", *("---:" for _ in turns))
    apart = "\n".join(f"| {' | '.join(row)} |" for row in (heads, rules, *parts(turns)))
    told = "\n".join(f"- {name}: {fact}" for name, fact in facts.items())
    first = found[0]
    size = f"{first['variables']:,} variables, {first['decisions']:,} decisions, {first['turns']} turns"
    repeats = ", ".join(f"{each['repeats']} of {each['runs']:,}" for each in found)
    return f"""# What a run costs

Written by `python -m benchmarks.flagship --write`; not edited by hand.

The scenario `{Path(scenario).name}` ({size}), from its first turn to its
last, on one core.

{table}

A turn costs a fixed number of array operations, so that a run among many costs a small part of a run
alone: that is the fourth column, and the one that carries over to other machines. Times are
processor time, without reading and compiling the scenario and importing libraries; memory is the greatest
that the whole process had resident. Up to 4,096 runs one `Model` is played; the greatest number is a batch,
streamed in blocks, whose memory must stay below 500 MB: the program fails if it does not. Each size was
measured in a process of its own; the quickest of some repeats counts: {repeats}.

## What a turn is made of

{apart}

Shares of the processor time of a turn, on average over a play. Passes are what commitments, bodies,
sanctions, flows, beliefs, groups and attention add to a turn (`docs/adjudication.md`). Each works on all runs
at once, those of calls and answers on those that have something to settle.

Measured on:

{told}
"""


if __name__ == "__main__":
    sys.exit(main())
