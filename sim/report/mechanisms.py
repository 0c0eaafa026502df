"""The audit of mechanisms in words: a table for a terminal, a page of Markdown, and data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from sim.analysis.mechanisms.audit import CUT_DRAWS, FROZEN_PART, Audit, Carries, Finding
from sim.analysis.mechanisms.verdicts import Effect
from sim.report.differences import page_table
from sim.report.plain import percent, plain_number
from sim.scenario.mechanisms import Lever, Link
from sim.text import printable

CARRIES: Final[dict[Carries, str]] = {
    "all": "carries it",
    "part": "carries a part",
    "none": "does not carry it",
    "unknown": "cannot be told",
}
"""What freezing the named link showed."""

_HEADS: Final = ("Mechanism", "Cause", "Effect", "Sign", "Size", "95% interval", "Draws", "Verdict", "Link")
_DETAILS: Final = (
    *("Mechanism", "Standing", "Lever", "Through", "Watched", "A third", "Two thirds", "Whole"),
    *("Frozen", "Cut", "Placebo"),
)


def size(value: float) -> str:
    """An effect in standard deviations, with its sign: `+0.35`; 0 for exactly none."""
    return "0" if value == 0.0 else f"{value:+.2f}" if abs(value) >= 0.005 else f"{value:+.3f}"  # noqa: PLR2004 - digits


def span(effect: Effect) -> str:
    """The interval of an effect; of one that no run shows, that."""
    if effect.moved == 0.0:
        return "same in every run"
    low, high = effect.interval
    return f"{size(low)} to {size(high)}"


def agreeing(finding: Finding) -> str:
    """Share of the draws that it moves the expected way."""
    return percent(finding.whole.with_sign(finding.mechanism.sign)) if finding.whole.moved else "none moves"


def cause(audit: Audit, finding: Finding) -> str:
    """What the sources say does it."""
    stated = audit.scenario.evidence.mechanisms.get(finding.measured.id)
    return finding.mechanism.claim or "" if stated is None else stated.cause


def effect_words(audit: Audit, finding: Finding) -> str:
    """What the sources say it does; of a mechanism of the scenario's own the title of what is watched."""
    stated = audit.scenario.evidence.mechanisms.get(finding.measured.id)
    return _title(audit, finding.mechanism.observable) if stated is None else stated.effect


def standing(audit: Audit, finding: Finding) -> str:
    """`stated`, `implied`, `aim`, `alleged`, or `own` of one that the ledgers do not have."""
    stated = audit.scenario.evidence.mechanisms.get(finding.measured.id)
    return "own" if stated is None else stated.status


def _title(audit: Audit, indicator: str) -> str:
    return audit.scenario.model.indicators[indicator].title or indicator


def lever_words(lever: Lever) -> str:
    """`PRK/deliver_shells: withhold to surge`."""
    ends = (plain_number(end) if isinstance(end, float) else end for end in (lever.from_, lever.to))
    return f"{', '.join(lever.names)}: {' to '.join(ends)}"


def link_words(link: Link) -> str:
    """Rows and decisions of a link, as one list."""
    return ", ".join((*link.rows, *link.decisions))


def verdicts(audit: Audit) -> str:
    """`76 reproduced, 2 depends, 1 absent`."""
    counts = Counter(finding.verdict for finding in audit.findings)
    return ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())


def table(audit: Audit) -> Table:
    """Cause, effect, expected sign, effect with interval, verdict."""
    made = Table(title=Text("What the sources say moves what, measured"), title_justify="left")
    for head in ("Cause", "Effect"):
        made.add_column(head, ratio=3)
    made.add_column("Sign")
    for head in ("Size", "95% interval", "Draws"):
        made.add_column(head, justify="right")
    made.add_column("Verdict")
    made.add_column("Link", ratio=2)
    for finding in audit.findings:
        made.add_row(
            Text(printable(cause(audit, finding))),
            Text(printable(effect_words(audit, finding))),
            finding.mechanism.sign,
            size(finding.whole.size),
            span(finding.whole),
            agreeing(finding),
            finding.verdict,
            CARRIES[finding.carries],
        )
    return made


def controls(audit: Audit) -> tuple[str, ...]:
    """What the controls came to, in sentences."""
    found = audit.findings
    cut = sum(finding.measured.cut for finding in found)
    quiet = sum(not finding.placebo_moved for finding in found)
    told = [finding for finding in found if finding.carries != "unknown"]
    whole = sum(finding.carries == "all" for finding in told)
    some = sum(finding.carries == "part" for finding in told)
    return (
        f"Lever cut: in {cut} of {len(found)} nothing moves, to the last bit, where nobody feels the lever.",
        f"Placebo: {quiet} of {len(found)} leave the indicator alone that they should leave alone.",
        f"Link frozen: of {len(told)} with an effect the named link carries all in {whole}, part in {some}.",
    )


def document(audit: Audit) -> dict[str, Any]:
    """The audit as data, whole."""
    return {
        "scenario": audit.scenario.model.id,
        "hash": audit.scenario.hash,
        "runs": audit.sample.runs,
        "draws": audit.sample.draws,
        "seed": audit.sample.seed,
        "mechanisms": [_document(audit, finding) for finding in audit.findings],
    }


