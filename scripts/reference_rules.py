"""What the keys of a part ask of each other, in words: read from the rules that editors check with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

from sim.scenario.graded import Graded
from sim.scenario.keys import PartType
from sim.scenario.schema_rules import RULES

Schema = dict[str, Any]
_FORMS: Final = {"if", "then"}


def together(part: PartType) -> str:
    """Which keys need or exclude which, as a paragraph; "" if none does."""
    rules = [
        rule
        for owner in part.__mro__
        if owner is not Graded  # the grade is told of by itself
        for rule in RULES.get(owner.__name__, ())
    ]
    said = [*_choices(rules), *_needs(rules), *_exclusions(rules)]
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in dict.fromkeys(said))


def _choices(rules: list[Schema]) -> Iterator[str]:
    """One of several keys must be there."""
    for rule in rules:
        if set(rule) == {"anyOf"}:
            names = [name for one in rule["anyOf"] for name in one.get("required", ())]
            yield f"needs {_listed(names, 'or')}"


def _needs(rules: list[Schema]) -> Iterator[str]:
    for rule in rules:
        if set(rule) == _FORMS and (key := _key(rule["if"])):
            then = rule["then"]
            wanted = [_valued(name, then) for name in then.get("required", ())]
            if wanted:
                yield f"{key} needs {_listed(wanted, 'and')}"
            elif set(then) == {"anyOf"} and (names := [_only(one) for one in then["anyOf"]]) and all(names):
                yield f"{key} needs {_listed(names, 'or')}"


def _exclusions(rules: list[Schema]) -> Iterator[str]:
    """Keys of which each excludes all others are told of together, others one by one."""
    found: dict[str, list[str]] = {}
    for rule in rules:
        if set(rule) == _FORMS and (absent := _absent(rule["then"])):
            for key in rule["if"].get("required", ()):
                found.setdefault(key, []).extend(absent)
    pairs = {frozenset((key, other)) for key, others in found.items() for other in others}
    groups = [[*others, key] for key, others in found.items()]
    whole = [group for group in groups if all(frozenset(pair) in pairs for pair in combinations(group, 2))]
    told = [group for group in whole if not any(set(group) < set(other) for other in whole)]
    for group in told:
        yield f"{_listed(group, 'and')} exclude each other"
    for key, others in found.items():
        rest = [other for other in others if not any({key, other} <= set(group) for group in told)]
        if rest:
            yield f"`{key}` excludes {_listed(rest, 'and')}"


def _absent(then: Schema) -> list[str]:
    """Keys that may not be there, or not be true."""
    properties = then.get("properties", {})
    return [
        name for name, held in properties.items() if held.get("type") == "null" or held.get("const") is False
    ]


def _only(condition: Schema) -> str:
    """The key that a condition asks for, and nothing else of it; "" for other conditions."""
    asked = condition.get("required", ())
    free = all(held == {"not": {"type": "null"}} for held in condition.get("properties", {}).values())
    return asked[0] if set(condition) == {"required", "properties"} and len(asked) == 1 and free else ""


def _key(condition: Schema) -> str:
    asked = condition.get("required", ())
    known = set(condition) <= {"required", "properties"} and len(asked) == 1
    return f"`{_valued(asked[0], condition)}`" if known else ""


def _valued(name: str, condition: Schema) -> str:
    """The key, with the value that is asked of it if one is."""
    held = condition.get("properties", {}).get(name, {})
    if "const" not in held:
        return name
    value = held["const"]
    return f"{name}: {str(value).lower() if isinstance(value, bool) else value}"


def _listed(names: list[str], word: str) -> str:
    shown = [f"`{name}`" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}"
