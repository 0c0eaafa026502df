"""foedus: play a scenario of treaties, arms and sanctions forward, once or a million times.

    import sim

    program = sim.load("scenarios/first-steps.yaml")
    model = sim.Model(program, runs=1000, seed=7).play()
    model["patience[SOUTH]"].mean()

Names are imported when they are first asked for: `import sim` itself loads nothing, and a command that only
checks a file never waits for Mesa.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sim.analysis.accounts import Explanation
    from sim.analysis.explain import explain, explained
    from sim.batch import BatchResult, read_batch, read_manifest, run_batch, write_batch
    from sim.batch.crew import GivenUpError
    from sim.compile import Program, compile_scenario, find_warnings
    from sim.engine.model import Model
    from sim.engine.orders import Order
    from sim.engine.policy import Chosen, Fires, Policy, Probability, Rate, Utilities
    from sim.engine.policy_check import check_policies
    from sim.engine.policy_loading import load_policies
    from sim.engine.provenance import PolicyRecord
    from sim.engine.snapshot import Snapshot
    from sim.engine.state import RESULTS_VERSION, State
    from sim.engine.view import View
    from sim.report.page import write_report
    from sim.report.page_outcomes import outcome_table
    from sim.report.plain import plain_number, with_unit
    from sim.report.story import Sentence, Told, story, tell
    from sim.scenario import Scenario, load_scenario
    from sim.scenario.listing import files_behind
    from sim.session import Entry, Game, Line, Moment
    from sim.session.against import Against, against
    from sim.session.coming_up import among, coming_up
    from sim.session.debrief import debrief, entry_text
    from sim.session.differences import Difference, difference, first_difference
    from sim.session.file import resume, write_session
    from sim.session.futures import Chance, Fan, Forecaster, Futures
    from sim.session.options import Matter, SeatOption
    from sim.session.picture import (
        KINDS,
        FlowState,
        Link,
        PactState,
        RegimeState,
        crises,
        flows,
        ladder,
        links,
        pacts,
        pairs,
        regimes,
    )
    from sim.session.questions import Answer, cited_facts, decisions_here, fact_lines, why_here
    from sim.session.replay import Replay, open_run
    from sim.session.saving import Saving, session_path
    from sim.session.seats import Known, knowledge, matters
    from sim.session.sending import Sending, free_directory, send, sending
    from sim.text import Diagnostic, FoedusError, nearest, printable, quoted
    from sim.text.files import write_text

__version__: Final = "0.1.0"

__all__ = [
    "KINDS",
    "RESULTS_VERSION",
    "Against",
    "Answer",
    "BatchResult",
    "Chance",
    "Chosen",
    "Diagnostic",
    "Difference",
    "Entry",
    "Explanation",
    "Fan",
    "Fires",
    "FlowState",
    "FoedusError",
    "Forecaster",
    "Futures",
    "Game",
    "GivenUpError",
    "Known",
    "Line",
    "Link",
    "Matter",
    "Model",
    "Moment",
    "Order",
    "PactState",
    "Policy",
    "PolicyRecord",
    "Probability",
    "Program",
    "Rate",
    "RegimeState",
    "Replay",
    "Saving",
    "Scenario",
    "SeatOption",
    "Sending",
    "Sentence",
    "Snapshot",
    "State",
    "Told",
    "Utilities",
    "View",
    "__version__",
    "against",
    "among",
    "check_policies",
    "cited_facts",
    "coming_up",
    "compile_scenario",
    "crises",
    "debrief",
    "decisions_here",
    "difference",
    "entry_text",
    "explain",
    "explained",
    "fact_lines",
    "files_behind",
    "find_warnings",
    "first_difference",
    "flows",
    "free_directory",
    "knowledge",
    "ladder",
    "links",
    "load",
    "load_policies",
    "load_scenario",
    "matters",
    "nearest",
    "open_run",
    "outcome_table",
    "pacts",
    "pairs",
    "plain_number",
    "printable",
    "quoted",
    "read_batch",
    "read_manifest",
    "regimes",
    "resume",
    "run_batch",
    "send",
    "sending",
    "session_path",
    "story",
    "tell",
    "why_here",
    "with_unit",
    "write_batch",
    "write_report",
    "write_session",
    "write_text",
]

_HOMES: Final = {
    "sim.analysis.accounts": ("Explanation",),
    "sim.analysis.explain": ("explain", "explained"),
    "sim.batch.crew": ("GivenUpError",),
    "sim.batch": ("BatchResult", "read_batch", "read_manifest", "run_batch", "write_batch"),
    "sim.compile": ("Program", "compile_scenario", "find_warnings"),
    "sim.engine.model": ("Model",),
    "sim.engine.orders": ("Order",),
    "sim.engine.policy": ("Chosen", "Fires", "Policy", "Probability", "Rate", "Utilities"),
    "sim.engine.policy_check": ("check_policies",),
    "sim.engine.policy_loading": ("load_policies",),
    "sim.engine.provenance": ("PolicyRecord",),
    "sim.engine.snapshot": ("Snapshot",),
    "sim.engine.state": ("RESULTS_VERSION", "State"),
    "sim.engine.view": ("View",),
    "sim.report.page": ("write_report",),
    "sim.report.page_outcomes": ("outcome_table",),
    "sim.report.plain": ("plain_number", "with_unit"),
    "sim.report.story": ("Sentence", "Told", "story", "tell"),
    "sim.scenario": ("Scenario", "load_scenario"),
    "sim.scenario.listing": ("files_behind",),
    "sim.session": ("Entry", "Game", "Line", "Moment"),
    "sim.session.against": ("Against", "against"),
    "sim.session.coming_up": ("among", "coming_up"),
    "sim.session.debrief": ("debrief", "entry_text"),
    "sim.session.differences": ("Difference", "difference", "first_difference"),
    "sim.session.file": ("resume", "write_session"),
    "sim.session.futures": ("Chance", "Fan", "Forecaster", "Futures"),
    "sim.session.picture": (
        "KINDS",
        "FlowState",
        "Link",
        "PactState",
        "RegimeState",
        "crises",
        "flows",
        "ladder",
        "links",
        "pacts",
        "pairs",
        "regimes",
    ),
    "sim.session.questions": ("Answer", "cited_facts", "decisions_here", "fact_lines", "why_here"),
    "sim.session.replay": ("Replay", "open_run"),
    "sim.session.sending": ("Sending", "free_directory", "send", "sending"),
    "sim.session.options": ("Matter", "SeatOption"),
    "sim.session.saving": ("Saving", "session_path"),
    "sim.session.seats": ("Known", "knowledge", "matters"),
    "sim.text.files": ("write_text",),
    "sim.text": ("Diagnostic", "FoedusError", "nearest", "printable", "quoted"),
}
"""Where each name lives."""
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}


def load(path: Path | str, doctrines: Mapping[str, str] | None = None) -> Program:
    """Read a scenario and all it extends, and compile it.

    Args:
        path: its file.
        doctrines: doctrine by actor, in place of those that the scenario names itself: `{"RUS": "spoiler"}`.

    Raises:
        FoedusError: with every error, of form and of meaning, each with its place.
    """
    from sim.compile import load_program  # noqa: PLC0415 - see above

    return load_program(path, doctrines)[1]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
