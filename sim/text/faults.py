"""What pydantic finds wrong with a tree, in plain words, each finding at its place in the file.

Pydantic finds all faults of a tree at once and names them by path; the tree knows the place of every path.
Ledgers, cases and scenarios are all checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.text.checking import described, one_of
from sim.text.diagnostics import Diagnostic, Diagnostics, Place, quoted
from sim.text.layout import Layout
from sim.text.nearest import nearest
from sim.text.nodes import Node, PathOf, Scalar, Sequence, locate, to_plain
from sim.text.scalars import MAX_DIGITS, resolve

M = TypeVar("M", bound=BaseModel)

MAX_FAULTS: Final = 500
"""Faults listed; a file with more is wrong as a whole."""

_TRUTHS: Final = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
"""What others write for a truth value."""
_WANTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "list_type": "a list ('- item' lines or '[item, item]')",
    "tuple_type": "a list ('- item' lines or '[item, item]')",
    "dict_type": "a mapping ('key: value' lines)",
    "model_type": "a mapping ('key: value' lines)",
    "model_attributes_type": "a mapping ('key: value' lines)",
}
"""By kind of fault: what would have been right."""


@dataclass(frozen=True)
class Shape:
    """What a kind of file looks like, and how its messages name things."""

    layout: Layout
    whole: str = "this"
    """What the whole tree is called."""
    examples: Mapping[str, str] = field(default_factory=dict)
    """How a key that is missing may be written."""
    wanted: Mapping[str, str] = field(default_factory=dict)
    """By kind of fault, where the file asks for something else than others do."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What to say of a key that has one word only."""
    misplaced: Mapping[str, str] = field(default_factory=dict)
    """What to say of a key that other parts have."""
    many: str = "a file of the format"
    """What was expected in place of more faults than anyone reads."""


def checked(model: type[M], node: Node, found: Diagnostics) -> M | None:
    """Return `node` read as `model`, or None with all that is wrong with it added to `found`."""
    try:
        return model.model_validate(to_plain(node))
    except ValidationError as error:
        found.extend(told(error, node, Shape(Layout(model))))
        return None


