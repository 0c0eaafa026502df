"""Conditions that never or always hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.compile import program as pr
from sim.compile.bounds import Reach
from sim.compile.review.causes import Causes, operands, owned
from sim.scenario import expressions as ex
from sim.scenario.load import PathOf

_LOOSEN = "mend the condition, or take the {what} out"
_NEEDLESS = "leave it out, or tighten it"


def review_gates(causes: Causes) -> None:
    """Gates of rules, choices, options and injects."""
    for path, decisions in causes.decisions.items():
        what = owned(decisions[0])
        gates = [decision.gate for decision in decisions]
        asked = _Asked((*path, "when"), _then(causes, decisions[0]), _fate(decisions[0]), what)
        dead = _gate(causes, asked, gates)
        choices = [decision for decision in decisions if isinstance(decision, pr.Choice)]
        if choices and not dead:
            _options(causes, path, choices)


def _fate(decision: pr.Decision) -> str:
    if isinstance(decision, pr.Choice):
        return "the choice is never taken up"
    return "the event never happens" if owned(decision) == "event" else "the rule never fires"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A condition of the file."""

    path: PathOf
    known: Reach
    """What can come about in the turns in which it is asked."""
    fate: str
    """What follows if it never holds."""
    what: str
    """Whose condition it is."""


def _then(causes: Causes, decision: pr.Decision) -> Reach:
    """What can come about when a decision is due; of an inject, on its day."""
    if isinstance(decision, pr.Rule) and decision.kind == "inject" and decision.due is not None:
        turn = decision.due.index(True)
        return causes.reach.during(turn, turn)
    return causes.reach


def _gate(causes: Causes, asked: _Asked, gates: Sequence[int | None]) -> bool:
    """Warn of a gate that is one thing for everyone; whether it is never open."""
    known = [gate for gate in gates if gate is not None]
    if len(known) < len(gates) or not known:
        return False
    found = [asked.known.node(gate) for gate in known]
    if all(bounds.never for bounds in found):
        blamed = causes.blamed(asked.path, known[0], asked.known, never=True)
        said = f"{asked.fate}, since this is never true{causes.because(blamed.node)}"
        causes.warn(asked.path, said, _LOOSEN.format(what=asked.what), "never-open", blamed.offset)
        return True
    if all(bounds.always for bounds in found):
        blamed = causes.blamed(asked.path, known[0], asked.known, never=False)
        said = f"this is always true, and keeps nothing from happening{causes.because(blamed.node)}"
        causes.warn(asked.path, said, _NEEDLESS, "always-open", blamed.offset)
        return False
    _parts(causes, asked, known)
    return False


def _parts(causes: Causes, asked: _Asked, gates: Sequence[int]) -> None:
    """Parts of a condition that change nothing of it, for anyone."""
    tree = causes.tree(asked.path)
    if not isinstance(tree, ex.Logic):
        return
    told = "always true" if tree.operator == "and" else "never true"
    for part, nodes in _aligned(causes.program, tree, gates):
        found = [asked.known.node(node) for node in nodes]
        settled = (bounds.always if tree.operator == "and" else bounds.never for bounds in found)
        written = any(causes.program.nodes[node].op != "const" for node in nodes)
        if written and all(settled):
            said = f"this part of the condition is {told}{causes.because(nodes[0])}"
            causes.warn(asked.path, said, _NEEDLESS, "part-settled", part.offset)


def _aligned(
    program: pr.Program, tree: ex.Logic, gates: Sequence[int]
) -> Iterator[tuple[ex.Expr, tuple[int, ...]]]:
    """Each part of the condition with its node for everyone for whom it was not settled before play."""
    columns: dict[int, list[int]] = {}
    parts: dict[int, ex.Expr] = {}
    for gate in gates:
        for part, node in operands(program, tree, gate):
            parts[part.offset] = part
            columns.setdefault(part.offset, []).append(node)
    for offset, nodes in columns.items():
        yield parts[offset], tuple(nodes)


def _options(causes: Causes, path: PathOf, choices: Sequence[pr.Choice]) -> None:
    for index, option in enumerate(choices[0].options):
        option_path = (*path, "options", option.id)
        gates = [choice.options[index].gate for choice in choices]
        fate = "the option is never chosen"
        if _gate(causes, _Asked((*option_path, "when"), causes.reach, fate, "option"), gates):
            continue
        taken = [choice for choice in choices if causes.reach.taken_up(choice)]
        if taken and not any(causes.reach.chosen(choice)[index] for choice in taken):
            said = f"{fate}: another one is always open, and worth more than luck can make up for"
            causes.warn((*option_path, "utility"), said, "raise its utility, or take it out", "outdone")
