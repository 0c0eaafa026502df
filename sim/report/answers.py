"""Experiments in words: what each arm changes, as tables for a terminal and a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from sim.analysis.experiments import Answer, ArmAnswer, IndicatorEffect, OutcomeEffect
from sim.analysis.paired import PairedShare
from sim.report.plain import percent, plain_number, with_unit
from sim.text import printable

SHOWN = 12
"""Outcomes and indicators of an arm that a terminal is shown; the page and the data have them all."""


def points(difference: float) -> str:
    """A difference of shares in percentage points, with its sign: `+12`; 0 for exactly none."""
    if difference == 0.0:
        return "0"
    text = plain_number(100.0 * abs(difference), _digits(100.0 * difference))
    return f"{'+' if difference > 0 else '-'}{text}"


def _digits(value: float) -> str:
    return ".0f" if abs(value) >= 10.0 else ".1f" if abs(value) >= 1.0 else ".2f"  # noqa: PLR2004 - digits


def span(paired: PairedShare) -> str:
    """The interval of a difference in points; of one that is the same in every run, that."""
    if paired.only_base == paired.only_arm == 0:
        return "same in every run"
    low, high = paired.interval
    return f"{points(low)} to {points(high)}"


def tables(answer: Answer) -> Iterator[Table]:
    """For each arm a table of outcomes, and one of indicators."""
    for arm in answer.arms:
        if arm.outcomes:
            yield _outcomes(arm)
        if arm.indicators:
            yield _indicators(arm)


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
    low, high = paired.interval
    interval = (
        "same in every run" if paired.rises == paired.falls == 0 else f"{_signed(low)} to {_signed(high)}"
    )
    return with_unit(paired.base, unit), with_unit(paired.arm, unit), _signed(paired.difference), interval


def _signed(value: float) -> str:
    text = plain_number(value)
    return text if text.startswith("-") or text == "0" else f"+{text}"


def _first(effects: Sequence[Any]) -> Sequence[Any]:
    moved = [effect for effect in effects if effect.paired.difference != 0.0]
    return moved[:SHOWN] or effects[:SHOWN]


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
    }


def _arm_document(arm: ArmAnswer) -> dict[str, Any]:
    return {
        "id": arm.id,
        "title": arm.title,
        "outcomes": [
            {
                "id": effect.id,
                "title": effect.title,
                **asdict(effect.paired),
                "base": effect.paired.base,
                "arm": effect.paired.arm,
                "difference": effect.paired.difference,
                "interval": list(effect.paired.interval),
            }
            for effect in arm.outcomes
        ],
        "indicators": [
            {
                "id": effect.id,
                "title": effect.title,
                "unit": effect.unit,
                **asdict(effect.paired),
                "interval": list(effect.paired.interval),
            }
            for effect in arm.indicators
        ],
    }


def answer_page(answer: Answer) -> str:
    """The answer as Markdown: generated from the counts, never edited."""
    model = answer.experiment.model
    lines = [f"# {model.title}", "", "Written by `foedus experiment`; not edited by hand.", ""]
    if model.about:
        lines += [" ".join(str(model.about).split()), ""]
    base = answer.base.manifest
    lines.append(
        f"{answer.runs:,} runs of each arm on the same luck (seed {answer.seed}), scenario `{base.id}`. "
        "Differences are paired, run by run, in percentage points for outcomes; intervals are 95%, and tell "
        "only what more runs could change."
    )
    lines.append("")
    for arm in answer.arms:
        lines += [f"## {arm.title}", ""]
        if arm.outcomes:
            lines += _page_table(("Outcome", "Base", "Arm", "Points", "95% interval"), _rows(arm.outcomes))
        if arm.indicators:
            rows = [(effect.title, *_numbers(effect)) for effect in arm.indicators]
            lines += _page_table(("At the end", "Base", "Arm", "Difference", "95% interval"), rows)
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


def _page_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---", *["---:"] * (len(heads) - 1)]
    escaped = ([printable(cell).replace("|", "\\|") for cell in row] for row in rows)
    return [*(f"| {' | '.join(row)} |" for row in (heads, rule, *escaped)), ""]
