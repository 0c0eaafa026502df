"""Write docs/scenarios/questions.md: the questions of the ledger, each with the figure that answers it.

    python scripts/write_questions.py [--runs N] [--check] [--answers DIR]

Plays every experiment, which takes many minutes; with `--answers` it reads what `foedus experiment --json`
printed, one file for each experiment, named after it. With `--check` a few runs are played: exit code 1 if
the page was played on another world.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from scripts.pages import ROOT
from scripts.played import fingerprint, is_current, stamp
from sim.analysis.experiments import answer, prepare
from sim.compile import compile_scenario
from sim.report.answers import answer_document
from sim.report.differences import page_table, points, signed, signed_span
from sim.report.plain import percent, with_unit
from sim.scenario import load_scenario
from sim.scenario.experiment import Experiment, load_experiment

SCENARIO: Final = ROOT / "scenarios" / "pyongyang-hanoi-2024.yaml"
FOLDER: Final = ROOT / "scenarios" / "experiments"
PAGE: Final = ROOT / "docs" / "scenarios" / "questions.md"
RUNS: Final = 512
Document = Mapping[str, Any]
"""An answer as `foedus experiment --json` prints it."""
_HEAD: Final = """\
# The questions and their answers

Written by `scripts/write_questions.py` (`make pages`); not edited by hand.

Each question of the [ledger](../../seeds/questions.yaml) with the one figure that the file of its experiment
names as the answer ([experiments](../experiments.md)): the base, the arm, and by how much they differ, run by
run on the same luck, with a 95% interval. It says what follows from the scenario as it is, and not how sure
one may be of that in the world; the other arms of an experiment say as much as this one.
"""


def files() -> list[Path]:
    """The experiments of the questions, in order."""
    return sorted(FOLDER.glob("q*.yaml"))


def page(documents: Mapping[str, Document], experiments: Mapping[str, Experiment], world: str) -> str:
    """The whole page, from the answers by name of the experiment."""
    rows = [_row(documents[name], experiment) for name, experiment in experiments.items()]
    first = next(iter(documents.values()))
    lines = [_HEAD, stamp(first["scenario"], first["runs"], first["seed"], world), ""]
    lines += page_table(("Question", "Arm", "Figure", "Base", "Arm", "Difference", "95% interval"), rows)
    lines += ["## Arms that move nothing that is watched", ""]
    idle = [line for name in experiments for line in _idle(documents[name])]
    lines += idle or ["None: every arm moves something that its experiment watches, in some run."]
    return "\n".join(lines).rstrip() + "\n"


def _row(document: Document, experiment: Experiment) -> tuple[str, ...]:
    named = experiment.model.answer
    assert named is not None, experiment.model.experiment
    arm = next(arm for arm in document["arms"] if arm["id"] == named.arm)
    effect = next(one for one in (*arm["outcomes"], *arm["indicators"]) if one["id"] == named.by)
    link = f"[{document['title']}](../../scenarios/experiments/{document['experiment']}.yaml)"
    return (link, arm["title"], effect["title"], *figures(effect))


def figures(effect: Document) -> tuple[str, str, str, str]:
    """Base, arm, difference and interval of an outcome or an indicator."""
    interval = effect["interval"]
    if "unit" in effect:
        unit = effect["unit"]
        ends = with_unit(effect["base"], unit), with_unit(effect["arm"], unit)
        return (*ends, signed(effect["difference"]), signed_span(interval))
    low, high = interval
    ends = percent(effect["base"]), percent(effect["arm"])
    return (*ends, f"{points(effect['difference'])} points", f"{points(low)} to {points(high)}")


def _idle(document: Document) -> Iterator[str]:
    for arm in document["arms"]:
        moved = any(one["only_base"] or one["only_arm"] for one in arm["outcomes"])
        moved |= any(one["rises"] or one["falls"] for one in arm["indicators"])
        if not moved:
            yield f"- {document['experiment']}: {arm['title']}"


def documents_of(experiments: Mapping[str, Experiment], runs: int) -> dict[str, Document]:
    """Play every experiment."""
    found: dict[str, Document] = {}
    for name, experiment in experiments.items():
        print(name, flush=True)
        found[name] = answer_document(answer(prepare(experiment), runs=runs))
    return found


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say whether the page is stale")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each arm (%(default)s)")
    parser.add_argument("--answers", type=Path, help="folder of answers that were played before")
    asked = parser.parse_args(arguments)
    world = fingerprint(compile_scenario(load_scenario(SCENARIO)), files())
    if asked.check:
        if is_current(PAGE, world):
            return 0
        print(f"{PAGE.name} was played on another world: write it again", file=sys.stderr)
        return 1
    experiments = {path.stem: load_experiment(path) for path in files()}
    if asked.answers is None:
        documents = documents_of(experiments, asked.runs)
    else:
        texts = {name: (asked.answers / f"{name}.json").read_text("utf-8") for name in experiments}
        documents = {name: json.loads(text) for name, text in texts.items()}
    PAGE.write_text(page(documents, experiments, world), "utf-8", newline="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
