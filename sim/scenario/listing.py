"""What a scenario file holds, read from its tree alone: ids for shells that complete them, files to watch.

Nothing is checked and nothing compiled, so that a shell need not wait; a file that cannot be read holds none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.evidence import load_evidence
from sim.scenario.merge import read_with_extends
from sim.text import FoedusError, Mapping, Node, Place, Scalar, beside, read_document, to_plain


def actor_ids(path: Path) -> list[str]:
    """Ids of its actors, and `world` and `injects`, which decide too."""
    plain = _plain(path)
    others = [owner for owner, key in (("world", "world"), ("injects", "injects")) if _below(plain, key)]
    return [*sorted(_below(plain, "actors")), *others]


def decision_ids(path: Path, owner: str | None = None) -> list[str]:
    """Ids of its rules, choices and injects; of one actor if one is named."""
    return sorted(set(_decisions(_plain(path), owner)))


def ledger_ids(path: Path, *sections: str) -> list[str]:
    """Ids of entries of the ledgers that it names: of `facts`, `mechanisms` and so on."""
    root = _root(path)
    node = root.get("evidence") if isinstance(root, Mapping) else None
    if not isinstance(node, Scalar):
        return []
    try:
        ledgers = load_evidence(Path(beside(node.place.file, node.text)))
    except FoedusError:
        return []
    return sorted(name for section in sections for name in getattr(ledgers, section))


def doctrine_ids(path: Path) -> list[str]:
    """Every doctrine of every actor, as a command names it: ACTOR=ID."""
    plain = _plain(path)
    actors = _below(plain, "actors")
    return [
        f"{actor}={doctrine}"
        for actor in sorted(actors)
        for doctrine in sorted(_below(_below(actors, actor), "doctrines"))
    ]


def files_behind(path: Path) -> tuple[Path, ...]:
    """The files that a scenario is made of, as far as they can be read: itself, all that it extends, and the
    ledgers. A file that is named and is not there stands among them: it may come.
    """
    found = {path: None}

    def read(below: Path, display: str) -> Node:
        found[below] = None
        return read_document(below, display)

    try:
        root: Node = read_with_extends(read_document(path), str(path), read)
    except FoedusError:
        root = Mapping((), Place(str(path), 1, 1))
    node = root.get("evidence") if isinstance(root, Mapping) else None
    if isinstance(node, Scalar) and "\0" not in node.text:
        found |= dict.fromkeys(sorted(Path(beside(node.place.file, node.text)).glob("*.yaml")))
    return tuple(found)


def _decisions(plain: dict[str, Any], owner: str | None) -> Iterator[str]:
    policies = _below(plain, "policies")
    for name in policies if owner is None else _policies(plain, owner):
        for kind in ("rules", "choices"):
            yield from _below(_below(policies, name), kind)
    if owner in (None, "world"):
        yield from _below(_below(plain, "world"), "rules")
    if owner in (None, "injects"):
        yield from _below(plain, "injects")


def _policies(plain: dict[str, Any], owner: str) -> list[str]:
    """Names of an actor's policies; one alone may stand without a list."""
    given = _below(_below(plain, "actors"), owner).get("policy") or []
    names = given if isinstance(given, list) else [given]
    return [name for name in names if isinstance(name, str)]


def _below(part: dict[str, Any], key: str) -> dict[str, Any]:
    value = part.get(key)
    return value if isinstance(value, dict) else {}


def _plain(path: Path) -> dict[str, Any]:
    plain = to_plain(root) if (root := _root(path)) is not None else None
    return plain if isinstance(plain, dict) else {}


def _root(path: Path) -> Node | None:
    """Its tree, with all that it extends; None if it cannot be read."""
    try:
        return read_with_extends(read_document(path), str(path))
    except FoedusError:
        return None