def _document(audit: Audit, finding: Finding) -> dict[str, Any]:
    mechanism, measured = finding.mechanism, finding.measured
    return {
        "id": measured.id,
        "cause": cause(audit, finding),
        "effect": effect_words(audit, finding),
        "status": standing(audit, finding),
        "lever": {
            mechanism.lever.kind: list(mechanism.lever.names),
            "from": mechanism.lever.from_,
            "to": mechanism.lever.to,
        },
        "through": [*mechanism.through.rows, *mechanism.through.decisions],
        "observable": mechanism.observable,
        "sign": mechanism.sign,
        "least": mechanism.least,
        "doses": [_effect(effect) for effect in measured.doses],
        "draws_with_sign": finding.whole.with_sign(mechanism.sign),
        "chance": finding.chance,
        "verdict": finding.verdict,
        "link": finding.carries,
        "frozen": None if measured.frozen is None else _effect(measured.frozen),
        "trouble": measured.trouble or None,
        "cut_is_zero": measured.cut,
        "placebo": {"indicator": mechanism.placebo, **_effect(measured.placebo)},
        "placebo_moved": finding.placebo_moved,
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "size": effect.size,
        "interval": list(effect.interval),
        "up": effect.up,
        "moved": effect.moved,
        "spread": effect.spread,
    }


def page(audit: Audit) -> str:
    """The audit as Markdown: generated from the runs, never edited."""
    return "\n".join(_page(audit)).rstrip() + "\n"


def _page(audit: Audit) -> Iterator[str]:
    sample = audit.sample
    yield f"# What moves what in {audit.scenario.model.title}"
    yield ""
    yield (
        f"Written by `foedus mechanisms`; not edited by hand. Scenario `{audit.scenario.model.id}` "
        f"({audit.scenario.hash[:12]}), "
        f"{sample.runs:,} pairs of runs for each of three doses ({sample.draws:,} draws of the parameters, "
        f"{sample.histories} histories of each), seed {sample.seed}; links frozen in one draw of "
        f"{FROZEN_PART}, levers cut in {CUT_DRAWS} draws. How it is done and what the verdicts mean: "
        "[the audit of mechanisms](mechanisms.md)."
    )
    yield ""
    yield f"{len(audit.findings)} mechanisms: {verdicts(audit)}."
    yield ""
    for line in controls(audit):
        yield f"- {line}"
    yield ""
    yield from _failing(audit)
    yield "## Effects"
    yield ""
    yield (
        "Sizes are in standard deviations of the base case, for the whole way of the lever. "
        "*Draws*: of those that it moves at all, the share in which it moves the expected way. "
        "*Link*: what freezing it shows. Where an indicator runs the other way than the effect in words, its "
        "sign is turned."
    )
    yield ""
    rows = (
        (
            f"`{finding.measured.id}`",
            cause(audit, finding),
            effect_words(audit, finding),
            finding.mechanism.sign,
            size(finding.whole.size),
            span(finding.whole),
            agreeing(finding),
            f"**{finding.verdict}**" if finding.verdict != "reproduced" else finding.verdict,
            CARRIES[finding.carries],
        )
        for finding in audit.findings
    )
    yield from page_table(_HEADS, rows, of_numbers=False)
    yield "## Levers, doses, controls"
    yield ""
    yield from page_table(_DETAILS, (_detail(audit, finding) for finding in audit.findings), of_numbers=False)


def _failing(audit: Audit) -> Iterator[str]:
    """What is not as the sources have it, first of all."""
    failing = [finding for finding in audit.findings if not _well(audit, finding)]
    yield "## What fails"
    yield ""
    if not failing:
        yield "Nothing: all stated mechanisms are reproduced, the others are, or depend on what is uncertain."
        yield ""
        return
    for finding in failing:
        yield (
            f"- `{finding.measured.id}` ({standing(audit, finding)}, expected {finding.mechanism.sign}): "
            f"{finding.verdict}, {size(finding.whole.size)} ({span(finding.whole)}), "
            f"where {plain_number(finding.mechanism.least)} would matter."
        )
    yield ""


def _well(audit: Audit, finding: Finding) -> bool:
    if standing(audit, finding) == "stated" and finding.mechanism.sign != "mixed":
        return finding.verdict == "reproduced"
    return finding.verdict in ("reproduced", "depends")


def _detail(audit: Audit, finding: Finding) -> tuple[str, ...]:
    measured, mechanism = finding.measured, finding.mechanism
    moved = size(measured.placebo.size)
    moved = f"**{moved}**" if finding.placebo_moved else moved
    held = "" if measured.frozen is None else f"{size(measured.frozen.size)} ({span(measured.frozen)})"
    return (
        f"`{measured.id}`",
        standing(audit, finding),
        lever_words(mechanism.lever),
        link_words(mechanism.through),
        mechanism.observable,
        *(size(dose.size) for dose in measured.doses),
        measured.trouble or held,
        "nothing moves" if measured.cut else "**moves**",
        f"{moved} {mechanism.placebo}",
    )