def told(error: ValidationError, root: Node, shape: Shape) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that is wrong, up to `MAX_FAULTS`."""
    details = error.errors(include_url=False, include_input=False)
    teller = _Teller(root, shape)
    for detail in islice(details, MAX_FAULTS):
        yield teller.diagnostic(detail)
    if len(details) > MAX_FAULTS:
        yield Diagnostic(
            teller.place(details[MAX_FAULTS]["loc"]),
            f"and {len(details) - MAX_FAULTS:,} faults more that are not listed",
            shape.many,
            code="more",
        )


_ACTOR_IDS: Final = "capital letters, digits and underscores, such as PRK"
_IDS: Final = "small letters, digits and underscores, such as trade_share"


class _Teller:
    """Tells of the faults of one tree."""

    def __init__(self, root: Node, shape: Shape) -> None:
        self._root = root
        self._shape = shape

    def diagnostic(self, detail: ErrorDetails) -> Diagnostic:
        """One fault."""
        location, kind = detail["loc"], detail["type"]
        context = detail.get("ctx", {})
        node = locate(self._root, location).node
        if kind == "foedus":
            return self._refused((*location, *context["below"]), context)
        if kind == "missing":
            key = str(location[-1])
            return Diagnostic(
                self.place(location[:-1]),
                f"key {quoted(key)} is missing",
                self._shape.examples.get(key, f"{key}: ..."),
                code="missing",
            )
        if kind == "extra_forbidden":
            return self._unknown_key(location)
        if location and location[-1] == "[key]":
            return self._bad_key(location, context)
        what = f"{self._named(location)} is {described(node)}"
        if kind == "literal_error":
            return self._bad_word(location, what)
        if kind in ("too_short", "too_long") and not (kind == "too_long" and isinstance(node, Scalar)):
            return self._wrong_length(location, node, context)
        expected, suggestion = self._shape.wanted.get(kind) or _WANTED.get(kind) or _plain(detail), ""
        if isinstance(node, Scalar) and node.value is not None:
            if kind == "string_type":
                suggestion = f'"{node.text}"'
            elif kind == "bool_type":
                suggestion = _TRUTHS.get(node.text.casefold(), "")
            elif kind == "string_pattern_mismatch":
                suggestion = _repaired(node.text, str(context["pattern"]))
            elif node.style != "plain" and not isinstance(resolve(node.text[:MAX_DIGITS]), str):
                expected += ", without quotes"
        return Diagnostic(self.place(location), what, expected, suggestion, code="type")

    def _wrong_length(self, location: PathOf, node: Node, context: dict[str, Any]) -> Diagnostic:
        """A list or mapping with too few entries, or too many."""
        empty = not isinstance(node, Scalar) and not len(node)
        if "min_length" in context:
            what, limit, number = (
                "is empty" if empty else "has too few entries",
                "least",
                context["min_length"],
            )
        else:
            what, limit, number = "has too many entries", "most", context["max_length"]
        wanted = f"at {limit} {number} {'entry' if number == 1 else 'entries'}"
        return Diagnostic(self.place(location), f"{self._named(location)} {what}", wanted, code="value")

    def _refused(self, location: PathOf, context: dict[str, Any]) -> Diagnostic:
        """What one of our own validators refuses."""
        at_key = bool(context["at_key"])
        place = locate(self._root, location).place if at_key else self.place(location, context["offset"])
        return Diagnostic(place, context["text"], context["expected"], context["suggestion"], code="value")

    def place(self, location: PathOf, offset: int = 0) -> Place:
        """Where a value stands, or a character of it."""
        found = locate(self._root, location)
        if isinstance(found.node, Scalar):
            return found.node.place_at(offset)
        return found.place

    def _named(self, location: PathOf) -> str:
        """The key that a message is about, as the file has it: shorthands leave some keys out."""
        keys: list[str] = []
        item = ""
        for length, part in enumerate(location, 1):
            above = locate(self._root, location[: length - 1]).node
            if locate(self._root, location[:length]).node is above:
                continue
            if isinstance(part, int) and isinstance(above, Sequence):
                item = f"item {part + 1} of "
            else:
                keys.append(str(part))
                item = ""
        return item + (quoted(keys[-1]) if keys else self._shape.whole)

    def _unknown_key(self, location: PathOf) -> Diagnostic:
        known = self._shape.layout.keys_at(location[:-1])
        key = str(location[-1])
        expected, suggestion = one_of(known), nearest(key, known) or ""
        if other := _torn(key) or self._shape.misplaced.get(key):
            expected, suggestion = other, ""
        return Diagnostic(
            locate(self._root, location).place,
            f"unknown key {quoted(key)}",
            expected,
            suggestion,
            code="unknown-key",
        )

    def _bad_key(self, location: PathOf, context: dict[str, Any]) -> Diagnostic:
        key = str(location[-2])
        place = locate(self._root, location[:-1]).place
        if "expected" in context:  # one of a few words
            words = [word for word in re.findall(r"'([^']*)'", str(context["expected"])) if word]
            known, near = f"one of {', '.join(words)}", nearest(key, words) or ""
            return Diagnostic(place, f"unknown key {quoted(key)}", known, near, code="unknown-key")
        pattern = str(context.get("pattern", ""))
        if not pattern:
            return Diagnostic(
                place, f"{quoted(key)} is too long for an id", f"at most {context['max_length']} characters"
            )
        expected = _torn(key) or (_ACTOR_IDS if pattern.startswith("^[A-Z]") else _IDS)
        return Diagnostic(
            place, f"{quoted(key)} cannot be an id here", expected, _repaired(key, pattern), code="id"
        )

    def _bad_word(self, location: PathOf, what: str) -> Diagnostic:
        words = self._shape.layout.words_at(location)
        node = locate(self._root, location).node
        text = node.text if isinstance(node, Scalar) else ""
        suggestion = "" if text in words else nearest(text, words) or ""
        expected = one_of(words)
        if text in words:
            expected = f"the number {text}, without quotes"
        elif location[-1] in self._shape.words:
            expected = self._shape.words[str(location[-1])]
        return Diagnostic(self.place(location), what, expected, suggestion, code="value")


def _torn(key: str) -> str:
    """What to say of a key that is the rest of a value cut at a comma in { }."""
    if key.count(")") > key.count("(") or key.count("]") > key.count("["):
        return "quotes around the whole value before it: a comma parts entries in { }"
    return ""


def _repaired(text: str, pattern: str) -> str:
    """The nearest id that the pattern allows, or nothing."""
    if re.search(r"[^A-Za-z0-9 _-]", text):
        return ""
    flat = re.sub("[ _-]+", "-" if pattern.endswith("-]*$") and "_" not in pattern else "_", text.strip())
    tried = flat.upper() if pattern.startswith("^[A-Z]") else flat.lower()
    return tried if tried and re.match(pattern, tried) else ""


def _plain(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "greater_than_equal":
            return f"at least {context['ge']:,.10g}"
        case "less_than_equal":
            return f"at most {context['le']:,.10g}"
        case "string_pattern_mismatch":
            pattern = context["pattern"]
            if pattern.startswith("^[A-Z]"):
                return _ACTOR_IDS
            if pattern.startswith("^[A-Za-z"):
                return "letters, digits, hyphens and underscores"
            return "small letters, digits and hyphens" if "0-9-]" in pattern else _IDS
        case "string_too_short":
            return "some text"
        case "string_too_long" | "too_long":
            return f"at most {context['max_length']:,} characters"
    return detail["msg"][:1].lower() + detail["msg"][1:]
