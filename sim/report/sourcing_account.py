"""What `foedus evidence` says: the whole account of a scenario's sources, or of one fact or mechanism."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sim.compile import compile_scenario
from sim.evidence import BaseRate, Fact, Mechanism
from sim.report.sourcing import Sourcing, sourcing
from sim.report.sourcing_document import fact_document, mechanism_document, sourcing_document
from sim.report.sourcing_text import PARTS, Part, fact_account, listing, mechanism_account, summary
from sim.scenario import load_scenario
from sim.scenario.clock import parse_date
from sim.text import Diagnostic, Diagnostics, FoedusError, nearest, quoted
from sim.text.checking import one_of

_KEYS: Final[dict[Part, tuple[str, ...]]] = {
    "values": ("values",),
    "facts": ("facts", "base_rates", "disagreements"),
    "unused": ("unused", "unused_mechanisms"),
    "stale": ("stale",),
}
"""Keys of the document, by part."""


def evidence_lines(
    path: Path,
    fact: str | None = None,
    mechanism: str | None = None,
    only: Sequence[str] | None = None,
    as_of: str | None = None,
) -> Iterator[str]:
    """The account in lines of 80 columns: of a fact, of a mechanism, or of everything that is asked for.

    Raises:
        FoedusError: if the scenario has errors, among them a measured value that its fact does not hold; or
            if there is no such fact, mechanism or part, or `as_of` is no day.
    """
    parts = _parts(only)
    found = _found(path, as_of)
    cited, effect = _asked(found, fact, mechanism)
    if cited is None and effect is None:
        yield from summary(found)
        yield from listing(found, parts)
        return
    if cited is not None:
        yield from fact_account(found, cited)
    if effect is not None:
        if cited is not None:
            yield ""
        yield from mechanism_account(found, effect)


def evidence_document(
    path: Path,
    fact: str | None = None,
    mechanism: str | None = None,
    only: Sequence[str] | None = None,
    as_of: str | None = None,
) -> dict[str, Any]:
    """The same as plain data; of everything, the parts that are not asked for are left out."""
    parts = _parts(only)
    found = _found(path, as_of)
    cited, effect = _asked(found, fact, mechanism)
    document: dict[str, Any] = {}
    if cited is not None:
        document |= fact_document(found, cited)
    if effect is not None:
        document |= mechanism_document(found, effect)
    if document:
        return document
    left_out = {key for part, keys in _KEYS.items() for key in keys if part not in parts}
    return {key: value for key, value in sourcing_document(found).items() if key not in left_out}


def _found(path: Path, as_of: str | None) -> Sourcing:
    day = _day(as_of)
    scenario = load_scenario(path)
    return sourcing(scenario, compile_scenario(scenario), day)


def _asked(
    found: Sourcing, fact: str | None, mechanism: str | None
) -> tuple[Fact | BaseRate | None, Mechanism | None]:
    """What is asked for by its id: all that is not there is told before anything is."""
    problems = Diagnostics()
    cited: Fact | BaseRate | None = None
    effect: Mechanism | None = None
    try:
        cited = None if fact is None else found.cited(fact)
    except FoedusError as error:
        problems.extend(error.diagnostics)
    try:
        effect = None if mechanism is None else found.mechanism(mechanism)
    except FoedusError as error:
        problems.extend(error.diagnostics)
    problems.raise_if_errors()
    return cited, effect


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date()
    day = parse_date(text)
    if day is None:
        message = f"{quoted(text)} is not a date"
        raise FoedusError([Diagnostic(None, message, "year-month-day, such as 2024-07-01", code="date")])
    return day


def _parts(only: Sequence[str] | None) -> tuple[Part, ...]:
    if not only:
        return PARTS
    for part in only:
        if part not in PARTS:
            near = nearest(part, PARTS) or ""
            message = f"there is no part {quoted(part)}"
            raise FoedusError([Diagnostic(None, message, one_of(PARTS), near, code="part")])
    return tuple(part for part in PARTS if part in only)
