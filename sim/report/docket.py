"""The treaty-text lab in words: what an article came to under its own wording and under another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from sim.analysis.docket import AnswerLine, CallLine, Docket, Trial
from sim.scenario.case import Case
from sim.scenario.texts import TreatyText
from sim.text import printable

_MARK: Final = "*"


def docket_table(trials: Sequence[Trial], name: str) -> Table:
    """Cases with what came of each under both wordings; those that differ carry a mark."""
    table = Table()
    table.add_column("Case", justify="right", no_wrap=True)
    table.add_column("Situation", ratio=2)
    table.add_column("Under its own words", ratio=3)
    table.add_column(f"Under {name}", ratio=3)
    for trial in trials:
        mark = _MARK if trial.differs else " "
        table.add_row(
            f"{mark}{trial.case.number}",
            Text(printable(trial.case.model.title)),
            Text("\n".join(docket_lines(trial.case, trial.own))),
            Text("\n".join(docket_lines(trial.case, trial.other)), "bold" if trial.differs else ""),
        )
    return table


def docket_summary(trials: Sequence[Trial], text: TreatyText) -> str:
    """How many situations come out otherwise."""
    differing = sum(trial.differs for trial in trials)
    situations = "situation comes" if len(trials) == 1 else "situations come"
    of = f"{differing} of {len(trials)} {situations} out otherwise"
    return f"Under {printable(text.title)}, {of} (marked {_MARK})"


def docket_lines(case: Case, docket: Docket) -> list[str]:
    """Claim, recognition and answer, call by call."""
    if docket.empty:
        return ["no event"]
    names = {actor: part.name for actor, part in case.scenario.model.actors.items()}
    clock = case.scenario.clock
    lines = []
    for call in docket.calls:
        when = clock.label(call.turn)
        lines.append(printable(f"{when}: {_claim(call, names, docket.runs)}"))
        lines += [printable(f"  {line}") for line in _answers(call, names)]
    for breach in docket.breaches:
        when, often = clock.label(breach.turn), _often(breach.runs, docket.runs)
        offender, victim = names[breach.offender], names[breach.victim]
        lines.append(printable(f"{when}: {offender} breaks it towards {victim}{often}"))
    return lines


def _claim(call: CallLine, names: dict[str, str], runs: int) -> str:
    caller, adversary = names[call.caller], names[call.adversary]
    if not call.calls:
        return f"{caller} may call against {adversary} and keeps silent{_often(call.events, runs)}"
    return f"{caller} calls against {adversary}{_often(call.calls, runs)}"


def _answers(call: CallLine, names: dict[str, str]) -> Iterator[str]:
    for answer in call.answers:
        parts = [_recognition(answer, call.calls)]
        parts.append(_counted(answer.rungs, call.calls, {"none": "no answer"}))
        parts.append(_counted(answer.books, call.calls, {}))
        yield f"{names[answer.answerer]}: {'; '.join(part for part in parts if part)}"


def _recognition(answer: AnswerLine, calls: int) -> str:
    if not answer.disputed:
        return "claim undisputed"
    if answer.recognised in (0, calls):
        return "claim disputed, " + ("recognised" if answer.recognised else "not recognised")
    return f"claim disputed, recognised{_often(answer.recognised, calls)}"


def _counted(counts: Sequence[tuple[str, int]], of: int, words: dict[str, str]) -> str:
    return ", ".join(words.get(name, name.replace("_", " ")) + _often(count, of) for name, count in counts)


def _often(count: int, of: int) -> str:
    """In how many runs, where not in all."""
    return "" if count == of else f" in {count:,} of {of:,}"


def trial_document(trial: Trial) -> dict[str, Any]:
    """A situation under both wordings, as plain data."""
    return {
        "case": trial.case.number,
        "title": trial.case.model.title,
        "differs": trial.differs,
        "own": asdict(trial.own),
        "other": asdict(trial.other),
    }
