"""pydantic's errors in the words of the format, each at its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.layout import Location, keys_at, words_at
from sim.text import Diagnostic, Node, Place, Scalar, Sequence, locate, nearest, quoted
from sim.text.checking import described, one_of
from sim.text.scalars import MAX_DIGITS, resolve

MAX_FAULTS = 500
"""Faults listed; a file with more is wrong as a whole."""

_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number, or no such key",
    "bool_type": "true or false",
    "dict_type": "a mapping ('key: value' lines)",
    "model_type": "a mapping ('key: value' lines)",
    "tuple_type": "one item, or a list of them",
}
_EXAMPLES = {
    "foedus": "foedus: 1",
    "id": "id: NAME-OF-THE-SCENARIO",
    "title": "title: TEXT",
    "name": "name: TEXT",
    "clock": "clock: {start: 2024-07-01, turn: month, turns: 24}",
    "start": "start: 2024-07-01",
    "turn": "turn: month",
    "turns": "turns: 24",
    "actors": "actors: {PRK: {name: North Korea}}",
    "per": "per: year",
    "rate": "rate: NUMBER",
    "mean": "mean: NUMBER",
    "starts": "starts: NUMBER",
    "ends": "ends: NUMBER",
    "initial": "initial: NUMBER",
    "value": "value: EXPRESSION",
    "utility": "utility: EXPRESSION",
    "bias": "bias: NUMBER",
    "members": "members: [CHN, FRA]",
    "sponsor": "sponsor: USA",
    "body": "body: ID",
    "senders": "senders: [USA, JPN]",
    "targets": "targets: PRK",
    "exposure": "exposure: trade_share[target, self]",
    "measures": "measures: {trade: 0.5}",
    "severity": "severity: NUMBER",
    "gain": "gain: UTILITY",
    "impose": "impose: UTILITY",
    "penalise": "penalise: UTILITY",
    "cost": "cost: UTILITY",
    "half_life": "half_life: 1 year",
    "ceiling": "ceiling: NUMBER",
    "towards": "towards: NUMBER",
    "option": "option: ID",
    "every": "every: quarter",
    "temperature": "temperature: NUMBER",
    "options": "options: {ID: {utility: EXPRESSION}}",
    "of": "of: VARIABLE",
    "at": "at: 2024-07-01",
    "effect": "effect: VARIABLE += EXPRESSION",
}
_ACTOR_IDS = "capital letters, digits and underscores, such as PRK"
_IDS = "small letters, digits and underscores, such as trade_share"


def diagnostics(error: ValidationError, root: Node) -> Iterator[Diagnostic]:
    """One diagnostic for each thing that is wrong, up to `MAX_FAULTS`."""
    details = error.errors(include_url=False, include_input=False)
    for detail in islice(details, MAX_FAULTS):
        yield _diagnostic(detail, root)
    if len(details) > MAX_FAULTS:
        yield Diagnostic(
            _place(root, details[MAX_FAULTS]["loc"]),
            f"and {len(details) - MAX_FAULTS:,} faults more that are not listed",
            "a file of the scenario format",
            code="more",
        )


def _diagnostic(detail: ErrorDetails, root: Node) -> Diagnostic:
    location, kind = detail["loc"], detail["type"]
    context = detail.get("ctx", {})
    node = locate(root, location).node
    if kind == "foedus":
        path = (*location, *context["below"])
        place = locate(root, path).place if context["at_key"] else _place(root, path, context["offset"])
        return Diagnostic(place, context["text"], context["expected"], context["suggestion"], code="value")
    if kind == "missing":
        key = str(location[-1])
        return Diagnostic(
            _place(root, location[:-1]),
            f"key {quoted(key)} is missing",
            _EXAMPLES.get(key, f"{key}: ..."),
            code="missing",
        )
    if kind == "extra_forbidden":
        return _unknown_key(root, location)
    if location and location[-1] == "[key]":
        return _bad_key(root, location, context)
    what = f"{_named(root, location)} is {described(node)}"
    if kind == "literal_error":
        return _bad_word(root, location, what)
    if kind == "too_short":
        what, wanted = f"{_named(root, location)} is empty", f"at least {context['min_length']} entry"
        return Diagnostic(_place(root, location), what, wanted, code="value")
    expected, suggestion = _WANTED.get(kind) or _plain(detail), ""
    if isinstance(node, Scalar) and node.value is not None:
        if kind == "string_type":
            suggestion = f'"{node.text}"'
        elif kind == "string_pattern_mismatch":
            suggestion = _repaired(node.text, str(context["pattern"]))
        elif node.style != "plain" and not isinstance(resolve(node.text[:MAX_DIGITS]), str):
            expected += ", without quotes"
    return Diagnostic(_place(root, location), what, expected, suggestion, code="type")


def _place(root: Node, location: Location, offset: int = 0) -> Place:
    found = locate(root, location)
    if isinstance(found.node, Scalar):
        return found.node.place_at(offset)
    return found.place


def _named(root: Node, location: Location) -> str:
    """The key that a message is about, as the file has it: shorthands leave some keys out."""
    keys: list[str] = []
    item = ""
    for length, part in enumerate(location, 1):
        above, here = locate(root, location[: length - 1]).node, locate(root, location[:length]).node
        if here is above:
            continue
        if isinstance(part, int) and isinstance(above, Sequence):
            item = f"item {part + 1} of "
        else:
            keys.append(str(part))
            item = ""
    return item + (quoted(keys[-1]) if keys else "the file")


def _unknown_key(root: Node, location: Location) -> Diagnostic:
    known = keys_at(location[:-1])
    key = str(location[-1])
    expected, suggestion = one_of(known), nearest(key, known) or ""
    if torn := _torn(key):
        expected, suggestion = torn, ""
    return Diagnostic(
        locate(root, location).place, f"unknown key {quoted(key)}", expected, suggestion, code="unknown-key"
    )


def _bad_key(root: Node, location: Location, context: dict[str, Any]) -> Diagnostic:
    key = str(location[-2])
    place = locate(root, location[:-1]).place
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


def _bad_word(root: Node, location: Location, what: str) -> Diagnostic:
    words = words_at(location)
    node = locate(root, location).node
    text = node.text if isinstance(node, Scalar) else ""
    suggestion = "" if text in words else nearest(text, words) or ""
    expected = one_of(words)
    if text in words:
        expected = f"the number {text}, without quotes"
    elif location[-1] == "foedus":
        expected = "1, the version of the format"
    return Diagnostic(_place(root, location), what, expected, suggestion, code="value")


def _plain(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "greater_than_equal":
            return f"at least {context['ge']}"
        case "less_than_equal":
            return f"at most {context['le']:,}"
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
