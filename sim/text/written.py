"""A document as its author wrote it: comments, blank lines, styles, anchors. What a formatter needs to keep.

The tree of `sim.text.nodes` says what a file means; this one says how it looks, and can be changed and
written again (`sim.text.format`). Comments hang on what they speak of, so that they travel with it: a
comment on lines of its own belongs to what comes below it, one at the end of a line to what stands on that
line, and one indented deeper than what comes next to the part that ends there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from sim.text.composer import CORE, STYLES
from sim.text.nodes import Style
from sim.text.yaml import parse_document

_TEXT_TAGS: Final = frozenset({None, "!", f"{CORE}str"})
_COMMENT: Final = re.compile(r"#[^\r\n]*")
_HEADER: Final = re.compile(r"[|>]([-+0-9]*)[ \t]*(#.*)?")
_OPAQUE: Final = (yaml.ScalarToken, yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
_NOTHING_ELSE: Final = re.compile(r"(?:---|\.\.\.|%.*)?[ \t]*\Z")
"""What may stand before a comment that has its line for itself."""


@dataclass(slots=True)
class Text:
    """A scalar."""

    text: str
    """Its text without quotes, escapes or indentation; exactly as written if it was plain."""
    style: Style = "plain"
    prefix: str = ""
    """Its anchor and tag, such as `&a` or `!!float`."""
    wrapped: bool = False
    """Whether a plain or quoted one was written over several lines."""
    chomping: str = ""
    """`-` or `+` of a block."""
    lines: tuple[str, ...] = ()
    """The lines of a block, without their indentation."""

    @property
    def is_block(self) -> bool:
        return self.style in ("literal", "folded")


@dataclass(slots=True)
class Alias:
    name: str


@dataclass(slots=True)
class Member:
    """An item of a list (`key` is None) or an entry of a mapping."""

    key: Text | None
    value: Written
    lead: list[str] = field(default_factory=list)
    """Comments on the lines above, each with its `#`; an empty text stands for a blank line."""
    beside: list[str] = field(default_factory=list)
    """Comments at the end of its line; more than one where its parts stood on several lines."""


@dataclass(slots=True)
class Collection:
    """A mapping or a list."""

    is_mapping: bool
    is_flow: bool
    """Whether it was written in brackets."""
    members: list[Member] = field(default_factory=list)
    prefix: str = ""
    tail: list[str] = field(default_factory=list)
    """Comments after the last member, as in `Member.lead`."""
    is_pair: bool = False
    """Whether it is a pair written bare in a list in brackets: `[press: PRK]`."""
    has_comments: bool = False
    """Whether comments stand inside its brackets."""

    def member(self, key: str) -> Member | None:
        """The entry under `key`, or None."""
        return next(
            (member for member in self.members if member.key is not None and member.key.text == key), None
        )


Written = Text | Alias | Collection


@dataclass(slots=True)
class Document:
    root: Written
    head: list[str] = field(default_factory=list)
    """Comments at the very top, as in `Member.lead`."""
    tail: list[str] = field(default_factory=list)
    """Comments that belong to no member, written last."""
    has_anchors: bool = False


def written_document(text: str, file: str) -> Document:
    """The document as it is written; `file` is its name in messages.

    Raises:
        FoedusError: as `parse_document` does.
    """
    parse_document(text, file)
    return as_written(text)


def as_written(text: str) -> Document:
    """The document as it is written, of a text that `parse_document` accepts."""
    return _Reader(text.removeprefix("\ufeff")).document()


def comments(document: Document) -> Iterator[str]:
    """Every comment of the document, in no particular order."""
    yield from filter(None, (*document.head, *document.tail))
    waiting = [document.root]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Collection):
            yield from filter(None, here.tail)
            for member in here.members:
                yield from filter(None, (*member.lead, *member.beside))
                waiting.append(member.value)


@dataclass(slots=True, eq=False)
class _Spot:
    """Where a member begins, and in what."""

    member: Member
    start: int
    line: int
    column: int
    inside: _Extent
    holds: _Extent | None = None
    value_start: int = -1
    """Where a value that is no block begins."""


@dataclass(slots=True, eq=False)
class _Extent:
    """Where a collection stands; `end` is known for those in brackets only."""

    collection: Collection
    holder: _Spot | None
    start: int
    column: int
    end: int = -1


class _Reader:
    """Builds the tree from the parser's events, then hangs the comments on it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._spots: list[_Spot] = []
        """Every member, in the order of the text."""
        self._root: _Extent | None = None
        self._comments: list[tuple[int, str]] = []
        """Of each: its index in the text, and its own text."""
        self._kept: set[int] = set()
        """Lines of blocks whose blank lines at the end count."""
        self._anchored = False
        self._scan()
        self._parser = yaml.CSafeLoader(text)

    def document(self) -> Document:
        try:
            self._next()
            self._next()
            root = self._value(self._next(), None)
        finally:
            self._parser.dispose()
        document = Document(root, has_anchors=self._anchored)
        self._hang(document)
        return document

    def _scan(self) -> None:
        """Find the dashes, the scalars and, in what lies between the tokens, the comments."""
        scanner = yaml.CSafeLoader(self._text)
        dashes: list[Any] = []
        scalars: list[Any] = []
        begin = 0
        try:
            while (token := scanner.get_token()) is not None:
                start: Any = token.start_mark
                end: Any = token.end_mark
                if isinstance(token, yaml.BlockEntryToken):
                    dashes.append(start)
                elif isinstance(token, yaml.ScalarToken):
                    scalars.append(token)
                if isinstance(token, _OPAQUE):
                    self._comments_between(begin, start.index)
                    begin = end.index
        finally:
            scanner.dispose()
        self._comments_between(begin, len(self._text))
        self._dashes = iter(dashes)
        self._scalars = iter(scalars)

    def _comments_between(self, begin: int, end: int) -> None:
        """Outside names and values every `#` begins a comment."""
        for match in _COMMENT.finditer(self._text, begin, end):
            self._comments.append((match.start(), match[0].rstrip()))

    # The tree

    def _next(self) -> Any:
        return self._parser.get_event()

    def _value(self, event: Any, holder: _Spot | None) -> Written:
        if isinstance(event, yaml.AliasEvent):
            return Alias(str(event.anchor))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        return self._collection(event, holder)

    def _collection(self, event: Any, holder: _Spot | None) -> Collection:
        start, flow = event.start_mark, bool(event.flow_style)
        made = Collection(isinstance(event, yaml.MappingStartEvent), flow)
        made.is_pair = flow and start.index == event.end_mark.index
        if event.anchor is not None:
            made.prefix = f"&{event.anchor}"
            self._anchored = True
        extent = _Extent(made, holder, start.index, start.column)
        if holder is None:
            self._root = extent
        else:
            holder.holds = extent
        first = len(self._spots)
        while not isinstance(event := self._next(), yaml.CollectionEndEvent):
            self._member(extent, event)
        if flow:
            end: Any = event.end_mark
            extent.end = end.index
        elif made.members:
            extent.column = self._spots[first].column  # an anchor may stand on the line above
        return made

    def _member(self, extent: _Extent, event: Any) -> None:
        made = extent.collection
        mark = event.start_mark if made.is_mapping or made.is_flow else next(self._dashes)
        member = Member(None, Text(""))
        made.members.append(member)
        spot = _Spot(member, mark.index, mark.line, mark.column, extent)
        self._spots.append(spot)
        if made.is_mapping:
            member.key = self._scalar(event)
            event = self._next()
        if not isinstance(event, yaml.CollectionStartEvent) or event.flow_style:
            value_mark: Any = event.start_mark
            spot.value_start = value_mark.index
        member.value = self._value(event, spot)

    def _scalar(self, event: Any) -> Text:
        made = Text(event.value, STYLES[event.style])
        if event.anchor is not None:
            made.prefix = f"&{event.anchor}"
            self._anchored = True
        if event.style or event.value:
            token = next(self._scalars)
            made.wrapped = token.start_mark.line != token.end_mark.line
            if made.is_block:
                self._block(made, token.start_mark, token.end_mark)
        if event.tag not in _TEXT_TAGS:
            made.prefix = f"{made.prefix} !!{event.tag.removeprefix(CORE)}".strip()
            made.text = made.text or "null"
        elif event.tag is not None and made.style == "plain":
            made.style = "double"
        return made

    def _block(self, made: Text, first: Any, last: Any) -> None:
        header, *body = self._text[first.index : last.index].replace("\r", "").split("\n")
        match = _HEADER.match(header)
        assert match is not None
        made.chomping = match[1].strip("0123456789")
        if match[2]:
            self._comments.append((first.index + match.start(2), match[2].rstrip()))
        filled = next((line for line in body if line.strip(" ")), None)
        if filled is None:
            made.style = "double"  # blank lines alone: plainer in quotes
            return
        indent = _leading(filled) - _leading(made.text.lstrip("\n"))
        lines = [line[indent:] for line in body]
        while not lines[-1]:
            lines.pop()
        if made.chomping == "+":
            lines += [""] * (len(made.text) - len(made.text.rstrip("\n")) - 1)
            self._kept.update(range(first.line, last.line + (last.column > 0)))
        made.lines = tuple(lines)

    # The comments

    def _hang(self, document: Document) -> None:
        """Hang each comment on what it speaks of, and note the blank lines, in the order of the text."""
        self._comments.sort()
        waiting = 0
        for number, spot in enumerate(self._spots):
            while waiting < len(self._comments) and self._comments[waiting][0] < spot.start:
                self._hang_one(document, number, *self._comments[waiting])
                waiting += 1
            if not self._lines[spot.line][: spot.column].strip() and self._is_blank(spot.line - 1):
                (spot.member.lead if number else document.head).append("")
        for index, text in self._comments[waiting:]:
            self._hang_one(document, len(self._spots), index, text)

    def _hang_one(self, document: Document, following: int, index: int, text: str) -> None:
        """Hang the comment at `index`; `following` is the number of the first member after it."""
        before = self._spots[following - 1] if following else None
        after = self._spots[following] if following < len(self._spots) else None
        line = bisect_right(self._line_starts, index) - 1
        column = index - self._line_starts[line]
        around = list(self._around(before))
        brackets = [extent for extent in around if extent.start < index < extent.end]
        for extent in brackets:
            extent.collection.has_comments = True
        if not _NOTHING_ELSE.match(self._lines[line][:column]):
            _beside(document, before, index).append(text)
            return
        if before is not None and index < before.value_start:
            lines = before.member.lead
        elif brackets:
            inside = after is not None and after.start < brackets[0].end
            lines = after.member.lead if after and inside else brackets[0].collection.tail
        elif before is None:
            lines = document.head
        else:
            still_open = list(self._outwards(after))
            lines = _below(document, [extent for extent in around if extent not in still_open], after, column)
        if self._is_blank(line - 1):
            lines.append("")
        lines.append(text)

    def _is_blank(self, line: int) -> bool:
        return line >= 0 and not self._lines[line].strip() and line not in self._kept

    def _around(self, spot: _Spot | None) -> Iterator[_Extent]:
        """The collections that may still be open after a member began, innermost first."""
        if spot is None:
            if self._root is not None:
                yield self._root
            return
        if spot.holds is not None:
            yield spot.holds
        yield from self._outwards(spot)

    def _outwards(self, spot: _Spot | None) -> Iterator[_Extent]:
        """The collections that a member stands in, innermost first."""
        while spot is not None:
            yield spot.inside
            spot = spot.inside.holder


def _beside(document: Document, before: _Spot | None, index: int) -> list[str]:
    """Where a comment at the end of a line belongs: not inside brackets that are closed again."""
    if before is None:
        return document.head
    spot: _Spot | None = before
    while spot is not None and -1 < spot.inside.end <= index:
        spot = spot.inside.holder
    return document.tail if spot is None else spot.member.beside


def _below(document: Document, ended: list[_Extent], after: _Spot | None, column: int) -> list[str]:
    """Where a comment on a line of its own belongs; `ended` are the collections that end above it."""
    if after is None or column > after.column:
        for extent in ended:
            if extent.end < 0 and extent.column <= column:
                return extent.collection.tail
    return document.tail if after is None else after.member.lead


def _leading(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
