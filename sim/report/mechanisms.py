"""The audit of mechanisms in words: a table for a terminal, a page of Markdown, and data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from sim.analysis.mechanisms.audit import Audit, Finding
from sim.analysis.mechanisms.carried import Carried, Carries
from sim.analysis.mechanisms.verdicts import Effect
from sim.analysis.mechanisms.worlds import CUT_DRAWS, FROZEN_PART
from sim.report.differences import page_table
from sim.report.plain import percent, plain_number
from sim.scenario.mechanisms import Lever, Link
from sim.text import printable

CARRIES: Final[dict[Carries, str]] = {
    "all": "carries it",
    "beyond": "carries more than it",
    "part": "carries a part",
    "none": "does not carry it",
    "unclear": "cannot be told",
    "unknown": "no effect to carry",
    "one step": "one step",
}
"""What freezing the named link showed."""

_HEADS: Final = ("Mechanism", "Cause", "Effect", "Sign", "Size", "95% interval", "Draws", "Verdict", "Link")
_DETAILS: Final = (
    *("Mechanism", "Standing", "Lever", "Through", "Held", "Watched", "A third", "Two thirds", "Whole"),
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


def link_words(link: Link | None) -> str:
    """Rows and decisions of a link, as one list; "" without one."""
    return "" if link is None else ", ".join((*link.rows, *link.decisions))


def carrying(finding: Finding) -> str:
    """`carries it`; `carries it, the only way` where it could not be otherwise."""
    words = CARRIES[finding.carries]
    return f"{words}, the only way" if finding.only_way and finding.carries == "all" else words


def asked(audit: Audit) -> str:
    """`79 mechanisms`, or how many of them were asked."""
    found, every = len(audit.findings), len(audit.scenario.model.mechanisms)
    return f"{every} mechanisms" if found == every else f"{found} of {every} mechanisms asked"


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
            carrying(finding),
        )
    return made


def controls(audit: Audit) -> tuple[str, ...]:
    """What the controls came to, in sentences."""
    found = audit.findings
    cut = sum(finding.measured.cut is True for finding in found)
    quiet = sum(finding.measured.played and not finding.placebo_moved for finding in found)
    carries = Counter(finding.carries for finding in found)
    short = carries["one step"]
    told = len(found) - short - carries["unknown"]
    alone = sum(finding.only_way and finding.carries == "all" for finding in found)
    lever = f"in {cut} of {len(found)} nothing moves, to the last bit, where nobody feels the lever."
    link = (
        f"of {told} with an effect and a link the link carries all in {carries['all']}, part in "
        f"{carries['part']}, more than all in {carries['beyond']}, less than half in {carries['none']}; "
        f"{carries['unclear']} cannot be told. "
        f"Of those that carry all {alone} are the only way from lever to indicator, and could not but carry "
        "it. "
        f"{short} have one step only, and nothing to freeze."
    )
    return (
        f"Lever cut, a test of the program: {lever}",
        f"Placebo: {quiet} of {len(found)} leave the indicator alone that they should leave alone.",
        f"Link frozen: {link}",
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
        "through": []
        if mechanism.through is None
        else [*mechanism.through.rows, *mechanism.through.decisions],
        "holding": list(mechanism.holding),
        "horizon_turns": audit.scenario.clock.turns_in(mechanism.horizon),
        "observable": mechanism.observable,
        "sign": mechanism.sign,
        "least": mechanism.least,
        "doses": [_effect(effect) for effect in measured.doses],
        "draws_with_sign": finding.whole.with_sign(mechanism.sign),
        "chance": finding.chance,
        "crossing": finding.crossing,
        "constant_in_base": measured.still,
        "verdict": finding.verdict,
        "link": finding.carries,
        "only_way": finding.only_way,
        "frozen": None if measured.frozen is None else _carried(measured.frozen),
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
        "alike": effect.alike,
        "both_signs": effect.crossing,
    }


def _carried(carried: Carried) -> dict[str, Any]:
    return {
        **_effect(carried.left),
        "beyond_half": list(carried.beyond_half),
        "narrower": carried.narrower,
        "wider": carried.wider,
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
    yield f"{asked(audit)}: {verdicts(audit)}."
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
        "*Link*: what freezing it shows; *the only way* where every way from the lever to what the indicator "
        "reads passes it, so that it could not but carry the effect; *one step* where no more than one "
        "decision or sum lies between lever and indicator. Where an indicator runs the other way than the "
        "effect in words, its sign is turned. "
        "Indicators marked * never move in the base case: their effects are in the standard deviation of the "
        "worlds without and with the whole pull together."
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
            carrying(finding),
        )
        for finding in audit.findings
    )
    yield from page_table(_HEADS, rows, of_numbers=False)
    yield "## Levers, doses, controls"
    yield ""
    yield from page_table(_DETAILS, (_detail(audit, finding) for finding in audit.findings), of_numbers=False)


def _failing(audit: Audit) -> Iterator[str]:
    """What is not as the sources have it, first of all, and controls that failed."""
    yield "## What fails"
    yield ""
    failing = [finding for finding in audit.findings if not _well(audit, finding)]
    controls = [line for finding in audit.findings for line in _failed(finding)]
    if not failing:
        yield "No verdict: what is stated is reproduced, all else is, or depends on what is uncertain."
        yield ""
    for finding in failing:
        yield (
            f"- `{finding.measured.id}` ({standing(audit, finding)}, expected {finding.mechanism.sign}): "
            f"{finding.verdict}, {size(finding.whole.size)} ({span(finding.whole)}), "
            f"where {plain_number(finding.mechanism.least)} would matter."
        )
    if failing:
        yield ""
    if controls:
        yield "Of the controls:"
        yield ""
        yield from (f"- {line}" for line in controls)
        yield ""


def _failed(finding: Finding) -> Iterator[str]:
    """Controls of a mechanism that failed, in sentences."""
    measured, mechanism = finding.measured, finding.mechanism
    if measured.trouble:
        yield f"{printable(measured.trouble)}."
    if measured.cut is False:
        yield f"`{measured.id}`: something moves where nobody feels the lever: a fault of the program."
    if finding.placebo_moved:
        yield f"`{measured.id}`: the placebo {mechanism.placebo} moves by {size(measured.placebo.size)}."
    if finding.carries in ("none", "part", "beyond", "unclear") and measured.frozen is not None:
        left = measured.frozen.left
        yield (
            f"`{measured.id}`: {link_words(mechanism.through)} {CARRIES[finding.carries]}; frozen, "
            f"{size(left.size)} ({span(left)}) is left of {size(finding.whole.size)}."
        )


def _well(audit: Audit, finding: Finding) -> bool:
    if standing(audit, finding) == "stated" and finding.mechanism.sign != "mixed":
        return finding.verdict == "reproduced"
    return finding.verdict in ("reproduced", "depends")


def _detail(audit: Audit, finding: Finding) -> tuple[str, ...]:
    measured, mechanism = finding.measured, finding.mechanism
    moved = size(measured.placebo.size)
    moved = f"**{moved}**" if finding.placebo_moved else moved
    left = None if measured.frozen is None else measured.frozen.left
    cut = {True: "nothing moves", False: "**moves**", None: "not played"}[measured.cut]
    return (
        f"`{measured.id}`",
        standing(audit, finding),
        lever_words(mechanism.lever),
        link_words(mechanism.through),
        ", ".join(mechanism.holding),
        f"{mechanism.observable}{' *' if measured.still else ''}",
        *(size(dose.size) for dose in measured.doses),
        "" if left is None else f"{size(left.size)} ({span(left)})",
        cut,
        f"{moved} {mechanism.placebo}",
    )
