"""The parser's events become a tree of nodes.

Built with a stack of its own instead of recursion, so that depth, size and the growth of aliases are
known before they are paid for: no input exhausts the stack or the memory. Faults that leave the rest of
the file readable are collected and reading goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from sim.text.diagnostics import Diagnostics, FoedusError, Place, quoted
from sim.text.nearest import nearest
from sim.text.nodes import Entry, Mapping, Node, Scalar, Sequence, Style
from sim.text.scalars import MAX_DIGITS, resolve

MAX_DEPTH: Final = 100
"""Deepest nesting of mappings and sequences, aliases followed."""
MAX_NODES: Final = 200_000
"""Most scalars, mappings and sequences in a document (keys not counted), aliases followed.

What can be read in about a second; the parser alone takes half of it.
"""
MAX_FAULTS: Final = 1_000
"""Faults listed before reading stops."""
_MAX_SUGGESTIONS: Final = 10
"""Faults for which a nearest name is looked for."""

STYLES: Final[dict[str | None, Style]] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
"""How a scalar is written, by the library's sign for it."""
CORE: Final = "tag:yaml.org,2002:"
"""What the full names of YAML's own tags begin with."""
_NOWHERE = Place("", 0, 0)
_ODD_KEYS = frozenset({"", "<<"})
_TEXT_TAGS = frozenset({"!", f"{CORE}str"})
_TAGGED: dict[str, tuple[type, ...]] = {
    f"{CORE}bool": (bool,),
    f"{CORE}int": (int,),
    f"{CORE}float": (float, int),
    f"{CORE}null": (type(None),),
}


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence still open; the lowest, a sequence in no place, holds the document."""

    place: Place
    is_mapping: bool
    anchor: str | None
    before: int
    """Nodes counted before it began."""
    items: list[Any] = field(default_factory=list)
    """Its nodes or entries so far."""
    keys: dict[str, Place] = field(default_factory=dict)
    """Where each key of a mapping was first met."""
    key: str | None = None
    """The key whose value comes next."""
    key_place: Place = _NOWHERE
    height: int = 1
    """Levels of nesting in it, itself included, aliases followed."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an alias may name; `node` is None while it is still open."""

    place: Place
    node: Node | None
    size: int = 1
    height: int = 0


