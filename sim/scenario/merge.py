"""`extends`: one tree from several files.

Mappings merge key by key, so that things merge by their id; everything else is replaced by what comes later:
a later file of `extends` over an earlier one, the extending file over them all. A key set to null takes away
what was inherited.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sim.text import (
    Diagnostics,
    Entry,
    FoedusError,
    Mapping,
    Node,
    Scalar,
    Sequence,
    beside,
    quoted,
    read_document,
)
from sim.text.checking import described

MAX_FILES = 200


def merge(base: Mapping, over: Mapping) -> Mapping:
    """The two mappings as one, `over` winning."""
    entries: dict[str, Entry] = {entry.key: entry for entry in base.items}
    for entry in over.items:
        inherited = entries.get(entry.key)
        if inherited is None:
            entries[entry.key] = entry
        elif isinstance(entry.node, Scalar) and entry.node.value is None:
            del entries[entry.key]
        elif isinstance(inherited.node, Mapping) and isinstance(entry.node, Mapping):
            entries[entry.key] = Entry(entry.key, entry.key_place, merge(inherited.node, entry.node))
        else:
            entries[entry.key] = entry
    return Mapping(tuple(entries.values()), over.place)


def read_with_extends(root: Node, file: str, read: Callable[[Path, str], Node] | None = None) -> Mapping:
    """The tree of a document with all it extends merged in; `extends` itself is taken out.

    Paths are relative to the file that names them.

    Raises:
        FoedusError: for files that are missing, broken or extend each other in a circle, all at once.
    """
    reader = _Reader(read or read_document)
    merged = reader.resolve(root, file, (_identity(file),))
    reader.problems.raise_if_errors()
    return merged


def _identity(file: str) -> str:
    """The same text for every way of naming a file."""
    try:
        return str(Path(file).resolve())
    except (OSError, RuntimeError, ValueError):
        return file  # links in a circle, or no name of a file: reading it says so


class _Reader:
    def __init__(self, read: Callable[[Path, str], Node]) -> None:
        self._read = read
        self._trees: dict[str, Node] = {}
        self._count = 0
        self.problems = Diagnostics()

    def resolve(self, node: Node, file: str, chain: tuple[str, ...]) -> Mapping:
        if not isinstance(node, Mapping):
            self.problems.error(
                node.place,
                f"this file holds {described(node).replace('empty', 'nothing')}, not a scenario",
                "a mapping of keys such as actors and clock",
            )
            return Mapping((), node.place)
        own = Mapping(tuple(entry for entry in node.items if entry.key != "extends"), node.place)
        base = Mapping((), node.place)
        for name in self._names(node.get("extends")):
            below = self._load(name, file, chain)
            if below is not None:
                base = merge(base, below)
        return merge(base, own)

    def _names(self, node: Node | None) -> list[Scalar]:
        if node is None:
            return []
        items = node.items if isinstance(node, Sequence) else (node,)
        names = []
        for item in items:
            if isinstance(item, Scalar) and isinstance(item.value, str) and item.value:
                names.append(item)
            else:
                self.problems.error(item.place, "extends names files", "a file name or a list of them")
        return names

    def _load(self, name: Scalar, file: str, chain: tuple[str, ...]) -> Mapping | None:
        display = beside(file, str(name.value))
        key = _identity(display)
        if key in chain:
            circle = " -> ".join(Path(file).name for file in (*chain[chain.index(key) :], key))
            self.problems.error(
                name.place,
                f"files extend each other in a circle: {circle}",
                "a file that does not lead back here",
                code="circular",
            )
            return None
        self._count += 1
        if self._count > MAX_FILES:
            if self._count == MAX_FILES + 1:
                self.problems.error(name.place, "too many files extend each other", f"at most {MAX_FILES}")
            return None
        if key not in self._trees:
            try:
                self._trees[key] = self._read(Path(display), display)
            except FoedusError as error:
                self._report(error, name, display)
                return None
        return self.resolve(self._trees[key], display, (*chain, key))

    def _report(self, error: FoedusError, name: Scalar, display: str) -> None:
        """A file that is not there is the fault of the line that names it; a broken one is its own."""
        for diagnostic in error.diagnostics:
            if diagnostic.place is not None and _is_file(display):
                self.problems.add(diagnostic)
                continue
            self.problems.error(
                name.place,
                f"{quoted(str(name.value))}: {diagnostic.message}",
                diagnostic.expected or "a file, named as seen from this one",
                diagnostic.suggestion,
                diagnostic.code,
            )


def _is_file(name: str) -> bool:
    try:
        return Path(name).is_file()
    except (OSError, ValueError):
        return False
