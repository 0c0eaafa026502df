"""The case suite in words: what was expected of each case, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from sim.analysis.cases import ENSEMBLE, Finding, Verdict
from sim.report.plain import plain_number
from sim.scenario.case import Case, Expectation
from sim.text import printable

_SHOWN: Final = 3
"""Different values of one number that are told."""


def case_table(verdicts: Sequence[Verdict]) -> Table:
    """Cases for the terminal: a line for each expectation."""
    table = Table()
    table.add_column("Case", justify="right", no_wrap=True)
    table.add_column("Title", ratio=3)
    table.add_column("Expected", ratio=3)
    table.add_column("Got", ratio=3)
    for verdict in verdicts:
        lines = _lines(verdict)
        number, name = str(verdict.case.number), printable(verdict.case.model.title)
        for expected, got in lines:
            table.add_row(number, Text(name), Text(expected), got)
            number, name = "", ""
    return table


def _lines(verdict: Verdict) -> list[tuple[str, Text]]:
    if verdict.fault is not None:
        said = "; ".join(map(str, verdict.fault.diagnostics))
        return [("it can be played", Text(f"NO: {said}", "bold"))]
    lines = []
    for finding in verdict.findings:
        got = got_text(finding, verdict.runs)
        failed = finding.passed is False
        lines.append(
            (expected_text(finding.expectation), Text(f"NO: {got}" if failed else got, "bold" * failed))
        )
    return lines


def expected_text(expectation: Expectation) -> str:
    """`turn 2: confidence[PRK] is 0.4`."""
    text = printable(expectation.text)
    if expectation.equals is not None:
        text += f" is {_number(expectation.equals)}"
    elif expectation.between is not None:
        low, high = expectation.between
        text += f" is from {_number(low)} to {_number(high)}"
    elif expectation.of is not None:
        text += f" in {_number(expectation.of)} of runs"
    return f"turn {expectation.turn}: {text}"


def got_text(finding: Finding, runs: int) -> str:
    """What came of an expectation, over all runs."""
    if finding.expectation.of is not None:
        if finding.passed is None:
            return f"judged from {ENSEMBLE:,} runs on"
        return f"in {finding.held:,} of {runs:,} runs"
    if finding.passed:
        return "so it is"
    first = "" if runs == 1 else f", first in run {finding.against}"
    if finding.expectation.that is None:
        shown = [
            _number(value) + ("" if count == runs else f" in {count:,} of {runs:,} runs")
            for value, count in finding.values[:_SHOWN]
        ]
        more = len(finding.values) - _SHOWN
        return "; ".join(shown) + (f"; and {more:,} values more" if more > 0 else "")
    return "not so" if runs == 1 else f"not so in {runs - finding.held:,} of {runs:,} runs{first}"


def _number(value: float) -> str:
    """As short as tells it from any other number of twelve digits."""
    text = f"{value:.12g}"
    return text if "e" in text else plain_number(value, f".{len(text.partition('.')[2])}f")


def summary(verdicts: Sequence[Verdict]) -> str:
    """`150 cases: all as expected`."""
    failed = [verdict for verdict in verdicts if not verdict.passed]
    cases = f"{len(verdicts):,} {'case' if len(verdicts) == 1 else 'cases'}"
    if not failed:
        return f"{cases}: {'all ' if len(verdicts) > 1 else ''}as expected"
    return f"{cases}: {len(failed):,} not as expected: {', '.join(str(v.case.number) for v in failed)}"


def case_account(verdict: Verdict) -> list[str]:
    """One case told in full."""
    case = verdict.case
    model = case.model
    lines = [
        f"Case {case.number}: {model.title}",
        f"  Family: {case.family.title}",
        *_treaty(case),
        f"  Situation: {model.situation}",
        *(f"  Order, turn {one.turn}: {one.actor}/{one.decision}: {one.option}" for one in model.orders),
    ]
    for expected, got in _lines(verdict):
        lines.append(f"  Expected: {expected}. Got: {got.plain}.")
    lines.append(f"  Reason: {model.reason}")
    if model.rules:
        lines.append(f"  Hinges on: {', '.join(model.rules)}")
    return [printable(line) for line in lines]


def _treaty(case: Case) -> list[str]:
    if case.text is None:
        return []
    return [f"  Treaty: {case.text.model.title}: {case.text.model.says}"]


def case_document(verdict: Verdict) -> dict[str, Any]:
    """A case and what came of it, as plain data."""
    model = verdict.case.model
    return {
        "case": verdict.case.number,
        "title": model.title,
        "family": model.family,
        "treaty": None if verdict.case.text is None else verdict.case.text.model.title,
        "rules": list(model.rules),
        "passed": verdict.passed,
        "fault": None if verdict.fault is None else [str(one) for one in verdict.fault.diagnostics],
        "expectations": [_finding_document(finding) for finding in verdict.findings],
    }


def _finding_document(finding: Finding) -> dict[str, Any]:
    expectation = finding.expectation
    kinds = ("that", "value", "row", "share")
    kind = next(kind for kind in kinds if getattr(expectation, kind) is not None)
    return {
        "turn": expectation.turn,
        kind: expectation.text,
        "equals": expectation.equals,
        "between": None if expectation.between is None else list(expectation.between),
        "of": expectation.of,
        "passed": finding.passed,
        "held": finding.held,
        "against": finding.against,
        "values": [{"value": value, "runs": count} for value, count in finding.values],
    }
