"""Decisions of a turn of which there is nothing to tell: the matter did not come up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sim.analysis.accounts import Account, RuleAccount
from sim.compile import program as pr

_WRITTEN: Final = ("policies", "world", "injects")
"""Parts whose rules and choices come up by themselves; those of others wait for a call, a draft, a breach."""


def silences(program: pr.Program, accounts: Sequence[Account]) -> list[str]:
    """Why there is nothing to tell of each decision; "" where there is."""
    answering = {decision.name for step in program.stages.passes() for decision in step.decisions}
    return [_silence(program, account, answering) for account in accounts]


def _silence(program: pr.Program, account: Account, answering: set[str]) -> str:
    asked = account.asked
    if not asked.due:
        return "not due"
    if asked.ordered:
        return ""
    if isinstance(account, RuleAccount) and account.spent:
        return "had happened once and for all"
    waits = asked.decision in answering or program.decisions[asked.decision].path[0] not in _WRITTEN
    closed = asked.gate is not None and not asked.gate.value
    return "had no occasion" if waits and closed else ""


def not_told(reasons: Sequence[str]) -> str:
    """One line for all of them."""
    counts = ", ".join(f"{reasons.count(reason):,} {reason}" for reason in sorted(set(reasons)))
    which = "decision" if len(reasons) == 1 else "decisions"
    return f"{len(reasons):,} {which} did not come up ({counts}); --verbose tells of them, too"