class Composer:
    """Builds the tree of one document, event by event; `found` holds the faults met on the way."""

    def __init__(self, text: str, file: str) -> None:
        self.found = Diagnostics()
        self._text = text
        self._file = file
        self._open = [_Frame(_NOWHERE, is_mapping=False, anchor=None, before=0)]
        self._anchors: dict[str, _Anchored] = {}
        self._nodes = 0

    @property
    def root(self) -> Node:
        """The tree, once the document has ended."""
        root: Node = self._open[0].items[0]
        return root

    def compose(self, parser: yaml.CSafeLoader) -> Any:
        """Build the tree from the events of `parser` to the end of the document, and return that last event.

        Raises FoedusError, with all that was found so far, when going on is pointless.
        """
        while True:
            event: Any = parser.get_event()
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                self._enter(event, is_mapping=kind is yaml.MappingStartEvent)
            elif kind is yaml.AliasEvent:
                self._alias(event)
            elif kind is yaml.DocumentEndEvent:
                return event
            else:
                self._leave()

    def place(self, mark: Any) -> Place:
        """Return the place of one of the parser's marks."""
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _scalar(self, event: Any) -> None:
        """Take in a key or a value. Most of the reading time goes here, so its usual paths are short."""
        start, text = event.start_mark, event.value
        place = Place(self._file, start.line + 1, start.column + 1)
        frame = self._open[-1]
        is_key = frame.is_mapping and frame.key is None
        if is_key:
            frame.key, frame.key_place = text, place
            if text in frame.keys or text in _ODD_KEYS:
                self._odd_key(frame, event, place)
            frame.keys[text] = place
            if event.tag is None and event.anchor is None:
                return
        style = STYLES[event.style]
        value, source = text, ""
        if event.tag is not None:
            value = self._tagged(event.tag, text, place)
        elif style == "plain":
            value = self._resolved(text, place)
        if event.tag is None and event.anchor is None:
            source = self._text[start.index : event.end_mark.index]
        node = Scalar(value, place, text, style, source)
        if event.anchor is not None:
            self._anchor(event.anchor, _Anchored(place, node))
        if is_key:
            return
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise self._too_large(place)
        if frame.key is None:
            frame.items.append(node)
        else:
            frame.items.append(Entry(frame.key, frame.key_place, node))
            frame.key = None

    def _resolved(self, text: str, place: Place) -> str | int | float | bool | None:
        try:
            return resolve(text)
        except ValueError:
            self._fault(place, "the number is too long", f"at most {MAX_DIGITS} characters", "number")
            return text

    def _tagged(self, tag: str, text: str, place: Place) -> str | int | float | bool | None:
        """Return what a scalar with a tag of the core schema means."""
        if tag in _TEXT_TAGS:
            return text
        if tag not in _TAGGED:
            self._refuse_tag(tag, place)
            return text
        value = self._resolved(text, place)
        if type(value) not in _TAGGED[tag]:
            self._fault(place, f"{quoted(text)} is not what the tag {_shown(tag)} says", "", "tag")
        return float(value) if tag == f"{CORE}float" and type(value) is int else value

    def _odd_key(self, frame: _Frame, event: Any, place: Place) -> None:
        """Say what is wrong with a key that stands twice, is missing or asks for a merge."""
        text, plain = event.value, not event.style
        if plain and text == "<<":
            self._fault(place, "merge keys ('<<') are not read", "the keys written out", "merge")
        elif plain and not text:
            self._fault(place, "a key is missing here", "'key: value'", "key")
        elif first := frame.keys.get(text):
            self._fault(place, f"key {quoted(text)} is written twice, first at {first}", "", "duplicate")

    def _enter(self, event: Any, *, is_mapping: bool) -> None:
        place = self.place(event.start_mark)
        before = self._nodes
        self._count(1, place)
        if len(self._open) > MAX_DEPTH:
            raise self._fatal(place, "the nesting is too deep", f"at most {MAX_DEPTH} levels")
        if event.tag is not None and event.tag not in ("!", f"{CORE}map" if is_mapping else f"{CORE}seq"):
            self._refuse_tag(event.tag, place)
        if event.anchor is not None:
            self._anchor(event.anchor, _Anchored(place, None))
        self._open.append(_Frame(place, is_mapping, event.anchor, before))

    def _leave(self) -> None:
        frame = self._open.pop()
        items = tuple(frame.items)
        node: Node = Mapping(items, frame.place) if frame.is_mapping else Sequence(items, frame.place)
        if frame.anchor is not None:
            size = self._nodes - frame.before
            self._anchors[frame.anchor] = _Anchored(frame.place, node, size, frame.height)
        self._attach(node, frame.height)

    def _alias(self, event: Any) -> None:
        name, place = event.anchor, self.place(event.start_mark)
        anchored = self._anchors.get(name)
        if anchored is None:
            suggestion = nearest(name, self._anchors) if len(self.found) < _MAX_SUGGESTIONS else None
            self._fault(place, f"no anchor {quoted(name)} stands above this alias", "", "alias", suggestion)
        elif anchored.node is None:
            self._fault(place, f"the alias {quoted(name)} stands inside what it names", "", "alias")
        if anchored is None or anchored.node is None:
            anchored = _Anchored(place, Scalar(None, place, "", "plain"))
        self._count(anchored.size, place)
        if len(self._open) - 1 + anchored.height > MAX_DEPTH:
            raise self._fatal(place, "the nesting of aliases is too deep", f"at most {MAX_DEPTH} levels")
        assert anchored.node is not None
        self._attach(anchored.node, anchored.height, place)

    def _anchor(self, name: str, anchored: _Anchored) -> None:
        if first := self._anchors.get(name):
            message = f"anchor {quoted(name)} is written twice, first at {first.place}"
            self._fault(anchored.place, message, "", "anchor")
        self._anchors[name] = anchored

    def _attach(self, node: Node, height: int, alias: Place | None = None) -> None:
        """Put a finished node, named by an alias or not, where it belongs."""
        frame = self._open[-1]
        frame.height = max(frame.height, height + 1)
        if not frame.is_mapping:
            frame.items.append(node)
        elif frame.key is None:
            frame.key, frame.key_place = "", alias or node.place
            self._fault(frame.key_place, "a key can only be text", "text before the ':'", "key")
        else:
            frame.items.append(Entry(frame.key, frame.key_place, node))
            frame.key = None

    def _count(self, nodes: int, place: Place) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise self._too_large(place)

    def _too_large(self, place: Place) -> FoedusError:
        expected = f"at most {MAX_NODES:,} values, aliases followed"
        return self._fatal(place, "the document is too large", expected)

    def _refuse_tag(self, tag: str, place: Place) -> None:
        self._fault(place, f"the tag {quoted(_shown(tag))} is not read", "the plain value", "tag")

    def _fault(
        self, place: Place, message: str, expected: str, code: str, suggestion: str | None = None
    ) -> None:
        """Note a fault and go on, unless there are too many already."""
        if len(self.found) >= MAX_FAULTS:
            raise self._fatal(place, f"more than {MAX_FAULTS:,} faults; the rest is not read")
        self.found.error(place, message, expected, suggestion or "", code)

    def _fatal(self, place: Place, message: str, expected: str = "") -> FoedusError:
        """Return the error that ends the reading: this limit passed, and all faults before it."""
        self.found.error(place, message, expected, code="limit")
        return FoedusError(self.found.errors)


def _shown(tag: str) -> str:
    """Return a tag as an author writes it."""
    return f"!!{tag.removeprefix(CORE)}" if tag.startswith(CORE) else tag
