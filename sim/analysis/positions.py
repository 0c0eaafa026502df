"""Whose world an arm is: by which of its lines it takes each position of its document.

A disagreement among the sources is settled by whatever names it: a parameter, an attribute, a choice or
anything else that has a grade. An arm takes a position where it states something of such a part, by itself or
by a doctrine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sim.evidence import Claim, Disagreement, Evidence
from sim.scenario.experiment import Arm, Experiment
from sim.text import Mapping, Node, Scalar, Sequence

_CITING: Final = ("measured", "informed")


@dataclass(frozen=True, slots=True)
class Line:
    """Something that an arm states and that settles a disagreement."""

    path: str
    """Of the part that names the disagreement: `parameters.boldness`."""
    doctrine: str
    """The doctrine that states it, `PRK=emboldened`, or ""."""
    facts: tuple[str, ...]
    """What it cites."""


@dataclass(frozen=True, slots=True)
class Position:
    """What a document holds in a disagreement, and how its arm says it."""

    disagreement: str
    about: str
    claim: str
    facts: tuple[str, ...]
    """Those that the claim rests on."""
    lines: tuple[Line, ...]
    left: str
    """Why the arm leaves it as the base has it, or ""."""


def positions(experiment: Experiment, arm: Arm) -> tuple[Position, ...]:
    """Every disagreement in which the arm's document takes a position, in the order of the ledger.

    A claim that rests on no fact says that the document is silent, and is no position.
    """
    stated = experiment.model.arms[arm.id]
    lines = settling_lines(experiment, arm)
    return tuple(
        Position(
            disagreement.id,
            disagreement.about,
            claim.claim,
            claim.facts,
            tuple(lines.get(disagreement.id, ())),
            str(stated.leaves.get(disagreement.id, "")),
        )
        for disagreement, claim in claims_of(experiment.arms[0].scenario.evidence, stated.document or "")
    )


def claims_of(evidence: Evidence, document: str) -> Iterator[tuple[Disagreement, Claim]]:
    """The positions of a document: its claims that rest on facts."""
    for disagreement in evidence.disagreements.values():
        for claim in disagreement.claims:
            if claim.source == document and claim.facts:
                yield disagreement, claim


def settling_lines(experiment: Experiment, arm: Arm) -> dict[str, list[Line]]:
    """What an arm states of parts that name a disagreement, by disagreement."""
    found: dict[str, list[Line]] = {}
    tree = arm.scenario.root
    own = _below(experiment.root, "arms", arm.id)
    stated: list[tuple[str, Node | None, Node | None, str]] = [
        ("", _below(own, "change"), tree, ""),
        ("parameters.", _below(own, "parameters"), _below(tree, "parameters"), ""),
    ]
    for actor, name in experiment.model.arms[arm.id].doctrines.items():
        doctrine = _below(tree, "actors", actor, "doctrines", name)
        for key, *at in (("parameters",), ("attributes", "actors", actor)):
            path = ".".join((*at, key, ""))
            stated.append((path, _below(doctrine, key), _below(tree, *at, key), f"{actor}={name}"))
    for path, statement, part, by in stated:
        for where, disagreement, facts in _settling(statement, part, path):
            found.setdefault(disagreement, []).append(Line(where, by, facts))
    return found


def _settling(
    statement: Node | None, part: Node | None, path: str
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Path, disagreement and cited facts of what is stated, part by part, of the tree it was merged into."""
    for entry in statement if isinstance(statement, Mapping) else ():
        below = _below(part, entry.key)
        named = _below(below, "disagreement")
        if isinstance(named, Scalar):
            yield f"{path}{entry.key}", str(named.value), tuple(dict.fromkeys(_cited(entry.node)))
        yield from _settling(entry.node, below, f"{path}{entry.key}.")


def _below(node: Node | None, *keys: str) -> Node | None:
    for key in keys:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _cited(node: Node) -> Iterator[str]:
    """Facts that a part or what stands below it cites."""
    for entry in node if isinstance(node, Mapping) else ():
        if entry.key in _CITING:
            cited = entry.node.items if isinstance(entry.node, Sequence) else (entry.node,)
            yield from (str(each.value) for each in cited if isinstance(each, Scalar))
        else:
            yield from _cited(entry.node)
