"""Experiments in words: what each arm changes, as tables for a terminal and a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from sim.analysis.experiments import Answer, ArmAnswer, IndicatorEffect, Named, OutcomeEffect
from sim.analysis.paired import PairedShare
from sim.report.differences import SAME, bounds, page_table, points, signed, signed_span
from sim.report.inventory import counted
from sim.report.plain import percent, with_unit
from sim.report.spreads import TITLE, spread_document, spread_section, spread_tables
from sim.text import printable, quoted

LONGEST: Final = 200
"""Characters of a title that are shown in a sentence: all that it may have."""
SHOWN = 12
"""Outcomes and indicators of an arm that a terminal is shown; the page and the data have them all."""


def span(paired: PairedShare) -> str:
    """The interval of a difference in points; of one that is the same in every run, that."""
    if paired.only_base == paired.only_arm == 0:
        return SAME
    low, high = paired.interval
    return f"{points(low)} to {points(high)}"


def tables(answer: Answer) -> Iterator[Table]:
    """For each arm a table of outcomes, and one of indicators; of several arms where they differ most."""
    for arm in answer.arms:
        if arm.outcomes:
            yield _outcomes(arm)
        if arm.indicators:
            yield _indicators(arm)
    yield from spread_tables(answer)


def _outcomes(arm: ArmAnswer) -> Table:
    table = Table(title=Text(printable(arm.title)), title_justify="left")
    table.add_column("Outcome", ratio=3)
    for head in ("Base", "Arm", "Points", "95% interval"):
        table.add_column(head, justify="right", no_wrap=head != "95% interval")
    for effect in _first(arm.outcomes):
        paired = effect.paired
        row = (percent(paired.base), percent(paired.arm), points(paired.difference), span(paired))
        table.add_row(Text(printable(effect.title)), *row)
    return table


def _indicators(arm: ArmAnswer) -> Table:
    table = Table(title=Text(f"{printable(arm.title)}: at the end"), title_justify="left")
    table.add_column("Indicator", ratio=3)
    for head in ("Base", "Arm", "Difference", "95% interval"):
        table.add_column(head, justify="right")
    for effect in _first(arm.indicators):
        table.add_row(Text(printable(effect.title)), *_numbers(effect))
    return table


def _numbers(effect: IndicatorEffect) -> tuple[str, str, str, str]:
    paired, unit = effect.paired, printable(effect.unit)
    interval = SAME if paired.rises == paired.falls == 0 else signed_span(paired.interval)
    return with_unit(paired.base, unit), with_unit(paired.arm, unit), signed(paired.difference), interval


def _first(effects: Sequence[Any]) -> Sequence[Any]:
    moved = [effect for effect in effects if effect.paired.difference != 0.0]
    return moved[:SHOWN] or effects[:SHOWN]


def notes(answer: Answer) -> Iterator[str]:
    """What the tables do not say, a line each, with the title of the arm or the table before it."""
    for arm in answer.arms:
        for said in _noted(arm):
            yield f"{printable(arm.title)}: {said}"
    for said in _apart(answer):
        yield f"{TITLE}: {said}"


def _noted(arm: ArmAnswer) -> Iterator[str]:
    if arm.unchanged:
        yield "changes nothing that is played; every run is the base's"
    for verb, found in (("takes away", arm.lost), ("adds", arm.gained)):
        if found:
            yield f"{verb} {_names(found)}: nothing to compare"


def _names(found: Iterable[Named]) -> str:
    return ", ".join(f"the {one.kind} {quoted(one.title, LONGEST)}" for one in found)


def _apart(answer: Answer) -> Iterator[str]:
    """What cannot stand where the arms differ most, because some arm has not got it."""
    lost = dict.fromkeys(one for arm in answer.arms for one in arm.lost)
    if lost and len(answer.arms) > 1:
        yield f"not every arm has {_names(lost)}"


def answer_document(answer: Answer) -> dict[str, Any]:
    """The answer as data, whole."""
    model = answer.experiment.model
    return {
        "experiment": model.experiment,
        "title": model.title,
        "question": model.question,
        "scenario": answer.experiment.arms[0].scenario.model.id,
        "hash": answer.base.manifest.hash,
        "runs": answer.runs,
        "seed": answer.seed,
        "arms": [_arm_document(arm) for arm in answer.arms],
        "spread": spread_document(answer),
    }


def _arm_document(arm: ArmAnswer) -> dict[str, Any]:
    return {
        "id": arm.id,
        "title": arm.title,
        "unchanged": arm.unchanged,
        "lost": list(map(asdict, arm.lost)),
        "gained": list(map(asdict, arm.gained)),
        "outcomes": [
            {
                "id": effect.id,
                "title": effect.title,
                **asdict(effect.paired),
                "base": effect.paired.base,
                "arm": effect.paired.arm,
                "difference": effect.paired.difference,
                "interval": bounds(effect.paired.interval),
            }
            for effect in arm.outcomes
        ],
        "indicators": [
            {
                "id": effect.id,
                "title": effect.title,
                "unit": effect.unit,
                **asdict(effect.paired),
                "interval": bounds(effect.paired.interval),
            }
            for effect in arm.indicators
        ],
    }


def answer_page(answer: Answer) -> str:
    """The answer as Markdown: generated from the counts, never edited."""
    model = answer.experiment.model
    lines = [f"# {printable(model.title)}", "", "Written by `foedus experiment`; not edited by hand.", ""]
    if model.about:
        lines += [" ".join(str(model.about).split()), ""]
    base = answer.base.manifest
    lines.append(
        f"{counted(answer.runs, 'runs')} of each arm on the same luck (seed {answer.seed}), "
        f"scenario `{base.id}`. Differences are paired, run by run, in percentage points for "
        "outcomes; intervals are 95%, and tell only what more runs could change."
    )
    lines.append("")
    lines += spread_section(answer)
    for said in _apart(answer):
        lines += [f"Left out of these tables: {said}.", ""]
    for arm in answer.arms:
        lines += [f"## {printable(arm.title)}", ""]
        for said in _noted(arm):
            lines += [f"This arm {said}.", ""]
        if arm.outcomes:
            lines += page_table(("Outcome", "Base", "Arm", "Points", "95% interval"), _rows(arm.outcomes))
        if arm.indicators:
            rows = [(effect.title, *_numbers(effect)) for effect in arm.indicators]
            lines += page_table(("At the end", "Base", "Arm", "Difference", "95% interval"), rows)
    return "\n".join(lines).rstrip() + "\n"


def _rows(outcomes: Sequence[OutcomeEffect]) -> list[tuple[str, ...]]:
    return [
        (
            effect.title,
            percent(effect.paired.base),
            percent(effect.paired.arm),
            points(effect.paired.difference),
            span(effect.paired),
        )
        for effect in outcomes
    ]
