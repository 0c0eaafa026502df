"""The canonical text of a document: one way to write what a file means, with its comments kept.

Two blanks a level; brackets kept where the author used them, if they fit a line of 110 columns and hold no
comments; quotes where the text would otherwise mean something else; comments at the ends of neighbouring
lines aligned; a blank line around each section of the file and at most one anywhere else. Keys come in the
order of a `Shape`, if one is given. Formatting twice gives the same text, and never another meaning: what
comes out is read again and compared before it is handed over.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from sim.text.diagnostics import FoedusError, Place
from sim.text.nodes import Node, to_plain
from sim.text.quoting import one_line
from sim.text.written import Alias, Collection, Document, Member, Text, Written, as_written, comments
from sim.text.yaml import parse_document

WIDTH: Final = 110
"""Columns that brackets and wrapped texts keep to. Comments and texts on one line may be longer."""
MARGIN: Final = 72
"""Comments at the ends of neighbouring lines are aligned up to this column."""
INDENT: Final = 2


@dataclass(frozen=True)
class Shape:
    """The order of keys in a mapping and in what is below it."""

    keys: tuple[str, ...] = ()
    """These come first, in this order; others follow as the author has them."""
    parts: Mapping[str, Shape] = field(default_factory=dict)
    """The shape of what stands under a key."""
    each: Shape | None = None
    """The shape of every other member."""

    def below(self, key: str | None) -> Shape:
        """The shape of a member."""
        found = self.each if key is None else self.parts.get(key, self.each)
        return found or _SHAPELESS


_SHAPELESS: Final = Shape()


def format_text(text: str, file: str = "text.yaml", shape: Shape | None = None) -> str:
    """The canonical text of a YAML document; `file` is its name in messages.

    Keys keep the author's order where the document has anchors, since an alias must stand below its anchor.

    Raises:
        FoedusError: if the text cannot be read, or cannot be written again with the same meaning.
    """
    wanted = _meaning(parse_document(text, file))
    document = as_written(text)
    made = written(document, shape)
    try:
        same = _meaning(parse_document(made, file)) == wanted
    except FoedusError:
        same = False
    if not same or Counter(comments(as_written(made))) != Counter(comments(document)):
        raise FoedusError.at(
            Place(file, 1, 1), "this file cannot be formatted without changing what it means", code="format"
        )
    return made


def meaning(text: str, file: str) -> str:
    """What a document means, as a text that two documents share if they mean the same."""
    return _meaning(parse_document(text, file))


def _meaning(root: Node) -> str:
    return json.dumps(to_plain(root), sort_keys=True)


def written(document: Document, shape: Shape | None = None) -> str:
    """The text of a document, whatever it means."""
    ordered = _SHAPELESS if document.has_anchors or shape is None else shape
    lines = [_Line(line) for line in document.head]
    root = document.root
    if isinstance(root, Collection) and root.members:
        lines += _block(root, ordered, WIDTH, sections=root.is_mapping)
    else:
        if isinstance(root, Collection):
            lines += [_Line(line) for line in root.tail]
        first, rest = _value(root, ordered, WIDTH, WIDTH)
        lines += [_Line(first), *_indented(rest)]
    lines += [_Line(line) for line in document.tail]
    return "\n".join(_finished(lines)) + "\n"


@dataclass(slots=True)
class _Line:
    text: str
    comment: str = ""
    is_kept: bool = False
    """Whether a blank line after it would belong to it: the last of a block with `+`."""
    is_content: bool = False
    """Whether it is a line of a block, even if blank."""


def _finished(lines: list[_Line]) -> Iterable[str]:
    """The lines as text: no blank line twice, at the start, at the end or where it would count."""
    kept: list[_Line] = []
    for line in lines:
        if not line.text and not line.is_content and (not kept or kept[-1].is_kept or kept[-1] is _BLANK):
            continue
        kept.append(line if line.text or line.is_content else _BLANK)
    while kept and kept[-1] is _BLANK:
        kept.pop()
    start = 0
    while start < len(kept):
        end = start + 1
        while kept[start].comment and end < len(kept) and kept[end].comment:
            end += 1
        yield from _aligned(kept[start:end])
        start = end


_BLANK: Final = _Line("")


def _aligned(lines: list[_Line]) -> Iterable[str]:
    """Neighbouring lines that end in comments, with these in one column."""
    column = max(len(line.text) for line in lines) + 2
    for line in lines:
        gap = column - len(line.text) if column <= MARGIN else 2
        yield line.text + " " * gap + line.comment if line.comment else line.text


def _indented(lines: Iterable[_Line]) -> list[_Line]:
    return [
        _Line(" " * INDENT + line.text if line.text else "", line.comment, line.is_kept, line.is_content)
        for line in lines
    ]


def _block(collection: Collection, shape: Shape, width: int, *, sections: bool = False) -> list[_Line]:
    """A collection over several lines, from column 1, `width` columns wide."""
    lines: list[_Line] = []
    was_section = False
    for member in _in_order(collection, shape):
        lead, own = _member(member, shape.below(member.key.text if member.key else None), width)
        is_section = sections and len(own) > 1 and not own[1].is_content
        if lines and (is_section or was_section):
            lines.append(_Line(""))
        elif not lines and lead[:1] == [""]:
            lead = lead[1:]
        lines += [_Line(line) for line in lead]
        lines += own
        was_section = is_section
    return lines + [_Line(line) for line in collection.tail]


def _in_order(collection: Collection, shape: Shape) -> list[Member]:
    if not collection.is_mapping:
        return collection.members
    place = {key: number for number, key in enumerate(shape.keys)}
    return sorted(
        collection.members,
        key=lambda member: place.get(member.key.text, len(place)) if member.key else 0,
    )


def _member(member: Member, shape: Shape, width: int) -> tuple[list[str], list[_Line]]:
    """The lines above a member, and its own."""
    head = "-" if member.key is None else f"{_scalar(member.key, in_brackets=False)}:"
    lead = [*member.lead, *member.beside[:-1]]
    comment = member.beside[-1] if member.beside else ""
    value = member.value
    if isinstance(value, Collection) and not value.members:
        lead += value.tail
    if member.key is None and isinstance(value, Collection) and not value.prefix:
        first, rest = _value(value, shape, width - INDENT, width - INDENT)
        if not first:
            return _compact(lead, comment, rest)
    first, rest = _value(value, shape, width - len(head) - 1, width - INDENT, is_item=member.key is None)
    return lead, [_Line(f"{head} {first}".rstrip(" "), comment), *_indented(rest)]


def _compact(lead: list[str], comment: str, lines: list[_Line]) -> tuple[list[str], list[_Line]]:
    """An item that begins on the line of its dash; what stood between the two stands above it."""
    above = [comment] if comment else []
    while not lines[0].text or lines[0].text.startswith("#"):
        above.append(lines.pop(0).text)
    first, *rest = _indented(lines)
    first.text = f"-{first.text[1:]}"
    return [*lead, *above], [first, *rest]


def _value(
    value: Written, shape: Shape, room: int, width: int, *, is_item: bool = False
) -> tuple[str, list[_Line]]:
    """What stands on the line of the key, within `room` columns if it can, and the lines below it."""
    if isinstance(value, Alias):
        return f"*{value.name}", []
    if isinstance(value, Text):
        return _text(value, room, width, is_item=is_item)
    if value.is_flow or not value.members:
        line = _flow(value, shape)
        if line is not None and (len(line) <= room or not value.members):
            return line, []
    return value.prefix, _block(value, shape, width)


def _text(text: Text, room: int, width: int, *, is_item: bool) -> tuple[str, list[_Line]]:
    if text.is_block:
        sign = "|" if text.style == "literal" else ">"
        first = next((line for line in text.lines if line), "")
        needs_indent = any(line.startswith(" ") for line in (*_leading_blank(text.lines), first))
        header = f"{text.prefix} {sign}{INDENT if needs_indent else ''}{text.chomping}".strip()
        return header, _content(text.lines, text.chomping == "+")
    line = _scalar(text, in_brackets=False)
    if text.wrapped and len(line) > room and _can_fold(text.text):
        return f"{text.prefix} >-".strip(), _content(_folded(text.text, width), kept=False)
    if not line and is_item:
        line = "null"
    return line, []


def _leading_blank(lines: tuple[str, ...]) -> tuple[str, ...]:
    count = next((number for number, line in enumerate(lines) if line.strip(" ")), len(lines))
    return lines[:count]


def _content(lines: Iterable[str], kept: bool) -> list[_Line]:
    made = [_Line(line, is_content=True) for line in lines]
    made[-1].is_kept = kept
    return made


def _can_fold(text: str) -> bool:
    """Whether a folded block gives this very text back."""
    return text.isprintable() and "  " not in text and text == text.strip(" ")


def _folded(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip(" ")
    return lines


def _flow(value: Written, shape: Shape) -> str | None:
    """A value in brackets, or None if it holds comments or what has no place there."""
    if isinstance(value, Alias):
        return f"*{value.name}"
    if isinstance(value, Text):
        return None if value.is_block else _scalar(value, in_brackets=True) or "null"
    if value.has_comments and value.members:
        return None
    parts = []
    for member in _in_order(value, shape):
        inner = _flow(member.value, shape.below(member.key.text if member.key else None))
        if inner is None:
            return None
        parts.append(inner if member.key is None else f"{_scalar(member.key, in_brackets=True)}: {inner}")
    inside = ", ".join(parts)
    if value.is_pair:
        return inside
    return f"{value.prefix} {f'{{{inside}}}' if value.is_mapping else f'[{inside}]'}".strip()


def _scalar(text: Text, *, in_brackets: bool) -> str:
    """A scalar on one line; empty for a null that is not written out."""
    if (text.style == "plain" and not text.wrapped) or "!!" in text.prefix:
        line = text.text if text.style == "plain" else json.dumps(text.text)
    else:
        line = one_line(text.text, in_brackets=in_brackets)
    return f"{text.prefix} {line}".strip()
