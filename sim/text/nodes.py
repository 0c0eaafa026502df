"""The tree a document becomes: every scalar, mapping and sequence with the place it was written.

Readers above check this tree (or the plain data made from it) and answer with places. Keys are always
text, exactly as written. A node named by an alias stands in the tree as the node of its anchor, so its
place is where it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from sim.text.diagnostics import Place

Style = Literal["plain", "single", "double", "literal", "folded"]
PathOf = tuple[str | int, ...]
"""Where something stands in a tree: keys, and indices from 0, as pydantic gives them."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value."""

    value: str | int | float | bool | None
    """What it means by the core schema of YAML 1.2; text if it was quoted or a block."""
    place: Place
    text: str
    """Its text: as written if plain, without quotes, escapes or indentation otherwise."""
    style: Style
    source: str = field(default="", repr=False, compare=False)
    """The stretch of the file it was read from, quotes, escapes and breaks included; empty if not kept."""

    def place_at(self, offset: int) -> Place:
        """Return where the character `text[offset]` stands in the file.

        So that an error inside an expression can point at the very name. Follows quotes, escapes,
        folded lines and blocks; falls back to the place of the scalar where it cannot.
        """
        if not self.source:
            return self.place
        try:
            line, column = _position(self, offset)
        except (IndexError, ValueError):
            return self.place
        if line == 0:
            column += self.place.column - 1
        return Place(self.place.file, self.place.line + line, column + 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of a mapping and what stands under it."""

    key: str
    key_place: Place
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order of the file; no key stands twice."""

    items: tuple[Entry, ...]
    place: Place
    _by_key: dict[str, Entry] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_key", {entry.key: entry for entry in self.items})

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def entry(self, key: str) -> Entry | None:
        """Return the entry under `key`, or None."""
        return self._by_key.get(key)

    def get(self, key: str) -> Node | None:
        """Return the node under `key`, or None."""
        entry = self._by_key.get(key)
        return entry.node if entry else None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in the order of the file."""

    items: tuple[Node, ...]
    place: Place

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


Node = Scalar | Mapping | Sequence


def to_plain(node: Node) -> object:
    """Return the dicts, lists and values that `node` stands for; every dict and list is a new one."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {entry.key: to_plain(entry.node) for entry in node.items}
    return [to_plain(item) for item in node.items]


@dataclass(frozen=True, slots=True)
class NodePlace:
    """Where a node stands, and its key if it has one."""

    key_place: Place | None
    """None for the root and the items of sequences."""
    value_place: Place
    style: Style | None
    """None for mappings and sequences."""
    node: Node = field(repr=False, compare=False)

    @property
    def place(self) -> Place:
        """The key's place, or the value's where there is no key."""
        return self.key_place or self.value_place


def places(node: Node) -> dict[PathOf, NodePlace]:
    """Return the places of `node` (under the path `()`) and of all nodes below it, by path.

    A path is made of keys and indices from 0, like the locations pydantic gives. For a single
    location `locate` costs less.
    """
    found: dict[PathOf, NodePlace] = {}
    _collect((), None, node, found)
    return found


def _collect(path: PathOf, key_place: Place | None, node: Node, found: dict[PathOf, NodePlace]) -> None:
    found[path] = _node_place(key_place, node)
    if isinstance(node, Mapping):
        for entry in node.items:
            _collect((*path, entry.key), entry.key_place, entry.node, found)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            _collect((*path, index), None, item, found)


def _node_place(key_place: Place | None, node: Node) -> NodePlace:
    return NodePlace(key_place, node.place, node.style if isinstance(node, Scalar) else None, node)


def locate(node: Node, location: PathOf) -> NodePlace:
    """Return the place of the deepest node of the tree that `location` names.

    Components the tree does not have, such as a missing key or the name pydantic gives to a member
    of a union, are passed over: what stands before them is known and is the answer, unless a later
    component leads on.
    """
    key_place: Place | None = None
    for component in location:
        if isinstance(node, Mapping):
            entry = node.entry(component if isinstance(component, str) else str(component))
            if entry is not None:
                key_place, node = entry.key_place, entry.node
        elif isinstance(node, Sequence) and isinstance(component, int) and 0 <= component < len(node.items):
            key_place, node = None, node.items[component]
    return _node_place(key_place, node)


# From the offset in a scalar's text to a position in the file: (lines below its start, column from 0).

_BREAK = re.compile(r"\r\n|\r|\n")
_FOLD = re.compile(r"[ \t]*(?:(?:\r\n|\r|\n)[ \t]*)+")
_BLANKS = re.compile(r"[ \t]+")
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|(?:\r\n|\r|\n)(?P<joined>[ \t]*)|[^\r\n])"
)


def _position(scalar: Scalar, offset: int) -> tuple[int, int]:
    if not 0 <= offset <= len(scalar.text):
        raise IndexError(offset)
    if scalar.style in ("literal", "folded"):
        return _position_in_block(scalar, offset)
    consumed = _consumed(scalar, offset)
    lines = _BREAK.split(scalar.source[:consumed])
    return len(lines) - 1, len(lines[-1])


def _consumed(scalar: Scalar, offset: int) -> int:
    """Return how much of the source of a plain or quoted scalar makes its first `offset` characters."""
    source, style = scalar.source, scalar.style
    at = 0 if style == "plain" else 1
    made = 0
    while made < offset:
        if fold := _FOLD.match(source, at):
            breaks = len(_BREAK.findall(fold[0]))
            made, at = made + max(1, breaks - 1), fold.end()
        elif blanks := _BLANKS.match(source, at):
            step = min(len(blanks[0]), offset - made)
            made, at = made + step, at + step
        elif style == "double" and (escape := _ESCAPE.match(source, at)):
            made, at = made + (escape["joined"] is None), escape.end()
        else:
            made, at = made + 1, at + (2 if style == "single" and source[at] == "'" else 1)
    while style == "double" and (escape := _ESCAPE.match(source, at)) and escape["joined"] is not None:
        at = escape.end()
    if at > len(source):
        raise IndexError(offset)
    return at


def _position_in_block(scalar: Scalar, offset: int) -> tuple[int, int]:
    """As `_position`, for literal (`|`) and folded (`>`) blocks, which begin on the line below."""
    lines = _BREAK.split(scalar.source)
    first = next((number for number, line in enumerate(lines) if number and line.strip(" ")), None)
    if first is None:
        raise ValueError("a block of blank lines")
    indent = _leading(lines[first]) - _leading(scalar.text.lstrip("\n"))
    row, column, made = 1, 0, 0
    while made < offset:
        line = lines[row][indent:]
        if column < len(line):
            step = min(len(line) - column, offset - made)
            made, column = made + step, column + step
            continue
        breaks = 1
        while row + breaks < len(lines) - 1 and not lines[row + breaks][indent:]:
            breaks += 1
        kept = scalar.style == "literal" or scalar.text.startswith("\n" * breaks, made)
        wanted = breaks if kept else max(1, breaks - 1)
        if made + wanted > offset:
            breaks = offset - made
        made, row, column = made + wanted, row + breaks, 0
    return row, indent + column


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
