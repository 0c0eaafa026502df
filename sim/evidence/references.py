"""What entries of the ledgers name must stand in the ledgers, and say what it is named for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.evidence.facts import Evidence
from sim.text import nodes
from sim.text.checking import one_of
from sim.text.diagnostics import Diagnostics, quoted
from sim.text.faults import MAX_FAULTS
from sim.text.nearest import nearest

_NAMED: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "facts": (("documents", "document"), ("actors", "actor")),
    "actors": (("documents", "document"), ("part_of", "actor")),
    "mechanisms": (
        ("facts", "fact"),
        ("documents", "document"),
        ("actors", "actor"),
        ("observables", "observable"),
    ),
    "commitments": (("facts", "fact"), ("documents", "document"), ("parties", "actor")),
    "disagreements": (("claims.facts", "fact or base rate"), ("claims.document", "document")),
    "questions": (("mechanisms", "mechanism"), ("observables", "observable")),
    "fitted": (("", "base rate"),),
    "held_out": (("", "base rate"),),
}
"""By section: the keys whose values name other entries, and what these are."""
_OPTIONAL: Final = ("document", "actor")
"""Kinds that a small folder of ledgers may leave undeclared altogether."""
_FEW: Final = 8
"""Names that a message lists; of more it says what they are."""
_MAX_SUGGESTIONS: Final = 20
"""Faults for which the nearest id is looked for: the ledgers hold thousands."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it stands in a file."""

    section: str
    node: nodes.Node


def check_references(items: Sequence[Item], evidence: Evidence, found: Diagnostics) -> None:
    """Note every id that names nothing, and every document that does not say what it is cited for."""
    known: dict[str, Mapping[str, object]] = {
        "document": evidence.documents,
        "actor": evidence.actors,
        "fact": evidence.facts,
        "fact or base rate": {**evidence.facts, **evidence.base_rates},
        "base rate": evidence.base_rates,
        "mechanism": evidence.mechanisms,
        "observable": evidence.observables,
    }
    for item in items:
        if len(found) >= MAX_FAULTS:
            return
        for keys, kind in _NAMED.get(item.section, ()):
            if known[kind] or kind not in _OPTIONAL:
                _check_names(_scalars(item.node, keys), kind, known[kind], found)
        if item.section in ("mechanisms", "commitments"):
            _check_said(item.node, evidence, found)
        elif item.section == "disagreements" and isinstance(item.node, nodes.Mapping):
            for claim in _each(item.node.get("claims")):
                _check_said(claim, evidence, found)
    _check_apart(items, found)


def _check_names(
    scalars: Iterable[nodes.Scalar], kind: str, names: Mapping[str, object], found: Diagnostics
) -> None:
    for scalar in scalars:
        if scalar.text not in names:
            article = "an" if kind[0] in "ao" else "a"
            found.error(
                scalar.place,
                f"the ledgers have no {kind} {quoted(scalar.text)}",
                one_of(names) if len(names) <= _FEW else f"the id of {article} {kind}",
                nearest(scalar.text, names) or "" if len(found) < _MAX_SUGGESTIONS else "",
                code=f"unknown-{kind.split(maxsplit=1)[0]}",
            )


def _check_said(entry: nodes.Node, evidence: Evidence, found: Diagnostics) -> None:
    """Each document that an entry names must state one of the facts that it names."""
    cited = [evidence.facts[one.text] for one in _scalars(entry, "facts") if one.text in evidence.facts]
    stating = {document for fact in cited for document in fact.documents}
    for scalar in (*_scalars(entry, "documents"), *_scalars(entry, "document")):
        if cited and scalar.text not in stating and scalar.text in evidence.documents:
            found.error(
                scalar.place,
                f"document {quoted(scalar.text)} states none of the facts that are named here",
                f"{one_of(stating)}, or a fact of that document",
                code="unsaid",
            )


def _check_apart(items: Sequence[Item], found: Diagnostics) -> None:
    """A base rate is fitted or held out, not both."""
    fitted = {one.text: one for item in items if item.section == "fitted" for one in _scalars(item.node, "")}
    for item in items:
        for scalar in _scalars(item.node, "") if item.section == "held_out" else ():
            if first := fitted.get(scalar.text):
                message = f"{quoted(scalar.text)} is held out, and fitted at {first.place}"
                found.error(scalar.place, message, "a rate in one of the two lists", code="duplicate")


def _scalars(node: nodes.Node | None, keys: str) -> Iterator[nodes.Scalar]:
    """The scalars below a path of keys, through lists."""
    key, _, rest = keys.partition(".")
    for one in _each(node):
        if isinstance(one, nodes.Mapping):
            yield from _scalars(one.get(key), rest) if key else ()
        elif isinstance(one, nodes.Scalar) and not keys:
            yield one


def _each(node: nodes.Node | None) -> Iterator[nodes.Node]:
    if isinstance(node, nodes.Sequence):
        for one in node:
            yield from _each(one)
    elif node is not None:
        yield node
